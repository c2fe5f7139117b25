"""The small border to explore, and its server without a network."""

from pathlib import Path

import pytest

from amnok.observe.threads import Days
from amnok.web.border import Explorer
from amnok.web.serve import border_of

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-border"
SWEEP, QUOTA, INNER = "orders.april_sweep.intensity", "quota.arrests", "traders.inner"


@pytest.fixture(scope="session")
def tiny():
    return border_of(str(TINY), seed=3, replicates=2)


@pytest.fixture
def explorer(tiny):
    return Explorer(tiny)


@pytest.fixture
def days():
    """Counts days for nobody."""
    return lambda total: Days(total)
