"""A scenario held against observations: moves between windows, paths, and scores of forecasts.

Nothing is fitted: the scenario is simulated as it stands, and what came is set beside it and beside
forecasts that know nothing of it. Whoever writes a scenario says what it was fitted to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault, nearest
from amnok.progress import Progress
from amnok.results.observations import Observations, check_against, is_price
from amnok.scenario import Scenario
from amnok.studies.scoring import scores
from amnok.studies.scoring.copying import COPY, copied, models
from amnok.studies.scoring.ensemble import ensemble
from amnok.studies.scoring.forecast import KEY, Forecast, ForecastTask, asking, check_one_source
from amnok.studies.scoring.windows import MOVES, moved, pair_of, within
from amnok.table import Sheet, Shown, Table

Array = NDArray[np.float64]
_MIDDLE = scores.LEVELS.index(0.5)
_LOW, _HIGH = scores.LEVELS.index(0.025), scores.LEVELS.index(0.975)


@dataclass(frozen=True, repr=False)
class Held(Shown):
    """What a scenario and the naive forecasts say of some observations, and what came.

    Attributes:
        moves: of each series between each pair of windows, a row each (`windows.MOVES`).
        forecast: from the origin on; None if only moves between windows were asked for.
        members: of the model's ensemble.
        left_out: rows of observations after the last day that could be held.
    """

    moves: pd.DataFrame
    forecast: Forecast | None
    members: int
    left_out: int

    def paths(self) -> pd.DataFrame:
        """Every row from the origin on: KEY, days, observed, model with low and high (95% of its
        members), ratio (model over observed), and the middle of each naive forecast."""
        if self.forecast is None:
            return pd.DataFrame()
        rows, found = self.forecast.rows, self.forecast.quantiles
        (model, ahead), *naive = found.items()
        table = rows.rename(columns={"value": "observed"}).assign(
            **{model: ahead[_MIDDLE], "low": ahead[_LOW], "high": ahead[_HIGH]}
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            table["ratio"] = table[model] / table["observed"]
        told: pd.DataFrame = table.assign(**{name: each[_MIDDLE] for name, each in naive})
        return told

    def errors(self) -> pd.DataFrame:
        """Mean error of the logarithm from the origin on, a row for each series and the last for
        the mean over series: KEY, n (rows that all these forecasts have), and each forecast.

        The error is the absolute difference of the logarithms of the middle and of what came: of
        prices as they are, of all else of one plus the value, as there may be none. A forecast
        that has too short a past for a series is left out there, and of the mean over all.
        """
        if self.forecast is None:
            return pd.DataFrame()
        names = list(self.forecast.quantiles)
        table = self.paths().dropna(subset=["observed"])
        of_prices = table["series"].map(is_price).to_numpy(dtype=bool)[:, np.newaxis]
        values = table[["observed", *names]].to_numpy(dtype=np.float64)
        with np.errstate(divide="ignore"):
            logs = np.where(of_prices, np.log(values), np.log1p(values))
        off = pd.DataFrame(np.abs(logs[:, 1:] - logs[:, :1]), table.index, names)
        by = pd.concat([table[KEY], off.assign(n=1)], axis=1).groupby(KEY, sort=False)
        each = by[names].mean().assign(n=by["n"].sum()).reset_index()[[*KEY, "n", *names]]
        if len(each) > 1:
            mean = each[names].mean(skipna=False)
            whole = {**dict.fromkeys(KEY, ""), "series": "all", "n": each["n"].sum(), **mean}
            each = pd.concat([each, pd.DataFrame([whole])], ignore_index=True)
        return each

    def sheet(self) -> Sheet:
        """Moves, and errors of the logarithm."""
        found = {"Moves between windows": self.moves, "Errors of the logarithm": self.errors()}
        tables = (Table.of_frame(name, one, f"all of {name}") for name, one in found.items())
        title = f"Held against observations, {self.members} members"
        return Sheet(title, tuple(one for one in tables if one.rows))


def hold(
    scenario: Scenario,
    observations: Observations,
    since: dt.date | None = None,
    until: dt.date | None = None,
    *,
    moves: bool = False,
    between: Sequence[Any] = (),
    relative_to: str | None = None,
    replicates: int = 50,
    draws: int = 0,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Held:
    """Hold a scenario against observations.

    Args:
        scenario: the border as it stands.
        observations: what was seen; rows before the scenario's period are a past that naive
            forecasts know, and rows after its end are counted and left out.
        since: score from this day on; the period's first if no windows are asked for.
        until: to this day, at most the period's last.
        moves: let the model forecast only how a series moves, as for `score`.
        between: pairs of windows, each a pair or a text `EARLIER:LATER`; a window is `FIRST/LAST`,
            two days, or the name of a phase: how did each series move from one to the other?
        relative_to: a place: also how every other place moved over this one, which is then the one
            that is copied.
        replicates: members with the scenario's own numbers, if draws is 0.
        draws: members with numbers drawn from all priors.
        seed: of the people, and of the draws.
        threads: at most so many members at once.
        progress: called with days done and days in all.

    Raises:
        AmnokError: a row that the border has nothing for, or nothing to hold it against.
    """
    check_against(observations, scenario, dated=False)
    pairs = [pair_of(one, scenario) for one in between]
    _check_place(relative_to, observations)
    for _, series in observations.rows.groupby(KEY, sort=False):
        check_one_source(series.sort_values("date_from", kind="stable"), observations.file)
    last = min(until or scenario.period.end, scenario.period.end)
    known = observations.within(dt.date.min, last)
    asked: ForecastTask | None = None
    if since is not None or not pairs:
        asked = asking(known, scenario, since or scenario.period.start, None, moves)
    windows = within(known, pairs)
    parts = [*([asked.needed] if asked else []), *([windows] if pairs else [])]
    needed = pd.concat(parts, ignore_index=True)
    members, refused = ensemble(scenario, needed, replicates, draws, seed, threads, progress)
    n_asked = len(asked.needed) if asked else 0
    copies = models(known.rows, relative_to)
    told = moved(pairs, known, windows, members[:, n_asked:], relative_to, copies)
    forecast = None
    if asked:
        forecast = _with_copy(asked.forecast(members[:, :n_asked], refused), known, asked, copies)
    left_out = len(observations.rows) - len(known.rows)
    return Held(pd.DataFrame(told, columns=list(MOVES)), forecast, len(members), left_out)


def _with_copy(
    forecast: Forecast,
    known: Observations,
    asked: ForecastTask,
    copies: dict[tuple[object, ...], tuple[object, ...]],
) -> Forecast:
    found = copied(forecast.rows, known.rows, asked.since, copies)
    if not np.isfinite(found).any():
        return forecast
    return replace(forecast, quantiles={**forecast.quantiles, COPY: found})


def _check_place(place: str | None, observations: Observations) -> None:
    places = [one for one in observations.rows["place"].unique() if one]
    if place is not None and place not in places:
        problem = f"holds nothing of a place '{place}'"
        raise AmnokError(Fault(problem, nearest(place, places), file=observations.file))
