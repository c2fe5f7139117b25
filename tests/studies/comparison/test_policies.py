"""Policies: where they come from, what they stand for, and what is said of bad ones."""

import datetime as dt

import pytest

from amnok.errors import ScenarioError
from amnok.mechanisms.quota import Quota
from amnok.scenario import load
from amnok.scenario.model import needed
from amnok.scenario.policies import chosen, policies, under

DEFAULT = "sino-korean-border"


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return path

    return write


def faults_of(read):
    with pytest.raises(ScenarioError) as caught:
        read()
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.slow
def test_every_policy_of_the_default_border_changes_it():
    known = policies(DEFAULT)
    base, arms = under(DEFAULT, [], list(known.values()))
    assert base == load(DEFAULT)
    assert list(arms) == list(known)
    assert [name for name, arm in arms.items() if arm == base] == []
    assert len({policy.label for policy in known.values()}) == len(known)


def test_a_policy_may_name_a_switch_or_a_path():
    _, arms = under(DEFAULT, [], list(policies(DEFAULT).values()))
    assert arms["no_order"].orders["cn_october"].intensity.number == 0
    assert arms["leak_campaign_earlier"].orders["mss_leaks"].start.date == dt.date(2018, 12, 10)
    assert arms["amnesty"].learning.investigated_wariness.number == 1


def test_a_scenario_that_extends_another_has_its_policies():
    assert set(policies("border-closure-2020")) == set(policies(DEFAULT))


def test_a_file_of_ones_own_wins(file, tiny_path):
    mine = file("policies: {no_order: {label: Mine, set: {quota.arrests: 1}}}")
    assert policies(DEFAULT, [mine])["no_order"].label == "Mine"
    assert set(policies(tiny_path, [mine])) == {"no_order"}


def test_overrides_by_hand_come_first(own_policies, tiny_path):
    asked = chosen(policies(tiny_path, [own_policies]), ["no_vote"])
    base, arms = under(
        tiny_path, ["quota.arrests=7", "calendar.halts.spring_vote.strength=1"], asked
    )
    for one in (base, arms["no_vote"]):
        assert needed(one, Quota).arrests.number == 7
    assert base.calendar.halts["spring_vote"].strength.number == 1
    assert arms["no_vote"].calendar.halts["spring_vote"].strength.number == 0
    assert "policy no_vote" in arms["no_vote"].calendar.halts["spring_vote"].strength.note


def test_an_unknown_policy_has_its_nearest():
    found = faults_of(lambda: chosen(policies(DEFAULT), ["no_ordr", "tax"]))
    assert found[0] == "no policy 'no_ordr' (did you mean 'no_order'?)"
    assert found[1].startswith("no policy 'tax' (one of: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("policies: 3", "expected names with policies"),
        ("policies: {a: 3}", "expected `label` and `set`"),
        ("policies: {a: {label: A}}", "has no settings"),
        ("policies: {a: {lable: A, set: {quota.arrests: 1}}}", "did you mean 'label'?"),
        ("name: x", "has the key 'name'"),
        ("policies: {a: {set: {}}, a: {set: {}}}", "twice"),
        ("", "empty"),
    ],
)
def test_a_faulty_file_of_policies(file, text, problem):
    found = faults_of(lambda: policies(DEFAULT, [file(text)]))
    assert any(problem in fault for fault in found)
    assert all("mine.yaml" in fault for fault in found)


def test_every_fault_of_every_policy_at_once(file, tiny_path):
    mine = file(
        "policies:\n"
        "  a: {set: {guards.penalti: 1}}\n"
        "  b: {set: {sweep: sideways}}\n"
        "  c: {set: {guards.penalty: -5}}\n"
    )
    known = policies(tiny_path, [mine])
    found = faults_of(lambda: under(tiny_path, [], list(known.values())))
    assert len(found) == 3
    assert "did you mean 'penalty'?" in found[0]
    assert "mine.yaml:2" in found[0]
    assert "not an option of the switch sweep" in found[1]
    assert "outside 0 to" in found[2]


def test_a_missing_file(tmp_path):
    assert faults_of(lambda: policies(DEFAULT, [tmp_path / "none.yaml"]))
