"""From measured replicates to verdicts, with and without each mechanism."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from amnok.mechanisms.form import Contrast
from amnok.results.ensemble import checked_numbers
from amnok.results.intervals import interval
from amnok.results.threads import Days, Progress, check_memory, compile_engine, cores, on_threads
from amnok.scenario import Scenario, load
from amnok.scenario.load import Given
from amnok.scenario.overrides import with_values
from amnok.studies.patterns.arms import Arms, arms, measured
from amnok.studies.patterns.patterns import PATTERNS, Measure, Pattern, measures_of

Rows = dict[str, NDArray[np.float64]]  # measure -> value of each replicate, [replicate]


class Verdict(StrEnum):
    """What replicates say about a pattern or a measure."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "cannot be judged"


@dataclass(frozen=True)
class Estimate:
    """A measure over replicates: mean, 95% interval (NaN for a single one), and the verdict."""

    measure: Measure
    value: float
    low: float
    high: float
    verdict: Verdict


@dataclass(frozen=True)
class Judgement:
    """A pattern and its measures, judged."""

    pattern: Pattern
    estimates: tuple[Estimate, ...]

    @property
    def verdict(self) -> Verdict:
        """Holds if all measures do; does not if one does not."""
        verdicts = {estimate.verdict for estimate in self.estimates}
        if Verdict.FAILS in verdicts:
            return Verdict.FAILS
        return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.HOLDS


@dataclass(frozen=True)
class Ablation:
    """The patterns without one mechanism.

    Attributes:
        mechanism: what was switched off.
        judgements: every pattern without it.
        lost: names of the patterns that hold with it and do not without.
        changes: measure -> without less with, paired: mean, low and high of a 95% interval.
    """

    mechanism: Contrast
    judgements: tuple[Judgement, ...]
    lost: tuple[str, ...]
    changes: dict[str, tuple[float, float, float]]

    @property
    def own(self) -> Judgement:
        """The mechanism's own pattern without it."""
        return next(one for one in self.judgements if one.pattern.name == self.mechanism.pattern)


def estimate(measure: Measure, values: NDArray[np.float64]) -> Estimate:
    """Judge a measure: its interval must lie on one side of the threshold, ends included.

    A replicate in which there is nothing to measure does not count; if that is so in half of them
    or more, the measure cannot be judged.
    """
    value, low, high = interval(values)
    if 2 * np.isfinite(values).sum() <= len(values):
        return Estimate(measure, value, low, high, Verdict.UNKNOWN)
    ends = {measure.meets(end) for end in (low, high) if not math.isnan(end)} or {
        measure.meets(value)
    }
    verdict = Verdict.UNKNOWN
    if len(ends) == 1:
        verdict = Verdict.HOLDS if ends.pop() else Verdict.FAILS
    return Estimate(measure, value, low, high, verdict)


def judge(rows: Rows) -> tuple[Judgement, ...]:
    """Every pattern of which something was measured, in order."""
    found = []
    for pattern in PATTERNS:
        measured = [one for one in pattern.measures if one.name in rows]
        if measured:
            estimates = tuple(estimate(one, rows[one.name]) for one in measured)
            found.append(Judgement(pattern, estimates))
    return tuple(found)


def compare(mechanism: Contrast, with_it: Rows, without: Rows) -> Ablation:
    """What switching a mechanism off does, replicate by replicate."""
    before, after = judge(with_it), judge(without)
    lost = tuple(
        one.pattern.name
        for one, other in zip(before, after, strict=True)
        if one.verdict is Verdict.HOLDS and other.verdict is not Verdict.HOLDS
    )
    changes = {name: interval(without[name] - with_it[name]) for name in with_it}
    return Ablation(mechanism, after, lost, changes)


def can_tell(mechanism: Contrast, scenario: Scenario) -> bool:
    """Whether a border has something to measure a mechanism's own pattern by."""
    pattern = next(one for one in PATTERNS if one.name == mechanism.pattern)
    return any(scenario.has(*one.needs) for one in pattern.measures)


def is_there(mechanism: Contrast, scenario: Scenario) -> bool:
    """Whether a scenario has a mechanism and its pattern, so that switching it off can tell."""
    return (
        can_tell(mechanism, scenario) and with_values(scenario, mechanism.off(scenario)) != scenario
    )


def verify(
    scenario: Given,
    replicates: int = 50,
    seed: int = 1,
    mechanisms: Sequence[Contrast] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[Judgement, ...], tuple[Ablation, ...]]:
    """Measure the patterns of a scenario, as it is and without each of some mechanisms.

    Args:
        scenario: what to simulate, as for `load`: a name, a path, a saved run, or a `Scenario`.
        replicates: how many, at least 1.
        seed: 0 to 2**64 - 1; replicates share people and draws with and without a mechanism.
        mechanisms: what to switch off, one at a time.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Returns:
        The judgements, and an ablation for each mechanism that the scenario has.
    """
    scenario = load(scenario)
    seed, replicates, threads = checked_numbers(seed, replicates, threads)
    found = [one for one in mechanisms if is_there(one, scenario)]
    variants = [arms(scenario), *(arms(scenario, one.off(scenario)) for one in found)]
    rows = _measured(variants, replicates, seed, threads, progress)
    return judge(rows[0]), tuple(
        compare(one, rows[0], without) for one, without in zip(found, rows[1:], strict=True)
    )


def _measured(
    variants: Sequence[Arms],
    replicates: int,
    seed: int,
    threads: int | None,
    progress: Progress | None,
) -> list[Rows]:
    """Every measure of every variant, [replicate]."""
    threads = threads or cores()
    # A thread holds the books of one replicate in all arms.
    check_memory(variants[0].as_is, min(threads, replicates) * (1 + len(variants[0].without)))
    days = Days(replicates * sum(one.days for one in variants), progress)
    measures = measures_of(variants[0].scenario)
    rows = [{name: np.full(replicates, math.nan) for name in measures} for _ in variants]

    def work(job: tuple[int, int]) -> dict[str, float]:
        variant, number = job
        return measured(variants[variant], seed, number, days)

    def keep(job: tuple[int, int], found: dict[str, float]) -> None:
        variant, number = job
        for name, value in found.items():
            rows[variant][name][number] = value

    jobs = [(variant, number) for number in range(replicates) for variant in range(len(variants))]
    compile_engine(variants[0].as_is)
    on_threads(jobs, work, keep, threads, days)
    return rows
