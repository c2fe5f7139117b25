"""Informers on the outer bank, who tell patrols of a trip: a mechanism that only tests know."""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.mechanisms.form import Alarm, Contrast, Mechanism, Section, setting
from amnok.quantity import Probability, Ratio, Share
from amnok.rules.distributions import probability
from amnok.variables import FLOW, Count

TIP_DRAW = Decision(9001, "TIP", "an informer tells patrols of a trip")


class Informers(Section):
    """People on the outer bank who tell patrols of a trip."""

    share: Share
    """Share of trips that an informer gets to know of. Low: trips are secret; high: most are known.
    """

    tip_chance: Probability
    """Chance that an informer who knows of a trip tells the patrols. Low: few talk; high: most do.
    """

    factor: Ratio
    """How many times likelier a patrol that was told meets the trip. At 1 tips are of no use; high:
    a tip is as good as a meeting.
    """


@rule
def told_chance(share: float, tip_chance: float) -> float:
    """Chance that patrols are told of a trip: `share * tip_chance`.

    Args:
        share: share of trips that an informer knows of (0 to 1).
        tip_chance: chance that such an informer tells (probability).

    Returns:
        A probability.

    Source: assumption.

    >>> told_chance(0.5, 0.25)
    0.125
    """
    return probability(share * tip_chance)


@step
def raised(rates: Any, way: Any, day: Any) -> float:
    """Chance that patrols are told of a consignment."""
    return told_chance(rates.informers.share, rates.informers.tip_chance)


@step
def factor(rates: Any) -> float:
    """How many times likelier a patrol that was told meets it."""
    return float(rates.informers.factor)


@step
def book(tally: Any, trip: Any) -> None:
    """Count a consignment that patrols were told of."""
    tally.flow[trip.block, trip.local, trip.size].tipped_off += 1


MECHANISM = Mechanism(
    "informers",
    Informers,
    "People who tell patrols of a trip.",
    shapes=("arrests",),
    label="Informers who tell patrols",
    results=(
        Count(
            FLOW,
            "tipped_off",
            "consignments",
            "Patrols were told of it",
            "Among those that set out, whether a patrol met them or not.",
        ),
    ),
    draws=(TIP_DRAW,),
    warns_patrols=Alarm(TIP_DRAW, raised, factor, book),
    contrasts=(Contrast("informers", "Informers tell patrols", setting({"informers.share": 0.0})),),
)
