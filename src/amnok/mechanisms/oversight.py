"""Watchers of watchers: guards exchanged, inspected and removed; police purged (claim R05-4)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw, draw4
from amnok.mechanisms.deeds import FREE, arrest_sought, day_in
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.mechanisms.roles import GUARD, INNER, OUTER
from amnok.quantity import Date, Days, Part, Probability, Share, SomeOrAll
from amnok.rules.distributions import probability
from amnok.rules.learning import per_trader
from amnok.variables import SECTOR, Count
from amnok.vector_math import exp, log1p

PURGE_DRAW = Decision(41, "PURGE", "an inspection follows a leak; a payer is arrested in a purge")
_SENDERS = 1000.0  # for so many, leaks are counted
_SECTOR_OPTION = 1  # keeps draws of sectors apart from those of persons


class Inspection(Part):
    """A dated inspection of those who stand guard, or a purge of the police."""

    label: str
    """What tables and charts call this inspection."""

    bank: Literal["inner", "outer"]
    """Whose officials are inspected: `inner` for border guards, `outer` for police who sell
    protection.
    """

    start: Date
    """First day of the inspection."""

    days: Days
    """How many days it lasts; rounded to whole days. Low: a visit; high: a campaign."""

    sectors: SomeOrAll = "all"
    """The sectors that are inspected, or `all`."""


class Oversight(Section):
    """Who watches those who stand guard: exchanges, inspections and purges, and what they do."""

    rotation_days: Days
    """Days between two exchanges of guards, on all their routes at once; rounded to whole days. At
    0 guards stay for good; low: nobody stays long enough to be trusted.
    """

    rotation_share: Share
    """Share of the guards that an exchange replaces. New ones are strict (`guards.strict_factor`)
    until they are used to the place (`guards.strict_days`). At 0 nobody is; at 1 all agreements
    start anew.
    """

    inspection_chance: Probability
    """Chance that leaks bring an inspection into their sector, from the next day on, if one for
    every 1,000 senders there is found. At 0 leaks have no such sequel; at 1 each has.
    """

    inspection_days: Days
    """Days for which an inspection after a leak stays in the sector; rounded to whole days. Low: it
    is soon gone; high: a leak ends the trade there for long.
    """

    honest_share: Share
    """Share of the guards who deal with nobody while an inspection of their bank is on: they bring
    in whoever comes. At 0 inspectors see nothing; at 1 nobody can be paid.
    """

    removed_share: Share
    """Share of the guards who lose their post as an inspection begins, for strict ones. At 0 none
    do; at 1 all agreements start anew.
    """

    foreseen: Share
    """How far senders reckon with an inspection that is on, beside what they learn by losses. At 0
    only losses teach them; at 1 they know what share of the guards cannot be paid.
    """

    payers_taken: Probability
    """Chance that a partner who pays the police for protection is arrested as a purge of the police
    begins, with those who were paid. Whoever is left has no protection while it lasts. At 0 payers
    only lose it; at 1 all are arrested.
    """

    inspections: dict[str, Inspection] = Field(default_factory=dict)
    """Dated inspections and purges, by name."""


@rule
def with_newcomers(strict: float, share: float) -> float:
    """Share of strict guards once a share of all is replaced: `s + share*(1 - s)`.

    Args:
        strict: share of strict guards before (0 to 1).
        share: share of the guards who are replaced, strict or not (0 to 1).

    Returns:
        Share of strict guards (0 to 1).

    Source: claims R05-4, R15-3; that all who are new are strict is an assumption.

    >>> with_newcomers(0.25, 0.5), with_newcomers(0.25, 1.0)
    (0.625, 1.0)
    """
    return probability(strict + share * (1.0 - strict))


@rule
def followed_up(chance: float, cases: float) -> float:
    """Chance that leaks bring an inspection: `1 - (1 - chance)**cases`.

    By their number for each sender, so that it does not matter where a sector ends.

    Args:
        chance: that one does (probability).
        cases: leaks found for every 1,000 senders (count).

    Returns:
        A probability.

    Source: claim R11-3; independence is an assumption.

    >>> followed_up(0.5, 2.0), followed_up(1.0, 1.0), followed_up(0.5, 0.0)
    (0.75, 1.0, 0.0)
    """
    if cases <= 0.0 or chance >= 1.0:
        return 1.0 if cases > 0.0 else 0.0
    return probability(1.0 - exp(cases * log1p(-chance)))


@rule
def is_exchange_day(day: int, interval: float) -> bool:
    """Whether guards are exchanged at the end of a day: every so many, counted from day 0.

    Args:
        day: of the period, below 0 in the spin-up.
        interval: days between two exchanges, rounded (days); below half a day there is none.

    Returns:
        True on the last day before an exchange.

    Source: assumption.

    >>> [is_exchange_day(day, 3.0) for day in (-1, 0, 1, 2, 3)], is_exchange_day(2, 0.0)
    ([True, False, False, True, False], False)
    """
    length = int(interval + 0.5)
    return length > 0 and (day + 1) % max(length, 1) == 0


@step
def is_inspected(world: Any, state: Any, t: int, sector: int) -> bool:
    """Whether the guards of a sector are under inspection: by its date, or, on the inner bank,
    after a leak."""
    bank = day_in(world, t, sector).bank[GUARD]
    after_a_leak = bank == INNER and t < state.sectors[sector].inspected_until
    return bool(world.inspected[t, bank, sector]) or after_a_leak


@step
def oversee(world: Any, state: Any, today: Any, key: Key, t: int) -> None:
    """The evening: exchanges, inspections that begin tomorrow, and the guards that these remove."""
    oversight, day = world.rates[0].oversight, t - world.spin_up
    tomorrow = min(t + 1, len(world.days) - 1)
    for sector in range(len(world.sectors)):
        was_on = is_inspected(world, state, t, sector)
        today.sector[sector].inspection_days += was_on
        senders = 0.0
        for size in range(len(world.sizes)):
            senders += world.traders[INNER, sector, size]
        cases = _SENDERS * per_trader(today.sector[sector].leak_cases, senders)
        chance = followed_up(oversight.inspection_chance, cases)
        if draw(key, sector, day, PURGE_DRAW, _SECTOR_OPTION) < chance:
            until = t + 1 + int(oversight.inspection_days + 0.5)
            state.sectors[sector].inspected_until = max(
                until, state.sectors[sector].inspected_until
            )
        begins = is_inspected(world, state, tomorrow, sector) and not was_on
        area = world.sectors[sector]
        for route in range(area.first_route, area.last_route):
            if world.routes[route].guarded:
                post = state.guards[route]
                if is_exchange_day(day, oversight.rotation_days):
                    post.strict = with_newcomers(post.strict, oversight.rotation_share)
                if begins:
                    post.strict = with_newcomers(post.strict, oversight.removed_share)


@step
def purge(world: Any, state: Any, tally: Any, key: Key, t: int, block: int) -> None:
    """A purge of the police: payers lose protection, and may be arrested as it begins."""
    first, last = world.stretches[block, OUTER, 0], world.stretches[block, OUTER, -1]
    if t == 0 or not world.inspected[t - 1, OUTER, world.blocks[block].sector]:
        for i in range(first, last):
            if state.protected[i] and state.status[i] == FREE:
                u_taken, u_prison, _, _ = draw4(key, i, t - world.spin_up, PURGE_DRAW)
                if u_taken < world.rates[0].oversight.payers_taken:
                    tally.sector[block].payers_purged += 1
                    arrest_sought(world, state, tally, key, t, block, i, u_prison)
    state.protected[first:last] = 0


def _off(scenario: Any) -> Values:
    """No exchanges, and inspections that change nothing."""
    section = scenario.section(Oversight)
    if section is None:
        return {}
    zero = ("rotation_share", "inspection_chance", "honest_share", "removed_share")
    off = [*zero, *(f"inspections.{name}.days" for name in section.inspections)]
    return {f"oversight.{name}": 0.0 for name in off}


MECHANISM = Mechanism(
    "oversight",
    Oversight,
    "Who watches those who stand guard: exchanges, inspections, purges.",
    shapes=("bribes", "arrests"),
    label="Watchers of watchers",
    claims="R05-4, R11-2, R11-3, R12-3, R15-3",
    contrasts=(Contrast("oversight", "Guards and police are watched", _off),),
    results=(
        Count(
            SECTOR,
            "inspection_days",
            "days",
            "Days under inspection",
            "On which the sector's guards were inspected, by date or after a leak.",
            needs=("guards",),
        ),
        Count(
            SECTOR,
            "payers_purged",
            "persons",
            "Payers arrested in a purge",
            "Partners who paid the police, as these were purged; arrests have them too.",
            needs=("protection",),
        ),
    ),
    keeps=("sectors.inspected_until",),
    draws=(PURGE_DRAW,),
)
