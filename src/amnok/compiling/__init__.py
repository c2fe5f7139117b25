"""How Amnok compiles: decorators around Numba, and where compiled code is kept.

| file | what is in it |
|---|---|
| `decorators.py` | rules, steps and kernels; how a kernel is put together |
| `memory.py` | memory on the stack or asked for ahead; named tuples by address |
| `code_cache.py` | code that is kept, and for which processor |
| `made_of.py` | when kept code is stale |
"""

from __future__ import annotations

from amnok.compiling.decorators import (
    allocating_kernel,
    inlined,
    is_compiled,
    kernel,
    long_rule,
    long_step,
    rule,
    step,
)
from amnok.compiling.memory import hold, lend, prefetch, stack_array

__all__ = [
    "allocating_kernel",
    "hold",
    "inlined",
    "is_compiled",
    "kernel",
    "lend",
    "long_rule",
    "long_step",
    "prefetch",
    "rule",
    "stack_array",
    "step",
]
