"""Books filled with made-up numbers, so that these tests need no simulation."""

from pathlib import Path

import numpy as np
import pytest

from amnok.engine import Outcome, tally
from amnok.engine.state import fresh_state
from amnok.scenario import load
from amnok.world import build

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"


@pytest.fixture(scope="session")
def tiny():
    return load(TINY)


def made_up_books(world, seed):
    """Whole numbers in every table, and tips in no order."""
    numbers = np.random.default_rng(seed)
    books = tally.empty_books(world)
    for table in books[:-2]:
        table[:] = numbers.poisson(2.0, table.shape)
    n_days, n_tips = len(books.flow), min(len(books.tips), 400)
    tips = books.tips[:n_tips]
    tips[:, 0] = numbers.integers(0, n_days, n_tips)
    tips[:, 1] = tips[:, 0] + numbers.poisson(5.0, n_tips)
    tips[:, 2] = numbers.integers(0, len(world.sectors), n_tips)
    tips[:, 3] = numbers.integers(0, 2, n_tips)
    tips[:, 4] = numbers.integers(0, 2, n_tips)
    tips[:, 5] = (tips[:, 2] * 2 + tips[:, 3]) * world.n_sources
    tips[:, 5] += numbers.integers(0, world.n_sources, n_tips)
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
