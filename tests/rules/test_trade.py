"""Routes, markets, learning and source reporting."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from amnok.mechanisms.boats import hindrance, open_despite_ice
from amnok.mechanisms.carriers import Carriers, carrying_fee
from amnok.mechanisms.reporting import dares_chance, delay_mean, sees_chance
from amnok.rules.distributions import gumbel
from amnok.rules.learning import believed_rate, discounted, per_trader, personal_belief, wariness
from amnok.rules.markets import (
    buying_price,
    crossing_quantity,
    other_quantity,
    relative_quantity,
    selling_price,
)
from amnok.rules.routes import effort_on_route, route_utility, shared_part, sine
from amnok.scenario import load

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


@pytest.mark.slow
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


@given(st.floats(0.02, 50.0), st.floats(0.02, 50.0), st.floats(0.2, 5.0))
def test_what_arrives_lowers_prices_and_what_leaves_raises_them(
    q1: float, q2: float, elasticity: float
) -> None:
    less, more = sorted((q1, q2))
    slack = 1 + 1e-12
    sold = selling_price(10.0, more, elasticity), selling_price(10.0, less, elasticity)
    bought = buying_price(10.0, more, elasticity), buying_price(10.0, less, elasticity)
    assert sold[0] <= sold[1] * slack
    assert bought[1] <= bought[0] * slack
    assert sold[0] * bought[0] == pytest.approx(100.0)


@given(money, st.floats(-1, 1e5), unit, unit)
def test_relative_quantity_is_bounded(
    quantity: float, reference: float, share: float, other: float
) -> None:
    crossing = crossing_quantity(quantity, reference, share)
    assert 0.02 <= relative_quantity(crossing, other) <= 50.0
    usual = crossing_quantity(max(reference, 1.0), max(reference, 1.0), share)
    assert relative_quantity(usual, 1.0 - share) == pytest.approx(1.0)


def test_the_constant_elasticity_form() -> None:
    # Half the supply at elasticity 0.5 is four times the price.
    assert selling_price(10.0, 0.5, 0.5) == pytest.approx(40.0)


def prices_of_a_closure(
    share: float, eta: float, epsilon: float, tau: float, days: int, left: float = 0.0
) -> list[float]:
    """Price over the usual one on the day of a closure and so many days after it, where goods
    arrive, if `left` of the usual quantity still crosses."""
    other, prices = 1.0 - share, []
    for _ in range(days + 1):
        crossing = crossing_quantity(left, 1.0, share)
        prices.append(selling_price(1.0, relative_quantity(crossing, other), eta))
        other = other_quantity(other, crossing, share, epsilon / eta, tau)
    return prices


def test_prices_jump_at_a_closure_and_come_back_in_part() -> None:
    """The limit is (1 - b)**(-1 / (eta + epsilon)); the way there is by steps of a day."""
    found = prices_of_a_closure(0.7, 1.5, 4.0, 30.0, 1_000)
    expected = {0: 2.2314, 10: 1.517, 30: 1.340, 60: 1.274, 120: 1.248, 1_000: 1.2447}
    assert {day: found[day] for day in expected} == pytest.approx(expected, abs=5e-4)
    assert found[1_000] == pytest.approx(0.3 ** (-1 / 5.5))


@pytest.mark.parametrize("left", [0.0, 0.1, 0.5, 0.9, 2.0])
@pytest.mark.parametrize(("share", "eta", "epsilon"), [(0.7, 1.5, 4.0), (0.1, 0.5, 1.0)])
def test_the_rest_of_a_market_follows_its_differential_equation(
    share: float, eta: float, epsilon: float, left: float
) -> None:
    """Against a general solver; its limit is exact, and steps of a day are near on the way."""
    k, tau, days = epsilon / eta, 30.0, 200
    kappa = 1.0 / (tau * (1.0 + k))

    def slope(_: float, other: Any) -> Any:
        price = (share * left + other) ** (-1.0 / eta)
        return kappa * ((1.0 - share) * price**epsilon - other)

    solved = solve_ivp(slope, (0, days), [1.0 - share], rtol=1e-10, t_eval=range(days + 1))
    expected = (share * left + solved.y[0]) ** (-1.0 / eta)
    found = prices_of_a_closure(share, eta, epsilon, tau, days, left)
    assert found == pytest.approx(expected.tolist(), rel=0.03)
    assert found[-1] == pytest.approx(expected[-1], rel=1e-3)


@given(unit, st.floats(0.0, 5.0), unit, st.floats(0.0, 2_000.0), st.floats(0.0, 400.0))
def test_the_rest_of_a_market_stays_within_bounds(
    other: float, crossing: float, share: float, response: float, days: float
) -> None:
    assert 0.0 <= other_quantity(other, crossing, share, response, days) <= 1.0 + 1e-9
    usual = other_quantity(1.0 - share, share, share, response, days)
    assert usual == pytest.approx(1.0 - share, abs=1e-9)


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


@given(st.floats(0.0, 0.5))
def test_a_sine(x: float) -> None:
    assert sine(x) == pytest.approx(math.sin(math.pi * x), rel=4e-16, abs=1e-250)
    assert sine(1.0 - x) == sine(1.0 - (1.0 - x))


@pytest.mark.parametrize("routes", [1, 2, 5])
@pytest.mark.parametrize("dissimilarity", [0.05, 0.3, 0.5, 0.9, 1.0])
def test_routes_of_a_channel_have_the_law_of_a_nest(dissimilarity: float, routes: int) -> None:
    """The largest of n like routes is Gumbel around `l * log(n)`: so one nest of two against one of
    one has the share 2**l / (1 + 2**l). Sums over a grid of draws stand for the integral."""
    cells = (np.arange(300) + 0.5) / 300
    parts = np.array([shared_part(dissimilarity, u, v) for u in cells for v in cells])
    for x in (-1.0, 0.0, 0.5, 2.0):
        below = np.exp(-routes * np.exp(np.minimum(-(x - parts) / dissimilarity, 700.0)))
        expected = math.exp(-(routes**dissimilarity) * math.exp(-x))
        assert below.mean() == pytest.approx(expected, abs=2e-3)


def test_without_dissimilarity_a_channel_has_one_draw() -> None:
    for u, v in ((0.1, 0.9), (0.5, 0.5), (0.99, 0.01)):
        assert shared_part(0.0, u, v) == pytest.approx(gumbel(v), abs=1e-12)
        assert shared_part(1.0, u, v) == pytest.approx(0.0, abs=1e-12)


def test_ice_and_another_cause_shut_a_boat_s_way_as_independent_events_do() -> None:
    days = np.arange(100)
    shut, icy = days % 10 < 3, days // 10 < 6  # 30 and 60 of 100 days, in every combination
    assert open_despite_ice(0.7, 0.6) == pytest.approx(np.mean(~shut & ~icy))


@given(st.floats(0, 10), st.floats(0, 10))
def test_high_water_costs_by_boat_what_it_costs_without_walkers(cost: float, wading: float) -> None:
    assert hindrance(cost, True, wading) == cost == hindrance(cost, False, 1.0)
    assert hindrance(cost, False, wading) == pytest.approx(wading * cost)


def test_carriers_take_what_a_report_tells_of() -> None:
    # R06-3: CNY 200 for 70 kg at Hyesan, twice that at Sinuiju; in the scenario to two digits.
    fees = load("reported-mechanisms").section(Carriers)
    assert fees is not None
    assert carrying_fee(70.0, 1.0, fees.fee_in("hyesan")) == pytest.approx(200, rel=0.02)
    assert carrying_fee(70.0, 1.0, fees.fee_in("sinuiju")) == pytest.approx(400, rel=0.02)
