"""The arrest quota: filled from the known, the cheapest first (claims B07, B08, B10, B12)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import step
from amnok.draws import Key, draw, draw4
from amnok.engine.meetings import arrest_outer
from amnok.engine.state import FREE, State
from amnok.engine.tally import Tally
from amnok.mechanisms.quota import QUOTA_DRAW, cost_to_bring_in, quota_due
from amnok.mechanisms.roles import POLICE
from amnok.rules.distributions import normal_quantile
from amnok.vector_math import exp
from amnok.world import World
from amnok.world.places import OUTER

Costs = NDArray[np.float64]


class WantedList(NamedTuple):
    """Working memory: whom the police know of in a sector, what each would cost, and to rank it."""

    known: NDArray[np.int64]
    costs: Costs
    ranked: Costs


def wanted_list(world: World) -> WantedList:
    """Room for everyone on the outer side."""
    blocks = world.blocks
    number = int((blocks["outer_last"] - blocks["outer_first"]).sum())
    return WantedList(np.empty(number, dtype=np.int64), np.empty(number), np.empty(number))


@step
def fill_quotas(
    world: World, state: State, today: Tally, wanted_list: WantedList, key: Key, t: int
) -> None:
    """Each sector's police bring in as many as are due by today.

    What is left of less than one person is carried into the next month, so that small sectors fill
    their share over time; whole persons that could not be found are written off.
    """
    for sector in range(len(world.sectors)):
        progress = state.sectors[sector]
        if world.days[t].month_start:
            owed = max(0.0, progress.quota_asked - progress.quota_filled)
            progress.quota_carried = owed - int(owed)
            progress.quota_filled = 0.0
        progress.quota_asked = progress.quota_carried + arrests_due(world, today, t, sector)
        wanted = int(progress.quota_asked - progress.quota_filled)
        if wanted >= 1:
            bring_in(world, state, today, wanted_list, key, t, sector, wanted)


@step
def arrests_due(world: World, today: Tally, t: int, sector: int) -> float:
    """Arrests due in a sector by the end of the day, from the quota per 1,000 traders."""
    quota = world.rates[0].quota
    traders = 0.0
    for size in range(len(world.sizes)):
        people = today.people[sector, OUTER, size]
        traders += people.free + people.detained + people.imprisoned
    month = quota.arrests * traders / 1000.0
    month *= 1.0 + quota.boost * world.days[t].intensity[POLICE]
    return quota_due(month, world.days[t].month_share, quota.late_push)


@step
def outer_people(world: World, sector: int) -> tuple[int, int]:
    """First and last (exclusive) outer-side person of a sector; they lie in one stretch."""
    first, last = 0, 0
    for block in range(len(world.blocks)):
        if world.blocks[block].sector == sector:
            if last == 0:
                first = world.blocks[block].outer_first
            last = world.blocks[block].outer_last
    return first, last


@step
def list_known(state: State, known: NDArray[np.int64], t: int, first: int, last: int) -> int:
    """List those of the people first <= i < last who are free and known; returns how many."""
    status, known_until = state.status[first:last], state.known_until[first:last]
    count = 0
    for n in range(len(status)):
        known[count] = first + n
        count += (status[n] == FREE) & (t < known_until[n])
    return count


@step
def reckon_costs(
    world: World, state: State, key: Key, day: int, known: NDArray[np.int64], costs: Costs
) -> None:
    """What each of the known would cost to bring in today."""
    rates = world.rates[0]
    search_noise, premium = rates.quota.search_noise, rates.protection.premium
    for n in range(len(known)):
        costs[n] = draw(key, known[n], day, QUOTA_DRAW)
    for n in range(len(known)):
        costs[n] = exp(search_noise * normal_quantile(costs[n]))
    for n in range(len(known)):
        i = known[n]
        size_cost = world.sizes[world.traits[i].size_class].bring_in_cost
        costs[n] = cost_to_bring_in(size_cost, state.protected[i] != 0, premium, costs[n])


@step
def nth_smallest(values: Costs, n: int) -> float:
    """The value that n others come before, by quickselect (Hoare 1961); reorders `values`."""
    low, high = 0, len(values) - 1
    while low < high:
        pivot = values[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left += 1
                right -= 1
        if n <= right:
            high = right
        elif n >= left:
            low = left
        else:
            break
    return values[n]


@step
def bring_in(
    world: World,
    state: State,
    today: Tally,
    wanted_list: WantedList,
    key: Key,
    t: int,
    sector: int,
    wanted: int,
) -> None:
    """Arrest the cheapest of the known, as long as they are worth it to the police."""
    day = t - world.spin_up
    first, last = outer_people(world, sector)
    count = list_known(state, wanted_list.known, t, first, last)
    known, costs = wanted_list.known[:count], wanted_list.costs[:count]
    reckon_costs(world, state, key, day, known, costs)
    found = min(wanted, count)
    if found == 0:
        return
    # The dearest of those brought in; of equals, the first on the list are.
    ranked = wanted_list.ranked[:count]
    for n in range(count):
        ranked[n] = costs[n]
    dearest = nth_smallest(ranked, found - 1)
    equals = found
    for n in range(count):
        equals -= costs[n] < dearest
    for row in range(count):
        equals -= costs[row] == dearest
        is_found = costs[row] < dearest or (costs[row] == dearest and equals >= 0)
        if not is_found or costs[row] > world.rates[0].quota.highest_cost:
            continue
        _, u_prison, _, _ = draw4(key, known[row], day, QUOTA_DRAW)
        event = today.events[sector, POLICE, world.traits[known[row]].size_class]
        event.stops += 1
        event.detections += 1
        arrest_outer(world, state, today, key, t, sector, known[row], POLICE, u_prison)
        state.sectors[sector].quota_filled += 1.0
