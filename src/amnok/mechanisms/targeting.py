"""Campaigns that aim at traders by size: exemptions lifted, cases built (claims R04-1, R13-1)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw4
from amnok.mechanisms.deeds import FREE, arrest_sought
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.mechanisms.roles import OUTER, POLICE
from amnok.quantity import ArrestsPerMonth, Date, Days, Part, Share, SomeOrAll
from amnok.rules.calendar import DAYS_IN_MONTH
from amnok.rules.distributions import probability
from amnok.variables import ARREST, EVENTS, IMPRISON, OUTER_ARREST, STOP, Count

CASE_DRAW = Decision(42, "CASE", "arrested in a campaign that aims at a size; prison or not")


class Campaign(Part):
    """A dated campaign of the outer bank against traders of some sizes."""

    label: str
    """What tables and charts call this campaign."""

    start: Date
    """First day of the campaign."""

    days: Days
    """How many days it lasts; rounded to whole days. Low: a raid; high: a new policy."""

    sectors: SomeOrAll = "all"
    """The sectors where it is waged, or `all`."""

    sizes: dict[str, Share] = Field(min_length=1)
    """How hard it aims at traders of each size, by name of the size: the share of what spares them
    that is lifted. At 0 they are spared as ever; at 1 they are met and sought like anyone.
    """


class Targeting(Section):
    """Campaigns that can hit the large: whom they aim at, and how many cases they bring."""

    case_rate: ArrestsPerMonth
    """Arrests that a campaign brings for every 1,000 free traders of the outer bank and month, of a
    size that it aims at with share 1. The police take them from their homes, known before or not.
    At 0 a campaign only lifts exemptions; high: it takes most of the size.
    """

    campaigns: dict[str, Campaign] = Field(default_factory=dict)
    """Dated campaigns that aim at some sizes, by name."""


@rule
def case_chance(rate: float, aim: float) -> float:
    """Chance that a trader is arrested in a campaign on a day: `min(1, rate/1000/30 * aim)`.

    Args:
        rate: arrests for every 1,000 traders and month of 30 days (arrests).
        aim: how hard the campaign aims at this size (0 to 1).

    Returns:
        A probability per person and day.

    Source: claim R04-1; the product form is an assumption.

    >>> case_chance(300.0, 0.5)
    0.005
    """
    return probability(rate / 1000.0 / DAYS_IN_MONTH * aim)


@rule
def spared(by_size: float, aim: float) -> float:
    """What is left of what spares a size, an exemption or the cost of arrest: `x * (1 - aim)`.

    Args:
        by_size: exemption (probability), or cost of bringing someone in (dimensionless).
        aim: how hard a campaign aims at this size (0 to 1).

    Returns:
        The same, lowered.

    Source: claim R04-1; the product form is an assumption.

    >>> spared(0.8, 0.25), spared(0.8, 0.0)
    (0.6000000000000001, 0.8)
    """
    return by_size * (1.0 - aim)


@step
def bring_cases(world: Any, state: Any, tally: Any, key: Key, t: int, block: int) -> None:
    """The police take traders of the sizes that a campaign aims at, in the morning."""
    zone = world.sectors[world.blocks[block].sector].zone
    for size in range(len(world.sizes)):
        chance = case_chance(world.rates[0].targeting.case_rate, world.days[t, zone].aim[size])
        if chance <= 0.0:
            continue
        first, last = world.stretches[block, OUTER, size], world.stretches[block, OUTER, size + 1]
        for i in range(first, last):
            u_case, u_prison, _, _ = draw4(key, i, t - world.spin_up, CASE_DRAW)
            if state.status[i] == FREE and u_case < chance:
                tally.events[block, POLICE, size].cases += 1
                arrest_sought(world, state, tally, key, t, block, i, u_prison)


def _off(scenario: Any) -> Values:
    """Campaigns that aim at nobody."""
    section = scenario.section(Targeting)
    return {
        f"targeting.campaigns.{name}.sizes.{size}": 0.0
        for name, one in (section.campaigns.items() if section is not None else ())
        for size in one.sizes
    }


MECHANISM = Mechanism(
    "targeting",
    Targeting,
    "Campaigns of the outer bank that aim at traders by size.",
    shapes=("arrests",),
    label="Enforcement that can hit the large",
    claims="R04-1, R13-1",
    roles=("police",),
    does=(STOP, ARREST, OUTER_ARREST, IMPRISON),
    contrasts=(Contrast("targeting", "Campaigns aim by size", _off),),
    results=(
        Count(
            EVENTS,
            "cases",
            "persons",
            "Arrested in a campaign by size",
            "The part of arrests by the police that a campaign brings; not for the quota.",
            needs=(OUTER_ARREST,),
        ),
    ),
    draws=(CASE_DRAW,),
)
