"""What sweeps say, as tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from rich.console import Console

from amnok.reporting.summaries import compact
from amnok.reporting.tables import plain_table
from amnok.studies.sweeps.prim import Box, chosen_box, clear_limits

_MOST = 30


def print_sensitivity(indices: pd.DataFrame, outcome: str, where: str, console: Console) -> None:
    """Sobol indices, the largest first."""
    console.print(f"What decides {_named(outcome, where)}: shares of its variance", style="bold")
    table = plain_table("", ">alone (first order)", ">with others (total)")
    for _, row in indices.head(_MOST).iterrows():
        first, total = (
            f"{row[name]:.2f} [{row[f'{name}_low']:.2f}, {row[f'{name}_high']:.2f}]"
            for name in ("first", "total")
        )
        table.add_row(str(row["set"]), first, total)
    console.print(table)
    if len(indices) > _MOST:
        console.print(f"and {len(indices) - _MOST} more, each with less")


def print_regret(
    rows: pd.DataFrame, flips: pd.DataFrame, outcome: str, where: str, console: Console
) -> None:
    """Regret by policy, and how often two policies change places."""
    console.print(f"Regret in {_named(outcome, where)}, over finished draws", style="bold")
    table = plain_table(
        "policy", ">mean", ">expected regret", ">95% of draws below", ">worst", ">best in"
    )
    for _, row in rows.iterrows():
        numbers = (compact(row[name]) for name in ("mean", "expected", "high", "worst"))
        table.add_row(str(row["policy"]), *numbers, f"{row['best']:.0%}")
    console.print(table)
    console.print()
    console.print("Chance that two policies rank otherwise than their means do", style="bold")
    table = plain_table("", *(f">{name}" for name in flips.columns))
    for name, row in flips.iterrows():
        table.add_row(str(name), *(f"{chance:.0%}" for chance in row))
    console.print(table)


def print_boxes(share: float, boxes: Sequence[Box], console: Console) -> None:
    """The box with the best of coverage and density, and its limits that are no accident."""
    console.print(f"{share:.0%} of the draws are of interest", style="bold")
    box = chosen_box(boxes)
    console.print(
        f"In {box.mass:.0%} of the prior {box.density:.0%} are: {box.coverage:.0%} of all of them"
    )
    limits = clear_limits(box)
    table = plain_table("where", ">from", ">to", ">by accident")
    for _, row in limits.iterrows():
        ends = ("" if math.isinf(row[end]) else compact(row[end]) for end in ("low", "high"))
        table.add_row(str(row["parameter"]), *ends, f"{row['chance']:.2g}")
    if len(limits):
        console.print(table)
    others = len(box.limits) - len(limits)
    if others:
        console.print(f"and {others} limits that may be an accident")


def _named(outcome: str, where: str) -> str:
    return f"{outcome} ({where})" if where else outcome
