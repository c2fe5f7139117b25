"""A run on disk: the scenario as resolved, and a file for each finished replicate.

runs/sino-korean-border-seed1/
    manifest.json              see `amnok.results.store`
    scenario.yaml              the scenario as resolved
    replicates/0000.zarr.zip   one replicate, both ledgers
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amnok.errors import Fault, FolderError
from amnok.results.manifest import Kind, Manifest, Status, digest_of
from amnok.results.store import Store
from amnok.scenario import Scenario, load_text, resolved

if TYPE_CHECKING:
    import xarray as xr

SCENARIO = "scenario.yaml"
RUN = Kind("run", "a saved run", "amnok run", "run the scenario again", (SCENARIO,))
DEFAULT_PARENT = Path("runs")
_REPLICATES = "replicates"
_MANY = 10_000
_NOT_IN_NAMES = re.compile(r"[^\w.=+-]")
_LONGEST = 80  # letters of a name that say what was set


class Record(NamedTuple):
    """What it takes to repeat a run, and to see that it is the same.

    `digests`: of what each finished replicate holds, by number, whatever wrote the files. `files`:
    name and SHA-256 of the file of each, as `sha256sum` gives it.
    """

    scenario: str
    scenario_sha256: str
    seed: int
    replicates: int
    sets: tuple[str, ...]
    versions: dict[str, str]
    digests: dict[int, str]
    files: dict[int, tuple[str, str]]


class RunFolder:
    """A run being saved. Make one with `create`; end it with `close`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.path = store.path

    @property
    def record(self) -> Record:
        """What was asked for, and what is finished."""
        return _record(self._store.manifest)

    @classmethod
    def create(
        cls,
        out: str | os.PathLike[str] | None,
        scenario: Scenario,
        seed: int,
        replicates: int,
        sets: Sequence[str] = (),
    ) -> RunFolder:
        """A new folder with the scenario, before anything is simulated.

        Args:
            out: where; without it `runs/<scenario>-seed<seed>` and what was set, with a number if
                that is taken.
            scenario: the scenario as it will be simulated.
            seed: the seed.
            replicates: how many are asked for.
            sets: the overrides the scenario was loaded with, for the record.

        Raises:
            FolderError: the folder exists and is not empty, or cannot be written.
        """
        text = resolved(scenario).encode()
        kept = {
            "scenario": scenario.name,
            "scenario_sha256": digest_of(text),
            "seed": seed,
            "replicates": replicates,
            "sets": list(sets),
        }
        if out is not None:
            return cls(Store.create(out, RUN, kept, {SCENARIO: text}))
        told = "".join(f"-{_NOT_IN_NAMES.sub('_', one)}" for one in sets)[:_LONGEST]
        base = DEFAULT_PARENT / f"{scenario.name}-seed{seed}{told}"
        for number in range(1, _MANY):
            path = base if number == 1 else base.with_name(f"{base.name}-{number}")
            if path.exists():
                continue
            try:
                return cls(Store.create(path, RUN, kept, {SCENARIO: text}))
            except FolderError:
                if not path.exists():  # unless another process was quicker
                    raise
        raise FolderError(Fault("has no free name left", "name one with --out", file=str(base)))

    def add_file(self, name: str, content: bytes) -> None:
        """Write a file that goes with the run."""
        self._store.add(name, content)

    def add_replicate(self, number: int, packed: bytes, results: str) -> None:
        """Write a finished replicate (`pack`, `digest`)."""
        note = {"replicate": number, "results": results}
        self._store.add(f"{_REPLICATES}/{number:04d}.zarr.zip", packed, note)

    def close(self, status: Status) -> None:
        """Write the final status; a run that ended early with no result leaves nothing behind."""
        if status != "complete" and not self.record.digests:
            self._store.discard()
        elif status == "failed":
            # What made the run fail may be the disk itself.
            with contextlib.suppress(FolderError):
                self._store.close(status)
        else:
            self._store.close(status)


def _record(manifest: Manifest) -> Record:
    found = {
        entry.note["replicate"]: (entry.note["results"], (name, entry.sha256))
        for name, entry in sorted(manifest.files.items())
        if "replicate" in entry.note
    }
    kept = manifest.about
    return Record(
        kept["scenario"],
        kept["scenario_sha256"],
        kept["seed"],
        kept["replicates"],
        tuple(kept["sets"]),
        manifest.versions,
        {number: results for number, (results, _) in sorted(found.items())},
        {number: file for number, (_, file) in sorted(found.items())},
    )


def saved_record(path: str | os.PathLike[str]) -> Record:
    """How a run was made.

    Raises:
        FolderError: the folder is not a run.
    """
    return _record(Store.open(path, RUN).manifest)


def saved_scenario(path: str | os.PathLike[str]) -> tuple[Scenario, Record]:
    """The scenario that a run was made from, and how.

    Raises:
        FolderError: the folder is not a run, or its scenario is not the one that was run.
    """
    store = Store.open(path, RUN)
    text = store.read(SCENARIO).decode()
    return load_text(text, str(store.path / SCENARIO)), _record(store.manifest)


def open_run(path: str | os.PathLike[str]) -> xr.Dataset:
    """The dataset of a saved run, replicates side by side.

    An interrupted run opens with the replicates that were finished; the attribute `status` says so.

    Args:
        path: a run folder, or the manifest in it.

    Raises:
        FolderError: the folder is not a run, holds no finished replicate, or a file of it is
            missing, truncated, changed, or too many.
    """
    from amnok.results.ledgers import side_by_side
    from amnok.results.packing import unpacked

    store = Store.open(path, RUN)
    names = store.names(_REPLICATES)
    status = store.manifest.status
    if not names:
        problem = f"holds no finished replicate (it is {status})"
        raise FolderError(Fault(problem, RUN.again, file=str(store.path)))
    _, *packed = store.checked([SCENARIO, *names])
    with contextlib.ExitStack() as files:
        dataset = side_by_side([files.enter_context(unpacked(file)) for file in packed])
    dataset.attrs |= {"status": status, "replicates_requested": store.manifest.about["replicates"]}
    return dataset
