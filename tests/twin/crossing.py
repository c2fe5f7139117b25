"""People's day: partners in the morning, then sender by sender whatever they do.

Consignments go one after the other, in the order of their senders: what happens to a partner in
the morning keeps that partner from the next sender.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.twin.border import Border
from tests.twin.counts import Counted
from tests.twin.living import think_it_over
from tests.twin.meetings import (
    Fate,
    Trip,
    arrest_partner,
    call_partner,
    meet_customs,
    meet_guard,
    meet_patrol,
    meet_security,
    open_file,
    partner_counts,
    tap_sender,
)
from tests.twin.people import Numbers, Partner, Sender, Status, Trader, Waiting
from tests.twin.planning import Plan, best_plan, carried, open_routes, papers_of

from amnok.decisions import HALT_DRAW, OPPORTUNITY_DRAW, PACKING_DRAW, RELEASE_DRAW
from amnok.mechanisms.oversight import PURGE_DRAW
from amnok.mechanisms.protection import buys_protection
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, POLICE, SECURITY
from amnok.mechanisms.security_police import investigation_chance
from amnok.mechanisms.targeting import CASE_DRAW
from amnok.mechanisms.tolls import TOLL_DRAW
from amnok.rules.calendar import kept_home
from amnok.rules.distributions import binomial, normal_quantile
from amnok.vector_math import exp
from amnok.world.places import CUSTOMS, INNER, LAND, OUTER, RIVER

_DAYS_IN_MONTH = 30.0


def release_due(border: Border, trader: Trader) -> None:
    """Release those whose time is up: they take up the trade again, or leave it for good."""
    if trader.status in (Status.DETAINED, Status.IMPRISONED) and border.t >= trader.until:
        u_return = border.draw(trader.number, RELEASE_DRAW)
        returns = u_return < border.rates.traders.return_share
        trader.status = Status.FREE if returns else Status.GONE


def partner_morning(border: Border, partner: Partner) -> None:
    """A partner's morning: on the first of the month it may pay the police to be left alone."""
    partner.taken = 0
    release_due(border, partner)
    is_purged = border.world.inspected[border.t, OUTER, partner.sector.number]
    if is_purged:
        purge(border, partner)
    build_case(border, partner)
    if partner.status != Status.FREE:
        return
    size, effect = partner.size, border.rates.protection.effect
    daily_risk = partner.sector.arrests[size.number].rate
    risk = min(1.0, _DAYS_IN_MONTH * daily_risk * partner.caution)
    if border.month_start and partner.protection_access and not is_purged:
        partner.is_protected = buys_protection(risk, size.arrest_loss, effect, size.protection_fee)
        if partner.is_protected:
            partner.cash -= size.protection_fee
            border.counts.bribes[partner.sector.number][size.number].police += size.protection_fee
    if border.month_start:
        if partner.is_protected:
            risk *= 1.0 - effect
        guards_are_here = border.orders_in(partner.sector).bank[GUARD] == OUTER
        arrests = border.rates.patrols.present or border.rates.quota.present
        arrests = arrests or (border.rates.guards.present and guards_are_here)
        risk_cost = risk * size.arrest_loss if arrests else 0.0
        partner.refuses = monthly_share(border, partner) < risk_cost
    partner_counts(border, partner).partner_free_days += 1


def build_case(border: Border, partner: Partner) -> None:
    """A campaign that aims at traders of this size may take a free one."""
    rate = border.rates.targeting.case_rate
    aim = border.orders_in(partner.sector).aim[partner.size.number]
    u_case, u_prison, _, _ = border.draw4(partner.number, CASE_DRAW)
    if partner.status == Status.FREE and u_case < min(1.0, rate / 1000.0 / _DAYS_IN_MONTH * aim):
        events = border.counts.events[partner.sector.number][POLICE][partner.size.number]
        events.stops += 1
        events.detections += 1
        events.cases += 1
        arrest_partner(border, partner, POLICE, u_prison)


def purge(border: Border, partner: Partner) -> None:
    """The police are purged: who pays them is perhaps arrested with them, and pays no more."""
    sector, pays = partner.sector.number, partner.is_protected
    is_first_day = border.t == 0 or not border.world.inspected[border.t - 1, OUTER, sector]
    if is_first_day and pays and partner.status == Status.FREE:
        u_taken, u_prison, _, _ = border.draw4(partner.number, PURGE_DRAW)
        if u_taken < border.rates.oversight.payers_taken:
            events = border.counts.events[sector][POLICE][partner.size.number]
            events.stops += 1
            events.detections += 1
            border.counts.sector[sector].payers_purged += 1
            arrest_partner(border, partner, POLICE, u_prison)
    partner.is_protected = False


def monthly_share(border: Border, partner: Partner) -> float:
    """What a partner would get for all that its senders bring in a usual month."""
    margin = 0.0
    for goods in border.goods:
        origin = OUTER if goods.is_import else INNER
        here, there = (
            border.quotes[side][goods.number][partner.sector.market].price
            for side in (1 - origin, origin)
        )
        offered = border.world.offered[partner.sector.number, partner.size.number, goods.number]
        margin += float(offered) * (here - there)
    return border.rates.traders.partner_share * margin


def sender_day(border: Border, sender: Sender) -> None:
    """A sender's day: perhaps a file is opened; perhaps there are goods to send."""
    release_due(border, sender)
    if border.rates.entry_exit.present:
        think_it_over(border, sender)
    if sender.status != Status.FREE:
        return
    u_ready, u_watch, u_direction, u_items = border.draw4(sender.number, OPPORTUNITY_DRAW)
    police = border.rates.security_police
    intensity = border.orders_in(sender.sector).intensity[SECURITY]
    if u_watch < investigation_chance(police.watch_base, police.watch_boost, intensity):
        open_file(border, sender)
    has_packed = sender.waiting != Waiting.NOTHING
    if has_packed:
        direction = sender.waiting
    else:
        is_import = u_direction < sender.size.import_share
        direction = Waiting.IMPORT if is_import else Waiting.EXPORT
    goods = sender.import_goods if direction == Waiting.IMPORT else sender.export_goods
    if goods is None:
        return
    readiness = border.readiness[goods.number][sender.sector.market]
    if has_packed or u_ready < sender.size.shipping_rate * border.season[goods.number] * readiness:
        sender.waiting = direction
        base_items = sender.size.items * exp(sender.size.items_spread * normal_quantile(u_items))
        try_to_ship(border, sender, goods, base_items)


def try_to_ship(border: Border, sender: Sender, goods: Numbers, base_items: float) -> None:
    """Packed goods wait for a halt to end, a partner or the river; else the sender decides."""
    waiting = border.counts.sector[sender.sector.number]
    halt = border.orders_in(sender.sector).halt[1 if goods.is_import else 0]
    if halt > 0.0 and kept_home(halt, border.draw(sender.number, HALT_DRAW)):
        waiting.kept_home += 1
        return
    if border.t < sender.impounded_until:
        waiting.no_vehicle += 1
        return
    partner = free_partner(border, sender)
    if partner is None:
        waiting.no_partner += 1
        return
    routes = open_routes(border, sender, goods)
    if not routes:
        waiting.no_passage += 1
        return
    sender.waiting = Waiting.NOTHING
    plan = best_plan(border, sender, goods, routes, base_items)
    if plan is not None:
        ship(border, sender, partner, goods, plan)


def free_partner(border: Border, sender: Sender) -> Partner | None:
    """The first of a sender's partners who can take a consignment now."""
    for partner in sender.partners:
        is_about = partner.status == Status.FREE and border.t >= partner.low_until
        is_about = is_about and not partner.refuses
        if is_about and partner.taken < partner.size.capacity:
            return partner
    return None


def ship(border: Border, sender: Sender, partner: Partner, goods: Numbers, plan: Plan) -> None:
    """Check, pack, call the partner, set out; then settle what came of it."""
    packed, removed = pack(border, sender, goods, plan)
    trip = Trip(sender, partner, goods, plan, packed - removed)
    partner.taken += 1
    flow = border.counts.flow[plan.route.number][sender.size.number]
    book_attempt(border, trip, flow, removed)
    call_partner(border, trip)
    banks = (OUTER, INNER) if goods.is_import else (INNER, OUTER)
    pay_tolls(border, trip, banks[0])
    fate = cross(border, trip)
    tap_sender(border, sender)  # a file bears on later trips
    if fate == Fate.PASSED:
        pay_tolls(border, trip, banks[1])
    if fate == Fate.PASSED:
        settle_crossing(border, trip, flow)
    elif fate == Fate.TURNED_BACK:
        sender.waiting = Waiting.IMPORT if goods.is_import else Waiting.EXPORT
        flow.items_turned_back += plan.items
        flow.leaks_held += trip.leaks
    else:
        settle_loss(border, trip, flow)


def pack(border: Border, sender: Sender, goods: Numbers, plan: Plan) -> tuple[int, int]:
    """Leaks among all items, and how many of them the check took out."""
    u_checked, u_removed, u_rest, _ = border.draw4(sender.number, PACKING_DRAW)
    among_checked = binomial(plan.checked, goods.leak_rate, u_checked)
    among_rest = binomial(plan.items - plan.checked, goods.leak_rate, u_rest)
    effectiveness = border.rates.self_inspection.effectiveness
    return among_checked + among_rest, binomial(among_checked, effectiveness, u_removed)


def book_attempt(border: Border, trip: Trip, flow: Counted, removed: int) -> None:
    """Count what sets out."""
    plan, place = trip.plan, trip.sender.sector.number
    hours = plan.checked * trip.goods.minutes / 60.0
    flow.attempts += 1
    flow.items_attempted += plan.items
    flow.items_checked += plan.checked
    flow.checking_hours += hours
    flow.leaks_packed += trip.leaks + removed
    flow.leaks_removed += removed
    moved = border.counts.goods[place][trip.goods.number]
    moved.goods_attempts += 1
    moved.goods_items_attempted += plan.items
    moved.goods_items_checked += plan.checked
    moved.goods_checking_hours += hours
    partner_counts(border, trip.partner).partner_attempts += 1
    if not trip.goods.is_import:
        was_investigated = trip.sender.investigated >= 0
        exports = border.counts.exports[place][was_investigated]
        exports.export_attempts += 1
        exports.export_items += plan.items
        exports.export_items_checked += plan.checked


def pay_tolls(border: Border, trip: Trip, bank: int) -> None:
    """Each of those who tax passage on a bank may be there, and takes a share of the worth."""
    kind, place = trip.plan.route.kind, trip.sender.sector.number
    draws = border.draw4(trip.sender.number, TOLL_DRAW, bank)
    takers = zip(draws, kind.toll_chance[bank], kind.toll_share[bank], strict=True)
    paid = sum(share * trip.plan.worth for u, chance, share in takers if u < chance)
    if paid > 0.0:
        trip.sender.cash -= paid
        border.counts.flow[trip.plan.route.number][trip.sender.size.number].tolled += 1
        accounts = border.counts.accounts[place]
        if bank == INNER:
            accounts.tolls_inner += paid
        else:
            accounts.tolls_outer += paid


def cross(border: Border, trip: Trip) -> Fate:
    """Meet everyone on the way: exports the inner bank's officials first, imports the outer's."""
    rates, channel = border.rates, trip.plan.route.channel
    is_guarded = channel in (RIVER, LAND) and rates.guards.present
    stands = border.orders_in(trip.sender.sector).bank
    met: dict[int, list[Callable[[Border, Trip], Fate]]] = {INNER: [], OUTER: []}
    if is_guarded:
        met[stands[GUARD]].append(meet_guard)
    met[INNER].append(meet_security)
    if channel != CUSTOMS:
        met[OUTER].append(meet_patrol)
    elif rates.customs.present:
        met[stands[CUSTOMS_OFFICE]].append(meet_customs)
    inner_bank, outer_bank = met[INNER], met[OUTER]
    way = outer_bank + inner_bank if trip.goods.is_import else inner_bank + outer_bank
    for meet in way:
        fate = meet(border, trip)
        if fate != Fate.PASSED:
            return fate
    return Fate.PASSED


def settle_crossing(border: Border, trip: Trip, flow: Counted) -> None:
    """The goods are sold; the partner gets its share of the margin."""
    plan, place = trip.plan, trip.sender.sector.number
    share = border.rates.traders.partner_share * plan.margin
    revenue = plan.worth + plan.margin
    trip.sender.cash += (plan.margin - share) - plan.transport
    trip.partner.cash += share
    accounts = border.counts.accounts[place]
    accounts.revenue += revenue
    accounts.purchases += plan.worth
    accounts.transport_costs += plan.transport
    accounts.sender_gains += (plan.margin - share) - plan.transport
    if border.rates.carriers.present:
        kilograms = plan.items * trip.goods.kilograms
        accounts.carrying_fees += carried(border, plan.route, kilograms)
    flow.crossings += 1
    flow.items_crossed += plan.items
    flow.value_crossed += revenue
    flow.leaks_through += trip.leaks
    if trip.goods.is_sanctioned:
        flow.sanctioned_value += revenue
    moved = border.counts.goods[place][trip.goods.number]
    moved.goods_items_crossed += plan.items
    moved.goods_value_crossed += revenue
    if plan.route.channel == CUSTOMS:
        moved.goods_value_customs += revenue
        papers = papers_of(border, trip.sender, trip.goods, plan.route)
        if papers is not None:
            moved.goods_value_off_books += papers.off_books * revenue
    partner_counts(border, trip.partner).partner_crossings += 1


def settle_loss(border: Border, trip: Trip, flow: Counted) -> None:
    """The goods are gone, and their sender is wary of losses."""
    sender, plan = trip.sender, trip.plan
    sender.cash -= plan.worth + plan.transport
    sender.loss_wariness.begin(border.rates.learning.bad_event_wariness, border.t)
    accounts = border.counts.accounts[sender.sector.number]
    accounts.purchases += plan.worth
    accounts.transport_costs += plan.transport
    accounts.sender_gains -= plan.worth + plan.transport
    if border.rates.carriers.present:
        kilograms = plan.items * trip.goods.kilograms
        accounts.carrying_fees += carried(border, plan.route, kilograms)
    flow.losses += 1
    flow.items_seized_by_route += plan.items
    flow.leaks_held += trip.leaks


def count_people(border: Border) -> None:
    """Where everyone is at the end of the day."""
    t, scrutiny_days = border.t, border.rates.security_police.scrutiny_days
    for sender in border.senders:
        _count_status(border, sender, INNER)
        people = border.counts.people[sender.sector.number][INNER][sender.size.number]
        people.under_scrutiny += t - sender.investigated <= scrutiny_days
    for partner in border.partners:
        _count_status(border, partner, OUTER)
        people = border.counts.people[partner.sector.number][OUTER][partner.size.number]
        people.lying_low += t < partner.low_until
        people.known += t < partner.known_until
        people.protected += partner.is_protected
        people.refusing += partner.status == Status.FREE and partner.refuses


def _count_status(border: Border, trader: Trader, side: int) -> None:
    people = border.counts.people[trader.sector.number][side][trader.size.number]
    people.free += trader.status == Status.FREE
    people.detained += trader.status == Status.DETAINED
    people.imprisoned += trader.status == Status.IMPRISONED
    people.gone += trader.status == Status.GONE
    people.away += trader.status == Status.AWAY
