"""Sources: who sees, who dares to call, how late the call comes (system 12, claim B02).

Each sector has sources on both banks, as many as its traders call for. A source calls at most once
a day, about one event of the rarest kind that it saw. A call may be traced while phones are
watched; a traced source falls silent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import step
from amnok.compiling.memory import stack_array
from amnok.draws import Key, draw, draw4
from amnok.engine.state import State
from amnok.engine.tally import Books, Tally
from amnok.mechanisms.phones import monitoring_level, noticed_chance
from amnok.mechanisms.reporting import (
    SOURCE_DRAW,
    dares_chance,
    delay_mean,
    sees_chance,
    visibility,
)
from amnok.mechanisms.roles import GUARD, PATROL, POLICE, SECURITY
from amnok.rules.distributions import exponential_days
from amnok.variables import REPORTED
from amnok.world import World
from amnok.world.places import INNER

N_KINDS = len(REPORTED)
LEAK_FOUND, GUARD_REMOVED, ARREST, QUESTIONING, SEARCH, HALT = range(N_KINDS)
_LONGEST_DELAY = 1e6  # mean days; what comes so late is never printed
_SEEN_OPTION = 16  # kinds seen are options from here on; option 0 is about the call


@step
def report(world: World, state: State, today: Tally, book: Books, key: Key, t: int) -> None:
    """Every source's day, in the order of the sources."""
    phones = world.rates[0].phones
    monitoring = monitoring_level(
        phones.monitoring_base, phones.monitoring_boost, world.days[t].intensity[POLICE]
    )
    seen = stack_array(N_KINDS, np.float64)
    for sector in range(len(world.sectors)):
        for side in range(2):
            traders = 0.0
            for size in range(len(world.sizes)):
                traders += world.traders[side, sector, size]
            each = visibility(world.rates[0].reporting.reach, traders)
            for kind in range(N_KINDS):
                seen[kind] = sees_chance(each, events_of_kind(today, sector, side, kind))
            place = sector * 2 + side
            for source in range(world.sources[place], world.sources[place + 1]):
                if t >= state.silent_until[source]:
                    kind = rarest_seen(seen, key, t - world.spin_up, source)
                    if kind >= 0:
                        call(world, state, today, book, key, t, place, source, kind, monitoring)


@step
def events_of_kind(today: Tally, sector: int, side: int, kind: int) -> int:
    """Events of one kind that could be seen today on one bank of a sector."""
    total = 0.0
    if side == INNER and kind == GUARD_REMOVED:
        total = today.sector[sector].guards_removed
    if side == INNER and kind == HALT:
        total = today.sector[sector].kept_home
    if side == INNER and kind == LEAK_FOUND:
        total = today.sector[sector].leak_cases
    for size in range(today.events.shape[2]):
        if side == INNER:
            event = today.events[sector, SECURITY, size]
            total += (kind == ARREST) * event.arrests + (kind == SEARCH) * event.stops
            total += (kind == ARREST) * today.events[sector, GUARD, size].arrests
        else:
            for role in (PATROL, POLICE):
                event = today.events[sector, role, size]
                total += (kind == ARREST) * event.arrests
                total += (kind == QUESTIONING) * event.questionings
    return int(total)


@step
def rarest_seen(chances: NDArray[np.float64], key: Key, day: int, source: int) -> int:
    """The first of REPORTED (the rarest first) that a source saw today, or -1."""
    seen = -1
    for kind in range(N_KINDS):
        if seen >= 0 or chances[kind] <= 0.0:
            continue  # most days most kinds do not happen, and draws cost time
        if draw(key, source, day, SOURCE_DRAW, _SEEN_OPTION + kind) < chances[kind]:
            seen = kind
    return seen


@step
def call(
    world: World,
    state: State,
    today: Tally,
    book: Books,
    key: Key,
    t: int,
    place: int,
    source: int,
    kind: int,
    monitoring: float,
) -> None:
    """One source that saw something: dare, call, and perhaps be traced."""
    reporting, day = world.rates[0].reporting, t - world.spin_up
    sector, side = place // 2, place % 2
    u_dare, u_delay, u_traced, u_event = draw4(key, source, day, SOURCE_DRAW)
    if u_dare < dares_chance(reporting.courage, reporting.fear, monitoring):
        mean = min(delay_mean(reporting.delay, reporting.slowdown, monitoring), _LONGEST_DELAY)
        if day >= 0:
            row = book.tip_count[0]
            book.tips[row, 0] = day
            book.tips[row, 1] = day + exponential_days(mean, u_delay)
            book.tips[row, 2] = sector
            book.tips[row, 3] = side
            book.tips[row, 4] = kind
            book.tips[row, 5] = source
            # A halt is one event for all whom it keeps at home.
            alike = 1 if kind == HALT else events_of_kind(today, sector, side, kind)
            book.tips[row, 6] = int(u_event * alike)
            book.tip_count[0] = row + 1
        if u_traced < noticed_chance(monitoring, reporting.call_traced):
            state.silent_until[source] = t + 1 + int(reporting.silent_days)
            today.sector[sector].sources_traced += 1
