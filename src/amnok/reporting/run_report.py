"""A run as one HTML file: words, map, charts, tables, and what all of it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

import xarray as xr

from amnok.reporting.evidence_basis import mostly_assumed, standings
from amnok.reporting.hypertext import document, table, texts
from amnok.reporting.narrative import Statement, run_in_words
from amnok.reporting.patterns_page import pattern_rows
from amnok.reporting.picture import base_map, picture
from amnok.reporting.summaries import compact, summary
from amnok.results.folder import Record
from amnok.results.weekly import weekly
from amnok.scenario import Scenario
from amnok.scenario.catalog import evidence_index, first_sentence, parameter_table

Words = Sequence[tuple[str, Sequence[Statement]]]


def run_report(
    dataset: xr.Dataset,
    scenario: Scenario,
    record: Record,
    patterns: Mapping[str, Any] | None = None,
) -> str:
    """The report of a saved run.

    Args:
        dataset: of the run, from `open_run`.
        scenario: that was run.
        record: of the run, from `saved_scenario`.
        patterns: verdicts as `amnok verify --json` prints them.
    """
    n = dataset.sizes["replicate"]
    count = "1 replicate" if n == 1 else f"{n} replicates"
    command = f"amnok run --from {record.scenario}/manifest.json"
    body = [
        heading(scenario, f"Seed {record.seed}, {count}, Amnok {record.versions['amnok']}."),
        words(run_in_words(dataset)),
        place_for_map(),
        place_for_charts("base"),
        "<h2>By phase</h2>",
        phase_table(dataset),
        *pattern_part(scenario, patterns),
        *evidence(scenario),
        "<h2>To repeat this run</h2>",
        f"<p>With the run's folder: <code>{escape(command)}</code>. Without it: ",
        f"<code>{escape(_by_hand(scenario, record))}</code>. The digest of the scenario is ",
        f"<code>{record.scenario_sha256}</code>.</p>",
        versions(record.versions),
    ]
    data = {"map": base_map(), "base": picture(weekly(dataset), scenario), "others": []}
    return document(f"{scenario.title} – Amnok", body, data)


def run_summary(dataset: xr.Dataset, scenario: Scenario, record: Record) -> dict[str, Any]:
    """The same for programs: statements, numbers by phase, and what outcomes stand on."""
    frame = summary(dataset).astype(object)
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "seed": record.seed,
        "replicates": int(dataset.sizes["replicate"]),
        "versions": record.versions,
        "statements": [
            {"part": part, "text": one.text, "about": one.about}
            for part, statements in run_in_words(dataset)
            for one in statements
        ],
        "phases": frame.where(frame.notna(), None).to_dict(orient="records"),
        "stands_on": standing_data(scenario),
    }


def standing_data(scenario: Scenario) -> list[dict[str, Any]]:
    """What outcomes stand on, as plain rows."""
    return [
        {
            "outcome": one.outcome,
            "sections": list(one.sections),
            "parameters": one.parameters,
            "assumed": one.assumed,
            "sources": list(one.claims),
        }
        for one in standings(scenario)
    ]


def heading(scenario: Scenario, about: str) -> str:
    """Title, what it is, and what it is not."""
    period = f"{scenario.period.start} to {scenario.period.end}"
    return (
        f"<header><h1>{escape(scenario.title)}</h1>"
        f"<p>A simulation, not data: {escape(period)}. {escape(about)} Intervals are of 95% "
        "over replicates: they hold what chance does, and nothing of what may be wrong with the "
        "model.</p>"
        f"<p>{escape(scenario.description)}</p></header>"
    )


def words(parts: Words) -> str:
    """Statements as lists; each says in brackets which outcome it is about."""
    listed = [f"<h3>{escape(part)}</h3>{sentences(told)}" for part, told in parts]
    return "<h2>In words</h2>" + "".join(listed)


def sentences(statements: Iterable[Statement]) -> str:
    """A list of statements."""
    items = (
        f"<li>{escape(one.text)}{f' <small>({one.about})</small>' if one.about else ''}</li>"
        for one in statements
    )
    return f"<ul>{''.join(items)}</ul>"


def place_for_map() -> str:
    """Where the map and the time line go."""
    return (
        '<h2>Where</h2><div id="where"></div>'
        "<noscript><p>Map and charts need JavaScript; the tables do not.</p></noscript>"
    )


def place_for_charts(name: str) -> str:
    """Where the charts of an arm go."""
    return f'<h2>Week by week</h2><div class="charts" data-arm="{escape(name)}"></div>'


def phase_table(dataset: xr.Dataset) -> str:
    """The summary's numbers, a column a phase."""
    frame = summary(dataset)
    labels = list(dict.fromkeys(frame["phase"]))
    rows = []
    for (group, measure, unit), cells in frame.groupby(["table", "measure", "unit"], sort=False):
        by_phase = cells.set_index("phase")
        numbers = []
        for label in labels:
            mean, low, high = (float(by_phase.loc[label, name]) for name in ("mean", "low", "high"))
            text = compact(mean) if mean == mean else "–"
            text += f" <small>{compact(low)} to {compact(high)}</small>" if low == low else ""
            numbers.append(text)
        prefix = "" if group == "The border" else f"{group}: "
        rows.append([*texts([f"{prefix}{measure} ({unit})"]), *numbers])
    return table(["", *texts(labels)], rows, label="Numbers by phase")


def pattern_part(scenario: Scenario, patterns: Mapping[str, Any] | None) -> Iterator[str]:
    """The table of patterns, if verdicts are given."""
    if patterns is not None:
        yield "<h2>Patterns of the reports</h2>"
        yield f"<p>{patterns['replicates']} replicates; means with 95% intervals.</p>"
        yield pattern_rows(scenario, patterns["patterns"])


def evidence(scenario: Scenario) -> Iterator[str]:
    """What conclusions stand on, claims, and every parameter."""
    found = standings(scenario)
    assumed = mostly_assumed(found)
    yield "<h2>What this stands on</h2>"
    if assumed:
        yield (
            f"<p>More than half of the numbers behind {escape(', '.join(assumed))} are "
            "assumptions: what is said about these shows what the assumptions lead to.</p>"
        )
    rows = [texts([one.outcome, ", ".join(one.sections), one.text]) for one in found]
    yield table(["Outcome", "Sections of the scenario", "Numbers"], rows)
    yield "<h3>Claims</h3>"
    claims = [
        texts(
            [
                row.claim,
                row.grade,
                scenario.claims[row.claim].text,
                ", ".join(row.mechanisms),
                len(row.parameters),
            ]
        )
        for row in evidence_index(scenario)
    ]
    yield table(["Claim", "Grade", "It says", "Mechanisms", "Parameters"], claims, "text")
    yield "<h3>Every parameter</h3>"
    for section, inside in groupby(parameter_table(scenario), lambda row: row.path.split(".")[0]):
        rows = [
            texts(
                [
                    row.path.partition(".")[2],
                    f"{row.value:g}" if isinstance(row.value, int | float) else row.value,
                    row.unit,
                    row.prior,
                    "assumption" if row.is_assumption else ", ".join(row.sources),
                    row.grade,
                    first_sentence(row.meaning),
                ]
            )
            for row in inside
        ]
        yield f"<h4>{escape(section.replace('_', ' '))}</h4>"
        yield table(
            ["Parameter", "Value", "Unit", "Prior", "Source", "Grade", "What it does"], rows, "text"
        )


def versions(found: Mapping[str, str]) -> str:
    """What was used to compute all this."""
    return (
        f"<p><small>{escape(', '.join(f'{name} {one}' for name, one in found.items()))}</small></p>"
    )


def _by_hand(scenario: Scenario, record: Record) -> str:
    sets = "".join(f" --set {one}" for one in record.sets)
    return f"amnok run {scenario.name} --seed {record.seed} --replicates {record.replicates}{sets}"
