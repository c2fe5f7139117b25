"""A run in plain words, made from its numbers and no others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from amnok.cells import percent
from amnok.reporting.charts import labelled
from amnok.reporting.numbers import amount, apart, moved, number
from amnok.reporting.summaries import ARRESTS, BORDER, summary
from amnok.results.ledgers import phases
from amnok.scenario.measures.definitions import usual


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the outcome it is about (a key of `evidence.STANDS_ON`)."""

    text: str
    about: str


# Rows of the summary that sentences are made of, by name: what they are about.
_TOLD = {
    (BORDER, usual().rows[row].label): about
    for row, about in {
        "crossings": "crossings",
        "value_crossed": "crossings",
        "share_checked": "checking",
        "bribe": "bribes",
        "searches": "searches",
        "questionings": "questionings",
    }.items()
}


def run_in_words(dataset: xr.Dataset) -> list[tuple[str, list[Sentence]]]:
    """What happened in each phase, by phase; later ones against the first.

    Changes are told where the 95% intervals over replicates do not overlap; with one replicate
    there are none, and numbers are told without a verdict.
    """
    frame, named = summary(dataset), phases(dataset)
    first = named[0].label
    told = []
    for phase in named:
        dates = f"{phase.start.date()} to {phase.end.date()}"
        sentences = (
            list(_levels(frame, first))
            if phase.label == first
            else list(_changes(frame, first, phase.label))
        )
        told.append((f"{phase.label} ({dates})", sentences))
    seen = [*_recorded(dataset), *_arrested(dataset)]
    return [*told, ("What is seen of it", seen)] if seen else told


def _rows(frame: pd.DataFrame, phase: str) -> Iterator[tuple[str, str, pd.Series]]:
    chosen = frame[frame["phase"] == phase]
    for (table, measure), about in _TOLD.items():
        found = chosen[(chosen["table"] == table) & (chosen["measure"] == measure)]
        if len(found):
            yield measure, about, found.iloc[0]
    for _, row in chosen[chosen["table"] == ARRESTS].iterrows():
        yield f"Arrests in 30 days, {row['measure'].replace(': ', ', ')}", "arrests", row


def _levels(frame: pd.DataFrame, phase: str) -> Iterator[Sentence]:
    for measure, about, row in _rows(frame, phase):
        if not math.isnan(row["mean"]):
            yield Sentence(f"{measure}: {_value(row)}.", about)


def _changes(frame: pd.DataFrame, before: str, after: str) -> Iterator[Sentence]:
    old = {measure: row for measure, _, row in _rows(frame, before)}
    same = []
    for measure, about, row in _rows(frame, after):
        was = old.get(measure)
        if was is None or math.isnan(row["mean"]) or math.isnan(was["mean"]):
            continue
        if math.isnan(row["low"]):
            yield Sentence(f"{measure}: {_value(row)}, before {_value(was)}.", about)
        elif row["low"] > was["high"] or row["high"] < was["low"]:
            much = moved(was["mean"], row["mean"])
            yield Sentence(f"{measure}: {much}, {_value(row)}.", about)
        else:
            same.append(measure.lower() if measure in ("Crossings", "Searches") else measure)
    if same:
        listed = "; ".join(same)
        yield Sentence(f"No clear change against {before.lower()}: {listed}.", "")


def _value(row: pd.Series) -> str:
    unit = "" if str(row["unit"]).startswith("per 30 days") else str(row["unit"])
    if math.isnan(row["low"]):
        return amount(number(row["mean"]), unit)
    mean, low, high = apart(row["mean"], row["low"], row["high"])
    return f"{amount(mean, unit)} (95% interval {low} to {high})"


def _recorded(dataset: xr.Dataset) -> Iterator[Sentence]:
    """What is on record of arrests, and what is published."""
    if "official_arrests" in dataset:
        cells = ["day", "sector", "agency", "size"]
        happened, written = (
            float(dataset[name].sum(cells).mean("replicate"))
            for name in ("arrests", "official_arrests")
        )
        if happened > 0:
            yield Sentence(
                f"Of {number(happened)} arrests, official records hold {number(written)} "
                f"({percent(written / happened)}).",
                "records",
            )
    if "report_kind" in dataset:
        published = dataset.sizes["report"] / dataset.sizes["replicate"]
        yield Sentence(
            f"Sources' reports that are published: {number(published)} a replicate.", "records"
        )


def _arrested(dataset: xr.Dataset) -> Iterator[Sentence]:
    """Whom arrests fall on."""
    if "arrests" not in dataset:
        return
    value = dataset["value_crossed"].sum(["day", "route"]).mean("replicate")
    for side, side_label in labelled(dataset, "side"):
        on_side = dataset["arrests"].isel(agency=dataset["agency_side"].to_numpy() == side)
        arrests = on_side.sum(["day", "sector", "agency"]).mean("replicate")
        total = float(arrests.sum())
        if total <= 0 or float(value.sum()) <= 0:
            continue
        parts = [
            f"{label} {percent(float(arrests.sel(size=size)) / total)} "
            f"(of the value {percent(float(value.sel(size=size) / value.sum()))})"
            for size, label in labelled(dataset, "size")
        ]
        yield Sentence(f"Who is arrested in {side_label}: {', '.join(parts)}.", "arrests")
