"""Several types of attackers: every way in which they can choose, in OR-Tools."""

from dataclasses import fields, replace

import numpy as np
import pytest
from tests.games.oracles import random_targets, stackelberg

from amnok.errors import AmnokError
from amnok.games.bayesian import BayesianGame
from amnok.games.security import SecurityGame
from amnok.games.targets import Targets


def random_game(random: np.random.Generator, index: int, unit: float = 1.0) -> BayesianGame:
    kinds = int(random.integers(1, 4))
    count = int(random.integers(1, 3 if kinds == 3 else 5))
    types = [random_targets(random, count, index % 2 > 0, unit) for _ in range(kinds)]
    resources = float(random.choice([0, 0.5, 1, 1.7, 2, 9]))
    return BayesianGame(types, random.dirichlet(np.ones(kinds)), resources)


@pytest.mark.slow
def test_thousand_games_against_or_tools():
    random = np.random.default_rng(1)
    for index in range(1000):
        game = random_game(random, index)
        plan = game.solve()
        truth = stackelberg(game.types, game.chances, game.resources)
        assert plan.value == pytest.approx(truth, rel=1e-9, abs=1e-8), index
        assert plan.finished
        assert plan.certificate.holds(1e-8)


def test_hundred_certificates_by_cases():
    random = np.random.default_rng(2)
    for index in range(100):
        game = random_game(random, index)
        assert game.check(game.solve()).holds(1e-8)


def test_payoffs_of_any_unit():
    for unit in (1e-9, 1e9):
        random = np.random.default_rng(3)
        for index in range(50):
            game = random_game(random, index, unit)
            types = [
                Targets(*(getattr(one, field.name) / unit for field in fields(Targets)))
                for one in game.types
            ]
            truth = stackelberg(types, game.chances, game.resources)
            assert game.solve().value / unit == pytest.approx(truth, rel=1e-8, abs=1e-8)


def test_one_type_is_a_plain_security_game():
    targets = Targets([1, 2, 0], [-3, -5, -1], [-1, -2, -0.5], [3, 5, 1])
    plan = BayesianGame([targets], [1.0], 1).solve()
    assert plan.value == pytest.approx(SecurityGame(targets, 1).solve().value)


def test_small_large_and_protected_traders():
    random = np.random.default_rng(4)
    types = [random_targets(random, 20, whole=False) for _ in range(3)]
    game = BayesianGame(types, [0.7, 0.1, 0.2], 4)
    plan = game.solve()
    assert plan.finished
    assert game.check(plan).holds(1e-8)


def test_time_that_runs_out_leaves_a_plan_and_its_gap():
    random = np.random.default_rng(5)
    types = [random_targets(random, 60, whole=False) for _ in range(8)]
    plan = BayesianGame(types, np.full(8, 0.125), 9.5).solve(seconds=0.05)
    assert not plan.finished
    assert plan.certificate.gap > 0
    assert plan.certificate.bound == pytest.approx(plan.value + plan.certificate.gap)
    assert plan.certificate.residual < 1e-9
    assert plan.certificate.regret_inspected < 1e-8


def test_the_certificate_tells_of_worse_plans():
    small, large = Targets.zero_sum([4, 1]), Targets.zero_sum([1, 4])
    game = BayesianGame([small, large], [0.5, 0.5], 1)
    plan = game.solve()
    uneven = replace(plan, coverage=np.array([0.8, 0.2]))
    assert game.check(uneven).regret_inspected > 0
    assert game.check(replace(plan, coverage=np.ones(2))).residual == 1.0
    idle = replace(plan, coverage=np.zeros(2), attacked=(0, 1), value=-4.0)
    assert game.check(idle).gap == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("types", "chances", "resources", "told"),
    [
        ([[1, 2], [1, 2, 3]], [0.5, 0.5], 1, r"types\[1\]: has 3 targets, must be 2"),
        ([[1, 2], [2, 1]], [0.5, 0.6], 1, "chances: add up to 1.1, must be 1"),
        ([[1, 2], [2, 1]], [1.0], 1, "chances: has 1 entries, must be 2"),
        ([[1, 2], [2, 1]], [1.5, -0.5], 1, r"chances\[1\]: is -0.5"),
        ([[1, 2], [2, 1]], [0.5, 0.5], -1, "resources: is -1"),
        ([], [], 1, "types: is empty"),
    ],
)
def test_games_that_are_refused(types, chances, resources, told):
    with pytest.raises(AmnokError, match=told):
        BayesianGame([Targets.zero_sum(values) for values in types], chances, resources)


def test_times_that_are_refused():
    with pytest.raises(AmnokError, match="seconds"):
        BayesianGame([Targets.zero_sum([1])], [1.0], 1).solve(seconds=0)
