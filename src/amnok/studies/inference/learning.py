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
        self.values, counts = np.unique(column, return_counts=True)
        middle_ranks = np.cumsum(counts) - 0.5 * (counts - 1)
        self.scores = ndtri((middle_ranks - 0.5) / len(column))
        self.cases = self.values if len(self.values) <= FEW else None
        self.whole = bool(np.all(self.values == np.round(self.values)))
        self.at_ends = tuple(float(count / len(column)) for count in counts[[0, -1]])
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


class Features:
    """Features of what is seen, from which the means of any targets are learned out of fold.

    Attributes:
        fold: [draw], the fold of each draw.
    """

    def __init__(
        self, x: Array, seed: int, weights: Array | None = None, *, anchored: bool = False
    ) -> None:
        """Make features and their moments.

        Args:
            x: [draw, column], finite.
            seed: of folds and random features.
            weights: [draw], of the draws; equal by default.
            anchored: whether what teaches nothing leaves means at 0, not at those of the targets.
        """
        n = len(x)
        order = np.random.default_rng([seed, 12]).permutation(n)
        self.fold, self._x, self._basis, self._anchored = (
            order % _FOLDS,
            x,
            Basis(x, seed),
            anchored,
        )
        self._weights = np.ones(n) if weights is None else weights * (n / weights.sum())
        taught = order < _ENOUGH
        self._taught = [np.flatnonzero(taught & (self.fold == k)) for k in range(_FOLDS)]
        self._rest = np.flatnonzero(~taught)
        self._features = [self._basis(x[rows]) for rows in self._taught]
        self._grams = [
            features.T @ (features * self._weights[rows, None])
            for features, rows in zip(self._features, self._taught, strict=True)
        ]
        held_back = self._basis.stiffness
        held_back[0] = 1.0 if anchored else 1e-6
        whole = sum(self._grams)
        self._ridges = [_Ridge(whole - gram, held_back) for gram in self._grams]

    def learn(self, targets: Array) -> Learned:
        """Fit the mean of each target [draw, target] given x, out of fold."""
        weighted = self._weights[:, None] * targets
        crosses = [
            features.T @ weighted[rows]
            for features, rows in zip(self._features, self._taught, strict=True)
        ]
        whole = sum(crosses)
        paths = [
            ridge.path(whole - cross) for ridge, cross in zip(self._ridges, crosses, strict=True)
        ]
        if self._anchored:
            for path in paths:
                path[-1] = 0.0
        squares = [
            np.einsum("ct,ct->t", weighted[rows], targets[rows])
            + np.einsum("pft,pft->pt", path, gram @ path - 2.0 * cross)
            for rows, path, gram, cross in zip(
                self._taught, paths, self._grams, crosses, strict=True
            )
        ]
        chosen, left = self._chosen(paths, np.stack(squares))
        explained = self._explained(targets, left)
        return Learned(self._means(chosen), self.fold, explained, self._basis, chosen)

    def _chosen(self, paths: Sequence[Array], errors: Array) -> tuple[Array, Array]:
        """Coefficients [fold, feature, target] and the sum of squares that they leave [target], by
        sums of squares out of fold [fold, penalty, target].
        """
        # The penalty of a fold is chosen on the others, so that luck does not count as learning.
        others = errors.sum(axis=0) - errors
        if self._anchored:
            # 0 stands unless something beats it by more than luck does.
            others[:, -1] *= 1.0 - _LUCK / sum(map(len, self._taught))
        best, each = others.argmin(axis=1), np.arange(errors.shape[2])
        chosen = [path[at, :, each].T for path, at in zip(paths, best, strict=True)]
        left = [of_fold[at, each] for of_fold, at in zip(errors, best, strict=True)]
        return np.stack(chosen), np.sum(left, axis=0)

    def _explained(self, targets: Array, left: Array) -> Array:
        v = self._weights
        off = targets - np.average(targets, axis=0, weights=v)
        spread = np.average(off**2, axis=0, weights=v)
        total = sum(v[rows].sum() for rows in self._taught)
        explained = 1.0 - left / total / np.where(spread > 0.0, spread, 1.0)
        return np.asarray(np.clip(explained, 0.0, 1.0))

    def _means(self, chosen: Array) -> Array:
        means = np.empty((len(self._x), chosen.shape[2]))
        for features, rows, one in zip(self._features, self._taught, chosen, strict=True):
            means[rows] = features @ one
        for first in range(0, len(self._rest), _CHUNK):
            rows = self._rest[first : first + _CHUNK]
            features = self._basis(self._x[rows])
            for k, one in enumerate(chosen):
                mine = self.fold[rows] == k
                means[rows[mine]] = features[mine] @ one
        return means


class _Ridge:
    """Ridge regression on features of which the moments are known, for any targets."""

    def __init__(self, gram: Array, held_back: Array) -> None:
        unit = 1.0 / np.sqrt(np.maximum(np.diag(gram), 1e-12) * held_back)
        values, vectors = np.linalg.eigh(gram * np.outer(unit, unit))
        self._values, self._turned = np.maximum(values, 0.0), unit[:, None] * vectors

    def path(self, cross: Array) -> Array:
        """Coefficients by penalty: [penalty, feature, target]."""
        shrunk = 1.0 / (self._values + _PENALTIES[:, None] + 1e-9)
        return np.asarray(self._turned @ (shrunk[:, :, None] * (self._turned.T @ cross)))
