"""A trip as a whole: what is sent, what it risks, and what that costs on average.

Plans of agencies (`world.plans`) and the measure of how exploitable behaviour is
(`games.best_trader`) weigh trips one at a time, by the chances as they are. Senders weigh theirs by
what they believe, many side by side (`engine.planning`), out of the same sums of
`world.consignment`. Sums are money.
"""

from __future__ import annotations

from typing import NamedTuple

from amnok.compiling import step
from amnok.world.chances import (
    customs_stop_probability,
    fine_probability,
    found_probability,
    mean_seizure_probability,
    other_loss_probability,
    passing_probability,
)
from amnok.world.consignment import (
    checking_cost,
    fine_cost,
    item_check_cost,
    own_margin,
    papers,
    papers_cost,
    punishment,
    release_payment,
    stake,
    toll_cost,
    transport_cost,
)
from amnok.world.places import CUSTOMS
from amnok.world.rates import Records


class Situation(NamedTuple):
    """Who sends what by which way on which day, as records of the world.

    rates: the scenario's numbers; way: a route; size: of the sender.
    """

    rates: Records
    way: Records
    size: Records
    goods: Records
    day: Records


class Cargo(NamedTuple):
    """What is sent.

    worth: of its items, where they come from; own: what the sender gains over that if they arrive
    (`own_margin`); transport: what the way costs.
    """

    items: float
    worth: float
    own: float
    transport: float


class Risk(NamedTuple):
    """What may happen to goods of which so many items are checked.

    search: chance of a search; found, seized: chances that one finds a leak, and that it ends with
    the goods seized; passes: chance that the goods are not lost to anyone.
    """

    checked: float
    search: float
    found: float
    seized: float
    passes: float


@step
def cargo_of(at: Situation, items: float, worth: float, margin: float, ratio: float) -> Cargo:
    """So many items of such worth and margin, on a way with such a `transport_ratio`."""
    weight = items * at.goods.kilograms
    transport = transport_cost(at.rates, at.way, ratio, worth, weight)
    return Cargo(items, worth, own_margin(at.rates, margin), transport)


@step
def risk_of(at: Situation, items: float, checked: float, search: float, seizure: float) -> Risk:
    """What items risk that are searched, and that a patrol seizes, with such chances."""
    found = found_probability(at.goods, items, checked)
    seized = mean_seizure_probability(at.rates, found)
    other = other_loss_probability(at.rates, at.way, at.size, at.goods, at.day)
    passes = passing_probability(search * seized, seizure, other)
    return Risk(checked, search, found, seized, passes)


@step
def release_cost(at: Situation, cargo: Cargo) -> float:
    """What whoever is searched pays to be let go."""
    return release_payment(cargo.worth, at.size.release_payment)


@step
def check_cost(at: Situation, cargo: Cargo, risk: Risk) -> float:
    """What checking the goods costs, and the leaks that are found all the same."""
    at_risk = risk.search * punishment(at.rates, at.day)
    per_item = item_check_cost(at.rates, at.goods)
    return checking_cost(at.goods, cargo.items, risk.checked, at_risk, per_item)


@step
def trouble_cost(at: Situation, cargo: Cargo, risk: Risk) -> float:
    """What is lost on average with the goods, or paid for release."""
    lost = (1.0 - risk.passes) * stake(cargo.worth, cargo.own)
    return lost + risk.search * (1.0 - risk.seized) * release_cost(at, cargo)


@step
def mean_toll(at: Situation, cargo: Cargo, risk: Risk) -> float:
    """What those who tax passage take on average."""
    return toll_cost(at.way, at.goods, cargo.worth, 1.0 - risk.passes)


@step
def stake_beyond(at: Situation, cargo: Cargo) -> float:
    """What a sender loses with goods that are lost: no toll is then paid on the far bank."""
    spared = toll_cost(at.way, at.goods, cargo.worth, 0.0)
    spared -= toll_cost(at.way, at.goods, cargo.worth, 1.0)
    return max(0.0, stake(cargo.worth, cargo.own) - spared)


@step
def search_cost(at: Situation, cargo: Cargo, risk: Risk) -> float:
    """What a search costs the sender on average."""
    kept = risk.seized * stake_beyond(at, cargo) + (1.0 - risk.seized) * release_cost(at, cargo)
    return kept + punishment(at.rates, at.day) * risk.found


@step
def mean_fine(at: Situation, cargo: Cargo, met_and_held: float) -> float:
    """What fines cost on average, where patrols catch with the chance `met_and_held`.

    For those of a size who have a permit, what their papers add to the dues is in it too.
    """
    rates, size, goods, day = at.rates, at.size, at.goods, at.day
    gain = cargo.own - cargo.transport
    caught, with_papers = met_and_held, 0.0
    if at.way.channel == CUSTOMS:
        caught = customs_stop_probability(rates, goods, day) * (1.0 - size.permit)
        if size.permit > 0.0 and cargo.worth > 0.0:
            shown = papers(rates, goods, day, gain / cargo.worth)
            with_papers = size.permit * papers_cost(rates, day, shown, cargo.worth)
    weight = cargo.items * goods.kilograms
    cost = fine_cost(rates, size.shipping_rate, cargo.worth, weight, gain)
    return caught * fine_probability(rates) * cost + with_papers
