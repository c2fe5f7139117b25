"""Charts of effects as SVG: the world with an event solid, without it dashed; names on the lines.

A page draws them without any script; colours are the page's, so they follow light and dark.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from amnok.cells import Cell, compact, percent, significant, text_of
from amnok.reporting.drawings import Bars, Drawing, Lines, Shares, rows_of
from amnok.reporting.formats import render
from amnok.reporting.numbers import number, signed
from amnok.scenario.measures.vocabulary import WEEK
from amnok.studies.counterfactual.paired import WITH, WITHOUT
from amnok.table import Column, Table

_WIDTH, _HEIGHT, _BARS = 560, 270, 460
_DIGITS = 6  # of numbers that are taken along
_LEFT, _RIGHT, _BOTTOM = 54, 92, 26
_ROW = 15  # of names of events; two of them are left free at least
_LINE = 18  # between names of two lines
_THOUSAND, _MILLION = 1e3, 1e6
_LETTER = 8.2  # of names, as wide as they are where a page is small


def svg(drawing: Drawing | Shares) -> str:
    """A drawing as an SVG element, with its title as its name."""
    if isinstance(drawing, Lines):
        return _svg_of_lines(drawing)
    return _svg_of_bars(drawing) if isinstance(drawing, Bars) else _svg_of_shares(drawing)


def figure(drawing: Drawing | Shares, cite: str = "") -> str:
    """The same with title and unit above it, its numbers as a table below, and how to cite it.

    Args:
        drawing: what to show.
        cite: `Source.html` of it; nothing for a preview, which nobody should cite.
    """
    days = f"; counted to {drawing.counted[1]}" if isinstance(drawing, Lines) else ""
    holds = f"<small class=guesses>{text_of(drawing.holds)}</small>" if drawing.holds else ""
    table = table_of(drawing)
    lines = escape(render(table, "csv")).replace("\n", "&#10;")
    return (
        f'<figure class="key"><figcaption><b>{text_of(drawing.title)}</b>{holds}'
        f"<small>{text_of(drawing.unit)}{days}</small></figcaption>{svg(drawing)}"
        f'<details class=numbers data-csv="{lines}"><summary>Table</summary>'
        f"{render(table, 'html')}</details>{cite}</figure>"
    )


def _svg(height: float, title: str, parts: Iterable[str], width: float = _WIDTH) -> str:
    return (
        f'<svg class="drawn" viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{text_of(title)}">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}"'
    return f"<text {place}>{text_of(text)}</text>"


def _svg_of_lines(one: Lines) -> str:
    first = one.weeks[0]
    span = max((one.weeks[-1] - first).days + WEEK, 1)
    right = _WIDTH - _RIGHT
    names = _placed([(label, (day - first).days) for label, day in one.events], span, right)
    rows = 1 + max((row for *_, row in names), default=0)
    top, height = 14 + _ROW * max(rows, 2), _HEIGHT + _ROW * max(rows - 2, 0)
    bottom = height - _BOTTOM
    highs = [
        np.nanmax(np.where(np.isfinite(high), high, mean)) for mean, _, high in one.worlds.values()
    ]
    ticks = _ticks(max(*highs, 1e-9))

    def x(day: float) -> float:
        return _LEFT + (right - _LEFT) * day / span

    def y(value: float) -> float:
        return bottom - (bottom - top) * value / ticks[-1]

    parts = []
    start, end = ((day - first).days for day in one.counted)
    parts.append(
        f'<rect class="counted" x="{x(start):.1f}" y="{top}" width="{x(end + 1) - x(start):.1f}" '
        f'height="{bottom - top}"/>'
    )
    for tick in ticks:
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{right}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        )
        parts.append(_text(_LEFT - 6, y(tick) + 4, short(tick), "", "end"))
    for month in _months(first, span):
        parts.append(
            _text(
                x((month - first).days),
                bottom + 17,
                f"{month:%b %Y}" if month.month in (1, 7) or span < 200 else f"{month:%b}",
                "",
                "middle",
            )
        )
    for label, at, begins, row in names:
        # Lines begin below all labels, so that none runs through another's.
        parts.append(
            f'<line class="order" x1="{at:.1f}" x2="{at:.1f}" y1="{top - 15}" y2="{bottom}"/>'
        )
        parts.append(_text(begins, top - 19 - _ROW * row, label, "name"))
    middles = [WEEK * week + WEEK / 2 for week in range(len(one.weeks))]
    for world, (_, low, high) in one.worlds.items():
        if np.isfinite(low).all():
            up = [f"{x(day):.1f},{y(value):.1f}" for day, value in zip(middles, high, strict=True)]
            down = [f"{x(day):.1f},{y(value):.1f}" for day, value in zip(middles, low, strict=True)]
            parts.append(
                f'<polygon class="band {world}" points="{" ".join([*up, *reversed(down)])}"/>'
            )
    for world, (mean, _, _) in one.worlds.items():
        points = " ".join(
            f"{x(day):.1f},{y(value):.1f}" for day, value in zip(middles, mean, strict=True)
        )
        parts.append(f'<polyline class="world {world}" points="{points}"/>')
    ends = {world: y(float(np.mean(mean[-4:]))) for world, (mean, _, _) in one.worlds.items()}
    apart = ends[WITHOUT] - ends[WITH]
    if abs(apart) < _LINE:
        middle, half = sum(ends.values()) / 2, _LINE / 2 * (1 if apart >= 0 else -1)
        ends = {WITHOUT: middle + half, WITH: middle - half}
    below = max(0.0, max(ends.values()) + 4 - bottom)
    for world, at in ends.items():
        parts.append(_text(right + 6, at + 4 - below, f"{world} it", f"label {world}"))
    return _svg(height, f"{one.title}, {one.unit}. A table follows.", parts)


def _placed(
    events: Sequence[tuple[str, int]], span: int, right: float
) -> list[tuple[str, float, float, int]]:
    """Names of events, where they begin, where the name does, and a row where it hides no other.

    Args:
        events: names and days.
        span: days shown.
        right: where the last of them is.
    """
    places = [_LEFT + (right - _LEFT) * day / span for _, day in events]
    widths = [_LETTER * len(label) + 8 for label, _ in events]
    starts = [max(min(at + 3, _WIDTH - width), 0) for at, width in zip(places, widths, strict=True)]
    rows = rows_of([(one, one + width) for one, width in zip(starts, widths, strict=True)])
    return list(zip((label for label, _ in events), places, starts, rows, strict=True))


def short(number: float) -> str:
    """A number at an axis: thousands as k, and no zeros at its end, as on charts that a page draws.

    >>> short(0.0), short(12.5), short(125.0), short(2.5e3), short(2e7), short(999_999.0)
    ('0', '12.5', '125', '2.5k', '20M', '1M')
    """
    rounded = significant(number, 3)
    if _THOUSAND <= abs(rounded) < _MILLION:
        return f"{rounded / _THOUSAND:g}k"
    text = compact(number)
    digits = text.rstrip("MB")
    return f"{float(digits):g}{text[len(digits) :]}" if "." in text else text


def _months(first: dt.date, span: int) -> list[dt.date]:
    """First days of months, as many as there is room for."""
    every = next(step for step in (1, 2, 3, 6, 12, 24, 60, 120, 1200) if span / (30 * step) <= 8)
    found, year, month = [], first.year, 1
    while (at := dt.date(year, month, 1)) < first + dt.timedelta(days=span):
        if at >= first:
            found.append(at)
        month += every
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return found


def _ticks(top: float) -> list[float]:
    """
    >>> _ticks(47.0), _ticks(0.8)
    ([0.0, 10.0, 20.0, 30.0, 40.0, 50.0], [0.0, 0.2, 0.4, 0.6, 0.8])
    """
    raw = top / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = power * next(one for one in (1, 2, 2.5, 5, 10) if one * power >= raw * 0.8)
    return [round(step * n, 12) for n in range(math.ceil(round(top / step, 9)) + 1)]


def _svg_of_bars(one: Bars) -> str:
    """A block for each bar: its name and what it says, the bar, and both numbers below it."""
    row, bar_height, edge = 54, 14, 2
    low, high = _reach(one)

    def x(value: float) -> float:
        return edge + (_BARS - 2 * edge) * (value - low) / (high - low)

    parts = []
    for place, bar in enumerate(one.bars):
        top = row * place
        kind = "none" if not bar.is_clear else "less" if bar.value < 0 else "more"
        start, end = sorted((x(0), x(bar.value)))
        middle = top + 18 + bar_height / 2
        parts += [
            _text(0, top + 12, bar.label, "label"),
            _text(_BARS, top + 12, bar.text, "value" if bar.is_clear else "quiet", "end"),
            f'<rect class="{kind}" x="{start:.1f}" y="{top + 18}" '
            f'width="{max(end - start, 1):.1f}" height="{bar_height}"/>',
            f'<line class="zero" x1="{x(0):.1f}" x2="{x(0):.1f}" y1="{top + 16}" '
            f'y2="{top + 20 + bar_height}"/>',
            _text(0, top + 46, bar.note, "note"),
        ]
        if math.isfinite(bar.low):
            parts.append(
                f'<line class="interval" x1="{x(bar.low):.1f}" x2="{x(bar.high):.1f}" '
                f'y1="{middle:g}" y2="{middle:g}"/>'
            )
    name = f"{one.title}, {one.unit}. A table follows."
    return _svg(row * len(one.bars), name, parts, _BARS)


def _reach(one: Bars) -> tuple[float, float]:
    """The lowest and the highest value that bars and their intervals reach, zero among them."""
    ends = [end for bar in one.bars for end in (bar.value, bar.low, bar.high) if math.isfinite(end)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    return (low, high) if high > low else (0.0, 1.0)


def _svg_of_shares(one: Shares) -> str:
    """Stacked bars to 100%, each below its name."""
    row, height, parts = 52, 24, []
    for place, (label, pieces) in enumerate(one.rows):
        at, top = 0.0, row * place
        parts.append(_text(0, top + 14, label, "label"))
        for kind, name, part in pieces:
            width = _WIDTH * part
            parts.append(
                f'<rect class="{kind}" x="{at:.1f}" y="{top + 20}" width="{width:.1f}" '
                f'height="{height}"><title>{text_of(name)} {percent(part)}</title></rect>'
            )
            text = f"{name} {percent(part)}"
            for said in (text, percent(part)):
                if 8.8 * len(said) + 10 < width:
                    parts.append(_text(at + 6, top + 36, said, "inside"))
                    break
            at += width
    told = "; ".join(
        f"{label}: " + ", ".join(f"{name} {percent(part)}" for _, name, part in pieces)
        for label, pieces in one.rows
    )
    return _svg(row * len(one.rows), told, parts)


def evidence_bar(figures: int, directions: int, assumed: int) -> str:
    """How many numbers have a figure behind them (solid), a direction (hatched), none (empty)."""
    whole, width, height = max(figures + directions + assumed, 1), 400.0, 18
    solid, hatched = (width * count / whole for count in (figures, directions))
    lines_ = (
        f'<line class="hatch" x1="{solid + x:.1f}" x2="{min(solid + x + 6, solid + hatched):.1f}" '
        f'y1="{height - 2}" y2="{2 + max(0.0, solid + x + 6 - solid - hatched) * 2.3:.1f}"/>'
        for x in np.arange(0.0, max(hatched, 0.0), 5.0)
    )
    parts = [
        f'<rect class="outline" x="1" y="1" width="{width - 2:g}" height="{height - 2}"/>',
        f'<rect class="solid" x="1" y="1" width="{solid:.1f}" height="{height - 2}"/>',
        f'<line class="outline" x1="{solid + hatched:.1f}" x2="{solid + hatched:.1f}" y1="1" '
        f'y2="{height - 1}"/>',
        *lines_,
    ]
    told = f"{figures} with a figure, {directions} with a direction, {assumed} assumed"
    return _svg(height, told, parts, width)


def table_of(drawing: Drawing | Shares) -> Table:
    """The numbers of a drawing: those that a page shows, and those that are taken along."""
    if isinstance(drawing, Bars):
        ends = ("low", "high")
        columns = (
            Column("who", ""),
            Column("change", None, drawing.unit, form=signed, ends=ends),
            *(Column(end, role="data") for end in ends),
            *(Column(world, None, drawing.unit_between, form=compact) for world in (WITH, WITHOUT)),
            *(Column(unit, role="data") for unit in ("unit", "unit_of_change")),
        )
        units = (drawing.unit_between, drawing.unit)
        rows = [
            (bar.label, bar.value, bar.low, bar.high, bar.with_it, bar.without, *units)
            for bar in drawing.bars
        ]
        return _taken(columns, rows)
    if isinstance(drawing, Shares):
        columns = (Column("what", ""), Column("who", role="across"), Column("share", form=percent))
        shares = [(what, who, part) for what, parts in drawing.rows for _, who, part in parts]
        return _taken(columns, shares)
    columns = (Column("week_from"),)
    values = list[NDArray[np.float64]]()
    for world, found in drawing.worlds.items():
        names = (f"{world}_it", f"{world}_it_low", f"{world}_it_high")
        columns += (
            Column(names[0], form=number, ends=names[1:]),
            *(Column(name, role="data") for name in names[1:]),
        )
        values += found
    weeks = enumerate(drawing.weeks)
    return _taken(columns, [(day, *(float(one[n]) for one in values)) for n, day in weeks])


def _taken(columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]]) -> Table:
    return Table("", columns, tuple(tuple(map(_short_of_noise, row)) for row in rows))


def _short_of_noise(cell: Cell) -> Cell:
    return significant(cell, _DIGITS) if isinstance(cell, float) else cell
