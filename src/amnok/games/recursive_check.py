"""What strategies of the recursive inspection game earn: by going back, and by playing.

`worth` goes back from the last period. It knows the payoffs, the rules of the game and what both
sides do at each stage; nothing of how that was found. `play` lets chance decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import Inputs, Number
from amnok.compiling import kernel

Floats = NDArray[np.float64]
Numbers = NDArray[Any]  # of floats, or of Fractions

_CELLS = 30_000_000  # stages kept in memory by plays, 240 MB

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
    start: tuple[int, int, int], b: Number, a: Number, strategies: Iterable[tuple[Numbers, Numbers]]
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
    p: Numbers, q: Numbers, b: Any, a: Any, lowest: int, highest: int, after: Numbers, now: Numbers
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


def strategies_in_floats(
    start: tuple[int, int, int], c: float, loss_c: float, commitment: bool
) -> Iterator[tuple[Numbers, Numbers]]:
    """`RecursiveGame.stage` for whole rows of stages at once, with c = 1 + b and loss_c = 1 - a."""
    n, m, k = start
    counts = np.arange(m + 1)
    first, damage = np.zeros(m + 1), np.zeros(m + 1)  # v with no period left, for c and loss_c
    for left in range(1, n + 1):
        p, q = np.zeros(m + 1), np.zeros((m + 1, k + 1))
        p[1:] = counts[1:] / (counts[1:] * c + (left - 1) * first[:-1])
        p[left:] = 1.0
        if not commitment:
            after = damage[:, None] * _marginal_sums(left - 1, m, k)
            gain = np.maximum(after[:-1, 1:] - after[1:, 1:], 0.0)
            q[1:, 1:] = gain / (gain + loss_c + after[1:, :-1])
            q[left:] = 0.0
        q[0, 1:] = 1.0
        yield p, q
        first, damage = _next_row(first, left, c), _next_row(damage, left, loss_c)


def _next_row(first: Numbers, n: int, c: float) -> Numbers:
    """v(n, .) from v(n-1, .)."""
    row = np.zeros_like(first)
    row[0] = 1.0
    used = np.arange(1, min(len(first), n))
    reach = first[used - 1] * (n - 1)
    row[used] = reach / (reach + c * used)
    return row


def _marginal_sums(n: int, m: int, k: int) -> Numbers:
    """Sums over j < k of C(n-1-j, m) / C(n-1, m), [m, k]; with k = 0 there is nothing to sum."""
    sums = np.zeros((m + 1, k + 1))
    if n == 0:
        return sums
    j, counts = np.arange(1, k), np.arange(m + 1)[:, None]
    ratios = np.maximum(n - j - counts, 0) / np.maximum(n - j, 1)
    sums[:, 1:2] = 1.0
    sums[:, 2:] = 1.0 + np.cumsum(np.cumprod(ratios, axis=1), axis=1)
    return sums


@dataclass(frozen=True)
class Plays:
    """What came of some plays, each array [play].

    Attributes:
        payoff_inspected, payoff_inspector: as in `RecursiveGame`.
        missed: violations that were not inspected.
        caught: whether one was.
        inspections: how many were used.
    """

    payoff_inspected: Floats
    payoff_inspector: Floats
    missed: NDArray[np.int64]
    caught: NDArray[np.bool_]
    inspections: NDArray[np.int64]


def play(
    start: tuple[int, int, int], b: float, a: float, commitment: bool, plays: int, seed: int
) -> Plays:
    """Both follow their strategies, and chance decides; see `RecursiveGame.play`."""
    n, m, k = start
    inputs = Inputs()
    inputs.count("plays", plays, least=1)
    inputs.count("seed", seed)
    cells = (n - m + 1) * (m + 1)
    inputs.require(cells <= _CELLS, "game", f"has {cells:,} stages, more than {_CELLS:,}")
    inputs.done()
    chance = np.random.default_rng(seed)
    c, loss_c = 1 + b, 1 - a
    ours, theirs = _first_values(n, m, loss_c), _first_values(n, m, c)
    left = np.full(plays, m)
    may = np.full(plays, k)
    missed, caught = np.zeros(plays, np.int64), np.zeros(plays, np.bool_)
    for periods in range(n, 0, -1):
        p = _inspect(theirs, periods, left, c)
        q = _violate(ours, periods, left, may, loss_c, commitment)
        inspects, violates = chance.random(plays) < p, chance.random(plays) < q
        going = ~caught
        violates &= going
        caught |= violates & inspects
        missed += violates & ~inspects
        may -= violates & ~inspects
        left -= going & inspects
        if caught.all():
            break
    return Plays(
        missed - b * caught,
        -missed - a * caught,
        missed,
        caught,
        m - left,
    )


def _first_values(n: int, m: int, c: float) -> Floats:
    """v(d + j, j) at [d, j]: the value of one violation, with d periods more than inspections."""
    table = np.zeros((n - m + 1, m + 1))
    apart = np.arange(n - m + 1)
    table[1:, 0] = 1.0
    for j in range(1, m + 1):
        reach = table[:, j - 1] * (apart + j - 1)
        table[1:, j] = reach[1:] / (reach[1:] + c * j)
    return table


def _inspect(table: Floats, n: int, left: NDArray[Any], c: float) -> Floats:
    """Chance of an inspection with n periods left."""
    few = np.minimum(left, n)
    before = table[n - few, np.maximum(few - 1, 0)]
    chance: Floats = few / np.maximum(few * c + (n - 1) * before, 1e-300)
    return np.where(few == n, 1.0, chance)


def _violate(
    table: Floats, n: int, left: NDArray[Any], may: NDArray[Any], c: float, waits: bool
) -> Floats:
    """Chance of a violation with n periods left; `waits` for inspections to be used up."""
    none_left = np.where((left == 0) & (may > 0), 1.0, 0.0)
    mixes = (left > 0) & (left < n) & (may > 0)
    if waits or not mixes.any():
        return none_left
    few, some = np.where(mixes, left, 1), np.where(mixes, may, 1)
    apart = np.minimum(n - few, len(table) - 1)
    used = table[apart, few - 1] * _sums(n - 1, few - 1, some)
    kept = table[apart - 1, np.minimum(few, table.shape[1] - 1)]
    gain = np.maximum(used - kept * _sums(n - 1, few, some), 0.0)
    chance: Floats = gain / (gain + c + kept * _sums(n - 1, few, some - 1))
    return np.where(mixes, chance, none_left)


def _sums(n: int, m: NDArray[Any], k: NDArray[Any]) -> Floats:
    """Sums over j < k of C(n-1-j, m) / C(n-1, m), element by element."""
    total, term = (k > 0).astype(np.float64), np.ones(len(m))
    for j in range(1, int(k.max(initial=0))):
        term = term * np.maximum(n - j - m, 0) / max(n - j, 1)
        if not term.any():
            break
        total += np.where(j < k, term, 0.0)
    return total
