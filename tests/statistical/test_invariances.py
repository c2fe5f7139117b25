"""What does not change a border does not change what happens there, for each of its people.

Each rewriting is simulated with people and draws of its own, six replicates, and held against the
border as it is. Means of five measures may differ by 3% and by 5 standard errors of the difference:
by chance alone a measure does so for fewer than 1 in 1,000 seeds (t with 10 degrees of freedom,
two-sided), and one of the 43 for fewer than 5 in 100. The 3% are for what is no error: fewer people
see fewer events, and what people do is not linear in what they believe. Seeds are fixed.
"""

import functools

import numpy as np
import pytest
from tests.absent import more
from tests.rewritten import (
    each_size_twice,
    kind_doubled,
    lists_turned,
    people_times,
    rewritten,
    sectors_split,
)

from amnok.engine import simulate
from amnok.scenario import load
from amnok.world.places import CUSTOMS

pytestmark = pytest.mark.statistical

SCENARIO = "sino-korean-border"
REPLICATES = 6
SAME = {
    "twice the people": (people_times(2.0),),
    "half the people": (people_times(0.5),),
    "sectors split in two": (sectors_split,),
    "sizes told apart": (each_size_twice,),
    "lists in another order": (lists_turned("sectors", "goods", "traders.sizes"),),
}


def measures(scenario, seed):
    """Beliefs as the mean sender holds them, and what happens for each trader."""
    outcome = simulate(scenario, seed)
    books, world = outcome.books, outcome.world
    flow, people = books.flow, len(world.traits)
    attempts = flow["attempts"].sum(axis=0)
    by_sector = np.array(
        [attempts[world.routes["sector"] == s].sum(0) for s in range(len(world.sectors))]
    )
    searched = books.search_beliefs["belief_search"].mean(axis=0)
    lost = books.loss_beliefs["belief_loss"].mean(axis=0)
    return {
        "belief in searches": np.average(searched, weights=by_sector),
        "belief in losses": np.average(lost, weights=attempts),
        "trips": attempts.sum() / people,
        "value across": flow["value_crossed"].sum() / people,
        "arrests": books.events["arrests"].sum() / people,
        "in the trade": 1.0 - books.people["away"].sum() / len(books.people) / people,
    }


@functools.cache
def base(name):
    return runs(load(name), 0)


def runs(scenario, first):
    found = [measures(scenario, 7_000 + first + n) for n in range(REPLICATES)]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


# Where word travels and people leave and enter, distance is in sectors: halves are twice as far.
ADAPTIVE = "sino-korean-adaptive"
HALVES = ["word_of_mouth.reach=4", "word_of_mouth.delay=1.5"]
SAME_THERE = {
    "twice the people": ((people_times(2.0),), []),
    "half the people": ((people_times(0.5),), []),
    "sectors split in two": ((sectors_split,), HALVES),
}


@pytest.mark.parametrize(("changes", "sets"), SAME_THERE.values(), ids=SAME_THERE)
def test_so_it_is_where_people_hear_leave_and_enter(changes, sets):
    assert_alike(runs(rewritten(load(ADAPTIVE, sets), *changes), 100), base(ADAPTIVE))


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_for_each_trader_all_is_as_before(changes):
    assert_alike(runs(rewritten(load(SCENARIO), *changes), 100), base(SCENARIO))


def assert_alike(other, border):
    for name, values in other.items():
        difference = values.mean() - border[name].mean()
        error = np.sqrt((values.var(ddof=1) + border[name].var(ddof=1)) / len(values))
        assert abs(difference) < 0.03 * border[name].mean() + 5.0 * error, name


# Leaks are found all the time, and nothing but them brings an inspection.
INSPECTED = [
    "traders.inner=4000",
    "traders.outer=2000",
    "goods.honey.leak_rate=0.1",
    "security_police.search_base=0.05",
    "oversight.inspection_chance=0.03",
    "oversight.inspections.spring_audit.days=0",
    "oversight.inspections.clean_hands.days=0",
]


def days_inspected(scenario, first):
    found = [simulate(scenario, 7_000 + first + n) for n in range(12)]
    days = [one.books.sector["inspection_days"].mean() for one in found]
    return {"days under inspection": np.array(days)}


@pytest.mark.parametrize("change", [people_times(0.125), people_times(4.0), sectors_split])
def test_inspections_do_not_follow_head_counts(change):
    """Means of twelve replicates each, told apart as above (t with 22 degrees of freedom: a false
    alarm in fewer than 1 of 10,000 seeds, each). When each leak brought an inspection with one
    chance, whoever found it where, four times the people had four times the days.
    """
    border = more("oversight", sets=INSPECTED)
    assert_alike(days_inspected(rewritten(border, change), 100), days_inspected(border, 0))


def customs_value(scenario, seed):
    outcome = simulate(scenario, seed)
    at_customs = outcome.world.routes["channel"] == CUSTOMS
    return outcome.books.flow["value_crossed"][:, at_customs].sum()


def test_routes_written_twice_take_what_the_dissimilarity_says():
    """The minor routes twice: the less they differ, the less they take from the bridges.

    The loss at 0.1 is less than half of that at 1, by more than 5 standard errors of six paired
    replicates: for equal losses a false alarm in fewer than 1 of 200 seeds (t with 5 degrees).
    """
    lost = {}
    for dissimilarity in (0.1, 1.0):
        border = load(SCENARIO, [f"traders.route_dissimilarity={dissimilarity}"])
        twice = rewritten(border, kind_doubled("minor_river"))
        lost[dissimilarity] = np.array(
            [1.0 - customs_value(twice, seed) / customs_value(border, seed) for seed in range(6)]
        )
    gap = 0.5 * lost[1.0] - lost[0.1]
    assert gap.mean() > 5.0 * gap.std(ddof=1) / np.sqrt(len(gap))
