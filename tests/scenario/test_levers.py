"""Sliders reach what they must and nothing that the scenario would refuse."""

import math
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.errors import ScenarioError
from amnok.scenario import load
from amnok.scenario.levers import levers, levers_of_saved, range_of
from amnok.scenario.overrides import with_values
from amnok.scenario.policies import policies, under
from amnok.scenario.shape import shape_at

BUILT_IN = (
    "sino-korean-border",
    pytest.param("border-closure-2020", marks=pytest.mark.slow),
    pytest.param("sino-korean-adaptive", marks=pytest.mark.slow),
)
SMALL = load(TINY)
TINY_ENDS = {"orders.april_sweep.intensity": (0.0, 10.0), "traders.inner": (0.0, 2e8)}


def numbers(scenario):
    return {path: one for path, one in scenario.parameters() if isinstance(one.value, int | float)}


@pytest.fixture(params=[*BUILT_IN, "tiny", "bare", "saved"])
def found(request, tiny_data, write):
    """A scenario and its levers."""
    if request.param == "saved":
        return load(TINY), levers_of_saved(load(TINY))
    if request.param == "bare":
        del tiny_data["switches"]
        where = write(tiny_data)
        return load(where), levers(where)
    return loaded({"tiny": TINY}.get(request.param, request.param))


@cache
def loaded(where):
    return load(where), levers(where)


@pytest.mark.slow
def test_every_number_has_a_range_around_its_value(found):
    scenario, moved = found
    assert set(moved.ranges) == set(numbers(scenario))
    for path, one in numbers(scenario).items():
        range_ = moved.ranges[path]
        assert range_.low <= one.number <= range_.high, path
        assert range_.step > 0, path


def test_ranges_stay_within_their_units(found):
    scenario, moved = found
    for path in numbers(scenario):
        unit, range_ = shape_at(tuple(path.split("."))).unit, moved.ranges[path]
        assert unit is not None
        assert unit.low <= range_.low <= range_.high <= unit.high, path
        assert 1 <= round((range_.high - range_.low) / range_.step) <= 1_002, path


@pytest.mark.slow
@pytest.mark.parametrize("end", ["low", "high"])
def test_both_ends_of_a_slider_are_allowed_each_on_its_own(found, end):
    """What the scenario refuses is refused for what other numbers are, never for the unit."""
    scenario, moved = found
    for path, range_ in moved.ranges.items():
        if path not in moved.paths:
            continue
        changed = with_values(scenario, {path: getattr(range_, end)})
        assert dict(changed.parameters())[path].number == getattr(range_, end)


def test_levers_are_numbers_of_the_scenario_and_each_is_there_once(found):
    scenario, moved = found
    assert len(moved.paths) > 0
    assert len(set(moved.paths)) == len(moved.paths)
    assert set(moved.paths) <= set(numbers(scenario))


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_policies_set_is_a_lever_and_can_be_reached(name):
    _, moved = loaded(name)
    assert set(policies(name)) == set(moved.named)
    assert set(policies(name)) - set(moved.policies) == {
        "leak_campaign_earlier",  # it sets a date; the others, how effort is allocated
        "even_effort",
        "stackelberg_plan",
        "quantal_plan",
    }
    for values in moved.policies.values():
        for path, value in values.items():
            range_ = moved.ranges[path]
            assert path in moved.paths
            assert range_.low <= value <= range_.high


def test_a_policy_that_sets_more_than_numbers_is_not_applied_by_half(tiny_data, write):
    tiny_data["policies"] = {
        "numbers": {"set": {"quota.arrests": 1.5}},
        "both": {"set": {"quota.arrests": 1.5, "cameras.allocation": "stackelberg"}},
    }
    moved = levers(write(tiny_data))
    assert dict(moved.policies) == {"numbers": {"quota.arrests": 1.5}}
    assert set(moved.named) == {"numbers", "both"}


@pytest.mark.parametrize("name", BUILT_IN)
def test_settings_of_a_policy_are_the_policy(name):
    """Moving a policy's sliders one by one ends in the scenario that the policy makes."""
    base, moved = loaded(name)
    _, arms = under(name, (), list(policies(name).values()))
    for policy, values in moved.policies.items():
        own, made = (
            {path: one.value for path, one in scenario.parameters()}
            for scenario in (with_values(base, values), arms[policy])
        )
        assert own == made


def test_switches_come_first_and_all_their_options_can_be_reached():
    moved = levers(TINY)
    assert moved.paths == ("orders.april_sweep.intensity", "orders.paper_hunt.intensity")
    assert moved.policies == {}
    for path in moved.paths:
        assert moved.ranges[path].low == 0.0


def test_without_switches_and_policies_there_are_usual_levers(tiny_data, write):
    del tiny_data["switches"]
    moved = levers(write(tiny_data))
    assert "quota.arrests" in moved.paths
    assert "orders.april_sweep.intensity" in moved.paths
    assert moved == levers_of_saved(load(write(tiny_data)))


def test_an_option_that_does_not_fit_moves_nothing(tiny_data, write):
    """Shares that do not add up are refused; the other option still makes a lever."""
    tiny_data["switches"] = {
        "people": {
            "gone": {"traders.sizes.carrier.share_inner": 0.5},
            "some": {"traders.inner": 200},
        }
    }
    moved = levers(write(tiny_data))
    assert moved.paths == ("traders.inner",)
    assert moved.ranges["traders.inner"].low <= 200


def test_a_faulty_scenario_is_refused(tiny_data, write):
    tiny_data["traders"]["inner"]["value"] = -1
    with pytest.raises(ScenarioError, match=r"traders\.inner"):
        levers(write(tiny_data))


@given(
    path=st.sampled_from(sorted(TINY_ENDS)),
    share=st.floats(0, 1),
    also=st.lists(st.floats(0, 1) | st.just(math.nan), max_size=4),
)
def test_any_value_and_any_wish_within_the_unit(path, share, also):
    """The slider covers value and wishes, and stays within the unit."""
    low, high = TINY_ENDS[path]
    parameter = numbers(SMALL)[path]
    value = low + share * (min(high, 5_000.0) - low)
    moved = parameter.model_copy(update={"value": value})
    wishes = [low + one * (min(high, 5_000.0) - low) for one in also]
    range_ = range_of(shape_at(tuple(path.split("."))).unit, moved, wishes)
    near = 1e-9 * max(1.0, abs(range_.high))
    assert low <= range_.low <= range_.high <= high
    for one in [value, *(wish for wish in wishes if not math.isnan(wish))]:
        assert range_.low - near <= one <= range_.high + near
