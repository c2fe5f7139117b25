"""The two sides of the consignor's game: what is sent, and those who search it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import Inputs
from amnok.mechanisms.self_inspection import leak_chance

_ITEMS = 1_000_000
_MOST = 1e100


@dataclass(frozen=True)
class Consignment:
    """A kind of consignment, as its sender sees it.

    Attributes:
        items: n, 1 to a million.
        spot_check: items checked by habit, m; at most n are.
        leak_rate: chance that an item carries a leak, l.
        effectiveness: chance that a check finds and removes it, e.
        leak_loss: what a leak that is found costs the sender, L (money).
        minute_cost: of checking, w (money per minute).
        minutes: to check one item, tau.
        per_day: how many such consignments set out, where several kinds share one police.
        name: what tables call it.

    Raises:
        AmnokError: with every number that is out of range.
    """

    items: int
    spot_check: int
    leak_rate: float
    effectiveness: float
    leak_loss: float
    minute_cost: float
    minutes: float
    per_day: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        inputs = Inputs()
        object.__setattr__(self, "items", inputs.count("items", self.items, least=1, most=_ITEMS))
        object.__setattr__(self, "spot_check", inputs.count("spot_check", self.spot_check))
        for name, most in (
            ("leak_rate", 1.0),
            ("effectiveness", 1.0),
            ("leak_loss", _MOST),
            ("minute_cost", _MOST),
            ("minutes", _MOST),
            ("per_day", _MOST),
        ):
            value = float(inputs.number(name, getattr(self, name), least=0, most=most))
            object.__setattr__(self, name, value)
        inputs.done()

    @property
    def few(self) -> int:
        """Items in a spot check."""
        return min(self.spot_check, self.items)

    @property
    def checking_rest(self) -> float:
        """What it costs to check all that a spot check leaves (money)."""
        return self.minute_cost * self.minutes * (self.items - self.few)

    def leak(self, checked: int) -> float:
        """Chance that the consignment still carries a leak after so many checks."""
        return leak_chance(self.items, checked, self.leak_rate, self.effectiveness)

    def removed(self) -> float:
        """How much of that chance checking the rest takes away, without loss of digits."""
        rest = self.items - self.few
        checked, unchecked = 1 - self.leak_rate * (1 - self.effectiveness), 1 - self.leak_rate
        if rest == 0 or checked == 0.0:
            return 0.0
        # checked**n * (1 - (unchecked/checked)**rest)
        ratio = self.leak_rate * self.effectiveness / checked
        lost = math.log1p(-ratio) if unchecked > 0.0 else -math.inf
        clean = math.exp(self.items * math.log1p(-self.leak_rate * (1 - self.effectiveness)))
        return -clean * math.expm1(rest * lost)

    def switch(self) -> float:
        """Chance of a search that would find any leak at which all is as good as a spot check."""
        saved = self.leak_loss * self.removed()
        return self.checking_rest / saved if saved > 0.0 else math.inf


@dataclass(frozen=True)
class Police:
    """Those who search, and what it is to them.

    Attributes:
        find_rate: chance that a search finds a leak where there is one, f.
        find_value: what a find is worth, v (money).
        search_cost: of a search, s (money), less whatever a search brings in without a find.

    Raises:
        AmnokError: with every number that is out of range.
    """

    find_rate: float
    find_value: float
    search_cost: float

    def __post_init__(self) -> None:
        inputs = Inputs()
        for name, most in (("find_rate", 1.0), ("find_value", _MOST), ("search_cost", _MOST)):
            value = float(inputs.number(name, getattr(self, name), least=0, most=most))
            object.__setattr__(self, name, value)
        inputs.done()

    def search_gain(self, leak: float) -> float:
        """What a search of consignments is worth that carry a leak with such a chance."""
        return self.find_value * self.find_rate * leak - self.search_cost


def checking_costs(one: Consignment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Costs of checking m, m+1, ..., n items: of the checks, and of a leak found for certain."""
    checked = np.arange(one.few, one.items + 1, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log1p([-one.leak_rate * (1 - one.effectiveness), -one.leak_rate])
        # Nothing times minus infinity is nothing: no items of a kind carry no leak.
        clean = np.where(checked > 0, checked * logs[0], 0.0)
        clean += np.where(checked < one.items, (one.items - checked) * logs[1], 0.0)
    return one.minute_cost * one.minutes * checked, one.leak_loss * -np.expm1(clean)


def by_leak_rate(one: Consignment, checked: int) -> float:
    """Derivative of the chance of a leak by the leak rate."""
    missed = 1 - one.effectiveness
    return _sum_of_hazards(one, checked, missed, 1.0)


def by_effectiveness(one: Consignment, checked: int) -> float:
    """Derivative of the chance of a leak by the effectiveness of checks."""
    return _sum_of_hazards(one, checked, -one.leak_rate, 0.0)


def _sum_of_hazards(one: Consignment, checked: int, on_checked: float, on_rest: float) -> float:
    """Derivative of 1 - A**k * B**(n-k), given those of -A and -B."""
    a, b, rest = 1 - one.leak_rate * (1 - one.effectiveness), 1 - one.leak_rate, one.items - checked
    of_checked = checked * on_checked * a ** (checked - 1) * b**rest if checked else 0.0
    of_rest = rest * on_rest * a**checked * b ** (rest - 1) if rest else 0.0
    return of_checked + of_rest
