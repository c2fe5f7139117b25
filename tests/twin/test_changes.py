"""The engine tells the same days as the reference where numbers change within the period."""

import datetime as dt

import numpy as np
import pytest
from tests.changed import border_with, change, parameter
from tests.paths import TINY, TINY_MORE
from tests.twin.test_same_day import BUSY

from amnok.mechanisms.roles import GUARD, PATROL
from amnok.quantity import Parameter
from amnok.scenario import load
from amnok.scenario.changes import why_fixed
from amnok.world import labels


def changing(tmp_path, changes):
    """The busy spring of the small border, with changes."""
    return border_with(
        tmp_path, [f"{path}={value}" for path, value in BUSY.items()], changes=changes
    )


def times(path, factor, start, **others):
    return change(path, start, factor=parameter(factor, "ratio"), **others)


def changeable(scenario):
    """Paths of the numbers that can change."""
    return [
        path
        for path, one in scenario.parameters()
        if isinstance(one, Parameter) and one.unit != "date"
        if not why_fixed(path)
    ]


def test_all_numbers_that_can_change_do(tmp_path, run_both):
    paths = changeable(load(TINY))
    numbers = np.random.default_rng(5)
    changes = {}
    for n, start in enumerate(("2030-03-12", "2030-04-03", "2030-04-15")):
        some = list(numbers.choice(paths, len(paths) // 3, replace=False))
        changes[f"some-{n}"] = times(some, float(numbers.uniform(0.6, 1.6)), start)
    outcome = run_both(changing(tmp_path, changes), seed=3)
    assert outcome.books.flow["crossings"].sum() > 100


def test_a_change_that_creeps_in_and_ends_in_a_sector(tmp_path, run_both):
    ramp, end = parameter(9, "days"), parameter("2030-04-20", "date")
    fords = times(
        "route_kinds.*.crossing_cost", 8, "2030-03-25", ramp=ramp, end=end, sectors=["ferry"]
    )
    dear = times("traders.sizes.*.shipping_rate", 0.4, "2030-04-02", ramp=ramp)
    outcome = run_both(changing(tmp_path, {"fords": fords, "dear": dear}), seed=4, threads=2)
    assert outcome.books.flow["crossings"].sum() > 100


@pytest.mark.parametrize("replicate", [0, 2])
def test_a_plan_of_effort_stands_while_numbers_change(tmp_path, run_both, replicate):
    changes = {"more": times(["cameras.usual_level", "sectors.*.cameras"], 0.2, "2030-04-02")}
    scenario = changing(tmp_path, changes)
    scenario = load(
        scenario, ["cameras.allocation=stackelberg", "agencies.bureau.allocation=quantal"]
    )
    run_both(scenario, seed=5, replicate=replicate)


def closure(start, **others):
    return {"label": "shut", "start": parameter(start, "date"), **others}


def test_ways_are_shut(tmp_path, run_both):
    closures = {
        "roads": closure(
            "2030-03-24", channels=["customs"], strength=parameter(1, "probability", 0)
        ),
        "ferry": closure(
            "2030-04-05",
            kinds=["ford"],
            sectors=["ferry", "old-mill"],
            strength=parameter(0.7, "probability", 0, 1),
            ramp=parameter(6, "days"),
            end=parameter("2030-04-22", "date"),
        ),
    }
    duty = change(
        "customs.open_share", "2030-03-21", sectors=["ferry"], factor=parameter(0.5, "ratio")
    )
    values = [f"{path}={value}" for path, value in BUSY.items()]
    scenario = border_with(tmp_path, values, closures=closures, changes={"duty": duty})
    outcome = run_both(scenario, seed=6)
    shut = np.array([channel == "customs" for channel in labels(scenario).route_channel])
    attempts = outcome.books.flow["attempts"].sum(axis=2)
    assert attempts[:4, shut].sum() > 0
    assert attempts[4:, shut].sum() == 0
    assert attempts[4:, ~shut].sum() > 100


@pytest.mark.parametrize(("stopped", "passed"), [("export", "import"), ("import", "export")])
def test_what_stops_goods_of_one_direction(tmp_path, run_both, stopped, passed):
    some = parameter(0.6, "probability", 0, 1)
    closures = {
        "fords": closure("2030-03-24", direction=stopped, channels=["river"], strength=some),
        "roads": closure("2030-03-28", direction=passed, channels=["customs"], strength=some),
        "all": closure("2030-04-10", direction=stopped, strength=parameter(1, "probability", 0)),
    }
    halt = {
        "calendar.halts.spring_vote.direction": passed,
        "calendar.halts.spring_vote.strength": 0.6,
    }
    values = [f"{path}={value}" for path, value in (BUSY | halt).items()]
    dear = times("goods.*.markup", 1.2, "2030-04-02", direction=passed)
    scenario = border_with(tmp_path, values, closures=closures, changes={"dear": dear})
    outcome = run_both(scenario, seed=7)
    goods = [one.direction == stopped for one in scenario.goods.values()]
    shut_since = (dt.date(2030, 4, 10) - scenario.period.start).days
    sent = outcome.books.goods["goods_items_attempted"].sum(axis=1)
    assert sent[:shut_since, goods].sum() > 0
    assert sent[shut_since:, goods].sum() == 0
    assert sent[shut_since:, np.logical_not(goods)].sum() > 0


def test_what_is_dated_holds_in_some_sectors(run_both):
    """Orders of every role, cameras, a halt and a campaign, each in sectors of its own."""
    where = {
        "orders.april_sweep.sectors": "[ferry]",
        "orders.paper_hunt.sectors": "[headwater, old-mill]",
        "orders.paper_hunt.targets": "[bureau, river-watch]",
        "orders.more_cameras.sectors": "[old-mill]",
        "calendar.halts.spring_vote.sectors": "[headwater]",
        "calendar.halts.spring_vote.strength": 0.6,
        "targeting.campaigns.big_fish.sectors": "[ferry]",
        "targeting.case_rate": 900,
        "phones.calls_noticed": 0.6,
        "quota.boost": 5,
        "quota.arrests": 300,
    }
    planned = {"agencies.rangers.allocation": "quantal"}
    sets = [f"{path}={value}" for path, value in (BUSY | where | planned).items()]
    outcome = run_both(load(TINY_MORE, sets), seed=8)
    kept_home = outcome.books.sector["kept_home"].sum(axis=0)
    cases = outcome.books.events["cases"].sum(axis=(0, 2, 3))
    assert kept_home[0] > 0
    assert cases[2] > 0
    assert kept_home[1:].sum() == cases[:2].sum() == 0
    assert outcome.world.days.shape[1] == 3


def test_agencies_of_a_role_share_out_the_sectors(tmp_path, run_both):
    """Each follows orders and its finds in its own way, or keeps to a plan."""
    chasing = {"allocation": "follow_finds", "follow": parameter(0.9, "share", 0, 1)}
    agencies = {
        "marines": {"label": "Marines", "role": "patrol", "sectors": ["ferry"], **chasing},
        "county-bureau": {
            "label": "County bureau",
            "role": "security_police",
            "sectors": ["headwater"],
            "inertia": parameter(3, "days"),
            "allocation": "quantal",
        },
        "gendarmes": {"label": "Gendarmes", "role": "guard", "sectors": ["old-mill", "ferry"]},
    }
    orders = {
        "april_sweep": {"targets": ["marines", "police"]},
        "paper_hunt": {"targets": ["gendarmes", "security_police"]},
    }
    values = BUSY | {"guards.liability_campaign": 1, "goods.honey.leak_rate": 0.3}
    sets = [f"{path}={value}" for path, value in values.items()]
    outcome = run_both(border_with(tmp_path, sets, agencies=agencies, orders=orders), seed=9)
    days = outcome.world.days
    assert days.shape[1] == 3
    assert outcome.world.follow[:, PATROL].tolist() == [0.3, 0.3, 0.9]
    assert days["intensity"][-1, :, PATROL].tolist()[:2] == [0.0, 0.0]
    assert days["intensity"][-1, 2, PATROL] > 0.5


def test_guards_and_customs_on_the_other_bank(tmp_path, run_both):
    """Everywhere, or in one sector of them."""
    values = BUSY | {
        "agencies.toll-office.bank": "inner",
        "guards.collusion": 0.6,
        "goods.honey.leak_rate": 0.3,
        "guards.liability_usual": 1,
        "customs.stop_base": 0.3,
    }
    sets = [f"{path}={value}" for path, value in values.items()]
    gendarmes = {"label": "Gendarmes", "role": "guard", "sectors": ["ferry"], "bank": "outer"}
    some = border_with(tmp_path, sets, agencies={"gendarmes": gendarmes})
    outcome = run_both(some, seed=10)
    assert outcome.books.events["arrests"][:, :, GUARD].sum() > 0
    assert outcome.world.days["bank"][0, :, GUARD].tolist() == [0, 1]
    run_both(load(TINY_MORE, [*sets, "agencies.river-watch.bank=outer"]), seed=10)


def test_orders_that_lower_leave_nothing_below_zero(tmp_path, run_both):
    lowered = {f"orders.{name}.lowers": "true" for name in ("paper_hunt", "april_sweep")}
    strong = {f"orders.{name}.intensity": 10 for name in ("paper_hunt", "april_sweep")}
    targets = {"orders.paper_hunt.targets": "[bureau, river-watch, cameras, rangers]"}
    campaign = {"guards.liability_campaign": 1, "goods.honey.leak_rate": 0.3, "quota.boost": 10}
    values = BUSY | lowered | strong | targets | campaign
    sets = [f"{path}={value}" for path, value in values.items()]
    outcome = run_both(border_with(tmp_path, sets), seed=3)
    assert outcome.world.days["intensity"].min() < -5
    assert outcome.world.days["camera_level"].min() == 0
    late = outcome.books.flow[-10:]
    assert late["crossings"].sum() > 50
    assert late["searches"].sum() == 0
