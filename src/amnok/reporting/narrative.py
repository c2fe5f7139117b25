"""A run or a comparison in plain words, made from its numbers and no others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from amnok.cells import compact
from amnok.reporting.charts import labelled
from amnok.reporting.comparison import headline_rows
from amnok.reporting.summaries import ARRESTS, BORDER, summary
from amnok.results.ledgers import phases
from amnok.scenario.measures.definitions import usual
from amnok.studies.comparison import Comparison

_TWICE = 2.0
_FEW = 0.005  # a change by less than half a percent is none worth telling


@dataclass(frozen=True)
class Sentence:
    """One sentence, and the outcome it is about (a key of `standing.STANDS_ON`)."""

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
        yield f"Arrests in 30 days, {row['measure']}", "arrests", row


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
            yield Sentence(f"{measure} {_moved(was['mean'], row['mean'])}: {_value(row)}.", about)
        else:
            same.append(measure.lower() if measure in ("Crossings", "Searches") else measure)
    if same:
        listed = "; ".join(same)
        yield Sentence(f"No clear change against {before.lower()}: {listed}.", "")


def _moved(before: float, after: float) -> str:
    """How a number changed, in words.

    >>> _moved(2.0, 9.0), _moved(100.0, 88.0), _moved(0.0, 3.0)
    ('rose 4.5-fold', 'fell by 12%', 'rose from 0')
    """
    if before <= 0:
        return f"rose from {compact(before)}" if after > before else "stayed at 0"
    ratio = after / before
    if ratio >= _TWICE:
        return f"rose {float(f'{ratio:.2g}'):g}-fold"
    return f"{'rose' if ratio > 1 else 'fell'} by {abs(100 * (ratio - 1)):.2g}%"


def _value(row: pd.Series) -> str:
    unit = "%" if row["unit"] == "%" else f" {row['unit']}"
    if str(row["unit"]).startswith("per 30 days"):
        unit = ""
    text = f"{compact(row['mean'])}{unit}"
    if not math.isnan(row["low"]):
        text += f" (95% interval {compact(row['low'])} to {compact(row['high'])})"
    return text


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
                f"Of {compact(happened)} arrests, official records hold {compact(written)} "
                f"({100 * written / happened:.0f}%).",
                "records",
            )
    if "report_kind" in dataset:
        published = dataset.sizes["report"] / dataset.sizes["replicate"]
        yield Sentence(
            f"Sources' reports that are published: {compact(published)} a replicate.", "records"
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
            f"{label} {100 * float(arrests.sel(size=size)) / total:.0f}% "
            f"(of the value {100 * float(value.sel(size=size) / value.sum()):.0f}%)"
            for size, label in labelled(dataset, "size")
        ]
        yield Sentence(f"Who is arrested in {side_label}: {', '.join(parts)}.", "arrests")


# Outcomes of a comparison, and what they are about.
_ABOUT = {
    "value_crossed": "crossings",
    "sanctioned_value": "crossings",
    "arrests": "arrests",
    "detention": "arrests",
    "questionings": "questionings",
    "bribes": "bribes",
    "checking_hours": "checking",
    "leaks_through": "searches",
    "burden": "arrests",
    "official_arrests": "records",
    "reports": "records",
}


def comparison_in_words(comparison: Comparison, policy: str) -> list[Sentence]:
    """What a policy does, where the interval of paired differences excludes none."""
    told, unclear = [], []
    for row in headline_rows(comparison, policy):
        where = str(row["where"]).replace("_", " ")
        what = f"{row['text']}, {where}" if where else str(row["text"])
        about = _ABOUT.get(str(row["outcome"]), "")
        low, high, base = row["low"], row["high"], row["base"]
        if row["difference"] is None or base is None:
            continue
        if low is None:
            text = f"{what}: {_signed(row['difference'])} {row['unit']} (one replicate)."
            told.append(Sentence(text, about))
        elif low > 0 or high < 0:
            moved = _moved(base, row["with_policy"])
            if row["relative"] is not None and abs(row["relative"]) < _FEW:
                unclear.append(f"{what} (less than 0.5%)")
                continue
            interval = f"{_signed(low)} to {_signed(high)} {row['unit']}"
            told.append(
                Sentence(f"{what} {moved} (95% interval of the difference {interval}).", about)
            )
        else:
            unclear.append(what)
    if unclear:
        told.append(Sentence(f"No clear difference: {'; '.join(unclear)}.", ""))
    return told


def _signed(value: float) -> str:
    """
    >>> _signed(1234.0), _signed(-0.5)
    ('+1.23k', '-0.500')
    """
    return f"{'+' if value > 0 else ''}{compact(value)}"
