"""The tables of a scenario and its published schema."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.paths import TINY

from amnok.scenario import Scenario, builtin_names, document, load
from amnok.scenario.catalog import (
    evidence_index,
    json_schema,
    parameter_table,
    schema_text,
)

PUBLISHED = Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def test_every_parameter_has_a_row():
    scenario = load(TINY)
    rows = parameter_table(scenario)
    assert [row.path for row in rows] == [path for path, _ in scenario.parameters()]
    by_path = {row.path: row for row in rows}
    penalty = by_path["guards.penalty"]
    assert penalty.value == 60_000
    assert penalty.unit == "CRN"
    assert penalty.prior == "lognormal(60000, 1.6)"
    assert (penalty.sources, penalty.grade, penalty.is_assumption) == (("W3",), "C3", False)
    study = by_path["guards.bargaining_share"]
    assert (study.sources, study.grade, study.is_assumption) == (("toll_study",), "", False)
    effort = by_path["guards.effort"]
    assert (effort.sources, effort.grade, effort.is_assumption) == ((), "", True)
    assert by_path["orders.april_sweep.start"].prior == "uniform(2030-04-07, 2030-04-13)"


def test_best_grade_counts(tiny_data, write):
    tiny_data["guards"]["effort"]["source"] = ["W3", "W1", "toll_study"]
    rows = parameter_table(load(write(tiny_data)))
    assert next(row.grade for row in rows if row.path == "guards.effort") == "C2"


def test_evidence_index():
    rows = {row.claim: row for row in evidence_index(load(TINY))}
    assert list(rows) == ["W1", "W2", "W3", "W4", "W5", "W6"]
    assert rows["W3"].mechanisms == ("guards",)
    assert "guards.penalty" in rows["W3"].parameters
    assert "signals.named.elections" in rows["W6"].parameters
    assert rows["W1"].patterns == ("Q1",)


def test_published_schema_is_up_to_date():
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), (
        "write it anew: python -m amnok.scenario.catalog > docs/scenario.schema.json"
    )


def test_module_prints_the_schema():
    command = [sys.executable, "-m", "amnok.scenario.catalog"]
    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert json.loads(printed) == json_schema()


def test_schema_knows_every_key():
    definitions = json_schema()["$defs"]
    known = set(definitions["Scenario"]["properties"])
    assert known == set(Scenario.model_fields) | {"parts", "extends", "switches", "policies"}
    assert definitions["Scenario"]["additionalProperties"] is False


def test_schema_refers_only_to_what_it_defines():
    definitions = json_schema()["$defs"]
    text = schema_text()
    assert set(references(json.loads(text))) <= {f"#/$defs/{name}" for name in definitions}
    assert "http" not in text.replace("https://json-schema.org/draft/2020-12/schema", "")


def references(schema):
    if isinstance(schema, list):
        for entry in schema:
            yield from references(entry)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for entry in schema.values():
            yield from references(entry)


def test_extensions_need_nothing():
    definitions = json_schema()["$defs"]
    partial = {name: one for name, one in definitions.items() if name.startswith("Partial.")}
    assert partial
    for definition in partial.values():
        assert "required" not in definition
        assert all(ref.startswith("#/$defs/Partial.") for ref in references(definition))


@pytest.mark.parametrize("name", builtin_names())
def test_built_in_scenarios_hold_only_known_keys(name):
    folder = Path(document.__file__).parent / "builtin" / name
    known = set(json_schema()["$defs"]["Scenario"]["properties"])
    for path in folder.glob("*.yaml"):
        assert set(document.read(path).data) <= known
