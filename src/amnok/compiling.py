"""How Amnok compiles: decorators around Numba, and where compiled code is kept.

Numba keys its on-disk cache by the file that holds a function, and does not notice when a function
that it *calls* changes. A kernel would then go on running last week's rules. The cache folder is
therefore named after a digest of all the source that kernels are made from: edit a rule, and
everything is compiled anew (docs/decisions/0003-compiled-code-cache.md).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
import platformdirs
from numba import types
from numba.core import cgutils
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])


_COMPILED = (
    "compiling.py",
    "draws.py",
    "elementary.py",
    "single.py",
    "rules/*.py",
    "world/*.py",
    "engine/*.py",
    "solve/*.py",
    "equilibria/*.py",
)


def _source_digest() -> str:
    """A digest of the files that hold compiled code, and of Numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    root = Path(__file__).parent
    for path in sorted(path for pattern in _COMPILED for path in root.glob(pattern)):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_KEEP_SECONDS = 30 * 24 * 3600
_ROOM_BYTES = 64 * 1024 * 1024  # several times what compiled code takes


def _cache_folder() -> Path:
    """The user's own cache folder for this version, or a passing one if that has no room for it.

    Never a shared folder such as /tmp/amnok: compiled code is loaded from there and run.
    """
    folder = platformdirs.user_cache_path("amnok") / "compiled" / _source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        _forget_old_versions(folder)
        if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > _ROOM_BYTES:
            return folder
    except OSError:
        pass  # a home that cannot be written
    return Path(tempfile.mkdtemp(prefix="amnok-"))


def _forget_old_versions(folder: Path) -> None:
    """Remove compiled code that no run has used for a month; each version takes some megabytes."""
    oldest = time.time() - _KEEP_SECONDS
    for other in folder.parent.iterdir():
        if other != folder and other.stat().st_mtime < oldest:
            shutil.rmtree(other, ignore_errors=True)


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(_cache_folder())

COMPILED_FOLDER = Path(numba.config.CACHE_DIR)


def _wide_vectors() -> None:
    """Let LLVM use 512-bit vectors where they do not slow the clock down.

    It keeps to 256 bits on all Intel processors, because the first with wider ones had to slow
    down for them. Those from Ice Lake on (which know vbmi2) need not: draws take two thirds of the
    time, logs five sixths. Numbers come out the same.
    """
    if numba.config.CPU_FEATURES is None and numba.config.CPU_NAME is None:
        features = get_host_cpu_features()
        if "+avx512vbmi2" in features.split(","):
            numba.config.CPU_FEATURES = features + ",-prefer-256-bit"


_wide_vectors()


def rule(function: Function) -> Function:
    """Compile a pure scalar rule; with `NUMBA_DISABLE_JIT=1` it stays plain Python.

    A rule is written into the loop that calls it: only so does the loop become vector code.
    """
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function)
    return cast(Function, compiled)


def kernel(function: Function) -> Function:
    """Compile a loop over arrays that runs without the interpreter's lock and makes no array.

    A kernel borrows its arrays from the caller. Without Numba's reference counts, which are atomic
    and shared by all threads, the day runs ten times faster.
    """
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False)(function)
    return cast(Function, compiled)


def allocating_kernel(function: Function) -> Function:
    """Compile a loop over arrays that may make arrays of its own; for what runs once a day."""
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return cast(Function, compiled)


def step(function: Function) -> Function:
    """A part of a kernel with a name of its own, written into the kernel that calls it.

    A world and its state are some two hundred arrays. Handing them to a compiled function costs
    more than most steps do, so steps are inlined before anything is compiled.
    """
    inlined = numba.njit(inline="always", error_model="numpy")(function)
    return cast(Function, inlined)


@intrinsic  # type: ignore[untyped-decorator]
def _stack_array(typing_context: Any, length: Any, dtype: Any) -> Any:
    """An uninitialised array on the stack of the kernel that asks for it; `length` is a literal."""
    if not isinstance(length, types.IntegerLiteral):
        return None
    count = length.literal_value
    array_type = types.Array(dtype.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        item_type = context.get_data_type(array_type.dtype)
        word = context.get_value_type(types.intp)
        item_size = word(context.get_abi_sizeof(item_type))
        array = context.make_array(array_type)(context, builder)
        populate_array(
            array,
            data=cgutils.alloca_once(builder, item_type, size=word(count)),
            shape=[word(count)],
            strides=[item_size],
            itemsize=item_size,
            meminfo=None,
        )
        return array._getvalue()

    return array_type(length, dtype), generate


stack_array: Callable[[int, type[Any]], NDArray[Any]] = (
    np.zeros if numba.config.DISABLE_JIT else _stack_array
)
"""`stack_array(length, dtype)`: working memory of a kernel, uninitialised, gone when it returns.

The compiler knows that nothing else points into it, which is what lets it turn loops over such
arrays into vector code without checking for overlaps at run time.
"""
