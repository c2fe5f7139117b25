"""A run: day after day, with the books kept for those of the period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from tests.twin.border import Border, border_of
from tests.twin.counts import as_numbers
from tests.twin.crossing import count_people, partner_morning, sender_day
from tests.twin.evening import fill_quotas, follow_gains, learn, move_prices, oversee
from tests.twin.living import take_stock
from tests.twin.people import Sector
from tests.twin.planning import guard_risk
from tests.twin.reports import report

from amnok.engine.tally import Books, empty_tables, lengths, plain
from amnok.mechanisms.reporting import TIP
from amnok.scenario.model import Scenario
from amnok.world import build, changes


@dataclass(frozen=True)
class Outcome:
    """One replicate as it ended: the border with everyone on it, and its books."""

    replicate: int
    border: Border
    books: Books


def simulate(scenario: Scenario, seed: int, replicate: int = 0, days: int | None = None) -> Outcome:
    """Simulate one replicate, slowly.

    Args:
        scenario: a validated scenario.
        seed: the run's seed, 0 to 2**64 - 1.
        replicate: the replicate's number.
        days: stop after so many days, those of the spin-up included; None simulates all. Days of
            the spin-up are not booked.
    """
    border = border_of(*build(scenario, seed, replicate))
    n_days = len(border.world.days) if days is None else min(days, len(border.world.days))
    turns = {turn.t: turn for turn in changes.turns(scenario)}
    pages = []
    for t in range(n_days):
        if t in turns:
            changes.take(border.world, turns[t])
            border.read_again()
        border.begin_day(t)
        one_day(border)
        if t >= border.world.spin_up:
            pages.append(_page(border))
    return Outcome(replicate, border, _books(border, pages))


def one_day(border: Border) -> None:
    """The day in order."""
    for partner in border.partners:
        partner_morning(border, partner)
    for sender in border.senders:
        sender_day(border, sender)
    count_people(border)
    fill_quotas(border)
    move_prices(border)
    follow_gains(border)
    learn(border)
    oversee(border)
    if border.rates.entry_exit.present:
        take_stock(border)
    report(border)


def _page(border: Border) -> dict[str, Any]:
    """The day as nested lists of numbers, under the names of `Books`."""
    counts = {name: as_numbers(table) for name, table in vars(border.counts).items()}
    return counts | {
        "prices": [[[[quote.price] for quote in row] for row in side] for side in border.quotes],
        "loss_beliefs": [[[belief.rate] for belief in route.losses] for route in border.routes],
        "search_beliefs": [[[one.rate] for one in place.searches] for place in border.sectors],
        "guard_prices": [[_risk(border, place)] for place in border.sectors for _ in place.routes],
        "efforts": [[route.searches.effort, route.patrols.effort] for route in border.routes],
    }


def _risk(border: Border, sector: Sector) -> float:
    """What a guard's risk of being held responsible is worth to the guard (money)."""
    return guard_risk(border, sector, 1.0) * border.rates.guards.penalty


def _books(border: Border, pages: list[dict[str, Any]]) -> Books:
    tables = empty_tables(lengths(border.world), len(pages))
    for name, table in tables.items():
        for day, page in enumerate(pages):
            plain(table)[day] = np.reshape(page[name], plain(table).shape[1:])
    tips = np.array(border.tips, dtype=np.int32).reshape(-1, len(TIP))
    return Books(**tables, tips=tips, tip_count=np.array([len(tips)]))
