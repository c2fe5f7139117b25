"""The border of a scenario as games."""

import datetime as dt

import numpy as np
import pytest
from tests.changed import border_with, change, parameter
from tests.paths import TINY

from amnok.errors import AmnokError
from amnok.games.bayesian import BayesianGame
from amnok.games.border_network import border_network, post_game, trader_types
from amnok.games.evader import EvaderGame
from amnok.mechanisms.patrols import Patrols, intercept_chance
from amnok.mechanisms.roles import PATROL, SECURITY
from amnok.mechanisms.security_police import SecurityPolice, search_chance
from amnok.scenario import load
from amnok.scenario.model import needed
from amnok.world.days import days
from amnok.world.places import route_names


@pytest.fixture(scope="module")
def river(default_border):
    return border_network(default_border, "2018-11-01", channels=["river"])


def test_every_route_is_an_arc(default_border):
    border = border_network(default_border, "2018-11-01")
    names = [border.arcs[arc] for arc in border.routes]
    assert names == route_names(default_border)
    assert set(border.network.heads[border.routes]) == {border.nodes.index("outer")}
    assert len(border.arcs) == len(border.network)


def test_chances_are_those_of_the_rules(default_border, river):
    patrols = needed(default_border, Patrols)
    kind = default_border.route_kinds["minor_river"]
    day = default_border.period.spin_up + (dt.date(2018, 11, 1) - default_border.period.start).days
    arc = river.arcs.index("manpo-upper")
    for effort in (0.5, 1, 30):
        chance = intercept_chance(
            patrols.intercept_base.number,
            patrols.intercept_boost.number,
            days(default_border)[day, 0]["intensity"][PATROL],
            effort,
            kind.patrol_exposure.number,
        )
        assert river.met(effort)[arc] == pytest.approx(chance)
    assert river.detection[arc] == river.met(len(river.routes))[arc]
    assert not river.detection[: river.routes[0]].any()


def test_where_patrols_wait_under_the_october_order(default_border, river):
    plan = EvaderGame(river.network, river.detection).solve()
    chances = dict(zip(river.arcs, plan.inspect, strict=True))
    # Less exposed routes take more waiting: 1/p.
    assert chances["hyesan-upper"] / chances["hyesan-main"] == pytest.approx(1 / 0.6)
    assert plan.value == pytest.approx(1 / (1 / river.detection[river.routes]).sum())
    before = border_network(default_border, "2018-09-15", channels=["river"])
    assert EvaderGame(before.network, before.detection).solve().value < plan.value / 4


def test_with_bridges_open_there_is_a_way_without_patrols(default_border):
    border = border_network(default_border, "2018-11-01")
    plan = EvaderGame(border.network, border.detection).solve()
    assert plan.value == 0.0
    assert all(border.arcs[way[-1]].endswith("-bridge") for way in plan.ways)


def test_searches_of_the_security_police(default_border):
    border = border_network(default_border, "2019-07-01", "security_police", ["river"])
    before = border_network(default_border, "2018-07-01", "security_police", ["river"])
    assert (border.rate[border.routes] > before.rate[before.routes]).all()
    police, kind = needed(default_border, SecurityPolice), default_border.route_kinds["minor_river"]
    t = default_border.period.spin_up + (dt.date(2019, 7, 1) - default_border.period.start).days
    chance = search_chance(
        police.search_base.number,
        police.search_boost.number,
        days(default_border)[t, 0]["intensity"][SECURITY],
        0.5,
        kind.search_exposure.number,
        1.0,
    )
    assert border.met(0.5)[border.arcs.index("manpo-upper")] == pytest.approx(chance)


def test_posts_shut_all_major_routes_or_none(river):
    few, enough = (post_game(river, posts).solve() for posts in (9, 10))
    assert few.value == pytest.approx(0.06)
    assert enough.value > 0.12
    assert {river.arcs[arc] for arc in enough.interdicted} == {
        name for name in river.arcs if name.endswith("-main")
    }


def test_traders_as_types(default_border, river):
    names, types, chances = trader_types(default_border, river, 3)
    assert names[:2] == ["pedlar", "pedlar, paying"]
    assert chances.sum() == pytest.approx(1.0)
    assert all(len(one) == len(river.routes) for one in types)
    losses = dict(zip(names, (one.attacker_loss.max() for one in types), strict=True))
    assert losses["pedlar"] > losses["pedlar, paying"] > losses["operator, paying"]
    plan = BayesianGame(types[:2], chances[:2] / chances[:2].sum(), 3).solve()
    assert plan.certificate.holds(1e-8)


def test_a_day_has_its_own_numbers_and_ways(tmp_path):
    """Where a change is in force it is as if the scenario had said so; what is shut is no way."""
    dear = change("patrols.intercept_base", factor=parameter(2, "ratio"))
    mud = change("route_kinds.*.crossing_cost", factor=parameter(3, "ratio"), sectors=["ferry"])
    shut = {
        "label": "The bridges are shut",
        "start": parameter("2030-04-20", "date"),
        "strength": parameter(1, "probability", 0),
        "channels": ["customs"],
    }
    dated = border_with(tmp_path, changes={"dear": dear, "mud": mud}, closures={"shut": shut})
    usual = border_network(dated, "2030-04-09")
    then, later = border_network(dated, "2030-04-10"), border_network(dated, "2030-04-20")
    base = needed(dated, Patrols).intercept_base.number
    doubled = load(TINY, [f"patrols.intercept_base={2 * base}"])
    assert (then.rate == border_network(doubled, "2030-04-10").rate).all()
    assert (then.rate > usual.rate)[then.routes].any()
    ferry = [name in dated.sectors["ferry"].routes for name in then.arcs]
    assert (then.cost == np.where(ferry, 3, 1) * usual.cost).all()
    kinds = [one.routes.items() for one in dated.sectors.values()]
    bridges = {
        name for few in kinds for name, kind in few if dated.route_kinds[kind].channel == "customs"
    }
    assert bridges
    assert set(then.arcs) - set(later.arcs) == bridges


def test_ways_of_one_direction(tmp_path):
    """What is shut to exports alone is still a way for imports, and traders are of the goods."""
    shut = {
        "label": "Nothing goes out by the bridges",
        "start": parameter("2030-04-20", "date"),
        "strength": parameter(1, "probability", 0),
        "channels": ["customs"],
        "direction": "export",
    }
    dated = border_with(tmp_path, closures={"shut": shut})
    names = {
        way: {*border_network(dated, "2030-04-20", direction=way).arcs}
        for way in ("export", "import", "both")
    }
    assert names["export"] < names["import"] == names["both"]
    for way in ("export", "import"):
        border = border_network(dated, "2030-04-20", direction=way)
        _, types, chances = trader_types(dated, border, 3)
        (markup,) = {one.markup.number for one in dated.goods.values() if one.direction == way}
        gains = border.cost[border.routes] + types[0].attacker_uncovered
        assert gains == pytest.approx(markup - 1.0)
        assert chances.sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("2017-01-01",), "lies outside the period"),
        (("soon",), "'soon' is not a date"),
        (("2018-11-01", "patrols"), "no agency is called 'patrols'"),
        (("2018-11-01", "patrol", ["road"]), "no channel is called 'road'"),
        (("2018-11-01", "patrol", []), "no route of these channels"),
        (("2018-11-01", "patrol", ["river"], "in"), "no direction is called 'in'"),
    ],
)
def test_what_is_refused(default_border, arguments, told):
    with pytest.raises(AmnokError, match=told):
        border_network(default_border, *arguments)


def test_posts_that_are_refused(default_border, river):
    for posts in (0, -1):
        with pytest.raises(AmnokError, match="posts"):
            post_game(river, posts)
    with pytest.raises(AmnokError, match="posts"):
        trader_types(default_border, river, 0)
