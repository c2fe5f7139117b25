"""Who is in the trade: what it earns, and who leaves it or takes it up again."""

from __future__ import annotations

from tests.twin.border import Border
from tests.twin.people import Sender, Status, Waiting

from amnok.mechanisms.entry_exit import ENTRY_DRAW, chance_to_trade
from amnok.rules.learning import discounted

_AT_FIRST = 1


def think_it_over(border: Border, sender: Sender) -> None:
    """Everyone on the very first day; later, on the first of a month, those who come to it."""
    rates = border.rates.entry_exit
    if sender.status not in (Status.FREE, Status.AWAY):
        return
    if border.t == 0 and rates.review > 0.0:
        _, u_trades, _, _ = border.draw4(sender.number, ENTRY_DRAW, _AT_FIRST)
        _turn_to(sender, u_trades < chance_to_trade(1.0, rates.outside, rates.noise))
    elif border.day >= 0 and border.month_start:
        u_thinks, u_trades, _, _ = border.draw4(sender.number, ENTRY_DRAW)
        living = sender.sector.livings[sender.size.number]
        if u_thinks < rates.review and living.usual_days > 0.0 and living.usual_earned > 0.0:
            usual = living.usual_earned / living.usual_days
            weight = border.rates.learning.prior_weight
            days = living.days + weight
            expected = (living.earned + usual * weight) / days if days > 0.0 else usual
            _turn_to(
                sender, u_trades < chance_to_trade(expected / usual, rates.outside, rates.noise)
            )


def _turn_to(sender: Sender, trades: bool) -> None:
    sender.status = Status.FREE if trades else Status.AWAY
    if not trades:
        sender.waiting = Waiting.NOTHING


def take_stock(border: Border) -> None:
    """What senders of a size earned today, and for how many days, by the season of their goods."""
    memory, spin_up = border.rates.entry_exit.memory, border.world.spin_up
    for sector in border.sectors:
        for size, living in enumerate(sector.livings):
            here = [
                one for one in border.senders if (one.sector, one.size.number) == (sector, size)
            ]
            cash, season = 0.0, 0.0
            for sender in here:
                cash += sender.cash
            for share, today in zip(
                border.world.dealt[sector.number, size].tolist(), border.season, strict=True
            ):
                season += share * today
            in_trade = sum(one.status not in (Status.GONE, Status.AWAY) for one in here)
            earned = (cash - living.cash) / len(here) if here else 0.0
            days = in_trade * season / len(here) if here else 0.0
            living.cash = cash
            living.earned = discounted(living.earned, earned, memory)
            living.days = discounted(living.days, days, memory)
            if spin_up // 3 <= border.t < spin_up:
                living.usual_earned += earned
                living.usual_days += days
