"""Intervals over replicates."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Mean and 95% interval of independent replicates: `mean -+ t * sd / sqrt(n)`.

    Replicates without a value (NaN) do not count.

    Returns:
        mean, low, high; low and high are NaN for fewer than two values, all three for none.

    >>> [round(float(x), 3) for x in interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.484, 4.484]
    """
    values = values[np.isfinite(values)]
    if not len(values):
        return math.nan, math.nan, math.nan
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, math.nan, math.nan
    half = t_quantile(len(values) - 1) * float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return mean, mean - half, mean + half


def t_quantile(freedom: int, coverage: float = 0.95) -> float:
    """The t with P(|T| < t) = coverage for Student's T, by bisection on the closed form.

    Source: Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.

    >>> [round(t_quantile(n), 3) for n in (1, 2, 9, 19, 200)]
    [12.706, 4.303, 2.262, 2.093, 1.972]
    """
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_inside(middle, freedom) < coverage else (low, middle)
    return high


def _t_inside(t: float, freedom: int) -> float:
    """P(|T| < t) for whole degrees of freedom."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, odd = math.cos(angle), freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    total *= math.sin(angle)
    return (angle + total) * 2 / math.pi if odd else total
