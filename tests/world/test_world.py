"""The world is what the scenario says: head counts, partners, river, orders, seasons."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.changed import border_with, parameter
from tests.paths import TINY

from amnok.engine import simulate
from amnok.engine.state import fresh_state
from amnok.engine.tally import empty_tally
from amnok.mechanisms.quota import Quota
from amnok.mechanisms.roles import PATROL, POLICE, SECURITY
from amnok.scenario import load
from amnok.scenario.model import needed
from amnok.world import build, labels
from amnok.world.people import apportion
from amnok.world.places import INNER, OUTER
from amnok.world.rates import rates

IMPORTED = [f"traders.sizes.{name}.import_share" for name in ("carrier", "dealer")]


@pytest.fixture(scope="module")
def world(default_border):
    return build(default_border, seed=1)[0]


def row(scenario, date):
    return scenario.period.spin_up + (dt.date.fromisoformat(date) - scenario.period.start).days


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.floats(0, 1e3), min_size=1, max_size=30),
)
def test_apportioned_parts_add_up_and_are_fair(total, weights):
    weights = np.array(weights)
    parts = apportion(total, weights)
    assert parts.sum() == total
    assert (parts >= 0).all()
    if weights.sum() > 0:
        assert np.abs(parts - total * weights / weights.sum()).max() < 1 + 1e-6


def test_everyone_is_there_and_partners_are_near(default_border, world):
    inner, outer = default_border.traders.inner.number, default_border.traders.outer.number
    assert len(world.traits) == inner + outer
    traits, n_inner = world.traits, int(inner)
    for field in ("partner", "second"):
        partners = traits[field][:n_inner]
        assert (partners >= n_inner).all()
        assert (traits[field][n_inner:] == -1).all()
        np.testing.assert_array_equal(traits["sector"][partners], traits["sector"][:n_inner])
        np.testing.assert_array_equal(
            traits["size_class"][partners], traits["size_class"][:n_inner]
        )


def test_blocks_hold_their_own_people_and_partners(world):
    for block in world.blocks:
        inner = slice(block.inner_first, block.inner_last)
        outer = range(block.outer_first, block.outer_last)
        assert (world.traits["sector"][inner] == block.sector).all()
        partners = world.traits["partner"][inner]
        assert partners.min() >= outer.start
        assert partners.max() < outer.stop


def test_goods_are_dealt_in_only_where_they_are_traded(default_border, world):
    seafood = list(default_border.goods).index("seafood")
    dealers = world.traits["sector"][world.traits["export_goods"] == seafood]
    allowed = [
        list(default_border.sectors).index(name) for name in default_border.goods["seafood"].sectors
    ]
    assert set(dealers) == set(allowed)


def test_people_are_the_same_whatever_the_period(default_border):
    longer = load("sino-korean-border", ["period.end=2020-03-31"])
    first, second = build(default_border, 5, 3)[0], build(longer, 5, 3)[0]
    np.testing.assert_array_equal(first.traits, second.traits)
    np.testing.assert_array_equal(first.water, second.water[: len(first.water)])


def test_orders_act_from_their_date_on_their_targets(default_border, world):
    before, after = row(default_border, "2018-09-20"), row(default_border, "2018-12-15")
    assert world.days.intensity[before].max() == 0
    assert world.days.intensity[after, 0, POLICE] > 0.8
    assert world.days.intensity[after, 0, PATROL] > 0.8
    assert world.days.intensity[after, 0, SECURITY] == 0
    assert world.days.intensity[row(default_border, "2019-08-15"), 0, SECURITY] > 0.9


def test_halt_on_election_days(default_border, world):
    election = row(default_border, "2019-07-20")
    assert (world.days.halt[election : election + 2] > 0.9).all()
    assert world.days.halt[election - 1].max() == world.days.halt[election + 2].max() == 0


def test_rain_of_july_2019_is_no_flood_but_august_2018_is(default_border, world):
    hyesan = list(default_border.sectors).index("hyesan")
    flood = default_border.route_kinds["major_river"].flood_stage.number
    july, before = row(default_border, "2019-07-12"), row(default_border, "2019-07-05")
    assert world.water.stage[july, hyesan] > world.water.stage[before, hyesan] + 0.1
    assert world.water.stage[july, hyesan] < flood
    assert world.water.stage[row(default_border, "2018-08-29"), hyesan] > flood


def test_the_river_freezes_in_january_only_where_and_when_said(default_border, world):
    assert world.water.frozen[row(default_border, "2019-01-15")].all()
    assert not world.water.frozen[row(default_border, "2019-07-15")].any()


def test_what_crosses_is_shared_out_once(world):
    np.testing.assert_allclose(world.feeds.sum(axis=1), 1.0)


def test_inner_towns_share_what_goes_out_and_what_comes_in(tmp_path):
    """A town that exports are bought in feels how many they are, though no sector trades there."""
    half, tenth = (parameter(share, "share", 0) for share in (0.5, 0.1))
    capital = {"feeds": {"vellmouth": half}, "fed_by": {"vellmouth": tenth}}
    scenario = border_with(tmp_path, markets={"capital": capital})
    feeds = build(scenario, 1)[0].feeds
    there = list(scenario.markets).index("vellmouth"), list(scenario.markets).index("capital")
    for way, share in ((0, 0.5), (1, 0.1)):
        np.testing.assert_allclose(feeds[way][:, there[0]][list(there)], [1 - share, share])
        np.testing.assert_allclose(feeds[way][there[1], there[1]], 1.0)
    honey = list(scenario.goods).index("honey")  # goes out
    alone, feeding = (
        simulate(one, 2).books.prices["price"][:, INNER, honey, there[1]]
        for one in (load(TINY), scenario)
    )
    assert np.ptp(alone) == 0.0 < np.ptp(feeding)


def test_labels_fit_the_arrays(default_border, world):
    names = labels(default_border)
    assert len(names.routes) == len(world.routes) == len(names.route_sector)
    assert len(names.sectors) == len(world.sectors)
    assert len(names.dates) == len(world.days) - world.spin_up


def test_no_field_hides_behind_an_attribute_of_every_record(world):
    """`record.size` would be NumPy's own in plain Python and our field when compiled."""
    taken = set(dir(np.zeros(1, dtype=[("x", np.int8)]).view(np.recarray)[0])) - {"x"}
    tables = [*world, *fresh_state(world), *empty_tally(world, 1)]
    for table in tables:
        if isinstance(table, np.recarray):
            assert not taken & set(table.dtype.names)


def test_what_sets_a_person_apart_for_the_police_lasts(default_border, world):
    spread = needed(default_border, Quota).search_noise.number
    logs = np.log(world.traits["found_at"])
    assert abs(logs.std() / spread - 1.0) < 0.1
    assert abs(np.median(logs)) < 0.1


def test_senders_bring_partners_what_they_ship(default_border, world):
    """All that partners are offered in a month is what senders with a partner ship in 30 days."""
    sizes = list(default_border.traders.sizes.values())
    sender = world.traits[world.traits["partner"] >= 0]
    monthly = np.array([30.0 * one.shipping_rate.number * one.items.number for one in sizes])
    assert (sender["export_goods"] >= 0).all()
    assert (sender["import_goods"] >= 0).all()
    shipped = monthly[sender["size_class"]].sum()
    taken = (world.offered * world.traders[OUTER][:, :, None]).sum()
    assert taken == pytest.approx(shipped, rel=1e-9)


@pytest.mark.parametrize(("share", "mirrored"), [(0.8, 0.2), (0.0, 1.0)])
def test_loads_are_told_in_usual_ones_of_the_direction_that_leaks(share, mirrored):
    """Guards who let imports pass answer for imports: what goes out says nothing of them."""
    turned = ["goods.honey.direction=import", "goods.lamps.direction=export"]
    usual = [
        float(rates(load(TINY, [*sets, *(f"{path}={one}" for path in IMPORTED)]))[0].usual_load)
        for sets, one in (([], share), (turned, mirrored))
    ]
    assert usual[0] == pytest.approx(usual[1])
    assert usual[0] > 1
