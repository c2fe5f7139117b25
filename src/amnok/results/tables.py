"""Tidy tables: the variables of a dataset as columns, one table for each set of axes."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import xarray as xr

from amnok.results.visible import reports


def tidy(dataset: xr.Dataset) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and table of each group of variables that share their dimensions; a row is one cell.

    The name lists the dimensions: `day-route-size` has the columns replicate, day, route, size, and
    one for each measure by route and size. `reports` are the source reports.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, values in dataset.data_vars.items():
        groups.setdefault(tuple(map(str, values.dims)), []).append(str(name))
    for dims, names in groups.items():
        if dims == ("report",):
            yield "reports", reports(dataset)
        else:
            table = dataset[names].reset_coords(drop=True).to_dataframe(dim_order=list(dims))
            yield "-".join(dims[1:]), table.reset_index()
