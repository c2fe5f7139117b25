"""Quotas: how many must be brought in, and who is cheapest (claims B07, B08, B10, B12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from amnok.compiling import Later, rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw4
from amnok.mechanisms.deeds import FREE, arrest_sought, day_in
from amnok.mechanisms.form import Mechanism, Section
from amnok.mechanisms.roles import OUTER, POLICE
from amnok.mechanisms.targeting import spared
from amnok.quantity import ArrestsPerMonth, Days, Probability, Ratio, Share, StandardDeviations
from amnok.rules.distributions import probability
from amnok.variables import ARREST, IMPRISON, OUTER_ARREST, STOP

QUOTA_DRAW = Decision(14, "QUOTA", "prison or not")


if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")


class Quota(Section):
    """The outer police's arrest quota, filled from the known, the cheapest to bring in first."""

    arrests: ArrestsPerMonth
    """Arrests that the outer police of a sector are asked for each month, per 1,000 traders there.
    At 0 there is no quota; high: more are asked for than the police know of.
    """

    boost: Ratio
    """How much an order of intensity 1 to the police raises the quota, relative to its usual size:
    3 makes it four times as high. Low: the quota is the same all year; high: nearly all arrests
    come under an order.
    """

    late_push: Share
    """How far arrests are put off to the end of the month. At 0 they come evenly; at 1 they grow
    with the square of the time gone, three quarters of them in the second half.
    """

    search_noise: StandardDeviations
    """How much the cost of arresting one person differs for good from that of others like them
    (standard deviation of its logarithm): some are well hidden or well connected. Low: always the
    smallest are taken; high: who one is matters more than size.
    """

    highest_cost: Ratio
    """Highest cost at which the police still arrest a person for the quota, relative to an
    unprotected pedlar (1). Low: the quota stays unfilled rather than touch the large; high: nobody
    is safe by cost.
    """

    detention_days: Days
    """Mean days in detention of a trader arrested on the outer bank, by police or patrols. Low:
    they are soon back; high: partners are missing for long.
    """

    prison_share: Probability
    """Chance that an arrest on the outer bank ends in prison rather than in detention. Low: prison
    is rare; high: it is the rule.
    """

    prison_days: Days
    """Mean days in prison after an arrest on the outer bank. Low: they come back within the period;
    high: they are gone for all of it.
    """


@rule
def quota_due(quota: float, month_share: float, late_push: float) -> float:
    """How much of a month's quota is due by now: `quota * (x + push*x*(x - 1))`.

    A push above 0 leaves more for the second half; the whole quota is due at the month's end.

    Args:
        quota: persons to bring in over the month.
        month_share: share x of the month gone, held within 0 to 1.
        late_push: how much is put off (0 = even, 1 = as the square of x).

    Returns:
        Persons due by now, from 0 to `quota`, never falling within a month.

    Source: claim B08; auerbach2018 for the fuller second half. The form is an assumption.

    >>> quota_due(10.0, 0.5, 0.0), quota_due(10.0, 0.5, 1.0), quota_due(10.0, 1.0, 1.0)
    (5.0, 2.5, 10.0)
    """
    x = probability(month_share)
    return quota * (x + late_push * x * (x - 1.0))


@rule
def cost_to_bring_in(
    size_cost: float, is_protected: bool, protection_premium: float, noise: float
) -> float:
    """What it costs an agency to bring a person in: `size_cost * (1 + premium) * noise`.

    The premium stands only for those who pay for protection. Cheapest first fills the quota.

    Args:
        size_cost: cost for one of this size (dimensionless, pedlar = 1).
        is_protected: whether the person pays for protection.
        protection_premium: how much dearer that makes a person (dimensionless).
        noise: what sets one person apart from the next, for good (dimensionless, mean about 1).

    Returns:
        Cost (dimensionless).

    Source: claims B07, B10, B11; the product form is an assumption.

    >>> cost_to_bring_in(2.0, True, 3.0, 1.0), cost_to_bring_in(2.0, False, 3.0, 1.0)
    (8.0, 2.0)
    """
    if is_protected:
        return size_cost * (1.0 + protection_premium) * noise
    return size_cost * noise


class WantedList(NamedTuple):
    """Working memory: whom the police know of in a sector, what each would cost, and the least."""

    known: Any
    costs: Any
    cheapest: Any


def wanted_list(world: Any) -> WantedList:
    """Room for everyone on the outer side."""
    blocks = world.blocks
    number = int((blocks["outer_last"] - blocks["outer_first"]).sum())
    return WantedList(np.empty(number, dtype=np.int64), np.empty(number), np.empty(number))


@step
def fill_quotas(
    world: Any, state: Any, today: Any, wanted_list: WantedList, key: Key, t: int
) -> None:
    """Each sector's police bring in as many as are due by today.

    What is left of less than one person is carried into the next month, so that small sectors fill
    their share over time; whole persons that could not be found are written off.
    """
    for sector in range(len(world.sectors)):
        progress = state.sectors[sector]
        if world.days[t, 0].month_start:
            owed = max(0.0, progress.quota_asked - progress.quota_filled)
            progress.quota_carried = owed - int(owed)
            progress.quota_filled = 0.0
        progress.quota_asked = progress.quota_carried + arrests_due(world, today, t, sector)
        wanted = int(progress.quota_asked - progress.quota_filled)
        if wanted >= 1:
            bring_in(world, state, today, wanted_list, key, t, sector, wanted)


@step
def arrests_due(world: Any, today: Any, t: int, sector: int) -> float:
    """Arrests due in a sector by the end of the day, from the quota per 1,000 traders."""
    quota = world.rates[0].quota
    traders = 0.0
    for size in range(len(world.sizes)):
        people = today.people[sector, OUTER, size]
        traders += people.free + people.detained + people.imprisoned
    month = quota.arrests * traders / 1000.0
    day = day_in(world, t, sector)
    month *= max(0.0, 1.0 + quota.boost * day.intensity[POLICE])
    return quota_due(month, day.month_share, quota.late_push)


@step
def outer_people(world: Any, sector: int) -> tuple[int, int]:
    """First and last (exclusive) outer-side person of a sector; they lie in one stretch."""
    first, last = 0, 0
    for block in range(len(world.blocks)):
        if world.blocks[block].sector == sector:
            if last == 0:
                first = world.blocks[block].outer_first
            last = world.blocks[block].outer_last
    return first, last


@step
def list_known(state: Any, known: Any, t: int, first: int, last: int) -> int:
    """List those of the people first <= i < last who are free and known; returns how many."""
    status, known_until = state.status[first:last], state.known_until[first:last]
    count = 0
    for n in range(len(status)):
        known[count] = first + n
        count += (status[n] == FREE) & (t < known_until[n])
    return count


@step
def reckon_costs(world: Any, state: Any, known: Any, costs: Any, t: int, sector: int) -> None:
    """What each of the known of a sector would cost to bring in."""
    aim = day_in(world, t, sector).aim
    premium = world.rates[0].protection.premium
    for n in range(len(known)):
        i, traits = known[n], world.traits[known[n]]
        size, noise = traits.size_class, float(traits.found_at)
        size_cost = spared(world.sizes[size].bring_in_cost, aim[size])
        costs[n] = cost_to_bring_in(size_cost, state.protected[i] != 0, premium, noise)


@step
def keep_smallest(values: Any, heap: Any) -> None:
    """Fill `heap` with as many of the smallest values as it has room for, the largest of them
    first: a heap (Williams 1964), as few are kept of many."""
    for n in range(len(heap)):
        heap[n] = values[n]
    for n in range(len(heap) // 2 - 1, -1, -1):
        sift_down(heap, n)
    for n in range(len(heap), len(values)):
        if values[n] < heap[0]:
            heap[0] = values[n]
            sift_down(heap, 0)


@step
def sift_down(heap: Any, parent: int) -> None:
    """Let an entry change places with the larger of the two below it, until none is larger."""
    child = 2 * parent + 1
    while child < len(heap):
        if child + 1 < len(heap) and heap[child + 1] > heap[child]:
            child += 1
        if heap[parent] >= heap[child]:
            break
        heap[parent], heap[child] = heap[child], heap[parent]
        parent, child = child, 2 * child + 1


@step
def bring_in(
    world: Any,
    state: Any,
    today: Any,
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
    reckon_costs(world, state, known, costs, t, sector)
    found = min(wanted, count)
    if found == 0:
        return
    # The dearest of those brought in; of equals, the first on the list are.
    cheapest = wanted_list.cheapest[:found]
    keep_smallest(costs, cheapest)
    dearest = cheapest[0]
    equals = found
    for n in range(count):
        equals -= costs[n] < dearest
    for row in range(count):
        equals -= costs[row] == dearest
        is_found = costs[row] < dearest or (costs[row] == dearest and equals >= 0)
        if not is_found or costs[row] > world.rates[0].quota.highest_cost:
            continue
        _, u_prison, _, _ = draw4(key, known[row], day, QUOTA_DRAW)
        arrest_sought(world, state, today, key, t, sector, known[row], u_prison)
        state.sectors[sector].quota_filled += 1.0


MECHANISM = Mechanism(
    "quota",
    Quota,
    "The arrest quota of the outer police, and terms of arrest there.",
    shapes=("arrests",),
    label="Quotas and whom they fall on",
    claims="B07, B08, B10, B12",
    roles=("police",),
    does=(STOP, ARREST, OUTER_ARREST, IMPRISON),
    draws=(QUOTA_DRAW,),
    keeps=("sectors.quota_filled", "sectors.quota_asked", "sectors.quota_carried"),
)
