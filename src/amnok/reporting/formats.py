"""Tables as people and programs get them: `render` writes a sheet or a table in any format.

Texts come from scenarios and may hold anything: nothing in them is markup, and what cannot be seen
or turns the direction of text is written out (`one_line`).
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import json
import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

from amnok.cells import one_line, written
from amnok.reporting.layout import PIPE, Screen, on_screen
from amnok.table import Sheet, Table, TableView, html

Format = Literal["console", "html", "json", "markdown", "csv"]
_MARKS = re.compile(r"[\\|*`<&]|(?<![^\W_])_|_(?![^\W_])|(?<=\])[(:]")  # of Markdown


def render(content: Sheet | Table, format_: Format, screen: Screen = PIPE) -> str:
    """A sheet or a table as text.

    Args:
        content: what to write.
        format_: `console` is for `screen`. `html` is a part of a page, for `hypertext.document`.
            `json` is an object of facts and tables, or a table's rows. `csv` is one table.
        screen: how wide it is, and which characters it has.
    """
    if format_ == "json":
        return as_json(content, screen.encoding)
    if format_ == "csv":
        if not isinstance(content, Table):
            raise ValueError("CSV is of one table")
        return _csv(content)
    sheet = content if isinstance(content, Sheet) else Sheet("", (content,))
    if format_ == "console":
        return on_screen(sheet, screen)
    return html(sheet) if format_ == "html" else "\n".join(_markdown(sheet))


def as_data(content: Sheet | Table) -> Any:
    """A sheet or a table as plain data for JSON."""
    if isinstance(content, Table):
        if content.names == ("name", "value"):
            return {name: plain(value) for name, value in content.rows}
        return [{k: plain(v) for k, v in row.items()} for row in content.records()]
    data = {"title": content.title, **plain(dict(content.facts))}
    for table in content.tables:
        if table.only_for == "people":
            continue
        name, number = table.name, 1
        while name in data:  # two tables of one title
            number += 1
            name = f"{table.name}_{number}"
        data[name] = as_data(table)
    if content.notes:
        data["notes"] = list(content.notes)
    return data


def as_json(content: Any, encoding: str = "utf-8") -> str:
    """JSON text, with `\\u...` for what the encoding has not or nobody could see."""
    data = as_data(content) if isinstance(content, Sheet | Table) else content
    is_utf_8 = codecs.lookup(encoding).name == "utf-8"
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)

    def shown(found: re.Match[str]) -> str:
        one = found[0]
        return one if is_utf_8 and one_line(one) == one else json.dumps(one)[1:-1]

    # Beyond ASCII there are only texts, in which such an escape means the same.
    return re.sub("[^\n -~]", shown, text) + "\n"


def plain(value: Any) -> Any:
    """A value for JSON: null for what is no finite number, and exact numbers as texts."""
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _csv(table: Table) -> str:
    """All digits; an empty field for nothing, `, ` between the parts of a cell, texts visible."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(map(one_line, table.names))
    for row in table.rows:
        cells = (", ".join(cell) if isinstance(cell, tuple) else plain(cell) for cell in row)
        writer.writerow(one_line(one) if isinstance(one, str) else one for one in cells)
    return target.getvalue()


def _markdown(sheet: Sheet) -> Iterator[str]:
    if sheet.title:
        yield from (f"## {_marked(sheet.title)}", "")
    for line in sheet.lead:
        yield from (_marked(line), "")
    for table in sheet.tables:
        if table.only_for != "programs":
            if table.title:
                yield from (f"### {_marked(table.title)}", "")
            yield from _markdown_rows(table.view())
            yield from (f"\n{_marked(line)}" for line in table.notes)
            yield ""
    yield from (f"{_marked(line)}\n" for line in sheet.notes)


def _markdown_rows(view: TableView) -> Iterator[str]:
    """Markdown has no row that spans a table: a heading is bold, in the first column."""
    yield _line(map(_marked, view.heads))
    yield _line("---:" if number else "---" for number in view.numbers)
    last = ""
    for heading, texts in view.rows:
        if heading and heading != last:
            yield _line([f"**{_marked(heading)}**", *[""] * (len(texts) - 1)])
        last = heading
        yield _line(map(_marked, texts))


def _line(cells: Iterator[str] | Sequence[str] | map[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _marked(text: str) -> str:
    """Text of which nothing is Markdown, not even HTML."""
    return _MARKS.sub(r"\\\g<0>", one_line(text))
