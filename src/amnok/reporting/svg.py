"""Charts of effects as SVG: the world with an event solid, without it dashed; names on the lines.

A page draws them without any script; colours are the page's, so they follow light and dark.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence

import numpy as np

from amnok.cells import compact, text_of
from amnok.reporting.drawings import Bars, Drawing, Lines
from amnok.reporting.formats import render
from amnok.reporting.numbers import number
from amnok.results.weekly import WEEK
from amnok.studies.effects.paired import WITH, WITHOUT
from amnok.table import Column, Table

_WIDTH, _HEIGHT, _BARS = 560, 270, 460
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 92, 44, 26
_LINE = 14  # between names of two lines


def svg(drawing: Drawing) -> str:
    """A drawing as an SVG element, with its title as its name."""
    if isinstance(drawing, Lines):
        return _svg_of_lines(drawing)
    return _svg_of_bars(drawing)


def figure(drawing: Drawing) -> str:
    """The same with title and unit above it, and its numbers as a table below."""
    holds = f"<small class=guesses>{text_of(drawing.holds)}</small>" if drawing.holds else ""
    return (
        f'<figure class="key"><figcaption><b>{text_of(drawing.title)}</b>{holds}'
        f"<small>{text_of(drawing.unit)}</small></figcaption>{svg(drawing)}"
        f"<details class=numbers><summary>Table</summary>{_table(drawing)}</details></figure>"
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
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    first = one.weeks[0]
    span = max((one.weeks[-1] - first).days + WEEK, 1)
    highs = [
        np.nanmax(np.where(np.isfinite(high), high, mean)) for mean, _, high in one.worlds.values()
    ]
    ticks = _ticks(max(*highs, 1e-9))

    def x(day: float) -> float:
        return _LEFT + (right - _LEFT) * day / span

    def y(value: float) -> float:
        return bottom - (bottom - _TOP) * value / ticks[-1]

    parts = []
    start, end = ((day - first).days for day in one.counted)
    parts.append(
        f'<rect class="counted" x="{x(start):.1f}" y="{_TOP}" width="{x(end + 1) - x(start):.1f}" '
        f'height="{bottom - _TOP}"/>'
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
    level, last_x = 0, -1e9
    for label, day in one.events:
        at = x((day - first).days)
        level = (level + 1) % 2 if at - last_x < 7 * len(label) else 0
        last_x = at
        # Lines begin below all labels, so that none runs through another's.
        parts.append(f'<line class="order" x1="{at:.1f}" x2="{at:.1f}" y1="27" y2="{bottom}"/>')
        anchor = "end" if at + 6.2 * len(label) > _WIDTH else "start"
        place = at + (3 if anchor == "start" else -3)
        parts.append(_text(place, 24 - 12 * level, label, "name", anchor))
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
    for world, at in ends.items():
        parts.append(_text(right + 6, min(at + 4, bottom), f"{world} it", f"label {world}"))
    return _svg(_HEIGHT, f"{one.title}, {one.unit}. A table follows.", parts)


def short(number: float) -> str:
    """A number without zeros at its end, as on the charts that a page draws.

    >>> short(0.0), short(12.5), short(125.0), short(2.5e3), short(2e7)
    ('0', '12.5', '125', '2.5k', '20M')
    """
    text = compact(number)
    digits = text.rstrip("kMB")
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


def shares(rows: Sequence[tuple[str, Sequence[tuple[str, str, float]]]]) -> str:
    """Stacked bars to 100%: for each row its label, and kind, label and share of each part."""
    left, row, width_ = 190, 34, 1100.0
    parts = []
    for place, (label, pieces) in enumerate(rows):
        at, top = float(left), row * place + 4
        parts.append(_text(0, top + 16, label, "label"))
        for kind, name, part in pieces:
            width = (width_ - left) * part
            parts.append(
                f'<rect class="{kind}" x="{at:.1f}" y="{top}" width="{width:.1f}" height="24">'
                f"<title>{text_of(name)} {100 * part:.0f}%</title></rect>"
            )
            text = f"{name} {100 * part:.0f}%"
            for said in (text, f"{100 * part:.0f}%"):
                if 6.6 * len(said) + 8 < width:
                    parts.append(_text(at + 6, top + 16, said, "inside"))
                    break
            at += width
    told = "; ".join(
        f"{label}: " + ", ".join(f"{name} {100 * part:.0f}%" for _, name, part in pieces)
        for label, pieces in rows
    )
    return _svg(row * len(rows) + 2, told, parts, width_)


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


def _table(drawing: Drawing) -> str:
    if isinstance(drawing, Bars):
        heads = ["", drawing.unit, "95% interval", ""]
        rows = [
            [bar.label, f"{bar.value:+.2f}", f"{bar.low:+.2f} to {bar.high:+.2f}", bar.note]
            for bar in drawing.bars
        ]
    else:
        heads = ["week from", *(f"{world} it" for world in drawing.worlds)]
        rows = [
            [day.isoformat(), *(number(float(mean[n])) for mean, _, _ in drawing.worlds.values())]
            for n, day in enumerate(drawing.weeks)
        ]
    made = Table(
        "", tuple(Column(f"c{n}", head) for n, head in enumerate(heads)), tuple(map(tuple, rows))
    )
    return render(made, "html")
