"""What to ask next: which parameter, series or claim, once learned, would tell most of a target.

From the runs of a bank, near what was observed if a posterior is given; no new simulations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.errors import AmnokError, Fault
from amnok.results.observations import unit_of
from amnok.scenario import load
from amnok.scenario.consistency import nearest
from amnok.scenario.load import Given
from amnok.scenario.overrides import Sets
from amnok.studies.inference.banks import Bank, check_same, open_bank
from amnok.studies.inference.hidden import runs_of
from amnok.studies.inference.kept import HIDDEN
from amnok.studies.inference.posterior import effective
from amnok.studies.inference.value import Estimate, value_for_choice, value_of

Array = NDArray[np.float64]
DEFAULT_TARGET = "value_crossed"
_LOOKED_INTO = 40  # parameters, by rank correlation with the target; the rest tell less


@dataclass(frozen=True)
class Questions:
    """What could be learned, the most telling first; right if the model is right.

    Attributes:
        table: kind (parameter, series, claim), name, words; share of the target's variance that
            would go, with its standard error; nats, likewise; and, for a choice, the value of
            deciding after learning, likewise.
        target: what one wants to know, in words.
        unit: of the target, and of the value of a choice.
        best: the policy that is best as things are; empty without a choice.
        perfect: what knowing everything would be worth for the choice.
        effective: effective runs behind the figures.
    """

    table: pd.DataFrame
    target: str
    unit: str
    best: str
    perfect: Estimate
    effective: float


def targets_of(bank: Bank) -> dict[str, int]:
    """Names of what can be asked for, such as `value_crossed:size/operator`, and their columns."""
    return {
        f"{quantity}:{axis}/{label}" if axis else quantity: at
        for at, (quantity, axis, label) in enumerate(bank.layout.hidden, len(bank.layout.seen))
    }


def ask(
    scenario: Given,
    *,
    bank: str | os.PathLike[str] | Bank,
    target: str = DEFAULT_TARGET,
    choose: Sequence[str] = (),
    most: bool = False,
    given: str | os.PathLike[str] | None = None,
    sets: Sets | None = (),
    seed: int = 1,
) -> Questions:
    """Rank what could be learned by what it would tell.

    Args:
        scenario: the border, as for the bank.
        bank: runs of this border.
        target: what one wants to know: a hidden flow over the period, as `targets_of` names it.
        choose: policies of the bank to choose among by the target, `base` among them or not; none
            for an estimate alone.
        most: whether more of the target is better in a choice; without, less is.
        given: a posterior saved by `infer`: the value near what was observed.
        sets: overrides, as for the bank.
        seed: the same seed gives the same bits.

    Raises:
        AmnokError: the bank or the posterior is of another border, or there is no such target or
            policy.
    """
    found = bank if isinstance(bank, Bank) else open_bank(bank)
    check_same(found, load(scenario, sets))
    column = _column(found, target)
    runs = found.under("base")
    rows, weights = np.arange(len(runs)), np.full(len(runs), 1.0 / len(runs))
    if given is not None:
        rows, weights, about = runs_of(given)
        if about["bank"] != str(found.folder):
            problem = f"was inferred from the bank {about['bank']}"
            raise AmnokError([Fault(problem, "name that bank", file=str(given))])
    goal = _period(found, runs[rows], column)
    benefits, options = _benefits(found, rows, column, choose, most)
    looked = list(_learnable(found, runs[rows], goal, weights, column))
    table = [_row(one, goal, benefits, weights, seed) for one in looked]
    by = "choice" if benefits is not None else "share"
    frame = pd.DataFrame(table).sort_values(by, ascending=False, kind="stable", ignore_index=True)
    best, perfect = "", Estimate(np.nan, np.nan)
    if benefits is not None:
        whole = value_for_choice(goal, benefits, weights=weights, seed=seed)
        best, perfect = options[whole.best], whole.perfect
    quantity = found.layout.hidden[column - len(found.layout.seen)][0]
    unit = unit_of(quantity, found.scenario)
    return Questions(frame, target, unit, best, perfect, effective(weights))


def _column(bank: Bank, target: str) -> int:
    known = targets_of(bank)
    if target not in known:
        raise AmnokError([Fault(f"no target '{target}'", nearest(target, known), file="--for")])
    return known[target]


def _period(bank: Bank, runs: NDArray[np.int64], column: int) -> Array:
    return np.asarray(bank.whole(runs, [column]).sum(axis=(1, 2)))


def _benefits(
    bank: Bank, rows: NDArray[np.int64], column: int, choose: Sequence[str], most: bool
) -> tuple[Array | None, list[str]]:
    """Net benefit of each policy in each draw, [draw, policy]."""
    if not choose:
        return None, []
    faults = [
        Fault(f"no runs under the policy '{name}'", nearest(name, bank.policies), file="--choose")
        for name in choose
        if name not in bank.policies
    ]
    if len(set(choose)) < 2:
        faults.append(Fault("a choice needs two policies", "such as base and one other"))
    if faults:
        raise AmnokError(faults)
    sign = 1.0 if most else -1.0
    return (
        np.stack([sign * _period(bank, bank.under(name)[rows], column) for name in choose], 1),
        list(choose),
    )


@dataclass(frozen=True)
class _Learnable:
    kind: str
    name: str
    words: str
    values: Array


def _learnable(
    bank: Bank, runs: NDArray[np.int64], goal: Array, weights: Array, column: int
) -> Iterator[_Learnable]:
    """What could be learned: parameters, series, and claims about hidden flows."""
    parameters = bank.parameters(runs)
    ranks = parameters.rank().corrwith(pd.Series(goal, parameters.index).rank()).abs()
    known = dict(bank.scenario.parameters())
    for path in ranks.nlargest(min(_LOOKED_INTO, len(ranks))).index:
        unit = known[str(path)].unit
        *_, of, name = str(path).replace("_", " ").split(".")
        words = f"find out the {name} of {of} ({path}, {unit})"
        yield _Learnable("parameter", str(path), words, parameters[path].to_numpy())
    layout = bank.layout
    for series in dict.fromkeys(name for name, _ in layout.seen):
        mine = [at for at, (name, _) in enumerate(layout.seen) if name == series]
        parts = [at for at in mine if layout.seen[at][1][0]]  # by place, so each count once
        values = bank.weekly[np.ix_(runs, np.array(parts))].sum(axis=(1, 2), dtype=float)
        if np.ptp(values) > 0.0:
            unit = unit_of(series, bank.scenario)
            words = f"get {series.replace('_', ' ')} of the whole period ({unit})"
            yield _Learnable("series", series, words, values)
    for at, (quantity, axis, label) in enumerate(layout.hidden, len(layout.seen)):
        if not axis or at == column or quantity != HIDDEN[0]:
            continue
        whole = _period(bank, runs, layout.hidden.index((quantity, "", "")) + len(layout.seen))
        share = np.divide(
            _period(bank, runs, at), whole, out=np.zeros_like(whole), where=whole > 0.0
        )
        middle = float(np.median(share))
        true = (share > middle).astype(float)
        if 0.0 < weights @ true < 1.0:
            words = f"settle whether {label} carries more than {middle:.0%} of the value"
            yield _Learnable("claim", f"{axis}/{label} > {middle:.0%}", words, true)


def _row(
    one: _Learnable, goal: Array, benefits: Array | None, weights: Array, seed: int
) -> dict[str, Any]:
    found = value_of(one.values, goal, weights=weights, seed=seed)
    row: dict[str, Any] = {
        "kind": one.kind, "name": one.name, "words": one.words,
        "share": found.share.value, "share_se": found.share.se,
        "nats": found.nats.value, "nats_se": found.nats.se,
    }  # fmt: skip
    if benefits is not None:
        choice = value_for_choice(one.values, benefits, weights=weights, seed=seed).sample
        row |= {"choice": choice.value, "choice_se": choice.se}
    return row
