"""Under how much of the prior does each pattern hold, and which parameters decide it?

Every parameter whose number stands in no source is drawn from its prior: assumptions, and what the
sources give no more than a direction for (Latin hypercube: McKay, Beckman & Conover 1979). Each
draw is simulated once, and its measures are on disk before it counts. Needs the extra `sensitivity`
(SALib, SciPy).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.progress import Progress
from amnok.results.manifest import Kind, loosely, to_json, versions
from amnok.results.store import Store, closing
from amnok.results.threads import Days, compile_engine, cores, on_threads
from amnok.scenario import Scenario, resolved
from amnok.scenario.overrides import with_values
from amnok.studies.patterns.arms import arms, measured
from amnok.studies.patterns.patterns import Pattern, Patterns, patterns_of

Flags = NDArray[np.bool_]

_DRAWS = "draws"
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
    from scipy.stats import qmc

    from amnok.scenario.priors import values_at

    chosen = patterns_of(scenario) if patterns is None else patterns
    paths, names = scenario.unfixed, list(chosen.measures)
    places = qmc.LatinHypercube(d=len(paths), rng=np.random.default_rng(seed)).random(draws)
    about = {
        "scenario": resolved(scenario),
        "draws": draws,
        "seed": seed,
        "versions": versions(),
        "measures": names,
    }
    store = Store.resume(folder, ROBUSTNESS, about, {})
    finished = _finished(store)
    waiting = [number for number in range(draws) if number not in finished]
    days = Days(len(waiting) * arms(scenario, None, chosen).days, progress)

    def work(number: int) -> dict[str, float]:
        place = dict(zip(paths, places[number].tolist(), strict=True))
        drawn = with_values(scenario, values_at(scenario, place))
        return measured(arms(drawn, None, chosen), seed, number, days)

    def keep(number: int, found: Mapping[str, float]) -> None:
        store.add(f"{_DRAWS}/{number:04}.json", _as_bytes(found))
        finished[number] = dict(found)

    with closing(store):
        compile_engine(scenario)
        if waiting:
            on_threads(waiting, work, keep, threads or cores(), days)
    measures = {
        name: np.array([finished[number].get(name, math.nan) for number in range(draws)])
        for name in names
    }
    return Study(paths, places, measures)


def _finished(store: Store) -> dict[int, dict[str, float]]:
    """The draws on disk."""
    names = store.names(_DRAWS)
    files = [(int(file.stem), loosely(file.read_bytes())) for file in store.checked(names)]
    return {n: {name: _number(value) for name, value in row.items()} for n, row in files}


def _as_bytes(found: Mapping[str, float]) -> bytes:
    return to_json({name: None if math.isnan(one) else one for name, one in found.items()})


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


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
