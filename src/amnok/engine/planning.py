"""Planning: how much of a consignment to check, which way to take it, or to stay home.

The trader knows prices, the season, the river and what a guard's risk is worth; what cameras,
searches and patrols will do is a belief.
"""

from __future__ import annotations

from typing import NamedTuple

from amnok.compiling import step
from amnok.draws import Decision, Key, draw
from amnok.engine.state import State
from amnok.rules.chance import gumbel
from amnok.rules.customs import customs_payment
from amnok.rules.guards import agreed_bribe, held_responsible, reservation_price
from amnok.rules.inspection import checking_cost, items_to_check
from amnok.rules.learning import personal_belief, wariness
from amnok.rules.river import crossing_cost, passable
from amnok.rules.routes import route_utility
from amnok.rules.search import leak_loss
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
    """A guard's chance of being held responsible for a consignment let through, as all know it."""
    return held_responsible(liability(world, t), state.sectors[sector].find_belief)


@step
def may_use(world: World, key: Key, t: int, i: int, route: int) -> bool:
    """Whether a trader can go this way today: access, opening hours and the river's level."""
    way = world.routes[route]
    water = world.water[t, way.sector]
    allowed = passable(water.stage, way.flood_stage, water.frozen and way.channel == RIVER)
    if way.channel == SEA:
        allowed = allowed and world.traits[i].sea_access
    if way.channel == CUSTOMS:
        day = t - world.spin_up
        opening = draw(key, route, day, Decision.CUSTOMS, _OPENING_OPTION)
        is_open = opening < world.rates[0].customs.open_share
        allowed = allowed and world.traits[i].customs_access and is_open
    return allowed


@step
def way_cost(world: World, t: int, route: int, worth: float) -> float:
    """What the crossing itself costs, bribes and duties apart."""
    way, river = world.routes[route], world.rates[0].river
    ratio = way.crossing_cost
    if way.channel == RIVER:
        water = world.water[t, way.sector]
        ratio = crossing_cost(ratio, water.stage, river.stage_cost, water.frozen, river.ice_factor)
    return worth * ratio


@step
def search_belief(world: World, state: State, t: int, i: int) -> float:
    """The chance of a search that finds a leak, as this trader believes it.

    Word of mouth about searches, times the trader's own caution and experience; how thorough
    searches are is known.
    """
    traits, trader = world.traits[i], state.traders[i]
    memory = world.rates[0].learning.wariness_memory
    factor = float(traits.caution) * wariness(float(trader.leak_wary), t - trader.leak_day, memory)
    heard = state.sector_risk[traits.sector, traits.size_class].search_belief
    return world.rates[0].security_police.find_rate * personal_belief(heard, factor)


@step
def guard_bribe(
    world: World,
    state: State,
    t: int,
    route: int,
    worth: float,
    surplus: float,
    strictness: float,
) -> float:
    """The bribe that a guard and a trader agree on, or -1 if they do not."""
    guards = world.rates[0].guards
    risk = guard_risk(world, state, t, world.routes[route].sector)
    reservation = reservation_price(risk, guards.penalty, guards.effort * worth, strictness)
    return agreed_bribe(surplus, reservation, guards.bargaining_share)


@step
def expected_fee(
    world: World, state: State, t: int, route: int, worth: float, surplus: float
) -> float:
    """What a trader expects to pay officials on this way; -1 if no guard would deal."""
    channel, customs = world.routes[route].channel, world.rates[0].customs
    fee = 0.0
    if channel == RIVER:
        fee = guard_bribe(world, state, t, route, worth, surplus, 1.0)
    if channel == CUSTOMS:
        duty, bribe = customs_payment(worth, customs.duty, customs.bribe_share)
        fee = duty + bribe
    return fee


@step
def plan(world: World, state: State, key: Key, t: int, i: int, g: int, base_items: float) -> Plan:
    """The best of all routes and staying home: Gumbel-max, with one draw for each option.

    Args:
        t: row of the day; i: the trader; g: the goods.
        base_items: items before the route's bulk factor.
    """
    traits, goods, rates = world.traits[i], world.goods[g], world.rates[0]
    inspection, police = rates.self_inspection, rates.security_police
    trader = state.traders[i]
    day = t - world.spin_up
    origin = OUTER if goods.is_import else INNER
    market = world.sectors[traits.sector].market
    buy = state.prices[origin, g, market].price
    gain = state.prices[1 - origin, g, market].price - buy
    searched = search_belief(world, state, t, i)
    memory = rates.learning.wariness_memory
    loss_factor = float(traits.caution) * wariness(
        float(trader.loss_wary), t - trader.loss_day, memory
    )
    punishment = leak_loss(
        police.leak_loss_usual, police.leak_loss_campaign, world.days[t].intensity[SECURITY]
    )
    best_route, best_items, best_checked = BLOCKED, 0, 0
    best_transport, best_surplus = 0.0, 0.0
    best_utility = gumbel(draw(key, i, day, Decision.ROUTE, _STAY_OPTION))
    first, last = world.sectors[traits.sector].first_route, world.sectors[traits.sector].last_route
    for route in range(first, last):
        if not may_use(world, key, t, i, route):
            continue
        best_route = max(best_route, STAY)
        items = max(1, int(min(base_items * world.routes[route].bulk, _MOST_ITEMS) + 0.5))
        worth, margin = items * buy, items * gain
        checked = items_to_check(
            items,
            int(traits.spot_check),
            goods.leak_rate,
            inspection.effectiveness,
            searched,
            punishment,
            inspection.minute_cost,
            goods.minutes,
        )
        leak_cost = checking_cost(
            checked,
            items,
            goods.leak_rate,
            inspection.effectiveness,
            searched,
            punishment,
            inspection.minute_cost,
            goods.minutes,
        )
        transport = way_cost(world, t, route, worth)
        risk = personal_belief(state.route_risk[route, traits.size_class].loss_belief, loss_factor)
        loss = max(worth, world.sizes[traits.size_class].release_payment)
        surplus = margin - transport - leak_cost - risk * loss
        fee = expected_fee(world, state, t, route, worth, surplus)
        if fee < 0.0:
            continue  # no guard would agree to this one
        # Without noise, or with goods worth nothing, the best way is taken for certain.
        scale = max(rates.traders.choice_noise * worth, _LEAST_SCALE)
        utility = route_utility(margin, transport + leak_cost + fee, risk, loss, scale)
        utility += gumbel(draw(key, i, day, Decision.ROUTE, route))
        if utility > best_utility:
            best_utility = utility
            best_route, best_items, best_checked = route, items, checked
            best_transport, best_surplus = transport, surplus
    worth, margin = best_items * buy, best_items * gain
    return Plan(best_route, best_items, best_checked, worth, margin, best_transport, best_surplus)
