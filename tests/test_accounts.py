"""Accounts: what traders of a class end with is what their trips earned, worked out by hand.

Neither the engine nor the twin is asked what a trip earns: prices stand still and nobody is in the
way, so that each item earns the same and a run's money is items times that. `by_hand` is the whole
calculation, from the scenario's numbers.
"""

import numpy as np
import pytest
from tests.paths import TINY

from amnok import engine
from amnok.scenario import load

VALUE = 60.0  # of honey, which goes out
SAFE = {
    "period.start": "2030-05-01",
    "period.end": "2030-06-10",
    "period.spin_up": 10,
    "calendar.halts.spring_vote.start": "2030-04-21",  # so that all trade is in the books
    "calendar.halts.spring_vote.days": 10,
    "calendar.halts.spring_vote.strength": 1,
    "traders.choice_noise": 1e-6,
    "traders.sizes.carrier.share_inner": 1,
    "traders.sizes.dealer.share_inner": 0,
    "traders.sizes.carrier.import_share": 0,
    "traders.sizes.carrier.customs_access": 0,
    "markets.vellmouth.openness": 0,
    "markets.capital.openness": 0,
    "goods.honey.value": VALUE,
    "goods.honey.leak_rate": 0,
    "self_inspection.minute_cost": 0,
    "river.stage_cost": 0,
    "river.events.may_rain.height": 0,
    "route_kinds.ford.flood_stage": 9,
    "route_kinds.path.flood_stage": 0,  # so that there is one way over the river
    "security_police.search_base": 0,
    "security_police.search_boost": 0,
    "patrols.intercept_base": 0,
    "patrols.intercept_boost": 0,
    "phones.calls_noticed": 0,
    "quota.arrests": 0,
    "customs.stop_base": 0,
    "customs.stop_boost": 0,
    "learning.prior_search": 0,
    "learning.prior_loss": 0,
    "learning.prior_find": 0,
    "learning.prior_arrest": 0,
}
TWO_WAYS = {"route_kinds.path.flood_stage": 9, "route_kinds.path.bulk": 1}


def simulated(values):
    sets = [f"{path}={value}" for path, value in {**SAFE, **values}.items()]
    return engine.simulate(load(TINY, sets), seed=4)


def by_hand(markup=1.5, share=0.4, crossing=0.05, effort=0.03, bargaining=0.5, other=0.0):
    """What a sender's item earns and what the guard gets of it, with another way worth `other`
    once its officials have had the least they take."""
    value = VALUE * ((markup - 1.0) * (1.0 - share) - crossing)
    least = VALUE * effort
    surplus = value - max(0.0, other)
    if surplus < least:
        return 0.0, 0.0
    bribe = least + bargaining * (surplus - least)
    return value - bribe, bribe


def told(outcome):
    """Items that crossed, bribes to guards, and money of senders and partners at the end."""
    flow, inner = outcome.books.flow, int(outcome.world.blocks["inner_last"][-1])
    assert flow["losses"].sum() == flow["refused"].sum() == 0
    cash = outcome.state.traders["cash"]
    return flow["items_crossed"].sum(), flow["guard_bribes"].sum(), cash[:inner], cash[inner:]


CASES = [
    {},
    {"markup": 1.8, "share": 0.25},
    {"markup": 2.5, "share": 0.7, "crossing": 0.15, "effort": 0.2},
    {"bargaining": 0.9},
    {"bargaining": 0.0, "share": 0.0},
]
PATHS = {
    "markup": "goods.honey.markup",
    "share": "traders.partner_share",
    "crossing": "route_kinds.ford.crossing_cost",
    "effort": "guards.effort",
    "bargaining": "guards.bargaining_share",
}


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("noise", [1e-6, 0.15])
def test_money_changes_by_what_trips_earn(case, noise):
    sets = {PATHS[name]: value for name, value in case.items()}
    items, bribes, senders, partners = told(simulated({**sets, "traders.choice_noise": noise}))
    profit, bribe = by_hand(**case)
    margin = VALUE * (case.get("markup", 1.5) - 1.0)
    assert items > 1000
    assert senders.sum() == pytest.approx(items * profit, rel=1e-9)
    assert bribes == pytest.approx(items * bribe, rel=1e-9)
    assert partners.sum() == pytest.approx(items * margin * case.get("share", 0.4), rel=1e-9)
    assert (senders >= 0.0).all()


@pytest.mark.parametrize("other_crossing", [0.05, 0.08, 0.15, 0.6])
def test_a_guard_gets_no_more_than_his_way_is_better_by(other_crossing):
    """At 0.05 the two guards are the same to a sender, and take the least they would."""
    values = {**TWO_WAYS, "route_kinds.path.crossing_cost": other_crossing}
    items, bribes, senders, _ = told(simulated(values))
    other = VALUE * (0.5 * 0.6 - other_crossing - 0.03)
    profit, bribe = by_hand(other=other)
    assert bribes == pytest.approx(items * bribe, rel=1e-4)
    assert senders.sum() == pytest.approx(items * profit, rel=1e-4)
    if other_crossing == 0.05:
        assert bribe == pytest.approx(VALUE * 0.03)


def test_a_bridge_is_an_alternative_too():
    """At Old Mill those who may use the road gain there 0.16 of the worth, and at the ford 0.22."""
    values = {
        "traders.sizes.carrier.customs_access": 1,
        "route_kinds.toll_road.bulk": 1,
        "sectors.headwater.weight_inner": 0,
        "sectors.ferry.weight_inner": 0,
    }
    items, bribes, senders, _ = told(simulated(values))
    profit, bribe = by_hand(other=VALUE * (0.5 * 0.6 - 0.03 - 0.08 - 0.03))
    assert bribes == pytest.approx(items * bribe, rel=1e-4)
    assert senders.sum() == pytest.approx(items * profit, rel=1e-4)


@pytest.mark.parametrize("noise", [1e-6, 0.15])
@pytest.mark.parametrize(("markup", "ships"), [(1.13, False), (1.14, True)])
def test_nobody_ships_who_expects_to_lose(markup, ships, noise):
    """The way costs 0.05 and the guard asks 0.03; of a gain of 0.13 the sender keeps 0.078."""
    outcome = simulated({"goods.honey.markup": markup, "traders.choice_noise": noise})
    assert (outcome.books.flow["attempts"].sum() > 0) == ships
    assert (outcome.state.traders["cash"] >= 0.0).all()
    assert np.isfinite(outcome.state.traders["cash"]).all()


@pytest.mark.parametrize(("loss", "trades"), [(5200, True), (5600, False)])
def test_partners_refuse_what_is_not_worth_the_risk(loss, trades):
    """A partner's senders bring 13.5 loads a month, of 10 items with a margin of 30 each, of
    which 0.4 are the partner's: 1,620. The risk of arrest is 0.3, so a loss of 5,400 is worth it.
    """
    values = {
        "traders.inner": 3000,
        "traders.outer": 1000,
        "traders.sizes.carrier.share_outer": 1,
        "traders.sizes.dealer.share_outer": 0,
        "traders.sizes.carrier.shipping_rate": 0.15,
        "traders.sizes.carrier.protection_access": 0,
        "traders.sizes.carrier.arrest_loss": loss,
        "goods.honey.season_strength": 0,
        "learning.prior_arrest": 0.01,
        "learning.prior_weight": 1e6,
        "learning.personal_spread": 0.001,
    }
    books = simulated(values).books
    earned = 3000 / 1000 * 0.15 * 30 * 10 * VALUE * 0.5 * 0.4
    assert (earned > 0.3 * loss) == trades
    assert (books.flow["attempts"].sum() > 0) == trades
    assert (books.people["refusing"].sum() == 0) == trades
