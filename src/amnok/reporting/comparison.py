"""A comparison of policies as tables and as data."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from rich import box
from rich.console import Console
from rich.table import Table

from amnok.reporting.summaries import compact
from amnok.studies.comparison import Comparison
from amnok.studies.comparison.arms import DIFFERENCES, paired
from amnok.studies.comparison.persons import FATE_LABELS

# Outcome and the dimensions that its rows are told apart by; over the others it is summed up.
_HEADLINES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("value_crossed", ("size",)),
    ("value_crossed", ("channel",)),
    ("sanctioned_value", ()),
    ("arrests", ("side", "size")),
    ("detention", ("side", "size")),
    ("questionings", ("size",)),
    ("bribes", ("receiver",)),
    ("checking_hours", ("size",)),
    ("leaks_through", ()),
    ("burden", ("side", "size")),
    ("official_arrests", ("side",)),
    ("reports", ()),
)


def headlines(comparison: Comparison, policy: str) -> pd.DataFrame:
    """The outcomes that tables show, with the columns of `Comparison.differences`."""
    rows = []
    for name, dims in _HEADLINES:
        if name not in comparison.values:
            continue
        values = comparison.values[name]
        over = [dim for dim in values.dims if dim not in ("policy", "replicate", *dims)]
        rows += paired(values.sum(over, keep_attrs=True) if over else values, policy)
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def headline_rows(comparison: Comparison, policy: str) -> list[dict[str, Any]]:
    """The same as plain rows with labels; null for what is not a finite number."""
    named = _names(comparison)
    table = headlines(comparison, policy)
    table.insert(
        0, "text", [comparison.values[name].attrs["long_name"] for name in table["outcome"]]
    )
    table["where"] = [
        ", ".join(named.get(part, part) for part in where.split(", ") if part)
        for where in table["where"]
    ]
    return _plain(table)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """For each policy: what it does to outcomes, and to whom."""
    scenario, n = comparison.scenario, comparison.values.sizes["replicate"]
    console.print(scenario.title, style="bold")
    replicates = (
        f"{n} replicates: means, and 95% intervals of paired differences"
        if n > 1
        else ("1 replicate")
    )
    console.print(replicates)
    for policy, label in comparison.labels.items():
        console.print()
        console.rule(f"{label} ({policy})", align="left", characters="-")
        console.print(_first(comparison, policy))
        console.print(_outcomes(comparison, policy))
        if "arrests" in comparison.values:
            console.print()
            _print_persons(comparison, policy, console)
    if n > 1:
        console.print()
        console.print(
            "x: variance-reduction factor of common random numbers, that is how many times as many "
            "replicates the same interval would take if arms did not share people and draws"
        )


def _first(comparison: Comparison, policy: str) -> str:
    days = comparison.first_difference.sel(policy=policy).to_numpy()
    known = days[~np.isnat(days)]
    if not len(known):
        return "No replicate differs from the base on any day"
    return f"Nothing differs before {known.min().astype('datetime64[D]')}"


def _outcomes(comparison: Comparison, policy: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("", min_width=30)
    for head in ("base", "with it", "difference", "%", "x"):
        table.add_column(head, justify="right")
    named, last = _names(comparison), ""
    n = comparison.values.sizes["replicate"]
    for _, row in headlines(comparison, policy).iterrows():
        name = str(row["outcome"])
        head = f"{comparison.values[name].attrs['long_name']} ({row['unit']})"
        where = ", ".join(named.get(part, part) for part in row["where"].split(", ") if part)
        if where and head != last:
            table.add_row(head)
        table.add_row(f"  {where}" if where else head, *_cells(row, n))
        last = head
    return table


def _names(comparison: Comparison) -> dict[str, str]:
    """Labels of sizes and sides by name."""
    scenario = comparison.scenario
    sides = (scenario.sides.inner, scenario.sides.outer)
    return {name: size.label for name, size in scenario.traders.sizes.items()} | {
        side.key: side.label for side in sides
    }


def _cells(row: pd.Series[Any], replicates: int) -> tuple[str, ...]:
    def number(value: float) -> str:
        return "-" if math.isnan(value) else compact(value)

    difference = number(row["difference"])
    if not math.isnan(row["low"]):
        difference += f" [{number(row['low'])}, {number(row['high'])}]"
    percent = "-" if math.isnan(row["relative"]) else f"{100 * row['relative']:+.1f}"
    more = row["unpaired"] / replicates
    times = "-" if math.isnan(more) else compact(more)
    return number(row["base"]), number(row["with_policy"]), difference, percent, times


def _print_persons(comparison: Comparison, policy: str, console: Console) -> None:
    persons = comparison.persons.sel(policy=policy).sum("sector", skipna=False).mean("replicate")
    if not np.isfinite(persons.to_numpy()).all():
        console.print("The policy changes who there is: persons cannot be told apart")
        return
    named = _names(comparison)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("Persons arrested at least once", min_width=30)
    for fate in persons["fate"].to_numpy():
        table.add_column(FATE_LABELS[str(fate)], justify="right")
    for side in persons["side"].to_numpy():
        for size in persons["size"].to_numpy():
            numbers = persons.sel(side=side, size=size).to_numpy()
            label = f"{named[str(side)]}: {named[str(size)]}"
            table.add_row(label, *(f"{number:,.1f}" for number in numbers))
    console.print(table)


def comparison_json(comparison: Comparison) -> str:
    """Every paired difference and count of persons, as JSON; what cannot be told is null."""
    persons = comparison.persons.mean("replicate").to_dataframe("persons").reset_index()
    content = {
        "scenario": comparison.scenario.name,
        "replicates": int(comparison.values.sizes["replicate"]),
        "policies": dict(comparison.labels),
        "first_difference": {
            policy: _day(comparison.first_difference.sel(policy=policy))
            for policy in comparison.labels
        },
        "differences": _plain(comparison.differences()),
        "persons": _plain(persons),
    }
    return json.dumps(content, indent=1, ensure_ascii=False)


def _day(days: xr.DataArray) -> str | None:
    known = days.to_numpy()[~np.isnat(days.to_numpy())]
    return str(known.min().astype("datetime64[D]")) if len(known) else None


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with null for what is not a finite number."""
    return [
        {
            str(key): None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in row.items()
        }
        for row in table.to_dict(orient="records")
    ]
