"""Draws near an observation, moved to where they would be had they looked like it.

Local ridge regression in mean (Beaumont, Zhang & Balding 2002) and in spread (Blum & Francois
2010), with residuals that leave their own draw out: without that, a posterior from few draws is
over-confident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2_contingency

from amnok.studies.inference.learning import Array, Learned, Scores
from amnok.studies.inference.posterior import effective

_PLACES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
_ALIKE = 0.02
_PENALTIES = np.array([0.1, 1.0, 10.0, 100.0, 1000.0])
_MANY = 0.02  # of the draws at an end of an unknown
_LEAST_KEPT = 1_000  # unless the table has too few for that share
_MOST_KEPT, _ENOUGH_KEPT = 0.5, 25_000
_FEWEST_KEPT = 500
_ENOUGH_FOR_A_RANK = 2_000


@dataclass(frozen=True)
class Prepared:
    """A table with its learned summaries.

    Attributes:
        theta: [draw, unknown].
        scores: each unknown's map to normal scores.
        z: [draw, unknown], normal scores.
        x: [draw, column], what is seen.
        learned: the summaries of all draws.
        near: which summaries say what is near.
        scale: [of those], the unit of each.
        lead: the first so many unknowns must look alike near and less near.
        weights: [draw].
        keep: share of the draws that ranks are told from, and the least to begin with.
    """

    theta: Array
    scores: tuple[Scores, ...]
    z: Array
    x: Array
    learned: Learned
    near: NDArray[np.int64]
    scale: Array
    lead: int
    weights: Array
    keep: float

    def distances(self, seen: Array) -> tuple[Array, Array, Array]:
        """From one observation: its summaries [fold, summary], offsets of draws, distances."""
        at = self.learned.at(seen[None, :])[:, 0, :]
        off = self.learned.means[:, self.near] - at[self.learned.fold][:, self.near]
        off /= self.scale
        return at, off, np.sqrt(np.einsum("ns,ns->n", off, off))

    def adjusted(self, seen: Array, left_out: int | None) -> Adjusted:
        """The draws near an observation, as many as look alike in what the summaries leave."""
        at, off, far = self.distances(seen)
        if left_out is not None:
            far[left_out] = np.inf
        near = Near(self, at, off, far)
        share = max(self.keep, min(_LEAST_KEPT / len(far), 0.25))
        if left_out is not None:
            # A rank needs fewer draws than a quantile, and many are asked for.
            return near.with_share(min(share, _ENOUGH_FOR_A_RANK / len(far)))
        # From many to few: many tell best whether they look alike, and a false alarm costs a half.
        share = max(share, min(_MOST_KEPT, _ENOUGH_KEPT / len(far)))
        best, least = near.with_share(share), max(_FEWEST_KEPT, 40 * off.shape[1])
        while not best.alike and 0.5 * best.share * len(far) >= least:
            best = near.with_share(0.5 * best.share)
        return best


@dataclass(frozen=True)
class Adjusted:
    rows: NDArray[np.int64]
    z: Array
    weights: Array
    share: float
    alike: bool


@dataclass(frozen=True)
class End:
    """An end of an unknown at which many draws lie, such as no flow at all.

    What moves draws by regression spreads them from there: some leave it, and others are moved on
    to it. How many are there is learned by itself.

    Attributes:
        low: whether it is the lowest value, or else the highest.
        at, beside: normal scores of the end and of the next value.
        chance: of lying there, given what was seen.
    """

    low: bool
    at: float
    beside: float
    chance: float

    def with_its_chance(self, z: Array, v: Array) -> Array:
        """Moved draws, the outermost of them at the end by its chance, and the rest beside it."""
        order = np.argsort(z if self.low else -z, kind="stable")
        place = np.empty(len(z))
        place[order] = np.cumsum(v[order]) - 0.5 * v[order]
        inner = np.maximum(z, self.beside) if self.low else np.minimum(z, self.beside)
        return np.where(place <= self.chance * v.sum(), self.at, inner)


class Near:
    """The draws near an observation, adjusted, for any share that is kept."""

    def __init__(self, table: Prepared, at: Array, off: Array, far: Array) -> None:
        self._table, self._at, self._off, self._far = table, at, off, far

    def with_share(self, share: float) -> Adjusted:
        table, far = self._table, self._far
        number = min(max(int(share * len(far)), 30), len(far) - 1)
        rows = np.argpartition(far, number)[:number]
        rows = rows[np.argsort(far[rows], kind="stable")]
        rows = rows[np.isfinite(far[rows])]
        width = far[rows[-1]]
        kernel = 1.0 - (far[rows] / width) ** 2 * 0.999 if width > 0.0 else np.ones(len(rows))
        v = table.weights[rows] * kernel
        off = self._off[rows]
        p = table.z.shape[1]
        mean = table.learned.means[rows][:, :p]
        lines, plain = _columns(off), _columns(off, squares=False)
        residual, shift = _local(lines, table.z[rows] - mean, v, *self._own(rows, off))
        spread, spread_here = _spread(plain, residual, v)
        standard = residual / spread
        z = self._at[table.learned.fold[rows]][:, :p] + shift + standard * spread_here
        ends = self._ends(rows, lines, v)
        v = _centred(plain, v)
        v = self._reweighted(rows, lines, v)
        for j, of_end in ends:
            z[:, j] = of_end.with_its_chance(z[:, j], v)
        numbers = [j for j in range(table.lead) if table.scores[j].cases is None]
        half = len(rows) // 2
        alike = all(
            _are_alike(standard[:half, j], standard[half:, j], _ALIKE / len(numbers))
            for j in numbers
        )
        return Adjusted(rows, z, v / v.sum(), share, alike)

    def _own(self, rows: NDArray[np.int64], off: Array) -> tuple[Array, Array]:
        """Fold and case of each draw, and cases times distances: a fit for each case."""
        fold = self._table.learned.fold[rows]
        folds = [(fold[:, None] == np.arange(1, fold.max() + 1)).astype(float)]
        is_case = [
            (self._table.theta[rows, j][:, None] == one.cases[1:]).astype(float)
            for j, one in enumerate(self._table.scores)
            if one.cases is not None
        ]
        if not is_case:
            return folds[0], np.empty((len(rows), 0))
        own = np.concatenate(is_case, axis=1)
        own = own[:, own.std(axis=0) > 0.0]
        by_case = np.einsum("nc,nf->ncf", own, off).reshape(len(rows), -1)
        return np.concatenate([own, *folds], axis=1), by_case[:, : len(rows) // 40]

    def _ends(self, rows: NDArray[np.int64], lines: Array, v: Array) -> Iterator[tuple[int, End]]:
        """The ends of unknowns at which many draws lie, with the chance of each here."""
        found = [
            (j, low, one.scores[:2] if low else one.scores[:-3:-1])
            for j, one in enumerate(self._table.scores)
            for low, share in zip((True, False), one.at_ends, strict=True)
            if one.cases is None and share >= _MANY
        ]
        if not found:
            return
        is_there = np.stack([self._table.z[rows, j] == scores[0] for j, _, scores in found], 1)
        chances = np.clip(_local(lines, is_there.astype(float), v)[1][0], 0.0, 1.0)
        for (j, low, scores), chance in zip(found, chances, strict=True):
            yield j, End(low, float(scores[0]), float(scores[1]), float(chance))

    def _reweighted(self, rows: NDArray[np.int64], lines: Array, v: Array) -> Array:
        """Weights by which unknowns that are cases get the chances that they have here."""
        for j, one in enumerate(self._table.scores):
            if one.cases is None:
                continue
            is_case = self._table.theta[rows, j][:, None] == one.cases
            residual, here = _local(lines, is_case.astype(float), v)
            chances = np.clip(is_case - residual, 0.005, 0.995)
            here = np.clip(here[0], 1e-4, 1.0 - 1e-4)
            mine = is_case.argmax(axis=1)
            v = v * (here[mine] / chances[np.arange(len(rows)), mine])
        return v


def _are_alike(near: Array, far: Array, chance: float) -> bool:
    """Whether two samples of residuals have one distribution, tails and all (chi-square)."""
    ends = np.quantile(np.concatenate([near, far]), _PLACES)
    counts = np.stack(
        [np.bincount(np.searchsorted(ends, one), minlength=len(ends) + 1) for one in (near, far)]
    )
    counts = counts[:, counts.sum(axis=0) > 0]
    return len(counts.T) < 2 or float(chi2_contingency(counts).pvalue) > chance


def _columns(off: Array, *, squares: bool = True) -> Array:
    """Columns of a local regression, none of them the constant, as many as the draws allow."""
    parts, (n, q) = [off], off.shape
    if squares and n > 40 * 2 * q:
        parts.append(off**2)
        if q <= 6 and n > 20 * q * (q + 3):
            i, j = np.triu_indices(q, 1)
            parts.append(off[:, i] * off[:, j])
    return np.concatenate(parts, axis=1)


def _local(
    lines: Array, target: Array, v: Array, own: Array | None = None, by_own: Array | None = None
) -> tuple[Array, Array]:
    """Weighted ridge regression: residuals that leave their own draw out, and the value at 0.

    `own` are columns that a draw keeps when it is moved to 0, and `by_own` such as go with them.
    """
    v = v / v.sum()
    n = effective(v)
    if own is not None and by_own is not None and own.size:
        lines = np.concatenate([own, lines, by_own], axis=1)
    scale = np.sqrt(np.maximum(np.einsum("n,nf->f", v, lines**2), 1e-12))
    middle = v @ target
    spread = np.maximum(v @ (target - middle) ** 2, 1e-300)
    target = target - middle
    design = np.concatenate([np.ones((len(lines), 1)), lines / scale], axis=1)
    values, vectors = np.linalg.eigh(design.T @ (design * v[:, None]))
    turned = design @ vectors
    inside = (turned * v[:, None]).T @ target
    found: tuple[float, Array, Array] | None = None
    for penalty in _PENALTIES * design.shape[1] / n:
        shrunk = 1.0 / (np.maximum(values, 0.0) + penalty + 1e-10)
        leverage = np.minimum(v * np.einsum("nf,f->n", turned**2, shrunk), 0.9)
        fit = shrunk[:, None] * inside
        residual = (target - turned @ fit) / (1.0 - leverage)[:, None]
        error = float(np.sum(v @ residual**2 / spread))
        if found is None or error < found[0]:
            found = error, residual, vectors @ fit
    assert found is not None
    _, residual, fit = found
    kept = 1 + (0 if own is None else own.shape[1])
    return residual, middle + design[:, :kept] @ fit[:kept]


def _centred(lines: Array, v: Array) -> Array:
    """Weights of which the mean is at 0: what changes in proportion to the distance cancels out."""
    mean = np.average(lines, axis=0, weights=v)
    off = lines - mean
    covariance = off.T @ (off * v[:, None]) / v.sum()
    spread = np.diag(np.maximum(np.diag(covariance), 1e-12)) * len(lines.T) / len(lines)
    tilt = np.linalg.solve(covariance + spread, mean)
    return np.asarray(v * np.clip(1.0 - off @ tilt, 0.0, 4.0))


def _spread(lines: Array, residual: Array, v: Array) -> tuple[Array, Array]:
    """Spread of the residuals at each draw, and at 0, by regression of the log of the squares."""
    floor = 1e-4 * np.average(residual**2, axis=0, weights=v) + 1e-300
    logs = np.log(residual**2 + floor)
    off, here = _local(lines, logs, v)
    fitted = np.clip(logs - off - here, -4.0, 4.0)
    return np.exp(0.5 * fitted), np.ones(residual.shape[1])
