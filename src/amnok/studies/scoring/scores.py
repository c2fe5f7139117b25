"""Scores of forecasts: how far a predictive distribution was from what came.

All are proper (nobody scores better by saying other than what they believe), in the unit of what
is forecast, and 0 only for a forecast that was certain and right.

Sources: Gneiting & Raftery 2007 (interval score, CRPS); Bracher et al. 2021 (weighted interval
score). The levels are those of the hubverse's forecast hubs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LEVELS: tuple[float, ...] = (0.01, 0.025, *(k / 20 for k in range(1, 20)), 0.975, 0.99)
"""Levels of the quantiles that a forecast is scored by: a median and eleven central intervals."""

COVERAGES = (0.5, 0.8, 0.95)


def weighted_interval_score(quantiles: ArrayLike, observed: ArrayLike) -> Array:
    """The weighted interval score of forecasts, [...]; lower is better.

    It is twice the mean pinball loss over the quantiles, and so for a median alone the absolute
    error; with more and more levels it nears the CRPS.

    Args:
        quantiles: at LEVELS, [level, ...].
        observed: what came, [...].

    >>> spread = np.linspace(80.0, 120.0, 23)
    >>> float(weighted_interval_score(spread, 100.0).round(3))
    2.723
    >>> float(weighted_interval_score(np.full(23, 90.0), 100.0))
    10.0
    """
    levels = np.array(LEVELS).reshape(-1, *([1] * np.ndim(observed)))
    error = np.asarray(observed, dtype=np.float64) - np.asarray(quantiles, dtype=np.float64)
    loss = np.maximum(levels * error, (levels - 1.0) * error)
    score: Array = 2.0 * loss.mean(axis=0)
    return score


def crps(sample: ArrayLike, observed: ArrayLike) -> Array:
    """The continuous ranked probability score of samples, [...]: mean error less half the spread.

    The spread is that of different members, so that a small sample is not scored as overconfident
    (the fair form). One member scores its absolute error.

    Args:
        sample: members of the ensemble, [member, ...].
        observed: what came, [...].

    >>> float(crps(np.array([1.0, 3.0]), 2.0))
    0.0
    """
    members = np.sort(np.asarray(sample, dtype=np.float64), axis=0)
    n = len(members)
    error = np.abs(members - np.asarray(observed, dtype=np.float64)).mean(axis=0)
    # Sum over pairs of |x - y| from the sorted members: each counts by its place.
    place = (2.0 * np.arange(n) - n + 1.0).reshape(-1, *([1] * (members.ndim - 1)))
    spread = 2.0 * (place * members).sum(axis=0)
    result: Array = error - spread / (2.0 * n * max(n - 1, 1))
    return result


def quantiles(sample: ArrayLike) -> Array:
    """Quantiles of an ensemble at LEVELS, [level, ...] of [member, ...]; NaN is left out."""
    result: Array = np.nanquantile(np.asarray(sample, dtype=np.float64), LEVELS, axis=0)
    return result


def covered(quantiles: ArrayLike, observed: ArrayLike, coverage: float) -> NDArray[np.bool_]:
    """Whether what came lies in the central interval of a coverage out of COVERAGES, [...]."""
    at = [round(level, 6) for level in LEVELS]
    low, high = at.index(round((1 - coverage) / 2, 6)), at.index(round((1 + coverage) / 2, 6))
    forecast, came = np.asarray(quantiles), np.asarray(observed)
    return np.asarray((forecast[low] <= came) & (came <= forecast[high]))
