"""The overview: one page of pictures of a run."""

from __future__ import annotations

import io
import math
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from amnok.cells import one_line
from amnok.disk import folder_path, write_file
from amnok.errors import AmnokError, Fault
from amnok.reporting.charts import COLOURS, Chart, Line, band, charts, halts, orders
from amnok.reporting.drawings import rows_of
from amnok.reporting.svg import short
from amnok.results.weekly import weekly
from amnok.scenario.measures.vocabulary import WEEK

SUFFIXES = (".png", ".svg", ".pdf")
_STYLES = ("-", "--")
_WIDTH = 11.0  # of the overview, in inches
_LETTER = 0.55  # width of a small letter, of the size of the text
_ROW = 1.25  # from a row of names to the next, of the same


@dataclass(frozen=True, repr=False)
class Picture:
    """A picture, which a notebook shows; `figure` is of matplotlib, for further changes."""

    title: str
    figure: Figure

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"

    def content(self, form: str) -> bytes:
        """The picture as the content of a file: png, svg or pdf."""
        target = io.BytesIO()
        with warnings.catch_warnings():
            # Labels may be in any script: what the font lacks is drawn as a box.
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            self.figure.savefig(target, format=form, dpi=150)
        return target.getvalue()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture as PNG, SVG or PDF.

        Raises:
            AmnokError: the file's ending is not one of these, or it cannot be written.
        """
        write_file(checked_file(path), self.content(checked_file(path).suffix.lower()[1:]))

    def _repr_png_(self) -> bytes:
        return self.content("png")


def checked_file(path: str | os.PathLike[str]) -> Path:
    """A file that a picture can be written to.

    Raises:
        AmnokError: its ending is of no kind that is known.
    """
    file = folder_path(path)
    if file.suffix.lower() not in SUFFIXES:
        problem = f"ends in '{file.suffix}'" if file.suffix else "has no ending"
        raise AmnokError(Fault(problem, f"use {', '.join(SUFFIXES)}", file=str(file)))
    return file


def overview(dataset: xr.Dataset) -> Picture:
    """The overview of a run.

    Lines are means over replicates by week, bands their 95% intervals; dotted lines are starts of
    orders, by name, grey days are halts.
    """
    return Picture(one_line(dataset.attrs["title"]), draw_overview(dataset))


def draw_overview(dataset: xr.Dataset) -> Figure:
    """The overview as a figure of matplotlib."""
    weeks = weekly(dataset)
    shown = charts(weeks)
    rows = math.ceil(len(shown) / 2)
    figure = Figure(figsize=(_WIDTH, 1 + 3.5 * rows), layout="constrained")
    axes = figure.subplots(rows, 2, sharex=True, squeeze=False)
    for axis, chart in zip(axes.flat, shown, strict=False):
        panel = _Panel(axis, weeks)
        panel.draw(chart)
        panel.finish()
    for axis in axes.flat[len(shown) :]:
        # The panel above it is the last of its column, and shows the dates.
        axes.flat[len(shown) - 2].xaxis.set_tick_params(labelbottom=True)
        axis.remove()
    n = dataset.sizes["replicate"]
    count = "1 replicate" if n == 1 else f"{n} replicates, bands are 95% intervals"
    subtitle = f"a simulation, not data; seed {dataset.attrs['seed']}, {count}"
    figure.suptitle(f"{one_line(dataset.attrs['title'])}\n{subtitle}", fontsize=12)
    figure.supxlabel(_footnote(dataset), fontsize=8, ha="left", x=0.01)
    return figure


class _Panel:
    """One pair of axes with a chart on it."""

    def __init__(self, axis: Axes, weeks: xr.Dataset) -> None:
        self.axis, self.weeks = axis, weeks
        self.first, self.last = (position(weeks["day"].to_numpy()[end]) for end in (0, -1))
        self.middles = self.first + np.arange(weeks.sizes["week"]) * WEEK + WEEK / 2

    def draw(self, chart: Chart) -> None:
        """Lines with their bands, dots, scale and names."""
        for line in chart.lines:
            self._line(line)
        for dots in chart.dots:
            places = [position(date) for date in dots.dates]
            colour = COLOURS[dots.colour % len(COLOURS)]
            self.axis.plot(places, dots.values, ".", color=colour, markersize=3)
        self._scale(chart)
        self.axis.set_title(one_line(chart.title), fontsize=10, loc="left")
        self.axis.set_ylabel(chart.unit, fontsize=9)

    def _line(self, line: Line) -> None:
        """Mean and interval over replicates."""
        mean, low, high = band(line.values, line.most)
        colour = COLOURS[line.colour % len(COLOURS)]
        style = _STYLES[line.style % len(_STYLES)]
        marker = "." if len(mean) == 1 else None  # a line of one point cannot be seen
        self.axis.plot(
            self.middles,
            mean,
            style,
            color=colour,
            label=line.label,
            linewidth=1.3,
            marker=marker,
        )
        if len(line.values) > 1:
            self.axis.fill_between(self.middles, low, high, color=colour, alpha=0.2, linewidth=0)

    def _scale(self, chart: Chart) -> None:
        drawn = np.concatenate([np.asarray(line.get_ydata()) for line in self.axis.lines])
        if chart.scale != "linear" and np.any(drawn > 0):
            options = {"linthresh": 1} if chart.scale == "symlog" else {}
            self.axis.set_yscale(chart.scale, **options)
            self.axis.yaxis.set_major_formatter(lambda value, _: short(value))
        if chart.top is not None:
            self.axis.set_ylim(0, 1.02 * chart.top)
        elif chart.scale != "log" and not chart.dots:
            self.axis.set_ylim(bottom=0)

    def finish(self) -> None:
        """Orders, halts, grid, legend, dates."""
        marked = [(one["name"], position(one["start"])) for one in orders(self.weeks)]
        self.axis.set_xlim(self.first, max(self.last, self.first + 1))
        above = name_events(self.axis, marked, width=0.4 * _WIDTH, size=7)
        self.axis.set_title(self.axis.get_title("left"), fontsize=10, loc="left", pad=6 + above)
        for halt in halts(self.weeks):
            start = position(halt["start"])
            self.axis.axvspan(
                start, start + max(1, halt["days"]), color="0.8", zorder=0, linewidth=0
            )
        self.axis.grid(alpha=0.3, linewidth=0.5)
        self.axis.spines[["top", "right"]].set_visible(False)
        # Below the panel, where it hides nothing.
        self.axis.legend(
            fontsize=7.5, frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.07)
        )
        show_dates(self.axis)


def name_events(
    axis: Axes, events: Sequence[tuple[str, float]], width: float, size: float
) -> float:
    """Dotted lines where orders begin, and their names above the axes, none over another.

    Args:
        axis: to draw on, with its limits set.
        events: name and `position` of each.
        width: of the axes, in inches.
        size: of the letters, in points; how wide names are is guessed from it.

    Returns:
        How far the names reach above the axes, in points.
    """
    first, last = axis.get_xlim()
    letter = _LETTER * size / 72 / width * (last - first)
    spans = []
    for name, start in events:
        wide = letter * (len(name) + 1)
        from_ = max(first, min(start, last - wide))
        spans.append((from_, from_ + wide))
    rows = rows_of(spans)
    for (name, start), (from_, _), row in zip(events, spans, rows, strict=True):
        axis.axvline(start, color="0.35", linestyle=":", linewidth=1)
        axis.annotate(
            one_line(name),
            (from_, 1.0),
            xycoords=axis.get_xaxis_transform(),
            xytext=(0, 3 + _ROW * size * row),
            textcoords="offset points",
            fontsize=size,
            annotation_clip=False,
        )
    return _ROW * size * (1 + max(rows, default=-1))


def show_dates(axis: Axes) -> None:
    """Dates along the horizontal axis, a few of them and short."""
    locator = AutoDateLocator(minticks=4, maxticks=8)  # type: ignore[no-untyped-call]
    axis.xaxis.set_major_locator(locator)
    axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def position(date: Any) -> float:
    """Where a date lies on an axis of dates: days since 1970."""
    return float(np.datetime64(date, "D").astype(np.int64))


def _footnote(dataset: xr.Dataset) -> str:
    lines = [f"{one['name']}: {one['start']}, {one['label']}" for one in orders(dataset)]
    if halts(dataset):
        lines.append("grey: halts around political dates")
    return "\n".join(lines)
