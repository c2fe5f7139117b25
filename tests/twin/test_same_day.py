"""The engine tells the same day as the reference: every event, balance, belief, price and tip."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import twin
from tests.absent import WAYS, tiny_without
from tests.paths import TINY

from amnok.counts import measurable
from amnok.engine import tally
from amnok.mechanisms.reporting import TIP
from amnok.mechanisms.roles import ROLES
from amnok.scenario import load
from amnok.scenario.shape import shape_at
from amnok.variables import BOOKED, EVENTS, REPORTED, TALLIED

# A short spring into which every order, halt and flood of the small invented border falls, with
# chances that bring about in weeks and among few what takes months and many.
BUSY = {
    "traders.inner": 80,
    "traders.outer": 40,
    "period.start": "2030-03-20",
    "period.end": "2030-04-27",
    "period.spin_up": 12,
    "orders.paper_hunt.start": "2030-03-24",
    "orders.april_sweep.start": "2030-04-01",
    "calendar.halts.spring_vote.start": "2030-04-12",
    "river.events.may_rain.start": "2030-04-20",
    "river.events.may_rain.height": 3,
    "traders.sizes.carrier.shipping_rate": 0.5,
    "traders.sizes.dealer.shipping_rate": 0.5,
    "traders.sizes.carrier.customs_access": 0.5,
    "goods.honey.leak_rate": 0.02,
    "security_police.search_base": 0.05,
    "security_police.watch_base": 0.01,
    "security_police.leak_days": 4,
    "guards.liability_usual": 0.5,
    "guards.penalty": 3000,
    "patrols.intercept_base": 0.05,
    "phones.calls_noticed": 0.2,
    "phones.question_base": 0.3,
    "quota.arrests": 200,
    "quota.prison_share": 0.2,
    "customs.stop_base": 0.2,
    "customs.laxity": 0.2,
    "reporting.sources": 100,
    "reporting.reach": 8,
    "reporting.courage": 0.6,
    "reporting.fear": 0.5,
    "reporting.call_traced": 0.3,
}

# Ways in which that spring can differ, each of them a mechanism at its most or its least.
SPRINGS = {
    "busy": {},
    "partners who refuse": {
        "learning.prior_arrest": 0.02,
        "traders.sizes.carrier.arrest_loss": 4000,
        "traders.sizes.dealer.arrest_loss": 60000,
    },
    "careless": {"goods.honey.leak_rate": 0.3, "self_inspection.effectiveness": 0},
    "strict guards": {
        "goods.honey.leak_rate": 0.3,
        "goods.lamps.leak_rate": 0.1,
        "guards.liability_usual": 1,
        "guards.strict_factor": 8,
        "security_police.search_base": 0.3,
        "security_police.leak_days": 1,
    },
    "no noise": {"traders.choice_noise": 0, "learning.personal_spread": 0},
    "by sea": {
        "route_kinds.path.channel": "sea",
        "traders.sizes.carrier.sea_access": 0.5,
        "customs.open_share": 0.4,
    },
    "over land and by air": {
        "route_kinds.path.channel": "land",
        "route_kinds.toll_road.channel": "air",
        "traders.sizes.carrier.air_access": 0.5,
        "traders.sizes.dealer.air_access": 0.6,
    },
    "effort follows finds": {"agencies.bureau.follow": 1, "agencies.rangers.follow": 1},
    "planned": {
        "agencies.bureau.allocation": "stackelberg",
        "agencies.rangers.allocation": "quantal",
        "cameras.allocation": "stackelberg",
    },
    "protected": {
        "traders.sizes.carrier.protection_access": 1,
        "traders.sizes.carrier.protection_fee": 1,
        "traders.sizes.dealer.protection_fee": 1,
        "protection.effect": 1,
        "quota.highest_cost": 1e6,
    },
    "no memory": {
        "learning.memory": 0,
        "learning.wariness_memory": 0,
        "prices.smoothing": 0,
        "learning.prior_weight": 0,
    },
    "few partners": {"traders.outer": 5, "traders.sizes.carrier.capacity": 3.5},
    "all quiet": {"quiet": "on", "security_police.search_base": 0, "quota.arrests": 0},
    "from the first of a month": {"period.spin_up": 47},
    "unsure of protection": {
        "learning.personal_spread": 2,
        "learning.prior_arrest": 0.01,
        "traders.sizes.carrier.protection_access": 1,
        "traders.sizes.carrier.protection_fee": 700,
        "traders.sizes.dealer.protection_fee": 7000,
        "traders.sizes.dealer.arrest_loss": 8000,
        "period.spin_up": 47,
    },
    "short terms": {
        "phones.known_days": 4,
        "phones.lie_low_days": 1,
        "security_police.scrutiny_days": 5,
        "guards.strict_days": 2,
        "reporting.silent_days": 2,
    },
    "guards under orders": {
        "orders.paper_hunt.targets": "[bureau, river-watch]",
        "guards.liability_campaign": 1,
        "goods.honey.leak_rate": 0.3,
    },
    "guards who do not deal": {"guards.collusion": 0.6},
    "guards for nothing": {"guards.effort": 0, "guards.penalty": 0, "guards.bargaining_share": 0},
    "all as dear as the police will pay": {"quota.search_noise": 0, "quota.highest_cost": 1},
    "a sweep that ends": {
        "orders.april_sweep.end": "{value: 2030-04-12, unit: date, source: assumption, "
        "prior: {uniform: [2030-04-11, 2030-04-13]}}",
        "agencies.constabulary.inertia": 0,
        "quota.arrests": 600,
        "quota.boost": 10,
    },
    "a flood on the ice": {
        "sectors.headwater.thaw": 200,
        "sectors.old-mill.thaw": 200,
        "river.events.may_rain.height": 5,
    },
    "next to nothing": {"traders.sizes.carrier.items": 0.3, "traders.sizes.dealer.items": 0},
    "all there is": {
        "traders.sizes.dealer.items": 1e6,
        "traders.sizes.dealer.items_spread": 5,
        "route_kinds.ford.bulk": 1e6,
        "reporting.delay": 36_500,
        "reporting.slowdown": 1e6,
    },
}


def busy(values):
    return load(TINY, {**BUSY, **values})


def happened(outcome):
    """How often (in money: how much) everything happened that the books count, rounded up."""
    books = outcome.books
    seen: Counter[str] = Counter()
    for table in TALLIED:
        for name in () if table == EVENTS else getattr(books, table.name).dtype.names:
            seen[f"{table.name}: {name}"] += math.ceil(getattr(books, table.name)[name].sum())
    for event in books.events.dtype.names:
        for role, total in zip(ROLES, books.events[event].sum(axis=(0, 1, 3)), strict=True):
            seen[f"{role}: {event}"] += math.ceil(total)
    for kind in books.tips[: books.tip_count[0], TIP.index("kind")]:
        seen[f"tip: {REPORTED[kind]}"] += 1
    seen["effort that moved"] += int((tally.plain(books.efforts) != 1.0).sum())
    seen["prices that moved"] += int((books.prices != books.prices[:1]).sum())
    return seen


# What officials of a role never do in the model. Guards take bribes, refuse, or bring people in.
NEVER = {
    f"guard: {event}" for event in ("let_go", "questionings", "imprisonments", "investigations")
}
NEVER |= {f"{role}: investigations" for role in ("patrol", "police", "customs")}
NEVER |= {f"security_police: {event}" for event in ("let_go", "questionings")}
NEVER |= {f"police: {what}_seized" for what in ("items", "value")}
NEVER |= {f"customs: {what}" for what in ("let_go", "questionings", "arrests", "imprisonments")}
TIPS = {f"tip: {kind}" for kind in REPORTED}


@pytest.mark.slow
def test_springs_in_which_everything_happens(run_both):
    seen: Counter[str] = Counter()
    for seed, (name, values) in enumerate(SPRINGS.items()):
        try:
            seen.update(happened(run_both(busy(values), seed, replicate=seed % 3)))
        except AssertionError as error:
            error.add_note(f"spring: {name}")
            raise
    small = busy({})
    lacking = {one.name for one in measurable().values() if not small.has(*one.needs)}
    lacking.add("away")  # a status of those who left the trade, which nobody does here
    counted = {name: n for name, n in seen.items() if name.partition(": ")[2] not in lacking}
    assert {name for name, total in counted.items() if total == 0} == NEVER
    assert seen.keys() >= TIPS


PROBABILITY = st.floats(0.0, 1.0)
SOME = st.one_of(st.just(0.0), st.floats(0.0, 0.2), st.just(1.0))
SETTINGS = {
    "traders.inner": st.integers(0, 80),
    "traders.outer": st.integers(0, 60),
    "traders.choice_noise": st.floats(0.0, 2.0),
    "traders.route_dissimilarity": PROBABILITY,
    "traders.return_share": PROBABILITY,
    "traders.sizes.carrier.shipping_rate": PROBABILITY,
    "traders.sizes.dealer.capacity": st.sampled_from([0, 0.5, 1, 2, 7]),
    "traders.sizes.carrier.import_share": SOME,
    "traders.sizes.carrier.exemption": SOME,
    "traders.sizes.carrier.release_payment": st.sampled_from([0, 100, 1e6]),
    "goods.honey.leak_rate": SOME,
    "goods.lamps.leak_rate": SOME,
    "goods.honey.sectors": st.sampled_from(["[ferry]", "all"]),
    "goods.lamps.sanctioned": st.booleans(),
    "route_kinds.path.channel": st.sampled_from(["river", "customs", "sea", "land", "air"]),
    "route_kinds.path.bulk": st.floats(0.0, 20.0),
    "self_inspection.effectiveness": PROBABILITY,
    "self_inspection.spot_check": st.floats(0.0, 20.0),
    "security_police.search_base": SOME,
    "security_police.search_boost": SOME,
    "security_police.detain_contraband": SOME,
    "security_police.scrutiny_days": st.sampled_from([0, 3.5, 400]),
    "guards.liability_usual": SOME,
    "guards.penalty": st.sampled_from([0, 3000, 1e6]),
    "guards.strict_factor": st.floats(0.0, 20.0),
    "patrols.intercept_base": SOME,
    "patrols.arrest_share": PROBABILITY,
    "phones.monitoring_base": PROBABILITY,
    "phones.calls_noticed": SOME,
    "phones.lie_low_days": st.sampled_from([0, 1.5, 30]),
    "protection.effect": PROBABILITY,
    "quota.arrests": st.sampled_from([0, 40, 1000]),
    "quota.late_push": PROBABILITY,
    "quota.search_noise": st.floats(0.0, 3.0),
    "customs.open_share": PROBABILITY,
    "learning.memory": st.floats(0.0, 100.0),
    "learning.wariness_memory": st.floats(0.0, 100.0),
    "learning.salience": st.floats(0.0, 30.0),
    "prices.smoothing": st.floats(0.0, 30.0),
    "calendar.halts.spring_vote.strength": SOME,
    "river.events.may_rain.height": st.floats(0.0, 5.0),
    "reporting.sources": st.floats(0.0, 300.0),
    "reporting.reach": st.floats(0.0, 60.0),
    "agencies.bureau.follow": PROBABILITY,
    "agencies.rangers.allocation": st.sampled_from(["fixed", "follow_finds"]),
    "period.spin_up": st.integers(10, 20),
    "sweep": st.sampled_from(["on", "off"]),
    "paper_hunt": st.sampled_from(["on", "off"]),
}
SEEDS = st.integers(0, 2**64 - 1)


@pytest.mark.slow
@settings(max_examples=30)
@given(values=st.fixed_dictionaries({}, optional=SETTINGS), seed=SEEDS)
def test_random_borders(run_both, values, seed):
    run_both(busy(values), seed)


# Set together with others by other tests, or too costly at their most.
NOT_ALONE = ("traders.inner", "traders.outer", "reporting.sources", "share_", "freeze", "thaw")


@st.composite
def extremes(draw, scenario):
    """Up to six parameters of a border, each at anything that its unit allows."""
    paths = [path for path, _ in scenario.parameters() if not any(n in path for n in NOT_ALONE)]
    units = {path: shape_at(tuple(path.split("."))).unit for path in paths}
    ranges = {p: (unit.low, unit.high) for p, unit in units.items() if unit and unit.name != "date"}
    chosen = draw(st.lists(st.sampled_from(sorted(ranges)), min_size=1, max_size=6, unique=True))
    values = {}
    for path in chosen:
        low, high = ranges[path]
        anything = st.sampled_from([low, high]), st.floats(low, high)
        values[path] = draw(st.one_of(*anything, st.floats(low, min(low + 1.0, high))))
    return values


@pytest.mark.slow
@settings(max_examples=30)
@given(data=st.data(), seed=SEEDS)
def test_any_parameter_at_anything_its_unit_allows(run_both, data, seed):
    values = data.draw(extremes(busy({})))
    run_both(busy(values), seed)


@pytest.mark.parametrize(("inner", "outer"), [(0, 0), (0, 9), (9, 0), (1, 1), (30, 1), (1, 30)])
def test_few_or_no_traders(run_both, inner, outer):
    outcome = run_both(busy({"traders.inner": inner, "traders.outer": outer}), seed=4)
    assert len(outcome.world.traits) == inner + outer


@pytest.mark.slow
def test_a_partner_with_room_for_hundreds(run_both):
    rates = {"learning.prior_arrest": 0, "phones.calls_noticed": 0, "patrols.intercept_base": 0}
    many = {f"traders.sizes.{size}.capacity": 300 for size in ("carrier", "dealer")}
    ready = {f"traders.sizes.{size}.shipping_rate": 1 for size in ("carrier", "dealer")}
    days = {"period.spin_up": 10, "period.start": "2030-04-01", "period.end": "2030-04-05"}
    people = {"traders.inner": 2000, "traders.outer": 3}
    outcome = run_both(busy({**rates, **many, **ready, **people, **days}), seed=8)
    assert happened(outcome)["flow: attempts"] > 5 * 3 * 100  # a hundred a day and partner


@pytest.mark.slow
def test_a_sector_of_several_blocks(run_both):
    """Blocks are the engine's own affair; several thousand senders in a sector make up three."""
    weights = {
        f"sectors.{name}.weight_{side}": float(name == "headwater")
        for name in ("headwater", "old-mill", "ferry")
        for side in ("inner", "outer")
    }
    size = {"traders.inner": 4500, "traders.outer": 1500}
    size |= {f"traders.sizes.{name}.arrest_loss": 0 for name in ("carrier", "dealer")}
    days = {"period.spin_up": 10, "period.start": "2030-04-01", "period.end": "2030-04-02"}
    outcome = run_both(busy({**weights, **size, **days}), seed=5, threads=2)
    assert np.bincount(outcome.world.blocks["sector"]).max() == 3
    assert happened(outcome)["flow: attempts"] > 500


@pytest.mark.slow
def test_a_cut_of_the_built_in_border(run_both):
    """Ten sectors, three sizes, nine goods and every channel, through the autumn of the orders."""
    sets = [
        "traders.inner=150",
        "traders.outer=70",
        "period.start=2018-09-15",
        "period.end=2018-12-15",
        "period.spin_up=30",
    ]
    seen = happened(run_both(load("sino-korean-border", sets), seed=6))
    assert seen["flow: attempts"] > 200


def test_fewer_days_are_the_first_of_all():
    scenario = busy({})
    whole = twin.simulate(scenario, seed=7).books
    for days, booked in ((0, 0), (12, 0), (20, 8), (1000, len(whole.flow))):
        part = twin.simulate(scenario, seed=7, days=days).books
        assert len(part.flow) == booked
        for table in BOOKED:
            found, expected = getattr(part, table.name), getattr(whole, table.name)
            np.testing.assert_array_equal(found, expected[:booked])
        np.testing.assert_array_equal(part.tips, whole.tips[whole.tips[:, 0] < booked])


@pytest.mark.parametrize("left_out", WAYS.values(), ids=WAYS)
def test_a_border_may_leave_out_mechanisms(run_both, left_out):
    run_both(tiny_without(left_out, BUSY), seed=3)
