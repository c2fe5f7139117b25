"""Phone monitoring at the border, and the questioning it leads to (claims B01, B02)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import driven_chance, probability


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
