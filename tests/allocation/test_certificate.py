"""What a certificate holds to, and how the numbers of a game are checked."""

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from amnok.allocation.certificate import UNCHECKED, Certificate, Inputs
from amnok.errors import AmnokError

GOOD = Certificate(bound=1.0, gap=0.0, residual=0.0, regret_inspector=0.0, regret_inspected=0.0)


def test_it_holds_to_its_tolerance():
    assert GOOD.holds(0)
    for name in ("gap", "residual", "regret_inspector", "regret_inspected"):
        off = replace(GOOD, **{name: 1e-6})
        assert off.holds(1e-5)
        assert not off.holds(1e-7)
        assert not replace(GOOD, **{name: math.nan}).holds(1.0)


def test_gap_and_regrets_go_by_the_size_of_payoffs_but_not_the_residual():
    assert replace(GOOD, gap=1e-6, scale=1e4).holds(1e-9)
    assert not replace(GOOD, residual=1e-6, scale=1e4).holds(1e-9)


def test_exact_certificates():
    exact = Certificate(Fraction(1, 3), Fraction(0), Fraction(0), Fraction(0), None, Fraction(7))
    assert exact.holds(0)
    assert not replace(exact, gap=Fraction(1, 10**30)).holds(0)


def test_what_was_not_checked_does_not_hold():
    assert not UNCHECKED.holds(1e9)


def test_all_faults_at_once():
    inputs = Inputs()
    inputs.number("a", math.nan)
    inputs.number("b", "1")
    inputs.number("c", True)
    inputs.number("d", 2, most=1)
    inputs.number("e", 0, above=0)
    inputs.count("f", 1.0)
    inputs.count("g", 5, most=4)
    inputs.vector("h", [1.0, math.inf, -1.0], least=0)
    inputs.vector("i", [], least=0)
    inputs.vector("j", [[1.0]])
    inputs.vector("k", [1.0, 2.0], length=3)
    inputs.matrix("l", [[1.0], [1.0, 2.0]])
    inputs.matrix("m", [[1.0, 2.0]], shape=(2, None))
    inputs.matrix("n", [[0.0, 2.0]], above=0, most=1)
    inputs.require(False, "o", "is wrong", "mend it")
    with pytest.raises(AmnokError) as caught:
        inputs.done()
    told = [str(fault) for fault in caught.value.faults]
    assert told == [
        "a: is nan, must be a finite number",
        "b: is '1', must be a number",
        "c: is True, must be a number",
        "d: is 2, must be at most 1",
        "e: is 0, must be more than 0",
        "f: is 1.0, must be a whole number",
        "g: is 5, must be at most 4",
        "h[1]: is inf, must be a finite number",
        "h[2]: is -1.0, must be at least 0",
        "i: is empty",
        "j: has 2 dimensions, must be a list of numbers",
        "k: has 2 entries, must be 3",
        "l: must be a list of rows of numbers, all of one length",
        "m: has 1 x 2 entries, must be 2 x any",
        "n[0][0]: is 0.0, must be more than 0",
        "n[0][1]: is 2.0, must be at most 1",
        "o: is wrong (mend it)",
    ]


def test_good_numbers_come_back():
    inputs = Inputs()
    assert inputs.number("a", Fraction(1, 3)) == Fraction(1, 3)
    assert isinstance(inputs.number("a", np.int64(3)), float)
    assert inputs.number("a", 10**400, most=10**500) == 10**400
    assert inputs.count("b", np.int64(3)) == 3
    given = np.array([1.0, 2.0])
    kept = inputs.vector("c", given)
    kept[0] = 9.0
    assert given[0] == 1.0
    assert inputs.matrix("d", [[1, 2], [3, 4]]).shape == (2, 2)
    assert inputs.done(7) == 7
