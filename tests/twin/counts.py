"""What is counted on a day: an object for each cell of a table, with a number for each count.

Tables and counts are those of `amnok.counts`, so that both can be compared field by field; whole
things are counted in whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, make_dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from amnok.counts import kept_in
from amnok.variables import TALLIED, WHOLE

Counted = Any  # such an object: its fields are made from a table, beyond what a type checker sees
Counts = SimpleNamespace  # one day: each table as lists in lists, one for each of its axes


def nothing_yet(length: Mapping[str, int]) -> Counts:
    """The counts of a day on which nothing has happened; `length` is of each axis."""
    day = SimpleNamespace()
    for table in TALLIED:
        kind = _kind(table.name, tuple((one.name, one.unit in WHOLE) for one in kept_in(table)))
        setattr(day, table.name, _cells(kind, [length[axis] for axis in table.axes]))
    return day


@cache
def _kind(name: str, counts: tuple[tuple[str, bool], ...]) -> type:
    """A class with a field for each count, 0 at first; a field of another name is an error."""
    return make_dataclass(
        name, [(count, float, 0 if is_whole else 0.0) for count, is_whole in counts], slots=True
    )


def _cells(kind: type, length: Sequence[int]) -> Any:
    if not length:
        return kind()
    return [_cells(kind, length[1:]) for _ in range(length[0])]


def as_numbers(counts: Any) -> Any:
    """Counts, or nested lists of them, as nested lists of numbers."""
    if is_dataclass(counts):
        return [getattr(counts, field.name) for field in fields(counts)]
    if isinstance(counts, list):
        return [as_numbers(part) for part in counts]
    return counts
