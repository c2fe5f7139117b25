"""A comparison as one HTML file: what each policy does, and to whom; all numbers after that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xarray as xr

from amnok.cells import counted, text_of
from amnok.reporting.basis import basis_table, standings
from amnok.reporting.citing import Source, cited
from amnok.reporting.comparison import (
    WHAT_X_IS,
    comparison_sheet,
    days_counted,
    outcomes_table,
    persons_table,
)
from amnok.reporting.comparison_words import (
    comparison_in_words,
    guesses_about,
    policy_holds,
    policy_in_short,
)
from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.first_page import limits
from amnok.reporting.formats import render
from amnok.reporting.guesses import Guesses
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
from amnok.studies.counterfactual.events import chosen, story_about
from amnok.studies.counterfactual.robustness import Robustness
from amnok.table import Sheet, Table

if TYPE_CHECKING:
    from amnok.studies.inference.questions import Questions


def comparison_report(
    saved: SavedComparison,
    told: Scenario,
    draws: Robustness | None = None,
    asked: Questions | None = None,
) -> str:
    """The report of a saved comparison: the base on the map, each policy beside it in charts.

    Args:
        saved: the comparison.
        told: its border, with all claims that are to be shown.
        draws: of the prior; by default what comes with Amnok for the border.
        asked: what could be learned next, where a bank has told it.
    """
    comparison = saved.comparison
    scenario, n = comparison.scenario, comparison.values.sizes["replicate"]
    guesses = guesses_about(comparison, draws)
    about = (
        f"Each policy beside the border as it is: {counted(n, 'replicate')} with the same people "
        f"and the same random numbers, seed {saved.seed}, Amnok {saved.versions['amnok']}."
        + "".join(f" {told}." for told in days_counted(comparison))
    )
    quoted = [f"“{label}”" for label in comparison.labels.values()]
    title = f"What would {quoted[0] if len(quoted) == 1 else f'{len(quoted)} policies'} change?"
    body = [heading(scenario, about, n, title), *_what_guesses_are(guesses.values())]
    for policy, known in guesses.items():
        body += _in_short(comparison, policy, known)
    body += limits(told, n, _limits_of_questions(scenario, guesses.values()))
    for policy, label in comparison.labels.items():
        body.append(
            folded(
                f"Outcome by outcome: {label}", *_in_numbers(comparison, policy, guesses[policy])
            )
        )
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


def comparison_summary(saved: SavedComparison, draws: Robustness | None = None) -> Sheet:
    """The same for programs; `draws` as for the report."""
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
    guesses = guesses_about(comparison, draws).items()
    holds = {policy: policy_holds(comparison, policy, known) for policy, known in guesses}
    facts = {**sheet.facts, "holds": holds, "seed": saved.seed, "versions": saved.versions}
    return replace(sheet, tables=(*sheet.tables, *more), facts=facts)


def _charts_of(weeks: xr.Dataset, comparison: Comparison) -> dict[str, Any]:
    whole = picture(weeks, comparison.scenario)
    return {"charts": whole["charts"], "orders": whole["orders"]}


def _what_guesses_are(guesses: Iterable[Guesses]) -> Iterator[str]:
    """What pages mean by other guesses, once, where anything is told of them."""
    for one in dict.fromkeys(filter(None, (each.what_they_are for each in guesses))):
        yield f"<p>{text_of(one)}</p>"


def _limits_of_questions(scenario: Scenario, guesses: Iterable[Guesses]) -> list[str]:
    """What no answer tells of the events that policies take out."""
    stories = [story_about(scenario, chosen(scenario, one.event)) for one in guesses if one.event]
    return list(dict.fromkeys(limit for story in stories for limit in story.limits))


def _in_short(comparison: Comparison, policy: str, guesses: Guesses) -> Iterator[str]:
    outcomes = outcomes_table(comparison, policy)
    yield f"<h2>{text_of(outcomes.title)}</h2>"
    yield f"<p class=lead>{text_of(policy_in_short(comparison, policy))}</p>"
    holds = policy_holds(comparison, policy, guesses)
    yield f"<p class=guesses>{text_of(holds)}</p>"
    yield from (f"<p>{text_of(note)}.</p>" for note in outcomes.notes)


def _in_numbers(comparison: Comparison, policy: str, guesses: Guesses) -> Iterator[str]:
    outcomes = outcomes_table(comparison, policy, guesses.of_row)
    title = f"Outcomes: {comparison.labels[policy]}"
    yield sentences(comparison_in_words(comparison, policy))
    yield render(replace(outcomes, title=title, notes=()), "html")
    yield f"<p class=note>{text_of(WHAT_X_IS)}.</p>"
    if "arrests" in comparison.values:
        yield render(persons_table(comparison, policy), "html")
    yield place_for_charts(policy).replace("<h2>", "<h3>").replace("</h2>", "</h3>")
