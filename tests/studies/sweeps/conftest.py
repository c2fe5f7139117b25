"""A border small enough to be simulated in milliseconds, and a few points of it."""

import pytest
from tests.paths import TINY

from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.studies.sweeps.design import grid


@pytest.fixture(scope="session")
def small():
    tiny = with_values(load(TINY), {"traders.inner": 60.0, "traders.outer": 30.0})
    end = tiny.period.start.replace(month=4, day=20)
    return tiny.model_copy(update={"period": tiny.period.model_copy(update={"end": end})})


@pytest.fixture
def points():
    return grid({"quota.arrests": [0.0, 20.0, 200.0], "guards.penalty": [100.0, 60_000.0]})
