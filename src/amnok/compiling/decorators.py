"""The decorators around Numba: rules, steps, and the kernels that are made of them.

With `NUMBA_DISABLE_JIT=1` all of them stay plain Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

from amnok.compiling.parts import Entry, Part

Function = TypeVar("Function", bound=Callable[..., Any])


def _made_by(make: Callable[..., Any], **options: Any) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        if numba.config.DISABLE_JIT:
            return function
        return cast(Function, make(function, error_model="numpy", **options))

    return decorate


def rule(function: Function) -> Function:
    """Compile a pure scalar rule.

    A rule is written into the loop that calls it: only so does the loop become vector code.
    """
    return _made_by(Entry, nogil=True, forceinline=True)(function)


def long_rule(function: Function) -> Function:
    """Compile a rule that is called, as writing it into each of its callers would swell them."""
    return _made_by(Entry, nogil=True, forceinline=False)(function)


def step(function: Function) -> Function:
    """A part of a kernel with a name of its own, written into the kernel that calls it.

    It makes no array. Named tuples are handed to it by address (`lend`).
    """
    return _made_by(Part, forceinline=True, _nrt=False)(function)


def long_step(function: Function) -> Function:
    """A step that is called, for what happens once a day.

    What is lent to it must be lent to no step that is written into its kernel: the compiler keeps
    what a call may read in memory, where others would have to look it up again and again.
    """
    return _made_by(Part, forceinline=False, _nrt=False)(function)


def inlined(function: Function) -> Function:
    """A step that hands out memory on the stack of its kernel, and so can have no stack itself."""
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))


def kernel(function: Function) -> Function:
    """Compile a loop over arrays that runs without the interpreter's lock and makes no array.

    A kernel borrows its arrays from the caller. Without Numba's reference counts, which are atomic
    and shared by all threads, the day runs ten times faster.
    """
    return _made_by(Entry, nogil=True, forceinline=False, _nrt=False)(function)


def allocating_kernel(function: Function) -> Function:
    """Compile a loop over arrays that may make arrays of its own; for what runs once a day."""
    return _made_by(Entry, nogil=True, forceinline=False)(function)


def is_compiled(entry: Any) -> bool:
    """Whether code of a kernel or rule is at hand; plain Python always is."""
    return not isinstance(entry, Entry) or entry.is_at_hand()
