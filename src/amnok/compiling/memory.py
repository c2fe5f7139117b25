"""Working memory of kernels, and asking for memory before it is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from llvmlite import ir  # comes with Numba
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray


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


LINE = 64  # bytes that come at once
_WRITE, _KEEP, _DATA = 1, 3, 1  # what for, how near to the processor (0 to 3), not instructions


def _no_prefetch(array: NDArray[Any], index: int) -> None:
    """Bring the line that holds `array[index]`, of a contiguous array, near the processor."""


@intrinsic  # type: ignore[untyped-decorator]
def _prefetch(_context: Any, array: Any, index: Any) -> Any:
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


prefetch = _no_prefetch if numba.config.DISABLE_JIT else _prefetch
