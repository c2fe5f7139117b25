"""Who earns what: money of the traders of each bank and size at the end of a run.

Everyone begins with nothing, on the first day of the spin-up. What is booked as money is all that
is paid or earned: goods, transport, shares, officials, protection. Time spent on checks and terms
in custody are not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from amnok.engine import simulate
from amnok.engine.state import NEVER
from amnok.rules.calendar import DAYS_IN_MONTH
from amnok.scenario import Scenario
from amnok.studies.persons import sides


def earnings(scenario: Scenario, replicates: int = 20, seed: int = 1) -> pd.DataFrame:
    """What traders of each bank and size earned in a run, over all replicates.

    Returns:
        A row for each `side` and `size` that has people: `people`, of a replicate; `traded`, the
        share of those whose money ever moved; and of those: `mean` and `median` earned in 30 days
        (money), `below`, the share who end with less than nothing, and `unlucky`, the share who
        do so and lost goods to officials.
    """
    found = pd.concat(_of_one(scenario, seed, replicate) for replicate in range(replicates))
    rows = []
    for (side, size), group in found.groupby(["side", "size"], sort=False):
        active = group[group["traded"]]
        rows.append(
            {
                "side": side,
                "size": size,
                "people": len(group) / replicates,
                "traded": group["traded"].mean(),
                "mean": active["monthly"].mean(),
                "median": active["monthly"].median(),
                "below": active["below"].mean(),
                "unlucky": (active["below"] & active["lost"]).mean(),
            }
        )
    return pd.DataFrame(rows)


def _of_one(scenario: Scenario, seed: int, replicate: int) -> pd.DataFrame:
    """A row for each person of a replicate."""
    outcome = simulate(scenario, seed, replicate)
    world, traders = outcome.world, outcome.state.traders
    banks = (scenario.sides.inner.label, scenario.sides.outer.label)
    sizes = [one.label for one in scenario.traders.sizes.values()]
    return pd.DataFrame(
        {
            "side": np.array(banks)[sides(world)],
            "size": np.array(sizes)[world.traits["size_class"]],
            "traded": traders["cash"] != 0.0,
            "monthly": traders["cash"] * DAYS_IN_MONTH / len(world.days),
            "below": traders["cash"] < 0.0,
            "lost": traders["loss_day"] != NEVER,
        }
    )
