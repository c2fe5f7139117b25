"""Dated changes: what may change, what a number is on a day, and what a wrong change is told."""

import datetime as dt

import pytest
from tests.changed import border_with, change, parameter

from amnok.errors import ScenarioError
from amnok.scenario.changes import on as on_day
from amnok.scenario.changes import spells, strength
from amnok.scenario.dump import resolved
from amnok.scenario.explain import explain
from amnok.scenario.levers import levers, levers_of_saved
from amnok.scenario.loading import load_text
from amnok.scenario.priors import values_at


@pytest.fixture
def changing(tmp_path):
    """The small border with changes."""

    def make(sets=(), **changes):
        return border_with(tmp_path, sets, changes=changes)

    return make


def on(scenario, day):
    """The spell that a day is in."""
    return [one for one in spells(scenario) if one.start <= dt.date.fromisoformat(day)][-1]


def test_without_changes_there_are_no_spells(tiny):
    assert spells(tiny) == ()


def test_a_ramp_is_even_steps_and_an_end_brings_the_old_number_back(changing):
    dear = change(
        "guards.penalty",
        factor=parameter(3, "ratio"),
        ramp=parameter(4, "days"),
        end=parameter("2030-04-20", "date"),
    )
    scenario = changing(dear=dear)
    usual = scenario.guards.penalty.number
    days = ("2030-02-01", "2030-04-09", "2030-04-10", "2030-04-12", "2030-04-13", "2030-04-19")
    found = [on(scenario, day).scenario.guards.penalty.number for day in days]
    assert found == pytest.approx([usual * n for n in (1, 1, 1.5, 2.5, 3, 3)])
    assert on(scenario, "2030-04-20").scenario.guards == scenario.guards
    assert strength(scenario.changes["dear"], dt.date(2030, 4, 11)) == 0.5


def test_later_changes_start_from_earlier_ones_and_stay_within_the_unit(changing):
    scenario = changing(
        second=change("guards.collusion", "2030-04-20", factor=parameter(9, "ratio")),
        first=change(
            "guards.collusion", "2030-04-10", value=parameter(0.2, "probability", 0.1, 0.3)
        ),
    )
    assert on(scenario, "2030-04-15").scenario.guards.collusion.number == 0.2
    assert on(scenario, "2030-04-25").scenario.guards.collusion.number == 1.0


def test_one_in_some_sectors_is_in_no_other(changing):
    scenario = changing(mud=change("route_kinds.*.crossing_cost", sectors=["ferry", "old-mill"]))
    spell = on(scenario, "2030-04-10")
    assert spell.scenario.route_kinds == scenario.route_kinds
    assert on_day(scenario, dt.date(2030, 4, 10)) is spell.scenario
    usual = scenario.route_kinds["ford"].crossing_cost.number
    by_sector = {
        name: there.route_kinds["ford"].crossing_cost.number / usual
        for names, there in spell.parts
        for name in names
    }
    assert by_sector == {"headwater": 1, "old-mill": 2, "ferry": 2}


def test_one_that_began_long_before_is_in_force_from_the_first_day(changing):
    old = change("guards.penalty", "2030-02-20")
    assert len(spells(changing(old=old))) == 2
    [only] = spells(changing(["changes.old.start=1999-01-01"], old=old))
    usual = dict(changing().parameters())["guards.penalty"].number
    now = dict(only.scenario.parameters())["guards.penalty"].number
    assert now == 2 * usual


def test_values_are_levers_and_parameters_like_any_other(changing):
    dear = change("guards.penalty", value=parameter(300, "CRN", 0, 900))
    scenario = changing(["changes.dear.value=500"], dear=dear)
    assert scenario.changes["dear"].value.number == 500
    assert load_text(resolved(scenario), "resolved") == scenario
    assert "changes.dear.value" in levers_of_saved(scenario).paths
    told = explain(scenario, "changes.dear.value")
    assert told.unit is not None
    assert (told.unit.low, told.unit.currency) == (0, True)
    drawn = values_at(scenario, {"changes.dear.value": 0.5, "changes.dear.start": 0.01})
    assert drawn["changes.dear.value"] == 450
    assert drawn["changes.dear.start"] == dt.date(2030, 4, 10)


WRONG = {
    "guards.penalti": "did you mean 'penalty'?",
    "gards.penalty": "did you mean 'guards'?",
    "guards": "not a number with a unit",
    "sectors.ferry.market": "not a number with a unit",
    "traders.inner": "settled for each person",
    "traders.sizes.*.customs_access": "settled for each person",
    "markets.*.openness": "settled before the first day",
    "official.arrests_recorded": "once the run is over",
    "orders.april_sweep.intensity": "dates of its own",
    "agencies.rangers.inertia": "moved by orders",
    "goods.*.price": "no 'goods.*.price'",
    "": "no ''",
}


@pytest.mark.parametrize(("path", "told"), WRONG.items(), ids=WRONG)
def test_what_cannot_change_is_told_with_the_reason(changing, path, told):
    with pytest.raises(ScenarioError) as error:
        changing(bad=change(path))
    assert [fault for fault in error.value.faults if fault.path == "changes.bad.parameter"]
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ({"value": parameter(3, "ratio")}, "must be 'CRN'"),
        ({"value": parameter(-3, "CRN", -4)}, "outside 0"),
        ({"value": parameter(3, "USD"), "factor": parameter(2, "ratio")}, "either a `value`"),
        ({"value": parameter(3, "USD")}, "is in USD"),
        ({"sectors": ["ferry"]}, "same in all sectors"),
        ({"direction": "export"}, "is the same in both directions"),
        ({"direction": ["export"]}, "'both', 'export' or 'import'"),
        ({"end": parameter("2030-04-01", "date")}, "out of order"),
        ({"start": "2031-04-01"}, "no day of it is in the period"),
    ],
)
def test_what_does_not_fit_is_told(changing, others, told):
    with pytest.raises(ScenarioError, match=told):
        changing(bad=change("guards.penalty", **others))


def test_unknown_sectors_are_told_with_the_nearest(changing):
    with pytest.raises(ScenarioError, match="did you mean 'ferry'"):
        changing(bad=change("route_kinds.ford.bulk", sectors=["fery"]))


def test_levers_of_a_file_with_policies(changing, tmp_path):
    changing(dear=change("guards.penalty", value=parameter(300, "CRN", 0, 900)))
    assert "changes.dear.value" in levers(tmp_path / "changed.yaml").ranges


def reform(**more):
    """A change of two numbers at once."""
    price = {"parameter": "guards.penalty", "factor": parameter(3, "ratio")}
    share = {"parameter": "guards.collusion", "value": parameter(0.2, "probability", 0.1, 0.3)}
    start = parameter("2030-04-10", "date")
    return {"label": "Reform", "start": start, "sets": {"price": price, "share": share}, **more}


def test_a_change_of_several_numbers_is_one_event_and_one_lever(changing):
    strength = parameter(0.5, "share", 0.1, 1.0)
    scenario = changing(reform=reform(strength=strength))
    usual, now = scenario.guards, on(scenario, "2030-04-10").scenario.guards
    assert now.penalty.number == pytest.approx(2 * usual.penalty.number)
    assert now.collusion.number == pytest.approx((usual.collusion.number + 0.2) / 2)
    paths = levers_of_saved(scenario).paths
    assert {"changes.reform.strength", "changes.reform.sets.price.factor"} <= set(paths)
    assert load_text(resolved(scenario), "again").changes == scenario.changes
    drawn = values_at(scenario, {"changes.reform.sets.share.value": 0.5})
    assert drawn == {"changes.reform.sets.share.value": pytest.approx(0.2)}
    assert not spells(changing(["changes.reform.strength=0"], reform=reform(strength=strength)))[1:]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"parameter": "guards.penalty"}, "either `sets` or a `parameter`"),
        ({"sets": {}}, "names no `parameter`"),
        ({"sectors": ["ferry"]}, "'guards.penalty' is the same in all sectors"),
    ],
)
def test_what_is_wrong_in_a_change_of_several_is_told(changing, wrong, told):
    with pytest.raises(ScenarioError) as error:
        changing(reform=reform(**wrong))
    assert told in str(error.value)


def test_a_number_within_several_is_checked_like_any(changing):
    wrong = reform()
    wrong["sets"]["share"]["parameter"] = "guards.colusion"
    with pytest.raises(ScenarioError) as error:
        changing(reform=wrong)
    (fault,) = error.value.faults
    assert fault.path == "changes.reform.sets.share.parameter"
    assert "collusion" in fault.fix
