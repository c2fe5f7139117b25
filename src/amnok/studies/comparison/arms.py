"""Compare policies: the same people, the same draws, and what differs is what a policy did."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.draws import replicate_key
from amnok.engine import Outcome, simulate
from amnok.engine.tally import Books
from amnok.errors import AmnokError, Fault
from amnok.results.ensemble import checked_numbers
from amnok.results.intervals import interval_of_pairs
from amnok.results.ledgers import dataset, side_by_side
from amnok.results.outcomes import SIGNED, Arrays, kinds, labelled, outcomes
from amnok.results.outcomes import names as names_of
from amnok.results.threads import (
    Days,
    Progress,
    check_memory,
    compile_engine,
    cores,
    days_of,
    on_threads,
)
from amnok.results.weekly import NEEDED, weekly
from amnok.scenario import Scenario
from amnok.scenario.load import Given
from amnok.scenario.overrides import Sets
from amnok.scenario.policies import chosen, policies, under
from amnok.studies.comparison.persons import fates

BASE = "base"
DIFFERENCES = (
    "policy",
    "outcome",
    "unit",
    "where",
    "base",
    "with_policy",
    "difference",
    "low",
    "high",
    "relative",
    "unpaired",
)


@dataclass(frozen=True)
class Comparison:
    """A scenario beside itself under some policies.

    Attributes:
        values: outcomes that base has, [policy, replicate, ...], the policy `base` first; each
            variable has `units` and `long_name`. NaN where a policy takes a mechanism away.
        persons: [policy, replicate, side, size, sector, fate], without `base`.
        first_difference: the first day on which anything differs from base, [policy, replicate];
            NaT if nothing does.
        labels: what a policy is called, by name.
        scenario: the base scenario.
        weeks: each arm by weeks (`observe.weekly`), `base` first; empty unless asked for.
    """

    values: xr.Dataset
    persons: xr.DataArray
    first_difference: xr.DataArray
    labels: Mapping[str, str]
    scenario: Scenario
    weeks: Mapping[str, xr.Dataset] = field(default_factory=dict)

    def differences(self) -> pd.DataFrame:
        """Paired differences, one number a row.

        Columns: policy, outcome, unit, where (labels along the outcome's dimensions), base and
        with_policy (means), difference (of pairs), low and high (95% interval, NaN for a single
        replicate), relative (difference over base), unpaired: how many replicates in each arm
        would give as narrow an interval if arms did not share their draws.
        """
        rows = []
        for policy in self.labels:
            for name in self.values.data_vars:
                rows += paired(self.values[name], policy)
        return pd.DataFrame(rows, columns=list(DIFFERENCES))


def paired(values: xr.DataArray, policy: str) -> list[tuple[Any, ...]]:
    """The difference a policy makes to an outcome [policy, replicate, ...], a row for each cell.

    The entries of a row are those of `DIFFERENCES`.
    """
    cells = [str(dim) for dim in values.dims if dim not in ("policy", "replicate")]
    ordered = values.transpose("policy", "replicate", *cells)
    names = list(ordered["policy"].to_numpy())
    table = ordered.to_numpy().reshape(len(names), ordered.sizes["replicate"], -1)
    base, other = table[names.index(BASE)], table[names.index(policy)]
    labels = itertools.product(*(ordered[dim].to_numpy() for dim in cells))
    signed = values.attrs["units"] in SIGNED
    rows = []
    for position, cell in enumerate(labels):
        one, two = base[:, position], other[:, position]
        both = np.isfinite(one) & np.isfinite(two)
        difference, low, high = interval_of_pairs(one[both], two[both], signed)
        mean = _mean(one)
        relative = difference / mean if mean else math.nan
        where = ", ".join(map(str, cell))
        head = (policy, values.name, values.attrs["units"], where)
        numbers = (mean, _mean(two), difference, low, high, relative)
        rows.append((*head, *numbers, unpaired(one[both], two[both])))
    return rows


def _mean(values: NDArray[np.float64]) -> float:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if len(seen) else math.nan


def unpaired(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Replicates that arms with draws of their own would need for the interval that pairs give.

    `n * (var one + var two) / var(two - one)`; NaN where there is no such number:
    the arms do not vary, or pairs leave no variance at all.

    >>> unpaired(np.array([1.0, 3.0]), np.array([2.0, 5.0]))
    26.0
    >>> unpaired(np.array([1.0, 3.0]), np.array([2.0, 4.0]))
    nan
    """
    if len(one) < 2:
        return math.nan
    apart = float(np.var(one, ddof=1) + np.var(two, ddof=1))
    together = float(np.var(two - one, ddof=1))
    return len(one) * apart / together if apart > 0 and together > 0 else math.nan


def compare(
    scenario: Given,
    names: str | Sequence[str],
    seed: int = 1,
    replicates: int = 20,
    sets: Sets | None = (),
    files: Sequence[str | Path] = (),
    days: tuple[str | None, str | None] = (None, None),
    threads: int | None = None,
    progress: Progress | None = None,
    weeks: bool = False,
) -> Comparison:
    """Simulate a scenario as it is and under some policies, and compare outcomes and persons.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`; the last two have no
            policies of their own.
        names: policies, of the scenario or of `files`.
        seed: 0 to 2**64 - 1.
        replicates: how many, at least 1.
        sets: overrides for all arms, `path=value` or `switch=option`.
        files: YAML files with policies of one's own.
        days: first and last day that outcomes count, as dates; the whole period by default.
            Persons count over the whole period.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.
        weeks: also keep each arm by weeks, for charts.

    Raises:
        ScenarioError: the scenario, a policy or a file of policies is not valid.
        AmnokError: the machine has not enough memory, or no day is left to count.
    """
    seed, replicates, threads = checked_numbers(seed, replicates, threads)
    wanted = [names] if isinstance(names, str) else list(dict.fromkeys(names or ()))
    if not wanted:
        raise AmnokError(Fault("no policy is named", "compare needs at least one"))
    asked = chosen(policies(scenario, files), wanted)
    base, arms = under(scenario, sets, asked)
    window = _window(base, days)
    labels = {policy.name: policy.label for policy in asked}
    days_seen = Days((1 + len(arms)) * replicates * days_of(base), progress)
    return compare_arms(base, arms, labels, seed, replicates, days_seen, window, threads, weeks)


def compare_arms(
    base: Scenario,
    arms: Mapping[str, Scenario],
    labels: Mapping[str, str],
    seed: int,
    replicates: int,
    days: Days,
    window: slice = slice(None),
    threads: int | None = None,
    weeks: bool = False,
) -> Comparison:
    """The same for scenarios that are made already.

    Args:
        base: the arm that the others are compared with.
        arms: the others, by name; of the same places, sizes and days, perhaps without some section.
        labels: what each arm is called, by name.
        seed, replicates, threads, weeks: as for `compare`.
        days: told of simulated days; may stop this.
        window: positions of the days that outcomes count.

    Raises:
        AmnokError: the machine has not enough memory.
        Stopped: `days` said so.
    """
    threads = threads or cores()
    check_memory(base, min(threads, replicates) * 2)
    work = _Work(base, arms, seed, window, days, weeks)
    parts: dict[int, _Part] = {}
    compile_engine(base)
    on_threads(range(replicates), work.replicate, parts.__setitem__, threads, days)
    found = [parts[number] for number in range(replicates)]
    along = pd.RangeIndex(replicates, name="replicate")
    return Comparison(
        values=xr.concat([one.values for one in found], along, combine_attrs="override"),
        persons=xr.concat([one.persons for one in found], along, combine_attrs="override"),
        first_difference=xr.concat([one.first for one in found], along),
        labels=dict(labels),
        scenario=base,
        weeks={
            arm: side_by_side([one.weeks[number] for one in found])
            for number, arm in enumerate([BASE, *arms] if weeks else [])
        },
    )


def _window(scenario: Scenario, days: tuple[str | None, str | None]) -> slice:
    """Positions of the days that count."""
    dates = pd.date_range(scenario.period.start, scenario.period.end)
    if isinstance(days, str) or len(days) != 2:
        raise AmnokError(Fault(f"days is {days!r}", "a pair of dates, or None for either end"))
    first, last = map(_day, days)
    inside = np.flatnonzero(
        (dates >= (first if first is not None else dates[0]))
        & (dates <= (last if last is not None else dates[-1]))
    )
    if not len(inside):
        problem = f"no day of the period lies from {days[0] or '...'} to {days[1] or '...'}"
        fix = f"the period is {scenario.period.start} to {scenario.period.end}"
        raise AmnokError([Fault(problem, fix)])
    return slice(int(inside[0]), int(inside[-1]) + 1)


def _day(day: str | dt.date | None) -> pd.Timestamp | None:
    """A day that somebody gave from Python or on the command line."""
    try:
        found = dt.date.fromisoformat(day) if isinstance(day, str) else day
    except ValueError:
        found = None
    if isinstance(found, dt.date):
        return pd.Timestamp(found)
    if day is None:
        return None
    raise AmnokError(Fault(f"{day!r} is not a day", "write a date such as 2018-10-01"))


@dataclass(frozen=True)
class _Part:
    """One replicate: outcomes [base and policies, ...]; persons and first days [policy, ...].

    weeks [base and policies], if asked for.
    """

    values: xr.Dataset
    persons: xr.DataArray
    first: xr.DataArray
    weeks: list[xr.Dataset]


class _Work:
    """Simulates one replicate in all arms, and keeps no more of it than outcomes."""

    def __init__(
        self,
        base: Scenario,
        arms: Mapping[str, Scenario],
        seed: int,
        window: slice,
        days: Days,
        weeks: bool,
    ) -> None:
        self._base, self._arms, self._seed, self._window = base, arms, seed, window
        self._days, self._weeks = days, weeks

    def replicate(self, number: int) -> _Part:
        """Outcomes, persons and the first difference of one replicate."""
        key = replicate_key(self._seed, number)
        outcome = simulate(self._base, self._seed, number, on_days=self._days)
        weeks = self._by_week(outcome, self._base)
        values, persons, first = [outcomes(outcome, self._base, key, self._window)], [], []
        for scenario in self._arms.values():
            other = simulate(scenario, self._seed, number, on_days=self._days)
            values.append(self._as_in_base(outcomes(other, scenario, key, self._window), scenario))
            persons.append(fates(outcome, other, self._base))
            first.append(first_difference(outcome.books, other.books))
            weeks += self._by_week(other, scenario)
        names = list(self._arms)
        stacked = {name: np.stack([one[name] for one in values]) for name in values[0]}
        along = pd.Index(names, name="policy")
        dates = np.array(self._base.period.start, dtype="datetime64[ns]") + np.array(
            first, dtype="timedelta64[D]"
        )
        return _Part(
            labelled(stacked, self._base, ("policy",)).assign_coords(policy=[BASE, *names]),
            xr.concat(persons, along, combine_attrs="override"),
            xr.DataArray(dates, {"policy": names}, ["policy"]),
            weeks,
        )

    def _as_in_base(self, arrays: Arrays, scenario: Scenario) -> Arrays:
        """Outcomes of an arm where base has them; NaN for what only base has a mechanism for."""
        if scenario.sections == self._base.sections:
            return arrays
        coordinates, found = names_of(self._base), labelled(arrays, scenario)
        found = found.reindex({dim: coordinates[str(dim)] for dim in found.dims})
        lengths = {dim: len(labels) for dim, labels in coordinates.items()}
        return {
            name: found[name].to_numpy()
            if name in found
            else np.full([lengths[dim] for dim in kind.dims], np.nan)
            for name, kind in kinds(self._base).items()
        }

    def _by_week(self, outcome: Outcome, scenario: Scenario) -> list[xr.Dataset]:
        if not self._weeks:
            return []
        return [weekly(dataset(outcome, scenario, self._seed, NEEDED))]


_DAILY = [name for name in Books._fields if name not in ("tips", "tip_count")]


def first_difference(one: Books, two: Books) -> np.timedelta64:
    """Days from the first of the period to the first on which any book differs; NaT if none does.

    What the world brings (how hard agencies work, halts, the river) is in no book: a lever moves
    that itself.
    """
    first = len(one.flow)
    for name in _DAILY:
        table, other = getattr(one, name), getattr(two, name)
        differs = (table != other).reshape(len(table), -1).any(axis=1)
        if differs.any():
            first = min(first, int(np.argmax(differs)))
    return np.timedelta64(first, "D") if first < len(one.flow) else np.timedelta64("NaT")
