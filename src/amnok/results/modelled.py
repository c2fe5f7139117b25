"""What the model has for each observation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.results.observations import REPORTS, cell_of, each, is_level
from amnok.results.visible import reports
from amnok.variables import PEOPLE


def modelled(dataset: xr.Dataset, rows: pd.DataFrame) -> NDArray[np.float64]:
    """What the model has for each observation, [replicate, row].

    Flows are added up over the days and over whatever the row leaves blank; of prices and other
    levels it is the mean. Without a day that the dataset has, the value is NaN.
    """
    found = np.full((dataset.sizes["replicate"], len(rows)), np.nan)
    cached: dict[tuple[str, ...], xr.DataArray] = {}
    for at, row in enumerate(each(rows)):
        key = (str(row.series), *cell_of(row))
        if key not in cached:
            cached[key] = _by_day(dataset, *key)
        found[:, at] = _of_days(cached[key], row)
    return found


def _of_days(values: xr.DataArray, row: Any) -> NDArray[np.float64] | float:
    """What a series of days or of surveys holds for the days of a row, [replicate]."""
    if "survey_day" in values.dims:  # the last survey by then
        days = values["survey_day"].to_numpy()
        at = int(np.searchsorted(days, row.date_to.to_datetime64(), side="right")) - 1
        return values[:, at].to_numpy() if at >= 0 else math.nan
    inside = values.sel(day=slice(row.date_from, row.date_to))
    if not inside.sizes["day"]:
        return math.nan
    whole = inside.mean("day") if is_level(row.series) else inside.sum("day")
    result: NDArray[np.float64] = whole.to_numpy()
    return result


def _by_day(
    dataset: xr.Dataset, series: str, place: str, side: str, agency: str, goods: str, size: str
) -> xr.DataArray:
    """A series of the cells that a row names, [replicate, day]; added up over all others."""
    if series == REPORTS:
        return _reports_by_day(dataset, place, side)
    values = dataset[series]
    if place:
        axis = next(str(dim) for dim in values.dims if dim in ("route", "sector", "market"))
        names = dataset["route_sector" if axis == "route" else axis].to_numpy()
        values = values.isel({axis: names == place})
    if side and "agency" in values.dims:
        values = values.isel(agency=dataset["agency_side"].to_numpy() == side)
    elif side:
        values = values.sel(side=side)
    for axis, name in (("agency", agency), ("goods", goods), ("size", size)):
        if name:
            values = values.sel({axis: [name]})
    time = ("replicate", "survey_day" if "survey_day" in values.dims else "day")
    others = [dim for dim in values.dims if dim not in time]
    is_mean = is_level(series) and not _is_people(series)
    whole = values.mean(others) if is_mean else values.sum(others)
    return whole.transpose(*time)


def _is_people(series: str) -> bool:
    return counts.named(series).table == PEOPLE


def _reports_by_day(dataset: xr.Dataset, place: str, side: str) -> xr.DataArray:
    """Source reports by the day that they were published, [replicate, day]."""
    table = reports(dataset)
    if place:
        table = table[table["sector"] == place]
    if side:
        table = table[table["side"] == side]
    days = pd.DatetimeIndex(dataset["day"].to_numpy())
    numbers = dataset["replicate"].to_numpy()
    by = pd.crosstab(table["replicate"], table["publication_day"])
    by = by.reindex(index=numbers, columns=days, fill_value=0)
    axes = {"replicate": numbers, "day": days}
    return xr.DataArray(by.to_numpy(dtype=float), axes, ("replicate", "day"))
