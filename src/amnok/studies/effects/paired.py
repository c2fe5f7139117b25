"""The effect of an event: the same people and draws, with it and without it, day by day.

Source: common random numbers, Law 2015, ch. 11.2; potential outcomes, Rubin 1974.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.draws import replicate_key
from amnok.engine import Outcome, simulate
from amnok.errors import AmnokError, Fault
from amnok.results import outcomes as of_run
from amnok.results.ensemble import DEFAULT_SCENARIO, checked_numbers
from amnok.results.intervals import interval, interval_of_pairs
from amnok.results.outcomes import SIGNED, Kind
from amnok.results.threads import (
    Days,
    Progress,
    check_memory,
    compile_engine,
    cores,
    days_of,
    on_threads,
)
from amnok.scenario import Scenario, load
from amnok.scenario.load import Given
from amnok.scenario.overrides import Sets, with_values
from amnok.studies.comparison.arms import first_difference
from amnok.studies.comparison.persons import fates
from amnok.studies.effects.events import Event, chosen, orders_in_force

WITHOUT, WITH = WORLDS = ("without", "with")
REPLICATES = 8
DIMS = ("side", "size", "channel", "sector", "receiver", "goods", "market")
DIFFERENCES = (
    "outcome",
    "unit",
    "where",
    "without",
    "with",
    "difference",
    "low",
    "high",
    "relative",
    "relative_low",
    "relative_high",
)
Window = tuple[str | dt.date | None, str | dt.date | None]
_WHOLE: Window = (None, None)


class Split(NamedTuple):
    """A before and after, in shares of what was before: mean and 95% interval of each part.

    Attributes:
        change: what whoever sees only this world reads: after against before.
        event: the part of it that the event brought, by the paired difference.
        rest: what the same days bring without it: the season and all else.
        before, after: days compared, first and last.
    """

    change: tuple[float, float, float]
    event: tuple[float, float, float]
    rest: tuple[float, float, float]
    before: tuple[dt.date, dt.date]
    after: tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Effect:
    """What an event did: a world with it, and the same without.

    Attributes:
        event: the intervention.
        scenario: the world with it.
        seed: of both worlds.
        daily: counts of each day, [world, replicate, day, ...], `without` first; additive but for
            prices.
        persons: [replicate, side, size, sector, fate], over the whole period.
        first_difference: the first day on which anything differs, [replicate]; NaT for none.
        days: first and last day that count unless others are asked for.
    """

    event: Event
    scenario: Scenario
    seed: int
    daily: xr.Dataset
    persons: xr.DataArray
    first_difference: xr.DataArray
    days: tuple[dt.date, dt.date]

    @property
    def replicates(self) -> int:
        """How many pairs of worlds."""
        return int(self.daily.sizes["replicate"])

    def window(self, days: Window = _WHOLE) -> tuple[dt.date, dt.date]:
        """First and last day meant; an end that is None is that of `days`.

        Raises:
            AmnokError: no day of the period lies between them.
        """
        return _window(self.scenario, self.days, days)

    def totals(self, days: Window = _WHOLE) -> xr.Dataset:
        """Outcomes of some days, [world, replicate, ...], as `amnok compare` has them."""
        counted = self._counted(days)
        n = self.replicates
        each = [
            of_run.totals(
                {name: table[world, number] for name, table in counted.items()}, self.scenario
            )
            for world, number in itertools.product(range(2), range(n))
        ]
        stacked = {
            name: np.stack([one[name] for one in each]).reshape(2, n, *each[0][name].shape)
            for name in each[0]
        }
        found = of_run.labelled(stacked, self.scenario, ("world", "replicate"))
        return found.assign_coords(world=list(WORLDS))

    def _counted(self, days: Window) -> dict[str, NDArray[np.float32]]:
        first, last = self.window(days)
        start = self.scenario.period.start
        within = slice((first - start).days, (last - start).days + 1)
        return {str(name): one.to_numpy()[:, :, within] for name, one in self.daily.items()}

    def values(self, outcome: str, by: Sequence[str] = (), days: Window = _WHOLE) -> xr.DataArray:
        """An outcome of some days, [world, replicate, *by].

        Args:
            outcome: a name of `amnok.results.outcomes.counted`.
            by: the dimensions to tell apart, among them `sector` for what is counted there; the
                others are summed up.
            days: first and last.

        Raises:
            AmnokError: the border has no such outcome, or the outcome not these dimensions.
        """
        known = of_run.counted(self.scenario)
        if outcome not in known:
            raise AmnokError([Fault(f"no outcome '{outcome}'", f"one of: {', '.join(known)}")])
        if not _is_by(known[outcome], by):
            has = ", ".join((known[outcome].daily or ())[1:] or known[outcome].dims)
            problem = f"'{outcome}' cannot be told by {', '.join(by) or 'nothing'}"
            raise AmnokError([Fault(problem, f"it is by: {has}")])
        if "sector" in by:
            first, last = self.window(days)
            found = self.daily[outcome].sel(day=slice(str(first), str(last)))
            found = found.astype(np.float64).sum("day", keep_attrs=True)
        else:
            found = self.totals(days)[outcome]
        over = [dim for dim in found.dims if dim not in ("world", "replicate", *by)]
        found = found.sum(over, keep_attrs=True) if over else found
        return found.transpose("world", "replicate", *by)

    def differences(self, by: Iterable[str] = ("size",), days: Window = _WHOLE) -> pd.DataFrame:
        """The effect on every outcome that has these dimensions, a row for each of their cells.

        Columns: outcome, unit, where (labels along `by`), without and with (means), difference
        (with less without, of pairs), low and high (its 95% interval), relative (difference over
        without) and its interval.
        """
        by = tuple(by)
        check_dims(by)
        known = of_run.counted(self.scenario)
        found = (name for name, kind in known.items() if _is_by(kind, by))
        rows = [row for name in found for row in paired(self.values(name, by, days))]
        return pd.DataFrame(rows, columns=list(DIFFERENCES))

    def split(
        self, outcome: str, days: Window = _WHOLE, before: Window = _WHOLE, **where: str
    ) -> Split:
        """What of a before and after is the event, and what the season and the rest.

        Both are rates a day, over the mean rate before. `before` is all days up to the event
        unless said otherwise.

        Raises:
            AmnokError: the event has no first day, or no days lie before it.
        """
        start, period = self.event.start, self.scenario.period
        if start is None or start <= period.start:
            problem = f"nothing comes before '{self.event.name}'"
            raise AmnokError([Fault(problem, "a before and after needs a dated event")])
        earlier = (before[0] or period.start, before[1] or start - dt.timedelta(days=1))
        old, new = self.window(earlier), self.window(days)
        if old[1] >= start:
            raise AmnokError([Fault(f"{old[1]} is not before {start}", "an earlier last day")])
        without, with_it = self._rates(outcome, new, where)
        was = self._rates(outcome, old, where)[1]
        level = float(was.mean())
        if level == 0:
            raise AmnokError([Fault(f"'{outcome}' is 0 before {start}", "another outcome")])
        change, event, rest = (
            interval(part / level, least)
            for part, least in (
                (with_it - was, -1.0),
                (with_it - without, -math.inf),
                (without - was, -1.0),
            )
        )
        return Split(change, event, rest, old, new)

    def _rates(
        self, outcome: str, days: tuple[dt.date, dt.date], where: Mapping[str, str]
    ) -> NDArray[np.float64]:
        """A day's mean, [world, replicate]."""
        found = self.values(outcome, tuple(where), days).sel(dict(where)).to_numpy()
        rates: NDArray[np.float64] = found / ((days[1] - days[0]).days + 1)
        return rates


def _window(
    scenario: Scenario, usual: tuple[dt.date, dt.date], days: Window
) -> tuple[dt.date, dt.date]:
    """First and last day meant, within the period; an end that is None is the usual one."""
    period = scenario.period
    first, last = (
        one if day is None else pd.Timestamp(day).date()
        for day, one in zip(days, usual, strict=True)
    )
    if days[0] is None and last < first:
        first = period.start
    first, last = max(first, period.start), min(last, period.end)
    if last < first:
        problem = f"no day of the period lies from {days[0] or '...'} to {days[1] or '...'}"
        fix = f"the period is {period.start} to {period.end}"
        raise AmnokError([Fault(problem, fix)])
    return first, last


def _is_by(outcome: Kind, by: Iterable[str]) -> bool:
    """Whether an outcome can be told apart by some dimensions, and summed over its others."""
    if outcome.adds_up:
        return set(by) <= {*(outcome.daily or ())[1:], *outcome.dims}
    return set(by) == set(outcome.dims)


def paired(values: xr.DataArray) -> list[tuple[Any, ...]]:
    """Rows of `DIFFERENCES` of an outcome, [world, replicate, ...]."""
    cells = [str(dim) for dim in values.dims if dim not in ("world", "replicate")]
    table = values.transpose("world", "replicate", *cells).to_numpy()
    table = table.reshape(2, values.sizes["replicate"], -1)
    labels = itertools.product(*(values[dim].to_numpy() for dim in cells))
    signed = values.attrs["units"] in SIGNED
    rows = []
    for position, cell in enumerate(labels):
        one, two = table[0, :, position], table[1, :, position]
        both = np.isfinite(one) & np.isfinite(two)
        one, two = one[both], two[both]
        without, other = (float(each.mean()) if len(each) else math.nan for each in (one, two))
        found = interval_of_pairs(one, two, signed)
        shares = [each / without if without else math.nan for each in found]
        if not signed:
            shares[1] = max(shares[1], -1.0)
        where = ", ".join(map(str, cell))
        head = (str(values.name), values.attrs["units"], where)
        rows.append((*head, without, other, *found, *shares))
    return rows


def check_dims(by: Iterable[str]) -> None:
    """See that all of these are dimensions of outcomes.

    Raises:
        AmnokError: one is none.
    """
    unknown = [dim for dim in by if dim not in DIMS]
    if unknown:
        raise AmnokError([Fault(f"no dimension '{unknown[0]}'", f"one of: {', '.join(DIMS)}")])


def effect(
    scenario: Given = DEFAULT_SCENARIO,
    of: str | None = None,
    seed: int = 1,
    replicates: int = REPLICATES,
    sets: Sets | None = (),
    days: Window = _WHOLE,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Effect:
    """What an order, a halt or a mechanism did: the world with it less the same without it.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`.
        of: the event; the first order in force by default.
        seed: 0 to 2**64 - 1.
        replicates: pairs of worlds, at least 1.
        sets: overrides of both worlds.
        days: first and last day that count; by default from the event's first to the end.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Raises:
        ScenarioError: the scenario is not valid.
        AmnokError: there is no such event, or no day to count; the machine has not enough memory.
    """
    names = None if of is None else [of]
    found = effects(scenario, names, seed, replicates, sets, days, threads, progress, most=1)
    return next(iter(found.values()))


def effects(
    scenario: Given = DEFAULT_SCENARIO,
    of: Iterable[str] | None = None,
    seed: int = 1,
    replicates: int = REPLICATES,
    sets: Sets | None = (),
    days: Window = _WHOLE,
    threads: int | None = None,
    progress: Progress | None = None,
    most: int | None = None,
) -> dict[str, Effect]:
    """The effects of several events, each against the same world with all of them.

    Args:
        of: names of events; the orders in force by default, the first `most` of them.

    The other arguments are those of `effect`.
    """
    seed, replicates, threads = checked_numbers(seed, replicates, threads)
    given = load(scenario, sets)
    wanted = [chosen(given, name) for name in of or ()] or orders_in_force(given)[:most]
    if not wanted:
        fix = "name a halt or a mechanism"
        raise AmnokError([Fault(f"'{given.name}' has no order in force", fix)])
    asked = {one.name: one for one in wanted}
    windows = {one.name: _window(given, one.window(given), days) for one in wanted}
    counted = Days((1 + len(asked)) * replicates * days_of(given), progress)
    found = paired_worlds(given, list(asked.values()), seed, replicates, counted, threads)
    return {name: replace(one, days=windows[name]) for name, one in found.items()}


def paired_worlds(
    scenario: Scenario,
    wanted: Sequence[Event],
    seed: int,
    replicates: int,
    days: Days,
    threads: int | None = None,
) -> dict[str, Effect]:
    """The same for a scenario and events at hand; `days` may stop it.

    Raises:
        AmnokError: the machine has not enough memory.
        Stopped: `days` said so.
    """
    threads = threads or cores()
    check_memory(scenario, min(threads, replicates) * 2)
    work = _Pairs(scenario, wanted, seed, days)
    parts: dict[int, _Part] = {}
    compile_engine(scenario)
    on_threads(range(replicates), work.replicate, parts.__setitem__, threads, days)
    along = pd.RangeIndex(replicates, name="replicate")
    found = [parts[number] for number in range(replicates)]
    bases = [one.base for one in found]
    made = {}
    for place, event in enumerate(wanted):
        others = [one.others[place] for one in found]
        made[event.name] = Effect(
            event=event,
            scenario=scenario,
            seed=seed,
            daily=_labelled(scenario, [one.counts for one in others], bases),
            persons=xr.concat([one.persons for one in others], along, combine_attrs="override"),
            first_difference=xr.DataArray(
                np.array(scenario.period.start, dtype="datetime64[ns]")
                + np.array([one.first for one in others]),
                {"replicate": along},
                ["replicate"],
            ),
            days=event.window(scenario),
        )
    return made


Counts = Mapping[str, NDArray[np.float32]]


def _labelled(scenario: Scenario, without: list[Counts], with_it: list[Counts]) -> xr.Dataset:
    coordinates: dict[str, Any] = {
        **of_run.names(scenario),
        "sector": list(scenario.sectors),
        "world": list(WORLDS),
        "replicate": range(len(with_it)),
        "day": pd.date_range(scenario.period.start, scenario.period.end, unit="ns"),
    }
    kinds = of_run.kinds(scenario)
    variables = {}
    for name in with_it[0]:
        dims = ("world", "replicate", *(kinds[name].daily or ()))
        table = np.stack([[one[name] for one in without], [one[name] for one in with_it]])
        variables[name] = (
            dims,
            table,
            {"units": kinds[name].unit, "long_name": kinds[name].text},
        )
    used = {dim for dims, _, _ in variables.values() for dim in dims}
    return xr.Dataset(variables, {dim: coordinates[dim] for dim in coordinates if dim in used})


@dataclass(frozen=True)
class _Other:
    counts: Counts
    persons: xr.DataArray
    first: np.timedelta64


@dataclass(frozen=True)
class _Part:
    """One replicate: the world with all events, and without each."""

    base: Counts
    others: list[_Other]


class _Pairs:
    """Simulates one replicate with all events and without each."""

    def __init__(self, scenario: Scenario, wanted: Sequence[Event], seed: int, days: Days) -> None:
        self._scenario, self._seed, self._days = scenario, seed, days
        self._without = [with_values(scenario, one.off) for one in wanted]

    def replicate(self, number: int) -> _Part:
        base = simulate(self._scenario, self._seed, number, on_days=self._days)
        return _Part(
            self._counted(base, self._scenario),
            [self._other(base, scenario, number) for scenario in self._without],
        )

    def _other(self, base: Outcome, scenario: Scenario, number: int) -> _Other:
        other = simulate(scenario, self._seed, number, on_days=self._days)
        return _Other(
            self._counted(other, scenario),
            fates(other, base, scenario),
            first_difference(other.books, base.books),
        )

    def _counted(self, outcome: Outcome, scenario: Scenario) -> Counts:
        key = replicate_key(self._seed, outcome.replicate)
        found = of_run.daily(outcome, scenario, key)
        return {name: table.astype(np.float32) for name, table in found.items()}
