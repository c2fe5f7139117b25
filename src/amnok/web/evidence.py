"""The evidence of a border for the page: reports with claims, contradictions, what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from amnok.cells import text_of
from amnok.reporting.formats import render
from amnok.reporting.ledger import counted, gaps_sheet, grade_in_words, stances_table
from amnok.scenario import Scenario
from amnok.scenario.catalog import evidence_index
from amnok.scenario.ledger import Ledger
from amnok.scenario.ledger.book import gaps, stances


def evidence_of(scenario: Scenario) -> str:
    """All of it as HTML, with every text escaped."""
    return "".join(_parts(scenario))


def _parts(scenario: Scenario) -> Iterator[str]:
    ledger = scenario.ledger
    yield f"<p>{text_of(counted(ledger))}</p>"
    found = [one for one in stances(ledger) if one.stance == "contradicts"]
    if found:
        yield "<h3>Who says otherwise</h3>"
        yield render(stances_table(ledger, found), "html")
    yield "<h3>Reports and their claims</h3>"
    numbers = {row.claim: len(row.parameters) for row in evidence_index(scenario)}
    for name in scenario.reports:
        claims = [one for one, claim in ledger.standing.items() if claim.report == name]
        if claims:
            yield _report(ledger, name)
            yield '<ul class="claims">'
            yield "".join(_claim(ledger, one, numbers.get(one, 0)) for one in claims)
            yield "</ul>"
    missing = gaps(ledger)
    if missing:
        yield "<h3>What reports speak of and the model lacks</h3>"
        yield render(gaps_sheet(ledger, missing), "html")


def _report(ledger: Ledger, name: str) -> str:
    report = ledger.reports[name]
    is_link = report.url.startswith(("https://", "http://"))
    link = ""
    if is_link:
        address = text_of(report.url)
        link = f' <a href="{address}" target="_blank" rel="noopener noreferrer">read it</a>'
    return f"<h4>{text_of(report.cited)}{link}</h4>"


def _claim(ledger: Ledger, name: str, numbers: int) -> str:
    behind = f"; stands behind {numbers} number{'s' if numbers != 1 else ''}" if numbers else ""
    grade = grade_in_words(ledger.grade(name))
    return (
        f"<li><b>{text_of(name)}</b> {text_of(ledger.claims[name].text)} "
        f"<small>{text_of(grade)}{behind}</small></li>"
    )
