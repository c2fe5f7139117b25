"""Grades of sources as likelihoods: how likely a source tells this, given what is true.

    P(report | truth) = rho [true content] + (1 - rho) P(report | the source does not know)

rho is Beta distributed by the letter of reliability. A source is wrong as a whole as often as by
itself: behind one outlet, two reports are less than two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Illustrative, not measured: mean chance that a source knows, by letter. F is anything.
RHO = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.45, "E": 0.25, "F": 0.50}
_STRENGTH, _STRENGTH_F = 10.0, 2.0
_TOGETHER = 0.8  # chance that reports of one source share whether it knows; illustrative too
_LEAST = 0.02


def beta_of(
    letter: str, *, shift: float = 0.0, right: int = 0, wrong: int = 0
) -> tuple[float, float]:
    """The two shapes of rho for a letter, after claims that turned out right or wrong.

    Args:
        letter: A to F.
        shift: added to the mean, to see what depends on it.
        right: of the source's claims that are resolved.
        wrong: likewise.

    >>> [round(shape, 6) for shape in beta_of("C")]
    [7.0, 3.0]
    >>> beta_of("C", right=5, wrong=5)
    (12.0, 8.0)
    """
    mean = min(max(RHO[letter] + shift, _LEAST), 1.0 - _LEAST)
    strength = _STRENGTH_F if letter == "F" else _STRENGTH
    return mean * strength + right, (1.0 - mean) * strength + wrong


def knows(
    letters: Sequence[str],
    sources: Sequence[str],
    n: int,
    rng: np.random.Generator,
    *,
    shift: float = 0.0,
) -> NDArray[np.bool_]:
    """Whether the source of each report knows, in each of n worlds: [world, report].

    Args:
        letters: of each report; blank for a number that is taken as it is.
        sources: of each report; reports with the same source share most of what it knows.
        n: worlds.
        rng: of the draws.
        shift: as in `beta_of`.
    """
    found = np.ones((n, len(letters)), dtype=bool)
    shared: dict[tuple[str, str], tuple[Array, Array]] = {}
    for at, (letter, source) in enumerate(zip(letters, sources, strict=True)):
        if not letter:
            continue
        key = (letter, source)
        if key not in shared or not source:
            shared[key] = rng.beta(*beta_of(letter, shift=shift), n), rng.random(n)
        rho, together = shared[key]
        place = np.where(rng.random(n) < _TOGETHER, together, rng.random(n))
        found[:, at] = place < rho
    return found


def told(values: Array, known: NDArray[np.bool_], rng: np.random.Generator) -> Array:
    """What reports say in each world: the world's value, or that of another for who knows not.

    Args:
        values: true content, [world, report].
        known: as `knows` has it.
        rng: of the draws.
    """
    other = rng.permutation(len(values))
    return np.where(known, values, values[other])
