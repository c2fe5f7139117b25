"""Values and chances of the recursive inspection game, in closed form; exact if asked.

With v(n, m) = V(n, m, 1), the value of one violation, and c = 1 + b:

    v(n, m) = v'(n-1) / (v'(n-1) + c*m),  v' = v(n-1, m-1),  v(n, 0) = 1
    V(n, m, k) = v(n, m) * sum_{j<k} C(n-1-j, m) / C(n-1, m)

All terms are positive, so that nothing cancels and nothing overflows for any n. It is the same as
[C(n, m+1) - C(n-k, m+1)] / s(n, m) with s(n, m) = sum_{i<=m} C(n, i) * b**(m-i), which the exact
numbers come from: whole numbers over a common base, as large as they get.

Source: as for `games.recursive`; the recursion along n - m is our rewriting.
"""

from __future__ import annotations

import math
from fractions import Fraction

from amnok.allocation.certificate import Number


def value_of(n: int, m: int, k: int, c: Number) -> Number:
    """V(n, m, k) with c = 1 + b, for 0 <= m <= n and 0 <= k <= n; exact if c is.

    With c = 1 - a it is what violations cost the inspector at the equilibrium without commitment.
    """
    if isinstance(c, Fraction):
        return exact_value(n, m, k, c)
    return _first_value(n, m, c) * _marginals(n, m, k)[0]


def _first_value(n: int, m: int, c: float) -> float:
    """v(n, m), the value of one violation."""
    if m >= n:
        return 0.0
    v = 1.0
    for j in range(1, m + 1):
        before = n - m + j - 1
        v = v * before / (v * before + c * j)
    return v


def inspect_chance(n: int, m: int, c: Number) -> Number:
    """Chance of an inspection now: `s(n-1, m-1) / s(n, m)`; exact if c is."""
    if m >= n or m == 0:
        return same_kind(c, m > 0)
    if isinstance(c, Fraction):
        return m / (m * c + (n - 1) * exact_value(n - 1, m - 1, 1, c))
    return m / (m * c + (n - 1) * _first_value(n - 1, m - 1, c))


def violate_chance(n: int, m: int, k: int, c: float) -> float:
    """The chance of a violation in floats, for 0 < m < n and k > 0.

    What an inspection kept back is worth, V(n-1, m-1, k) - V(n-1, m, k), is summed up from
    positive parts: the difference itself would lose digits where n is large.
    """
    first, step = _first_value_and_step(n - 1, m, c)
    sums, weighted = _marginals(n - 1, m - 1, k)
    gain = step * sums
    if m < n - 1:
        gain += first * weighted / (n - 1 - m)
    return gain / (gain + c + first * _marginals(n - 1, m, k - 1)[0])


def _first_value_and_step(n: int, m: int, c: float) -> tuple[float, float]:
    """v(n, m) and v(n, m-1) - v(n, m), for 0 < m <= n."""
    if m == n:
        return 0.0, _first_value(n, m - 1, c)
    v, behind, step = 1.0, 1.0, 0.0  # behind: v with one inspection less
    for j in range(1, m + 1):
        before = n - m + j - 1
        ratio = before / (v * before + c * j)
        ratio_behind = before / (behind * before + c * (j - 1))
        v, behind = v * ratio, behind * ratio_behind
        step = c / before * ratio * ((j - 1) * ratio_behind * step + behind)
    return v, step


def _marginals(n: int, m: int, k: int) -> tuple[float, float]:
    """Sums over j < k of C(n-1-j, m) / C(n-1, m), plain and weighted with j."""
    term, total, weighted = 1.0, 1.0 if k > 0 else 0.0, 0.0
    for j in range(1, min(k, n - m)):
        term *= (n - j - m) / (n - j)
        total += term
        weighted += j * term
    return total, weighted


def exact_value(n: int, m: int, k: int, c: Fraction) -> Fraction:
    """V(n, m, k) in whole numbers: `s(n, m) = sum_j C(n-1-j, m-j) * c**j` over a common base."""
    if m >= n or k <= 0:
        return Fraction(0)
    top, base = c.numerator, c.denominator
    total, power, choose = 1, 1, 1
    for j in range(1, m + 1):
        choose = choose * (n - m + j - 1) // j
        power *= base
        total = total * top + choose * power
    ways = math.comb(n, m + 1) - math.comb(max(n - k, 0), m + 1)
    return Fraction(ways * power, total)


def same_kind(like: Number, number: int) -> Number:
    return type(like)(number)
