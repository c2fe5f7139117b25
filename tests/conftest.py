"""Settings and runs that tests share."""

import datetime as dt
import os
from functools import cache

import numpy as np
import pytest
from hypothesis import settings
from tests.paths import TINY

import amnok
from amnok.engine import Outcome, tally
from amnok.engine.state import fresh_state
from amnok.world import build

# The first example of a property pays for compilation: a deadline would call that a failure.
# CI repeats the same examples, so that a red build points at the change and not at the draw.
settings.register_profile("amnok", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("amnok")


@pytest.fixture(scope="session")
def tiny():
    """The small invented border of tests/scenarios."""
    return amnok.load(TINY)


@pytest.fixture(scope="session")
def tiny_text():
    """Its file, to change and break."""
    return (TINY / "scenario.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def default_border():
    return amnok.load("sino-korean-border")


@cache
def _of(days, replicates, seed):
    tiny = amnok.load(TINY)
    end = tiny.period.start + dt.timedelta(days=days - 1)
    scenario = tiny.model_copy(update={"period": tiny.period.model_copy(update={"end": end})})
    return scenario, amnok.run(scenario, seed=seed, replicates=replicates)


@pytest.fixture(scope="session")
def ran():
    """`ran(days, replicates, seed)`: the small border for so many days, and its run."""

    def ran(days=120, replicates=3, seed=6):
        return _of(days, replicates, seed)

    return ran


def made_up_books(world, seed):
    """Whole numbers in every table, and tips in no order."""
    numbers = np.random.default_rng(seed)
    books = tally.empty_books(world)
    for records in books[:-2]:
        table = tally.plain(records)
        table[:] = numbers.poisson(2.0, table.shape)
    n_days, n_tips = len(books.flow), min(len(books.tips), 400)
    tips = books.tips[:n_tips]
    tips[:, 0] = numbers.integers(0, n_days, n_tips)
    tips[:, 1] = tips[:, 0] + numbers.poisson(5.0, n_tips)
    tips[:, 2] = numbers.integers(0, len(world.sectors), n_tips)
    tips[:, 3] = numbers.integers(0, 2, n_tips)
    tips[:, 4] = numbers.integers(0, 2, n_tips)
    tips[:, 5] = numbers.integers(0, world.sources[-1], n_tips)
    tips[:, 6] = numbers.integers(0, 2, n_tips)
    books.tip_count[0] = n_tips
    return books


@pytest.fixture(scope="session")
def made_up_outcome(tiny):
    """A function that makes an outcome of the small border with made-up books."""

    def make(replicate=0, seed=1):
        world, _ = build(tiny, seed, replicate)
        books = made_up_books(world, (seed, replicate))
        return Outcome(replicate, world, fresh_state(world), books)

    return make
