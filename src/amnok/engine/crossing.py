"""One block's day: people come free, plan, and those who ship meet the border.

Nothing outside the block changes here, so blocks can run side by side.
"""

from __future__ import annotations

from amnok.compiling import kernel, step
from amnok.draws import Decision, Key, draw, draw4
from amnok.elementary import exp
from amnok.engine.meetings import (
    PASSED,
    TURNED_BACK,
    Trip,
    call_partner,
    meet_customs,
    meet_guard,
    meet_patrol,
    meet_security,
    open_file,
)
from amnok.engine.planning import BLOCKED, STAY, Plan, plan
from amnok.engine.state import DETAINED, FREE, GONE, IMPRISONED, State
from amnok.engine.tally import Tally
from amnok.rules.calendar import kept_home
from amnok.rules.chance import binomial, normal_quantile
from amnok.rules.protection import buys_protection
from amnok.rules.search import investigation_chance
from amnok.world import World
from amnok.world.days import SECURITY
from amnok.world.places import CUSTOMS, INNER, RIVER

DAYS_IN_MONTH = 30.0
_NOTHING, _EXPORT, _IMPORT = 0, 1, 2  # what waits


@kernel
def run_blocks(
    world: World, state: State, tally: Tally, key: Key, t: int, first: int, last: int
) -> None:
    """The day of the blocks first <= b < last: the outer side first, as trips need partners."""
    for block in range(first, last):
        area = world.blocks[block]
        for i in range(area.outer_first, area.outer_last):
            outer_morning(world, state, tally, key, t, block, i)
        for i in range(area.inner_first, area.inner_last):
            if come_free(world, state, key, t, i):
                inner_day(world, state, tally, key, t, block, i)
        count_people(world, state, tally, t, block)


@step
def come_free(world: World, state: State, key: Key, t: int, i: int) -> bool:
    """Whether a person is free today; those whose time is up come back, or never trade again."""
    trader = state.traders[i]
    if (trader.status == DETAINED or trader.status == IMPRISONED) and t >= trader.until:
        returns = draw(key, i, t - world.spin_up, Decision.RELEASE)
        trader.status = FREE if returns < world.rates[0].traders.return_share else GONE
    return trader.status == FREE


@step
def outer_morning(
    world: World, state: State, tally: Tally, key: Key, t: int, block: int, i: int
) -> None:
    """Release, and on the first of the month the choice to pay for protection (claim B11)."""
    trader, traits = state.traders[i], world.traits[i]
    trader.taken = 0
    free = come_free(world, state, key, t, i)
    if free and world.days[t].month_start and traits.protection_access:
        size, effect = world.sizes[traits.size_class], world.rates[0].protection.effect
        daily = state.sector_risk[traits.sector, traits.size_class].arrest_belief
        risk = min(1.0, DAYS_IN_MONTH * daily * float(traits.caution))
        trader.protected = buys_protection(risk, size.arrest_loss, effect, size.protection_fee)
        if trader.protected:
            trader.cash -= size.protection_fee
            tally.bribes[block, traits.size_class].police += size.protection_fee
    if free:
        group = 1 if trader.protected else 0
        tally.protection[block, group].free_days += 1


@step
def inner_day(
    world: World, state: State, tally: Tally, key: Key, t: int, block: int, i: int
) -> None:
    """A free trader's day: perhaps watched, perhaps with goods packed, perhaps on the way."""
    trader, traits = state.traders[i], world.traits[i]
    size, police = world.sizes[traits.size_class], world.rates[0].security_police
    u_ready, u_watch, u_direction, u_items = draw4(key, i, t - world.spin_up, Decision.OPPORTUNITY)
    if u_watch < investigation_chance(
        police.watch_base, police.watch_boost, world.days[t].intensity[SECURITY]
    ):
        open_file(world, state, tally, t, block, i)
    direction = int(trader.waiting)
    if direction == _NOTHING:
        direction = _IMPORT if u_direction < size.import_share else _EXPORT
    g = int(traits.import_goods) if direction == _IMPORT else int(traits.export_goods)
    if g >= 0 and (trader.waiting != _NOTHING or u_ready < size.shipping_rate * world.season[t, g]):
        trader.waiting = direction
        base_items = size.items * exp(size.items_spread * normal_quantile(u_items))
        try_to_ship(world, state, tally, key, t, block, i, g, base_items)


@step
def try_to_ship(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    block: int,
    i: int,
    g: int,
    base_items: float,
) -> None:
    """Packed goods go out unless a halt, a missing partner or the river keeps them waiting."""
    halt = world.days[t].halt
    partner = free_partner(world, state, t, i)
    if halt > 0.0 and kept_home(halt, draw(key, i, t - world.spin_up, Decision.HALT)):
        tally.sector[block].kept_home += 1
    elif partner < 0:
        tally.sector[block].no_partner += 1
    else:
        planned = plan(world, state, key, t, i, g, base_items)
        if planned.route == BLOCKED:
            tally.sector[block].no_passage += 1
        else:
            state.traders[i].waiting = _NOTHING
            if planned.route != STAY:
                ship(world, state, tally, key, t, block, i, partner, g, planned)


@step
def free_partner(world: World, state: State, t: int, i: int) -> int:
    """The standing partner, else the second one, if free and not yet busy today; -1 if neither."""
    traits = world.traits[i]
    chosen = -1
    for choice in range(2):
        candidate = int(traits.partner) if choice == 0 else int(traits.second)
        if chosen < 0 and candidate >= 0:
            partner = state.traders[candidate]
            capacity = world.sizes[world.traits[candidate].size_class].capacity
            if partner.status == FREE and t >= partner.low_until and partner.taken < capacity:
                chosen = candidate
    return chosen


@step
def ship(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    block: int,
    i: int,
    partner: int,
    g: int,
    planned: Plan,
) -> None:
    """Pack, call, set out, meet whoever is there, and settle."""
    traits = world.traits[i]
    local = planned.route - world.sectors[traits.sector].first_route
    removed, leaks = pack(world, key, t, i, g, planned)
    trip = Trip(
        block,
        local,
        i,
        partner,
        int(traits.size_class),
        int(world.traits[partner].size_class),
        g,
        leaks,
    )
    state.traders[partner].taken = min(int(state.traders[partner].taken) + 1, 255)
    book_attempt(world, state, tally, trip, planned, removed)
    call_partner(world, state, tally, key, t, trip)
    outcome = cross(world, state, tally, key, t, trip, planned)
    if outcome == PASSED:
        settle_crossing(world, state, tally, trip, planned)
    elif outcome == TURNED_BACK:
        # The goods stay with the sender, who tries again.
        state.traders[i].waiting = _IMPORT if world.goods[g].is_import else _EXPORT
        flow = tally.flow[block, local, trip.size]
        flow.items_turned_back += planned.items
        flow.leaks_held += leaks
    else:
        settle_loss(world, state, tally, t, trip, planned)


@step
def pack(world: World, key: Key, t: int, i: int, g: int, planned: Plan) -> tuple[int, int]:
    """Leaks removed by the check, and leaks left in the consignment."""
    u_checked, u_removed, u_rest, _ = draw4(key, i, t - world.spin_up, Decision.PACKING)
    rate = world.goods[g].leak_rate
    among_checked = binomial(planned.checked, rate, u_checked)
    removed = binomial(among_checked, world.rates[0].self_inspection.effectiveness, u_removed)
    rest = binomial(planned.items - planned.checked, rate, u_rest)
    return removed, among_checked - removed + rest


@step
def book_attempt(
    world: World, state: State, tally: Tally, trip: Trip, planned: Plan, removed: int
) -> None:
    """Book what sets out."""
    hours = planned.checked * world.goods[trip.g].minutes / 60.0
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.attempts += 1
    flow.items_attempted += planned.items
    flow.items_checked += planned.checked
    flow.checking_hours += hours
    flow.leaks_packed += trip.leaks + removed
    flow.leaks_removed += removed
    goods = tally.goods[trip.block, trip.g]
    goods.consignments += 1
    goods.items_attempted += planned.items
    goods.items_checked += planned.checked
    goods.checking_hours += hours
    paying = 1 if state.traders[trip.partner].protected else 0
    tally.protection[trip.block, paying].consignments += 1
    if not world.goods[trip.g].is_import:
        # Only what goes out can leak, so only that shows who looks through their goods.
        ever = 1 if state.traders[trip.i].investigated >= 0 else 0
        scrutiny = tally.scrutiny[trip.block, ever]
        scrutiny.consignments += 1
        scrutiny.items_attempted += planned.items
        scrutiny.items_checked += planned.checked


@step
def cross(
    world: World, state: State, tally: Tally, key: Key, t: int, trip: Trip, planned: Plan
) -> int:
    """The meetings in the order in which the consignment comes to them."""
    channel = world.routes[planned.route].channel
    outward = not world.goods[trip.g].is_import
    outcome = PASSED
    for stage in range(2):
        if outcome == PASSED and (stage == 0) == outward:
            if channel == RIVER:
                outcome = meet_guard(world, state, tally, t, trip, planned)
            if outcome == PASSED:
                outcome = meet_security(world, state, tally, key, t, trip, planned)
        elif outcome == PASSED:
            if channel == CUSTOMS:
                outcome = meet_customs(world, state, tally, key, t, trip, planned)
            else:
                outcome = meet_patrol(world, state, tally, key, t, trip, planned)
    return outcome


@step
def settle_crossing(world: World, state: State, tally: Tally, trip: Trip, planned: Plan) -> None:
    """Buy, carry, sell; the partner gets a share of the gain."""
    share = world.rates[0].traders.partner_share * planned.margin
    revenue = planned.worth + planned.margin
    state.traders[trip.i].cash += planned.margin - planned.transport - share
    state.traders[trip.partner].cash += share
    money = tally.money[trip.block]
    money.revenue += revenue
    money.purchases += planned.worth
    money.transport += planned.transport
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.crossings += 1
    flow.items_crossed += planned.items
    flow.value_crossed += revenue
    flow.leaks_through += trip.leaks
    if world.goods[trip.g].is_sanctioned:
        flow.sanctioned_value += revenue
    goods = tally.goods[trip.block, trip.g]
    goods.items_crossed += planned.items
    goods.value_crossed += revenue
    paying = 1 if state.traders[trip.partner].protected else 0
    tally.protection[trip.block, paying].crossings += 1


@step
def settle_loss(
    world: World, state: State, tally: Tally, t: int, trip: Trip, planned: Plan
) -> None:
    """The goods were paid for and carried, and are gone; the loss makes the sender wary."""
    trader = state.traders[trip.i]
    trader.cash -= planned.worth + planned.transport
    trader.loss_wary = world.rates[0].learning.bad_event_wariness
    trader.loss_day = t
    money = tally.money[trip.block]
    money.purchases += planned.worth
    money.transport += planned.transport
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.losses += 1
    flow.items_seized += planned.items
    flow.leaks_held += trip.leaks


@step
def count_people(world: World, state: State, tally: Tally, t: int, block: int) -> None:
    """Who is free, detained, imprisoned or gone at the day's end, and what is known of them."""
    area, scrutiny_days = world.blocks[block], world.rates[0].security_police.scrutiny_days
    for side in range(2):
        first = area.inner_first if side == INNER else area.outer_first
        last = area.inner_last if side == INNER else area.outer_last
        for i in range(first, last):
            trader = state.traders[i]
            people = tally.people[block, side, world.traits[i].size_class]
            people.free += trader.status == FREE
            people.detained += trader.status == DETAINED
            people.imprisoned += trader.status == IMPRISONED
            people.gone += trader.status == GONE
            people.lying_low += t < trader.low_until
            people.under_scrutiny += t - trader.investigated <= scrutiny_days
            people.known += t < trader.known_until
            people.protected += trader.protected
