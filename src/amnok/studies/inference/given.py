"""Worlds given what was observed: a border with parameters, and a structure, from a posterior.

The draws are those that `infer` saved, moved towards the observation; their values are made to fit
each other as draws from the priors are. All of it holds if the model is right.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault
from amnok.results.store import Store
from amnok.scenario import Scenario
from amnok.scenario.loading import load_text
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import with_values
from amnok.scenario.priors import fitted
from amnok.studies.inference.banks import digest_of_model
from amnok.studies.inference.hidden import POSTERIOR, draws_of
from amnok.studies.inference.worlds import VARIANT, Worlds, worlds_of
from amnok.studies.sweeps.design import Value
from amnok.studies.sweeps.work import left_open

_DAY_0 = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class PosteriorDraws:
    """Draws from a posterior, one for each replicate of a study.

    Attributes:
        base: the border as it is.
        arms: it, and the border under each policy.
        worlds: as `worlds_of` has them.
        draws: values by path, and the number of the variant, [draw].
    """

    base: Scenario
    arms: Mapping[str, Scenario]
    worlds: Worlds
    draws: pd.DataFrame

    def __call__(self, number: int, world: Scenario) -> Scenario:
        """An arm in the world of a draw. What a policy or a variant sets stays as it sets it."""
        policy = next(name for name, one in self.arms.items() if one is world)
        row = self.draws.iloc[number]
        under = self.worlds[policy, int(row[VARIANT])]
        known = dict(self.base.parameters())
        told = {
            str(path): _value(float(value), known[str(path)].value)
            for path, value in row.items()
            if path != VARIANT
        }
        return with_values(under, left_open(fitted(self.base, told), self.base, under))


def _value(number: float, like: float | dt.date) -> Value:
    """A date from days since 1970 where the parameter is one."""
    return _DAY_0 + dt.timedelta(days=round(number)) if isinstance(like, dt.date) else number


def drawn(
    posterior: str | os.PathLike[str],
    base: Scenario,
    arms: Mapping[str, Scenario],
    n: int,
    seed: int,
) -> PosteriorDraws:
    """Draws from a saved posterior.

    Args:
        posterior: folder that `infer` saved.
        base: the border that was inferred.
        arms: it under policies, by name.
        n: how many draws; weights are followed as closely as so many can (systematic resampling).
        seed: of the draws.

    Raises:
        AmnokError: the folder holds no posterior, or that of another border or version.
    """
    store = Store.open(posterior, POSTERIOR)
    about = store.manifest.about
    if about["model"] != digest_of_model(base):
        problem = f"is not of {base.name} as it is now"
        raise AmnokError([Fault(problem, POSTERIOR.again, file=str(store.path))])
    table = draws_of(store)
    known = {path for path, _ in base.parameters()}
    columns = [VARIANT, *(path for path in table if path in known)]
    variants = {}
    if len(about["variants"]) > 1:
        if not isinstance(about["variants"], Mapping):  # names alone, as was saved at first
            problem = "does not hold the structures that it is of"
            raise AmnokError([Fault(problem, POSTERIOR.again, file=str(store.path))])
        texts = about["variants"].items()
        variants = {name: load_text(text, name) for name, text in texts if name != BASE}
    rows = _systematic(table["weight"].to_numpy(), n, np.random.default_rng([seed, 35]))
    draws = table.iloc[rows][columns].reset_index(drop=True)
    return PosteriorDraws(base, {BASE: base, **arms}, worlds_of(base, arms, variants), draws)


def _systematic(
    weights: NDArray[np.float64], n: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Rows by their weights, each as often as its weight says give or take one; in random order."""
    ends = np.cumsum(weights) / weights.sum()
    places = (np.arange(n) + rng.random()) / n
    return rng.permutation(np.minimum(np.searchsorted(ends, places), len(weights) - 1))
