"""A comparison of policies as tables and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from amnok.cells import change, compact, counted, fixed, percent
from amnok.mechanisms.roles import CHANNELS
from amnok.reporting.basis import sources, sources_note
from amnok.reporting.formats import as_data
from amnok.results.outcomes import kinds
from amnok.scenario import Scenario
from amnok.studies.comparison import Comparison
from amnok.studies.comparison.arms import DIFFERENCES, paired
from amnok.studies.persons import FATE_LABELS
from amnok.table import Column, Sheet, Table

# Outcome and the dimensions that its rows are told apart by; over the others it is summed up.
HEADLINES: tuple[tuple[str, tuple[str, ...]], ...] = (
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


def headlines(comparison: Comparison, policy: str) -> list[dict[str, Any]]:
    """Rows of the outcomes that tables show, with the columns of `Comparison.differences`."""
    rows: list[dict[str, Any]] = []
    for name, dims in HEADLINES:
        if name not in comparison.values:
            continue
        rows += rows_of(comparison, policy, name, dims)
    return rows


def rows_of(
    comparison: Comparison, policy: str, outcome: str, dims: tuple[str, ...]
) -> list[dict[str, Any]]:
    """The differences in one outcome, told apart by some of its dimensions."""
    values = comparison.values[outcome]
    over = [dim for dim in values.dims if dim not in ("policy", "replicate", *dims)]
    summed = values.sum(over, keep_attrs=True, min_count=1) if over else values
    return [dict(zip(DIFFERENCES, row, strict=True)) for row in paired(summed, policy)]


def headline_rows(comparison: Comparison, policy: str) -> list[dict[str, Any]]:
    """The same as plain rows with labels; null for what is not a finite number."""
    table = _labelled(comparison, policy)
    rows: list[dict[str, Any]] = as_data(Table.of("", map(str, table.columns), _rows(table)))
    return rows


def _labelled(comparison: Comparison, policy: str) -> pd.DataFrame:
    """Headlines with the labels of outcomes and of where they are."""
    called = called_by(comparison.scenario)
    table = pd.DataFrame(headlines(comparison, policy), columns=list(DIFFERENCES))
    table.insert(
        0, "text", [comparison.values[name].attrs["long_name"] for name in table["outcome"]]
    )
    table["where"] = list(map(called, table["outcome"], table["where"]))
    return table


WHAT_X_IS = (
    "x: variance-reduction factor of common random numbers, that is how many times as many "
    "replicates the same interval would take if arms did not share people and draws"
)


def comparison_sheet(comparison: Comparison) -> Sheet:
    """For each policy, what it does to outcomes, and to whom; for programs, every number."""
    n = comparison.values.sizes["replicate"]
    means = ": means, and 95% intervals of paired differences" if n > 1 else ""
    note = (WHAT_X_IS,)
    given = ("each replicate is a world of the posterior, if the model is right",)
    persons = comparison.persons.mean("replicate").to_dataframe("persons").reset_index()
    return Sheet(
        comparison.scenario.title,
        (
            *(table for policy in comparison.labels for table in _shown(comparison, policy)),
            *((_spread(comparison),) if comparison.drawn else ()),
            differences_table(comparison),
            _for_programs("persons", persons),
        ),
        (
            *days_counted(comparison),
            f"{counted(n, 'replicate')}{means}",
            *(given if comparison.drawn else ()),
        ),
        (*(note if n > 1 else ()), *sources_note(comparison.scenario)),
        {
            "scenario": comparison.scenario.name,
            "sources": sources(comparison.scenario),
            "replicates": n,
            "days": comparison.days and [day.isoformat() for day in comparison.days],
            "policies": dict(comparison.labels),
            "first_difference": {
                one: first_day(comparison.first_difference.sel(policy=one))
                for one in comparison.labels
            },
        },
    )


def days_counted(comparison: Comparison) -> tuple[str, ...]:
    """Which days outcomes count, where that is known, in a sentence."""
    if comparison.days is None:
        return ()
    first, last = comparison.days
    return (f"Outcomes count {first} to {last}",)


def _shown(comparison: Comparison, policy: str) -> Iterator[Table]:
    yield outcomes_table(comparison, policy)
    if "arrests" in comparison.values:
        yield persons_table(comparison, policy)


def differences_table(comparison: Comparison) -> Table:
    """Every paired difference, for programs."""
    return _for_programs("differences", comparison.differences())


def _for_programs(name: str, frame: pd.DataFrame) -> Table:
    return Table.of(name, map(str, frame.columns), _rows(frame), only_for="programs")


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict(orient="records")


def outcomes_table(
    comparison: Comparison, policy: str, holds: Callable[[Mapping[str, Any]], str] | None = None
) -> Table:
    """What a policy does to the outcomes that people ask for first.

    Args:
        comparison: of the border with it.
        policy: its name.
        holds: how far a row holds under other guesses.
    """
    n = comparison.values.sizes["replicate"]
    columns: tuple[Column, ...] = (
        Column("text", role="group", brackets="unit"),
        Column("unit"),
        Column("where", ""),
        Column("base", "as it is"),
        Column("with_policy", "with it"),
        Column("difference", ends=("low", "high")),
        Column("low"),
        Column("high"),
        Column("relative", "%", form=change),
        Column("unpaired", "x", form=lambda value: compact(value / n)),
    )
    told = told_first(comparison.first_difference.sel(policy=policy), comparison.scenario)
    title = f"{comparison.labels[policy]} ({policy})"
    records = _rows(_labelled(comparison, policy))
    told_of = [holds(row) for row in headlines(comparison, policy)] if holds else []
    if any(told_of):
        records = [{**row, "holds": one} for row, one in zip(records, told_of, strict=True)]
        columns = (*columns, Column("holds", "under other guesses"))
    return Table.of(title, columns, records, notes=(told,), only_for="people")


def persons_table(comparison: Comparison, policy: str) -> Table:
    """Who is arrested in which arm."""
    persons = comparison.persons.sel(policy=policy)
    label = comparison.labels[policy]
    return fates_table(persons, comparison.scenario, "policy", FATE_LABELS, label)


def fates_table(
    persons: xr.DataArray,
    scenario: Scenario,
    what: str,
    labels: Mapping[str, str],
    called: str,
) -> Table:
    """Who is arrested in which of two worlds, over the whole period.

    Args:
        persons: [replicate, side, size, sector, fate].
        scenario: of one of them.
        what: sets them apart.
        labels: of fates.
        called: what is compared, for the title.
    """
    title = f"{called}: persons arrested at least once, over the whole period"
    persons = persons.sum("sector", skipna=False).mean("replicate")
    if not np.isfinite(persons.to_numpy()).all():
        note = f"The {what} changes who there is: persons cannot be told apart"
        return Table(title, (), (), (note,), only_for="people")
    named = labels_of(scenario)
    columns = (
        Column("who", ""),
        Column("fate", role="across", form=labels.__getitem__),
        Column("persons", form=lambda number: fixed(number, 1, ",")),
    )
    rows = [
        (
            f"{named[str(side)]}: {named[str(size)]}",
            str(fate),
            float(persons.sel(side=side, size=size, fate=fate)),
        )
        for side in persons["side"].to_numpy()
        for size in persons["size"].to_numpy()
        for fate in persons["fate"].to_numpy()
    ]
    return Table(title, columns, tuple(rows), only_for="people")


def first_day(days: xr.DataArray) -> str | None:
    """The first day on which any replicate differs, of their first days; NaT for none."""
    known = days.to_series().dropna()
    return str(known.min().date()) if len(known) else None


def told_first(days: xr.DataArray, scenario: Scenario) -> str:
    """The same in a sentence."""
    first = first_day(days)
    if first == scenario.period.start.isoformat():
        return f"The worlds differ from the first day, {first}"
    return f"Nothing differs before {first}" if first else "Nothing differs on any day"


def labels_of(scenario: Scenario) -> dict[str, str]:
    """What people call the channels, sides, sizes, sectors, goods and markets of a border, by
    name."""
    sides = (scenario.sides.inner, scenario.sides.outer)
    parts = (scenario.traders.sizes, scenario.sectors, scenario.goods, scenario.markets)
    return {
        **{channel: scenario.called(channel) for channel in CHANNELS},
        **{side.key: side.label for side in sides},
        **{name: one.label for part in parts for name, one in part.items()},
    }


def called_by(scenario: Scenario) -> Callable[[str, str], str]:
    """What people call the cells of an outcome, by its name and their names joined by commas."""
    named, known = labels_of(scenario), kinds(scenario)
    officers = {name: label for name, label in named.items() if name not in CHANNELS}

    def called(outcome: str, where: str) -> str:
        # Customs who are paid are officers, not a way across.
        own = named if "receiver" not in known[outcome].dims else officers
        parts = (part for part in where.split(", ") if part)
        return ", ".join(own.get(part, part.replace("_", " ")) for part in parts)

    return called


def _spread(comparison: Comparison) -> Table:
    """What policies do from world to world of a posterior."""
    columns = [
        Column("policy", role="group"),
        Column("text", "outcome"),
        Column("outcome", role="data"),
        Column("unit"),
        Column("low", "80% of worlds from [to]", ends=("high",)),
        Column("high", role="data"),
        Column("falls", "worlds in which it falls", form=percent),
    ]
    rows = comparison.spread().to_dict("records")
    for row in rows:
        row["text"] = comparison.values[row["outcome"]].attrs["long_name"]
    return Table.of("What policies do, from world to world", columns, rows)
