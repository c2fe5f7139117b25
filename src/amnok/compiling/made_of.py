"""What a compiled function is made of, as a digest: its own code and all that it reaches.

Numba notices an edit in the file that holds a function, and not one in the functions that it calls:
a kernel would go on running last week's rules. So the functions, constants and classes that a
kernel reaches through its globals are followed to the end. Whatever is none of these counts with
the whole file that it stands in; comments and docstrings do not count
(docs/decisions/0020-code-kept-by-what-it-is-made-of.md).
"""

from __future__ import annotations

import enum
import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import llvmlite
import numba
import numpy as np

from amnok.compiling.decorators import Later

_PLAIN = (bool, int, float, complex, str, bytes, type(None), np.generic, np.dtype)


@cache
def versions() -> str:
    """What else decides the code: the machinery in this package, and the tools under it."""
    here = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    python = f"{sys.implementation.cache_tag} {sys.platform}"
    tools = [numba.__version__, llvmlite.__version__, np.__version__]
    return " ".join([python, *tools, hashlib.sha256(here).hexdigest()])


def digest_of(function: Callable[..., Any]) -> str:
    """Sixteen letters that change with anything that the function's compiled code is made of."""
    digest, seen = hashlib.sha256(versions().encode()), set[int]()
    for line in _described(function, seen):
        digest.update(line.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def _described(thing: Any, seen: set[int]) -> Iterator[str]:
    """A line for each thing that is reached, in the order in which the code names them."""
    thing = getattr(thing, "py_func", thing)
    thing = thing.module if isinstance(thing, Later) else thing
    if isinstance(thing, _PLAIN):
        yield f"{type(thing).__name__} {thing!r}"
    elif id(thing) in seen:
        yield "again"
    else:
        seen.add(id(thing))
        if isinstance(thing, tuple | frozenset):
            for one in thing if isinstance(thing, tuple) else sorted(thing, key=repr):
                yield from _described(one, seen)
        elif isinstance(thing, np.ndarray):
            yield f"{thing.dtype} {thing.shape} {hashlib.sha256(thing.tobytes()).hexdigest()}"
        elif isinstance(thing, FunctionType) and not _is_a_tool(thing.__module__):
            yield from _function(thing, seen)
        elif isinstance(thing, enum.EnumMeta):
            yield f"{thing.__module__}.{thing.__qualname__} {dict(thing.__members__)!r}"
        elif isinstance(thing, ModuleType):
            yield _file(thing.__name__)
        else:
            name = getattr(thing, "__qualname__", type(thing).__qualname__)
            yield f"{name} {_file(getattr(thing, '__module__', None) or type(thing).__module__)}"


def _function(function: FunctionType, seen: set[int]) -> Iterator[str]:
    yield f"{function.__module__}.{function.__qualname__}"  # kept code names the module it is from
    yield from _described(function.__defaults__, seen)
    for cell in function.__closure__ or ():
        yield from _described(cell.cell_contents, seen)
    yield from _code(function.__code__, function.__globals__, seen)


def _code(code: CodeType, names: dict[str, Any], seen: set[int]) -> Iterator[str]:
    yield f"{code.co_code.hex()} {code.co_varnames} {code.co_freevars} {code.co_names}"
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant, names, seen)
        elif not isinstance(constant, str):  # kernels know no text: it is a docstring
            yield from _described(constant, seen)
    for name in code.co_names:
        if name in names:
            yield from _described(names[name], seen)


def _is_a_tool(module: str | None) -> bool:
    """Whether a module's version stands for what is in it."""
    top = (module or "builtins").partition(".")[0]
    return top in sys.stdlib_module_names or top in ("llvmlite", "numba", "numpy")


@cache
def _file(module: str) -> str:
    """A module by name, with a digest of its file unless it is a tool's."""
    file = getattr(sys.modules.get(module), "__file__", None)
    if _is_a_tool(module) or file is None:
        return module
    return f"{module} {hashlib.sha256(Path(file).read_bytes()).hexdigest()}"
