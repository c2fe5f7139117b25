"""Small borders, and replicates whose books say whatever a test wants."""

import numpy as np
import pytest

from amnok.engine import simulate
from amnok.results.ledgers import dataset
from amnok.studies.patterns.case import Case, Replicate
from amnok.studies.patterns.windows import windows


@pytest.fixture(scope="session")
def simulated(tiny):
    return dataset(simulate(tiny, 1), tiny, 1)


@pytest.fixture
def case(tiny, simulated):
    """A function that makes a case of one replicate with some variables filled anew.

    A number fills a variable, an array [day] is laid along its days; `without` is for the arms
    without something, which are otherwise the same.
    """

    def filled(values):
        data = simulated.copy(deep=True)
        for name, value in values.items():
            array = np.zeros(data[name].shape)
            shape = [1, -1] + [1] * (array.ndim - 2)
            array[:] = value if np.ndim(value) == 0 else np.reshape(value, shape)
            data[name] = (data[name].dims, array)
        return Replicate(data)

    def make(without=None, **values):
        as_is = filled(values)
        beside = as_is if without is None else filled({**values, **without})
        names = ("crackdown", "cameras", "liability")
        return Case(tiny, windows(tiny), as_is, dict.fromkeys(names, beside))

    return make
