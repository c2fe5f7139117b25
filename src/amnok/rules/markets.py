"""Markets: prices that answer to smoothed quantities, on both banks. Carries no claim of its own.

Form: constant elasticity, `p = p0 * Q**(-1/eta)` where goods arrive and `p0 * Q**(1/eta)` where
they come from, with `Q = b*q/q0 + A` relative to usual: the share b that crosses the border, and A,
the rest. The rest answers to the price, with delay: where goods arrive, other suppliers and stores
deliver more at a high price; where they come from, other buyers take more at a low one.
"""

from __future__ import annotations

import math

from amnok.compiling import rule
from amnok.rules.smoothing import drawn_towards
from amnok.vector_math import exp, log

_LEAST_QUANTITY = 0.02
_MOST_QUANTITY = 50.0


@rule
def smoothed(current: float, today: float, days: float) -> float:
    """Exponentially weighted average after one more day.

    Formula: `current + (today - current) * (1 - exp(-1/days))`, see `smoothing.drawn_towards`.

    Args:
        current: average so far (any unit).
        today: today's value (same unit).
        days: memory (days); 0 or less forgets all but today.

    Returns:
        The new average (same unit).

    Source: exponential smoothing (Brown 1956).

    >>> smoothed(10.0, 20.0, 0.0), round(smoothed(10.0, 20.0, 7.0), 5)
    (20.0, 11.33122)
    """
    return drawn_towards(current, today, days)


@rule
def crossing_quantity(quantity: float, reference: float, border_share: float) -> float:
    """What crosses the border, relative to a market's usual quantity: `b * q/q0`.

    Args:
        quantity: quantity q that crosses now (units per day).
        reference: quantity q0 that usually crosses (units per day); 0 or less counts as usual.
        border_share: share b of the market's usual quantity that crosses the border (0 to 1).

    Returns:
        A ratio (dimensionless), b = as usual.

    Source: assumption.

    >>> crossing_quantity(50.0, 100.0, 0.5), crossing_quantity(50.0, 0.0, 0.5)
    (0.25, 0.5)
    """
    return border_share * quantity / reference if reference > 0.0 else border_share


@rule
def relative_quantity(crossing: float, other: float) -> float:
    """Quantity on a market relative to usual: `crossing + other`.

    Held within 0.02 and 50, so that an empty or a flooded market keeps a finite price.

    Args:
        crossing: what crosses the border, relative to the market's usual quantity (dimensionless).
        other: the rest, likewise.

    Returns:
        A ratio (dimensionless), 1 = usual.

    Source: assumption.

    >>> relative_quantity(0.25, 0.5), relative_quantity(0.0, 0.0)
    (0.75, 0.02)
    """
    return min(_MOST_QUANTITY, max(_LEAST_QUANTITY, crossing + other))


@rule
def selling_price(base: float, relative: float, elasticity: float) -> float:
    """Price where goods arrive: `base * Q**(-1/eta)`; it falls with what arrives.

    Args:
        base: usual price (money per unit).
        relative: quantity Q on the market, relative to usual (dimensionless, above 0).
        elasticity: elasticity eta of demand (dimensionless, above 0).

    Returns:
        Price (money per unit).

    Source: assumption (constant elasticity).

    >>> selling_price(100.0, 0.5, 1.0), selling_price(100.0, 1.0, 1.0)
    (200.0, 100.0)
    """
    return base * math.pow(relative, -1.0 / elasticity)


@rule
def buying_price(base: float, relative: float, elasticity: float) -> float:
    """Price where goods come from: `base * Q**(1/eta)`; it rises with what is bought.

    Args:
        base: usual price (money per unit).
        relative: quantity Q sold on the market, relative to usual (dimensionless, above 0).
        elasticity: elasticity eta of supply (dimensionless, above 0).

    Returns:
        Price (money per unit).

    Source: assumption (the same form, mirrored for the place of origin).

    >>> buying_price(100.0, 2.0, 1.0), round(buying_price(100.0, 0.98, 4.0), 1)
    (200.0, 99.5)
    """
    return base * math.pow(relative, 1.0 / elasticity)


@rule
def other_quantity(
    other: float, crossing: float, border_share: float, response: float, days: float
) -> float:
    """The rest of a market's quantity after one more day: it grows while the border brings less.

    Formula: `A + kappa * ((1-b) * Q**(-k) - A)` with `Q = crossing + A`, `k = epsilon/eta` and
    `kappa = 1/(days * (1 + k))`, at most 1: other goods come as `(1-b) * (p/p0)**epsilon` where
    goods arrive, and other buyers as `(1-b) * (p/p0)**(-epsilon)` where they come from. Held to 1,
    which it does not reach by itself unless one day's step is large.

    Args:
        other: the rest A so far, relative to the market's usual quantity (dimensionless).
        crossing: what crosses the border, likewise.
        border_share: share b of the usual quantity that crosses the border (0 to 1).
        response: k, the price elasticity of the rest over that of the market (dimensionless).
        days: time in which a gap closes to about a third (days); 0 or less is at once.

    Returns:
        Tomorrow's A, `1 - b` in usual times.

    Source: assumption; the form is a partial adjustment of stocks and other trade (Nerlove 1958).

    >>> round(other_quantity(0.3, 0.7, 0.7, 2.0, 30.0), 12)
    0.3
    >>> round(other_quantity(0.5, 0.0, 0.5, 1.0, 10.0), 6)
    0.525
    """
    if border_share >= 1.0:
        return 0.0
    wanted = (1.0 - border_share) * exp(-response * log(relative_quantity(crossing, other)))
    pace = 1.0 / max(days * (1.0 + response), 1.0)
    return min(1.0, other + pace * (wanted - other))
