"""Source reporting: who sees an event, dares to tell it, and how late (claim B02)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import at_least_one, probability
from amnok.vector_math import exp


@rule
def sees_chance(visibility: float, events: int) -> float:
    """Chance that a source sees at least one of a day's events: `1 - (1 - v)**events`.

    Args:
        visibility: chance v of seeing each (probability).
        events: number of events.

    Returns:
        A probability; 0 without events.

    Source: form of both reports; independence is an assumption.

    >>> round(sees_chance(0.1, 2), 12), sees_chance(0.1, 0)
    (0.19, 0.0)
    """
    return at_least_one(visibility, events)


@rule
def dares_chance(courage: float, fear: float, monitoring: float) -> float:
    """Chance that a source dares to tell what it saw: `courage * exp(-fear * monitoring)`.

    Args:
        courage: chance when no phone is watched (probability).
        fear: how fast it falls with monitoring (dimensionless).
        monitoring: share of border calls that are monitored (0 to 1).

    Returns:
        A probability.

    Source: claim B02 (calls bring people in for questioning); the form is an assumption.

    >>> dares_chance(0.5, 2.0, 0.0), round(dares_chance(0.5, 2.0, 0.5), 6)
    (0.5, 0.18394)
    """
    return probability(courage * exp(-fear * monitoring))


@rule
def delay_mean(usual: float, slowdown: float, monitoring: float) -> float:
    """Mean delay before a source tells: `usual * (1 + slowdown * monitoring)`.

    Args:
        usual: mean delay when no phone is watched (days).
        slowdown: relative rise at full monitoring (dimensionless).
        monitoring: share of border calls that are monitored (0 to 1).

    Returns:
        Mean delay (days).

    Source: claim B02; the linear form is an assumption.

    >>> delay_mean(6.0, 1.0, 0.5)
    9.0
    """
    return usual * (1.0 + slowdown * monitoring)
