"""Ask for memory before it is needed.

A loop that computes much for each number leaves the memory idle, and then waits for the next tile's
numbers. Asked for a tile ahead, they are there in time. This changes nothing but the time it takes.
"""

from __future__ import annotations

from typing import Any

import numba
from llvmlite import ir  # type: ignore[import-untyped]  # comes with Numba
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

LINE = 64  # bytes that come at once
_WRITE, _KEEP, _DATA = 1, 3, 1  # what for, how near to the processor (0 to 3), not instructions


def _plain(array: NDArray[Any], index: int) -> None:
    """Bring the line that holds `array[index]`, of a contiguous array, near the processor."""


@intrinsic  # type: ignore[untyped-decorator]
def _compiled(_context: Any, array: Any, index: Any) -> Any:
    """LLVM's `prefetch`, which compiles to one instruction, or to none where there is none."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        i32, address = ir.IntType(32), ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [address, i32, i32, i32])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        where = builder.bitcast(builder.gep(data, [arguments[1]]), address)
        builder.call(function, [where, i32(_WRITE), i32(_KEEP), i32(_DATA)])
        return context.get_dummy_value()

    return types.void(array, index), generate


prefetch = _plain if numba.config.DISABLE_JIT else _compiled
