"""Verdicts on patterns as HTML: a page of their own, or a table in a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from amnok.reporting.hypertext import document, table, texts
from amnok.reporting.summaries import compact
from amnok.scenario import Scenario
from amnok.studies.patterns import Verdict

Data = Mapping[str, Any]
_CLASS = {Verdict.HOLDS: "holds", Verdict.FAILS: "fails", Verdict.UNKNOWN: ""}
_MARK = {Verdict.HOLDS: "+", Verdict.FAILS: "\N{MINUS SIGN}", Verdict.UNKNOWN: "?"}


def patterns_page(scenario: Scenario, found: Data) -> str:
    """The patterns as a table, and the ablations as a matrix if there are any.

    Args:
        scenario: what was judged.
        found: as `patterns.as_data` gives it.
    """
    title = f"Patterns: {scenario.title}"
    verdicts = [Verdict(one["verdict"]) for one in found["patterns"]]
    counts = ", ".join(f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict)
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{len(verdicts)} patterns: {counts}. {found['replicates']} replicates; means with "
        "95% intervals.</p>",
        pattern_rows(scenario, found["patterns"]),
    ]
    if found.get("ablations"):
        parts += ["<h2>Without each mechanism</h2>", _matrix(found["ablations"])]
    return document(title, parts)


def pattern_rows(scenario: Scenario, judgements: Sequence[Data]) -> str:
    """A table: what the reports say, what was measured, and the verdict."""
    rows = []
    for judged in judgements:
        name = str(judged["pattern"])
        known = scenario.patterns.get(name)
        said = f"{escape(known.text)} <small>{', '.join(known.claims)}</small>" if known else ""
        measured = "<br>".join(map(_measured, judged["measures"]))
        verdict = Verdict(judged["verdict"])
        marked = f'<span class="{_CLASS[verdict]}">{verdict.value}</span>'
        rows.append([escape(name), said, measured, marked])
    return table(["Pattern", "The reports say", "Measured", "Verdict"], rows, "text")


def _measured(one: Data) -> str:
    value = "cannot be measured" if one["value"] is None else compact(one["value"])
    if one["low"] is not None and one["high"] is not None:
        value += f" [{compact(one['low'])}, {compact(one['high'])}]"
    asked = f"{'at most' if one['at_most'] else 'at least'} {one['threshold']:g}"
    return (
        f"{escape(one['text'])}: <b>{value}</b> {escape(one['unit'])} "
        f"<small>asked for: {asked}; {escape(one['why'])}</small>"
    )


def _matrix(ablations: Sequence[Data]) -> str:
    names = [str(judged["pattern"]) for judged in ablations[0]["patterns"]]
    rows = []
    for one in ablations:
        cells = []
        for judged in one["patterns"]:
            verdict = Verdict(judged["verdict"])
            cells.append(
                f'<span class="{_CLASS[verdict]}" title="{verdict.value}">{_MARK[verdict]}</span>'
            )
        rows.append([*texts([one["label"]]), *cells])
    return table(["Without", *texts(names)], rows)
