"""Quantal response: the optimum by search over all coverages, and bounds that hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.games.oracles import random_targets

from amnok.errors import AmnokError
from amnok.games.quantal import QuantalGame
from amnok.games.security import SecurityGame
from amnok.games.targets import Targets


def values(game: QuantalGame, coverage: np.ndarray) -> np.ndarray:
    """What each row of coverages brings the defender."""
    pull = game.attraction - game.deterrence * coverage
    weights = np.exp(pull - pull.max(axis=1, keepdims=True))
    worth = (weights * game.targets.defender(coverage)).sum(axis=1)
    return worth / weights.sum(axis=1)


def searched(game: QuantalGame) -> float:
    """The most over finer and finer grids of coverages of one or two targets."""
    count = len(game.targets)
    low, high, best = np.zeros(count), np.ones(count), -np.inf
    for _ in range(10):
        axes = [np.linspace(low[i], high[i], 41) for i in range(count)]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, count)
        over = points.sum(axis=1) > game.resources
        # What is too much goes evenly: the best may lie on the border.
        excess = (points[over].sum(axis=1) - game.resources) / count
        points[over] = np.clip(points[over] - excess[:, None], 0.0, 1.0)
        points = points[points.sum(axis=1) <= game.resources + 1e-15]
        found = values(game, points)
        best, place = max(best, found.max()), points[found.argmax()]
        width = (high - low) / 8
        low, high = np.maximum(0.0, place - width), np.minimum(1.0, place + width)
    return best


def random_game(random: np.random.Generator, count: int, index: int) -> QuantalGame:
    targets = random_targets(random, count, whole=index % 2 > 0)
    resources = float(random.choice([0, 0.3, 1, 1.5, 3]))
    if index % 3:
        weights = (-random.uniform(0, 12), random.uniform(0, 1), random.uniform(0, 1))
        return QuantalGame.suqr(targets, resources, weights)
    return QuantalGame.logit(targets, resources, float(random.choice([0, 0.5, 3, 10])))


def test_weights_of_suqr():
    targets = Targets([1, 1], [-1, -1], [-2, -1], [5, 3])
    game = QuantalGame.suqr(targets, 1)
    coverage = np.array([0.5, 0.25])
    pull = np.exp([-9.85 * 0.5 + 0.37 * 5 - 0.15 * 2, -9.85 * 0.25 + 0.37 * 3 - 0.15])
    assert game.choices(coverage).tolist() == pytest.approx((pull / pull.sum()).tolist())


@pytest.mark.slow
def test_thousand_games_against_search():
    random = np.random.default_rng(1)
    for index in range(1000):
        game = random_game(random, int(random.integers(1, 3)), index)
        plan = game.solve()
        assert plan.value == pytest.approx(searched(game), rel=1e-9, abs=1e-9), game
        assert plan.certificate.holds()


def test_bounds_of_larger_games_hold():
    random = np.random.default_rng(2)
    for index in range(100):
        game = random_game(random, int(random.integers(3, 40)), index)
        plan = game.solve()
        assert plan.certificate.holds()
        assert game.check(plan) == plan.certificate
        others = random.dirichlet(np.ones(len(game.targets)), 200) * game.resources
        others = others[(others <= 1).all(axis=1)]
        if len(others):
            assert values(game, others).max() <= plan.certificate.bound + 1e-12


@given(
    st.lists(st.tuples(*[st.floats(-10, 10)] * 4), min_size=1, max_size=8),
    st.floats(0, 9),
    st.floats(0, 30),
    st.integers(-9, 9),
)
def test_any_payoffs_have_a_proven_plan(rows, resources, rationality, power):
    unit = 10.0**power
    table = np.array(rows)
    table[np.abs(table) < 1e-100] = 0.0
    table *= unit
    worst, best = np.sort(table[:, :2], axis=1).T
    low, high = np.sort(table[:, 2:], axis=1).T
    targets = Targets(best, worst, low, high)
    plan = QuantalGame.logit(targets, resources, rationality / unit).solve()
    assert plan.certificate.holds(1e-8)


@pytest.mark.parametrize("slight", [3.4e-36, 1e-18, 1e-12, 1e-9, 1e-8, 1e-7, 1e-5])
def test_a_target_hardly_worth_covering_is_still_proven(slight):
    targets = Targets([1.0, slight], [0.0, 0.0], [0.0, 0.0], [0.0, 1.0])
    plan = QuantalGame.logit(targets, 1.0, 1.0).solve()
    assert plan.certificate.holds()
    assert plan.coverage.tolist() == pytest.approx([1.0, 0.0], abs=1e-9)


def test_blind_attackers_are_covered_where_it_brings_most():
    targets = Targets([5, 3, 1], [0, 0, 0], [0, 0, 0], [1, 1, 1])
    plan = QuantalGame.logit(targets, 2, 0).solve()
    assert plan.coverage.tolist() == pytest.approx([1, 1, 0])
    assert plan.value == pytest.approx(8 / 3)


def test_nearly_rational_attackers_leave_what_rational_ones_do():
    targets = Targets.zero_sum([10, 6, 3])
    plan = QuantalGame.logit(targets, 1, 300).solve()
    rational = SecurityGame(targets, 1).solve()
    assert plan.value == pytest.approx(rational.value, abs=0.01)
    assert plan.coverage.tolist() == pytest.approx(rational.coverage.tolist(), abs=0.01)


def test_the_certificate_tells_of_worse_plans():
    game = QuantalGame.suqr(Targets.zero_sum([10, 6, 3]), 1)
    plan = game.solve()
    assert not game.check(replace(plan, coverage=np.array([0.6, 0.4, 0.0]))).holds(1e-4)
    assert game.check(replace(plan, coverage=np.ones(3))).residual == pytest.approx(2)
    assert game.check(replace(plan, value=0.0)).gap == pytest.approx(-plan.value)
    assert game.check(replace(plan, log_price=-np.inf)).gap > 0.01


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda targets: QuantalGame.suqr(targets, -1), "resources: is -1"),
        (lambda targets: QuantalGame.suqr(targets, 1, (1, 0, 0)), r"weights\[0\]: is 1.0, must"),
        (lambda targets: QuantalGame.suqr(targets, 1, (1, 0)), "weights: has 2 entries, must be 3"),
        (lambda targets: QuantalGame.logit(targets, 1, float("nan")), "rationality: is nan"),
        (lambda targets: QuantalGame(targets, 1, [0], [0, 0]), "attraction: has 1 entries"),
        (lambda targets: QuantalGame(targets, 1, [0, 0], [0, -1]), r"deterrence\[1\]: is -1.0"),
    ],
)
def test_games_that_are_refused(make, told):
    with pytest.raises(AmnokError, match=told):
        make(Targets.zero_sum([1, 2]))
