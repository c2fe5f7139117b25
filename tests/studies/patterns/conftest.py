"""Small borders, and replicates whose books say whatever a test wants."""

from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr
from tests.paths import TINY_USUAL

from amnok.engine import simulate
from amnok.results.ledgers import dataset
from amnok.results.measuring.evaluate import Arms
from amnok.results.measuring.sources import Labelled
from amnok.scenario import Scenario, load
from amnok.studies.patterns.patterns import patterns_of


@dataclass(frozen=True)
class Case:
    """One replicate as it is and without mechanisms, measured as the patterns of a border say."""

    scenario: Scenario
    as_is: xr.Dataset
    beside: xr.Dataset

    def __getitem__(self, name):
        patterns = patterns_of(self.scenario)
        arms = {arm: Labelled(self.beside) for arm in patterns.arms} | {"": Labelled(self.as_is)}
        plan = patterns.measures[name].compiled.plan
        return float(Arms(patterns.frame.space, arms).value(plan))


@pytest.fixture(scope="session")
def tiny_usual():
    """The small border with the usual patterns."""
    return load(TINY_USUAL)


@pytest.fixture(scope="session")
def simulated(tiny_usual):
    return dataset(simulate(tiny_usual, 1), tiny_usual, 1)


@pytest.fixture
def case(tiny_usual, simulated):
    """A function that makes a case of one replicate with some variables filled anew.

    A number fills a variable, an array [day] is laid along its days; `without` is for the arms
    without a mechanism, which are otherwise the same.
    """

    def filled(values):
        data = simulated.copy(deep=True)
        for name, value in values.items():
            array = np.zeros(data[name].shape)
            shape = [1, -1] + [1] * (array.ndim - 2)
            array[:] = value if np.ndim(value) == 0 else np.reshape(value, shape)
            data[name] = (data[name].dims, array)
        return data

    def make(without=None, scenario=tiny_usual, **values):
        as_is = filled(values)
        return Case(scenario, as_is, as_is if without is None else filled({**values, **without}))

    return make
