"""Where compiled code is kept, and how it is found again.

A file for each function and set of argument types, named after a digest of all that its code is
made of (`made_of`): nothing stale is ever found. Files are born whole and carry a checksum; what is
damaged is dropped and made anew.

Folders differ by processor. An installed Amnok may come with code for a common level of processors
(`amnok.results.ahead`), which lies in the package and is only read. It is used until this
processor's own code is there, which another process compiles meanwhile. With `AMNOK_NATIVE=off`
nobody does, and with `AMNOK_NATIVE=now` code that came along is not looked at.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import llvmlite.binding
import numba
import platformdirs
from numba.core.caching import _Cache
from numba.core.codegen import get_host_cpu_features
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from amnok.compiling.made_of import digest_of, versions

CAME_ALONG = Path(__file__).parent.parent / "compiled"
NATIVE = "AMNOK_NATIVE"

# What each level has beyond what Numba itself asks for; LLVM's name implies all of it.
_LEVELS = {
    "x86_64": ("x86-64-v3", ("avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe")),
    "aarch64": ("generic", ()),
}
_SAME = {"amd64": "x86_64", "arm64": "aarch64"}


def level() -> str | None:
    """The common level of processors that this one belongs to, by LLVM's name, or None."""
    machine = platform.machine().lower()
    name, needed = _LEVELS.get(_SAME.get(machine, machine), (None, ()))
    has = llvmlite.binding.get_host_cpu_features()
    return name if all(has.get(feature) for feature in needed) else None


def _wide_vectors() -> None:
    """Let LLVM use 512-bit vectors where they do not slow the clock down.

    It keeps to 256 bits on all Intel processors, because the first with wider ones had to slow
    down for them. Those from Ice Lake on (which know vbmi2) need not: draws take two thirds of the
    time, logs five sixths. Numbers come out the same.
    """
    features = get_host_cpu_features()
    if "+avx512vbmi2" in features.split(","):
        numba.config.CPU_FEATURES = features + ",-prefer-256-bit"


def _folder_name(processor: str, features: str) -> str:
    digest = hashlib.sha256(f"{features} {versions()}".encode()).hexdigest()[:12]
    return f"{processor}-{digest}"


def _own() -> str:
    """The processor that code is compiled for, as a name for a folder."""
    features = numba.config.CPU_FEATURES
    return _folder_name(
        numba.config.CPU_NAME or llvmlite.binding.get_host_cpu_name(),
        get_host_cpu_features() if features is None else features,
    )


def _names(folder: Path) -> set[str]:
    try:
        return {file.name for file in folder.iterdir()}
    except OSError:  # it is not there, or may not be read
        return set()


def _choose() -> tuple[tuple[Path, ...], bool]:
    """Where to look for code, and whether that is code for the level and not the processor."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else platformdirs.user_cache_path("amnok") / "compiled"
    if not chosen and not root.is_absolute():  # a user without a home: nothing is kept
        root = Path(os.devnull) / "amnok"
    if numba.config.CPU_NAME is None and numba.config.CPU_FEATURES is None:
        _wide_vectors()
        common = level()
        if common is not None and os.environ.get(NATIVE) != "now":
            name = _folder_name(common, "")
            came = _names(CAME_ALONG / name)
            if came - _names(root / _own()):
                numba.config.CPU_NAME, numba.config.CPU_FEATURES = common, ""
                return (root / name, CAME_ALONG / name), True
    return (root / _own(),), False


FOLDERS, IS_COMMON = _choose()
"""Where to look for compiled code, what is compiled going into the first; whether it is code for
the level that many processors share."""


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
        start = f"{self._stem}-"
        return any(name.startswith(start) for folder in FOLDERS for name in _names(folder))

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The code for these argument types, or None."""
        rtsys.initialize(target)  # what code of arrays needs; types are only needed to compile
        for folder in FOLDERS if self._enabled else ():
            file = folder / self._file(signature)
            payload = _read(file)
            if payload is not None:
                try:
                    return CompileResult._rebuild(target, *pickle.loads(payload))
                except Exception:  # a name has moved, or it never was code of ours
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
    (`decorators.Entry`), and reading that code would take most of a warm start.
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


def is_kept() -> bool:
    """Whether code that is compiled now will be found by the next run."""
    return _has_room(FOLDERS[0])


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


@cache
def compile_for_this_processor() -> None:
    """Start a process that compiles for this very processor, unless that is done or unwanted.

    It has the lowest priority, stops by itself, and leaves if another is at it already
    (`amnok.results.ahead`). The next start of Amnok uses what it made.
    """
    if not IS_COMMON or os.environ.get(NATIVE) == "off":
        return
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError):
        subprocess.Popen(
            [sys.executable, "-m", "amnok.results.ahead"],
            env={**os.environ, NATIVE: "now"},
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            start_new_session=True,  # Ctrl-C is meant for the run, not for this
        ).returncode = 0  # nobody waits for it, and Python need not warn of that
