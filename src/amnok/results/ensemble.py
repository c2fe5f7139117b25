"""Runs of one or many replicates, in memory or saved as they finish."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from amnok.arguments import DEFAULT_SCENARIO, verb
from amnok.engine import simulate
from amnok.progress import Progress
from amnok.results.folder import RunFolder, open_run
from amnok.results.threads import (
    Days,
    check_memory,
    compile_engine,
    cores,
    days_of,
    on_threads,
)
from amnok.scenario import Scenario, load
from amnok.scenario.loading import Given
from amnok.scenario.overrides import Sets, texts

if TYPE_CHECKING:
    import xarray as xr

MANY_TRADERS = 200_000  # from here on a single replicate gains from threads of its own

Result = TypeVar("Result")


@verb
def run(
    scenario: Given = DEFAULT_SCENARIO,
    seed: int = 1,
    replicates: int = 1,
    sets: Sets | None = (),
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Simulate a scenario and return what happened and what could be seen of it.

    The result depends on scenario, seed and number of replicates only, not on threads; a replicate
    is the same alone or among others.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`.
        seed: 0 to 2**64 - 1.
        replicates: how many, at least 1.
        sets: overrides, as for `load`: texts `path=value`, or a dict.
        out: folder to save the run in; replicates are then written as they finish, which keeps
            memory small. Ctrl-C keeps the finished ones.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all; True shows a bar,
            as a notebook does unless this is False.

    Returns:
        A dataset with one variable for each measure; `replicate` is the first dimension.

    Raises:
        ScenarioError: the scenario is not valid.
        AmnokError: a number is none or out of range, or the machine has not enough memory.
        FolderError: the run cannot be saved.
    """
    sets = texts(sets)
    scenario = load(scenario, sets)
    if out is not None:
        folder = RunFolder.create(out, scenario, seed, replicates, sets)
        save_run(folder, scenario, threads, progress)
        return open_run(folder.path)
    parts: dict[int, xr.Dataset] = {}
    _each(scenario, seed, replicates, threads, progress, lambda part: part, parts.__setitem__)
    from amnok.results.ledgers import side_by_side

    return side_by_side([parts[number] for number in sorted(parts)])


def save_run(
    folder: RunFolder,
    scenario: Scenario,
    threads: int | None = None,
    progress: Progress | None = None,
    finish: Callable[[RunFolder], None] | None = None,
) -> xr.Dataset | None:
    """Simulate into a folder made for this scenario; whatever happens, the folder is closed.

    Args:
        folder: from `RunFolder.create`; seed and number of replicates are those it was made for.
        scenario: the scenario the folder was made for.
        threads: as for `run`.
        progress: as for `run`.
        finish: called with the folder once all replicates are in it, to add files of its own.

    Returns:
        What was saved, if that is a single replicate; of more, only the files are kept.

    Raises:
        FolderError: the run cannot be saved; replicates written so far are kept.
        KeyboardInterrupt: likewise; the folder says "interrupted".
    """
    kept: xr.Dataset | None = None
    is_single = folder.record.replicates == 1

    def packed(part: xr.Dataset) -> tuple[bytes, str, xr.Dataset | None]:
        from amnok.results.packing import digest, pack

        return pack(part), digest(part), part if is_single else None

    def keep(number: int, made: tuple[bytes, str, xr.Dataset | None]) -> None:
        nonlocal kept
        archive, results, kept = made
        folder.add_replicate(number, archive, results)

    try:
        _each(
            scenario,
            folder.record.seed,
            folder.record.replicates,
            threads,
            progress,
            packed,
            keep,
        )
        if finish is not None:
            finish(folder)
        folder.close("complete")
    except KeyboardInterrupt:
        folder.close("interrupted")
        raise
    except BaseException:
        folder.close("failed")
        raise
    return kept


def _each(
    scenario: Scenario,
    seed: int,
    replicates: int,
    threads: int | None,
    progress: Progress | None,
    make: Callable[[xr.Dataset], Result],
    keep: Callable[[int, Result], None],
) -> None:
    """Simulate replicates on threads: `make` on theirs, `keep` on the caller's as they finish."""
    threads = threads or cores()
    traders = scenario.traders.inner.number + scenario.traders.outer.number
    check_memory(scenario, min(threads, replicates))
    inner_threads = threads if replicates == 1 and traders >= MANY_TRADERS else 1
    days = Days(replicates * days_of(scenario), progress)

    def one(number: int) -> Result:
        outcome = simulate(scenario, seed, number, threads=inner_threads, on_days=days)
        from amnok.results.ledgers import dataset

        return make(dataset(outcome, scenario, seed))

    compile_engine(scenario)
    on_threads(range(replicates), one, keep, threads, days, meanwhile=_import_tools)


def _import_tools() -> None:
    """What the first result needs takes as long to import as the first replicate to simulate."""
    import amnok.results.ledgers
    import amnok.results.packing  # noqa: F401 - imported for later
