"""A sender's plan: which way to go and how much to check, or to stay home."""

from __future__ import annotations

from dataclasses import dataclass

from tests.twin.border import Border
from tests.twin.people import Numbers, Route, Sector, Sender

from amnok.decisions import ROUTE_DRAW
from amnok.mechanisms.customs import CUSTOMS_DRAW, customs_payment
from amnok.mechanisms.guards import (
    agreed_bribe,
    held_responsible,
    load_find_chance,
    reservation_price,
)
from amnok.mechanisms.river import crossing_cost, passable
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, SECURITY
from amnok.mechanisms.security_police import leak_loss
from amnok.mechanisms.self_inspection import checking_cost, items_to_check
from amnok.mechanisms.state_firms import load_shares, off_the_books
from amnok.rules.distributions import driven_chance, gumbel
from amnok.rules.learning import personal_belief
from amnok.rules.routes import route_utility, shared_part
from amnok.vector_math import expm1
from amnok.world.places import AIR, CUSTOMS, INNER, LAND, OUTER, RIVER, SEA

# Options of draws: what of ROUTE and CUSTOMS is not about one of a trader's routes.
_STAYING_HOME = 0xFFFFFFFF
GUARDED = (RIVER, LAND)
_SHARED = 0xFFFFFFFF - 8
_WAY_OPENS = 1

_MOST_ITEMS = 1e9
_LEAST_SCALE = 1e-9


@dataclass(eq=False)
class Plan:
    """A consignment as its sender means to send it; all but route and items in money.

    load: what can leak, in usual consignments; worth: what it costs where it comes from; margin:
    what it brings over that on the other bank; transport: what the way costs; value: the gain
    before anything is paid to officials; least: the least that they take; surplus: the gain over
    what else could be done.
    """

    route: Route
    items: int
    checked: int
    load: float
    worth: float
    margin: float
    transport: float
    value: float
    least: float
    is_guarded: bool
    surplus: float


def open_routes(border: Border, sender: Sender, goods: Numbers) -> list[Route]:
    """The routes of a sender's sector that it can take today with such goods."""
    return [route for route in sender.sector.routes if _is_open(border, sender, route, goods)]


def _is_open(border: Border, sender: Sender, route: Route, goods: Numbers) -> bool:
    water = border.water[sender.sector.number]
    bears = water.frozen and route.channel == RIVER
    is_dry = route.channel in (LAND, AIR)
    if not is_dry and not passable(water.stage, route.kind.flood_stage, bears):
        return False
    # One draw for the way, which opens for all or for none.
    icebound = border.rates.boats.ice if water.frozen and route.kind.by_boat else 0.0
    open_days = route.kind.open[1 if goods.is_import else 0]
    if border.draw(route.number, CUSTOMS_DRAW, _WAY_OPENS) >= open_days * (1.0 - icebound):
        return False
    access = {SEA: sender.sea_access, CUSTOMS: sender.customs_access, AIR: sender.air_access}
    return access.get(route.channel, True)


def best_plan(
    border: Border, sender: Sender, goods: Numbers, routes: list[Route], base_items: float
) -> Plan | None:
    """The best of the open routes, or None to stay home.

    Each route has its utility, with its noise, at the least that its officials take. The guard of
    the best asks for more: a share of its lead over the next best, and of no more than it is worth.

    Args:
        base_items: items before the route's bulk factor.
    """
    offers = []
    for route in routes:
        offered = offer(border, sender, goods, route, base_items)
        if offered is not None:
            offers.append((offered[1] + own_reasons(border, sender, route), offered[0]))
    if not offers:
        return None
    offers.sort(key=lambda one: -one[0])
    utility, plan = offers[0]
    if plan.is_guarded:
        scale = _scale(border, plan.worth)
        if len(offers) > 1:
            plan.surplus = min(plan.value, plan.least + (utility - offers[1][0]) * scale)
        utility -= (guard_bribe(border, sender, plan, 1.0) - plan.least) / scale
    at_home = gumbel(border.draw_option(sender.number, ROUTE_DRAW, _STAYING_HOME))
    return plan if utility > at_home else None


def own_reasons(border: Border, sender: Sender, route: Route) -> float:
    """A sender's own reasons for a route today: those for its channel, and those for it alone."""
    noise = gumbel(border.draw_option(sender.number, ROUTE_DRAW, route.number))
    if sum(other.channel == route.channel for other in sender.sector.routes) == 1:
        return noise
    dissimilarity = border.rates.traders.route_dissimilarity
    group = _SHARED // 4 - route.channel
    u_shape, u_size, _, _ = border.draw4(sender.number, ROUTE_DRAW, group)
    return dissimilarity * noise + shared_part(dissimilarity, u_shape, u_size)


def offer(
    border: Border, sender: Sender, goods: Numbers, route: Route, base_items: float
) -> tuple[Plan, float] | None:
    """A consignment by one route and its utility; None if no guard there would let it pass."""
    papers = papers_of(border, sender, goods, route)
    if papers is not None:
        base_items *= papers.declared + papers.hidden
    items = max(1, int(min(base_items * route.kind.bulk, _MOST_ITEMS) + 0.5))
    origin = OUTER if goods.is_import else INNER
    buying = border.quotes[origin][goods.number][sender.sector.market].price
    selling = border.quotes[1 - origin][goods.number][sender.sector.market].price
    worth, margin = items * buying, items * (selling - buying)
    own = margin - border.rates.traders.partner_share * margin
    checked, leak_cost = _checking(border, sender, goods, items)
    transport = _transport(border, sender, route, worth) + carried(
        border, route, items * goods.kilograms
    )
    wary = sender.loss_wariness.factor(border.t, border.rates.learning.wariness_memory)
    heard_loss, heard_release = (
        heard[sender.size.number].rate for heard in (route.losses, route.releases)
    )
    if route.channel in GUARDED and border.is_inspected(sender.sector, border.t):
        oversight = border.rates.oversight
        heard_loss = 1.0 - (1.0 - heard_loss) * (1.0 - oversight.foreseen * oversight.honest_share)
    risk = personal_belief(heard_loss, sender.caution * wary)
    let_go = personal_belief(heard_release, sender.caution * wary)
    loss, payments = worth + own, let_go * min(sender.size.release_payment, worth)
    if papers is None:
        kilograms = items * goods.kilograms
        dues = _fines(border, sender, route, worth, kilograms, own - transport, wary)
    else:
        duty, fee, penalty = papers.dues(border, worth)
        dues = duty + fee - border.rates.customs.duty * worth + papers.found * penalty
    payments += dues + _tolls(route, goods, worth, risk)
    value = own - transport - leak_cost - (risk * loss + payments)
    is_guarded = route.channel in GUARDED and border.rates.guards.present
    load = items / border.rates.usual_load if goods.leak_rate > 0.0 else 0.0
    least = _least_fee(border, sender, route, worth, load)
    if is_guarded and value < least:
        return None
    scale = _scale(border, worth)
    utility = route_utility(own, transport + leak_cost + payments + least, risk, loss, scale)
    plan = Plan(
        route, items, checked, load, worth, margin, transport, value, least, bool(is_guarded), value
    )
    return plan, utility


@dataclass(frozen=True)
class Papers:
    """What a firm with a permit declares of a full load and what not, the part of what it carries
    that is off the books, and the chance that this is found."""

    declared: float
    hidden: float
    off_books: float
    found: float

    def dues(self, border: Border, worth: float) -> tuple[float, float, float]:
        """Duty, fee, and the penalty if what is off the books is found."""
        firms, on_paper = border.rates.state_firms, (1.0 - self.off_books) * worth
        duty = border.rates.customs.duty * on_paper
        return duty, firms.fee * on_paper, firms.penalty * self.off_books * worth


def papers_of(border: Border, sender: Sender, goods: Numbers, route: Route) -> Papers | None:
    """The papers of a sender who has a permit, at a bridge.

    Of all shares the best: where nothing more is worth declaring or hiding at the margin.
    """
    if route.channel != CUSTOMS or not sender.has_permit:
        return None
    firms, customs = border.rates.state_firms, border.rates.customs
    market, origin = sender.sector.market, OUTER if goods.is_import else INNER
    buying = border.quotes[origin][goods.number][market].price
    selling = border.quotes[1 - origin][goods.number][market].price
    margin = selling - buying
    own = margin - border.rates.traders.partner_share * margin
    gain = own / buying - _transport(border, sender, route, 1.0) - customs.bribe_share
    intensity = border.orders_in(sender.sector).intensity[CUSTOMS_OFFICE]
    looked = driven_chance(firms.look_base, firms.look_boost, intensity, 1.0)
    quota = 0.0 if goods.is_sanctioned else firms.quota
    declared, hidden = load_shares(
        gain - customs.duty - firms.fee, gain, quota, looked * firms.penalty
    )
    return Papers(declared, hidden, off_the_books(declared, hidden, quota), looked * hidden)


def _tolls(route: Route, goods: Numbers, worth: float, risk: float) -> float:
    """What a sender expects to pay to those who tax passage, on the far bank if not stopped."""
    near, far = (OUTER, INNER) if goods.is_import else (INNER, OUTER)
    means = [
        sum(chance * share for chance, share in zip(*takers, strict=True))
        for takers in zip(route.kind.toll_chance, route.kind.toll_share, strict=True)
    ]
    return float(worth * (means[near] + (1.0 - risk) * means[far]))


def _fines(
    border: Border,
    sender: Sender,
    route: Route,
    worth: float,
    kilograms: float,
    gain: float,
    wary: float,
) -> float:
    """What a sender expects fines on a route to cost, with the trips missed without a vehicle."""
    fines = border.rates.fines
    if not fines.present:
        return 0.0
    believed = personal_belief(route.fines[sender.size.number].rate, sender.caution * wary)
    payment = fines.worth_share * worth + fines.per_kilogram * kilograms
    days = 1.0 / expm1(1.0 / fines.impound_days) if fines.impound_days > 0.0 else 0.0
    missed = fines.impounded * days * sender.size.shipping_rate * max(0.0, gain)
    cost: float = believed * (payment + missed)
    return cost


def _scale(border: Border, worth: float) -> float:
    """The money that one unit of utility is worth."""
    return max(border.rates.traders.choice_noise * worth, _LEAST_SCALE)


def _checking(border: Border, sender: Sender, goods: Numbers, items: int) -> tuple[int, float]:
    """How many items a sender checks, and what that and the leaks left over cost it."""
    police, inspection = border.rates.security_police, border.rates.self_inspection
    intensity = border.orders_in(sender.sector).intensity[SECURITY]
    wary = sender.leak_wariness.factor(border.t, border.rates.learning.wariness_memory)
    heard = sender.sector.searches[sender.size.number].rate
    what_it_costs = (
        goods.leak_rate * police.find_rate,
        inspection.effectiveness,
        personal_belief(heard, sender.caution * wary),
        leak_loss(police.leak_loss_usual, police.leak_loss_campaign, intensity),
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
        wading = 1.0 if route.kind.by_boat else border.rates.boats.wading
        rise = river.stage_cost * wading
        share = crossing_cost(share, water.stage, rise, water.frozen, river.ice_factor)
    return worth * (share + route.kind.detour)


def carried(border: Border, route: Route, kilograms: float) -> float:
    """What hired carriers get for such a weight."""
    cost: float = border.rates.carriers.share * route.kind.carrying * kilograms
    return cost


def _least_fee(border: Border, sender: Sender, route: Route, worth: float, load: float) -> float:
    """The least that officials on a route take."""
    if route.channel in GUARDED and border.rates.guards.present:
        return _reservation(border, sender, route, worth, load, 1.0)
    if route.channel == CUSTOMS:
        customs = border.rates.customs
        return sum(customs_payment(worth, customs.duty, customs.bribe_share))
    return 0.0


def _reservation(
    border: Border, sender: Sender, route: Route, worth: float, load: float, strictness: float
) -> float:
    guards, deals = border.rates.guards, border.rates.camera_deals
    effort = guards.effort
    if route.kind.fixed_cameras + route.kind.rotating_cameras > 0.0:
        effort += deals.share * deals.fee
    risk = guard_risk(border, sender.sector, load)
    return reservation_price(risk, guards.penalty, effort * worth, strictness)


def guard_bribe(border: Border, sender: Sender, plan: Plan, strictness: float) -> float:
    """What a guard and a sender agree on; below 0 if they do not."""
    least = _reservation(border, sender, plan.route, plan.worth, plan.load, strictness)
    return agreed_bribe(plan.surplus, least, border.rates.guards.bargaining_share)


def guard_risk(border: Border, sector: Sector, load: float) -> float:
    """A guard's chance of being held responsible for so many usual loads; nobody looks without
    security police."""
    if not border.rates.security_police.present:
        return 0.0
    return held_responsible(liability(border, sector), load_find_chance(sector.finds.rate, load))


def liability(border: Border, sector: Sector) -> float:
    """Today's chance that a leak which is found is laid at the guard's door."""
    guards = border.rates.guards
    intensity = border.orders_in(sector).intensity[GUARD]
    chance = guards.liability_usual + guards.liability_campaign * intensity
    is_outer = border.orders_in(sector).bank[GUARD] == OUTER
    return 0.0 if is_outer else min(1.0, max(0.0, chance))
