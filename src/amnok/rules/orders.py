"""Orders from above, and the politics that scales them (claims A05, A10, B04-B06)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import probability
from amnok.rules.smoothing import drawn_towards


@rule
def order_strength(day: int, start: int, end: int, ramp: float, intensity: float) -> float:
    """Strength of a dated order on a day: `intensity * min(1, (day - start + 1) / ramp)`.

    Nothing before `start` and from `end` on. The first day already counts, so that the order is in
    full force on day number `ramp`.

    Args:
        day: day of the run (index).
        start: first day of the order (index).
        end: first day after it (index).
        ramp: days until it is in full force (days); 1 or less is at once.
        intensity: full intensity (dimensionless).

    Returns:
        Intensity (dimensionless).

    Source: claim B04; the linear ramp is an assumption.

    >>> [order_strength(day, 10, 20, 4.0, 1.0) for day in (9, 10, 13, 19, 20)]
    [0.0, 0.25, 1.0, 1.0, 0.0]
    """
    if day < start or day >= end:
        return 0.0
    if ramp <= 0.0:
        return intensity
    return intensity * probability((day - start + 1) / ramp)


@rule
def target_intensity(ordered: float, pull: float) -> float:
    """Intensity an agency is driven to: `ordered * max(0, 1 + pull)`.

    Signals scale an order, at least to nothing. Without one they do nothing: politics acts through
    the orders. Below 0 the agency does less than usual.

    Args:
        ordered: intensity of the orders in force (dimensionless).
        pull: sum over signals of the agency's weight times the signal (dimensionless).

    Returns:
        Intensity (dimensionless); of the sign of the orders.

    Source: claims A05, A10, B05, B06; the linear form is an assumption.

    >>> target_intensity(1.0, 0.75), target_intensity(0.0, 0.75), target_intensity(1.0, -2.0)
    (1.75, 0.0, 0.0)
    """
    return ordered * max(0.0, 1.0 + pull)


@rule
def with_inertia(current: float, target: float, days: float) -> float:
    """Tomorrow's intensity of an agency that follows its target with inertia.

    Formula: `current + (target - current) * (1 - exp(-1/days))`, see `smoothing.drawn_towards`.

    Args:
        current: intensity today (dimensionless).
        target: intensity it is driven to (dimensionless).
        days: time constant (days); 0 or less follows at once.

    Returns:
        Intensity (dimensionless).

    Source: assumption.

    >>> with_inertia(0.0, 1.0, 0.0), round(with_inertia(0.0, 1.0, 10.0), 6)
    (1.0, 0.095163)
    """
    return drawn_towards(current, target, days)
