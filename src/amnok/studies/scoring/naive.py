"""Forecasts that know nothing but a series' own past: what a model has to beat.

Each gives a predictive distribution at `scores.LEVELS`. All work on the logarithm of one plus the
value, so no forecast of a count is below 0 and a spread is a share; their spread is that of the
forecast's own errors in the past.

Sources: Hyndman & Athanasopoulos 2021, section 5.2 (mean, naive, seasonal naive, drift).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from amnok.studies.scoring.scores import LEVELS

Array = NDArray[np.float64]
_NORMAL = np.array([NormalDist().inv_cdf(level) for level in LEVELS])


@dataclass(frozen=True)
class Naive:
    """A forecast of a series from its past.

    Attributes:
        label: what tables call it.
        least: how many past values it needs; 0 for a year of them.
        logs: middle and standard deviation of the logarithm, [horizon], from logs, horizons, and
            the steps that make a year.
    """

    label: str
    least: int
    logs: Callable[[Array, NDArray[np.int64], int], tuple[Array, Array]]

    def quantiles(self, past: Array, horizons: NDArray[np.int64], year: int) -> Array:
        """Quantiles at LEVELS, [level, horizon]; NaN where the past is too short.

        Args:
            past: values of 0 or more at equal steps, the latest last.
            horizons: how many steps after the latest, each 1 or more.
            year: how many steps make a year.
        """
        if len(past) < (self.least or year):
            return np.full((len(LEVELS), len(horizons)), np.nan)
        middle, spread = self.logs(np.log1p(past), horizons, year)
        return predictive(middle, spread)


def predictive(middle: Array, spread: Array) -> Array:
    """Quantiles at LEVELS, [level, row], from the logarithm of one plus the value."""
    forecast: Array = np.expm1(middle + _NORMAL[:, None] * spread)
    return np.maximum(forecast, 0.0)


def _last_value(past: Array, horizons: NDArray[np.int64], year: int) -> tuple[Array, Array]:
    return np.full(len(horizons), past[-1]), np.zeros(len(horizons))


def _random_walk(past: Array, horizons: NDArray[np.int64], year: int) -> tuple[Array, Array]:
    step = np.sqrt(np.mean(np.diff(past) ** 2))
    return np.full(len(horizons), past[-1]), step * np.sqrt(horizons)


def _year_before(past: Array, horizons: NDArray[np.int64], year: int) -> tuple[Array, Array]:
    back = (horizons - 1) % year - year  # the latest of the same time of the year
    error = past[year:] - past[:-year]
    spread = np.sqrt(np.mean(error**2)) if len(error) else np.std(past)
    return past[back], spread * np.sqrt((horizons - 1) // year + 1)


def _mean_of_year(past: Array, horizons: NDArray[np.int64], year: int) -> tuple[Array, Array]:
    latest = past[-max(year, 3) :]  # of yearly values a year holds one, which has no spread
    spread = np.std(latest, ddof=1) * np.sqrt(1 + 1 / len(latest))
    return np.full(len(horizons), latest.mean()), np.full(len(horizons), spread)


def _trend(past: Array, horizons: NDArray[np.int64], year: int) -> tuple[Array, Array]:
    """Least squares on time, with the standard error of a new value."""
    n, time = len(past), np.arange(len(past), dtype=np.float64)
    slope, level = np.polyfit(time, past, 1)
    left = past - level - slope * time
    variance = float(left @ left) / (n - 2)
    ahead = n - 1 + horizons
    off = (ahead - time.mean()) ** 2 / float(((time - time.mean()) ** 2).sum())
    return level + slope * ahead, np.sqrt(variance * (1 + 1 / n + off))


LAST_VALUE = Naive("last value", 1, _last_value)
RANDOM_WALK = Naive("random walk", 3, _random_walk)
NAIVE: tuple[Naive, ...] = (
    LAST_VALUE,
    RANDOM_WALK,
    Naive("a year before", 0, _year_before),
    Naive("mean of a year", 3, _mean_of_year),
    Naive("trend", 4, _trend),
)
