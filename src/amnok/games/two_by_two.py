"""All equilibria of a game of two by two actions, points and stretches alike.

Each player's first action is a best answer where its gain over the second, linear in the other's
chance, is not below 0. The equilibria are therefore at most a few rectangles of chances: what one
may do (the first action, the second, or any mixture) crossed with what the other may.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from amnok.allocation.certificate import Number, largest

Payoffs: TypeAlias = tuple[tuple[Number, Number], tuple[Number, Number]]
Range: TypeAlias = tuple[Number, Number]


@dataclass(frozen=True)
class Equilibria:
    """A rectangle of equilibria; a point where both ranges have no width.

    Attributes:
        row, column: lowest and highest chance of the player's first action. Any of the one goes
            with any of the other.
    """

    row: Range
    column: Range

    @property
    def is_point(self) -> bool:
        """True for a single equilibrium."""
        return self.row[0] == self.row[1] and self.column[0] == self.column[1]

    def corners(self) -> list[tuple[Number, Number]]:
        """Chances (row, column) at the corners; every payoff in between lies between theirs."""
        return list(dict.fromkeys(product(self.row, self.column)))

    def within(self, other: Equilibria) -> bool:
        """True if the other holds all of this."""
        return _inside(self.row, other.row) and _inside(self.column, other.column)


def equilibria(row: Payoffs, column: Payoffs) -> tuple[Equilibria, ...]:
    """All equilibria of a game.

    Args:
        row, column: payoffs [action of row, action of column] to each player; Fractions stay exact.

    Returns:
        The largest rectangles of equilibria; together they hold every one. Never empty.

    >>> pennies = equilibria(((1.0, -1.0), (-1.0, 1.0)), ((-1.0, 1.0), (1.0, -1.0)))
    >>> [one.row[0] for one in pennies], [one.column[0] for one in pennies]
    ([0.5], [0.5])
    """
    zero, one = row[0][0] * 0 + 0, row[0][0] * 0 + 1
    # The gain of row's first action where column plays its first or second, and the other way.
    row_gain = (row[0][0] - row[1][0], row[0][1] - row[1][1])
    column_gain = (column[0][0] - column[0][1], column[1][0] - column[1][1])
    found = []
    for own, other in product(((one, one), (zero, zero), (zero, one)), repeat=2):
        allowed = _best(other, column_gain), _best(own, row_gain)
        if allowed[0] is None or allowed[1] is None:
            continue
        rows, columns = _both(own, allowed[0]), _both(other, allowed[1])
        if rows is not None and columns is not None:
            found.append(Equilibria(rows, columns))
    unique = list(dict.fromkeys(found))
    return tuple(one for one in unique if not any(one.within(two) for two in unique if two != one))


def regrets(row: Payoffs, column: Payoffs, p: Number, q: Number) -> tuple[Number, Number]:
    """What row and column gain at most by leaving chances p and q of their first actions."""
    one, zero = p * 0 + 1, p * 0 + 0
    by_row = (payoff(row, pure, q) - payoff(row, p, q) for pure in (one, zero))
    by_column = (payoff(column, p, pure) - payoff(column, p, q) for pure in (one, zero))
    return largest(zero, *by_row), largest(zero, *by_column)


def payoff(payoffs: Payoffs, p: Number, q: Number) -> Number:
    """What chances p and q of the first actions earn."""
    (a, b), (c, d) = payoffs
    return p * (q * a + (1 - q) * b) + (1 - p) * (q * c + (1 - q) * d)


def _best(own: Range, gain: Range) -> Range | None:
    """The other's chances for which all of a player's `own` chances are best answers."""
    first, second = gain
    may_first, may_second = _not_below_zero(first, second), _not_below_zero(-first, -second)
    if own[0] == own[1]:
        return may_first if own[0] == 1 else may_second
    return _both(may_first, may_second)


def _not_below_zero(first: Number, second: Number) -> Range | None:
    """Chances y for which y*first + (1-y)*second is at least 0."""
    zero = first * 0 + 0
    if first < 0 and second < 0:
        return None
    if first >= 0 and second >= 0:
        return zero, zero + 1
    root = second / (second - first)
    return (root, zero + 1) if first >= 0 else (zero, root)


def _both(one: Range | None, other: Range | None) -> Range | None:
    """Where two ranges overlap."""
    if one is None or other is None:
        return None
    low = largest(one[0], other[0])
    high = one[1] if one[1] <= other[1] else other[1]
    return (low, high) if low <= high else None


def _inside(one: Range, other: Range) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]
