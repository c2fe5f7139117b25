"""Observations: what people outside the model counted, priced or reported, one number a row.

The tidy format that `score` and `infer` share. A row says from when to when, of
which series (a variable of the results), where, for whom, how much, and who says so. A row with the
unit `coverage` holds no count: it says that a series was watched there and then, so that a day
without a row is a zero if it was watched, and unknown if not. A row with the unit `overlap` says
how many cases are on a list, or on each of several (`source` names them, with + between).
"""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from amnok import counts
from amnok.arguments import midnight
from amnok.disk import folder_path
from amnok.errors import AmnokError, Fault, nearest, reason
from amnok.scenario import Scenario
from amnok.scenario.model import EARLIEST, LATEST
from amnok.scenario.table import FileTable, date, number, read_table, row_of, table_of
from amnok.variables import BY_STATUS, MONEY, PEOPLE, Count

Cell = tuple[str, str, str, str, str]
CELLS = ("place", "side", "agency", "goods", "size")
"""Columns that say of whom; a blank cell is the sum, or the mean, over all."""

COLUMNS = (
    *("date_from", "date_to", "series", *CELLS),
    *("value", "unit", "source", "reliability", "credibility", "note"),
)
NEEDED = ("date_from", "series", "value")
COVERAGE = "coverage"
OVERLAP = "overlap"
REPORTS = "published_reports"
_SERIES = (*(one.name for one in counts.variables()), REPORTS)
_GRADES = "ABCDEF"
# Of these a period has a mean and no sum: what stands at a day's end, and what the world brings.
_LEVELS = frozenset(
    one.name
    for one in (*counts.AT_END, *counts.GIVEN, counts.SURVEYED, BY_STATUS, *counts.COUNTS)
    if not isinstance(one, Count) or one.table == PEOPLE
)
_MOST = 1e15  # more than was ever counted; its square is still a number
_ABOVE_ZERO = frozenset(("price", counts.SURVEYED.name))


@dataclass(frozen=True)
class Observations:
    """Observed numbers, as far as they can be read.

    Attributes:
        rows: one row for each number: COLUMNS, and the `line` that it stands on; `date_from` and
            `date_to` are days (datetime64), `value` is a float, blank cells are empty strings.
        coverage: the same for rows that say what was watched; `value` is the share, 1 if blank.
        overlaps: the same for rows that say how many cases are on some lists.
        file: where they come from, for messages.
    """

    rows: pd.DataFrame
    coverage: pd.DataFrame
    overlaps: pd.DataFrame
    file: str

    def within(self, start: dt.date, end: dt.date) -> Observations:
        """Those whose days all lie from one day to another, both counted."""

        def kept(rows: pd.DataFrame) -> pd.DataFrame:
            inside = (rows["date_from"] >= pd.Timestamp(start)) & (
                rows["date_to"] <= pd.Timestamp(end)
            )
            return rows[inside].reset_index(drop=True)

        return Observations(kept(self.rows), kept(self.coverage), kept(self.overlaps), self.file)


def read_observations(
    file: str | os.PathLike[str], border: Scenario | None = None, dated: bool = True
) -> Observations:
    """The observations in a CSV or Parquet file.

    Columns may stand in any order; `date_from`, `series` and `value` are needed, `date_to` is the
    same day where it is blank, and all others may be missing.

    Args:
        file: where.
        border: what they must fit, if it is known, as for `check_against`.
        dated: whether days outside the border's period are refused too.

    Raises:
        AmnokError: with every line that cannot be used.
    """
    path = folder_path(file)
    if path.suffix == ".parquet":
        return observations_of(_parquet(path), str(path), border, dated)
    return _observations(read_table(path, "observation"), border, dated)


def observations_of(
    frame: pd.DataFrame,
    name: str = "observations",
    border: Scenario | None = None,
    dated: bool = True,
) -> Observations:
    """The observations in a table of pandas; faults count its rows from 1.

    Raises:
        AmnokError: with every row that cannot be used.
    """
    rows = [row_of(0, map(str, frame.columns))]
    rows += [
        row_of(at, map(_text, cells))
        for at, cells in enumerate(frame.itertuples(index=False, name=None), start=1)
    ]
    return _observations(table_of(rows, name, "observation"), border, dated)


def given_observations(data: Any, border: Scenario, dated: bool = True) -> Observations:
    """The observations of a border that somebody means: a file, a table of pandas, or as read.

    Raises:
        AmnokError: it is none of these; with every line that cannot be used.
    """
    if isinstance(data, Observations):
        check_against(data, border, dated)
        return data
    if isinstance(data, pd.DataFrame):
        return observations_of(data, border=border, dated=dated)
    return read_observations(data, border, dated)


def _parquet(file: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(file)
    except ImportError:
        problem = "Parquet needs pyarrow, which is not installed"
        fault = Fault(problem, "pip install pyarrow, or give a CSV", file=str(file))
    except OSError as error:
        fault = Fault(reason(error), file=str(file))
    except ValueError as error:
        fault = Fault(f"is not a Parquet file: {error}", file=str(file))
    raise AmnokError(fault)


def _text(cell: Any) -> str:
    if np.ndim(cell) == 0 and pd.isna(cell):
        return ""
    return midnight(cell) if isinstance(cell, dt.datetime) else str(cell)


def _observations(table: FileTable, border: Scenario | None, dated: bool) -> Observations:
    for name in table.columns:
        if name and name not in COLUMNS:
            table.fault("is not a column of observations", nearest(name, COLUMNS), name)
    frame = pd.DataFrame({name: _column(table, name) for name in COLUMNS})
    frame["line"] = [row.line for row in table.rows]
    same_day = frame["date_to"].isna()
    frame["date_to"] = frame["date_to"].where(~same_day, frame["date_from"])
    unread = {one.line for one in table.faults}
    missing = [name for name in NEEDED if name not in table.columns]
    for name in missing:
        table.fault("is missing", f"needs the columns {', '.join(NEEDED)}", name)
    if not missing:
        sound = frame[~frame["line"].isin(unread)]
        _check_rows(table, sound)
        if border is not None:
            for row in each(sound):
                for path, problem, fix in _misfits(row, border, dated):
                    table.fault(problem, fix, path, row.line)
    table.check()
    watched, listed = frame["unit"] == COVERAGE, frame["unit"] == OVERLAP
    frame.loc[watched, "value"] = frame.loc[watched, "value"].fillna(1.0)
    counted, coverage, overlaps = (
        frame[kind].reset_index(drop=True) for kind in (~watched & ~listed, watched, listed)
    )
    return Observations(counted, coverage, overlaps, table.file)


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table of observations, by the names of their columns."""
    yield from frame.itertuples(index=False)


def cell_of(row: Any) -> Cell:
    """Of whom a row is, as in CELLS."""
    place, side, agency, goods, size = (str(getattr(row, name)) for name in CELLS)
    return place, side, agency, goods, size


def covers(whole: Cell, part: Cell) -> bool:
    """Whether a cell is all of another, or the same."""
    return all(one in ("", other) for one, other in zip(whole, part, strict=True))


def apart(one: Cell, other: Cell) -> bool:
    """Whether two cells name different values of one axis, so that nothing is in both."""
    return any(mine and its and mine != its for mine, its in zip(one, other, strict=True))


def meet(one: Any, other: Any) -> bool:
    """Whether two rows have a day in common."""
    return bool(one.date_from <= other.date_to and other.date_from <= one.date_to)


def is_level(series: str) -> bool:
    """Whether a series is a level, of which a period has a mean and no sum."""
    return series in _LEVELS


def is_price(series: str) -> bool:
    """Whether a series is of prices, which are above 0."""
    return series in _ABOVE_ZERO


def unit_of(series: str, scenario: Scenario) -> str:
    """Unit of a series on a border."""
    if series == REPORTS:
        return "reports"
    unit = counts.named(series).unit
    return scenario.currency if unit == MONEY else unit


def _column(table: FileTable, name: str) -> pd.Series[Any]:
    if name not in table.columns:
        if name == "date_to":
            return pd.Series([pd.NaT] * len(table.rows), dtype="datetime64[ns]")
        return pd.Series([""] * len(table.rows), dtype=object)
    if name == "date_from":
        return pd.to_datetime(pd.Series(table.values(name, _day)))
    if name == "date_to":
        return pd.to_datetime(
            pd.Series(table.values(name, lambda text: _day(text) if text else None))
        )
    if name == "value":
        return pd.Series(table.values(name, _number_or_blank), dtype=float)
    reads = {"series": _series, "reliability": _reliability, "credibility": _credibility}
    return pd.Series(table.values(name, reads.get(name, str)), dtype=object)


def _day(text: str) -> dt.date:
    day = date(text)
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"{day} is out of range", f"a day of the years {EARLIEST} to {LATEST}")
    return day


def _number_or_blank(text: str) -> float:
    return number(text) if text else math.nan


def _series(text: str) -> str:
    if text not in _SERIES:
        raise ValueError(f"no series '{text}'" if text else "is empty", nearest(text, _SERIES))
    return text


def _reliability(text: str) -> str:
    if text and text not in tuple(_GRADES):
        raise ValueError(
            f"'{text}' is no reliability", "write A (reliable) to F (cannot be judged)"
        )
    return text


def _credibility(text: str) -> str:
    text = text.removesuffix(".0")  # as tables with blank cells have it
    if text and text not in tuple("123456"):
        raise ValueError(
            f"'{text}' is no credibility", "write 1 (confirmed) to 6 (cannot be judged)"
        )
    return text


def _check_rows(table: FileTable, frame: pd.DataFrame) -> None:
    """Tell which numbers cannot be: out of order, negative, blank, or told twice by one source."""
    for row in each(frame):
        line = row.line
        if row.date_to < row.date_from:
            problem = f"ends before it begins on {row.date_from.date()}"
            table.fault(problem, "swap the two days", "date_to", line)
        if row.unit == COVERAGE:
            if not (math.isnan(row.value) or 0 <= row.value <= 1):
                fix = "the share that was watched, from 0 to 1; blank is 1"
                table.fault(f"{row.value:g} is no coverage", fix, "value", line)
        elif math.isnan(row.value):
            fix = f"write a number; for what was watched without a count, the unit '{COVERAGE}'"
            table.fault("is empty", fix, "value", line)
        elif not 0 <= row.value <= _MOST or (row.value == 0 and row.series in _ABOVE_ZERO):
            least = "above 0" if row.series in _ABOVE_ZERO else "of 0 or more"
            fix = f"a number {least}, and at most {_MOST:g}"
            table.fault(f"{row.value:g} is out of range", fix, "value", line)
    counted = frame[~frame["unit"].isin([COVERAGE, OVERLAP])]
    for _, told in counted.groupby(["series", *CELLS, "source"], sort=False):
        ordered = told.sort_values(["date_from", "date_to"], kind="stable")
        ends = ordered["date_to"].cummax().shift()
        for at in np.flatnonzero(ordered["date_from"].to_numpy() <= ends.to_numpy()):
            before, row = ordered.iloc[at - 1], ordered.iloc[at]
            problem = f"overlaps line {before['line']}: the same series, cells and source"
            fix = "keep one, or say in `source` who tells the other"
            table.fault(problem, fix, "date_from", int(row["line"]))


def check_against(observations: Observations, scenario: Scenario, dated: bool = True) -> None:
    """Refuse what this border has nothing to hold against.

    Args:
        observations: as read.
        scenario: the border.
        dated: whether days outside the scenario's period are refused too.

    Raises:
        AmnokError: with every unknown place, side, agency, goods, size, unit, and day outside.
    """
    faults = []
    for row in each(pd.concat([observations.rows, observations.coverage, observations.overlaps])):
        place = partial(Fault, file=observations.file, line=row.line)
        told = _misfits(row, scenario, dated)
        faults += [place(problem, fix, path) for path, problem, fix in told]
    if faults:
        raise AmnokError(sorted(faults, key=lambda one: one.line or 0))


def _misfits(row: Any, scenario: Scenario, dated: bool) -> Iterator[tuple[str, str, str]]:
    """Path, problem and fix of what a row names and the border or the series does not have."""
    period, first, last = scenario.period, row.date_from.date(), row.date_to.date()
    if dated and (first < period.start or last > period.end):
        fix = f"days from {period.start} to {period.end}"
        yield "date_from", f"{first} to {last} is outside {scenario.name}", fix
    axes, needs = _axes_of(row.series)
    unit = unit_of(row.series, scenario)
    if not scenario.has(*needs):
        yield "series", f"{scenario.name} has no '{row.series}'", "its mechanism is left out"
    if row.unit not in ("", unit, COVERAGE, OVERLAP):
        yield "unit", f"'{row.unit}' is not the unit of {row.series}", f"write {unit}, or nothing"
    for cell in CELLS:
        name, known = getattr(row, cell), _known(cell, axes, scenario)
        if name and not known:
            yield cell, f"{row.series} is not kept by {cell}", "leave the cell blank"
        elif name and name not in known:
            yield cell, f"unknown {cell} '{name}'", nearest(name, known)


def _axes_of(series: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Axes of a series, and the sections that it needs."""
    if series == REPORTS:
        return ("sector", "side"), ("reporting",)
    variable = counts.named(series)
    return variable.axes, variable.needs


def _known(cell: str, axes: tuple[str, ...], scenario: Scenario) -> tuple[str, ...]:
    """What may stand in a cell for a series of these axes."""
    if cell == "place":
        if "market" in axes:
            return tuple(scenario.markets)
        return tuple(scenario.sectors) if "sector" in axes or "route" in axes else ()
    if cell == "side" and ("side" in axes or "agency" in axes):
        return (scenario.sides.inner.key, scenario.sides.outer.key)
    if cell not in axes:
        return ()
    if cell == "agency":
        return tuple(scenario.agencies)
    return tuple(scenario.goods if cell == "goods" else scenario.traders.sizes)
