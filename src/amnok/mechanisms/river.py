"""The river: water level, rain and ice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.quantity import Date, DayOfYear, Days, Index, Part, Ratio


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

    sectors: tuple[str, ...] | Literal["all"] = "all"
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


def _always_passable(scenario: Any) -> Values:
    kinds = scenario.route_kinds.items()
    return {
        f"route_kinds.{name}.flood_stage": 1000.0 for name, kind in kinds if kind.channel == "river"
    }


MECHANISM = Mechanism(
    "river",
    River,
    "Water level of the river, and ice on it.",
    contrasts=(Contrast("floods", "Floods close the river", "P05", _always_passable),),
)
