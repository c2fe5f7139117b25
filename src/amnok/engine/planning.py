"""Planning: how much of a consignment to check, which way to take it, or to stay home.

The trader knows prices, the season, the river and what a guard's risk is worth; what cameras,
searches and patrols will do is a belief. All who have goods packed plan at once, side by side
(`lanes`): a plan depends on nobody else's plan of the day.
"""

from __future__ import annotations

from typing import NamedTuple

from amnok.compiling import step
from amnok.decisions import ROUTE_DRAW
from amnok.draws import WORDS, Key, draw
from amnok.engine.lanes import LANES, Lanes, draw_lanes
from amnok.engine.state import State
from amnok.mechanisms.customs import CUSTOMS_DRAW
from amnok.mechanisms.deeds import day_in
from amnok.mechanisms.guards import sender_surplus
from amnok.mechanisms.oversight import is_inspected
from amnok.mechanisms.roles import EXPORT, IMPORT, NEITHER, direction_of, origin
from amnok.mechanisms.self_inspection import cheapest_check
from amnok.mechanisms.supply import gain_of
from amnok.rules.distributions import exponential, gumbel_of, normal_quantile
from amnok.rules.learning import personal_belief, wariness
from amnok.rules.routes import route_utility, shared_of, shared_sines, size_sines
from amnok.vector_math import exp
from amnok.world import World
from amnok.world.chances import is_passable, loss_belief_inspected, open_share
from amnok.world.consignment import (
    Papers,
    agreed_price,
    fine_cost,
    gain_of_worth,
    guard_price,
    is_deal,
    item_check_cost,
    items_carried,
    least_fee,
    load_of,
    own_margin,
    papers,
    papers_cost,
    punishment,
    release_payment,
    stake,
    terms,
    toll_cost,
    transport_cost,
    transport_ratio,
    utility_scale,
    value_before_fees,
)
from amnok.world.places import AIR, CUSTOMS, SEA

STAY, BLOCKED = -1, -2
_STAY_OPTION = 0xFFFFFFFF
_SHARED_OPTION = 0xFFFFFFFF - 2 * WORDS  # and its group: what routes of a channel share
_NO_UTILITY = -1e200  # of a way that there is not
_OPENING_OPTION = 1  # keeps the draw of a way's opening apart from draws of persons


class Plan(NamedTuple):
    """A consignment as planned: route (or STAY, BLOCKED), items, items to check, and money.

    worth: price of the goods where they come from; margin: gain over that on the other bank;
    transport: what the way costs.
    """

    route: int
    items: int
    checked: int
    worth: float
    margin: float
    transport: float


@step
def is_open(world: World, key: Key, t: int, route: int) -> tuple[bool, bool]:
    """Whether a way can be taken today with exports, and with imports: it is not shut to them, and
    the river's level lets it."""
    way, rates = world.routes[route], world.rates[0]
    water = world.water[t, way.sector]
    allowed = is_passable(way, water.stage, water.frozen)
    exports = open_share(rates, way, EXPORT, water.frozen)
    imports = open_share(rates, way, IMPORT, water.frozen)
    if min(exports, imports) >= 1.0:
        return allowed, allowed
    opening = draw(key, route, t - world.spin_up, CUSTOMS_DRAW, _OPENING_OPTION)
    return allowed and opening < exports, allowed and opening < imports


@step
def may_ever_use(world: World, lanes: Lanes, k: int, route: int) -> bool:
    """Whether the lane's trader has access to such a way at all."""
    channel = world.routes[route].channel
    barred = (channel == SEA) & (lanes.sea_access[k] == 0)
    barred |= (channel == CUSTOMS) & (lanes.customs_access[k] == 0)
    barred |= (channel == AIR) & (lanes.air_access[k] == 0)
    return not barred


@step
def plan(
    world: World, state: State, key: Key, t: int, sector: int, lanes: Lanes, count: int
) -> None:
    """The best of all routes or staying home: the largest utility, with a draw for each option.

    Draws of routes of the same channel have a part in common (`shared_part`): a nested logit.

    Fills `best_*` of the lanes 0 <= k < count, whose `person` and `goods` are given; best_route is
    a route, STAY, or BLOCKED where no way is open.
    """
    day = t - world.spin_up
    look_up(world, state, t, sector, lanes, count)
    size_consignments(world, lanes, count)
    form_beliefs(world, lanes, count)
    group = _STAY_OPTION // WORDS
    draw_lanes(key, lanes, count, day, ROUTE_DRAW, group, lanes.word_route)
    make_gumbel(lanes, count, WORDS - 1)
    for k in range(count):
        lanes.best_route[k] = BLOCKED
        lanes.home_utility[k] = lanes.word_route[(WORDS - 1) * LANES + k]
        lanes.best_utility[k], lanes.next_utility[k] = _NO_UTILITY, _NO_UTILITY
    draw_shared(world, key, day, sector, lanes, count)
    group = -1
    bulk, are_priced = -1.0, False
    area, rates = world.sectors[sector], world.rates[0]
    inspected = is_inspected(world, state, t, sector)
    for route in range(area.first_route, area.last_route):
        exports, imports = is_open(world, key, t, route)
        if exports or imports:
            shut = NEITHER if exports == imports else EXPORT if imports else IMPORT
            if route // WORDS != group:
                group = route // WORDS
                draw_lanes(key, lanes, count, day, ROUTE_DRAW, group, lanes.word_route)
            channel = world.routes[route].channel
            for_firms = rates.state_firms.present > 0.0 and channel == CUSTOMS
            if world.routes[route].bulk != bulk or for_firms:
                bulk = world.routes[route].bulk
                carry(lanes, count, bulk)
                if for_firms:
                    load_lorries(world, state, t, lanes, count, route)
                    bulk = -1.0  # loads are others on the next way
                plan_checks(world, t, sector, lanes, count)
                are_priced = False
            if world.routes[route].guarded and not are_priced:
                price_loads(world, state, t, sector, lanes, count)
                are_priced = True
            for k in range(count):
                risk = state.route_risk[route, lanes.size[k]]
                lanes.heard[k], lanes.heard_release[k] = risk.loss_belief, risk.release_belief
            if inspected and world.routes[route].guarded:
                for k in range(count):
                    lanes.heard[k] = loss_belief_inspected(rates, lanes.heard[k])
            reckon_payments(world, state, t, lanes, count, route)
            add_reasons(world, lanes, count, route)
            weigh(world, t, lanes, count, route, shut)
    bargain(world, lanes, count)


@step
def draw_shared(world: World, key: Key, day: int, sector: int, lanes: Lanes, count: int) -> None:
    """What routes of a channel share of each person's own reasons, where there are several."""
    dissimilarity, area = world.rates[0].traders.route_dissimilarity, world.sectors[sector]
    drawn = 0
    for route in range(area.first_route, area.last_route):
        way = world.routes[route]
        bit = 1 << way.channel
        if way.rivals > 1 and drawn & bit == 0:
            drawn |= bit
            group = _SHARED_OPTION // WORDS - way.channel
            draw_lanes(key, lanes, count, day, ROUTE_DRAW, group, lanes.word_route)
            waiting, second = LANES, 2 * LANES
            for k in range(count):
                u = lanes.word_route[k]
                lanes.word_route[second + k] = size_sines(dissimilarity, u)
            for k in range(count):
                lanes.word_route[k] = shared_sines(dissimilarity, lanes.word_route[k])
            for k in range(count):
                lanes.word_route[waiting + k] = exponential(lanes.word_route[waiting + k])
            # A slice, as the compiler does not see that `channel * LANES + k` is not negative, and
            # made no vector code of a loop over it.
            shared = lanes.shared[way.channel * LANES : (way.channel + 1) * LANES]
            for k in range(count):
                one, other = lanes.word_route[k], lanes.word_route[second + k]
                shared[k] = shared_of(dissimilarity, one, other, lanes.word_route[waiting + k])


@step
def make_gumbel(lanes: Lanes, count: int, word: int) -> None:
    """Make a word of the routes' draws Gumbel variates, in its place.

    By itself, as two short loops of long sums: the processor then works on many lanes at a time.
    """
    first = word * LANES
    for k in range(count):
        lanes.word_route[first + k] = exponential(lanes.word_route[first + k])
    for k in range(count):
        lanes.word_route[first + k] = gumbel_of(lanes.word_route[first + k])


@step
def look_up(world: World, state: State, t: int, sector: int, lanes: Lanes, count: int) -> None:
    """Collect what is on record about each lane's person and goods."""
    rates, market = world.rates[0], world.sectors[sector].market
    for k in range(count):
        i, g = lanes.person[k], lanes.goods[k]
        traits, trader, goods = world.traits[i], state.traders[i], world.goods[g]
        size = int(traits.size_class)
        lanes.size[k], lanes.spot_check[k] = size, float(traits.spot_check)
        lanes.caution[k] = float(traits.caution)
        lanes.customs_access[k], lanes.sea_access[k] = traits.customs_access, traits.sea_access
        lanes.air_access[k] = traits.air_access
        lanes.leak_level[k], lanes.leak_days[k] = float(trader.leak_wary), t - trader.leak_day
        lanes.loss_level[k], lanes.loss_days[k] = float(trader.loss_wary), t - trader.loss_day
        lanes.log_clean[k] = goods.log_clean
        lanes.log_checked[k], lanes.log_unchecked[k] = goods.log_checked, goods.log_unchecked
        lanes.per_item[k] = item_check_cost(rates, goods)
        lanes.release_payment[k] = world.sizes[size].release_payment
        lanes.kilograms[k], lanes.payments[k] = goods.kilograms, 0.0
        lanes.searched[k] = state.sector_risk[sector, size].search_belief
        lanes.direction[k] = direction_of(goods)
        lanes.buy[k] = state.prices[origin(goods), g, market].price
        lanes.gain[k] = gain_of(state, goods, g, market)


@step
def size_consignments(world: World, lanes: Lanes, count: int) -> None:
    """Items of each consignment before the route's bulk factor, from the draw kept there."""
    for k in range(count):
        lanes.base_items[k] = normal_quantile(lanes.base_items[k])
    for k in range(count):
        size = world.sizes[lanes.size[k]]
        lanes.base_items[k] = size.items * exp(size.items_spread * lanes.base_items[k])


@step
def form_beliefs(world: World, lanes: Lanes, count: int) -> None:
    """What each makes of what all have heard, by own caution and experience.

    Word of mouth says how often senders are searched; how thorough searches are is known.
    """
    rates = world.rates[0]
    memory = rates.learning.wariness_memory
    for k in range(count):
        factor = lanes.caution[k] * wariness(lanes.leak_level[k], lanes.leak_days[k], memory)
        lanes.searched[k] = personal_belief(lanes.searched[k], factor)
    for k in range(count):
        own = wariness(lanes.loss_level[k], lanes.loss_days[k], memory)
        lanes.loss_factor[k] = lanes.caution[k] * own


@step
def carry(lanes: Lanes, count: int, bulk: float) -> None:
    """Items of each consignment on a way of such bulk."""
    for k in range(count):
        lanes.items[k] = items_carried(lanes.base_items[k], bulk)


@step
def papers_of(world: World, state: State, t: int, route: int, g: int) -> Papers:
    """What a firm with a permit would do with a load of such goods at customs today."""
    rates, way, goods = world.rates[0], world.routes[route], world.goods[g]
    market, water = world.sectors[way.sector].market, world.water[t, way.sector]
    buy, gain = state.prices[origin(goods), g, market].price, gain_of(state, goods, g, market)
    ratio = transport_ratio(rates, way, water.stage, water.frozen)
    share = gain_of_worth(rates, buy, gain, ratio)
    return papers(rates, goods, day_in(world, t, way.sector), share)


@step
def load_lorries(world: World, state: State, t: int, lanes: Lanes, count: int, route: int) -> None:
    """Firms with a permit carry through customs what pays, declared and not, of a full load."""
    for k in range(count):
        if world.traits[lanes.person[k]].permit:
            load = papers_of(world, state, t, route, lanes.goods[k])
            full = lanes.base_items[k] * (load.declared + load.hidden)
            lanes.items[k] = items_carried(full, world.routes[route].bulk)


@step
def reckon_papers(world: World, state: State, t: int, lanes: Lanes, count: int, route: int) -> None:
    """What a permit changes in what customs cost: it is shown in place of any fine."""
    day = day_in(world, t, world.routes[route].sector)
    for k in range(count):
        if world.traits[lanes.person[k]].permit:
            load = papers_of(world, state, t, route, lanes.goods[k])
            worth = lanes.items[k] * lanes.buy[k]
            lanes.payments[k] = papers_cost(world.rates[0], day, load, worth)


@step
def plan_checks(world: World, t: int, sector: int, lanes: Lanes, count: int) -> None:
    """How many of the items of each consignment to check."""
    at_stake = punishment(world.rates[0], day_in(world, t, sector))
    for k in range(count):
        items = lanes.items[k]
        checked, cost = cheapest_check(
            items,
            lanes.spot_check[k],
            lanes.log_checked[k],
            lanes.log_unchecked[k],
            lanes.searched[k] * at_stake,
            lanes.per_item[k],
        )
        lanes.checked[k], lanes.leak_cost[k] = checked, cost


@step
def price_loads(world: World, state: State, t: int, sector: int, lanes: Lanes, count: int) -> None:
    """What letting each consignment pass costs a guard in risk, as all know it."""
    rates, day = world.rates[0], day_in(world, t, sector)
    belief = state.sectors[sector].find_belief
    for k in range(count):
        lanes.guard_risk[k] = load_of(rates, world.goods[lanes.goods[k]], lanes.items[k])
    for k in range(count):  # by itself: a loop that looks things up is no vector code
        lanes.guard_risk[k] = guard_price(rates, day, belief, lanes.guard_risk[k])


@step
def reckon_payments(
    world: World, state: State, t: int, lanes: Lanes, count: int, route: int
) -> None:
    """What each expects fines, papers and tolls on a route to cost; 0 where there are none."""
    rates = world.rates[0]
    if rates.fines.present + rates.state_firms.present + rates.tolls.present > 0.0:
        for k in range(count):
            lanes.payments[k] = 0.0
    if rates.fines.present > 0.0:
        reckon_fines(world, state, t, lanes, count, route)
    if rates.state_firms.present > 0.0 and world.routes[route].channel == CUSTOMS:
        reckon_papers(world, state, t, lanes, count, route)
    if rates.tolls.present > 0.0:
        way = world.routes[route]
        for k in range(count):
            lost = personal_belief(lanes.heard[k], lanes.loss_factor[k])
            worth = lanes.items[k] * lanes.buy[k]
            lanes.payments[k] += toll_cost(way, world.goods[lanes.goods[k]], worth, lost)


@step
def reckon_fines(world: World, state: State, t: int, lanes: Lanes, count: int, route: int) -> None:
    """What each expects fines on a route to cost, of which all have heard how often they come."""
    rates, way = world.rates[0], world.routes[route]
    water = world.water[t, way.sector]
    ratio = transport_ratio(rates, way, water.stage, water.frozen)
    for k in range(count):
        size = lanes.size[k]
        heard = state.route_risk[route, size].fine_belief
        worth = lanes.items[k] * lanes.buy[k]
        weight = lanes.items[k] * lanes.kilograms[k]
        transport = transport_cost(rates, way, ratio, worth, weight)
        gain = own_margin(rates, lanes.items[k] * lanes.gain[k]) - transport
        cost = fine_cost(rates, world.sizes[size].shipping_rate, worth, weight, gain)
        lanes.payments[k] += personal_belief(heard, lanes.loss_factor[k]) * cost


@step
def add_reasons(world: World, lanes: Lanes, count: int, route: int) -> None:
    """Make each one's own reasons for a route of the draws for it, in their place."""
    way, word = world.routes[route], (route % WORDS) * LANES
    make_gumbel(lanes, count, route % WORDS)
    if way.rivals > 1:  # one that is alone in its channel shares nothing, which is the same law
        own_part = world.rates[0].traders.route_dissimilarity
        shared = lanes.shared[way.channel * LANES : (way.channel + 1) * LANES]
        for k in range(count):
            lanes.word_route[word + k] = own_part * lanes.word_route[word + k] + shared[k]


@step
def weigh(world: World, t: int, lanes: Lanes, count: int, route: int, shut: int) -> None:
    """Weigh one open route, at the least that officials take, against the best two so far.

    shut: the direction in which nobody can take it (EXPORT, IMPORT), or NEITHER.
    """
    rates, way = world.rates[0], world.routes[route]
    noise, water = rates.traders.choice_noise, world.water[t, way.sector]
    ratio = transport_ratio(rates, way, water.stage, water.frozen)
    asked, word = terms(rates, way), (route % WORDS) * LANES
    for k in range(count):
        worth = lanes.items[k] * lanes.buy[k]
        own = own_margin(rates, lanes.items[k] * lanes.gain[k])
        weight = lanes.items[k] * lanes.kilograms[k]
        transport = transport_cost(rates, way, ratio, worth, weight)
        risk, loss = personal_belief(lanes.heard[k], lanes.loss_factor[k]), stake(worth, own)
        let_go = personal_belief(lanes.heard_release[k], lanes.loss_factor[k])
        payments = let_go * release_payment(worth, lanes.release_payment[k]) + lanes.payments[k]
        value = value_before_fees(own, transport, lanes.leak_cost[k], risk * loss + payments)
        least = least_fee(asked, worth, lanes.guard_risk[k])
        cost = transport + lanes.leak_cost[k] + payments + least
        scale = utility_scale(noise, worth)
        utility = route_utility(own, cost, risk, loss, scale) + lanes.word_route[word + k]
        allowed = may_ever_use(world, lanes, k, route) & (lanes.direction[k] != shut)
        utility = utility if allowed & is_deal(asked, value, least) else _NO_UTILITY
        lanes.best_route[k] = max(lanes.best_route[k], STAY) if allowed else lanes.best_route[k]
        keep_best(lanes, k, route, utility, transport, value, least)


@step
def keep_best(
    lanes: Lanes, k: int, route: int, utility: float, transport: float, value: float, least: float
) -> None:
    """Keep a route if it is the best so far, and the utility of the second best."""
    better = utility > lanes.best_utility[k]
    rival = min(utility, lanes.best_utility[k])
    lanes.next_utility[k] = max(lanes.next_utility[k], rival)
    lanes.best_route[k] = route if better else lanes.best_route[k]
    lanes.best_utility[k] = utility if better else lanes.best_utility[k]
    lanes.best_items[k] = lanes.items[k] if better else lanes.best_items[k]
    lanes.best_checked[k] = lanes.checked[k] if better else lanes.best_checked[k]
    lanes.best_transport[k] = transport if better else lanes.best_transport[k]
    lanes.best_value[k] = value if better else lanes.best_value[k]
    lanes.best_least[k] = least if better else lanes.best_least[k]


@step
def bargain(world: World, lanes: Lanes, count: int) -> None:
    """The best way's surplus over the next best, the bribe to expect, and whether to go at all."""
    if len(world.routes) == 0:
        return
    rates = world.rates[0]
    for k in range(count):
        route = max(lanes.best_route[k], 0)  # any will do for those who stay home
        asked, least = terms(rates, world.routes[route]), lanes.best_least[k]
        scale = utility_scale(rates.traders.choice_noise, lanes.best_items[k] * lanes.buy[k])
        lead = (lanes.best_utility[k] - lanes.next_utility[k]) * scale
        surplus = sender_surplus(lanes.best_value[k], least, lead)
        bribe = agreed_price(asked, surplus, least)
        more = (bribe - least) / scale if asked.is_guarded else 0.0
        goes = lanes.best_utility[k] - more > lanes.home_utility[k]
        lanes.best_surplus[k] = surplus
        lanes.best_route[k] = lanes.best_route[k] if goes else min(lanes.best_route[k], STAY)


@step
def planned(lanes: Lanes, k: int) -> Plan:
    """The lane's best option."""
    items = lanes.best_items[k]
    return Plan(
        lanes.best_route[k],
        int(items),
        int(lanes.best_checked[k]),
        items * lanes.buy[k],
        items * lanes.gain[k],
        lanes.best_transport[k],
    )
