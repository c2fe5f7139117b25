"""The same series at another place as a forecast: hindsight, and the hardest to beat.

What another place shows on a day is known on that day only, so this is no forecast that anybody
could have made. A model of places that cannot beat it says nothing that one place does not tell of
the others.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.studies.scoring.forecast import KEY, PLACE, Key
from amnok.studies.scoring.naive import LAST_VALUE, RANDOM_WALK, predictive
from amnok.studies.scoring.scores import LEVELS

Array = NDArray[np.float64]
COPY = "copy of another place"
_DAYS = ["date_from", "date_to"]


def models(rows: pd.DataFrame, over: str | None = None) -> dict[Key, Key]:
    """Which series each is a copy of: the same of another place, by KEY.

    It is that of the place `over`, else of the place with which it shares most periods (the first
    in the table, if several do).
    """
    periods = {
        key: set(part[_DAYS].itertuples(index=False, name=None))
        for key, part in rows.groupby(KEY, sort=False)
    }
    found: dict[Key, Key] = {}
    for key, own in periods.items():
        others = [one for one in periods if key[PLACE] and _is_elsewhere(one, key)]
        shared = {one: len(own & periods[one]) for one in others}
        best = max(others, key=lambda one: (one[PLACE] == over, shared[one]), default=None)
        if best is not None:
            found[key] = best
    return found


def _is_elsewhere(one: Key, key: Key) -> bool:
    """Whether two series differ in nothing but their places."""
    place = one[PLACE]
    return bool(place) and place != key[PLACE] and _at(key, place) == one


def _at(key: Key, place: object) -> Key:
    return (*key[:PLACE], place, *key[PLACE + 1 :])


def copied(
    rows: pd.DataFrame, observed: pd.DataFrame, since: dt.date, copies: dict[Key, Key]
) -> Array:
    """Quantiles at LEVELS, [level, row], of moves that are those of another place since the origin.

    The gap between the two is a random walk, or stays as it was where its past is too short. NaN
    where there is no other place, or it was not observed in that period.

    Args:
        rows: what is forecast, as in `Forecast`.
        observed: all that was observed, before the origin and after.
        since: the origin.
        copies: of `models`.
    """
    found = np.full((len(LEVELS), len(rows)), np.nan)
    series = {
        key: np.log1p(part.set_index(_DAYS)["value"]).sort_index()
        for key, part in observed.groupby(KEY, sort=False)
    }
    for key, part in rows.groupby(KEY, sort=False):
        if key not in copies:
            continue
        other = series[copies[key]]
        gap = (series[key] - other).dropna()
        past = gap[gap.index.get_level_values("date_to") < pd.Timestamp(since)].to_numpy()
        if not len(past):
            continue
        naive = RANDOM_WALK if len(past) >= RANDOM_WALK.least else LAST_VALUE
        middle, spread = naive.logs(past, part["horizon"].to_numpy(), 1)
        there = other.reindex(pd.MultiIndex.from_frame(part[_DAYS])).to_numpy()
        found[:, part.index] = predictive(there + middle, spread)
    return found
