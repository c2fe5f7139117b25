"""Closures: what they shut, and what a wrong one is told."""

import datetime as dt

import numpy as np
import pytest
from tests.changed import border_with, parameter

from amnok.engine import simulate
from amnok.errors import ScenarioError
from amnok.scenario.levers import levers_of_saved
from amnok.scenario.measures.calendar import calendar_of
from amnok.scenario.measures.vocabulary import Window
from amnok.scenario.measures.windows import SETTLING, anchors
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual import effect
from amnok.studies.counterfactual.events import in_force
from amnok.world import changes, labels, places

WHOLLY = parameter(1, "probability", 0)


def closure(**others):
    start = parameter("2030-04-10", "date")
    return {"label": "The roads are shut", "start": start, "strength": WHOLLY, **others}


@pytest.fixture
def closed(tmp_path):
    """The small border with one closure."""
    return lambda **others: border_with(tmp_path, closures={"roads": closure(**others)})


@pytest.mark.parametrize(
    ("others", "told", "path"),
    [
        ({"channels": ["custom"]}, "did you mean 'customs'", "channels[0]"),
        ({"kinds": ["fords"]}, "did you mean 'ford'", "kinds[0]"),
        ({"sectors": ["fery"]}, "did you mean 'ferry'", "sectors[0]"),
        ({"channels": ["customs"], "kinds": ["ford"]}, "no such way to shut", ""),
        ({"direction": "inward"}, "'both', 'export' or 'import'", "direction"),
        ({"end": parameter("2030-04-10", "date")}, "out of order", ""),
        ({"start": "2031-04-10"}, "no day of it is in the period", ""),
        ({"strength": parameter(2, "probability")}, "outside 0 to 1", "strength"),
    ],
)
def test_what_does_not_fit_is_told(closed, others, told, path):
    if others.get("start"):
        others = {"start": parameter("2031-04-10", "date")}
    with pytest.raises(ScenarioError, match=told) as error:
        closed(**others)
    assert f"closures.roads.{path}".rstrip(".") in {fault.path for fault in error.value.faults}


def test_channels_kinds_and_sectors_are_all_asked_for(closed):
    scenario = closed(channels=["river"], kinds=["ford", "toll_road"], sectors=["ferry"])
    [closure] = scenario.closures.values()
    shut = np.array(labels(scenario).routes)[places.shut(scenario, closure)].tolist()
    kinds = scenario.sectors["ferry"].routes
    assert shut == [route for route, kind in kinds.items() if kind == "ford"]


def test_bridges_that_open_now_and_then_are_shut_on_top_of_that(closed):
    scenario = closed(channels=["customs"], strength=parameter(0.25, "probability", 0, 1))
    before, after = (turn.routes for turn in changes.turns(scenario))
    bridges = before["channel"] == places.CUSTOMS
    assert (after["open"][bridges] == 0.75 * before["open"][bridges]).all()
    assert (after["open"][~bridges] == 1).all()


@pytest.mark.parametrize("wrong", ["[export]", "{export: 1}", "1", "Export"])
def test_goods_of_an_odd_direction_are_told_and_no_more(tmp_path, wrong):
    shut = {"roads": closure(direction="import")}
    with pytest.raises(ScenarioError) as error:
        border_with(tmp_path, [f"goods.lamps.direction={wrong}"], closures=shut)
    assert "goods.lamps.direction" in {fault.path for fault in error.value.faults}


def test_a_direction_in_which_no_goods_go_is_told(tmp_path):
    shut, only = {"roads": closure(direction="import")}, ["goods.lamps.direction=export"]
    with pytest.raises(ScenarioError, match="no goods have direction 'import'") as error:
        border_with(tmp_path, only, closures=shut)
    assert "closures.roads.direction" in {fault.path for fault in error.value.faults}


def test_a_closure_of_one_direction_leaves_the_other_as_it_is(closed):
    scenario = closed(
        channels=["customs"], direction="import", strength=parameter(0.5, "probability", 0, 1)
    )
    before, after = (turn.routes["open"] for turn in changes.turns(scenario))
    bridges = changes.turns(scenario)[0].routes["channel"] == places.CUSTOMS
    assert (after[:, 0] == before[:, 0]).all()
    assert (after[bridges, 1] == 0.5 * before[bridges, 1]).all()
    assert "The roads are shut (imports)" in [event.label for event in in_force(scenario)]


@pytest.mark.parametrize("stopped", ["export", "import"])
def test_on_its_first_day_the_other_direction_is_the_same_to_the_last_item(closed, stopped):
    """Later days differ by what people make of it: prices, beliefs, who is detained."""
    scenario = closed(direction=stopped)
    goods = np.array([one.direction == stopped for one in scenario.goods.values()])
    first = (dt.date(2030, 4, 10) - scenario.period.start).days
    with_it, without = (
        simulate(one, 3, 0).books.goods["goods_items_attempted"].sum(axis=1)[first]
        for one in (scenario, with_values(scenario, {"closures.roads.strength": 0.0}))
    )
    assert with_it[~goods].sum() > 0
    np.testing.assert_array_equal(with_it[~goods], without[~goods])
    assert with_it[goods].sum() == 0 < without[goods].sum()


def test_because_of_the_closure_crossings_move_to_other_ways(closed):
    scenario = closed(channels=["customs"], called="the closure")
    assert "closures.roads.strength" in levers_of_saved(scenario).paths
    assert "roads" in [event.name for event in in_force(scenario)]
    found = effect(scenario, "roads", replicates=2)
    assert found.event.called == "the closure"
    moved = found.values("items_crossed", ["channel"]).mean("replicate")
    with_it, without = moved.sel(world="with"), moved.sel(world="without")
    assert float(with_it.sel(channel="customs")) == 0 < float(without.sel(channel="customs"))
    assert float(with_it.sel(channel="river")) > float(without.sel(channel="river"))


def test_when_all_of_a_sector_is_shut_goods_wait(closed):
    found = effect(closed(sectors=["ferry"]), "roads", replicates=2)
    crossed = found.values("crossings", ["sector"]).sel(world="with")
    assert float(crossed.sel(sector="ferry").sum()) == 0
    assert float(np.asarray(crossed).sum()) > 0


def test_measures_speak_of_days_in_a_closure(closed):
    calendar = calendar_of(closed())
    [anchor] = anchors(Window(order="roads", part="in_force"), calendar)
    assert (anchor.first, anchor.full) == (40, 40 + SETTLING)
    assert not any(one.first == 40 for one in anchors(Window(before_orders=True), calendar))
