"""The reduced day: as written down plainly, the same however it is run, comparable between arms."""

import dataclasses
import math
import os
import pickle
import subprocess
import sys
from pathlib import Path

import border_day as reduced
import numpy as np
import pytest
from border_day import ReducedBorder, simulate, simulate_many
from border_draws import LANES, MOST_ROUTES, draw_luck, draw_words

from amnok.compiling import kernel
from amnok.decisions import ROUTE_DRAW
from amnok.draws import philox, replicate_key
from amnok.errors import ScenarioError
from amnok.mechanisms.patrols import PATROL_DRAW
from amnok.rules.distributions import probability
from amnok.rules.learning import personal_belief, wariness
from amnok.rules.routes import effort_on_route, route_utility
from amnok.scenario import load

SCENARIO = Path(__file__).parents[2] / "benchmarks" / "reduced" / "border"
VARIANTS = ("A", "B")
BORDER = ReducedBorder(
    costs=tuple(r / 100 for r in range(16)),
    margin=0.3,
    noise=0.1,
    detection=0.05,
    follow=0.8,
    learning_rate=0.1,
    first_belief=0.05,
    wariness=3.0,
    wariness_memory=30.0,
)


def changed(**values):
    return dataclasses.replace(BORDER, **values)


def assert_same(first, second):
    for name, one, other in zip(first._fields, first, second, strict=True):
        np.testing.assert_array_equal(one, other, err_msg=name)


# The border


def test_a_scenario_holds_the_numbers_of_the_reduced_day():
    border = ReducedBorder.from_scenario(load(SCENARIO))
    for field in dataclasses.fields(ReducedBorder):
        expected, found = getattr(BORDER, field.name), getattr(border, field.name)
        assert found == pytest.approx(expected, rel=1e-15), field.name


def test_a_border_that_has_no_reduced_day_is_refused(default_border):
    with pytest.raises(ScenarioError, match=r"no reduced day: .* routes, must be 1 to 16"):
        ReducedBorder.from_scenario(default_border)
    with pytest.raises(ScenarioError, match=r"noise 0\.01 is too small to weigh routes: 0\.0184"):
        ReducedBorder.from_scenario(load(SCENARIO, ["traders.choice_noise=0.01"]))


# Draws


@kernel
def words_of(words, first, day, key):
    draw_words(words, first, day, key)


@kernel
def luck_of(luck, first, day, key):
    draw_luck(luck, first, day, key)


@pytest.mark.parametrize("first", [0, 3 * LANES, 2**32 - LANES])
@pytest.mark.parametrize("day", [0, 70_000])
def test_draws_are_those_of_the_whole_engine(first, day):
    """Word for word `amnok.draws.philox`, whichever tile a person is in."""
    key = replicate_key(2**63 + 5, 3)
    words = np.empty(MOST_ROUTES * LANES, np.uint32)
    luck = np.empty(LANES, np.uint32)
    words_of(words, first, day, key)
    luck_of(luck, first, day, key)
    by_route = words.reshape(MOST_ROUTES, LANES)
    for lane in (0, 1, 31, 32, 77, 127):
        person = first + lane
        for route in range(MOST_ROUTES):
            block = philox(person, day, ROUTE_DRAW, route // 4, key.low, key.high)
            assert int(by_route[route, lane]) == int(block[route % 4])
        block = philox(32 * (person // 128) + person % 32, day, PATROL_DRAW, 0, key.low, key.high)
        assert int(luck[lane]) == int(block[person % 128 // 32])


# The day as written down


def uniform(word):
    return (int(word) + 0.5) / 2**32


def plain_loop(border, variant, n_agents, n_days, seed, replicate=0):
    """The reduced day person by person in double precision, by the rules of the whole model."""
    key, routes = replicate_key(seed, replicate), range(len(border.costs))
    belief = np.full((n_agents, len(routes)), border.first_belief)
    shared = np.full(len(routes), border.first_belief)
    wary = np.ones(n_agents)
    wealth = np.zeros(n_agents)
    trips = np.zeros((n_days, len(routes)), np.int64)
    detections = np.zeros_like(trips)
    fading = wariness(2.0, 1.0, border.wariness_memory) - 1.0
    for day in range(n_days):
        before = trips[day - 1] if day else np.zeros(len(routes))
        chance = [
            probability(
                border.detection
                * effort_on_route(1.0, border.follow, float(before[r]), float(before.mean()))
            )
            for r in routes
        ]
        for i in range(n_agents):
            words = [
                word
                for block in range(4)
                for word in philox(i, day, ROUTE_DRAW, block, key.low, key.high)
            ]
            clocks = []
            for r in routes:
                risk = belief[i, r] if variant == "A" else personal_belief(shared[r], wary[i])
                u = route_utility(border.margin, border.costs[r], risk, 1.0, border.noise)
                clocks.append(-math.log(uniform(words[r])) / math.exp(u))
            r = int(np.argmin(clocks))
            luck = philox(32 * (i // 128) + i % 32, day, PATROL_DRAW, 0, key.low, key.high)
            caught = uniform(luck[i % 128 // 32]) < chance[r]
            trips[day, r] += 1
            detections[day, r] += caught
            wealth[i] += (-1.0 if caught else border.margin) - border.costs[r]
            belief[i, r] += border.learning_rate * (caught - belief[i, r])
            wary[i] = border.wariness if caught else 1.0 + (wary[i] - 1.0) * fading
        for r in routes:
            if trips[day, r] > 0:
                seen = detections[day, r] / trips[day, r]
                shared[r] += border.learning_rate * (seen - shared[r])
    return trips, detections, wealth


HARSH = changed(detection=0.3, wariness=8.0, wariness_memory=4.0)
FEW = changed(costs=(0.1, 0.0, 0.25), follow=0.0, wariness_memory=0.0)


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("border", [BORDER, HARSH, FEW], ids=["usual", "harsh", "few"])
def test_a_plain_loop_gives_the_same(border, variant):
    """Choices agree wherever the first two clocks differ by 1e-5; here they do everywhere."""
    outcome = simulate(border, variant, n_agents=150, n_days=14, seed=4, replicate=2)
    trips, detections, wealth = plain_loop(border, variant, 150, 14, seed=4, replicate=2)
    assert detections.sum() > 50
    np.testing.assert_array_equal(outcome.trips, trips)
    np.testing.assert_array_equal(outcome.detections, detections)
    np.testing.assert_allclose(outcome.wealth, wealth, rtol=0, atol=1e-12)


def test_there_are_two_variants():
    with pytest.raises(ValueError, match="variant 'C', must be"):
        simulate(BORDER, "C", 10, 1, seed=1)  # type: ignore[arg-type]


def test_certain_detection_catches_all_and_none_catches_none():
    border = changed(detection=1.0, follow=0.0)
    caught = simulate(border, "B", 10_000, 3, seed=1)
    np.testing.assert_array_equal(caught.detections, caught.trips)
    free = simulate(changed(detection=0.0), "A", 10_000, 3, seed=1)
    assert free.detections.sum() == 0
    assert free.trips.sum(axis=1).tolist() == [10_000] * 3


@pytest.mark.parametrize("variant", VARIANTS)
def test_first_choices_follow_the_logit(variant):
    """Chi-square, 15 degrees of freedom, below 56: a false alarm for one seed in 10**6."""
    n = 1_000_000
    trips = simulate(BORDER, variant, n, 1, seed=11).trips[0]
    weight = np.exp(-np.array(BORDER.costs) / BORDER.noise)
    expected = n * weight / weight.sum()
    assert ((trips - expected) ** 2 / expected).sum() < 56.0


# However it is run


@pytest.mark.parametrize("variant", VARIANTS)
def test_threads_and_stretches_do_not_matter(variant, monkeypatch):
    alone = simulate(BORDER, variant, 1_500, 12, seed=7)
    for threads in (2, 3, 20):
        assert_same(alone, simulate(BORDER, variant, 1_500, 12, seed=7, threads=threads))
    monkeypatch.setattr(reduced, "_STRETCH", 7_000)
    assert_same(alone, simulate(BORDER, variant, 1_500, 12, seed=7))


@pytest.mark.parametrize("variant", VARIANTS)
def test_replicates_side_by_side_are_those_alone(variant):
    many = simulate_many(BORDER, variant, 700, 9, seed=3, replicates=5, threads=2)
    assert len(many) == 5
    for replicate, outcome in enumerate(many):
        assert_same(outcome, simulate(BORDER, variant, 700, 9, seed=3, replicate=replicate))
    assert not np.array_equal(many[0].wealth, many[1].wealth)
    assert not np.array_equal(many[0].wealth, simulate(BORDER, variant, 700, 9, seed=4).wealth)


def test_a_person_lives_the_same_in_any_company():
    """Where nobody's traffic moves a patrol, more people change nothing for those before."""
    border = changed(follow=0.0)
    many = simulate(border, "A", 1_000, 20, seed=2).wealth
    for n in (1, 127, 128, 129, 300):
        np.testing.assert_array_equal(simulate(border, "A", n, 20, seed=2).wealth, many[:n])


UNCOMPILED = """
import pickle, sys
from border_day import ReducedBorder, simulate
from amnok.scenario import load
border = ReducedBorder.from_scenario(load(sys.argv[1]))
outcomes = {v: tuple(simulate(border, v, 150, 4, seed=9, threads=2)) for v in "AB"}
sys.stdout.buffer.write(pickle.dumps(outcomes))
"""


def test_plain_python_gives_the_same_bits():
    result = subprocess.run(
        [sys.executable, "-c", UNCOMPILED, str(SCENARIO)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
    )
    border = ReducedBorder.from_scenario(load(SCENARIO))
    for variant, plain in pickle.loads(result.stdout).items():
        assert_same(simulate(border, variant, 150, 4, seed=9), plain)


# Arms that share their draws


def chosen(border, variant, n):
    """Each person's route on the first day, seen by what they paid; all costs differ."""
    border = dataclasses.replace(border, margin=0.0, detection=0.0)
    paid = -simulate(border, variant, n, 1, seed=6).wealth
    order = np.argsort(border.costs)
    return order[np.searchsorted(np.array(border.costs)[order], paid - 1e-9)]


def law(border):
    weight = np.exp(-np.array(border.costs) / border.noise)
    return weight / weight.sum()


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("extra", [0.0101, 1.0], ids=["a fifth riskier", "closed"])
def test_a_worse_route_moves_only_those_who_took_it(variant, extra):
    """As few as any method could move; their share within 4.5 standard errors (1 seed in 10**5)."""
    n, route = 200_000, 5
    worse = changed(costs=tuple(c + extra * (r == route) for r, c in enumerate(BORDER.costs)))
    before, after = chosen(BORDER, variant, n), chosen(worse, variant, n)
    moved = before != after
    assert np.all(before[moved] == route)
    least = np.abs(law(BORDER) - law(worse)).sum() / 2
    assert abs(moved.mean() - least) < 4.5 * math.sqrt(least / n)


def test_a_change_everywhere_moves_little_more_than_it_must():
    """Differences of cost up by a twentieth; independent draws would move more than nine in ten."""
    n = 200_000
    steeper = changed(costs=tuple(1.05 * c for c in BORDER.costs))
    moved = (chosen(BORDER, "A", n) != chosen(steeper, "A", n)).mean()
    least = np.abs(law(BORDER) - law(steeper)).sum() / 2
    assert 0.0 < least < moved < 2.0 * least
