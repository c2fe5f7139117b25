"""What the books hold: the measures, by groups that are counted alike, and their ledger.

What a group is counted by is the comment above it in `results/measures.py`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from amnok.results import measures, visible
from amnok.results.measures import Measure


@dataclass(frozen=True)
class Group:
    """Measures that are counted alike, what they are counted by, and their ledger."""

    text: str
    ledger: str
    measures: tuple[Measure, ...]


@cache
def books() -> tuple[Group, ...]:
    """Everything that the books hold, group by group."""
    source, shown = inspect.getsource(measures), inspect.getsource(visible)
    result = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            name = ast.unparse(target)
            found = tuple(_measures(getattr(measures, name)))
            ledger = "visible" if f"measures.{name}" in shown else "truth"
            if found:
                above = _comment_above(source.splitlines(), node.lineno - 1)
                result.append(Group(above, ledger, found))
    return tuple(result)


def _comment_above(lines: list[str], end: int) -> str:
    start = end
    while lines[start - 1].startswith("# "):
        start -= 1
    return " ".join(line.removeprefix("# ") for line in lines[start:end])


def _measures(value: object) -> Iterator[Measure]:
    if isinstance(value, Measure):
        yield value
    elif isinstance(value, Mapping | tuple):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _measures(one)
