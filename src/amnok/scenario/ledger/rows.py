"""Claims as rows, one a claim with its report: CSV for spreadsheets, JSON Lines for programs.

Both give back the ledger that they were written from. An empty cell is what is unknown, or none.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias, get_args, get_origin

from amnok.errors import AmnokError, Fault, nearest
from amnok.quantity import Part
from amnok.scenario import document
from amnok.scenario.document import Document, Origin, Place, dotted, place_of
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.ledger.checks import ID, ID_HELP
from amnok.scenario.ledger.model import Claim, Report
from amnok.scenario.ledger.persons import WHY, is_personal
from amnok.scenario.table import date, json_rows, number, read_table


def _alone(names: str) -> dict[str, Place]:
    """Columns that have the name of their field."""
    return {name: (name,) for name in names.split()}


# Each column, and where in a claim or a report its cells stand. `more_figures`, `says`,
# `amended` hold JSON; lists of words are written `a; b`.
_CLAIM: dict[str, Place] = {
    "claim": (),
    "text": ("text",),
    "place": ("place",),
    "sectors": ("sectors",),
    "source_kind": ("source_kind",),
    "credibility": ("credibility",),
    "doubt": ("doubt",),
    "from": ("period", "from"),
    "to": ("period", "to"),
    "period_inferred": ("period", "inferred"),
    "figure": ("figures", 0, "what"),
    "figure_low": ("figures", 0, "low"),
    "figure_high": ("figures", 0, "high"),
    "figure_unit": ("figures", 0, "unit"),
    "figure_of": ("figures", 0, "of"),
    "more_figures": ("figures",),
    **_alone("mechanisms patterns says unmodelled unrecorded supports contradicts refines amended"),
    "retracted_on": ("retracted", "date"),
    "retracted_why": ("retracted", "why"),
}
_REPORT: dict[str, Place] = {
    "report": (),
    **_alone("publisher title date precision inferred inferred_from url captured sha256 language"),
    **_alone("reliability origin same_origin"),
    "report_place": ("place",),
    "report_sectors": ("sectors",),
}
COLUMNS = (*_CLAIM, *_REPORT)
_IDS = ("report", "claim")
_FORMULA = ("=", "+", "-", "@", "'", "\t")  # what a spreadsheet would not take for a text
Row: TypeAlias = dict[str, Any]


def rows(ledger: Ledger) -> list[Row]:
    """Every claim as a flat row; reports without a claim have a row of their own."""
    found = []
    for name, claim in ledger.claims.items():
        report = ledger.reports[claim.report]
        found.append(_row(_CLAIM, name, claim) | _row(_REPORT, claim.report, report))
    told = {claim.report for claim in ledger.claims.values()}
    for name, report in ledger.reports.items():
        if name not in told:
            found.append(dict.fromkeys(_CLAIM) | _row(_REPORT, name, report))
    return found


def _row(columns: Mapping[str, Place], name: str, part: Part) -> Row:
    data = part.model_dump(by_alias=True, exclude_defaults=True)
    row: Row = {}
    for column, place in columns.items():
        value = name if not place else _value_at(data, place)
        row[column] = list(value[1:]) if column == "more_figures" and value else value
    return row


def _value_at(data: Any, place: Place) -> Any:
    for key in place:
        is_there = key in data if isinstance(data, dict) else isinstance(data, list | tuple)
        if data is None or not is_there:
            return None
        data = data[key]
    return list(data) if isinstance(data, tuple) else data


def as_csv(ledger: Ledger) -> str:
    """The rows as CSV that spreadsheets open; none of its cells is a formula."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows(ledger):
        writer.writerow([_cell(row[column]) for column in COLUMNS])
    return target.getvalue()


def as_lines(ledger: Ledger) -> str:
    """The rows as JSON Lines, without what is unknown or none."""
    lines = []
    for row in rows(ledger):
        told = {key: value for key, value in row.items() if value is not None and value != []}
        lines.append(json.dumps(told, ensure_ascii=False, default=dt.date.isoformat))
    return "".join(f"{line}\n" for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return "; ".join(value)
        return json.dumps(value, ensure_ascii=False, default=dt.date.isoformat)
    text = value if isinstance(value, str) else str(value)
    is_text = isinstance(value, str) and text.startswith(_FORMULA)
    return f"'{text}" if is_text else text


def _unquoted(cell: str) -> str:
    """A cell without the mark that keeps it from being a formula; other quotes are its own."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def read(file: Path) -> Document:
    """The reports and claims in a file of rows, as plain data with the line of each cell.

    Args:
        file: `.csv`, or `.jsonl` (also `.ndjson`).

    Returns:
        What could be read, and every fault of the rest, at its place in it or by column.

    Raises:
        AmnokError: it cannot be read as rows at all.
    """
    is_csv = file.suffix.lower() == ".csv"
    builder = _Builder(str(file))
    for line, row in builder.csv_rows(file) if is_csv else builder.json_rows(file):
        builder.add(line, row)
    return builder.document


class _Builder:
    """Puts rows together; gathers what is wrong with them."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.document = Document({"reports": {}, "claims": {}}, {(): Origin(label)})

    def fault(self, problem: str, fix: str, path: str, line: int) -> None:
        self.document.faults.append(Fault(problem, fix, path, self.label, line))

    def csv_rows(self, file: Path) -> Iterator[tuple[int, Row]]:
        table = read_table(file, "claim")
        self.document.faults += table.faults
        self._columns(table.columns, table.line)
        for row in table.rows:
            texts = dict(zip(table.columns, map(_unquoted, row.cells), strict=True))
            cells = {}
            for column, cell in texts.items():
                if cell and column in COLUMNS:
                    try:
                        cells[column] = _read(column, cell)
                    except ValueError as error:
                        problem, fix = error.args
                        self.fault(problem, fix, _path(column, texts), row.line)
            yield row.line, cells

    def json_rows(self, file: Path) -> Iterator[tuple[int, Row]]:
        for line, row in json_rows(file, self.label):
            if isinstance(row, ValueError):
                self.fault(f"is not JSON: {row}", "one object a line", "", line)
                continue
            if not isinstance(row, dict):
                self.fault(f"holds {document.describe(row)}", "one object a line", "", line)
                continue
            self._columns(row, line)
            yield line, {key: value for key, value in row.items() if key in COLUMNS}

    def _columns(self, names: Any, line: int) -> None:
        for name in names:
            if is_personal(name) and name not in COLUMNS:
                self.fault("is about a person", WHY, name, line)
            elif name and name not in COLUMNS:
                self.fault(f"no column '{name}' is known", nearest(name, COLUMNS), name, line)

    def add(self, line: int, row: Row) -> None:
        report, claim = (row.get(key) or "" for key in _IDS)
        faulty = {
            key: one for key, one in (("report", report), ("claim", claim)) if not _is_id(one)
        }
        for key, one in faulty.items():
            self.fault(f"is {document.describe(one)}", ID_HELP, key, line)
        if faulty:
            return
        if not report:
            path = f"claims.{claim}.report" if claim else "report"
            self.fault("is empty", "give the id of the report that makes the claim", path, line)
        more = row.pop("more_figures", None)
        if report:
            self._put("reports", report, _placed(_REPORT, row), line)
        told = _placed(_CLAIM, row)
        if claim:
            if claim in self.document.data["claims"]:
                first = self.document.origins[("claims", claim)].line
                self.fault(f"{claim} is already in line {first}", "give it another", "claim", line)
                return
            if more is not None and not isinstance(more, list):
                fix = "a list in [] of {what, low, high, unit, of}"
                self.fault(f"is {document.describe(more)}", fix, "more_figures", line)
            elif more:
                told["figures"] = [*told.get("figures", [{}]), *more]
            self._put("claims", claim, {**told, "report": report} if report else told, line)
        elif told:
            self.fault("is empty", "give the claim an id", "claim", line)

    def _put(self, kind: str, name: str, told: dict[str, Any], line: int) -> None:
        """Add what a row tells of a report or claim; two rows must not tell different things."""
        known = self.document.data[kind].setdefault(name, {})
        self.document.origins.setdefault((kind, name), Origin(self.label, line))
        columns = _REPORT if kind == "reports" else _CLAIM
        for key, value in told.items():
            if key in known and known[key] != value:
                first = self.document.origins[(kind, name, key)].line
                problem = f"is {document.describe(value)}, and {document.describe(known[key])}"
                column = next(one for one, place in columns.items() if place[:1] == (key,))
                fix, path = f"of one {kind[:-1]}", dotted((kind, name, *columns[column]))
                self.fault(f"{problem} in line {first}", fix, path, line)
            else:
                known[key] = value
                self.document.origins[(kind, name, key)] = Origin(self.label, line)


def _path(column: str, row: Row) -> str:
    """Where a cell of a row belongs: the other way round than `column_of`."""
    kind, key = ("claims", "claim") if column in _CLAIM else ("reports", "report")
    place = (_CLAIM if column in _CLAIM else _REPORT)[column]
    name = str(row.get(key) or "")
    return dotted((kind, name, *place)) if ID.fullmatch(name) else column


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and (not value or ID.fullmatch(value) is not None)


def _placed(columns: Mapping[str, Place], row: Row) -> dict[str, Any]:
    """The cells of a row at their places."""
    data: dict[str, Any] = {}
    for column, place in columns.items():
        value = row.get(column)
        if not place or value is None or value == []:
            continue
        here: Any = data
        for key, following in zip(place, (*place[1:], None), strict=True):
            if following is None:
                here[key] = value
            elif following == 0:
                here = here.setdefault(key, [{}])
            elif isinstance(key, int):
                here = here[key]
            else:
                here = here.setdefault(key, {})
    return data


def column_of(path: str) -> str:
    """The column in which what stands at a path of a ledger is written; the path if in none.

    >>> column_of("claims.R1-2.period.from"), column_of("reports.R1.place")
    ('from', 'report_place')
    """
    kind, *keys = place_of(path) or ("",)
    if kind not in ("claims", "reports") or not keys:
        return path
    columns = {**_CLAIM, "report": ("report",)} if kind == "claims" else _REPORT
    for length in range(len(keys), 1, -1):
        within = tuple(keys[1:length])
        for column, place in columns.items():
            if place[: len(within)] == within:
                return column
    return next(iter(columns))


def _read(column: str, cell: str) -> Any:
    """What a cell of CSV means in its column.

    Raises:
        ValueError: with what is wrong, and what would be right.
    """
    if column in ("more_figures", "amended", "says"):
        try:
            return document.value(cell, column)
        except AmnokError as error:
            raise ValueError(error.faults[0].problem, "a list in [] with {} inside") from None
    part, place = (Claim, _CLAIM) if column in _CLAIM else (Report, _REPORT)
    kind = _kind(part, place[column])
    if kind is bool:
        if cell.lower() not in _TRUTH:
            raise ValueError(f"{document.describe(cell)} is neither yes nor no", "write yes or no")
        return _TRUTH[cell.lower()]
    if kind is dt.date:
        return cell if cell == "unknown" else date(cell)
    if kind is float:
        return number(cell)
    if kind is int:
        value = number(cell)
        return int(value) if value.is_integer() else value
    return [one.strip() for one in cell.split(";") if one.strip()] if kind is tuple else cell


_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def _kind(part: type[Part], place: Place) -> type:
    """Which of bool, date, float, int, tuple or str a column holds."""
    from amnok.scenario.shape import shape_at

    kind = shape_at(place, part).kind if place else str
    kinds = {get_origin(one) or one for one in (kind, *get_args(kind))}
    for one in (tuple, bool, dt.date, float, int):
        if one in kinds:
            return one
    return str
