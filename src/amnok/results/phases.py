"""Stretches of days that reports speak of."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd
import xarray as xr


@dataclass(frozen=True)
class Phase:
    """A named stretch of days, both ends counted."""

    name: str
    label: str
    start: pd.Timestamp
    end: pd.Timestamp

    def of(self, dataset: xr.Dataset) -> xr.Dataset:
        """The days of a dataset that lie in the phase."""
        return dataset.sel(day=slice(self.start, self.end))


def phases(dataset: xr.Dataset) -> list[Phase]:
    """The scenario's phases that have any days; without any, the whole period."""
    days = pd.DatetimeIndex(dataset["day"].to_numpy())
    found = [
        Phase(row["name"], row["label"], pd.Timestamp(row["start"]), pd.Timestamp(row["end"]))
        for row in json.loads(dataset.attrs.get("phases", "[]"))
    ]
    found = [one for one in found if ((days >= one.start) & (days <= one.end)).any()]
    return found or [Phase("all", "The whole period", days[0], days[-1])]
