"""Overrides by hand: paths, switches, and what is wrong with either."""

import datetime as dt

import pytest
from tests.paths import TINY

from amnok.mechanisms.guards import Guards
from amnok.mechanisms.quota import Quota
from amnok.scenario import load
from amnok.scenario.model import needed


def test_parameter_keeps_its_provenance():
    before = needed(load(TINY), Guards).penalty
    after = needed(load(TINY, ["guards.penalty=20_000"]), Guards).penalty
    assert after.number == 20_000
    assert (after.unit, after.prior, after.source) == (before.unit, before.prior, before.source)
    assert after.note == "set by hand"


@pytest.mark.parametrize("path", ["guards.penalty", "guards.penalty.value"])
def test_value_may_be_named_or_not(path):
    assert needed(load(TINY, [f"{path}=5"]), Guards).penalty.number == 5


def test_note_is_kept(tiny_data, write):
    tiny_data["guards"]["penalty"]["note"] = "years"
    scenario = load(write(tiny_data), ["guards.penalty=5"])
    assert needed(scenario, Guards).penalty.note == "years; set by hand"


def test_whole_parameter_and_other_values():
    scenario = load(
        TINY,
        [
            "guards.penalty={value: 1, unit: CRN, prior: {uniform: [0, 2]}, source: [W3]}",
            "orders.april_sweep.start=2030-04-12",
            "orders.april_sweep.targets=[rangers]",
            "goods.honey.sanctioned=true",
            "period.spin_up=40",
            "title=Another title",
            "guards.effort.prior={uniform: [0, 1]}",
        ],
    )
    assert needed(scenario, Guards).penalty.sources == ("W3",)
    assert scenario.orders["april_sweep"].start.date == dt.date(2030, 4, 12)
    assert scenario.orders["april_sweep"].targets == ("rangers",)
    assert scenario.goods["honey"].sanctioned
    assert scenario.period.spin_up == 40
    assert scenario.title == "Another title"
    assert needed(scenario, Guards).effort.prior.family == "uniform"


def test_key_left_to_its_default_can_be_set(tiny_data, write):
    del tiny_data["agencies"]["rangers"]["allocation"]
    scenario = load(write(tiny_data), ["agencies.rangers.allocation=follow_finds"])
    assert scenario.agencies["rangers"].allocation == "follow_finds"


@pytest.mark.parametrize(
    "asked",
    [
        ["quota.arrests=1", "quota.arrests=4"],
        ["quota.arrests.value=1", "quota.arrests=4"],
        ["title=One", "title=Other"],
        ["orders.april_sweep.start=2030-04-12", "orders.april_sweep={}"],
        ["guards.penalty=5", "guards.penalty={value: 6, unit: CRN}"],
        ["sweep=on", "sweep=off"],
        ["sweep=on", "quiet=on"],
        ["orders.april_sweep.intensity=0.5", "sweep=off"],
        ["goods.honey.sanctioned=true", "goods.honey.sanctioned=1"],
    ],
)
def test_what_a_later_one_would_undo_is_refused(faults_of, asked):
    told = [str(fault) for fault in faults_of(TINY, *asked)]
    assert any(f"{asked[1]}: would undo --set {asked[0]} (" in one for one in told)


@pytest.mark.parametrize(
    "asked",
    [
        ["quota.arrests=4", "quota.arrests=4"],
        ["quota.arrests=4", "quota.arrests.value=4"],
        ["sweep=off", "quiet=on"],
        ["quiet=on", "quiet=on"],
    ],
)
def test_what_is_asked_for_twice_is_once(asked):
    once, twice = load(TINY, asked[1:]), load(TINY, asked)
    for name, order in once.orders.items():
        assert order.intensity.number == twice.orders[name].intensity.number
    assert needed(once, Quota).arrests.number == needed(twice, Quota).arrests.number


def test_a_finer_one_stands_after_a_coarser_one():
    asked = ["sweep=off", "orders.april_sweep.intensity=0.3", "quota.arrests.note=mine"]
    scenario = load(TINY, [*asked, "quota.arrests=4"])
    assert scenario.orders["april_sweep"].intensity.number == 0.3
    assert needed(scenario, Quota).arrests.note == "mine; set by hand"


def test_switch():
    order = load(TINY, ["sweep=off"]).orders["april_sweep"]
    assert order.intensity.number == 0
    assert order.intensity.note == "set by sweep=off"


def test_switch_of_switches():
    scenario = load(TINY, ["quiet=on"])
    assert scenario.orders["april_sweep"].intensity.number == 0
    assert scenario.orders["paper_hunt"].intensity.number == 0


def test_option_that_reads_as_truth_value_or_number(tiny_data, write):
    path = "quota.arrests"
    tiny_data["switches"] = {"s": {"true": {path: 1}, "2": {path: 2}, "null": {path: 3}}}
    file = write(tiny_data)
    assert needed(load(file, ["s=true"]), Quota).arrests.number == 1
    assert needed(load(file, ["s=2"]), Quota).arrests.number == 2


@pytest.mark.parametrize(
    ("override", "problem", "fix"),
    [
        ("guards.penalty", "not an override", "PATH=VALUE"),
        ("=3", "not an override", "PATH=VALUE"),
        ("", "not an override", "PATH=VALUE"),
        ("gards.penalty=3", "no 'gards' in the scenario", "did you mean 'guards'?"),
        ("sweeep=off", "no switch and no 'sweeep'", "did you mean 'sweep'?"),
        ("xyz=off", "no switch and no 'xyz' in the scenario", "sweep, title"),
        ("guards.penalti=3", "no 'penalti' in guards", "did you mean 'penalty'?"),
        ("orders.may_sweep.intensity=3", "no 'may_sweep'", "did you mean 'april_sweep'?"),
        ("orders.may_sweep=3", "no 'may_sweep'", "did you mean 'april_sweep'?"),
        ("closures.x=3", "no 'closures' in the scenario", "a file that `extends` it can add one"),
        ("name.x=3", "no 'x' in name", ""),
        ("orders.april_sweep.targets.0=x", "no '0' in orders.april_sweep.targets", ""),
        ("guards..penalty=3", "no '' in guards", ""),
        ("sweep=halved", "'halved' is not an option of the switch sweep", "options: on, off"),
        ("sweep=", "not an option of the switch sweep", "options: on, off"),
        ("sweep=[1]", "not an option of the switch sweep", "options: on, off"),
        ("guards.penalty=[1", "is not YAML", ""),
        ("guards.penalty=&x 1", "anchors", ""),
        ("guards.penalty=lots", "is 'lots', expected a number", ""),
        ("guards.penalty=", "is nothing, expected a number", ""),
        ("guards.penalty=-1", "outside 0 to", ""),
        ("guards=3", "expected keys with values", ""),
        ("agencies.rangers.allocation=foo", "expected 'fixed' or 'follow_finds'", ""),
        ("orders.april_sweep.end=2030-05-01", "needs a unit, a prior", "unit: date"),
        ("traders.sizes.carrier.share_inner=0.5", "adds up to 0.6", ""),
    ],
)
def test_faulty_override(faults_of, override, problem, fix):
    (fault,) = faults_of(TINY, override)
    assert problem in fault.problem
    assert fix in fault.fix


def test_faulty_override_is_named(faults_of):
    (fault,) = faults_of(TINY, "guards.effort=-1")
    assert str(fault).startswith("--set guards.effort=-1: guards.effort: value -1.0 is outside")


def test_all_faulty_overrides_are_told(faults_of):
    assert len(faults_of(TINY, "a=1", "sweep=x", "guards.effort=-1", "b")) == 4


@pytest.mark.parametrize(
    ("switches", "override", "ring"),
    [
        ({"a": {"x": {"b": "x"}}, "b": {"x": {"a": "x"}}}, "a=x", "a=x -> b=x -> a=x"),
        ({"a": {"x": {"a": "x"}}}, "a=x", "a=x -> a=x"),
        ({"a": {"x": {"a": "y"}, "y": {}}}, "a=x", "a=x -> a=y"),
    ],
)
def test_switches_in_a_ring(tiny_data, write, faults_of, switches, override, ring):
    tiny_data["switches"] = switches
    told = "\n".join(map(str, faults_of(write(tiny_data), override)))
    assert f"switches form a cycle: {ring}" in told


@pytest.mark.parametrize(
    ("switches", "path", "problem"),
    [
        (3, "switches", "expected names with options"),
        ({"s": 3}, "switches.s", "expected options"),
        ({"s": {}}, "switches.s", "expected options"),
        ({"s": {"on": 3}}, "switches.s.on", "expected paths with values"),
        ({"s": {"on": {"guards.penalti": 3}}}, "switches.s.on", "no 'penalti' in guards"),
        ({"s": {"on": {"t": "on"}}}, "switches.s.on", "no 't' in the scenario"),
        ({"guards": {"on": {}}}, "switches.guards", "also a key of the scenario"),
        ({"a.b": {"on": {}}}, "switches.a.b", "has no dots"),
        ({"a": {"x": {"a": "x"}}}, "switches.a.x", "form a cycle"),
    ],
)
def test_faulty_switches_are_told_even_if_unused(
    tiny_data, write, faults_of, switches, path, problem
):
    tiny_data["switches"] = switches
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == path
    assert problem in fault.problem
    assert fault.line is not None


def test_switches_are_inherited(write):
    file = write({"extends": str(TINY), "switches": {"more": {"on": {"quiet": "on"}}}})
    assert load(file, ["more=on"]).orders["april_sweep"].intensity.number == 0
