"""Calendar: seasons of goods, and halts around political dates (claim A10)."""

from __future__ import annotations

import math

from amnok.compiling import rule

DAYS_IN_MONTH = 30.0  # of rates a month
_YEAR = 365.25


@rule
def season(day_of_year: float, peak_day: float, strength: float) -> float:
    """Seasonal factor: `1 + strength * cos(2*pi*(day - peak) / 365.25)`.

    Args:
        day_of_year: day of the year (days, 1 = 1 January).
        peak_day: day of the year of the peak (days).
        strength: amplitude (0 = none, 1 = nothing at the trough).

    Returns:
        A factor from `1 - strength` to `1 + strength`, 1 on average over a year (dimensionless).

    Source: assumption.

    >>> season(250.0, 250.0, 0.5)
    1.5
    """
    return 1.0 + strength * math.cos(2.0 * math.pi * (day_of_year - peak_day) / _YEAR)


@rule
def kept_home(halt_strength: float, u: float) -> bool:
    """Whether a halt keeps a trader home today: `u < halt_strength`.

    Args:
        halt_strength: share of traders who stay home (0 = no halt, 1 = everyone).
        u: uniform draw in [0, 1).

    Returns:
        True if home.

    Source: claim A10.

    >>> kept_home(1.0, 0.999), kept_home(0.0, 0.0)
    (True, False)
    """
    return u < halt_strength
