"""What a consignment earns and pays on its way: every sum, once.

The day pays these sums, and senders reckon with them, many side by side; `world.trips` puts them
together for those who weigh one trip at a time. The chances are in `world.chances`, whose arguments
are the same; sums are money.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from amnok.compiling import step
from amnok.mechanisms.boats import hindrance
from amnok.mechanisms.camera_deals import effort_with_deals
from amnok.mechanisms.carriers import carrying_fee
from amnok.mechanisms.customs import customs_payment
from amnok.mechanisms.fines import days_without, fine_burden, fine_sum
from amnok.mechanisms.guards import (
    agreed_bribe,
    held_responsible,
    load_find_chance,
    reservation_price,
    sender_surplus,
)
from amnok.mechanisms.river import crossing_cost
from amnok.mechanisms.roles import SECURITY, origin
from amnok.mechanisms.security_police import leak_loss
from amnok.mechanisms.self_inspection import cost_from_logs
from amnok.mechanisms.state_firms import load_shares, off_the_books
from amnok.mechanisms.tolls import expected_toll
from amnok.world.chances import liability, look_probability
from amnok.world.places import CUSTOMS, RIVER
from amnok.world.rates import Records

_MOST_ITEMS = 1e9  # in a consignment, so that extreme parameters stay within whole numbers
_LEAST_SCALE = 1e-9  # of utility (money)


# The way itself.


@step
def transport_ratio(rates: Records, way: Records, stage: float, frozen: bool) -> float:
    """What the crossing itself costs, as a share of the goods' worth; carriers are not in it."""
    river = rates.river
    ratio: float = way.crossing_cost
    if way.channel == RIVER:
        rise = hindrance(river.stage_cost, way.by_boat, rates.boats.wading)
        ratio = crossing_cost(ratio, stage, rise, frozen, river.ice_factor)
    ratio += way.detour
    return ratio


@step
def carrying_cost(rates: Records, way: Records, weight: float) -> float:
    """What hired carriers take for a consignment of such weight (kilograms)."""
    return carrying_fee(weight, rates.carriers.share, way.carrying)


@step
def transport_cost(
    rates: Records, way: Records, ratio: float, worth: float, weight: float
) -> float:
    """What the way costs a consignment of such worth and weight, by its `transport_ratio`."""
    return worth * ratio + carrying_cost(rates, way, weight)


@step
def toll_cost(way: Records, goods: Records, worth: float, lost: float) -> float:
    """What those who tax passage take on average of a consignment that officials stop or seize with
    the chance `lost`."""
    near = origin(goods)
    return expected_toll(worth, way.mean_toll[near], way.mean_toll[1 - near], lost)


@step
def items_carried(base_items: float, bulk: float) -> float:
    """Items of a consignment on a way that takes `bulk` times the usual: whole, at least one."""
    return max(1.0, float(np.floor(min(base_items * bulk, _MOST_ITEMS) + 0.5)))


@step
def spot_check(rates: Records) -> int:
    """Items that senders check by habit, rounded up."""
    return int(-(rates.self_inspection.spot_check // -1.0))


@step
def item_check_cost(rates: Records, goods: Records) -> float:
    """What checking an item costs its sender."""
    cost: float = rates.self_inspection.minute_cost * goods.minutes
    return cost


# Guards, who stand on the ways over the river and over land.


@step
def load_of(rates: Records, goods: Records, items: float) -> float:
    """What can leak in a consignment, in usual outward ones; nothing in goods that never do."""
    return items / rates.usual_load if goods.leak_rate > 0.0 else 0.0


@step
def guard_price(rates: Records, day: Records, find_belief: float, load: float) -> float:
    """What letting a load pass costs a guard in risk, who believes in such a chance that a leak is
    found in a usual one; `load` is in usual ones, `load_of`.

    Where there are no security police, nobody comes to look.
    """
    found = load_find_chance(find_belief, load)
    price = held_responsible(liability(rates, day), found) * float(rates.guards.penalty)
    return price if rates.security_police.present > 0.0 else 0.0


@step
def find_belief_behind(rates: Records, day: Records, price: float) -> float:
    """The belief at which a usual load costs a guard so much in risk."""
    most = liability(rates, day) * float(rates.guards.penalty)
    return min(1.0, price / most) if most > 0.0 else 0.0


class Terms(NamedTuple):
    """What officials ask on a way, as plain numbers: loops over many consignments need no more.

    is_guarded, has_customs: whether guards or customs stand there; effort: what the trouble costs a
    guard, as a share of the goods' worth; bargaining_share: of what is left between guard and
    sender; duty, customs_bribe: shares of the goods' worth.
    """

    is_guarded: bool
    has_customs: bool
    effort: float
    bargaining_share: float
    duty: float
    customs_bribe: float


@step
def terms(rates: Records, way: Records) -> Terms:
    """What officials ask on a way, the risk of a leak apart."""
    guards, customs, deals = rates.guards, rates.customs, rates.camera_deals
    has_cameras = way.fixed_cameras + way.rotating_cameras > 0.0
    return Terms(
        way.guarded and guards.present > 0.0,
        way.channel == CUSTOMS,
        effort_with_deals(guards.effort, deals.share, deals.fee, has_cameras),
        guards.bargaining_share,
        customs.duty,
        customs.bribe_share,
    )


@step
def least_fee(asked: Terms, worth: float, risk: float) -> float:
    """The least that officials on a way take: a guard's reservation price, or what customs ask.

    `risk` is what letting this load pass costs a guard in risk, `guard_price`.
    """
    guard = reservation_price(1.0, risk, asked.effort * worth, 1.0)
    duty, pocketed = customs_dues(asked, worth)
    at_customs = duty + pocketed if asked.has_customs else 0.0
    return guard if asked.is_guarded else at_customs


@step
def is_deal(asked: Terms, value: float, least: float) -> bool:
    """Whether a guard would agree with a sender to whom the way is worth `value` before fees."""
    return (not asked.is_guarded) | (value >= least)


@step
def agreed_price(asked: Terms, surplus: float, least: float) -> float:
    """The bribe that a guard and a sender agree on, or -1 if they do not; 0 where there is none.

    `surplus` is what the sender gains by this way over the best other one, `sender_surplus`;
    `least` what the guard on duty takes at least.
    """
    return agreed_bribe(surplus, least, asked.bargaining_share) if asked.is_guarded else 0.0


# The security police.


@step
def punishment(rates: Records, day: Records) -> float:
    """What a leak that is found costs its sender."""
    police = rates.security_police
    return leak_loss(police.leak_loss_usual, police.leak_loss_campaign, day.intensity[SECURITY])


@step
def release_payment(worth: float, usual: float) -> float:
    """What a sender pays who is searched and let go, never more than the goods are worth; `usual`
    is the size's `release_payment`."""
    return min(usual, worth)


# Customs.


@step
def customs_dues(asked: Terms, worth: float) -> tuple[float, float]:
    """What customs take for a consignment: the duty, and what goes into pockets."""
    return customs_payment(worth, asked.duty, asked.customs_bribe)


# Firms with a permit: customs believe their papers or look into their load.


class Papers(NamedTuple):
    """What a firm with a permit does with a load.

    declared, hidden: on paper and off the books, as shares of a full load; off_books: the part of
    what is carried that is off the books.
    """

    declared: float
    hidden: float
    off_books: float


@step
def gain_of_worth(rates: Records, buy: float, gain: float, ratio: float) -> float:
    """What goods gain for each unit of their worth `buy` before officials are paid, if they arrive.

    `gain` is the other bank's price less `buy`; `ratio` the `transport_ratio`.
    """
    return own_margin(rates, gain) / buy - ratio if buy > 0.0 else 0.0


@step
def papers(rates: Records, goods: Records, day: Records, gain: float) -> Papers:
    """What a firm with a permit does with goods that gain so much (`gain_of_worth`)."""
    firms, customs = rates.state_firms, rates.customs
    quota = 0.0 if goods.is_sanctioned else float(firms.quota)
    hidden_gain = gain - customs.bribe_share
    declared_gain = hidden_gain - customs.duty - firms.fee
    risk = look_probability(rates, day) * firms.penalty
    declared, hidden = load_shares(declared_gain, hidden_gain, quota, risk)
    return Papers(declared, hidden, off_the_books(declared, hidden, quota))


@step
def off_books_probability(rates: Records, day: Records, shown: Papers) -> float:
    """Chance that customs find what is off the books."""
    return look_probability(rates, day) * shown.hidden


@step
def papers_dues(rates: Records, shown: Papers, worth: float) -> tuple[float, float]:
    """The duty and the permit's fee on what is declared of goods of such worth."""
    declared = (1.0 - shown.off_books) * worth
    return rates.customs.duty * declared, rates.state_firms.fee * declared


@step
def off_books_penalty(rates: Records, shown: Papers, worth: float) -> float:
    """What is paid if customs find what is off the books."""
    return float(rates.state_firms.penalty) * shown.off_books * worth


@step
def papers_cost(rates: Records, day: Records, shown: Papers, worth: float) -> float:
    """By how much papers and what is kept off them change the usual dues, on average."""
    duty, fee = papers_dues(rates, shown, worth)
    penalty = off_books_penalty(rates, shown, worth)
    found = off_books_probability(rates, day, shown)
    usual: float = rates.customs.duty * worth
    return duty + fee - usual + found * penalty


# Fines, in place of what else would follow where a patrol or customs catch a consignment.


@step
def fine_payment(rates: Records, worth: float, weight: float) -> float:
    """The fine for goods of such worth and weight (kilograms)."""
    return fine_sum(worth, weight, rates.fines.worth_share, rates.fines.per_kilogram)


@step
def fine_cost(
    rates: Records, shipping_rate: float, worth: float, weight: float, gain: float
) -> float:
    """What a fine costs a sender with the days without a vehicle, in which consignments that would
    each bring such a gain are not sent."""
    days, payment = days_without(rates.fines.impound_days), fine_payment(rates, worth, weight)
    return fine_burden(payment, rates.fines.impounded, days, shipping_rate, gain)


# A trip as a whole, as those see it who plan.


@step
def stake(worth: float, own: float) -> float:
    """What a sender loses with the goods: their worth, and the `own_margin` not earned."""
    return worth + own


@step
def checking_cost(
    goods: Records, items: float, checked: float, at_risk: float, per_item: float
) -> float:
    """What checking so many items costs, and the risk that is left.

    `at_risk` is the chance of a search times what a leak costs that is found.
    """
    return cost_from_logs(checked, items, goods.log_checked, goods.log_unchecked, at_risk, per_item)


@step
def partner_payment(rates: Records, margin: float) -> float:
    """What the partner gets of a consignment that arrives."""
    return float(rates.traders.partner_share) * margin


@step
def own_margin(rates: Records, margin: float) -> float:
    """What the sender keeps of the margin of a consignment that arrives."""
    return margin - partner_payment(rates, margin)


@step
def value_before_fees(own: float, transport: float, checking: float, trouble: float) -> float:
    """What a way is worth to a sender before officials are paid, V; `own` is the `own_margin`, and
    `trouble` what is expected to be lost or paid for release."""
    return own - transport - checking - trouble


@step
def utility_scale(noise: float, worth: float) -> float:
    """Money of one unit of utility; without noise, or with goods worth nothing, next to none, so
    that the best way is taken for certain."""
    return max(noise * worth, _LEAST_SCALE)


@step
def net_gain(asked: Terms, value: float, least: float, lead: float) -> float:
    """What a consignment gains once officials are paid; 0 where no guard would agree.

    `lead` is by how much the way is better than any other (`sender_surplus`).
    """
    bribe = agreed_price(asked, sender_surplus(value, least, lead), least)
    paid = bribe if asked.is_guarded else least
    return value - paid if is_deal(asked, value, least) else 0.0
