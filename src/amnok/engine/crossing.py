"""Crossing: those who have planned set out one after the other, meet the border, and settle.

One after the other, as two senders may want the same partner. Nothing outside the block changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from amnok.compiling import step
from amnok.decisions import PACKING_DRAW
from amnok.draws import WORDS, Key
from amnok.engine.lanes import (
    LANES,
    LEAKS_AMONG_CHECKED,
    LEAKS_AMONG_REST,
    LEAKS_REMOVED,
    Lanes,
    draw_lanes,
)
from amnok.engine.meetings import call_partner, meet_customs, meet_patrol, meet_security
from amnok.engine.planning import BLOCKED, STAY, Plan, papers_of, planned
from amnok.engine.state import State
from amnok.engine.tally import Tally
from amnok.mechanisms import WARN_PATROLS, guards, tolls
from amnok.mechanisms.alarms import booked
from amnok.mechanisms.cameras import CAMERA_DRAW
from amnok.mechanisms.deeds import FREE, NOTHING, PACKED, PASSED, TURNED_BACK, Trip, day_in
from amnok.mechanisms.form import Alarm
from amnok.mechanisms.patrols import PATROL_DRAW
from amnok.mechanisms.phones import PHONE_DRAW
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, direction_of, origin
from amnok.rules.distributions import binomial
from amnok.vector_math import exp
from amnok.world import World
from amnok.world.consignment import carrying_cost, own_margin, partner_payment
from amnok.world.places import CUSTOMS, INNER, OUTER

book_alarms = booked(WARN_PATROLS)


def _drawn(alarms: Sequence[Alarm]) -> Callable[..., None]:
    """A step that makes the draws of several alarms."""
    if not alarms:

        @step
        def nothing(key: Key, day: int, lanes: Lanes, count: int) -> None:
            pass

        return nothing
    others, number, place = _drawn(alarms[:-1]), int(alarms[-1].draw), len(alarms) - 1

    @step
    def drawn(key: Key, day: int, lanes: Lanes, count: int) -> None:
        others(key, day, lanes, count)
        words = lanes.word_alarms[place * WORDS * LANES : (place + 1) * WORDS * LANES]
        draw_lanes(key, lanes, count, day, number, 0, words)

    return drawn


draw_alarms = _drawn(WARN_PATROLS)


@step
def draw_meetings(key: Key, day: int, lanes: Lanes, count: int) -> None:
    """The draws of all who may set out, and the chance that each packs no leak."""
    draw_lanes(key, lanes, count, day, PACKING_DRAW, 0, lanes.word_packing)
    draw_lanes(key, lanes, count, day, PHONE_DRAW, 0, lanes.word_phone)
    draw_lanes(key, lanes, count, day, CAMERA_DRAW, 0, lanes.word_camera)
    draw_lanes(key, lanes, count, day, PATROL_DRAW, 0, lanes.word_patrol)
    draw_alarms(key, day, lanes, count)
    for k in range(count):
        lanes.clean_checked[k] = exp(lanes.best_checked[k] * lanes.log_clean[k])
        rest = lanes.best_items[k] - lanes.best_checked[k]
        lanes.clean_rest[k] = exp(rest * lanes.log_clean[k])


@step
def send(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    block: int,
    lanes: Lanes,
    count: int,
) -> None:
    """Packed goods go out unless a missing partner or the way keeps them waiting."""
    for k in range(count):
        i = lanes.person[k]
        partner = free_partner(world, state, t, i)
        if partner < 0:
            tally.sector[block].no_partner += 1
        elif lanes.best_route[k] == BLOCKED:
            tally.sector[block].no_passage += 1
        else:
            state.waiting[i] = NOTHING
            if lanes.best_route[k] != STAY:
                ship(world, state, tally, key, t, block, lanes, k, partner)


@step
def free_partner(world: World, state: State, t: int, i: int) -> int:
    """The standing partner, else the second one, if free, willing and not busy; -1 if neither."""
    traits = world.traits[i]
    chosen = -1
    for candidate in (int(traits.partner), int(traits.second)):
        if chosen < 0 and candidate >= 0:
            capacity = world.sizes[world.traits[candidate].size_class].capacity
            is_there = state.status[candidate] == FREE and t >= state.low_until[candidate]
            is_there = is_there and not state.refuses[candidate]
            if is_there and state.taken[candidate] < capacity:
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
    lanes: Lanes,
    k: int,
    partner: int,
) -> None:
    """Pack, call, set out, meet whoever is there, and settle."""
    i, g, best = lanes.person[k], lanes.goods[k], planned(lanes, k)
    local = best.route - world.sectors[world.blocks[block].sector].first_route
    removed, leaks = pack(world, lanes, k, g, best)
    partner_size = int(world.traits[partner].size_class)
    trip = Trip(block, local, k, i, partner, lanes.size[k], partner_size, g, leaks)
    state.taken[partner] += 1
    book_attempt(world, state, tally, trip, best, removed)
    call_partner(world, state, tally, t, lanes, trip)
    is_taxed = world.rates[0].tolls.present > 0.0
    near = origin(world.goods[g])
    if is_taxed:
        tolls.pass_takers(world, state, tally, key, t, trip, best, near)
    outcome = cross(world, state, tally, key, t, lanes, trip, best)
    if is_taxed and outcome == PASSED:
        tolls.pass_takers(world, state, tally, key, t, trip, best, 1 - near)
    if outcome == PASSED:
        settle_crossing(world, state, tally, t, trip, best)
    elif outcome == TURNED_BACK:
        # The goods stay with the sender, who tries again.
        state.waiting[i] = PACKED + direction_of(world.goods[g])
        flow = tally.flow[block, local, trip.size]
        flow.items_turned_back += best.items
        flow.leaks_held += leaks
    else:
        settle_loss(world, state, tally, t, trip, best)


@step
def pack(world: World, lanes: Lanes, k: int, g: int, best: Plan) -> tuple[int, int]:
    """Leaks removed by the check, and leaks left in the consignment: mostly none of either."""
    u_checked = lanes.word_packing[LEAKS_AMONG_CHECKED * LANES + k]
    u_removed = lanes.word_packing[LEAKS_REMOVED * LANES + k]
    u_rest = lanes.word_packing[LEAKS_AMONG_REST * LANES + k]
    among_checked, removed, rest = 0, 0, 0
    if u_checked > lanes.clean_checked[k]:
        among_checked = binomial(best.checked, world.goods[g].leak_rate, u_checked)
        effectiveness = world.rates[0].self_inspection.effectiveness
        removed = binomial(among_checked, effectiveness, u_removed)
    if u_rest > lanes.clean_rest[k]:
        rest = binomial(best.items - best.checked, world.goods[g].leak_rate, u_rest)
    return removed, among_checked - removed + rest


@step
def book_attempt(
    world: World, state: State, tally: Tally, trip: Trip, best: Plan, removed: int
) -> None:
    """Book what sets out."""
    hours = best.checked * world.goods[trip.g].minutes / 60.0
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.attempts += 1
    flow.items_attempted += best.items
    flow.items_checked += best.checked
    flow.checking_hours += hours
    flow.leaks_packed += trip.leaks + removed
    flow.leaks_removed += removed
    goods = tally.goods[trip.block, trip.g]
    goods.goods_attempts += 1
    goods.goods_items_attempted += best.items
    goods.goods_items_checked += best.checked
    goods.goods_checking_hours += hours
    paying = 1 if state.protected[trip.partner] else 0
    tally.partners[trip.block, trip.partner_size, paying].partner_attempts += 1
    # Claims tell how far goods are looked through that go out, so they are counted apart. Sums with
    # a factor of 0 or 1: which way goods go is anyone's guess, and wrong guesses cost more.
    outward = 0 if world.goods[trip.g].is_import else 1
    ever = 1 if state.investigated[trip.i] >= 0 else 0
    exports = tally.exports[trip.block, ever]
    exports.export_attempts += outward
    exports.export_items += outward * best.items
    exports.export_items_checked += outward * best.checked


@step
def cross(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    lanes: Lanes,
    trip: Trip,
    best: Plan,
) -> int:
    """The meetings in the order in which the consignment comes to them."""
    rates, way = world.rates[0], world.routes[best.route]
    day = day_in(world, t, way.sector)
    book_alarms(tally, trip, rates, way, day, lanes.word_alarms, LANES)
    if lanes.quiet[trip.lane]:
        return pass_quietly(world, state, tally, lanes, trip, best)
    outward = not world.goods[trip.g].is_import
    outcome = PASSED
    is_guarded = way.guarded and rates.guards.present > 0.0
    has_customs = way.channel == CUSTOMS and rates.customs.present > 0.0
    for stage in range(2):
        bank = INNER if (stage == 0) == outward else OUTER
        if outcome == PASSED and is_guarded and day.bank[GUARD] == bank:
            accepts, bribe = lanes.accepts_bribe[trip.lane], lanes.bribe[trip.lane]
            outcome = guards.meet(world, state, tally, key, t, trip, best, bank, accepts, bribe)
        if outcome == PASSED and bank == INNER:
            outcome = meet_security(world, state, tally, key, t, lanes, trip, best)
        if outcome == PASSED and has_customs and day.bank[CUSTOMS_OFFICE] == bank:
            outcome = meet_customs(world, state, tally, key, t, trip, best)
        if outcome == PASSED and bank == OUTER and way.channel != CUSTOMS:
            outcome = meet_patrol(world, state, tally, key, t, lanes, trip, best)
    return outcome


@step
def pass_quietly(
    world: World, state: State, tally: Tally, lanes: Lanes, trip: Trip, best: Plan
) -> int:
    """What is left of the meetings where nobody stops the consignment."""
    tally.flow[trip.block, trip.local, trip.size].seen_by_camera += lanes.seen[trip.lane]
    if world.routes[best.route].guarded:
        guards.pay(world, state, tally, trip, lanes.bribe[trip.lane])
    return PASSED


@step
def settle_crossing(
    world: World, state: State, tally: Tally, t: int, trip: Trip, best: Plan
) -> None:
    """Buy, carry, sell; the partner gets a share of the gain."""
    share = partner_payment(world.rates[0], best.margin)
    own = own_margin(world.rates[0], best.margin)
    revenue = best.worth + best.margin
    state.traders[trip.i].cash += own - best.transport
    state.traders[trip.partner].cash += share
    accounts = tally.accounts[trip.block]
    accounts.revenue += revenue
    accounts.purchases += best.worth
    accounts.transport_costs += best.transport
    accounts.sender_gains += own - best.transport
    book_carriers(world, tally, trip, best)
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.crossings += 1
    flow.items_crossed += best.items
    flow.value_crossed += revenue
    flow.leaks_through += trip.leaks
    flow.sanctioned_value += revenue if world.goods[trip.g].is_sanctioned else 0.0
    goods = tally.goods[trip.block, trip.g]
    goods.goods_items_crossed += best.items
    goods.goods_value_crossed += revenue
    if world.routes[best.route].channel == CUSTOMS:
        goods.goods_value_customs += revenue
        if world.traits[trip.i].permit:
            off_books = papers_of(world, state, t, best.route, trip.g).off_books
            goods.goods_value_off_books += off_books * revenue
    paying = 1 if state.protected[trip.partner] else 0
    tally.partners[trip.block, trip.partner_size, paying].partner_crossings += 1


@step
def book_carriers(world: World, tally: Tally, trip: Trip, best: Plan) -> None:
    """What of the transport was paid to hired carriers."""
    rates = world.rates[0]
    if rates.carriers.present > 0.0:
        weight = best.items * world.goods[trip.g].kilograms
        fees = carrying_cost(rates, world.routes[best.route], weight)
        tally.accounts[trip.block].carrying_fees += fees


@step
def settle_loss(world: World, state: State, tally: Tally, t: int, trip: Trip, best: Plan) -> None:
    """The goods were paid for and carried, and are gone; the loss makes the sender wary."""
    trader = state.traders[trip.i]
    trader.cash -= best.worth + best.transport
    trader.loss_wary = world.rates[0].learning.bad_event_wariness
    trader.loss_day = t
    accounts = tally.accounts[trip.block]
    accounts.purchases += best.worth
    accounts.transport_costs += best.transport
    accounts.sender_gains -= best.worth + best.transport
    book_carriers(world, tally, trip, best)
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.losses += 1
    flow.items_seized_by_route += best.items
    flow.leaks_held += trip.leaks
