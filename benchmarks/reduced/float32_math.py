"""exp and log in single precision, for loops that weigh many options for many people.

Numbers half the size of those in `amnok.vector_math`, and shorter polynomials: good to about 1e-6,
which moves a chance by a millionth of itself. No branches, so that a loop over them becomes vector
code, and no fused operations, so that compiled and plain Python agree to the last bit. The
polynomials are minimax fits of our own, evaluated in pairs, as a processor would wait for one long
chain of products.
"""

from __future__ import annotations

import numpy as np

from amnok.compiling import rule

F32, I32, U32 = np.float32, np.int32, np.uint32

_ONE = F32(1.0)
_ONE_BITS = I32(0x3F800000)
_FRACTION_BITS = I32(0x007FFFFF)
_FRACTION = I32(23)
_WORD_BITS = I32(0x3F800000 + (32 << 23))  # the bits of 2**32
_ROUND = F32(12582912.0)  # 1.5 * 2**23: a sum with it has the nearest integer in its low bits
_SPARE = U32(8)
_TO_UNIT = F32(2.0**-24)

# fmt: off
_E1, _E2, _E3, _E4, _E5 = (
    F32(0.6931469774), F32(0.2402224214), F32(0.05550734123),
    F32(0.009671510928), F32(0.00132646018),
)
_L0, _L1, _L2, _L3, _L4, _L5 = (  # times 2**23
    F32(0.442623868 * 2**23), F32(-0.2771638154 * 2**23), F32(0.1915091557 * 2**23),
    F32(-0.1205404838 * 2**23), F32(0.05373609879 * 2**23), F32(-0.0115131313 * 2**23),
)
# fmt: on


@rule
def exp2(x: np.float32) -> np.float32:
    """2 to the power of x, for x from -125 to 127; relative error below 2.5e-7.

    >>> round(float(exp2(F32(0.5))), 5), round(float(exp2(F32(-3.0))), 5)
    (1.41421, 0.125)
    """
    shifted = F32(x + _ROUND)
    f = x - (shifted - _ROUND)
    g = f * f
    p = F32((_ONE + _E1 * f) + g * ((_E2 + _E3 * f) + g * (_E4 + _E5 * f)))
    # The whole part of x goes into the exponent; all higher bits of `shifted` fall off the end.
    return F32(I32(p.view(I32) + I32(shifted.view(I32) << _FRACTION)).view(F32))


@rule
def log2_of_word(word: np.uint32) -> np.float32:
    """2**23 * log2(word / 2**32): the log of a uniform draw, in a unit that spares a product.

    Relative error below 1.3e-6, for words near 2**32 (logs near 0) too, beside the rounding of the
    word to single precision. The last 128 words count as 2**32, log 0; word 0 counts as 2**-127.

    >>> float(log2_of_word(U32(1 << 31))) / 2**23, round(float(log2_of_word(U32(5))) / 2**23, 4)
    (-1.0, -29.6781)
    """
    bits = F32(word).view(I32)
    f = F32(I32((bits & _FRACTION_BITS) | _ONE_BITS).view(F32)) - _ONE
    # A number's bits, read as a whole number, are its log but for a bend between powers of two:
    # log2(1 + f) - f = f*(1 - f)*p(f). The sum keeps its digits on the way to 0.
    g = f * f
    p = (_L0 + _L1 * f) + g * ((_L2 + _L3 * f) + g * (_L4 + _L5 * f))
    return F32(F32(I32(bits - _WORD_BITS)) + f * (_ONE - f) * p)


@rule
def unit_of_word(word: np.uint32) -> np.float32:
    """A 32-bit word as a number from 0 up to, not including, 1; its last 8 bits do not count.

    >>> float(unit_of_word(U32(0))), float(unit_of_word(U32(1 << 31)))
    (0.0, 0.5)
    """
    return F32(F32(I32(word >> _SPARE)) * _TO_UNIT)
