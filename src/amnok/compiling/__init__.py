"""How Amnok compiles: decorators around Numba, and where compiled code is kept.

| file | what is in it |
|---|---|
| `decorators.py` | rules, steps and kernels, of which nothing is compiled before it must be |
| `native.py` | how a kernel is put together |
| `memory.py` | memory on the stack or asked for ahead; named tuples by address |
| `code_cache.py` | code that is kept, and for which processor |
| `made_of.py` | when kept code is stale |
"""

from __future__ import annotations

from amnok.compiling.decorators import (
    Later,
    allocating_kernel,
    is_compiled,
    kernel,
    long_rule,
    long_step,
    rule,
    step,
)

__all__ = [
    "Later",
    "allocating_kernel",
    "is_compiled",
    "kernel",
    "long_rule",
    "long_step",
    "rule",
    "step",
]
