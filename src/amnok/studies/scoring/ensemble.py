"""What each member of an ensemble has for rows of observations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.engine import simulate
from amnok.errors import AmnokError, Fault, ScenarioError
from amnok.progress import Progress
from amnok.results.ledgers import dataset
from amnok.results.modelled import modelled
from amnok.results.threads import (
    Days,
    check_memory,
    compile_engine,
    cores,
    days_of,
    in_order,
)
from amnok.scenario import Scenario
from amnok.scenario.overrides import with_values

Array = NDArray[np.float64]


def ensemble(
    scenario: Scenario,
    rows: pd.DataFrame,
    replicates: int,
    draws: int,
    seed: int,
    threads: int | None,
    progress: Progress | None,
) -> tuple[Array, int]:
    """What each member has for each row, [member, row], and how many draws were refused.

    Args:
        scenario: what is simulated.
        rows: of observations, days and cells.
        replicates: members with the scenario's own numbers, if draws is 0.
        draws: members with numbers drawn from all priors.
        seed: of the people, and of the draws.
        threads: at most so many members at once.
        progress: called with days done and days in all.

    Raises:
        AmnokError: fewer than two members make an ensemble.
    """
    variants = list(_drawn(scenario, draws, seed)) if draws else [scenario] * replicates
    usable = [(number, one) for number, one in enumerate(variants) if one is not None]
    if len(usable) < 2:
        raise AmnokError(Fault("an ensemble needs two members or more", "--replicates or --draws"))
    threads = threads or cores()
    check_memory(scenario, min(threads, len(usable)))
    days = Days(len(usable) * days_of(scenario), progress)
    only = {str(name) for name in rows["series"].unique()}

    def work(job: tuple[int, Scenario]) -> Array:
        number, variant = job
        outcome = simulate(variant, seed, number, on_days=days)
        values: Array = modelled(dataset(outcome, variant, seed, only), rows)[0]
        return values

    compile_engine(scenario)
    found = in_order(usable, work, threads, days)
    return np.stack(found), len(variants) - len(usable)


def _drawn(scenario: Scenario, draws: int, seed: int) -> Iterator[Scenario | None]:
    """The scenario with numbers from its priors, as often as asked; None where they do not fit."""
    from amnok.studies.sweeps.design import latin_hypercube

    paths = [path for path, _ in scenario.parameters() if not path.startswith("period.")]
    for point in latin_hypercube(scenario, paths, draws, seed):
        try:
            yield with_values(scenario, point.values)
        except ScenarioError:
            yield None
