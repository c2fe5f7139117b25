"""How many cases there are, from how many are on each of some lists and on several of them.

Two lists: Chapman 1951, the nearly unbiased form of Lincoln and Petersen, with the variance of
Seber 1970. Three to five: log-linear models (Fienberg 1972; Bishop, Fienberg & Holland 1975, ch. 6)
in which any pairs of lists may go together, averaged by their AIC, so that not knowing which holds
counts too (Burnham & Anderson 2002, ch. 4). Any number: Chao 1987, with the correction of bias,
which is a lower bound where chances differ between persons and lists reach equally far. Intervals
are log-normal in the number of those on no list (Chao 1987): none lies below what was counted.

Everything here knows tables only, not borders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Pairs = tuple[tuple[int, int], ...]
MOST_LISTS = 5
_STEPS, _SETTLED, _FARTHEST = 60, 1e-10, 15.0


@dataclass(frozen=True)
class CaseEstimate:
    """A number of cases, those on no list among them.

    Attributes:
        method: chapman, log-linear or chao.
        counted: cases on any list.
        unseen: estimated number on none.
        spread: standard deviation of its logarithm.
        together: pairs of lists that go together in the likeliest model.
    """

    method: str
    counted: float
    unseen: float
    spread: float
    together: Pairs = ()

    @property
    def number(self) -> float:
        """Of all cases."""
        return self.counted + self.unseen

    def interval(self, level: float) -> tuple[float, float]:
        """The ends of an interval; with nobody estimated to be unseen, what was counted."""
        factor = float(np.exp(NormalDist().inv_cdf(0.5 + level / 2.0) * self.spread))
        return self.counted + self.unseen / factor, self.counted + self.unseen * factor


def estimates(cells: Array) -> list[CaseEstimate]:
    """What the methods say; a log-linear model is left out where none has an estimate.

    Args:
        cells: [on the first list or not, on the second or not, ...], cases on just these lists; two
            lists or more. What stands for those on none is not read.

    >>> cells = np.array([[0, 11], [20, 5]])  # lists of 25 and 16 cases, 5 of them on both
    >>> [(one.method, round(one.number, 2)) for one in estimates(cells)]
    [('chapman', 72.67), ('chao', 74.75)]
    """
    found = _chapman(cells) if cells.ndim == 2 else _log_linear(cells)
    return [*([found] if found else []), _chao(cells)]


def _counted(cells: Array) -> float:
    return float(cells.sum() - cells.flat[0])


def _spread(unseen: float, variance: float) -> float:
    """Of a logarithm, from the variance of the number itself."""
    return float(np.sqrt(np.log1p(variance / unseen**2))) if unseen > 0.0 else 0.0


def _chapman(cells: Array) -> CaseEstimate:
    first, second, both = float(cells[1].sum()), float(cells[:, 1].sum()), float(cells[1, 1])
    unseen = (first - both) * (second - both) / (both + 1.0)
    variance = (first + 1.0) * (second + 1.0) * (first - both) * (second - both)
    variance /= (both + 1.0) ** 2 * (both + 2.0)
    return CaseEstimate("chapman", _counted(cells), unseen, _spread(unseen, variance))


def _chao(cells: Array) -> CaseEstimate:
    on = np.indices(cells.shape).sum(axis=0)
    once, twice = float(cells[on == 1].sum()), float(cells[on == 2].sum()) + 1.0
    part = (cells.ndim - 1.0) / cells.ndim
    pairs = once * max(once - 1.0, 0.0)
    unseen = part * pairs / (2.0 * twice)
    variance = unseen + part**2 * once * (2.0 * once - 1.0) ** 2 / (4.0 * twice**2)
    variance += (part * pairs) ** 2 * (twice - 1.0) / (4.0 * twice**4)
    return CaseEstimate("chao", _counted(cells), unseen, _spread(unseen, variance))


def _log_linear(cells: Array) -> CaseEstimate | None:
    """All models that have an estimate, averaged in the logarithm of the number unseen."""
    fits = [one for pairs in _models(cells.ndim) if (one := fit(cells, pairs)) is not None]
    if not fits:
        return None
    aic = np.array([one for one, _ in fits])
    weights = np.exp(0.5 * (aic.min() - aic))
    weights /= weights.sum()
    logs = np.log([one.unseen for _, one in fits])
    middle = float(weights @ logs)
    spread = weights @ (np.array([one.spread for _, one in fits]) ** 2 + (logs - middle) ** 2)
    likeliest = fits[int(aic.argmin())][1]
    return replace(likeliest, unseen=float(np.exp(middle)), spread=float(np.sqrt(spread)))


def _models(lists: int) -> Iterator[Pairs]:
    """Every set of pairs of lists, the fewest first."""
    pairs = list(combinations(range(lists), 2))
    return chain.from_iterable(combinations(pairs, n) for n in range(len(pairs) + 1))


def fit(cells: Array, pairs: Pairs) -> tuple[float, CaseEstimate] | None:
    """AIC and estimate of one log-linear model, by maximum likelihood (Newton's method).

    Args:
        cells: as for `estimates`.
        pairs: of lists that may go together.

    Returns:
        None where no estimate is finite: too few of the lists overlap.
    """
    histories = np.array(list(product((0.0, 1.0), repeat=cells.ndim)))[1:]
    together = [histories[:, i] * histories[:, j] for i, j in pairs]
    design = np.column_stack([np.ones(len(histories)), histories, *together])
    seen = cells.ravel()[1:].astype(float)
    coefficients = np.linalg.lstsq(design, np.log(seen + 0.5), rcond=None)[0]
    for _ in range(_STEPS):
        expected = np.exp(np.clip(design @ coefficients, -30.0, 30.0))
        information = design.T @ (design * expected[:, None])
        if np.linalg.cond(information) > 1.0 / _SETTLED:
            return None
        step = np.linalg.solve(information, design.T @ (seen - expected))
        coefficients = coefficients + step / max(1.0, abs(step).max())
        if abs(step).max() < _SETTLED:
            break
    else:
        return None
    if abs(coefficients[1:]).max() > _FARTHEST:
        return None
    likelihood = float(seen @ (design @ coefficients) - expected.sum())
    unseen = float(np.exp(coefficients[0]))
    variance = unseen + unseen**2 * float(np.linalg.inv(information)[0, 0])
    aic = 2.0 * design.shape[1] - 2.0 * likelihood
    spread = _spread(unseen, variance)
    return aic, CaseEstimate("log-linear", _counted(cells), unseen, spread, pairs)
