"""Customs: sanctioned goods in bulk, waved through and paid for (claim B08)."""

from __future__ import annotations

from amnok.compiling import rule
from amnok.rules.distributions import driven_chance


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
        value: value of the load (CNY).
        duty: rate of duty (share of value).
        bribe_share: what goes into pockets (share of value).

    Returns:
        Duty and bribe (CNY each).

    Source: claim B08; rates are assumptions.

    >>> customs_payment(1_000.0, 0.25, 0.125)
    (250.0, 125.0)
    """
    return duty * value, bribe_share * value
