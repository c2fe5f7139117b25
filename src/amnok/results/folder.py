"""Run folders: written file by file, each whole or absent; a folder is a run or visibly is none.

    runs/sino-korean-border-seed1/
        manifest.json              first "running", then replaced whenever something is finished
        scenario.yaml              the scenario as resolved
        replicates/0000.zarr.zip   one replicate, both ledgers

Every file is written under another name, flushed to the disk and then renamed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from amnok.errors import Fault, RunFolderError
from amnok.results.ledgers import side_by_side
from amnok.results.manifest import (
    MANIFEST_FILE,
    SCENARIO_FILE,
    Manifest,
    Replicate,
    SavedFile,
    Status,
    now,
    read_manifest,
    versions,
)
from amnok.results.packing import unpacked
from amnok.scenario import Scenario, load_text, resolved

DEFAULT_PARENT = Path("runs")
_MANY = 10_000


class RunFolder:
    """A run being saved. Make one with `create`; end it with `close`."""

    def __init__(self, path: Path, manifest: Manifest, made: Sequence[Path]) -> None:
        self.path = path
        self.manifest = manifest
        self._made = made  # folders that were not there before, the deepest first

    @classmethod
    def create(
        cls,
        out: str | Path | None,
        scenario: Scenario,
        seed: int,
        replicates: int,
        sets: Sequence[str] = (),
    ) -> RunFolder:
        """A new folder with scenario and manifest, before anything is simulated.

        Args:
            out: where; without it `runs/<scenario>-seed<seed>`, with a number if that is taken.
            scenario: the scenario as it will be simulated.
            seed: the seed.
            replicates: how many are asked for.
            sets: the overrides the scenario was loaded with, for the record.

        Raises:
            RunFolderError: the folder exists and is not empty, or cannot be written.
        """
        text = resolved(scenario).encode()
        manifest = Manifest(
            created=now(),
            scenario=scenario.name,
            scenario_sha256=hashlib.sha256(text).hexdigest(),
            seed=seed,
            replicates=replicates,
            sets=tuple(sets),
            versions=versions(),
            machine=platform.machine(),
        )
        base = DEFAULT_PARENT / f"{scenario.name}-seed{seed}" if out is None else Path(out)
        path, made = _free_folder(base) if out is None else _empty_folder(base)
        folder = cls(path, manifest, made)
        try:
            folder._write_manifest()
            folder.add_file(SCENARIO_FILE, text)
        except BaseException:
            folder.discard()
            raise
        return folder

    def add_file(self, name: str, content: bytes) -> None:
        """Write a file and list it in the manifest."""
        self._write(name, content)
        self._list(name, content)
        self._write_manifest()

    def add_replicate(self, number: int, packed: bytes, results: str) -> None:
        """Write a finished replicate (`pack`, `digest`) and list it as finished."""
        name = f"replicates/{number:04d}.zarr.zip"
        self._write(name, packed)
        self._list(name, packed)
        entry = Replicate(number=number, path=name, results=results)
        done = {one.number: one for one in (*self.manifest.finished, entry)}
        ordered = tuple(done[one] for one in sorted(done))
        self.manifest = self.manifest.model_copy(update={"finished": ordered})
        self._write_manifest()

    def close(self, status: Status) -> None:
        """Write the final status; a run that ended early with no result leaves nothing behind."""
        if status != "complete" and not self.manifest.finished:
            self.discard()
            return
        self.manifest = self.manifest.model_copy(update={"status": status})
        if status == "failed":
            # What made the run fail may be the disk itself.
            with contextlib.suppress(RunFolderError):
                self._write_manifest()
        else:
            self._write_manifest()

    def discard(self) -> None:
        """Remove what was written."""
        names = {SCENARIO_FILE, MANIFEST_FILE, *(one.path for one in self.manifest.files)}
        for path in (self.path / name for name in names):
            with contextlib.suppress(OSError):
                path.unlink()
            if path.parent != self.path:
                _remove_folders([path.parent])
        _remove_folders([self.path / "replicates"])
        _remove_folders(self._made)

    def _list(self, name: str, content: bytes) -> None:
        entry = SavedFile(path=name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
        others = (one for one in self.manifest.files if one.path != name)
        self.manifest = self.manifest.model_copy(update={"files": (*others, entry)})

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.path / name, content)

    def _write_manifest(self) -> None:
        self._write(MANIFEST_FILE, self.manifest.model_dump_json(indent=1).encode() + b"\n")


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whatever happens meanwhile.

    Raises:
        RunFolderError: it cannot be written; nothing is left behind.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        with temporary.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
        _flush_folder(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from None
        raise


def _flush_folder(path: Path) -> None:
    """Make a rename last through a power cut, where folders can be flushed (not on Windows)."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, error: OSError) -> RunFolderError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return RunFolderError(
            Fault("cannot be written: the disk is full", "free some space", file=str(path))
        )
    reason = (error.strerror or str(error)).lower()
    return RunFolderError(
        Fault(f"cannot be written: {reason}", "choose another folder with --out", file=str(path))
    )


def _free_folder(base: Path) -> tuple[Path, list[Path]]:
    """A new folder of that name, or with the first number that is free."""
    for number in range(1, _MANY):
        path = base if number == 1 else base.with_name(f"{base.name}-{number}")
        try:
            return path, _make_folders(path)
        except FileExistsError:
            continue
    raise RunFolderError(Fault("has no free name left", "name one with --out", file=str(base)))


def _empty_folder(path: Path) -> tuple[Path, list[Path]]:
    """That folder, made if it is not there."""
    try:
        return path, _make_folders(path)
    except FileExistsError:
        pass
    try:
        is_free = path.is_dir() and not any(path.iterdir())
    except OSError as error:
        raise _unwritable(path, error) from None
    if not is_free:
        problem = "exists and is not empty" if path.is_dir() else "exists and is not a folder"
        raise RunFolderError(Fault(problem, "choose another name", file=str(path)))
    return path, []


def _make_folders(path: Path) -> list[Path]:
    """Make a folder, which must not exist, and its parents; the new ones, the deepest first."""
    new: list[Path] = []
    try:
        for folder in (*reversed(path.parents), path):
            if folder == path or not folder.exists():
                folder.mkdir()
                new.insert(0, folder)
    except (OSError, ValueError) as error:
        _remove_folders(new)
        if isinstance(error, FileExistsError) and path.exists():
            raise
        if isinstance(error, ValueError):
            raise RunFolderError(Fault(str(error), "choose another name", file=str(path))) from None
        raise _unwritable(path, error) from None
    return new


def _remove_folders(folders: Sequence[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def saved_scenario(path: str | Path) -> tuple[Scenario, Manifest]:
    """The scenario that a run folder was made from, and its manifest.

    Raises:
        RunFolderError: the folder is not a run, or its scenario is not the one that was run.
    """
    manifest, folder = read_manifest(path)
    content = _checked(folder, SCENARIO_FILE, manifest)
    if hashlib.sha256(content).hexdigest() != manifest.scenario_sha256:
        raise _damaged(folder / SCENARIO_FILE, "is not the scenario that was run")
    return load_text(content.decode(), str(folder / SCENARIO_FILE)), manifest


def open_run(path: str | Path) -> xr.Dataset:
    """The dataset of a saved run, replicates side by side.

    An interrupted run opens with the replicates that were finished; the attribute `status` says so.

    Args:
        path: a run folder, or the manifest in it.

    Raises:
        RunFolderError: the folder is not a run, holds no finished replicate, or a file of it is
            missing, truncated or changed.
    """
    manifest, folder = read_manifest(path)
    _checked(folder, SCENARIO_FILE, manifest)
    if not manifest.finished:
        problem = f"holds no finished replicate (it is {manifest.status})"
        raise RunFolderError(Fault(problem, "run the scenario again", file=str(folder)))
    with contextlib.ExitStack() as files:
        parts = []
        for one in manifest.finished:
            _checked(folder, one.path, manifest)
            parts.append(files.enter_context(unpacked(folder / one.path)))
        dataset = side_by_side(parts)
    dataset.attrs |= {"status": manifest.status, "replicates_requested": manifest.replicates}
    return dataset


def _checked(folder: Path, name: str, manifest: Manifest) -> bytes:
    """The content of a file, if it is what the manifest says it is."""
    entry, path = manifest.file(name), folder / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _damaged(path, f"cannot be read: {(error.strerror or '').lower()}") from None
    if entry is None:
        raise _damaged(path, f"is not listed in {MANIFEST_FILE}")
    if len(content) < entry.bytes:
        raise _damaged(path, f"is truncated: {len(content)} of {entry.bytes} bytes")
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise _damaged(path, f"was changed: its SHA-256 is not the one in {MANIFEST_FILE}")
    return content


def _damaged(path: Path, problem: str) -> RunFolderError:
    return RunFolderError(Fault(problem, "run the scenario again", file=str(path)))
