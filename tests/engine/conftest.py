"""Scenarios and a way to step through a run day by day."""

from pathlib import Path

import pytest

from amnok.engine.day import advance
from amnok.engine.run import _start
from amnok.scenario import load

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"


@pytest.fixture(scope="session")
def tiny():
    """The small invented border, with any values set."""

    def make(**values):
        return load(TINY, [f"{path.replace('__', '.')}={value}" for path, value in values.items()])

    return make


@pytest.fixture(scope="session")
def default_border():
    return load("sino-korean-border")


@pytest.fixture(scope="session")
def day_by_day():
    """Run a scenario a day at a time; yields (day row, the run under way)."""

    def days(scenario, seed=1, replicate=0):
        run = _start(scenario, seed, replicate)
        for t in range(len(run.world.days)):
            advance(
                run.world,
                run.state,
                run.tally,
                run.tally_sums,
                run.today,
                run.today_sums,
                run.books,
                run.key,
                t,
                t + 1,
            )
            yield t, run

    return days
