"""A statement: a measure, and where it must lie."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, model_validator

from amnok.scenario.measures.vocabulary import Measure

_BOUNDS = ("at_least", "at_most", "about", "rises", "falls", "unchanged_within")
_NONE = {"ratio": 1.0, "change": 0.0, "difference": 0.0}  # a comparison of what is the same


class Statement(Measure):
    """A measure and where it must lie. It is one number: it keeps no dimension."""

    at_least: float | None = None
    """The least that it may be."""

    at_most: float | None = None
    """The most that it may be."""

    about: float | None = None
    """What it is, give or take `tolerance`."""

    tolerance: float | None = Field(default=None, ge=0)
    """How far it may lie from `about`."""

    rises: Literal[True] | None = None
    """It is more than what it is compared with."""

    falls: Literal[True] | None = None
    """It is less than what it is compared with."""

    unchanged_within: float | None = Field(default=None, gt=0)
    """It is what it is compared with, give or take this."""

    spread: float = Field(default=0.0, ge=0)
    """How blurred the words are, in units of the measure: a standard deviation of the bounds."""

    why: str = ""
    """Why the bound lies there."""

    input: str = ""
    """What the measure is by the scenario's own numbers, in closed form or nearly, where it is put
    in and hardly up to what people do; empty where it comes out of the model.
    """

    @model_validator(mode="after")
    def _bounded(self) -> Statement:
        said = [name for name in _BOUNDS if getattr(self, name) is not None]
        if not said:
            raise ValueError(f"a statement says one of {', '.join(_BOUNDS)}")
        if len(said) > 1 and said != ["at_least", "at_most"]:
            raise ValueError(f"a statement says one thing, not {' and '.join(said)}")
        if (self.about is None) != (self.tolerance is None):
            raise ValueError("`about` and `tolerance` go together")
        if said[0] in ("rises", "falls", "unchanged_within") and self.against is None:
            raise ValueError(f"`{said[0]}` needs `against`: what it is compared with")
        if said[0] in ("rises", "falls", "unchanged_within") and self.absolute:
            raise ValueError(f"`{said[0]}` needs the sign that `absolute` takes away")
        low, high = self.bounds
        if low > high:
            raise ValueError(f"at_least {low:g} is above at_most {high:g}")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest value that meets it, infinite where it says nothing."""
        same = _NONE[self.as_] * self.per
        if self.rises:
            return same, math.inf
        if self.falls:
            return -math.inf, same
        if self.unchanged_within is not None:
            return same - self.unchanged_within, same + self.unchanged_within
        if self.about is not None and self.tolerance is not None:
            return self.about - self.tolerance, self.about + self.tolerance
        low = -math.inf if self.at_least is None else self.at_least
        return low, math.inf if self.at_most is None else self.at_most

    @property
    def asked(self) -> str:
        """Where it must lie, in words.

        >>> Statement(sum="arrests", at_least=3).asked
        'at least 3'
        """
        if self.rises or self.falls:
            return "rises" if self.rises else "falls"
        if self.unchanged_within is not None:
            return f"unchanged within {self.unchanged_within:g}"
        if self.about is not None:
            return f"about {self.about:g} +- {self.tolerance:g}"
        said = ((self.at_least, "at least"), (self.at_most, "at most"))
        return ", ".join(f"{word} {bound:g}" for bound, word in said if bound is not None)

    def meets(self, value: float) -> bool | None:
        """Whether a value lies where it must; None for NaN.

        >>> Statement(mean="crossings", at_most=0.5).meets(0.2)
        True
        """
        return None if math.isnan(value) else self.side(value) == 0

    def side(self, value: float) -> int:
        """On which side of its bounds a value lies: -1 below, 1 above, 0 where it must be.

        >>> [Statement(sum="arrests", about=3, tolerance=1).side(one) for one in (1, 4, 5)]
        [-1, 0, 1]
        """
        low, high = self.bounds
        if self.rises or self.falls:  # what is the same neither rises nor falls
            return -1 if value <= low else 1 if value >= high else 0
        return -1 if value < low else 1 if value > high else 0
