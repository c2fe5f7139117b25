"""The numbers of an effect that sentences and drawings use: differences of paired worlds.

And what they come to: the side and the size that it falls on, and who loses trade to whom.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from amnok.cells import counted
from amnok.errors import AmnokError
from amnok.reporting.citing import Source
from amnok.reporting.comparison import labels_of
from amnok.reporting.guesses import Guesses
from amnok.reporting.numbers import listed, more_or_fewer, of_every_100
from amnok.results.intervals import interval, is_clear, is_told, is_unclear
from amnok.results.outcomes import kinds, told_in
from amnok.scenario import Scenario
from amnok.scenario.measures.definitions import frame_of
from amnok.studies.counterfactual import Effect
from amnok.studies.counterfactual.events import days_asked
from amnok.studies.counterfactual.paired import DIFFERENCES, Split, paired
from amnok.studies.counterfactual.robustness import Robustness
from amnok.studies.worlds import Window

_MUCH = 0.05  # of its trade, which a size loses or gains
_MOST = 0.5  # of a change, which falls on one size
_MOSTLY = 2.0  # a size bears more than its part: so many times its share of worth

Row = dict[str, Any]


class Facts:
    """What an event did over some days, as numbers.

    Args:
        effect: of the event.
        days: that count; by default those that the border asks about (`days_asked`).
        sector: that counts, by name; the whole border without it.
        robustness: the effect under other guesses; by default what comes with Amnok.
        is_preview: of few traders, of which nothing is told but numbers.
    """

    def __init__(
        self,
        effect: Effect,
        days: Window = (None, None),
        sector: str | None = None,
        robustness: Robustness | None = None,
        is_preview: bool = False,
    ) -> None:
        self.effect, self.sector, self.is_preview = effect, sector, is_preview
        self.days = effect.window(days if any(days) else days_asked(effect.scenario, effect.event))
        self.place = effect.scenario.sectors[sector].label if sector is not None else ""
        self.guesses = Guesses.of_effect(effect, self.days, sector, robustness, is_preview)
        self._tables: dict[tuple[str, Window], xr.DataArray] = {}
        self._cells: dict[tuple[Any, ...], Row] = {}
        self._cited = cache(self._source)
        self._totals = cache(lambda days: effect.totals(days, list(map(str, effect.daily))))
        self.named = named_in_sentences(effect.scenario)
        self.plural = plurals(effect.scenario)
        self._known = kinds(effect.scenario)

    def source(
        self, outcome: str, days: tuple[dt.date, dt.date] | None = None, *, is_whole: bool = False
    ) -> Source:
        """How to cite numbers of an outcome.

        Args:
            outcome: its name; what is not kept by sector is that of the whole border.
            days: that they count; by default those that count for all.
            is_whole: they are of the whole border, whatever sector counts.
        """
        place = "" if is_whole or not self.at(outcome) else self.place
        return self._cited(place, days or self.days)

    def _source(self, place: str, days: tuple[dt.date, dt.date]) -> Source:
        one, n = self.effect, self.effect.replicates
        return Source(
            scenario=one.scenario,
            seed=one.seed,
            replicates=n,
            worlds=f"{counted(n, 'pair')} of worlds with and without {self.called}",
            days=days,
            place=place,
            sha256=one.sha256,
            version=one.version,
        )

    @property
    def called(self) -> str:
        """The event in a sentence."""
        return self.effect.event.called

    @property
    def side(self) -> str:
        """The side on which arrests change most; the outer one if they do nowhere."""
        people = self._burdened()
        return people[0] if people else self._outer()

    def _outer(self) -> str:
        return str(self.effect.daily["side"].to_numpy()[-1])

    def cell(self, outcome: str, days: Window | None = None, **where: str) -> Row:
        """One number: without, with, difference, low, high, relative, unit."""
        key = (outcome, days or self.days, *sorted(where.items()))
        if key not in self._cells:
            self._cells[key] = _rows(self._pairs(outcome, days or self.days, where))[0]
        return self._cells[key]

    def _pairs(self, outcome: str, days: Window, where: dict[str, str]) -> xr.DataArray:
        """An outcome in its pairs of worlds, [world, replicate]."""
        return self.as_one(self._table(outcome, days).sel(where), outcome)

    def as_one(self, table: xr.DataArray, outcome: str, *kept: str) -> xr.DataArray:
        """An outcome over all of its dimensions: added up, or of prices the mean of the staple.

        Args:
            table: [world, replicate, ...].
            outcome: its name.
            kept: dimensions that stay.
        """
        kind = self._known[outcome]
        if not kind.is_price:
            over = [dim for dim in table.dims if dim not in ("world", "replicate", *kept)]
            return table.sum(over, keep_attrs=True) if over else table
        unit, per = told_in(self.effect.scenario, outcome, [self.staple])
        found = table.sel(goods=self.staple).astype(np.float64) / per
        over = [dim for dim in found.dims if dim not in ("world", "replicate", *kept)]
        return found.mean(over).assign_attrs(table.attrs, units=unit)

    @property
    def staple(self) -> str:
        """The goods whose price is told of where one is."""
        return frame_of(self.effect.scenario).space.words["goods"]["staple"]

    def differs(self, other: Facts, outcome: str, **where: str) -> bool | None:
        """Whether an effect is clearly another one than under other settings, with the same people.

        None where chance cannot be told: of a single pair of worlds.
        """
        one, two = (
            np.diff(each._pairs(outcome, each.days, where).to_numpy(), axis=0)[0]
            for each in (self, other)
        )
        n = min(len(one), len(two))
        _, low, high = interval(one[:n] - two[:n])
        return is_clear(low, high) if math.isfinite(low) else None

    def sizes(self, outcome: str, **where: str) -> dict[str, Row]:
        """The same for each size of trader."""
        table = self._table(outcome, self.days).sel(where)
        over = [dim for dim in table.dims if dim not in ("world", "replicate", "size")]
        rows = _rows(table.sum(over, keep_attrs=True) if over else table)
        return dict(zip(map(str, table["size"].to_numpy()), rows, strict=True))

    def sectors(self, outcome: str) -> dict[str, Row]:
        """The same for each sector, whichever counts; arrests on the side where most changes."""
        where = self.where(outcome)
        values = self.effect.values(outcome, (*where, "sector"), self.days).sel(where)
        return dict(zip(map(str, values["sector"].to_numpy()), _rows(values), strict=True))

    def where(self, outcome: str) -> dict[str, str]:
        """The side that an outcome by sector is told of, of what is counted by side."""
        return {"side": self.side} if "side" in self.effect.daily[outcome].dims else {}

    @property
    def foremost(self) -> str:
        """What one asks about first: arrests where there is an effect on them, else the trade."""
        return "arrests" if self._burdened() else "value_crossed"

    def _table(self, outcome: str, days: Window) -> xr.DataArray:
        """An outcome by all of its dimensions but the sector, of the one that counts if any."""
        key = (outcome, days)
        if key not in self._tables:
            by, place = self._known[outcome].dims, self.at(outcome)
            self._tables[key] = (
                self.effect.values(outcome, (*by, *place), days).sel(place)
                if place
                else self._totals(days)[outcome]
            )
        return self._tables[key]

    def at(self, outcome: str) -> dict[str, str]:
        """The sector that counts, if there is one and the outcome is counted by sectors."""
        daily = self._known[outcome].daily or ()
        return {"sector": self.sector} if self.sector is not None and "sector" in daily else {}

    def split(self, outcome: str) -> Split | None:
        """A before and after in two parts, if anything comes before."""
        try:
            return self.effect.split(outcome, self.days, (None, None), **self.at(outcome))
        except AmnokError:
            return None

    def _burdened(self) -> tuple[str, Row, str] | None:
        """The side on which arrests change most, and the size that they fall on, or nothing."""
        if "arrests" not in self._known:
            return None
        sides = map(str, self.effect.daily["side"].to_numpy())
        rows = [(side, self.cell("arrests", side=side)) for side in sides]
        told = [one for one in rows if is_told(one[1])]
        if not told:
            return None
        side, row = max(told, key=lambda one: abs(one[1]["difference"]))
        borne = self._borne(side)
        if borne is None:
            return side, row, ""
        size, part = borne
        worth = self.cell("value_crossed", size=size)["without"]
        whole = self.cell("value_crossed")["without"]
        is_more = whole > 0 and part > _MOSTLY * worth / whole
        return side, row, size if is_more else ""

    def _shift(self) -> tuple[str, str] | None:
        """A size that loses trade and one that gains it, both clearly and much."""
        sizes = self.effect.scenario.traders.sizes
        rows = {size: self.cell("value_crossed", size=size) for size in sizes}
        moved = {
            size: row["relative"]
            for size, row in rows.items()
            if self.is_clear(row) and abs(row["relative"]) >= _MUCH
        }
        if not moved or min(moved.values()) > 0 or max(moved.values()) < 0:
            return None
        return min(moved, key=moved.__getitem__), max(moved, key=moved.__getitem__)

    def _borne(self, side: str) -> tuple[str, float] | None:
        """The size that most of what is more in arrests falls on, and its share."""
        is_more = self.cell("arrests", side=side)["difference"] > 0
        return borne_by(self._arrested(side)) if is_more else None

    def _by_whom(self, side: str) -> str:
        """What follows a change in arrests: on whom most of it falls, or each size by its number.

        Of fewer arrests no share is told: these are not made.
        """
        rows = self._arrested(side)
        return by_whom(rows, self.plural) if are_opposed(rows) or self._borne(side) else ""

    def _arrested(self, side: str) -> dict[str, Row]:
        """Arrests on one side for each size of trader."""
        sizes = self.effect.scenario.traders.sizes
        return {size: self.cell("arrests", side=side, size=size) for size in sizes}

    def is_clear(self, row: Row) -> bool:
        """Whether its interval excludes no effect."""
        return is_clear(row["low"], row["high"])

    def is_unclear(self, row: Row) -> bool:
        """Whether its interval holds no effect; one pair and a preview have no intervals."""
        return is_unclear(row["low"], row["high"])

    @property
    def no_effect(self) -> str:
        """What is said of an effect that is not told: it is unclear, or a single pair has none."""
        return "no clear effect" if self.effect.replicates > 1 else "no effect"


def _rows(values: xr.DataArray) -> list[Row]:
    return [dict(zip(DIFFERENCES, row, strict=True)) for row in paired(values)]


def are_opposed(rows: Mapping[str, Row]) -> bool:
    """Whether sizes of trader move in opposite ways, so that none has a share of their sum.

    As far as is told; or so much that one alone moves by more than all together.
    """
    ways = {row["difference"] > 0 for row in rows.values() if is_told(row)}
    return len(ways) > 1 or round(max(_parts(rows).values(), default=0.0), 2) > 1


def borne_by(rows: Mapping[str, Row]) -> tuple[str, float] | None:
    """The one of several sizes of trader that most of a change falls on, and its share."""
    parts = _parts(rows)
    if len(parts) < 2 or are_opposed(rows):
        return None
    size = max(parts, key=parts.__getitem__)
    return (size, parts[size]) if parts[size] > _MOST else None


def by_whom(rows: Mapping[str, Row], plural: Mapping[str, str]) -> str:
    """What follows a change of a count: a size's share of it, or of opposed sizes their numbers.

    Args:
        rows: its parts by size of trader.
        plural: what several traders of each size are called.
    """
    if are_opposed(rows):
        told = {size: row["difference"] for size, row in rows.items() if is_told(row)}
        named = [f"{more_or_fewer(one)} of {plural[size]}" for size, one in told.items()]
        return f": {listed(named)}" if named else ""
    if borne := borne_by(rows):
        return f", {of_every_100(borne[1])} of them of {plural[borne[0]]}"
    return ""


def _parts(rows: Mapping[str, Row]) -> dict[str, float]:
    """The share of a sum that each has; nothing of a sum of nothing."""
    whole = sum(row["difference"] for row in rows.values())
    return {size: row["difference"] / whole for size, row in rows.items()} if whole else {}


def shown(row: Row, currency: str) -> tuple[float, bool]:
    """A change as it is told, and whether that is as a share: of money, or of what it is less than.

    >>> shown({"unit": "persons", "relative": 3.5, "difference": 70.0}, "CNY")
    (70.0, False)
    """
    is_share = row["unit"] == currency or abs(row["relative"]) < 1
    return (row["relative"] if is_share else row["difference"]), is_share


def named_in_sentences(scenario: Scenario) -> dict[str, str]:
    """The labels of a border, by name; sides as sentences call them."""
    sides = (scenario.sides.inner, scenario.sides.outer)
    return labels_of(scenario) | {side.key: side.called for side in sides if side.called}


def plurals(scenario: Scenario) -> dict[str, str]:
    """What sentences call several traders of each size."""
    sizes = scenario.traders.sizes.items()
    return {name: size.plural or f"{size.label.lower()}s" for name, size in sizes}
