"""The manifest of a run folder: what is needed to trust a saved run, and to repeat it."""

from __future__ import annotations

import datetime as dt
import platform
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from amnok.errors import Fault, RunFolderError

MANIFEST_FILE = "manifest.json"
SCENARIO_FILE = "scenario.yaml"

Status = Literal["running", "complete", "interrupted", "failed"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SavedFile(_Part):
    """A file of the folder: where, how long, and the SHA-256 of its bytes."""

    path: str
    bytes: int
    sha256: str


class Replicate(_Part):
    """A finished replicate: its number, its file, and the digest of what it holds.

    Two runs gave the same results if their digests agree, whatever wrote the files.
    """

    number: int = Field(ge=0)
    path: str
    results: str


class Manifest(_Part):
    """What a run folder holds; a folder without one, or with nothing finished, is not a run."""

    format: Literal[1] = 1
    status: Status = "running"
    created: dt.datetime
    scenario: str
    scenario_sha256: str
    seed: int = Field(ge=0, lt=2**64)
    replicates: int = Field(ge=1)
    sets: tuple[str, ...] = ()
    versions: dict[str, str]
    machine: str
    finished: tuple[Replicate, ...] = ()
    files: tuple[SavedFile, ...] = ()

    def file(self, path: str) -> SavedFile | None:
        """The entry of a file, if the manifest lists it."""
        return next((one for one in self.files if one.path == path), None)


def versions() -> dict[str, str]:
    """Versions of Amnok and of all that its results depend on."""
    packages = ("amnok", "numpy", "numba", "llvmlite", "xarray", "zarr")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def now() -> dt.datetime:
    """The time, in UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def read_manifest(path: str | Path) -> tuple[Manifest, Path]:
    """The manifest of a run folder (or the file itself), and the folder.

    Raises:
        RunFolderError: there is none, or it cannot be read.
    """
    path = Path(path)
    folder = path.parent if path.name == MANIFEST_FILE else path
    label = str(folder)
    try:
        if not folder.is_dir():
            problem = "is not a folder" if folder.exists() else "does not exist"
            raise _fault(problem, "name the folder of a saved run", label)
        text = (folder / MANIFEST_FILE).read_bytes()
    except FileNotFoundError:
        problem = f"is not a saved run: it has no {MANIFEST_FILE}"
        raise _fault(problem, "name a folder that `amnok run` made", label) from None
    except (OSError, ValueError) as error:
        raise _fault(f"cannot be read: {_reason(error)}", "", label) from None
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError:
        raise _fault("is damaged", "run the scenario again", str(folder / MANIFEST_FILE)) from None
    paths = [one.path for one in manifest.files] + [one.path for one in manifest.finished]
    for inside in map(PurePosixPath, paths):
        if inside.is_absolute() or ".." in inside.parts:
            raise _fault(f"names a file outside its folder: {inside}", "", label)
    return manifest, folder


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()


def _fault(problem: str, fix: str, file: str) -> RunFolderError:
    return RunFolderError(Fault(problem, fix, file=file))
