"""Write docs/validation.md and its figures from what `amnok verify` found.

`python validation/report.py FOLDER`, after `make validation` has filled it.
"""

from __future__ import annotations

import json
import string
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from earnings import earnings_table
from reality import markdown

from amnok.reporting.patterns import pattern_tables
from amnok.scenario import Scenario, load
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.catalog import evidence_index
from amnok.studies.patterns.patterns import patterns_of
from amnok.table import Column, Table

mpl.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(__file__).parent / "validation.md.in"
IMAGES = ROOT / "docs" / "images"
MARKS = {"holds": "+", "does not hold": "\N{MINUS SIGN}", "cannot be judged": "?"}
COLOURS = {"holds": "#0072b2", "does not hold": "#d55e00", "cannot be judged": "#bbbbbb"}


def draw_matrix(found: list[dict[str, Any]], file: Path) -> None:
    """The matrix mechanism x pattern as a picture."""
    names = list(dict.fromkeys(one["pattern"] for one in found))
    shades = list(COLOURS)
    verdicts: dict[str, dict[str, str]] = {}
    for one in found:
        verdicts.setdefault(one["label"], {})[one["pattern"]] = one["verdict"]
    own = {one["label"]: [names.index(each) for each in one["own"]] for one in found}
    codes = np.array([[shades.index(row[name]) for name in names] for row in verdicts.values()])
    figure, axes = plt.subplots(figsize=(8.5, 4.8), layout="constrained")
    axes.imshow(codes, cmap=mpl.colors.ListedColormap(list(COLOURS.values())), vmin=0, vmax=2)
    for row, label in enumerate(verdicts):
        for column in range(len(names)):
            mark = MARKS[shades[codes[row, column]]]
            axes.text(column, row, mark, ha="center", va="center", color="white", weight="bold")
        for place in own[label]:
            box = plt.Rectangle((place - 0.5, row - 0.5), 1, 1, fill=False, ec="black", lw=1.8)
            axes.add_patch(box)
    axes.set_xticks(range(len(names)), names, fontsize=7)
    axes.set_yticks(range(len(verdicts)), [f"without: {label}" for label in verdicts], fontsize=8)
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in COLOURS.values()]
    figure.legend(handles, shades, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    axes.set_title("Does the pattern still hold? Framed: the mechanism's own pattern", fontsize=10)
    axes.spines[:].set_visible(False)
    figure.savefig(file, dpi=150)


def findings(notes: list[str]) -> str:
    """What `amnok verify --ablate` says of each mechanism and of each rival explanation."""
    return "\n".join(f"- {note}." for note in notes)


def draw_robustness(found: list[dict[str, Any]], file: Path) -> None:
    """Shares with intervals."""
    names = [one["pattern"].replace(" ", "\n", 1) for one in found]
    share = np.array([one["share"] if one["share"] is not None else np.nan for one in found])
    low = np.array([one["low"] if one["low"] is not None else np.nan for one in found])
    high = np.array([one["high"] if one["high"] is not None else np.nan for one in found])
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    axes.bar(names, 100 * share, color=COLOURS["holds"])
    axes.errorbar(
        names, 100 * share, 100 * np.stack([share - low, high - share]), fmt="none",
        ecolor="black", capsize=3,
    )  # fmt: skip
    axes.set_ylabel("% of draws in which it holds")
    axes.set_ylim(0, 105)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, dpi=150)


def claims(border: Scenario) -> Table:
    """From each claim to patterns, measures, mechanisms and parameters."""
    by_name = {one.name: one for one in patterns_of(border).all}
    labels = {one.name: one.label for one in CONTRASTS}
    off = {name: labels[one.reported.carried_by] for name, one in by_name.items()}
    columns = ("claim", "patterns", "measures", "mechanism", "parameters that cite it")
    rows = []
    for row in evidence_index(border):
        measured = tuple(each.text for name in row.patterns for each in by_name[name].measures)
        switched = tuple(off[name] for name in row.patterns) or row.mechanisms
        name = f"{row.claim} ({row.grade})"
        rows.append((name, row.patterns, measured, switched, row.parameters))
    return Table("", tuple(Column(name, form=_listed) for name in columns), tuple(rows))


def _listed(cell: str | tuple[str, ...]) -> str:
    return cell if isinstance(cell, str) else "; ".join(cell) or "-"


REALITY = (
    "orders",
    "orders_verdict",
    "jump",
    "quarters",
    "errors_year",
    "errors",
    "scores",
    "closure_verdict",
    "trade",
    "trade_verdict",
)


def reality(found: dict[str, Any]) -> dict[str, str]:
    """What is told of real prices and trade; why not, where the figures are absent."""
    skipped = found.get("skipped")
    return {name: f"(Skipped: {skipped})" if skipped else found[name] for name in REALITY}


def draw_prices(found: dict[str, Any], file: Path) -> None:
    """Observed and predicted moves since the closure, a panel for each market."""
    paths = pd.DataFrame(found["paths"])
    paths["date"] = pd.to_datetime(paths["date_from"])
    names = list(dict.fromkeys(paths["place"]))
    figure, panels = plt.subplots(
        1, len(names), figsize=(9, 3.2), layout="constrained", sharey=True, squeeze=False
    )
    for axes, name in zip(panels[0], names, strict=True):
        one = paths[paths["place"] == name]
        change = {
            what: 100 * (one[what] / one["base"] - 1)
            for what in ("observed", "model", "low", "high")
        }
        axes.axhline(0, color="#999999", lw=0.8)
        axes.fill_between(
            one["date"], change["low"], change["high"], color=COLOURS["holds"], alpha=0.25, lw=0
        )
        axes.plot(one["date"], change["model"], color=COLOURS["holds"], label="model")
        axes.plot(
            one["date"], change["observed"], "o-", ms=3, lw=0.8,
            color=COLOURS["does not hold"], label="observed",
        )  # fmt: skip
        axes.set_title(name.title(), fontsize=10)
        ticks = mpl.dates.AutoDateLocator(minticks=3, maxticks=5)
        axes.xaxis.set_major_locator(ticks)
        axes.xaxis.set_major_formatter(mpl.dates.ConciseDateFormatter(ticks))
        axes.spines[["top", "right"]].set_visible(False)
    panels[0][0].set_ylabel(f"% since {found['since']}")
    panels[0][0].legend(frameon=False, fontsize=8)
    figure.savefig(file, dpi=150)


def main() -> None:
    """Fill the template."""
    folder = Path(sys.argv[1])
    found, robust, seen = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("ablations", "robustness", "reality")
    )
    found |= {name: robust[name] for name in ("robustness", "influences", "draws")}
    border = load("sino-korean-border")
    draw_matrix(found["ablations"], IMAGES / "ablation.png")
    draw_robustness(found["robustness"], IMAGES / "robustness.png")
    if "paths" in seen:
        draw_prices(seen, IMAGES / "closure.png")
    holds = sum(one["verdict"] == "holds" for one in found["patterns"])
    text = string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        {one.name: markdown(one) for one in pattern_tables(found)},
        count=f"{holds} of {len(found['patterns'])} patterns hold",
        replicates=found["replicates"],
        earnings=markdown(earnings_table()),
        findings=findings(found["notes"]),
        draws=f"{found['draws']}",
        unfixed=len(border.unfixed),
        claims=markdown(claims(border)),
        **reality(seen),
    )
    (ROOT / "docs" / "validation.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
