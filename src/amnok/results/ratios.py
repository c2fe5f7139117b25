"""Ratios of counts for charts and sentences: those of `scenario/builtin/usual/measures.yaml`.

There "bribe per river crossing" is said once; summaries and patterns measure it from there too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.scenario.measures.definitions import usual

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
        text: what it is in a few words.
        channel: only consignments that go this way; "" for all.
    """

    top: str
    bottom: str
    text: str
    channel: str = ""


def _usual(name: str) -> Ratio:
    """A ratio of variables among the usual measures."""
    measure = usual().measures[name]
    assert measure.ratio is not None
    top, bottom = map(str, measure.ratio)
    return Ratio(top, bottom, measure.label, str(measure.where.get("channel", "")))


BRIBE_PER_RIVER_CROSSING = _usual("bribe_per_river_crossing")
SHARE_CHECKED = _usual("share_checked")
