"""Ungraded rows that cannot all be true: no world has both, so nothing can be learned from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from amnok.errors import Fault
from amnok.results.observations import CELLS, apart, cell_of, covers, is_level, meet

_SPLITS = ({"place", "side"}, *({axis} for axis in ("agency", "goods", "size")))  # of a bank
_SLACK = 1.0 + 1e-9  # of sums of money


def same_number(rows: Sequence[Any], file: str) -> tuple[list[Any], list[Fault]]:
    """Rows without those that say again what another says, and a fault where they say otherwise.

    Args:
        rows: ungraded, of what was watched whole.
        file: where they come from.
    """
    first, faults = dict[tuple[Any, ...], Any](), []
    for row in rows:
        before = first.setdefault((row.series, cell_of(row), row.date_from, row.date_to), row)
        if before.value != row.value:
            told = f"{before.value:g} in line {before.line}, {row.value:g} here"
            problem = f"{told}: different numbers of the same thing"
            fix = "grade the sources in `reliability`, or keep one"
            faults.append(Fault(problem, fix, "value", file, int(row.line)))
    return list(first.values()), faults


def more_than_the_whole(rows: Sequence[Any], file: str) -> Iterator[Fault]:
    """A fault for each row of which others, that are parts of it, count more than it does.

    Args:
        rows: ungraded, of what was watched whole, none twice.
        file: where they come from.
    """
    of_series = dict[str, list[Any]]()
    for row in rows:
        if not is_level(row.series):
            of_series.setdefault(row.series, []).append(row)
    for whole in chain.from_iterable(of_series.values()):
        inside = [row for row in of_series[whole.series] if _within(row, whole)]
        splits = [_disjoint([row for row in inside if _axes(row) <= axes]) for axes in _SPLITS]
        parts = max(splits, key=_sum)
        total = _sum(parts)
        if total > whole.value * _SLACK:
            lines = ", ".join(str(line) for line in sorted(int(row.line) for row in parts))
            named = f"line {lines}, a part" if len(parts) == 1 else f"lines {lines}, parts"
            problem = f"says {whole.value:g}, and {named} of it, {total:g}"
            fix = "grade the sources in `reliability`, or keep the whole or its parts"
            yield Fault(problem, fix, "value", file, int(whole.line))


def _disjoint(rows: Sequence[Any]) -> list[Any]:
    """Rows that have nothing in common, the largest first."""
    chosen: list[Any] = []
    for row in sorted(rows, key=lambda one: -one.value):
        if all(apart(cell_of(row), cell_of(one)) or not meet(row, one) for one in chosen):
            chosen.append(row)
    return chosen


def _sum(rows: Sequence[Any]) -> float:
    return float(sum(row.value for row in rows))


def _axes(row: Any) -> set[str]:
    return {axis for axis, one in zip(CELLS, cell_of(row), strict=True) if one}


def _within(part: Any, whole: Any) -> bool:
    inside = whole.date_from <= part.date_from and part.date_to <= whole.date_to
    return bool(inside) and part is not whole and covers(cell_of(whole), cell_of(part))
