"""The summary: what happened in each phase, with intervals over replicates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from rich import box
from rich.console import Console
from rich.table import Table

from amnok.results.intervals import interval
from amnok.results.ledgers import phases
from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING, CHECKED_PER_EXPORT, SHARE_CHECKED

MONTH = 30  # days; arrests are too few to count by the day
BORDER = "The border"
ARRESTS = f"Arrests in {MONTH} days"
CHECKING = "Hours of checking a day"
_LABEL, _NUMBER, _AT_ONCE = 34, 20, 3  # widths, and phases side by side, that fit 100 columns
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


class _Row(NamedTuple):
    """One measure of one phase: its value in every replicate, [replicate]."""

    table: str
    measure: str
    unit: str
    values: xr.DataArray


def summary(dataset: xr.Dataset) -> pd.DataFrame:
    """Means over each phase with 95% intervals over replicates, one number a row.

    Columns: table, measure, unit, phase, mean, low, high. `low` and `high` are NaN with a single
    replicate; a mean is NaN where it has nothing to be a mean of.
    """
    rows = []
    for phase in phases(dataset):
        for row in _rows(phase.of(dataset)):
            mean, low, high = interval(row.values.to_numpy().astype(np.float64))
            rows.append((row.table, row.measure, row.unit, phase.label, mean, low, high))
    columns = ["table", "measure", "unit", "phase", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _rows(days: xr.Dataset) -> Iterator[_Row]:
    yield from _border(days)
    yield from _arrests(days)
    if "goods_checking_hours" in days:
        hours = days["goods_checking_hours"].sum("sector").mean("day")
        for goods, label in _labelled(days, "goods"):
            yield _Row(CHECKING, label, "hours per day", hours.sel(goods=goods))


def _border(days: xr.Dataset) -> Iterator[_Row]:
    money = days.attrs["currency"]

    def daily(name: str) -> xr.DataArray:
        cells = [dim for dim in days[name].dims if dim not in ("replicate", "day")]
        return days[name].sum(cells).mean("day")

    yield _Row(BORDER, "Crossings", "per day", daily("crossings"))
    yield _Row(BORDER, "Value crossed", f"{money} per day", daily("value_crossed"))
    if "export_items_checked" in days:
        checked, share = CHECKED_PER_EXPORT, SHARE_CHECKED
        yield _Row(BORDER, checked.text, checked.unit, checked.of(days))
        yield _Row(BORDER, share.text, "%", 100 * share.of(days))
    if "guard_bribes" in days:
        bribe = BRIBE_PER_RIVER_CROSSING
        yield _Row(BORDER, bribe.text, money, bribe.of(days))
    if "bribes" in days:
        yield _Row(BORDER, "All bribes", f"{money} per day", daily("bribes"))
    for name in ("searches", "questionings"):
        if name in days:
            yield _Row(BORDER, name.capitalize(), "per day", daily(name))
    if "arrests" in days:
        by_side = days["arrests"].groupby("agency_side").sum().sum(["sector", "size"]).mean("day")
        for side, label in _acting(days):
            yield _Row(BORDER, f"Arrests, {label}", "per day", by_side.sel(agency_side=side))


def _acting(days: xr.Dataset) -> Iterator[tuple[str, str]]:
    """Names and labels of the sides that have agencies."""
    acting = set(days["agency_side"].to_numpy())
    return ((side, label) for side, label in _labelled(days, "side") if side in acting)


def _arrests(days: xr.Dataset) -> Iterator[_Row]:
    if "arrests" not in days:
        return
    arrests = MONTH * days["arrests"].groupby("agency_side").sum().sum("sector").mean("day")
    for side, side_label in _acting(days):
        for size, label in _labelled(days, "size"):
            values = arrests.sel(agency_side=side, size=size)
            yield _Row(ARRESTS, f"{side_label}: {label}", f"per {MONTH} days", values)


def _labelled(days: xr.Dataset, dim: str) -> Iterator[tuple[str, str]]:
    """Names along a dimension and their labels."""
    labels = days[f"{dim}_label"].to_numpy()
    return zip(map(str, days[dim].to_numpy()), map(str, labels), strict=True)


def print_summary(dataset: xr.Dataset, console: Console) -> None:
    """Print the summary as tables of at most 100 columns."""
    frame, n = summary(dataset), dataset.sizes["replicate"]
    replicates = f"{n} replicates" if n > 1 else "1 replicate"
    console.print(dataset.attrs["title"], style="bold", highlight=False)
    console.print(
        f"{dataset.attrs['scenario']}, seed {dataset.attrs['seed']}, {replicates}"
        + (": means with 95% intervals over replicates" if n > 1 else ""),
        highlight=False,
    )
    if dataset.attrs.get("status", "complete") != "complete":
        wanted = dataset.attrs["replicates_requested"]
        console.print(f"{dataset.attrs['status']}: {n} of {wanted} replicates", highlight=False)
    for name, rows in frame.groupby("table", sort=False):
        labels = list(dict.fromkeys(rows["phase"]))
        for first in range(0, len(labels), _AT_ONCE):
            console.print()
            console.print(_table(str(name), rows, labels[first : first + _AT_ONCE]))


def _table(name: str, rows: pd.DataFrame, labels: list[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column(name, width=_LABEL)
    for label in labels:
        table.add_column(label, justify="right", min_width=_NUMBER)
    for (measure, unit), cells in rows.groupby(["measure", "unit"], sort=False):
        by_phase = cells.set_index("phase")[["mean", "low", "high"]]
        texts = [_cell(*map(float, by_phase.loc[label].to_numpy())) for label in labels]
        table.add_row(f"{measure} ({unit})" if name == BORDER else str(measure), *texts)
    return table


def _cell(mean: float, low: float, high: float) -> str:
    """A mean with its interval.

    >>> _cell(12.34, 11.0, 13.68), _cell(0.5, math.nan, math.nan), _cell(math.nan, 0.0, 0.0)
    ('12.3 [11.0, 13.7]', '0.500', '-')
    """
    if math.isnan(mean):
        return "-"
    if math.isnan(low):
        return compact(mean)
    return f"{compact(mean)} [{compact(low)}, {compact(high)}]"


def compact(number: float) -> str:
    """A number to three digits, in thousands (k), millions (M) or billions (B).

    >>> [compact(x) for x in (0, 0.01234, 1.5, 12.34, 999.9, 12_345, -4.5e6)]
    ['0', '0.0123', '1.50', '12.3', '1.00k', '12.3k', '-4.50M']
    """
    if number == 0:
        return "0"
    number = float(f"{number:.3g}")
    for step, suffix in _STEPS:
        if abs(number) >= step:
            return _three_digits(number / step) + suffix
    return _three_digits(number)


def _three_digits(number: float) -> str:
    decimals = 2 - math.floor(math.log10(abs(number)))
    return f"{number:.{min(max(decimals, 0), 4)}f}"
