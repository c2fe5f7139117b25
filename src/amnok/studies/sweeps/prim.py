"""Scenario discovery: in which part of the prior does something happen?

The patient rule induction method (PRIM: Friedman & Fisher 1999) as it is used in policy analysis
(Bryant & Lempert 2010): thin slices of a box are peeled off, one at a time, so that more and more
of what is left is of interest. docs/decisions/0013 says why it is written here.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import listed, verb, wrong
from amnok.errors import AmnokError, Fault
from amnok.scenario.measures.plan import BASE
from amnok.studies.sweeps import reading
from amnok.studies.sweeps.analysis import by_draw
from amnok.studies.sweeps.runner import Sweep, opened

PEEL = 0.05  # of the points in a box, at each step
LEAST_MASS = 0.05  # of all points, in the last box
_CLEAR = 0.05  # chance that a limit came about by accident, below which it is kept

HOW = ("lower", "higher", "not_lower", "not_higher")
_FORM = f"({' or '.join(HOW)}, outcome, labels), as in ('lower', 'arrests', 'cn')"

Mask = NDArray[np.bool_]


class Condition(NamedTuple):
    """How an outcome under a policy must compare with the same draw under none."""

    how: str  # of `HOW`
    outcome: str
    where: str = ""


@dataclass(frozen=True)
class Box:
    """A part of the prior.

    Attributes:
        limits: one row a parameter that the box restricts: parameter, low, high (infinite where a
            side is open) and chance, that as clear a limit comes about by accident.
        coverage: share of all draws of interest that lie in it.
        density: share of the draws in it that are of interest.
        mass: share of all draws that lie in it.
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float


class Discovery(NamedTuple):
    """Share of all draws that are of interest, and boxes of rising density."""

    share: float
    boxes: list[Box]


@verb
def discover(
    sweep: Sweep | str | os.PathLike[str],
    policy: str,
    conditions: Sequence[Condition | tuple[str, ...]],
) -> Discovery:
    """The boxes on the way from the whole prior to where a policy most surely does something.

    Args:
        sweep: of draws from the prior, each under `base` and under the policy; or its folder.
        policy: which.
        conditions: all of them must hold for a draw to be of interest: how it compares, an
            outcome, and perhaps labels, as in ("lower", "arrests", "cn").

    Raises:
        AmnokError: the sweep has no such policy or outcome, or all draws are alike.
    """
    sweep = opened(sweep)
    interesting = _interesting(sweep, policy, _read(conditions))
    share = float(interesting.mean())
    if share in (0.0, 1.0):
        found = "no draw is" if share == 0 else "all draws are"
        raise AmnokError([Fault(f"{found} of interest", "other conditions")])
    drawn = reading.draws(sweep.folder).loc[interesting.index]
    table = drawn.apply(_as_numbers)
    varied = [name for name in table.columns if table[name].nunique() > 2]
    return Discovery(share, _boxes(table[varied], interesting.to_numpy()))


def _read(conditions: Any) -> list[Condition]:
    if isinstance(conditions, str):
        raise wrong("conditions", conditions, _FORM)
    is_one = isinstance(conditions, Condition)
    found = []
    for one in [conditions] if is_one else listed("conditions", conditions, _FORM):
        texts = isinstance(one, tuple | list) and all(isinstance(part, str) for part in one)
        if not texts or not 2 <= len(one) <= 3 or one[0] not in HOW:
            raise wrong("a condition", one, _FORM)
        found.append(Condition(*one))
    return found


def _as_numbers(column: pd.Series[float]) -> pd.Series[float]:
    """Dates as days since 1970."""
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(np.float64)
    return pd.to_datetime(column).astype("datetime64[s]").astype(np.int64) / 86_400.0


def _interesting(sweep: Sweep, policy: str, conditions: Sequence[Condition]) -> pd.Series[bool]:
    """For each draw, whether all conditions hold."""
    if not conditions:
        raise AmnokError([Fault("no condition says what is of interest", "--lower OUTCOME")])
    holds = None
    for how, outcome, where in conditions:
        table = by_draw(sweep, outcome, where)
        if policy not in table or BASE not in table:
            known = ", ".join(map(str, table.columns))
            raise AmnokError([Fault(f"no '{policy}' beside '{BASE}' in it: {known}")])
        difference = table[policy] - table[BASE]
        met = {
            "lower": difference < 0,
            "higher": difference > 0,
            "not_lower": difference >= 0,
            "not_higher": difference <= 0,
        }[how]
        holds = met if holds is None else holds & met
    assert holds is not None
    return holds


def _boxes(table: pd.DataFrame, interesting: Mask) -> list[Box]:
    """Peel until little is left; keep each box that is denser than those before."""
    values = table.to_numpy(dtype=np.float64)
    limits = np.tile([-math.inf, math.inf], (values.shape[1], 1))
    inside = np.ones(len(values), dtype=np.bool_)
    found = [_box(table, interesting, inside, limits)]
    while True:
        step = _best_peel(values, interesting, inside)
        if step is None:
            return found
        column, side, limit, inside = step
        limits = limits.copy()
        limits[column, side] = limit
        box = _box(table, interesting, inside, limits)
        if box.density > found[-1].density:
            found.append(box)


def _best_peel(
    values: NDArray[np.float64], interesting: Mask, inside: Mask
) -> tuple[int, int, float, Mask] | None:
    """The slice without which the share of interest is highest; None if little would be left."""
    best, density = None, -1.0
    least = max(LEAST_MASS * len(values), 2)
    for column in range(values.shape[1]):
        here = values[inside, column]
        for side, share in ((0, PEEL), (1, 1 - PEEL)):
            limit = float(np.quantile(here, share))
            kept = inside & (
                values[:, column] >= limit if side == 0 else values[:, column] <= limit
            )
            if kept.sum() < least or kept.sum() == inside.sum():
                continue
            mean = float(interesting[kept].mean())
            if mean > density:
                best, density = (column, side, limit, kept), mean
    return best


def _box(table: pd.DataFrame, interesting: Mask, inside: Mask, limits: NDArray[np.float64]) -> Box:
    values, rows = table.to_numpy(dtype=np.float64), []
    for column, (low, high) in enumerate(limits):
        if math.isinf(low) and math.isinf(high):
            continue
        chance = _by_accident(values, interesting, limits, column)
        rows.append((table.columns[column], low, high, chance))
    frame = pd.DataFrame(rows, columns=["parameter", "low", "high", "chance"])
    return Box(
        frame.sort_values("chance", ignore_index=True),
        coverage=float(interesting[inside].sum() / interesting.sum()),
        density=float(interesting[inside].mean()),
        mass=float(inside.mean()),
    )


def _by_accident(
    values: NDArray[np.float64], interesting: Mask, limits: NDArray[np.float64], column: int
) -> float:
    """Chance that a limit without any effect leaves as high a share of interest (binomial).

    Against the box without the limits of this one parameter (Bryant & Lempert 2010).
    """
    from scipy.stats import binom

    fits = (values >= limits[:, 0]) & (values <= limits[:, 1])
    without = np.delete(fits, column, axis=1).all(axis=1)
    with_it = without & fits[:, column]
    hits, trials = int(interesting[with_it].sum()), int(with_it.sum())
    return float(binom.sf(hits - 1, trials, interesting[without].mean()))


def chosen_box(boxes: Sequence[Box]) -> Box:
    """The box with the best of both: the highest harmonic mean of coverage and density."""

    def both(box: Box) -> float:
        return 2 * box.coverage * box.density / (box.coverage + box.density or 1.0)

    return max(boxes, key=both)


def clear_limits(box: Box) -> pd.DataFrame:
    """The limits of a box that are no accident, the clearest first."""
    kept: pd.DataFrame = box.limits[box.limits["chance"] < _CLEAR]
    return kept
