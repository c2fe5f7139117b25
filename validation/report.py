"""Write docs/validation.md and its figures from what `amnok verify` found.

`python validation/report.py build/validation`, after `make validation` has filled that folder.
"""

from __future__ import annotations

import json
import math
import string
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd

from amnok.scenario import load
from amnok.scenario.catalog import evidence_index
from amnok.studies.patterns import MECHANISMS, PATTERNS

mpl.use("Agg")
import matplotlib.pyplot as plt

ROOT = Path(__file__).parent.parent
TEMPLATE = Path(__file__).parent / "validation.md.in"
IMAGES = ROOT / "docs" / "images"
MARKS = {"holds": "+", "does not hold": "\N{MINUS SIGN}", "cannot be judged": "?"}
COLOURS = {"holds": "#0072b2", "does not hold": "#d55e00", "cannot be judged": "#bbbbbb"}
FORECASTS = ("model", "no change", "same jump everywhere")


def table(head: list[str], rows: list[list[str]], right: tuple[int, ...] = ()) -> str:
    """A Markdown table; columns in `right` are set to the right."""
    rule = ["---:" if position in right else "---" for position in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, rule, *rows])


def number(value: float | None) -> str:
    """Three digits."""
    if value is None or math.isnan(value):
        return "-"
    return f"{float(f'{value:.3g}'):g}"


def interval(of: dict[str, Any]) -> str:
    """Value and interval of a measure."""
    if of["value"] is None:
        return "nothing to measure"
    ends = "" if of["low"] is None else f" [{number(of['low'])}, {number(of['high'])}]"
    return number(of["value"]) + ends


def asked(of: dict[str, Any]) -> str:
    """The threshold with its side."""
    return f"{'≤' if of['at_most'] else '≥'} {of['threshold']:g} {of['unit']}"


def patterns(found: list[dict[str, Any]], known: dict[str, Any]) -> str:
    """Every measure of every pattern."""
    rows = []
    for one in found:
        pattern = known[one["pattern"]]
        for position, measure in enumerate(one["measures"]):
            first = position == 0
            rows.append(
                [
                    f"**{one['pattern']}**" if first else "",
                    f"{pattern.text} ({', '.join(pattern.claims)})" if first else "",
                    measure["text"],
                    interval(measure),
                    asked(measure),
                    one["verdict"] if first else "",
                ]
            )
    return table(["", "the reports say", "measured", "value", "asked for", "verdict"], rows)


def matrix(found: list[dict[str, Any]]) -> str:
    """Mechanism x pattern."""
    names = [one.name for one in PATTERNS]
    rows = []
    for one in found:
        verdicts = {each["pattern"]: each["verdict"] for each in one["patterns"]}
        cells = [MARKS[verdicts[name]] for name in names]
        own = names.index(one["pattern"])
        cells[own] = f"**{cells[own]}**"
        rows.append([one["label"], *cells])
    return table(["without", *(name[1:] for name in names)], rows)


def draw_matrix(found: list[dict[str, Any]], file: Path) -> None:
    """The same as a picture."""
    names, shades = [one.name for one in PATTERNS], list(COLOURS)
    verdicts = [{each["pattern"]: each["verdict"] for each in one["patterns"]} for one in found]
    codes = np.array([[shades.index(row[name]) for name in names] for row in verdicts])
    figure, axes = plt.subplots(figsize=(8.5, 4.8), layout="constrained")
    axes.imshow(codes, cmap=mpl.colors.ListedColormap(list(COLOURS.values())), vmin=0, vmax=2)
    for row in range(len(found)):
        for column in range(len(names)):
            mark = MARKS[shades[codes[row, column]]]
            axes.text(column, row, mark, ha="center", va="center", color="white", weight="bold")
        own = names.index(found[row]["pattern"])
        box = plt.Rectangle((own - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", lw=1.8)
        axes.add_patch(box)
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.set_yticks(range(len(found)), [f"without: {one['label']}" for one in found], fontsize=8)
    handles = [plt.Rectangle((0, 0), 1, 1, color=colour) for colour in COLOURS.values()]
    figure.legend(handles, shades, loc="outside lower center", ncols=3, frameon=False, fontsize=8)
    axes.set_title("Does the pattern still hold? Framed: the mechanism's own pattern", fontsize=10)
    axes.spines[:].set_visible(False)
    figure.savefig(file, dpi=150)


def causes(found: list[dict[str, Any]], base: list[dict[str, Any]]) -> str:
    """With and without, for each mechanism's own pattern."""
    with_it = {each["measure"]: each for one in base for each in one["measures"]}
    rows = []
    for one in found:
        own = next(each for each in one["patterns"] if each["pattern"] == one["pattern"])
        for position, measure in enumerate(own["measures"]):
            change = one["changes"][measure["measure"]]
            rows.append(
                [
                    one["label"] if position == 0 else "",
                    one["pattern"] if position == 0 else "",
                    measure["text"],
                    number(with_it[measure["measure"]]["value"]),
                    number(measure["value"]),
                    f"{number(change['mean'])} [{number(change['low'])}, {number(change['high'])}]",
                    asked(measure),
                    own["verdict"] if position == 0 else "",
                ]
            )
    head = ["switched off", "pattern", "measure", "with", "without", "change", "asked for"]
    return table([*head, "without it"], rows, right=(3, 4))


def findings(found: list[dict[str, Any]]) -> str:
    """What survives the removal of its mechanism, and mechanisms that nothing depends on."""
    lines = []
    for one in found:
        if one["pattern"] not in one["lost"]:
            lines.append(f"- **{one['pattern']} survives** without: {one['label']}.")
        if not one["lost"]:
            lines.append(f"- **Nothing depends** on: {one['label']}.")
    if lines:
        return "\n".join(lines)
    return "No pattern survives the removal of its mechanism, and no mechanism is idle."


def robustness(found: list[dict[str, Any]], influences: list[dict[str, Any]]) -> str:
    """Share of the prior and what decides."""
    own = {one.name: {each.name for each in one.measures} for one in PATTERNS}
    rows = []
    for one in found:
        decided = sorted(
            (each for each in influences if each["measure"] in own[one["pattern"]]),
            key=lambda each: -each["first_order"],
        )
        best: dict[str, float] = {}
        for each in decided:
            best.setdefault(each["parameter"], each["first_order"])
        words = [f"`{name}` {share:.2f}" for name, share in list(best.items())[:3]]
        rows.append(
            [
                one["pattern"],
                "-" if one["share"] is None else f"{one['share']:.0%}",
                "-" if one["low"] is None else f"{one['low']:.0%} to {one['high']:.0%}",
                str(one["judged"]),
                ", ".join(words) or "no single parameter",
            ]
        )
    head = ["pattern", "holds in", "95%", "of draws judged", "decided by"]
    return table(head, rows, right=(1, 3))


def draw_robustness(found: list[dict[str, Any]], file: Path) -> None:
    """Shares with intervals."""
    names = [one["pattern"] for one in found]
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


def claims(border: Any) -> str:
    """From each claim to patterns, measures, mechanisms and parameters."""
    by_name = {one.name: one for one in PATTERNS}
    off = {one.pattern: one.label for one in MECHANISMS}
    rows = []
    for row in evidence_index(border):
        measured = [each.text for name in row.patterns for each in by_name[name].measures]
        rows.append(
            [
                f"{row.claim} ({row.grade})",
                ", ".join(row.patterns) or "-",
                "; ".join(measured) or "-",
                "; ".join(off[name] for name in row.patterns) or ", ".join(row.mechanisms),
                ", ".join(f"`{path}`" for path in row.parameters) or "-",
            ]
        )
    head = ["claim", "patterns", "measures", "mechanism", "parameters that cite it"]
    return table(head, rows)


def percent(ratio: float) -> str:
    """A ratio as a change."""
    return f"{100 * (ratio - 1):+.0f}%"


def prices(found: dict[str, Any]) -> dict[str, str]:
    """The tables on prices."""
    moves = pd.DataFrame(found["moves"])
    counts = moves.groupby("date")["market"].nunique()
    day = counts[counts == moves["market"].nunique()].index.min()
    first = moves[moves["date"] == day].set_index("market")
    head = [f"by {day}", "observed", "model", "95% of replicates"]
    rows = [
        [
            name.title(),
            percent(row["observed"]),
            percent(row["model"]),
            f"{percent(row['low'])} to {percent(row['high'])}",
        ]
        for name, row in first.iterrows()
    ]
    high, low = str(first["model"].idxmax()), str(first["model"].idxmin())
    by = moves.set_index(["date", "market"])
    gap = by.xs(high, level="market") / by.xs(low, level="market")
    gap.index = pd.PeriodIndex(gap.index, freq="Q")
    quarters = gap[["observed", "model"]].groupby(level=0).mean()
    return {
        "first": table(head, rows, right=(1, 2)),
        "high": high.title(),
        "low": low.title(),
        "gap": table(
            ["quarter", "observed", "model"],
            [
                [str(q), percent(row["observed"]), percent(row["model"])]
                for q, row in quarters.iterrows()
            ],
            right=(1, 2),
        ),
        "errors": table(
            ["market", *FORECASTS],
            [
                [name.capitalize(), *(f"{row[forecast]:.3f}" for forecast in FORECASTS)]
                for name, row in found["errors"].items()
            ],
            right=(1, 2, 3),
        ),
        "order": order(first),
    }


def order(first: pd.DataFrame) -> str:
    """What the model says of the order of the markets."""
    seen = first["observed"].sort_values(ascending=False)
    said = first["model"].sort_values(ascending=False)
    return (
        f"The order observed is {', '.join(f'{n.title()} {percent(v)}' for n, v in seen.items())}; "
        f"the model's is {', '.join(f'{n.title()} {percent(v)}' for n, v in said.items())}."
    )


def draw_prices(found: dict[str, Any], file: Path) -> None:
    """Observed and predicted moves, a panel for each market."""
    moves = pd.DataFrame(found["moves"])
    moves["date"] = pd.to_datetime(moves["date"])
    names = list(dict.fromkeys(moves["market"]))
    figure, panels = plt.subplots(
        1, len(names), figsize=(9, 3.2), layout="constrained", sharey=True, squeeze=False
    )
    for axes, name in zip(panels[0], names, strict=True):
        one = moves[moves["market"] == name]
        axes.axhline(0, color="#999999", lw=0.8)
        band = (100 * (one["low"] - 1), 100 * (one["high"] - 1))
        axes.fill_between(one["date"], *band, color=COLOURS["holds"], alpha=0.25, lw=0)
        axes.plot(one["date"], 100 * (one["model"] - 1), color=COLOURS["holds"], label="model")
        axes.plot(
            one["date"], 100 * (one["observed"] - 1), "o-", ms=3, lw=0.8,
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
    found = json.loads((folder / "patterns.json").read_text(encoding="utf-8"))
    seen = json.loads((folder / "prices.json").read_text(encoding="utf-8"))
    border = load("sino-korean-border")
    draw_matrix(found["ablations"], IMAGES / "ablation.png")
    draw_robustness(found["robustness"], IMAGES / "robustness.png")
    draw_prices(seen, IMAGES / "closure.png")
    holds = sum(one["verdict"] == "holds" for one in found["patterns"])
    text = string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        count=f"{holds} of {len(found['patterns'])} patterns hold",
        replicates=found["replicates"],
        patterns=patterns(found["patterns"], border.patterns),
        why="\n".join(
            f"- {one['pattern']}, {asked(each)}: {each['why']}."
            for one in found["patterns"]
            for each in one["measures"]
        ),
        plus=MARKS["holds"],
        minus=MARKS["does not hold"],
        matrix=matrix(found["ablations"]),
        causes=causes(found["ablations"], found["patterns"]),
        findings=findings(found["ablations"]),
        draws=f"{found['draws']:,}",
        assumptions=sum(one.is_assumption for _, one in border.parameters()),
        robustness=robustness(found["robustness"], found["influences"]),
        claims=claims(border),
        **prices(seen),
    )
    (ROOT / "docs" / "validation.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
