"""Orders, halts and campaigns in some sectors: what days bring there, and what comes of it."""

import numpy as np
import pytest
from tests.paths import TINY, TINY_MORE

from amnok import engine
from amnok.draws import replicate_key
from amnok.errors import ScenarioError
from amnok.games.border import search_chance_on
from amnok.games.border_network import border_network
from amnok.mechanisms.roles import GUARD, PATROL, SECURITY
from amnok.odd.tables import halts, orders
from amnok.results import dataset
from amnok.results.measuring.sources import BookSource
from amnok.scenario import load
from amnok.scenario.where import label_of, zones
from amnok.studies.counterfactual import effect
from amnok.studies.counterfactual.events import events, in_force
from amnok.world import build
from amnok.world.build import planned
from amnok.world.days import days, row_of

HEADWATER, MILL, FERRY = range(3)
SWEEP = "orders.april_sweep.sectors"
# Nothing but prices joins the sectors of this border, and this market feeds no other.
APART = "sectors.ferry.market=capital"


def zone_days(*sets):
    """Days of the small border, [day, sector]."""
    scenario = load(TINY, list(sets))
    world, _ = build(scenario, 1)
    return scenario, world.days[:, world.sectors["zone"]]


def test_one_zone_where_all_holds_everywhere():
    scenario, found = zone_days()
    assert zones(scenario) == (("headwater", "old-mill", "ferry"),)
    assert (found["intensity"] == found["intensity"][:, :1]).all()


def test_an_order_moves_agencies_in_its_sectors_alone():
    _, everywhere = zone_days()
    _, found = zone_days(f"{SWEEP}=[ferry]", "orders.paper_hunt.sectors=[headwater, ferry]")
    same = found["intensity"] == everywhere["intensity"]
    assert same[:, FERRY].all()
    assert same[:, HEADWATER, SECURITY].all()
    assert (found["intensity"][:, :FERRY, PATROL] == 0).all()
    assert (found["intensity"][:, MILL] == 0).all()
    assert found["intensity"][:, FERRY, PATROL].max() > 0.5


def test_cameras_and_halts_by_sector():
    cameras, halt = "orders.more_cameras.sectors=[old-mill]", "spring_vote.sectors=[old-mill]"
    scenario, found = zone_days(cameras, f"calendar.halts.{halt}")
    usual = scenario.cameras.usual_level.number
    assert (found["camera_level"][:, [HEADWATER, FERRY]] == usual).all()
    assert found["camera_level"][-1, MILL] > usual
    assert found["halt"][:, MILL].max() > 0.9
    assert found["halt"][:, [HEADWATER, FERRY]].max() == 0


def test_orders_of_which_sectors_differ_add_up_where_they_meet():
    once, twice = load(TINY), load(TINY, ["orders.paper_hunt.intensity=2"])
    more = once.orders["paper_hunt"].model_copy(update={"sectors": ("ferry", "old-mill")})
    both = once.model_copy(update={"orders": {**once.orders, "again": more}})
    once, found, double = (days(one)["intensity"][-1] for one in (once, both, twice))
    np.testing.assert_allclose(found[0], once[0])
    np.testing.assert_allclose(found[1], double[0])


def test_an_order_in_a_sector_moves_what_is_counted_there_and_nowhere_else():
    scenario = load(TINY, [f"{SWEEP}=[ferry]", "patrols.intercept_base=0.02", APART])
    found = effect(scenario, "april_sweep", seed=5, replicates=2)
    rows = found.differences(("sector",))
    changed = rows[(rows["difference"] != 0) & (rows["outcome"] != "price_gap")]
    assert {where for where in changed["where"] if where} == {"ferry"}
    questioned = rows[(rows["outcome"] == "questionings") & (rows["where"] == "ferry")]
    assert questioned["difference"].item() > 5


def test_a_halt_in_a_sector_keeps_people_home_there():
    scenario = load(TINY, ["calendar.halts.spring_vote.sectors=[headwater, ferry]"])
    kept = engine.simulate(scenario, 2).books.sector["kept_home"].sum(axis=0)
    assert kept[[HEADWATER, FERRY]].min() > 0
    assert kept[MILL] == 0


def test_a_campaign_in_a_sector_brings_cases_there():
    sets = ["targeting.campaigns.big_fish.sectors=[old-mill]", "targeting.case_rate=1000"]
    cases = engine.simulate(load(TINY_MORE, sets), 2).books.events["cases"].sum(axis=(0, 2, 3))
    assert cases[MILL] > 0
    assert cases[[HEADWATER, FERRY]].sum() == 0


def test_results_give_the_mean_over_sectors():
    _, everywhere = zone_days()
    scenario = load(TINY, [f"{SWEEP}=[ferry]"])
    outcome = engine.simulate(scenario, 1)
    spin_up = scenario.period.spin_up
    expected = everywhere["intensity"][spin_up:, FERRY, PATROL] / 3
    shown = dataset(outcome, scenario, 1)["intensity"].sel(agency="rangers")[0]
    np.testing.assert_allclose(shown, expected, rtol=1e-6)
    kept = BookSource(outcome, scenario, replicate_key(1, 0)).daily("intensity")
    np.testing.assert_allclose(kept[:, PATROL], expected)


def test_a_plan_of_a_sector_follows_its_orders():
    def plan(*sets):
        scenario = load(TINY, ["agencies.bureau.allocation=quantal", *sets])
        each_day, routes, effort = planned(scenario)
        assert (each_day["plan"] == each_day["plan"][:, :1]).all()
        return effort[each_day["plan"][-1, 0]], routes["sector"]

    everywhere, sector = plan()
    nowhere, _ = plan("orders.paper_hunt.intensity=0")
    found, _ = plan("orders.paper_hunt.sectors=[ferry]")
    assert not np.array_equal(everywhere[sector == FERRY], nowhere[sector == FERRY])
    np.testing.assert_array_equal(found[sector == FERRY], everywhere[sector == FERRY])
    np.testing.assert_array_equal(found[sector != FERRY], nowhere[sector != FERRY])


def test_games_of_a_day_go_by_the_sector():
    everywhere, ferry = load(TINY), load(TINY, [f"{SWEEP}=[ferry]"])
    nowhere = load(TINY, ["orders.april_sweep.intensity=0"])
    rates = [border_network(one, "2030-05-20") for one in (nowhere, ferry, everywhere)]
    for arc in rates[0].routes:
        low, found, high = (one.rate[arc] for one in rates)
        assert found == (high if "ferry" in rates[0].arcs[arc] else low)
    chance = [
        search_chance_on(load(TINY, sets), load(TINY).period.end)
        for sets in ([], ["orders.paper_hunt.sectors=[ferry]"], ["orders.paper_hunt.intensity=0"])
    ]
    assert chance[1] == pytest.approx((chance[0] + 2 * chance[2]) / 3)


def test_guards_answer_for_leaks_where_the_order_holds():
    sets = ["orders.paper_hunt.targets=[river-watch]", "orders.paper_hunt.sectors=[ferry]"]
    scenario = load(TINY, sets)
    found = days(scenario)[row_of(scenario, scenario.period.end)]["intensity"][:, GUARD]
    assert found[0] == 0 < found[1]


def test_pages_say_where():
    held = "calendar.halts.spring_vote.sectors=[headwater]"
    scenario = load(TINY, [f"{SWEEP}=[ferry, old-mill]", held])
    assert events(scenario)["april_sweep"].label == "Sweep of the Lowlands (Ferry, Old Mill)"
    assert "(Ferry, Old Mill)" in {one.name: one.short for one in in_force(scenario)}["april_sweep"]
    marks = dataset(engine.simulate(scenario, 1), scenario, 1).attrs
    assert "Sweep of the Lowlands (Ferry, Old Mill)" in marks["orders"]
    assert "Spring vote (Headwater)" in marks["halts"]
    assert "ferry" in orders(scenario)
    assert "headwater" in halts(scenario)
    many = scenario.orders["april_sweep"].model_copy(update={"sectors": ("ferry",) * 4})
    assert label_of(scenario, "april_sweep", many) == "Sweep of the Lowlands (4 sectors)"


@pytest.mark.parametrize(
    "path", ["orders.april_sweep", "calendar.halts.spring_vote", "targeting.campaigns.big_fish"]
)
def test_a_sector_that_is_not_there_is_told(path):
    with pytest.raises(ScenarioError) as error:
        load(TINY_MORE, [f"{path}.sectors=[ferry, fery]"])
    (fault,) = error.value.faults
    assert fault.path == f"{path}.sectors[1]"
    assert "unknown sector 'fery'" in fault.problem
    assert fault.fix == "did you mean 'ferry'?"


def test_no_sector_at_all_is_told():
    with pytest.raises(ScenarioError) as error:
        load(TINY, [f"{SWEEP}=[]"])
    assert error.value.faults[0].path == SWEEP
