"""Draws from a scenario's prior, each simulated once and on disk before it counts; resumable.

Latin hypercube: McKay, Beckman & Conover 1979. Needs the extra `sensitivity` (SciPy).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.progress import Progress
from amnok.results.manifest import Kind, loosely, to_json, versions
from amnok.results.store import Store, closing
from amnok.results.threads import Days, compile_engine, cores, on_threads
from amnok.scenario import Scenario, resolved
from amnok.scenario.overrides import with_values

_DRAWS = "draws"


@dataclass(frozen=True)
class Design:
    """Where draws lie in the prior.

    Attributes:
        paths: the parameters drawn, [parameter].
        places: where in its prior each was put, as a share, [draw, parameter].
    """

    paths: tuple[str, ...]
    places: NDArray[np.float64]

    def drawn(self, scenario: Scenario, number: int) -> Scenario:
        """The scenario of one draw."""
        from amnok.scenario.priors import values_at

        place = dict(zip(self.paths, self.places[number].tolist(), strict=True))
        return with_values(scenario, values_at(scenario, place))


def latin(paths: Sequence[str], draws: int, seed: int) -> Design:
    """A Latin hypercube of some parameters."""
    from scipy.stats import qmc

    places = qmc.LatinHypercube(d=len(paths), rng=np.random.default_rng(seed)).random(draws)
    return Design(tuple(paths), places)


def over_draws(
    folder: Path,
    kind: Kind,
    scenario: Scenario,
    about: Mapping[str, Any],
    work: Callable[[int, Days], Mapping[str, Any]],
    days_each: int,
    threads: int | None,
    progress: Progress | None,
) -> list[dict[str, Any]]:
    """What comes of each draw; what the folder already holds is not simulated again.

    Args:
        folder: where each draw is written as it finishes; new, or of the same study.
        kind: of folder.
        scenario: whose draws they are.
        about: what the study is besides: `draws`, their number, and all that its results depend on.
        work: does one draw, by its number; what it gives goes into JSON, without NaN.
        days_each: days that it simulates.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Raises:
        FolderError: the folder holds another study, another process is at work in it, or it cannot
            be read or written.
        KeyboardInterrupt: finished draws are kept, and the same call goes on from there.
    """
    whole = {"scenario": resolved(scenario), **about, "versions": versions()}
    store = Store.resume(folder, kind, whole, {})
    names = store.names(_DRAWS)
    finished = {int(file.stem): loosely(file.read_bytes()) for file in store.checked(names)}
    waiting = [number for number in range(about["draws"]) if number not in finished]
    days = Days(len(waiting) * days_each, progress)

    def keep(number: int, found: Mapping[str, Any]) -> None:
        store.add(f"{_DRAWS}/{number:04}.json", to_json(found))
        finished[number] = dict(found)

    with closing(store):
        compile_engine(scenario)
        if waiting:
            on_threads(waiting, lambda number: work(number, days), keep, threads or cores(), days)
    return [finished[number] for number in range(about["draws"])]
