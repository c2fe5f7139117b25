"""Lotteries over allocations keep every target's chance and the number of resources."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.games.oracles import random_targets

from amnok.errors import AmnokError
from amnok.games.marginals import Allocations, allocations, check_allocations, draw_allocation
from amnok.games.security import SecurityGame

Coverage = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(Coverage)
def test_every_target_is_covered_as_often_as_planned(coverage):
    lottery = allocations(coverage)
    assert check_allocations(coverage, int(np.ceil(sum(coverage) + 1e-9)), lottery) < 1e-12
    assert len(lottery.covered) <= len(coverage) + 1


def test_thousand_plans_use_no_more_than_their_resources():
    random = np.random.default_rng(1)
    for index in range(1000):
        count = int(random.integers(1, 12))
        resources = int(random.integers(0, count + 1))
        game = SecurityGame(random_targets(random, count, whole=index % 2 > 0), resources)
        coverage = game.solve().coverage
        assert check_allocations(coverage, resources, allocations(coverage)) < 1e-12


@given(Coverage, st.floats(0, 1, exclude_max=True))
def test_a_draw_is_one_of_the_sets(coverage, u):
    drawn = draw_allocation(coverage, u)
    assert len(set(drawn.tolist())) == len(drawn)
    assert all(coverage[target] > 0 for target in drawn)
    assert len(drawn) <= np.ceil(sum(coverage) + 1e-9)


def test_draws_have_the_planned_shares():
    coverage = [0.9, 0.5, 0.35, 0.25]
    drawn = np.concatenate(
        [draw_allocation(coverage, u) for u in (np.arange(10_000) + 0.5) / 10_000]
    )
    assert (np.bincount(drawn) / 10_000).tolist() == pytest.approx(coverage, abs=2e-4)


def test_the_check_tells_of_wrong_lotteries():
    assert check_allocations([0.5, 0.5], 1, Allocations(np.ones(1), (np.array([0]),))) == 0.5
    both = Allocations(np.array([0.5, 0.5]), (np.array([0, 1]), np.array([], dtype=np.int64)))
    assert check_allocations([0.5, 0.5], 1, both) == 1.0
    with pytest.raises(AmnokError, match=r"covered\[0\]: names a target that is none"):
        check_allocations([0.5], 1, Allocations(np.ones(1), (np.array([7]),)))


@pytest.mark.parametrize("coverage", [[1.5], [-0.1], [float("nan")], []])
def test_coverage_that_is_refused(coverage):
    with pytest.raises(AmnokError, match="coverage"):
        allocations(coverage)
    with pytest.raises(AmnokError, match="coverage"):
        draw_allocation(coverage, 0.5)


def test_a_lottery_too_large_for_the_memory_is_refused():
    with pytest.raises(AmnokError, match="draw them one by one"):
        allocations(np.random.default_rng(1).uniform(0.2, 0.9, 100_000))
