"""A border small enough to be simulated in milliseconds, a few points of it, sweeps made up."""

from functools import partial

import pytest
from tests.paths import TINY

from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.studies.sweeps import Sweep
from amnok.studies.sweeps.design import grid
from amnok.studies.sweeps.folder import SweepFolder, write_parquet


@pytest.fixture(scope="session")
def small():
    tiny = with_values(load(TINY), {"traders.inner": 60.0, "traders.outer": 30.0})
    end = tiny.period.start.replace(month=4, day=20)
    return tiny.model_copy(update={"period": tiny.period.model_copy(update={"end": end})})


@pytest.fixture
def points():
    return grid({"quota.arrests": [0.0, 20.0, 200.0], "guards.penalty": [100.0, 60_000.0]})


@pytest.fixture
def saved_sweep(tmp_path):
    """`saved_sweep(points, rows, design)`: a sweep on disk with one batch, of these rows."""

    def save(points, rows, design=None):
        about = {"sobol": design, "batch": len(points)}
        made = SweepFolder(tmp_path / "sweep", about, points)
        made.store.add("batches/000000.parquet", partial(write_parquet, rows))
        made.store.close("complete")
        return Sweep(tmp_path / "sweep")

    return save
