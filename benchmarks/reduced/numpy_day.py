"""The reduced day in NumPy: whole-array operations, one block of agents after the other.

What makes NumPy fast here: routes along the first axis, so that every operation runs along agents;
single precision, whose exp is vectorised; results written into arrays that exist already; blocks
that stay in the cache; comparisons counted as bytes; one `bincount` for trips and detections.
"""

from __future__ import annotations

import numpy as np
from model import DAY, ROUTES, Day, Days, Result
from numpy.typing import NDArray

BLOCK = 10_000  # agents; 640 kB of beliefs and as much of weights
FLOAT = np.float32


class Block:
    """Some of the agents."""

    def __init__(self, n_agents: int, day: Day) -> None:
        self.wealth = np.zeros(n_agents, FLOAT)
        self.wariness = np.ones(n_agents, FLOAT)
        self.beliefs = np.full((ROUTES, n_agents), day.first_belief, FLOAT)
        utilities = (day.gains - day.first_belief * day.loss) / day.scale
        self.weights = np.repeat(np.exp(utilities).astype(FLOAT)[:, None], n_agents, axis=1)


class Desk:
    """Rules of the day, and arrays to work in, for blocks of one size."""

    def __init__(self, variant: str, n_agents: int, day: Day, rng: np.random.Generator) -> None:
        self.rng = rng
        self.learn = self.learn_routes if variant == "A" else self.learn_caution
        self.rate, self.wary, self.keep = (FLOAT(x) for x in (day.rate, day.wary, day.keep))
        self.slope = FLOAT(-day.loss / day.scale)
        self.appeal = (day.gains / day.scale).astype(FLOAT)[:, None]
        self.outcomes = np.concatenate([day.gains, day.losses]).astype(FLOAT)
        self.agents = np.arange(n_agents)
        self.draws = np.empty(n_agents, FLOAT)
        self.work = np.empty((ROUTES, n_agents), FLOAT)
        self.passed = np.empty((ROUTES - 1, n_agents), np.bool_)

    def day(
        self, block: Block, risks: NDArray[np.float32], shared: NDArray[np.float32] | None
    ) -> NDArray[np.int64]:
        """A day of a block; counts by route, first of trips that passed, then of those detected."""
        route = self.choose(block.weights if shared is None else self.weigh(shared, block.wariness))
        self.rng.random(out=self.draws, dtype=FLOAT)
        detected = self.draws < risks.take(route)
        self.learn(block, route, detected)
        code = route + ROUTES * detected
        block.wealth += self.outcomes.take(code)
        return np.bincount(code, minlength=2 * ROUTES)

    def weigh(
        self, shared: NDArray[np.float32], wariness: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Weights (route, agent) in variant B."""
        np.multiply(shared[:, None], wariness, out=self.work)
        np.minimum(self.work, FLOAT(1.0), out=self.work)
        self.work *= self.slope
        self.work += self.appeal
        return np.exp(self.work, out=self.work)

    def choose(self, weights: NDArray[np.float32]) -> NDArray[np.intp]:
        """Routes: a uniform through the cumulated weights."""
        reached = self.work
        np.copyto(reached[0], weights[0])
        for r in range(1, ROUTES):  # np.cumsum along the first axis is many times slower
            np.add(reached[r - 1], weights[r], out=reached[r])
        self.rng.random(out=self.draws, dtype=FLOAT)
        self.draws *= reached[-1]
        np.less_equal(reached[:-1], self.draws, out=self.passed)
        return np.add.reduce(self.passed.view(np.int8), axis=0, dtype=np.int8).astype(np.intp)

    def learn_routes(
        self, block: Block, route: NDArray[np.intp], detected: NDArray[np.bool_]
    ) -> None:
        """Variant A: a step of the belief about the route taken, and its new weight."""
        beliefs, weights = block.beliefs.reshape(-1), block.weights.reshape(-1)
        place = route * len(route) + self.agents
        belief = beliefs.take(place)
        belief += self.rate * (detected - belief)
        beliefs[place] = belief
        belief *= self.slope
        belief += self.appeal.take(route)
        weights[place] = np.exp(belief, out=belief)

    def learn_caution(
        self, block: Block, route: NDArray[np.intp], detected: NDArray[np.bool_]
    ) -> None:
        """Variant B: wariness decays, or is raised by a detection."""
        wariness = block.wariness
        wariness -= FLOAT(1.0)
        wariness *= self.keep
        wariness += FLOAT(1.0)
        wariness[detected] = self.wary


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`."""
    rng = np.random.Generator(np.random.SFC64(seed))
    sizes = [min(BLOCK, n_agents - start) for start in range(0, n_agents, BLOCK)]
    desks = {size: Desk(variant, size, day, rng) for size in set(sizes)}
    blocks = [Block(size, day) for size in sizes]
    trips = np.zeros((n_days, ROUTES), dtype=np.int64)
    detections = np.zeros((n_days, ROUTES), dtype=np.int64)

    def days() -> Result:
        shared = np.full(ROUTES, day.first_belief)
        for t in range(n_days):
            risks = day.risks(trips[t - 1] if t else None).astype(FLOAT)
            believed = shared.astype(FLOAT) if variant == "B" else None
            for block, size in zip(blocks, sizes, strict=True):
                counts = desks[size].day(block, risks, believed)
                trips[t] += counts[:ROUTES] + counts[ROUTES:]
                detections[t] += counts[ROUTES:]
            shared = day.shared(shared, trips[t], detections[t])
        wealth = np.concatenate([block.wealth for block in blocks]).astype(np.float64)
        return Result(trips, detections, float(wealth.mean()), float(wealth.std()))

    return days
