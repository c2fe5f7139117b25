"""Guess in which hand a coin is: a game that only tests know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import Field

from amnok.allocation.certificate import UNCHECKED, Certificate, Game, Inputs
from amnok.games.files import Answer, GameFile


@dataclass(frozen=True)
class GuessingGame(Game["GuessingSolution"]):
    """A coin is in one of some hands; who finds it wins it.

    Attributes:
        hands: how many, at least 1.
    """

    hands: int

    def __post_init__(self) -> None:
        inputs = Inputs()
        inputs.count("hands", self.hands, least=1)
        inputs.done()

    def solve(self) -> GuessingSolution:
        """Each hand is as likely as any other."""
        solution = GuessingSolution(1.0 / self.hands)
        return replace(solution, certificate=self.check(solution))

    def check(self, result: GuessingSolution) -> Certificate:
        """The certificate: whatever hand is chosen, the coin is found as often."""
        return Certificate(bound=result.found, gap=abs(result.found * self.hands - 1.0))


@dataclass(frozen=True)
class GuessingSolution:
    """How often the coin is found."""

    found: float
    certificate: Certificate = UNCHECKED


class GuessingFile(GameFile):
    """Its keys."""

    game: ClassVar[str] = "guessing"

    hands: Annotated[int, Field(ge=1)]

    def answer(self, exact: bool) -> Answer:
        solution = GuessingGame(self.hands).solve()
        return Answer("Guessing game", {"found": solution.found}, (), solution.certificate)
