"""Shared distributions against exact sums and independent implementations."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.rules.distributions import (
    at_least_one,
    binomial,
    driven_chance,
    exponential_days,
    gumbel,
    log_none,
    normal_quantile,
    probability,
)
from amnok.rules.markets import smoothed
from amnok.rules.orders import with_inertia
from amnok.rules.smoothing import drawn_towards

uniform = st.floats(2.0**-53, 1.0 - 2.0**-53)
unit = st.floats(0.0, 1.0)


def exact_binomial(n: int, p: Fraction, u: Fraction) -> int:
    """Smallest k with P(X <= k) >= u, in integers."""
    success, failure, whole = p.numerator, p.denominator - p.numerator, p.denominator**n
    total = 0
    for k in range(n + 1):
        total += math.comb(n, k) * success**k * failure ** (n - k)
        if total * u.denominator >= u.numerator * whole:
            return k
    return n


@given(uniform)
def test_normal_quantile_inverts_the_distribution(u: float) -> None:
    z = normal_quantile(u)
    assert math.isclose(z, NormalDist().inv_cdf(u), rel_tol=1e-13, abs_tol=1e-15)
    assert math.isclose(0.5 * math.erfc(-z / math.sqrt(2.0)), u, rel_tol=1e-13)


def test_normal_quantile_far_out() -> None:
    # Wichura's own check values.
    assert normal_quantile(0.25) == pytest.approx(-0.6744897501960817, rel=1e-15)
    assert normal_quantile(0.001) == pytest.approx(-3.090232306167814, rel=1e-15)
    assert normal_quantile(1e-20) == pytest.approx(-9.262340089798408, rel=1e-15)


@given(st.integers(0, 60), st.integers(0, 97), st.integers(1, 100))
def test_binomial_is_the_exact_quantile(n: int, a: int, b: int) -> None:
    # Denominators 97 and 101 share no factor, so u never falls on a step.
    p, u = Fraction(a, 97), Fraction(b, 101)
    assert binomial(n, float(p), float(u)) == exact_binomial(n, p, u)


@pytest.mark.parametrize("n", [600, 900, 1_300, 2_000])
@pytest.mark.parametrize("a", [1, 30, 48, 49, 70, 96])
@pytest.mark.parametrize("u", [Fraction(1, 10_007), Fraction(50, 101), Fraction(10_006, 10_007)])
def test_binomial_with_many_trials(n: int, a: int, u: Fraction) -> None:
    p = Fraction(a, 97)
    exact = exact_binomial(n, p, u)
    drawn = binomial(n, float(p), float(u))
    if n * math.log1p(-min(a, 97 - a) / 97) < -600.0:
        assert abs(drawn - exact) <= 1
    else:
        assert drawn == exact


@given(
    st.integers(0, 3_000),
    st.integers(0, 3_000),
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.integers(1, 1_012),
    st.integers(1, 1_012),
)
def test_binomial_rises_with_each_argument(
    n1: int, n2: int, a1: int, a2: int, b1: int, b2: int
) -> None:
    (n, more), (a, higher), (b, later) = sorted((n1, n2)), sorted((a1, a2)), sorted((b1, b2))
    p, u = a / 1_000, b / 1_013
    k = binomial(n, p, u)
    assert 0 <= k <= n
    assert k <= binomial(more, p, u)
    assert k <= binomial(n, higher / 1_000, u)
    assert k <= binomial(n, p, later / 1_013)


def test_binomial_rises_across_the_change_of_method() -> None:
    u_values = [0.001, 0.1, 0.5, 0.9, 0.999]
    for u in u_values:
        counts = [binomial(n, 0.3, u) for n in range(1_650, 1_720)]
        assert all(low <= high <= low + 1 for low, high in pairwise(counts))
        counts = [binomial(2_000, p / 10_000, u) for p in range(2_400, 2_800)]
        assert all(low <= high for low, high in pairwise(counts))


def test_binomial_edges() -> None:
    assert binomial(0, 0.5, 0.5) == binomial(-3, 0.5, 0.5) == binomial(9, 0.0, 0.999) == 0
    assert binomial(9, -0.1, 0.999) == 0
    assert binomial(9, 1.0, 1e-9) == binomial(9, 1.5, 1e-9) == 9
    assert binomial(10**9, 0.25, 0.5) == pytest.approx(2.5e8, abs=1)
    assert binomial(10**9, 1e-12, 0.5) == 0
    # A sum that rounding keeps just under u must not run on to n.
    assert binomial(1_000, 0.1, 1.0 - 2.0**-53) < 200
    assert binomial(1_000, 0.9, 2.0**-53) > 800


@given(uniform)
def test_gumbel_inverts_its_distribution(u: float) -> None:
    assert math.isclose(-math.log(math.exp(-math.exp(-gumbel(u)))), -math.log(u), rel_tol=1e-9)


@given(st.floats(0.0, 1_000.0), uniform, uniform)
def test_exponential_days_are_whole_and_rise(mean: float, u1: float, u2: float) -> None:
    u, later = sorted((u1, u2))
    assert 0 <= exponential_days(mean, u) <= exponential_days(mean, later)


@given(unit, st.integers(0, 200))
def test_at_least_one(chance: float, count: int) -> None:
    assert math.isclose(at_least_one(chance, count), 1 - (1 - chance) ** count, abs_tol=1e-12)
    assert math.exp(log_none(chance, count)) == pytest.approx((1 - chance) ** count, abs=1e-12)
    assert at_least_one(chance, count) <= at_least_one(chance, count + 1)


def test_at_least_one_keeps_small_chances() -> None:
    assert at_least_one(1e-20, 3) == pytest.approx(3e-20)
    assert math.copysign(1.0, at_least_one(0.5, 0)) == 1.0


@given(st.floats(allow_nan=False))
def test_probability_holds(value: float) -> None:
    assert 0.0 <= probability(value) <= 1.0
    assert probability(probability(value)) == probability(value)


@given(unit, unit, st.floats(0, 3), st.floats(0, 3), st.floats(0, 3))
def test_driven_chance_rises_with_the_order(
    base: float, boost: float, i1: float, i2: float, factor: float
) -> None:
    low, high = sorted((i1, i2))
    assert driven_chance(base, boost, low, factor) <= driven_chance(base, boost, high, factor)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1, 1e6))
def test_smoothing_stays_between(current: float, target: float, days: float) -> None:
    step = drawn_towards(current, target, days)
    slack = 1e-9 * (abs(current) + abs(target))
    assert min(current, target) - slack <= step <= max(current, target) + slack
    assert step == smoothed(current, target, days) == with_inertia(current, target, days)


def test_smoothing_reaches_its_time_constant() -> None:
    value = 0.0
    for _ in range(10):
        value = drawn_towards(value, 1.0, 10.0)
    assert value == pytest.approx(1.0 - math.exp(-1.0))
