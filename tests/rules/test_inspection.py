"""Self-inspection: the two-corner rule against the best of all counts, and its switch point."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amnok.mechanisms.self_inspection import (
    checking_cost,
    items_to_check,
    leak_chance,
    switch_belief,
)

unit = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e5)


@given(st.integers(0, 120), unit, unit, st.data())
def test_leak_chance_is_its_formula(
    n: int, leak_rate: float, effectiveness: float, data: st.DataObject
) -> None:
    k = data.draw(st.integers(0, n))
    clean = (1 - leak_rate * (1 - effectiveness)) ** k * (1 - leak_rate) ** (n - k)
    chance = leak_chance(n, k, leak_rate, effectiveness)
    assert math.isclose(chance, 1 - clean, abs_tol=1e-12)
    if k < n:
        assert leak_chance(n, k + 1, leak_rate, effectiveness) <= chance + 1e-12


@given(
    st.integers(1, 120),
    st.integers(0, 5),
    unit,
    unit,
    unit,
    money,
    st.floats(0, 1),
    st.floats(0, 9),
)
def test_no_count_is_cheaper_than_the_chosen(
    n: int,
    spot: int,
    leak_rate: float,
    effectiveness: float,
    belief: float,
    loss: float,
    minute_cost: float,
    minutes: float,
) -> None:
    chosen = items_to_check(n, spot, leak_rate, effectiveness, belief, loss, minute_cost, minutes)
    few = min(spot, n)
    assert chosen in (few, n)
    costs = {
        k: checking_cost(k, n, leak_rate, effectiveness, belief, loss, minute_cost, minutes)
        for k in range(few, n + 1)
    }
    assert costs[chosen] <= min(costs.values()) + 1e-9 * (1.0 + belief * loss)


@given(
    st.integers(2, 100),
    st.integers(0, 5),
    st.floats(1e-4, 0.02),
    st.floats(0.1, 1.0),
    st.floats(10.0, 1e5),
    st.floats(0.01, 1.0),
    st.floats(0.1, 9.0),
)
def test_all_are_checked_above_the_switch_belief(
    n: int,
    spot: int,
    leak_rate: float,
    effectiveness: float,
    loss: float,
    minute_cost: float,
    minutes: float,
) -> None:
    assume(spot < n)
    switch = switch_belief(n, spot, leak_rate, effectiveness, loss, minute_cost, minutes)
    assert switch > 0.0

    def checked(belief: float) -> int:
        return items_to_check(n, spot, leak_rate, effectiveness, belief, loss, minute_cost, minutes)

    assert checked(switch * (1 - 1e-6)) == spot
    assert checked(switch * (1 + 1e-6)) == n


def test_goods_that_are_quick_to_check_switch_first() -> None:
    quick = switch_belief(50, 2, 0.002, 0.9, 20_000.0, 0.3, 0.5)
    slow = switch_belief(50, 2, 0.002, 0.9, 20_000.0, 0.3, 6.0)
    assert slow == pytest.approx(12 * quick)
    between = math.sqrt(quick * slow)
    assert items_to_check(50, 2, 0.002, 0.9, between, 20_000.0, 0.3, 0.5) == 50
    assert items_to_check(50, 2, 0.002, 0.9, between, 20_000.0, 0.3, 6.0) == 2


def test_edges() -> None:
    # Ties go to habit: free checks that remove nothing, or no fear at all.
    assert items_to_check(50, 2, 0.002, 0.0, 1.0, 1e4, 0.0, 4.0) == 2
    assert items_to_check(50, 2, 0.002, 0.9, 0.0, 1e4, 0.0, 4.0) == 2
    assert items_to_check(1, 2, 0.002, 0.9, 0.3, 1e4, 0.05, 4.0) == 1
    assert items_to_check(0, 2, 0.002, 0.9, 0.3, 1e4, 0.05, 4.0) == 0
    assert switch_belief(2, 2, 0.002, 0.9, 1e4, 0.05, 4.0) == math.inf
    assert switch_belief(9, 2, 0.002, 0.9, 0.0, 0.05, 4.0) == math.inf
    assert leak_chance(0, 0, 0.5, 0.5) == 0.0
    assert leak_chance(5, 5, 1.0, 1.0) == 0.0
    assert leak_chance(5, 4, 1.0, 1.0) == leak_chance(5, 5, 1.0, 0.0) == 1.0
