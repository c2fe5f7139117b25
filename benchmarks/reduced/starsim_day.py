"""The reduced day in Starsim: a module with states, and one distribution for each decision.

Common random numbers are on, as by default: an agent's draw depends on the decision, the day and
the agent alone. Beliefs are one state of sixteen columns; states keep single precision, Starsim's
default. `ss.choice` takes one set of weights for everybody, so a route is an `ss.random` through
the cumulated weights. These come from a product with a triangle of ones, faster than `cumsum`
along rows of sixteen, and lie route by route, which is also how they are compared.
Nobody is born or dies; the time step is a day.
"""

from __future__ import annotations

import numpy as np
import starsim as ss
from model import DAY, ROUTES, Day, Days, Result
from numpy.typing import NDArray

UP_TO = np.tril(np.ones((ROUTES, ROUTES), dtype=np.float32))


class Trade(ss.Module):
    """Traders take routes, are detected or not, and learn."""

    def __init__(self, variant: str, n_days: int, day: Day) -> None:
        super().__init__(name="trade")
        self.choice = ss.random()
        self.detection = ss.random()
        self.define_states(ss.FloatArr("wealth", default=0.0))
        if variant == "A":
            first = day.first_belief
            weights = np.exp((day.gains - first * day.loss) / day.scale).astype(np.float32)
            self.define_states(
                ss.FloatArr("beliefs", default=first, columns=ROUTES),
                ss.FloatArr("weights", default=lambda n: np.tile(weights, (n, 1)), columns=ROUTES),
            )
        else:
            self.define_states(ss.FloatArr("wariness", default=1.0))
        self.variant = variant
        self.day = day
        self.rate, self.wary, self.keep = np.float32([day.rate, day.wary, day.keep])
        self.slope = np.float32(day.loss / day.scale)
        self.appeal = (day.gains / day.scale).astype(np.float32)
        self.outcomes = np.concatenate([day.gains, day.losses]).astype(np.float32)
        self.risks = day.risks(None).astype(np.float32)
        self.shared = np.full(ROUTES, day.first_belief)
        self.trips = np.zeros((n_days, ROUTES), dtype=np.int64)
        self.detections = np.zeros((n_days, ROUTES), dtype=np.int64)

    def step(self) -> None:
        """A day of everyone."""
        uids = self.sim.people.auids
        reached = UP_TO @ (self.weights[uids].T if self.variant == "A" else self.weigh(uids))
        mark = reached[-1] * self.choice.rvs(uids)
        passed = reached[:-1] <= mark
        route = np.add.reduce(passed, axis=0, dtype=np.int8).astype(np.int64)
        detected = self.detection.rvs(uids) < self.risks[route]
        code = route + ROUTES * detected
        self.wealth[uids] += self.outcomes[code]
        self.learn(uids, route, detected)
        self.record(np.bincount(code, minlength=2 * ROUTES))

    def weigh(self, uids: ss.uids) -> NDArray[np.float32]:
        """Weight of each route for each of these (route, agent), in variant B."""
        weights = np.outer(self.shared.astype(np.float32), self.wariness[uids])
        np.minimum(weights, 1.0, out=weights)
        weights *= -self.slope
        weights += self.appeal[:, None]
        return np.exp(weights, out=weights)

    def learn(self, uids: ss.uids, route: NDArray[np.int64], detected: NDArray[np.bool_]) -> None:
        """What these make of the day."""
        if self.variant == "A":
            belief = self.beliefs[uids, route]
            belief += self.rate * (detected - belief)
            self.beliefs[uids, route] = belief
            self.weights[uids, route] = np.exp(self.appeal[route] - self.slope * belief)
        else:
            kept = 1.0 + (self.wariness[uids] - 1.0) * self.keep
            self.wariness[uids] = np.where(detected, self.wary, kept)

    def record(self, counts: NDArray[np.int64]) -> None:
        """Keep the day's counts; tomorrow's enforcement and shared beliefs follow from them."""
        detections = counts[ROUTES:]
        trips = counts[:ROUTES] + detections
        self.trips[self.ti] = trips
        self.detections[self.ti] = detections
        self.shared = self.day.shared(self.shared, trips, detections)
        self.risks = self.day.risks(trips).astype(np.float32)


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`."""
    sim = ss.Sim(
        n_agents=n_agents,
        modules=Trade(variant, n_days, day),
        start=0,
        dur=ss.days(n_days - 1),
        dt=ss.days(1),
        rand_seed=seed,
        verbose=0,
    )
    sim.init()
    (trade,) = sim.modules

    def days() -> Result:
        sim.run()
        wealth = trade.wealth.values.astype(np.float64)
        return Result(trade.trips, trade.detections, float(wealth.mean()), float(wealth.std()))

    return days
