"""Plans become numbers: sums of books, and what is done with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import singledispatch
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.results.measuring.registered import REGISTERED
from amnok.results.measuring.sources import ReplicateSource
from amnok.scenario.measures import plan as plans
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.plan import AS_IS, Cells, MeasurePlan, TotalPlan
from amnok.scenario.measures.windows import RiverCondition

Array = NDArray[np.float64]
_LEAST_WEIGHT = 1e-300
_TAKEN: dict[str, Callable[..., Any]] = {
    "min": np.min,
    "max": np.max,
    "mean": np.mean,
    "median": np.median,
}


class Arms:
    """One replicate in the arms that measures need; what several add up is added up once.

    Attributes:
        space: the border as it is, whatever mechanism is switched off in the arms.
        arms: source by arm; `AS_IS` for the replicate itself.
    """

    def __init__(self, space: Space, arms: Mapping[str, ReplicateSource]) -> None:
        self.space, self.arms = space, arms
        self._sums: dict[Any, Array] = {}

    def value(self, plan: MeasurePlan) -> Array:
        """What a plan comes to, along its dimensions; NaN where there is nothing to measure."""
        return _value(plan, self)

    def summed(self, total: TotalPlan, name: str) -> Array:
        """A variable over the days of a total: [cells], or [block, cells]."""
        key = (total.arm, name, total.runs, total.block)
        if key not in self._sums:
            daily = self.arms[total.arm].daily(name)
            if total.block:
                first, last = total.runs[0][0], total.runs[-1][1]
                self._sums[key] = by_blocks(daily[first:last], total.blocks, total.block)
            else:
                stretches = (daily[first:last].sum(axis=0) for first, last in total.runs)
                self._sums[key] = np.asarray(sum(stretches), dtype=np.float64)
        return self._sums[key]

    def holds(self, condition: RiverCondition | None) -> bool:
        """Whether a rise of the river counts: it is a flood, or only high water, as asked."""
        if condition is None:
            return True
        names = self.space.labels["sector"]
        inside = [
            place
            for place, name in enumerate(names)
            if condition.sectors is None or name in condition.sectors
        ]
        stage = self.arms[AS_IS].daily("river_stage")[condition.first : condition.last, inside]
        passable, impassable = self.space.calendar.stages
        level = float(stage.mean())
        return level >= impassable if condition.flood else level < passable


def by_blocks(daily: Array, blocks: int, days: int, axis: int = 0) -> Array:
    """Sums of whole blocks of days, with blocks in the place of days along an axis.

    A stretch shorter than one block counts as one.
    """
    inside = (slice(None),) * axis + (slice(blocks * days),)
    before, after = daily.shape[:axis], daily.shape[axis + 1 :]
    sums: Array = daily[inside].reshape(*before, blocks, -1, *after).sum(axis=axis + 1)
    return sums


@singledispatch
def _value(plan: MeasurePlan, arms: Arms) -> Array:
    raise TypeError(f"{plan!r} is no plan")


@_value.register
def _(plan: plans.Nothing, arms: Arms) -> Array:
    shape = (plan.blocks, *plan.shape[1:]) if plan.blocks else plan.shape
    return np.full(shape, math.nan)


@_value.register
def _(plan: TotalPlan, arms: Arms) -> Array:
    parts = [_grouped(arms.summed(plan, one.name), one, plan) for one in plan.cells]
    found = np.asarray(sum(parts[1:], parts[0]))
    shape = (len(found), *plan.shape[1:]) if plan.block else plan.shape
    return np.asarray(np.reshape(found, shape) * plan.scale, dtype=np.float64)


def _grouped(sums: Array, cells: Cells, plan: TotalPlan) -> Array:
    """Sums [cells] or [block, cells] put into the groups that are kept."""
    is_total = len(plan.dims) == bool(plan.block)
    if plan.block:
        rows = sums.reshape(len(sums), -1)
        if is_total:
            return np.asarray(rows[:, cells.groups].sum(axis=1))
        return _by_group(rows, cells)
    if is_total:
        return np.asarray(np.add.reduce(sums.ravel()[cells.groups]))
    return np.bincount(cells.groups, sums.ravel(), cells.number + 1)[:-1].astype(np.float64)


def _by_group(rows: Array, cells: Cells) -> Array:
    """Sums of [block, cells] over the cells of each group, [block, group], in the cells' order.

    No product with a matrix of 0 and 1: its order, and so the last bits, would be BLAS's, and its
    threads wait for each other where others are at work.
    """
    order, starts, present = cells.runs
    found = np.zeros((cells.number, len(rows)))
    if len(order):
        found[present] = np.add.reduceat(rows.T[order], starts, axis=0)
    return found.T


@_value.register
def _(plan: plans.PairPlan, arms: Arms) -> Array:
    first, second = arms.value(plan.first), arms.value(plan.second)
    if plan.lacking:
        second = np.expand_dims(second, plan.lacking)
    if plan.how == "difference":
        return first - second
    return _ratio(first, second, plan.empty)


def _ratio(top: Array, bottom: Array, empty: float = math.nan) -> Array:
    if top.ndim == 0:
        return np.asarray(top / bottom if bottom > 0 else empty)
    result = np.full(top.shape, empty)
    np.divide(top, bottom, out=result, where=np.broadcast_to(bottom > 0, top.shape))
    return result


@_value.register
def _(plan: plans.Among, arms: Arms) -> Array:
    whole = arms.value(plan.whole)
    return _ratio(whole, whole.sum(axis=plan.axis, keepdims=True))


@_value.register
def _(plan: plans.Extreme, arms: Arms) -> Array:
    values = [arms.value(one) for one in plan.parts]
    return np.asarray(np.min(values, axis=0) if plan.how == "least" else np.max(values, axis=0))


@_value.register
def _(plan: plans.Concentration, arms: Arms) -> Array:
    """One less twice the area under the curve of cumulated shares (Wagstaff et al. 1991)."""
    of, along = arms.value(plan.of), arms.value(plan.along)
    order = np.array(plan.order)[: len(along)]
    x = np.concatenate([[0.0], np.cumsum(along[order])])
    y = np.cumsum(of[..., order], axis=-1)
    y = np.concatenate([np.zeros((*y.shape[:-1], 1)), y], axis=-1)
    area = (np.diff(x) * (y[..., 1:] + y[..., :-1]) / 2).sum(axis=-1)
    return np.asarray(1.0 - 2.0 * _ratio(np.asarray(area), np.asarray(x[-1] * y[..., -1])))


@_value.register
def _(plan: plans.Within, arms: Arms) -> Array:
    bottoms = [arms.value(one) for one in plan.bottoms]
    rate, other = (
        _ratio(arms.value(top), bottom) for top, bottom in zip(plan.tops, bottoms, strict=True)
    )
    found = rate - other if plan.how == "difference" else _ratio(rate, other)
    weight = np.where(np.isfinite(found), np.minimum(*bottoms), 0.0)
    if not weight.sum() >= max(plan.least, _LEAST_WEIGHT):
        return np.asarray(math.nan)
    mean = np.average(np.where(weight > 0, found, 0.0), weights=weight)
    return np.asarray(mean - 1.0 if plan.how == "change" else mean)


@_value.register
def _(plan: plans.Scaled, arms: Arms) -> Array:
    value = arms.value(plan.of) - plan.less
    return (np.abs(value) if plan.absolute else value) * plan.per


@_value.register
def _(plan: plans.TakenPlan, arms: Arms) -> Array:
    values = [arms.value(one) for one, condition in plan.parts if arms.holds(condition)]
    return np.asarray(_TAKEN[plan.how](values, axis=0) if values else arms.value(plan.nothing))


@_value.register
def _(plan: plans.Registered, arms: Arms) -> Array:
    return np.asarray(REGISTERED[plan.name](arms.arms[plan.arm], arms.space, plan.runs))
