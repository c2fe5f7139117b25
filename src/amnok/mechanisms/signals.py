"""Political signals: indices over time, given as dated points and joined by straight lines."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, model_validator

from amnok.mechanisms.form import Contrast, Mechanism, Section, Values
from amnok.quantity import Part, Ratio


class Signal(Part):
    """A political signal over time.

    The shape is data; `scale` (with its own prior and source) carries the doubt about its height.
    """

    label: str
    """What tables and charts call this signal."""

    unit: Literal["index"]
    """Always `index`: 0 is absent, 1 the strongest of the years covered."""

    scale: Ratio
    """Factor on the levels of all points. At 0 the signal does nothing; above 1 it is stronger than
    the points say.
    """

    points: tuple[tuple[dt.date, float], ...] = Field(min_length=1)
    """Pairs of a date and a level from 0 to 1, in the order of dates. Between them the level is a
    straight line, before and after them it is flat.
    """

    source: tuple[str, ...] | Literal["assumption"]
    """Ids of the claims and references behind the signal, or the word `assumption`."""

    note: str = ""
    """Remarks on where the levels come from."""

    @model_validator(mode="after")
    def _points_in_order(self) -> Signal:
        dates = [date for date, _ in self.points]
        if any(later <= earlier for earlier, later in pairwise(dates)):
            raise ValueError("dates out of order: each point must be later than the one before")
        if any(not 0 <= level <= 1 for _, level in self.points):
            raise ValueError("a level is outside 0 to 1 (index)")
        return self


class Signals(Section):
    """The political signals that drive orders."""

    named: dict[str, Signal] = Field(min_length=1)
    """Signals by name, any number of them: talks, elections, leaks, rumours. What an agency makes
    of each is its `weights`.
    """


def _unmoved_by_politics(scenario: Any) -> Values:
    """No agency with a weight above or below 0."""
    return {
        f"agencies.{name}.weights.{signal}": 0.0
        for name, agency in scenario.agencies.items()
        for signal in agency.weights
    }


MECHANISM = Mechanism(
    "signals",
    Signals,
    "Political signals over time that make orders stricter or milder.",
    shapes=("searches", "questionings", "arrests"),
    contrasts=(Contrast("politics", "Talks and elections move agencies", _unmoved_by_politics),),
)
