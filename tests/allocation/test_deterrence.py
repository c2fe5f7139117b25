"""Effort against several types: as ORIGAMI for one, as a linear program for many, and no better."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from amnok.allocation.deterrence import (
    DeterrenceGame,
    DeterrencePlan,
    chosen,
    gained,
)
from amnok.errors import AmnokError
from amnok.games.security import SecurityGame
from amnok.games.targets import Targets

SEEDS = st.integers(0, 2**32 - 1)


def game_of(gains, losses, weights, most, resources, noise=0.0):
    one, two, three, four = map(np.array, (gains, losses, weights, most))
    return DeterrenceGame(one, two, three, four, resources, noise)


def random_game(seed, noise=0.0):
    draw = np.random.default_rng(seed)
    types, targets = draw.integers(1, 9), draw.integers(1, 7)
    gains = draw.normal(size=(types, targets)) * draw.choice([1.0, 1e3])
    gains[draw.random((types, targets)) < 0.2] = -np.inf
    return DeterrenceGame(
        gains,
        draw.random((types, targets)) * draw.choice([0.0, 1.0, 10.0], (types, targets)),
        draw.random(types),
        draw.random(targets) * 3,
        draw.random() * targets,
        noise * (np.abs(gains[np.isfinite(gains)]).max() if np.isfinite(gains).any() else 1.0),
    )


def by_program(game):
    """The linear program as it is written in the module, solved by HiGHS."""
    types, targets = game.gains.shape
    rows, limits = [np.append(np.ones(targets), np.zeros(types))], [game.resources]
    for k, r in zip(*np.nonzero(np.isfinite(game.gains)), strict=True):
        row = np.zeros(targets + types)
        row[r], row[targets + k] = -game.losses[k, r], -1.0
        rows.append(row)
        limits.append(-game.gains[k, r])
    bounds = [*((0.0, most) for most in game.most), *[(0.0, None)] * types]
    costs = np.append(np.zeros(targets), game.weights)
    return linprog(costs, A_ub=np.array(rows), b_ub=limits, bounds=bounds).fun


@given(seed=SEEDS)
def test_the_plan_is_the_linear_programs(seed):
    game = random_game(seed)
    plan = game.solve()
    assert plan.certificate.holds()
    assert game.check(plan) == plan.certificate
    assert plan.value == pytest.approx(by_program(game), abs=1e-7 * game.scale())
    room = min(game.resources, game.most.sum())
    assert plan.effort.sum() == pytest.approx(room, rel=1e-9, abs=1e-12)


@given(
    values=st.lists(st.floats(0.1, 100.0), min_size=1, max_size=8),
    resources=st.floats(0.1, 4.0),
)
def test_one_type_is_origamis_game(values, resources):
    security = SecurityGame(Targets.zero_sum(values), resources).solve()
    ones = np.ones(len(values))
    plan = game_of([values], [values], [1.0], ones, resources).solve()
    assert plan.value == pytest.approx(-security.value, rel=1e-9, abs=1e-9)


@given(seed=SEEDS, noise=st.sampled_from([0.01, 0.1, 1.0, 10.0]))
def test_with_noise_no_other_plan_is_better(seed, noise):
    game = random_game(seed, noise)
    plan = game.solve()
    assert plan.certificate.holds()
    assert game.check(plan) == plan.certificate
    draw = np.random.default_rng(seed)
    for _ in range(20):
        other = draw.dirichlet(np.ones(len(game.most))) * game.resources
        other = np.minimum(other, game.most)
        assert gained(game, other) >= plan.value - 1e-9 * game.scale()


def test_an_optimiser_of_others_finds_the_same():
    gains = np.array([[3.0, 2.0, 1.0], [1.0, 2.5, -np.inf]])
    losses = np.array([[2.0, 1.0, 1.0], [0.5, 3.0, 1.0]])
    game = game_of(gains, losses, [1.0, 2.0], [3.0, 3.0, 3.0], 1.5, 0.4)
    answer = minimize(
        lambda effort: gained(game, effort),
        np.full(3, 0.5),
        bounds=[(0.0, 3.0)] * 3,
        constraints={"type": "ineq", "fun": lambda effort: 1.5 - effort.sum()},
        tol=1e-12,
    )
    assert game.solve().effort == pytest.approx(answer.x, abs=1e-4)


def test_little_noise_is_nearly_none():
    sharp, blurred = random_game(7), random_game(7, 1e-5)
    values = [game.solve().value for game in (sharp, blurred)]
    assert values[0] == pytest.approx(values[1], abs=1e-3 * sharp.scale())


@given(seed=SEEDS, noise=st.sampled_from([0.0, 0.2]))
def test_a_richer_target_gets_no_less(seed, noise):
    draw = np.random.default_rng(seed)
    gains = np.sort(draw.random((1, 5)) * 3)[:, ::-1]
    game = game_of(gains, np.ones((1, 5)), [1.0], np.full(5, 2.0), 2.0, noise)
    assert (np.diff(game.solve().effort) <= 1e-9).all()


def test_choices_are_the_logit():
    game = game_of([[1.0, 2.0]], [[1.0, 1.0]], [3.0], [1.0, 1.0], 1.0, 0.5)
    weights = np.exp(np.array([1.0 - 0.25, 2.0 - 0.75]) / 0.5)
    expected = 3.0 * weights / (1.0 + weights.sum())
    assert chosen(game, np.array([0.25, 0.75]))[0] == pytest.approx(expected)


def test_a_wrong_plan_does_not_hold():
    game = game_of([[10.0, 6.0]], [[10.0, 6.0]], [1.0], [1.0, 1.0], 1.0)
    plan = game.solve()
    worse = DeterrencePlan(plan.effort[::-1], plan.choices, plan.value, plan.certificate)
    assert not game.check(worse).holds()
    too_much = DeterrencePlan(plan.effort + 0.1, plan.choices, plan.value, plan.certificate)
    assert not game.check(too_much).holds()


def test_every_fault_is_told():
    with pytest.raises(AmnokError) as caught:
        game_of([[1.0, 2.0]], [[-1.0, 2.0]], [1.0, 2.0], [1.0, np.nan], -1.0, -2.0)
    told = "\n".join(map(str, caught.value.faults))
    for path in ("losses[0][0]", "weights", "most[1]", "resources", "noise"):
        assert path in told


def test_faulty_choices_are_told():
    game = game_of([[1.0, -np.inf]], [[1.0, 1.0]], [1.0], [1.0, 1.0], 1.0)
    plan = game.solve()
    for choices, problem in (([[2.0, 0.0]], "more than"), ([[0.0, 1.0]], "cannot")):
        wrong = DeterrencePlan(plan.effort, np.array(choices), plan.value, plan.certificate)
        with pytest.raises(AmnokError, match=problem):
            game.check(wrong)
