"""The effect of an event: what differs between the worlds with it and without it, day by day."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault
from amnok.results import outcomes as of_run
from amnok.results.intervals import interval
from amnok.results.outcomes import OutcomeKind
from amnok.scenario import Scenario
from amnok.studies.counterfactual.events import Event
from amnok.studies.worlds import WHOLE, Window, mean, pairs, positions, span
from amnok.table import Sheet, Shown, Table

WITHOUT, WITH = WORLDS = ("without", "with")
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


@dataclass(frozen=True, repr=False)
class Effect(Shown):
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
        sha256: of the scenario as it was simulated, where that is known.
        version: of the Amnok that simulated it, if not this one.
    """

    event: Event
    scenario: Scenario
    seed: int
    daily: xr.Dataset
    persons: xr.DataArray
    first_difference: xr.DataArray
    days: tuple[dt.date, dt.date]
    sha256: str = ""
    version: str = ""

    def sheet(self) -> Sheet:
        """The effect on every outcome as a whole."""
        few = self.differences(by=())[["outcome", "unit", *WORLDS, "difference", "low", "high"]]
        title = f"because of {self.event.called}, {self.days[0]} to {self.days[1]}"
        title += f" ({self.replicates} pairs of worlds)"
        note = 'By size, side and so on: .differences(by=["size"])'
        return Sheet(title, (Table.of_frame("", few, ".differences()", 40),), notes=(note,))

    @property
    def replicates(self) -> int:
        """How many pairs of worlds."""
        return int(self.daily.sizes["replicate"])

    @property
    def is_any(self) -> bool:
        """Whether anything differs between the worlds, on any day."""
        return bool(self.first_difference.notnull().any())

    def window(self, days: Window = WHOLE) -> tuple[dt.date, dt.date]:
        """First and last day meant; an end that is None is that of `days`.

        Raises:
            AmnokError: as for `span`.
        """
        return span(self.scenario, days, self.days)

    def totals(self, days: Window = WHOLE, only: Collection[str] = ()) -> xr.Dataset:
        """Outcomes of some days, [world, replicate, ...], as `amnok compare` has them.

        Args:
            days: first and last.
            only: names of those that are wanted; all of them by default.
        """
        counted = self._counted(days)
        n = self.replicates
        each = [
            of_run.totals(
                {name: table[world, number] for name, table in counted.items()}, self.scenario, only
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
        within = positions(self.scenario, self.window(days))
        return {str(name): one.to_numpy()[:, :, within] for name, one in self.daily.items()}

    def values(self, outcome: str, by: Sequence[str] = (), days: Window = WHOLE) -> xr.DataArray:
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
            found = self.totals(days, [outcome])[outcome]
        over = [dim for dim in found.dims if dim not in ("world", "replicate", *by)]
        found = found.sum(over, keep_attrs=True) if over else found
        return found.transpose("world", "replicate", *by)

    def differences(self, by: Iterable[str] = ("size",), days: Window = WHOLE) -> pd.DataFrame:
        """The effect on every outcome that has these dimensions, a row for each of their cells.

        Columns: outcome, unit, where (labels along `by`), without and with (means), difference
        (with less without, of pairs), low and high (its 95% interval), relative (difference over
        without) and its interval.
        """
        by = tuple(by)
        found = told_by(self.scenario, by)
        rows = [row for name in found for row in paired(self.values(name, by, days))]
        return pd.DataFrame(rows, columns=list(DIFFERENCES))

    def split(
        self, outcome: str, days: Window = WHOLE, before: Window = WHOLE, **where: str
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


def _is_by(outcome: OutcomeKind, by: Iterable[str]) -> bool:
    """Whether an outcome can be told apart by some dimensions, and summed over its others."""
    if outcome.adds_up:
        return set(by) <= {*(outcome.daily or ())[1:], *outcome.dims}
    return set(by) == set(outcome.dims)


def paired(values: xr.DataArray) -> list[tuple[Any, ...]]:
    """Rows of `DIFFERENCES` of an outcome, [world, replicate, ...]."""
    rows = []
    for pair in pairs(values, "world", WITHOUT, WITH):
        without, with_it = map(mean, pair.complete)
        found = pair.difference
        shares = [each / without if without else math.nan for each in found]
        head = (str(values.name), values.attrs["units"], pair.where)
        rows.append((*head, without, with_it, *found, *shares))
    return rows


def told_by(scenario: Scenario, by: Iterable[str]) -> list[str]:
    """The outcomes of a border that can be told apart by all of these dimensions.

    Raises:
        AmnokError: there is no such dimension, one is named twice, or no outcome has them all.
    """
    asked = list(by)
    unknown = [dim for dim in asked if dim not in DIMS]
    if twice := [dim for dim in asked if asked.count(dim) > 1]:
        raise AmnokError([Fault(f"'{twice[0]}' is named twice", "keep one of them")])
    if unknown:
        raise AmnokError([Fault(f"no dimension '{unknown[0]}'", f"one of: {', '.join(DIMS)}")])
    found = [name for name, kind in of_run.counted(scenario).items() if _is_by(kind, asked)]
    if not found:
        together = " and ".join(asked)
        raise AmnokError([Fault(f"no outcome is told apart by {together}", "ask for fewer")])
    return found
