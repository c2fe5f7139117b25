"""Prices as predicted and as observed, from a day on after which nothing was fitted.

Levels cannot be compared (other currency, other units, and rice is not all grain); what can is how
each market's price moved since that day, beside two forecasts that know nothing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.engine import simulate
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.results.threads import Days, compile_engine, cores, days_of, in_order
from amnok.scenario import Scenario
from amnok.scenario.table import date, number, read_table
from amnok.world.places import INNER

FORECASTS = ("model", "no change", "same jump everywhere")


@dataclass(frozen=True)
class Prices:
    """Moves of prices since a day: each is a price over the same market's price on that day.

    Attributes:
        since: the day, and `base`: the observation at or before it that moves start from.
        moves: one row for each observation after it; columns date, market, observed, low, high (of
            the model's replicates: their 2.5% and 97.5% points), and one for each of FORECASTS.
    """

    since: dt.date
    base: dict[str, pd.Timestamp]
    moves: pd.DataFrame

    @property
    def first(self) -> pd.DataFrame:
        """The rows of the first observed day after `since` that all markets have."""
        counts = self.moves.groupby("date")["market"].nunique()
        whole = counts[counts == self.moves["market"].nunique()]
        rows: pd.DataFrame = self.moves[self.moves["date"] == whole.index.min()]
        return rows

    def errors(self) -> pd.DataFrame:
        """Mean absolute error of the logarithm, [market, forecast], and over all markets."""
        logs = {
            name: (np.log(self.moves[name]) - np.log(self.moves["observed"])).abs()
            for name in FORECASTS
        }
        table = pd.DataFrame(logs).groupby(self.moves["market"], sort=False).mean()
        table.loc["all markets"] = table.mean()
        return table

    def gap(self, high: str, low: str) -> pd.DataFrame:
        """How much more one market's price moved than another's, [date; observed and forecasts]."""
        columns = ["observed", *FORECASTS]
        by = self.moves.set_index(["date", "market"])[columns]
        ahead: Any = by.xs(high, level="market")
        behind: Any = by.xs(low, level="market")
        gap: pd.DataFrame = (ahead / behind).dropna()
        return gap


def read_prices(file: Path) -> pd.DataFrame:
    """Observed prices: a CSV with the columns `date`, `market` and one of prices, in any order.

    Returns:
        Columns date (datetime64), market, price (above 0), by date.

    Raises:
        AmnokError: with every line that cannot be used.
    """
    table = read_table(file, "observation")
    named = [name for name in table.columns if name not in ("date", "market")]
    if len(table.columns) != 3 or len(named) != 1:
        problem = f"has the columns {', '.join(table.columns)}"
        fix = "needs date, market and one column of prices"
        raise AmnokError([Fault(problem, fix, file=table.file, line=table.line)])
    found = pd.DataFrame(
        {
            "date": pd.to_datetime(pd.Series(table.values("date", date))),
            "market": table.values("market", _market),
            "price": table.values(named[0], _price),
        }
    )
    table.check()
    return found.sort_values("date", kind="stable").reset_index(drop=True)


def _market(text: str) -> str:
    if not text:
        raise ValueError("is empty", "name a market")
    return text


def _price(text: str) -> float:
    value = number(text)
    if value <= 0:
        raise ValueError(f"{text} is not a price", "write a price above 0")
    return value


def predicted(
    scenario: Scenario,
    goods: str,
    replicates: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[pd.DatetimeIndex, dict[str, NDArray[np.float64]]]:
    """The days, and the inner bank's price of some goods on each market, [replicate, day]."""
    if goods not in scenario.goods:
        known = ", ".join(scenario.goods)
        raise AmnokError([Fault(f"no goods '{goods}' in {scenario.name}", f"one of: {known}")])
    position = list(scenario.goods).index(goods)
    days = Days(replicates * days_of(scenario), progress)

    def work(number: int) -> NDArray[np.float64]:
        books = simulate(scenario, seed, number, on_days=days).books
        prices: NDArray[np.float64] = books.prices["price"][:, INNER, position]
        return prices

    compile_engine(scenario)
    by_market = np.stack(in_order(range(replicates), work, threads or cores(), days))
    start = pd.Timestamp(scenario.period.start)
    index = pd.date_range(start, periods=scenario.period.days)
    return index, {name: by_market[..., at] for at, name in enumerate(scenario.markets)}


def compared(
    observed: pd.DataFrame,
    days: pd.DatetimeIndex,
    model: Mapping[str, NDArray[np.float64]],
    since: dt.date,
) -> Prices:
    """Moves since a day, in the markets and on the days that both know.

    Raises:
        AmnokError: no market has an observation on or before that day and one after it.
    """
    start = pd.Timestamp(since)
    rows, base = [], {}
    for market, paths in model.items():
        seen = observed[(observed["market"] == market) & observed["date"].isin(days)]
        before, after = seen[seen["date"] <= start], seen[seen["date"] > start]
        if before.empty or after.empty:
            continue
        origin = before.iloc[-1]
        base[market] = origin["date"]
        moved = paths / paths[:, _day(days, origin["date"]), np.newaxis]
        for _, one in after.iterrows():
            of_day = moved[:, _day(days, one["date"])]
            low, high = np.quantile(of_day, [0.025, 0.975])
            rows.append(
                {
                    "date": one["date"],
                    "market": market,
                    "observed": one["price"] / origin["price"],
                    "low": low,
                    "high": high,
                    "model": of_day.mean(),
                    "no change": 1.0,
                }
            )
    if not rows:
        problem = f"no market of the scenario has prices on or before {since} and after it"
        raise AmnokError([Fault(problem, f"markets: {', '.join(model)}")])
    moves = pd.DataFrame(rows).sort_values(["date"], kind="stable").reset_index(drop=True)
    mean = np.log(moves["model"]).groupby(moves["date"]).transform("mean")
    moves["same jump everywhere"] = np.exp(mean)
    return Prices(since, base, moves)


def _day(days: pd.DatetimeIndex, date: pd.Timestamp) -> int:
    """Index of a date."""
    return (date - days[0]).days


def order_agrees(first: pd.DataFrame) -> float:
    """Share of the pairs of markets whose order by move is predicted; ties observed do not count.

    >>> order_agrees(pd.DataFrame({"observed": [1.4, 1.2, 1.2], "model": [1.5, 1.3, 1.1]}))
    1.0
    """
    seen, said = first["observed"].to_numpy(), first["model"].to_numpy()
    pairs = [
        (said[i] > said[j]) == (seen[i] > seen[j])
        for i in range(len(seen))
        for j in range(i)
        if not math.isclose(seen[i], seen[j], rel_tol=0.005)
    ]
    return float(sum(pairs) / len(pairs)) if pairs else math.nan
