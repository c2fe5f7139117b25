"""Meetings on the way: what officials do to a consignment and to the people behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from tests.twin.border import Border
from tests.twin.counts import Counted
from tests.twin.people import Numbers, Partner, Sector, Sender, Status, Trader
from tests.twin.planning import Papers, Plan, guard_bribe, liability, papers_of

from amnok.decisions import RELEASE_DRAW
from amnok.mechanisms.cameras import CAMERA_DRAW, seen_by_cameras
from amnok.mechanisms.customs import CUSTOMS_DRAW, customs_payment, customs_stop_chance
from amnok.mechanisms.fines import FINE_DRAW
from amnok.mechanisms.patrols import PATROL_DRAW, intercept_chance, let_go_chance
from amnok.mechanisms.phones import PHONE_DRAW, monitoring_level, noticed_chance, question_chance
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, PATROL, POLICE, SECURITY
from amnok.mechanisms.security_police import SEARCH_DRAW, search_chance
from amnok.rules.distributions import binomial, exponential_days
from amnok.world.places import LAND, OUTER, RIVER

_LENGTH_OF_TERM = 1  # option of RELEASE, whose option 0 decides who returns


class Fate(Enum):
    """What a meeting leaves of a consignment."""

    PASSED = "goes on"
    TURNED_BACK = "stays with its sender"
    LOST = "is seized"


@dataclass(frozen=True, eq=False)
class Trip:
    """Whose consignment is on the way, to whom, of what, and with how many leaks."""

    sender: Sender
    partner: Partner
    goods: Numbers
    plan: Plan
    leaks: int


def _flow(border: Border, trip: Trip) -> Counted:
    return border.counts.flow[trip.plan.route.number][trip.sender.size.number]


def _events(border: Border, role: int, trader: Trader) -> Counted:
    return border.counts.events[trader.sector.number][role][trader.size.number]


def partner_counts(border: Border, partner: Partner) -> Counted:
    """The counts of partners of this one's size who pay for protection, or do not."""
    by_size = border.counts.partners[partner.sector.number]
    return by_size[partner.size.number][partner.is_protected]


def _seize(events: Counted, plan: Plan) -> None:
    events.items_seized += plan.items
    events.value_seized += plan.worth


def open_file(border: Border, sender: Sender) -> None:
    """The security police investigate a sender, who is wary of leaks from then on."""
    sender.investigated = border.t
    sender.leak_wariness.begin(border.rates.learning.investigated_wariness, border.t)
    _events(border, SECURITY, sender).investigations += 1


def detain(border: Border, trader: Trader, status: Status, mean_days: float) -> None:
    """Lock a trader up from today on, for at least a day."""
    u_term = border.draw(trader.number, RELEASE_DRAW, _LENGTH_OF_TERM)
    trader.status = status
    trader.arrests += border.day >= 0
    trader.until = border.t + 1 + exponential_days(mean_days, u_term)


def arrest_partner(border: Border, partner: Partner, role: int, u_prison: float) -> None:
    """An outer-side trader is arrested: detained, or now and then imprisoned."""
    quota, events = border.rates.quota, _events(border, role, partner)
    events.arrests += 1
    partner_counts(border, partner).partner_arrests += 1
    if u_prison < quota.prison_share:
        events.imprisonments += 1
        detain(border, partner, Status.IMPRISONED, quota.prison_days)
    else:
        detain(border, partner, Status.DETAINED, quota.detention_days)


def monitoring(border: Border, sector: Sector) -> float:
    """Share of calls in a sector that are listened to today."""
    phones = border.rates.phones
    intensity = border.orders_in(sector).intensity[POLICE]
    return monitoring_level(phones.monitoring_base, phones.monitoring_boost, intensity)


def call_partner(border: Border, trip: Trip) -> None:
    """The call that arranges a trip may be noticed, and the partner questioned for it."""
    phones, partner = border.rates.phones, trip.partner
    u_noticed, u_question, u_go, _ = border.draw4(trip.sender.number, PHONE_DRAW)
    if u_noticed >= noticed_chance(monitoring(border, partner.sector), phones.calls_noticed):
        return
    partner.known_until = border.t + int(phones.known_days)
    intensity = border.orders_in(partner.sector).intensity[POLICE]
    if u_question >= question_chance(phones.question_base, phones.question_boost, intensity):
        return
    events = _events(border, POLICE, partner)
    events.stops += 1
    if _is_let_go(border, partner, u_go):
        events.let_go += 1
    else:
        events.questionings += 1
        _lie_low(border, partner)


def tapping(border: Border, sector: Sector) -> float:
    """Share of a sector's calls that the security police of the inner bank listen to today."""
    taps = border.rates.inner_phones
    intensity = border.orders_in(sector).intensity[SECURITY]
    return monitoring_level(taps.monitoring_base, taps.monitoring_boost, intensity)


def tap_sender(border: Border, sender: Sender) -> None:
    """The security police may have heard who sent, and open a file on some of those."""
    taps, u = border.rates.inner_phones, border.draw4(sender.number, PHONE_DRAW)[3]
    chance = noticed_chance(tapping(border, sender.sector), taps.calls_noticed)
    if u < chance:
        _events(border, SECURITY, sender).calls_tapped += 1
        if u < chance * taps.file_opened:
            open_file(border, sender)


def _is_let_go(border: Border, partner: Partner, u: float) -> bool:
    effect = border.rates.protection.effect
    aim = border.orders_in(partner.sector).aim[partner.size.number]
    exemption = partner.size.exemption * (1.0 - aim)
    return u < let_go_chance(exemption, partner.is_protected, effect)


def _lie_low(border: Border, partner: Partner) -> None:
    """No more consignments today, nor on the days that follow; this one still goes."""
    partner.low_until = border.t + 1 + int(border.rates.phones.lie_low_days)


def meet_guard(border: Border, trip: Trip) -> Fate:
    """The guard at the river takes a bribe and shares it, sends back, or brings in the sender."""
    guards, plan, sender = border.rates.guards, trip.plan, trip.sender
    _, _, u_accepts, u_strict = border.draw4(sender.number, CAMERA_DRAW)
    dealing = guards.collusion
    if border.is_inspected(sender.sector, border.t):
        dealing *= 1.0 - border.rates.oversight.honest_share
    if u_accepts >= dealing:
        is_outer = border.orders_in(sender.sector).bank[GUARD] == OUTER
        events = _events(border, GUARD, trip.partner if is_outer else sender)
        events.stops += 1
        events.detections += 1
        _seize(events, plan)
        if is_outer:
            arrest_partner(border, trip.partner, GUARD, 1.0)
            return Fate.LOST
        events.arrests += 1
        detain(border, sender, Status.DETAINED, border.rates.security_police.contraband_days)
        return Fate.LOST
    strictness = guards.strict_factor if u_strict < plan.route.strict else 1.0
    bribe = guard_bribe(border, sender, plan, strictness)
    if bribe < 0.0:
        _flow(border, trip).refused += 1
        return Fate.TURNED_BACK
    for_superiors, for_security = bribe * guards.share_superiors, bribe * guards.share_security
    bribes = border.counts.bribes[sender.sector.number][sender.size.number]
    bribes.superiors += for_superiors
    bribes.security_police += for_security
    bribes.guards += bribe - for_superiors - for_security
    sender.cash -= bribe
    _flow(border, trip).guard_bribes += bribe
    return Fate.PASSED


def meet_security(border: Border, trip: Trip) -> Fate:
    """Cameras see, the security police search: more often who was seen or is under scrutiny."""
    police, route, sender = border.rates.security_police, trip.plan.route, trip.sender
    u_seen, u_search, _, _ = border.draw4(sender.number, CAMERA_DRAW)
    factor = 1.0
    if u_seen < _seen_chance(border, sender.sector, route.kind):
        _flow(border, trip).seen_by_camera += 1
        factor *= police.flag_factor
    if border.t - sender.investigated <= police.scrutiny_days:
        factor *= police.scrutiny_factor
    if u_search >= search_chance(
        police.search_base,
        police.search_boost,
        border.orders_in(sender.sector).intensity[SECURITY],
        route.searches.effort,
        route.kind.search_exposure,
        factor,
    ):
        return Fate.PASSED
    _flow(border, trip).searches += 1
    _events(border, SECURITY, sender).stops += 1
    return _search(border, trip)


def _seen_chance(border: Border, sector: Sector, kind: Numbers) -> float:
    cameras, installed = border.rates.cameras, border.orders_in(sector).camera_level
    bought_off = border.rates.camera_deals.share if kind.channel in (RIVER, LAND) else 0.0
    return (1.0 - bought_off) * seen_by_cameras(
        kind.fixed_cameras * installed,
        kind.rotating_cameras * installed,
        cameras.period,
        cameras.visible_share,
        cameras.exposed,
    )


def _search(border: Border, trip: Trip) -> Fate:
    """A leak found means prison; contraband alone means a payment, or some days in a cell."""
    police, sender = border.rates.security_police, trip.sender
    u_find, u_detain, u_file, u_guard = border.draw4(sender.number, SEARCH_DRAW)
    found = binomial(trip.leaks, police.find_rate, u_find)
    if found > 0 or u_file < police.file_opened:
        open_file(border, sender)
    if found > 0:
        _book_leak(border, trip, found, u_guard)
    if found == 0 and u_detain >= police.detain_contraband:
        payment = min(sender.size.release_payment, trip.plan.worth)
        sender.cash -= payment
        bribes = border.counts.bribes[sender.sector.number][sender.size.number]
        bribes.security_police += payment
        _flow(border, trip).released += 1
        return Fate.PASSED
    events = _events(border, SECURITY, sender)
    events.arrests += 1
    events.detections += 1
    _seize(events, trip.plan)
    if found > 0:
        events.imprisonments += 1
        detain(border, sender, Status.IMPRISONED, police.leak_days)
    else:
        detain(border, sender, Status.DETAINED, police.contraband_days)
    return Fate.LOST


def _book_leak(border: Border, trip: Trip, found: int, u_guard: float) -> None:
    """A leak came to light; the guard of the route may lose the post for it."""
    finds = border.counts.sector[trip.sender.sector.number]
    finds.leak_cases += 1
    _flow(border, trip).leaks_found += found
    if u_guard < liability(border, trip.sender.sector):
        finds.guards_removed += 1
        border.posts_lost.append(trip.plan.route)


def meet_patrol(border: Border, trip: Trip) -> Fate:
    """A patrol on the outer bank lets the partner go, or seizes the goods and takes it along."""
    rates, partner, route = border.rates, trip.partner, trip.plan.route
    u_meet, u_go, u_arrest, u_prison = border.draw4(trip.sender.number, PATROL_DRAW)
    if u_meet >= intercept_chance(
        rates.patrols.intercept_base,
        rates.patrols.intercept_boost,
        border.orders_in(partner.sector).intensity[PATROL],
        route.patrols.effort,
        route.kind.patrol_exposure,
    ):
        return Fate.PASSED
    _flow(border, trip).intercepts += 1
    events = _events(border, PATROL, partner)
    events.stops += 1
    if _is_let_go(border, partner, u_go):
        events.let_go += 1
        return Fate.PASSED
    events.detections += 1
    fate = fined(border, trip, events)
    if fate is not None:
        return fate
    _seize(events, trip.plan)
    if u_arrest < rates.patrols.arrest_share:
        arrest_partner(border, partner, PATROL, u_prison)
    else:
        events.questionings += 1
        partner.known_until = border.t + int(rates.phones.known_days)
        _lie_low(border, partner)
    return Fate.LOST


def _at_customs(border: Border, trip: Trip) -> Trader:
    """Who brings the goods to the customs officers: whoever is at home where they are."""
    is_outer = border.orders_in(trip.sender.sector).bank[CUSTOMS_OFFICE] == OUTER
    return trip.partner if is_outer else trip.sender


def meet_customs(border: Border, trip: Trip) -> Fate:
    """Every load is looked at: some sanctioned ones are stopped, the others pay."""
    customs, sender, plan = border.rates.customs, trip.sender, trip.plan
    events = _events(border, CUSTOMS_OFFICE, _at_customs(border, trip))
    events.stops += 1
    u_stop, papers = (
        border.draw(sender.number, CUSTOMS_DRAW),
        papers_of(border, sender, trip.goods, plan.route),
    )
    if papers is not None:
        show_papers(border, trip, papers, u_stop)
        return Fate.PASSED
    if u_stop < customs_stop_chance(
        customs.stop_base,
        customs.stop_boost,
        border.orders_in(trip.partner.sector).intensity[CUSTOMS_OFFICE],
        trip.goods.is_sanctioned,
        customs.laxity,
    ):
        events.detections += 1
        fate = fined(border, trip, events)
        if fate is not None:
            return fate
        _seize(events, plan)
        return Fate.LOST
    duty, bribe = customs_payment(plan.worth, customs.duty, customs.bribe_share)
    sender.cash -= duty + bribe
    border.counts.accounts[sender.sector.number].duties += duty
    border.counts.bribes[sender.sector.number][sender.size.number].customs += bribe
    return Fate.PASSED


def show_papers(border: Border, trip: Trip, papers: Papers, u: float) -> None:
    """A firm with a permit pays for what it declares, and for the rest if that is found."""
    sender, worth = trip.sender, trip.plan.worth
    duty, fee, penalty = papers.dues(border, worth)
    bribe = border.rates.customs.bribe_share * worth
    accounts = border.counts.accounts[sender.sector.number]
    accounts.duties += duty
    accounts.permit_fees += fee
    border.counts.bribes[sender.sector.number][sender.size.number].customs += bribe
    sender.cash -= duty + fee + bribe
    if u < papers.found:
        _events(border, CUSTOMS_OFFICE, _at_customs(border, trip)).detections += 1
        _flow(border, trip).found_off_books += 1
        accounts.off_books_penalties += penalty
        sender.cash -= penalty


def fined(border: Border, trip: Trip, events: Counted) -> Fate | None:
    """Whoever is caught on the outer bank may pay a fine, which is all that happens to them."""
    fines, sender, plan = border.rates.fines, trip.sender, trip.plan
    u_fine, u_return, u_impound, u_days = border.draw4(sender.number, FINE_DRAW)
    if u_fine >= fines.chance:
        return None
    kilograms = plan.items * trip.goods.kilograms
    payment = fines.worth_share * plan.worth + fines.per_kilogram * kilograms
    sender.cash -= payment
    border.counts.accounts[sender.sector.number].fines += payment
    _flow(border, trip).fined += 1
    if u_impound < fines.impounded:
        _flow(border, trip).impounded += 1
        sender.impounded_until = border.t + 1 + exponential_days(fines.impound_days, u_days)
    if u_return < fines.returned:
        return Fate.PASSED
    _seize(events, plan)
    return Fate.LOST
