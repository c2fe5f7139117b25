"""Worlds beside each other: the same people and draws, so what sets them apart is all that differs.

Source: common random numbers, Law 2015, ch. 11.2; potential outcomes, Rubin 1974.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.arguments import pair_of_days
from amnok.engine import Outcome, simulate
from amnok.engine.tally import Books, plain
from amnok.errors import AmnokError, Fault
from amnok.results.intervals import Array, interval_of_pairs
from amnok.results.outcomes import SIGNED
from amnok.results.threads import Days, check_memory, compile_engine, cores, in_order
from amnok.scenario import Scenario
from amnok.studies.persons import fates

Kept = TypeVar("Kept")
Span = tuple[dt.date, dt.date]
Window = tuple[str | dt.date | None, str | dt.date | None]
WHOLE: Window = (None, None)


@dataclass(frozen=True)
class Beside(Generic[Kept]):
    """A world beside the base.

    Attributes:
        kept: of each replicate.
        persons: [replicate, side, size, sector, fate]; `only_with` is only in this world.
        first_difference: the first day on which anything differs from the base, [replicate]; NaT
            for none.
    """

    kept: list[Kept]
    persons: xr.DataArray
    first_difference: xr.DataArray


def beside(
    base: Scenario,
    others: Sequence[Scenario],
    keep: Callable[[Outcome, Scenario], Kept],
    seed: int,
    replicates: int,
    days: Days,
    threads: int | None = None,
    at: Callable[[int, Scenario], Scenario] | None = None,
) -> tuple[list[Kept], list[Beside[Kept]]]:
    """Simulate a base and other worlds, and keep of each replicate no more than is asked for.

    Threads that replicates leave over simulate the base beside another world.

    Args:
        base: the world that the others are compared with.
        others: of the same places, sizes and days, perhaps without some section.
        keep: what is kept of one world of a replicate; called on any thread.
        seed: of all worlds.
        replicates: of each world, at least 1.
        days: told of simulated days; may stop this.
        threads: how many to use; all of the machine's by default.
        at: the world of a replicate, by its number, where each has parameters of its own.

    Returns:
        What is kept of the base, by replicate, and the other worlds.

    Raises:
        AmnokError: the machine has not enough memory.
        Stopped: `days` said so.
    """
    threads = threads or cores()
    check_memory(base, min(threads, replicates) * 2)

    def world(scenario: Scenario, number: int) -> tuple[Outcome, Kept]:
        mine = at(number, scenario) if at else scenario
        outcome = simulate(mine, seed, number, on_days=days)
        return outcome, keep(outcome, mine)

    def work(number: int) -> tuple[Kept, list[tuple[Kept, xr.DataArray, np.timedelta64]]]:
        with ThreadPoolExecutor(1) as aside:
            here = aside.submit(world, base, number)
            if threads <= replicates:  # none is left for a world of its own
                wait([here])
            found = [other(here, scenario, number) for scenario in others]
            return here.result()[1], found

    def other(
        base_of: Future[tuple[Outcome, Kept]], scenario: Scenario, number: int
    ) -> tuple[Kept, xr.DataArray, np.timedelta64]:
        there, kept = world(scenario, number)
        here, _ = base_of.result()
        return kept, fates(here, there, base), first_difference(here.books, there.books)

    compile_engine(base)
    found = in_order(range(replicates), work, threads, days)
    along = pd.RangeIndex(replicates, name="replicate")
    start = np.array(base.period.start, dtype="datetime64[ns]")
    worlds = []
    for parts in zip(*(parts for _, parts in found), strict=True):
        kept, persons, first = zip(*parts, strict=True)
        worlds.append(
            Beside(
                list(kept),
                xr.concat(persons, along, combine_attrs="override"),
                xr.DataArray(start + np.array(first), {"replicate": along}, ["replicate"]),
            )
        )
    return [kept for kept, _ in found], worlds


_DAILY = [name for name in Books._fields if name not in ("tips", "tip_count")]


def first_difference(one: Books, two: Books) -> np.timedelta64:
    """Days from the first of the period to the first on which any book differs; NaT if none does.

    What the world brings (how hard agencies work, halts, the river) is in no book: a lever moves
    that itself.
    """
    first = len(one.flow)
    for name in _DAILY:
        table, other = (plain(getattr(books, name)[:first]) for books in (one, two))
        differs = (table != other).any(axis=tuple(range(1, table.ndim)))
        if differs.any():
            first = int(np.argmax(differs))
    return np.timedelta64(first, "D") if first < len(one.flow) else np.timedelta64("NaT", "D")


@dataclass(frozen=True)
class Pair:
    """A number in two worlds.

    Attributes:
        where: its labels along the outcome's dimensions.
        one, two: its values in the base and in the other world, [replicate]; NaN for none.
        is_signed: it may lie below zero.
    """

    where: str
    one: Array
    two: Array
    is_signed: bool

    @property
    def complete(self) -> tuple[Array, Array]:
        """The replicates that have it in both."""
        both = np.isfinite(self.one) & np.isfinite(self.two)
        return self.one[both], self.two[both]

    @property
    def difference(self) -> tuple[float, float, float]:
        """The other world less the base: mean of pairs and 95% interval."""
        return interval_of_pairs(*self.complete, self.is_signed)


def pairs(values: xr.DataArray, along: str, base: str, other: str) -> Iterator[Pair]:
    """The numbers of an outcome in two worlds, a pair for each of its cells.

    Args:
        values: [replicate, ...], among its dimensions the one along which worlds lie.
        along: that dimension.
        base, other: the two.
    """
    cells = [str(dim) for dim in values.dims if dim not in (along, "replicate")]
    ordered = values.transpose(along, "replicate", *cells).to_numpy()
    worlds = list(map(str, values[along].to_numpy()))
    here, there = (
        ordered[worlds.index(world)].reshape(values.sizes["replicate"], -1)
        for world in (base, other)
    )
    is_signed = values.attrs["units"] in SIGNED
    labels = itertools.product(*(values[dim].to_numpy() for dim in cells))
    for position, cell in enumerate(labels):
        where = ", ".join(map(str, cell))
        yield Pair(where, here[:, position], there[:, position], is_signed)


def mean(values: NDArray[np.float64]) -> float:
    """The mean of what is there; NaN of nothing."""
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if len(seen) else math.nan


def span(scenario: Scenario, days: Window, usual: Span | None = None) -> Span:
    """First and last day that count.

    Args:
        scenario: whose period.
        days: as somebody gave them: dates, texts, or None.
        usual: what None stands for at either end; the period by default.

    Raises:
        AmnokError: that is no pair of days of the period, the first no later than the last.
    """
    period = scenario.period
    fix = f"days from {period.start} to {period.end}"
    given = pair_of_days("days", days)
    outside = [str(day) for day in given if day and not period.start <= day <= period.end]
    if outside:
        raise AmnokError(Fault(f"not in the period of {scenario.name}: {', '.join(outside)}", fix))
    first, last = (
        one if day is None else day
        for day, one in zip(given, usual or (period.start, period.end), strict=True)
    )
    if given[0] is None and last < first:
        first = period.start
    if last < first:
        raise AmnokError(Fault(f"no day lies from {first} to {last}", fix))
    return first, last


def positions(scenario: Scenario, days: Span) -> slice:
    """Where days stand in what is kept of each day of the period."""
    first, last = ((day - scenario.period.start).days for day in days)
    return slice(first, last + 1)
