"""The recursive inspection game against published values, exact sums and plain induction."""

import itertools
import math
import random
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from amnok.errors import AmnokError
from amnok.games.recursive import RecursiveGame, Stage


def published(n, m, k, b):
    """[C(n, m+1) - C(n-k, m+1)] / s(n, m)."""
    ways = math.comb(n, m + 1) - math.comb(max(n - k, 0), m + 1)
    return Fraction(ways) / sum(math.comb(n, i) * b ** (m - i) for i in range(m + 1))


@pytest.mark.parametrize(
    ("n", "m", "k", "expected"),
    [(2, 1, 1, "1/3"), (3, 1, 1, "1/2"), (3, 2, 1, "1/7"), (4, 2, 1, "3/11"), (5, 2, 2, "9/16")],
)
def test_published_values(n, m, k, expected):
    solution = RecursiveGame(n, m, k, penalty=Fraction(1)).solve()
    assert solution.value_inspected == Fraction(expected)
    assert solution.value_inspector == -Fraction(expected)
    assert solution.certificate.holds(0)


def test_published_chance_of_an_inspection():
    for k in range(1, 6):
        stage = RecursiveGame(4, 2, k, penalty=Fraction(1)).stage(4, 2, k)
        assert stage.inspect == Fraction(4, 11)


def test_published_value_where_a_catch_costs_the_inspector_too():
    game = RecursiveGame(3, 1, penalty=Fraction(1), caught_loss=Fraction(1, 2))
    assert game.solve().value_inspector == Fraction(-4, 5)


def test_published_value_of_commitment():
    game = RecursiveGame(3, 1, penalty=Fraction(1), caught_loss=Fraction(1, 2), commitment=True)
    solution = game.solve()
    assert solution.value_inspector == -published(3, 1, 1, Fraction(1)) == Fraction(-1, 2)
    assert solution.first.violate == 0
    assert solution.certificate.bound == Fraction(-1, 2)
    assert solution.certificate.holds(0)


def induction(n, m, k, b, a):
    """Values (inspected, inspector) of the game by equating payoffs, stage by stage."""

    @cache
    def at(n, m, k):
        if n == 0 or k == 0 or m >= n:
            return Fraction(0), Fraction(0)
        if m == 0:
            return Fraction(min(n, k)), Fraction(-min(n, k))
        (kept, kept_), (missed, missed_), (waited, waited_) = (
            at(n - 1, m - 1, k),
            at(n - 1, m, k - 1),
            at(n - 1, m, k),
        )
        missed, missed_ = missed + 1, missed_ - 1
        # The inspector makes violating as good as not; the inspected makes inspecting so.
        p = (missed - waited) / (missed - waited + kept + b)
        q = (waited_ - kept_) / (waited_ - kept_ - missed_ - a)
        assert 0 <= p <= 1
        assert 0 <= q <= 1
        return p * kept + (1 - p) * waited, q * -a + (1 - q) * kept_

    return at(n, m, k)


def games(count, seed, largest):
    dice = random.Random(seed)
    for _ in range(count):
        n = dice.randint(1, largest)
        m, k = dice.randint(0, n + 2), dice.randint(0, n + 2)
        penalty = Fraction(dice.randint(0, 40), dice.randint(1, 20))
        loss = dice.choice([None, Fraction(dice.randint(-40, 20), 21)])
        yield RecursiveGame(n, m, k, penalty, loss)


def test_thousand_exact_games_against_induction_and_the_published_formula():
    for game in games(1000, 1, 9):
        n, m, k = game.start
        stage = game.stage(n, m, k)
        assert stage.value_inspected == published(n, m, k, game.penalty)
        theirs, ours = induction(n, m, k, game.penalty, game.loss)
        assert (stage.value_inspected, stage.value_inspector) == (theirs, ours)


def test_thousand_games_in_floats_against_the_exact_ones():
    dice = random.Random(2)
    for _ in range(1000):
        n = dice.choice([dice.randint(1, 30), dice.randint(30, 300)])
        m, k = dice.randint(0, n), min(n, dice.choice([1, 2, dice.randint(0, n)]))
        b, a = 10 ** dice.uniform(-9, 4), 1 - 10 ** dice.uniform(-9, 1)
        near = RecursiveGame(n, m, k, b, a).stage(n, m, k)
        exact: Any = RecursiveGame(n, m, k, Fraction(b), Fraction(a)).stage(n, m, k)
        for name in ("inspect", "violate", "value_inspected", "value_inspector"):
            right: Any = getattr(exact, name)
            if right == 0 or abs(right) > Fraction(1, 10**300):  # a float can hold it
                assert abs(Fraction(getattr(near, name)) - right) <= abs(right) / 10**12


@pytest.mark.slow
@pytest.mark.parametrize("b", ["1e-12", "1/3", "1", "7", "1e9"])
@pytest.mark.parametrize(("m", "k"), [(1, 1), (37, 2), (2000, 10_000), (9_999, 3)])
def test_ten_thousand_periods(m, k, b):
    n, b = 10_000, Fraction(b)
    near = RecursiveGame(n, m, k, float(b)).stage(n, m, k).value_inspected
    exact = RecursiveGame(n, m, k, b).stage(n, m, k).value_inspected
    assert 0 <= near < math.inf
    if float(exact) > 1e-300:
        assert abs(float(Fraction(near) / Fraction(exact) - 1)) < 1e-9


@pytest.mark.slow
def test_thousand_certificates():
    """Each holds, and none would for another plan."""
    dice = random.Random(3)
    for exact in games(1000, 4, 14):
        loss = None if exact.caught_loss is None else float(exact.caught_loss)
        game = replace(exact, penalty=float(exact.penalty), caught_loss=loss)
        if loss is None or loss >= -game.penalty:
            game = replace(game, commitment=dice.random() < 0.3)
        solution = game.solve()
        assert solution.certificate.holds(1e-12)
        first = replace(solution.first, value_inspected=solution.value_inspected + 1e-6)
        wrong = replace(solution, first=first)
        assert not game.check(wrong).holds(1e-9)


def test_certificates_of_small_games_are_exact():
    for game in games(60, 5, 5):
        assert game.solve().certificate.holds(0)


@pytest.mark.parametrize("side", ["inspect", "violate"])
@pytest.mark.parametrize("number", [1.0, Fraction(1)])
def test_a_certificate_sees_a_wrong_first_stage(side, number):
    game = RecursiveGame(4, 2, 2, penalty=number)
    solution = game.solve()
    wrong = getattr(solution.first, side) * 2
    found = game.check(replace(solution, first=replace(solution.first, **{side: wrong})))
    regret = found.regret_inspected if side == "inspect" else found.regret_inspector
    assert regret is not None
    assert regret > number / 20


def test_a_certificate_sees_a_wrong_strategy(monkeypatch):
    game = RecursiveGame(6, 2, 2)
    solution = game.solve()
    monkeypatch.setattr(
        "amnok.games.recursive._strategies",
        lambda game, first: ((np.full(3, 0.3) * [0, 1, 1], np.full((3, 3), 0.2) * [0, 1, 1]),) * 6,
    )
    found = game.check(solution)
    assert min(found.regret_inspected or 0, found.regret_inspector or 0) > 0.01


def test_too_many_stages_for_a_certificate():
    solution = RecursiveGame(10_000, 5_000, 5_000).solve()
    assert not solution.certificate.holds(1.0)
    assert 0 < solution.value_inspected < 1.001


def test_edges():
    def stage(*game):
        solution = RecursiveGame(*game).solve()
        assert solution.certificate.holds(1e-12)
        return solution.first

    assert stage(3, 3) == stage(3, 7) == Stage(1.0, 0.0, 0.0, -0.0)  # enough for every period
    assert stage(3, 0, 2) == Stage(0.0, 1.0, 2.0, -2.0)  # nobody comes
    assert stage(3, 0, 9) == Stage(0.0, 1.0, 3.0, -3.0)  # no more than there are periods
    assert stage(3, 1, 0).value_inspected == 0.0  # no violation planned
    assert stage(2, 1, 1, 0.0).value_inspected == 0.5  # to be caught costs nothing
    assert stage(1, 1, 1, 0.0).value_inspected == 0.0
    assert stage(50, 49, 1, 1e300).value_inspected == 0.0  # below what a float holds


def test_plays_earn_the_value():
    """Four standard errors; false alarm about 1 in 1,000 over all, with seeds that are fixed."""
    for number, (game, plays) in enumerate(
        [
            (RecursiveGame(4, 2, 1), 20_000),
            (RecursiveGame(12, 3, 5, 0.4, 0.6), 20_000),
            (RecursiveGame(30, 8, 3, 0.2, 0.1, commitment=True), 20_000),
            (RecursiveGame(8, 5, 8, 0.1, -0.05), 20_000),
            (RecursiveGame(2_000, 300, 2), 300),
        ]
    ):
        solution, played = game.solve(), game.play(plays, seed=number)
        for payoff, value in (
            (played.payoff_inspected, solution.value_inspected),
            (played.payoff_inspector, solution.value_inspector),
        ):
            assert abs(payoff.mean() - value) < 4 * payoff.std() / math.sqrt(plays)
        assert (played.inspections <= game.inspections).all()
        assert (played.missed <= game.violations).all()


def test_the_same_seed_plays_the_same():
    one, two, other = (RecursiveGame(9, 3, 2).play(50, seed) for seed in (1, 1, 2))
    assert (one.payoff_inspected == two.payoff_inspected).all()
    assert (one.payoff_inspected != other.payoff_inspected).any()


def test_all_faults_at_once():
    with pytest.raises(AmnokError) as caught:
        RecursiveGame(0, -1, 1.5, penalty=math.nan, caught_loss=1)  # type: ignore[arg-type]
    paths = [fault.path for fault in caught.value.faults]
    assert paths == ["periods", "inspections", "violations", "penalty", "caught_loss"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"penalty": -0.1},
        {"penalty": math.inf},
        {"penalty": "1"},
        {"penalty": True},
        {"caught_loss": 1.0},
        {"penalty": Fraction(1), "caught_loss": 0.5},
        {"penalty": 0.5, "caught_loss": -0.6, "commitment": True},
    ],
)
def test_refused(arguments):
    with pytest.raises(AmnokError):
        RecursiveGame(3, 1, **arguments)


def test_plays_refused():
    with pytest.raises(AmnokError, match="plays"):
        RecursiveGame(3, 1).play(plays=0)
    with pytest.raises(AmnokError, match="stages"):
        RecursiveGame(100_000, 50_000).play(plays=1)


def unseen(n, m, k, b):
    """The value where the inspector sees no violations, as a linear program over all histories.

    The inspector chooses how likely each history of inspections is; the inspected, who sees it,
    answers each as well as he can. Nothing here is recursive in (n, m, k).
    """
    histories = [h for t in range(n + 1) for h in itertools.product((0, 1), repeat=t)]
    weight = {h: i for i, h in enumerate(histories)}
    keys = itertools.product(histories, range(k + 1))
    worth = {key: len(weight) + i for i, key in enumerate(keys)}
    rows, equal, totals = [], [], []

    def row(**entries):
        found = np.zeros(len(weight) + len(worth))
        for place, factor in entries.items():
            found[int(place[1:])] += factor
        return found

    for h in histories:
        if len(h) == n:
            continue
        yes, no = (*h, 1), (*h, 0)
        equal.append(row(**{f"_{weight[h]}": -1, f"_{weight[yes]}": 1, f"_{weight[no]}": 1}))
        totals.append(0)
        for left in range(k + 1):
            here = f"_{worth[h, left]}"
            legal = {f"_{worth[yes, left]}": 1, f"_{worth[no, left]}": 1, here: -1}
            rows.append(row(**legal))
            if left:
                gain = {f"_{weight[yes]}": -b, f"_{weight[no]}": 1, f"_{worth[no, left - 1]}": 1}
                rows.append(row(**gain, **{here: -1}))
    equal.append(row(_0=1))
    totals.append(1)
    bounds = [(0, 0 if sum(h) > m else None) for h in histories] + [
        (0 if len(h) == n else None, 0 if len(h) == n else None) for h, _ in worth
    ]
    target = row(**{f"_{worth[(), k]}": 1})
    solved = linprog(target, rows, np.zeros(len(rows)), equal, totals, bounds, method="highs")
    assert solved.status == 0
    return solved.fun


def test_the_inspector_need_not_see_violations():
    dice = random.Random(8)
    for _ in range(60):
        n = dice.randint(1, 5)
        m, k = dice.randint(0, n), dice.randint(0, min(3, n))
        b = dice.choice([0.0, 3 * dice.random()])
        value = RecursiveGame(n, m, k, b).solve().value_inspected
        assert value == pytest.approx(unseen(n, m, k, b), rel=1e-7, abs=1e-9)
