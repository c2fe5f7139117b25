"""How series moved from one stretch of days to a later one: as observed, as modelled, as naive."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import day, wrong
from amnok.errors import AmnokError, Fault, nearest
from amnok.results.observations import Observations, is_level
from amnok.scenario import Scenario
from amnok.studies.scoring.forecast import KEY, PLACE, Key, latest, step_of
from amnok.studies.scoring.naive import RANDOM_WALK

Array = NDArray[np.float64]
SAME, OPPOSITE, NEITHER = "as observed", "opposite", "open"
FORECASTS = ("model", "no_change", "copy", "year_before")
MOVES = (
    *KEY,
    *("from", "to", "rows", "observed", "model", "low", "high"),
    *("no_change", "copy", "year_before", "walk_low", "walk_high"),
    *("sign", "of_size", "nearest"),
)
"""Columns of moves, as ratios of the later window over the earlier: KEY; the windows; `rows` of
observations in both; what was observed; the mean of the model's members with the range of 95% of
them; the naive ones (1, that of another place, the observed one a year before, the range of 95% of
a random walk); whether the model's sign is that observed; its size as a share of that observed (of
logarithms); and which of FORECASTS came nearest."""
_YEAR = pd.DateOffset(years=1)
_TIE = 5e-4  # a move that prints as 0.0%


@dataclass(frozen=True)
class ScoredWindow:
    """Days from one to another, both counted."""

    first: pd.Timestamp
    last: pd.Timestamp

    def __str__(self) -> str:
        return f"{self.first.date()}/{self.last.date()}"

    def holds(self, rows: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows lie in it whole, [row]."""
        inside = (rows["date_from"] >= self.first) & (rows["date_to"] <= self.last)
        return inside.to_numpy(dtype=bool)

    @property
    def centre(self) -> pd.Timestamp:
        """The day in its middle."""
        return self.first + (self.last - self.first) / 2

    def year_before(self) -> ScoredWindow:
        """The same days of the year before."""
        return ScoredWindow(self.first - _YEAR, self.last - _YEAR)


@dataclass(frozen=True)
class WindowPair:
    """A window and a later one."""

    base: ScoredWindow
    later: ScoredWindow

    def year_before(self) -> WindowPair:
        """The same of the year before."""
        return WindowPair(self.base.year_before(), self.later.year_before())


def pair_of(given: Any, scenario: Scenario) -> WindowPair:
    """Two windows as somebody gives them: a text `EARLIER:LATER`, or a pair.

    Each is `FIRST/LAST`, two days, or the name of a phase.

    Raises:
        AmnokError: these are no such windows, outside the scenario's period, or in no order.
    """
    parts = given.split(":") if isinstance(given, str) else given
    if not isinstance(parts, Sequence) or len(parts) != 2:
        fix = "EARLIER:LATER, each FIRST/LAST or a phase"
        raise wrong("between", given, fix)
    pair = WindowPair(*(_window(one, scenario) for one in parts))
    if pair.later.first <= pair.base.last:
        problem = f"{pair.later} does not lie after {pair.base}"
        raise AmnokError(Fault(problem, "the earlier window first, and no day in both"))
    return pair


def _window(given: Any, scenario: Scenario) -> ScoredWindow:
    phases = scenario.phases
    if isinstance(given, str) and given in phases:
        days: Sequence[Any] = (phases[given].start, phases[given].end)
    else:
        days = given.split("/") if isinstance(given, str) else given
    if not isinstance(days, Sequence) or isinstance(days, str) or len(days) != 2:
        guess = nearest(str(given), phases) if isinstance(given, str) and phases else ""
        fix = guess or "write FIRST/LAST, such as 2019-04-01/2019-05-31"
        raise AmnokError(Fault(f"{given!r} is neither a window nor a phase", fix))
    first, last = (day(one) for one in days)
    if last < first:
        raise AmnokError(Fault(f"{first}/{last} ends before it begins", "swap the two days"))
    period = scenario.period
    if first < period.start or last > period.end:
        problem = f"{first}/{last} is not within {scenario.name}"
        raise AmnokError(Fault(problem, f"days from {period.start} to {period.end}"))
    return ScoredWindow(pd.Timestamp(first), pd.Timestamp(last))


def within(observations: Observations, pairs: Sequence[WindowPair]) -> pd.DataFrame:
    """The rows of observations that lie in any of the windows.

    Raises:
        AmnokError: with every window in which none lies.
    """
    rows = observations.rows
    chosen = np.zeros(len(rows), dtype=bool)
    empty: list[Fault] = []
    for one in dict.fromkeys(each for pair in pairs for each in (pair.base, pair.later)):
        inside = one.holds(rows)
        chosen |= inside
        if not inside.any():
            fix = "days that it holds, or other windows"
            empty.append(Fault(f"holds no observation within {one}", fix, file=observations.file))
    if empty:
        raise AmnokError(empty)
    return rows[chosen].reset_index(drop=True)


def moved(
    pairs: Sequence[WindowPair],
    observations: Observations,
    rows: pd.DataFrame,
    members: Array,
    over: str | None,
    copies: dict[Key, Key],
) -> list[dict[str, Any]]:
    """How each series moved in each pair of windows, and with `over` each place over that one.

    Args:
        pairs: the windows.
        observations: all that was observed, for the years before.
        rows: those in any window.
        members: what each member has for these, [member, row].
        over: a place.
        copies: which series each is a copy of.
    """
    known = observations.rows
    if over is not None:
        more = _relative(known, np.empty((0, len(known))), over)[0]
        beside, ratios = _relative(rows, members, over)
        known = pd.concat([known, more], ignore_index=True)
        rows = pd.concat([rows, beside], ignore_index=True)
        members = np.concatenate([members, ratios], axis=1)
    found = []
    for pair in pairs:
        for key, part in rows.groupby(KEY, sort=False):
            base, later = (part[one.holds(part)] for one in (pair.base, pair.later))
            if len(base) and len(later):
                history = known[_is_of(known, key)]
                other = known[_is_of(known, copies[key])] if key in copies else known.iloc[:0]
                found.append(_move(key, pair, base, later, members, history, other))
    return found


def _is_of(rows: pd.DataFrame, key: Key) -> NDArray[np.bool_]:
    same = (rows[name] == value for name, value in zip(KEY, key, strict=True))
    found: NDArray[np.bool_] = np.all([one.to_numpy(dtype=bool) for one in same], axis=0)
    return found


def _relative(rows: pd.DataFrame, members: Array, over: str) -> tuple[pd.DataFrame, Array]:
    """Every other place's values over those of one, of the same periods; and its members'."""
    others = [one for one in KEY if one != "place"] + ["date_from", "date_to"]
    numbered = rows.assign(at=np.arange(len(rows)))
    base = numbered.loc[numbered["place"] == over, [*others, "at", "value"]]
    pairs = numbered[~numbered["place"].isin(["", over])].merge(
        base, on=others, suffixes=("", "_base")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        value = pairs["value"] / pairs["value_base"]
        ratios = members[:, pairs["at"]] / members[:, pairs["at_base"]]
    return pairs.assign(value=value, place=pairs["place"] + f" over {over}")[rows.columns], ratios


def _move(
    key: Key,
    pair: WindowPair,
    base: pd.DataFrame,
    later: pd.DataFrame,
    members: Array,
    history: pd.DataFrame,
    other: pd.DataFrame,
) -> dict[str, Any]:
    level = _is_level(key)
    observed = _ratio(history, pair, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        model = _of(members, later, level) / _of(members, base, level)
    low, high = np.nanquantile(model, [0.025, 0.975]) if np.isfinite(model).any() else (np.nan,) * 2
    walk_low, walk_high = _walk(history, pair, level)
    told = {
        **dict(zip(KEY, key, strict=True)),
        "from": str(pair.base),
        "to": str(pair.later),
        "rows": len(base) + len(later),
        "observed": observed,
        "model": float(np.nanmean(model)) if np.isfinite(model).any() else np.nan,
        "low": float(low),
        "high": float(high),
        "no_change": 1.0,
        "copy": _ratio(other, pair, level),
        "year_before": _ratio(history, pair.year_before(), level),
        "walk_low": walk_low,
        "walk_high": walk_high,
    }
    return {**told, **_judged(told)}


def _is_level(key: Key) -> bool:
    """Of one place over another, as of a level, the mean is taken."""
    return is_level(str(key[0])) or " over " in str(key[PLACE])


def _days(rows: pd.DataFrame) -> float:
    return float(((rows["date_to"] - rows["date_from"]).dt.days + 1).sum())


def _of(members: Array, rows: pd.DataFrame, level: bool) -> Array:
    """What each member has in a window, [member]: the mean, or of a flow the value a day."""
    values = members[:, rows.index]
    if level:
        there = np.isfinite(values).all(axis=0)
        return values[:, there].mean(axis=1) if there.any() else np.full(len(members), np.nan)
    return np.asarray(values.sum(axis=1) / _days(rows))


def _ratio(rows: pd.DataFrame, pair: WindowPair, level: bool) -> float:
    """The later window over the earlier one, as observed; NaN if either was not."""
    parts = [rows[one.holds(rows)] for one in (pair.base, pair.later)]
    if any(part.empty for part in parts):
        return float("nan")
    base, later = (
        part["value"].mean() if level else part["value"].sum() / _days(part) for part in parts
    )
    return float(later / base) if base else float("nan")


def _walk(history: pd.DataFrame, pair: WindowPair, level: bool) -> tuple[float, float]:
    """95% of a random walk from the middle of one window to that of the other.

    Its steps are those since the last gap before the end of the earlier window.
    """
    past = history[history["date_to"] <= pair.base.last].sort_values("date_from", kind="stable")
    step = step_of(past["date_from"])
    if not level:
        days = (past["date_to"] - past["date_from"]).dt.days + 1
        past = past.assign(value=past["value"] / days)
    values = latest(past, step)
    if len(values) < RANDOM_WALK.least or not (values > 0).all():
        return float("nan"), float("nan")
    steps = np.array([max(round((pair.later.centre - pair.base.centre).days / step), 1)])
    spread = 1.96 * RANDOM_WALK.logs(np.log(values), steps, 1)[1].item()
    return math.exp(-spread), math.exp(spread)


def _judged(told: dict[str, Any]) -> dict[str, Any]:
    """Sign, size and the nearest, from what a move is told to be."""
    with np.errstate(divide="ignore", invalid="ignore"):
        seen, model, low, high = np.log([told[one] for one in ("observed", "model", "low", "high")])
        off = {name: abs(float(np.log(told[name]) - seen)) for name in FORECASTS}
    sides = {_side(low), _side(high)}
    sign = NEITHER
    if len(sides) == 1 and _side(seen):
        sign = SAME if sides == {_side(seen)} else OPPOSITE
    there = {name: each for name, each in off.items() if np.isfinite(each)}
    return {
        "sign": sign,
        "of_size": float(model / seen) if _side(seen) and np.isfinite(seen) else float("nan"),
        "nearest": min(there, key=lambda name: there[name]) if there else "",
    }


def _side(log: float) -> int:
    return 0 if not abs(log) > _TIE else int(np.sign(log))
