"""Which schedules to run together: the best patrol for given rewards of covering targets."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amnok.games.highs import INFINITY, Program
from amnok.games.targets import Floats

Bools = NDArray[np.bool_]

_FEW = 4_096  # patrols that are listed one by one, rather than searched for


class PatrolSets:
    """All patrols: sets of at most m schedules.

    Args:
        schedules: targets that each schedule covers, [schedule, target].
        resources: m.
    """

    def __init__(self, schedules: Bools, resources: int) -> None:
        self._schedules, self._resources = schedules, min(resources, len(schedules))
        self._listed: tuple[list[tuple[int, ...]], Floats] | None = None
        if sum(math.comb(len(schedules), k) for k in range(self._resources + 1)) <= _FEW:
            sets = [
                chosen
                for k in range(self._resources + 1)
                for chosen in itertools.combinations(range(len(schedules)), k)
            ]
            self._listed = sets, np.array([self.covered(one) for one in sets], dtype=np.float64)

    def covered(self, patrol: Sequence[int]) -> Bools:
        """Targets that a patrol covers, [target]."""
        return np.asarray(self._schedules[list(patrol)].any(axis=0))

    def best(self, rewards: Floats) -> tuple[tuple[int, ...], float]:
        """The patrol that earns most, where each target covered pays once, if below 0 too."""
        if self._listed is not None:
            sets, covered = self._listed
            earned = covered @ rewards
            place = int(earned.argmax())
            return sets[place], float(earned[place])
        patrol = self._search(rewards)
        return patrol, float(rewards[self.covered(patrol)].sum())

    def good(self, rewards: Floats) -> tuple[int, ...]:
        """A patrol that earns much: the schedule that adds most, one after the other."""
        patrol: list[int] = []
        left = rewards.copy()
        for _ in range(self._resources):
            adds = self._schedules @ left
            place = int(adds.argmax())
            if adds[place] <= 0.0:
                break
            patrol.append(place)
            left[self._schedules[place]] = 0.0
        return tuple(sorted(patrol))

    def _search(self, rewards: Floats) -> tuple[int, ...]:
        """Maximum coverage as a mixed-integer program: x_s schedules, then y_j targets."""
        largest = float(np.abs(rewards).max())
        if largest == 0.0:
            return ()
        count = len(self._schedules)
        counts = np.flatnonzero(rewards)
        gains = np.concatenate((np.zeros(count), rewards[counts] / largest))
        whole = np.arange(len(gains)) < count
        program = Program(gains, 0.0, 1.0, whole)
        program.row(-INFINITY, self._resources, np.arange(count), 1.0)
        for place, target in enumerate(counts):
            covering = np.flatnonzero(self._schedules[:, target])
            if rewards[target] > 0:
                columns = np.append(covering, count + place)
                program.row(-INFINITY, 0.0, columns, np.append(-np.ones(len(covering)), 1.0))
            else:
                for schedule in covering:
                    program.row(-INFINITY, 0.0, np.array([schedule, count + place]), [1.0, -1.0])
        answer = program.solve()
        assert answer is not None  # no schedule at all is always possible
        return tuple(int(place) for place in np.flatnonzero(answer.values[:count] > 0.5))
