"""Cameras on a route, fixed and rotating (claim A14)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability


@rule
def seen_by_rotating(period: float, visible_share: float, exposed: float) -> float:
    """Chance that a rotating camera sees a crosser: `min(1, d + s/P)`.

    The camera starts at a uniformly random point of its turn. It sees the crosser's spot for the
    share d of each turn, and the crosser is there for s: they meet unless all of s falls in the
    blind part.

    Args:
        period: time P of a full turn (minutes); 0 or less leaves no blind time.
        visible_share: share d of a turn in which the spot is seen (0 to 1).
        exposed: time s the crosser is exposed (minutes).

    Returns:
        A probability.

    Source: claim A14; the random phase is an assumption.

    >>> seen_by_rotating(4.0, 0.25, 1.0), seen_by_rotating(4.0, 0.25, 10.0)
    (0.5, 1.0)
    """
    if period <= 0.0:
        return 1.0
    return probability(visible_share + exposed / period)


@rule
def seen_by_cameras(
    fixed_coverage: float,
    rotating_coverage: float,
    period: float,
    visible_share: float,
    exposed: float,
) -> float:
    """Chance that any camera on the route sees a crosser: `1 - (1 - F) * (1 - G*r)`.

    F and G are the shares of the route under fixed and under rotating cameras, r is
    `seen_by_rotating`; the two kinds are independent.

    Args:
        fixed_coverage: share F of the route under fixed cameras (0 to 1).
        rotating_coverage: share G of the route under rotating cameras (0 to 1).
        period: time of a full turn (minutes).
        visible_share: share of a turn in which a spot is seen (0 to 1).
        exposed: time the crosser is exposed (minutes).

    Returns:
        A probability.

    Source: claim A14; independence is an assumption.

    >>> seen_by_cameras(0.5, 0.5, 4.0, 0.25, 1.0)
    0.625
    """
    rotating = rotating_coverage * seen_by_rotating(period, visible_share, exposed)
    return 1.0 - (1.0 - fixed_coverage) * (1.0 - rotating)
