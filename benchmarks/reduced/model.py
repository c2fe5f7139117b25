"""The reduced day: the model every engine of this benchmark simulates, and what it reports.

Agents and routes only; all money is in units of the stake. Each day every agent

1. believes a risk for each route: its own belief (variant A), or the shared belief times its
   wariness, at most 1 (variant B);
2. chooses one route by multinomial logit over `(margin - cost - risk * loss) / scale`;
3. is detected with chance `min(1, base * effort)`, where enforcement follows yesterday's traffic:
   `effort = (1 - follow) + follow * trips / mean trips` (1 on the first day);
4. wins `margin - cost`, or loses `loss + cost`;
5. learns. A: its belief about the route it took moves a step of `rate` towards 1 or 0.
   B: its wariness becomes `wary` if detected, and else decays to 1 over `memory` days; then each
   shared belief moves towards the day's detection rate of its route, where anyone took it.

What an engine may save: in A a weight, the exponential of a utility, changes only when its agent
takes that route, so weights may be kept from day to day wherever that is faster (Amnok does so). In
B everyone's weights change every day and everyone computes all of them: nobody groups agents by the
days since their last detection, which works in this model only.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUTES = 16
VARIANTS = ("A", "B")


@dataclass(frozen=True)
class Day:
    """The parameters. Money in stakes, chances per trip, times in days."""

    margin: float = 0.30
    cost_step: float = 0.01  # a trip by route r costs r times this
    loss: float = 1.0
    scale: float = 0.1
    base: float = 0.05
    follow: float = 0.8
    rate: float = 0.1
    first_belief: float = 0.05
    wary: float = 3.0
    memory: float = 30.0

    @property
    def costs(self) -> NDArray[np.float64]:
        """Cost of a trip (route)."""
        return self.cost_step * np.arange(ROUTES)

    @property
    def gains(self) -> NDArray[np.float64]:
        """What a trip brings when it passes (route)."""
        return self.margin - self.costs

    @property
    def losses(self) -> NDArray[np.float64]:
        """What a trip brings when it is detected (route), below 0."""
        return -self.loss - self.costs

    @property
    def keep(self) -> float:
        """Share of extra wariness that outlives a day without a detection."""
        return math.exp(-1.0 / self.memory)

    def risks(self, trips: NDArray[np.int64] | None) -> NDArray[np.float64]:
        """Detection chance (route), given yesterday's trips (route), None on the first day."""
        if trips is None:
            return np.full(ROUTES, min(1.0, self.base))
        per_trip = self.base * self.follow * ROUTES / trips.sum()
        return np.minimum(1.0, self.base * (1.0 - self.follow) + per_trip * trips)

    def shared(
        self, beliefs: NDArray[np.float64], trips: NDArray[np.int64], detections: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Tomorrow's shared beliefs (route), variant B."""
        rates = detections / np.maximum(trips, 1)
        return np.where(trips > 0, beliefs + self.rate * (rates - beliefs), beliefs)


DAY = Day()


@dataclass(frozen=True)
class Result:
    """What a run reports: counts (day, route) and final wealth over agents, in stakes."""

    trips: NDArray[np.int64]
    detections: NDArray[np.int64]
    wealth_mean: float
    wealth_sd: float


Days = Callable[[], Result]  # simulates the days of a run that is set up; call it once


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up the definition itself: plain Python, to be read and not to be fast.

    Every engine has this function. What it returns is called once and simulates the days, so that
    set-up and just-in-time compilation stay out of a timing.
    """
    rng = random.Random(seed)
    agents, routes = range(n_agents), range(ROUTES)
    costs = day.costs.tolist()
    wealth = [0.0 for _ in agents]
    beliefs = [[day.first_belief for _ in routes] for _ in agents]
    wariness = [1.0 for _ in agents]
    trips = np.zeros((n_days, ROUTES), dtype=np.int64)
    detections = np.zeros((n_days, ROUTES), dtype=np.int64)

    def days() -> Result:
        shared = [day.first_belief for _ in routes]
        effort = [1.0 for _ in routes]
        for t in range(n_days):
            for i in agents:
                if variant == "A":
                    risks = beliefs[i]
                else:
                    risks = [min(1.0, shared[r] * wariness[i]) for r in routes]
                utilities = [
                    (day.margin - costs[r] - risks[r] * day.loss) / day.scale for r in routes
                ]
                (r,) = rng.choices(routes, [math.exp(utility) for utility in utilities])
                detected = rng.random() < min(1.0, day.base * effort[r])
                trips[t, r] += 1
                detections[t, r] += detected
                wealth[i] += -day.loss - costs[r] if detected else day.margin - costs[r]
                beliefs[i][r] += day.rate * (detected - beliefs[i][r])
                wariness[i] = day.wary if detected else 1.0 + (wariness[i] - 1.0) * day.keep
            mean = trips[t].mean()
            for r in routes:
                effort[r] = (1.0 - day.follow) + day.follow * trips[t, r] / mean
                if trips[t, r] > 0:
                    shared[r] += day.rate * (detections[t, r] / trips[t, r] - shared[r])
        return Result(trips, detections, float(np.mean(wealth)), float(np.std(wealth)))

    return days
