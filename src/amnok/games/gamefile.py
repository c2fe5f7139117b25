"""What a file with a game in it shares with all others, and the answer that it gives."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import PlainValidator

from amnok.allocation.certificate import Certificate, Number
from amnok.quantity import Part
from amnok.scenario.document import describe

_FRACTION = re.compile(r"\s*([-+]?[0-9]+)\s*/\s*([0-9]+)\s*")
_LONGEST = 1000  # digits of a fraction

Cell: TypeAlias = str | int | Number


@dataclass(frozen=True)
class PlanTable:
    """A part of a plan: what it shows, the names of its columns, and its rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Answer:
    """What a game file comes to.

    Attributes:
        title: the game in words.
        values: numbers that matter, by what they are.
        tables: the plan.
        certificate: how far it can be from right.
        notes: what else should be known, a sentence each.
    """

    title: str
    values: dict[str, Number]
    tables: tuple[PlanTable, ...]
    certificate: Certificate
    notes: tuple[str, ...] = ()


class GameFile(Part):
    """Base of the models of game files, less the key `game`: frozen, and no unknown keys.

    `exact_possible` says whether `answer(exact=True)` gives Fractions. Numbers that a game may
    take exactly are of type `Quantity`; each is a Fraction, whatever way it is written.
    """

    exact_possible: ClassVar[bool] = False

    def answer(self, exact: bool) -> Answer:
        """Solve the game.

        Raises:
            AmnokError: numbers are out of range; the paths of faults are keys of the file.
        """
        raise NotImplementedError


def quantity(written: Any) -> Fraction:
    """The number that a file gives, exactly as it is written: 0.1 is a tenth, and so is 1/10.

    >>> quantity(0.1), quantity("1/3"), quantity(2)
    (Fraction(1, 10), Fraction(1, 3), Fraction(2, 1))
    """
    if isinstance(written, str) and len(written) <= _LONGEST:
        parts = _FRACTION.fullmatch(written)
        if parts and int(parts[2]):
            return Fraction(int(parts[1]), int(parts[2]))
    elif isinstance(written, Fraction):
        return written
    elif _is_number(written):
        return Fraction(repr(written))
    raise ValueError(f"is {describe(written)}, expected a number such as 0.5, or 1/2")


def _is_number(written: Any) -> bool:
    is_number = isinstance(written, int | float) and not isinstance(written, bool)
    return is_number and math.isfinite(written)


Quantity = Annotated[Fraction, PlainValidator(quantity)]


def near(number: Fraction) -> float:
    """The nearest float; infinite where there is none so large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def as_asked(number: Fraction, exact: bool) -> Number:
    """A quantity as it is to be computed with: exactly, or as the nearest float."""
    return number if exact else near(number)
