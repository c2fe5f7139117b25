"""What the charts of a run show, apart from how they are drawn: on paper, or on a page."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.results.intervals import intervals
from amnok.results.measuring.charting import ChartLines, Drawn, charts_on, values_of
from amnok.scenario.measures.compiling import cells
from amnok.scenario.measures.definitions import FRAME
from amnok.scenario.measures.dimensions import Space
from amnok.scenario.measures.limits import limits

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
        most: that a value can come to.
    """

    label: str
    values: Array
    colour: int
    style: int = 0
    most: float = math.inf


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
        is_here: all of it is of the one sector that was asked for.
    """

    name: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    dots: tuple[Dots, ...] = ()
    scale: str = "linear"
    top: float | None = None
    is_here: bool = False


def charts(weeks: xr.Dataset, sector: str | None = None) -> tuple[Chart, ...]:
    """The charts of a run or of one of its sectors, as `scenario/builtin/usual/charts.yaml` and the
    border say them; those that it has the mechanisms for.

    Args:
        weeks: from `weekly`.
        sector: its name; the whole border without one.
    """
    space, drawn = charts_on(weeks.attrs[FRAME], sector)
    label = labels_of(weeks)
    staple = label("goods", space.words["goods"]["staple"]).lower()
    found = (_chart(one, weeks, space, label, staple) for one in drawn)
    return tuple(one for one in found if one.lines)


def _chart(one: Drawn, weeks: xr.Dataset, space: Space, label: Label, staple: str) -> Chart:
    lines, dots = list[Line](), list[Dots]()
    drawn = [part for part in one.lines if part.compiled.variables <= {*weeks.variables}]
    unit, per = space.told_in(one.of.unit, str(one.of.lines[0].measure.where.get("goods", "")))
    top = math.inf if one.of.top is None else one.of.top
    for part in drawn:
        most = min(limits(part.compiled.plan)[1] / per, top)
        found = [(cell, values / per) for cell, values in values_of(weeks, part, space)]
        for cell, values in found:
            told = {dim: label(dim, name) for dim, name in cell.items()}
            text = part.of.alone if part.of.alone and len(found) == 1 else part.of.label
            lines.append(Line(text.format(**told), values, *_look(cell, space, len(lines)), most))
        if one.of.surveyed:
            dots += _surveys(weeks, part, space, lines[-len(found) :], per)
    title = one.of.title.format(staple=staple)
    if dots:
        title += " (dots: surveys of one replicate)"
    is_here = all(part.here is not part.compiled for part in drawn)
    ends = (one.of.scale, one.of.top)
    return Chart(one.name, title, unit, tuple(lines), tuple(dots), *ends, is_here)


def _look(cell: Mapping[str, Any], space: Space, number: int) -> tuple[int, int]:
    """Colour and style of a line; of two things that tell lines apart, colours tell the second."""
    if len(cell) < 2:
        return number, 0
    first, second = [space.labels[dim].index(name) for dim, name in cell.items()][:2]
    return second, first


def band(values: Array, most: float = math.inf) -> tuple[Array, Array, Array]:
    """Mean over replicates of each week, and its 95% interval.

    What is never below zero has an interval that is not either, and none reaches above `most`.

    Args:
        values: [replicate, week]; NaN where there is nothing.
        most: that a value can come to.

    Returns:
        mean, low, high, [week]; the ends are NaN where fewer than two replicates have a value.
    """
    mean, low, high = intervals(values)
    least = -math.inf if (values < 0.0).any() else 0.0
    return mean, np.maximum(low, least), np.minimum(high, most)


def _surveys(
    weeks: xr.Dataset, part: ChartLines, space: Space, lines: Sequence[Line], per: float
) -> Iterator[Dots]:
    """Prices of the same goods as surveyed, in the first replicate; a colour for each market."""
    if "surveyed_price" not in weeks:
        return
    chosen = space.chosen("goods", part.of.measure.where["goods"])
    goods = next(iter(chosen))
    here = weeks["surveyed_price"].sel(goods=goods).isel(replicate=0).transpose("market", ...)
    for line, (cell, _) in zip(lines, cells(space, part.compiled), strict=True):
        seen = here.sel(market=cell["market"]).to_numpy().astype(np.float64) / per
        yield Dots(line.label, weeks["survey_day"].to_numpy(), seen, line.colour)


Label = Callable[[str, Any], str]
_CHANNELS = ("route_channel", "route_channel_label")


def labels_of(dataset: xr.Dataset) -> Label:
    """The label of a name along a dimension, or the name if it has none."""
    known = {
        dim: dict(labelled(dataset, dim))
        for dim in map(str, dataset.dims)
        if f"{dim}_label" in dataset.coords
    }
    if "route_channel_label" in dataset.coords:  # channels are no dimension: each route has one
        owned = (dataset[name].to_numpy().tolist() for name in _CHANNELS)
        known["channel"] = dict(zip(*owned, strict=True))
    return lambda dim, name: known.get(dim, {}).get(str(name), str(name).replace("_", " "))


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
