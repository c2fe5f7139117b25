"""The same bits on any number of threads; arms share every draw that a lever does not touch."""

import datetime as dt
import os
import pickle
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from tests.paths import TINY

from amnok.engine import Stopped, simulate
from amnok.engine.day import run_days
from amnok.engine.replicate import Outcome, start
from amnok.scenario import load


def assert_same(first, second):
    for name in first.books._fields:
        np.testing.assert_array_equal(getattr(first.books, name), getattr(second.books, name))
    for name in first.state._fields:
        np.testing.assert_array_equal(getattr(first.state, name), getattr(second.state, name))


def test_threads_do_not_matter(default_border):
    alone = simulate(default_border, seed=7, replicate=2)
    assert_same(alone, simulate(default_border, seed=7, replicate=2, threads=2))
    assert_same(alone, simulate(default_border, seed=7, replicate=2, threads=5))


def test_seed_and_replicate_matter(tiny):
    first = simulate(tiny, seed=1)
    assert_same(first, simulate(tiny, seed=1))
    for other in (simulate(tiny, seed=2), simulate(tiny, seed=1, replicate=1)):
        assert not np.array_equal(first.books.flow, other.books.flow)


def test_arms_are_the_same_until_the_lever_acts(default_border):
    off = load("sino-korean-border", ["chinese_crackdown=off"])
    order = default_border.orders["cn_october"].start.date
    before = (order - default_border.period.start).days
    with_order, without = simulate(default_border, 1).books, simulate(off, 1).books
    np.testing.assert_array_equal(with_order.flow[:before], without.flow[:before])
    assert not np.array_equal(with_order.flow[before:], without.flow[before:])


def test_a_longer_period_keeps_the_days_it_shares(tiny):
    shorter = tiny.period.end - dt.timedelta(days=30)
    whole, part = simulate(tiny, 1), simulate(load(TINY, {"period.end": shorter}), 1)
    days = part.books.flow.shape[0]
    np.testing.assert_array_equal(whole.books.flow[:days], part.books.flow)


def test_a_caller_can_stop_a_run(tiny):
    with pytest.raises(Stopped):
        simulate(tiny, 1, on_days=lambda days: False)


@pytest.mark.slow
@pytest.mark.parametrize("edges", [(0, 1, 5, 6, 13), (0, 12, 13), (0, 7, 7, 13)])
def test_how_blocks_are_spread_does_not_matter(default_border, edges):
    """Any stretches of blocks, run in any order, leave the same people and the same counts."""

    def days(edges, order):
        run = start(default_border, seed=3, replicate=0)
        assert len(run.world.blocks) == edges[-1]
        for t in range(40):
            for first, last in list(pairwise(edges))[::order]:
                run_days(run, t, t + 1, first, last, False)
            run_days(run, t, t + 1, 0, 0, True)
        return Outcome(0, run.world, run.state, run.books)

    assert_same(days((0, 13), 1), days(edges, -1))


UNCOMPILED = """
import pickle, sys
from amnok.engine import blocks, crossing, foresight, lanes, meetings, planning
tile, room, vector = (int(sys.argv.pop(1)) for _ in range(3))
lanes.TILE = blocks.TILE = tile
lanes.VECTOR = blocks.VECTOR = vector
lanes._TILE_WORDS, lanes._LANE_WORDS = 4 * tile, 4 * room
for module in (lanes, blocks, crossing, foresight, meetings, planning):
    module.LANES = room
from amnok.engine import simulate
from amnok.scenario import load
scenario = load(sys.argv[1], sys.argv[2:])
outcome = simulate(scenario, 5)
sys.stdout.buffer.write(pickle.dumps({n: v for n, v in outcome.books._asdict().items()}))
"""


@pytest.mark.slow
@pytest.mark.parametrize("widths", [(128, 272, 16), (3, 9, 2)])
def test_plain_python_gives_the_same_run(widths):
    """Every kernel also runs uncompiled, with any length of tile, and gives the same bits."""
    sets = ["traders.inner=40", "traders.outer=20", "period.spin_up=10", "period.end=2030-04-10"]
    result = subprocess.run(
        [sys.executable, "-c", UNCOMPILED, *map(str, widths), str(TINY), *sets],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
    )
    plain = pickle.loads(result.stdout)
    compiled = simulate(load(TINY, sets), 5).books
    assert compiled.flow["attempts"].sum() > 50
    for name, table in plain.items():
        found = getattr(compiled, name)
        for field in table.dtype.names or (...,):
            np.testing.assert_allclose(found[field], table[field], rtol=1e-13, err_msg=name)
