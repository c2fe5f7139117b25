"""A sender's plan: which way to go and how much to check, or to stay home."""

from __future__ import annotations

from dataclasses import dataclass

from tests.twin.border import Border
from tests.twin.people import Numbers, Route, Sector, Sender

from amnok.draws import Decision
from amnok.mechanisms.roles import GUARD, SECURITY
from amnok.rules.customs import customs_payment
from amnok.rules.distributions import gumbel
from amnok.rules.guards import agreed_bribe, held_responsible, reservation_price
from amnok.rules.inspection import checking_cost, items_to_check
from amnok.rules.learning import personal_belief
from amnok.rules.river import crossing_cost, passable
from amnok.rules.routes import route_utility
from amnok.rules.search import leak_loss
from amnok.world.places import CUSTOMS, INNER, OUTER, RIVER, SEA

# Options of draws: what of ROUTE and CUSTOMS is not about one of a trader's routes.
_STAYING_HOME = 0xFFFFFFFF
_BRIDGE_OPENS = 1

_MOST_ITEMS = 1e9
_LEAST_SCALE = 1e-9


@dataclass(frozen=True, eq=False)
class Plan:
    """A consignment as its sender means to send it; all but route and items in money.

    worth: what it costs where it comes from; margin: what it brings over that on the other bank;
    transport: what the way costs; surplus: the gain before anything is paid to officials.
    """

    route: Route
    items: int
    checked: int
    worth: float
    margin: float
    transport: float
    surplus: float


def open_routes(border: Border, sender: Sender) -> list[Route]:
    """The routes of a sender's sector that it can take today."""
    return [route for route in sender.sector.routes if _is_open(border, sender, route)]


def _is_open(border: Border, sender: Sender, route: Route) -> bool:
    water = border.water[sender.sector.number]
    bears = water.frozen and route.channel == RIVER
    if not passable(water.stage, route.kind.flood_stage, bears):
        return False
    if route.channel == SEA:
        return sender.sea_access
    if route.channel == CUSTOMS:
        # One draw for the bridge, which opens for all or for none.
        opening = border.draw(route.number, Decision.CUSTOMS, _BRIDGE_OPENS)
        return sender.customs_access and opening < border.rates.customs.open_share
    return True


def best_plan(
    border: Border, sender: Sender, goods: Numbers, routes: list[Route], base_items: float
) -> Plan | None:
    """The best of the open routes, or None to stay home: the largest utility with its noise.

    Args:
        base_items: items before the route's bulk factor.
    """
    best = None
    most = gumbel(border.draw_option(sender.number, Decision.ROUTE, _STAYING_HOME))
    for route in routes:
        offered = offer(border, sender, goods, route, base_items)
        if offered is None:
            continue
        plan, utility = offered
        utility += gumbel(border.draw_option(sender.number, Decision.ROUTE, route.number))
        if utility > most:
            best, most = plan, utility
    return best


def offer(
    border: Border, sender: Sender, goods: Numbers, route: Route, base_items: float
) -> tuple[Plan, float] | None:
    """A consignment by one route and its utility; None if no guard there would let it pass."""
    items = max(1, int(min(base_items * route.kind.bulk, _MOST_ITEMS) + 0.5))
    origin = OUTER if goods.is_import else INNER
    buying = border.quotes[origin][goods.number][sender.sector.market].price
    selling = border.quotes[1 - origin][goods.number][sender.sector.market].price
    worth, margin = items * buying, items * (selling - buying)
    checked, leak_cost = _checking(border, sender, goods, items)
    transport = _transport(border, sender, route, worth)
    risk = personal_belief(
        route.losses[sender.size.number].rate,
        sender.caution
        * sender.loss_wariness.factor(border.t, border.rates.learning.wariness_memory),
    )
    loss = max(worth, sender.size.release_payment)
    surplus = margin - transport - leak_cost - risk * loss
    fee = _expected_fee(border, sender, route, worth, surplus)
    if fee is None:
        return None
    scale = max(border.rates.traders.choice_noise * worth, _LEAST_SCALE)
    utility = route_utility(margin, transport + leak_cost + fee, risk, loss, scale)
    return Plan(route, items, checked, worth, margin, transport, surplus), utility


def _checking(border: Border, sender: Sender, goods: Numbers, items: int) -> tuple[int, float]:
    """How many items a sender checks, and what that and the leaks left over cost it."""
    police, inspection = border.rates.security_police, border.rates.self_inspection
    wary = sender.leak_wariness.factor(border.t, border.rates.learning.wariness_memory)
    heard = sender.sector.searches[sender.size.number].rate
    what_it_costs = (
        goods.leak_rate,
        inspection.effectiveness,
        police.find_rate * personal_belief(heard, sender.caution * wary),
        leak_loss(
            police.leak_loss_usual, police.leak_loss_campaign, border.orders.intensity[SECURITY]
        ),
        inspection.minute_cost,
        goods.minutes,
    )
    checked = items_to_check(items, sender.spot_check, *what_it_costs)
    return checked, checking_cost(checked, items, *what_it_costs)


def _transport(border: Border, sender: Sender, route: Route, worth: float) -> float:
    """What the way itself costs: a share of the goods' worth that the river's level changes."""
    share = route.kind.crossing_cost
    if route.channel == RIVER:
        river, water = border.rates.river, border.water[sender.sector.number]
        share = crossing_cost(share, water.stage, river.stage_cost, water.frozen, river.ice_factor)
    return worth * share


def _expected_fee(
    border: Border, sender: Sender, route: Route, worth: float, surplus: float
) -> float | None:
    """What a sender expects to pay officials on a route; None if the guard will not have it."""
    if route.channel == RIVER and border.rates.guards.present:
        bribe = guard_bribe(border, sender, worth, surplus, 1.0)
        return bribe if bribe >= 0.0 else None
    if route.channel == CUSTOMS:
        customs = border.rates.customs
        return sum(customs_payment(worth, customs.duty, customs.bribe_share))
    return 0.0


def guard_bribe(
    border: Border, sender: Sender, worth: float, surplus: float, strictness: float
) -> float:
    """What a guard and a sender agree on; below 0 if they do not."""
    guards = border.rates.guards
    risk = guard_risk(border, sender.sector)
    least = reservation_price(risk, guards.penalty, guards.effort * worth, strictness)
    return agreed_bribe(surplus, least, guards.bargaining_share)


def guard_risk(border: Border, sector: Sector) -> float:
    """A guard's chance of being held responsible; nobody looks without security police."""
    if not border.rates.security_police.present:
        return 0.0
    return held_responsible(liability(border), sector.finds.rate)


def liability(border: Border) -> float:
    """Today's chance that a leak which is found is laid at the guard's door."""
    guards = border.rates.guards
    chance = guards.liability_usual + guards.liability_campaign * border.orders.intensity[GUARD]
    return min(1.0, chance)
