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
def target_intensity(
    ordered: float,
    sanctions_weight: float,
    sanctions_signal: float,
    tariff_weight: float,
    tariff_signal: float,
    election_weight: float,
    election_signal: float,
) -> float:
    """Intensity an agency is driven to: `ordered * max(0, 1 + w1*s1 + w2*s2 + w3*s3)`.

    Signals scale an order, at least to nothing. Without one they do nothing: politics acts through
    the orders. Below 0 the agency does less than usual.

    Args:
        ordered: intensity of the orders in force (dimensionless).
        sanctions_weight: pull w1 of the sanctions talks (dimensionless).
        sanctions_signal: their state s1 (dimensionless, 0 = quiet).
        tariff_weight: pull w2 of the tariff talks (dimensionless).
        tariff_signal: their state s2 (dimensionless, 0 = quiet).
        election_weight: pull w3 of an election (dimensionless).
        election_signal: its nearness s3 (dimensionless, 0 = none).

    Returns:
        Intensity (dimensionless); of the sign of the orders.

    Source: claims A05, A10, B05, B06; the linear form is an assumption.

    >>> target_intensity(1.0, 0.5, 1.0, 0.25, 1.0, 0.0, 0.0)
    1.75
    >>> target_intensity(0.0, 0.5, 1.0, 0.25, 1.0, 0.0, 0.0)
    0.0
    """
    pull = (
        sanctions_weight * sanctions_signal
        + tariff_weight * tariff_signal
        + election_weight * election_signal
    )
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
