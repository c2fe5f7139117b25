"""Plans of agencies and of cameras: solved, adding up, and where the payoffs point."""

import numpy as np
import pytest
from tests.mechanisms.test_tolls import border as taxed
from tests.mechanisms.test_tolls import taker
from tests.paths import TINY

from amnok.allocation.deterrence import gained
from amnok.errors import ScenarioError
from amnok.mechanisms.roles import SECURITY
from amnok.mechanisms.security_police import SecurityPolice
from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.world import build
from amnok.world.build import planned
from amnok.world.plans import CAMERA_PLAN, PATROL_PLAN, POLICE_PLAN, sector_games

ALL = ("agencies.mss.allocation", "agencies.border_defence.allocation", "cameras.allocation")
ALLOCATIONS = ("stackelberg", "quantal")


def border(allocation, **values):
    sets = [f"{path}={allocation}" for path in ALL]
    sets += [f"{path.replace('__', '.')}={value}" for path, value in values.items()]
    return load("sino-korean-border", sets)


def planned_tiny(values):
    paths = ("agencies.bureau.allocation", "agencies.rangers.allocation", "cameras.allocation")
    return load(TINY, {**dict.fromkeys(paths, "stackelberg"), **values})


@pytest.mark.parametrize("allocation", ALLOCATIONS)
def test_effort_has_mean_one_in_each_sector(allocation):
    world, _ = build(border(allocation), seed=1)
    assert len(world.plan) > 5
    assert (world.plan >= 0.0).all()
    for sector in world.sectors:
        here = world.plan[:, sector.first_route : sector.last_route]
        assert here.mean(axis=1) == pytest.approx(np.ones((len(world.plan), 2)))
    assert (np.abs(world.plan - 1.0) > 0.1).any()


def test_without_a_plan_all_is_as_before():
    world, _ = build(load("sino-korean-border"), seed=1)
    assert (world.plan == 1.0).all()
    assert len(world.plan) == 1
    assert (world.days.plan == 0).all()


@pytest.mark.parametrize("allocation", ALLOCATIONS)
@pytest.mark.parametrize("planner", [POLICE_PLAN, PATROL_PLAN, CAMERA_PLAN])
def test_certificates_hold(allocation, planner):
    scenario = border(allocation)
    days, routes, _ = planned(scenario)
    for t in (0, len(days) - 1):
        for game in sector_games(scenario, routes, days[t : t + 1], planner, allocation):
            plan = game.solve()
            assert game.check(plan).holds()
            even = np.minimum(game.most, game.resources / len(game.most))
            assert plan.value <= gained(game, even) + 1e-12 * game.scale()


def test_a_plan_follows_orders_month_by_month():
    scenario = border("stackelberg")
    days, _, plan = planned(scenario)
    assert days.shape[1] == 1
    changes = np.flatnonzero(np.diff(days["plan"][:, 0]))
    assert days["month_start"][changes + 1].all()
    period = days[scenario.period.spin_up :]
    assert (days["plan"][:24] == days["plan"][0]).all()  # no order before 27 March
    assert (period["plan"][-1] != period["plan"][0]).all()
    assert not np.array_equal(plan[period["plan"][0]], plan[period["plan"][-1]])


def test_a_route_where_more_is_to_be_gained_gets_no_less():
    # Two minor routes of one kind, one of them made cheaper: the plan looks there first.
    usual = planned_tiny({"patrols.intercept_base": 0.1})
    _, routes, plan = planned(usual)
    kinds = usual.route_kinds
    for sector in build(usual, 1)[0].sectors:
        here = slice(int(sector.first_route), int(sector.last_route))
        alike = routes[here]
        for one in range(len(alike)):
            for other in range(len(alike)):
                same = all(
                    alike[name][one] == alike[name][other]
                    for name in ("channel", "patrol_exposure", "search_exposure", "bulk")
                )
                if same and alike.crossing_cost[one] < alike.crossing_cost[other]:
                    efforts = plan[:, here]
                    assert (efforts[:, one] >= efforts[:, other] - 1e-9).all()
    cheaper = next(iter(kinds))
    path = f"route_kinds.{cheaper}.crossing_cost"
    _, routes, cheap = planned(planned_tiny({"patrols.intercept_base": 0.1, path: 0.0}))
    _, _, dear = planned(planned_tiny({"patrols.intercept_base": 0.1, path: 0.4}))
    names = [kind for part in usual.sectors.values() for kind in part.routes.values()]
    of_kind = np.array([name == cheaper for name in names])
    assert cheap[0, of_kind].sum() >= dear[0, of_kind].sum() - 1e-9


@pytest.mark.parametrize("allocation", ALLOCATIONS)
def test_cameras_are_moved_and_none_is_lost(allocation):
    scenario = border(allocation, route_kinds__minor_river__fixed_cameras=0.3)
    before = planned(load("sino-korean-border", ["route_kinds.minor_river.fixed_cameras=0.3"]))[1]
    _, after, _ = planned(scenario)
    world, _ = build(scenario, 1)
    for kind in ("fixed_cameras", "rotating_cameras"):
        assert (after[kind] <= 1.0).all()
        for sector in world.sectors:
            here = slice(int(sector.first_route), int(sector.last_route))
            assert after[kind][here].sum() == pytest.approx(before[kind][here].sum())
    assert not np.array_equal(after.fixed_cameras, before.fixed_cameras)


EXTREMES = (
    {"security_police.search_base": 0, "security_police.search_boost": 0},
    {"patrols.intercept_base": 1, "security_police.search_base": 1},
    {"goods.medicinal_plants.value": 0, "goods.grain.value": 0},
    {"traders.choice_noise": 0},
    {"traders.sizes.pedlar.items": 0, "guards.bargaining_share": 1},
    {"guards.penalty": 1e6, "security_police.leak_loss_campaign": 1e6},
    {"route_kinds.minor_river.fixed_cameras": 1, "route_kinds.bridge.fixed_cameras": 1},
    {"traders.sizes.pedlar.shipping_rate": 0, "traders.sizes.merchant.shipping_rate": 0},
)


@pytest.mark.parametrize("allocation", ALLOCATIONS)
@pytest.mark.parametrize("values", EXTREMES)
def test_plans_stand_extreme_numbers(allocation, values):
    named = {path.replace(".", "__"): value for path, value in values.items()}
    world, _ = build(border(allocation, **named), seed=1)
    assert np.isfinite(world.plan).all()
    assert (world.plan >= 0.0).all()
    for sector in world.sectors:
        here = world.plan[:, sector.first_route : sector.last_route]
        assert here.mean(axis=1) == pytest.approx(np.ones((len(world.plan), 2)))


def test_plans_are_the_same_each_time():
    first, second = (planned(border("quantal"))[2] for _ in range(2))
    assert first.tobytes() == second.tobytes()


def test_only_some_agencies_plan():
    with pytest.raises(ScenarioError, match="only security_police and patrol spread effort"):
        load("sino-korean-border", ["agencies.mps.allocation=stackelberg"])
    with pytest.raises(ScenarioError, match="stackelberg"):
        load("sino-korean-border", ["agencies.mss.allocation=origami"])
    with pytest.raises(ScenarioError, match="quantal"):
        load("sino-korean-border", ["cameras.allocation=follow_finds"])


def test_police_meet_everybody_at_one_over_their_chance():
    """By hand, where cameras call for nobody: a chance that grows with effort is 1 there."""
    sets = {"security_police__search_base": 0.7, "security_police__flag_factor": 1.0}
    scenario = border("stackelberg", **sets)
    days, routes, _ = planned(scenario)
    police = scenario.section(SecurityPolice)
    games = sector_games(scenario, routes, days[:1], POLICE_PLAN, "stackelberg")
    looked_at = 0
    for sector, game in enumerate(games):
        exposure = routes["search_exposure"][routes["sector"] == sector]
        hard = float(days["intensity"][0, 0, SECURITY])
        chance = (0.7 + police.search_boost.number * hard) * exposure
        within = 1.0 / chance < game.resources
        np.testing.assert_allclose(game.most[within], 1.0 / chance[within], rtol=1e-9)
        looked_at += int(within.sum())
    assert looked_at > 0


NEAR, FAR = 0.06, 0.3  # mean tolls on the inner bank and on the outer one, of the goods' worth
PLAIN = {"carriers.share": 0.0, "orders.sweep.intensity": 0.0, "guards.collusion": 1.0}


def tolled(allocation, inner=NEAR, outer=FAR):
    """Riders who plan, where both banks are taxed on the trails only."""
    takers = {
        bank: taker(bank, presence=0.5, share=2 * share, channels=["land"])
        for bank, share in (("inner", inner), ("outer", outer))
    }
    scenario = taxed(takers)
    agencies = dict(scenario.agencies)
    agencies["riders"] = agencies["riders"].model_copy(update={"allocation": allocation})
    return with_values(scenario, PLAIN).model_copy(update={"agencies": agencies})


def test_what_plans_go_by_where_passage_is_taxed():
    """By hand: tolls of both banks are paid by whoever arrives; whoever is met by patrols loses
    the goods and what they would have earned, and is spared the toll of the far bank."""
    scenario = tolled("stackelberg")
    days, routes, _ = planned(scenario)
    west = sector_games(scenario, routes, days[:1], PATROL_PLAN, "stackelberg")[1]  # trail, air
    gain, loss, met = np.zeros(2), np.zeros(2), 0.03
    for share, markup, beyond in ((0.6, 3.0, FAR), (0.4, 2.0, NEAR)):  # fuel out, flour in
        own = (1 - 0.4) * (markup - 1)
        gain += share * (own - np.array([0.1 + NEAR + FAR + 0.05, 0.3]))
        loss += share * met * (1 + own - np.array([beyond, 0.0]))
    can_fly = np.isfinite(west.gains[:, 1])
    assert set(can_fly) == {True, False}
    np.testing.assert_allclose(west.gains[can_fly], [gain] * sum(can_fly))
    np.testing.assert_allclose(west.gains[:, 0], gain[0])
    np.testing.assert_allclose(west.losses, [loss] * len(can_fly))


UNSEARCHED = {"security_police.search_base": 0.0, "security_police.search_boost": 0.0}


@pytest.mark.parametrize(
    "scenario",
    [
        border("stackelberg"),
        planned_tiny({"patrols.intercept_base": 0.1}),
        load("reported-mechanisms", ["traders.inner=100", "traders.outer=100"]),
    ],
    ids=["default", "tiny", "reported"],
)
def test_the_police_reckon_with_the_patrols_as_the_patrols_do(scenario):
    """Where the police search nobody and all goods pay, what patrols leave is the same for both."""
    paying = {f"goods.{name}.markup": 6.0 for name in scenario.goods}
    scenario = with_values(scenario, UNSEARCHED | paying)
    days, routes, _ = planned(scenario)
    when = days[len(days) // 2][None]
    of_police, of_patrols = (
        sector_games(scenario, routes, when, planner, "stackelberg")
        for planner in (POLICE_PLAN, PATROL_PLAN)
    )
    for police, patrols in zip(of_police, of_patrols, strict=True):
        can_go = np.isfinite(police.gains)
        assert (police.losses == 0.0).all()
        assert patrols.losses[can_go].max() > 0.001
        left = patrols.gains[can_go] - patrols.losses[can_go]
        np.testing.assert_allclose(left, police.gains[can_go], rtol=0, atol=1e-12)


@pytest.mark.parametrize("allocation", ALLOCATIONS)
def test_a_plan_leaves_the_way_that_tolls_have_emptied(allocation):
    efforts = []
    for share in (0.0, 0.3):
        scenario = tolled(allocation, inner=share, outer=share)
        days, routes, plan = planned(scenario)
        for game in sector_games(scenario, routes, days[:1], PATROL_PLAN, allocation):
            assert game.check(game.solve()).holds()
        efforts.append(plan[0, routes["sector"] == 1, 1])
    trail, _ = efforts[1] - efforts[0]
    assert trail < -0.1
