"""Planning: how much of a consignment to check, which way to take it, or to stay home.

The trader knows prices, the season, the river and what a guard's risk is worth; what cameras,
searches and patrols will do is a belief. All who have goods packed plan at once, side by side
(`lanes`): a plan depends on nobody else's plan of the day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from amnok.compiling import step
from amnok.draws import Decision, Key, draw
from amnok.engine.lanes import LANES, WORDS, Lanes, draw_lanes
from amnok.engine.state import State
from amnok.rules.customs import customs_payment
from amnok.rules.distributions import gumbel, normal_quantile
from amnok.rules.guards import agreed_bribe, held_responsible, reservation_price
from amnok.rules.inspection import cheapest_check
from amnok.rules.learning import personal_belief, wariness
from amnok.rules.river import crossing_cost, passable
from amnok.rules.routes import route_utility
from amnok.rules.search import leak_loss
from amnok.vector_math import exp
from amnok.world import World
from amnok.world.days import GUARD, SECURITY
from amnok.world.places import CUSTOMS, INNER, OUTER, RIVER, SEA

STAY, BLOCKED = -1, -2
_STAY_OPTION = 0xFFFFFFFF
_MOST_ITEMS = 1e9  # in a consignment, so that extreme parameters stay within whole numbers
_LEAST_SCALE = 1e-9  # of utility (money)
_OPENING_OPTION = 1  # keeps the draw of a bridge's opening apart from draws of persons


class Plan(NamedTuple):
    """A consignment as planned: route (or STAY, BLOCKED), items, items to check, and money.

    worth: price of the goods where they come from; margin: gain over that on the other bank;
    transport: what the way costs; surplus: the gain before any bribe to a guard.
    """

    route: int
    items: int
    checked: int
    worth: float
    margin: float
    transport: float
    surplus: float


@step
def liability(world: World, t: int) -> float:
    """Chance that a leak found is laid at the guard's door today (claim A09)."""
    guards = world.rates[0].guards
    intensity = world.days[t].intensity[GUARD]
    return min(1.0, guards.liability_usual + guards.liability_campaign * intensity)


@step
def guard_risk(world: World, state: State, t: int, sector: int) -> float:
    """A guard's chance of being held responsible for a consignment let through, as all know it.

    Where there are no security police, nobody comes to look.
    """
    if world.rates[0].security_police.present == 0.0:
        return 0.0
    return held_responsible(liability(world, t), state.sectors[sector].find_belief)


@step
def is_open(world: World, key: Key, t: int, route: int) -> bool:
    """Whether a way can be taken today: opening hours and the river's level."""
    way = world.routes[route]
    water = world.water[t, way.sector]
    allowed = passable(water.stage, way.flood_stage, water.frozen and way.channel == RIVER)
    if way.channel == CUSTOMS:
        day = t - world.spin_up
        opening = draw(key, route, day, Decision.CUSTOMS, _OPENING_OPTION)
        allowed = allowed and opening < world.rates[0].customs.open_share
    return allowed


@step
def way_cost(world: World, t: int, route: int) -> float:
    """What the crossing itself costs as a share of the goods' worth, bribes and duties apart."""
    way, river = world.routes[route], world.rates[0].river
    ratio = way.crossing_cost
    if way.channel == RIVER:
        water = world.water[t, way.sector]
        ratio = crossing_cost(ratio, water.stage, river.stage_cost, water.frozen, river.ice_factor)
    return ratio


@step
def guard_bribe(
    world: World,
    state: State,
    t: int,
    route: int,
    worth: float,
    surplus: float,
) -> float:
    """The bribe that a guard and a trader agree on, or -1 if they do not; 0 without guards."""
    guards = world.rates[0].guards
    if guards.present == 0.0:
        return 0.0
    strictness = guards.strict_factor if t < state.guards[route].strict_until else 1.0
    risk = guard_risk(world, state, t, world.routes[route].sector)
    reservation = reservation_price(risk, guards.penalty, guards.effort * worth, strictness)
    return agreed_bribe(surplus, reservation, guards.bargaining_share)


@step
def may_ever_use(world: World, lanes: Lanes, k: int, route: int) -> bool:
    """Whether the lane's trader has access to such a way at all."""
    channel = world.routes[route].channel
    barred = (channel == SEA) & (lanes.sea_access[k] == 0)
    barred |= (channel == CUSTOMS) & (lanes.customs_access[k] == 0)
    return not barred


@step
def expected_fee(
    channel: int, worth: float, duty: float, bribe_share: float, bribe: float
) -> float:
    """What a trader expects to pay officials on a way; -1 if no guard would deal.

    `bribe` is what a guard would ask.
    """
    customs_duty, customs_bribe = customs_payment(worth, duty, bribe_share)
    at_customs = customs_duty + customs_bribe if channel == CUSTOMS else 0.0
    return bribe if channel == RIVER else at_customs


@step
def plan(
    world: World, state: State, key: Key, t: int, sector: int, lanes: Lanes, count: int
) -> None:
    """The best of all routes and staying home: Gumbel-max, with one draw for each option.

    Fills `best_*` of the lanes 0 <= k < count, whose `person` and `goods` are given; best_route is
    a route, STAY, or BLOCKED where no way is open.
    """
    day = t - world.spin_up
    look_up(world, state, t, sector, lanes, count)
    size_consignments(world, lanes, count)
    form_beliefs(world, state, lanes, count)
    group = _STAY_OPTION // WORDS
    draw_lanes(key, lanes, count, day, Decision.ROUTE, group, lanes.word_route)
    for k in range(count):
        lanes.best_route[k] = BLOCKED
        lanes.best_utility[k] = gumbel(lanes.word_route[(WORDS - 1) * LANES + k])
    bulk = -1.0
    area = world.sectors[sector]
    for route in range(area.first_route, area.last_route):
        if is_open(world, key, t, route):
            if route // WORDS != group:
                group = route // WORDS
                draw_lanes(key, lanes, count, day, Decision.ROUTE, group, lanes.word_route)
            if world.routes[route].bulk != bulk:
                bulk = world.routes[route].bulk
                plan_checks(world, t, lanes, count, bulk)
            for k in range(count):
                lanes.heard[k] = state.route_risk[route, lanes.size[k]].loss_belief
            weigh(world, state, t, lanes, count, route)


@step
def look_up(world: World, state: State, t: int, sector: int, lanes: Lanes, count: int) -> None:
    """Collect what is on record about each lane's person and goods."""
    minute_cost = world.rates[0].self_inspection.minute_cost
    market = world.sectors[sector].market
    for k in range(count):
        i, g = lanes.person[k], lanes.goods[k]
        traits, trader, goods = world.traits[i], state.traders[i], world.goods[g]
        size = int(traits.size_class)
        lanes.size[k], lanes.spot_check[k] = size, float(traits.spot_check)
        lanes.caution[k] = float(traits.caution)
        lanes.customs_access[k], lanes.sea_access[k] = traits.customs_access, traits.sea_access
        lanes.leak_level[k], lanes.leak_days[k] = float(trader.leak_wary), t - trader.leak_day
        lanes.loss_level[k], lanes.loss_days[k] = float(trader.loss_wary), t - trader.loss_day
        lanes.log_checked[k], lanes.log_unchecked[k] = goods.log_checked, goods.log_unchecked
        lanes.per_item[k] = minute_cost * goods.minutes
        lanes.release_payment[k] = world.sizes[size].release_payment
        lanes.searched[k] = state.sector_risk[sector, size].search_belief
        origin = OUTER if goods.is_import else INNER
        lanes.buy[k] = state.prices[origin, g, market].price
        lanes.gain[k] = state.prices[1 - origin, g, market].price - lanes.buy[k]


@step
def size_consignments(world: World, lanes: Lanes, count: int) -> None:
    """Items of each consignment before the route's bulk factor, from the draw kept there."""
    for k in range(count):
        lanes.base_items[k] = normal_quantile(lanes.base_items[k])
    for k in range(count):
        size = world.sizes[lanes.size[k]]
        lanes.base_items[k] = size.items * exp(size.items_spread * lanes.base_items[k])


@step
def form_beliefs(world: World, state: State, lanes: Lanes, count: int) -> None:
    """What each makes of what all have heard, by own caution and experience.

    Word of mouth says how often senders are searched; how thorough searches are is known.
    """
    memory = world.rates[0].learning.wariness_memory
    find_rate = world.rates[0].security_police.find_rate
    for k in range(count):
        factor = lanes.caution[k] * wariness(lanes.leak_level[k], lanes.leak_days[k], memory)
        lanes.searched[k] = find_rate * personal_belief(lanes.searched[k], factor)
    for k in range(count):
        own = wariness(lanes.loss_level[k], lanes.loss_days[k], memory)
        lanes.loss_factor[k] = lanes.caution[k] * own


@step
def plan_checks(world: World, t: int, lanes: Lanes, count: int, bulk: float) -> None:
    """Items of each consignment on a way of such bulk, and how many of them to check."""
    police = world.rates[0].security_police
    punishment = leak_loss(
        police.leak_loss_usual, police.leak_loss_campaign, world.days[t].intensity[SECURITY]
    )
    for k in range(count):
        items = max(1.0, np.floor(min(lanes.base_items[k] * bulk, _MOST_ITEMS) + 0.5))
        checked, cost = cheapest_check(
            items,
            lanes.spot_check[k],
            lanes.log_checked[k],
            lanes.log_unchecked[k],
            lanes.searched[k] * punishment,
            lanes.per_item[k],
        )
        lanes.items[k], lanes.checked[k], lanes.leak_cost[k] = items, checked, cost


@step
def weigh(world: World, state: State, t: int, lanes: Lanes, count: int, route: int) -> None:
    """Weigh one open route against the best option so far, in every lane."""
    guards, customs = world.rates[0].guards, world.rates[0].customs
    duty, bribe_share = customs.duty, customs.bribe_share
    noise, channel = world.rates[0].traders.choice_noise, world.routes[route].channel
    cost_ratio = way_cost(world, t, route)
    risk_price = guard_risk(world, state, t, world.routes[route].sector)
    penalty, effort, share = guards.penalty, guards.effort, guards.bargaining_share
    word, guarded = (route % WORDS) * LANES, guards.present > 0.0
    # By itself, as a short loop of long sums: the processor then works on several lanes at a time.
    for k in range(count):
        lanes.word_route[word + k] = gumbel(lanes.word_route[word + k])
    for k in range(count):
        worth, margin = lanes.items[k] * lanes.buy[k], lanes.items[k] * lanes.gain[k]
        transport = worth * cost_ratio
        risk = personal_belief(lanes.heard[k], lanes.loss_factor[k])
        loss = max(worth, lanes.release_payment[k])
        surplus = margin - transport - lanes.leak_cost[k] - risk * loss
        reservation = reservation_price(risk_price, penalty, effort * worth, 1.0)
        bribe = agreed_bribe(surplus, reservation, share) if guarded else 0.0
        fee = expected_fee(channel, worth, duty, bribe_share, bribe)
        # Without noise, or with goods worth nothing, the best way is taken for certain.
        scale = max(noise * worth, _LEAST_SCALE)
        cost = transport + lanes.leak_cost[k] + fee
        utility = route_utility(margin, cost, risk, loss, scale) + lanes.word_route[word + k]
        allowed = may_ever_use(world, lanes, k, route)
        # A fee below 0: no guard would agree to this one.
        better = allowed & (fee >= 0.0) & (utility > lanes.best_utility[k])
        known = max(lanes.best_route[k], STAY) if allowed else lanes.best_route[k]
        lanes.best_route[k] = route if better else known
        lanes.best_utility[k] = utility if better else lanes.best_utility[k]
        lanes.best_items[k] = lanes.items[k] if better else lanes.best_items[k]
        lanes.best_checked[k] = lanes.checked[k] if better else lanes.best_checked[k]
        lanes.best_transport[k] = transport if better else lanes.best_transport[k]
        lanes.best_surplus[k] = surplus if better else lanes.best_surplus[k]


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
        lanes.best_surplus[k],
    )
