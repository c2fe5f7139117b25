"""Scenarios and a way to step through a run day by day."""

import pytest
from tests.paths import TINY

from amnok.engine.day import run_days
from amnok.engine.run import start
from amnok.scenario import load


@pytest.fixture(scope="session")
def tiny():
    """The small invented border, with any values set."""

    def make(**values):
        return load(TINY, [f"{path.replace('__', '.')}={value}" for path, value in values.items()])

    return make


@pytest.fixture(scope="session")
def day_by_day():
    """Run a scenario a day at a time; yields (day row, the run under way)."""

    def days(scenario, seed=1, replicate=0):
        run = start(scenario, seed, replicate)
        for t in range(len(run.world.days)):
            run_days(run, t, t + 1, 0, len(run.world.blocks), True)
            yield t, run

    return days
