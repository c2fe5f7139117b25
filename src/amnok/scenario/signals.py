"""Political signals: indices over time, given as dated points and joined by straight lines."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from amnok.quantity import Part, Ratio


class Signal(Part):
    """A political signal: dated levels in [0, 1], joined by straight lines, flat beyond the ends.

    The shape is data; `scale` (with its own prior and source) carries the doubt about its height.
    """

    label: str
    unit: Literal["index"]
    scale: Ratio
    points: tuple[tuple[dt.date, float], ...] = Field(min_length=1)
    source: tuple[str, ...] | Literal["assumption"]
    note: str = ""

    @model_validator(mode="after")
    def _points_in_order(self) -> Signal:
        dates = [date for date, _ in self.points]
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("dates out of order: each point must be later than the one before")
        if any(not 0 <= level <= 1 for _, level in self.points):
            raise ValueError("a level is outside 0 to 1 (index)")
        return self
