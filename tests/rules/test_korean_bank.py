"""Security police, guards, cameras, calendar and river."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnok.mechanisms.camera_deals import effort_with_deals, seen_despite_deals
from amnok.mechanisms.cameras import seen_by_cameras, seen_by_rotating
from amnok.mechanisms.guards import (
    agreed_bribe,
    held_responsible,
    mean_lead,
    reservation_price,
    sender_surplus,
)
from amnok.mechanisms.oversight import followed_up, is_exchange_day, with_newcomers
from amnok.mechanisms.river import crossing_cost, passable
from amnok.mechanisms.security_police import (
    investigation_chance,
    leak_loss,
    search_chance,
)
from amnok.rules.calendar import kept_home, season

unit = st.floats(0.0, 1.0)
money = st.floats(0.0, 1e5)


@given(unit, unit, st.floats(0, 3), st.floats(0, 3))
def test_a_campaign_raises_searches_and_investigations(
    base: float, boost: float, i1: float, i2: float
) -> None:
    calm, campaign = sorted((i1, i2))
    assert search_chance(base, boost, calm, 1.5, 0.5, 2.0) <= search_chance(
        base, boost, campaign, 1.5, 0.5, 2.0
    )
    assert investigation_chance(base, boost, calm) <= investigation_chance(base, boost, campaign)
    assert leak_loss(5e3, 4e4, calm) <= leak_loss(5e3, 4e4, campaign)


def test_no_effort_no_search() -> None:
    assert search_chance(0.5, 0.5, 1.0, 0.0, 1.0, 1.0) == 0.0
    assert investigation_chance(0.9, 0.9, 1.0) == 1.0


@given(money, money, unit)
def test_a_bribe_lies_between_price_and_surplus(
    surplus: float, reservation: float, share: float
) -> None:
    bribe = agreed_bribe(surplus, reservation, share)
    if surplus < reservation:
        assert bribe == -1.0
    else:
        assert reservation <= bribe <= surplus * (1 + 1e-12)


@given(money, money, st.floats(0.01, 1.0))
def test_two_rival_guards_are_where_neither_can_do_better(
    joint: float, other: float, share: float
) -> None:
    """What the way is worth and the least price aside, only joint gains count: the better guard's
    price leaves the sender no less than the other could offer, and takes no more than is gained."""
    least = 40.0
    high, low = max(joint, other), min(joint, other)
    surplus = sender_surplus(high + least, least, high - low)
    bribe = agreed_bribe(surplus, least, share)
    net = high + least - bribe
    assert low <= net * (1 + 1e-9) + 1e-9
    assert net <= high * (1 + 1e-9) + 1e-9
    assert sender_surplus(low + least, least, 0.0) == pytest.approx(least)


def test_the_worked_example() -> None:
    """A margin of 500, costs of 60 and a share of 0.4, against a guard who wants 30 at least."""
    value = 500.0 * (1.0 - 0.4) - 60.0
    surplus = sender_surplus(value, 30.0, 1e9)
    bribe = agreed_bribe(surplus, 30.0, 0.5)
    assert (surplus, bribe, value - bribe) == pytest.approx((240.0, 135.0, 105.0))
    assert agreed_bribe(sender_surplus(value, 30.0, 0.0), 30.0, 0.5) == pytest.approx(30.0)


@given(st.floats(-5, 5), st.floats(0, 8))
def test_mean_lead_is_that_of_the_distribution(log_odds: float, gain: float) -> None:
    odds = np.exp(log_odds)
    leads = (np.arange(4_000) + 0.5) / 4_000 * gain
    exceeded = odds * np.exp(-leads) / (1 + odds * np.exp(-leads)) * (1 + odds) / odds
    assert mean_lead(log_odds, gain) == pytest.approx(exceeded.mean() * gain, rel=1e-6, abs=1e-9)


@given(unit, unit, unit, money, st.floats(1, 5))
def test_liability_raises_the_price_until_there_is_no_deal(
    l1: float, l2: float, belief: float, penalty: float, strictness: float
) -> None:
    low, high = sorted((l1, l2))
    lax = reservation_price(held_responsible(low, belief), penalty, 100.0, strictness)
    strict = reservation_price(held_responsible(high, belief), penalty, 100.0, strictness)
    assert 100.0 <= lax <= strict
    if strict > lax * (1 + 1e-9):
        assert agreed_bribe((lax + strict) / 2, strict, 0.5) in (-1.0, strict)
        assert agreed_bribe(2 * strict, lax, 0.5) < agreed_bribe(2 * strict, strict, 0.5)


@given(st.floats(0.5, 10.0), unit, st.floats(0.0, 12.0))
def test_rotating_camera_against_every_phase(
    period: float, visible_share: float, exposed: float
) -> None:
    # The crosser enters at phase x of a turn that shows the spot during its first d*P minutes.
    phases = 4_000
    visible = visible_share * period
    seen = 0
    for step in range(phases):
        entry = (step + 0.5) / phases * period
        next_turn = period
        seen += entry < visible or entry + exposed > next_turn
    chance = seen_by_rotating(period, visible_share, exposed)
    assert chance == pytest.approx(seen / phases, abs=2 / phases)


@given(unit, unit, st.floats(0.0, 10.0), unit, st.floats(0.0, 12.0))
def test_more_cameras_see_more(
    fixed: float, rotating: float, period: float, visible_share: float, exposed: float
) -> None:
    chance = seen_by_cameras(fixed, rotating, period, visible_share, exposed)
    assert chance >= fixed - 1e-12
    assert seen_by_cameras(1.0, rotating, period, visible_share, exposed) == 1.0
    assert seen_by_cameras(0.0, 0.0, period, visible_share, exposed) == 0.0
    assert seen_by_cameras(0.0, 1.0, period, visible_share, exposed) == pytest.approx(
        seen_by_rotating(period, visible_share, exposed)
    )


def test_a_camera_without_a_turn_never_looks_away() -> None:
    assert seen_by_rotating(0.0, 0.0, 0.0) == 1.0


@given(st.floats(1, 366), st.floats(1, 366), unit)
def test_season_peaks_on_its_day_and_averages_one(day: float, peak: float, strength: float) -> None:
    assert 1 - strength - 1e-12 <= season(day, peak, strength) <= season(peak, peak, strength)
    opposite = season(day + 365.25 / 2, peak, strength)
    assert season(day, peak, strength) + opposite == pytest.approx(2.0)


@given(unit, st.floats(0, 1, exclude_max=True))
def test_a_halt_keeps_its_share_home(strength: float, u: float) -> None:
    assert kept_home(strength, u) == (u < strength)
    assert kept_home(1.0, u)
    assert not kept_home(0.0, u)


@given(st.floats(-3, 6), st.floats(-3, 6), st.floats(0, 2))
def test_high_water_costs_more_until_nobody_crosses(s1: float, s2: float, rate: float) -> None:
    low, high = sorted((s1, s2))
    assert (
        50.0
        <= crossing_cost(50.0, low, rate, False, 0.7)
        <= crossing_cost(50.0, high, rate, False, 0.7)
    )
    assert crossing_cost(50.0, low, rate, True, 0.7) == crossing_cost(50.0, high, rate, True, 0.7)
    assert passable(low, 2.5, False) >= passable(high, 2.5, False)
    assert passable(high, 2.5, True)
    assert not passable(2.5, 2.5, False)


@given(unit, unit)
def test_newcomers_join_those_who_are_new_already(strict: float, share: float) -> None:
    after = with_newcomers(strict, share)
    assert strict - 1e-12 <= after <= 1.0
    assert 1.0 - after == pytest.approx((1.0 - strict) * (1.0 - share), abs=1e-12)


@given(unit, st.integers(0, 30))
def test_a_leak_brings_an_inspection_as_if_each_were_drawn(chance: float, cases: int) -> None:
    missed = 1.0
    for _ in range(cases):
        missed *= 1.0 - chance
    assert followed_up(chance, float(cases)) == pytest.approx(1.0 - missed, abs=1e-12)


@given(st.integers(-50, 500), st.integers(1, 60))
def test_guards_are_exchanged_at_even_intervals(first: int, interval: int) -> None:
    days = [day for day in range(first, first + 5 * interval) if is_exchange_day(day, interval)]
    assert len(days) == 5
    assert {later - day for day, later in pairwise(days)} == {interval}


@given(unit, unit, unit, unit)
def test_who_pays_for_the_cameras_is_seen_less(
    seen: float, share: float, effort: float, fee: float
) -> None:
    assert seen_despite_deals(seen, share) == pytest.approx(seen - seen * share)
    paid = effort_with_deals(effort, share, fee, True)
    assert paid - effort == pytest.approx(share * fee)
    assert effort_with_deals(effort, share, fee, False) == effort
