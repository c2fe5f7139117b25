"""What a scenario holds, as tables: its parameters, what each claim supports, and its JSON Schema.

`python -m amnok.scenario.catalog` prints the schema, which docs/scenario.schema.json publishes.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any

from amnok.quantity import Parameter, Prior, Support
from amnok.scenario.data import sourced
from amnok.scenario.model import Scenario
from amnok.scenario.shape import shape_at

_EXTRA_KEYS: dict[str, Any] = {
    "parts": {
        "description": "Further files beside this one, each with keys of its own.",
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
    },
    "extends": {
        "description": "Name or path of a scenario that this one starts from.",
        "type": "string",
    },
    "switches": {
        "description": "Named overrides: switch -> option -> path or other switch -> value.",
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {"type": "object"},
        },
    },
    "policies": {
        "description": "Named sets of overrides to compare: policy -> label, note, set.",
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "label": {
                    "description": "What tables and charts call this policy.",
                    "type": "string",
                },
                "note": {
                    "description": "What the policy stands for, in a sentence.",
                    "type": "string",
                },
                "set": {"description": "Path or switch -> value or option.", "type": "object"},
            },
            "required": ["set"],
            "additionalProperties": False,
        },
    },
}


@dataclass(frozen=True)
class ParameterRow:
    """One parameter; `grade` is the best Admiralty grade of its claims, empty without claims.

    `support` says what stands behind it: a figure, a direction, or an assumption.

    `meaning` says in a few sentences what the parameter does and what low and high values mean.
    """

    path: str
    value: float | dt.date
    unit: str
    prior: str
    sources: tuple[str, ...]
    grade: str
    support: Support
    is_assumption: bool
    note: str
    meaning: str


@dataclass(frozen=True)
class ClaimRow:
    """What one claim supports: mechanisms, patterns, and the paths of what cites it."""

    claim: str
    grade: str
    mechanisms: tuple[str, ...]
    patterns: tuple[str, ...]
    parameters: tuple[str, ...]


def parameter_table(scenario: Scenario) -> list[ParameterRow]:
    """Every parameter of a scenario, in the order of its models."""
    return [parameter_row(scenario, path, one) for path, one in scenario.parameters()]


def evidence_index(scenario: Scenario) -> list[ClaimRow]:
    """Every claim of a scenario with all that stands on it: parameters and signals."""
    citing: dict[str, list[str]] = {}
    for path, part in sourced(scenario.model_dump()):
        for source in part["source"] if isinstance(part["source"], tuple) else ():
            citing.setdefault(source, []).append(path)
    grade = scenario.ledger.grade
    return [
        ClaimRow(name, grade(name), claim.mechanisms, claim.patterns, tuple(citing.get(name, ())))
        for name, claim in scenario.claims.items()
    ]


def first_sentence(meaning: str) -> str:
    """What a field does, without what low and high values mean.

    >>> first_sentence("Chance of a search, with `laxity`. Low: rare; high: common.")
    'Chance of a search, with laxity.'
    """
    first = meaning.partition(". ")[0].removesuffix(".").replace("`", "")
    return f"{first}." if first else ""


def prior_text(prior: Prior) -> str:
    """A prior on one line.

    >>> prior_text(Prior(lognormal=(0.002, 2)))
    'lognormal(0.002, 2)'
    """
    family = prior.family
    first, second = getattr(prior, family)
    return f"{family}({_short(first)}, {_short(second)})"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, draft 2020-12.

    A file on its own needs every section. A part, known by having no name, may hold any of them;
    a file that extends another may leave out anything, and removes what it sets to null.
    """
    whole = Scenario.model_json_schema()
    whole["properties"] |= _EXTRA_KEYS
    required = whole.pop("required")
    units: dict[str, Any] = {}
    whole = _tidy(whole, units)
    definitions = {**whole.pop("$defs"), **units, "Scenario": whole}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "amnok-scenario",
        "title": "Amnok scenario",
        "description": "A border as data: places, people, goods, mechanisms, politics, evidence.",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"$ref": "#/$defs/Partial.Scenario"},
        "else": {
            "$ref": "#/$defs/Scenario",
            "if": {"required": ["name"], "not": {"required": ["parts"]}},
            "then": {"required": required},
        },
        "$defs": {**definitions, **_partial(definitions)},
    }


def _tidy(schema: Any, units: dict[str, Any]) -> Any:
    """Without generated titles and line breaks, and with each unit described once, in `units`."""
    if isinstance(schema, list):
        return [_tidy(entry, units) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    if "allOf" in schema:
        name = _unit_name(schema["allOf"][1]["properties"]["unit"])
        units[name] = {"allOf": schema["allOf"]}
        schema = {"$ref": f"#/$defs/{name}", **schema}
        del schema["allOf"]
    tidied = {
        key: _tidy(value, units)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
    if isinstance(tidied.get("description"), str):
        tidied["description"] = " ".join(tidied["description"].split())
    return tidied


def _unit_name(unit: dict[str, str]) -> str:
    """What the parameters of a unit are called among the definitions.

    >>> _unit_name({"const": "day of year"}), _unit_name({"pattern": "^[A-Z]{3}/minute$"})
    ('Parameter.day_of_year', 'Parameter.money_minute')
    """
    text = unit.get("const") or unit["pattern"].replace("[A-Z]{3}", "money")
    return "Parameter." + re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")


def _partial(definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions for files that extend others: nothing required, null allowed everywhere."""
    return {
        f"Partial.{name}": _without_required(copy.deepcopy(definition))
        for name, definition in definitions.items()
    }


def _without_required(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_without_required(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    loose = {key: _without_required(value) for key, value in schema.items()}
    if isinstance(loose.get("required"), list):
        del loose["required"]
    if isinstance(loose.get("$ref"), str):
        loose["$ref"] = loose["$ref"].replace("#/$defs/", "#/$defs/Partial.")
    if isinstance(loose.get("properties"), dict):
        loose["properties"] = {k: _or_null(v) for k, v in loose["properties"].items()}
    if isinstance(loose.get("additionalProperties"), dict):
        loose["additionalProperties"] = _or_null(loose["additionalProperties"])
    return loose


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in schema.items() if key == "description"}
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {"anyOf": [rest, {"type": "null"}], **told}


def parameter_row(scenario: Scenario, path: str, parameter: Parameter) -> ParameterRow:
    """One parameter of a scenario with all that is known of it."""
    ledger = scenario.ledger
    grades = [ledger.grade(name) for name in parameter.sources if name in ledger.standing]
    return ParameterRow(
        path=path,
        value=parameter.value,
        unit=parameter.unit,
        prior=prior_text(parameter.prior),
        sources=parameter.sources,
        grade=min(grades, default=""),
        support=parameter.support,
        is_assumption=parameter.is_assumption,
        note=parameter.note,
        meaning=shape_at(tuple(path.split("."))).meaning,
    )


def _short(value: float | dt.date) -> str:
    return value.isoformat() if isinstance(value, dt.date) else f"{value:g}"


def schema_text() -> str:
    """The schema as published: docs/scenario.schema.json."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
