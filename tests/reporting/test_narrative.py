"""What reports say in words, and what it stands on."""

import re

import pytest
from tests.paths import TINY

from amnok import compare, load, run
from amnok.mechanisms import MECHANISMS
from amnok.reporting.basis import STANDS_ON, mostly_assumed, standings
from amnok.reporting.comparison_words import ABOUT, comparison_in_words, policy_in_short
from amnok.reporting.narrative import _TOLD, run_in_words
from amnok.reporting.numbers import number


@pytest.fixture(scope="module")
def told():
    return dict(run_in_words(run(TINY, replicates=4)))


def test_the_first_phase_is_told_and_the_others_against_it(told):
    first, *later, seen = told.values()
    assert any(one.text.startswith("Crossings: ") for one in first)
    assert all("95% interval" in one.text for one in first)
    for phase in later:
        assert phase[-1].text.startswith("No clear change") or all(
            re.search(": (up|down) |times as high", one.text) for one in phase
        )
    assert any("official records hold" in one.text for one in seen)


def test_one_replicate_gives_numbers_without_verdicts():
    parts = run_in_words(run(TINY))
    texts = [one.text for _, part in parts for one in part]
    assert not any("interval" in text or "No clear" in text for text in texts)


def test_a_change_is_told_only_where_intervals_part():
    """A policy that does nothing is said to do nothing."""
    file = TINY / "scenario.yaml"
    assert file.exists()
    found = compare(
        "sino-korean-border", ["no_order"], replicates=3, sets=["period.end=2018-08-31"]
    )
    told = comparison_in_words(found, "no_order")
    assert len(told) <= 1
    assert all(one.text.startswith("No clear difference") for one in told)


def test_a_policy_is_told_in_short_and_in_full_by_paired_differences(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("policies: {calm: {label: No sweep, set: {orders.april_sweep.intensity: 0}}}")
    found = compare(TINY, ["calm"], replicates=6, files=[mine])
    arrests = found.values["arrests"]
    change = (arrests.sel(policy="calm") - arrests.sel(policy="base")).sel(side="low")
    fewer = -float(change.sum(["size"]).mean())
    assert fewer > 0
    short = policy_in_short(found, "calm")
    assert f"With it, {number(fewer)} fewer arrests (" in short
    assert "are made in Lowlands" in short
    told = [one.text for one in comparison_in_words(found, "calm")]
    with_it = float(arrests.sel(policy="calm", side="low", size="carrier").mean())
    line = next(one for one in told if one.startswith("Arrests in Lowlands, carriers: down "))
    (written,) = re.findall(r", ([\d.]+) persons instead of ", line)
    assert float(written) == pytest.approx(with_it, rel=0.05)
    assert "95% interval of the difference −" in line
    assert not any(re.search(r"\bcarrier\b", one) for one in told)


@pytest.mark.parametrize("intensity", [0, 0.8])
def test_a_comparison_of_one_replicate_has_no_verdicts(tmp_path, intensity):
    """Also where a policy changes nothing."""
    mine = tmp_path / "mine.yaml"
    policy = f"{{label: Other, set: {{orders.april_sweep.intensity: {intensity}}}}}"
    mine.write_text(f"policies: {{other: {policy}}}")
    found = compare(TINY, ["other"], replicates=1, files=[mine])
    told = " ".join(one.text for one in comparison_in_words(found, "other"))
    told += policy_in_short(found, "other")
    assert "clear" not in told
    assert ("(one replicate)" in told) != ("There is no difference in arrests" in told)


def test_what_is_told_stands_on_something_known():
    assert {*_TOLD.values(), *ABOUT.values()} <= {*STANDS_ON}


@pytest.mark.parametrize("name", ["sino-korean-border", "border-closure-2020", TINY])
def test_counts_of_assumptions_are_those_of_the_scenario(name):
    scenario = load(name)
    found = standings(scenario)
    assert [one.outcome for one in found] == list(STANDS_ON)
    for one in found:
        inside = [
            parameter
            for path, parameter in scenario.parameters()
            if path.split(".")[0] in STANDS_ON[one.outcome]
        ]
        assert one.parameters == len(inside) > 0
        assert one.assumed == sum(parameter.is_assumption for parameter in inside)
        assert {*one.claims} == {source for parameter in inside for source in parameter.sources}
    assert {*mostly_assumed(found)} == {
        one.outcome for one in found if one.assumed > one.parameters - one.assumed
    }


def test_each_mechanism_shapes_an_outcome():
    for one in MECHANISMS:
        assert one.shapes, one.name
        assert {*one.shapes} <= {*STANDS_ON}, one.name


def test_sections_of_outcomes_exist():
    sections = set(type(load(TINY)).model_fields)
    assert {section for of in STANDS_ON.values() for section in of} <= sections
