"""Structures in doubt: the variants of a border that a bank holds, each weighed by what was seen.

The posterior is a mixture: within each variant as in `conditioning`, and of the variants by their
chances given what was seen. A chance is that of a case among two, this variant or another, on its
own learned summary; the prior is the share of the bank's runs. How seldom the border as it is looks
so little like itself is read off the same summary of its own runs, each learned without its fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.cells import counted
from amnok.errors import AmnokError, Fault
from amnok.studies.inference.conditioning import Conditioner, make_ready, one_by_one
from amnok.studies.inference.posterior import Posterior

Array = NDArray[np.float64]
_FEWEST = 200  # runs of each variant


@dataclass(frozen=True)
class _Part:
    """The runs of one variant, made ready."""

    table: Conditioner
    rows: NDArray[np.int64]
    same: pd.Series[float]  # unknowns that are the same in all its runs

    def posterior(self, found: Posterior, names: Sequence[str]) -> Posterior:
        """With all unknowns, and rows of the whole bank."""
        draws = pd.DataFrame(found.draws, columns=list(found.names))
        for name, value in self.same.items():
            draws[str(name)] = value
        whole = draws[list(names)].to_numpy()
        return Posterior(tuple(names), whole, found.weights, self.rows[found.rows], found.share)


@dataclass(frozen=True)
class Told:
    """What one observation tells, whatever the structure is.

    Attributes:
        under_each: the posterior within each variant.
        chances: of each variant, adding up to 1.
        as_unlike: share of worlds of the first variant that look as little like it, or less.
    """

    under_each: tuple[Posterior, ...]
    chances: Array
    as_unlike: float

    @property
    def whole(self) -> Posterior:
        """The posteriors put together, each with its chance; with one alone, as it is."""
        first, *others = self.under_each
        if not others:
            return first
        both = list(zip(self.chances, self.under_each, strict=True))
        return Posterior(
            first.names,
            np.concatenate([one.draws for one in self.under_each]),
            np.concatenate([chance * one.weights for chance, one in both]),
            np.concatenate([one.rows for one in self.under_each]),
            float(self.chances @ np.array([one.share for one in self.under_each])),
        )


@dataclass(frozen=True)
class Mixture:
    """A bank made ready, whatever its structure is: any number of observations can be asked.

    Attributes:
        names: of the unknowns.
        variants: of the structure.
        structure: [run], which of them each is of.
        x: [run, column], what is seen.
    """

    names: tuple[str, ...]
    variants: tuple[str, ...]
    structure: NDArray[np.int64]
    x: Array
    _parts: tuple[_Part, ...]
    _which: tuple[Conditioner, ...]

    def chances(self, seen: Array) -> Array:
        """The chances of each variant alone, as `given` has them."""
        return self._chances([one.given(seen) for one in self._which])

    def chances_of_draw(self, n: int) -> Array:
        """The chances of each variant alone, as `of_draw` has them."""
        return self._chances([one.of_draw(n) for one in self._which])

    def _chances(self, found: Sequence[Posterior]) -> Array:
        if not found:
            return np.ones(1)
        least = 0.5 / len(self.x)
        told = np.array([float(one.weights @ one.draws[:, 0]) for one in found])
        told = np.clip(told, least, 1.0 - least)
        if len(self.variants) == 2:
            told = np.array([told[0], 1.0 - told[0]])
        return np.asarray(told / told.sum())

    def as_unlike(self, seen: Array) -> float:
        """`Told.as_unlike` alone, as `given` has it."""
        if not self._which:
            return 1.0
        return self._as_unlike(self._which[0].learned.at(seen[None, :])[:, 0, 0])

    def as_unlike_as_draw(self, n: int) -> float:
        """`Told.as_unlike` alone, as `of_draw` has it."""
        return self._as_unlike(self._which[0].learned.means[[n], 0]) if self._which else 1.0

    def _as_unlike(self, at: Array) -> float:
        """Against summaries of one observation [fold], or one for all: a cross-conformal p-value
        (Vovk 2015).
        """
        learned, first = self._which[0].learned, self.structure == 0
        against = np.resize(at, learned.fold.max() + 1)[learned.fold[first]]
        return float(np.mean(learned.means[first, 0] <= against))

    def given(self, seen: Array) -> Told:
        """The posterior of the unknowns and of the structure, given one observation."""
        parts = [one.posterior(one.table.given(seen), self.names) for one in self._parts]
        return Told(tuple(parts), self.chances(seen), self.as_unlike(seen))

    def of_draw(self, n: int) -> Told:
        """The same of a run of the bank, inferred from the others."""
        found = []
        for number, one in enumerate(self._parts):
            if number == self.structure[n]:
                mine = one.table.of_draw(int(np.searchsorted(one.rows, n)))
            else:
                mine = one.table.given(self.x[n])
            found.append(one.posterior(mine, self.names))
        return Told(tuple(found), self.chances_of_draw(n), self.as_unlike_as_draw(n))


def check_enough(structure: NDArray[np.int64], variants: Sequence[str], folder: str) -> None:
    """Refuse a bank that has too few runs of some variant to learn from.

    Raises:
        AmnokError: with every such variant.
    """
    faults = []
    for number, name in enumerate(variants):
        runs = int((structure == number).sum())
        if runs < _FEWEST:
            whose = f" of {name}" if len(variants) > 1 else ""
            fix = f"at least {_FEWEST} of each, better some thousand: --draws"
            problem = f"has {counted(runs, 'run')}{whose}, too few to learn from"
            faults.append(Fault(problem, fix, file=folder))
    if faults:
        raise AmnokError(faults)


def mixture(
    unknowns: pd.DataFrame,
    x: Array,
    structure: NDArray[np.int64],
    variants: Sequence[str],
    *,
    lead: int,
    held_out: int = 0,
    seed: int = 1,
) -> Mixture:
    """Learn from each variant\'s runs, and which variant a run is of.

    Args:
        unknowns: [run, unknown].
        x: what is seen of each run, [run, column].
        structure: which variant each run is of.
        variants: their names.
        lead, held_out, seed: as for `make_ready`.
    """
    parts = []
    for number in range(len(variants)):
        rows = np.flatnonzero(structure == number)
        mine = unknowns.iloc[rows]
        moves = np.ptp(mine.to_numpy(), axis=0) > 0.0
        leading = int(moves[:lead].sum())
        table = make_ready(mine.loc[:, moves], x[rows], held_out=held_out, seed=seed, lead=leading)
        parts.append(_Part(table, rows, mine.loc[:, ~moves].iloc[0]))
    is_it = structure[:, None] == np.array(_to_tell(len(variants)))
    which = one_by_one(is_it.astype(float), x, seed=seed)
    return Mixture(tuple(map(str, unknowns)), tuple(variants), structure, x, tuple(parts), which)


def _to_tell(variants: int) -> Sequence[int]:
    """Which variants have to be told from the others: of two, one."""
    return {1: (), 2: (0,)}.get(variants, range(variants))


def structure_table(
    found: Mixture, told: Told, lead: int, chosen: NDArray[np.int64], chances: Array
) -> pd.DataFrame:
    """Each variant with its chance, and what it says of the leading unknowns.

    Args:
        found: the bank, made ready.
        told: what it says of the observation.
        lead: how many unknowns lead.
        chosen: runs that tell how well structures are told apart; none if that is not asked for.
        chances: theirs, inferred from the other runs, [run, variant].

    Returns:
        Columns: variant, prior, chance, quantity, axis, label, mean, low_80, high_80 and, if asked,
        told_apart: of the chosen runs of this variant, the share that it is the likeliest for.
    """
    prior = np.bincount(found.structure, minlength=len(found.variants)) / len(found.structure)
    likeliest = chances.argmax(axis=1)
    rows = []
    for number, posterior in enumerate(told.under_each):
        means, ends = posterior.mean, posterior.interval(0.8)
        for key in found.names[:lead]:
            quantity, axis, label, _ = key.split("|")
            row: dict[str, Any] = {
                "variant": found.variants[number], "prior": prior[number],
                "chance": told.chances[number], "quantity": quantity, "axis": axis, "label": label,
                "mean": means[key], "low_80": ends.loc[key, "low"],
                "high_80": ends.loc[key, "high"],
            }  # fmt: skip
            if len(chosen):
                mine = found.structure[chosen] == number
                row["told_apart"] = (
                    float((likeliest[mine] == number).mean()) if mine.any() else np.nan
                )
            rows.append(row)
    return pd.DataFrame(rows)
