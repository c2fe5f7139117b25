"""Observations beside a bank: what each row of a file would have been in each of its runs.

Only what is there counts. A row of coverage says that a series was watched: its days without a
row are days without a count. Where a part only was watched, counts are thinned to that part.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok import counts
from amnok.errors import AmnokError, Fault
from amnok.results.observations import (
    CELLS,
    COLUMNS,
    COVERAGE,
    OVERLAP,
    Cell,
    Observations,
    cell_of,
    check_against,
    each,
    is_level,
    unit_of,
)
from amnok.scenario import Scenario
from amnok.studies.inference.banks import Bank
from amnok.studies.inference.contradictions import more_than_the_whole, same_number
from amnok.studies.inference.coverage import Coverage
from amnok.studies.inference.graded import knows, told
from amnok.studies.inference.kept import Layout

Array = NDArray[np.float64]
LISTED = "crossings"  # of the template
_GIVEN = frozenset(one.name for one in counts.GIVEN)
_MOST = 100  # columns; more are put together


@dataclass(frozen=True)
class ObservedNumber:
    """One number that was observed.

    Attributes:
        series: which.
        cell: of whom, as in CELLS.
        weeks: [week], the part of each week that the row is about.
        value: what was observed.
        watched: [week], the part of each week that was watched.
        reliability: a letter, or nothing.
        source: who says so.
    """

    series: str
    cell: Cell
    weeks: Array
    value: float
    watched: Array
    reliability: str
    source: str

    @property
    def name(self) -> str:
        """Series and cell in one."""
        return " ".join([self.series, *(one for one in self.cell if one)])


@dataclass(frozen=True)
class Seen:
    """What was observed, and what it is in each run.

    Attributes:
        series: of each column.
        values: [column], observed.
        runs: [run, column].
        never: names of rows that are the same in all runs, and other than observed.
    """

    series: list[str]
    values: Array
    runs: Array
    never: list[str]

    def without(self, series: str) -> Seen:
        """All but one series."""
        kept = [at for at, one in enumerate(self.series) if one != series]
        names = [self.series[at] for at in kept]
        return Seen(names, self.values[kept], self.runs[:, kept], self.never)


def seen(observed: Observations, bank: Bank, seed: int, *, shift: float = 0.0) -> Seen:
    """Hold observations against a bank.

    Args:
        observed: as read.
        bank: whose runs; those under no policy count.
        seed: of thinning and of what sources know.
        shift: of the reliability of graded rows, as in `graded.beta_of`.

    Raises:
        AmnokError: with every row that the bank has nothing to hold against.
    """
    check_against(observed, bank.scenario)
    rows = list(rows_of(observed, bank.layout))
    if not rows:
        raise AmnokError([Fault("holds no observation", file=observed.file)])
    rng = np.random.default_rng([seed, 31])
    runs = bank.under("base")
    made = np.stack([_in_runs(one, runs, bank, rng) for one in rows], 1)
    letters, sources = [one.reliability for one in rows], [one.source for one in rows]
    known = knows(letters, sources, len(made), rng, shift=shift)
    made = told(made, known, sources, rng)
    values = np.array([one.value for one in rows])
    moves = np.ptp(made, axis=0) > 0.0
    never = [
        one.name
        for at, one in enumerate(rows)
        if not moves[at] and abs(made[0, at] - values[at]) > 0.5
    ]
    if not moves.any():
        raise AmnokError(
            [Fault("nothing that was observed differs between runs", file=observed.file)]
        )
    rows = [one for one, moving in zip(rows, moves, strict=True) if moving]
    return _put_together(rows, values[moves], made[:, moves], never)


def rows_of(observed: Observations, layout: Layout) -> Iterator[ObservedNumber]:
    """The rows of a file, and one for what was watched without a count.

    Raises:
        AmnokError: with every row of which a bank does not keep the cells, and with those that
            contradict each other.
    """
    coverage = Coverage(observed, layout)
    faults = [*_not_kept(observed, layout), *coverage.faults()]
    rows = [(row, coverage.share(row)) for row in coverage.counted]
    as_told = [row for row, share in rows if not (row.reliability or (share < 1.0).any())]
    once, otherwise = same_number(as_told, observed.file)
    faults += [*otherwise, *more_than_the_whole(once, observed.file)]
    if faults:
        raise AmnokError(sorted(faults, key=lambda one: one.line or 0))
    again = {row.line for row in as_told} - {row.line for row in once}
    for row, share in rows:
        if row.line in again:
            continue
        days = layout.days_between(row.date_from, row.date_to)
        watched = layout.by_week(np.where(np.isnan(share), 1.0, share) * days)
        yield ObservedNumber(
            str(row.series),
            cell_of(row),
            layout.by_week(days),
            float(row.value),
            watched,
            str(row.reliability),
            str(row.source),
        )
    for row in coverage.rows:
        weeks = layout.by_week(coverage.zeros(row))
        if weeks.any() and row.value > 0.0:
            yield ObservedNumber(
                str(row.series), cell_of(row), weeks, 0.0, weeks * row.value, "", ""
            )


def _not_kept(observed: Observations, layout: Layout) -> Iterator[Fault]:
    """A fault for each row of which a bank does not keep the series or the cells."""
    kept = dict.fromkeys(series for series, _ in layout.seen)
    for row in each(pd.concat([observed.rows, observed.coverage])):
        series, cell = str(row.series), cell_of(row)
        told = partial(Fault, path="series", file=observed.file, line=int(row.line))
        if series not in kept:
            official = [one for one in kept if one.endswith(f"_{series}")]
            fix = (
                f"what is seen of it is {official[0]}" if official else f"one of {', '.join(kept)}"
            )
            why = "" if series in _GIVEN else ": it is hidden"
            yield told(f"{series} is not kept in a bank{why}", fix)
        elif layout.parts_of(series, cell) is None:
            axes = [axis for axis, one in zip(CELLS, cell, strict=True) if one]
            problem = f"{series} is not kept in a bank by {' and '.join(axes) or 'all'}"
            fix = "place and side, or agency, or size; of declared trade goods; of prices both"
            yield told(problem, fix)


def _in_runs(
    row: ObservedNumber, runs: NDArray[np.int64], bank: Bank, rng: np.random.Generator
) -> Array:
    """What a row would have been in each run, [run]."""
    parts = bank.layout.parts_of(row.series, row.cell)
    assert parts is not None
    some = np.flatnonzero(row.weeks > 0.0)
    mine = bank.whole(runs, parts, some)
    weeks = row.weeks[some]
    if is_level(row.series):
        return np.asarray(mine.mean(axis=1) @ weeks / weeks.sum())
    weekly = mine.sum(axis=1)
    chance = row.watched[some]
    if unit_of(row.series, bank.scenario) == bank.scenario.currency:
        return np.asarray(weekly @ chance)
    # Part of a count is a count: whoever watches half sees some half, not the half of it.
    partly = chance < 1.0
    found = weekly[:, ~partly].sum(axis=1)
    if partly.any():
        whole = np.round(weekly[:, partly]).astype(np.int64)
        found = found + rng.binomial(whole, chance[partly]).sum(axis=1)
    return np.asarray(found)


def _put_together(rows: list[ObservedNumber], values: Array, made: Array, never: list[str]) -> Seen:
    """Neighbours of a series and cell in one column, until the columns are few enough."""
    width = -(-len(rows) // _MOST)
    groups: dict[tuple[str, int], list[int]] = {}
    met: dict[str, int] = {}
    for at, one in enumerate(rows):
        number = met.get(one.name, 0)
        met[one.name] = number + 1
        groups.setdefault((one.name, number // width), []).append(at)
    series = [rows[members[0]].series for members in groups.values()]
    return Seen(
        series,
        np.array([values[members].sum() for members in groups.values()]),
        np.stack([made[:, members].sum(axis=1) for members in groups.values()], 1),
        never,
    )


def template(scenario: Scenario) -> str:
    """A file of observations to fill in: for each series that can be seen, a row and a coverage."""
    layout, start = Layout(scenario), scenario.period.start
    end = min(start + dt.timedelta(days=27), scenario.period.end)
    rows, cells = [], dict[str, Cell]()
    for series, cell in layout.seen:
        cells.setdefault(series, cell)
    for series, cell in cells.items():
        row = dict(zip(COLUMNS, (start, end, series, *cell), strict=False))
        example = {"value": 100 if is_level(series) else 0, "unit": unit_of(series, scenario)}
        rows.append(row | example | {"source": "name of the source", "note": "replace this"})
        if not is_level(series):
            rows.append(row | {"value": 1, "unit": COVERAGE, "note": "share that was watched"})
    listed = {"date_from": start, "date_to": end, "series": LISTED, "unit": OVERLAP}
    for lists, on in (("one list", 25), ("another", 16), ("one list + another", 5)):
        rows.append(listed | {"value": on, "source": lists, "note": "cases on it, or on both"})
    return pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False, lineterminator="\n")
