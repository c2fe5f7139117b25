"""Markets: prices that answer to smoothed quantities, on both sides. Carries no claim of its own.

Form: constant elasticity, `P0 * (Q_ref / Q)**(1/eta)`, where only the share of a market's quantity
that crosses the border answers to it.
"""

from __future__ import annotations

import math

from amnok.compiling import rule
from amnok.rules.smoothing import drawn_towards

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
def relative_quantity(quantity: float, reference: float, border_share: float) -> float:
    """Quantity on a market relative to usual: `(1 - b) + b * quantity/reference`.

    Held within 0.02 and 50, so that an empty or a flooded market keeps a finite price.

    Args:
        quantity: quantity that crosses now (units per day).
        reference: quantity that usually crosses (units per day); 0 or less counts as usual.
        border_share: share b of the market's quantity that crosses the border (0 to 1).

    Returns:
        A ratio (dimensionless), 1 = usual.

    Source: assumption.

    >>> relative_quantity(50.0, 100.0, 0.5), relative_quantity(0.0, 100.0, 1.0)
    (0.75, 0.02)
    """
    if reference <= 0.0:
        return 1.0
    ratio = (1.0 - border_share) + border_share * quantity / reference
    return min(_MOST_QUANTITY, max(_LEAST_QUANTITY, ratio))


@rule
def selling_price(
    base: float, supply: float, reference: float, border_share: float, elasticity: float
) -> float:
    """Price where goods arrive: `base * (1/r)**(1/eta)`; it falls with what arrives.

    Args:
        base: usual price (CNY per unit).
        supply: smoothed quantity that arrives (units per day).
        reference: quantity that usually arrives (units per day); 0 or less gives `base`.
        border_share: share of this market's supply that crosses the border (0 to 1).
        elasticity: elasticity eta of demand (dimensionless, above 0).

    Returns:
        Price (CNY per unit).

    Source: assumption (constant elasticity).

    >>> selling_price(100.0, 50.0, 100.0, 1.0, 1.0), selling_price(100.0, 50.0, 0.0, 1.0, 1.0)
    (200.0, 100.0)
    """
    return base * math.pow(relative_quantity(supply, reference, border_share), -1.0 / elasticity)


@rule
def buying_price(
    base: float, bought: float, reference: float, border_share: float, elasticity: float
) -> float:
    """Price where goods come from: `base * r**(1/eta)`; it rises with what is bought.

    Args:
        base: usual price (CNY per unit).
        bought: smoothed quantity bought for the border (units per day).
        reference: quantity usually bought (units per day); 0 or less gives `base`.
        border_share: share of this market's sales that goes to the border (0 to 1).
        elasticity: elasticity eta of supply (dimensionless, above 0).

    Returns:
        Price (CNY per unit).

    Source: assumption (the same form, mirrored for the place of origin).

    >>> buying_price(100.0, 200.0, 100.0, 1.0, 1.0), buying_price(100.0, 200.0, 100.0, 0.0, 1.0)
    (200.0, 100.0)
    """
    return base * math.pow(relative_quantity(bought, reference, border_share), 1.0 / elasticity)
