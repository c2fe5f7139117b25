"""The overview: one page of pictures of a run."""

from __future__ import annotations

import io
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault
from amnok.observe import reports
from amnok.observe.folder import write_whole
from amnok.observe.intervals import interval

SUFFIXES = (".png", ".svg", ".pdf")
# Okabe & Ito's colours, which people with any colour vision can tell apart.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_STYLES = ("-", "--")
_WEEK = 7


def overview(dataset: xr.Dataset, path: str | Path) -> None:
    """Write the overview figure of a run as PNG, SVG or PDF.

    Lines are means over replicates by week, bands their 95% intervals; numbered lines are starts of
    orders, grey days are halts.

    Raises:
        AmnokError: the file's ending is not one of these, or it cannot be written.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        problem = f"ends in '{path.suffix}'" if path.suffix else "has no ending"
        raise AmnokError(Fault(problem, f"use {', '.join(SUFFIXES)}", file=str(path)))
    target = io.BytesIO()
    with warnings.catch_warnings():
        # Labels may be in any script: what the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        draw_overview(dataset).savefig(target, format=suffix[1:], dpi=150)
    write_whole(path, target.getvalue())


def draw_overview(dataset: xr.Dataset) -> Figure:
    """The overview as a matplotlib figure, for notebooks and for further changes."""
    figure = Figure(figsize=(11, 11.5), layout="constrained")
    axes = figure.subplots(3, 2, sharex=True)
    contents = (_crossings, _checking, _bribes, _arrests, _prices, _reports)
    for axis, fill in zip(axes.flat, contents, strict=True):
        panel = _Panel(axis, dataset)
        fill(panel, dataset)
        panel.finish()
    n = dataset.sizes["replicate"]
    count = "1 replicate" if n == 1 else f"{n} replicates, bands are 95% intervals"
    subtitle = f"a simulation, not data; seed {dataset.attrs['seed']}, {count}"
    figure.suptitle(f"{dataset.attrs['title']}\n{subtitle}", fontsize=12)
    figure.supxlabel(_footnote(dataset), fontsize=8, ha="left", x=0.01)
    return figure


class _Panel:
    """One pair of axes with weekly lines on it."""

    def __init__(self, axis: Axes, dataset: xr.Dataset) -> None:
        self.axis, self.dataset = axis, dataset
        self.first, self.last = (_position(dataset["day"].to_numpy()[end]) for end in (0, -1))
        weeks = max(1, dataset.sizes["day"] // _WEEK)
        self.middles = self.first + np.arange(weeks) * _WEEK + _WEEK / 2

    def weekly(self, daily: xr.DataArray) -> NDArray[np.float64]:
        """Sums over weeks from the first day on, [replicate, week], without an unfinished one."""
        values = daily.transpose("replicate", "day").to_numpy().astype(np.float64)
        weeks = len(self.middles)
        by_week = values[:, : weeks * _WEEK].reshape(len(values), weeks, -1)
        return np.asarray(by_week.sum(axis=2), dtype=np.float64)

    def line(self, daily: xr.DataArray, number: int, label: str, style: int = 0) -> None:
        """Weekly sums of a daily count."""
        self.band(self.weekly(daily), number, label, style)

    def ratio(
        self, top: xr.DataArray, bottom: xr.DataArray, number: int, label: str, scale: float = 1.0
    ) -> None:
        """One weekly sum over another, with gaps where there is nothing to divide by."""
        over, under = self.weekly(top), self.weekly(bottom)
        ratio = np.divide(over, under, out=np.full(over.shape, np.nan), where=under > 0)
        self.band(scale * ratio, number, label)

    def band(self, values: NDArray[np.float64], number: int, label: str, style: int = 0) -> None:
        """Mean and interval over replicates of weekly values, [replicate, week]."""
        mean, low, high = np.array([interval(week) for week in values.T]).T
        colour = _COLOURS[number % len(_COLOURS)]
        line = _STYLES[style % len(_STYLES)]
        marker = "." if len(mean) == 1 else None  # a line of one point cannot be seen
        self.axis.plot(
            self.middles, mean, line, color=colour, label=label, linewidth=1.3, marker=marker
        )
        if len(values) > 1:
            # An interval of a count may reach below zero, the count cannot.
            low = np.maximum(low, 0.0)
            self.axis.fill_between(self.middles, low, high, color=colour, alpha=0.2, linewidth=0)

    def use_log_scale(self, **options: Any) -> None:
        """A logarithmic axis, if there is anything to show on it."""
        drawn = np.concatenate([np.asarray(line.get_ydata()) for line in self.axis.lines])
        if np.any(drawn > 0):
            self.axis.set_yscale("symlog" if options else "log", **options)

    def finish(self) -> None:
        """Orders, halts, grid, legend, dates."""
        for number, order in enumerate(_orders(self.dataset), 1):
            start = _position(order["start"])
            self.axis.axvline(start, color="0.35", linestyle=":", linewidth=1)
            place = self.axis.get_xaxis_transform()
            box = {"boxstyle": "circle,pad=0.2", "facecolor": "white", "edgecolor": "0.35"}
            self.axis.text(
                start,
                0.97,
                str(number),
                transform=place,
                ha="center",
                va="top",
                fontsize=7,
                bbox=box,
            )
        for halt in _halts(self.dataset):
            start = _position(halt["start"])
            self.axis.axvspan(
                start, start + max(1, halt["days"]), color="0.8", zorder=0, linewidth=0
            )
        self.axis.grid(alpha=0.3, linewidth=0.5)
        self.axis.spines[["top", "right"]].set_visible(False)
        # Below the panel, where it hides nothing.
        self.axis.legend(
            fontsize=7.5, frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.07)
        )
        self.axis.set_xlim(self.first, max(self.last, self.first + 1))
        locator = AutoDateLocator(minticks=4, maxticks=8)  # type: ignore[no-untyped-call]
        self.axis.xaxis.set_major_locator(locator)
        formatter = ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]
        self.axis.xaxis.set_major_formatter(formatter)

    def name(self, title: str, unit: str) -> None:
        """Title of the panel and what its vertical axis counts."""
        self.axis.set_title(title, fontsize=10, loc="left")
        self.axis.set_ylabel(unit, fontsize=9)


def _position(date: Any) -> float:
    """Where a date lies on an axis of dates: days since 1970."""
    return float(np.datetime64(date, "D").astype(np.int64))


def _crossings(panel: _Panel, dataset: xr.Dataset) -> None:
    by_channel = dataset["crossings"].sum("size").groupby("route_channel").sum()
    for number, channel in enumerate(by_channel["route_channel"].to_numpy()):
        panel.line(by_channel.sel(route_channel=channel), number, str(channel))
    panel.use_log_scale()
    panel.name("Crossings by channel", "consignments a week")


def _checking(panel: _Panel, dataset: xr.Dataset) -> None:
    checked = dataset["export_items_checked"].sum("sector")
    items = dataset["export_items"].sum("sector")
    for number, group in enumerate(dataset["investigated"].to_numpy()):
        parts = (checked.sel(investigated=group), items.sel(investigated=group))
        panel.ratio(*parts, number, f"senders {group} investigated", scale=100)
    panel.axis.set_ylim(0, 102)
    panel.name("Export items that their sender checks", "% of items")


def _bribes(panel: _Panel, dataset: xr.Dataset) -> None:
    river = dataset[["guard_bribes", "crossings"]].where(dataset["route_channel"] == "river", 0)
    for number, size in enumerate(dataset["size"].to_numpy()):
        parts = river.sel(size=size).sum("route")
        label = str(dataset["size_label"].to_numpy()[number])
        panel.ratio(parts["guard_bribes"], parts["crossings"], number, label)
    panel.use_log_scale()
    panel.name("Bribe to guards per river crossing", dataset.attrs["currency"])


def _arrests(panel: _Panel, dataset: xr.Dataset) -> None:
    arrests = dataset["arrests"].sum("sector").groupby("agency_side").sum()
    for style, side in enumerate(dataset["side"].to_numpy()):
        for number, size in enumerate(dataset["size"].to_numpy()):
            labels = (dataset["size_label"].to_numpy()[number], dataset["side_label"][style].item())
            line = arrests.sel(agency_side=side, size=size)
            panel.line(line, number, ", ".join(labels), style)
    panel.axis.set_ylim(bottom=0)
    panel.name("Arrests by size of trader", "persons a week")


def _prices(panel: _Panel, dataset: xr.Dataset) -> None:
    goods = _staple(dataset)
    prices = dataset["price"].sel(goods=goods).isel(side=0)
    unit = prices.attrs["units"]
    prices = prices / min(_WEEK, dataset.sizes["day"])  # weekly sums become means
    surveys = dataset["surveyed_price"].sel(goods=goods).isel(replicate=0)
    for number, market in enumerate(dataset["market"].to_numpy()):
        label = str(dataset["market_label"].to_numpy()[number])
        panel.line(prices.sel(market=market), number, label)
        dots = surveys.sel(market=market).to_numpy()
        colour = _COLOURS[number % len(_COLOURS)]
        panel.axis.plot(dataset["survey_day"].to_numpy(), dots, ".", color=colour, markersize=3)
    label = str(dataset["goods_label"].sel(goods=goods).item()).lower()
    panel.name(f"Price of {label} (dots: surveys of one replicate)", f"{unit} an item")


def _staple(dataset: xr.Dataset) -> str:
    """Grain where it is traded, otherwise the goods that most consignments carry."""
    if "grain" in dataset["goods"].to_numpy():
        return "grain"
    carried = dataset["goods_attempts"].sum(["replicate", "day", "sector"])
    return str(dataset["goods"].to_numpy()[int(np.argmax(carried.to_numpy()))])


def _reports(panel: _Panel, dataset: xr.Dataset) -> None:
    cells = ["sector", "agency", "size"]
    taken_in = dataset["arrests"] + dataset["questionings"]
    written = dataset["official_arrests"] + dataset["official_questionings"]
    panel.line(taken_in.sum(cells), 0, "happened")
    panel.line(written.sum(cells), 1, "officially recorded")
    panel.line(_published(dataset), 2, "source reports published")
    panel.use_log_scale(linthresh=1)
    panel.axis.set_ylim(bottom=0)
    panel.name("Arrests and questionings: truth and what is seen", "persons, or reports, a week")


def _published(dataset: xr.Dataset) -> xr.DataArray:
    """Reports about arrests and questionings by day of publication, [replicate, day]."""
    table = reports(dataset)
    table = table[table["kind"].isin(["arrest", "questioning"])]
    counts = table.groupby(["replicate", "publication_day"]).size()
    cells = pd.MultiIndex.from_product([dataset["replicate"].to_numpy(), dataset["day"].to_numpy()])
    shape = (dataset.sizes["replicate"], dataset.sizes["day"])
    values = counts.reindex(cells, fill_value=0).to_numpy().reshape(shape)
    return xr.DataArray(values, dims=("replicate", "day"))


def _orders(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Orders that start within the days shown, by start."""
    orders = [one for one in json.loads(dataset.attrs["orders"]) if one["intensity"] > 0]
    return sorted(_shown(orders, dataset), key=lambda one: str(one["start"]))


def _shown(events: list[dict[str, Any]], dataset: xr.Dataset) -> list[dict[str, Any]]:
    """What starts within the days shown; a mark beyond them would leave no room for the axes."""
    first, last = (_position(dataset["day"].to_numpy()[end]) for end in (0, -1))
    return [one for one in events if first <= _position(one["start"]) <= last]


def _halts(dataset: xr.Dataset) -> list[dict[str, Any]]:
    return _shown(json.loads(dataset.attrs["halts"]), dataset)


def _footnote(dataset: xr.Dataset) -> str:
    lines = [
        f"{number}  {order['start']}  {order['label']}"
        for number, order in enumerate(_orders(dataset), 1)
    ]
    halts = ["grey: halts around political dates"] if _halts(dataset) else []
    return "\n".join(lines + halts)
