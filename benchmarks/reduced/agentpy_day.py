"""The reduced day in AgentPy: agents are objects, a day is one call on the list of them.

`self.agents.act()` calls everyone's method, as AgentPy's examples do. What a day reads is looked up
at setup, since `self.p` is a dictionary behind an attribute. As in Mesa, lists and `math.exp` beat
NumPy for sixteen routes, and agents count themselves in lists of the model: `record` for every
agent and day would keep a log of each.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from math import exp

import agentpy as ap
import numpy as np
from model import DAY, ROUTES, Day, Days, Result


class Trader(ap.Agent):
    """Someone who takes a route and is lucky or not."""

    def setup(self) -> None:
        """Start with nothing."""
        day = self.p.day
        self.wealth = 0.0
        self.rate = day.rate
        self.wary = day.wary
        self.keep = day.keep
        self.wariness = 1.0
        self.beliefs = [day.first_belief] * ROUTES
        self.weights = list(self.model.first_weights)

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

    def act(self) -> None:
        """A day of this trader."""
        model, beliefs = self.model, self.beliefs
        route, detected = self.travel(self.weights)
        belief = beliefs[route] + self.rate * (detected - beliefs[route])
        beliefs[route] = belief
        self.weights[route] = exp(model.appeal[route] - model.slope * belief)


class Follower(Trader):
    """Variant B: shared beliefs, weighed by one's wariness."""

    def act(self) -> None:
        """A day of this trader."""
        slope = self.model.slope
        slant = slope * self.wariness
        weights = [
            exp(appeal - (slant * belief if slant * belief < slope else slope))
            for appeal, belief in self.model.priced
        ]
        _, detected = self.travel(weights)
        self.wariness = self.wary if detected else 1.0 + (self.wariness - 1.0) * self.keep


class Border(ap.Model):
    """The model: its traders, the enforcement they meet and what is recorded."""

    def setup(self) -> None:
        """Before the first day."""
        day = self.p.day
        self.gains = day.gains.tolist()
        self.losses = day.losses.tolist()
        self.appeal = (day.gains / day.scale).tolist()
        self.slope = day.loss / day.scale
        self.risks = day.risks(None).tolist()
        self.shared = np.full(ROUTES, day.first_belief)
        self.priced = list(zip(self.appeal, self.shared.tolist(), strict=True))
        first = self.slope * day.first_belief
        self.first_weights = [exp(appeal - first) for appeal in self.appeal]
        self.trips_today = [0] * ROUTES
        self.detections_today = [0] * ROUTES
        self.trips = np.zeros((self.p.steps, ROUTES), dtype=np.int64)
        self.detections = np.zeros((self.p.steps, ROUTES), dtype=np.int64)
        kind = {"A": Learner, "B": Follower}[self.p.variant]
        self.agents = ap.AgentList(self, self.p.agents, kind)

    def step(self) -> None:
        """A day of everyone."""
        self.trips_today = [0] * ROUTES
        self.detections_today = [0] * ROUTES
        self.agents.act()

    def update(self) -> None:
        """After each day, and once before the first (t = 0), when there is nothing to record."""
        if self.t == 0:
            return
        trips, detections = self.trips[self.t - 1], self.detections[self.t - 1]
        trips[:] = self.trips_today
        detections[:] = self.detections_today
        self.risks = self.p.day.risks(trips).tolist()
        self.shared = self.p.day.shared(self.shared, trips, detections)
        self.priced = list(zip(self.appeal, self.shared.tolist(), strict=True))


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`. The days are `Model.run` less its setup."""
    border = Border({"variant": variant, "agents": n_agents, "steps": n_days, "day": day})
    border.sim_setup(steps=n_days, seed=seed)

    def days() -> Result:
        while border.running:
            border.sim_step()
        wealth = np.array(list(border.agents.wealth))
        return Result(border.trips, border.detections, float(wealth.mean()), float(wealth.std()))

    return days
