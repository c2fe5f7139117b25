"""One finding as one picture, for a slide or a page of print: its title says what was found."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from amnok.arguments import wrong
from amnok.cells import one_line
from amnok.errors import AmnokError, Fault, nearest
from amnok.reporting.charts import COLOURS
from amnok.reporting.drawings import Bars, Drawing, Lines, chart_of, drawing_of
from amnok.reporting.figures import Picture, name_events, position, show_dates
from amnok.reporting.findings import Findings
from amnok.reporting.svg import short
from amnok.scenario.measures.vocabulary import WEEK
from amnok.studies.counterfactual.paired import WITH, WITHOUT

# Width and height in inches, size of the text in points, letters in a line of the title.
SIZES: Mapping[str, tuple[float, float, float, int]] = {
    "slide": (13.33, 7.5, 17.0, 78),
    "page": (6.7, 4.2, 9.0, 74),
}
_WIDE = 0.8  # of a picture, which its axes are at least
_STYLES = {WITH: (COLOURS[1], "-"), WITHOUT: ("0.35", "--")}


def names(findings: Findings) -> tuple[str, ...]:
    """What there is a picture of: findings by name, then outcomes."""
    found = [one.name for one in findings.all()]
    return tuple(dict.fromkeys([*found, *map(str, findings.effect.daily.data_vars)]))


def picture_of(findings: Findings, chart: str, size: str) -> Picture:
    """The picture of a finding, or of what happened to an outcome.

    Args:
        findings: of an event, over the days that count.
        chart: one of `names`.
        size: `slide` or `page`.

    Raises:
        AmnokError: there is no such chart or size.
    """
    if size not in SIZES:
        raise wrong("size", size, f"one of: {', '.join(SIZES)}")
    own = {one.name: one for one in findings.all()}
    outcome, days = chart, findings.days
    if chart in own:
        outcome, days = own[chart].outcome, own[chart].days
        title, holds = own[chart].title, own[chart].holds
        drawing = drawing_of(findings, own[chart])
    elif chart in findings.effect.daily:
        drawing = chart_of(findings, chart)
        title, holds = drawing.title, drawing.holds
    else:
        known = names(findings)
        close = nearest(chart, known)
        meant = "" if close.startswith("one of") else f"{close}; "
        raise AmnokError(Fault(f"no chart '{chart}'", f"{meant}one of: {', '.join(known)}"))
    source = findings.source(outcome, days).told
    note = f"{holds or findings.guesses.unmeasured()} {source}"
    return Picture(one_line(title), _drawn(drawing, title, note, size))


def _drawn(drawing: Drawing, title: str, source: str, size: str) -> Figure:
    width, height, points, letters = SIZES[size]
    with mpl.rc_context({"font.size": points}):
        figure = Figure(figsize=(width, height), layout="constrained")
        axis = figure.add_subplot()
        if isinstance(drawing, Lines):
            _lines(axis, drawing, width)
        else:
            _bars(axis, drawing)
        axis.spines[["top", "right"]].set_visible(False)
        wrapped = "\n".join(textwrap.wrap(one_line(title), letters))
        figure.suptitle(wrapped, x=0.01, ha="left", weight="bold", fontsize=1.15 * points)
        note = "\n".join(textwrap.wrap(one_line(source), round(1.45 * letters)))
        figure.supxlabel(note, x=0.01, ha="left", fontsize=0.7 * points, color="0.35")
    return figure


def _lines(axis: Axes, one: Lines, width: float) -> None:
    """Both worlds week by week; names at the ends of the lines, orders where they begin.

    Args:
        axis: to draw on.
        one: what to draw.
        width: of the picture, in inches.
    """
    days = [position(week) + WEEK / 2 for week in one.weeks]
    ends = {}
    for world, (mean, low, high) in one.worlds.items():
        colour, style = _STYLES[world]
        axis.plot(days, mean, style, color=colour, linewidth=2)
        if np.isfinite(low).all():
            axis.fill_between(days, low, high, color=colour, alpha=0.2, linewidth=0)
        ends[world] = float(np.mean(mean[-4:]))
    axis.set_ylim(bottom=0)
    axis.set_ylabel(one.unit)
    axis.yaxis.set_major_formatter(lambda value, _: short(value))
    top = axis.get_ylim()[1]
    first, second = sorted(ends, key=ends.__getitem__)
    if ends[second] - ends[first] < 0.06 * top:
        middle = max((ends[first] + ends[second]) / 2, 0.03 * top)
        ends = {first: middle - 0.03 * top, second: middle + 0.03 * top}
    for world, height in ends.items():
        axis.annotate(
            f"{world} it",
            (days[-1], height),
            xytext=(6, 0),
            textcoords="offset points",
            color=_STYLES[world][0],
            va="center",
            annotation_clip=False,
        )
    start, end = map(position, one.counted)
    axis.axvspan(start, end + 1, color="0.93", zorder=0, linewidth=0)
    marked = [(label, position(day)) for label, day in one.events]
    axis.set_xlim(position(one.weeks[0]), position(one.weeks[-1]) + WEEK)
    name_events(axis, marked, _WIDE * width, 0.833 * mpl.rcParams["font.size"])
    axis.grid(axis="y", alpha=0.3, linewidth=0.5)
    show_dates(axis)


def _bars(axis: Axes, one: Bars) -> None:
    """Differences by group from zero with their intervals, grey where no effect is clear."""
    places = range(len(one.bars))
    for place, bar in zip(places, one.bars, strict=True):
        colour = COLOURS[1] if bar.is_clear else "0.75"
        axis.barh(place, bar.value, color=colour, height=0.55)
        ends = [bar.value, 0.0]
        if math.isfinite(bar.low):
            axis.plot([bar.low, bar.high], [place, place], color="0.15", linewidth=1.5)
            ends += [bar.low, bar.high]
        axis.annotate(
            bar.text,
            (max(ends), place),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            weight="bold" if bar.is_clear else "normal",
        )
    axis.set_yticks(list(places), [f"{one_line(bar.label)}\n{bar.note}" for bar in one.bars])
    axis.invert_yaxis()
    axis.axvline(0, color="0.15", linewidth=1)
    axis.margins(x=0.25)
    axis.set_xlabel(one.unit)
