"""`check` tells every fault of a scenario, in bounded time and lines; it quotes no strange file."""

import datetime as dt
import time

import pytest
from tests.paths import TINY

from amnok.cli import main
from amnok.errors import MOST_TOLD, ScenarioError
from amnok.scenario import load, load_text, resolved
from amnok.scenario.policies import checked

PATIENCE = 60.0  # seconds, on a machine that does other things as well


def faults_of_check(path):
    with pytest.raises(ScenarioError) as caught:
        checked(path)
    return caught.value.faults


@pytest.mark.parametrize(
    ("policies", "path", "problem"),
    [
        ({"x": 3}, "policies.x", "expected `label` and `set`"),
        ({"x": {"label": "X"}}, "policies.x", "has no settings"),
        ({"x": {"set": {}, "sett": 1}}, "policies.x.sett", "no 'sett' in a policy"),
        ({"x": {"set": {"guards.penaltie": 1}}}, "policy x", "no 'penaltie' in guards"),
        ({"x": {"set": {"quota.arrests": -5}}}, "quota.arrests", "outside 0 to"),
        ({"x": {"set": {"sweep": "loud"}}}, "policy x", "not an option of the switch"),
        ({"x": {"set": {"guards.penalty": "a lot"}}}, "guards.penalty.value", "expected a number"),
        ([1, 2], "policies", "expected names with policies"),
        ({f"p{n}": {"set": {}} for n in range(1000)}, "policies", "has 1,000 policies"),
    ],
)
def test_faults_of_policies_are_found(tiny_data, write, policies, path, problem):
    (fault,) = faults_of_check(write({**tiny_data, "policies": policies}))
    assert fault.path == path
    assert problem in fault.problem


def test_faults_of_several_policies_and_of_the_scenario_are_told_together(tiny_data, write):
    tiny_data["guards"]["effort"]["value"] = -1
    policies = {"x": 3, "y": {"set": {"quota.arrests": -5}}, "z": {"set": {"nowhere": 1}}}
    found = {fault.path for fault in faults_of_check(write({**tiny_data, "policies": policies}))}
    assert found == {"guards.effort", "policies.x", "quota.arrests", "policy z"}


SEVERAL = """
windows:
  some_day: {dates: [2012-01-01, 2012-02-01]}
  nowhere: {phase: autumn}
  typing: {phas: sweep}
measures:
  wrong: {sum: crosings}
  user: {use: wrong, by: [size]}
  in_typing: {sum: crossings, over: typing}
  in_nowhere: {sum: crossings, over: nowhere}
charts:
  lines:
    title: "{stapel}"
    unit: items
    lines:
      - {label: "{siez}", measure: {sum: crossings, by: [size]}}
      - {label: "{siez}", measure: {sum: crosings}}
patterns:
  Q:
    text: Several things are wrong.
    carried_by: guard_liabilty
    says:
      word: {sum: crossings, at_lest: 3}
      both: {sum: crossings, at_least: 3, at_most: 1, label: 5}
      third: {sum: crosings, at_least: 3}
claims:
  Z1:
    report: Z
    text: t
    mechanisms: [gards]
    says: [{sum: crossings, at_least: 1, x: 1}, {sum: crosings, at_least: 1}]
  Z2: {report: W, text: t}
  Z2: {report: W, text: t, mechanisms: [guards]}
guards: {penalty: 2}
"""
TOLD = """windows.some_day: no day of it is in the period
windows.nowhere.phase: no phase 'autumn'
windows.typing.phas: unknown key 'phas'
measures.wrong.sum: no variable 'crosings'
charts.lines.title: '{stapel}' stands for nothing
charts.lines.lines[0].label: '{siez}' stands for nothing
charts.lines.lines[0].measure: is not by week
charts.lines.lines[1].measure.sum: no variable 'crosings'
patterns.Q.carried_by: no mechanism 'guard_liabilty'
patterns.Q.says.word.at_lest: unknown key 'at_lest'
patterns.Q.says.both: at_least 3 is above at_most 1
patterns.Q.says.both.label: is 5, expected a text
patterns.Q.says.third.sum: no variable 'crosings'
claims.Z1.mechanisms: unknown mechanism 'gards'
claims.Z1.report: unknown report 'Z'
claims.Z1.says[0].x: unknown key 'x'
claims.Z1.says[1].sum: no variable 'crosings'
claims.Z2: is given twice
claims.Z2: names neither a mechanism nor
guards.penalty: is 2, but a value needs a unit""".splitlines()


def test_faults_of_all_kinds_are_told_at_once_and_none_that_follows_from_another(write, faults_of):
    """Writing, shapes, bounds, what fits together, what measures mean: once each."""
    file = write(f"extends: {TINY}{SEVERAL}")
    found = [str(fault).partition(": ")[2] for fault in faults_of(file)]
    assert len(found) == len(TOLD)
    for start in TOLD:
        assert [text for text in found if text.startswith(start)], start


def test_a_window_that_an_override_leaves_without_a_day_is_no_fault(write, faults_of):
    window = "windows: {after: {order: april_sweep, part: in_force}}"
    file = write(f"extends: {TINY}\n{window}")
    assert load(file).windows
    assert load(file, ["orders.april_sweep.intensity=0"]).windows
    off = "orders: {april_sweep: {intensity: {value: 0}}}"
    (fault,) = faults_of(write(f"extends: {TINY}\n{window}\n{off}"))
    assert (fault.path, fault.fix) == ("windows.after", "an order must start within the period")
    tolls = "windows: {none: {order_to: [cameras]}}\ncameras:\norders: {more_cameras: }"
    assert load(write(f"extends: {TINY}\n{tolls}")).windows


@pytest.mark.parametrize(
    ("value", "prior"),
    [
        (50, {"uniform": [1, 2]}),
        (0.5, {"uniform": [1, 2]}),
        (1.0000001, {"uniform": [0, 1]}),
        (5, {"normal": [1, 0.1]}),
        (900, {"lognormal": [2, 1.5]}),
    ],
)
def test_a_value_outside_its_prior_is_a_fault(tiny_data, write, faults_of, value, prior):
    tiny_data["self_inspection"]["spot_check"].update(value=value, prior=prior)
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == "self_inspection.spot_check"
    assert "outside its prior" in fault.problem


def test_a_date_outside_its_prior_is_a_fault(tiny_data, write, faults_of):
    start = tiny_data["orders"]["april_sweep"]["start"]
    start["value"], start["prior"] = dt.date(2030, 4, 1), {"uniform": ["2030-05-01", "2030-06-01"]}
    (fault,) = faults_of(write(tiny_data))
    assert (fault.path, fault.fix) == ("orders.april_sweep.start", "change one of them")


@pytest.mark.parametrize(
    ("value", "prior"),
    [(1, {"uniform": [1, 2]}), (2, {"uniform": [1, 2]}), (3, {"lognormal": [2, 1.5]})],
)
def test_a_value_within_its_prior_is_none(tiny_data, write, value, prior):
    tiny_data["self_inspection"]["spot_check"].update(value=value, prior=prior)
    parameters = dict(load(write(tiny_data)).parameters())
    assert parameters["self_inspection.spot_check"].value == value


def test_a_value_by_hand_may_lie_outside_its_prior(write):
    """And so may what a saved run was made from."""
    scenario = load(TINY, ["self_inspection.spot_check=50"])
    again = load_text(resolved(scenario), "a run")
    assert load(write(resolved(scenario))) == again == scenario


@pytest.mark.parametrize(
    ("start", "end"),
    [("2031-04-20", "2031-06-28"), ("2029-01-01", "2030-02-28"), ("2030-06-29", "2030-06-30")],
)
def test_a_phase_outside_the_period_is_a_fault(tiny_data, write, faults_of, start, end):
    tiny_data["phases"]["sweep"].update(start=start, end=end)
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == "phases.sweep"
    assert "no day of it" in fault.problem


DATED = {
    "orders.april_sweep": {"start": dt.date(2030, 6, 29)},
    "orders.paper_hunt": {"start": dt.date(2029, 1, 1), "end": dt.date(2030, 3, 1)},
    "calendar.halts.spring_vote": {"start": dt.date(2031, 6, 1)},
    "river.events.may_rain": {"start": dt.date(2030, 2, 20), "days": 9},
}
WIDE = {"uniform": ["2020-01-01", "2040-01-01"]}


def dated(data, path, dates):
    """A dated part of plain data, with other dates."""
    for key in path.split("."):
        data = data[key]
    for key, value in dates.items():
        if key == "days":
            data[key]["value"] = value
        else:
            as_date = {"unit": "date", "prior": WIDE, "source": "assumption"}
            data[key] = {"value": value, **as_date}


@pytest.mark.parametrize("path", DATED)
def test_what_is_dated_outside_the_period_is_a_fault(tiny_data, write, faults_of, path):
    dated(tiny_data, path, DATED[path])
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == path
    assert fault.line
    assert "no day of it is in the period from 2030-03-01 to 2030-06-28" in fault.problem


INSIDE = {
    "orders.april_sweep": {"start": dt.date(2030, 6, 28)},
    "orders.paper_hunt": {"start": dt.date(2020, 1, 1)},  # without an end
    "orders.more_cameras": {"start": dt.date(2029, 1, 1), "end": dt.date(2030, 3, 2)},
    "calendar.halts.spring_vote": {"start": dt.date(2030, 2, 28), "days": 2},
    "river.events.may_rain": {"start": dt.date(2030, 2, 20), "days": 10},
}


def test_one_day_in_the_period_is_enough(tiny_data, write):
    for path, dates in INSIDE.items():
        dated(tiny_data, path, dates)
    assert load(write(tiny_data))


def test_dates_that_cannot_be_read_are_told_once(tiny_data, write, faults_of):
    halt = tiny_data["calendar"]["halts"]["spring_vote"]
    for start in ("someday", "2030-06-01 12:00", 7, None):
        halt["start"]["value"] = start
        assert len(faults_of(write(tiny_data))) == 1
    halt["start"]["value"] = dt.date(9999, 12, 31)
    for length in (2, 1e300, float("nan"), float("inf")):
        halt["days"] = {**halt["days"], "value": length, "prior": {"uniform": [0, 5]}}
        assert faults_of(write(tiny_data))


@pytest.mark.parametrize("place", ["phases", "calendar.halts"])
def test_the_same_days_twice_are_a_fault(tiny_data, write, faults_of, place):
    parts = tiny_data
    for key in place.split("."):
        parts = parts[key]
    name, part = list(parts.items())[-1]
    parts["another"] = {**part, "label": "Another"}
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == f"{place}.another"
    assert f"'{name}' has the same days already" in fault.problem


def test_a_period_that_is_shortened_by_hand_need_not_cover_all_phases():
    assert load(TINY, ["period.end=2030-03-10"]).period.days == 10


@pytest.mark.parametrize("length", [21, 1200])
def test_a_long_chain_of_bases_is_one_fault(tiny_text, write, length):
    write(tiny_text, "b0.yaml")
    for number in range(1, length + 1):
        path = write({"extends": f"b{number - 1}.yaml"}, f"b{number}.yaml")
    (fault,) = faults_of_check(path)
    assert "more than 20 times in a row" in fault.problem


def test_a_chain_of_twenty_bases_is_read(tiny_text, write):
    write(tiny_text, "b0.yaml")
    for number in range(1, 21):
        path = write({"extends": f"b{number - 1}.yaml"}, f"b{number}.yaml")
    assert checked(path).name == "tiny-border"


def swarm(kind, tiny, count):
    """A scenario with very many faults of one kind."""
    lines = {
        "keys": [f"k{n}: 1" for n in range(count)],
        "anchors": ["more:", *(f"  k{n}: &a{n} 1" for n in range(count))],
        "twice": ["more:", *(f"  k{n % 2}: 1" for n in range(count))],
        "phases": ["phases:", *(f"  p{n}: 7" for n in range(count))],
        "names": ["phases:", *(f"  P{n}: {{}}" for n in range(count))],
        "halts": ["calendar: {halts: {", *(f"h{n}: {{start: 1}}," for n in range(count)), "}}"],
        "reports": ["reports:", *(f"  r{n}: [1]" for n in range(count))],
        "list": ["parts: [", *(f"p{n}," for n in range(count)), "]"],
    }[kind]
    keep = {"phases": "phases", "names": "phases", "halts": "calendar", "reports": "reports"}
    text, key = tiny, keep.get(kind)
    if key is not None:  # a key may stand once
        text = text.replace(f"\n{key}:", "\nold:", 1)
    return text + "\n" + "\n".join(lines) + "\n"


KINDS = ["keys", "anchors", "twice", "phases", "names", "halts", "reports", "list"]


@pytest.mark.parametrize("kind", KINDS)
def test_very_many_faults_are_counted_and_not_all_told(kind, tiny_text, write, capsys):
    path = write(swarm(kind, tiny_text, 3_000))
    assert main(["check", str(path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= MOST_TOLD + 1
    assert any("," in line and any(n in line for n in ("more", "3,000")) for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_very_many_faults_take_no_minutes(kind, tiny_text, write):
    path = write(swarm(kind, tiny_text, 200_000 if kind == "keys" else 100_000))
    start = time.monotonic()
    assert len(faults_of_check(path)) >= 1
    assert time.monotonic() - start < PATIENCE


SECRET = "hunter2-secret"


@pytest.mark.parametrize("key", ["parts", "extends"])
@pytest.mark.parametrize(
    "text", [SECRET, f"{SECRET}: 1", f"[{SECRET}]", f'a: "{SECRET}', "\0" + SECRET]
)
@pytest.mark.parametrize("way", ["up", "link", "absolute"])
def test_what_lies_elsewhere_is_not_quoted(tiny_data, write, tmp_path, key, text, way, capsys):
    write(text, "away/secret.yaml")
    path = write(tiny_data, "mine/scenario.yaml")
    (path.parent / "link.yaml").symlink_to(tmp_path / "away" / "secret.yaml")
    named = {
        "up": "../away/secret.yaml",
        "link": "link.yaml",
        "absolute": str(tmp_path / "away" / "secret.yaml"),
    }[way]
    write({**tiny_data, key: [named] if key == "parts" else named}, "mine/scenario.yaml")
    for options in ((), ("--json",)):
        assert main(["check", str(path), *options]) == 2
        told = capsys.readouterr()
        assert SECRET not in told.out + told.err


def test_a_valid_base_elsewhere_is_read_and_its_faults_are_not_quoted(tiny_data, write, faults_of):
    tiny_data["goods"]["honey"]["label"] = SECRET
    tiny_data["goods"]["honey"]["value"]["value"] = -3
    write(tiny_data, "away/scenario.yaml")
    faults = faults_of(write({"extends": "../away"}, "mine/scenario.yaml"))
    assert faults
    assert SECRET not in str(faults)
    mend = {"goods": {"honey": {"value": {"value": 300}}}}
    over = write({"extends": "../away", **mend}, "mine/scenario.yaml")
    assert load(over).goods["honey"].label == SECRET


def test_parts_below_the_folder_are_read_and_others_are_not(tiny_data, write, faults_of):
    goods = {"goods": tiny_data.pop("goods")}
    write(goods, "mine/below/goods.yaml")
    write(goods, "goods.yaml")
    assert load(write({**tiny_data, "parts": ["below/goods.yaml"]}, "mine/scenario.yaml"))
    faults = faults_of(write({**tiny_data, "parts": ["../goods.yaml"]}, "mine/scenario.yaml"))
    assert "outside the folder of this file" in faults[0].problem
