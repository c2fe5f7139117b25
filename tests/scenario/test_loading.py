"""From a name or path to a scenario; faults with file, line, path and advice."""

import datetime as dt
from pathlib import Path

import pytest
from tests.paths import TINY

from amnok.mechanisms.guards import Guards
from amnok.scenario import Scenario, builtin_names, load, load_text
from amnok.scenario.model import needed


def test_small_border_loads():
    scenario = load(TINY)
    assert scenario.name == "tiny-border"
    assert len(scenario.sectors) == 3
    assert len(scenario.goods) == 2
    assert scenario == load(TINY / "scenario.yaml")
    assert scenario == load(str(TINY))


@pytest.mark.parametrize("name", builtin_names())
def test_built_in_scenarios_load(name):
    assert load(name).name == name


def test_unknown_name_suggests_the_nearest(faults_of):
    (fault,) = faults_of("sino-korean-boarder")
    assert fault.fix == "did you mean 'sino-korean-border'?"


def test_missing_file(faults_of, tmp_path):
    (fault,) = faults_of(tmp_path / "none.yaml")
    assert "neither a file nor a built-in" in fault.problem


def test_folder_without_scenario(faults_of, tmp_path):
    (fault,) = faults_of(tmp_path)
    assert fault.file == str(tmp_path / "scenario.yaml")


@pytest.mark.parametrize("name", ["a\0b", "x" * 10_000])
def test_impossible_names(faults_of, name):
    assert faults_of(name)


# One change to the small border, and what is said about it: path, problem, fix.
CHANGES = [
    ("guard", {}, "guard", "unknown key 'guard'", "did you mean 'guards'?"),
    ("guards.penaltie", 3, "guards.penaltie", "unknown key", "did you mean 'penalty'?"),
    ("claims.W3.reliability", "C", "claims.W3.reliability", "unknown key", "under `reports`"),
    ("reports.W.credibility", 3, "reports.W.credibility", "unknown key", "under `claims`"),
    ("guards.penalty", None, "guards.penalty", "is nothing", "unit: CRN"),
    ("guards.penalty", 300, "guards.penalty", "needs a unit, a prior", "{value: 300, unit: CRN"),
    ("guards.penalty.value", "lots", "guards.penalty.value", "is 'lots', expected a number", ""),
    ("guards.penalty.value", True, "guards.penalty.value", "is true, expected a number", ""),
    ("guards.penalty.unit", "days", "guards.penalty", "unit is 'days', must be 'CRN'", ""),
    ("guards.penalty.prior", {}, "guards.penalty.prior", "exactly one of uniform", ""),
    ("guards.penalty.prior", {"uniform": [2, 1]}, "guards.penalty.prior", "low below high", ""),
    ("guards.penalty.prior", {"uniform": [1, 2, 3]}, "guards.penalty.prior.uniform", "entries", ""),
    ("guards.penalty.prior", {"gamma": [1, 2]}, "guards.penalty.prior.gamma", "unknown key", ""),
    ("guards.penalty.source", [], "guards.penalty", "source is empty", ""),
    ("guards.penalty.source", "guess", "guards.penalty.source", "expected 'assumption' or", ""),
    ("guards.penalty.source", [3], "guards.penalty.source[0]", "is 3, expected a text", ""),
    ("guards.effort.value", -1, "guards.effort", "outside 0 to 1e+06", ""),
    ("guards.liability_usual.value", 1.5, "guards.liability_usual", "outside 0 to 1", ""),
    ("guards.share_superiors.value", 0.95, "guards", "more than 1", ""),
    ("guards", [], "guards", "is a list, expected keys with values", ""),
    ("period.end", dt.date(2030, 2, 1), "period", "dates out of order", ""),
    ("period.start", dt.date(1650, 1, 1), "period", "longer than 100 years", ""),
    (
        "period",
        {"start": dt.date(1650, 1, 1), "end": dt.date(1650, 2, 1), "spin_up": 10},
        "period",
        "not within the years 1700 to 2150",
        "",
    ),
    ("period.start", "soon", "period.start", "expected a date such as", ""),
    ("period.start", 20300301, "period.start", "expected a date such as", ""),
    ("period.spin_up", 3, "period.spin_up", "must be at least 10", ""),
    ("period.spin_up", 30.5, "period.spin_up", "expected a whole number", ""),
    ("name", "Tiny Border", "name", "not well-formed", "must match"),
    ("name", 7, "name", "is 7, expected a text", ""),
    ("sectors", {}, "sectors", "0 entries, at least 1", ""),
    ("sectors.ferry.routes", {}, "sectors.ferry.routes", "0 entries, at least 1", ""),
    (
        "sectors.ferry.routes",
        {f"way-{n}": "ford" for n in range(65)},
        "sectors.ferry.routes",
        "65 entries, at most 64",
        "",
    ),
    ("goods.honey.sanctioned", "yes", "goods.honey.sanctioned", "expected true or false", ""),
    ("goods.honey.direction", "out", "goods.honey.direction", "'export' or 'import'", ""),
    ("orders.april_sweep.start.value", 3, "orders.april_sweep.start", "prior of a date", ""),
    ("orders.april_sweep.start.value", "x", "orders.april_sweep.start.value", "a date", ""),
    ("orders.april_sweep.targets", [], "orders.april_sweep.targets", "at least 1", ""),
    ("claims.W1.credibility", 9, "claims.W1.credibility", "must be at most 6", ""),
    ("reports.W.reliability", "G", "reports.W.reliability", "expected 'A', 'B'", ""),
    (
        "signals.named.elections.unit",
        "share",
        "signals.named.elections.unit",
        "expected 'index'",
        "",
    ),
]


@pytest.mark.parametrize(("where", "value", "path", "problem", "fix"), CHANGES)
def test_faulty_value(fault_of, where, value, path, problem, fix):
    found, file = fault_of(where, value, path, problem)
    assert fix in found.fix
    assert found.file == str(file)
    written = path.rpartition(".")[2].partition("[")[0]
    assert f'"{written}"' in file.read_text().splitlines()[found.line - 1] or "[" in path


def test_a_number_in_place_of_a_text_is_not_advised(fault_of):
    found, _ = fault_of("goods.honey.label", 7, "goods.honey.label", "a text (in quotes")
    assert not found.fix


def test_no_word_of_the_validator(tiny_data, write, faults_of):
    tiny_data["guards"] = {"penalty": {"value": [], "unit": 3, "prior": 4, "source": {}}}
    tiny_data["period"] = []
    told = "\n".join(map(str, faults_of(write(tiny_data))))
    for word in ("pydantic", "http", "Input", "input should", "literal", "tuple", "model"):
        assert word not in told


def test_signal_points_must_be_in_order(tiny_data, write, faults_of):
    tiny_data["signals"]["named"]["elections"]["points"].reverse()
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == "signals.named.elections"
    assert "dates out of order" in fault.problem


def test_missing_keys_are_told_together(tiny_data, write, faults_of):
    del tiny_data["title"], tiny_data["currency"], tiny_data["guards"]["effort"]
    first, second = faults_of(write(tiny_data))
    assert first.problem == "missing keys: title, currency"
    assert second.problem == "missing key: effort"
    assert second.path == "guards"
    assert "effort: {value: ..., unit: ratio" in second.fix


def test_line_is_that_of_the_text(tiny_text, write, faults_of):
    (fault,) = faults_of(write(tiny_text.replace("penalty:", "penaltie:")), *())[1:]
    lines = tiny_text.replace("penalty:", "penaltie:").splitlines()
    assert "penaltie" in lines[fault.line - 1]


def test_single_values_and_references_are_told_together(tiny_data, write, faults_of):
    tiny_data["guards"]["effort"]["value"] = -1
    tiny_data["sectors"]["ferry"]["market"] = "vellmuth"
    found = {fault.path: fault for fault in faults_of(write(tiny_data))}
    assert set(found) == {"guards.effort", "sectors.ferry.market"}
    assert found["sectors.ferry.market"].fix == "did you mean 'vellmouth'?"


def test_comma_in_a_note_is_recognised(tiny_text, write, faults_of):
    text = tiny_text.replace("source: [W3]}", "source: [W3], note: prison, and worse}", 1)
    (fault,) = faults_of(write(text))
    assert fault.fix == "put text that contains a comma in quotes"


def test_faults_come_in_the_order_of_the_file(tiny_data, write, faults_of):
    for part in ("traders", "goods", "quota", "signals"):
        tiny_data[part] = 3
    lines = [fault.line for fault in faults_of(write(tiny_data))]
    assert lines == sorted(lines)


def split(tiny_data, write, **main):
    """The small border with its goods and sectors in a part."""
    part = {key: tiny_data.pop(key) for key in ("goods", "sectors")}
    write(part, "more/places.yaml")
    return write({**tiny_data, "parts": ["more/places.yaml"], **main})


def test_parts_are_read(tiny_data, write):
    assert load(split(tiny_data, write)) == load(TINY)


def test_fault_in_a_part_names_it(tiny_data, write, faults_of, tmp_path):
    tiny_data["goods"]["honey"]["value"]["value"] = -3
    (fault,) = faults_of(split(tiny_data, write))
    assert fault.file == str(tmp_path / "more" / "places.yaml")
    assert fault.line > 1


def test_key_in_two_files(tiny_data, write, faults_of, tmp_path):
    (fault,) = faults_of(split(tiny_data, write, goods={}))
    assert fault.path == "goods"
    assert "in two files" in fault.problem
    assert str(tmp_path / "scenario.yaml") in fault.problem


def test_the_ledger_may_lie_in_several_parts(tiny_data, write, faults_of):
    claims = tiny_data["claims"]
    lent = claims.pop("W6")
    more = {"claims": {"W6": lent}, "reports": {"V": tiny_data["reports"]["W"]}}
    write(more, "part.yaml")
    whole = load(write({**tiny_data, "parts": ["part.yaml"]}))
    assert set(whole.claims) == {"W1", "W2", "W3", "W4", "W5", "W6"}
    assert set(whole.reports) == {"W", "V"}
    write({"claims": {"W1": claims["W1"], "W6": lent}}, "part.yaml")
    (fault,) = faults_of(write({**tiny_data, "parts": ["part.yaml"]}))
    assert fault.path == "claims.W1"
    assert "in two files" in fault.problem
    assert fault.file.endswith("part.yaml")


@pytest.mark.parametrize("key", ["parts", "extends"])
def test_parts_have_no_parts(tiny_data, write, faults_of, key):
    write({key: ["x"]}, "part.yaml")
    (fault,) = faults_of(write({**tiny_data, "parts": ["part.yaml"]}))
    assert fault.path == key


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (["none.yaml"], "no such file"),
        (["/etc/passwd"], "not a relative path"),
        ("part.yaml", "expected a list"),
        ([3], "expected a list"),
        ([], "expected a list"),
    ],
)
def test_faulty_parts(tiny_data, write, faults_of, parts, problem):
    (fault,) = faults_of(write({**tiny_data, "parts": parts}))
    assert problem in fault.problem


def test_extends_lays_values_over_a_base(write):
    over = {
        "extends": str(TINY),
        "name": "tiny-two",
        "guards": {"penalty": {"value": 5, "prior": {"uniform": [0, 9]}}},
        "calendar": {"halts": {"spring_vote": None}},
    }
    scenario = load(write(over))
    base = load(TINY)
    assert scenario.name == "tiny-two"
    guards, usual = needed(scenario, Guards), needed(base, Guards)
    assert guards.penalty.number == 5
    assert guards.penalty.prior.family == "uniform"
    assert guards.penalty.source == usual.penalty.source
    assert guards.effort == usual.effort
    assert scenario.calendar.halts == {}


def test_extends_relative_to_its_own_file(write, tiny_text):
    write(tiny_text, "base/scenario.yaml")
    assert load(write({"extends": "../base"}, "top/scenario.yaml")).name == "tiny-border"


def test_extends_a_built_in(write):
    over = {"extends": "sino-korean-border", "name": "mine"}
    assert load(write(over)).name == "mine"


def test_extending_in_a_ring(write, faults_of):
    write({"extends": "b.yaml"}, "a.yaml")
    write({"extends": "c.yaml"}, "b.yaml")
    (fault,) = faults_of(write({"extends": "a.yaml"}, "c.yaml"))
    assert "c.yaml -> a.yaml -> b.yaml -> c.yaml" in fault.problem
    assert fault.line == 2


@pytest.mark.parametrize("extends", [3, None, [], "nowhere"])
def test_faulty_extends(write, faults_of, extends):
    assert faults_of(write({"extends": extends}))


def test_load_text_names_its_label(tiny_text, faults_of):
    assert isinstance(load_text(tiny_text, "run/scenario.yaml"), Scenario)


def test_paths_may_be_paths_or_texts():
    assert load(Path(TINY)) == load(str(TINY))
