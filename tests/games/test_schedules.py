"""Security games over schedules: patrols listed one by one and OR-Tools, or found as needed."""

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
from tests.games.glop import maxima
from tests.games.oracles import best_replies, random_targets

from amnok.errors import AmnokError
from amnok.games import patrols
from amnok.games.patrols import PatrolSets
from amnok.games.schedules import ScheduleGame
from amnok.games.security import SecurityGame
from amnok.games.targets import Targets


def listed(game: ScheduleGame) -> float:
    """A linear program for each target over all patrols."""
    covers = game.covers()
    count = range(len(covers))
    sizes = range(min(game.resources, len(covers)) + 1)
    sets = [one for size in sizes for one in itertools.combinations(count, size)]
    covered = np.array([covers[list(one)].any(axis=0) for one in sets], dtype=float)
    programs = []
    for target in range(len(game.targets)):
        matrix, right = best_replies(game.targets, target)
        gains = game.targets.defender_gain[target] * covered[:, target]
        programs.append((gains, matrix @ covered.T, right, [(np.ones(len(sets)), 1.0)]))
    return float(np.max(maxima(programs) + game.targets.defender_uncovered))


def random_game(random: np.random.Generator, whole: bool, unit: float = 1.0) -> ScheduleGame:
    count = int(random.integers(1, 7))
    schedules = [
        random.choice(count, size=random.integers(1, count + 1), replace=False).tolist()
        for _ in range(random.integers(1, 6))
    ]
    resources = int(random.integers(0, 4))
    return ScheduleGame(random_targets(random, count, whole, unit), schedules, resources)


@pytest.mark.slow
def test_thousand_games_against_all_patrols_in_or_tools():
    random = np.random.default_rng(1)
    for index in range(1000):
        game = random_game(random, whole=index % 2 > 0)
        plan = game.solve()
        assert plan.value == pytest.approx(listed(game), rel=1e-9, abs=1e-8)
        assert plan.certificate.holds(1e-8)
        assert game.check(plan) == plan.certificate


@pytest.mark.slow
def test_patrols_that_are_searched_for_are_as_good_as_listed_ones(monkeypatch):
    random = np.random.default_rng(2)
    games = [random_game(random, whole=index % 2 > 0) for index in range(100)]
    values = [game.solve().value for game in games]
    monkeypatch.setattr(patrols, "_FEW", 0)
    for game, value in zip(games, values, strict=True):
        plan = game.solve()
        assert plan.value == pytest.approx(value, rel=1e-9, abs=1e-9)
        assert plan.certificate.holds(1e-8)


def test_the_best_patrol_by_search_is_the_best_of_all(monkeypatch):
    random = np.random.default_rng(3)
    for _ in range(100):
        covers = random.random((int(random.integers(1, 7)), 6)) < 0.4
        rewards = random.uniform(-0.5, 1.0, 6)
        resources = int(random.integers(0, 4))
        monkeypatch.setattr(patrols, "_FEW", 4096)
        _, most = PatrolSets(covers, resources).best(rewards)
        monkeypatch.setattr(patrols, "_FEW", 0)
        patrol, found = PatrolSets(covers, resources).best(rewards)
        assert found == pytest.approx(most, abs=1e-12)
        assert len(patrol) <= resources


def test_payoffs_of_any_unit():
    for unit in (1e-9, 1e9):
        random = np.random.default_rng(4)
        for _ in range(50):
            game = random_game(random, whole=False, unit=unit)
            plan = game.solve()
            columns = (getattr(game.targets, field.name) / unit for field in fields(Targets))
            usual = ScheduleGame(Targets(*columns), game.schedules, game.resources)
            assert plan.value / unit == pytest.approx(listed(usual), rel=1e-8, abs=1e-8)
            assert plan.certificate.holds(1e-8)


def test_schedules_of_one_target_are_a_plain_security_game():
    random = np.random.default_rng(5)
    for _ in range(100):
        count = int(random.integers(1, 7))
        targets = random_targets(random, count, whole=False)
        resources = int(random.integers(0, count + 1))
        plan = ScheduleGame(targets, [[one] for one in range(count)], resources).solve()
        plain = SecurityGame(targets, resources).solve()
        assert plan.value == pytest.approx(plain.value, rel=1e-9, abs=1e-9)


def test_coverage_that_adds_up_but_cannot_be_run():
    # Three pairs, one patrol: each target half covered adds up, but only a third of the patrols
    # leaves each out.
    game = ScheduleGame(Targets.zero_sum([3, 3, 3]), [[0, 1], [1, 2], [0, 2]], 1)
    plan = game.solve()
    assert plan.value == pytest.approx(-1.0)
    assert plan.coverage.tolist() == pytest.approx([2 / 3] * 3)


def test_a_larger_game():
    random = np.random.default_rng(6)
    targets = Targets.zero_sum(random.uniform(1, 10, 40))
    schedules = [random.choice(40, size=5, replace=False).tolist() for _ in range(30)]
    plan = ScheduleGame(targets, schedules, 4).solve()
    assert plan.certificate.holds(1e-8)
    assert max(len(patrol) for patrol in plan.patrols) <= 4


def test_the_certificate_tells_of_worse_plans():
    game = ScheduleGame(Targets.zero_sum([4, 4, 4]), [[0, 1], [1, 2]], 1)
    plan = game.solve()
    one = replace(plan, patrols=((0,),), chances=np.ones(1))
    assert game.check(one).regret_inspected == pytest.approx(4.0)
    assert game.check(replace(plan, chances=2 * plan.chances)).residual == 1.0
    many = replace(plan, patrols=((0, 1),), chances=np.ones(1), value=0.0)
    assert game.check(many).residual == 1.0
    assert game.check(replace(plan, value=-1.0)).gap == pytest.approx(1.0)
    unproven = replace(plan, multipliers=np.zeros((3, 3)))
    assert game.check(unproven).gap > 1.0


@pytest.mark.parametrize(
    ("schedules", "resources", "told"),
    [
        ([[0, 3]], 1, r"schedules\[0\]\[1\]: is 3, must be at most 2"),
        ([[0], []], 1, r"schedules\[1\]: covers no target"),
        ([[1, 1]], 1, r"schedules\[0\]: names a target twice"),
        ([], 1, "schedules: is empty"),
        ([[0]], -1, "resources: is -1, must be at least 0"),
        ([[0]], 1.5, "resources: is 1.5, must be a whole number"),
        ([[0.5]], 1, r"schedules\[0\]\[0\]: is 0.5, must be a whole number"),
    ],
)
def test_games_that_are_refused(schedules, resources, told):
    with pytest.raises(AmnokError, match=told):
        ScheduleGame(Targets.zero_sum([1, 2, 3]), schedules, resources)
