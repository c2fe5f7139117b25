"""Tables that people make: CSV files out of spreadsheets and editors, with every fault at once.

Read are UTF-8 (with or without its mark) and UTF-16, commas, semicolons or tabs between the cells,
any ends of lines, blank lines, spaces around cells, empty columns and rows at the end, and the line
by which Excel names the separator (sep=;).
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from amnok.cells import counted
from amnok.errors import AmnokError, Fault, visible
from amnok.scenario.document import DATE, describe
from amnok.scenario.text_file import text_of

LIMIT = 256 * 1024 * 1024
_SEPARATORS = ",;\t"
_MOST_FAULTS = 20
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\s*?(?:\r\n|\r|\n)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?([0-9]+(_[0-9]+)*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_DOT_IS_EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_DOT_IS_DECIMAL = re.compile(r"[-+]?(0|[0-9]{4,})?\.[0-9]+|[-+]?[0-9]+\.([0-9]{1,2}|[0-9]{4,})")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_SERIAL = re.compile(r"[2-6][0-9]{4}")  # as spreadsheets count days
_DAY_0 = dt.date(1899, 12, 30)
# How dates are written elsewhere; of a month, its first day.
_DATES = (
    *("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y"),
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %Y", "%B %Y", "%Y-%m", "%m/%Y", "%Y"),
)

Value = TypeVar("Value")


def number(text: str) -> float:
    """A finite number.

    Raises:
        ValueError: with what is wrong, and what would be right.

    >>> number(" 1e3 ")
    1000.0
    """
    text = text.strip()
    if _NUMBER.fullmatch(text) and math.isfinite(value := float(text)):
        return value
    if not text:
        raise ValueError("is empty", "write a number")
    if _COMMA.fullmatch(text) or _THOUSANDS.fullmatch(text):
        meant = [text.replace(",", "")] if _THOUSANDS.fullmatch(text) else []
        meant += [text.replace(",", ".")] if _COMMA.fullmatch(text) else []
        raise ValueError(f"'{text}' has a comma", f"write {' or '.join(meant)}")
    raise ValueError(f"{describe(text)} is not a number", "write one such as 0.25 or 60000")


def date(text: str) -> dt.date:
    """A day.

    Raises:
        ValueError: with what is wrong, and what would be right.
    """
    try:
        if DATE.fullmatch(text.strip()):
            return dt.date.fromisoformat(text.strip())
    except ValueError:
        pass
    problem = f"{describe(text)} is not a date" if text else "is empty"
    meant = " or ".join(map(str, dict.fromkeys(_meant(text.strip()))))
    raise ValueError(problem, f"write {meant or 'one such as 2030-04-12'}")


def _meant(text: str) -> Iterator[dt.date]:
    """The days that a text may mean which is no date as we write them."""
    if _SERIAL.fullmatch(text):
        yield _DAY_0 + dt.timedelta(days=int(text))
    for form in _DATES:
        with contextlib.suppress(ValueError):
            yield dt.datetime.strptime(text, form).date()


@dataclass(frozen=True)
class FileRow:
    """A row of a table: its line in the file, and its cells in the order of the columns."""

    line: int
    cells: tuple[str, ...]


class FileTable:
    """A table of a file; faults are gathered until `check`.

    Attributes:
        columns: their names, in order.
        rows: those with something in them.
        line: of the names.
    """

    def __init__(self, file: str, columns: Sequence[str], line: int) -> None:
        self.file, self.columns, self.line = file, tuple(columns), line
        self.rows: list[FileRow] = []
        self.faults: list[Fault] = []

    def add(self, line: int, cells: tuple[str, ...]) -> None:
        """One more row."""
        self.rows.append(FileRow(line, cells))

    def fault(self, problem: str, fix: str = "", column: str = "", line: int | None = None) -> None:
        """Something is wrong in a line (that of the names, if none is given) and column."""
        found = Fault(problem, fix, path=column, file=self.file, line=line or self.line or None)
        self.faults.append(found)

    def values(self, column: str, read: Callable[[str], Value]) -> list[Value | None]:
        """A value for each row; None where `read` says with a ValueError what is wrong."""
        at = self.columns.index(column)
        found: list[Value | None] = []
        for row in self.rows:
            try:
                found.append(read(row.cells[at]))
            except ValueError as error:
                problem, fix = error.args
                self.fault(problem, fix, column, row.line)
                found.append(None)
        return found

    def check(self) -> None:
        """Tell what is wrong.

        Raises:
            AmnokError: with every fault in the order of the lines; beyond the first, how many more.
        """
        if not self.faults:
            return
        faults = sorted(self.faults, key=lambda one: one.line or 0)
        more = len(faults) - _MOST_FAULTS
        faults = faults[:_MOST_FAULTS]
        if more > 0:
            faults.append(Fault(f"and {more:,} more faults", file=self.file))
        raise AmnokError(faults)


def read_table(file: str | Path, what: str) -> FileTable:
    """The table in a CSV file; the first line has the names of its columns.

    Args:
        file: where it is.
        what: what each row is, for messages.

    Raises:
        AmnokError: it cannot be read as a table at all.
    """
    label = str(file)
    rows, separator = _rows(text_of(Path(file), label, LIMIT), label)
    table = table_of(rows, label, what)
    if separator == ";":
        _tell_of_dots(table)
    return table


def _tell_of_dots(table: FileTable) -> None:
    """Where cells end with `;`, 1.234 may be 1234; another number in it can tell which."""
    cells = [
        (row.line, column, cell)
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]
    if any(_DOT_IS_DECIMAL.fullmatch(cell) for _, _, cell in cells):
        return
    for line, column, cell in cells:
        if _DOT_IS_EITHER.fullmatch(cell):
            problem = f"'{cell}' may mean {cell}0 or {cell.replace('.', '')} in a table with ;"
            table.fault(problem, "write it as one of these", column, line)


def row_of(line: int, cells: Iterable[str]) -> FileRow:
    """A row without the spaces around its cells, and with marks that are not seen written out."""
    return FileRow(line, tuple(visible(cell.strip()) for cell in cells))


def table_of(rows: Sequence[FileRow], label: str, what: str) -> FileTable:
    """The table that rows are; the first has the names of its columns.

    Args:
        rows: those of a file, or of somebody's table.
        label: what messages call it.
        what: what each row is, for messages.

    Raises:
        AmnokError: there is no row.
    """
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        problem, fix = f"holds no {what}", "a line with names of columns, then a line for each"
        raise AmnokError(Fault(problem, fix, file=label))
    head = rows[0]
    width = max(at for at, name in enumerate(head.cells, start=1) if name)
    table = FileTable(label, head.cells[:width], head.line)
    for name, times in Counter(table.columns).items():
        if times > 1 or not name:
            problem = "is named twice" if name else "a column has no name"
            table.fault(problem, "keep one of them" if name else "name it", name)
    for row in rows[1:]:
        if len(row.cells) < width or any(row.cells[width:]):
            problem = f"has {counted(len(row.cells), 'cell')}, not {width}"
            is_decimal = any(cell.isdecimal() for cell in row.cells) and len(row.cells) > width
            fix = "write 0.5, not 0,5: a comma begins a new cell" if is_decimal else ""
            table.fault(problem, fix, line=row.line)
        else:
            table.add(row.line, row.cells[:width])
    if not table.rows and not table.faults:
        table.fault(f"holds no {what}", "a line of names, then a line for each")
    return table


def _rows(text: str, label: str) -> tuple[list[FileRow], str]:
    """The rows of CSV, and what separates cells; a row of several lines counts from the last."""
    named = _SEPARATOR_LINE.match(text)
    text = "\n" * bool(named) + text[named.end() if named else 0 :]
    first = named[1] if named else next((line for line in text.splitlines() if line.strip()), "")
    separator = max(_SEPARATORS, key=lambda one: _outside_quotes(first).count(one))
    csv.field_size_limit(LIMIT)  # Python's own is 131,072, and a text may be longer
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    try:
        return [row_of(reader.line_num, cells) for cells in reader], separator
    except csv.Error as error:
        fix = "look for a quote that is not closed"
        fault = Fault(f"is not CSV: {error}", fix, file=label, line=reader.line_num)
        raise AmnokError(fault) from None


def json_rows(file: Path, label: str) -> Iterator[tuple[int, Any]]:
    """Line and value of each line of a file of JSON Lines; a ValueError for one that is no JSON.

    Texts come as they are shown, with marks that are not seen written out.

    Raises:
        AmnokError: it cannot be read as text at all.
    """
    for line, told in enumerate(text_of(file, label, LIMIT).split("\n"), start=1):
        if told.strip():
            try:
                yield line, shown(_json(told))
            except ValueError as error:
                yield line, error
            except RecursionError:
                yield line, ValueError("nested too deep")


def _json(text: str) -> Any:
    return json.loads(
        text,
        object_pairs_hook=_object,
        parse_constant=_constant,
        parse_float=_finite,
        parse_int=_whole,
    )


def _constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    if math.isfinite(value := float(text)):
        return value
    raise ValueError(f"{describe(text)} is too large a number")


def _whole(text: str) -> int:
    _finite(text)
    return int(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(one for one in names if names.count(one) > 1)}' is given twice")
    return found


def shown(value: Any) -> Any:
    """Plain data whose texts are as they are shown, with marks that are not seen written out."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): shown(one) for key, one in value.items()}
    return [shown(one) for one in value] if isinstance(value, list) else value


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)
