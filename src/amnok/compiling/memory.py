"""Memory of kernels: what they work in, what is asked for ahead, named tuples read by address.

A world, its state and the lanes are some two hundred arrays, a thousand numbers in Numba's eyes.
Handed over by value, each call of a part would copy and type all of them. `lend` puts a named tuple
on the kernel's stack, and its parts read the fields they need; once LLVM has written the parts into
the kernel, nothing is left of the detour. `hold` does the same across calls from Python: reading a
named tuple of arrays from Python takes some thirty microseconds, a held one takes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir  # comes with Numba
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import NativeValue, intrinsic, models, register_model, unbox
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

from amnok.compiling.decorators import kernel

Function = TypeVar("Function", bound=Callable[..., Any])


def inlined(function: Function) -> Function:
    """A step that hands out memory on the stack of its kernel, and so can have no stack itself."""
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))


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


Named = TypeVar("Named")


class Lent(types.Type):  # type: ignore[misc]
    """The address of a named tuple."""

    def __init__(self, named: Any) -> None:
        self.named = named
        # The name ends up in that of every part: the tuple's own would run to thousands of letters.
        digest = hashlib.sha256(str(named).encode()).hexdigest()[:16]
        super().__init__(name=f"Lent({named.instance_class.__name__}, {digest})")


@register_model(Lent)
class _LentModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Lent) -> None:
        super().__init__(manager, kind, manager.lookup(kind.named).get_value_type().as_pointer())


@infer_getattr
class _LentFields(AttributeTemplate):  # type: ignore[misc]
    key = Lent

    def generic_resolve(self, kind: Lent, name: str) -> Any:
        if name not in kind.named.fields:
            return None
        field = kind.named.types[kind.named.fields.index(name)]
        return Lent(field) if isinstance(field, types.NamedTuple) else field


@lower_getattr_generic(Lent)  # type: ignore[untyped-decorator]
def _load_field(context: Any, builder: Any, kind: Lent, address: Any, name: str) -> Any:
    index = kind.named.fields.index(name)
    place = cgutils.gep_inbounds(builder, address, 0, index)
    is_named = isinstance(kind.named.types[index], types.NamedTuple)
    return place if is_named else builder.load(place)


@intrinsic  # type: ignore[untyped-decorator]
def _lend(typing_context: Any, named: Any) -> Any:
    """A copy on the stack: of the tuple, or of one that lies elsewhere."""
    kind = named if isinstance(named, Lent) else Lent(named)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value = builder.load(arguments[0]) if isinstance(named, Lent) else arguments[0]
        return cgutils.alloca_once_value(builder, value)

    return kind(named), generate


def _itself(named: Named) -> Named:
    return named


lend = _itself if numba.config.DISABLE_JIT else _lend
"""`lend(named_tuple)` in a kernel: the same, for its parts to read by address.

Lent again, what is held outside is copied to the stack, where LLVM sees that no array lies over it.
"""


@intrinsic  # type: ignore[untyped-decorator]
def _store(typing_context: Any, named: Any, room: Any) -> Any:
    """Write a named tuple to the address of `room` unless that is empty; the bytes it takes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value, array = arguments
        room = context.make_array(signature.args[1])(context, builder, array)
        size = context.get_constant(types.intp, context.get_abi_sizeof(value.type))
        with builder.if_then(builder.icmp_signed(">=", builder.extract_value(room.shape, 0), size)):
            builder.store(value, builder.bitcast(room.data, value.type.as_pointer()))
        return size

    return types.intp(named, room), generate


@kernel
def _write(named: Any, room: Any) -> int:
    return int(_store(named, room))


_TYPES: dict[Hashable, Lent] = {}


def _lent(named: Any) -> Lent:
    """The type of a named tuple, lent; Numba takes milliseconds to make it of many records."""
    layout = _layout(named)
    if layout not in _TYPES:
        _TYPES[layout] = Lent(numba.typeof(named))
    return _TYPES[layout]


def _layout(value: Any) -> Hashable:
    """All that Numba's type of a value depends on."""
    if isinstance(value, tuple):
        return (type(value), *map(_layout, value))
    if isinstance(value, np.ndarray):
        return (type(value), value.dtype, value.ndim, value.flags.num)
    kind: Hashable = numba.typeof(value)
    return kind


class Held:
    """A named tuple that kernels are called with again and again, read from Python once."""

    def __init__(self, named: Any) -> None:
        self._named = named  # keeps the arrays alive
        size = _write(named, np.empty(0, dtype=np.uint8))
        self._room = np.empty(size, dtype=np.uint8)
        _write(named, self._room)
        self.address = self._room.ctypes.data
        self._numba_type_ = _lent(named)


@unbox(Lent)  # type: ignore[untyped-decorator]
def _unbox(kind: Lent, held: Any, context: Any) -> Any:
    address = context.pyapi.object_getattr_string(held, "address")
    number = context.pyapi.number_as_ssize_t(address)
    context.pyapi.decref(address)
    pointer = context.builder.inttoptr(number, context.context.get_value_type(kind))
    return NativeValue(pointer)


def hold(named: Any) -> Any:
    """A named tuple of arrays, to call kernels with; they see what becomes of the arrays."""
    return named if numba.config.DISABLE_JIT else Held(named)
