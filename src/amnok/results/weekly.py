"""A run by weeks: the few sums that charts and the map are drawn from, small enough to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING
from amnok.results.visible import reports

WEEK = 7
COUNTS = (
    "crossings",
    "river_crossings",
    "guard_bribes",
    "attempts",
    "losses",
    "published",
    "export_items",
    "export_items_checked",
    "arrests",
    "questionings",
    "official_arrests",
    "official_questionings",
    "flow",
)
# Variables of a run's truth that weekly sums are made from.
NEEDED = (
    "crossings",
    "guard_bribes",
    "attempts",
    "losses",
    "price",
    "export_items",
    "export_items_checked",
    "arrests",
    "questionings",
)
_EVENTS = ("arrests", "questionings", "official_arrests", "official_questionings")
_SEEN = ("arrest", "questioning")  # events that agencies count too

Array = NDArray[np.float64]


def weekly(dataset: xr.Dataset) -> xr.Dataset:
    """Weekly sums of a run; weeks start with its first day, and an unfinished last one is left out.

    Args:
        dataset: from `amnok.run` or a saved run.

    Returns:
        Along `replicate` and `week` (first days), what charts show: crossings [sector, channel];
        river_crossings and guard_bribes [sector, size], on the river; export_items and
        export_items_checked [sector, investigated]; arrests, questionings and the same as agencies
        write them down, official_..., [sector, side, size]; published [sector]: source reports
        about these by week of publication; attempts and losses [route]. price [goods, market] is
        the week's mean on the inner bank. flow [replicate, day, route]: crossings of a day.
        Surveyed prices and source reports stay as they are. What the run's border has no mechanism
        for is missing.
    """
    by_week = _Weeks(dataset)
    sector = _members(dataset["route_sector"], dataset["sector"])
    channels = list(dict.fromkeys(dataset["route_channel"].to_numpy()))
    channel = _members(dataset["route_channel"], channels)
    bribe = BRIBE_PER_RIVER_CROSSING
    on_river = (dataset["route_channel"] == bribe.channel).to_numpy().astype(np.float64)
    crossings = by_week.sums(bribe.bottom, "route", "size")
    variables: dict[str, tuple[tuple[str, ...], Array]] = {
        "crossings": (("sector", "channel"), _add(crossings, "abrz,rs,rc->absc", sector, channel)),
        "river_crossings": (
            ("sector", "size"),
            _add(crossings, "abrz,rs,r->absz", sector, on_river),
        ),
        "price": (("goods", "market"), by_week.prices()),
    }
    if bribe.top in dataset:
        bribes = by_week.sums(bribe.top, "route", "size")
        summed = _add(bribes, "abrz,rs,r->absz", sector, on_river)
        variables[bribe.top] = (("sector", "size"), summed)
    if "report_kind" in dataset:
        variables["published"] = (("sector",), by_week.published())
    for name in _there(dataset, "attempts", "losses"):
        variables[name] = (("route",), by_week.sums(name, "route", "size").sum(-1))
    for name in _there(dataset, "export_items", "export_items_checked"):
        sums = by_week.sums(name, "sector", "investigated")
        variables[name] = (("sector", "investigated"), sums)
    for name in _there(dataset, *_EVENTS):
        side = _members(dataset["agency_side"], dataset["side"])
        sums = by_week.sums(name, "sector", "agency", "size")
        variables[name] = (("sector", "side", "size"), _add(sums, "absgz,gi->absiz", side))
    flow = _ordered(dataset.variables["crossings"], "replicate", "day", "route", "size").sum(-1)
    kept = {
        name: variable
        for name, variable in dataset.variables.items()
        if name == "surveyed_price" or name in dataset.coords or variable.dims == ("report",)
    }
    return _dataset(
        {
            **kept,
            **{
                name: xr.Variable(("replicate", "week", *dims), values)
                for name, (dims, values) in variables.items()
            },
            "flow": xr.Variable(("replicate", "day", "route"), flow.astype(np.float32)),
            "week": xr.Variable("week", by_week.starts),
            "channel": xr.Variable("channel", channels),
        },
        {*dataset.coords, "week", "channel"},
        dataset.attrs,
    )


def _there(dataset: xr.Dataset, *names: str) -> list[str]:
    """Those of some variables that a run has."""
    return [name for name in names if name in dataset]


def scaled(weeks: xr.Dataset, factor: float) -> xr.Dataset:
    """Counts times a factor, for a run with fewer traders than it stands for; prices stay."""
    variables = dict(weeks.variables)
    for name in _there(weeks, *COUNTS):
        one = variables[name]
        variables[name] = xr.Variable(one.dims, np.asarray(one.values) * factor, one.attrs)
    return _dataset(variables, set(weeks.coords), weeks.attrs)


def _dataset(variables: Mapping[Any, xr.Variable], coords: set[Any], attrs: Any) -> xr.Dataset:
    """A dataset of variables; to add them to one by one takes much longer."""
    return xr.Dataset(
        {name: one for name, one in variables.items() if name not in coords},
        coords={name: one for name, one in variables.items() if name in coords},
        attrs=attrs,
    )


def sums_by_week(daily: Array, axis: int) -> Array:
    """Sums of whole weeks, with weeks in the place of days along an axis."""
    weeks, days = _whole_weeks(daily.shape[axis])
    before, after = daily.shape[:axis], daily.shape[axis + 1 :]
    whole = daily[(slice(None),) * axis + (slice(days),)].reshape(*before, weeks, -1, *after)
    return np.asarray(whole.sum(axis=axis + 1), dtype=np.float64)


def _whole_weeks(n_days: int) -> tuple[int, int]:
    """How many weeks there are, and days in all of them; less than a week counts as one."""
    weeks = max(1, n_days // WEEK)
    return weeks, min(n_days, weeks * WEEK)


class _Weeks:
    """Takes sums of whole weeks."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset
        n_days = dataset.sizes["day"]
        self._weeks, self._days = _whole_weeks(n_days)
        self.starts = dataset["day"].to_numpy()[: self._days : WEEK]

    def of(self, daily: Array) -> Array:
        """Sums [replicate, week, ...] of daily values [replicate, day, ...]."""
        return sums_by_week(daily, 1)

    def sums(self, name: str, *dims: str) -> Array:
        """A variable by week."""
        return self.of(_ordered(self._dataset.variables[name], "replicate", "day", *dims))

    def prices(self) -> Array:
        """Mean prices on the inner bank, [replicate, week, goods, market]."""
        inner = self._dataset.variables["price"].isel(side=0)
        daily = _ordered(inner, "replicate", "day", "goods", "market")
        return self.of(daily) / min(WEEK, self._days)

    def published(self) -> Array:
        """Source reports about arrests and questionings, [replicate, week, sector]."""
        dataset = self._dataset
        table = reports(dataset)
        table = table[table["kind"].isin(_SEEN)]
        since = table["publication_day"].to_numpy() - dataset["day"].to_numpy()[0]
        day = since // np.timedelta64(1, "D")
        week = np.where(day < self._days, day // WEEK, self._weeks)  # past the end: dropped below
        counts = np.zeros((dataset.sizes["replicate"], self._weeks + 1, dataset.sizes["sector"]))
        replicate = _places(table["replicate"].to_numpy(), dataset["replicate"].to_numpy())
        sector = _places(table["sector"].to_numpy(), dataset["sector"].to_numpy())
        np.add.at(counts, (replicate, week, sector), 1)
        return counts[:, :-1]


def _ordered(values: xr.Variable, *dims: str) -> Array:
    return np.asarray(values.transpose(*dims).values)


def _members(owner: xr.DataArray, names: Any) -> Array:
    """Which of `names` each entry belongs to, [entry, name], 0 or 1."""
    members: Array = (owner.to_numpy()[:, np.newaxis] == np.asarray(names)).astype(np.float64)
    return members


def _places(values: NDArray[Any], names: NDArray[Any]) -> NDArray[np.int64]:
    places = {name: position for position, name in enumerate(names)}
    return np.array([places[value] for value in values], dtype=np.int64)


def _add(values: Array, how: str, *members: Array) -> Array:
    """Add up along the axes that `how` leaves out (Einstein's notation)."""
    return np.asarray(np.einsum(how, values, *members, optimize=True))
