"""Grades of sources as likelihoods: how likely a source tells this, given what is true.

    P(report | truth) = rho [true content] + (1 - rho) P(report | the source does not know)

rho is Beta distributed by the letter of reliability. A source is wrong as a whole as often as by
itself: behind one outlet, two reports are less than two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from amnok.studies.claims.believing import RHO

Array = NDArray[np.float64]

_STRENGTH, _STRENGTH_F = 10.0, 2.0
_TOGETHER = 0.8  # chance that reports of one source share whether it knows; illustrative too
_LEAST = 0.02
_PLACES = (np.arange(32) + 0.5) / 32  # of rho in its distribution, for a mean over it


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
    shared: dict[str, tuple[Array, Array]] = {}
    for at, (letter, source) in enumerate(zip(letters, sources, strict=True)):
        if not letter:
            continue
        if source not in shared or not source:
            shared[source] = rng.random(n), rng.random(n)
        reliable, together = shared[source]
        rho = beta.ppf(reliable, *beta_of(letter, shift=shift))
        place = np.where(rng.random(n) < _TOGETHER, together, rng.random(n))
        found[:, at] = place < rho
    return found


def told(
    values: Array, known: NDArray[np.bool_], sources: Sequence[str], rng: np.random.Generator
) -> Array:
    """What reports say in each world: the world's value, or that of another for who knows not.

    One source speaks of one other world. Two speak of two, so that they hardly ever agree on what
    is not so.

    Args:
        values: true content, [world, report].
        known: as `knows` has it.
        sources: of each report; a blank one is a source of its own.
        rng: of the draws.
    """
    found, others = values.copy(), dict[str, NDArray[np.int64]]()
    for at, source in enumerate(sources):
        if source not in others or not source:
            others[source] = rng.permutation(len(values))
        found[:, at] = np.where(known[:, at], values[:, at], values[others[source], at])
    return found


def said_by_one(
    true: NDArray[np.bool_], letters: Sequence[str], weights: Array, *, shift: float = 0.0
) -> Array:
    """How likely one outlet says that all of some claims are true, in each world: [world].

    The same model as `knows`, its mean taken exactly: who does not know says what is true as often
    as it is true in any world.

    Args:
        true: whether each claim is true, [world, claim].
        letters: of the report of each.
        weights: of worlds, adding up to 1.
        shift: as in `beta_of`.

    >>> worlds = np.array([[True], [False]])
    >>> said_by_one(worlds, ["C"], np.array([0.5, 0.5])).round(3).tolist()
    [0.85, 0.15]
    """
    base = weights @ true
    shapes = [beta_of(letter, shift=shift) for letter in letters]
    rho = np.stack([beta.ppf(_PLACES, *shape) for shape in shapes], 1)  # place, claim
    rho *= np.array([a / (a + b) for a, b in shapes]) / rho.mean(axis=0)
    found = np.zeros(len(true))
    for at in rho:
        # What the reports share is one draw: it lies below the rho of some and above others'.
        ends = np.concatenate([[0.0], np.sort(np.minimum(at, 1.0)), [1.0]])
        for low, high in pairwise(ends):
            knows = _TOGETHER * (at >= high) + (1.0 - _TOGETHER) * at
            found += (high - low) * np.prod(
                np.where(true, knows, 0.0) + (1.0 - knows) * base, axis=1
            )
    return found / len(rho)
