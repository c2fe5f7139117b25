"""One writer at a time: a lock that says who holds it, and that ends with the process.

The file `lock` in a folder names host, process and time; what locks is the system's lock on that
file, which no killed process keeps. A file that nobody has locked was left by a dead process.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import json
import os
import socket
import sys
import time
import weakref
from pathlib import Path
from typing import Any

from amnok.disk import content_of
from amnok.errors import Fault, FolderError
from amnok.results.manifest import loosely

LOCK_FILE = "lock"
_MOST_PROCESSES = 1 << 31
_WAIT = 0.3  # seconds: a reader asks who is there by locking for a moment
_FAR = 1 << 30  # the byte locked on Windows, where nobody may read what is locked
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # or what it leads to would be emptied
_UNSUPPORTED = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}


class Lock:
    """The lock of a folder, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of a folder that exists.

        Raises:
            FolderError: another process is at work there.
            OSError: the folder cannot be written.
        """
        self._file = folder / LOCK_FILE
        handle = _held(self._file, time.monotonic() + _WAIT)
        if handle is None:
            problem = f"is being written by {_owner(self._file)}"
            fix = "wait until it is done, or name another folder"
            raise FolderError(Fault(problem, fix, file=str(folder)))
        self._close = weakref.finalize(self, os.close, handle)
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        owner = {"host": socket.gethostname(), "process": os.getpid(), "since": since}
        try:
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps(owner).encode())
        except OSError:
            self.release()
            raise

    def moved(self, folder: Path) -> None:
        """The folder has another name now."""
        self._file = folder / LOCK_FILE

    def release(self) -> None:
        """Let others in; harmless when repeated."""
        if self._close.alive:
            if os.name == "posix":  # elsewhere no open file can be removed
                self._remove()
                self._close()
            else:
                self._close()
                self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self._file.unlink()


def is_locked(folder: Path) -> bool:
    """Whether a living process is at work in a folder."""
    try:
        handle = os.open(folder / LOCK_FILE, os.O_RDWR)
    except OSError:
        return False  # what cannot be written here is not being written from here
    try:
        return not _try(handle, folder / LOCK_FILE)
    finally:
        os.close(handle)


def _held(file: Path, until: float) -> int | None:
    """A handle of the locked file; None if another process keeps it."""
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o644)
        try:
            if _try(handle, file):
                if _is_same(handle, file):
                    return handle
            elif time.monotonic() > until:
                os.close(handle)
                return None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        time.sleep(0.01)


def _is_same(handle: int, file: Path) -> bool:
    """Whether the locked file is still there: its owner removes it when done."""
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        return False


def _try(handle: int, file: Path) -> bool:
    """Lock a file, if nobody else has; where the system cannot, go by what is written in it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in _UNSUPPORTED and not _may_live(file)
    return True


def _may_live(file: Path) -> bool:
    """Whether the process named in a lock may be alive: one of another host always may."""
    found = _read(file)
    if found.get("host") != socket.gethostname() or sys.platform == "win32":
        return bool(found)
    try:
        os.kill(int(found["process"]), 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _read(file: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError):
        found = loosely(content_of(file))
        if isinstance(found.get("process"), int) and 0 < found["process"] < _MOST_PROCESSES:
            return {"host": "unknown", "since": "unknown", **found}

    return {}


def _owner(file: Path) -> str:
    found = _read(file)
    if not found:
        return "another process"
    return f"process {found['process']} on {found['host']} since {found['since']}"
