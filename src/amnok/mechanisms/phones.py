"""Phone monitoring at the border, and the questioning it leads to (claims B01, B02)."""

from __future__ import annotations

from typing import Any

from amnok.compiling import rule, step
from amnok.decisions import Decision
from amnok.mechanisms.deeds import Trip, frighten, note
from amnok.mechanisms.form import Contrast, Mechanism, Section, setting
from amnok.mechanisms.roles import POLICE
from amnok.quantity import Days, Probability
from amnok.rules.distributions import driven_chance, probability
from amnok.variables import QUESTION, STOP

PHONE_DRAW = Decision(11, "PHONE", "a call is noticed; questioning follows")


class Phones(Section):
    """Outer-side phone monitoring, which makes people known and brings them in for questioning."""

    monitoring_base: Probability
    """Share of calls at the border that are monitored with no order in force. It makes partners
    known and frightens sources. Low: one can talk freely; high: most calls are heard.
    """

    monitoring_boost: Probability
    """What an order of intensity 1 adds to the share of monitored calls. Low: an order does not
    reach the phones; high: nearly all calls are heard under it.
    """

    calls_noticed: Probability
    """Chance that the calls for one trip make the partner known to the police, if all calls were
    monitored. Low: monitoring finds few; high: every trip gives the partner away.
    """

    question_base: Probability
    """Chance that a partner whose calls were noticed is questioned, with no order in force and
    before exemption and protection. Low: being known has no immediate sequel; high: it means
    questions the same day.
    """

    question_boost: Probability
    """What an order of intensity 1 adds to the chance that a noticed partner is questioned. Low:
    questions stay as rare as ever; high: under an order most who are noticed are questioned.
    """

    known_days: Days
    """Days for which the outer police know of a trader once noticed or questioned. Only the known
    can be arrested for the quota. Low: they are soon forgotten; high: the list grows long.
    """

    lie_low_days: Days
    """Days for which a questioned partner takes no goods, from the next day on. Low: questions
    hardly disturb trade; high: each one takes a partner away for long.
    """


@rule
def monitoring_level(base: float, boost: float, intensity: float) -> float:
    """Share of border calls that are monitored: `min(1, base + boost*intensity)`.

    Args:
        base: share with no order in force (0 to 1).
        boost: what an order of intensity 1 adds (0 to 1).
        intensity: intensity of the order (dimensionless).

    Returns:
        A share from 0 to 1.

    Source: claim B02; the linear form is an assumption.

    >>> monitoring_level(0.25, 0.5, 1.0)
    0.75
    """
    return driven_chance(base, boost, intensity, 1.0)


@rule
def noticed_chance(monitoring: float, calls_noticed: float) -> float:
    """Chance that a trader's calls of a day become known: `monitoring * calls_noticed`.

    Args:
        monitoring: share of border calls that are monitored (0 to 1).
        calls_noticed: chance that fully monitored calls of a day give the caller away
            (probability).

    Returns:
        A probability.

    Source: claim B02; the product form is an assumption.

    >>> noticed_chance(0.5, 0.25)
    0.125
    """
    return probability(monitoring * calls_noticed)


@rule
def question_chance(base: float, boost: float, intensity: float) -> float:
    """Chance that a known trader is questioned: `min(1, base + boost*intensity)`.

    Args:
        base: chance with no order in force (probability).
        boost: what an order of intensity 1 adds (probability).
        intensity: intensity of the order (dimensionless).

    Returns:
        A probability.

    Source: claims B01, B02; the linear form is an assumption.

    >>> question_chance(0.0, 0.25, 1.0)
    0.25
    """
    return driven_chance(base, boost, intensity, 1.0)


@step
def call(
    rates: Any,
    state: Any,
    tally: Any,
    t: int,
    trip: Trip,
    is_noticed: bool,
    is_questioned: bool,
    is_let_go: bool,
) -> None:
    """Arranging a trip takes calls; a watched one makes the partner known, perhaps questioned."""
    if is_noticed:
        note(rates, state, t, trip.partner)
        if is_questioned:
            event = tally.events[trip.block, POLICE, trip.partner_size]
            event.stops += 1
            if is_let_go:
                event.let_go += 1
            else:
                event.questionings += 1
                frighten(rates, state, t, trip.partner)


MECHANISM = Mechanism(
    "phones",
    Phones,
    "Monitoring of phones on the outer bank, and questioning.",
    shapes=("questionings", "arrests", "records"),
    label="Phone monitoring and questioning",
    claims="B02",
    roles=("police",),
    contrasts=(
        Contrast(
            "phone_monitoring",
            "Phones are monitored",
            setting({"phones.monitoring_base": 0.0, "phones.monitoring_boost": 0.0}),
        ),
    ),
    does=(STOP, QUESTION),
    draws=(PHONE_DRAW,),
)
