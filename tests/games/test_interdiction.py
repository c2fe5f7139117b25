"""Shortest-path interdiction: all plans listed, and time that runs out."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from tests.games.oracles import grid, random_network, ways

from amnok.errors import AmnokError
from amnok.games.interdiction import InterdictionGame
from amnok.games.network import Network


def listed(game: InterdictionGame) -> float:
    """The longest shortest way over all plans that the budget allows."""
    found = [np.isin(np.arange(len(game.network)), way) for way in ways(game.network)]
    table = np.array(found, dtype=float)
    length = table @ game.lengths
    useful = np.flatnonzero(game.delays > 0)
    plans = [
        plan
        for size in range(len(useful) + 1)
        for plan in itertools.combinations(useful, size)
        if game.cost(np.array(plan, dtype=int)) <= game.budget
    ]
    chosen = np.zeros((len(plans), len(game.network)))
    for row, plan in enumerate(plans):
        chosen[row, list(plan)] = game.delays[list(plan)]
    return float((length + chosen @ table.T).min(axis=1).max())


def random_game(random: np.random.Generator, index: int) -> InterdictionGame:
    network = random_network(random, int(random.integers(2, 6)), int(random.integers(0, 8)))
    count = len(network)
    lengths, delays = random.uniform(0, 1, count), random.uniform(0, 2, count)
    if index % 3 == 0:
        lengths, delays = (3 * lengths).round(), (2 * delays).round()
    unit = 10.0 ** random.integers(-9, 10) if index % 5 == 0 else 1.0
    costs = None if index % 2 else random.integers(0, 4, count)
    budget = float(random.integers(0, 5))
    return InterdictionGame(network, unit * lengths, unit * delays, budget, costs)


@pytest.mark.slow
def test_thousand_games_against_all_plans():
    random = np.random.default_rng(1)
    for index in range(1000):
        game = random_game(random, index)
        plan = game.solve()
        assert plan.value == pytest.approx(listed(game), rel=1e-9, abs=1e-300), index
        assert plan.finished
        assert plan.certificate.holds()


def test_certificates_from_the_ways_alone():
    random = np.random.default_rng(2)
    for index in range(200):
        game = random_game(random, index)
        certificate = game.check(game.solve())
        assert certificate.holds(1e-8)


def test_a_larger_network():
    random = np.random.default_rng(3)
    network = grid(12)
    lengths, delays = random.integers(1, 11, (2, len(network))).astype(float)
    game = InterdictionGame(network, lengths, delays, 4)
    plan = game.solve()
    assert plan.finished
    assert game.check(plan).holds(1e-8)


def test_time_that_runs_out_leaves_a_plan_and_its_gap():
    random = np.random.default_rng(4)
    network = grid(30)
    lengths, delays = random.integers(1, 11, (2, len(network))).astype(float)
    game = InterdictionGame(network, lengths, delays, 30)
    plan = game.solve(seconds=1.0)
    assert not plan.finished
    assert plan.certificate.gap > 0
    assert game.cost(plan.interdicted) <= 30
    none = replace(game, budget=0).solve()
    assert none.value < plan.value < plan.certificate.bound
    assert game.check(plan, seconds=1.0).bound >= plan.value


def test_nothing_to_interdict():
    network = Network([0, 0, 1], [1, 1, 2], 0, 2)
    plan = InterdictionGame(network, [1, 2, 1], [0, 0, 0], 3).solve()
    assert (plan.value, plan.interdicted.tolist()) == (2.0, [])
    dear = InterdictionGame(network, [1, 2, 1], [5, 5, 5], 3, [9, 9, 9])
    assert dear.solve().value == 2.0
    assert dear.check(dear.solve()).holds(0)


def test_a_budget_for_everything():
    network = Network([0, 0, 1], [1, 1, 2], 0, 2)
    plan = InterdictionGame(network, [1, 2, 1], [5, 5, 5], 9).solve()
    assert plan.value == 12.0


def test_the_certificate_tells_of_worse_plans():
    network = Network([0, 0, 1], [1, 1, 2], 0, 2)
    game = InterdictionGame(network, [1, 2, 1], [9, 9, 0.5], budget=1)
    plan = game.solve()
    assert plan.value == 3.0
    worse = game.check(replace(plan, interdicted=np.array([2]), value=2.5))
    assert worse.gap == pytest.approx(0.5)
    too_many = game.check(replace(plan, interdicted=np.array([0, 1])))
    assert too_many.residual == 1.0
    with pytest.raises(AmnokError, match="interdicted: names an arc that is none"):
        game.check(replace(plan, interdicted=np.array([7])))
    with pytest.raises(AmnokError, match="interdicted: names an arc twice"):
        game.check(replace(plan, interdicted=np.array([0, 0])))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lengths": [1.0]}, "lengths: has 1 entries, must be 3"),
        ({"lengths": [1.0, -1.0, 0.0]}, r"lengths\[1\]: is -1.0, must be at least 0"),
        ({"delays": [1.0, float("inf"), 0.0]}, r"delays\[1\]: is inf, must be a finite number"),
        ({"costs": [1.0, float("nan"), 0.0]}, r"costs\[1\]: is nan"),
        ({"budget": -1}, "budget: is -1, must be at least 0"),
        ({"budget": float("nan")}, "budget: is nan"),
    ],
)
def test_games_that_are_refused(change, told):
    given = {"lengths": [1, 2, 1], "delays": [9, 9, 1], "budget": 1, **change}
    with pytest.raises(AmnokError, match=told):
        InterdictionGame(Network([0, 0, 1], [1, 1, 2], 0, 2), **given)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), "soon"])
def test_times_that_are_refused(seconds):
    game = InterdictionGame(Network([0], [1], 0, 1), [1], [1], 1)
    with pytest.raises(AmnokError, match="seconds"):
        game.solve(seconds)
