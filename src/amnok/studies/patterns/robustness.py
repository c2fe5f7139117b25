"""Under how much of the prior does each pattern hold, and which parameters decide it?

Every parameter whose number stands in no source is drawn from its prior: assumptions, and what the
sources give no more than a direction for (Latin hypercube: McKay, Beckman & Conover 1979). Each
draw is simulated once, and its measures are on disk before it counts. Needs the extra `sensitivity`
(SALib, SciPy).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.progress import Progress
from amnok.results.manifest import Kind
from amnok.results.threads import Days
from amnok.scenario import Scenario
from amnok.studies.patterns.arms import arms, measured
from amnok.studies.patterns.patterns import Pattern, Patterns, patterns_of
from amnok.studies.prior_draws import latin, over_draws

Flags = NDArray[np.bool_]

ROBUSTNESS = Kind("study", "a study of robustness", "amnok verify --robust", "repeat the command")
_RESAMPLES = 50
_SALIB_SEED = 1


@dataclass(frozen=True)
class Share:
    """Part of the prior under which a pattern holds: the share of draws, with a 95% interval.

    Attributes:
        pattern: which; None for all of them at once.
        share, low, high: of the draws that are judged.
        judged: draws in which there was something to measure.
    """

    pattern: Pattern | None
    share: float
    low: float
    high: float
    judged: int


@dataclass(frozen=True)
class Influence:
    """How much of a measure's variance over the prior (in ranks) one parameter explains alone.

    `error` is the half width of a 95% interval.
    """

    measure: str
    path: str
    first_order: float
    error: float


@dataclass(frozen=True)
class Study:
    """Draws from the prior and what came of them.

    Attributes:
        paths: the parameters drawn, [parameter].
        places: where in its prior each was put, as a share, [draw, parameter].
        measures: value of each measure, [draw]; NaN where there was nothing to measure.
    """

    paths: tuple[str, ...]
    places: NDArray[np.float64]
    measures: dict[str, NDArray[np.float64]]


@verb
def study(
    scenario: Scenario,
    folder: Path,
    draws: int,
    seed: int,
    threads: int | None = None,
    progress: Progress | None = None,
    patterns: Patterns | None = None,
) -> Study:
    """Simulate draws from the prior; what a folder already holds is not simulated again.

    Args:
        scenario: whose parameters without a figure in a source are drawn.
        folder: where each draw is written as it finishes; new, or of the same study.
        draws: how many.
        seed: of the design and of the replicates: draw i is replicate i.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.
        patterns: what is measured; the border's patterns by default.

    Raises:
        FolderError: the folder holds another study, another process is at work in it, or it cannot
            be read or written.
        KeyboardInterrupt: finished draws are kept, and the same call goes on from there.
    """
    chosen = patterns_of(scenario) if patterns is None else patterns
    design, names = latin(scenario.unfixed, draws, seed), list(chosen.measures)

    def work(number: int, days: Days) -> dict[str, float | None]:
        drawn = arms(design.drawn(scenario, number), None, chosen)
        found = measured(drawn, seed, number, days)
        return {name: None if math.isnan(one) else one for name, one in found.items()}

    finished = over_draws(
        folder,
        ROBUSTNESS,
        scenario,
        {"draws": draws, "seed": seed, "measures": names},
        work,
        arms(scenario, None, chosen).days,
        threads,
        progress,
    )
    measures = {
        name: np.array([found.get(name) for found in finished], dtype=np.float64) for name in names
    }
    return Study(design.paths, design.places, measures)


def holds(found: Study, patterns: Patterns) -> dict[str, tuple[Flags, Flags]]:
    """For each pattern that says something: whether it holds, and whether it shows, [draw]."""
    result = {}
    for one in patterns.all:
        if one.measures:
            values = np.array([found.measures[each.name] for each in one.measures])
            shows = np.all(np.isfinite(values), axis=0)
            meets = [
                [each.said.side(value) == 0 for value in row]
                for each, row in zip(one.measures, values, strict=True)
            ]
            result[one.name] = (np.all(meets, axis=0) & shows, shows)
    return result


def shares(found: Study, patterns: Patterns) -> list[Share]:
    """For each pattern, the share of the draws under which it holds, of those that show.

    The last is for all of them at once, in the draws that show every one.
    """
    told = holds(found, patterns)
    result = [_share(one, *told[one.name]) for one in patterns.all if one.name in told]
    if told:
        meets, shows = (np.all(one, axis=0) for one in zip(*told.values(), strict=True))
        result.append(_share(None, meets, shows))
    return result


def _share(pattern: Pattern | None, meets: Flags, shows: Flags) -> Share:
    hits, n = int(meets.sum()), int(shows.sum())
    return Share(pattern, hits / n if n else math.nan, *wilson(hits, n), n)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """95% interval of a share (Wilson 1927); NaN without trials.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if trials == 0:
        return math.nan, math.nan
    z = 1.959964
    centre = (hits + z * z / 2) / (trials + z * z)
    half = z * math.sqrt(hits * (trials - hits) / trials + z * z / 4) / (trials + z * z)
    return max(0.0, centre - half), min(1.0, centre + half)


def influences(found: Study, measure: str, most: int = 3) -> list[Influence]:
    """The parameters that a measure depends on most: first-order indices of its ranks.

    Random balance designs (RBD-FAST: Tarantola, Gatelli & Mara 2006) as SALib computes them, which
    take any design of independent places. Those whose interval reaches 0 are left out.
    """
    from SALib.analyze import rbd_fast

    values = found.measures[measure]
    seen = np.isfinite(values)
    if seen.sum() < 10 * most or np.ptp(values[seen]) == 0:
        return []
    problem = {
        "num_vars": len(found.paths),
        "names": list(found.paths),
        "bounds": [[0.0, 1.0]] * len(found.paths),
    }
    ranks = np.argsort(np.argsort(values[seen], kind="stable")).astype(np.float64)
    indices = rbd_fast.analyze(
        problem, found.places[seen], ranks, num_resamples=_RESAMPLES, seed=_SALIB_SEED
    )
    rows = [
        Influence(measure, path, float(first), float(error))
        for path, first, error in zip(found.paths, indices["S1"], indices["S1_conf"], strict=True)
    ]
    return _largest(rows, most)


def _largest(rows: Sequence[Influence], most: int) -> list[Influence]:
    clear = [row for row in rows if row.first_order > row.error]
    return sorted(clear, key=lambda row: -row.first_order)[:most]
