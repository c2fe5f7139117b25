"""One number over another, where there may be nothing to divide by."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Numbers = TypeVar("Numbers", float, NDArray[np.float64], xr.DataArray)


def ratio(top: Numbers, bottom: Numbers) -> Numbers:
    """One number over another, of the same shape; NaN where there is nothing to divide by.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, nan)
    """
    if isinstance(bottom, float | int):
        return top / bottom if bottom > 0 else np.nan
    return top / np.where(bottom > 0, bottom, np.nan)
