"""Tables in every format: no digit is lost, nothing is markup, programs read what was put in."""

import csv
import html.parser
import io
import json
import math
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.cells import cell_len

from amnok.cells import compact, full, one_line, percent, plain
from amnok.reporting.formats import as_data, render
from amnok.reporting.layout import Screen
from amnok.table import Column, Sheet, Table

SCREENS = st.builds(
    Screen, st.integers(40, 200), st.sampled_from(["utf-8", "ascii", "cp1252"]), st.booleans()
)
# Letters of any script, marks that combine, control characters, markup of every kind.
TEXTS = st.text(
    st.one_of(
        st.characters(blacklist_categories=["Cs"], max_codepoint=0x2FFFF),
        st.sampled_from("ab경계مرح\u0301\u202e\u200f\x00\x1b\n\r\t |*_`<>&[](){}#\\"),
    ),
    max_size=40,
)
EXACT = st.one_of(st.floats(), st.fractions(-(10**8), 10**8, max_denominator=10**8))
FORMS = {compact: st.floats(), full: EXACT, percent: st.floats(-9, 9), plain: st.integers()}
A, B = Column("a"), Column("b")


@st.composite
def columns(draw):
    """Columns of texts or of numbers, the first of texts, perhaps under headings."""
    made = [Column("who", draw(TEXTS))]
    if draw(st.booleans()):
        made.insert(0, Column("heading", role="group"))
    for number in range(draw(st.integers(0, 7))):
        form = draw(st.sampled_from([None, *FORMS]))
        label = draw(TEXTS)
        made.append(Column(f"c{number}", label, form=form) if form else Column(f"t{number}", label))
    return tuple(made)


@st.composite
def tables(draw):
    made = draw(columns())
    cells = []
    for column in made:
        values: st.SearchStrategy[Any] = TEXTS
        if column.name.startswith("c"):
            values = FORMS[column.form]
        if column.form is plain and column.name.startswith("c"):
            values = st.one_of(st.integers(-(10**12), 10**12), st.booleans())
        cells.append(st.one_of(st.none(), values) if column.name[0] in "ct" else values)
    rows = draw(st.lists(st.tuples(*cells), max_size=5))
    return Table(draw(TEXTS), made, tuple(rows), tuple(draw(st.lists(TEXTS, max_size=2))))


def plain_text(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.slow
@given(tables(), SCREENS)
def test_every_digit_is_on_a_screen_of_any_width(table, screen):
    text = plain_text(render(table, "console", screen))
    text.encode(screen.encoding)
    lines = text.split("\n")
    assert max(map(cell_len, lines)) <= screen.width
    words = set(text.split())
    for row in table.records():
        for column in table.columns:
            value = row[column.name]
            if column.name.startswith("c") and value is not None:
                assert set(column.text(row).split()) <= words


@given(tables(), SCREENS)
def test_no_text_and_no_head_is_lost(table, screen):
    """Folded anywhere, or set in by two, but all of it and in order."""
    squeezed = "".join(plain_text(render(table, "console", screen)).split())
    letters = sorted(squeezed)
    view = table.view()
    for text in (table.title, *table.notes):
        assert "".join(screen.shows(text).split()) in squeezed
    if table.rows:
        shown = [*view.heads, *(one for _, texts in view.rows for one in texts)]
        for text in shown:
            for letter in set(screen.shows(text)) - {" "}:
                if not letter.isspace():
                    assert letter in letters


SIZES = st.floats(1e-3, 1e7)


@given(st.lists(st.tuples(SIZES, SIZES, SIZES), max_size=12))
def test_intervals_across_columns_are_in_blocks(values):
    """As many columns as there are phases: each number is there at every width."""
    records = [
        {"measure": "Crossings", "phase": f"phase {n}", "mean": mean, "low": low, "high": high}
        for n, (mean, low, high) in enumerate(values)
    ]
    made = (
        Column("measure", ""),
        Column("phase", role="across"),
        Column("mean", ends=("low", "high")),
        Column("low"),
        Column("high"),
    )
    table = Table.of("", made, records)
    for width in (40, 80, 200):
        text = render(table, "console", Screen(width))
        for row in records:
            assert row["phase"] in text
            numbers = (compact(row[name]) for name in ("mean", "low", "high"))
            assert "{} [{}, {}]".format(*numbers) in text


@given(tables())
def test_programs_read_back_what_was_put_in(table):
    assert json.loads(render(table, "json")) == json.loads(json.dumps(as_data(table)))
    for row, record in zip(table.rows, json.loads(render(table, "json")), strict=True):
        assert tuple(record) == table.names
        for value, cell in zip(row, record.values(), strict=True):
            if isinstance(value, float) and not math.isfinite(value):
                assert cell is None
            elif isinstance(value, Fraction):
                assert Fraction(cell) == value
            else:
                assert cell == value
    head, *lines = csv.reader(io.StringIO(render(table, "csv")))
    assert tuple(head) == table.names
    for row, line in zip(table.rows, lines, strict=True):
        for value, cell in zip(row, line, strict=True):
            if value is None or (isinstance(value, float) and not math.isfinite(value)):
                assert cell == ""
            elif isinstance(value, str):
                assert cell == one_line(value)
            else:
                assert cell == str(value)
                assert isinstance(value, bool) or type(value)(cell) == value


@given(TEXTS, st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_json_holds_in_any_encoding_what_nobody_could_see(text, encoding):
    written = render(Sheet(text), "json", Screen(encoding=encoding))
    assert json.loads(written.encode(encoding))["title"] == text
    assert one_line(written.replace("\n", "")) == written.replace("\n", "")


def test_exact_numbers_and_what_is_no_number_in_json():
    table = Table("t", (A, B), ((Fraction(1, 3), math.inf), (("x", "y"), math.nan)))
    assert as_data(table) == [{"a": "1/3", "b": None}, {"a": ["x", "y"], "b": None}]
    assert as_data(Sheet("", (table, table), ("lead",), ("end",), {"n": math.nan})) == {
        "title": "",
        "n": None,
        "t": as_data(table),
        "t_2": as_data(table),
        "notes": ["end"],
    }


class Page(html.parser.HTMLParser):
    """The elements of a page, and the text in each."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = set(), []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.texts.append("")

    def handle_data(self, text):
        self.texts[-1] += text


def _with_hyphens(text):
    """Pages have minus signs and dashes where programs read hyphens."""
    return text.replace("−", "-").replace("–", "-")


@given(tables())
def test_nothing_in_a_table_is_html(table):
    text = render(table, "html")
    page = Page(text)
    shown = set(map(_with_hyphens, page.texts))
    assert page.tags <= {"h3", "div", "table", "thead", "tbody", "tr", "th", "td", "p"}
    assert one_line(text) == text
    view = table.view()
    for _, texts in view.rows:
        for one in texts:
            assert _with_hyphens(one_line(one)) in shown
    for note in table.notes:
        assert one_line(note) in page.texts


@given(tables())
def test_nothing_in_a_table_is_markdown(table):
    view = table.view()
    text = render(Table("", table.columns, table.rows), "markdown")
    page = Page(MarkdownIt("commonmark").enable("table").render(text))
    assert page.tags <= {"table", "thead", "tbody", "tr", "th", "td", "strong"}
    shown = [" ".join(one.split()) for one in page.texts]
    for _, texts in view.rows:
        for one in texts:
            assert " ".join(one_line(one).split()) in shown


@pytest.mark.parametrize("rows", [((1,),), ((1, 2, 3),)])
def test_a_table_has_a_cell_for_each_column(rows):
    with pytest.raises(ValueError, match="rows of other lengths"):
        Table("", (A, B), rows)
    with pytest.raises(ValueError, match="two columns of one name"):
        Table("", (A, A), ())


def test_a_character_that_a_screen_has_not_is_shown_by_its_code():
    table = Table("경계", (A,), (("é\u202e",),))
    assert "\\uacbd\\uacc4" in render(table, "console", Screen(encoding="cp1252"))
    assert "é\\u202e" in render(table, "console", Screen(encoding="cp1252"))
    assert "\\xe9\\u202e" in render(table, "console", Screen(encoding="ascii"))


def test_wide_letters_and_marks_line_up():
    rows = (("경계", 1.5), ("e\u0301te\u0301", 22.5), ("مرحبا", 3.0))
    table = Table("", (A, B), rows)
    lines = render(table, "console").splitlines()[2:]
    assert {cell_len(line) for line in lines} == {cell_len(lines[0])}
