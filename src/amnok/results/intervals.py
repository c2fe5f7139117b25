"""Intervals over replicates."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def interval(
    values: Array, least: float = -math.inf, most: float = math.inf
) -> tuple[float, float, float]:
    """Mean and 95% interval of independent replicates: `mean -+ t * sd / sqrt(n)`.

    Replicates without a value (NaN) do not count. An interval ends where the quantity does: counts
    have no values below `least` = 0, shares none above `most` = 1. To cut off what cannot be leaves
    its coverage as it is.

    Returns:
        mean, low, high; low and high are NaN for fewer than two values, all three for none.

    >>> [round(float(x), 3) for x in interval(np.array([1.0, 2.0, 3.0]))]
    [2.0, -0.484, 4.484]
    >>> interval(np.array([1.0, 2.0, 3.0]), least=0.0)[1]
    0.0
    """
    mean, low, high = intervals(values)
    return float(mean), max(float(low), least), min(float(high), most)


def interval_of_pairs(one: Array, two: Array, signed: bool = False) -> tuple[float, float, float]:
    """The same for the difference `two - one` of pairs.

    Unless quantities are `signed`, none can fall by more than there is: the interval ends where
    the mean of `one` would be used up.

    >>> interval_of_pairs(np.array([1.0, 1.0, 1.0]), np.array([0.0, 0.0, 2.0]))[1]
    -1.0
    >>> interval_of_pairs(np.zeros(2), np.array([0.0, 1.0]))[1]
    0.0
    """
    difference, low, high = interval(two - one)
    return difference, low if signed else max(low, 0.0 - interval(one)[0]), high


def intervals(values: Array) -> tuple[Array, Array, Array]:
    """The same for many values at once: mean, low, high [...] of values [replicate, ...]."""
    seen = np.isfinite(values)
    n = seen.sum(axis=0)
    mean = np.full(n.shape, np.nan)
    np.divide(np.where(seen, values, 0.0).sum(axis=0), n, out=mean, where=n > 0)
    squares = (np.where(seen, values - mean, 0.0) ** 2).sum(axis=0)
    quantiles = np.array([math.nan, math.nan, *map(t_quantile, range(1, len(values)))])
    half = quantiles[n] * np.sqrt(squares / np.maximum(n - 1, 1) / np.maximum(n, 1))
    return mean, mean - half, mean + half


@functools.lru_cache
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


def is_clear(low: float, high: float) -> bool:
    """Whether an interval excludes no effect."""
    return bool(low > 0 or high < 0)


def is_unclear(low: float, high: float) -> bool:
    """Whether an interval holds no effect; of one pair there is no interval, and nobody knows."""
    return math.isfinite(low) and not is_clear(low, high)


def is_told(row: Mapping[str, Any]) -> bool:
    """Whether a difference is told: a clear one, or any that a single pair has.

    >>> is_told({"difference": 2.0, "low": math.nan, "high": math.nan})
    True
    >>> is_told({"difference": 2.0, "low": -1.0, "high": 5.0})
    False
    """
    return bool(abs(row["difference"]) > 0) and not is_unclear(row["low"], row["high"])
