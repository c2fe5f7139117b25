"""What to ask next: which parameter, series or claim, once learned, would tell most of a target.

From the runs of a bank, near what was observed if a posterior is given; no new simulations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.cells import percent
from amnok.errors import AmnokError, Fault, nearest
from amnok.results.observations import unit_of
from amnok.scenario import Scenario, load
from amnok.scenario.ledger.model import UNKNOWN
from amnok.scenario.loading import Given
from amnok.scenario.overrides import Sets
from amnok.studies.claims.believing import RHO
from amnok.studies.inference.banks import Bank, check_digest, check_same, open_bank
from amnok.studies.inference.claims import Unverified, told_now, unverified
from amnok.studies.inference.graded import knows, told
from amnok.studies.inference.hidden import runs_of
from amnok.studies.inference.kept import HIDDEN
from amnok.studies.inference.posterior import effective
from amnok.studies.inference.structures import check_enough
from amnok.studies.inference.value import EstimatedNumber, value_for_choice, value_of
from amnok.table import Sheet, Shown, Table

Array = NDArray[np.float64]
DEFAULT_TARGET = "value_crossed"
_LOOKED_INTO = 40  # parameters, by rank correlation with the target; the rest tell less


@dataclass(frozen=True, repr=False)
class Questions(Shown):
    """What could be learned, the most telling first; right if the model is right.

    Attributes:
        table: kind (claim of the ledger, parameter, series, share of a flow), name, words; how the
            target's likely range would narrow, in words; share of its variance that would go, with
            its standard error; nats, likewise; for a choice, the value of deciding after learning,
            likewise; for a claim its chance to be true, once its report is counted by its grade,
            the grade and who says it.
        target: what one wants to know, in words.
        unit: of the target, and of the value of a choice.
        best: the policy that is best as things are; empty without a choice.
        perfect: what knowing everything would be worth for the choice.
        effective: effective runs behind the figures.
        unmeasured: claims of the ledger that say something and that the bank does not tell.
    """

    table: pd.DataFrame
    target: str
    unit: str
    best: str
    perfect: EstimatedNumber
    effective: float
    unmeasured: tuple[str, ...] = ()

    def sheet(self) -> Sheet:
        """What would tell most."""
        title = f"what to learn next about {self.target}, if the model is right"
        return Sheet(title, (Table.of_frame("", self.table, ".table"),))


def targets_of(bank: Bank) -> dict[str, int]:
    """Names of what can be asked for, such as `value_crossed:size/operator`, and their columns."""
    return {
        f"{quantity}:{axis}/{label}" if axis else quantity: at
        for at, (quantity, axis, label) in enumerate(bank.layout.hidden, len(bank.layout.seen))
    }


@verb
def ask(
    scenario: Given,
    *,
    bank: str | os.PathLike[str] | Bank,
    target: str = DEFAULT_TARGET,
    choose: Sequence[str] = (),
    most: bool = False,
    given: str | os.PathLike[str] | None = None,
    sets: Sets | None = (),
    ledgers: Sequence[str | os.PathLike[str]] = (),
    reliability: str = "",
    shift: float = 0.0,
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
        ledgers: files with further reports and claims; those that the bank was made with count.
        reliability: grade (A to F) of whoever will answer about a claim, a parameter or a share;
            blank where it will be settled for good.
        shift: added to the mean reliability of sources, to see what depends on it.
        seed: the same seed gives the same bits.

    Raises:
        AmnokError: the bank or the posterior is of another border, or there is no such target,
            policy or grade.
    """
    found = bank if isinstance(bank, Bank) else open_bank(bank)
    border = load(scenario, sets, ledgers)
    check_same(found, border)
    if reliability and reliability not in RHO:
        fix = "A (reliable) to F (cannot be judged)"
        raise AmnokError(Fault(f"'{reliability}' is no reliability", fix))
    column = _column(found, target)
    runs = found.under("base")
    rows, weights = np.arange(len(runs)), np.full(len(runs), 1.0 / len(runs))
    if given is not None:
        rows, weights, about = runs_of(given)
        check_digest(found, about, given)
    check_enough(found.structure(runs), found.variants, str(found.folder))
    goal = _period(found, runs[rows], column)
    benefits, options = _benefits(found, rows, column, choose, most)
    rng = np.random.default_rng([seed, 34])
    still, missing = told_now(found.told, border)
    claims = unverified(still, found.measured.iloc[runs[rows]], border, weights, rng, shift=shift)
    looked = [_of_claim(one, border) for one in claims]
    looked += learnable(found, runs[rows], goal, weights, column)
    table = [_row(_told_by(one, reliability, shift, rng), goal, benefits, seed) for one in looked]
    first = "choice" if benefits is not None else "share"
    frame = pd.DataFrame(table)
    frame = frame.sort_values(first, ascending=False, kind="stable", ignore_index=True)
    best, perfect = "", EstimatedNumber(np.nan, np.nan)
    if benefits is not None:
        whole = value_for_choice(goal, benefits, weights=weights, seed=seed)
        best, perfect = options[whole.best], whole.perfect
    quantity = found.layout.hidden[column - len(found.layout.seen)][0]
    unit = unit_of(quantity, found.scenario)
    return Questions(frame, target, unit, best, perfect, effective(weights), tuple(missing))


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
    weights: Array
    chance: float = np.nan
    grade: str = ""
    cited: str = ""


def _of_claim(one: Unverified, scenario: Scenario) -> _Learnable:
    """A claim as a question. It asks about a place and a practice, as the claim itself does."""
    place = one.claim.place if one.claim.place != UNKNOWN else ""
    where = f" in {place}" if place else ""
    words = f"ask{where} whether this is so: {one.claim.text} ({one.name})"
    ledger = scenario.ledger
    return _Learnable(
        "claim", one.name, words, one.true.astype(float), one.weights, one.chance,
        ledger.grade(one.name), ledger.cited(one.name),
    )  # fmt: skip


def _told_by(one: _Learnable, grade: str, shift: float, rng: np.random.Generator) -> _Learnable:
    """What a source of some reliability would answer; a series is collected, not told."""
    if not grade or one.kind == "series":
        return one
    known = knows([grade], [""], len(one.values), rng, shift=shift)
    return replace(one, values=told(one.values[:, None], known, [""], rng)[:, 0])


def learnable(
    bank: Bank, runs: NDArray[np.int64], goal: Array, weights: Array, column: int
) -> Iterator[_Learnable]:
    """What could be learned beside claims: parameters, series, and shares of hidden flows."""
    parameters = bank.parameters(runs)
    ranks = parameters.rank().corrwith(pd.Series(goal, parameters.index).rank()).abs()
    known = dict(bank.scenario.parameters())
    for path in ranks.nlargest(min(_LOOKED_INTO, len(ranks))).index:
        unit = known[str(path)].unit
        *_, of, name = str(path).replace("_", " ").split(".")
        words = f"find out the {name} of {of} ({path}, {unit})"
        yield _Learnable("parameter", str(path), words, parameters[path].to_numpy(), weights)
    layout = bank.layout
    for series in dict.fromkeys(name for name, _ in layout.seen):
        mine = [at for at, (name, _) in enumerate(layout.seen) if name == series]
        parts = [at for at in mine if layout.seen[at][1][0]]  # by place, so each count once
        values = bank.weekly[np.ix_(runs, np.array(parts))].sum(axis=(1, 2), dtype=float)
        if np.ptp(values) > 0.0:
            unit = unit_of(series, bank.scenario)
            words = f"get {series.replace('_', ' ')} of the whole period ({unit})"
            yield _Learnable("series", series, words, values, weights)
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
            words = f"settle whether {label} carries more than {percent(middle)} of the value"
            name = f"{axis}/{label} > {percent(middle)}"
            yield _Learnable("share", name, words, true, weights, float(weights @ true))


def _row(one: _Learnable, goal: Array, benefits: Array | None, seed: int) -> dict[str, Any]:
    found = value_of(one.values, goal, weights=one.weights, seed=seed)
    row: dict[str, Any] = {
        "kind": one.kind, "name": one.name, "words": one.words, "narrows": narrowed(found.share),
        "share": found.share.value, "share_se": found.share.se,
        "nats": found.nats.value, "nats_se": found.nats.se,
        "chance": one.chance, "grade": one.grade, "cited": one.cited,
    }  # fmt: skip
    if benefits is not None:
        choice = value_for_choice(one.values, benefits, weights=one.weights, seed=seed).sample
        row |= {"choice": choice.value, "choice_se": choice.se}
    return row


_PARTS = {
    0.05: "a twentieth", 0.1: "a tenth", 0.2: "a fifth", 0.25: "a quarter", 0.33: "a third",
    0.5: "half", 0.67: "two thirds", 0.8: "four fifths", 0.9: "nine tenths", 1.0: "all of it",
}  # fmt: skip


def narrowed(share: EstimatedNumber) -> str:
    """By how much a likely range narrows, in words: what a share of the variance is of its root.

    >>> narrowed(EstimatedNumber(0.56, 0.05)), narrowed(EstimatedNumber(0.02, 0.02))
    ('by a third', 'hardly, if at all')
    """
    if share.value < 2.0 * share.se or share.value <= 0.0:
        return "hardly, if at all"
    width = 1.0 - np.sqrt(max(1.0 - share.value, 0.0))
    part = min(_PARTS, key=lambda one: abs(one - width))
    return "by less than a twentieth" if width < 0.03 else f"by {_PARTS[part]}"
