"""What the charts of a run show, apart from how they are drawn: on paper, or on a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.observe.intervals import intervals

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
    """The charts of a run or of one of its sectors.

    Args:
        weeks: from `weekly`.
        sector: its name; the whole border without one.
    """
    chosen = [sector] if sector is not None else list(weeks["sector"].to_numpy())
    whole = weeks.drop_vars(["flow", "attempts", "losses"])
    part = whole.sel(sector=chosen)
    return (
        _crossings(part),
        _checking(part),
        _bribes(part),
        _arrests(part),
        _prices(whole),
        _seen(part),
    )


def band(values: Array) -> tuple[Array, Array, Array]:
    """Mean over replicates of each week, and its 95% interval; counts do not reach below zero.

    Args:
        values: [replicate, week]; NaN where there is nothing.

    Returns:
        mean, low, high, [week]; the ends are NaN where fewer than two replicates have a value.
    """
    mean, low, high = intervals(values)
    return mean, np.maximum(low, 0.0), high


def _crossings(weeks: xr.Dataset) -> Chart:
    values = _summed(weeks["crossings"], "channel")
    lines = [
        Line(str(channel), values[channel], number)
        for number, channel in enumerate(weeks["channel"].to_numpy())
    ]
    title, unit = "Crossings by channel", "consignments a week"
    return Chart("crossings", title, unit, tuple(lines), scale="log")


def _checking(weeks: xr.Dataset) -> Chart:
    checked = _summed(weeks["export_items_checked"], "investigated")
    items = _summed(weeks["export_items"], "investigated")
    lines = [
        Line(f"senders {group} investigated", 100 * _ratio(checked[group], items[group]), number)
        for number, group in enumerate(weeks["investigated"].to_numpy())
    ]
    title = "Export items that their sender checks"
    return Chart("checking", title, "% of items", tuple(lines), top=100)


def _bribes(weeks: xr.Dataset) -> Chart:
    paid, crossed = (_summed(weeks[name], "size") for name in ("guard_bribes", "river_crossings"))
    lines = [
        Line(label, _ratio(paid[size], crossed[size]), number)
        for number, (size, label) in enumerate(labelled(weeks, "size"))
    ]
    title, unit = "Bribe to guards per river crossing", str(weeks.attrs["currency"])
    return Chart("bribes", title, unit, tuple(lines), scale="log")


def _arrests(weeks: xr.Dataset) -> Chart:
    lines = []
    for style, (side, side_label) in enumerate(labelled(weeks, "side")):
        arrests = _summed(weeks["arrests"].sel(side=side), "size")
        for number, (size, label) in enumerate(labelled(weeks, "size")):
            lines.append(Line(f"{label}, {side_label}", arrests[size], number, style))
    return Chart("arrests", "Arrests by size of trader", "persons a week", tuple(lines))


def _prices(weeks: xr.Dataset) -> Chart:
    goods = _staple(weeks)
    prices = weeks["price"].sel(goods=goods)
    surveys = weeks["surveyed_price"].sel(goods=goods).isel(replicate=0)
    lines, dots = [], []
    for number, (market, label) in enumerate(labelled(weeks, "market")):
        lines.append(Line(label, _values(prices.sel(market=market)), number))
        seen = np.asarray(surveys.sel(market=market).to_numpy(), dtype=np.float64)
        dots.append(Dots(label, weeks["survey_day"].to_numpy(), seen, number))
    label = str(weeks["goods_label"].sel(goods=goods).item()).lower()
    title = f"Price of {label} (dots: surveys of one replicate)"
    unit = f"{weeks.attrs['currency']} an item"
    return Chart("prices", title, unit, tuple(lines), tuple(dots))


def _staple(weeks: xr.Dataset) -> str:
    """Grain where it is traded, otherwise the first of the goods that are brought in."""
    names = [str(name) for name in weeks["goods"].to_numpy()]
    if "grain" in names:
        return "grain"
    imported = weeks["goods_direction"].to_numpy() == "import"
    return names[int(np.argmax(imported))]


def _seen(weeks: xr.Dataset) -> Chart:
    happened = weeks["arrests"] + weeks["questionings"]
    written = weeks["official_arrests"] + weeks["official_questionings"]
    cells = ["sector", "side", "size"]
    lines = (
        Line("happened", _values(happened.sum(cells)), 0),
        Line("officially recorded", _values(written.sum(cells)), 1),
        Line("source reports published", _values(weeks["published"].sum("sector")), 2),
    )
    title = "Arrests and questionings: truth and what is seen"
    return Chart("seen", title, "persons, or reports, a week", lines, scale="symlog")


def _summed(values: xr.DataArray, dim: str) -> dict[str, Array]:
    """Sums over sectors, [replicate, week], by name along a dimension."""
    sums = values.sum("sector").transpose("replicate", "week", dim).to_numpy()
    return {name: sums[..., n] for n, name in enumerate(values[dim].to_numpy())}


def _values(values: xr.DataArray) -> Array:
    return np.asarray(values.transpose("replicate", "week").to_numpy(), dtype=np.float64)


def _ratio(top: Array, bottom: Array) -> Array:
    ratio: Array = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio


def labelled(dataset: xr.Dataset, dim: str) -> Iterator[tuple[str, str]]:
    """Names along a dimension and their labels."""
    labels = dataset[f"{dim}_label"].to_numpy()
    return zip(map(str, dataset[dim].to_numpy()), map(str, labels), strict=True)


def orders(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Orders in force that start within the days shown, by start: label, start, end, intensity."""
    wanted = [one for one in json.loads(dataset.attrs["orders"]) if one["intensity"] > 0]
    return sorted(_shown(wanted, dataset), key=lambda one: str(one["start"]))


def halts(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """Halts that start within the days shown: label, start, days."""
    return _shown(json.loads(dataset.attrs["halts"]), dataset)


def _shown(events: list[dict[str, Any]], dataset: xr.Dataset) -> list[dict[str, Any]]:
    """What starts within the days shown; a mark beyond them would leave no room for the axes."""
    first, last = (pd.Timestamp(dataset["day"].to_numpy()[end]) for end in (0, -1))
    return [one for one in events if first <= pd.Timestamp(one["start"]) <= last]
