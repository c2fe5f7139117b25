"""Settings and runs that tests share."""

import datetime as dt
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

import amnok

# The first example of a property pays for compilation: a deadline would call that a failure.
# CI repeats the same examples, so that a red build points at the change and not at the draw.
settings.register_profile("amnok", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("amnok")

TINY = Path(__file__).parent / "scenarios" / "tiny-border"


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
