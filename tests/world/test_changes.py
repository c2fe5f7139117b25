"""What changes bring to the world: each number that can change moves something, on its day."""

import datetime as dt

import numpy as np
import pytest
from tests.changed import change, parameter

from amnok.scenario.changes import why_fixed
from amnok.scenario.overrides import with_values
from amnok.scenario.politics import Change
from amnok.scenario.shape import shape_at
from amnok.world import build, changes

MID = "2030-04-10"
FEW = {"traders.inner": 4, "traders.outer": 4}


def with_changes(scenario, **found):
    """The scenario with changes, as plain data."""
    made = {name: Change.model_validate(one) for name, one in found.items()}
    return scenario.model_copy(update={"changes": made})


def numbers_of(world):
    """All that kernels read of a world, but for people's traits."""
    return {name: np.array(table) for name, table in world._asdict().items() if name != "traits"}


@pytest.mark.slow
def test_each_number_that_can_change_moves_the_world(tiny):
    few = tiny.model_copy(update={"traders": with_values(tiny, FEW).traders})
    usual, still = numbers_of(build(few, 1)[0]), []
    for path, one in few.parameters():
        unit = shape_at(tuple(path.split("."))).unit
        if unit is None or unit.name == "date" or why_fixed(path):
            continue
        new = 150 if unit.name == "day of year" else unit.low + 0.3 * min(unit.high - unit.low, 3)
        new = new if one.number != new else 0.5 * new
        moved = with_changes(few, it=change(path, MID, value=parameter(new, one.unit)))
        world, _ = build(moved, 1)
        turns = changes.turns(moved)
        assert [turn.t for turn in turns] == [0, 30 + 40]
        changes.take(world, turns[1])
        if all((table == usual[name]).all() for name, table in numbers_of(world).items()):
            still.append(path)
    assert still == []


def test_before_the_first_day_of_a_change_the_world_is_as_without(tiny):
    moved = with_changes(
        tiny,
        season=change("goods.*.season_strength", MID),
        level=change("cameras.usual_level", MID),
        ice=change("sectors.*.thaw", MID),
    )
    world, usual = build(moved, 3)[0], build(tiny, 3)[0]
    day = tiny.period.spin_up + (dt.date.fromisoformat(MID) - tiny.period.start).days
    for name in ("season", "best_season", "days", "water"):
        np.testing.assert_array_equal(getattr(world, name)[:day], getattr(usual, name)[:day])
        assert (getattr(world, name)[day:] != getattr(usual, name)[day:]).any()


def test_the_routes_that_replicates_share_are_not_written_to(tiny):
    moved = with_changes(tiny, dear=change("route_kinds.*.crossing_cost", MID))
    planned = moved.model_copy(
        update={"cameras": moved.cameras.model_copy(update={"allocation": "stackelberg"})}
    )
    world, _ = build(planned, 1)
    changes.take(world, changes.turns(planned)[1])
    again, _ = build(planned, 1)
    assert (again.routes["crossing_cost"] * 2 == world.routes["crossing_cost"]).all()
