"""For which processor code is compiled, and in which folders it is kept.

An installed Amnok may come with code for a common level of processors (`ahead`). It is used until
this processor's own code is there, which another process compiles meanwhile. With
`AMNOK_NATIVE=off` nobody does, and with `AMNOK_NATIVE=now` code that came along is not looked at.
"""

from __future__ import annotations

import hashlib
import os
import platform
from pathlib import Path

import llvmlite.binding
import numba
import platformdirs
from numba.core.codegen import get_host_cpu_features

from amnok.compiling.made_of import versions

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
    return {file.name for file in folder.iterdir()} if folder.is_dir() else set()


def _choose() -> tuple[tuple[Path, ...], bool]:
    """Where to look for code, and whether that is code for the level and not the processor."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    root = Path(chosen) if chosen else platformdirs.user_cache_path("amnok") / "compiled"
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
