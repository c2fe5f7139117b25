"""What the model says of claims: each is simulated, measured, and held against its statements.

A claim is consistent where everything that it says lies where it must, over the interval of the
replicates; contradicted where something lies outside; silent where it says nothing that the model
can measure. A study of draws from the prior tells how often each statement holds, and which claims
no draw can show at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np
import xarray as xr

from amnok.arguments import verb
from amnok.errors import ScenarioError
from amnok.progress import Progress
from amnok.results.measuring import evaluate
from amnok.results.measuring.sources import Labelled
from amnok.results.threads import Days
from amnok.scenario import Scenario
from amnok.scenario.ledger import ReportedPattern
from amnok.scenario.measures.definitions import frame_of
from amnok.scenario.measures.plan import AS_IS, BASE
from amnok.scenario.measures.statements import Statement
from amnok.scenario.measures.vocabulary import Measure
from amnok.studies.patterns.arms import arms
from amnok.studies.patterns.judge import Estimate, Judgement, Verdict, estimate, judge, measured_in
from amnok.studies.patterns.patterns import Measured, Pattern, Patterns, measured
from amnok.studies.patterns.robustness import Study, holds, wilson

LEVEL = 0.05  # false alarms among all pairs of claims, together


class Stands(StrEnum):
    """What the model says of a claim."""

    CONSISTENT = "consistent"
    CONTRADICTED = "contradicted"
    OPEN = "cannot be told"
    SILENT = "silent"


_STANDS = {
    Verdict.HOLDS: Stands.CONSISTENT,
    Verdict.FAILS: Stands.CONTRADICTED,
    Verdict.UNKNOWN: Stands.OPEN,
    Verdict.SILENT: Stands.SILENT,
}


@dataclass(frozen=True)
class Judged:
    """A claim and what the model says of it.

    Attributes:
        claim: its id.
        verdict: of all that it says.
        estimates: each statement with its number, 95% interval and verdict.
    """

    claim: str
    verdict: Stands
    estimates: tuple[Estimate, ...]


def claims_of(scenario: Scenario) -> Patterns:
    """The claims that count, each as a pattern of what it says and what its patterns say.

    Raises:
        ScenarioError: a statement is not one that the border's books can tell.
    """
    frame = frame_of(scenario)
    compiler = frame.compiler()
    made: dict[str, Measured] = {}
    found = []
    for name, claim in scenario.ledger.standing.items():
        said = {f"{name}.{n}": one for n, one in enumerate(claim.says, start=1)}
        for pattern in claim.patterns:
            said |= scenario.patterns[pattern].says
        for key, statement in said.items():
            if key not in made:
                made[key] = measured(compiler, key, statement, f"claims.{name}: {key}")
        measures = tuple(made[key] for key in said if not made[key].compiled.missing)
        told = ReportedPattern(text=claim.text, claims=(name,), says=said)
        found.append(Pattern(name, told, measures))
    if compiler.faults:
        raise ScenarioError(compiler.faults)
    return Patterns(frame, tuple(found))


@verb
def judged(
    scenario: Scenario,
    replicates: int = 20,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    variants: Mapping[str, Scenario] | None = None,
) -> dict[str, list[Judged]]:
    """What the model says of every claim, in each of some variants of a border.

    Args:
        scenario: the border; its claims are judged, in all variants alike.
        replicates: how many, at least 1; variants share people and draws.
        seed: of the replicates.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.
        variants: by name; by default only the border itself, as `base`.
    """
    claims = claims_of(scenario)
    chosen = variants or {BASE: scenario}
    worlds = [arms(one, None, claims) for one in chosen.values()]
    rows = measured_in(worlds, replicates, seed, threads, progress)
    return {
        name: [_judged(one) for one in judge(claims, values, all_of_them=True)]
        for name, values in zip(chosen, rows, strict=True)
    }


def judged_while(
    scenario: Scenario, replicates: int, seed: int, days: Callable[[int], Days]
) -> dict[str, Judged]:
    """The same of the border as it is, by claim, for whoever may lose interest.

    Args:
        scenario, replicates, seed: as for `judged`.
        days: makes the counter of simulated days from how many there will be.

    Raises:
        Stopped: the counter said so.
    """
    claims = claims_of(scenario)
    world = arms(scenario, None, claims)
    counted = days(replicates * world.days)
    (rows,) = measured_in([world], replicates, seed, None, None, counted)
    return {one.pattern.name: _judged(one) for one in judge(claims, rows, all_of_them=True)}


def judged_from(dataset: xr.Dataset, scenario: Scenario) -> dict[str, Judged]:
    """What a run says of every claim, by claim; nothing is simulated.

    A statement that compares with a world without some mechanism is in no run: its claim cannot be
    told, unless something else that it says is contradicted.

    Args:
        dataset: of the run.
        scenario: that was run.
    """
    claims = claims_of(scenario)
    number = dataset.sizes["replicate"]
    runs = [evaluate.Arms(claims.frame.space, {AS_IS: Labelled(dataset, n)}) for n in range(number)]
    here = {name: one for name, one in claims.measures.items() if one.compiled.arms <= {AS_IS}}
    rows = {
        name: np.array([float(run.value(one.compiled.plan)) for run in runs])
        for name, one in here.items()
    }
    found = {}
    for one in claims.all:
        told = [each for each in one.measures if each.name in rows]
        verdict = Judgement(one, tuple(estimate(each, rows[each.name]) for each in told))
        judged_ = _judged(verdict)
        if len(told) < len(one.measures) and judged_.verdict is not Stands.CONTRADICTED:
            judged_ = replace(judged_, verdict=Stands.OPEN)
        found[one.name] = judged_
    return found


def _judged(one: Judgement) -> Judged:
    return Judged(one.pattern.name, _STANDS[one.verdict], one.estimates)


@dataclass(frozen=True)
class Likelihood:
    """In how much of the prior a claim holds.

    Attributes:
        claim: its id.
        share, low, high: of the draws in which it can be measured, with a 95% interval.
        hits, judged: how many hold, of how many.
    """

    claim: str
    share: float
    low: float
    high: float
    hits: int
    judged: int

    @property
    def words(self) -> str:
        """The share in the words of ICD 203; nothing without a draw.

        Source: Intelligence Community Directive 203, Analytic Standards (2015).
        """
        return likely(self.share) if self.judged else ""


ICD_203 = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.0, "almost certain"),
)


def likely(share: float) -> str:
    """A share in the words of ICD 203.

    >>> [likely(share) for share in (0.0, 0.3, 0.5, 0.9, 1.0)]
    ['almost no chance', 'unlikely', 'roughly even chance', 'very likely', 'almost certain']
    """
    return next(words for most, words in ICD_203 if share <= most)


def likelihoods(found: Study, claims: Patterns) -> list[Likelihood]:
    """In how much of the prior each claim holds; a claim at 0 of n is one no draw can show."""
    result = []
    for name, (meets, shows) in holds(found, claims).items():
        hits, n = int(meets.sum()), int(shows.sum())
        share = hits / n if n else math.nan
        result.append(Likelihood(name, share, *wilson(hits, n), hits, n))
    return result


@dataclass(frozen=True)
class Apart:
    """Two claims that draws meet together far less often than chance would have it.

    Attributes:
        one, other: their ids.
        together: draws that meet both; `expected`, were they independent.
        draws: that show both.
        chance: of as few or fewer together, were they independent (hypergeometric).
    """

    one: str
    other: str
    together: int
    expected: float
    draws: int
    chance: float


def apart(found: Study, claims: Patterns) -> list[Apart]:
    """Pairs of claims that the model can hardly meet at once, the clearest first.

    Fisher's exact test, one-sided, with Holm's correction: among all pairs of independent claims
    the chance of any false alarm is at most LEVEL.
    """
    told = {name: both for name, both in holds(found, claims).items() if both[0].any()}
    names = list(told)
    shown = np.array([shows for _, shows in told.values()], np.int64)
    met = np.array([meets & shows for meets, shows in told.values()], np.int64)
    pairs, number = [], 0
    for at, one in enumerate(names[:-1]):
        rest = slice(at + 1, None)
        among = shown[rest] @ shown[at], shown[rest] @ met[at], met[rest] @ shown[at]
        both = zip(*(counts.tolist() for counts in (*among, met[rest] @ met[at])), strict=True)
        for other, (n, a, b, k) in zip(names[rest], both, strict=True):
            if a and b:
                number += 1
                if (chance := _as_few(k, a, b, n)) <= LEVEL:  # the others are never told
                    pairs.append(Apart(one, other, k, a * b / n, n, chance))
    pairs.sort(key=lambda pair: pair.chance)
    kept = 0
    while kept < len(pairs) and pairs[kept].chance <= LEVEL / (number - kept):
        kept += 1
    return pairs[:kept]


@cache
def _as_few(k: int, a: int, b: int, n: int) -> float:
    """Chance of at most k among b drawn of n of which a are marked.

    >>> round(_as_few(0, 2, 2, 4), 6)
    0.166667
    """
    least = max(0, a + b - n)
    ways = sum(math.comb(a, i) * math.comb(n - a, b - i) for i in range(least, k + 1))
    return ways / math.comb(n, b)


@dataclass(frozen=True)
class Bounds:
    """Two claims that say of one measure what cannot both be: bounds that do not meet."""

    one: str
    other: str
    measure: str
    first: str
    second: str


def bounds_apart(claims: Patterns) -> list[Bounds]:
    """Claims whose bounds on one measure, in the same cells and days, do not meet.

    Each is told with the one whose bounds lie farthest from its own, which may be its own too.
    """
    groups: dict[str, list[tuple[int, str, Measured]]] = {}
    said = ((claim.name, each) for claim in claims.all for each in claim.measures)
    for number, (name, each) in enumerate(said):
        groups.setdefault(_number(each.said), []).append((number, name, each))
    found: dict[tuple[str, str, str, str], Bounds] = {}
    for group in groups.values():
        highest = max(group, key=lambda one: one[2].said.bounds[0])
        lowest = min(group, key=lambda one: one[2].said.bounds[1])
        for one in group:
            for below, above in ((one, highest), (lowest, one)):
                if below[2].said.bounds[1] < above[2].said.bounds[0]:
                    (_, first, told), (_, second, against) = sorted((below, above), key=_place)
                    bounds = Bounds(first, second, told.text, told.said.asked, against.said.asked)
                    found.setdefault((first, told.name, second, against.name), bounds)
    return list(found.values())


def _place(one: tuple[int, str, Measured]) -> int:
    return one[0]


_BOUNDS = frozenset(Statement.model_fields) - frozenset(Measure.model_fields)


def _number(said: Statement) -> str:
    """What number a statement is about: all but its bounds and words."""
    return said.model_dump_json(exclude={*_BOUNDS, "label"})


def hypotheses(found: Mapping[str, Sequence[Judged]], weights: Mapping[str, float]) -> list[str]:
    """Names of variants, those first that contradict the least weight of claims.

    Analysis of competing hypotheses (Heuer 1999): what counts is evidence against.
    """
    return sorted(found, key=lambda name: against(found[name], weights))


def against(found: Sequence[Judged], weights: Mapping[str, float]) -> float:
    """The weight of the claims that speak against a variant."""
    return sum(weights[one.claim] for one in found if one.verdict is Stands.CONTRADICTED)
