"""Exponential smoothing, shared by orders (inertia) and markets (supply). Carries no claim."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.vector_math import expm1


@rule
def drawn_towards(current: float, target: float, days: float) -> float:
    """One day's step of an exponential approach: `c + (t - c) * (1 - exp(-1/days))`.

    Args:
        current: value today.
        target: value it is drawn to (same unit).
        days: time constant (days); 0 or less jumps to the target.

    Returns:
        Value tomorrow (same unit), between `current` and `target`.

    Source: exponential smoothing (Brown 1956).

    >>> round(drawn_towards(0.0, 1.0, 7.0), 6), drawn_towards(0.0, 1.0, 0.0)
    (0.133122, 1.0)
    """
    if days <= 0.0:
        return target
    return current - (target - current) * expm1(-1.0 / days)
