"""The small border, for as many days as a test wants."""

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from amnok import run
from amnok.scenario import load

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"


@cache
def _of(days, replicates, seed):
    tiny = load(TINY)
    end = tiny.period.start + dt.timedelta(days=days - 1)
    scenario = tiny.model_copy(update={"period": tiny.period.model_copy(update={"end": end})})
    return scenario, run(scenario, seed=seed, replicates=replicates)


@pytest.fixture(scope="session")
def ran():
    """`ran(days, replicates, seed)`: a scenario and its run."""

    def ran(days=120, replicates=3, seed=6):
        return _of(days, replicates, seed)

    return ran
