"""Tables: tidy rows for programs, and how people see them.

A `Table` holds each number once, in a column with a name of its own. What a column says beside its
name (label, unit, interval, role) tells how people see the same rows; `Table.view` shows them so.
`amnok.reporting.formats.render` writes either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from amnok.cells import Cell, Form, one_line, plain, text_of

_MARK = 3  # characters of a text that is no more than a mark
_NEGATIVE = re.compile(r"(?<!\w)-(?=\d)")
_CLASSES = {"holds": "holds", "does not hold": "fails"}


def _words(name: str) -> str:
    return name.replace("_", " ")


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: what programs call it, in JSON and CSV.
        label: what people read above it; the name, with spaces for `_`, where it says nothing.
        unit: follows the label, in brackets.
        form: how a cell that is there is written for people.
        ends: two columns that hold the ends of its interval; people see them in its cells.
        brackets: a column that people see in brackets after it.
        role: how people see it. `group`: above the rows that share it. `across`: as one column
            for each of its values, filled by the columns after it. `data`: not at all.
    """

    name: str
    label: str | None = None
    unit: str = ""
    form: Form = plain
    ends: tuple[str, ...] = ()
    brackets: str = ""
    role: Literal["", "group", "across", "data"] = ""

    @property
    def head(self) -> str:
        """What stands above it."""
        label = _words(self.name) if self.label is None else self.label
        return f"{label} ({self.unit})" if self.unit else label

    def text(self, row: Mapping[str, Cell]) -> str:
        """What people read in a row."""
        value = row[self.name]
        text = "-" if _is_missing(value) else self.form(value)
        ends = [row[name] for name in self.ends]
        if ends and not any(map(_is_missing, ends)):
            text += f" [{', '.join(map(self.form, ends))}]"
        more = row[self.brackets] if self.brackets else None
        return f"{text} ({plain(more)})" if more else text


def _is_missing(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


@dataclass(frozen=True)
class TableView:
    """A table as people see it.

    Attributes:
        heads: of its columns.
        numbers: which columns hold numbers or marks, and no text to be folded.
        rows: the heading that a row stands under, perhaps empty, and its texts.
    """

    heads: tuple[str, ...]
    numbers: tuple[bool, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Table:
    """Rows with named columns.

    Attributes:
        title: what it shows.
        columns: of different names.
        rows: a cell for each column; None and NaN are nothing, and people see `-`.
        notes: sentences below it.
        name: what programs call it; made of the title where it is empty.
        only_for: who gets it, if not both.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    name: str = ""
    only_for: Literal["", "people", "programs"] = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(map(tuple, self.rows)))
        name = self.name or re.sub(r"\W+", "_", self.title.lower()).strip("_")
        object.__setattr__(self, "name", name)
        names = self.names
        if len(set(names)) < len(names):
            raise ValueError(f"two columns of one name: {names}")
        if any(len(row) != len(names) for row in self.rows):
            raise ValueError(f"rows of other lengths than {len(names)} columns")

    @classmethod
    def of(
        cls,
        title: str,
        columns: Iterable[Column | str],
        records: Iterable[Mapping[Any, Any]],
        **more: Any,
    ) -> Table:
        """A table of mappings from a column's name to its cell; other keys are left out.

        A text among the columns is a column of that name.
        """
        named = (Column(one) if isinstance(one, str) else one for one in columns)
        made = cls(title, tuple(named), (), **more)
        rows = tuple(tuple(_cell(one[name]) for name in made.names) for one in records)
        return replace(made, rows=rows)

    @classmethod
    def of_frame(cls, title: str, frame: Any, whole: str, most: int = 20) -> Table:
        """The first rows of a table of pandas; a note says that `whole` gives the others."""
        records = frame.head(most).to_dict(orient="records")
        more = f"{len(frame):,} rows: {whole}"
        notes = (more,) if len(frame) > most else ()
        return cls.of(title, map(str, frame.columns), records, notes=notes)

    @classmethod
    def pairs(cls, title: str, values: Mapping[str, Cell], form: Form = plain) -> Table:
        """Names and what they stand for; programs see an object."""
        columns = (Column("name", "", form=_words), Column("value", "", form=form))
        return cls(title, columns, tuple(values.items()))

    @property
    def names(self) -> tuple[str, ...]:
        """What programs call its columns."""
        return tuple(column.name for column in self.columns)

    def frame(self) -> Any:
        """The rows as a table of pandas."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=list(self.names))

    def _repr_html_(self) -> str:
        return html(Sheet("", (self,)))

    def records(self) -> list[dict[str, Cell]]:
        """Each row by the names of its columns."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def view(self) -> TableView:
        """What people see."""
        table = self._spread()
        aside = {name for one in table.columns for name in (*one.ends, one.brackets)}
        group = next((one for one in table.columns if one.role == "group"), None)
        seen = [one for one in table.columns if not one.role and one.name not in aside]
        rows = []
        for row in table.records():
            heading = group.text(row) if group else ""
            rows.append((heading, tuple(one.text(row) for one in seen)))
        if group:
            rows = _without_lone_groups(rows)
        numbers = []
        for n, one in enumerate(seen):
            cells = [row[one.name] for row in table.records()]
            are_texts = any(isinstance(cell, str | tuple) for cell in cells)
            short = n > 0 and all(len(texts[n]) <= _MARK for _, texts in rows)
            numbers.append(short or not are_texts)
        return TableView(tuple(one.head for one in seen), tuple(numbers), tuple(rows))

    def _spread(self) -> Table:
        """With a column for each value of the column `across`."""
        at = next((n for n, one in enumerate(self.columns) if one.role == "across"), None)
        if at is None:
            return self
        before, after = self.columns[:at], self.columns[at + 1 :]
        aside = {name for one in after for name in (*one.ends, one.brackets)}
        alone = sum(not one.role and one.name not in aside for one in after) == 1
        values = list(dict.fromkeys(row[at] for row in self.rows))
        found: dict[tuple[Cell, ...], dict[Cell, tuple[Cell, ...]]] = {}
        for row in self.rows:
            found.setdefault(row[:at], {})[row[at]] = row[at + 1 :]
        columns = []
        for value in values:
            head = self.columns[at].form(value)
            for one in after:
                made = replace(
                    one,
                    name=f"{one.name}\0{value}",
                    label=head if alone else f"{head}: {one.head}",
                    ends=tuple(f"{end}\0{value}" for end in one.ends),
                    brackets=one.brackets and f"{one.brackets}\0{value}",
                )
                columns.append(made)
        nothing = (None,) * len(after)
        rows = [
            (*key, *(cell for value in values for cell in cells.get(value, nothing)))
            for key, cells in found.items()
        ]
        return replace(self, columns=(*before, *columns), rows=tuple(rows))


def _without_lone_groups(
    rows: list[tuple[str, tuple[str, ...]]],
) -> list[tuple[str, tuple[str, ...]]]:
    """A row without a name of its own takes that of its group."""
    return [
        (heading, texts) if texts[0] or not heading else ("", (heading, *texts[1:]))
        for heading, texts in rows
    ]


def _cell(value: Any) -> Cell:
    """What comes out of a data frame or JSON, as a cell."""
    return tuple(map(str, value)) if isinstance(value, list) else value


@dataclass(frozen=True)
class Sheet:
    """What a command or a page says: tables under one title.

    Attributes:
        title: what all of it is about.
        tables: in order.
        lead: sentences below the title.
        notes: sentences at the end.
        facts: what programs also get, by name: plain data.
    """

    title: str
    tables: tuple[Table, ...] = ()
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def _repr_html_(self) -> str:
        return html(self)


class Shown:
    """Base of results that a notebook shows as tables, and a terminal in a line."""

    def sheet(self) -> Sheet:
        """The tables; the title says what it is."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {one_line(self.sheet().title)}>"

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        return html(self.sheet())


def html(sheet: Sheet) -> str:
    """A sheet as a part of a page."""
    return "".join(_html(sheet))


def _html(sheet: Sheet) -> Iterator[str]:
    if sheet.title:
        yield f"<h2>{text_of(sheet.title)}</h2>"
    yield from (f"<p>{text_of(line)}</p>" for line in sheet.lead)
    for table in sheet.tables:
        if table.only_for != "programs":
            yield from _html_table(table)
    yield from (f"<p>{text_of(line)}</p>" for line in sheet.notes)


def _html_table(table: Table) -> Iterator[str]:
    """A table that scrolls where it is too wide; the first cell of a row names it."""
    view = table.view()
    if table.title:
        yield f"<h3>{text_of(table.title)}</h3>"
    kind = "wide" if all(view.numbers[1:]) else "wide text"
    label = f' role="region" aria-label="{text_of(table.title)}"' if table.title else ""
    yield f'<div class="{kind}" tabindex="0"{label}><table>'
    if any(view.heads):
        heads = "".join(
            f'<th scope="col">{text_of(head)}</th>' if head else "<td></td>" for head in view.heads
        )
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    last = ""
    for heading, (first, *rest) in view.rows:
        if heading and heading != last:
            span = f'<th scope="rowgroup" colspan="{len(view.heads)}">'
            yield f'<tr class="group">{span}{text_of(heading)}</th></tr>'
        last = heading
        cells = "".join(
            f"<td{_class(cell)}>{text_of(_typeset(cell) if is_number else cell)}</td>"
            for cell, is_number in zip(rest, view.numbers[1:], strict=True)
        )
        yield f'<tr><th scope="row">{text_of(first)}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    yield from (f"<p>{text_of(line)}</p>" for line in table.notes)


def _typeset(cell: str) -> str:
    """A number with the minus signs that pages have; a terminal has those that programs read.

    >>> _typeset("-2.40 [-3.10, 1.00]"), _typeset("2018-06-01"), _typeset("1e-07"), _typeset("-")
    ('−2.40 [−3.10, 1.00]', '2018-06-01', '1e-07', '–')
    """
    return _NEGATIVE.sub("−", cell) if cell != "-" else "–"


def _class(cell: str) -> str:
    return f' class="{_CLASSES[cell]}"' if cell in _CLASSES else ""
