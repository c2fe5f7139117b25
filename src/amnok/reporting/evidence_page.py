"""The evidence of a border as a page: contradictions side by side, reports with their claims.

Beside each claim stands what the model says of it, where that is known.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from amnok.cells import text_of
from amnok.reporting.formats import render
from amnok.reporting.ledger import gaps_sheet, grade_in_words, summed_up
from amnok.reporting.numbers import number
from amnok.scenario import Scenario
from amnok.scenario.catalog import evidence_index
from amnok.scenario.ledger import Ledger
from amnok.scenario.ledger.book import gaps, stances
from amnok.scenario.loading import in_commands
from amnok.studies.claims.judging import Judged, Stands
from amnok.studies.patterns.judge import Estimate

if TYPE_CHECKING:
    from amnok.studies.inference.questions import Questions

Verdicts = Mapping[str, Judged]

# Shapes, so that no verdict is told by colour alone.
_MARKS = {
    Stands.CONSISTENT: ("\u25cf", "The model agrees"),
    Stands.CONTRADICTED: ("\u25c6", "The model says otherwise"),
    Stands.OPEN: ("\u25d0", "The model cannot tell"),
    Stands.SILENT: ("\u25cc", "The model is silent"),
}


_MOST_QUESTIONS = 7  # a longer list is not read

# What a claim does to another, and what that other undergoes.
_STANCES = {
    "supports": ("supports", "supported by"),
    "contradicts": ("contradicts", "contradicted by"),
    "refines": ("refines", "refined by"),
}


def asked_of(bank: str | os.PathLike[str] | None, scenario: Scenario) -> Questions | None:
    """What could be learned next of a border, from a bank of it; nothing without one.

    Raises:
        AmnokError: there is no such bank, or it is of another border.
    """
    if bank is None:
        return None
    from amnok.studies.inference.questions import ask

    return ask(scenario, bank=bank)


def evidence_page(
    scenario: Scenario, verdicts: Verdicts | None = None, asked: Questions | None = None
) -> str:
    """All of it as HTML, with every text escaped.

    Args:
        scenario: whose ledger it is.
        verdicts: what the model says of each claim, by its id, where it was asked.
        asked: what could be learned next, where a bank has told it.
    """
    return "".join((*_parts(scenario, verdicts or {}), *_next(scenario, asked)))


def _parts(scenario: Scenario, verdicts: Verdicts) -> Iterator[str]:
    ledger = scenario.ledger
    if not ledger.reports:
        yield "<p>No report is entered: numbers stand on references, or are assumed.</p>"
        return
    yield f"<p>{text_of(summed_up(ledger))}</p>"
    if verdicts:
        yield f"<p>{text_of(_summed_up(verdicts))}</p>"
    against = [one for one in stances(ledger) if one.stance == "contradicts"]
    if against:
        yield "<h3>Who says otherwise</h3>"
        for one in against:
            both = (_side(ledger, name, verdicts) for name in (one.claim, one.other))
            yield f'<div class="sides">{"".join(both)}</div>'
    yield "<h3>Reports and their claims</h3>"
    numbers = {row.claim: len(row.parameters) for row in evidence_index(scenario)}
    for name in scenario.reports:
        claims = [one for one, claim in ledger.standing.items() if claim.report == name]
        if claims:
            yield _report(ledger, name)
            yield '<ul class="claims">'
            yield "".join(_claim(ledger, one, numbers.get(one, 0), verdicts) for one in claims)
            yield "</ul>"
    missing = gaps(ledger)
    if missing:
        yield "<h3>What reports speak of and the model lacks</h3>"
        yield render(gaps_sheet(ledger, missing), "html")


def _next(scenario: Scenario, asked: Questions | None) -> Iterator[str]:
    yield "<h3>What to ask next</h3>"
    if asked is None:
        yield (
            "<p>Which answer would tell most is read off many runs with other guesses: "
            f"<code>amnok bank {in_commands(scenario)}</code> makes them once; then "
            "<code>--bank runs/bank</code>, for <code>amnok report</code> and for "
            "<code>amnok explore</code>, ranks the questions here.</p>"
        )
        return
    from amnok.reporting.inference import questions_sheet

    sheet = questions_sheet(asked, scenario, most=_MOST_QUESTIONS)
    yield render(replace(sheet, title=""), "html")


def _summed_up(verdicts: Verdicts) -> str:
    told = Counter(one.verdict for one in verdicts.values())
    parts = (f"{told[one]}: {words.lower()}" for one, (_, words) in _MARKS.items() if told[one])
    return f"Of {len(verdicts)} claims, {'; '.join(parts)}."


def _report(ledger: Ledger, name: str) -> str:
    report = ledger.reports[name]
    is_link = report.url.startswith(("https://", "http://"))
    link = ""
    if is_link:
        address = text_of(report.url)
        link = f' <a href="{address}" target="_blank" rel="noopener noreferrer">read it</a>'
    return f"<h4>{text_of(report.cited)}{link}</h4>"


def _claim(ledger: Ledger, name: str, numbers: int, verdicts: Verdicts) -> str:
    behind = f"; stands behind {numbers} number{'s' if numbers != 1 else ''}" if numbers else ""
    grade = grade_in_words(ledger.grade(name))
    return (
        f"<li><b>{text_of(name)}</b> {text_of(ledger.claims[name].text)} "
        f"<small>{text_of(grade)}{behind}{_related(ledger, name)}</small>"
        f"{told_of(name, verdicts)}</li>"
    )


def _related(ledger: Ledger, name: str) -> str:
    """How other claims stand to one, and it to them."""
    told = (
        f"; {_STANCES[one.stance][one.other == name]} <b>{text_of(other)}</b> "
        f"({text_of(ledger.report_of(other).outlet)})"
        for one in stances(ledger, name)
        for other in (one.claim if one.other == name else one.other,)
    )
    return "".join(told)


def _side(ledger: Ledger, name: str, verdicts: Verdicts) -> str:
    """One of two claims that stand against each other."""
    return (
        f"<div><p><b>{text_of(name)}</b> {text_of(ledger.claims[name].text)}</p>"
        f"<p><small>{text_of(ledger.cited(name))}</small></p>"
        f"<p><small>{text_of(grade_in_words(ledger.grade(name)))}</small></p>"
        f"{told_of(name, verdicts)}</div>"
    )


def told_of(name: str, verdicts: Verdicts) -> str:
    """What the model says of a claim, with the number that it goes by."""
    if name not in verdicts:
        return ""
    one = verdicts[name]
    mark, words = _MARKS[one.verdict]
    told = "; ".join(map(_estimated, one.estimates))
    return (
        f'<p class="verdict {one.verdict.name.lower()}"><span aria-hidden="true">{mark}</span> '
        f"<b>{words}</b>{text_of(f': {told}') if told else ''}.</p>"
    )


def _estimated(one: Estimate) -> str:
    """A statement, its number and what was asked for."""
    asked, of = one.measure.said.asked, one.measure
    name = f"{of.text} " if of.said.label else ""
    unit = "" if one.measure.unit == "ratio" else f" {one.measure.unit}"
    if one.value != one.value:
        return f"{name or 'it'}: nothing to measure (asked: {asked})"
    ends = "" if one.low != one.low else f" [{number(one.low)}, {number(one.high)}]"
    return f"{name}{number(one.value)}{ends}{unit} (asked: {asked})"
