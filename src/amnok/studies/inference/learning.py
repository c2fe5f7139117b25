"""Learned summaries: what a table of draws says that a quantity is on average, given what is seen.

Columns are brought to normal scores, so that units, tails and outliers do not matter. Ridge
regression on a fixed basis (lines, squares, products and random tanh features; Rahimi & Recht
2008) is fitted in folds: the summary of a draw comes from draws of the other folds alone, without
which a posterior is over-confident. It needs no more than NumPy and gives the same numbers for the
same seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

Array = NDArray[np.float64]

FEW = 12  # different values; a column with no more is a set of cases, not a number
_CHUNK = 8192
_MOST_CROSSED = 12  # columns of which all products are taken
_RANDOM, _RANDOM_EACH = 300, 40
_LINES = 0.01
_FOLDS = 5
_ENOUGH = 30_000  # draws to learn from; the means of all are then told
_LUCK = 6.0  # in log likelihood, twice
_PENALTIES = 10.0 ** np.arange(-6.0, 3.5, 1.0)


class Scores:
    """The map between a column's values and normal scores, by the ranks of a table."""

    def __init__(self, column: Array) -> None:
        """Learn the map from a column [draw]."""
        self.values, first = np.unique(column, return_index=True)
        self.scores = ndtri((rankdata(column) - 0.5) / len(column))[first]
        self.cases = self.values if len(self.values) <= FEW else None
        self.whole = bool(np.all(self.values == np.round(self.values)))
        self.at_ends = tuple(float(np.mean(column == end)) for end in self.values[[0, -1]])
        self._places = ndtr(self.scores)

    def of(self, column: Array) -> Array:
        """Scores of values; beyond the table, those of its ends."""
        return np.asarray(np.interp(column, self.values, self.scores))

    def back(self, scores: Array) -> Array:
        """Values of scores, within the table; whole if all of the table are."""
        values = np.interp(ndtr(scores), self._places, self.values)
        return np.round(values) if self.whole else np.asarray(values)


def in_scores(scores: Sequence[Scores], table: Array) -> Array:
    """Normal scores of each column of a table, [draw, column]."""
    return np.stack([one.of(column) for one, column in zip(scores, table.T, strict=True)], 1)


class Basis:
    """Functions of what is seen, [draw, column] to [draw, feature]."""

    def __init__(self, x: Array, seed: int) -> None:
        """Learn places and scales from a table, and draw the random features."""
        rng = np.random.default_rng([seed, 11])
        self._columns = [Scores(column) for column in x.T]
        self._mean, self._sd = x.mean(axis=0), x.std(axis=0)
        self._sd[self._sd == 0.0] = 1.0
        d = x.shape[1]
        random = min(_RANDOM, _RANDOM_EACH * d, len(x) // 20)
        self._random = random
        self._slopes = rng.normal(size=(d, random)) * rng.choice([0.5, 1.0, 2.0], random)
        self._slopes /= np.sqrt(max(d, 1))
        self._shifts = rng.uniform(-2.0, 2.0, random)
        self._pairs = np.triu_indices(d, 1) if d <= _MOST_CROSSED else None

    @property
    def stiffness(self) -> Array:
        """How much each feature is held back, beside the others: lines hardly."""
        d = len(self._columns)
        found = np.ones(
            1 + 3 * d + self._random + (0 if self._pairs is None else len(self._pairs[0]))
        )
        found[1 : 1 + 2 * d] = _LINES
        return found

    def __call__(self, x: Array) -> Array:
        """All features, the constant first."""
        z = in_scores(self._columns, x)
        line = np.clip((x - self._mean) / self._sd, -6.0, 6.0)
        parts = [np.ones((len(x), 1)), z, line, z**2 - 1.0]
        if self._pairs is not None:
            parts.append(z[:, self._pairs[0]] * z[:, self._pairs[1]])
        parts.append(np.tanh(z @ self._slopes + self._shifts))
        return np.concatenate(parts, axis=1)


@dataclass(frozen=True)
class Learned:
    """Cross-fitted means of some targets given x.

    Attributes:
        means: [draw, target], each from the other folds.
        fold: [draw], the fold of each draw.
        explained: [target], share of the variance that the means explain, out of fold.
    """

    means: Array
    fold: NDArray[np.int64]
    explained: Array
    _basis: Basis
    _coefficients: Array  # [fold, feature, target]

    def at(self, x: Array) -> Array:
        """Means at other x [case, column], by each fold's fit: [fold, case, target]."""
        return np.asarray(np.einsum("cf,kft->kct", self._basis(x), self._coefficients))


def learn(
    x: Array, targets: Array, seed: int, weights: Array | None = None, *, anchored: bool = False
) -> Learned:
    """Fit the mean of each target given x, out of fold.

    Args:
        x: [draw, column], finite.
        targets: [draw, target].
        seed: of folds and random features.
        weights: [draw], of the draws; equal by default.
        anchored: whether what teaches nothing leaves the mean at 0, not at the mean of the targets.
    """
    n = len(x)
    basis = Basis(x, seed)
    v = np.ones(n) if weights is None else weights * (n / weights.sum())
    folds = _FOLDS
    order = np.random.default_rng([seed, 12]).permutation(n)
    fold = order % folds
    taught = np.flatnonzero(order < _ENOUGH)
    sums = [_moments(basis, x, targets, v, taught[fold[taught] == k]) for k in range(folds)]
    gram, cross = sum(s[0] for s in sums), sum(s[1] for s in sums)
    paths = np.stack(
        [_path(gram - s[0], cross - s[1], basis.stiffness, anchored) for s in sums]
    )  # fold, penalty, feature,
    errors = np.zeros((folds, len(_PENALTIES), targets.shape[1]))
    for rows in _chunks(taught):
        features = basis(x[rows])
        for k in range(folds):
            mine = fold[rows] == k
            off = targets[rows[mine]] - features[mine] @ paths[k]
            errors[k] += np.einsum("c,pct->pt", v[rows[mine]], off**2)
    # The penalty of a fold is chosen on the others, so that luck does not count as learning.
    others = errors.sum(axis=0) - errors
    if anchored:
        # 0 stands unless something beats it by more than luck does.
        others[:, -1] *= 1.0 - _LUCK / len(taught)
    best = others.argmin(axis=1)
    each = np.arange(targets.shape[1])
    chosen = np.stack([paths[k][best[k], :, each].T for k in range(folds)])
    left = np.stack([errors[k][best[k], each] for k in range(folds)]).sum(axis=0)
    means = np.empty_like(targets)
    for rows in _chunks(np.arange(n)):
        features = basis(x[rows])
        for k in range(folds):
            mine = fold[rows] == k
            means[rows[mine]] = features[mine] @ chosen[k]
    spread = np.average((targets - np.average(targets, axis=0, weights=v)) ** 2, axis=0, weights=v)
    explained = 1.0 - left / v[taught].sum() / np.where(spread > 0.0, spread, 1.0)
    return Learned(means, fold, np.clip(explained, 0.0, 1.0), basis, chosen)


def _moments(
    basis: Basis, x: Array, targets: Array, v: Array, rows: NDArray[np.int64]
) -> tuple[Array, Array]:
    gram: Array | float = 0.0
    cross: Array | float = 0.0
    for part in _chunks(rows):
        features = basis(x[part])
        weighted = features * v[part, None]
        gram = gram + features.T @ weighted
        cross = cross + weighted.T @ targets[part]
    return np.asarray(gram), np.asarray(cross)


def _path(gram: Array, cross: Array, free: Array, anchored: bool) -> Array:
    """Ridge coefficients by penalty: [penalty, feature, target]. Anchored, no constant is free."""
    scale = np.sqrt(np.maximum(np.diag(gram), 1e-12))
    free[0] = 1.0 if anchored else 1e-6
    gram, cross = gram / np.outer(scale, scale), cross / scale[:, None]
    half = 1.0 / np.sqrt(free)
    values, vectors = np.linalg.eigh(gram * np.outer(half, half))
    inside = vectors.T @ (half[:, None] * cross)
    values = np.maximum(values, 0.0)
    back = (half / scale)[:, None] * vectors
    path = np.stack([back @ (inside / (values + p + 1e-9)[:, None]) for p in _PENALTIES])
    if anchored:
        path[-1] = 0.0
    return path


def _chunks(rows: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return [rows[first : first + _CHUNK] for first in range(0, len(rows), _CHUNK)]
