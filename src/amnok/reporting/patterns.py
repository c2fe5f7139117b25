"""Verdicts on patterns as tables and as data."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from amnok.reporting.summaries import compact
from amnok.scenario import Scenario
from amnok.studies.patterns import Ablation, Estimate, Judgement, Verdict
from amnok.studies.patterns.robustness import Influence, Share

_MARK = {Verdict.HOLDS: "holds", Verdict.FAILS: "does not hold", Verdict.UNKNOWN: "unclear"}


def print_patterns(
    judgements: Sequence[Judgement], scenario: Scenario, replicates: int, console: Console
) -> None:
    """One block a pattern: the claim, each measure with interval and threshold, the verdict."""
    console.print(
        f"{scenario.title}: {replicates} replicates, means with 95% intervals", style="bold"
    )
    for judged in judgements:
        console.print()
        name, known = judged.pattern.name, scenario.patterns.get(judged.pattern.name)
        claims = f" ({', '.join(known.claims)})" if known else ""
        console.print(f"{name}{claims}: {judged.verdict.upper()}", style="bold")
        if known:
            console.print(f"  {known.text}")
        for estimate in judged.estimates:
            console.print(f"  - {estimate.measure.text}")
            console.print(f"    {_number(estimate)}: {_MARK[estimate.verdict]}")
            console.print(f"    why there: {estimate.measure.why}", style="dim")
    console.print()
    console.print(counted(judgements))


def counted(judgements: Sequence[Judgement]) -> str:
    """How many patterns hold, in one line."""
    words = {
        Verdict.HOLDS: "hold",
        Verdict.FAILS: "do not hold",
        Verdict.UNKNOWN: "cannot be judged",
    }
    parts = [
        f"{sum(one.verdict is verdict for one in judgements)} {word}"
        for verdict, word in words.items()
    ]
    return f"{len(judgements)} patterns: {', '.join(parts)}"


def _number(estimate: Estimate) -> str:
    measure = estimate.measure
    side = "at most" if measure.at_most else "at least"
    asked = f"asked for: {side} {measure.threshold:g}"
    if math.isnan(estimate.value):
        return f"nothing to measure; {asked} {measure.unit}"
    return f"{interval_text(estimate)} {measure.unit}, {asked}"


def interval_text(estimate: Estimate) -> str:
    """Value and interval of a measure."""
    if math.isnan(estimate.value):
        return "nothing to measure"
    if math.isnan(estimate.low):
        return compact(estimate.value)
    low, high = compact(estimate.low), compact(estimate.high)
    return f"{compact(estimate.value)} [{low}, {high}]"


def print_ablations(ablations: Sequence[Ablation], console: Console) -> None:
    """The matrix mechanism x pattern, then what each mechanism's own pattern turns into."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Without", width=40)
    names = [judged.pattern.name for judged in ablations[0].judgements] if ablations else []
    for name in names:
        table.add_column(name[1:], justify="center", width=2)
    for one in ablations:
        marks = [_letter(judged.verdict) for judged in one.judgements]
        table.add_row(one.mechanism.label, *marks)
    console.print(table)
    console.print("+ holds, - does not hold, ? cannot be judged")
    for one in ablations:
        console.print()
        console.print(f"{one.mechanism.label} ({one.mechanism.name}): off", style="bold")
        for estimate in one.own.estimates:
            change, low, high = one.changes[estimate.measure.name]
            ends = "" if math.isnan(low) else f" [{compact(low)}, {compact(high)}]"
            changed = "" if math.isnan(change) else f"; changed by {compact(change)}{ends}"
            console.print(f"  {one.mechanism.pattern}  {estimate.measure.text}")
            console.print(f"       {_number(estimate)}{changed}")
        console.print(f"  {verdict_on(one)}")


def _letter(verdict: Verdict) -> str:
    return {Verdict.HOLDS: "+", Verdict.FAILS: "-", Verdict.UNKNOWN: "?"}[verdict]


def verdict_on(one: Ablation) -> str:
    """What an ablation shows, in one sentence."""
    own = one.mechanism.pattern
    others = ", ".join(name for name in one.lost if name != own)
    if own in one.lost:
        return f"{own} goes with it" + (f", and so do {others}" if others else "")
    if one.own.verdict is not Verdict.HOLDS:
        return f"{own} did not hold with it either" + (f"; gone: {others}" if others else "")
    return f"{own} SURVIVES it; " + (f"gone: {others}" if others else "nothing depends on it")


def print_shares(found: Sequence[Share], influences: Sequence[Influence], console: Console) -> None:
    """Share of the prior under which each pattern holds, and what decides it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Pattern")
    table.add_column("Holds in", justify="right")
    table.add_column("95%", justify="center")
    table.add_column("of draws", justify="right")
    table.add_column("decided by (first-order index of ranks)", overflow="fold")
    for share in found:
        own = {measure.name for measure in share.pattern.measures}
        decided = sorted((one for one in influences if one.measure in own), key=_weight)
        table.add_row(
            share.pattern.name,
            "-" if math.isnan(share.share) else f"{share.share:.0%}",
            "-" if math.isnan(share.low) else f"{share.low:.0%} to {share.high:.0%}",
            str(share.judged),
            ", ".join(f"{one.path} {one.first_order:.2f}" for one in decided[:3]) or "-",
        )
    console.print(table)


def _weight(one: Influence) -> float:
    return -one.first_order


def as_data(
    replicates: int,
    judgements: Sequence[Judgement],
    ablations: Sequence[Ablation] = (),
    draws: int = 0,
    found: Sequence[Share] = (),
    influences: Sequence[Influence] = (),
) -> dict[str, Any]:
    """Everything as plain data, for JSON; what cannot be measured is null."""
    data: dict[str, Any] = {
        "replicates": replicates,
        "patterns": [_judgement(one) for one in judgements],
    }
    if ablations:
        data["ablations"] = [
            {
                "mechanism": one.mechanism.name,
                "label": one.mechanism.label,
                "pattern": one.mechanism.pattern,
                "lost": list(one.lost),
                "patterns": [_judgement(judged) for judged in one.judgements],
                "changes": {
                    name: dict(zip(("mean", "low", "high"), map(_plain, change), strict=True))
                    for name, change in one.changes.items()
                },
            }
            for one in ablations
        ]
    if found:
        data["draws"] = draws
        data["robustness"] = [
            {
                "pattern": one.pattern.name,
                "share": _plain(one.share),
                "low": _plain(one.low),
                "high": _plain(one.high),
                "judged": one.judged,
            }
            for one in found
        ]
        data["influences"] = [
            {
                "measure": one.measure,
                "parameter": one.path,
                "first_order": one.first_order,
                "error": one.error,
            }
            for one in influences
        ]
    return data


def _judgement(judged: Judgement) -> dict[str, Any]:
    return {
        "pattern": judged.pattern.name,
        "verdict": judged.verdict.value,
        "measures": [
            {
                "measure": one.measure.name,
                "text": one.measure.text,
                "unit": one.measure.unit,
                "value": _plain(one.value),
                "low": _plain(one.low),
                "high": _plain(one.high),
                "threshold": one.measure.threshold,
                "at_most": one.measure.at_most,
                "why": one.measure.why,
                "verdict": one.verdict.value,
            }
            for one in judged.estimates
        ],
    }


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def to_json(data: dict[str, Any]) -> str:
    """As text."""
    return json.dumps(data, indent=1, ensure_ascii=False)
