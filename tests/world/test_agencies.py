"""Several agencies of a role: who serves where, what moves each, and how results tell of them."""

import datetime as dt
import json

import numpy as np
import pytest
import yaml
from tests.absent import SECTIONS, tiny_without
from tests.paths import TINY

import amnok
from amnok.errors import AmnokError, ScenarioError
from amnok.games.border_network import border_network
from amnok.games.deviations import exploit
from amnok.mechanisms.roles import PATROL, ROLES, SECURITY
from amnok.odd.tables import agencies, orders
from amnok.scenario import load
from amnok.scenario.measures.dimensions import space_of
from amnok.scenario.where import posts, zones
from amnok.studies.counterfactual import effect
from amnok.world import build
from amnok.world.build import planned

SECOND = {
    "guard": "gendarmes",
    "security_police": "county-bureau",
    "patrol": "marines",
    "police": "ferry-police",
    "customs": "ferry-customs",
}
HEADWATER, MILL, FERRY = range(3)
SHORT = ("period.end=2030-06-15",)
APART = "sectors.ferry.market=capital"  # nothing but prices joins the sectors then


@pytest.fixture
def border(tmp_path):
    """Makes the small border with a second agency of some roles at the ferry, like the first."""

    def made(*sets, roles=ROLES, more=None):
        written = yaml.safe_load((TINY / "scenario.yaml").read_text())
        second = {
            SECOND[one["role"]]: {
                **one,
                "label": SECOND[one["role"]].replace("-", " ").capitalize(),
                "sectors": ["ferry"],
                **(more or {}),
            }
            for one in written["agencies"].values()
            if one["role"] in roles
        }
        role = {name: one["role"] for name, one in written["agencies"].items()}
        moved = {
            name: {"targets": [role.get(target, target) for target in one["targets"]]}
            for name, one in written["orders"].items()
        }
        path = tmp_path / "shared.yaml"
        whole = {"extends": str(TINY), "name": "shared", "agencies": second, "orders": moved}
        path.write_text(json.dumps(whole, default=str))
        return load(path, list(sets))

    return made


def intensity(scenario):
    """How hard each role works, [day, sector, role]."""
    world, _ = build(scenario, 1)
    return world.days["intensity"][:, world.sectors["zone"]]


def test_equal_agencies_that_share_out_the_sectors_are_one(border):
    one = amnok.run(load(TINY, list(SHORT)), seed=3, replicates=1)
    two = amnok.run(border(*SHORT), seed=3, replicates=1)
    for name in one.data_vars:
        if "agency" not in one[name].dims:
            np.testing.assert_array_equal(two[name], one[name], err_msg=str(name))
            continue
        for role in ROLES:
            (whole,), (first, second) = (
                [of[name].isel(agency=at) for at in np.flatnonzero(of["agency_role"] == role)]
                for of in (one, two)
            )
            if name == "intensity":
                np.testing.assert_array_equal(first, whole)
                np.testing.assert_array_equal(second, whole)
                continue
            np.testing.assert_array_equal(first[:, :, :FERRY], whole[:, :, :FERRY])
            np.testing.assert_array_equal(second[:, :, FERRY], whole[:, :, FERRY])
            assert not first[:, :, FERRY].any()
            assert not second[:, :, :FERRY].any()
    assert two["stops"].sel(agency="marines").sum() > 0


def test_each_has_its_own_inertia_and_weights(border):
    quick = border("agencies.marines.inertia=0", "agencies.ferry-police.weights.elections=3")
    usual, found = intensity(load(TINY)), intensity(quick)
    assert (found[:, :FERRY] == usual[:, :FERRY]).all()
    assert found[:, FERRY, PATROL].max() > usual[:, FERRY, PATROL].max()
    others = [role for role in range(len(ROLES)) if ROLES[role] not in ("patrol", "police")]
    assert (found[:, FERRY][:, others] == usual[:, FERRY][:, others]).all()
    assert zones(quick) == (("headwater", "old-mill"), ("ferry",))


def test_a_usual_level_is_an_order_that_was_always_in_force(border):
    """Bit for bit, in the sectors of the agency that has it."""
    level = {"value": 0.5, "unit": "index", "prior": {"uniform": [-1, 1]}, "source": "assumption"}
    high = border(*SHORT, more={"usual_level": level})
    assert dict(high.parameters())["agencies.marines.usual_level"].number == 0.5
    assert dict(border().parameters()).keys() == dict(high.parameters()).keys() - {
        f"agencies.{name}.usual_level" for name in SECOND.values()
    }
    long_ago = high.orders["april_sweep"].model_copy(
        update={
            "start": parameter_of(dt.date(2029, 1, 1), high.orders["april_sweep"].start),
            "targets": tuple(SECOND.values()),
            "intensity": parameter_of(0.5, high.orders["april_sweep"].intensity),
        }
    )
    low = border("agencies.marines.inertia=0", *SHORT)
    agencies = {
        name: one.model_copy(update={"inertia": parameter_of(0.0, one.inertia), "weights": {}})
        for name, one in low.agencies.items()
    }
    low = low.model_copy(update={"orders": {"always": long_ago}, "agencies": agencies})
    high = high.model_copy(update={"orders": {}})
    one, other = (amnok.run(each, seed=3, replicates=1) for each in (low, high))
    for name in one.data_vars:
        np.testing.assert_array_equal(other[name], one[name], err_msg=str(name))
    assert (one["intensity"].sel(agency="marines") == 0.5).all()
    assert not one["intensity"].sel(agency="rangers").any()


def parameter_of(value, like):
    return like.model_copy(update={"value": value})


def test_an_order_to_one_leaves_the_sectors_of_the_other_as_they_are(border):
    alone = border(
        "orders.april_sweep.targets=[marines]", "patrols.intercept_base=0.02", APART, *SHORT
    )
    assert alone.moved_by(alone.orders["april_sweep"]) == ("marines",)
    found = effect(alone, "april_sweep", seed=5, replicates=2)
    rows = found.differences(("sector",))
    changed = rows[(rows["difference"] != 0) & (rows["outcome"] != "price_gap")]
    assert {where for where in changed["where"] if where} == {"ferry"}


def test_an_order_to_a_role_moves_all_who_have_it_and_a_name_goes_before_a_role(border):
    both = border()
    april = both.orders["april_sweep"].model_copy(update={"targets": ("patrol", "marines")})
    assert both.moved_by(april) == ("rangers", "marines")
    named = both.model_copy(
        update={"agencies": {**both.agencies, "patrol": both.agencies["bureau"]}}
    )
    assert named.moved_by(april) == ("patrol", "marines")


def test_results_tell_how_hard_each_works_where_it_serves(border):
    alone = border("orders.april_sweep.targets=[marines]", *SHORT)
    shown = amnok.run(alone, seed=1, replicates=1)["intensity"][0]
    expected = intensity(alone)[alone.period.spin_up :, FERRY, PATROL]
    np.testing.assert_allclose(shown.sel(agency="marines"), expected, rtol=1e-6)
    assert not shown.sel(agency="rangers").any()
    assert expected.max() > 0.5


def test_each_spreads_its_effort_in_its_own_way(border):
    scenario = border(
        "agencies.county-bureau.allocation=quantal", "agencies.marines.allocation=fixed"
    )
    world, _ = build(scenario, 1)
    assert world.follow[:, PATROL].tolist() == [0.3, 0.3, 0.0]
    assert world.follow[:, SECURITY].tolist() == [0.3, 0.3, 0.0]
    _, routes, effort = planned(scenario)
    _, _, everywhere = planned(load(TINY, ["agencies.bureau.allocation=quantal"]))
    here = routes["sector"] == FERRY
    assert (effort[:, ~here, 0] == 1).all()
    assert (effort[-1, here, 0] == everywhere[-1, here, 0]).all()
    assert not (effort[-1, here, 0] == 1).all()


def test_order_of_roles_and_pages(border):
    scenario = border("orders.april_sweep.targets=[marines]")
    assert [one.name for one in posts(scenario)][:3] == ["river-watch", "gendarmes", "bureau"]
    assert posts(scenario)[0].sectors == ("headwater", "old-mill")
    table = agencies(scenario)
    assert "Sectors" in table
    assert "| Marines | patrol | ferry |" in table
    assert "| Rangers | patrol | headwater, old-mill |" in table
    moved = agencies(border("agencies.gendarmes.bank=outer"))
    assert "| Gendarmes | guard | outer | ferry |" in moved
    assert "Sectors" not in agencies(load(TINY))
    assert "| Marines |" in orders(scenario)


def test_games(border):
    scenario = border(*SHORT)
    run = amnok.run(scenario, seed=1, replicates=1)
    found = exploit(run, scenario)
    whole = exploit(amnok.run(load(TINY, list(SHORT)), seed=1, replicates=1), load(TINY, [*SHORT]))
    assert found["agency"].to_numpy().tolist() == ["bureau", "county-bureau", "rangers", "marines"]
    for first, second in (("bureau", "county-bureau"), ("rangers", "marines")):
        each = found["stops"].sel(agency=first) + found["stops"].sel(agency=second)
        np.testing.assert_allclose(each, whole["stops"].sel(agency=first))
    with pytest.raises(AmnokError, match="several agencies have the role patrol"):
        border_network(scenario, "2030-05-20")


def guards_on(bank, left_out, **values):
    """A run of the small border without some mechanisms, its guards on a bank."""
    sets = {"agencies.river-watch.bank": bank, "period.end": "2030-06-15", **values}
    return amnok.run(tiny_without(left_out, sets), seed=4, replicates=1)


def test_guards_who_are_alone_do_the_same_on_either_bank():
    rest = [name for name in SECTIONS if name not in ("guards", "river")]
    inner, outer = (guards_on(bank, rest, **{"guards.collusion": 1}) for bank in ("inner", "outer"))
    for name in inner.data_vars:
        np.testing.assert_array_equal(outer[name], inner[name], err_msg=str(name))
    assert inner["guard_bribes"].sum() > 0
    assert (inner["agency_side"].item(), outer["agency_side"].item()) == ("up", "low")


def test_guards_take_in_whoever_is_on_their_bank():
    rest = [name for name in SECTIONS if name not in ("guards", "river")]
    for bank, here, there in (("inner", "up", "low"), ("outer", "low", "up")):
        run = guards_on(bank, rest, **{"guards.collusion": 0.7})
        by_size = run["arrests"].sum(["day", "sector", "agency"])
        held = run["people"].sel(status="detained").sum("day")
        assert by_size.sum() > 20
        assert held.sel(side=here).sum() > 0
        assert held.sel(side=there).sum() == 0


def test_exports_meet_guards_of_the_outer_bank_once_they_are_across():
    honest = {
        "guards.collusion": 0,
        "security_police.search_base": 0.5,
        "patrols.intercept_base": 0.5,
        "traders.sizes.dealer.customs_access": 0,
        **{f"traders.sizes.{size}.import_share": 0 for size in ("carrier", "dealer")},
    }
    stops = {
        bank: guards_on(bank, (), **honest)["stops"].sum(["day", "sector", "size"])
        for bank in ("inner", "outer")
    }
    assert (stops["inner"].sel(agency="rangers") == 0).all()
    assert (stops["outer"].sel(agency="rangers") == 0).all()
    assert (stops["inner"].sel(agency="bureau") == 0).all()
    assert (stops["outer"].sel(agency="bureau") > 0).all()


def test_customs_of_the_inner_bank_deal_with_the_sender():
    rest = ("security_police", "cameras")
    access = {"traders.sizes.carrier.customs_access": 0.5}
    sets = {"period.end": "2030-06-15", "agencies.toll-office.bank": "inner", **access}
    run = amnok.run(tiny_without(rest, sets), seed=4, replicates=1)
    roads = run["route_channel"].to_numpy() == "customs"
    came = run["attempts"].isel(route=roads).sum(["day", "route"])
    stopped = run["stops"].sel(agency="toll-office").sum(["day", "sector"])
    np.testing.assert_array_equal(stopped, came)
    assert came.min() > 0


def test_measures_know_the_bank():
    scenario = load(TINY, ["agencies.river-watch.bank=outer", "agencies.toll-office.bank=inner"])
    space = space_of(scenario)
    sides = dict(zip(space.labels["agency"], space.owners["side"]["agency"], strict=True))
    assert (sides["river-watch"], sides["bureau"], sides["toll-office"]) == ("low", "up", "up")


def test_some_roles_keep_to_their_bank():
    with pytest.raises(ScenarioError) as error:
        load(TINY, ["agencies.rangers.bank=inner"])
    (fault,) = error.value.faults
    assert fault.path == "agencies.rangers"
    assert "patrol stands on the outer bank; guard and customs can move" in fault.problem
    load(TINY, ["agencies.rangers.bank=outer"])


FAULTS: dict[str, tuple[dict[str, object], tuple[str, str, str]]] = {
    "overlap": (
        {"marines": ["ferry"], "rangers": ["ferry", "headwater", "old-mill"]},
        ("agencies.marines.sectors[0]", "'ferry' is served by 'rangers'", "name it once"),
    ),
    "nobody": (
        {"marines": ["ferry"], "rangers": ["old-mill"]},
        ("agencies.marines.sectors", "nobody has the role patrol in headwater", "serves the rest"),
    ),
    "both the rest": (
        {"marines": "all"},
        ("agencies.marines.role", "already that of 'rangers'", "say in `sectors`"),
    ),
    "no rest": (
        {"marines": ["ferry", "headwater", "old-mill"]},
        ("agencies.rangers.role", "no sector is left", "leave it out"),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_does_not_share_out_the_sectors_is_told(border, case):
    sectors, (path, problem, fix) = FAULTS[case]
    sets = (f"agencies.{name}.sectors={json.dumps(some)}" for name, some in sectors.items())
    with pytest.raises(ScenarioError) as error:
        border(*sets, roles=("patrol",))
    (fault,) = error.value.faults
    assert fault.path == path
    assert problem in fault.problem
    assert fix in fault.fix


def test_a_target_that_is_neither_agency_nor_role_is_told(border):
    with pytest.raises(ScenarioError) as error:
        border("orders.april_sweep.targets=[marine]")
    (fault,) = error.value.faults
    assert fault.path == "orders.april_sweep.targets[0]"
    assert fault.fix == "did you mean 'marines'?"
