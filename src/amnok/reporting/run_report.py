"""A run as one HTML file: words, map, charts, tables, and what all of it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from amnok.cells import counted, text_of
from amnok.reporting.basis import (
    basis_table,
    mostly_assumed,
    parameters_table,
    standings,
)
from amnok.reporting.citing import Source, cited, intervals_over
from amnok.reporting.counterfactual import effects_sheet, effects_table, from_to
from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import first_page, lead
from amnok.reporting.formats import render
from amnok.reporting.hypertext import document
from amnok.reporting.narrative import Sentence, run_in_words
from amnok.reporting.patterns import pattern_tables
from amnok.reporting.picture import base_map, picture
from amnok.reporting.summaries import SEASONS, phase_table
from amnok.results.folder import Record
from amnok.results.weekly import weekly
from amnok.scenario import Scenario
from amnok.scenario.catalog import parameter_table
from amnok.scenario.loading import in_commands
from amnok.studies.claims.judging import judged_from
from amnok.studies.counterfactual import Effect
from amnok.studies.counterfactual.robustness import Robustness
from amnok.table import Sheet, Table

if TYPE_CHECKING:
    from amnok.studies.inference.questions import Questions

_MOST_ITEMS = 7  # of a list: a longer one is not read

Words = Sequence[tuple[str, Sequence[Sentence]]]


def run_report(
    dataset: xr.Dataset,
    scenario: Scenario,
    record: Record,
    patterns: Mapping[str, Any] | None = None,
    effects: Mapping[str, Effect] | None = None,
    draws: Robustness | None = None,
    asked: Questions | None = None,
) -> str:
    """The report of a saved run.

    Args:
        dataset: of the run, from `open_run`.
        scenario: that was run, with all claims that are to be shown.
        record: of the run, from `saved_scenario`.
        patterns: verdicts as `amnok verify --json` prints them.
        effects: of events by name; the report is about the first. Without any it tells no effects.
        draws: of the prior; by default what comes with Amnok for the border.
        asked: what could be learned next, where a bank has told it.
    """
    n = dataset.sizes["replicate"]
    command = "amnok run --repeat RUN/manifest.json"
    about = f"Seed {record.seed}, {counted(n, 'replicate')}, Amnok {record.versions['amnok']}."
    verdicts = judged_from(dataset, scenario)
    body, title = [heading(scenario, about, n)], scenario.title
    if effects:
        findings = Findings(next(iter(effects.values())), robustness=draws)
        title = findings.title()
        body = [f"<header><h1>{text_of(title)}</h1>{lead(findings)}</header>"]
        body.append(first_page(findings, dataset, verdicts))
    details = [
        render(effects_sheet(effects, draws=draws), "html") if effects else "",
        words(run_in_words(dataset)),
        place_for_map(),
        place_for_charts("base"),
        "<h2>In numbers</h2>",
        f"<p>{text_of(SEASONS.format(scenario.name))}</p>",
        render(phase_table(dataset), "html"),
        render(pattern_sheet(patterns), "html") if patterns is not None else "",
    ]
    evidence = (evidence_page(scenario, verdicts, asked), render(evidence_sheet(scenario), "html"))
    if effects:
        told = text_of(f"{about} {scenario.description}")
        details = [f"<p>{told}</p>", *details, "<h2>Evidence</h2>", *evidence]
        details = [folded("Details: every number, week by week, claims, parameters", *details)]
    else:
        details.append(folded("Evidence: claims, and every parameter", *evidence))
    repeat = [
        "<h2>To repeat this run</h2>",
        f"<p>With the run's folder, RUN: <code>{text_of(command)}</code>. Without it: ",
        f"<code>{text_of(_by_hand(scenario, record))}</code>. The digest of the scenario is ",
        f"<code>{record.scenario_sha256}</code>.</p>",
        versions(record.versions),
    ]
    digest, version = record.scenario_sha256, record.versions["amnok"]
    source = Source.of_run(scenario, record.seed, n, digest, version)
    base = cited(picture(weekly(dataset), scenario), source)
    data = {"map": base_map(scenario), "base": base, "others": []}
    return document(f"{title} – Amnok", [*body, *details, *repeat], data)


def run_summary(
    dataset: xr.Dataset,
    scenario: Scenario,
    record: Record,
    effects: Mapping[str, Effect] | None = None,
    draws: Robustness | None = None,
) -> Sheet:
    """The same for programs: findings, statements, numbers by phase, what outcomes stand on."""
    told = [
        {"part": part, "text": one.text, "about": one.about}
        for part, statements in run_in_words(dataset)
        for one in statements
    ]
    facts = {
        "scenario": scenario.name,
        "seed": record.seed,
        "replicates": int(dataset.sizes["replicate"]),
        "versions": record.versions,
    }
    findings = Findings(next(iter(effects.values())), robustness=draws) if effects else None
    found = findings.all() if findings else []
    if findings is not None:
        days = list(from_to(findings.days).values())  # of title and findings; effects say theirs
        facts |= {"title": findings.title(), "days": days}
    tables = (
        Table.of(
            "Findings",
            ("name", "from", "to", "title", "text", "about", "is_clear", "holds"),
            [{**vars(one), **from_to(one.days), "text": " ".join(one.sentences)} for one in found],
        ),
        *((effects_table(effects, draws),) if effects else ()),
        Table.of("Statements", ("part", "text", "about"), told),
        phase_table(dataset),
        basis_table(standings(scenario)),
    )
    return Sheet(scenario.title, tables, facts=facts)


def heading(scenario: Scenario, about: str, replicates: int, title: str = "") -> str:
    """Title (of the border without one), what it is, and what it is not."""
    period = f"{scenario.period.start} to {scenario.period.end}"
    place = scenario.title if title else period
    return (
        f"<header><h1>{text_of(title or scenario.title)}</h1>"
        f"<p><b class=badge>A simulation, not data</b> {text_of(place)}. {text_of(about)} "
        f"{intervals_over(replicates, 'replicate', 'replicates')}</p>"
        f"<p>{text_of(scenario.description)}</p></header>"
    )


def folded(title: str, *parts: str) -> str:
    """What few read, on paper nobody: closed until it is opened."""
    summary = f"<summary><h2>{text_of(title)}</h2></summary>"
    return f"<details class=all>{summary}{''.join(parts)}</details>"


def words(parts: Words) -> str:
    """Statements as lists; each says in brackets which outcome it is about."""
    listed = [f"<h3>{text_of(part)}</h3>{sentences(told)}" for part, told in parts]
    return "<h2>In words</h2>" + "".join(listed)


def sentences(statements: Iterable[Sentence]) -> str:
    """A list of statements; of many, all but the first `_MOST_ITEMS` are folded."""
    items = [
        f"<li>{text_of(one.text)}{f' <small>({one.about})</small>' if one.about else ''}</li>"
        for one in statements
    ]
    starts = range(0, len(items), _MOST_ITEMS)
    first, *rest = [f"<ul>{''.join(items[at : at + _MOST_ITEMS])}</ul>" for at in starts] or [""]
    more = f"<summary>{len(items) - _MOST_ITEMS} more</summary>{''.join(rest)}"
    return f"{first}<details>{more}</details>" if rest else first


def place_for_map() -> str:
    """Where the map and the time line go."""
    return (
        '<h2>Where</h2><div id="where"></div>'
        "<noscript><p>Map and charts need JavaScript; the tables do not.</p></noscript>"
    )


def place_for_charts(name: str) -> str:
    """Where the charts of an arm go."""
    return f'<h2>Week by week</h2><div class="charts" data-arm="{text_of(name)}"></div>'


def pattern_sheet(patterns: Mapping[str, Any]) -> Sheet:
    """Verdicts on patterns, read back from JSON."""
    return Sheet(
        "Patterns of the reports",
        pattern_tables(patterns, ("patterns", "measures")),
        (f"{counted(int(patterns['replicates']), 'replicate')}; means with 95% intervals.",),
    )


def evidence_sheet(scenario: Scenario) -> Sheet:
    """What conclusions stand on, and every parameter."""
    found = standings(scenario)
    assumed = mostly_assumed(found)
    lead = (
        f"More than half of the numbers behind {', '.join(assumed)} are assumptions: what is said "
        "about these shows what the assumptions lead to.",
    )
    rows = parameter_table(scenario)
    parameters = parameters_table("Every parameter", rows, "parameters", explained=True)
    return Sheet(
        "What this stands on",
        (basis_table(found), parameters),
        lead if assumed else (),
    )


def versions(found: Mapping[str, str]) -> str:
    """What was used to compute all this."""
    told = ", ".join(f"{name} {one}" for name, one in found.items())
    return f"<p><small>{text_of(told)}</small></p>"


def _by_hand(scenario: Scenario, record: Record) -> str:
    sets = "".join(f" --set {one}" for one in record.sets)
    drawn = f"--seed {record.seed} --replicates {record.replicates}"
    return f"amnok run {in_commands(scenario)} {drawn}{sets}"
