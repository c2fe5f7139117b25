"""How Amnok compiles: decorators around Numba, and where compiled code is kept.

| file | what is in it |
|---|---|
| `decorators.py` | rules, steps and kernels |
| `parts.py` | how a kernel is put together from them |
| `lending.py` | named tuples handed over by address |
| `memory.py` | working memory on the stack; memory asked for ahead |
| `code_cache.py` | code that is kept |
| `made_of.py`, `processors.py` | when it is stale; for which processor it is |
| `background.py` | code for this very processor, compiled while common code is in use |
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
from amnok.compiling.lending import hold, lend
from amnok.compiling.memory import prefetch, stack_array

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
