"""Patrols: interception on the outer bank, and who is let go (claims B01, B04, B07, B11)."""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.draws import Key
from amnok.mechanisms.deeds import LOST, PASSED, Trip, arrest_outer, frighten, note, seize
from amnok.mechanisms.fines import NOT_FINED
from amnok.mechanisms.form import Mechanism, Section
from amnok.mechanisms.roles import PATROL
from amnok.quantity import Probability
from amnok.rules.distributions import driven_chance
from amnok.variables import (
    ARREST,
    EFFORTS,
    FLOW,
    IMPRISON,
    OUTER_ARREST,
    QUESTION,
    SEIZE,
    STOP,
    Count,
    Variable,
)

PATROL_DRAW = Decision(9, "PATROL", "intercepted; what follows")


class Patrols(Section):
    """Outer-side patrols: whom they meet on the way and what follows."""

    intercept_base: Probability
    """Chance that a patrol of the outer bank meets a consignment anywhere but at customs with no
    order in force. Effort and the exposure of the route multiply it. Low: patrols are hardly met;
    high: they are a risk at all times.
    """

    intercept_boost: Probability
    """What an order of intensity 1 adds to the chance that a patrol meets a consignment. Low: an
    order changes little on the way; high: it makes the outer bank dangerous.
    """

    arrest_share: Probability
    """Chance that a trader whom a patrol does not let go is arrested and not only questioned; the
    goods are seized either way. Low: mostly questions; high: mostly detention.
    """


@rule
def intercept_chance(
    base: float, boost: float, intensity: float, effort: float, exposure: float
) -> float:
    """Chance that a patrol meets a consignment.

    Formula: `min(1, (base + boost*intensity) * effort * exposure)`.

    Args:
        base: chance with no order in force (probability).
        boost: what an order of intensity 1 adds (probability).
        intensity: intensity of the order (dimensionless).
        effort: effort on this route relative to an even spread (dimensionless, 1 = even).
        exposure: how exposed this kind of crossing is (dimensionless, 1 = usual).

    Returns:
        A probability.

    Source: claim B04; the product form is an assumption.

    >>> round(intercept_chance(0.01, 0.04, 1.0, 2.0, 1.0), 12)
    0.1
    """
    return driven_chance(base, boost, intensity, effort * exposure)


@rule
def let_go_chance(exemption: float, is_protected: bool, protection_effect: float) -> float:
    """Chance that a trader who was met is let go: `1 - (1 - exemption) * (1 - effect)`.

    The second factor stands only for those who pay for protection.

    Args:
        exemption: chance that one of this size is exempt (probability).
        is_protected: whether the trader pays for protection.
        protection_effect: chance that protection works (probability).

    Returns:
        A probability.

    Source: claims B07, B11; independence is an assumption.

    >>> let_go_chance(0.5, True, 0.5), let_go_chance(0.5, False, 0.5)
    (0.75, 0.5)
    """
    held = 1.0 - exemption
    if is_protected:
        held *= 1.0 - protection_effect
    return 1.0 - held


@step
def stop(
    world: Any,
    state: Any,
    tally: Any,
    key: Key,
    t: int,
    trip: Trip,
    planned: Any,
    is_let_go: bool,
    fined: int,
    is_arrested: bool,
    u_prison: float,
) -> int:
    """An outer-side patrol: lets go, takes a fine (`fined` is what becomes of the goods then, or
    NOT_FINED), or seizes the goods and brings the partner in."""
    tally.flow[trip.block, trip.local, trip.size].intercepts += 1
    event = tally.events[trip.block, PATROL, trip.partner_size]
    event.stops += 1
    outcome = PASSED
    if is_let_go:
        event.let_go += 1
    else:
        event.detections += 1
        outcome = LOST if fined == NOT_FINED else fined
        if outcome == LOST:
            seize(tally, trip.block, PATROL, trip.partner_size, planned)
        if is_arrested and fined == NOT_FINED:
            arrest_outer(world, state, tally, key, t, trip.block, trip.partner, PATROL, u_prison)
        elif fined == NOT_FINED:
            event.questionings += 1
            note(world.rates[0], state, t, trip.partner)
            frighten(world.rates[0], state, t, trip.partner)
    return outcome


MECHANISM = Mechanism(
    "patrols",
    Patrols,
    "Patrols of the outer bank: whom they meet and arrest.",
    shapes=("questionings", "arrests"),
    label="Patrols of the outer bank",
    claims="B01, B04",
    roles=("patrol",),
    does=(STOP, SEIZE, ARREST, OUTER_ARREST, IMPRISON, QUESTION),
    results=(
        Count(
            FLOW,
            "intercepts",
            "consignments",
            "Met by a patrol",
            "On the outer bank, those let go included.",
        ),
        Variable(
            EFFORTS,
            "effort_patrols",
            "ratio",
            "Effort of patrols; 1 is the average",
            "What the next day begins with: by plan, or drawn to where the agency stopped most.",
        ),
    ),
    draws=(PATROL_DRAW,),
)
