"""A run by weeks: the few sums that charts and the map are drawn from, small enough to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.observe import reports

WEEK = 7
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
        surveyed_price, of the first replicate, stays as it is.
    """
    by_week = _Weeks(dataset)
    sector = _members(dataset["route_sector"], dataset["sector"])
    channels = list(dict.fromkeys(dataset["route_channel"].to_numpy()))
    channel = _members(dataset["route_channel"], channels)
    side = _members(dataset["agency_side"], dataset["side"])
    on_river = (dataset["route_channel"] == "river").to_numpy().astype(np.float64)
    crossings = by_week.sums("crossings", "route", "size")
    bribes = by_week.sums("guard_bribes", "route", "size")
    variables: dict[str, tuple[tuple[str, ...], Array]] = {
        "crossings": (("sector", "channel"), _add(crossings, "abrz,rs,rc->absc", sector, channel)),
        "river_crossings": (
            ("sector", "size"),
            _add(crossings, "abrz,rs,r->absz", sector, on_river),
        ),
        "guard_bribes": (("sector", "size"), _add(bribes, "abrz,rs,r->absz", sector, on_river)),
        "attempts": (("route",), by_week.sums("attempts", "route", "size").sum(-1)),
        "losses": (("route",), by_week.sums("losses", "route", "size").sum(-1)),
        "published": (("sector",), by_week.published()),
        "price": (("goods", "market"), by_week.prices()),
    }
    for name in ("export_items", "export_items_checked"):
        sums = by_week.sums(name, "sector", "investigated")
        variables[name] = (("sector", "investigated"), sums)
    for name in ("arrests", "questionings", "official_arrests", "official_questionings"):
        sums = by_week.sums(name, "sector", "agency", "size")
        variables[name] = (("sector", "side", "size"), _add(sums, "absgz,gi->absiz", side))
    flow = _ordered(dataset["crossings"], ("replicate", "day", "route", "size")).sum(-1)
    result = xr.Dataset(
        {name: (("replicate", "week", *dims), values) for name, (dims, values) in variables.items()}
        | {"flow": (("replicate", "day", "route"), flow.astype(np.float32))},
        coords={
            **{name: one.variable for name, one in dataset.coords.items()},
            "week": by_week.starts,
            "channel": channels,
        },
        attrs=dataset.attrs,
    )
    result["surveyed_price"] = dataset["surveyed_price"]
    return result


def joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Weekly sums of several replicates as one dataset, in the order given."""
    first = parts[0]

    def along(name: Any) -> tuple[tuple[Any, ...], NDArray[Any], dict[Any, Any]]:
        values = np.concatenate([np.asarray(part[name].values) for part in parts])
        return first[name].dims, values, first[name].attrs

    coords = {name: one.variable for name, one in first.coords.items() if name != "replicate"}
    numbers = np.concatenate([np.asarray(part["replicate"].values) for part in parts])
    return xr.Dataset(
        {name: along(name) for name in first.data_vars},
        coords={"replicate": numbers, **coords},
        attrs=first.attrs,
    )


class _Weeks:
    """Takes sums of whole weeks; a period shorter than one counts as one."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset
        self._n_days = dataset.sizes["day"]
        self._weeks = max(1, self._n_days // WEEK)
        self.starts = dataset["day"].to_numpy()[: self._weeks * WEEK : WEEK]

    def of(self, daily: Array) -> Array:
        """Sums [replicate, week, ...] of daily values [replicate, day, ...]."""
        whole = daily[:, : self._weeks * WEEK]
        shape = (whole.shape[0], self._weeks, -1, *whole.shape[2:])
        return np.asarray(whole.reshape(shape).sum(axis=2), dtype=np.float64)

    def sums(self, name: str, *dims: str) -> Array:
        """A variable by week."""
        return self.of(_ordered(self._dataset[name], ("replicate", "day", *dims)))

    def prices(self) -> Array:
        """Mean prices on the inner bank, [replicate, week, goods, market]."""
        daily = _ordered(
            self._dataset["price"].isel(side=0), ("replicate", "day", "goods", "market")
        )
        return self.of(daily) / min(WEEK, self._n_days)

    def published(self) -> Array:
        """Source reports about arrests and questionings, [replicate, week, sector]."""
        dataset = self._dataset
        table = reports(dataset)
        table = table[table["kind"].isin(_SEEN)]
        day = (table["publication_day"].to_numpy() - dataset["day"].to_numpy()[0]).astype(
            "timedelta64[D]"
        )
        week = np.minimum(day.astype(np.int64) // WEEK, self._weeks)  # past the end: dropped below
        counts = np.zeros((dataset.sizes["replicate"], self._weeks + 1, dataset.sizes["sector"]))
        replicate = _places(table["replicate"].to_numpy(), dataset["replicate"].to_numpy())
        sector = _places(table["sector"].to_numpy(), dataset["sector"].to_numpy())
        np.add.at(counts, (replicate, week, sector), 1)
        return counts[:, :-1]


def _ordered(values: xr.DataArray, dims: tuple[str, ...]) -> Array:
    return np.asarray(values.transpose(*dims).to_numpy())


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
