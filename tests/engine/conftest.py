"""A way to step through a run day by day."""

import pytest

from amnok.engine.day import run_days
from amnok.engine.replicate import start


@pytest.fixture(scope="session")
def day_by_day():
    """Run a scenario a day at a time; yields (day row, the run under way)."""

    def days(scenario, seed=1, replicate=0):
        run = start(scenario, seed, replicate)
        for t in range(len(run.world.days)):
            run_days(run, t, t + 1, 0, len(run.world.blocks), True)
            yield t, run

    return days
