"""From coverage to days: which targets are covered together, so that each is as often as planned.

Whole resources cover whole targets. Lay the coverages end to end on a line; a comb with teeth one
apart, set down at a random place, hits each target with the chance of its length, and never twice
as none is longer than 1. The number of teeth on the line is the number of resources.

Source: systematic sampling (Madow 1949); as used for security games, Tsai et al. 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amnok.allocation.certificate import Inputs
from amnok.errors import AmnokError, Fault
from amnok.games.targets import Floats

_MOST_ENTRIES = 50_000_000


@dataclass(frozen=True, eq=False)
class Allocations:
    """A lottery over sets of targets.

    Attributes:
        chances: how often each set is drawn, [set]; they add up to 1.
        covered: the targets in each set, [set][target].
    """

    chances: Floats
    covered: tuple[NDArray[np.int64], ...]


def draw_allocation(coverage: ArrayLike, u: float) -> NDArray[np.int64]:
    """The targets to cover today, for a uniform draw u in [0, 1).

    At most as many as the coverages add up to, rounded up.

    Raises:
        AmnokError: a coverage is no number from 0 to 1, or u is not in [0, 1).

    >>> draw_allocation([0.625, 0.375, 0.0], 0.5), draw_allocation([0.625, 0.375, 0.0], 0.7)
    (array([0]), array([1]))
    """
    inputs = Inputs()
    shares = inputs.vector("coverage", coverage, least=0.0, most=1.0)
    start = float(inputs.number("u", u, least=0.0, most=float(np.nextafter(1.0, 0.0))))
    inputs.done()
    return _hit(_line(shares), start)


def allocations(coverage: ArrayLike) -> Allocations:
    """All sets that `draw_allocation` can draw, with their chances: at most one more than targets.

    Raises:
        AmnokError: a coverage is no number from 0 to 1, or the sets would fill the memory (then
            draw them one by one).

    >>> lottery = allocations([0.5, 0.25, 0.25])
    >>> lottery.chances, lottery.covered
    (array([0.5 , 0.25, 0.25]), (array([0]), array([1]), array([2])))
    """
    inputs = Inputs()
    line = _line(inputs.done(inputs.vector("coverage", coverage, least=0.0, most=1.0)))
    starts = np.unique(np.concatenate(([0.0], line % 1.0)))
    # What is no longer than rounding is no stretch of its own: its neighbour goes on over it.
    starts = starts[np.diff(starts, append=1.0) > _rounding(line)]
    starts[0] = 0.0
    if len(starts) * np.ceil(line[-1]) > _MOST_ENTRIES:
        problem = f"{len(starts):,} sets of up to {int(np.ceil(line[-1])):,} targets"
        raise AmnokError(Fault(problem, "draw them one by one: draw_allocation"))
    chances = np.diff(starts, append=1.0)
    # The comb at the middle of a stretch, where rounding cannot move a tooth to another target.
    sets = tuple(_hit(line, float(start)) for start in starts + 0.5 * chances)
    return Allocations(chances, sets)


def check_allocations(coverage: ArrayLike, resources: int, lottery: Allocations) -> float:
    """The most by which a lottery misses: a target's chance, or the number of resources.

    Raises:
        AmnokError: a coverage is no number, a chance is none, or a set names no such target.
    """
    inputs = Inputs()
    shares = inputs.vector("coverage", coverage)
    chances = inputs.vector("chances", lottery.chances, length=len(lottery.covered))
    for index, targets in enumerate(lottery.covered):
        within = len(targets) == 0 or 0 <= targets.min() <= targets.max() < len(shares)
        inputs.require(within, f"covered[{index}]", "names a target that is none")
    inputs.done()
    reached = np.zeros(len(shares))
    for chance, targets in zip(chances, lottery.covered, strict=True):
        reached[np.unique(targets)] += chance
    largest = max(len(np.unique(targets)) for targets in lottery.covered)
    missed = float(np.abs(reached - shares).max())
    unsure = abs(float(chances.sum()) - 1.0)
    return max(missed, unsure, -float(chances.min()), float(largest - resources))


def _line(coverage: Floats) -> Floats:
    """Where each target ends on the line, [target]."""
    line = np.cumsum(coverage)
    # A hair over a whole number would now and then ask for one resource too many.
    whole = np.rint(line[-1])
    return np.minimum(line, whole) if abs(line[-1] - whole) <= _rounding(line) else line


def _rounding(line: Floats) -> float:
    """What adding up the coverages can be wrong by."""
    return float(max(len(line), 8) * np.finfo(np.float64).eps * max(1.0, np.rint(line[-1])))


def _hit(line: Floats, start: float) -> NDArray[np.int64]:
    """Targets that a comb with its first tooth at `start` hits."""
    teeth = start + np.arange(int(np.ceil(line[-1])))
    return np.asarray(np.searchsorted(line, teeth[teeth < line[-1]], side="right"))
