"""The model's forecast of observed series, and its score beside the naive ones.

The days from an origin on are forecast: the model by its ensemble, the naive forecasts from what
was observed before. Nothing of a scenario may have been fitted to what comes after the origin; the
code cannot know that, so whoever writes the scenario says it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.results.observations import (
    CELLS,
    Observations,
    given_observations,
    is_level,
)
from amnok.scenario import Scenario, load
from amnok.scenario.loading import Given
from amnok.scenario.overrides import Sets
from amnok.studies.scoring import scores
from amnok.studies.scoring.ensemble import ensemble
from amnok.studies.scoring.naive import NAIVE
from amnok.table import Sheet, Shown, Table

Array = NDArray[np.float64]
MODEL = "model"
KEY = ["series", *CELLS]
PLACE = KEY.index("place")
Key = tuple[object, ...]  # what stands under KEY


@dataclass(frozen=True, repr=False)
class Forecast(Shown):
    """What was forecast of each row, and what came.

    Attributes:
        since: the origin: the first day that is forecast.
        rows: one for each period of a series: KEY, date_from, date_to, horizon (steps after the
            last observed), value (NaN where nothing was observed).
        quantiles: by forecast, [level, row] at `scores.LEVELS`; NaN where it has too short a past.
        members: of the model's ensemble.
        refused: draws from the priors that made no scenario.
    """

    since: dt.date
    rows: pd.DataFrame
    quantiles: dict[str, Array]
    members: int
    refused: int

    def sheet(self) -> Sheet:
        """Scores over all series."""
        title = f"{len(self.rows):,} rows forecast from {self.since} on, {self.members} members"
        return Sheet(title, (Table.of_frame("Scores", self.scores(), ".scores()"),))

    def scores(self, by: Sequence[str] = ()) -> pd.DataFrame:
        """Scores of each forecast over the observed rows that it has: all, or by columns of `rows`.

        A forecast that needs a longer past than a series has is left out there: compare forecasts
        of different n by `relative`, which holds each against the last value on the same rows.

        Columns: `by`, forecast, n (rows), wis (mean weighted interval score, in the unit of the
        series), relative (geometric mean over series of its ratio to the last value's), log_wis
        (the same score of the logarithm of one plus the value), and the share of rows within the
        50%, 80% and 95% intervals.
        """
        each = pd.concat([self._each(name) for name in self.quantiles], ignore_index=True)
        found = [
            {**dict(zip(by, _tuple(key), strict=False)), **_summary(part)}
            for key, part in each.groupby([*by, "forecast"], sort=False)
        ]
        return pd.DataFrame(found, columns=None if found else [*by, "forecast", "n"])

    def _each(self, name: str) -> pd.DataFrame:
        observed = self.rows["value"].to_numpy(dtype=np.float64)
        there = np.isfinite(observed) & np.isfinite(self.quantiles[name]).all(axis=0)
        forecast, observed = self.quantiles[name][:, there], observed[there]
        score = scores.weighted_interval_score
        table: pd.DataFrame = self.rows.loc[there, KEY].assign(
            forecast=name,
            wis=score(forecast, observed),
            log_wis=score(np.log1p(forecast), np.log1p(observed)),
            last=score(self.quantiles[NAIVE[0].label][:, there], observed),
        )
        for coverage in scores.COVERAGES:
            table[f"in_{coverage:.0%}"] = scores.covered(forecast, observed, coverage)
        return table

    def tidy(self) -> pd.DataFrame:
        """Every quantile of every forecast, a row each: columns of `rows`, forecast, level, value.

        `value` is the quantile; what came is `observed`.
        """
        parts = []
        for name, forecast in self.quantiles.items():
            long = self.rows.rename(columns={"value": "observed"}).loc[
                np.repeat(np.arange(len(self.rows)), len(scores.LEVELS))
            ]
            levels = np.tile(scores.LEVELS, len(self.rows))
            parts.append(long.assign(forecast=name, level=levels, value=forecast.T.ravel()))
        return pd.concat(parts, ignore_index=True)


def _tuple(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)


def _summary(part: pd.DataFrame) -> dict[str, object]:
    by_series = part.groupby(KEY, sort=False)[["wis", "last"]].mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(by_series["wis"] / by_series["last"])
    inside = [f"in_{coverage:.0%}" for coverage in scores.COVERAGES]
    return {
        "forecast": part["forecast"].iloc[0],
        "n": len(part),
        "wis": part["wis"].mean(),
        "relative": float(np.exp(ratio[np.isfinite(ratio)].mean())),
        "log_wis": part["log_wis"].mean(),
        **{name: part[name].mean() for name in inside},
    }


@verb
def score(
    scenario: Given,
    data: Observations | pd.DataFrame | str | os.PathLike[str],
    since: str | dt.date,
    until: str | dt.date | None = None,
    *,
    moves: bool = False,
    seed: int = 1,
    replicates: int = 20,
    draws: int = 0,
    sets: Sets | None = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Forecast the series of some observations from a day on.

    Args:
        scenario: the border, its name or file; its period reaches from the origin to the last day.
        data: observations of the past, and as far as they are known of what is forecast: a file, or
            a table of the same columns (`amnok.results.observations`).
        since: the origin; periods that begin on it or later are forecast.
        until: also forecast periods up to this day that nobody has observed yet.
        moves: let the model forecast only how a series moves: each member is scaled to meet what
            was observed before the origin, the last of a level and the last year of a flow. For
            units that the model does not share, and for levels that nobody knows.
        seed: of the people, and of the draws from priors.
        replicates: members of the ensemble with the scenario's own numbers, if draws is 0.
        draws: members of the ensemble, each with numbers drawn from all priors.
        sets: overrides, as for `load`.
        threads: at most so many members at once.
        progress: called with days done and days in all.

    Raises:
        AmnokError: a row that the border has nothing for, or nothing to forecast.
    """
    scenario = load(scenario, sets)
    observations = given_observations(data, scenario, dated=False)
    assert isinstance(since, dt.date)
    assert until is None or isinstance(until, dt.date)
    asked = asking(observations, scenario, since, until, moves)
    members, refused = ensemble(scenario, asked.needed, replicates, draws, seed, threads, progress)
    return asked.forecast(members, refused)


@dataclass(frozen=True)
class ForecastTask:
    """What is to be forecast from some observations, and what each forecast may see.

    Attributes:
        since: the origin.
        rows: as in `Forecast`.
        needed: the rows, and after them those that members are scaled by, if only moves are asked.
        pasts: of each series what was observed before the origin, and how many steps make a year.
        moves: whether members are scaled.
        file: where the observations come from.
    """

    since: dt.date
    rows: pd.DataFrame
    needed: pd.DataFrame
    pasts: dict[tuple[object, ...], tuple[Array, int]]
    moves: bool
    file: str

    def forecast(self, members: Array, refused: int) -> Forecast:
        """The model's forecast and the naive ones.

        Args:
            members: what each member has for the rows needed, [member, row].
            refused: draws that made no scenario.

        Raises:
            AmnokError: nothing that a series could be scaled by.
        """
        rows = self.rows
        if self.moves:
            members = _scaled(members, self.needed, len(rows), self.file)
        known = {MODEL: scores.quantiles(members)}
        for naive in NAIVE:
            known[naive.label] = np.full((len(scores.LEVELS), len(rows)), np.nan)
        for key, part in rows.groupby(KEY, sort=False):
            past, year = self.pasts[_tuple(key)]
            for naive in NAIVE:
                ahead = part["horizon"].to_numpy()
                known[naive.label][:, part.index] = naive.quantiles(past, ahead, year)
        return Forecast(self.since, rows, known, len(members), refused)


def asking(
    observations: Observations,
    scenario: Scenario,
    since: dt.date,
    until: dt.date | None,
    moves: bool,
) -> ForecastTask:
    """What is to be forecast from a day on.

    Raises:
        AmnokError: nothing, days outside the scenario's period, or a period told by two sources.
    """
    if until is not None and until < since:
        raise AmnokError(Fault(f"until is {until}, before {since}", "a later day, or none"))
    rows, pasts = _split(observations, since, until)
    if rows.empty:
        problem = f"holds nothing from {since} on to forecast"
        raise AmnokError(
            Fault(problem, "an earlier origin, or a later end", file=observations.file)
        )
    _check_days(rows, scenario, observations.file)
    past = [_past_rows(observations, scenario, since)] if moves else []
    return ForecastTask(since, rows, pd.concat([rows, *past]), pasts, moves, observations.file)


def _split(
    observations: Observations, since: dt.date, until: dt.date | None
) -> tuple[pd.DataFrame, dict[tuple[object, ...], tuple[Array, int]]]:
    """Rows to forecast, and of each series what was observed before and how long a year is."""
    parts, pasts = [], {}
    origin = pd.Timestamp(since)
    for key, series in observations.rows.groupby(KEY, sort=False):
        ordered = series.sort_values("date_from", kind="stable")
        check_one_source(ordered, observations.file)
        before = ordered[ordered["date_to"] < origin]
        step = step_of(ordered["date_from"])
        pasts[_tuple(key)] = latest(before, step), max(round(365.25 / step), 1)
        ahead = ordered[ordered["date_from"] >= origin]
        if until is not None:
            ahead = pd.concat([ahead, pd.DataFrame(_unseen(ordered, origin, until))])
        first = before["date_from"].iloc[-1] if len(before) else origin - pd.Timedelta(days=step)
        gaps = (ahead["date_from"] - first).dt.days / step
        parts.append(ahead.assign(horizon=np.maximum(gaps.round().astype(np.int64), 1)))
    parts = parts or [observations.rows.assign(horizon=0)]
    rows = pd.concat(parts, ignore_index=True)[[*KEY, "date_from", "date_to", "horizon", "value"]]
    return rows, pasts


def _past_rows(observations: Observations, scenario: Scenario, since: dt.date) -> pd.DataFrame:
    """Of each series what its members are scaled by: the last row before the origin of a level; of
    a flow those of the year before it that the scenario's period holds."""
    rows, origin = observations.rows, pd.Timestamp(since)
    first = max(origin - pd.DateOffset(years=1), pd.Timestamp(scenario.period.start))
    ordered = rows[rows["date_to"] < origin].sort_values("date_from", kind="stable")
    levels = ordered["series"].map(is_level).astype(bool)
    last = ordered[levels].groupby(KEY, sort=False).tail(1)
    year = ordered[~levels & (ordered["date_from"] >= first)]
    return pd.concat([last, year]).assign(horizon=0)


def _scaled(members: Array, asked: pd.DataFrame, n_rows: int, file: str) -> Array:
    """Members, [member, row], each scaled to meet what was observed of its series before.

    A member that had nothing then cannot be scaled, and is NaN.

    Raises:
        AmnokError: a series has no observation before the origin, or the model nothing on its days.
    """
    keys = [tuple(key) for key in asked[KEY].itertuples(index=False)]
    past: dict[tuple[object, ...], list[int]] = {}
    for at, key in enumerate(keys[n_rows:], start=n_rows):
        past.setdefault(key, []).append(at)
    faults = []
    scaled = np.empty((len(members), n_rows))
    for at, key in enumerate(keys[:n_rows]):
        known = members[:, past.get(key, [])].sum(axis=1)
        if np.count_nonzero(known > 0) < 2:
            problem = f"{key[0]} has no observation before the origin that the model shows too"
            faults.append(Fault(problem, "an earlier start, or no --moves", file=file))
            continue
        observed = float(asked["value"].iloc[past[key]].sum())
        factor = np.divide(observed, known, out=np.full(len(known), np.nan), where=known > 0)
        scaled[:, at] = members[:, at] * factor
    if faults:
        raise AmnokError(dict.fromkeys(faults))
    return scaled


def step_of(starts: pd.Series[pd.Timestamp]) -> float:
    """Days from one period of a series to the next."""
    gaps = starts.drop_duplicates().diff().dt.days.dropna()
    return max(float(gaps.median()), 1.0) if len(gaps) else 30.4375


def latest(before: pd.DataFrame, step: float) -> Array:
    """Values since the last gap in a series."""
    gaps = before["date_from"].diff().dt.days.to_numpy()
    breaks = np.flatnonzero(gaps > 1.5 * step)
    start = int(breaks[-1]) if len(breaks) else 0
    return before["value"].to_numpy(dtype=np.float64)[start:]


def _unseen(
    ordered: pd.DataFrame, origin: pd.Timestamp, until: dt.date
) -> Iterator[dict[str, object]]:
    """Periods after the last of a series, as long as the last, up to a day."""
    last = ordered.iloc[-1]
    start, end, value = last["date_from"], last["date_to"], float("nan")
    same = {name: last[name] for name in KEY}
    is_monthly = start.day == 1 and (end + pd.Timedelta(days=1)).day == 1
    length = end - start + pd.Timedelta(days=1)
    months = round(length.days / 30.4375)
    while True:
        start = end + pd.Timedelta(days=1)
        end = (
            start + (pd.DateOffset(months=months) if is_monthly else length) - pd.Timedelta(days=1)
        )
        if end > pd.Timestamp(until):
            return
        if start >= origin:
            yield {**same, "date_from": start, "date_to": end, "value": value}


def check_one_source(series: pd.DataFrame, file: str) -> None:
    """Refuse two numbers for one period: only one can be forecast."""
    twice = series[series["date_from"].duplicated()]
    if len(twice):
        row = twice.iloc[0]
        problem = f"two sources tell {row['series']} from {row['date_from'].date()} on"
        fix = "keep the rows of the source that is to be forecast"
        raise AmnokError(Fault(problem, fix, "source", file, int(row["line"]) or None))


def _check_days(rows: pd.DataFrame, scenario: Scenario, file: str) -> None:
    first, last = rows["date_from"].min().date(), rows["date_to"].max().date()
    period = scenario.period
    if first < period.start or last > period.end:
        problem = f"{first} to {last} is to be forecast, {scenario.name} ends on {period.end}"
        if first < period.start:
            problem = f"{first} to {last} is to be forecast, {scenario.name} begins {period.start}"
        raise AmnokError(Fault(problem, "--set period.end=... or period.start=...", file=file))
