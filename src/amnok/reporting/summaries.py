"""The summary: what happened in each phase, with intervals over replicates."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import xarray as xr

from amnok.reporting.charts import labelled
from amnok.results.intervals import interval
from amnok.results.ledgers import phases
from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING, CHECKED_PER_EXPORT, SHARE_CHECKED
from amnok.table import Column, Sheet, Table, compact

SEASONS = (
    "Columns differ by season and all else, not by orders alone; what an order did: "
    "amnok effects {}"
)
MONTH = 30  # days; arrests are too few to count by the day
BORDER = "The border"
ARRESTS = f"Arrests in {MONTH} days"
CHECKING = "Hours of checking a day"


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
            most = 100.0 if row.unit == "%" else math.inf
            mean, low, high = interval(row.values.to_numpy().astype(np.float64), 0.0, most)
            rows.append((row.table, row.measure, row.unit, phase.label, mean, low, high))
    columns = ["table", "measure", "unit", "phase", "mean", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _rows(days: xr.Dataset) -> Iterator[_Row]:
    yield from _border(days)
    yield from _arrests(days)
    if "goods_checking_hours" in days:
        hours = days["goods_checking_hours"].sum("sector").mean("day")
        for goods, label in labelled(days, "goods"):
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
    return ((side, label) for side, label in labelled(days, "side") if side in acting)


def _arrests(days: xr.Dataset) -> Iterator[_Row]:
    if "arrests" not in days:
        return
    arrests = MONTH * days["arrests"].groupby("agency_side").sum().sum("sector").mean("day")
    for side, side_label in _acting(days):
        for size, label in labelled(days, "size"):
            values = arrests.sel(agency_side=side, size=size)
            yield _Row(ARRESTS, f"{side_label}: {label}", f"per {MONTH} days", values)


def summary_sheet(dataset: xr.Dataset) -> Sheet:
    """The summary for people and programs."""
    n = dataset.sizes["replicate"]
    replicates = f"{n} replicates" if n > 1 else "1 replicate"
    means = ": means with 95% intervals over replicates" if n > 1 else ""
    attributes = dataset.attrs
    lead = [f"{attributes['scenario']}, seed {attributes['seed']}, {replicates}{means}"]
    if attributes.get("status", "complete") != "complete":
        wanted = attributes["replicates_requested"]
        lead.append(f"{attributes['status']}: {n} of {wanted} replicates")
    names = ("scenario", "seed", "status")
    facts = {name: attributes[name] for name in names if name in attributes}
    notes = (SEASONS.format(attributes["scenario"]),) if len(phases(dataset)) > 1 else ()
    table = phase_table(dataset)
    return Sheet(attributes["title"], (table,), tuple(lead), notes, facts | {"replicates": n})


def phase_table(dataset: xr.Dataset) -> Table:
    """The numbers of the summary, for people a column a phase."""
    columns = (
        Column("table", role="group"),
        Column("measure", "", brackets="unit"),
        Column("unit"),
        Column("phase", role="across"),
        Column("mean", form=compact, ends=("low", "high")),
        Column("low"),
        Column("high"),
    )
    return Table.of("By phase", columns, summary(dataset).to_dict("records"), name="phases")
