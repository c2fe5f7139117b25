"""What a game and its solution are, what proves a solution, and the checks of a game's numbers.

`game.solve()` returns a plan, its value and a `Certificate`. `game.check(solution)` makes the
certificate anew from the payoffs alone: it believes nothing that the solver found on its way.
"""

from __future__ import annotations

import math
import numbers
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amnok.cells import in_words
from amnok.errors import AmnokError, Fault

Number: TypeAlias = float | Fraction
"""A payoff or a probability: a float, or exact."""

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Certificate:
    """How far a solution can be from right, in units of payoff.

    "The inspector" defends, patrols, searches or interdicts; "the inspected" attacks, violates,
    smuggles or evades.

    Attributes:
        bound: what no plan can better; equals the value where the solution is exact.
        gap: distance between the value and the bound, at least 0.
        residual: the most by which the plan breaks a constraint (probabilities below 0 or not
            adding up, more inspections than there are), at least 0.
        regret_inspector: what the inspector gains at most by leaving the plan alone, at least 0;
            None where the notion does not apply (a leader who commits, for example).
        regret_inspected: the same for the inspected.
        scale: the size of payoffs that gap and regrets are judged against.
    """

    bound: Number
    gap: Number
    residual: Number = 0.0
    regret_inspector: Number | None = None
    regret_inspected: Number | None = None
    scale: Number = 1.0

    def holds(self, tolerance: float = 1e-9) -> bool:
        """True if gap and regrets are at most `tolerance` of the scale, the residual of 1.

        What is not a number never holds. With `tolerance=0` the solution must be exact.

        >>> Certificate(bound=0.5, gap=1e-12, regret_inspected=0.0).holds()
        True
        >>> Certificate(bound=0.5, gap=math.nan).holds()
        False
        """
        allowed = Fraction(tolerance) * self.scale
        regrets = (self.regret_inspector, self.regret_inspected)
        losses = (self.gap, *(one for one in regrets if one is not None))
        return all(loss <= allowed for loss in losses) and self.residual <= tolerance


UNCHECKED = Certificate(bound=math.nan, gap=math.nan, residual=math.nan)
"""In place of a certificate that was not made: it never holds."""


class Solution(Protocol):
    """What solving a game comes to: a plan or an equilibrium, and what proves it."""

    @property
    def certificate(self) -> Certificate:
        """How far it can be from right."""


Solved = TypeVar("Solved", bound=Solution)


class Game(ABC, Generic[Solved]):
    """A game: a frozen value object that has checked its numbers (`Inputs`)."""

    @abstractmethod
    def solve(self) -> Solved:
        """The plan or equilibrium, with its certificate."""

    @abstractmethod
    def check(self, solution: Solved, /) -> Certificate:
        """The certificate of a solution, made anew from the payoffs, whoever found it."""


@dataclass
class Inputs:
    """Collects what is wrong with the numbers of a game, so that all of it is told at once.

    Each method notes a fault under `path` (the name of the argument) and returns what can go on
    being checked. `done` raises if there was any fault; only after it are the values good.

    >>> inputs = Inputs()
    >>> rewards = inputs.vector("rewards", [1.0, float("nan")])
    >>> resources = inputs.count("resources", -1)
    >>> inputs.done()
    Traceback (most recent call last):
        ...
    amnok.errors.AmnokError: rewards[1]: is nan, must be a finite number
    resources: is -1, must be at least 0
    """

    faults: list[Fault] = field(default_factory=list)

    def wrong(self, path: str, problem: str, fix: str = "") -> None:
        """Note a fault."""
        self.faults.append(Fault(problem, fix, path=path))

    def require(self, good: bool, path: str, problem: str, fix: str = "") -> None:
        """Note a fault unless `good`; for what concerns several numbers at once."""
        if not good:
            self.wrong(path, problem, fix)

    def number(
        self,
        path: str,
        value: Any,
        *,
        least: Number = -math.inf,
        most: Number = math.inf,
        above: Number = -math.inf,
    ) -> Number:
        """A finite number from `least` to `most`, and more than `above`; Fractions stay exact."""
        if not is_real(value):
            self.wrong(path, f"is {_shown(value)}, must be a number")
            return math.nan
        exact: Number = value if isinstance(value, Fraction) else _real(value)
        if not math.isfinite(exact if isinstance(exact, float) else 0.0):
            self.wrong(path, f"is {_shown(value)}, must be a finite number")
        elif exact < least:
            self.wrong(path, f"is {_shown(value)}, must be at least {least}")
        elif exact <= above:
            self.wrong(path, f"is {_shown(value)}, must be more than {above}")
        elif exact > most:
            self.wrong(path, f"is {_shown(value)}, must be at most {most}")
        return exact

    def count(self, path: str, value: Any, *, least: int = 0, most: int | None = None) -> int:
        """A whole number from `least` to `most`."""
        if not is_real(value) or not isinstance(value, numbers.Integral):
            self.wrong(path, f"is {_shown(value)}, must be a whole number")
            return least
        whole = int(value)
        if whole < least:
            self.wrong(path, f"is {whole}, must be at least {least}")
        elif most is not None and whole > most:
            self.wrong(path, f"is {whole}, must be at most {most}")
        return whole

    def vector(
        self,
        path: str,
        values: ArrayLike,
        *,
        length: int | None = None,
        least: float = -math.inf,
        most: float = math.inf,
        above: float = -math.inf,
    ) -> NDArray[np.float64]:
        """A list of finite numbers in a range, [length] or of any length from 1 on, as a copy."""
        return self._array(path, values, (length,), least, most, above)

    def matrix(
        self,
        path: str,
        values: ArrayLike,
        *,
        shape: tuple[int | None, int | None] = (None, None),
        least: float = -math.inf,
        most: float = math.inf,
        above: float = -math.inf,
    ) -> NDArray[np.float64]:
        """A table of finite numbers in a range, of the shape as far as it is given, as a copy."""
        return self._array(path, values, shape, least, most, above)

    def done(self, kept: Kept = None) -> Kept:  # type: ignore[assignment]
        """Raise everything that was wrong, or hand back `kept`.

        Raises:
            AmnokError: there was a fault; all of them are in it.
        """
        if self.faults:
            raise AmnokError(self.faults)
        return kept

    def _array(
        self,
        path: str,
        values: ArrayLike,
        shape: Sequence[int | None],
        least: float,
        most: float,
        above: float,
    ) -> NDArray[np.float64]:
        empty = np.zeros([1 if size is None else size for size in shape])
        try:
            array = np.array(values, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            kind = "numbers" if len(shape) == 1 else "rows of numbers, all of one length"
            self.wrong(path, f"must be a list of {kind}")
            return empty
        if array.ndim != len(shape):
            kind = "a list of numbers" if len(shape) == 1 else "a table (rows of numbers)"
            self.wrong(path, f"has {array.ndim} dimensions, must be {kind}")
            return empty
        if not array.size and None in shape:
            self.wrong(path, "is empty")
            return empty
        if any(size not in (None, got) for size, got in zip(shape, array.shape, strict=True)):
            wanted = " x ".join("any" if size is None else str(size) for size in shape)
            self.wrong(path, f"has {' x '.join(map(str, array.shape))} entries, must be {wanted}")
            return empty
        for place in np.argwhere(~np.isfinite(array)):
            self.wrong(_at(path, place), f"is {array[tuple(place)]}, must be a finite number")
        for place in np.argwhere(np.isfinite(array) & ((array < least) | (array <= above))):
            bound = f"at least {least}" if least > above else f"more than {above}"
            self.wrong(_at(path, place), f"is {array[tuple(place)]}, must be {bound}")
        for place in np.argwhere(np.isfinite(array) & (array > most)):
            self.wrong(_at(path, place), f"is {array[tuple(place)]}, must be at most {most}")
        return array


def largest(*values: Number) -> Number:
    """The largest of numbers, exact or not."""
    found: Number = max(values)
    return found


def distance(one: Number, other: Number = 0) -> Number:
    """How far two numbers lie apart, exact if they are."""
    return largest(one - other, other - one)


def is_real(value: Any) -> bool:
    """True for a real number of Python or numpy; a truth value is none."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def _real(value: Any) -> Number:
    """A float, or exact where a whole number is too long for one."""
    try:
        return float(value)
    except OverflowError:
        return Fraction(value)


def _at(path: str, place: NDArray[np.int64]) -> str:
    return path + "".join(f"[{index}]" for index in place)


def _shown(value: Any) -> str:
    text = in_words(value, str if is_real(value) else repr)
    return text if len(text) <= 40 else f"{text[:37]}..."
