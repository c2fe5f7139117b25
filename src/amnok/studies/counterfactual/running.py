"""Simulate the world with all events of a scenario, and the same without each of some."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.arguments import DEFAULT_SCENARIO, verb, wrong
from amnok.draws import replicate_key
from amnok.engine import Outcome
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.results import outcomes as of_run
from amnok.results.threads import Days, days_of
from amnok.scenario import Scenario, load
from amnok.scenario.loading import Given
from amnok.scenario.overrides import Sets, with_values
from amnok.studies.counterfactual.events import Event, chosen, in_force
from amnok.studies.counterfactual.paired import WORLDS, Effect
from amnok.studies.persons import turned
from amnok.studies.worlds import WHOLE, Window, beside, span

REPLICATES = 8
Also = TypeVar("Also")
Counts = Mapping[str, NDArray[np.float32]]


def effect(
    scenario: Given = DEFAULT_SCENARIO,
    of: str | None = None,
    seed: int = 1,
    replicates: int = REPLICATES,
    sets: Sets | None = (),
    days: Window = WHOLE,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Effect:
    """What an event did: the world with it minus the same world without it.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`.
        of: an order, a change, a closure, a halt or a mechanism; the first dated one by default.
        seed: 0 to 2**64 - 1.
        replicates: pairs of worlds, at least 1.
        sets: overrides of both worlds.
        days: first and last day that count; by default from the event's first to the end.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Raises:
        ScenarioError: the scenario is not valid.
        AmnokError: there is no such event, or no day to count; the machine has not enough memory.
    """
    if of is not None and not isinstance(of, str):
        raise wrong("of", of, "the name of an order, a halt or a mechanism")
    given = load(scenario, sets)
    name = of or next((one.name for one in in_force(given)), None)
    found = effects(given, name, seed, replicates, (), days, threads, progress)
    return next(iter(found.values()))


@verb
def effects(
    scenario: Given = DEFAULT_SCENARIO,
    of: str | Iterable[str] | None = None,
    seed: int = 1,
    replicates: int = REPLICATES,
    sets: Sets | None = (),
    days: Window = WHOLE,
    threads: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Effect]:
    """The effects of several events, each against the same world with all of them.

    Args:
        of: names of events; those in force but halts and mechanisms by default.

    The other arguments are those of `effect`.
    """
    given = load(scenario, sets)
    wanted = [chosen(given, name) for name in of or ()] or in_force(given)
    if not wanted:
        fix = "name a halt or a mechanism"
        raise AmnokError([Fault(f"'{given.name}' has no order, change or closure in force", fix)])
    windows = {one.name: span(given, days, one.window(given)) for one in wanted}
    counted = Days((1 + len(wanted)) * replicates * days_of(given), progress)
    found, _ = paired_worlds(given, wanted, seed, replicates, counted, threads=threads)
    return {name: replace(one, days=windows[name]) for name, one in found.items()}


def paired_worlds(
    given: Scenario,
    asked: Sequence[Event],
    seed: int,
    replicates: int,
    counted: Days,
    also: Callable[[Outcome], Also] | None = None,
    threads: int | None = None,
    only: Collection[str] = (),
) -> tuple[dict[str, Effect], list[Also]]:
    """The same for a scenario at hand, of which more may be kept than counts.

    Args:
        given: the world with all events.
        asked: the events.
        seed: of all worlds.
        replicates: pairs of worlds.
        counted: told of simulated days; may stop this.
        also: called with each replicate of the world with all events, on any thread.
        threads: how many to use; all of the machine's by default.
        only: names of the outcomes that are kept, as far as there are any; all of them by default.

    Returns:
        Effects by event, and what `also` gave, by replicate.

    Raises:
        AmnokError: the machine has not enough memory.
        Stopped: `counted` said so.
    """

    def keep(outcome: Outcome, scenario: Scenario) -> tuple[Counts, list[Also]]:
        found = of_run.daily(outcome, scenario, replicate_key(seed, outcome.replicate), only)
        counts = {name: table.astype(np.float32) for name, table in found.items()}
        return counts, [also(outcome)] if also is not None and scenario is given else []

    without = [with_values(given, one.off) for one in asked]
    with_it, others = beside(given, without, keep, seed, replicates, counted, threads)
    counts = [one for one, _ in with_it]
    found = {
        event.name: Effect(
            event=event,
            scenario=given,
            seed=seed,
            daily=_labelled(given, [one for one, _ in other.kept], counts),
            persons=turned(other.persons),
            first_difference=other.first_difference,
            days=event.window(given),
        )
        for event, other in zip(asked, others, strict=True)
    }
    return found, [one for _, more in with_it for one in more]


def _labelled(scenario: Scenario, without: list[Counts], with_it: list[Counts]) -> xr.Dataset:
    coordinates: dict[str, Any] = {
        **of_run.names(scenario),
        "sector": list(scenario.sectors),
        "world": list(WORLDS),
        "replicate": range(len(with_it)),
        "day": pd.date_range(scenario.period.start, scenario.period.end, unit="ns"),
    }
    kinds = of_run.kinds(scenario)
    variables = {}
    for name in with_it[0]:
        dims = ("world", "replicate", *(kinds[name].daily or ()))
        table = np.stack([[one[name] for one in without], [one[name] for one in with_it]])
        variables[name] = (
            dims,
            table,
            {"units": kinds[name].unit, "long_name": kinds[name].text},
        )
    used = {dim for dims, _, _ in variables.values() for dim in dims}
    return xr.Dataset(variables, {dim: coordinates[dim] for dim in coordinates if dim in used})
