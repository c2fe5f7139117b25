"""The decorators around Numba: rules, steps, and the kernels that are made of them.

A decorated function costs nothing until it is called, or written into a kernel: only then is Numba
loaded (`native`). So a mechanism's numbers, formulas and steps can stand in one module, which is
read too where a scenario is only checked. With `NUMBA_DISABLE_JIT=1` all stay plain Python.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])


def is_switched_off() -> bool:
    """Whether nothing is compiled, as Numba would say, which need not be loaded for that."""
    if "numba" in sys.modules:
        return bool(sys.modules["numba"].config.DISABLE_JIT)
    return os.environ.get("NUMBA_DISABLE_JIT", "0").strip() not in ("", "0")


class Compiled:
    """A function that is compiled when it is first needed; all that Numba knows of it is handed on.

    Attributes:
        py_func: the function as it stands in the source.
        kind: what Numba makes of it, the name of a class in `native`.
        options: what Numba is told of it.
    """

    def __init__(self, function: Callable[..., Any], kind: str, **options: Any) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self.kind = kind
        self.options = options

    @functools.cached_property
    def dispatcher(self) -> Any:
        """Numba's own object for the function."""
        native = import_module("amnok.compiling.native")
        around = self.py_func.__globals__
        for name, value in list(around.items()):
            if isinstance(value, Later):  # Numba looks for the module itself under this name
                around[name] = value.module
        return getattr(native, self.kind)(self.py_func, error_model="numpy", **self.options)

    @property
    def _numba_type_(self) -> Any:
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        # A step is compiled only as a part of a kernel: asked from Python, it runs as Python.
        return (self.py_func if self.kind == "Part" else self.dispatcher)(*arguments)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "dispatcher":  # or what is wrong would never be told
            raise AttributeError(name)
        return getattr(self.dispatcher, name)


class Later:
    """Stands for a module that is loaded once something in it is needed."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def module(self) -> ModuleType:
        """The module itself."""
        return import_module(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self.__dict__[name] = getattr(self.module, name)
        return found


def _made_by(kind: str, **options: Any) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        if is_switched_off():
            return function
        return cast(Function, Compiled(function, kind, **options))

    return decorate


def _marked(function: Function) -> Function:
    function.__dict__["is_rule"] = True
    return function


def is_rule(function: Any) -> bool:
    """Whether a function, as it stands in the source, is a rule."""
    return getattr(function, "is_rule", False) is True


def rule(function: Function) -> Function:
    """Compile a pure scalar rule.

    A rule is written into the loop that calls it: only so does the loop become vector code.
    """
    return _made_by("Entry", nogil=True, forceinline=True)(_marked(function))


def long_rule(function: Function) -> Function:
    """Compile a rule that is called, as writing it into each of its callers would swell them."""
    return _made_by("Entry", nogil=True, forceinline=False)(_marked(function))


def step(function: Function) -> Function:
    """A part of a kernel with a name of its own, written into the kernel that calls it.

    It makes no array. Named tuples are handed to it by address (`lend`).
    """
    return _made_by("Part", forceinline=True, _nrt=False)(function)


def long_step(function: Function) -> Function:
    """A step that is called, for what happens once a day.

    What is lent to it must be lent to no step that is written into its kernel: the compiler keeps
    what a call may read in memory, where others would have to look it up again and again.
    """
    return _made_by("Part", forceinline=False, _nrt=False)(function)


def kernel(function: Function) -> Function:
    """Compile a loop over arrays that runs without the interpreter's lock and makes no array.

    A kernel borrows its arrays from the caller. Without Numba's reference counts, which are atomic
    and shared by all threads, the day runs ten times faster.
    """
    return _made_by("Entry", nogil=True, forceinline=False, _nrt=False)(function)


def allocating_kernel(function: Function) -> Function:
    """Compile a loop over arrays that may make arrays of its own; for what runs once a day."""
    return _made_by("Entry", nogil=True, forceinline=False)(function)


def is_compiled(entry: Any) -> bool:
    """Whether code of a kernel or rule is at hand; plain Python always is."""
    return not isinstance(entry, Compiled) or bool(entry.dispatcher.is_at_hand())
