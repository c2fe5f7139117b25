"""Entry and exit: who leaves a trade that no longer pays, and who takes it up again.

Senders compare what one like them earns a day with what other work would bring, and choose by
random utility; they do so rarely, so the trade thins out and fills up slowly. Those who are out of
the trade are the reserve from which it fills: the population bounds it.
"""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key, draw4
from amnok.mechanisms.deeds import AWAY, FREE, GONE, NOTHING
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import INNER
from amnok.quantity import Days, Probability, Ratio
from amnok.rules.distributions import probability
from amnok.rules.learning import discounted, per_trader
from amnok.variables import BY_STATUS, PEOPLE, Count
from amnok.vector_math import exp

ENTRY_DRAW = Decision(22, "ENTRY", "a sender thinks of leaving or taking up the trade; and does it")

_AT_FIRST = 1  # keeps where people stand at first apart from what they do on that day


class EntryExit(Section):
    """When senders leave the trade or take it up again; all earnings by size and sector."""

    review: Probability
    """Chance, on the first of each month, that a sender thinks of leaving the trade, or one who is
    out of it of taking it up. At 0 nobody leaves or enters; high: the trade follows its earnings
    within months.
    """

    outside: Ratio
    """What other work earns a day, relative to what the trade earned people of the same size and
    sector during the spin-up. Low: hardly anything drives people out; at 1 half of them are out of
    the trade in usual times.
    """

    noise: Ratio
    """How much reasons other than earnings sway that choice, relative to the same usual earnings:
    the scale of the random utility. At 0 all leave as soon as other work earns more; high: earnings
    hardly matter.
    """

    memory: Days
    """Days over which what people know of earnings fades to about a third. Low: they go by the last
    weeks; high: a bad year passes unnoticed.
    """


@rule
def expected_earnings(earned: float, days: float, usual: float, weight: float) -> float:
    """What a sender expects to earn a day: `(earned + usual*weight) / (days + weight)`.

    Where nobody has traded for long people expect what used to be usual, so that somebody tries.

    Args:
        earned: discounted earnings, fines and losses taken off (money for each trader).
        days: discounted days in the trade, by season (days for each trader).
        usual: what the trade used to earn (money a day).
        weight: days that this is worth (days for each trader).

    Returns:
        Money a day; `usual` if there is nothing to weigh.

    Source: assumption.

    >>> expected_earnings(30.0, 10.0, 6.0, 5.0), expected_earnings(0.0, 0.0, 6.0, 0.0)
    (4.0, 6.0)
    """
    if days + weight <= 0.0:
        return usual
    return (earned + usual * weight) / (days + weight)


@rule
def chance_to_trade(earnings: float, outside: float, noise: float) -> float:
    """Chance that a sender who thinks it over is in the trade: `1 / (1 + exp((w - y)/noise))`.

    Args:
        earnings: what the trade earns, y (share of what is usual).
        outside: what other work earns, w (share of what the trade usually earns).
        noise: scale of the random utility (the same unit).

    Returns:
        A probability.

    Source: logit choice; that traders choose so is an assumption.

    >>> chance_to_trade(0.5, 0.5, 0.1), round(chance_to_trade(1.0, 0.5, 0.25), 6)
    (0.5, 0.880797)
    """
    gap = outside - earnings
    if noise <= 0.0:
        return 1.0 if gap <= 0.0 else 0.0
    return probability(1.0 / (1.0 + exp(gap / noise)))


@step
def reconsider(world: Any, state: Any, key: Key, t: int, block: int) -> None:
    """On the first of a month some think it over; before the first day all stand as is usual."""
    rates = world.rates[0].entry_exit
    first_day = t == 0 and rates.review > 0.0
    if not (first_day or (t >= world.spin_up and world.days[t, 0].month_start)):
        return
    sector, day = world.blocks[block].sector, t - world.spin_up
    option = _AT_FIRST if first_day else 0
    for size in range(len(world.sizes)):
        chance, known = prospects(world, state, sector, size, first_day)
        if known:
            first = world.stretches[block, INNER, size]
            for i in range(first, world.stretches[block, INNER, size + 1]):
                if state.status[i] == FREE or state.status[i] == AWAY:
                    thinks, trades, _, _ = draw4(key, i, day, ENTRY_DRAW, option)
                    if first_day or thinks < rates.review:
                        turn_to(state, i, trades < chance)


@step
def prospects(
    world: Any, state: Any, sector: int, size: int, first_day: bool
) -> tuple[float, bool]:
    """Chance to be in the trade by what it earns, and whether anything is known of that."""
    rates = world.rates[0].entry_exit
    living = state.livings[sector, size]
    if first_day:
        return chance_to_trade(1.0, rates.outside, rates.noise), True
    if living.usual_days <= 0.0 or living.usual_earned <= 0.0:
        return 0.0, False
    usual = living.usual_earned / living.usual_days
    weight = world.rates[0].learning.prior_weight
    expected = expected_earnings(living.earned, living.days, usual, weight)
    return chance_to_trade(expected / usual, rates.outside, rates.noise), True


@step
def turn_to(state: Any, i: int, trades: bool) -> None:
    """Be in the trade or out of it; who leaves sells off what is packed."""
    state.status[i] = FREE if trades else AWAY
    if not trades:
        state.waiting[i] = NOTHING


@step
def how_many_away(status: Any) -> int:
    """How many people are out of the trade by own choice."""
    away = 0
    for n in range(len(status)):
        away += status[n] == AWAY
    return away


@step
def take_stock(world: Any, state: Any, t: int) -> None:
    """What the day brought each trader, by sector and size, and for how many days in the trade.

    Days count by the season of what people deal in: that a harvest brings more is usual.
    """
    memory, spin_up = world.rates[0].entry_exit.memory, world.spin_up
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            living = state.livings[sector, size]
            living.cash_before, living.cash, living.in_trade = living.cash, 0.0, 0.0
    for block in range(len(world.blocks)):
        sector = world.blocks[block].sector
        for size in range(len(world.sizes)):
            living = state.livings[sector, size]
            first = world.stretches[block, INNER, size]
            for i in range(first, world.stretches[block, INNER, size + 1]):
                living.cash += state.traders[i].cash
                living.in_trade += (state.status[i] != GONE) & (state.status[i] != AWAY)
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            living, traders = state.livings[sector, size], world.traders[INNER, sector, size]
            season = 0.0
            for g in range(len(world.goods)):
                season += world.dealt[sector, size, g] * world.season[t, g]
            earned = per_trader(living.cash - living.cash_before, traders)
            days = per_trader(living.in_trade * season, traders)
            living.earned = discounted(living.earned, earned, memory)
            living.days = discounted(living.days, days, memory)
            if spin_up // 3 <= t < spin_up:
                living.usual_earned += earned
                living.usual_days += days


MECHANISM = Mechanism(
    "entry_exit",
    EntryExit,
    "When senders leave the trade or take it up again.",
    shapes=("crossings",),
    label="Entry to the trade and exit from it",
    claims="R01-2, R30-2, R33-1, R41-2",
    contrasts=(
        Contrast(
            "entry_exit",
            "Senders leave and enter the trade",
            setting({"entry_exit.review": 0.0}),
        ),
    ),
    results=(
        Count(
            PEOPLE,
            "away",
            "persons",
            "Out of the trade by own choice",
            "Inner-side traders only; those in custody are in the trade.",
            of=BY_STATUS,
        ),
    ),
    keeps=("livings",),
    draws=(ENTRY_DRAW,),
)
