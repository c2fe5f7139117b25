"""What a bank keeps of each run, by week: what could be seen of it, and what was hidden.

Weeks are counted from the first day of the period; the last may be shorter. A series is kept whole
and along some of its axes only (by place and side, by agency, by size): that is what observations
can be held against.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.engine import Outcome
from amnok.results.ledgers import dataset
from amnok.results.observations import CELLS, REPORTS, Cell
from amnok.scenario import Scenario
from amnok.scenario.measures.vocabulary import WEEK
from amnok.scenario.where import posts
from amnok.world.places import CHANNELS

Array = NDArray[np.float64]
HIDDEN = ("value_crossed", "crossings")


@dataclass(frozen=True)
class Layout:
    """Columns of a run in a bank.

    Attributes:
        scenario: whose.
    """

    scenario: Scenario

    @cached_property
    def weeks(self) -> int:
        """How many weeks the period has, the last perhaps shorter."""
        period = self.scenario.period
        return -(-((period.end - period.start).days + 1) // WEEK)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Days of each week."""
        period = self.scenario.period
        days = (period.end - period.start).days + 1
        return np.minimum(WEEK, days - WEEK * np.arange(self.weeks))

    def days_between(self, first: pd.Timestamp, last: pd.Timestamp) -> NDArray[np.bool_]:
        """Which days of the period lie between two days, both counted."""
        days = np.arange(self.lengths.sum())
        start = pd.Timestamp(self.scenario.period.start)
        return np.asarray(((first - start).days <= days) & (days <= (last - start).days))

    def by_week(self, days: NDArray[Any]) -> Array:
        """The mean of each week of what is told of its days."""
        begins = WEEK * np.arange(self.weeks)
        return np.asarray(np.add.reduceat(days.astype(float), begins) / self.lengths)

    def part_of_weeks(self, first: pd.Timestamp, last: pd.Timestamp) -> Array:
        """The part of each week that lies between two days, both counted."""
        return self.by_week(self.days_between(first, last))

    @cached_property
    def sides(self) -> tuple[str, str]:
        """The inner bank and the outer one."""
        return self.scenario.sides.inner.key, self.scenario.sides.outer.key

    @cached_property
    def channels(self) -> list[str]:
        """The channels that the border has."""
        there = {kind.channel for kind in self.scenario.route_kinds.values()}
        return [name for name in CHANNELS if name in there]

    @cached_property
    def seen(self) -> list[tuple[str, Cell]]:
        """Series and cell of each column of what can be seen; each column has all weeks."""
        scenario, found = self.scenario, list[tuple[str, Cell]]()
        agencies = [one.name for one in posts(scenario)]
        places = [(place, side) for place in scenario.sectors for side in self.sides]
        if scenario.has("official"):
            for one in counts.OFFICIAL_COUNTS:
                if not scenario.has(*one.needs):
                    continue
                found += [(one.name, (place, side, "", "", "")) for place, side in places]
                found += [(one.name, ("", "", agency, "", "")) for agency in agencies]
                found += [(one.name, ("", "", "", "", size)) for size in scenario.traders.sizes]
            if scenario.has("customs"):
                declared = counts.DECLARED_VALUE.name
                found += [(declared, (place, side, "", "", "")) for place, side in places]
                found += [(declared, ("", "", "", goods, "")) for goods in scenario.goods]
            found += [
                (counts.SURVEYED.name, (market, "", "", goods, ""))
                for goods in scenario.goods
                for market in scenario.markets
            ]
        if scenario.has("reporting"):
            found += [(REPORTS, (place, side, "", "", "")) for place, side in places]
        return found

    @cached_property
    def hidden(self) -> list[tuple[str, str, str]]:
        """Quantity, axis and label of each column of what is hidden; each has all weeks."""
        labels = {
            "": [""],
            "sector": list(self.scenario.sectors),
            "size": list(self.scenario.traders.sizes),
            "channel": self.channels,
        }
        return [(name, axis, label) for name in HIDDEN for axis in labels for label in labels[axis]]

    def columns(self) -> list[tuple[str, str]]:
        """Name and labels of every number of a run, in order: [column, week], flat."""
        names = [(series, "/".join(cell)) for series, cell in self.seen]
        names += [(name, f"{axis}/{label}") for name, axis, label in self.hidden]
        return [(name, f"{cell} {week}") for name, cell in names for week in range(self.weeks)]

    def of(self, outcome: Outcome, seed: int) -> Array:
        """The numbers of a run, [column, week]."""
        whole = dataset(outcome, self.scenario, seed, HIDDEN)
        seen = (self._counts, self._declared, self._prices, self._reports)
        parts = [one(whole) for one in seen]
        return np.concatenate([*parts, *(self._flow(whole, name) for name in HIDDEN)])

    def parts_of(self, series: str, cell: Cell) -> list[int] | None:
        """Columns of what can be seen that add up to a cell (of levels: have it as their mean).

        None if it is not kept so finely.
        """
        axes = [axis for axis, value in zip(CELLS, cell, strict=True) if value]
        of_series = [(at, one) for at, (name, one) in enumerate(self.seen) if name == series]
        if series != counts.SURVEYED.name:
            if not set(axes) <= {"place", "side"} and len(axes) > 1:
                return None
            kind = axes[0] if axes in (["agency"], ["size"], ["goods"]) else "place"
            of_series = [(at, one) for at, one in of_series if one[CELLS.index(kind)]]
        return [
            at
            for at, one in of_series
            if all(not asked or asked == has for asked, has in zip(cell, one, strict=True))
        ] or None

    def flow_of(self, quantity: str, cell: Cell) -> list[int] | None:
        """The column of what is hidden of a cell; None if it is not kept, or not so finely."""
        named = {axis: value for axis, value in zip(CELLS, cell, strict=True) if value}
        place, size = named.pop("place", ""), named.pop("size", "")
        if named or (place and size):
            return None
        axis = "sector" if place else "size" if size else ""
        asked = (quantity, axis, place or size)
        return [len(self.seen) + self.hidden.index(asked)] if asked in self.hidden else None

    def _weekly(self, daily: Array) -> Array:
        """[day, ...] summed up to [..., week], flat but for the last."""
        starts = np.arange(0, len(daily), WEEK)
        sums = np.add.reduceat(daily, starts, axis=0)
        return np.moveaxis(sums, 0, -1).reshape(-1, self.weeks)

    def _counts(self, whole: xr.Dataset) -> Array:
        if not self.scenario.has("official"):
            return np.empty((0, self.weeks))
        mine = np.stack([whole["agency_side"].to_numpy() == side for side in self.sides], 1)
        parts = []
        for one in counts.OFFICIAL_COUNTS:
            if not self.scenario.has(*one.needs):
                continue
            values = whole[one.name].to_numpy()[0].astype(float)  # day, sector, agency, size
            parts += [self._weekly(np.einsum("tsaz,ab->tsb", values, mine.astype(float)))]
            parts += [self._weekly(values.sum(axis=(1, 3))), self._weekly(values.sum(axis=(1, 2)))]
        return np.concatenate(parts)

    def _declared(self, whole: xr.Dataset) -> Array:
        if not self.scenario.has("official", "customs"):
            return np.empty((0, self.weeks))
        values = whole[counts.DECLARED_VALUE.name].to_numpy()[0]  # day, sector, side, goods
        return np.concatenate(
            [self._weekly(values.sum(axis=3)), self._weekly(values.sum(axis=(1, 2)))]
        )

    def _prices(self, whole: xr.Dataset) -> Array:
        """The last survey by the end of each week; before the first, the first."""
        if not self.scenario.has("official"):
            return np.empty((0, self.weeks))
        values = whole[counts.SURVEYED.name].to_numpy()[0]  # survey, goods, market
        first = whole["day"].to_numpy()[0]
        days = (whole["survey_day"].to_numpy() - first) / np.timedelta64(1, "D")
        ends = np.arange(1, self.weeks + 1) * WEEK - 1
        last = np.maximum(np.searchsorted(days, ends, side="right") - 1, 0)
        return np.asarray(np.moveaxis(values[last], 0, -1).reshape(-1, self.weeks), dtype=float)

    def _reports(self, whole: xr.Dataset) -> Array:
        if not self.scenario.has("reporting"):
            return np.empty((0, self.weeks))
        found = np.zeros((len(self.scenario.sectors), 2, self.weeks))
        first = whole["day"].to_numpy()[0]
        days = (whole["publication_day"].to_numpy() - first) / np.timedelta64(1, "D")
        sectors = pd.Index(list(self.scenario.sectors)).get_indexer(
            pd.Index(whole["report_sector"].to_numpy())
        )
        side = pd.Index(self.sides).get_indexer(pd.Index(whole["report_side"].to_numpy()))
        inside = days < whole.sizes["day"]
        np.add.at(found, (sectors[inside], side[inside], days[inside].astype(int) // WEEK), 1.0)
        return found.reshape(-1, self.weeks)

    def _flow(self, whole: xr.Dataset, name: str) -> Array:
        values = whole[name].to_numpy()[0]  # day, route, size
        by_size = values.sum(axis=1)
        parts = [by_size.sum(axis=1, keepdims=True)]
        for axis, labels in (
            ("route_sector", list(self.scenario.sectors)),
            ("route_channel", self.channels),
        ):
            of = whole[axis].to_numpy()[None, :] == np.array(labels)[:, None]
            parts.append(np.einsum("trz,lr->tl", values, of.astype(float)))
        total, by_sector, by_channel = parts
        return np.concatenate(
            [self._weekly(one) for one in (total, by_sector, by_size, by_channel)]
        )
