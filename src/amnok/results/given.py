"""What somebody means by a run: a dataset, the folder of a saved run, or a scenario by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from amnok.disk import folder_path
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.results.ensemble import run as simulated
from amnok.results.folder import Record, open_run, saved_scenario
from amnok.results.manifest import MANIFEST, versions
from amnok.results.whole import frame_in, whole
from amnok.scenario import Scenario, builtin_names, load
from amnok.scenario.document import describe
from amnok.scenario.dump import written_digest
from amnok.scenario.loading import MAIN_FILE, Given
from amnok.scenario.measures.definitions import frame_of

if TYPE_CHECKING:
    import xarray as xr

    from amnok.scenario.measures.dimensions import Space

Run: TypeAlias = "xr.Dataset | str | os.PathLike[str] | Scenario"
"""A dataset, the folder of a saved run, or what `load` takes, which is simulated with seed 1."""


def given_run(
    run: Any, scenario: Given | None = None, progress: Progress | None = False
) -> tuple[xr.Dataset, Scenario]:
    """The run that somebody means, and of what it is.

    Args:
        run: see `Run`.
        scenario: what was run, for a dataset; a saved run has its own.
        progress: as for `run`, where it is simulated.

    Raises:
        AmnokError: it is none of these, nobody says of what scenario a dataset is, it is of
            another, or the scenario or the folder is damaged.
    """
    border = None if scenario is None else load(scenario)
    if isinstance(run, Scenario) or names_scenario(run):
        run = load(run)
        border = border or run
    dataset = given_dataset(run, progress)
    if border is not None:
        _check_same(dataset, border)
        return dataset, border
    if isinstance(run, str | os.PathLike):
        return dataset, saved_scenario(run)[0]
    raise AmnokError(Fault("of what scenario is this run?", "name it: scenario=..."))


def _check_same(dataset: xr.Dataset, border: Scenario) -> None:
    """Refuse a scenario by another name, or with other places, mechanisms or days than a dataset.

    Other numbers and orders may be asked about: what a run's behaviour is worth there.
    """
    there, given = _shape(frame_in(dataset).space), _shape(frame_of(border).space)
    name = dataset.attrs["scenario"]
    others = [key for key, value in there.items() if value != given[key]]
    if name != border.name:
        problem = f"the run is of '{name}', and the scenario is '{border.name}'"
    elif others:
        problem = f"the run of '{name}' has other {' and '.join(others)} than the scenario"
    else:
        return
    raise AmnokError(Fault(problem, "name the scenario that was run: scenario=..."))


def _shape(space: Space) -> dict[str, Any]:
    return {
        "names": space.labels,
        "mechanisms": space.sections,
        "days": (space.calendar.start, space.calendar.days),
    }


def given_dataset(run: Any, progress: Progress | None = False) -> xr.Dataset:
    """The dataset of a run alone; the scenario of a saved one is not read.

    Raises:
        AmnokError: it is no run or not the whole of one, or the folder is damaged.
    """
    import xarray as xr

    if isinstance(run, xr.Dataset):
        return whole(run)
    if isinstance(run, Scenario) or names_scenario(run):
        return simulated(run, progress=progress)
    if not isinstance(run, str | os.PathLike):
        fix = "a dataset of `amnok.run`, the folder of a saved run, or a scenario"
        raise AmnokError(Fault(f"{describe(run)} is not a run", fix))
    return open_run(run)


def names_scenario(given: Any) -> bool:
    """Whether a name or a path is that of a scenario, and not of a folder of results."""
    if not isinstance(given, str | os.PathLike) or isinstance(os.fspath(given), bytes):
        return False
    path: Path = folder_path(given)
    if isinstance(given, str) and given in builtin_names():
        return True
    if path.suffix in (".yaml", ".yml"):
        return True
    return (path / MAIN_FILE).is_file() and not (path / MANIFEST).is_file()


def record_of(dataset: xr.Dataset, scenario: Scenario) -> Record:
    """How a run that was not saved can be repeated."""
    digest = written_digest(scenario)
    seed, replicates = int(dataset.attrs["seed"]), int(dataset.sizes["replicate"])
    used = {**versions(), "amnok": str(dataset.attrs["amnok_version"])}
    return Record(scenario.name, digest, seed, replicates, (), used, {}, {})
