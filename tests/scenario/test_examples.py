"""The borders of `examples/`: valid, with their policies, and their events do what they say."""

import pytest
from tests.paths import ROOT

from amnok.scenario import load
from amnok.scenario.policies import policies, under
from amnok.studies.counterfactual import effect

EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
COLOMBIA = ROOT / "examples" / "colombia-venezuela.yaml"
FEW = ["traders.inner=600", "traders.outer=300", "period.start=2015-07-01", "period.spin_up=40"]


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_each_is_valid_and_says_that_its_numbers_are_assumed(file):
    scenario = load(file)
    assert scenario.assumptions
    _, arms = under(file, (), list(policies(file).values()))
    assert arms
    assert all(arm != scenario for arm in arms.values())


def by_channel(name, *sets):
    """Crossings by channel in the world with an event, over those without it."""
    found = effect(COLOMBIA, name, replicates=2, sets=[*FEW, *sets])
    crossed = found.values("crossings", ["channel"]).mean("replicate")
    return (crossed.sel(world="with") / crossed.sel(world="without")).to_series()


@pytest.mark.slow
def test_bridges_shut_and_trails_take_over():
    moved = by_channel("tachira", "period.end=2015-12-31")
    assert moved["customs"] < 0.8
    assert moved["land"] > 1.05


@pytest.mark.slow
def test_a_smaller_gap_moves_fewer_cans():
    moved = by_channel("fuel_price", "period.end=2016-05-31")
    assert moved["land"] < 0.95
