"""The same bits on any number of threads; arms share every draw that a lever does not touch."""

import datetime as dt
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from amnok.engine import Stopped, simulate
from amnok.engine.tally import FLOW
from amnok.scenario import load

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"


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
    first = simulate(tiny(), seed=1)
    assert_same(first, simulate(tiny(), seed=1))
    for other in (simulate(tiny(), seed=2), simulate(tiny(), seed=1, replicate=1)):
        assert not np.array_equal(first.books.flow, other.books.flow)


def test_arms_are_the_same_until_the_lever_acts(default_border):
    off = load("sino-korean-border", ["chinese_crackdown=off"])
    order = default_border.orders["cn_october"].start.date
    before = (order - default_border.period.start).days
    with_order, without = simulate(default_border, 1).books, simulate(off, 1).books
    np.testing.assert_array_equal(with_order.flow[:before], without.flow[:before])
    assert not np.array_equal(with_order.flow[before:], without.flow[before:])


def test_a_longer_period_keeps_the_days_it_shares(tiny):
    scenario = tiny()
    shorter = scenario.period.end - dt.timedelta(days=30)
    whole, part = simulate(scenario, 1), simulate(tiny(period__end=shorter.isoformat()), 1)
    days = part.books.flow.shape[0]
    np.testing.assert_array_equal(whole.books.flow[:days], part.books.flow)


def test_a_caller_can_stop_a_run(tiny):
    with pytest.raises(Stopped):
        simulate(tiny(), 1, on_days=lambda days: False)


UNCOMPILED = """
import pickle, sys
from amnok.engine import simulate
from amnok.scenario import load
scenario = load(sys.argv[1], sys.argv[2:])
outcome = simulate(scenario, 5)
sys.stdout.buffer.write(pickle.dumps({n: v for n, v in outcome.books._asdict().items()}))
"""


def test_plain_python_gives_the_same_run(tiny):
    """Every kernel also runs uncompiled, with the same draws and the same events."""
    sets = ["traders.inner=40", "traders.outer=20", "period.spin_up=10", "period.end=2030-04-10"]
    result = subprocess.run(
        [sys.executable, "-c", UNCOMPILED, str(TINY), *sets],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        check=True,
    )
    plain = pickle.loads(result.stdout)
    compiled = simulate(tiny(**dict(pair.split("=") for pair in sets)), 5).books
    assert compiled.flow[..., FLOW.index("attempts")].sum() > 50
    for name, table in plain.items():
        np.testing.assert_allclose(getattr(compiled, name), table, rtol=1e-9, atol=1e-9)
