"""The one-shot inspection game and all equilibria of two by two, against nashpy and search."""

import math
import random
import warnings
from dataclasses import replace
from fractions import Fraction

import nashpy
import numpy as np
import pytest

from amnok.errors import AmnokError
from amnok.games.one_shot import OneShotGame
from amnok.games.two_by_two import Equilibria, equilibria, regrets


def test_published_equilibrium():
    gain, penalty, cost, loss = (Fraction(n) for n in (3, 5, 2, 7))
    solution = OneShotGame(gain, penalty, cost, loss).solve()
    [only] = solution.equilibria
    assert only.is_point
    assert only.row[0] == gain / (gain + penalty)
    assert only.column[0] == cost / loss
    assert solution.certificate.holds(0)


def test_thousand_published_equilibria():
    dice = random.Random(1)
    for _ in range(1000):
        g, b, c = (Fraction(dice.randint(1, 99), dice.randint(1, 99)) for _ in range(3))
        loss = c + Fraction(dice.randint(1, 99), dice.randint(1, 99))
        [exact] = OneShotGame(g, b, c, loss).solve().equilibria
        assert (exact.row[0], exact.column[0]) == (g / (g + b), c / loss)
        solution = OneShotGame(*(float(one) for one in (g, b, c, loss))).solve()
        [near] = solution.equilibria
        assert near.row[0] == pytest.approx(float(exact.row[0]), rel=1e-12)
        assert near.column[0] == pytest.approx(float(exact.column[0]), rel=1e-12)
        assert solution.certificate.holds(1e-12)


@pytest.mark.parametrize(
    ("payoffs", "row", "column"),
    [
        ((1, 1, 9, 5), [(0, 0)], [(1, 1)]),  # an inspection costs more than it saves
        ((1, 1, 5, 5), [(0, Fraction(1, 2))], [(1, 1)]),  # just as much
        ((1, 1, 0, 5), [(Fraction(1, 2), 1)], [(0, 0)]),  # inspections are free
        ((0, 1, 1, 5), [(0, 0)], [(0, Fraction(1, 5))]),  # nothing to gain
    ],
)
def test_edges(payoffs, row, column):
    solution = OneShotGame(*map(Fraction, payoffs)).solve()
    assert [one.row for one in solution.equilibria] == row
    assert [one.column for one in solution.equilibria] == column
    assert solution.certificate.holds(0)


def bimatrices(count, seed, numbers):
    """Small whole numbers tie often: then equilibria are stretches, not points."""
    dice = random.Random(seed)
    for _ in range(count):
        row, column = (
            tuple(tuple(Fraction(dice.randint(-numbers, numbers)) for _ in "ab") for _ in "ab")
            for _ in "rc"
        )
        yield row, column


def test_thousand_games_against_nashpy():
    points = 0
    for row, column in bimatrices(1000, 2, 40):
        game = nashpy.Game(np.array(row, dtype=float), np.array(column, dtype=float))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of ties, and may then miss equilibria
            theirs = [(float(p[0]), float(q[0])) for p, q in game.support_enumeration()]
        found = equilibria(row, column)
        for p, q in theirs:
            assert any(
                one.row[0] - 1e-9 <= p <= one.row[1] + 1e-9
                and one.column[0] - 1e-9 <= q <= one.column[1] + 1e-9
                for one in found
            )
        if all(one.is_point for one in found):
            points += 1
            assert len(found) in (1, 3)
            for one in found:
                ours = (float(one.row[0]), float(one.column[0]))
                assert any(math.dist(ours, other) < 1e-9 for other in theirs)
    assert points > 900


@pytest.mark.slow
def test_every_point_is_in_a_rectangle_exactly_if_it_is_an_equilibrium():
    # Thirds and halves are where small whole numbers tie.
    chances = [Fraction(n, 6) for n in (0, 2, 3, 4, 6)]
    for row, column in bimatrices(1000, 3, 2):
        found = equilibria(row, column)
        assert found
        for p in chances:
            for q in chances:
                inside = any(Equilibria((p, p), (q, q)).within(one) for one in found)
                assert inside == (regrets(row, column, p, q) == (0, 0))


def test_a_certificate_sees_what_is_no_equilibrium():
    game = OneShotGame(3.0, 5.0, 2.0, 7.0)
    [only] = game.solve().equilibria
    for wrong in (replace(only, row=(0.4, 0.4)), replace(only, column=(0.3, 0.3))):
        found = game.check(replace(game.solve(), equilibria=(wrong,)))
        assert not found.holds(1e-3)


def test_all_faults_at_once():
    with pytest.raises(AmnokError) as caught:
        OneShotGame(-1.0, math.nan, math.inf, 1e200)
    paths = [fault.path for fault in caught.value.faults]
    assert paths == ["gain", "penalty", "cost", "loss"]
