"""Lists that overlap: how many cases are on each and on several, as rows of observations tell.

A row with the unit `overlap` says how many cases are on all the lists that its `source` names,
whatever others they are on. What the lists say of all cases stands beside the naive reading and the
posterior; the posterior does not learn from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok import counts
from amnok.errors import AmnokError, Fault
from amnok.results.observations import CELLS, REPORTS, Cell, Observations, cell_of, each
from amnok.studies.inference.banks import Bank
from amnok.studies.inference.multiple_systems import MOST_LISTS, CaseEstimate, estimates
from amnok.studies.inference.posterior import Posterior
from amnok.variables import WHOLE

Array = NDArray[np.float64]
Names = frozenset[str]
AND = " + "
_GROUP = ["series", *CELLS, "date_from", "date_to"]


@dataclass(frozen=True)
class Lists:
    """Lists of the same cases.

    Attributes:
        series: what the cases are.
        cell: of whom, as in CELLS.
        date_from, date_to: the days that they are about.
        names: of the lists.
        cells: [on the first list or not, on the second or not, ...], cases on just these lists.
    """

    series: str
    cell: Cell
    date_from: pd.Timestamp
    date_to: pd.Timestamp
    names: tuple[str, ...]
    cells: Array

    @property
    def key(self) -> str:
        """A name for the number of all cases."""
        days = f"{self.date_from.date()} {self.date_to.date()}"
        return "|".join(("lists", self.series, "/".join(self.cell), days))


def lists_of(observed: Observations) -> list[Lists]:
    """The lists of a file: those of one series, cell and period belong together.

    Raises:
        AmnokError: with every row that cannot be, and every overlap that is not told.
    """
    faults, found = list[Fault](), list[Lists]()
    for _, rows in observed.overlaps.groupby(_GROUP, sort=False):
        wrong = list(_wrong_rows(rows))
        told = {_names(row.source): float(row.value) for row in each(rows)}
        names = tuple(dict.fromkeys(name for row in each(rows) for name in _split(row.source)))
        first = next(each(rows))
        if not wrong:
            wrong = [(first.line, *one) for one in _untold(told, names)]
        if not wrong:
            cells = _exclusive(told, names)
            wrong = [(first.line, *one) for one in _impossible(cells, names)]
        if wrong:
            faults += [
                Fault(problem, fix, path, observed.file, int(line))
                for line, path, problem, fix in wrong
            ]
            continue
        days = first.date_from, first.date_to
        found.append(Lists(str(first.series), cell_of(first), *days, names, cells))
    if faults:
        raise AmnokError(sorted(faults, key=lambda one: one.line or 0))
    return found


def _split(source: str) -> list[str]:
    return [name.strip() for name in str(source).split(AND.strip())]


def _names(source: str) -> Names:
    return frozenset(_split(source))


def _wrong_rows(rows: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Line, column, problem and fix of rows that cannot be, each by itself."""
    met = dict[Names, int]()
    for row in each(rows):
        names = _split(row.source)
        if row.series != REPORTS and _unit(row.series) not in WHOLE:
            fix = "a series of persons, consignments or other cases"
            yield row.line, "series", f"{row.series} has no cases that a list could hold", fix
        if row.value != round(row.value):
            yield row.line, "value", f"{row.value:g} is no number of cases", "a whole number"
        if not all(names):
            fix = f"the name of the list, or of several: police{AND}press"
            yield row.line, "source", "names no list", fix
        elif len(set(names)) < len(names):
            yield row.line, "source", f"'{row.source}' names a list twice", "each list once"
        elif frozenset(names) in met:
            problem = f"'{row.source}' is told in line {met[frozenset(names)]} too"
            yield row.line, "source", problem, "keep one of the two"
        met.setdefault(frozenset(names), row.line)


def _unit(series: str) -> str:
    return counts.named(series).unit


def _untold(told: Mapping[Names, float], names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Column, problem and fix of what is missing between the lists."""
    if len(names) < 2:
        fix = "rows of another list for the same series, cells and days, and of both"
        yield "source", f"{names[0]} is a list alone, which overlaps nothing", fix
        return
    if len(names) > MOST_LISTS:
        problem = f"{len(names)} lists of the same cases"
        yield "source", problem, f"at most {MOST_LISTS}: put the smaller ones together"
        return
    for number in range(1, len(names) + 1):
        for some in combinations(names, number):
            if frozenset(some) not in told:
                problem = f"how many are on {AND.join(some)} is not told for the same days"
                yield "source", problem, "a row for it, with 0 if there are none"


def _exclusive(told: Mapping[Names, float], names: Sequence[str]) -> Array:
    """Cases on just some lists, from those on all of some and perhaps on more."""
    cells = np.zeros((2,) * len(names))
    for on in product((0, 1), repeat=len(names)):
        cells[on] = told.get(frozenset(n for n, is_on in zip(names, on, strict=True) if is_on), 0.0)
    for axis in range(len(names)):
        off, there = np.split(cells, 2, axis=axis)
        cells = np.concatenate([off - there, there], axis=axis)
    cells.flat[0] = 0.0  # on no list: nobody knows
    return cells


def _impossible(cells: Array, names: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Column, problem and fix where more are on several lists than can be."""
    for on in np.argwhere(cells < 0.0):
        some = AND.join(name for name, is_on in zip(names, on, strict=True) if is_on)
        short = -cells[tuple(on)]
        problem = f"of those on {some}, {short:g} more are on further lists than there are"
        yield "value", problem, "a row counts all on its lists, whatever others they are on"
    if not cells.any():
        yield "value", "nobody is on any of the lists", "leave the rows out"


def amounts(lists: Sequence[Lists], bank: Bank, runs: NDArray[np.int64]) -> pd.DataFrame:
    """How many of the cases that lists are about there are in each run, where a bank keeps that."""
    found, layout = {}, bank.layout
    for one in lists:
        columns = layout.parts_of(one.series, one.cell) or layout.flow_of(one.series, one.cell)
        if columns is None:
            continue
        weeks = layout.part_of_weeks(one.date_from, one.date_to)
        some = np.flatnonzero(weeks > 0.0)
        made = bank.whole(runs, columns, some).sum(axis=1) @ weeks[some]
        if np.ptp(made) > 0.0:
            found[one.key] = made
    return pd.DataFrame(found, index=range(len(runs)))


def lists_table(
    lists: Sequence[Lists],
    naive: Mapping[str, tuple[float, float, float]],
    posterior: Posterior,
) -> pd.DataFrame:
    """What lists say of all cases, beside the naive reading and the posterior.

    Args:
        lists: as `lists_of` has them.
        naive: reading and the ends of its 80% interval by `Lists.key`.
        posterior: the keys are among its unknowns, unless the bank does not keep the cases.

    Returns:
        Columns: series, CELLS, date_from, date_to, lists, counted (cases on any), method, together
        (lists that the likeliest model lets go together), estimate, the ends of 80 and 95%, naive,
        mean and ends of 80% of the posterior.
    """
    ends, means, rows = posterior.interval(0.8), posterior.mean, list[dict[str, Any]]()
    for one in lists:
        beside = dict.fromkeys(("naive", "mean", "mean_low_80", "mean_high_80"), np.nan)
        if one.key in naive:
            low, high = (float(ends[end][one.key]) for end in ("low", "high"))
            found = (naive[one.key][0], float(means[one.key]), low, high)
            beside = dict(zip(beside, found, strict=True))
        for estimate in estimates(one.cells):
            about = {
                "series": one.series, **dict(zip(CELLS, one.cell, strict=True)),
                "date_from": one.date_from.date().isoformat(),
                "date_to": one.date_to.date().isoformat(),
                "lists": AND.join(one.names),
            }  # fmt: skip
            rows.append({**about, **_row(estimate, one.names), **beside})
    return pd.DataFrame(rows)


def _row(found: CaseEstimate, names: Sequence[str]) -> dict[str, Any]:
    (low_80, high_80), (low_95, high_95) = found.interval(0.8), found.interval(0.95)
    return {
        "counted": found.counted, "method": found.method,
        "together": "; ".join(AND.join((names[i], names[j])) for i, j in found.together),
        "estimate": found.number, "low_80": low_80, "high_80": high_80,
        "low_95": low_95, "high_95": high_95,
    }  # fmt: skip
