"""Runs of one or many replicates, in memory or saved as they finish."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import xarray as xr

from amnok.engine import simulate
from amnok.results.folder import RunFolder, open_run
from amnok.results.ledgers import dataset, side_by_side
from amnok.results.packing import digest, pack
from amnok.results.threads import (
    Days,
    Progress,
    check_memory,
    compile_engine,
    cores,
    days_of,
    on_threads,
)
from amnok.scenario import Scenario, load

DEFAULT_SCENARIO = "sino-korean-border"
MANY_TRADERS = 200_000  # from here on a single replicate gains from threads of its own

Result = TypeVar("Result")


def run(
    scenario: str | Path | Scenario = DEFAULT_SCENARIO,
    seed: int = 1,
    replicates: int = 1,
    sets: Sequence[str] = (),
    out: str | Path | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Simulate a scenario and return what happened and what could be seen of it.

    The result depends on scenario, seed and number of replicates only, not on threads; a replicate
    is the same alone or among others.

    Args:
        scenario: name of a built-in scenario, a YAML file, or a loaded `Scenario`.
        seed: 0 to 2**64 - 1.
        replicates: how many, at least 1.
        sets: overrides, `path=value` or `switch=option`; only with a name or a file.
        out: folder to save the run in; replicates are then written as they finish, which keeps
            memory small. Ctrl-C keeps the finished ones.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.

    Returns:
        A dataset with one variable for each measure; `replicate` is the first dimension.

    Raises:
        ScenarioError: the scenario is not valid.
        AmnokError: the machine has not enough memory for it.
        RunFolderError: the run cannot be saved.
        ValueError: seed, replicates or threads are out of range.
    """
    _check_numbers(seed, replicates, threads)
    if isinstance(scenario, Scenario):
        if sets:
            raise ValueError("overrides need the name or file of a scenario, not a loaded one")
    else:
        scenario = load(scenario, sets)
    if out is not None:
        folder = RunFolder.create(out, scenario, seed, replicates, sets)
        save_run(folder, scenario, threads, progress)
        return open_run(folder.path)
    parts: dict[int, xr.Dataset] = {}
    _each(scenario, seed, replicates, threads, progress, lambda part: part, parts.__setitem__)
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
        folder: from `RunFolder.create`; seed and number of replicates are those of its manifest.
        scenario: the scenario the folder was made for.
        threads: as for `run`.
        progress: as for `run`.
        finish: called with the folder once all replicates are in it, to add files of its own.

    Returns:
        What was saved, if that is a single replicate; of more, only the files are kept.

    Raises:
        RunFolderError: the run cannot be saved; replicates written so far are kept.
        KeyboardInterrupt: likewise; the manifest says "interrupted".
    """
    kept: xr.Dataset | None = None
    is_single = folder.manifest.replicates == 1

    def keep(number: int, packed: tuple[bytes, str, xr.Dataset | None]) -> None:
        nonlocal kept
        archive, results, kept = packed
        folder.add_replicate(number, archive, results)

    try:
        _each(
            scenario,
            folder.manifest.seed,
            folder.manifest.replicates,
            threads,
            progress,
            lambda part: (pack(part), digest(part), part if is_single else None),
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


def _check_numbers(seed: int, replicates: int, threads: int | None) -> None:
    if not 0 <= seed < 2**64:
        raise ValueError("the seed must be from 0 to 2**64 - 1")
    if replicates < 1:
        raise ValueError("at least one replicate is needed")
    if threads is not None and threads < 1:
        raise ValueError("at least one thread is needed")


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
        return make(dataset(outcome, scenario, seed))

    compile_engine(scenario)
    on_threads(range(replicates), one, keep, threads, days)
