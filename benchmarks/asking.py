"""Whether `amnok ask` ranks questions as inferring anew with each answer would.

    python benchmarks/asking.py runs/bank --truths 50 --answers 60

A truth is a run of a bank, of which arrests, items seized and prices are observed by place over the
period; the target is what flows, in normal scores. Nested: for each of so many answers that are
likely given these, the target is inferred anew from observations and answer, and the mean of its
variances is held against the variance before. `ask` tells the same from the runs near the truth,
without inferring anew. Asked for: the top three agree for 90% of the truths. As a measure of what
can be asked for, nested inference is done twice, with other features and answers.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.results.observations import is_level
from amnok.studies.inference import make_ready, value_of
from amnok.studies.inference.banks import Bank, open_bank
from amnok.studies.inference.learning import Scores
from amnok.studies.inference.questions import DEFAULT_TARGET, learnable, targets_of

Array = NDArray[np.float64]
OBSERVED = ("official_arrests", "official_items_seized", "surveyed_price")
TOP, ALIKE = 3, 0.99


def seen_of(bank: Bank) -> Array:
    """What is observed of each run, [run, column]."""
    columns = []
    for at, (series, cell) in enumerate(bank.layout.seen):
        if series in OBSERVED and cell[0]:
            weekly = bank.weekly[:, at].astype(float)
            columns.append(weekly.mean(axis=1) if is_level(series) else weekly.sum(axis=1))
    seen = np.stack(columns, 1)
    return seen[:, np.ptp(seen, axis=0) > 0.0]


def questions_of(bank: Bank, runs: NDArray[np.int64], target: Array, number: int) -> pd.DataFrame:
    """Answers to the questions that tell most of all runs, [run, question]; of two that are one
    question, the first.
    """
    weights, column = np.full(len(runs), 1.0 / len(runs)), targets_of(bank)[DEFAULT_TARGET]
    answers = {
        one.name: one.values
        for one in learnable(bank, runs, target, weights, column)
        if one.name not in OBSERVED
    }
    told = {name: value_of(one, target).share.value for name, one in answers.items()}
    best = pd.DataFrame(answers)[sorted(told, key=lambda name: -told[name])]
    alike = np.triu(best.corr("spearman").abs() > ALIKE, 1).any(axis=0)
    return best.loc[:, ~alike].iloc[:, :number]


class Nested:
    """What each answer would leave of the variance of the target, by inferring anew."""

    def __init__(self, answers: Array, target: Array, seen: Array, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        both = np.column_stack([target, answers])
        self._now = make_ready(both, seen, held_out=0, seed=seed, lead=1)
        self._then = [
            make_ready(target, np.column_stack([seen, one]), held_out=0, seed=seed)
            for one in answers.T
        ]

    def cuts(self, seen: Array, number: int) -> Array:
        """Share of the variance that goes, [question], given what is seen of one truth."""
        now = self._now.given(seen)
        drawn = now.draws[self._rng.choice(len(now.weights), number, p=now.weights), 1:]
        left = [
            np.mean([table.given(np.append(seen, answer)).sd.iloc[0] ** 2 for answer in column])
            for table, column in zip(self._then, drawn.T, strict=True)
        ]
        return 1.0 - np.array(left) / now.sd.iloc[0] ** 2

    def near(self, seen: Array) -> tuple[NDArray[np.int64], Array]:
        """Rows of the runs near a truth, and their weights."""
        now = self._now.given(seen)
        return now.rows, now.weights


def top(cuts: Array) -> set[int]:
    return {int(one) for one in cuts.argsort()[::-1][:TOP]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bank", type=Path)
    parser.add_argument("--truths", type=int, default=50)
    parser.add_argument("--answers", type=int, default=60)
    parser.add_argument("--questions", type=int, default=10)
    asked = parser.parse_args()
    bank = open_bank(asked.bank)
    runs = bank.under("base")
    flow = bank.whole(runs, [targets_of(bank)[DEFAULT_TARGET]]).sum(axis=(1, 2))
    target, seen = Scores(flow).of(flow), seen_of(bank)[runs]
    table = questions_of(bank, runs, target, asked.questions)
    answers = table.to_numpy()
    nested = [Nested(answers, target, seen, seed) for seed in (1, 2)]
    found = []
    for n in np.random.default_rng(1).permutation(len(target))[: asked.truths]:
        rows, weights = nested[0].near(seen[n])
        ask = np.array(
            [value_of(one[rows], target[rows], weights=weights).share.value for one in answers.T]
        )
        found.append([ask, *(one.cuts(seen[n], asked.answers) for one in nested)])
    for name, *means in zip(table, *np.mean(found, axis=0), strict=True):
        print(f"    {name:36s}" + " ".join(f"{one:6.1%}" for one in means))
    for words, one, other in (("ask and nested", 0, 1), ("nested twice", 1, 2)):
        same = np.array([len(top(cuts[one]) & top(cuts[other])) for cuts in found])
        first = np.mean([cuts[one].argmax() == cuts[other].argmax() for cuts in found])
        print(
            f"{words}: of {len(found)} truths the same three {np.mean(same == TOP):.0%}, two of "
            f"three {np.mean(same >= TOP - 1):.0%}, the same first {first:.0%}"
        )


if __name__ == "__main__":
    main()
