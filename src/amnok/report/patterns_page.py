"""Verdicts on patterns as one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from amnok.report.patterns import counted, interval_text, verdict_on
from amnok.scenario import Scenario
from amnok.verify import Ablation, Judgement, Verdict

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif; }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; }
th, td { border-bottom: 1px solid #8886; }
.wide { overflow-x: auto; }
.holds { color: #0072b2; } .fails { color: #d55e00; }
@media (prefers-color-scheme: dark) { .holds { color: #56b4e9; } .fails { color: #e69f00; } }
small { opacity: .75; }
@media print { body { margin: 0; max-width: none; font-size: 11px; } }
"""
_CLASS = {Verdict.HOLDS: "holds", Verdict.FAILS: "fails", Verdict.UNKNOWN: ""}
_MARK = {Verdict.HOLDS: "+", Verdict.FAILS: "\N{MINUS SIGN}", Verdict.UNKNOWN: "?"}


def patterns_page(
    scenario: Scenario,
    replicates: int,
    judgements: Sequence[Judgement],
    ablations: Sequence[Ablation] = (),
) -> str:
    """The patterns as a table, and the ablations as a matrix if there are any.

    Every text of the scenario is escaped: whoever wrote it, it is shown and not run.
    """
    title = f"Patterns: {scenario.title}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(counted(judgements))}. {replicates} replicates; means with 95% intervals.</p>",
        _patterns(scenario, judgements),
    ]
    if ablations:
        parts += ["<h2>Without each mechanism</h2>", _matrix(ablations)]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>\n"
    )


def _patterns(scenario: Scenario, judgements: Sequence[Judgement]) -> str:
    rows = []
    for judged in judgements:
        name, known = judged.pattern.name, scenario.patterns.get(judged.pattern.name)
        said = f"{escape(known.text)} <small>{', '.join(known.claims)}</small>" if known else ""
        measured = "<br>".join(
            f"{escape(one.measure.text)}: <b>{escape(interval_text(one))}</b> {one.measure.unit} "
            f"<small>asked for: {'at most' if one.measure.at_most else 'at least'} "
            f"{one.measure.threshold:g}; {escape(one.measure.why)}</small>"
            for one in judged.estimates
        )
        verdict = f'<td class="{_CLASS[judged.verdict]}">{judged.verdict.value}</td>'
        rows.append(
            f'<tr><th scope="row">{name}</th><td>{said}</td><td>{measured}</td>{verdict}</tr>'
        )
    head = "<tr><th>Pattern</th><th>The reports say</th><th>Measured</th><th>Verdict</th></tr>"
    return _table(head, rows)


def _matrix(ablations: Sequence[Ablation]) -> str:
    names = [judged.pattern.name for judged in ablations[0].judgements]
    head = "".join(f"<th>{name}</th>" for name in names)
    rows = []
    for one in ablations:
        cells = "".join(
            f'<td class="{_CLASS[judged.verdict]}" title="{judged.verdict.value}">'
            f"{_MARK[judged.verdict]}</td>"
            for judged in one.judgements
        )
        label = (
            f'<th scope="row" title="{escape(verdict_on(one))}">{escape(one.mechanism.label)}</th>'
        )
        rows.append(f"<tr>{label}{cells}</tr>")
    return _table(f"<tr><th>Without</th>{head}</tr>", rows)


def _table(head: str, rows: Sequence[str]) -> str:
    """A table that scrolls on a narrow screen."""
    inside = f"<thead>{head}</thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="wide"><table>{inside}</table></div>'
