"""What is made of a scenario once and used by all its replicates."""

from __future__ import annotations

import functools
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

Made = TypeVar("Made")

_MOST = 32  # scenarios lately in use


def once(make: Callable[[Scenario], Made]) -> Callable[[Scenario], Made]:
    """Keep what is made of each of the scenarios lately in use; nobody may write to it."""
    made: dict[int, tuple[Scenario, Made]] = {}
    making = Lock()

    @functools.wraps(make)
    def kept(scenario: Scenario) -> Made:
        with making:
            known = made.pop(id(scenario), None)
            found = make(scenario) if known is None else known[1]
            made[id(scenario)] = scenario, found  # the scenario too, so that its id stays its own
            while len(made) > _MOST:
                del made[next(iter(made))]
        return found

    return kept
