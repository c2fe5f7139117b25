"""Arrays with named dimensions, made without what only Dask's arrays need."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import xarray as xr
from numpy.typing import NDArray


def named(
    dims: str | tuple[Hashable, ...], values: NDArray[Any], attrs: Mapping[Any, Any] | None = None
) -> xr.Variable:
    """A NumPy array as a variable.

    Left to itself, xarray asks of each whether it is one of Dask's, and where that is installed
    loads all of it to know: an eighth of a short run.
    """
    return xr.Variable(dims, values, attrs, fastpath=True)
