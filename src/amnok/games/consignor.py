"""The consignor's game: how much of a consignment to check, and whether to search it.

The sender checks k of n items, the police search or do not; neither sees what the other does. The
sender pays for checking and, if a search finds a leak, for that; the police pay for searching, and
a find is worth something to them. The sender's cost is concave in k, so that
only the habitual spot check and checking everything can ever be best, whatever the police do: the
game has two actions a side. The police gain from a search exactly when senders check little, and
senders check exactly when searches are frequent. So, as a rule, both waver: the police search with
the chance that leaves *senders* indifferent, and the share of senders who check everything is what
leaves the *police* indifferent. With c(k) the chance of a leak after k of n checks and
D = c(m) - c(n),

    searches      x = w*tau*(n - m) / (f*L*D)
    full checks   y = (c(m) - s/(v*f)) / D

so that each side moves with the *other's* payoffs: a harsher punishment L means fewer searches and
not more checks; police who value finds more are met by more checks and do not search more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from pydantic import Field

from amnok.allocation.certificate import UNCHECKED, Certificate, Game
from amnok.errors import AmnokError
from amnok.games.consignor_sides import (
    Consignment,
    Police,
    by_effectiveness,
    by_leak_rate,
    checking_costs,
)
from amnok.games.files import Answer, Count, GameFile, NotNegative, Probability, near, plan_table
from amnok.games.one_shot import chances_of, check_equilibria, table_of
from amnok.games.two_by_two import Equilibria, Payoffs, equilibria
from amnok.quantity import Part


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


NOBODY, WAVERING, ALL_CHECKED, UNDETERRED, SEVERAL = (
    "nobody is searched, spot checks only",
    "some are searched, some check everything",
    "all are searched, all check everything",
    "all are searched, spot checks only",
    "several equilibria",
)


@dataclass(frozen=True)
class Slope:
    """What one more unit of a parameter does where both sides waver.

    Attributes:
        parameter: its name, as in `Consignment` and `Police`.
        search: change of the chance of a search, per unit of the parameter.
        full: change of the share who check everything, per unit.
    """

    parameter: str
    search: float
    full: float


@dataclass(frozen=True)
class SwitchPoint:
    """Where the equilibrium changes its kind as one parameter moves and all others stay.

    Attributes:
        parameter, value: at which value of which parameter.
        below, above: what happens just below and just above it.
    """

    parameter: str
    value: float
    below: str
    above: str


def kind_of(game: ConsignorGame) -> str:
    """The kind of equilibrium; at a switch point itself there are several."""
    first, *more = game.solve().equilibria
    if more or not first.is_point:
        return SEVERAL
    search, full = float(first.row[0]), float(first.column[0])
    if search == 0.0:
        return NOBODY
    if search == 1.0:
        return ALL_CHECKED if full == 1.0 else UNDETERRED
    return WAVERING


def slopes(game: ConsignorGame) -> tuple[Slope, ...]:
    """Derivatives of both chances where both sides waver, in closed form.

    For numbers of items, what one more does, unless the equilibrium is then of another kind.

    Raises:
        AmnokError: the equilibrium is of another kind, where small changes change nothing.
    """
    if kind_of(game) != WAVERING:
        raise AmnokError(f"{kind_of(game)}: small changes change nothing")
    one, police = game.consignment, game.police
    drop, rest = one.removed(), one.items - one.few
    search = one.switch() / police.find_rate
    caught = police.find_value * police.find_rate
    wanted = police.search_cost / caught  # the chance of a leak that makes a search worth it
    full = (one.leak(one.few) - wanted) / drop
    scale = police.find_rate * one.leak_loss * drop
    leak_slopes = []
    for parameter, slope in (("leak_rate", by_leak_rate), ("effectiveness", by_effectiveness)):
        few, everything = slope(one, one.few), slope(one, one.items)
        faster = few - everything
        leak_slopes.append(Slope(parameter, -search * faster / drop, (few - full * faster) / drop))
    return (
        Slope("minute_cost", one.minutes * rest / scale, 0.0),
        Slope("minutes", one.minute_cost * rest / scale, 0.0),
        Slope("leak_loss", -search / one.leak_loss, 0.0),
        Slope("find_rate", -search / police.find_rate, wanted / (police.find_rate * drop)),
        Slope("find_value", 0.0, wanted / (police.find_value * drop)),
        Slope("search_cost", 0.0, -1.0 / (caught * drop)),
        *leak_slopes,
        *_steps(game, search, full),
    )


def _steps(game: ConsignorGame, search: float, full: float) -> Iterator[Slope]:
    """What one item more does, sent or spot-checked, if both still waver."""
    for parameter in ("items", "spot_check"):
        more = _with(game, parameter, getattr(game.consignment, parameter) + 1)
        if kind_of(more) == WAVERING:
            [found] = more.solve().equilibria
            row, column = float(found.row[0]), float(found.column[0])
            yield Slope(parameter, row - search, column - full)


def switch_points(game: ConsignorGame) -> tuple[SwitchPoint, ...]:
    """All values at which the kind of equilibrium changes, parameter by parameter, in closed form.

    Leak rate and effectiveness are left out: they move all three conditions at once.
    """
    one, police = game.consignment, game.police
    leaks = one.leak(one.few), one.leak(one.items)
    risk = one.leak_loss * one.removed()
    values = {
        "find_value": [_over(police.search_cost, police.find_rate * leak) for leak in leaks],
        "search_cost": [police.find_value * police.find_rate * leak for leak in leaks],
        "find_rate": [
            *(_over(police.search_cost, police.find_value * leak) for leak in leaks),
            one.switch(),
        ],
        "leak_loss": [_over(one.checking_rest, police.find_rate * one.removed())],
        "minute_cost": [_over(police.find_rate * risk, one.minutes * (one.items - one.few))],
        "minutes": [_over(police.find_rate * risk, one.minute_cost * (one.items - one.few))],
    }
    return tuple(
        point
        for parameter, numbers in values.items()
        for value in sorted(set(numbers))
        if (point := _switch(game, parameter, value)) is not None
    )


def _switch(game: ConsignorGame, parameter: str, value: float) -> SwitchPoint | None:
    """The switch at a value, if the kind of equilibrium does change there."""
    most = 1.0 if parameter == "find_rate" else math.inf
    if not 0.0 < value < most:
        return None
    below, above = (
        kind_of(_with(game, parameter, value * factor)) for factor in (1 - 1e-7, 1 + 1e-7)
    )
    return SwitchPoint(parameter, value, below, above) if below != above else None


def _with(game: ConsignorGame, parameter: str, value: float) -> ConsignorGame:
    """The game with another value of a parameter of either side."""
    changed: dict[str, Any] = {parameter: value}
    if parameter in ("find_rate", "find_value", "search_cost"):
        return replace(game, police=replace(game.police, **changed))
    return replace(game, consignment=replace(game.consignment, **changed))


def _over(one: float, other: float) -> float:
    return one / other if other > 0.0 else math.inf


class Sent(Part):
    """A kind of consignment in a file; see `Consignment`."""

    items: Annotated[int, Field(ge=1, le=1_000_000)]
    spot_check: Count
    leak_rate: Probability
    effectiveness: Probability
    leak_loss: NotNegative
    minute_cost: NotNegative
    minutes: NotNegative

    def consignment(self, per_day: float = 1.0, name: str = "") -> Consignment:
        """The same as the solvers take it."""
        return Consignment(
            self.items,
            self.spot_check,
            near(self.leak_rate),
            near(self.effectiveness),
            near(self.leak_loss),
            near(self.minute_cost),
            near(self.minutes),
            per_day,
            name,
        )


class SentDaily(Sent):
    """A kind of consignment, and how many of them set out in a day."""

    per_day: NotNegative


class WithPolice(GameFile):
    find_rate: Probability
    find_value: NotNegative
    search_cost: NotNegative

    def police(self) -> Police:
        """Those who search."""
        return Police(near(self.find_rate), near(self.find_value), near(self.search_cost))


class ConsignorFile(WithPolice, Sent):
    """Its keys."""

    game: ClassVar[str] = "consignor"

    def answer(self, exact: bool) -> Answer:
        game = ConsignorGame(self.consignment(), self.police())
        solution = game.solve()
        kind = kind_of(game)
        tables = [table_of(solution.equilibria, "search", "check all")]
        if kind == WAVERING:
            moved = tuple((one.parameter, one.search, one.full) for one in slopes(game))
            columns = ("parameter", "search", "check all")
            tables.append(plan_table("What one more unit of each number does", columns, moved))
        points = tuple((p.parameter, p.value, p.below, p.above) for p in switch_points(game))
        if points:
            names = ("parameter", "value", "below", "above")
            tables.append(plan_table("Where the equilibrium changes its kind", names, points))
        switch = game.consignment.switch()
        return Answer(
            f"The consignor's game: {kind}",
            {
                **dict(chances_of(solution.equilibria, "search", "check all")),
                "leak chance after a spot check": game.consignment.leak(game.consignment.few),
                "leak chance if all is checked": game.consignment.leak(game.consignment.items),
                "chance of a find at which senders waver": switch,
            },
            tuple(tables),
            solution.certificate,
        )
