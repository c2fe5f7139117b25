"""Fines on the outer bank in place of arrest, and impounded vehicles (claims R02-2, R05-3)."""

from __future__ import annotations

from typing import Any, NamedTuple

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.mechanisms.deeds import LOST, PASSED, Trip
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.quantity import Days, MoneyPerKilogram, Probability, Ratio
from amnok.rules.distributions import exponential_days
from amnok.variables import ACCOUNTS, FLOW, MONEY, SECTOR, SEIZE, Count
from amnok.vector_math import expm1

FINE_DRAW = Decision(40, "FINE", "fined instead of arrested; goods returned; vehicle impounded")
NOT_FINED = -1  # in place of a consignment's outcome


class Fines(Section):
    """What patrols and customs take in money from those they catch, and what they impound."""

    chance: Probability
    """Chance that whoever is caught by a patrol or by customs is fined rather than arrested,
    questioned or merely robbed of the goods. At 0 nobody is; at 1 the outer bank's officials on
    the way arrest nobody.
    """

    worth_share: Ratio
    """The part of a fine that goes by worth: so many times what the goods cost where they come
    from. At 0 worth does not matter; high: a fine takes more than the goods.
    """

    per_kilogram: MoneyPerKilogram
    """The part of a fine that goes by weight, for each kilogram. At 0 weight does not matter; high:
    cheap and heavy goods are not worth the risk.
    """

    returned: Probability
    """Chance that whoever is fined keeps the goods and goes on. At 0 a fine comes on top of the
    loss of the goods; at 1 it buys them back.
    """

    impounded: Probability
    """Chance that the vehicle or boat of whoever is fined is impounded: the sender cannot send
    until it is back. At 0 one pays and drives on; at 1 every fine takes the vehicle too.
    """

    impound_days: Days
    """Mean days for which a vehicle or boat is impounded, whole days from the next one on. Low: it
    is soon back; high: a fine ends the trade for long.
    """


@rule
def fine_sum(worth: float, weight: float, worth_share: float, per_kilogram: float) -> float:
    """A fine: `worth_share*worth + per_kilogram*weight`.

    Args:
        worth: what the goods cost where they come from (money).
        weight: of the goods (kilograms).
        worth_share: fine by worth (dimensionless).
        per_kilogram: fine by weight (money per kilogram).

    Returns:
        The fine (money).

    Source: claim R05-3 for a fine by weight; a part by worth is an assumption.

    >>> fine_sum(1_000.0, 200.0, 0.5, 225.0)
    45500.0
    """
    return worth_share * worth + per_kilogram * weight


@rule
def days_without(mean: float) -> float:
    """Mean of the whole days of an exponential time: `1 / (exp(1/d) - 1)`, and 0 for d <= 0.

    Args:
        mean: mean d of the time before it is cut to whole days (days).

    Returns:
        Days.

    Source: the mean of `exponential_days`, which is geometric.

    >>> round(days_without(10.0), 4), days_without(0.0)
    (9.5083, 0.0)
    """
    return 1.0 / expm1(1.0 / mean) if mean > 0.0 else 0.0


@rule
def fine_burden(
    payment: float, impounded: float, days: float, shipping_rate: float, gain: float
) -> float:
    """What a fine costs in all: `payment + impounded * days * shipping_rate * max(0, gain)`.

    Args:
        payment: the fine (money).
        impounded: chance that the vehicle is impounded (probability).
        days: mean days without it (days).
        shipping_rate: consignments that the sender would have sent (per day).
        gain: what each of them would have earned (money).

    Returns:
        Cost (money).

    Source: assumption.

    >>> fine_burden(500.0, 0.5, 10.0, 0.2, 300.0)
    800.0
    """
    return payment + impounded * days * shipping_rate * max(0.0, gain)


class Fined(NamedTuple):
    """A fine: what is paid (money), whether the goods are returned, whether the vehicle is kept,
    and the draw for how long."""

    payment: float
    is_returned: bool
    is_impounded: bool
    u_days: float


@step
def levy(rates: Any, state: Any, tally: Any, t: int, trip: Trip, fined: Fined) -> int:
    """A fine is paid by the sender, who owns the goods; what becomes of these."""
    state.traders[trip.i].cash -= fined.payment
    tally.accounts[trip.block].fines += fined.payment
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.fined += 1
    if fined.is_impounded:
        flow.impounded += 1
        days = exponential_days(rates.fines.impound_days, fined.u_days)
        state.impounded_until[trip.i] = t + 1 + days
    return PASSED if fined.is_returned else LOST


MECHANISM = Mechanism(
    "fines",
    Fines,
    "Fines in place of arrest on the outer bank, and vehicles impounded.",
    shapes=("crossings", "arrests"),
    label="Fines and impounding",
    claims="R02-2, R05-3",
    contrasts=(Contrast("fines", "The caught are fined", setting({"fines.chance": 0.0})),),
    results=(
        Count(
            FLOW,
            "fined",
            "consignments",
            "Caught on the outer bank and fined",
            "By patrols or by customs; the goods may be returned or not.",
            needs=(SEIZE,),
        ),
        Count(
            FLOW,
            "impounded",
            "consignments",
            "Fined, and the vehicle impounded",
            "The part of fined whose sender cannot send until it is back.",
            needs=(SEIZE,),
        ),
        Count(
            ACCOUNTS,
            "fines",
            MONEY,
            "Fines paid",
            "By senders, to patrols and customs; bribes and duty are not in it.",
            needs=(SEIZE,),
        ),
        Count(
            SECTOR,
            "no_vehicle",
            "consignments",
            "Packed, but the vehicle is impounded",
            "Each day again until they leave; not among attempts.",
            needs=(SEIZE,),
        ),
    ),
    keeps=("impounded_until", "route_risk.fined", "route_risk.fine_belief"),
    draws=(FINE_DRAW,),
)
