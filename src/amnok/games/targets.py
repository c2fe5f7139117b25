"""What is at stake at each target of a security game, and where covering it leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from amnok.allocation.certificate import Inputs
from amnok.errors import AmnokError, Fault
from amnok.games.files import Real, plan_table
from amnok.quantity import Part
from amnok.table import Table

Floats = NDArray[np.float64]

LARGEST, SMALLEST = 1e150, 1e-150
"""Payoffs beyond these, other than 0, would overflow or vanish in a quotient of two."""


@dataclass(frozen=True, eq=False)
class Targets:
    """Payoffs of both sides at each target, [target], if it is attacked.

    Coverage c of a target is the chance that the attack meets the defender; payoffs are linear in
    it. Covering never hurts the defender and never helps the attacker.

    Attributes:
        defender_covered: payoff of the defender at c = 1.
        defender_uncovered: payoff of the defender at c = 0, at most `defender_covered`.
        attacker_covered: payoff of the attacker at c = 1, at most `attacker_uncovered`.
        attacker_uncovered: payoff of the attacker at c = 0.

    Raises:
        AmnokError: a payoff is no finite number, or a list has another length than the rest, or
            covering hurts the defender or helps the attacker; every fault at once.
    """

    defender_covered: Floats
    defender_uncovered: Floats
    attacker_covered: Floats
    attacker_uncovered: Floats

    def __post_init__(self) -> None:
        inputs = Inputs()
        length = np.size(self.defender_covered)
        for field in fields(self):
            values = inputs.vector(field.name, getattr(self, field.name), length=length or None)
            size = np.abs(values)
            out_of_range = (size > LARGEST) | ((size < SMALLEST) & (size > 0))
            for place in np.flatnonzero(out_of_range & np.isfinite(values)):
                problem = f"is {values[place]}, must be 0 or of a size from {SMALLEST} to {LARGEST}"
                inputs.wrong(f"{field.name}[{place}]", problem)
            values.setflags(write=False)
            object.__setattr__(self, field.name, values)
        inputs.done()
        _refuse_order(inputs, "defender_covered", self.defender_covered, self.defender_uncovered)
        _refuse_order(inputs, "attacker_uncovered", self.attacker_uncovered, self.attacker_covered)
        inputs.done()

    @classmethod
    def zero_sum(cls, uncovered: ArrayLike, covered: ArrayLike = 0.0) -> Targets:
        """Targets at which the defender loses what the attacker wins: so much, uncovered or not.

        Args:
            uncovered: payoff of the attacker where nobody is, [target].
            covered: and where somebody is, [target] or one for all.

        Raises:
            AmnokError: as for `Targets`.

        >>> Targets.zero_sum([10, 6, 3]).defender_uncovered
        array([-10.,  -6.,  -3.])
        """
        inputs = Inputs()
        open_ = inputs.vector("uncovered", uncovered)
        given = np.full(open_.shape, covered) if np.ndim(covered) == 0 else covered
        met = inputs.vector("covered", given, length=len(open_))
        inputs.done()
        return cls(0.0 - met, 0.0 - open_, met, open_)

    def __len__(self) -> int:
        return len(self.defender_covered)

    @property
    def defender_gain(self) -> Floats:
        """What covering a target wholly brings the defender, at least 0, [target]."""
        return self.defender_covered - self.defender_uncovered

    @property
    def attacker_loss(self) -> Floats:
        """What covering a target wholly costs the attacker, at least 0, [target]."""
        return self.attacker_uncovered - self.attacker_covered

    def defender(self, coverage: Floats) -> Floats:
        """Payoff of the defender where the attack comes, [target]."""
        return (1.0 - coverage) * self.defender_uncovered + coverage * self.defender_covered

    def attacker(self, coverage: Floats) -> Floats:
        """Payoff of the attacker by where the attack goes, [target]."""
        return (1.0 - coverage) * self.attacker_uncovered + coverage * self.attacker_covered

    def scale(self) -> float:
        """The largest payoff in absolute size; 1 if all are 0."""
        largest = max(float(np.abs(getattr(self, field.name)).max()) for field in fields(self))
        return largest or 1.0


def _refuse_order(inputs: Inputs, path: str, high: Floats, low: Floats) -> None:
    other = {
        "defender_covered": "defender_uncovered",
        "attacker_uncovered": "attacker_covered",
    }[path]
    for place in np.flatnonzero(high < low):
        problem = f"is {high[place]}, must be at least {other}, which is {low[place]}"
        inputs.faults.append(Fault(problem, path=f"{path}[{place}]"))


class TargetPart(Part):
    """Payoffs at one target; `value` stands for a game of all or nothing, 0 if covered."""

    value: Real | None = None
    defender_covered: Real | None = None
    defender_uncovered: Real | None = None
    attacker_covered: Real | None = None
    attacker_uncovered: Real | None = None


_PAYOFFS = tuple(name for name in TargetPart.model_fields if name != "value")
TargetParts = Annotated[dict[str, TargetPart], Field(min_length=1)]


def targets_of(parts: Mapping[str, TargetPart], path: str = "targets") -> Targets:
    """The targets of a file, in its order.

    Raises:
        AmnokError: a target has not either `value` or the four payoffs, or these do not fit.
    """
    faults = []
    for name, part in parts.items():
        given = [one for one in _PAYOFFS if getattr(part, one) is not None]
        if (part.value is None) == (not given) or (given and len(given) < len(_PAYOFFS)):
            missing = [one for one in _PAYOFFS if one not in given]
            problem = f"lacks {', '.join(missing)}" if given else "has no payoffs"
            if part.value is not None:
                problem = f"has value and {', '.join(given)}"
            fix = f"either value, or all of {', '.join(_PAYOFFS)}"
            faults.append(Fault(problem, fix, path=f"{path}.{name}"))
    if faults:
        raise AmnokError(faults)
    columns: list[list[float]] = [[], [], [], []]
    for part in parts.values():
        value = part.value
        row = [getattr(part, one) for one in _PAYOFFS] if value is None else [0, -value, 0, value]
        for column, number in zip(columns, row, strict=True):
            column.append(float(number))
    try:
        return Targets(*map(np.array, columns))
    except AmnokError as error:
        raise AmnokError(_named(fault, list(parts), path) for fault in error.faults) from None


def _named(fault: Fault, names: list[str], path: str) -> Fault:
    """A fault of a list's entry as one of the target that it belongs to."""
    entry = re.fullmatch(r"(\w+)\[(\d+)\]", fault.path)
    if entry is None:
        return fault
    return replace(fault, path=f"{path}.{names[int(entry[2])]}.{entry[1]}")


def coverage_table(names: Iterable[str], targets: Targets, coverage: Floats) -> Table:
    defender, attacker = targets.defender(coverage), targets.attacker(coverage)
    rows = zip(names, coverage.tolist(), defender.tolist(), attacker.tolist(), strict=True)
    columns = ("target", "covered", "defender, if attacked", "attacker, if attacked")
    return plan_table("Coverage", columns, tuple(rows))


def span(low: Floats, high: Floats) -> tuple[float, float]:
    """Where payoffs begin, and how far they reach; 1 if they are all the same."""
    least = float(low.min())
    return least, float(high.max()) - least or 1.0
