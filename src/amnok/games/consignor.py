"""The consignor's game: how much of a consignment to check, and whether to search it.

The sender checks k of n items, the police search or do not; neither sees what the other does. The
sender pays for checking and, if a search finds a leak, for that; the police pay for searching, and
a find is worth something to them. The sender's cost is concave in k (`rules.inspection`), so that
only the habitual spot check and checking everything can ever be best, whatever the police do: the
game has two actions a side. The police gain from a search exactly when senders check little, and
senders check exactly when searches are frequent. So, as a rule, both waver: the police search with
the chance that leaves *senders* indifferent, and the share of senders who check everything is what
leaves the *police* indifferent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import UNCHECKED, Certificate, Game, Inputs
from amnok.games.one_shot import check_equilibria
from amnok.games.two_by_two import Equilibria, Payoffs, equilibria
from amnok.rules.inspection import leak_chance

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


@dataclass(frozen=True)
class ConsignorGame(Game["ConsignorSolution"]):
    """One kind of consignment and the police who may search it."""

    consignment: Consignment
    police: Police

    @property
    def inspector(self) -> Payoffs:
        """To the police: [search, not] by [all, spot check]."""
        one = self.consignment
        gains = tuple(self.police.search_gain(one.leak(k)) for k in (one.items, one.few))
        return (gains[0], gains[1]), (0.0, 0.0)

    @property
    def inspected(self) -> Payoffs:
        """To the sender, above what a spot check earns: [search, not] by [all, spot check].

        Only differences between a sender's own actions matter to what is best.
        """
        one = self.consignment
        saved = self.police.find_rate * one.leak_loss * one.removed()
        return (saved - one.checking_rest, 0.0), (-one.checking_rest, 0.0)

    def solve(self) -> ConsignorSolution:
        """All equilibria of a consignor's game.

        Where a spot check already looks at every item, everyone checks all. Where checking costs
        nothing and there are no searches, senders may check any number between the two: such
        equilibria pay the same to all and are told as mixtures of the two.

        >>> one = Consignment(50, 2, 0.002, 0.9, 20_000.0, 0.05, 4.0)
        >>> [found] = ConsignorGame(one, Police(0.6, 5_000.0, 100.0)).solve().equilibria
        >>> round(found.row[0], 6), round(found.column[0], 6)  # searched; checked in full
        (0.009752, 0.714975)
        """
        found = equilibria(self.inspector, self.inspected)
        if self.consignment.few == self.consignment.items:
            found = tuple(dict.fromkeys(Equilibria(one.row, (1.0, 1.0)) for one in found))
        solution = ConsignorSolution(self, found)
        return replace(solution, certificate=self.check(solution))

    def check(self, result: ConsignorSolution) -> Certificate:
        """The certificate of all equilibria, against every number of checks and not only two.

        Its bound is the most that the police earn by a best answer in the first of them.
        """
        certificate = check_equilibria(self.inspector, self.inspected, result.equilibria)
        one, police = self.consignment, self.police
        costs = checking_costs(one)
        regret = 0.0
        for search, full in (corner for found in result.equilibria for corner in found.corners()):
            cost = costs[0] + float(search) * police.find_rate * costs[1]
            used = float(full) * cost[-1] + (1 - float(full)) * cost[0]
            regret = max(regret, used - float(cost.min()))
        return replace(
            certificate, regret_inspected=regret, gap=max(float(certificate.gap), regret)
        )


@dataclass(frozen=True)
class ConsignorSolution:
    """All equilibria of a consignor's game.

    Attributes:
        equilibria: rows are the chance of a search, columns the share of senders who check all.
        certificate: from `ConsignorGame.check`, for all of them.
    """

    game: ConsignorGame
    equilibria: tuple[Equilibria, ...]
    certificate: Certificate = UNCHECKED


def checking_costs(one: Consignment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Costs of checking m, m+1, ..., n items: of the checks, and of a leak found for certain."""
    checked = np.arange(one.few, one.items + 1, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log1p([-one.leak_rate * (1 - one.effectiveness), -one.leak_rate])
        # Nothing times minus infinity is nothing: no items of a kind carry no leak.
        clean = np.where(checked > 0, checked * logs[0], 0.0)
        clean += np.where(checked < one.items, (one.items - checked) * logs[1], 0.0)
    return one.minute_cost * one.minutes * checked, one.leak_loss * -np.expm1(clean)
