"""What must hold on any border: goods, money and people are conserved; nothing else can happen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.counts import beside
from amnok.engine import simulate
from amnok.engine.tally import plain
from amnok.errors import ScenarioError
from amnok.mechanisms.deeds import AWAY, FREE
from amnok.scenario import load
from amnok.variables import BY_STATUS

PROBABILITY = st.floats(0.0, 1.0)
SMALL = st.one_of(st.just(0.0), st.floats(1e-4, 0.2), st.just(1.0))

# What a random border varies; the rest stays as in the small invented border.
VALUES = st.fixed_dictionaries(
    {
        "traders.inner": st.integers(0, 120),
        "traders.outer": st.integers(0, 60),
        "traders.choice_noise": st.floats(0.01, 2.0),
        "traders.partner_share": PROBABILITY,
        "traders.return_share": PROBABILITY,
        "self_inspection.spot_check": st.floats(0.0, 5.0),
        "self_inspection.effectiveness": PROBABILITY,
        "security_police.search_base": SMALL,
        "security_police.search_boost": PROBABILITY,
        "security_police.find_rate": PROBABILITY,
        "security_police.detain_contraband": PROBABILITY,
        "security_police.file_opened": PROBABILITY,
        "guards.collusion": PROBABILITY,
        "guards.bargaining_share": PROBABILITY,
        "guards.strict_factor": st.floats(0.0, 20.0),
        "guards.liability_usual": PROBABILITY,
        "patrols.intercept_base": SMALL,
        "patrols.arrest_share": PROBABILITY,
        "phones.monitoring_base": PROBABILITY,
        "phones.calls_noticed": PROBABILITY,
        "phones.question_base": PROBABILITY,
        "quota.arrests": st.sampled_from([0, 5, 500]),
        "quota.prison_share": PROBABILITY,
        "customs.open_share": PROBABILITY,
        "customs.stop_base": SMALL,
        "learning.salience": st.floats(0.0, 50.0),
        "learning.memory": st.floats(0.0, 400.0),
        "prices.elasticity_selling": st.floats(0.2, 20.0),
        "reporting.courage": PROBABILITY,
        "river.rain_height": st.floats(0.0, 2.0),
    }
)


def totals(table):
    """Sums over everything but the counts, by name."""
    return {name: table[name].sum() for name in table.dtype.names}


def assert_finite(books):
    for table in books:
        assert np.isfinite(plain(table) if table.dtype.names else table).all()


@pytest.mark.slow
@settings(max_examples=60)
@given(values=VALUES, seed=st.integers(0, 2**64 - 1))
def test_conservation_on_random_borders(day_by_day, values, seed):
    scenario = load(TINY, {**values, "period.spin_up": 10, "period.end": "2030-04-15"})
    cash_before = 0.0
    for _, run in day_by_day(scenario, seed):
        check_goods(run.today)
        cash_before = check_money(run, cash_before)
        check_people(run)
        check_beliefs(run)
    assert_finite(run.books)


def check_goods(today):
    flow, goods, events = totals(today.flow), totals(today.goods), totals(today.events)
    assert flow["attempts"] == flow["crossings"] + flow["losses"] + flow["refused"]
    assert flow["items_attempted"] == (
        flow["items_crossed"] + flow["items_seized_by_route"] + flow["items_turned_back"]
    )
    assert flow["leaks_packed"] == (
        flow["leaks_removed"] + flow["leaks_through"] + flow["leaks_held"]
    )
    assert flow["leaks_found"] <= flow["leaks_held"]
    assert flow["items_checked"] <= flow["items_attempted"]
    assert events["items_seized"] == flow["items_seized_by_route"]
    assert goods["goods_items_crossed"] == flow["items_crossed"]
    assert goods["goods_attempts"] == flow["attempts"]
    assert goods["goods_value_crossed"] == pytest.approx(flow["value_crossed"])
    assert goods["goods_value_customs"] <= goods["goods_value_crossed"] + 1e-6


def check_money(run, cash_before):
    """What people earned today is what came in less what went out, to the last cent."""
    cash = float(run.state.traders["cash"].sum())
    accounts, bribes = totals(run.today.accounts), plain(run.today.bribes)
    earned = accounts["revenue"] - accounts["purchases"] - accounts["transport_costs"]
    paid = accounts["duties"] + bribes.sum()
    assert cash - cash_before == pytest.approx(earned - paid, rel=1e-9, abs=1e-4)
    assert (bribes >= -1e-9).all()
    return cash


def check_people(run):
    """Everyone is in one state, and the table counts everyone (quota arrests come after it)."""
    status = run.state.status
    assert ((status >= FREE) & (status <= AWAY)).all()
    people = totals(run.today.people)
    assert sum(people[name] for name in beside(BY_STATUS)) == len(status)
    assert plain(run.today.people).min(initial=0.0) >= 0


def check_beliefs(run):
    for belief in (
        run.state.route_risk["loss_belief"],
        run.state.sector_risk["search_belief"],
        run.state.sector_risk["arrest_belief"],
        run.state.sectors["find_belief"],
    ):
        assert ((belief >= 0) & (belief <= 1)).all()
    assert (run.state.prices["price"] > 0).all()
    assert (run.state.guards["effort"] >= 0).all()


NO_ENFORCEMENT = {
    "security_police.search_base": 0,
    "security_police.search_boost": 0,
    "security_police.watch_base": 0,
    "security_police.watch_boost": 0,
    "patrols.intercept_base": 0,
    "patrols.intercept_boost": 0,
    "phones.question_base": 0,
    "phones.question_boost": 0,
    "customs.stop_base": 0,
    "customs.stop_boost": 0,
    "quota.arrests": 0,
}


def test_no_enforcement_no_arrests():
    books = simulate(load(TINY, NO_ENFORCEMENT), seed=3).books
    assert totals(books.flow)["crossings"] > 0
    assert books.events["arrests"].sum() == 0
    assert books.events["questionings"].sum() == 0
    assert totals(books.flow)["items_seized_by_route"] == 0


def test_certain_detection_stops_everything(tiny):
    books = simulate(
        load(
            TINY,
            {
                "security_police.search_base": 1,
                "security_police.detain_contraband": 1,
                **{f"route_kinds.{kind}.search_exposure": 1 for kind in tiny.route_kinds},
                f"agencies.{security_agency(tiny)}.allocation": "fixed",
            },
        ),
        seed=3,
    ).books
    flow = totals(books.flow)
    assert flow["attempts"] > 0
    assert flow["crossings"] == 0


def security_agency(scenario):
    return next(n for n, agency in scenario.agencies.items() if agency.role == "security_police")


@pytest.mark.parametrize(("inner", "outer"), [(0, 0), (0, 5), (1, 0), (5, 0), (1, 1), (2, 1)])
def test_few_or_no_traders(inner, outer):
    outcome = simulate(load(TINY, {"traders.inner": inner, "traders.outer": outer}), seed=1)
    assert len(outcome.state.traders) == inner + outer
    crossings = totals(outcome.books.flow)["crossings"]
    if inner == 0 or outer == 0:
        assert crossings == 0  # a consignment needs a partner
    assert_finite(outcome.books)


def test_one_pair_of_traders_trades():
    scenario = load(TINY, {"traders.inner": 1, "traders.outer": 1})
    flow = totals(simulate(scenario, seed=1).books.flow)
    assert flow["crossings"] > 0


def test_a_value_out_of_range_never_reaches_the_engine():
    with pytest.raises(ScenarioError, match="outside 0 to 1"):
        load(TINY, {"security_police.search_base": 1.5})
