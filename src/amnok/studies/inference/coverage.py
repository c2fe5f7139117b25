"""What was watched: the share of each row, and days without a row that are days without a count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.errors import Fault
from amnok.results.observations import (
    Cell,
    Observations,
    apart,
    cell_of,
    covers,
    each,
    is_level,
    meet,
)
from amnok.studies.inference.kept import Layout

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Coverage:
    """The coverage rows of a file, beside its other rows.

    Coverage of a whole is that of its parts too, unless a part has its own.

    Attributes:
        observed: as read.
        layout: of the bank.
    """

    observed: Observations
    layout: Layout

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of coverage."""
        return list(each(self.observed.coverage))

    @cached_property
    def counted(self) -> list[Any]:
        """The other rows, lists apart."""
        return list(each(self.observed.rows))

    def share(self, row: Any) -> Array:
        """The share that was watched on each day; NaN where nothing tells."""
        found = np.full(self.layout.lengths.sum(), np.nan)
        for one in sorted(self._of(row), key=lambda one: _fineness(cell_of(one))):
            found[self._days(one)] = one.value
        return np.where(self._days(row), found, np.nan)

    def zeros(self, one: Any) -> NDArray[np.bool_]:
        """Days of a coverage row on which no row of its series has any of its cell."""
        days = self._days(one)
        for row in self.counted:
            if _touch(one, row):
                days &= ~self._days(row)
        return days

    def faults(self) -> list[Fault]:
        """What is wrong with the rows of coverage, one by one and together."""
        found = list[Fault]()
        for one in self.rows:
            found += self._fault_of(one)
        for before, one in combinations(self.rows, 2):
            if self._same(before, one):
                problem = f"overlaps line {before.line}, which tells a share of the same"
                found.append(self._fault(one, problem, "keep one"))
        for row in self.counted:
            share = self.share(row)[self._days(row)]
            if np.isnan(share).any() and (share < 1.0).any():
                lines = " and ".join(str(one.line) for one in self._of(row))
                problem = f"has days of which the coverage in line {lines} tells nothing"
                fix = "split the row where coverage ends, or tell the coverage of all its days"
                path = "date_from"
                found.append(Fault(problem, fix, path, self.observed.file, int(row.line)))
        return found

    def _fault_of(self, one: Any) -> list[Fault]:
        """What is wrong with a row by itself."""
        if is_level(one.series):
            problem = f"{one.series} is a level, of which no share is watched"
            return [self._fault(one, problem, "leave the row out")]
        rows = [row for row in self.counted if _touch(one, row)]
        used = self.zeros(one).any() or any(_of(one, row) for row in rows)
        if used or one.value == 0.0:
            return []
        lines = [str(row.line) for row in rows]
        problem = f"is coverage of a part of line {', '.join(lines)} only, and not used"
        return [self._fault(one, problem, "tell the coverage of all of it, or a row of the part")]

    def _of(self, row: Any) -> list[Any]:
        """The coverage of some days of a row."""
        return [one for one in self.rows if _of(one, row)]

    def _same(self, one: Any, other: Any) -> bool:
        """Whether two rows of coverage are of the same cell, or leave open which a cell goes by."""
        mine, its = cell_of(one), cell_of(other)
        if not _touch(one, other) or _fineness(mine) != _fineness(its):
            return False
        place, side, agency, goods, size = (a or b for a, b in zip(mine, its, strict=True))
        both = self.layout.parts_of(one.series, (place, side, agency, goods, size))
        return mine == its or bool(one.value != other.value and both)

    def _days(self, row: Any) -> NDArray[np.bool_]:
        return self.layout.days_between(row.date_from, row.date_to)

    def _fault(self, one: Any, problem: str, fix: str) -> Fault:
        return Fault(problem, fix, "unit", self.observed.file, int(one.line))


def _touch(one: Any, other: Any) -> bool:
    """Whether something may be in both of two rows."""
    same = one.series == other.series and not apart(cell_of(one), cell_of(other))
    return same and meet(one, other)


def _of(one: Any, row: Any) -> bool:
    """Whether coverage is of some days of a row, and of all its cell."""
    return _touch(one, row) and covers(cell_of(one), cell_of(row))


def _fineness(cell: Cell) -> int:
    """How many axes a cell names."""
    return sum(map(bool, cell))
