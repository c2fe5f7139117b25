"""The reduced day in Amnok: `border_day`.

`simulate` sets up and runs the days in one call, so that Amnok's times, unlike its peers', have the
set-up in them. Its draws are keyed by agent, day and route, for arms that differ in a policy
only: unlike all peers it draws once for each route.
"""

from __future__ import annotations

import numpy as np
from border_day import ReducedBorder, simulate, simulate_many
from engines import REPLICATES, THREADS
from model import DAY, Day, Days, Result


def border_of(day: Day) -> ReducedBorder:
    """The same numbers under Amnok's names; Amnok counts money in stakes."""
    if day.loss != 1.0:
        raise ValueError(f"loss {day.loss}, Amnok's reduced day has 1")
    return ReducedBorder(
        costs=tuple(day.costs.tolist()),
        margin=day.margin,
        noise=day.scale,
        detection=day.base,
        follow=day.follow,
        learning_rate=day.rate,
        first_belief=day.first_belief,
        wariness=day.wary,
        wariness_memory=day.memory,
    )


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`. Of several replicates, the first is reported."""
    border = border_of(day)

    def days() -> Result:
        if REPLICATES == 1:
            first = simulate(border, variant, n_agents, n_days, seed, threads=THREADS)
        else:
            first = simulate_many(border, variant, n_agents, n_days, seed, REPLICATES, THREADS)[0]
        wealth = np.asarray(first.wealth, np.float64)
        return Result(first.trips, first.detections, float(wealth.mean()), float(wealth.std()))

    return days
