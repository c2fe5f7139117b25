"""Where compiled code is kept, and how it is found again.

A file for each function and set of argument types, named after a digest of all that its code is
made of (`made_of`): nothing stale is ever found. Files are born whole and carry a checksum; what is
damaged is dropped and made anew. Folders differ by processor (`processors`). Code that an installed
Amnok came with lies in the package and is only read.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
import shutil
import sys
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import llvmlite.binding
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from amnok.compiling.made_of import digest_of
from amnok.compiling.processors import FOLDERS

ENDING = ".code"
_KEEP_SECONDS = 30 * 24 * 3600
_ROOM_BYTES = 64 * 1024 * 1024  # several times what compiled code takes
_CHECKSUM = 32  # bytes at the start of a file


class CodeCache(_Cache):  # type: ignore[misc]
    """The kept code of one function, as Numba's dispatchers ask for it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._enabled = True

    @cached_property
    def _stem(self) -> str:
        function = self._function
        name = re.sub(r"[^\w.]+", "_", f"{function.__module__}.{function.__qualname__}")[-100:]
        return f"{name}-{digest_of(function)}"

    @property
    def cache_path(self) -> str:
        """The folder that new code goes to."""
        return str(FOLDERS[0])

    def is_at_hand(self) -> bool:
        """Whether there is code for any argument types."""
        return any(list(folder.glob(f"{self._stem}-*{ENDING}")) for folder in FOLDERS)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The code for these argument types, or None."""
        rtsys.initialize(target)  # what code of arrays needs; types are only needed to compile
        for folder in FOLDERS if self._enabled else ():
            file = folder / self._file(signature)
            payload = _read(file)
            if payload is not None:
                try:
                    return CompileResult._rebuild(target, *pickle.loads(payload))
                except (ImportError, AttributeError, pickle.UnpicklingError):  # a name has moved
                    _drop(file)
        return None

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep code, if there is a place for it."""
        if not self._enabled or compiled.library.has_dynamic_globals or not _has_room(FOLDERS[0]):
            return
        payload = dumps((_without_bitcode(compiled), *compiled._reduce()[1:]))
        with contextlib.suppress(OSError):
            _write_whole(FOLDERS[0] / self._file(signature), payload)
            _forget_old_code(FOLDERS[0])

    def _file(self, signature: Any) -> str:
        return f"{self._stem}-{hashlib.sha256(str(signature).encode()).hexdigest()[:16]}{ENDING}"

    def enable(self) -> None:
        """Look for kept code, and keep what is compiled."""
        self._enabled = True

    def disable(self) -> None:
        """Neither look nor keep."""
        self._enabled = False

    def flush(self) -> None:
        """Forget the code of this function."""
        for file in FOLDERS[0].glob(f"{self._stem}-*{ENDING}"):
            file.unlink(missing_ok=True)


def _without_bitcode(compiled: Any) -> Any:
    """The library for a file, with the names in place of what LLVM could compile again.

    Numba adds LLVM's code for callers yet to be compiled. Ours are given the part instead
    (`parts.Entry`), and reading that code would take most of a warm start.
    """
    name, kind, (machine_code, _) = compiled.library.serialize_using_object_code()
    module = compiled.library._final_module
    lines = [
        f"define void @{_quoted(one.name)}() {{ unreachable }}"
        for one in module.functions
        if not one.is_declaration
    ]
    lines += [
        f"@{_quoted(one.name)} = common global ptr null"
        for one in module.global_variables
        if not one.is_declaration and one.name.startswith("_ZN08NumbaEnv")
    ]
    names_only = llvmlite.binding.parse_assembly("\n".join(lines))
    return name, kind, (machine_code, names_only.as_bitcode())


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\5c").replace('"', "\\22") + '"'


def _read(file: Path) -> bytes | None:
    """What was kept in a file; a damaged one is dropped with a word."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    payload = content[_CHECKSUM:]
    if hashlib.sha256(payload).digest() != content[:_CHECKSUM]:
        _drop(file)
        return None
    with contextlib.suppress(OSError):
        os.utime(file)
    return payload


def _drop(file: Path) -> None:
    print(f"amnok: compiled code was damaged, and is made anew: {file}", file=sys.stderr)
    with contextlib.suppress(OSError):
        file.unlink()


def _write_whole(file: Path, payload: bytes) -> None:
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(hashlib.sha256(payload).digest() + payload)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _has_room(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM_BYTES
    except OSError:
        return False


def _forget_old_code(folder: Path) -> None:
    """Remove code that no run has used for a month; each version takes some megabytes."""
    oldest = time.time() - _KEEP_SECONDS
    for file in folder.iterdir():
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
