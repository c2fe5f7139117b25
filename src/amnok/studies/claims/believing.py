"""What moves if a claim is believed: draws of the prior weighed by it, less the same as they are.

A report is right about a claim with the chance rho that its letter stands for, or it does not know:
the likelihood of a draw is `rho p + (1 - rho) b`, with p the chance that the draw meets what the
claim says, its bounds blurred by their `spread`, and b the mean of p over all draws. A claim that
every draw meets equally moves nothing, and nor does one of a source that never knows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.scenario import Scenario
from amnok.scenario.measures.compiling import CompiledMeasure
from amnok.scenario.measures.units import in_currency
from amnok.scenario.measures.vocabulary import Measure
from amnok.studies.claims.judging import claims_of
from amnok.studies.patterns.patterns import Patterns
from amnok.studies.patterns.robustness import Study

Array = NDArray[np.float64]
RHO = {"A": 0.95, "B": 0.85, "C": 0.70, "D": 0.45, "E": 0.25, "F": 0.5}
"""How often a source of a letter knows what it says: assumptions, none of them measured."""

_RESAMPLES, _SEED = 2000, 1
_TELLS = 10.0  # draws' worth of weight below which nothing can be said
_ALIKE = 1e-9  # chances of draws that differ by no more


@dataclass(frozen=True)
class Total:
    """An outcome as one number of a run."""

    name: str
    text: str
    unit: str
    compiled: CompiledMeasure


@dataclass(frozen=True)
class Asked(Patterns):
    """Claims, and outcomes beside them, measured in the same runs."""

    totals: tuple[Total, ...] = ()

    @property
    def measures(self) -> dict[str, Any]:
        """Everything that is measured, by name."""
        return {**super().measures, **{one.name: one for one in self.totals}}


def asked_of(scenario: Scenario) -> Asked:
    """The claims of a border, and those of its outcomes that add up to one number."""
    claims = claims_of(scenario)
    compiler = claims.frame.compiler()
    totals = []
    for name, outcome in claims.frame.known.outcomes.items():
        compiled = compiler.compile(Measure.model_validate({"use": name, "by": []}))
        is_number = not compiler.faults and not compiled.missing and not compiled.dims
        if is_number and compiler.compile(outcome).adds_up:
            unit = in_currency(compiled.unit, scenario.currency)
            totals.append(Total(f"total:{name}", outcome.label, unit, compiled))
        compiler.faults.clear()
    return Asked(claims.frame, claims.all, tuple(totals))


def weights(found: Study, claims: Patterns, claim: str) -> Array:
    """The chance that each draw meets what a claim says, [draw]; 0 where it does not show."""
    (pattern,) = (one for one in claims.all if one.name == claim)
    product = np.ones(len(found.places))
    for one in pattern.measures:
        values = found.measures[one.name]
        low, high = one.said.bounds
        if one.said.spread > 0:
            from scipy.special import ndtr  # as draws do; verdicts on replicates do without

            met = ndtr((values - low) / one.said.spread) - ndtr((values - high) / one.said.spread)
        else:
            met = np.array([one.said.side(value) == 0 for value in values], dtype=np.float64)
        product *= np.where(np.isfinite(values), met, 0.0)
    return product


@dataclass(frozen=True)
class Moved:
    """How an outcome moves if a claim is believed.

    Attributes:
        outcome, text, unit: which.
        before: its mean over the prior.
        change, low, high: with the claim believed at its grade less without, the same draws, with a
            95% interval over resampled draws.
        certain: the change if the claim were surely true.
        relative: `change` over `before`.
    """

    outcome: str
    text: str
    unit: str
    before: float
    change: float
    low: float
    high: float
    certain: float
    relative: float


@dataclass(frozen=True)
class BeliefEffect:
    """What believing a claim does.

    Attributes:
        claim: its id.
        rho: how often its source is taken to know.
        met: mean chance that a draw of the prior meets it.
        draws: how many there are; `worth`: how many the weighted ones are worth.
        moved: each outcome, those first that move the most; empty if no draw meets it, or all do
            alike, so that it tells none from another.
    """

    claim: str
    rho: float
    met: float
    draws: int
    worth: float
    moved: tuple[Moved, ...]


def effect(found: Study, asked: Asked, scenario: Scenario, claim: str) -> BeliefEffect:
    """What moves if a claim is believed.

    Args:
        found: draws from the prior, in which `asked` was measured.
        asked: claims and outcomes.
        scenario: the border.
        claim: id of the claim.
    """
    rho = RHO[scenario.ledger.grade(claim)[0]]
    met = weights(found, asked, claim)
    base = float(met.mean())
    if base == 0.0:
        return BeliefEffect(claim, rho, base, len(met), 0.0, ())
    if np.ptp(met) <= _ALIKE:
        return BeliefEffect(claim, rho, base, len(met), float(len(met)), ())
    graded = rho * met + (1 - rho) * base
    worth = float(graded.sum() ** 2 / (graded**2).sum())
    surely = float(met.sum() ** 2 / (met**2).sum())
    picks = np.random.default_rng(_SEED).integers(0, len(met), (_RESAMPLES, len(met)))
    moved = []
    for one in asked.totals:
        values = found.measures[one.name]
        if not np.isfinite(values).all():
            continue
        before = float(values.mean())
        resampled = _mean(values[picks], graded[picks]) - values[picks].mean(axis=1)
        low, high = np.quantile(resampled, (0.025, 0.975))
        change = float(_mean(values, graded)) - before
        moved.append(
            Moved(
                outcome=one.name.removeprefix("total:"),
                text=one.text,
                unit=one.unit,
                before=before,
                change=change,
                low=float(low),
                high=float(high),
                certain=float(_mean(values, met)) - before if surely >= _TELLS else math.nan,
                relative=change / before if before else math.nan,
            )
        )
    moved.sort(key=lambda row: -abs(row.relative) if row.relative == row.relative else 0.0)
    return BeliefEffect(claim, rho, base, len(met), worth, tuple(moved))


def _mean(values: Array, weight: Array) -> Array:
    """Weighted mean along the last dimension."""
    return np.asarray((values * weight).sum(axis=-1) / weight.sum(axis=-1))
