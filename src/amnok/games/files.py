"""Game files: YAML with the name of a game under `game`, and its numbers beside it.

game: recursive-inspection
periods: 4
inspections: 2
penalty: 1/2

What may stand in one is a `GameFile` in the file of its game; there is no other list of them.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BeforeValidator, Field, PlainValidator, ValidationError

from amnok.allocation.certificate import Certificate, Number
from amnok.arguments import verb, wrong
from amnok.cells import Cell, full
from amnok.disk import folder_path
from amnok.errors import AmnokError, Fault, ScenarioError, nearest
from amnok.quantity import Part
from amnok.scenario import document, wording
from amnok.scenario.document import Document, describe, located
from amnok.table import Column, Table

UNPROVEN = "Time ran out: the best plan so far; the gap says how far from the best it can be."

_FRACTION = re.compile(r"\s*([-+]?[0-9]+)\s*/\s*([0-9]+)\s*")
_LONGEST = 1000  # digits of a fraction
GivenGame: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any]"


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
    tables: tuple[Table, ...]
    certificate: Certificate
    notes: tuple[str, ...] = ()


def plan_table(title: str, columns: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Table:
    """A part of a plan, with all the digits of its numbers."""
    return Table(title, tuple(Column(name, form=full) for name in columns), tuple(rows))


class GameFile(Part):
    """Base of the models of game files, less the key `game`: frozen, and no unknown keys.

    `game` is the name that files give; `exact_possible` says whether `answer(exact=True)` gives
    Fractions. Numbers that a game may take exactly are of type `Quantity`; each is a Fraction,
    whatever way it is written.
    """

    game: ClassVar[str]
    exact_possible: ClassVar[bool] = False

    def answer(self, exact: bool) -> Answer:
        """Solve the game.

        Raises:
            AmnokError: numbers are out of range; the paths of faults are keys of the file.
        """
        raise NotImplementedError


@cache
def games() -> Mapping[str, type[GameFile]]:
    """Every kind of game file by its name, in the order of the alphabet."""
    package = import_module(__package__ or "")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
    return {form.game: form for form in sorted(_named(GameFile), key=lambda form: form.game)}


def _named(form: type[GameFile]) -> Iterator[type[GameFile]]:
    if hasattr(form, "game"):
        yield form
    for one in form.__subclasses__():
        yield from _named(one)


@verb
def solve(game: GivenGame, exact: bool = False) -> Answer:
    """Solve a game.

    Args:
        game: a game file, or what could stand in one, as a dict: {"game": "security", ...}.
        exact: in Fractions, where the game can be solved so.

    Raises:
        AmnokError: with every fault of the game, or it has no exact solution.
    """
    read = _read(game)
    name = read.data.pop("game", None)
    faults = []
    known = games()
    if not isinstance(name, str) or name not in known:
        raise ScenarioError(_no_game(read, name))
    form = known[name]
    try:
        file = form.model_validate_json(json.dumps(read.data, default=str), strict=True)
    except ValidationError as error:
        faults = wording.faults(error, read.data, form)
    else:
        if exact and not file.exact_possible:
            fix = "leave --exact out"
            faults = [Fault(f"'{name}' has no solution in exact numbers", fix, path="game")]
    if faults:
        raise ScenarioError(_with_lines(faults, read))
    try:
        return file.answer(exact)
    except AmnokError as error:
        raise ScenarioError(_with_lines(error.faults, read)) from None


def _read(game: Any) -> Document:
    if isinstance(game, Mapping):
        try:
            return document.parse(json.dumps(dict(game), default=str), "the game")
        except (TypeError, ValueError):
            raise wrong("game", game, "keys and numbers as in a game file") from None
    if isinstance(game, str | os.PathLike):
        return document.read(folder_path(game))
    raise wrong("game", game, "the path of a game file, or a dict of its keys")


def _no_game(read: Document, name: Any) -> Fault:
    if name is None:
        return located(Fault("no key 'game'", nearest("", games())), read)
    advice = nearest(name if isinstance(name, str) else "", games())
    return located(Fault(f"no game is called {describe(name)}", advice, path="game"), read)


def _with_lines(faults: Any, read: Document) -> list[Fault]:
    found = dict.fromkeys(located(fault, read) for fault in faults)
    file = read.origins[()].file
    placed = [fault if fault.file else replace(fault, file=file) for fault in found]
    return sorted(placed, key=lambda fault: (fault.line or 0, fault.path))


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


def as_float(written: Any) -> Any:
    """The nearest float of a fraction; anything else as it is, for others to look at."""
    if isinstance(written, str) and _FRACTION.fullmatch(written):
        try:
            return float(quantity(written))
        except (ValueError, OverflowError):
            return written
    return written


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


Count = Annotated[int, Field(ge=0)]
NotNegative = Annotated[Quantity, Field(ge=0)]
Probability = Annotated[Quantity, Field(ge=0, le=1)]
Real = Annotated[float, BeforeValidator(as_float)]
"""A number that is computed with as a float, however it is written: 1/3, too."""
Amount = Annotated[Real, Field(ge=0)]
Chance = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0)]
