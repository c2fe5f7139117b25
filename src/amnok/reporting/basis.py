"""A scenario's numbers, the evidence they stand on, and what outcomes stand on, as tables."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amnok.cells import Cell, full, percent
from amnok.errors import Fault
from amnok.mechanisms import MECHANISMS
from amnok.quantity import Support, Unit
from amnok.scenario import Scenario
from amnok.scenario.catalog import ParameterRow, first_sentence, parameter_table
from amnok.scenario.explain import Explanation
from amnok.scenario.policies import Policy
from amnok.table import Column, Sheet, Table
from amnok.variables import ARREST, PAID, QUESTION

if TYPE_CHECKING:
    from amnok.studies.first_to_source import Swing


def scenarios_table(scenarios: Iterable[Scenario]) -> Table:
    """Name, period, size and evidence of scenarios, one a row."""
    rows: list[tuple[Cell, ...]] = []
    for scenario in scenarios:
        people = scenario.traders.inner.number + scenario.traders.outer.number
        support = tuple(len(one) for one in by_support(scenario).values())
        numbers = (scenario.period.days, round(people), *support)
        rows.append((scenario.name, scenario.title, *numbers))
    names = ("name", "title", "days", "traders", "figures", "directions", "assumptions")
    return Table("Scenarios", tuple(map(Column, names)), tuple(rows))


def policies_table(policies: Iterable[Policy]) -> Table:
    """Name, label, note and settings of policies, one a row."""
    rows = []
    for policy in policies:
        settings = tuple(f"{path} = {value}" for path, value in policy.settings.items())
        rows.append((policy.name, policy.label, policy.note, settings))
    names = ("policy", "label", "note", "sets")
    return Table("Policies", tuple(map(Column, names)), tuple(rows))


def check_sheet(scenario: Scenario) -> Sheet:
    """Every parameter of a valid scenario by what stands behind it, then the counts."""
    found = by_support(scenario)
    counts = {f"{support}s": len(rows) for support, rows in found.items()}
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    return Sheet(
        scenario.title,
        tuple(
            parameters_table(f"{SUPPORT[support]}: {len(rows)}", rows, f"{support}s")
            for support, rows in found.items()
        ),
        notes=(
            "Add --explain PATH to read what one of them means.",
            f"OK: {scenario.name} is valid; {sum(counts.values())} parameters: {told}",
        ),
        facts={"ok": True, "scenario": scenario.name},
    )


def first_sheet(scenario: Scenario, outcome: str, found: Sequence[Swing]) -> Sheet:
    """What to source first: numbers without a figure, by how far they move an outcome."""
    from amnok.results.outcomes import kinds

    known = dict(scenario.parameters())
    columns = (
        Column("parameter"),
        Column("value"),
        Column("low", "at 10% of its prior", form=percent),
        Column("high", "at 90% of its prior", form=percent),
        Column("support"),
    )
    rows = (
        {
            "parameter": one.path,
            "value": known[one.path].value,
            "low": one.low,
            "high": one.high,
            "support": known[one.path].support,
        }
        for one in found
    )
    title = f"What to source first: {kinds(scenario)[outcome].text}, of what it is"
    note = "One number at a time, on a border of at most 2,000 senders: amnok sweep tells more."
    return Sheet(scenario.title, (Table.of(title, columns, rows),), notes=(note,))


def faults_sheet(faults: Sequence[Fault]) -> Sheet:
    """What is wrong with a scenario, for programs."""
    columns = (Column(field.name) for field in dataclasses.fields(Fault))
    table = Table.of("Faults", columns, map(dataclasses.asdict, faults))
    return Sheet("", (table,), facts={"ok": False})


def explained_sheet(scenario: Scenario, explained: Sequence[Explanation]) -> Sheet:
    """What stands at some paths: meaning, value, prior and sources; or the keys of a section."""
    columns = (Column("key", ""), Column("text", ""))
    tables = (
        Table(one.path, columns, tuple(_explained(scenario, one)), only_for="people")
        for one in explained
    )
    content = [
        {
            "path": one.path,
            "meaning": one.meaning,
            "parameter": dataclasses.asdict(one.row) if one.row else None,
            "value": one.value or None,
            "inside": dict(one.inside),
        }
        for one in explained
    ]
    return Sheet("", tuple(tables), facts={"explained": content})


def _explained(scenario: Scenario, one: Explanation) -> Iterator[tuple[str, str]]:
    yield "meaning", one.meaning
    if one.value:
        yield "value", one.value
    if one.row is not None:
        yield "value", f"{full(one.row.value)} {one.row.unit}{_range(one.unit)}"
        yield "prior", one.row.prior
        yield "support", SUPPORT[one.row.support]
        for name in one.row.sources:
            yield f"  {name}", _source(scenario, name)
        if one.row.note:
            yield "note", one.row.note
    yield from one.inside.items()


def reports_behind(scenario: Scenario) -> list[str]:
    """Reports with a claim that a parameter cites."""
    cited = {name for _, one in scenario.parameters() for name in one.sources}
    reports = (one.report for name, one in scenario.claims.items() if name in cited)
    return list(dict.fromkeys(reports))


def sources(scenario: Scenario) -> list[str]:
    """Outlet, date and title of every report behind the numbers of a border."""
    return [scenario.reports[name].cited for name in reports_behind(scenario)]


def sources_note(scenario: Scenario) -> tuple[str, ...]:
    """What stands behind the numbers of a border, in a sentence; nothing if no report does."""
    told = "; ".join(sources(scenario))
    return (f"Behind numbers of this border: {told}.",) if told else ()


def _range(unit: Unit | None) -> str:
    """The values that a unit allows, in brackets; nothing for dates."""
    if unit is None or not math.isfinite(unit.high):
        return ""
    return f" (from {unit.low:g} to {unit.high:g} allowed)"


def _source(scenario: Scenario, name: str) -> str:
    claim = scenario.claims.get(name)
    if claim is not None:
        ledger = scenario.ledger
        return f"{ledger.grade(name)}: {claim.text} ({ledger.cited(name)})"
    reference = scenario.references[name]
    return f"{reference.citation} {reference.figure}"


def parameters_table(
    title: str, rows: Iterable[ParameterRow], name: str, explained: bool = False
) -> Table:
    """Parameters under the path of their section: whole paths would leave no room for the rest.

    With `explained`, people also read what each of them does.
    """
    columns = (
        Column("path", role="data"),
        Column("section", role="group"),
        Column("parameter"),
        Column("value", form=full),
        Column("unit"),
        Column("prior"),
        Column("sources", form=lambda names: " ".join(names) or "assumption", brackets="grade"),
        Column("grade"),
        Column("support", role="" if explained else "data"),
        Column("is_assumption", role="data"),
        Column("note", role="data"),
        Column("meaning", "what it does", form=first_sentence, role="" if explained else "data"),
    )
    records = []
    for row in rows:
        section, _, parameter = row.path.rpartition(".")
        records.append({**dataclasses.asdict(row), "section": section, "parameter": parameter})
    return Table.of(title, columns, records, name=name)


SUPPORT: dict[Support, str] = {
    "figure": "A figure in a source",
    "direction": "Direction only",
    "assumption": "Assumed",
}
"""What stands behind a number, in words, the strongest first."""


def by_support(scenario: Scenario) -> dict[Support, list[ParameterRow]]:
    """The parameters behind whose number there is a figure, only a direction, an assumption."""
    rows = parameter_table(scenario)
    return {support: [row for row in rows if row.support == support] for support in SUPPORT}


# Sections that every border has, whose numbers shape an outcome most directly; all matter a little.
_EVERYWHERE: dict[str, tuple[str, ...]] = {
    "crossings": ("traders", "goods", "route_kinds", "calendar", "learning"),
    "checking": ("goods", "learning", "orders"),
    "bribes": ("goods", "route_kinds"),
    "searches": ("orders", "agencies"),
    "questionings": ("orders", "agencies"),
    "arrests": ("traders", "orders"),
    "prices": ("prices", "markets", "goods"),
    "records": (),
}

STANDS_ON: dict[str, tuple[str, ...]] = {
    outcome: (*(one.name for one in MECHANISMS if outcome in one.shapes), *sections)
    for outcome, sections in _EVERYWHERE.items()
}
"""Sections of a scenario whose numbers shape an outcome most directly."""


# Sections without which there is no such outcome, as `Scenario.has` takes them.
_NEEDS: dict[str, str] = {
    "checking": "self_inspection",
    "bribes": PAID,
    "searches": "security_police",
    "questionings": QUESTION,
    "arrests": ARREST,
    "records": "official|reporting",
}


@dataclass(frozen=True)
class Standing:
    """What one outcome stands on.

    Attributes:
        outcome: a key of STANDS_ON.
        sections: of the scenario, as far as it has numbers in them.
        parameters: how many numbers these hold.
        figures: behind how many of them a source gives the number.
        directions: behind how many it gives no more than a direction.
        assumed: how many of them are assumptions.
        claims: the claims and references behind the others, the best graded first.
    """

    outcome: str
    sections: tuple[str, ...]
    parameters: int
    figures: int
    directions: int
    assumed: int
    claims: tuple[str, ...]


def standings(scenario: Scenario) -> list[Standing]:
    """What each outcome that the border has stands on, in the order of STANDS_ON."""
    rows = parameter_table(scenario)
    return [
        standing(outcome, [row for row in rows if row.path.split(".")[0] in sections])
        for outcome, sections in STANDS_ON.items()
        if outcome not in _NEEDS or scenario.has(_NEEDS[outcome])
    ]


def standing(outcome: str, rows: Sequence[ParameterRow]) -> Standing:
    """What something stands on, from the numbers that shape it."""
    grades: dict[str, str] = {}
    for row in rows:
        for source in row.sources:
            grades[source] = min(row.grade or "Z", grades.get(source, "Z"))
    return Standing(
        outcome=outcome,
        sections=tuple(dict.fromkeys(row.path.split(".")[0] for row in rows)),
        parameters=len(rows),
        figures=sum(row.support == "figure" for row in rows),
        directions=sum(row.support == "direction" for row in rows),
        assumed=sum(row.support == "assumption" for row in rows),
        claims=tuple(sorted(grades, key=lambda name: (grades[name], name))),
    )


def mostly_assumed(found: Iterable[Standing]) -> list[str]:
    """Outcomes more than half of whose numbers are assumptions."""
    return [one.outcome for one in found if one.assumed * 2 > one.parameters]


def basis_table(found: Iterable[Standing]) -> Table:
    """What outcomes stand on."""
    columns = (
        Column("outcome"),
        Column("sections", "sections of the scenario"),
        Column("parameters", "numbers"),
        Column("figures", "with a figure"),
        Column("directions", "direction only"),
        Column("assumed"),
        Column("sources"),
    )
    records: list[dict[str, Any]] = [
        {**dataclasses.asdict(one), "sources": one.claims} for one in found
    ]
    return Table.of("What this stands on", columns, records, name="stands_on")
