"""What must be true of an Amnok that has informers, and of a border with them (the argument).

The twin is told of them here, by hand: that it is another's work is the point.
"""

import sys
from importlib import import_module

import numpy as np
import pytest
from tests import twin
from tests.paths import TINY
from tests.twin.conftest import assert_same_books

from amnok import counts
from amnok.engine import simulate
from amnok.errors import ScenarioError
from amnok.odd.page import odd
from amnok.results import dataset
from amnok.scenario import load
from amnok.scenario.catalog import json_schema
from amnok.scenario.model import needed
from amnok.world import chances

SETS = [
    "traders.inner=40",
    "traders.outer=20",
    "period.spin_up=10",
    "period.end=2030-03-18",
    "patrols.intercept_base=0.1",
]
TOLD, FACTOR = 0.3 * 0.5, 4.0


def by_hand(tip_draw):
    """Tell the twin: a trip that was told of is counted as it sets out, and met more often."""
    meetings, crossing = (import_module(f"tests.twin.{name}") for name in ("meetings", "crossing"))
    chance, cross, meet = meetings.intercept_chance, crossing.cross, crossing.meet_patrol
    now = {"factor": 1.0}

    def is_told(border, trip):
        if not border.rates.informers.present:
            return False
        return border.draw4(trip.sender.number, tip_draw)[0] < TOLD

    def intercept_chance(base, boost, intensity, effort, exposure):
        return chance(base, boost, intensity, effort * now["factor"], exposure)

    def set_out(border, trip):
        flow = border.counts.flow[trip.plan.route.number][trip.sender.size.number]
        flow.tipped_off += is_told(border, trip)
        return cross(border, trip)

    def meet_patrol(border, trip):
        now["factor"] = FACTOR if is_told(border, trip) else 1.0
        return meet(border, trip)

    patch = pytest.MonkeyPatch()
    patch.setattr(meetings, "intercept_chance", intercept_chance)
    patch.setattr(crossing, "cross", set_out)
    patch.setattr(crossing, "meet_patrol", meet_patrol)


def main(file):
    informers = import_module("amnok.mechanisms.informers")
    border, others = load(file, SETS), load(TINY, SETS)
    assert needed(border, informers.Informers).factor.number == FACTOR
    assert border.has("informers")
    assert not others.has("informers")
    with pytest.raises(ScenarioError) as refused:
        load(file, ["informers.share=2"])
    assert [fault.path for fault in refused.value.faults] == ["informers.share"]

    schema = json_schema()["$defs"]
    assert "informers" in schema["Scenario"]["properties"]
    assert "gets to know of" in schema["Informers"]["properties"]["share"]["description"]

    by_hand(informers.TIP_DRAW)
    outcome = simulate(border, 1)
    assert_same_books(outcome.books, twin.simulate(border, 1).books)
    told = outcome.books.flow["tipped_off"].sum()
    assert 0 < told < outcome.books.flow["attempts"].sum()
    assert_same_books(simulate(others, 1).books, twin.simulate(others, 1).books)

    results = dataset(outcome, border, 1)
    assert float(results["tipped_off"].sum()) == told
    assert results["tipped_off"].long_name == "Patrols were told of it"
    assert counts.named("tipped_off").needs == ("informers",)
    assert "tipped_off" not in dataset(simulate(others, 1), others, 1)

    rates, way, day = outcome.world.rates[0], outcome.world.routes[0], outcome.world.days[20, 0]
    both = [chances.patrol_probability(rates, way, day, one) for one in (1.0, FACTOR)]
    mean = chances.mean_patrol_probability(rates, way, day, 1.0)
    np.testing.assert_allclose(mean, (1 - TOLD) * both[0] + TOLD * both[1], rtol=1e-13)
    assert mean > 1.1 * both[0] > 0.0

    page, silent = odd(border), odd(others)
    for words in ("`informers.share`", "#### informers.told_chance", "`tipped_off`", "`TIP`"):
        assert words in page
        assert words not in silent


if __name__ == "__main__":
    main(sys.argv[1])
