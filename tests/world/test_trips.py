"""What is put together for a trip as a whole, worked out by hand from round numbers."""

import math

import numpy as np
import pytest
from tests.paths import TINY_MORE

from amnok.scenario import load
from amnok.world import places, trips
from amnok.world.build import planned
from amnok.world.consignment import papers, papers_cost
from amnok.world.places import CUSTOMS, RIVER
from amnok.world.rates import rates

SETS = {
    "goods.honey.leak_rate": 0.1,
    "goods.honey.sanctioned": "true",
    "guards.collusion": 0.9,
    "security_police.find_rate": 1,
    "security_police.detain_contraband": 0.25,
    "security_police.leak_loss_usual": 1000,
    "security_police.leak_loss_campaign": 0,
    "self_inspection.effectiveness": 0.5,
    "self_inspection.minute_cost": 2,
    "traders.sizes.carrier.release_payment": 20,
    "customs.stop_base": 0.2,
    "customs.stop_boost": 0,
    "customs.laxity": 0,
}
ITEMS, CHECKED, SEARCH, SEIZURE = 10.0, 4.0, 0.2, 0.3
FOUND = 1.0 - 0.95**4 * 0.9**6  # in four items that are checked, by half, and six that are not
SEIZED = FOUND + (1.0 - FOUND) * 0.25
FINE = 0.3 * 600.0 + 20.0 * 20.0  # by worth, and by weight: two kilograms each
IMPOUNDED = 0.4 * 0.15 / math.expm1(1.0 / 6.0)  # consignments that are then not sent


def on_the_way(channel):
    """Carriers of honey; the last way over the river is the ferry's, taxed on both banks."""
    scenario = load(TINY_MORE, SETS)
    days, routes, _ = planned(scenario)
    way = routes[np.flatnonzero(routes["channel"] == channel)[-1]]
    goods = places.goods(scenario)[0]
    at = trips.Situation(rates(scenario)[0], way, places.sizes(scenario)[0], goods, days[0, 0])
    cargo = trips.cargo_of(at, ITEMS, 600.0, 300.0, 0.1)
    return at, cargo, trips.risk_of(at, ITEMS, CHECKED, SEARCH, SEIZURE)


@pytest.fixture(scope="module", name="river")
def over_the_river():
    return on_the_way(RIVER)


def test_what_is_sent(river):
    """The partner gets 0.4 of the margin; half hire carriers, who take 6 a kilogram."""
    _, cargo, _ = river
    assert cargo == pytest.approx((ITEMS, 600.0, 180.0, 60.0 + 60.0))


def test_what_may_happen_over_the_river(river):
    passes = (1.0 - SEARCH * SEIZED) * (1.0 - SEIZURE) * 0.9
    assert river[2] == pytest.approx((CHECKED, SEARCH, FOUND, SEIZED, passes))


def test_what_may_happen_at_customs():
    """They stop a fifth, but of the half who have no permit; a quarter of these is given back."""
    _, _, risk = on_the_way(CUSTOMS)
    kept = 1.0 - 0.2 * 0.5 * (1.0 - 0.5 * 0.5)
    assert risk.passes == pytest.approx((1.0 - SEARCH * SEIZED) * (1.0 - SEIZURE) * kept)


def test_what_that_costs(river):
    at, cargo, risk = river
    lost = 1.0 - risk.passes
    assert trips.check_cost(at, cargo, risk) == pytest.approx(4.0 + SEARCH * 1000.0 * FOUND)
    trouble = lost * (600.0 + 180.0) + SEARCH * (1.0 - SEIZED) * 20.0
    assert trips.trouble_cost(at, cargo, risk) == pytest.approx(trouble)
    toll = 600.0 * (0.6 * 0.06 + (1.0 - lost) * 0.5 * 0.02)
    assert trips.mean_toll(at, cargo, risk) == pytest.approx(toll)


def test_what_whoever_is_searched_loses(river):
    at, cargo, risk = river
    beyond = 600.0 + 180.0 - 600.0 * 0.5 * 0.02
    assert trips.stake_beyond(at, cargo) == pytest.approx(beyond)
    cost = SEIZED * beyond + (1.0 - SEIZED) * 20.0 + 1000.0 * FOUND
    assert trips.search_cost(at, cargo, risk) == pytest.approx(cost)


def test_goods_of_less_worth_than_a_release_are_all_that_is_paid(river):
    at, cargo, _ = river
    assert trips.release_cost(at, cargo._replace(worth=15.0)) == 15.0


def test_what_fines_cost(river):
    """Half of those caught are fined; who has a permit pays by the papers in place of it."""
    at, cargo, _ = river
    gain = cargo.own - cargo.transport
    assert trips.mean_fine(at, cargo, 0.3) == pytest.approx(0.15 * (FINE + IMPOUNDED * gain))
    at, cargo, _ = on_the_way(CUSTOMS)
    gain = cargo.own - cargo.transport
    shown = papers(at.rates, at.goods, at.day, gain / 600.0)
    with_papers = 0.5 * papers_cost(at.rates, at.day, shown, 600.0)
    fine = 0.2 * 0.5 * 0.5 * (FINE + IMPOUNDED * gain)
    assert trips.mean_fine(at, cargo, 0.3) == pytest.approx(fine + with_papers)
