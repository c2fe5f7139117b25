"""Solved games, and how exploitable behaviour in a run is, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import xarray as xr

from amnok.cells import fixed, full
from amnok.games.files import Answer
from amnok.results.intervals import intervals
from amnok.table import Column, Sheet, Table

# What is told of traders and agencies: name in the dataset, and what people read above it.
_TRADERS = {
    "consignments": "sent",
    "worth": "worth",
    "realised": "earned",
    "informed": "informed",
    "best": "at best",
    "gain": "gain",
}
_AGENCIES = {"stops": "expected", "best_stops": "at best", "stop_gain": "gain"}


def answer_sheet(answer: Answer) -> Sheet:
    """Value, plan and certificate of a game."""
    proof = answer.certificate
    certificate = {
        "bound": proof.bound,
        "gap": proof.gap,
        "regret_inspector": proof.regret_inspector,
        "regret_inspected": proof.regret_inspected,
        "residual": proof.residual,
        "scale": proof.scale,
        "holds": proof.holds(),
    }
    tables = (
        Table.pairs("Values", answer.values, full),
        *answer.tables,
        Table.pairs("Certificate", certificate, full),
    )
    return Sheet(answer.title, tables, notes=answer.notes)


def exploit_sheet(found: xr.Dataset) -> Sheet:
    """What best responses would gain, by phase, as `exploit` found it."""
    n, money = found.sizes["replicate"], found.attrs["currency"]
    return Sheet(
        f"{found.attrs['scenario']}: what a best response would gain",
        (
            _by_phase(found, "traders", f"{money} a consignment", "size", _TRADERS, "worth"),
            _by_phase(found, "agencies", "Consignments stopped", "agency", _AGENCIES, "stops"),
        ),
        (f"{n} replicates: means, and 95% intervals" if n > 1 else "1 replicate",),
        (
            "informed: who knows the chances of the day and keeps reasons of his own for a way; "
            "at best: who has none. %: of the worth, and of what is expected.",
        ),
        {**found.attrs, "replicates": n},
    )


def _by_phase(
    found: xr.Dataset, name: str, title: str, who: str, told: dict[str, str], whole: str
) -> Table:
    """Means and intervals, and the last of them as a share of the mean of another."""
    *others, gain = told
    columns = [
        Column("phase", role="data"),
        Column(who, role="data"),
        Column("phase_label", role="group"),
        Column(f"{who}_label", ""),
    ]
    for one, label in told.items():
        ends = (f"{one}_low", f"{one}_high")
        columns.append(Column(f"{one}_mean", label, ends=ends if one == gain else ()))
        columns += [Column(end, role="data") for end in ends]
    columns.append(Column(f"{gain}_share", "%", form=lambda share: fixed(100 * share, 1)))
    records = _records(found, who, [*others, gain])
    for row in records:
        part, of = row[f"{gain}_mean"], row[f"{whole}_mean"]
        row[f"{gain}_share"] = part / of if of else math.nan
    return Table.of(title, columns, records, name=name)


def _records(found: xr.Dataset, who: str, names: Sequence[str]) -> list[dict[str, Any]]:
    table = {name: intervals(found[name].to_numpy()) for name in names}
    rows = []
    for p, phase in enumerate(found["phase"].to_numpy().tolist()):
        for w, one in enumerate(found[who].to_numpy().tolist()):
            row: dict[str, Any] = {"phase": phase, who: one}
            row |= {"phase_label": str(found["phase_label"].to_numpy()[p])}
            row |= {f"{who}_label": str(found[f"{who}_label"].to_numpy()[w])}
            for name, parts in table.items():
                for part, values in zip(("mean", "low", "high"), parts, strict=True):
                    row[f"{name}_{part}"] = float(values[p, w])
            rows.append(row)
    return rows
