"""Pairs of worlds for the page, and the last few results of anything, on any thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Generic, TypeVar

import xarray as xr

from amnok.engine import Outcome
from amnok.results.ledgers import side_by_side
from amnok.results.outcomes import kinds
from amnok.results.threads import Days, days_of
from amnok.results.weekly import scaled, weeks_of
from amnok.scenario import Scenario
from amnok.studies.counterfactual import Effect, Event
from amnok.studies.counterfactual.running import paired_worlds

Made = TypeVar("Made")


class Newest(Generic[Made]):
    """Keeps what was made last.

    Args:
        most: how much of it.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: OrderedDict[tuple[Any, ...], Made] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._made)

    def known(self, key: tuple[Any, ...]) -> Made | None:
        """What has some key, if it is there."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def of(self, key: tuple[Any, ...], make: Callable[[], Made]) -> Made:
        """What has some key; it is made if it is not there."""
        there = self.known(key)
        if there is not None:
            return there
        made = make()
        with self._lock:
            self._made[key] = made
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        return made


@dataclass(frozen=True)
class Worlds:
    """The worlds with an event and without it.

    Attributes:
        effect: of the event.
        weeks: of the world with it, from `weekly`.
        share: of the traders that were simulated; counts are scaled up.
    """

    effect: Effect
    weeks: xr.Dataset
    share: float


def paired(
    scenario: Scenario,
    event: Event,
    seed: int,
    replicates: int,
    share: float,
    days: Callable[[int], Days],
    only: Collection[str] = (),
) -> Worlds:
    """Simulate a scenario with an event and without it.

    Args:
        scenario: with a share of its traders.
        event: what sets the worlds apart.
        seed, replicates: of both.
        share: of the traders.
        days: makes the counter of simulated days from how many there will be.
        only: names of the outcomes that are kept; all of them by default.

    Raises:
        Stopped: the counter said so.
    """

    def also(outcome: Outcome) -> xr.Dataset:
        return weeks_of(outcome, scenario, seed)

    counted = days(2 * replicates * days_of(scenario))
    effects, parts = paired_worlds(scenario, [event], seed, replicates, counted, also, only=only)
    effect, weeks = effects[event.name], side_by_side(parts)
    if share < 1:
        effect, weeks = _scaled(effect, 1 / share), scaled(weeks, 1 / share)
    return Worlds(effect, weeks, share)


def _scaled(effect: Effect, factor: float) -> Effect:
    """Counts times a factor, as `scaled` has it for weeks."""
    known = kinds(effect.scenario)
    counts = {
        str(name): one.copy(data=one.to_numpy() * factor) if known[str(name)].adds_up else one
        for name, one in effect.daily.variables.items()
        if name in effect.daily.data_vars
    }
    daily = effect.daily.assign(counts)
    return replace(effect, daily=daily, persons=effect.persons * factor)
