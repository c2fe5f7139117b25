"""Security games: published vectors, exact fractions, OR-Tools, nashpy, and degenerate cases."""

import itertools
from dataclasses import replace
from fractions import Fraction

import nashpy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.games.oracles import random_targets, stackelberg

from amnok.errors import AmnokError
from amnok.games.marginals import allocations
from amnok.games.security import SecurityGame
from amnok.games.targets import Targets

PUBLISHED = Targets([1, 2, 0], [-3, -5, -1], [-1, -2, -0.5], [3, 5, 1])


def exact(targets: Targets, resources: float) -> Fraction:
    """The equilibrium in Fractions, from breakpoint to breakpoint."""
    rows = [
        tuple(map(Fraction, row))
        for row in zip(
            targets.defender_covered,
            targets.defender_uncovered,
            targets.attacker_covered,
            targets.attacker_uncovered,
            strict=True,
        )
    ]
    m = Fraction(resources)

    def needed(z):
        return sum((max(0, up - z) / (up - down) for _, _, down, up in rows if up > down), 0)

    floor = max(down for _, _, down, _ in rows)
    level = floor
    if needed(floor) > m:
        points = sorted({up for *_, up in rows if up > floor} | {floor})
        low = max(point for point in points if needed(point) > m)
        high = min(point for point in points if needed(point) <= m)
        # Between two breakpoints R is a line.
        level = low + (high - low) * (needed(low) - m) / (needed(low) - needed(high))
    worth = []
    for covered, uncovered, down, up in rows:
        if up >= level:
            if up > down:
                share = (up - level) / (up - down)
            else:
                share = min(Fraction(1), m - needed(level))
            worth.append(uncovered + share * (covered - uncovered))
    return max(worth)


def test_published_zero_sum_game():
    plan = SecurityGame(Targets.zero_sum([10, 6, 3]), 1).solve()
    assert plan.coverage.tolist() == pytest.approx([0.625, 0.375, 0.0], abs=1e-15)
    assert (plan.value, plan.attacker_value) == pytest.approx((-3.75, 3.75))
    assert plan.certificate.holds(1e-15)


def test_published_general_sum_game():
    plan = SecurityGame(PUBLISHED, 1).solve()
    assert plan.coverage.tolist() == pytest.approx([5 / 11, 6 / 11, 0], abs=1e-15)
    assert plan.attacked == 0
    assert plan.value == pytest.approx(-13 / 11, rel=1e-15)


def test_thousand_games_against_exact_fractions():
    random = np.random.default_rng(1)
    for index in range(1000):
        targets = random_targets(random, int(random.integers(1, 7)), whole=index % 4 > 0)
        resources = float(random.choice([0, 0.5, 1, 2, 2.5, 9]))
        plan = SecurityGame(targets, resources).solve()
        truth = float(exact(targets, resources))
        assert plan.value == pytest.approx(truth, rel=1e-9, abs=1e-9), targets
        assert plan.certificate.holds(1e-12)


@pytest.mark.slow
def test_thousand_games_against_or_tools():
    random = np.random.default_rng(2)
    for index in range(1000):
        targets = random_targets(random, int(random.integers(1, 5)), whole=index % 2 > 0)
        resources = float(random.choice([0, 0.3, 1, 1.5, 3, 9]))
        plan = SecurityGame(targets, resources).solve()
        assert plan.value == pytest.approx(stackelberg([targets], [1.0], resources), abs=1e-8)


def test_zero_sum_games_against_nashpy():
    random = np.random.default_rng(3)
    for _ in range(100):
        count = int(random.integers(2, 6))
        resources = int(random.integers(1, count))
        values = random.uniform(1, 10, count)
        plan = SecurityGame(Targets.zero_sum(values), resources).solve()
        sets = list(itertools.combinations(range(count), resources))
        losses = np.tile(-values, (len(sets), 1))
        for row, covered in enumerate(sets):
            losses[row, list(covered)] = 0.0
        row, column = nashpy.Game(losses).linear_program()
        assert plan.value == pytest.approx(row @ losses @ column, rel=1e-7)


@given(
    st.lists(st.tuples(*[st.floats(-1e9, 1e9)] * 4), min_size=1, max_size=12),
    st.floats(0, 15),
    st.integers(-9, 9),
)
def test_any_payoffs_and_scales(rows, resources, power):
    low, high, worst, best = (np.array(column) for column in zip(*rows, strict=True))
    unit = 10.0**power
    columns = [
        np.where(np.abs(column) * unit < 1e-140, 0.0, column) * unit
        for column in (low, high, worst, best)
    ]
    targets = Targets(
        np.maximum(columns[0], columns[1]),
        np.minimum(columns[0], columns[1]),
        np.minimum(columns[2], columns[3]),
        np.maximum(columns[2], columns[3]),
    )
    plan = SecurityGame(targets, resources).solve()
    assert plan.certificate.holds(1e-9), plan
    assert SecurityGame(targets, resources).check(plan) == plan.certificate
    # A finer scale than that of the largest payoff: exact fractions, where no two payoffs tie, as
    # those do that differ in the last digit only.
    if (np.diff(np.sort(columns[3])) > 1e-9 * targets.scale()).all():
        assert plan.value <= float(exact(targets, resources)) + 1e-9 * targets.scale()


def test_payoffs_of_all_sizes_at_once():
    values = 10.0 ** np.arange(-9, 10)
    for resources in (0.5, 3, 11, 18.5):
        plan = SecurityGame(Targets.zero_sum(values), resources).solve()
        truth = float(exact(Targets.zero_sum(values), resources))
        # A coverage of 1 - 1e-12 leaves so much of the largest payoff open to rounding.
        assert plan.value == pytest.approx(truth, rel=1e-12, abs=1e-15 * values[-1])
        assert plan.certificate.holds(1e-15)


def test_no_resources_leave_everything_open():
    plan = SecurityGame(PUBLISHED, 0).solve()
    assert not plan.coverage.any()
    assert (plan.attacked, plan.value, plan.attacker_value) == (1, -5.0, 5.0)


@pytest.mark.parametrize("resources", [3, 7, 1e9])
def test_resources_for_all_targets_hold_the_attacker_to_the_best_covered(resources):
    plan = SecurityGame(PUBLISHED, resources).solve()
    assert plan.coverage.tolist() == pytest.approx([3.5 / 4, 5.5 / 7, 1])
    assert plan.attacker_value == pytest.approx(-0.5)
    assert plan.value == pytest.approx(0.5)
    assert plan.certificate.holds(1e-15)


def test_ties_go_to_the_defender():
    # The attacker gets 2 at either target; the defender would rather be struck at the second.
    targets = Targets([0, 9], [-8, -1], [0, 0], [4, 2])
    plan = SecurityGame(targets, 0.5).solve()
    assert plan.attacked == 1
    assert plan.value == -1.0


def test_resources_left_over_help_where_coverage_deters_nobody():
    targets = Targets([5, 1], [-5, 0], [3, 0], [3, 1])
    plan = SecurityGame(targets, 0.25).solve()
    assert (plan.attacked, plan.value) == (0, -2.5)
    assert plan.coverage.tolist() == [0.25, 0]


def test_equal_targets_are_covered_equally():
    plan = SecurityGame(Targets.zero_sum(np.full(7, 5.0)), 2).solve()
    assert plan.coverage.tolist() == pytest.approx([2 / 7] * 7, abs=1e-15)


def test_many_targets():
    random = np.random.default_rng(4)
    game = SecurityGame(random_targets(random, 200_000, whole=False), 30_000)
    plan = game.solve()
    assert plan.certificate.holds(1e-12)
    assert plan.coverage.sum() <= 30_000 * (1 + 1e-12)


def test_the_certificate_tells_of_worse_plans():
    game = SecurityGame(PUBLISHED, 1)
    plan = game.solve()
    worse = replace(plan, coverage=np.array([0.4, 0.6, 0.0]))
    assert not game.check(worse).holds()
    assert game.check(replace(plan, value=-1.0)).gap == pytest.approx(2 / 11)
    too_much = game.check(replace(plan, coverage=np.array([0.6, 0.6, 0.0])))
    assert too_much.residual == pytest.approx(0.2)
    idle = replace(plan, coverage=np.zeros(3), attacked=1, value=-5.0)
    assert game.check(idle).gap > 3


def test_zero_sum_games_that_are_refused():
    with pytest.raises(AmnokError, match="covered: has 3 entries, must be 2"):
        Targets.zero_sum([1, 2], [0, 0, 0])
    with pytest.raises(AmnokError, match=r"uncovered\[1\]: is nan"):
        Targets.zero_sum([1, float("nan")])
    assert Targets.zero_sum([4, 3], [1, -1]).defender_covered.tolist() == [-1, 1]


def test_faults_are_told_at_once():
    with pytest.raises(AmnokError) as caught:
        Targets([1, float("nan")], [0, 0, 0], [1, 2], [2, float("inf")])
    told = str(caught.value)
    assert "defender_covered[1]: is nan" in told
    assert "defender_uncovered: has 3 entries, must be 2" in told
    assert "attacker_uncovered[1]: is inf" in told


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (([0, 0], [0, 1], [0, 0], [1, 1]), "defender_covered[1]: is 0.0, must be at least"),
        (([0, 0], [0, 0], [2, 0], [1, 1]), "attacker_uncovered[0]: is 1.0, must be at least"),
        (([0], [0], [0], [1e-200]), "attacker_uncovered[0]: is 1e-200, must be 0 or of a size"),
        (([], [], [], []), "defender_covered: is empty"),
    ],
)
def test_payoffs_that_are_refused(columns, told):
    with pytest.raises(AmnokError, match=told.replace("[", r"\[")):
        Targets(*columns)


@pytest.mark.parametrize("resources", [-1, float("nan"), float("inf"), "many", None])
def test_resources_that_are_refused(resources):
    with pytest.raises(AmnokError, match="resources"):
        SecurityGame(PUBLISHED, resources)


def test_plans_of_other_games_are_refused():
    plan = SecurityGame(Targets.zero_sum([1, 2]), 1).solve()
    with pytest.raises(AmnokError, match="coverage: has 2 entries, must be 3"):
        SecurityGame(PUBLISHED, 1).check(plan)


def test_a_plan_can_be_carried_out():
    plan = SecurityGame(PUBLISHED, 1).solve()
    sets = allocations(plan.coverage)
    assert [covered.tolist() for covered in sets.covered] == [[0], [1]]
    assert sets.chances.tolist() == pytest.approx([5 / 11, 6 / 11])
