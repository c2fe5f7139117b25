"""Orders and politics, patrols, phones, quotas, protection and customs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.mechanisms.customs import customs_payment, customs_stop_chance
from amnok.mechanisms.fines import days_without, fine_burden, fine_sum
from amnok.mechanisms.patrols import intercept_chance, let_go_chance
from amnok.mechanisms.phones import monitoring_level, noticed_chance, question_chance
from amnok.mechanisms.protection import buys_protection
from amnok.mechanisms.quota import cost_to_bring_in, quota_due
from amnok.mechanisms.security_police import search_chance
from amnok.mechanisms.state_firms import load_shares, off_the_books
from amnok.mechanisms.targeting import case_chance, spared
from amnok.rules.distributions import exponential_days
from amnok.rules.orders import order_strength, target_intensity, with_inertia

unit = st.floats(0.0, 1.0)
signal = st.floats(-1.0, 1.0)
money = st.floats(0.0, 1e6)


@given(st.integers(-50, 400), st.integers(0, 300), st.integers(0, 300), st.floats(-5, 60))
def test_an_order_stands_between_its_dates(day: int, start: int, length: int, ramp: float) -> None:
    strength = order_strength(day, start, start + length, ramp, 0.8)
    assert 0.0 <= strength <= 0.8
    assert (strength > 0.0) == (start <= day < start + length)
    if start <= day and day + 1 < start + length:
        assert strength <= order_strength(day + 1, start, start + length, ramp, 0.8)
    if start <= day < start + length and day + 1 - start >= ramp:
        assert strength == 0.8


def test_an_order_without_a_ramp_is_full_at_once() -> None:
    assert order_strength(5, 5, 9, 0.0, 0.5) == order_strength(5, 5, 9, -1.0, 0.5) == 0.5


@given(signal, signal)
def test_politics_scales_orders_and_makes_none(ordered: float, pull: float) -> None:
    assert target_intensity(0.0, pull) == 0.0
    assert target_intensity(abs(ordered), pull) >= 0.0
    assert target_intensity(abs(ordered), pull) <= target_intensity(abs(ordered), pull + 0.5)
    assert target_intensity(abs(ordered), 0.0) == abs(ordered)


@given(unit, unit, st.floats(0.1, 90))
def test_inertia_approaches_and_never_overshoots(
    current: float, target: float, days: float
) -> None:
    after = with_inertia(current, target, days)
    assert abs(target - after) <= abs(target - current) + 1e-12


@given(unit, unit, st.floats(0, 3), st.floats(0, 5), st.floats(0, 5))
def test_patrols_meet_like_searches(
    base: float, boost: float, intensity: float, effort: float, exposure: float
) -> None:
    assert intercept_chance(base, boost, intensity, effort, exposure) == search_chance(
        base, boost, intensity, effort, exposure, 1.0
    )


@given(unit, unit)
def test_protection_lets_more_go(exemption: float, effect: float) -> None:
    assert let_go_chance(exemption, False, effect) == pytest.approx(exemption)
    assert let_go_chance(exemption, True, effect) >= let_go_chance(exemption, False, effect)
    assert let_go_chance(exemption, True, 1.0) == let_go_chance(1.0, False, effect) == 1.0


def test_protection_is_bought_where_it_pays() -> None:
    assert buys_protection(0.2, 10_000.0, 0.5, 999.0)
    assert not buys_protection(0.2, 10_000.0, 0.5, 1_000.0)
    assert not buys_protection(0.0, 10_000.0, 0.5, 0.0)


@given(unit, unit, st.floats(0, 3), st.floats(0, 3))
def test_phones_are_watched_more_under_an_order(
    base: float, boost: float, i1: float, i2: float
) -> None:
    calm, order = sorted((i1, i2))
    assert monitoring_level(base, boost, calm) <= monitoring_level(base, boost, order)
    assert question_chance(base, boost, calm) <= question_chance(base, boost, order)
    assert noticed_chance(monitoring_level(base, boost, order), 0.5) <= 0.5


@given(st.floats(0, 500), st.floats(-0.5, 1.5), st.floats(-0.5, 1.5), unit)
def test_a_quota_fills_late_but_in_full(quota: float, x1: float, x2: float, push: float) -> None:
    early, late = sorted((x1, x2))
    slack = 1e-9 * quota
    assert -slack <= quota_due(quota, early, push) <= quota_due(quota, late, push) + slack
    assert quota_due(quota, 1.0, push) == quota
    assert quota_due(quota, 0.0, push) == 0.0
    assert quota_due(quota, 0.5, push) <= quota / 2


@given(st.floats(0.1, 50), st.floats(0, 20), st.floats(0.1, 3))
def test_size_and_protection_make_a_person_expensive(
    size_cost: float, premium: float, noise: float
) -> None:
    free = cost_to_bring_in(size_cost, False, premium, noise)
    assert free <= cost_to_bring_in(size_cost, True, premium, noise)
    assert free <= cost_to_bring_in(2 * size_cost, False, premium, noise)


@given(unit, unit, st.floats(0, 3), unit)
def test_customs_stop_only_what_is_sanctioned(
    base: float, boost: float, intensity: float, laxity: float
) -> None:
    assert customs_stop_chance(base, boost, intensity, False, laxity) == 0.0
    stopped = customs_stop_chance(base, boost, intensity, True, laxity)
    assert stopped <= customs_stop_chance(base, boost, intensity, True, 0.0)
    assert customs_stop_chance(base, boost, intensity, True, 1.0) == 0.0


@given(st.floats(0, 1e6), unit, unit)
def test_customs_payment(value: float, duty: float, bribe_share: float) -> None:
    assert customs_payment(value, duty, bribe_share) == (duty * value, bribe_share * value)


@pytest.mark.parametrize("mean", [0.0, 0.3, 1.0, 7.5, 200.0])
def test_days_without_a_vehicle_are_those_that_are_drawn(mean: float) -> None:
    """The mean over a fine grid of the very draws."""
    grid = (np.arange(10_000) + 0.5) / 10_000
    drawn = [exponential_days(mean, float(u)) for u in grid]
    assert days_without(mean) == pytest.approx(np.mean(drawn), rel=5e-3, abs=1e-9)


@given(money, money, st.floats(0.0, 5.0), st.floats(0.0, 500.0))
def test_a_fine_has_a_part_by_worth_and_one_by_weight(
    worth: float, weight: float, share: float, price: float
) -> None:
    both = fine_sum(worth, weight, share, price)
    assert both == fine_sum(worth, 0.0, share, price) + fine_sum(0.0, weight, share, price)
    assert fine_sum(2.0 * worth, 2.0 * weight, share, price) == pytest.approx(2.0 * both)


@given(money, unit, st.floats(0.0, 60.0), unit, st.floats(-1e4, 1e4))
def test_a_fine_costs_at_least_what_is_paid(
    payment: float, impounded: float, days: float, rate: float, gain: float
) -> None:
    cost = fine_burden(payment, impounded, days, rate, gain)
    assert cost >= payment
    assert gain > 0.0 or cost == payment


def test_a_firm_declares_and_hides_what_a_search_of_all_shares_finds_best() -> None:
    """Beside every hundredth of a load, for gains and risks of all signs and sizes."""
    steps = np.linspace(0.0, 1.0, 101)
    d, h = np.meshgrid(steps, steps)
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(500):
        hidden_gain = rng.uniform(-0.3, 0.8)
        declared_gain = hidden_gain - rng.uniform(0.0, 0.4)
        quota, risk = rng.choice([0.0, rng.uniform(), 1.0]), rng.choice([0.0, 0.1, 0.5, 2.0])

        def gain(declared: Any, hidden: Any) -> Any:
            found = risk * hidden**2  # noqa: B023 - called within the loop only
            return declared_gain * declared + hidden_gain * hidden - found  # noqa: B023

        best = gain(d, h)[(d <= quota) & (d + h <= 1.0 + 1e-9)].max()
        declared, hidden = load_shares(declared_gain, hidden_gain, quota, risk)
        assert 0.0 <= declared <= quota
        assert hidden >= 0.0
        assert declared + hidden <= 1.0 + 1e-12
        assert best - 1e-12 <= gain(declared, hidden) <= best + 0.02
        seen.add((declared > 0.0, hidden > 0.0, declared + hidden < 0.999))
        part = off_the_books(declared, hidden, quota)
        assert part * (declared + hidden) == pytest.approx(hidden)
    assert len(seen) == 5  # where anything is carried, something is worth hiding


@given(st.floats(0.0, 1000.0), unit, unit)
def test_a_campaign_spares_nobody_whom_it_aims_at(
    rate: float, aim: float, exemption: float
) -> None:
    assert 0.0 <= case_chance(rate, aim) <= 1.0
    assert case_chance(rate, aim) * 30_000 == pytest.approx(rate * aim)
    assert spared(exemption, 0.0) == exemption
    assert spared(exemption, 1.0) == 0.0
    assert spared(exemption, aim) <= exemption
