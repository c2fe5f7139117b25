"""A comparison as one HTML file: what each policy does, and to whom; all numbers after that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xarray as xr

from amnok.cells import counted, text_of
from amnok.reporting.basis import basis_table, standings
from amnok.reporting.citing import Source, cited
from amnok.reporting.comparison import WHAT_X_IS, comparison_sheet, outcomes_table, persons_table
from amnok.reporting.comparison_words import comparison_in_words, policy_in_short
from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.formats import render
from amnok.reporting.hypertext import document
from amnok.reporting.picture import base_map, picture
from amnok.reporting.run_report import (
    evidence_sheet,
    folded,
    heading,
    place_for_charts,
    place_for_map,
    sentences,
    versions,
)
from amnok.scenario import Scenario
from amnok.scenario.measures.plan import BASE
from amnok.studies.comparison import Comparison
from amnok.studies.comparison.folder import SavedComparison
from amnok.table import Sheet, Table

if TYPE_CHECKING:
    from amnok.studies.inference.questions import Questions


def comparison_report(
    saved: SavedComparison, told: Scenario, asked: Questions | None = None
) -> str:
    """The report of a saved comparison: the base on the map, each policy beside it in charts.

    Args:
        saved: the comparison.
        told: its border, with all claims that are to be shown.
        asked: what could be learned next, where a bank has told it.
    """
    comparison = saved.comparison
    scenario, n = comparison.scenario, comparison.values.sizes["replicate"]
    about = (
        f"Each policy beside the border as it is: {counted(n, 'replicate')} with the same people "
        f"and the same random numbers, seed {saved.seed}, Amnok {saved.versions['amnok']}."
    )
    quoted = [f"“{label}”" for label in comparison.labels.values()]
    title = f"What would {quoted[0] if len(quoted) == 1 else f'{len(quoted)} policies'} change?"
    body = [heading(scenario, about, n, title)]
    for policy in comparison.labels:
        body += _in_short(comparison, policy)
    for policy, label in comparison.labels.items():
        body += _in_numbers(comparison, policy, label)
    body += [
        place_for_map(),
        folded(
            "Evidence: claims, and every parameter",
            evidence_page(told, asked=asked),
            render(evidence_sheet(told), "html"),
        ),
        "<h2>To repeat this comparison</h2>",
    ]
    body += [f"<p><code>{text_of(saved.command)}</code></p>", versions(saved.versions)]
    source = Source.of_run(scenario, saved.seed, n, version=saved.versions["amnok"])
    data = {
        "map": base_map(scenario),
        "base": cited(picture(comparison.weeks[BASE], scenario), source),
        "others": [
            {
                "name": policy,
                "label": comparison.labels[policy],
                **_charts_of(weeks, comparison),
            }
            for policy, weeks in comparison.weeks.items()
            if policy != BASE
        ],
    }
    return document(f"{scenario.title}: policies – Amnok", body, data)


def comparison_summary(saved: SavedComparison) -> Sheet:
    """The same for programs."""
    comparison = saved.comparison
    sheet = comparison_sheet(comparison)
    told = [
        {"policy": policy, "text": one.text, "about": one.about}
        for policy in comparison.labels
        for one in comparison_in_words(comparison, policy)
    ]
    more = (
        Table.of("Statements", ("policy", "text", "about"), told),
        basis_table(standings(comparison.scenario)),
    )
    facts = {**sheet.facts, "seed": saved.seed, "versions": saved.versions}
    return replace(sheet, tables=(*sheet.tables, *more), facts=facts)


def _charts_of(weeks: xr.Dataset, comparison: Comparison) -> dict[str, Any]:
    whole = picture(weeks, comparison.scenario)
    return {"charts": whole["charts"], "orders": whole["orders"]}


def _in_short(comparison: Comparison, policy: str) -> Iterator[str]:
    outcomes = outcomes_table(comparison, policy)
    yield f"<h2>{text_of(outcomes.title)}</h2>"
    yield f"<p class=lead>{text_of(policy_in_short(comparison, policy))}</p>"
    yield from (f"<p>{text_of(note)}.</p>" for note in outcomes.notes)
    yield sentences(comparison_in_words(comparison, policy))


def _in_numbers(comparison: Comparison, policy: str, label: str) -> Iterator[str]:
    outcomes = outcomes_table(comparison, policy)
    yield f"<h2>In numbers: {text_of(label)}</h2>"
    yield render(replace(outcomes, title=f"Outcomes: {label}", notes=()), "html")
    yield f"<p class=note>{text_of(WHAT_X_IS)}.</p>"
    if "arrests" in comparison.values:
        yield render(persons_table(comparison, policy), "html")
    yield place_for_charts(policy).replace("<h2>", "<h3>").replace("</h2>", "</h3>")
