"""A measure with its names resolved on one border: what is added up, and what is done with it.

Plans are made by `compiling` and evaluated by `amnok.results.measuring`. The values of a plan
lie along what it keeps.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from amnok.scenario.measures.units import Unit
from amnok.scenario.measures.windows import RiverCondition, Runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Kept = tuple[tuple[str, tuple[str | bool, ...]], ...]

AS_IS = ""
"""The arm of a run as it is; others are called by the mechanism that they are without."""

BASE = "base"
"""What people call the border as it is, among policies and in tables."""


@dataclass(frozen=True, eq=False)
class MeasurePlan:
    """What all plans have.

    Attributes:
        kept: dimensions of the value and the names along each, none for blocks of days (`week`,
            `month`), which come first.
        unit: derived; None if something in it is unknown.
    """

    kept: Kept
    unit: Unit | None

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions of the value."""
        return tuple(dim for dim, _ in self.kept)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many names there are along each."""
        return tuple(len(names) for _, names in self.kept)


@dataclass(frozen=True, eq=False)
class Nothing(MeasurePlan):
    """Nothing to measure: the border has no such thing, or no such days.

    Attributes:
        blocks: of days, where these are kept apart.
    """

    blocks: int = 0


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of one variable, put into groups.

    Attributes:
        name: of the variable.
        sizes: of its dimensions.
        along: by key, which dimension it goes along, the place of each position among the names
            kept (-1 for those left out), and how many names it tells apart: 0 for a mere filter.
    """

    name: str
    sizes: tuple[int, ...]
    along: tuple[tuple[int, tuple[int, ...], int], ...]

    @property
    def number(self) -> int:
        """How many groups there are."""
        return math.prod(many for _, _, many in self.along if many)

    @property
    def most(self) -> int:
        """Cells in the largest group."""
        return math.prod(self._most_along(axis, size) for axis, size in enumerate(self.sizes))

    @property
    def added(self) -> list[int]:
        """The dimensions along which cells of one group are added up."""
        return [at for at, size in enumerate(self.sizes) if self._most_along(at, size) > 1]

    def _most_along(self, axis: int, size: int) -> int:
        """Of the positions along a dimension, most that are kept together."""
        places = [places for at, places, _ in self.along if at == axis]
        told_apart = [places for at, places, many in self.along if at == axis and many]
        together = Counter(
            tuple(one[position] for one in told_apart)
            for position in range(size)
            if all(one[position] >= 0 for one in places)
        )
        return max(together.values(), default=0)

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """Of a total, the positions of the cells that count; of several groups, the group of each
        cell, the last one for those left out. Made when measured: a check does without NumPy.
        """
        import numpy as np

        kept = np.ones(self.sizes, dtype=np.bool_)
        groups = np.zeros(self.sizes, dtype=np.int64)
        for axis, places, many in self.along:
            others = [one for one in range(len(self.sizes)) if one != axis]
            place = np.expand_dims(np.array(places, dtype=np.int64), others)
            kept &= place >= 0
            if many:
                groups = groups * many + np.maximum(place, 0)
        groups = np.where(kept, groups, self.number).ravel()
        return groups if any(many for _, _, many in self.along) else np.flatnonzero(groups == 0)

    @cached_property
    def runs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Of several groups, the cells that count, group after group; where each group that has any
        begins among them; and which groups these are."""
        import numpy as np

        order = np.argsort(self.groups, kind="stable")
        order = order[self.groups[order] < self.number]
        present, starts = np.unique(self.groups[order], return_index=True)
        return order, starts, present


@dataclass(frozen=True, eq=False)
class TotalPlan(MeasurePlan):
    """Variables added up over days and cells, times `scale`.

    Attributes:
        arm: in which it is.
        cells: of each variable.
        runs: the days.
        block: days of each block, 0 for no blocks.
        blocks: how many there are.
    """

    arm: str
    cells: tuple[Cells, ...]
    runs: Runs
    block: int
    blocks: int
    scale: float


@dataclass(frozen=True, eq=False)
class PairPlan(MeasurePlan):
    """Two plans; the second lacks the dimensions at the positions `lacking`.

    A share is the ratio of a part to its whole.
    """

    how: Literal["ratio", "difference", "share"]
    first: MeasurePlan
    second: MeasurePlan
    lacking: tuple[int, ...]
    empty: float


@dataclass(frozen=True, eq=False)
class Among(MeasurePlan):
    """The share of each cell along an axis."""

    whole: MeasurePlan
    axis: int


@dataclass(frozen=True, eq=False)
class Extreme(MeasurePlan):
    """The least or most of several."""

    how: Literal["least", "most"]
    parts: tuple[MeasurePlan, ...]


@dataclass(frozen=True, eq=False)
class Concentration(MeasurePlan):
    """Of the first along the second; both have sizes last. `order`: sizes from small to large."""

    of: MeasurePlan
    along: MeasurePlan
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Within(MeasurePlan):
    """Two ratios compared cell by cell: mean weighted by the smaller denominator."""

    how: Literal["ratio", "difference", "change"]
    tops: tuple[MeasurePlan, MeasurePlan]
    bottoms: tuple[MeasurePlan, MeasurePlan]
    least: float


@dataclass(frozen=True, eq=False)
class Scaled(MeasurePlan):
    """A value less `less`, without its sign if `absolute`, times `per`."""

    of: MeasurePlan
    less: float
    absolute: bool
    per: float


@dataclass(frozen=True, eq=False)
class TakenPlan(MeasurePlan):
    """One value of several stretches of days; of those whose condition a run meets."""

    how: Literal["min", "max", "mean", "median"]
    parts: tuple[tuple[MeasurePlan, RiverCondition | None], ...]
    nothing: Nothing


@dataclass(frozen=True, eq=False)
class Registered(MeasurePlan):
    """A measure in Python, on some days."""

    name: str
    arm: str
    runs: Runs


def totals(of: object) -> Iterator[TotalPlan]:
    """The totals that a plan is made of."""
    if isinstance(of, TotalPlan):
        yield of
    elif isinstance(of, tuple):
        for one in of:
            yield from totals(one)
    elif isinstance(of, MeasurePlan):
        for field in fields(of):
            yield from totals(getattr(of, field.name))
