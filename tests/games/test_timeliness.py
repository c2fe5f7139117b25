"""When to inspect, unseen: Diamond's solution, closed forms and a game on a grid."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from amnok.errors import AmnokError
from amnok.games.timeliness import TimelinessGame


def test_published_delay_of_one_inspection():
    solution = TimelinessGame().solve()
    assert solution.delay == pytest.approx(1 / math.e, rel=1e-15)
    assert solution.at_once == pytest.approx(1 / math.e, rel=1e-15)
    assert solution.last == pytest.approx(1 - 1 / math.e, rel=1e-15)


def test_one_inspection_in_closed_form():
    """Inspect by t with chance -log(1 - t); violate by t with chance 1 / (e * (1 - t))."""
    solution = TimelinessGame(1).solve()
    draws, times = np.linspace(0, 1, 11), np.linspace(0, 0.632, 11)
    assert solution.schedule(draws)[:, 0] == pytest.approx(1 - np.exp(-draws), abs=1e-15)
    assert solution.violated_by(times) == pytest.approx(1 / (math.e * (1 - times)), rel=1e-14)


def test_two_inspections_in_closed_form():
    """c_2 = (1 + c_2) / e by the ends of the pieces, and the delay 1 - c_2 / e."""
    second = 1 / (math.e - 1)
    solution = TimelinessGame(2).solve()
    assert solution.falls == pytest.approx((1, second), rel=1e-15)
    assert solution.delay == pytest.approx(1 - (1 - second / math.e), rel=1e-14)


def test_no_inspection_but_the_one_at_the_end():
    solution = TimelinessGame(0, length=3.0).solve()
    assert (solution.delay, solution.at_once, solution.last) == (3.0, 1.0, 0.0)
    assert solution.schedule([0.1, 0.2]).shape == (2, 0)
    assert solution.violated_by([-1.0, 0.0, 1.0]).tolist() == [0, 1, 1]
    assert solution.certificate.holds(0)


@pytest.mark.parametrize("inspections", [1, 2, 3, 7, 30, 100])
@pytest.mark.parametrize("length", [1e-6, 1.0, 365.0])
def test_certificates(inspections, length):
    game = TimelinessGame(inspections, length)
    solution = game.solve()
    assert solution.certificate.holds(1e-12)
    assert solution.delay < length / (inspections + 1)  # what evenly spaced times would do
    wrong = replace(solution, delay=solution.delay + 1e-6 * length)
    assert not game.check(wrong).holds(1e-9)


@pytest.mark.parametrize("inspections", [1, 2, 3])
def test_a_certificate_sees_a_wrong_plan(inspections):
    game = TimelinessGame(inspections)
    solution = game.solve()
    late = replace(solution, falls=(1.0, *(0.97 * c for c in solution.falls[1:])))
    assert game.check(late).holds(1e-3) == (inspections == 1)
    early = replace(solution, rises=tuple(0.9 * d for d in solution.rises))
    assert not game.check(early).holds(1e-3)


def test_more_inspections_find_it_sooner():
    delays = [TimelinessGame(k).solve().delay for k in range(12)]
    assert all(one > other for one, other in itertools.pairwise(delays))


def test_the_game_on_a_grid_comes_near():
    """Fictitious play on 200 moments brackets the delay."""
    moments = (np.arange(200) + 0.5) / 200
    # Found at once if inspected at the same moment or later, at the end otherwise.
    waits = np.where(
        moments[None, :] >= moments[:, None],
        moments[None, :] - moments[:, None],
        1 - moments[:, None],
    )
    violated, inspected = np.zeros(200), np.zeros(200)
    low, high, one, two = -math.inf, math.inf, 0, 0
    for count in range(1, 20_001):
        violated += waits[one]
        inspected += waits[:, two]
        two, one = int(violated.argmin()), int(inspected.argmax())
        low, high = max(low, violated[two] / count), min(high, inspected[one] / count)
    delay = TimelinessGame(1).solve().delay
    assert low - 0.01 < delay < high + 0.01
    assert high - low < 0.02


def test_thousand_plays_of_each_number_of_inspections():
    """Both keep to their plans: the mean delay is the value, within four standard errors."""
    chance = np.random.default_rng(1)
    for inspections in (1, 2, 5):
        solution = TimelinessGame(inspections, 10.0).solve()
        schedule = solution.schedule(chance.random(20_000))
        # The violation's times by inverting its distribution on a fine grid.
        grid = np.linspace(0, solution.last, 20_001)
        times = np.interp(chance.random(20_000), solution.violated_by(grid), grid)
        ends = np.concatenate([schedule, np.full((20_000, 1), 10.0)], axis=1)
        delay = np.where(ends > times[:, None], ends, 10.0).min(axis=1) - times
        assert abs(delay.mean() - solution.delay) < 4 * delay.std() / math.sqrt(20_000) + 1e-3


@pytest.mark.parametrize(
    ("inspections", "length"),
    [(-1, 1.0), (1.5, 1.0), (101, 1.0), (1, 0.0), (1, -1.0), (1, math.nan), (1, math.inf)],
)
def test_refused(inspections, length):
    with pytest.raises(AmnokError):
        TimelinessGame(inspections, length)


def test_all_faults_at_once():
    with pytest.raises(AmnokError) as caught:
        TimelinessGame(-1, math.nan)
    assert [fault.path for fault in caught.value.faults] == ["inspections", "length"]
