"""What strategies of the recursive inspection game are worth, by going back from the last period.

Knows the payoffs, the rules of the game and what both sides do at each stage; nothing of how that
was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import Number
from amnok.compiling import kernel

Table = NDArray[Any]  # of floats, or of Fractions

SOLVED, BEST_INSPECTED, BEST_INSPECTOR, INSPECTED, INSPECTOR = range(5)


@dataclass(frozen=True)
class Worth:
    """What the whole game is worth.

    Attributes:
        solved: to the inspected, each stage solved as a 2x2 zero-sum game of his payoffs.
        best_inspected, best_inspector: what the best answer to the other's strategy earns; the
            inspector's as if he saw violations that he missed, which can only earn him more.
        inspected, inspector: what both earn if both keep to their strategies.
        residual: how far chances are from 0 to 1, or what nobody has left is used all the same.
    """

    solved: Number
    best_inspected: Number
    best_inspector: Number
    inspected: Number
    inspector: Number
    residual: Number


def worth(
    start: tuple[int, int, int], b: Number, a: Number, strategies: Iterable[tuple[Table, Table]]
) -> Worth:
    """Go back from the last period to the first.

    Args:
        start: periods n, inspections m and violations k, with m and k at most n.
        b, a: what a violation that is caught costs the inspected and the inspector.
        strategies: for 1, 2, ..., n periods left, the chances of an inspection
            [inspections left] and of a violation [inspections left, violations left].
    """
    n, m, k = start
    is_float = isinstance(b, float)
    number = np.float64 if is_float else object
    go_back = _go_back_in_floats if is_float else _go_back
    # No period left, or as many inspections as periods: nothing happens, and all is worth 0.
    now, after = (np.full((5, m + 1, k + 1), 0, dtype=number) for _ in range(2))
    residual: Number = 0 * b
    for left, (p, q) in enumerate(strategies, start=1):
        now, after = after, now
        lowest = max(0, left - (n - m))  # fewer inspections cannot be left by now
        go_back(p, q, b, a, lowest, min(m, left), after, now)
        beyond = (np.max(p - 1), np.max(-p), np.max(q - 1), np.max(-q))
        residual = max(residual, *beyond, abs(p[0]), np.max(np.abs(q[:, 0])))
    found = now[:, m, k]
    values = [*found, residual]
    return Worth(*(map(float, values) if is_float else values))


def _go_back(
    p: Table, q: Table, b: Any, a: Any, lowest: int, highest: int, after: Table, now: Table
) -> None:
    """One period: `now` from `after`, for so many inspections left."""
    for m in range(lowest, highest + 1):
        for k in range(q.shape[1]):
            x, y = p[m], q[m, k]
            for what in range(5):
                is_inspector = what in (BEST_INSPECTOR, INSPECTOR)
                waited = after[what, m, k]
                # What nobody has left cannot be used: it is as if it had been kept.
                kept = after[what, m - 1, k] if m > 0 else waited
                gain, loss = (-1, -a) if is_inspector else (1, -b)
                missed = gain + after[what, m, k - 1] if k > 0 else waited
                caught = loss if k > 0 else kept
                legal, violate = x * kept + (1 - x) * waited, x * caught + (1 - x) * missed
                inspect, leave = y * caught + (1 - y) * kept, y * missed + (1 - y) * waited
                if what == BEST_INSPECTED:
                    now[what, m, k] = max(legal, violate)
                elif what == BEST_INSPECTOR:
                    now[what, m, k] = max(leave, inspect) if m > 0 else leave
                elif what != SOLVED:
                    now[what, m, k] = x * inspect + (1 - x) * leave
                elif m == 0:
                    now[what, m, k] = max(missed, waited)
                else:
                    low = max(min(caught, missed), min(kept, waited))
                    high = min(max(caught, kept), max(missed, waited))
                    mixed = caught * waited - kept * missed
                    spread = caught + waited - kept - missed
                    now[what, m, k] = mixed / spread if low < high else low


_go_back_in_floats = kernel(_go_back)
