"""The reduced day in Mesa: agents are objects, a day is `agents.do("step")`.

Nobody sees what others do today, so the order of agents is free and `do` serves: `shuffle_do`
draws an order that nothing depends on. A `step` is plain Python: for sixteen routes, lists and
`math.exp` are faster than NumPy, whose every call costs a microsecond. Agents count themselves in
lists of the model, in place of a DataCollector, which would visit every agent once more.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from math import exp

import mesa
import numpy as np
from model import DAY, ROUTES, Day, Days, Result


class Border(mesa.Model):
    """The model: its traders, the enforcement they meet and what is recorded."""

    def __init__(self, variant: str, n_agents: int, n_days: int, seed: int, day: Day) -> None:
        super().__init__(rng=seed)
        self.day = day
        self.gains = day.gains.tolist()
        self.losses = day.losses.tolist()
        self.appeal = (day.gains / day.scale).tolist()
        self.slope = day.loss / day.scale
        self.risks = day.risks(None).tolist()
        self.shared = np.full(ROUTES, day.first_belief)
        self.priced = list(zip(self.appeal, self.shared.tolist(), strict=True))
        self.trips_today = [0] * ROUTES
        self.detections_today = [0] * ROUTES
        self.trips = np.zeros((n_days, ROUTES), dtype=np.int64)
        self.detections = np.zeros((n_days, ROUTES), dtype=np.int64)
        {"A": Learner, "B": Follower}[variant].create_agents(self, n_agents)

    def step(self) -> None:
        """A day: everyone, then what is shared. `steps` counts from 1."""
        self.trips_today = [0] * ROUTES
        self.detections_today = [0] * ROUTES
        self.agents.do("step")
        trips, detections = self.trips[self.steps - 1], self.detections[self.steps - 1]
        trips[:] = self.trips_today
        detections[:] = self.detections_today
        self.risks = self.day.risks(trips).tolist()
        self.shared = self.day.shared(self.shared, trips, detections)
        self.priced = list(zip(self.appeal, self.shared.tolist(), strict=True))


class Trader(mesa.Agent):
    """Someone who takes a route and is lucky or not."""

    def __init__(self, model: Border) -> None:
        super().__init__(model)
        self.wealth = 0.0

    def travel(self, weights: list[float]) -> tuple[int, bool]:
        """Take a route, chosen with these weights; whether it was detected."""
        model = self.model
        draw = model.random.random
        reached = list(accumulate(weights))
        route = bisect_right(reached, draw() * reached[-1], 0, ROUTES - 1)
        model.trips_today[route] += 1
        if draw() < model.risks[route]:
            model.detections_today[route] += 1
            self.wealth += model.losses[route]
            return route, True
        self.wealth += model.gains[route]
        return route, False


class Learner(Trader):
    """Variant A: a belief a route, and the weight that follows from it."""

    def __init__(self, model: Border) -> None:
        super().__init__(model)
        first = model.day.first_belief
        self.beliefs = [first] * ROUTES
        self.weights = [exp(appeal - model.slope * first) for appeal in model.appeal]
        self.rate = model.day.rate

    def step(self) -> None:
        """A day of this trader."""
        model, beliefs = self.model, self.beliefs
        route, detected = self.travel(self.weights)
        belief = beliefs[route] + self.rate * (detected - beliefs[route])
        beliefs[route] = belief
        self.weights[route] = exp(model.appeal[route] - model.slope * belief)


class Follower(Trader):
    """Variant B: shared beliefs, weighed by one's wariness."""

    def __init__(self, model: Border) -> None:
        super().__init__(model)
        self.wariness = 1.0
        self.wary = model.day.wary
        self.keep = model.day.keep

    def step(self) -> None:
        """A day of this trader."""
        slope = self.model.slope
        slant = slope * self.wariness
        weights = [
            exp(appeal - (slant * belief if slant * belief < slope else slope))
            for appeal, belief in self.model.priced
        ]
        _, detected = self.travel(weights)
        self.wariness = self.wary if detected else 1.0 + (self.wariness - 1.0) * self.keep


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`."""
    border = Border(variant, n_agents, n_days, seed, day)

    def days() -> Result:
        for _ in range(n_days):
            border.step()
        wealth = np.array(border.agents.get("wealth"))
        return Result(border.trips, border.detections, float(wealth.mean()), float(wealth.std()))

    return days
