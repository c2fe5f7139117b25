"""What reports say in words, and what it stands on."""

import pytest
from tests.paths import TINY

from amnok import compare, load, run
from amnok.reporting.evidence import STANDS_ON, mostly_assumed, standings
from amnok.reporting.narrative import _ABOUT, _TOLD, comparison_in_words, run_in_words


@pytest.fixture(scope="module")
def told():
    return dict(run_in_words(run(TINY, replicates=4)))


def test_the_first_phase_is_told_and_the_others_against_it(told):
    first, *later, seen = told.values()
    assert any(one.text.startswith("Crossings: ") for one in first)
    assert all("95% interval" in one.text for one in first)
    for phase in later:
        assert phase[-1].text.startswith("No clear change") or all(
            " rose " in one.text or " fell " in one.text for one in phase
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


def test_what_is_told_stands_on_something_known():
    assert {*_TOLD.values(), *_ABOUT.values()} <= {*STANDS_ON}


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


def test_sections_of_outcomes_exist():
    sections = set(type(load(TINY)).model_fields)
    assert {section for of in STANDS_ON.values() for section in of} <= sections
