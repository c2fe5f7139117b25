"""The small simplex method agrees with HiGHS, and its prices are the dual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from amnok.allocation.simplex import maximise


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 8), columns=st.integers(1, 12))
def test_it_finds_what_highs_finds(seed, rows, columns):
    draw = np.random.default_rng(seed)
    # Whole numbers and zeros, so that ties and degenerate corners come up.
    table = draw.integers(0, 4, (rows, columns)).astype(float)
    table[0] += 1.0
    worth, limits = draw.integers(-3, 5, columns).astype(float), draw.integers(0, 4, rows) * 1.0
    found, prices = maximise(worth, table, limits)
    best = -linprog(-worth, A_ub=table, b_ub=limits).fun
    assert worth @ found == pytest.approx(best, abs=1e-9)
    assert (table @ found <= limits + 1e-9).all()
    assert (found >= 0).all()
    assert (prices >= 0).all()
    assert limits @ prices == pytest.approx(best, abs=1e-9)
    assert (prices @ table >= worth - 1e-9).all()


def test_what_nothing_limits_is_refused():
    with pytest.raises(ValueError, match="nothing limits"):
        maximise(np.array([1.0]), np.array([[0.0]]), np.array([1.0]))


def test_beale_does_not_turn_in_circles():
    # Beale 1955: the textbook program on which the largest-coefficient rule cycles.
    table = np.array([[0.25, -60.0, -0.04, 9.0], [0.5, -90.0, -0.02, 3.0], [0.0, 0.0, 1.0, 0.0]])
    worth = np.array([0.75, -150.0, 0.02, -6.0])
    found, _ = maximise(worth, table, np.array([0.0, 0.0, 1.0]))
    assert worth @ found == pytest.approx(0.05)
