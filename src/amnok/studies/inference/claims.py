"""Claims of the ledger in the runs of a bank: whether each is true there, and what reports tell.

A claim is true in a run if all that it says lies where it must. What needs the run simulated again
without some mechanism is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.counts import variables
from amnok.draws import Key
from amnok.engine import Outcome
from amnok.results.measuring import evaluate
from amnok.results.measuring.sources import BookSource
from amnok.results.observations import is_level
from amnok.scenario import Scenario
from amnok.scenario.ledger import Claim, Ledger
from amnok.scenario.measures import plan as plans
from amnok.scenario.measures.plan import AS_IS, MeasurePlan
from amnok.studies.claims import believing
from amnok.studies.claims.judging import claims_of
from amnok.studies.inference.graded import said_by_one
from amnok.studies.patterns.patterns import Pattern, Patterns
from amnok.studies.patterns.robustness import Study
from amnok.variables import BY_STATUS, PEOPLE, Count

Array = NDArray[np.float64]
_PEOPLE = frozenset(
    (
        BY_STATUS.name,
        *(one.name for one in variables() if isinstance(one, Count) and one.table == PEOPLE),
    )
)


def claims_told(scenario: Scenario) -> Patterns:
    """The claims that a run tells as it is, each as a pattern of what it says."""
    claims = claims_of(scenario)
    told = (one for one in claims.all if one.measures and not any(_arms(one)))
    return replace(claims, all=tuple(told))


def _arms(claim: Pattern) -> list[frozenset[str]]:
    return [one.compiled.arms for one in claim.measures]


def measured(
    claims: Patterns, outcome: Outcome, scenario: Scenario, key: Key, scale: float
) -> Array:
    """What claims speak of in one run, [measure]; NaN where there is nothing to measure.

    Args:
        claims: as `claims_told` has them.
        outcome: the run.
        scenario: of the run.
        key: of the run.
        scale: of the numbers of people; what grows with them is scaled up.
    """
    found = evaluate.Arms(claims.frame.space, {AS_IS: BookSource(outcome, scenario, key)})
    plans_of = [one.compiled.plan for one in claims.measures.values()]
    return np.array([float(found.value(one)) / scale ** grows(one) for one in plans_of])


def grows(plan: MeasurePlan) -> int:
    """The power of the number of people that a measure grows with: 1 for a count, 0 for a share."""
    if isinstance(plan, plans.TotalPlan):
        return int(all(one.name in _PEOPLE or not is_level(one.name) for one in plan.cells))
    if isinstance(plan, plans.PairPlan):
        first = grows(plan.first)
        return first - grows(plan.second) if plan.how == "ratio" else first
    if isinstance(plan, plans.Scaled):
        return grows(plan.of)
    if isinstance(plan, plans.Extreme):
        return grows(plan.parts[0])
    if isinstance(plan, plans.TakenPlan):
        return grows(plan.parts[0][0]) if plan.parts else 0
    return 0


@dataclass(frozen=True)
class Unverified:
    """A claim that could be settled.

    Attributes:
        name: its id.
        claim: as the ledger has it.
        true: whether it is, [run].
        weights: [run], of the runs once its report, and others of the same outlet, are counted as
            far as their grades go.
        chance: of being true, by these weights.
    """

    name: str
    claim: Claim
    true: NDArray[np.bool_]
    weights: Array
    chance: float


def unverified(
    told: Sequence[Pattern],
    measured: pd.DataFrame,
    scenario: Scenario,
    weights: Array,
    rng: np.random.Generator,
    *,
    shift: float = 0.0,
) -> list[Unverified]:
    """The claims of a ledger that runs tell and that are not the same in all of them.

    Args:
        told: the claims that were measured, as `told_now` has them.
        measured: in each run, [run, measure].
        scenario: whose ledger counts.
        weights: of the runs.
        rng: for statements whose bounds are blurred.
        shift: added to the mean reliability of sources, to see what depends on it.
    """
    claims = replace(claims_told(scenario), all=tuple(told))
    study = Study(
        (),
        np.empty((len(measured), 0)),
        {str(name): column.to_numpy() for name, column in measured.items()},
    )
    chances = {one.name: believing.weights(study, claims, one.name) for one in told}
    true = {name: rng.random(len(one)) < one for name, one in chances.items()}
    found = []
    for one in told:
        mine = true[one.name]
        if not 0.0 < weights @ mine < 1.0:
            continue
        together = _of_one_voice(scenario.ledger, one.name, list(true))
        counted = weights * said_by_one(
            np.stack([true[name] for name in together], 1),
            [scenario.ledger.report_of(name).reliability for name in together],
            weights,
            shift=shift,
        )
        counted = counted / counted.sum()
        claim, chance = scenario.claims[one.name], float(counted @ mine)
        found.append(Unverified(one.name, claim, mine, counted, chance))
    return found


def told_now(told: Patterns, scenario: Scenario) -> tuple[list[Pattern], list[str]]:
    """Claims that a ledger still makes in the words that were measured, and names of all others
    that say something.
    """
    now = claims_of(scenario).all
    measured = {one.name: one for one in told.all}
    said = [one for one in now if one.measures]
    known = [one for one in said if one.name in measured and _same(one, measured[one.name])]
    names = {one.name for one in known}
    return known, [one.name for one in said if one.name not in names]


def _same(one: Pattern, other: Pattern) -> bool:
    return [each.said for each in one.measures] == [each.said for each in other.measures]


def _of_one_voice(ledger: Ledger, claim: str, among: Sequence[str]) -> list[str]:
    """Claims of the outlet that makes a claim, itself first."""
    mine = next(group for group in ledger.voices(among) if ledger.claims[claim].report in group)
    others = [name for name in among if name != claim and ledger.claims[name].report in mine]
    return [claim, *others]
