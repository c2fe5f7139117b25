"""River: what the water level and the ice do to a crossing (claim A11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from amnok.compiling import rule
from amnok.decisions import Decision
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values, setting
from amnok.quantity import Date, DayOfYear, Days, Index, Part, Ratio, SomeOrAll
from amnok.variables import WATER, Variable

RIVER_DRAW = Decision(15, "RIVER", "rain")


class RainEvent(Part):
    """A dated rise of the river on top of season and chance."""

    label: str
    """What tables, charts and maps call this rise of the river."""

    start: Date
    """First day on which the river is raised."""

    days: Days
    """How many days the river stays raised; rounded to whole days. Low: a short wave; high: weeks
    of high water.
    """

    height: Index
    """How far the water level rises on these days (1 is from low water to the bank). Low: crossing
    costs a little more; high: the routes are flooded and closed.
    """

    sectors: SomeOrAll = "all"
    """The sectors where the river rises, or `all`."""


class River(Section):
    """Water level (0 low, 1 the bank) from season and rain, and ice."""

    NEUTRAL: ClassVar[Mapping[str, float]] = {"ice_factor": 1.0}

    base_stage: Index
    """Water level outside the monsoon (0 is low water, 1 the bank), before rain moves it. Low:
    crossing is cheap for most of the year; high: it is expensive, or routes flood easily.
    """

    monsoon_peak: DayOfYear
    """Day of the year on which the seasonal rise is highest; it builds up and falls over about a
    month on either side. Low: early in the year; high: late.
    """

    monsoon_height: Index
    """How far the monsoon raises the water level at its peak. At 0 there is no season of high
    water; high: routes are flooded every summer.
    """

    rain_height: Index
    """How strongly rain moves the level from day to day: the standard deviation of a random rise
    and fall around season and base. At 0 the level is known in advance; high: floods come by
    chance.
    """

    rain_memory: Days
    """Days over which a rise by rain fades to about a third. Low: the level jumps from day to day;
    high: high water lasts for weeks.
    """

    stage_cost: Ratio
    """How much the cost of a crossing rises from low water to the bank, relative to its cost at low
    water. At 0 high water costs nothing until it floods the route; high: it deters before that.
    """

    ice_factor: Ratio
    """Cost of crossing on ice relative to crossing at low water. Below 1 ice makes crossing
    cheaper; above 1 more expensive.
    """

    events: dict[str, RainEvent] = Field(default_factory=dict)
    """Dated rises of the river on top of season and chance, by name."""


@rule
def crossing_cost(
    base: float, stage: float, stage_cost: float, frozen: bool, ice_factor: float
) -> float:
    """Cost of crossing: `base * ice_factor` on ice, else `base * (1 + stage_cost * max(stage, 0))`.

    Args:
        base: cost at low water (money, or a share of the goods' worth).
        stage: water level (index, 0 = low water, 1 = the bank).
        stage_cost: relative rise of the cost from low water to the bank (dimensionless).
        frozen: whether the river bears.
        ice_factor: cost on ice relative to usual water (dimensionless).

    Returns:
        Cost, in the unit of `base`.

    Source: claim A11; the linear form is an assumption.

    >>> crossing_cost(100.0, 0.5, 0.5, False, 0.75), crossing_cost(100.0, 0.5, 0.5, True, 0.75)
    (125.0, 75.0)
    """
    if frozen:
        return base * ice_factor
    return base * (1.0 + stage_cost * max(stage, 0.0))


@rule
def passable(stage: float, flood_stage: float, frozen: bool) -> bool:
    """Whether the river can be crossed: on ice, or below the flood stage.

    Args:
        stage: water level (index, 0 = low water, 1 = the bank).
        flood_stage: level from which nobody crosses (index).
        frozen: whether the river bears.

    Returns:
        True if it can.

    Source: claim A11; the threshold is an assumption.

    >>> passable(1.0, 2.5, False), passable(3.0, 2.5, False), passable(3.0, 2.5, True)
    (True, False, True)
    """
    return frozen or stage < flood_stage


def _always_passable(scenario: Any) -> Values:
    kinds = scenario.route_kinds.items()
    never = {
        f"route_kinds.{name}.flood_stage": 1000.0 for name, kind in kinds if kind.channel == "river"
    }
    return setting(never)(scenario)


MECHANISM = Mechanism(
    "river",
    River,
    "Water level of the river, and ice on it.",
    shapes=("crossings",),
    label="Water level, ice and crossing",
    claims="A11",
    contrasts=(Contrast("floods", "Floods close the river", _always_passable),),
    results=(
        Variable(
            WATER,
            "river_stage",
            "index",
            "Level of the river; 0 is low water, 1 the bank",
            "With the season and dated rises; above 1 is a flood.",
        ),
        Variable(
            WATER,
            "frozen",
            "1",
            "Whether the river is frozen",
            "1 between the sector's dates of freeze and thaw, else 0.",
        ),
    ),
    draws=(RIVER_DRAW,),
)
