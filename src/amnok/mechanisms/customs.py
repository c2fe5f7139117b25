"""Customs: sanctioned goods in bulk, waved through and paid for (claim B08)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.mechanisms.deeds import LOST, PASSED, Trip, seize
from amnok.mechanisms.fines import NOT_FINED
from amnok.mechanisms.form import Contrast, Mechanism, Section, Values, setting
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARDED
from amnok.quantity import Probability, Share
from amnok.rules.distributions import driven_chance
from amnok.variables import ACCOUNTS, BRIBES, GOODS, KEPT_BRIBES, MONEY, PAID, SEIZE, STOP, Count

CUSTOMS_DRAW = Decision(10, "CUSTOMS", "stopped by customs; is a way open")

_OPEN_TO_ALL = ("sea", "air")  # channels whose ways lead past no guards


class Customs(Section):
    """Ways through customs: duty, what officers are paid, and what they stop."""

    # A way that is always open, and free.
    NEUTRAL: ClassVar[Mapping[str, float]] = {"open_share": 1.0}

    open_share: Share
    """Share of days on which a way through customs is open, drawn for each way and day. At 0 they
    are closed; at 1 open every day.
    """

    duty: Share
    """Duty paid on each load that passes, as a share of the goods' worth. Low: this way is cheap;
    high: others are cheaper.
    """

    bribe_share: Share
    """Bribe to customs officers for each load that passes, as a share of the goods' worth. Low:
    this way is cheap; high: others are cheaper.
    """

    stop_base: Probability
    """Chance that customs stop a load of sanctioned goods with no order in force, if they waved
    none through (see `laxity`). Goods that are not sanctioned are never stopped. Low: sanctions are
    not looked for; high: every sanctioned load would be found.
    """

    stop_boost: Probability
    """What an order of intensity 1 adds to the chance that customs stop a sanctioned load, if they
    waved none through. Low: an order changes nothing at customs; high: it would close them to
    sanctioned goods.
    """

    laxity: Probability
    """Share of sanctioned loads that customs wave through without looking. At 0 sanctions are
    enforced as `stop_base` and `stop_boost` say; at 1 nothing is ever stopped.
    """


@rule
def customs_stop_chance(
    base: float, boost: float, intensity: float, sanctioned: bool, laxity: float
) -> float:
    """Chance that customs stop a load: `min(1, (base + boost*intensity) * (1 - laxity))`.

    0 for goods that are not sanctioned: they are no contraband there.

    Args:
        base: chance with no order in force (probability).
        boost: what an order of intensity 1 adds (probability).
        intensity: intensity of the order (dimensionless).
        sanctioned: whether the goods are under sanctions.
        laxity: share of sanctioned loads that are waved through (0 to 1).

    Returns:
        A probability.

    Source: claim B08; the product form is an assumption.

    >>> customs_stop_chance(0.25, 0.25, 1.0, True, 0.75)
    0.125
    >>> customs_stop_chance(0.25, 0.25, 1.0, False, 0.75)
    0.0
    """
    if not sanctioned:
        return 0.0
    return driven_chance(base, boost, intensity, 1.0 - laxity)


@rule
def customs_payment(value: float, duty: float, bribe_share: float) -> tuple[float, float]:
    """What a load pays at customs: duty and bribe, `(duty*value, bribe_share*value)`.

    Args:
        value: value of the load (money).
        duty: rate of duty (share of value).
        bribe_share: what goes into pockets (share of value).

    Returns:
        Duty and bribe (money each).

    Source: claim B08; rates are assumptions.

    >>> customs_payment(1_000.0, 0.25, 0.125)
    (250.0, 125.0)
    """
    return duty * value, bribe_share * value


@step
def look_at(
    state: Any,
    tally: Any,
    trip: Trip,
    size: int,
    planned: Any,
    is_stopped: bool,
    fined: int,
    duty: float,
    bribe: float,
) -> int:
    """At customs: duty and a payment, and now and then a sanctioned load that is stopped, and fined
    perhaps (`fined` is what becomes of the goods then, or NOT_FINED). `size` is of who is met."""
    event = tally.events[trip.block, CUSTOMS_OFFICE, size]
    event.stops += 1
    outcome = PASSED
    if is_stopped:
        event.detections += 1
        outcome = LOST if fined == NOT_FINED else fined
        if outcome == LOST:
            seize(tally, trip.block, CUSTOMS_OFFICE, size, planned)
    else:
        state.traders[trip.i].cash -= duty + bribe
        tally.accounts[trip.block].duties += duty
        tally.bribes[trip.block, trip.size].customs += bribe
    return outcome


def _guarded_alike(scenario: Any) -> Values:
    """Customs wave nothing through, and patrols are at sea and in the air as they are elsewhere."""
    kinds = scenario.route_kinds
    guarded = (kind for kind in kinds.values() if kind.channel in GUARDED)
    most = max((kind.patrol_exposure.number for kind in guarded), default=1.0)
    open_to_all = [name for name, kind in kinds.items() if kind.channel in _OPEN_TO_ALL]
    alike = {f"route_kinds.{name}.patrol_exposure": most for name in open_to_all}
    return setting({"customs.laxity": 0.0, **alike})(scenario)


def _with_few_checks(scenario: Any) -> list[str]:
    channels = {kind.channel for kind in scenario.route_kinds.values()}
    return [scenario.called(one) for one in ("customs", *_OPEN_TO_ALL) if one in channels]


MECHANISM = Mechanism(
    "customs",
    Customs,
    "Ways through customs: duty, bribes, and what officers stop.",
    shapes=("crossings",),
    label="Goods in bulk through customs",
    claims="B08",
    roles=("customs",),
    contrasts=(
        Contrast(
            "open_channels",
            "Channels with few checks",
            _guarded_alike,
            where=_with_few_checks,
            called="channels with few checks",
        ),
    ),
    does=(STOP, SEIZE, PAID),
    results=(
        Count(
            BRIBES,
            "customs",
            MONEY,
            "Kept by customs officers",
            "Payments to officers; duty is not among them.",
            of=KEPT_BRIBES,
        ),
        Count(
            GOODS,
            "goods_value_customs",
            MONEY,
            "Worth of what crossed at customs",
            "The part of goods_value_crossed that went through customs, declared or not.",
        ),
        Count(
            ACCOUNTS,
            "duties",
            MONEY,
            "Customs duty",
            "Paid at customs; bribes are not in it.",
        ),
    ),
    draws=(CUSTOMS_DRAW,),
)
