"""After the last consignment: quotas are filled, prices move, people learn."""

from __future__ import annotations

from collections.abc import Sequence

from tests.twin.border import Border, expected_fine, expected_release, gains, planned_effort
from tests.twin.hearsay import listen
from tests.twin.meetings import arrest_partner
from tests.twin.people import Numbers, Partner, Patrolling, Quote, Sector, Status

from amnok.mechanisms.guards import strict_share
from amnok.mechanisms.oversight import PURGE_DRAW, followed_up
from amnok.mechanisms.quota import QUOTA_DRAW, cost_to_bring_in, quota_due
from amnok.mechanisms.roles import GUARD, PATROL, POLICE, SECURITY
from amnok.mechanisms.supply import readiness
from amnok.rules.learning import discounted
from amnok.rules.markets import (
    buying_price,
    crossing_quantity,
    other_quantity,
    relative_quantity,
    selling_price,
    smoothed,
)
from amnok.rules.routes import effort_on_route
from amnok.rules.smoothing import drawn_towards
from amnok.world.places import INNER, LAND, OUTER, RIVER

_LEAST_SEASON = 0.05
_OF_SECTORS = 1  # option of PURGE


# Quotas


def fill_quotas(border: Border) -> None:
    """The police of each sector arrest as many as are due by tonight, if they are to be found."""
    for sector in border.sectors:
        quota = sector.quota
        if border.month_start:
            open_arrests = max(0.0, quota.asked - quota.filled)
            quota.carried = open_arrests % 1.0  # whole persons are written off
            quota.filled = 0
        quota.asked = quota.carried + _due_this_month(border, sector)
        for partner, u_prison in _cheapest(border, sector, int(quota.asked - quota.filled)):
            events = border.counts.events[sector.number][POLICE][partner.size.number]
            events.stops += 1
            events.detections += 1
            arrest_partner(border, partner, POLICE, u_prison)
            quota.filled += 1


def _due_this_month(border: Border, sector: Sector) -> float:
    """Arrests due by tonight, by the number of partners who are still in the trade."""
    rates, orders = border.rates.quota, border.orders_in(sector)
    people = border.counts.people[sector.number][OUTER]
    traders = sum(each.free + each.detained + each.imprisoned for each in people)
    month = rates.arrests * traders / 1000.0
    month *= max(0.0, 1.0 + rates.boost * orders.intensity[POLICE])
    return quota_due(month, orders.month_share, rates.late_push)


def _cheapest(border: Border, sector: Sector, wanted: int) -> list[tuple[Partner, float]]:
    """So many of the known who are free and not too dear, the cheapest first, with a draw each."""
    if wanted < 1:
        return []
    offers, aim = [], border.orders_in(sector).aim
    for partner in border.partners:
        is_known = border.t < partner.known_until
        if partner.sector is sector and partner.status == Status.FREE and is_known:
            _, u_prison, _, _ = border.draw4(partner.number, QUOTA_DRAW)
            cost = cost_to_bring_in(
                partner.size.bring_in_cost * (1.0 - aim[partner.size.number]),
                partner.is_protected,
                border.rates.protection.premium,
                partner.found_at,
            )
            if cost <= border.rates.quota.highest_cost:
                offers.append((cost, partner.number, partner, u_prison))
    offers.sort(key=lambda offer: offer[:2])
    return [(partner, u_prison) for _, _, partner, u_prison in offers[:wanted]]


# Markets


def move_prices(border: Border) -> None:
    """Smooth today's quantities; in the spin-up learn which are usual, then let prices answer.

    The spin-up's first third is for beliefs to settle, and tells nothing about what is usual.
    """
    spin_up, settled = border.world.spin_up, border.world.spin_up // 3
    for goods in border.goods:
        season = max(border.season[goods.number], _LEAST_SEASON)
        for side in (INNER, OUTER):
            for market, quote in enumerate(border.quotes[side][goods.number]):
                quantity = _traded(border, side, goods, market)
                quote.quantity = smoothed(quote.quantity, quantity, border.rates.prices.smoothing)
                if border.t >= spin_up:
                    share = border.border_share[side][goods.number][market]
                    _move_price(border, side, goods, quote, season, share)
                elif border.t >= settled:
                    quote.reference += quantity / season / (spin_up - settled)


def follow_gains(border: Border) -> None:
    """People bring more to the border of what gains more than usual, less of what gains less."""
    supply = border.rates.supply
    if not supply.present or border.t < border.world.spin_up:
        return
    for goods in border.goods:
        ready = border.readiness[goods.number]
        for market, gain in enumerate(gains(border.quotes, goods)):
            usual = border.usual_gains[goods.number][market]
            wanted = readiness(gain, usual, supply.response, supply.most)
            ready[market] = drawn_towards(ready[market], wanted, supply.days)


def _traded(border: Border, side: int, goods: Numbers, market: int) -> float:
    """Items that crossed for a market today; on the inner bank they count where they end up, or
    come from."""
    total = 0.0
    for sector in border.sectors:
        crossed = border.counts.goods[sector.number][goods.number].goods_items_crossed
        if side == INNER:
            total += border.feeds[int(goods.is_import)][market][sector.market] * crossed
        elif sector.market == market:
            total += crossed
    return total


def _move_price(
    border: Border, side: int, goods: Numbers, quote: Quote, season: float, share: float
) -> None:
    """The price follows what crosses and what else is traded; the latter then follows the price."""
    prices = border.rates.prices
    crossing = crossing_quantity(quote.quantity, quote.reference * season, share)
    relative = relative_quantity(crossing, quote.other)
    if side == (OUTER if goods.is_import else INNER):
        elasticity = prices.elasticity_buying
        quote.price = buying_price(goods.value, relative, elasticity)
    else:
        elasticity = prices.elasticity_selling
        quote.price = selling_price(goods.value * goods.markup, relative, elasticity)
    response = prices.elasticity_other / elasticity
    quote.other = other_quantity(quote.other, crossing, share, response, prices.adjustment)


# Learning


def learn(border: Border) -> None:
    """Word of mouth about today; lost posts are filled; agencies go where they found most."""
    plan = planned_effort(border.world, min(border.t + 1, len(border.world.days) - 1))
    for sector in border.sectors:
        _count_searches(border, sector)
        _count_arrests(border, sector)
        _count_losses(border, sector)
        follow = border.follow[sector.number]
        searches, patrols = zip(*(plan[route.number] for route in sector.routes), strict=True)
        _spread([route.searches for route in sector.routes], searches, follow[SECURITY])
        _spread([route.patrols for route in sector.routes], patrols, follow[PATROL])
    if border.rates.word_of_mouth.present:
        listen(border)
    _conclude(border)
    for route in border.routes:
        # New guards are strict from tomorrow on.
        removed = float(border.posts_lost.count(route))
        days = border.rates.guards.strict_days
        route.strict = strict_share(route.strict, removed, route.guards, days)


def oversee(border: Border) -> None:
    """Guards are exchanged, inspected after leaks or by date, and lose their posts."""
    oversight = border.rates.oversight
    if not oversight.present:
        return
    tomorrow = min(border.t + 1, len(border.world.days) - 1)
    interval = int(oversight.rotation_days + 0.5)
    for sector in border.sectors:
        counts, was_on = border.counts.sector[sector.number], border.is_inspected(sector, border.t)
        counts.inspection_days += was_on
        senders = sector.finds.traders
        cases = 1000.0 * (counts.leak_cases / senders) if senders > 0.0 else 0.0
        chance = followed_up(oversight.inspection_chance, cases)
        if border.draw4(sector.number, PURGE_DRAW, _OF_SECTORS)[0] < chance:
            until = border.t + 1 + int(oversight.inspection_days + 0.5)
            sector.inspected_until = max(sector.inspected_until, until)
        shares = []
        if interval > 0 and (border.day + 1) % interval == 0:
            shares.append(oversight.rotation_share)
        if border.is_inspected(sector, tomorrow) and not was_on:
            shares.append(oversight.removed_share)
        for route in sector.routes:
            for share in shares if route.channel in (RIVER, LAND) else ():
                route.strict = min(1.0, route.strict + share * (1.0 - route.strict))


def _count_searches(border: Border, sector: Sector) -> None:
    learning, flows = border.rates.learning, border.counts.flow
    for size, belief in enumerate(sector.searches):
        flow = [flows[route.number][size] for route in sector.routes]
        attempts = sum(each.attempts for each in flow)
        searches = sum(each.searches for each in flow)
        belief.count(searches, attempts, learning)
    sent = zip(border.goods, border.counts.goods[sector.number], strict=True)
    leaking = [one.goods_items_attempted for kind, one in sent if kind.leak_rate > 0.0]
    loads = sum(items / border.rates.usual_load for items in leaking)
    leak_cases = border.counts.sector[sector.number].leak_cases
    sector.finds.count(leak_cases, loads, learning)


def _count_arrests(border: Border, sector: Sector) -> None:
    learning, events = border.rates.learning, border.counts.events[sector.number]
    for size, belief in enumerate(sector.arrests):
        arrests = events[PATROL][size].arrests + events[POLICE][size].arrests
        if border.orders_in(sector).bank[GUARD] == OUTER:
            arrests += events[GUARD][size].arrests
        free = border.counts.people[sector.number][OUTER][size].free
        belief.count(arrests, free, learning)


def _count_losses(border: Border, sector: Sector) -> None:
    """Consignments are lost, or their senders have to pay to be released."""
    learning = border.rates.learning
    for route in sector.routes:
        flows = border.counts.flow[route.number]
        for belief, flow in zip(route.losses, flows, strict=True):
            belief.count(flow.losses, flow.attempts, learning)
        for belief, flow in zip(route.releases, flows, strict=True):
            belief.count(flow.released, flow.attempts, learning)
        for belief, flow in zip(route.fines, flows, strict=True):
            if border.rates.fines.present:
                belief.count(flow.fined, flow.attempts, learning)
        searches = float(sum(flow.searches for flow in flows))
        intercepts = float(sum(flow.intercepts for flow in flows))
        memory = learning.memory
        route.searches.finds = discounted(route.searches.finds, searches, memory)
        route.patrols.finds = discounted(route.patrols.finds, intercepts, memory)


def _conclude(border: Border) -> None:
    """What each comes to believe, now that all is counted and told."""
    learning = border.rates.learning
    for sector in border.sectors:
        for belief in sector.searches:
            belief.conclude(learning.prior_search, learning)
        for belief in sector.arrests:
            belief.conclude(learning.prior_arrest, learning)
        sector.finds.conclude(learning.prior_find, learning)
    for route in border.routes:
        for belief in route.losses:
            belief.conclude(learning.prior_loss, learning)
        for belief in route.releases:
            belief.conclude(expected_release(border.rates), learning)
        for belief in route.fines:
            if border.rates.fines.present:
                belief.conclude(expected_fine(border.rates), learning)


def _spread(agency: list[Patrolling], plan: Sequence[float], follow: float) -> None:
    """An agency's effort on the routes of a sector tomorrow; `plan` is what is planned for each."""
    mean = 0.0
    for here in agency:
        mean += here.finds / len(agency)
    for here, planned in zip(agency, plan, strict=True):
        here.effort = effort_on_route(planned, follow, here.finds, mean)
