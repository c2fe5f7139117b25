"""Ratios of counts that several parts tell: what is divided by what, on which way, in which unit.

Summaries, charts, patterns and tests of results take them from here, so that "bribe per river
crossing" means the same everywhere. What only one of them tells stays there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.variables import MONEY

Numbers = TypeVar("Numbers", float, NDArray[np.float64], xr.DataArray)


def ratio(top: Numbers, bottom: Numbers) -> Numbers:
    """One number over another, of the same shape; NaN where there is nothing to divide by.

    >>> ratio(1.0, 4.0), ratio(1.0, 0.0)
    (0.25, nan)
    """
    if isinstance(bottom, float | int):
        return top / bottom if bottom > 0 else np.nan
    return top / np.where(bottom > 0, bottom, np.nan)


@dataclass(frozen=True)
class Ratio:
    """One count over another, both added up over the same cells.

    Attributes:
        top: name of the count that is divided.
        bottom: name of the count that it is divided by.
        unit: of the ratio; MONEY stands for the currency.
        text: what it is in a few words.
        channel: only consignments that go this way; "" for all.
    """

    top: str
    bottom: str
    unit: str
    text: str
    channel: str = ""

    def of(self, days: xr.Dataset, by: Collection[str] = ()) -> xr.DataArray:
        """The ratio in a dataset of a run, for each replicate and each member of `by`.

        Args:
            days: the days that count, all that the dataset has.
            by: dimensions that are not added up.
        """
        counts = days[[self.top, self.bottom]]
        if self.channel:
            counts = counts.where(days["route_channel"] == self.channel, 0)
        sums = counts.sum([dim for dim in counts.dims if dim not in ("replicate", *by)])
        return ratio(sums[self.top], sums[self.bottom])


BRIBE_PER_RIVER_CROSSING = Ratio(
    "guard_bribes", "crossings", MONEY, "Bribe per river crossing", "river"
)
CHECKED_PER_EXPORT = Ratio(
    "export_items_checked", "export_attempts", "items", "Checked per export consignment"
)
SHARE_CHECKED = Ratio(
    "export_items_checked", "export_items", "share", "Export items that are checked"
)
