"""Who leaves the trade and who takes it up, held against closed forms."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from tests.absent import more

from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.engine.state import LIVING
from amnok.mechanisms.deeds import AWAY, FREE
from amnok.mechanisms.entry_exit import EntryExit, chance_to_trade, reconsider, take_stock
from amnok.scenario.model import needed
from amnok.world import build
from amnok.world.places import INNER
from amnok.world.rates import record_type, records

PEOPLE, REVIEW, OUTSIDE, NOISE, MEMORY = 1000, 0.3, 0.5, 0.2, 40.0


def trade(earnings):
    """One sector and size whose senders know what the trade earns, as a share of what is usual."""
    rates = SimpleNamespace(review=REVIEW, outside=OUTSIDE, noise=NOISE, memory=MEMORY)
    world = SimpleNamespace(
        rates=[SimpleNamespace(entry_exit=rates, learning=SimpleNamespace(prior_weight=0.0))],
        blocks=[SimpleNamespace(sector=0)],
        days={(t, 0): SimpleNamespace(month_start=True) for t in range(40)},
        sizes=[None],
        stretches=np.array([[[0, PEOPLE], [PEOPLE, PEOPLE]]]),
        spin_up=0,
    )
    livings = records((1, 1), record_type(LIVING))
    livings.usual_earned, livings.usual_days = 500.0, 10.0
    livings.earned, livings.days = 20.0 * 50.0 * earnings, 20.0
    status = np.full(PEOPLE, FREE, dtype=np.uint8)
    waiting = np.ones(PEOPLE, dtype=np.uint8)
    return world, SimpleNamespace(livings=livings, status=status, waiting=waiting)


@pytest.mark.parametrize("earnings", [0.2, 0.5, 1.0])
def test_the_share_in_the_trade_goes_to_the_logit_as_its_hazard_says(earnings):
    """After n months p + (1 - p)(1 - review)**n, give or take 4.5 binomial standard errors."""
    world, state = trade(earnings)
    key, p = replicate_key(11, 0), 1.0 / (1.0 + math.exp((OUTSIDE - earnings) / NOISE))
    for month in range(1, 13):
        reconsider(world, state, key, month, 0)
        if month in (1, 4, 12):
            expected = p + (1.0 - p) * (1.0 - REVIEW) ** month
            error = math.sqrt(expected * (1.0 - expected) / PEOPLE)
            assert abs(np.mean(state.status == FREE) - expected) < 4.5 * error
    assert not state.waiting[state.status == AWAY].any()


def test_nobody_moves_who_does_not_know_what_is_usual():
    world, state = trade(0.0)
    state.livings.usual_earned = 0.0
    reconsider(world, state, replicate_key(11, 0), 1, 0)
    assert (state.status == FREE).all()


def test_without_noise_the_better_paid_is_done():
    assert [chance_to_trade(y, 0.5, 0.0) for y in (0.4, 0.5, 0.6)] == [0.0, 1.0, 1.0]


def test_earnings_are_for_each_day_in_the_trade_by_season():
    """A constant wage is found at once, whatever part of them is away and whatever the season."""
    wage, traders, away = 7.0, 20, 5
    season = np.array([[0.5, 2.0], [1.0, 1.0], [1.5, 0.5]] * 4)
    world = SimpleNamespace(
        rates=[SimpleNamespace(entry_exit=SimpleNamespace(memory=3.0))],
        sectors=[None],
        blocks=[SimpleNamespace(sector=0)],
        sizes=[None],
        goods=[None, None],
        stretches=np.array([[[0, traders], [traders, traders]]]),
        traders=np.array([[[float(traders)]], [[0.0]]]),
        dealt=np.array([[[0.25, 0.75]]]),
        season=season,
        spin_up=6,
    )
    cash = records(traders, np.dtype([("cash", np.float64)]))
    status = np.array([AWAY] * away + [FREE] * (traders - away), dtype=np.uint8)
    state = SimpleNamespace(
        livings=records((1, 1), record_type(LIVING)), traders=cash, status=status
    )
    for t in range(12):
        cash.cash[away:] += wage * (season[t] @ [0.25, 0.75])
        take_stock(world, state, t)
        living = state.livings[0, 0]
        assert living.earned / living.days == pytest.approx(wage)
    assert living.usual_earned / living.usual_days == pytest.approx(wage)
    assert living.usual_days == pytest.approx(0.75 * (season[2:6] @ [0.25, 0.75]).sum())


LONG = [
    "entry_exit.review=0.2",
    "period.start=2030-03-01",
    "period.end=2032-12-31",
    "orders.april_sweep.intensity=0",
    "orders.paper_hunt.intensity=0",
    "river.events.may_rain.height=0",
    "traders.inner=1500",
    "traders.outer=900",
    "traders.return_share=1",
]
CLOSURE = [
    "calendar.halts.spring_vote.start=2030-06-01",
    "calendar.halts.spring_vote.days=365",
    "calendar.halts.spring_vote.strength=1",
]


def in_trade(sets):
    """Share of senders in the trade, [day], and the border."""
    border = more("entry_exit", sets=[*LONG, *sets])
    people = simulate(border, seed=3).books.people
    inner = {name: people[name][:, :, 0].sum(axis=(1, 2)) for name in people.dtype.names}
    everyone = sum(inner[name] for name in ("free", "detained", "imprisoned", "gone", "away"))
    assert (everyone == 1500.0).all()
    return 1.0 - (inner["away"] + inner["gone"]) / everyone, border


def without_earnings(border, usual, days):
    """Share in the trade after so many days on which it earns nothing, with no seasons and no
    chance: what is known of earnings fades, and at each month's end some think it over."""
    rates, weight = needed(border, EntryExit), border.learning.prior_weight.number
    memory, review = rates.memory.number, rates.review.number
    share, earned, known = usual, usual * memory, usual * memory
    for day in range(days):
        if day % 30 == 0:
            earnings = (earned + weight) / (known + weight)
            gap = (rates.outside.number - earnings) / rates.noise.number
            share += review * (1.0 / (1.0 + math.exp(gap)) - share)
        earned *= math.exp(-1.0 / memory)
        known = known * math.exp(-1.0 / memory) + share
    return share


@pytest.mark.slow
def test_a_lasting_closure_empties_the_trade_and_its_end_fills_it_again():
    """From June 2030 for a year: half way, and at the end, as without seasons, within 0.06."""
    share, border = in_trade(CLOSURE)
    rates = needed(border, EntryExit)
    gap = (rates.outside.number - 1.0) / rates.noise.number
    usual = 1.0 / (1.0 + math.exp(gap))
    assert share[60:90].mean() == pytest.approx(usual, abs=0.06)
    assert share[92 + 180] == pytest.approx(without_earnings(border, usual, 180), abs=0.06)
    assert share[92 + 364] == pytest.approx(without_earnings(border, usual, 364), abs=0.06)
    assert share[92 + 364] < 0.35
    assert share[-90:].mean() == pytest.approx(usual, abs=0.06)
    assert (np.diff(share[100:450]) <= 1e-12).mean() > 0.95


@pytest.mark.slow
def test_where_nobody_thinks_it_over_the_days_are_those_of_a_border_without():
    with_it, without = more("entry_exit", sets=["entry_exit.review=0"]), more()
    books, others = (simulate(one, seed=5).books for one in (with_it, without))
    for name in ("flow", "people", "events", "prices", "search_beliefs"):
        np.testing.assert_array_equal(getattr(books, name), getattr(others, name))


def test_what_is_dealt_in_is_counted_person_by_person():
    border = more("entry_exit")
    world, _ = build(border, seed=1)
    sizes, share = list(border.traders.sizes.values()), np.zeros(world.dealt.shape)
    for who in world.traits[:300]:
        inward = sizes[who.size_class].import_share.number
        for goods, part in ((who.import_goods, inward), (who.export_goods, 1.0 - inward)):
            if goods >= 0:
                heads = world.traders[INNER, who.sector, who.size_class]
                share[who.sector, who.size_class, goods] += part / heads
    np.testing.assert_allclose(world.dealt, share)
