"""The one-shot inspection game: to violate or not, to inspect or not, once.

Source: the textbook game (Avenhaus, von Stengel & Zamir 2002). Where both sides waver, the
inspected violates with chance c/L and the inspector inspects with chance g/(g+b): each chance
follows from the *other* side's payoffs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from amnok.allocation.certificate import (
    UNCHECKED,
    Certificate,
    Game,
    Inputs,
    Number,
    distance,
    largest,
)
from amnok.games.files import Answer, GameFile, NotNegative, as_asked, plan_table
from amnok.games.two_by_two import Equilibria, Payoffs, equilibria, payoff, regrets
from amnok.table import Table

_MOST = 1e150  # products of two of them stay within floats


@dataclass(frozen=True)
class OneShotGame(Game["OneShotSolution"]):
    """Payoffs of an inspection; with Fractions everything about it is exact.

    Attributes:
        gain: what a violation brings that is not inspected, g.
        penalty: what one costs that is, b.
        cost: of an inspection, c.
        loss: what a missed violation costs the inspector, L.

    All are in units of payoff and at least 0.

    Raises:
        AmnokError: with every number that is out of range.
    """

    gain: Number
    penalty: Number
    cost: Number
    loss: Number

    def __post_init__(self) -> None:
        inputs = Inputs()
        for name in ("gain", "penalty", "cost", "loss"):
            number = inputs.number(name, getattr(self, name), least=0, most=_MOST)
            object.__setattr__(self, name, number)
        inputs.done()

    @property
    def inspector(self) -> Payoffs:
        """To the inspector: [inspect, not] by [violate, legal]."""
        nothing = self.loss * 0
        return (-self.cost, -self.cost), (-self.loss, nothing)

    @property
    def inspected(self) -> Payoffs:
        """To the inspected: [inspect, not] by [violate, legal]."""
        nothing = self.gain * 0
        return (-self.penalty, nothing), (self.gain, nothing)

    def solve(self) -> OneShotSolution:
        """All equilibria, with a certificate that they are.

        >>> from fractions import Fraction
        >>> game = OneShotGame(*map(Fraction, (2, 6, 1, 5)))
        >>> [one] = game.solve().equilibria
        >>> str(one.row[0]), str(one.column[0])
        ('1/4', '1/5')
        """
        solution = OneShotSolution(self, equilibria(self.inspector, self.inspected))
        return replace(solution, certificate=self.check(solution))

    def check(self, result: OneShotSolution) -> Certificate:
        """The certificate: what either side could gain by leaving any of the equilibria.

        Its bound is the most that the inspector earns by a best answer in the first of them.
        """
        return check_equilibria(self.inspector, self.inspected, result.equilibria)


@dataclass(frozen=True)
class OneShotSolution:
    """All equilibria of a one-shot inspection game.

    Attributes:
        equilibria: rows are the chance of an inspection, columns that of a violation.
        certificate: from `OneShotGame.check`, for all of them.
    """

    game: OneShotGame
    equilibria: tuple[Equilibria, ...]
    certificate: Certificate = UNCHECKED


def check_equilibria(row: Payoffs, column: Payoffs, found: tuple[Equilibria, ...]) -> Certificate:
    """The certificate of equilibria of any game of two by two, the inspector first.

    Gains are linear in each chance, so that corners tell of all that lies between them.
    """
    corners = [corner for one in found for corner in one.corners()]
    lost = [regrets(row, column, p, q) for p, q in corners]
    ours, theirs = (largest(*side) for side in zip(*lost, strict=True))
    beyond = [largest(-chance, chance - 1, chance * 0) for corner in corners for chance in corner]
    sizes = (distance(entry) for payoffs in (row, column) for line in payoffs for entry in line)
    return Certificate(
        bound=payoff(row, *corners[0]) + lost[0][0],
        gap=largest(ours, theirs),
        residual=largest(*beyond),
        regret_inspector=ours,
        regret_inspected=theirs,
        scale=largest(*sizes),
    )


class OneShotFile(GameFile):
    """Its keys."""

    game: ClassVar[str] = "one-shot-inspection"

    exact_possible: ClassVar[bool] = True

    gain: NotNegative
    penalty: NotNegative
    cost: NotNegative
    loss: NotNegative

    def answer(self, exact: bool) -> Answer:
        numbers = (self.gain, self.penalty, self.cost, self.loss)
        solution = OneShotGame(*(as_asked(one, exact) for one in numbers)).solve()
        return Answer(
            "One-shot inspection game",
            dict(chances_of(solution.equilibria, "inspect", "violate")),
            (table_of(solution.equilibria, "inspect", "violate"),),
            solution.certificate,
        )


def chances_of(
    found: tuple[Equilibria, ...], row: str, column: str
) -> Iterator[tuple[str, Number]]:
    """The chances, where the equilibrium is a single one."""
    if len(found) == 1 and found[0].is_point:
        yield row, found[0].row[0]
        yield column, found[0].column[0]


def table_of(found: tuple[Equilibria, ...], row: str, column: str) -> Table:
    names = (row, column)
    columns = tuple(f"{name}, {end}" for name in names for end in ("lowest", "highest"))
    rows = tuple((*one.row, *one.column) for one in found)
    return plan_table("All equilibria: any of the one range with any of the other", columns, rows)
