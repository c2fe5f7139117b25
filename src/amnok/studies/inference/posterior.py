"""A posterior: weighted draws of unknowns, and what can be read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import beta

from amnok.cells import fixed
from amnok.errors import AmnokError, Fault
from amnok.table import Sheet, Shown, Table

Array = NDArray[np.float64]
_NEAR = 32  # draws, itself among them


@dataclass(frozen=True, repr=False)
class Posterior(Shown):
    """Weighted draws: right if the model is right.

    Attributes:
        names: of the unknowns.
        draws: [draw, unknown].
        weights: [draw], adding up to 1.
        rows: [draw], where each stands in the table that it comes from.
        share: of the table that was kept.
        distance: share of the table's draws that look less unusual than what was observed, where
            that was told.
        warnings: why not to trust it, in words.
    """

    names: tuple[str, ...]
    draws: Array
    weights: Array
    rows: NDArray[np.int64]
    share: float
    distance: float = np.nan
    warnings: tuple[str, ...] = ()

    def sheet(self) -> Sheet:
        """Mean, standard deviation and 80% interval of each unknown."""
        ends = self.interval(0.8)
        found = pd.DataFrame({"mean": self.mean, "sd": self.sd, **ends})
        table = found.rename_axis("unknown").reset_index()
        title = f"{len(self.names):,} unknowns, {fixed(self.effective)} effective draws"
        title = "; ".join([title, *self.warnings])
        return Sheet(title, (Table.of_frame("", table, ".mean, .sd, .interval(0.8)"),))

    @property
    def effective(self) -> float:
        """Effective number of draws (Kish)."""
        return effective(self.weights)

    @property
    def mean(self) -> pd.Series[float]:
        """Mean of each unknown."""
        return pd.Series(self.weights @ self.draws, list(self.names))

    @property
    def sd(self) -> pd.Series[float]:
        """Standard deviation of each unknown."""
        off = self.draws - self.weights @ self.draws
        return pd.Series(np.sqrt(self.weights @ off**2), list(self.names))

    def quantile(self, chances: float | Sequence[float]) -> pd.DataFrame:
        """Quantiles of each unknown: a row for each chance, a column for each unknown."""
        asked = _chances(chances, "chances")
        columns = [np.interp(asked, *column) for column in zip(*self._in_order, strict=True)]
        return pd.DataFrame(np.stack(columns, 1), index=asked, columns=list(self.names))

    @cached_property
    def _in_order(self) -> tuple[Array, Array]:
        places, values = _in_order(self.draws, self.weights)
        return places.T, values.T

    def interval(self, chance: float) -> pd.DataFrame:
        """The central interval with some chance: a row for each unknown, low and high."""
        (chance,) = _chances(chance, "chance")
        ends = self.quantile([0.5 - chance / 2.0, 0.5 + chance / 2.0]).to_numpy()
        return pd.DataFrame(ends.T, index=list(self.names), columns=["low", "high"])

    def sample(self, n: int, seed: int, *, smooth: bool = False) -> pd.DataFrame:
        """Equally weighted draws, with replacement.

        With `smooth`, many more draws than there are effective ones are not a few of them over and
        over: each unknown has the values that were drawn, put together anew by the ranks of a
        smooth density, which is a mixture of normals around the draws (Vincent & Bengio 2002;
        values by ranks as in Clark et al. 2004). With a single unknown, both are the same.
        """
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(self.weights), n, p=self.weights)
        found = self.draws[chosen]
        if smooth:
            ranks = self._around(chosen, rng).argsort(axis=0).argsort(axis=0)
            found = np.take_along_axis(np.sort(found, axis=0), ranks, axis=0)
        return pd.DataFrame(found, columns=list(self.names))

    def _around(self, chosen: NDArray[np.int64], rng: np.random.Generator) -> Array:
        """For each chosen draw, one from the normal of the mean and covariance of those near it."""
        sd = self.sd.to_numpy()
        places = self.draws / np.where(sd > 0.0, sd, 1.0)
        some = np.flatnonzero(self.weights > 0.0)
        nearest = np.arange(1, min(_NEAR, len(some)) + 1)
        _, near = cKDTree(places[some]).query(places[chosen], nearest)
        found = np.empty((len(chosen), len(self.names)))
        for at, rows in enumerate(some[near]):
            weights = self.weights[rows] / self.weights[rows].sum()
            mean = weights @ places[rows]
            moves = np.sqrt(weights) * rng.normal(size=len(rows))
            found[at] = mean + moves @ (places[rows] - mean)
        return found

    def ranks(self, truth: Array, seed: int) -> Array:
        """The posterior's chance of less than the truth, ties broken at random: [unknown]."""
        tie = np.random.default_rng([seed, 5]).random(len(self.names))
        below = self.weights @ (self.draws < truth)
        return np.asarray(below + tie * (self.weights @ (self.draws == truth)))

    def recalibrated(self, shapes: Sequence[tuple[float, float] | None]) -> Posterior:
        """Moved so that ranks which were Beta distributed come out uniform; with None, kept."""
        draws = self.draws.copy()
        for j, shape in enumerate(shapes):
            if shape is None:
                continue
            order = np.argsort(draws[:, j], kind="stable")
            # The last place is 1 but for rounding where the last weight is 0.
            place = np.minimum(np.cumsum(self.weights[order]) - 0.5 * self.weights[order], 1.0)
            wanted = beta.ppf(place, *shape)
            draws[order, j] = np.interp(wanted, place, draws[order, j])
        return replace(self, draws=draws)


def _chances(given: float | Sequence[float], argument: str) -> Array:
    found = np.atleast_1d(np.asarray(given, dtype=float))
    if not np.all((found >= 0.0) & (found <= 1.0)):
        raise AmnokError(Fault(f"{given} is out of range", "from 0 to 1", argument))
    return found


def effective(weights: Array) -> float:
    """Effective number of draws (Kish) with weights that add up to 1."""
    return float(1.0 / np.sum(weights**2))


def weighted_quantile(values: Array, weights: Array, chances: Array) -> Array:
    """Quantiles of weighted values, by interpolation between the middles of their weights."""
    return np.asarray(np.interp(chances, *_in_order(values, weights)))


def _in_order(values: Array, weights: Array) -> tuple[Array, Array]:
    """The middles of the weights of values, [draw] or [draw, column], and the values, in order."""
    order = np.argsort(values, axis=0, kind="stable")
    mine = weights[order]
    places = (np.cumsum(mine, axis=0) - 0.5 * mine) / weights.sum()
    return places, np.take_along_axis(values, order, axis=0)
