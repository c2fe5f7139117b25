"""Files and folders on disk: written whole or not at all; what goes wrong is one fault."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from amnok.errors import FULL, Fault, FolderError, reason

Content: TypeAlias = bytes | Callable[[Path], None]
PART = ".part"  # ends the names of files that are being written

_digests: dict[tuple[str, int, int, int], str] = {}
_MOST = 1 << 30  # bytes: more than any file that is read whole
_SETTLED = 2_000_000_000  # ns: a file changed twice within a tick of the clock would look the same


def folder_path(path: str | os.PathLike[str]) -> Path:
    """A path that somebody gave.

    Raises:
        FolderError: it cannot be one.
    """
    if not isinstance(path, str | os.PathLike) or isinstance(os.fspath(path), bytes):
        raise FolderError(Fault(f"{path!r} is not a path", "a text or a pathlib.Path"))
    name, problem = os.fspath(path), ""
    try:
        os.lstat(name)
    except OSError as error:
        # Whether a file is there is asked in many places, and none of them expects this.
        problem = reason(error) if error.errno == errno.ENAMETOOLONG else ""
    except ValueError:
        problem = "no name can hold NUL or half a letter"
    if problem:
        raise FolderError(Fault(problem, "choose another name", file=name))
    return Path(path)


def digest(file: Path, there: os.stat_result) -> str:
    """SHA-256 of a file, made once for each time that it changed."""
    key = (str(file.absolute()), there.st_size, there.st_mtime_ns, there.st_ctime_ns)
    if key in _digests:
        return _digests[key]
    with file.open("rb") as opened:
        found = hashlib.file_digest(opened, "sha256").hexdigest()
    if time.time_ns() - max(there.st_mtime_ns, there.st_ctime_ns) > _SETTLED:
        _digests[key] = found
    return found


def content_of(file: Path) -> bytes:
    """What is in an ordinary file: whoever reads a pipe may wait for ever, and a device never ends.

    Raises:
        OSError: it is something else, too large, or cannot be read.
    """
    there = file.stat()
    if not stat.S_ISREG(there.st_mode) and not stat.S_ISDIR(there.st_mode):
        raise OSError(errno.EINVAL, "is not an ordinary file")
    if there.st_size > _MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return file.read_bytes()


def write(file: Path, content: Content) -> tuple[int, str]:
    """Write a file that is there whole or not at all, whatever happens meanwhile.

    Returns:
        Its length in bytes, and the SHA-256 of them.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    part = file.parent / f".{file.name}{PART}"  # not `with_name`: a folder such as . has no name
    is_new = not file.parent.exists()
    try:
        if is_new:
            file.parent.mkdir(exist_ok=True)
        elif not file.parent.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if isinstance(content, bytes):
            part.write_bytes(content)
        else:
            content(part)
        with part.open("rb+") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
            size = written.seek(0, os.SEEK_END)
            os.fsync(written.fileno())
        part.replace(file)
        flush_folder(file.parent)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        if is_new:
            remove_folders([file.parent])
        raise
    return size, digest


def write_file(file: Path, content: bytes) -> None:
    """Write a file that somebody asked for, whole or not at all; a link to one stays a link.

    A device or a pipe is written to, and never replaced: root could.

    Raises:
        FolderError: it cannot be written.
    """
    with written_or_told(folder_path(file), fix=""):
        target = Path(os.path.realpath(file))
        if target.is_file() or not target.exists():
            write(target, content)
        else:
            target.write_bytes(content)


def flush_folder(path: Path) -> None:
    """Make a rename last through a power cut, where folders can be flushed (not on Windows)."""
    if os.name == "posix":
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folders(path: Path) -> list[Path]:
    """Make a folder and its parents where they are not there; the new ones, the deepest first."""
    new: list[Path] = []
    try:
        for folder in (*reversed(path.parents), path):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                new.insert(0, folder)
    except BaseException:
        remove_folders(new)
        raise
    return new


def remove_folders(folders: Iterable[Path]) -> None:
    """Remove those that are there and empty."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextlib.contextmanager
def read_or_told(path: Path) -> Iterator[None]:
    """What the system has against reading, as one fault."""
    try:
        yield
    except OSError as error:
        problem = f"cannot be read: {reason(error)}"
        raise FolderError(Fault(problem, file=str(path))) from None


@contextlib.contextmanager
def written_or_told(path: Path, fix: str = "choose another folder with --out") -> Iterator[None]:
    """What the system has against writing, as one fault."""
    try:
        yield
    except OSError as error:
        problem = reason(error)
        if problem == FULL:
            fix = "free some space; what is finished is kept"
        raise FolderError(Fault(f"cannot be written: {problem}", fix, file=str(path))) from None
