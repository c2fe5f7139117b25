"""From measured replicates to verdicts, with and without each mechanism."""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import DEFAULT_SCENARIO, listed, verb
from amnok.errors import AmnokError, Fault, nearest
from amnok.mechanisms.form import Contrast, Rival
from amnok.progress import Progress
from amnok.results.intervals import interval
from amnok.results.observations import Observations, given_observations
from amnok.results.threads import Days, check_memory, compile_engine, cores, on_threads
from amnok.scenario import Scenario, load
from amnok.scenario.ablations import CONTRASTS, RIVALS
from amnok.scenario.loading import Given
from amnok.scenario.measures.limits import limits
from amnok.scenario.overrides import Sets, with_values
from amnok.studies.patterns.arms import SimulatedArms, arms, measured
from amnok.studies.patterns.patterns import Measured, Pattern, Patterns, patterns_of
from amnok.studies.scoring.held import Held, hold

Data: TypeAlias = Observations | pd.DataFrame | str | os.PathLike[str]
Rows = dict[str, NDArray[np.float64]]  # measure -> value of each replicate, [replicate]


class Verdict(StrEnum):
    """What replicates say about a pattern or a measure."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNKNOWN = "cannot be judged"
    SILENT = "says nothing that can be measured"


@dataclass(frozen=True)
class Estimate:
    """A measure over replicates: mean, 95% interval (NaN for a single one), and the verdict."""

    measure: Measured
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
        if not self.estimates:
            return Verdict.SILENT
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
    def own(self) -> tuple[Judgement, ...]:
        """The patterns that the mechanism carries, without it."""
        name = self.mechanism.name
        carried = (one for one in self.judgements if one.pattern.reported.carried_by == name)
        return tuple(one for one in carried if one.estimates)

    @property
    def contested(self) -> tuple[Judgement, ...]:
        """The patterns that a rival explanation could carry as well, without it."""
        others = _rivals(self.mechanism)
        found = (one for one in self.judgements if one.pattern.reported.carried_by in others)
        return tuple(one for one in found if one.estimates)


def _rivals(mechanism: Contrast) -> tuple[str, ...]:
    return mechanism.of if isinstance(mechanism, Rival) else ()


def estimate(measure: Measured, values: NDArray[np.float64]) -> Estimate:
    """Judge a measure: its interval must lie where the statement says, ends included.

    The interval ends where the quantity does (a share at 1).

    A replicate in which there is nothing to measure does not count; if that is so in half of them
    or more, the measure cannot be judged.
    """
    value, low, high = interval(values, *limits(measure.compiled.plan))
    if 2 * np.isfinite(values).sum() <= len(values):
        return Estimate(measure, value, low, high, Verdict.UNKNOWN)
    ends = [end for end in (low, high) if not math.isnan(end)] or [value]
    sides = {measure.said.side(end) for end in ends}
    verdict = Verdict.UNKNOWN
    if len(sides) == 1:
        verdict = Verdict.HOLDS if sides == {0} else Verdict.FAILS
    return Estimate(measure, value, low, high, verdict)


def judge(patterns: Patterns, rows: Rows, all_of_them: bool = False) -> tuple[Judgement, ...]:
    """Every pattern but those that speak of what the border does not have, in order.

    With `all_of_them` these, too, as patterns without an estimate.
    """
    return tuple(
        Judgement(one, tuple(estimate(each, rows[each.name]) for each in one.measures))
        for one in patterns.all
        if one.is_there or all_of_them
    )


def compare(patterns: Patterns, mechanism: Contrast, with_it: Rows, without: Rows) -> Ablation:
    """What switching a mechanism off does, replicate by replicate."""
    before, after = judge(patterns, with_it), judge(patterns, without)
    lost = tuple(
        one.pattern.name
        for one, other in zip(before, after, strict=True)
        if one.verdict is Verdict.HOLDS and other.verdict is not Verdict.HOLDS
    )
    changes = {name: interval(without[name] - with_it[name]) for name in with_it}
    return Ablation(mechanism, after, lost, changes)


def carried_by(mechanism: Contrast, patterns: Patterns) -> list[Pattern]:
    """The patterns that a mechanism carries, or contests, and by which a border can tell."""
    names = (mechanism.name, *_rivals(mechanism))
    found = (one for one in patterns.all if one.reported.carried_by in names)
    return [one for one in found if one.measures]


def is_there(mechanism: Contrast, scenario: Scenario, patterns: Patterns) -> bool:
    """Whether a scenario has a mechanism and its pattern, so that switching it off can tell."""
    off = mechanism.off(scenario)
    return bool(carried_by(mechanism, patterns)) and with_values(scenario, off) != scenario


class Verified(NamedTuple):
    """What `verify` found.

    Attributes:
        judgements: of every pattern that the border can show.
        ablations: the same without each mechanism that was asked for and that the border has.
    """

    judgements: tuple[Judgement, ...]
    ablations: tuple[Ablation, ...]

    def table(self) -> pd.DataFrame:
        """A row for each measure: pattern, verdict (of the pattern), measure, value, low, high."""
        rows = [
            (one.pattern.name, str(one.verdict), each.measure.name, each.value, each.low, each.high)
            for one in self.judgements
            for each in one.estimates
        ]
        columns = ["pattern", "verdict", "measure", "value", "low", "high"]
        return pd.DataFrame(rows, columns=columns)


@overload
def verify(
    scenario: Given = ...,
    *,
    seed: int = ...,
    replicates: int = ...,
    sets: Sets | None = ...,
    mechanisms: str | Sequence[str | Contrast] = ...,
    threads: int | None = ...,
    progress: Progress | None = ...,
) -> Verified: ...


@overload
def verify(
    scenario: Given = ...,
    *,
    data: Data,
    since: str | dt.date | None = ...,
    until: str | dt.date | None = ...,
    moves: bool = ...,
    between: str | Sequence[Any] = ...,
    relative_to: str | None = ...,
    seed: int = ...,
    replicates: int = ...,
    draws: int = ...,
    sets: Sets | None = ...,
    threads: int | None = ...,
    progress: Progress | None = ...,
) -> Held: ...


@verb
def verify(
    scenario: Given = DEFAULT_SCENARIO,
    *,
    data: Data | None = None,
    since: str | dt.date | None = None,
    until: str | dt.date | None = None,
    moves: bool = False,
    between: str | Sequence[Any] = (),
    relative_to: str | None = None,
    seed: int = 1,
    replicates: int = 50,
    draws: int = 0,
    sets: Sets | None = (),
    mechanisms: str | Sequence[str | Contrast] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Verified | Held:
    """Measure the patterns of a scenario, as it is and without each of some mechanisms.

    With `data`, hold it against observations instead; nothing is fitted to them.

    Args:
        scenario: what to simulate, as for `load`: a name, a path, a saved run, or a `Scenario`.
        data: observations, as for `score`: a file, or a table (`amnok.results.observations`).
        since: score all observations from this day on; the first of the scenario's period, if
            `between` asks for no windows.
        until: to this day.
        moves: let the model forecast only how a series moves since what was last observed before.
        between: pairs of windows, each a pair or a text `EARLIER:LATER`; a window is `FIRST/LAST`,
            two days, or the name of a phase; how each series moved from one to the other.
        relative_to: a place; also how every other place moved over this one.
        seed: 0 to 2**64 - 1; replicates share people and draws with and without a mechanism.
        replicates: how many, at least 1.
        draws: instead of replicates, members with numbers drawn from all priors; with `data`.
        sets: overrides, as for `load`.
        mechanisms: what to switch off, one at a time, by name (`amnok.studies.patterns.CONTRASTS`
            and `RIVALS`).
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Raises:
        AmnokError: the scenario is not valid, there is no such mechanism, or the observations
            cannot be read or held against this scenario.
    """
    scenario = load(scenario, sets)
    if data is not None:
        if mechanisms:
            raise AmnokError(Fault("mechanisms are switched off for patterns, not for data"))
        assert since is None or isinstance(since, dt.date)
        assert until is None or isinstance(until, dt.date)
        return hold(
            scenario,
            given_observations(data, scenario, dated=False),
            since,
            until,
            moves=moves,
            between=between,
            relative_to=relative_to,
            replicates=replicates,
            draws=draws,
            seed=seed,
            threads=threads,
            progress=progress,
        )
    of_data = {
        "since": since,
        "until": until,
        "moves": moves,
        "relative_to": relative_to,
        "draws": draws,
        "between": between,
    }
    if told := [name for name, one in of_data.items() if one]:
        raise AmnokError(Fault(f"{', '.join(told)} say nothing without data", "data=..."))
    patterns = patterns_of(scenario)
    found = [one for one in _contrasts(mechanisms) if is_there(one, scenario, patterns)]
    off = [None, *(one.off(scenario) for one in found)]
    variants = [arms(scenario, values, patterns) for values in off]
    rows = measured_in(variants, replicates, seed, threads, progress)
    return Verified(
        judge(patterns, rows[0]),
        tuple(
            compare(patterns, one, rows[0], without)
            for one, without in zip(found, rows[1:], strict=True)
        ),
    )


def _contrasts(mechanisms: Any) -> list[Contrast]:
    """Mechanisms that somebody gave, by name or as they are."""
    known = {one.name: one for one in (*CONTRASTS, *RIVALS)}
    is_one = isinstance(mechanisms, str)
    names = [mechanisms] if is_one else listed("mechanisms", mechanisms, "names of mechanisms")
    found, faults = [], []
    for one in names:
        if isinstance(one, Contrast) or (isinstance(one, str) and one in known):
            found.append(one if isinstance(one, Contrast) else known[one])
        else:
            fix = nearest(str(one), known)
            faults.append(Fault(f"no mechanism '{one}' can be switched off", fix))
    if faults:
        raise AmnokError(faults)
    return found


def measured_in(
    variants: Sequence[SimulatedArms],
    replicates: int,
    seed: int,
    threads: int | None,
    progress: Progress | None,
    days: Days | None = None,
) -> list[Rows]:
    """Every measure of every variant, [replicate]; variants share people and draws.

    `days` counts in place of `progress`, and may stop this.
    """
    threads = threads or cores()
    # A thread holds the books of one replicate in all arms.
    check_memory(variants[0].as_is, min(threads, replicates) * (1 + len(variants[0].without)))
    days = days or Days(replicates * sum(one.days for one in variants), progress)
    measures = variants[0].patterns.measures
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
