"""Playing the recursive inspection game: both follow their strategies, and chance decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.certificate import Inputs
from amnok.games.recursive import RecursiveGame

_CELLS = 30_000_000  # stages kept in memory, 240 MB

Floats = NDArray[np.float64]


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


def play_recursive(game: RecursiveGame, plays: int = 1000, seed: int = 1) -> Plays:
    """Play a game again and again; the same seed gives the same plays.

    Raises:
        AmnokError: there are no plays to play, or the game has too many stages to keep.

    >>> plays = play_recursive(RecursiveGame(periods=3, inspections=1), plays=20_000)
    >>> round(float(plays.payoff_inspected.mean()), 1)  # the value is 1/2
    0.5
    """
    n, m, k = game.start
    inputs = Inputs()
    inputs.count("plays", plays, least=1)
    inputs.count("seed", seed)
    cells = (n - m + 1) * (m + 1)
    inputs.require(cells <= _CELLS, "game", f"has {cells:,} stages, more than {_CELLS:,}")
    inputs.done()
    chance = np.random.default_rng(seed)
    c, loss_c = 1 + float(game.penalty), 1 - float(game.loss)
    ours, theirs = _first_values(n, m, loss_c), _first_values(n, m, c)
    left = np.full(plays, m)
    may = np.full(plays, k)
    missed, caught = np.zeros(plays, np.int64), np.zeros(plays, np.bool_)
    for periods in range(n, 0, -1):
        p = _inspect(theirs, periods, left, c)
        q = _violate(ours, periods, left, may, loss_c, game.commitment)
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
        missed - float(game.penalty) * caught,
        -missed - float(game.loss) * caught,
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
