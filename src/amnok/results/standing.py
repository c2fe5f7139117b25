"""What stands at a place on disk: a folder of results, room for one, or what a writer left."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from amnok.disk import PART, content_of, folder_path, make_folders, remove_folders, written_or_told
from amnok.errors import Fault, FolderError
from amnok.results.lock import LOCK_FILE, Lock, is_locked
from amnok.results.manifest import (
    BEFORE,
    MANIFEST,
    Kind,
    loosely,
    name_another,
    of_another_format,
)

ASIDE = ".amnok-"  # folders that are being made
_BIRTH_SECONDS = 60  # more than anybody takes from making a folder to signing its lock


def kind_of(path: str | os.PathLike[str]) -> str:
    """Name of the kind that a folder is of, whole or not; empty if it is none."""
    folder = folder_path(path)
    with contextlib.suppress(OSError):
        for name, kind in BEFORE.items():
            if (folder / name).is_file():
                return kind
        return str(loosely(content_of(folder / MANIFEST)).get("kind", ""))
    return ""


def check_free(path: str | os.PathLike[str], kind: Kind) -> None:
    """See that a folder can be made, before any work is done.

    Raises:
        FolderError: something is there, or it cannot be made.
    """
    folder = folder_path(path)
    with written_or_told(folder):
        if not os.path.lexists(folder):
            remove_folders(make_folders(folder))
        elif is_free(folder, kind):
            Lock(folder).release()
        else:
            raise taken(folder, kind)


def check_folder(folder: Path, kind: Kind) -> None:
    """See that a folder has a manifest that this version reads.

    Raises:
        FolderError: it has none, or one of an earlier format, or is not there.
    """
    if not folder.is_dir():
        problem = "is not a folder" if os.path.lexists(folder) else "does not exist"
        raise FolderError(Fault(problem, name_another(kind), file=str(folder)))
    if (folder / MANIFEST).exists():
        return
    for name in BEFORE:
        if (folder / name).is_file():
            raise of_another_format(folder, kind, loosely(content_of(folder / name)), 1)
    problem = f"is not {kind.title}: it has no {MANIFEST}"
    raise FolderError(Fault(problem, name_another(kind), file=str(folder)))


def is_there(folder: Path) -> bool:
    """Whether a folder has a manifest, of any format."""
    return any(os.path.lexists(folder / name) for name in (MANIFEST, *BEFORE))


def is_free(folder: Path, kind: Kind) -> bool:
    """Whether a folder is empty, or holds what a writer left who was killed while making it."""
    if not folder.is_dir():
        return False
    there = {one.name for one in folder.iterdir()}
    if LOCK_FILE in there:
        first = {*kind.first, *(f".{name}{PART}" for name in (*kind.first, MANIFEST))}
        return there <= first | {LOCK_FILE}
    return not there


def taken(folder: Path, kind: Kind) -> FolderError:
    """What to say of a place where something stands already."""
    if not folder.is_dir():
        problem = "exists and is not a folder"
    elif is_there(folder):
        problem = "exists and is not empty"
    else:
        problem = f"is not empty, and holds no {kind.name}"
    return FolderError(Fault(problem, "choose another name", file=str(folder)))


def is_harmless(entry: os.DirEntry[str], is_top: bool) -> bool:
    """What systems leave in any folder, and what people put on top: nobody reads it as results."""
    if entry.name.startswith(".") or entry.name in ("Thumbs.db", "desktop.ini"):
        return True
    return is_top and Path(entry.name).suffix not in (".zip", ".parquet")


def folders(folder: Path, names: Iterable[str]) -> list[Path]:
    """A folder and those in it that hold some files, the outer ones first."""
    inside = {parent for name in names for parent in PurePosixPath(name).parents}
    return [folder / one for one in sorted({*inside, PurePosixPath()}, key=lambda one: one.parts)]


def parts(folder: Path, names: Iterable[str]) -> list[Path]:
    """What was being written when a writer ended."""
    inside = folders(folder, names)
    return [left for one in inside for left in one.iterdir() if _is_part(left.name)]


def _is_part(name: str) -> bool:
    return name.startswith(".") and name.endswith(PART)


def clear_leftovers(parent: Path) -> None:
    """Remove folders whose makers were killed before they had a name."""
    with contextlib.suppress(OSError):
        for left in parent.iterdir():
            if left.name.startswith(ASIDE) and _has_no_maker(left):
                shutil.rmtree(left, ignore_errors=True)


def _has_no_maker(folder: Path) -> bool:
    """One that is being made may not have signed its lock yet, but then it is young."""
    lock = folder / LOCK_FILE
    if lock.exists() and lock.stat().st_size:
        return not is_locked(folder)
    return time.time() - folder.stat().st_mtime > _BIRTH_SECONDS
