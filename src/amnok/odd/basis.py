"""Parts of the model's description on what it stands on: patterns, claims, reports, parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from amnok.mechanisms.form import Contrast
from amnok.odd.text import bullets, link, name, number, or_none, plain, table
from amnok.quantity import Parameter
from amnok.scenario import Scenario
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.catalog import ParameterRow, parameter_table
from amnok.scenario.ledger import ReportedPattern
from amnok.scenario.shape import field_of, shape_at
from amnok.studies.patterns.judge import carried_by
from amnok.studies.patterns.patterns import Measured, Pattern, patterns_of

_DIMENSIONLESS = ("ratio", "share", "index", "weight", "probability")


def patterns(scenario: Scenario) -> str:
    """Each pattern: what the reports say, what is asked of a run, and the mechanism behind it."""
    stated = [one for one in patterns_of(scenario).all if one.is_there]
    return "\n\n".join(
        [
            *(_pattern(scenario, one) for one in stated if one.measures),
            *(_unmeasured(one) for one in stated if not one.measures),
        ]
    )


def _pattern(scenario: Scenario, pattern: Pattern) -> str:
    behind = [one for one in CONTRASTS if one.name == pattern.reported.carried_by]
    lines = [_asked(measure) for measure in pattern.measures]
    lines += [f"Behind it: {_mechanism(scenario, one)}" for one in behind]
    return f"#### {plain(pattern.name)}\n\n{_said(pattern.reported)}\n\n{bullets(lines)}"


def _unmeasured(pattern: Pattern) -> str:
    return f"**{plain(pattern.name)}** (nothing measures it): {_said(pattern.reported)}"


def _said(pattern: ReportedPattern) -> str:
    claims = f" (claims {', '.join(map(plain, pattern.claims))})" if pattern.claims else ""
    return plain(pattern.text) + claims


def _asked(measure: Measured) -> str:
    why = plain(measure.said.why[:1].upper() + measure.said.why[1:])
    asked = f"{plain(measure.text)}: {measure.said.asked} ({plain(measure.unit)})"
    put_in = f"Put in as: {plain(measure.said.input)}" if measure.said.input else ""
    return " ".join(f"{one}." for one in (asked, why, put_in) if one)


def _mechanism(scenario: Scenario, mechanism: Contrast) -> str:
    label = plain(mechanism.label[:1].lower() + mechanism.label[1:])
    return (
        f"{label} ({name(mechanism.name)}), **{_standing(scenario, mechanism)}** in this scenario"
    )


def _standing(scenario: Scenario, mechanism: Contrast) -> str:
    """Whether a mechanism acts here, going by the values that would switch it off."""
    now = dict(scenario.parameters())
    off = {path: value for path, value in mechanism.off(scenario).items() if path in now}
    if not off:
        return "absent"
    return "off" if all(now[path].number == value for path, value in off.items()) else "on"


def mechanisms(scenario: Scenario) -> str:
    """Which of the mechanisms act in this scenario."""
    stated = patterns_of(scenario)
    rows = [
        (
            name(one.name),
            plain(one.label),
            ", ".join(plain(each.name) for each in carried_by(one, stated)),
            _standing(scenario, one),
        )
        for one in CONTRASTS
        if carried_by(one, stated)
    ]
    return table(("Mechanism", "What it is", "Pattern", "Here"), rows)


def claims(scenario: Scenario) -> str:
    """The ledger: every claim with its grade."""
    rows = [
        (
            plain(key),
            plain(one.report),
            scenario.ledger.grade(key),
            plain(one.place),
            plain(one.text),
            ", ".join(map(plain, one.patterns)) or "-",
        )
        for key, one in scenario.claims.items()
    ]
    return or_none(
        table(("Claim", "Report", "Grade", "Place", "What it says", "Patterns"), rows), rows
    )


def reports(scenario: Scenario) -> str:
    """The published reports behind the claims."""
    lines = []
    for key, one in scenario.reports.items():
        inferred = f" Date inferred: {plain(one.inferred_from)}" if one.inferred_from else ""
        lines.append(f"**{plain(key)}**: {plain(one.cited)}.{inferred}")
    return bullets(lines) or "None."


def references(scenario: Scenario) -> str:
    """Published figures that priors lean on."""
    lines = [
        f"**{plain(key)}** ({one.status}): {plain(one.citation).rstrip('.')}. {plain(one.figure)}"
        for key, one in scenario.references.items()
    ]
    return bullets(lines) or "None."


def evidence(scenario: Scenario) -> str:
    """How many of the parameters stand on figures, on directions, and on assumptions."""
    found = Counter(row.support for row in parameter_table(scenario))
    return (
        f"Of {found.total()} parameters, {found['figure']} take their number from a source, "
        f"{found['direction']} have a source that says no more than that there is such a thing, or "
        f"which way it goes, and {found['assumption']} are assumptions."
    )


def parameters_heading(section: str) -> str:
    """The heading over the parameters of a section of the scenario."""
    return f"Parameters: {section}"


def parameters(scenario: Scenario) -> str:
    """Every parameter once, in one table for each section of the scenario."""
    parts = []
    for section, rows in groupby(parameter_table(scenario), lambda row: row.path.partition(".")[0]):
        head = ("Parameter", ">Value", "Unit", "Prior", "Source")
        members = list(rows)
        meanings = {field_of(row.path): row.meaning for row in members}
        told = bullets(f"{name(field)}: {plain(text)}" for field, text in meanings.items())
        body = table(head, map(_parameter, members))
        parts.append(f"#### {parameters_heading(section)}\n\n{told}\n\n{body}")
    return "\n\n".join(parts)


def _parameter(row: ParameterRow) -> Sequence[str]:
    sources = ", ".join(map(plain, row.sources)) or "assumption"
    sources = f"figure in {sources}" if row.support == "figure" else sources
    grade = f" ({row.grade})" if row.grade else ""
    note = f". {plain(row.note)}" if row.note else ""
    value = number(row.value)
    return name(row.path), value, plain(row.unit), row.prior, sources + grade + note


def parameter(scenario: Scenario, path: str) -> str:
    """A parameter's present value, with a link to where it stands.

    Raises:
        KeyError: no scenario has such a parameter.
    """
    found: Parameter | None = dict(scenario.parameters()).get(path)
    if found is None:
        if not shape_at(tuple(path.split("."))).is_parameter:
            raise KeyError(path)
        return f"`{path}` (not in this scenario)"
    where = link(f"`{path}`", parameters_heading(path.partition(".")[0]))
    unit = "" if found.unit in _DIMENSIONLESS else f" {plain(found.unit)}"
    return f"{where} = {number(found.value)}{unit}"
