"""Scores against their definitions, and naive forecasts against sums by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.studies.scoring.naive import NAIVE
from amnok.studies.scoring.scores import (
    COVERAGES,
    LEVELS,
    covered,
    crps,
    quantiles,
    weighted_interval_score,
)

BY_LABEL = {one.label: one for one in NAIVE}


def by_definition(forecast, observed):
    """Bracher et al. 2021, eq. 3: weighted absolute error of the median and interval scores."""
    total, pairs = 0.5 * abs(observed - forecast[len(LEVELS) // 2]), len(LEVELS) // 2
    for k in range(pairs):
        low, high, alpha = forecast[k], forecast[-1 - k], 2 * LEVELS[k]
        score = high - low
        score += 2 / alpha * (low - observed) * (observed < low)
        score += 2 / alpha * (observed - high) * (observed > high)
        total += alpha / 2 * score
    return total / (pairs + 0.5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=23, max_size=23).map(sorted), st.floats(-2e6, 2e6))
def test_the_weighted_interval_score_is_that_of_its_definition(forecast, observed):
    expected = by_definition(forecast, observed)
    assert weighted_interval_score(forecast, observed) == pytest.approx(expected, abs=1e-6)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12), st.floats(-1e3, 1e3))
def test_crps_is_mean_error_less_half_the_mean_distance_of_two_members(sample, observed):
    n = len(sample)
    distance = sum(abs(x - y) for x in sample for y in sample) / (n * (n - 1))
    error = sum(abs(x - observed) for x in sample) / n
    assert crps(sample, observed) == pytest.approx(error - distance / 2, abs=1e-7)


def test_crps_of_a_normal_forecast_is_its_closed_form():
    sample = np.random.default_rng(1).normal(0.0, 1.0, 200_000)
    # sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)) at z = 0
    assert crps(sample, 0.0) == pytest.approx(0.233695, abs=2e-3)


def test_intervals_cover_as_often_as_they_say():
    numbers = np.random.default_rng(2)
    forecast = quantiles(numbers.normal(size=100_000))
    observed = numbers.normal(size=20_000)
    for coverage in COVERAGES:
        share = covered(forecast[:, None], observed, coverage).mean()
        assert share == pytest.approx(coverage, abs=0.015)  # 4 standard errors at 50%


def medians(label, past, horizons):
    forecast = BY_LABEL[label].quantiles(np.asarray(past, dtype=float), np.array(horizons), 12)
    return forecast[len(LEVELS) // 2]


def test_naive_forecasts_are_those_of_their_names():
    past = np.arange(1.0, 25.0)  # two years
    assert medians("last value", past, [1, 9]) == pytest.approx([24, 24])
    assert medians("random walk", past, [1, 9]) == pytest.approx([24, 24])
    assert medians("a year before", past, [1, 12, 13]) == pytest.approx([13, 24, 13])
    year = np.exp(np.log1p(past[-12:]).mean()) - 1
    assert medians("mean of a year", past, [1, 5]) == pytest.approx([year, year])
    doubled = 2.0 ** np.arange(1, 13) - 1  # the logarithm of one plus it is a line
    assert medians("trend", doubled, [1, 3]) == pytest.approx([2**13 - 1, 2**15 - 1])


def test_a_random_walk_widens_with_the_root_of_time_and_covers():
    numbers = np.random.default_rng(3)
    walks = 4 + np.cumsum(numbers.normal(0, 0.1, (3000, 40)), axis=1)
    hits = []
    for walk in walks:
        forecast = BY_LABEL["random walk"].quantiles(np.expm1(walk[:30]), np.array([1, 4, 10]), 12)
        hits.append(covered(forecast, np.expm1(walk[[30, 33, 39]]), 0.8))
    assert np.mean(hits, axis=0) == pytest.approx(0.8, abs=0.04)  # 29 steps to learn the spread


@pytest.mark.parametrize("one", NAIVE, ids=lambda one: one.label)
def test_a_short_past_gives_no_forecast_and_no_forecast_is_below_zero(one):
    horizons = np.array([1, 2, 30])
    assert np.isnan(one.quantiles(np.ones((one.least or 12) - 1), horizons, 12)).all()
    forecast = one.quantiles(np.array([0.0, 3.0, 0.0, 1.0] * 4), horizons, 12)
    assert (forecast >= 0).all()
    assert (np.diff(forecast, axis=0) >= 0).all()


def test_yearly_values_have_a_mean_with_a_spread():
    naive = next(one for one in NAIVE if one.label == "mean of a year")
    found = naive.quantiles(np.array([10.0, 12.0, 14.0]), np.array([1]), year=1)
    assert np.isfinite(found).all()
    assert found[0] < 12.0 < found[-1]
