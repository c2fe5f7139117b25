"""A mistake in what a consignment earns or risks does not stay unnoticed: the twin has it apart.

`mutations.MUTATIONS` says which mistakes are tried: one in every function of `world.chances` and
`world.consignment` that the day calls. Functions that only plans and games call are tried in
`tests/statistical/test_consignment.py`; `NOT_TRIED` are those that neither tries, and why. What
`world.trips` puts together is worked out by hand in `tests/world/test_trips.py`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.paths import ROOT
from tests.statistical.test_consignment import CASES
from tests.twin.mutations import MUTATIONS

import amnok
from amnok.world import chances, consignment

pytestmark = pytest.mark.slow

NOT_TRIED = {
    "net_gain": "what a sender gains in a game; tests/games/test_exploit.py works it out by hand",
    "find_belief_behind": "undoes guard_price; tests/games/test_exploit.py has loads of all sizes",
    "spot_check": "rounds a parameter up; tests/games/test_exploit.py does so by hand",
}


@pytest.fixture(scope="module")
def found():
    source = Path(amnok.__file__).parents[1]
    path = os.pathsep.join([str(source), str(ROOT)])
    run = subprocess.run(
        [sys.executable, "-m", "tests.twin.mutations"],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_without_a_mistake_both_tell_the_same(found):
    assert found["nothing"]


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mistake_is_noticed(found, name):
    assert not found[name]


def test_every_function_of_the_two_is_tried():
    functions = {
        name
        for home in (chances, consignment)
        for name, value in vars(home).items()
        if getattr(value, "__module__", "") == home.__name__
        and callable(value)
        and not isinstance(value, type)
    }
    tried = {*MUTATIONS, *(name for names in CASES.values() for name in names)}
    assert functions == tried | set(NOT_TRIED)
