"""What officials do to people and goods, whoever of them does it, and how it is booked.

And the day on which they do it, as it is where they are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from amnok.compiling import step
from amnok.decisions import RELEASE_DRAW
from amnok.draws import Key, draw
from amnok.mechanisms.roles import INNER, POLICE
from amnok.rules.distributions import exponential_days

FREE, DETAINED, IMPRISONED, GONE, AWAY = 0, 1, 2, 3, 4  # a person
NOTHING, PACKED = 0, 1  # of a person's goods; whoever has packed: PACKED and their direction
PASSED, TURNED_BACK, LOST = 0, 1, 2  # a consignment, after a meeting
_TERM_OPTION = 1  # keeps the length of a term apart from what happens on release


class Trip(NamedTuple):
    """Who is on the way with what; `local` is the route's place within its sector.

    `lane` is where the draws of the day's meetings lie.
    """

    block: int
    local: int
    lane: int
    i: int
    partner: int
    size: int
    partner_size: int
    g: int
    leaks: int


@step
def day_in(world: Any, t: int, sector: int) -> Any:
    """What a day brings to a sector: orders, halts and campaigns as they hold there."""
    return world.days[t, world.sectors[sector].zone]


@step
def stopped_size(day: Any, role: int, trip: Trip) -> int:
    """Size of the person whom officials of a role stop: the sender on the inner bank."""
    return trip.size if day.bank[role] == INNER else trip.partner_size


@step
def detain(state: Any, key: Key, t: int, day: int, i: int, status: int, days: float) -> None:
    """Detain or imprison a person for an exponential time of so many days, at least one."""
    term = 1 + exponential_days(days, draw(key, i, day, RELEASE_DRAW, _TERM_OPTION))
    state.status[i] = status
    state.until[i] = t + term
    state.arrests[i] += day >= 0


@step
def seize(tally: Any, block: int, role: int, size: int, planned: Any) -> None:
    """Book goods taken by an agency."""
    event = tally.events[block, role, size]
    event.items_seized += planned.items
    event.value_seized += planned.worth


@step
def note(rates: Any, state: Any, t: int, person: int) -> None:
    """The outer police know of a trader from now on, for a while."""
    state.known_until[person] = t + int(rates.phones.known_days)


@step
def frighten(rates: Any, state: Any, t: int, person: int) -> None:
    """A trader who was questioned lies low from tomorrow on: today's trip is already arranged."""
    state.low_until[person] = t + 1 + int(rates.phones.lie_low_days)


@step
def arrest_outer(
    world: Any,
    state: Any,
    tally: Any,
    key: Key,
    t: int,
    block: int,
    person: int,
    role: int,
    u_prison: float,
) -> None:
    """Arrest an outer-side trader: mostly days of detention, rarely prison (claim B03)."""
    quota, day = world.rates[0].quota, t - world.spin_up
    size = int(world.traits[person].size_class)
    event = tally.events[block, role, size]
    event.arrests += 1
    paying = 1 if state.protected[person] else 0
    tally.partners[block, size, paying].partner_arrests += 1
    if u_prison < quota.prison_share:
        event.imprisonments += 1
        detain(state, key, t, day, person, IMPRISONED, quota.prison_days)
    else:
        detain(state, key, t, day, person, DETAINED, quota.detention_days)


@step
def arrest_sought(
    world: Any, state: Any, tally: Any, key: Key, t: int, block: int, person: int, u_prison: float
) -> None:
    """The outer police come for a trader whom they know where to find, and arrest them."""
    event = tally.events[block, POLICE, int(world.traits[person].size_class)]
    event.stops += 1
    event.detections += 1
    arrest_outer(world, state, tally, key, t, block, person, POLICE, u_prison)
