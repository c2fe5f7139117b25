"""The simplex method for small linear programs that have a plan to start from: doing nothing.

For programs of some dozens of rows that a world is built from, which must come out with the same
bits everywhere and without a solver to install; larger ones go to HiGHS (`amnok.games.highs`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel

Floats = NDArray[np.float64]

_NOTHING = 1e-12  # a coefficient as small as this is rounding
_PIVOTS_PER_COLUMN = 200


def maximise(worth: Floats, rows: Floats, limits: Floats) -> tuple[Floats, Floats]:
    """The x >= 0 that maximises `worth @ x` while `rows @ x <= limits`, and the rows' prices.

    Args:
        worth: [column].
        rows: [row, column].
        limits: 0 or more, [row]; so nothing at all is a plan.

    Returns:
        x [column], and what one more of each limit would bring, [row] (the solution of the dual).

    Raises:
        ValueError: there is no largest value: some column pays and nothing limits it.

    Source: Dantzig 1951; Bland 1977, whose rule never turns in circles.

    >>> maximise(np.array([3.0, 2.0]), np.array([[1.0, 1.0], [1.0, 0.0]]), np.array([4.0, 3.0]))
    (array([3., 1.]), array([2., 1.]))
    """
    count, columns = rows.shape
    table = np.zeros((count + 1, columns + count + 1))
    table[:count, :columns] = rows
    table[:count, columns:-1] = np.eye(count)
    table[:count, -1] = limits
    table[count, :columns] = -worth
    basis = np.arange(columns, columns + count)
    if not _pivot(table, basis):
        raise ValueError("a column pays and nothing limits it")
    found = np.zeros(columns + count)
    found[basis] = table[:count, -1]
    return np.maximum(0.0, found[:columns]), np.maximum(0.0, table[count, columns:-1])


@allocating_kernel
def _pivot(table: Floats, basis: NDArray[np.int64]) -> bool:
    """Exchange columns until none pays; False if one pays without limit."""
    rows, columns = table.shape[0] - 1, table.shape[1] - 1
    for _ in range(_PIVOTS_PER_COLUMN * columns):
        enter = -1
        for j in range(columns):
            if table[rows, j] < -_NOTHING:
                enter = j
                break
        if enter < 0:
            return True
        leave = -1
        for i in range(rows):
            if table[i, enter] <= _NOTHING:
                continue
            if leave < 0:
                leave = i
                continue
            here, best = table[i, -1] * table[leave, enter], table[leave, -1] * table[i, enter]
            if here < best or (here == best and basis[i] < basis[leave]):
                leave = i
        if leave < 0:
            return False
        basis[leave] = enter
        pivot = table[leave, enter]
        for j in range(columns + 1):
            table[leave, j] /= pivot
        for i in range(rows + 1):
            factor = table[i, enter]
            if i != leave and factor != 0.0:
                for j in range(columns + 1):
                    table[i, j] -= factor * table[leave, j]
                table[i, enter] = 0.0
                if i < rows and table[i, -1] < 0.0:
                    table[i, -1] = 0.0  # rounding: no limit falls below 0
    return True
