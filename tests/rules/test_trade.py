"""Routes, markets, learning and source reporting."""

from __future__ import annotations

import math
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.mechanisms.reporting import dares_chance, delay_mean, sees_chance
from amnok.rules.distributions import gumbel
from amnok.rules.learning import believed_rate, discounted, per_trader, personal_belief, wariness
from amnok.rules.markets import buying_price, relative_quantity, selling_price
from amnok.rules.routes import effort_on_route, route_utility

unit = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e5)
prior_weights = st.just(0.0) | st.floats(0.01, 50.0)
events = st.just(0.0) | st.floats(1e-9, 100.0)  # none, or more than a number can lose


@given(money, money, unit, unit, money, st.floats(1, 1e4))
def test_risk_lowers_a_route(
    margin: float, cost: float, r1: float, r2: float, loss: float, scale: float
) -> None:
    safe, risky = sorted((r1, r2))
    assert route_utility(margin, cost, safe, loss, scale) >= route_utility(
        margin, cost, risky, loss, scale
    )
    assert route_utility(margin, margin, 0.0, loss, scale) == 0.0


def test_gumbel_draws_make_route_choice_a_logit() -> None:
    # Integrate over the other option's draw: P(V + G1 > G0) is the logistic function of V.
    points = 400
    grid = [(i + 0.5) / points for i in range(points)]
    for utility in (-1.0, 0.0, 0.7, 2.0):
        wins = fmean(utility + gumbel(u1) > gumbel(u0) for u1 in grid for u0 in grid)
        assert wins == pytest.approx(1 / (1 + math.exp(-utility)), abs=0.005)


@given(st.lists(st.floats(0, 50, allow_subnormal=False), min_size=1, max_size=12), unit)
def test_effort_moves_and_keeps_its_total(finds: list[float], follow: float) -> None:
    mean = fmean(finds)
    efforts = [effort_on_route(1.0, follow, here, mean) for here in finds]
    assert min(efforts) >= 0.0
    assert fmean(efforts) == pytest.approx(1.0)
    assert max(efforts) == pytest.approx(efforts[finds.index(max(finds))])


def test_effort_stays_by_plan_without_finds() -> None:
    assert effort_on_route(0.7, 1.0, 0.0, 0.0) == 0.7
    assert effort_on_route(0.7, 0.0, 9.0, 1.0) == 0.7


@given(money, money, st.floats(1, 1e5), unit, st.floats(0.2, 5.0))
def test_prices_answer_to_quantities(
    q1: float, q2: float, reference: float, share: float, elasticity: float
) -> None:
    less, more = sorted((q1, q2))
    slack = 1 + 1e-12
    assert (
        selling_price(10.0, more, reference, share, elasticity)
        <= selling_price(10.0, less, reference, share, elasticity) * slack
    )
    assert (
        buying_price(10.0, less, reference, share, elasticity)
        <= buying_price(10.0, more, reference, share, elasticity) * slack
    )
    for price in (selling_price, buying_price):
        assert price(10.0, reference, reference, share, elasticity) == pytest.approx(10.0)
        assert price(10.0, more, reference, 0.0, elasticity) == 10.0
        assert price(10.0, more, 0.0, share, elasticity) == 10.0
        assert 0.0 < price(10.0, more, reference, share, elasticity) < math.inf
    assert selling_price(10.0, more, reference, share, elasticity) * buying_price(
        10.0, more, reference, share, elasticity
    ) == pytest.approx(100.0)


@given(money, st.floats(-1, 1e5), unit)
def test_relative_quantity_is_bounded(quantity: float, reference: float, share: float) -> None:
    assert 0.02 <= relative_quantity(quantity, reference, share) <= 50.0


def test_the_constant_elasticity_form() -> None:
    # Half the supply at elasticity 0.5 is four times the price.
    assert selling_price(10.0, 50.0, 100.0, 1.0, 0.5) == pytest.approx(40.0)


@given(st.floats(0, 100), st.floats(0, 100), unit, prior_weights, st.floats(1, 5))
def test_bad_events_raise_beliefs(
    bad: float, good: float, prior: float, weight: float, salience: float
) -> None:
    belief = believed_rate(bad, bad + good, prior, weight, salience)
    assert 0.0 <= belief <= 1.0
    assert belief <= believed_rate(bad, bad + good, prior, weight, salience + 1) + 1e-12
    assert belief <= believed_rate(bad + 1, bad + good + 1, prior, weight, salience) + 1e-12
    assert believed_rate(0.0, 0.0, prior, weight, salience) == pytest.approx(prior, abs=1e-12)


@given(events, events, st.floats(1, 1e4), st.floats(0.01, 100), prior_weights)
def test_beliefs_do_not_depend_on_how_many_share_them(
    bad: float, good: float, traders: float, times: float, weight: float
) -> None:
    def believed(factor: float) -> float:
        """What so many times as many traders believe, to each of whom the same happens."""
        told = per_trader(factor * bad, factor * traders)
        trials = per_trader(factor * (bad + good), factor * traders)
        return believed_rate(told, trials, 0.01, weight, 2.0)

    assert believed(times) == pytest.approx(believed(1.0), rel=1e-9)


def test_discounted_counts_settle_at_the_memory() -> None:
    total = 0.0
    for _ in range(2_000):
        total = discounted(total, 1.0, 30.0)
    assert total == pytest.approx(1 / (1 - math.exp(-1 / 30)))
    assert discounted(5.0, 2.0, 0.0) == 2.0


@given(st.floats(1, 20), st.floats(0, 2_000), st.floats(0, 2_000), st.floats(0, 900), unit)
def test_wariness_fades_to_none(
    level: float, d1: float, d2: float, memory: float, belief: float
) -> None:
    soon, late = sorted((d1, d2))
    assert 1.0 <= wariness(level, late, memory) <= wariness(level, soon, memory) <= level
    assert belief <= personal_belief(belief, wariness(level, soon, memory)) <= 1.0


@given(unit, st.floats(0, 10), unit, unit)
def test_monitoring_silences_and_slows(courage: float, fear: float, m1: float, m2: float) -> None:
    calm, watched = sorted((m1, m2))
    assert dares_chance(courage, fear, watched) <= dares_chance(courage, fear, calm) <= courage
    assert delay_mean(6.0, fear, calm) <= delay_mean(6.0, fear, watched)
    assert dares_chance(courage, fear, 0.0) == courage


@given(unit, st.integers(0, 50))
def test_more_events_are_seen_more(visibility: float, events: int) -> None:
    assert sees_chance(visibility, events) <= sees_chance(visibility, events + 1)
    assert sees_chance(visibility, 0) == 0.0
    assert sees_chance(1.0, 1) == 1.0
