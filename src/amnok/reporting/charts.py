"""What the charts of a run show, apart from how they are drawn: on paper, or on a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.results.intervals import intervals
from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING, SHARE_CHECKED, ratio

# Okabe & Ito's colours, which people with any colour vision can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Weekly values of each replicate, [replicate, week].

    Attributes:
        label: what the legend calls it.
        values: NaN where there is nothing to divide by.
        colour: number of the colour.
        style: 0 a full line, 1 a dashed one.
    """

    label: str
    values: Array
    colour: int
    style: int = 0


@dataclass(frozen=True)
class Dots:
    """Single observations: dates and values."""

    label: str
    dates: NDArray[np.datetime64]
    values: Array
    colour: int


@dataclass(frozen=True)
class Chart:
    """One chart: what it shows, in which unit, on which scale.

    Attributes:
        name: short name, for files and addresses.
        title: what it shows.
        unit: of the vertical axis.
        lines: weekly values.
        dots: observations beside them.
        scale: "linear", "log", or "symlog" (linear below 1, for counts with zeros).
        top: upper end of the vertical axis, if it has a natural one.
    """

    name: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    dots: tuple[Dots, ...] = ()
    scale: str = "linear"
    top: float | None = None


def charts(weeks: xr.Dataset, sector: str | None = None) -> tuple[Chart, ...]:
    """The charts of a run or of one of its sectors; those of which it has the variables.

    Args:
        weeks: from `weekly`.
        sector: its name; the whole border without one.
    """
    part = _Part(weeks, sector)
    return tuple(draw(part) for draw, needs in CHARTS.items() if _has(weeks, needs))


CHARTS: dict[Callable[[_Part], Chart], tuple[str, ...]] = {}
"""How each chart is made, in the order shown, and the variables it needs; see `_chart`."""


def _chart(*needs: str) -> Callable[[Callable[[_Part], Chart]], Callable[[_Part], Chart]]:
    """Adds the function below it to the charts of a run; of names joined by `|` one will do."""

    def add(draw: Callable[[_Part], Chart]) -> Callable[[_Part], Chart]:
        CHARTS[draw] = needs
        return draw

    return add


def _has(weeks: xr.Dataset, needs: tuple[str, ...]) -> bool:
    return all(any(name in weeks for name in names.split("|")) for names in needs)


class _Part:
    """Sums over all sectors, or one of them."""

    def __init__(self, weeks: xr.Dataset, sector: str | None) -> None:
        self.weeks = weeks
        names = list(weeks["sector"].to_numpy())
        self._sectors = slice(None) if sector is None else [names.index(sector)]

    def sums(self, name: str, *dims: str) -> Array:
        """A variable over sectors, [*dims, replicate, week]."""
        values = self.weeks.variables[name].transpose("sector", *dims, "replicate", "week").values
        sums: Array = np.asarray(values)[self._sectors].sum(axis=0)
        return sums


def band(values: Array) -> tuple[Array, Array, Array]:
    """Mean over replicates of each week, and its 95% interval; counts do not reach below zero.

    Args:
        values: [replicate, week]; NaN where there is nothing.

    Returns:
        mean, low, high, [week]; the ends are NaN where fewer than two replicates have a value.
    """
    mean, low, high = intervals(values)
    return mean, np.maximum(low, 0.0), high


@_chart("crossings")
def _crossings(part: _Part) -> Chart:
    names = part.weeks["channel"].to_numpy()
    sums = zip(names, part.sums("crossings", "channel"), strict=True)
    lines = [Line(str(channel), values, n) for n, (channel, values) in enumerate(sums)]
    title, unit = "Crossings by channel", "consignments a week"
    return Chart("crossings", title, unit, tuple(lines), scale="log")


@_chart("export_items_checked", "export_items")
def _checking(part: _Part) -> Chart:
    of = SHARE_CHECKED
    shares = 100 * ratio(part.sums(of.top, "investigated"), part.sums(of.bottom, "investigated"))
    groups = part.weeks["investigated"].to_numpy()
    lines = [
        Line(f"senders {group} investigated" if len(groups) > 1 else "all senders", share, number)
        for number, (group, share) in enumerate(zip(groups, shares, strict=True))
    ]
    return Chart("checking", of.text, "% of items", tuple(lines), top=100)


@_chart("guard_bribes", "river_crossings")
def _bribes(part: _Part) -> Chart:
    of = BRIBE_PER_RIVER_CROSSING
    each = ratio(part.sums(of.top, "size"), part.sums("river_crossings", "size"))
    lines = [
        Line(label, values, number)
        for number, (values, (_, label)) in enumerate(
            zip(each, labelled(part.weeks, "size"), strict=True)
        )
    ]
    unit = str(part.weeks.attrs["currency"])
    return Chart("bribes", of.text, unit, tuple(lines), scale="log")


@_chart("arrests")
def _arrests(part: _Part) -> Chart:
    arrests = part.sums("arrests", "side", "size")
    acting = set(part.weeks["agency_side"].to_numpy())
    lines = [
        Line(f"{label}, {side_label}", arrests[style, number], number, style)
        for style, (side, side_label) in enumerate(labelled(part.weeks, "side"))
        if side in acting
        for number, (_, label) in enumerate(labelled(part.weeks, "size"))
    ]
    return Chart("arrests", "Arrests by size of trader", "persons a week", tuple(lines))


@_chart("price")
def _prices(part: _Part) -> Chart:
    weeks = part.weeks
    goods = _staple(weeks)
    prices = weeks.variables["price"].transpose("goods", "market", "replicate", "week").values
    markets = [label for _, label in labelled(weeks, "market")]
    lines = [Line(label, prices[goods, number], number) for number, label in enumerate(markets)]
    dots = list(_surveys(weeks, goods, markets))
    title = f"Price of {str(weeks['goods_label'].to_numpy()[goods]).lower()}"
    if dots:
        title += " (dots: surveys of one replicate)"
    unit = f"{weeks.attrs['currency']} an item"
    return Chart("prices", title, unit, tuple(lines), tuple(dots))


def _surveys(weeks: xr.Dataset, goods: int, markets: list[str]) -> Iterator[Dots]:
    """Prices of some goods as surveyed, in the first replicate."""
    if "surveyed_price" not in weeks:
        return
    dims = ("goods", "market", "replicate", "survey_day")
    surveyed = weeks.variables["surveyed_price"].transpose(*dims)
    dates, seen = weeks["survey_day"].to_numpy(), np.asarray(surveyed.values)[goods, :, 0]
    for number, label in enumerate(markets):
        yield Dots(label, dates, seen[number].astype(np.float64), number)


def _staple(weeks: xr.Dataset) -> int:
    """Grain where it is traded, otherwise the first of the goods that are brought in."""
    names = [str(name) for name in weeks["goods"].to_numpy()]
    if "grain" in names:
        return names.index("grain")
    return int(np.argmax(weeks["goods_direction"].to_numpy() == "import"))


@_chart("arrests|questionings")
def _seen(part: _Part) -> Chart:
    kinds = [name for name in ("arrests", "questionings") if name in part.weeks]
    lines = [Line("happened", _all(part, kinds), 0)]
    if f"official_{kinds[0]}" in part.weeks:
        written = _all(part, [f"official_{name}" for name in kinds])
        lines.append(Line("officially recorded", written, 1))
    if "published" in part.weeks:
        lines.append(Line("source reports published", part.sums("published"), 2))
    title = " and ".join(kinds).capitalize() + ": truth and what is seen"
    return Chart("seen", title, "persons, or reports, a week", tuple(lines), scale="symlog")


def _all(part: _Part, names: list[str]) -> Array:
    """Events of several kinds, of everyone, [replicate, week]."""
    total = sum(part.sums(name, "side", "size") for name in names)
    sums: Array = np.asarray(total).sum(axis=(0, 1))
    return sums


def labelled(dataset: xr.Dataset, dim: str) -> Iterator[tuple[str, str]]:
    """Names along a dimension and their labels."""
    labels = dataset[f"{dim}_label"].to_numpy()
    return zip(map(str, dataset[dim].to_numpy()), map(str, labels), strict=True)


def orders(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Orders and changes in force that start within the days shown, by start: label, start, end,
    intensity."""
    wanted = [one for one in json.loads(dataset.attrs["orders"]) if one["intensity"] != 0]
    return _shown(wanted, dataset)


def halts(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Halts that start within the days shown, by start: label, start, days."""
    return _shown(json.loads(dataset.attrs["halts"]), dataset)


def _shown(events: list[dict[str, Any]], dataset: xr.Dataset) -> list[dict[str, Any]]:
    """What starts within the days shown; a mark beyond them would leave no room for the axes."""
    first, last = (pd.Timestamp(dataset["day"].to_numpy()[end]) for end in (0, -1))
    within = (one for one in events if first <= pd.Timestamp(one["start"]) <= last)
    return sorted(within, key=lambda one: str(one["start"]))
