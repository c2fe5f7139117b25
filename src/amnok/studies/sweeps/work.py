"""The work of a sweep: runs of points, as one table of numbers. The same on every executor."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amnok.draws import replicate_key
from amnok.engine import Outcome, simulate
from amnok.errors import ScenarioError
from amnok.results.outcomes import kinds, names, outcomes
from amnok.scenario import Scenario
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import with_values
from amnok.studies.sweeps.design import Point, Value

Values = NDArray[np.float64]
# What came of a batch: positions of the points that could be run, their outcomes [point and
# replicate, column], and why others have none.
Found = tuple[list[int], Values, dict[int, str]]


@dataclass(frozen=True)
class Task:
    """What every batch of a sweep needs: the border, its policies, and what is counted.

    Attributes:
        base: the scenario as it is.
        policies: the scenario under each policy, by name.
        seed: replicates of different points share people and draws.
        replicates: of each point.
    """

    base: Scenario
    policies: Mapping[str, Scenario]
    seed: int
    replicates: int

    def scenario(self, point: Point) -> Scenario:
        """The scenario at a point.

        Raises:
            ScenarioError: a value is not allowed.
        """
        under = self.base if point.policy == BASE else self.policies[point.policy]
        return with_values(under, left_open(point.values, self.base, under))

    def columns(self) -> list[tuple[str, str]]:
        """Outcome and labels of every number of a run, in order."""
        labels = names(self.base)
        return [
            (name, ", ".join(cell))
            for name, kind in kinds(self.base).items()
            for cell in itertools.product(*(labels[dim] for dim in kind.dims))
        ]

    def numbers(self, point: Point) -> Sequence[int]:
        """Which replicates of a point are simulated: the same ones of all points."""
        return range(self.replicates)

    def counted(self, outcome: Outcome, scenario: Scenario) -> NDArray[np.float64]:
        """The numbers of a run, in the order of `columns`."""
        key = replicate_key(self.seed, outcome.replicate)
        found = outcomes(outcome, scenario, key, slice(None))
        return np.concatenate([np.ravel(found[name]) for name in found])


def left_open(values: Mapping[str, Value], base: Scenario, world: Scenario) -> Mapping[str, Value]:
    """Those of some values that a world does not set itself; it is the base with a policy, say."""
    if world is base:
        return values
    before = dict(base.parameters())
    is_set = {
        path
        for path, parameter in world.parameters()
        if path in values and parameter.value != before[path].value
    }
    return {path: one for path, one in values.items() if path not in is_set}


def run_point(task: Task, point: Point, on_days: Callable[[int], bool] | None = None) -> Values:
    """Every outcome of every replicate of a point, [replicate, column].

    Raises:
        ScenarioError: a value is not allowed.
    """
    scenario = task.scenario(point)
    return np.stack(
        [
            task.counted(simulate(scenario, task.seed, number, on_days=on_days), scenario)
            for number in task.numbers(point)
        ]
    )


def run_batch(
    task: Task, points: Sequence[Point], on_days: Callable[[int], bool] | None = None
) -> Found:
    """Runs of several points, and why some could not be run."""
    return gathered(task, ((at, tried(task, one, on_days)) for at, one in enumerate(points)))


def tried(task: Task, point: Point, on_days: Callable[[int], bool] | None = None) -> Values | str:
    """What `run_point` finds, or why the point is not allowed."""
    try:
        return run_point(task, point, on_days)
    except ScenarioError as error:
        return "; ".join(map(str, error.faults))


def gathered(task: Task, found: Iterable[tuple[int, Values | str]]) -> Found:
    """What came of a batch, from what came of its points by their positions."""
    tables: dict[int, Values] = {}
    refused: dict[int, str] = {}
    for position, one in found:
        if isinstance(one, str):
            refused[position] = one
        else:
            tables[position] = one
    if not tables:
        return [], np.empty((0, len(task.columns()))), refused
    return list(tables), np.concatenate(list(tables.values())), refused
