"""State firms with a permit, who choose what to declare and what to carry off the books (R02-3)."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from amnok.compiling import rule, step
from amnok.mechanisms.customs import CUSTOMS_DRAW
from amnok.mechanisms.deeds import PASSED, Trip
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.mechanisms.roles import CUSTOMS_OFFICE
from amnok.quantity import Probability, Ratio, Share
from amnok.variables import ACCOUNTS, FLOW, GOODS, MONEY, Count


class StateFirms(Section):
    """Firms with a permit to trade: what they may declare, and what it costs to be found out.

    They act only with `customs`.
    """

    permits: dict[str, Share] = Field(min_length=1)
    """Which traders act for a firm with a permit, by name of their size: the share of those of the
    size who may use ways through customs. At 0 none does; at 1 whoever goes there has one.
    """

    quota: Share
    """How much of a full load in goods under no sanctions a permit lets its holder declare; goods
    under sanctions it never covers. At 0 a permit is a cover only; at 1 a whole load can be legal.
    """

    fee: Share
    """What those who gave the permit take of the worth of what is declared. Low: to declare costs
    the duty alone; high: what is kept off the books saves much.
    """

    look_base: Probability
    """Chance that customs look into the load of a firm with a permit, with no order in force. Low:
    papers are believed; high: every lorry is opened.
    """

    look_boost: Probability
    """What an order of intensity 1 adds to that chance, and one that lowers takes away. Low: an
    order changes nothing at customs; high: all lorries are looked into under it.
    """

    penalty: Ratio
    """What it costs to be found out: so many times the worth of what is off the books. The firm
    pays and drives on. At 0 nobody minds; high: hardly anything is kept off the books.
    """


@rule
def load_shares(
    declared_gain: float, hidden_gain: float, quota: float, risk: float
) -> tuple[float, float]:
    """What parts d and h of a full load a firm declares and keeps off the books.

    They make the most of `declared_gain*d + hidden_gain*h - risk*h**2`, with d from 0 to `quota`,
    h from 0 on and d + h at most 1: the more is off the books, the likelier it is found, and the
    more it costs.

    Args:
        declared_gain: what a full load gains that is declared (share of its worth).
        hidden_gain: the same off the books, before penalties; no less than `declared_gain`.
        quota: most that can be declared (share of a full load).
        risk: chance that a load is looked into times the penalty (share of its worth).

    Returns:
        d and h (shares of a full load).

    Source: the optimum by its first-order conditions; claims R02-1, R02-3 for what is weighed.

    >>> load_shares(0.2, 0.3, 1.0, 0.5), load_shares(0.2, 0.3, 0.5, 0.5)
    ((0.9, 0.09999999999999998), (0.5, 0.3))
    >>> load_shares(-0.1, 0.1, 1.0, 0.25), load_shares(-0.2, -0.1, 1.0, 0.25)
    ((0.0, 0.2), (0.0, 0.0))
    """
    most, least = 0.0, 0.0  # where more off the books costs room, and where it fills empty room
    if risk > 0.0:
        most = min(1.0, max(0.0, hidden_gain) / (2.0 * risk))
        least = min(1.0, max(0.0, hidden_gain - declared_gain) / (2.0 * risk))
    else:
        most = 1.0 if hidden_gain > 0.0 else 0.0
        least = 1.0 if hidden_gain > declared_gain else 0.0
    if declared_gain <= 0.0:
        return 0.0, most
    hidden = max(least, min(most, 1.0 - quota))
    return min(quota, 1.0 - hidden), hidden


@rule
def off_the_books(declared: float, hidden: float, quota: float) -> float:
    """The part of what is carried that is off the books: `h / (d + h)`.

    Args:
        declared: d, what is declared (share of a full load).
        hidden: h, what is not (share of a full load).
        quota: most that can be declared: if nothing is worth carrying, what little sets out all the
            same has papers if any of it can have.

    Returns:
        A share of what is carried.

    Source: arithmetic.

    >>> off_the_books(0.6, 0.2, 1.0), off_the_books(0.0, 0.0, 0.0)
    (0.25, 1.0)
    """
    carried = declared + hidden
    if carried > 0.0:
        return hidden / carried
    return 1.0 if quota <= 0.0 else 0.0


@step
def show_papers(
    state: Any,
    tally: Any,
    trip: Trip,
    size: int,
    is_found: bool,
    duty: float,
    fee: float,
    bribe: float,
    penalty: float,
) -> int:
    """Customs for a firm with a permit: it pays for what it declares, and for what is found.
    `size` is of who is met."""
    event = tally.events[trip.block, CUSTOMS_OFFICE, size]
    event.stops += 1
    accounts = tally.accounts[trip.block]
    accounts.duties += duty
    accounts.permit_fees += fee
    tally.bribes[trip.block, trip.size].customs += bribe
    state.traders[trip.i].cash -= duty + fee + bribe
    if is_found:
        event.detections += 1
        tally.flow[trip.block, trip.local, trip.size].found_off_books += 1
        accounts.off_books_penalties += penalty
        state.traders[trip.i].cash -= penalty
    return PASSED


def _off(scenario: Any) -> Values:
    """Nobody has a permit."""
    section = scenario.section(StateFirms)
    return {
        f"state_firms.permits.{size}": 0.0
        for size in (section.permits if section is not None else ())
    }


MECHANISM = Mechanism(
    "state_firms",
    StateFirms,
    "Firms with a permit, who declare part of what they carry.",
    shapes=("crossings", "records"),
    label="State firms and what they keep off the books",
    claims="R02-1, R02-3, R01-3, R35-1",
    roles=("customs",),
    contrasts=(Contrast("state_firms", "Firms have permits", _off),),
    results=(
        Count(
            FLOW,
            "found_off_books",
            "consignments",
            "Loads of firms with a permit in which more was found than declared",
            "At customs; the firm paid and drove on.",
            needs=("customs",),
        ),
        Count(
            GOODS,
            "goods_value_off_books",
            MONEY,
            "Worth of what firms with a permit carried off the books",
            "The part of goods_value_customs that they did not declare.",
            needs=("customs",),
        ),
        Count(
            ACCOUNTS,
            "permit_fees",
            MONEY,
            "Paid for permits",
            "By firms, for what they declared; duty is not in it.",
            needs=("customs",),
        ),
        Count(
            ACCOUNTS,
            "off_books_penalties",
            MONEY,
            "Paid for what was found off the books",
            "By firms with a permit; fines of others are not in it.",
            needs=("customs",),
        ),
    ),
    draws=(CUSTOMS_DRAW,),
)
