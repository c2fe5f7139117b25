"""exp, log and their kin, written out in plain arithmetic.

A loop that calls the C library's functions runs one number at a time; a loop over these becomes
vector code. They also give the same bits on every machine, which C libraries do not. Each is within
a few units in the last place of the true value over its whole range, infinities, zeros and NaN
included (tests/test_vector_math.py). The polynomials are Chebyshev fits of our own.

docs/decisions/0009-elementary-functions.md says why they are not faster and less exact.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from amnok.compiling import Later, rule

if TYPE_CHECKING:
    import numpy as np
else:  # whoever only reads numbers of a mechanism need not wait for it
    np = Later("numpy")

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # its last 21 bits are zero, so that k * _LN2_HIGH is exact
_LN2_LOW = 1.9082149292705877e-10
_ROUND = 6755399441055744.0  # 1.5 * 2**52: a sum with it has the nearest integer in its low bits
_EXP_OVERFLOW = 709.782712893384
_EXP_UNDERFLOW = -745.1332191019411
_EXPM1_FLAT = -60.0  # expm1 is -1 from here down
_NEGLIGIBLE = 5.551115123125783e-17  # 2**-54: below, expm1 and log1p are x, whose zero has a sign

_BIAS = 1023
_MANTISSA = 52
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_SMALLEST_NORMAL = 2.2250738585072014e-308
_SUBNORMAL_TWOS = 54.0
_SUBNORMAL_SCALE = 18014398509481984.0  # 2**54
_ONE_ROUNDS_AWAY = 9007199254740992.0  # 2**53: from here on 1 + x is x


@rule
def bits_of(x: float) -> int:
    """The 64 bits of a number, as a whole number.

    >>> bits_of(1.0) == 1023 << 52
    True
    """
    return int(np.float64(x).view(np.int64))


@rule
def number_of(bits: int) -> float:
    """The number that 64 bits stand for; the inverse of `bits_of`.

    >>> number_of(1023 << 52)
    1.0
    """
    return float(np.int64(bits).view(np.float64))


@rule
def _power_of_two(k: int) -> float:
    """2**k for -1022 <= k <= 1023."""
    return number_of((k + _BIAS) << _MANTISSA)


@rule
def _nearest(x: float) -> float:
    """The whole number nearest to x, for |x| < 2**51."""
    return (x + _ROUND) - _ROUND


@rule
def _whole(x: float) -> int:
    """A whole number as an integer, for |x| < 2**51.

    Vectors have no such conversion before AVX-512, nor one back: these are a sum and a difference.
    """
    return bits_of(x + _ROUND) - bits_of(_ROUND)


@rule
def _as_number(k: int) -> float:
    """The inverse of `_whole`."""
    return number_of(bits_of(_ROUND) + k) - _ROUND


@rule
def _expm1_near_zero(r: float) -> float:
    """exp(r) - 1 for |r| <= log(2)/2."""
    p = 2.5100424157005067e-08 * r + 2.762013871973399e-07
    p = p * r + 2.7557268378684193e-06
    p = p * r + 2.4801521190217727e-05
    p = p * r + 0.00019841269863105969
    p = p * r + 0.0013888888917281793
    p = p * r + 0.008333333333330051
    p = p * r + 0.04166666666662399
    p = p * r + 0.16666666666666667
    p = p * r + 0.5000000000000001
    return r + r * r * p


@rule
def exp(x: float) -> float:
    """e to the power of x.

    >>> exp(0.0), exp(-800.0), exp(800.0), round(exp(1.0), 14)
    (1.0, 0.0, inf, 2.71828182845905)
    """
    within = min(max(_EXP_UNDERFLOW, x), _EXP_OVERFLOW)  # of NaN, a number
    twos = _nearest(within * _LOG2_E)
    r = (within - twos * _LN2_HIGH) - twos * _LN2_LOW
    k = _whole(twos)
    # Two steps, as 2**k alone may be too large or too small for a normal number.
    half = k >> 1
    scaled = (1.0 + _expm1_near_zero(r)) * _power_of_two(half) * _power_of_two(k - half)
    result = math.inf if x > _EXP_OVERFLOW else (0.0 if x < _EXP_UNDERFLOW else scaled)
    return result if x == x else x


@rule
def expm1(x: float) -> float:
    """exp(x) - 1, without loss of digits near 0.

    >>> expm1(1e-20), expm1(-800.0), expm1(800.0)
    (1e-20, -1.0, inf)
    """
    within = min(max(_EXPM1_FLAT, x), _EXP_OVERFLOW)  # of NaN, a number
    twos = _nearest(within * _LOG2_E)
    r = (within - twos * _LN2_HIGH) - twos * _LN2_LOW
    k = _whole(twos)
    half = _power_of_two(k - 1)  # half of 2**k, which may overflow
    scaled = 2.0 * (half * _expm1_near_zero(r) + (half - 0.5))
    result = math.inf if x > _EXP_OVERFLOW else (x if abs(x) < _NEGLIGIBLE else scaled)
    return result if x == x else x


@rule
def _log(x: float, twos: float) -> float:
    """log(x / 2**twos), for x as `log_positive` takes it."""
    bits = bits_of(x)
    k = (bits - _SQRT_HALF_BITS) >> _MANTISSA
    f = number_of(bits - (k << _MANTISSA)) - 1.0  # x = 2**k * (1 + f), 1 + f near 1
    s = f / (2.0 + f)
    z = s * s
    p = 0.146171283998073 * z + 0.15331666676597174
    p = p * z + 0.1818289077802613
    p = p * z + 0.22222211112104947
    p = p * z + 0.28571428626114518
    p = p * z + 0.399999999998992
    p = p * z + 0.666666666666667
    # log(1 + f) = 2*atanh(s) = 2*s + s*z*p, and 2*s = f - s*f: in this form f keeps its digits.
    near = f - s * (f - z * p)
    exponent = _as_number(k) - twos
    return exponent * _LN2_HIGH + (near + exponent * _LN2_LOW)


@rule
def log_positive(x: float) -> float:
    """Natural logarithm of a number above 0 that is finite and not subnormal, such as a draw.

    The same bits as `log`, which takes a fifth more operations to be right for all others.

    >>> log_positive(1.0), log_positive(0.1) == log(0.1)
    (0.0, True)
    """
    return _log(x, 0.0)


@rule
def log(x: float) -> float:
    """Natural logarithm: minus infinity at 0, NaN below.

    >>> log(1.0), log(0.0), round(log(10.0), 14)
    (0.0, -inf, 2.30258509299405)
    """
    is_small = x < _SMALLEST_NORMAL
    scaled = _log(x * _SUBNORMAL_SCALE if is_small else x, _SUBNORMAL_TWOS if is_small else 0.0)
    finite = scaled if x < math.inf else x  # NaN too
    return finite if x > 0.0 else (-math.inf if x == 0.0 else math.nan)


@rule
def log1p(x: float) -> float:
    """log(1 + x), without loss of digits near 0.

    >>> log1p(1e-20), log1p(-1.0), round(log1p(1.0), 14)
    (1e-20, -inf, 0.69314718055995)
    """
    u = 1.0 + x
    lost = (x - (u - 1.0)) / u if 0.0 < u < _ONE_ROUNDS_AWAY else 0.0
    return x if abs(x) < _NEGLIGIBLE else log(u) + lost
