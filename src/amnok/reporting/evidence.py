"""A scenario's numbers and the evidence they stand on, as tables and as JSON."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console, JustifyMethod
from rich.table import Table

from amnok.errors import Fault
from amnok.quantity import Unit
from amnok.reporting.tables import plain_table
from amnok.scenario import Scenario
from amnok.scenario.catalog import ParameterRow, evidence_index, parameter_table
from amnok.scenario.explain import Explanation
from amnok.scenario.policies import Policy

# Name, value, unit, prior and sources: 99 columns with what lies between them.
_PARAMETER_COLUMNS: tuple[tuple[int, JustifyMethod], ...] = (
    (25, "left"),
    (10, "right"),
    (18, "left"),
    (22, "left"),
    (19, "left"),
)


def print_scenarios(scenarios: Iterable[Scenario], console: Console) -> None:
    """Name, period, size and evidence of scenarios, one a row."""
    table = plain_table("Name", "Title", ">Days", ">Traders", ">Sourced", ">Assumed")
    for scenario in scenarios:
        sourced, assumed = _apart(scenario)
        people = scenario.traders.inner.number + scenario.traders.outer.number
        numbers = (scenario.period.days, round(people), len(sourced), len(assumed))
        table.add_row(scenario.name, scenario.title, *(f"{number:,}" for number in numbers))
    console.print(table)


def print_policies(policies: Sequence[Policy], console: Console) -> None:
    """Name, label and settings of policies, one a block."""
    for policy in policies:
        console.print(f"{policy.name}: {policy.label}", style="bold")
        if policy.note:
            console.print(f"  {policy.note}")
        for path, value in policy.settings.items():
            console.print(f"  {path} = {value}")


def print_check(scenario: Scenario, console: Console) -> None:
    """Every parameter of a valid scenario: sourced values, then assumptions, then the counts."""
    sourced, assumed = _apart(scenario)
    _print_parameters("Sourced", sourced, console)
    _print_parameters("Assumptions", assumed, console)
    console.print("Add --explain PATH to read what one of them means.")
    console.print(
        f"OK: {scenario.name} is valid; {len(sourced) + len(assumed)} parameters, "
        f"{len(sourced)} sourced, {len(assumed)} assumptions"
    )


def check_json(scenario: Scenario) -> str:
    """The same as JSON, for programs."""
    sourced, assumed = _apart(scenario)
    content = {
        "ok": True,
        "scenario": scenario.name,
        "sourced": [dataclasses.asdict(row) for row in sourced],
        "assumptions": [dataclasses.asdict(row) for row in assumed],
    }
    return json.dumps(content, indent=1, default=str, ensure_ascii=False)


def faults_json(faults: Sequence[Fault]) -> str:
    """What is wrong with a scenario, as JSON."""
    content = {"ok": False, "faults": [dataclasses.asdict(fault) for fault in faults]}
    return json.dumps(content, indent=1, ensure_ascii=False)


def print_explained(scenario: Scenario, one: Explanation, console: Console) -> None:
    """What stands at a path: meaning, value, prior and sources; or the keys of a section."""
    console.print(one.path, style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _explained(scenario, one):
        table.add_row(f"  {name}", text)
    console.print(table)
    console.print()


def _explained(scenario: Scenario, one: Explanation) -> Iterator[tuple[str, str]]:
    yield "meaning", one.meaning
    if one.value:
        yield "value", one.value
    if one.row is not None:
        yield "value", f"{_value(one.row)} {one.row.unit}{_range(one.unit)}"
        yield "prior", one.row.prior
        yield "source", "assumption" if one.row.is_assumption else ""
        for name in one.row.sources:
            yield f"  {name}", _source(scenario, name)
        if one.row.note:
            yield "note", one.row.note
    yield from one.inside.items()


def _range(unit: Unit | None) -> str:
    """The values that a unit allows, in brackets; nothing for dates."""
    if unit is None or not math.isfinite(unit.high):
        return ""
    return f" (from {unit.low:g} to {unit.high:g} allowed)"


def _source(scenario: Scenario, name: str) -> str:
    claim = scenario.claims.get(name)
    if claim is not None:
        return f"{claim.grade}: {claim.text}"
    reference = scenario.references[name]
    return f"{reference.citation} {reference.figure}"


def explained_json(explained: Iterable[Explanation]) -> str:
    """The same as JSON, for programs."""
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
    return json.dumps(content, indent=1, default=str, ensure_ascii=False)


def print_ledger(scenario: Scenario, console: Console) -> None:
    """Every claim: grade, text, and the mechanisms, patterns and parameters it carries."""
    for row in evidence_index(scenario):
        claim = scenario.claims[row.claim]
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(style="bold", width=12)
        table.add_column(overflow="fold")
        table.add_row(f"{row.claim}  {row.grade}", claim.text)
        table.add_row("place", claim.place)
        table.add_row("mechanisms", ", ".join(row.mechanisms))
        table.add_row("patterns", ", ".join(row.patterns) or "-")
        table.add_row("parameters", ", ".join(row.parameters) or "-")
        console.print(table)
        console.print()
    cited = sum(bool(row.parameters) for row in evidence_index(scenario))
    console.print(f"{len(scenario.claims)} claims; {cited} of them stand behind parameters")


def _apart(scenario: Scenario) -> tuple[list[ParameterRow], list[ParameterRow]]:
    """Sourced parameters and assumptions."""
    rows = parameter_table(scenario)
    sourced = [row for row in rows if not row.is_assumption]
    return sourced, [row for row in rows if row.is_assumption]


def _print_parameters(title: str, rows: Sequence[ParameterRow], console: Console) -> None:
    """Parameters under the path of their section: whole paths would leave no room for the rest."""
    console.rule(f"{title}: {len(rows)}", align="left", characters="-")
    for section, inside in groupby(rows, lambda row: row.path.rpartition(".")[0]):
        console.print(section, style="bold")
        table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
        for width, justify in _PARAMETER_COLUMNS:
            table.add_column(width=width, justify=justify, overflow="fold")
        for row in inside:
            table.add_row(*_cells(row))
        console.print(table)
    console.print()


def _cells(row: ParameterRow) -> tuple[str, str, str, str, str]:
    """Name within its section, value, unit, prior, and sources with the best grade of them."""
    sources = " ".join(row.sources) + (f" ({row.grade})" if row.grade else "")
    return f"  {row.path.rpartition('.')[2]}", _value(row), row.unit, row.prior, sources


def _value(row: ParameterRow) -> str:
    return f"{row.value:g}" if isinstance(row.value, int | float) else str(row.value)
