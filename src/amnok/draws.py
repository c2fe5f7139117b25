"""Keyed randomness: each draw is a pure function of (key, agent, day, decision, option).

There is no stream to be in step with: a draw can be asked for in any order, on any thread, any
number of times. Two arms that differ in a policy share every draw that the policy does not touch,
so their difference is the effect and not noise (docs/decisions/0002-keyed-draws.md).

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy
as 1, 2, 3"), whose published test vectors are this module's tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amnok.compiling import Later, long_rule, rule
from amnok.decisions import REPLICATE_DRAW
from amnok.vector_math import number_of

if TYPE_CHECKING:
    import numpy as np
else:
    np = Later("numpy")

WORDS = 4  # uniforms in one draw
MULTIPLIER_0, MULTIPLIER_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85
_BITS_OF_2_20 = 0x4130000000000000
_HALF_A_STEP_LESS = 1048576.0 - 0.5 / 4294967296.0


class Key(NamedTuple):
    """A replicate's key: two 32-bit words derived from the seed."""

    low: np.uint64
    high: np.uint64


@rule
def philox(
    c0: int, c1: int, c2: int, c3: int, k0: int | np.uint64, k1: int | np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key.

    >>> [hex(int(word)) for word in philox(0, 0, 0, 0, 0, 0)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
    multiplier0, multiplier1 = np.uint64(MULTIPLIER_0), np.uint64(MULTIPLIER_1)
    weyl0, weyl1 = np.uint64(WEYL_0), np.uint64(WEYL_1)
    # Masked before the cast, so that a negative day is the same word compiled and interpreted.
    x0, x1 = np.uint64(c0 & 0xFFFFFFFF), np.uint64(c1 & 0xFFFFFFFF)
    x2, x3 = np.uint64(c2 & 0xFFFFFFFF), np.uint64(c3 & 0xFFFFFFFF)
    key0, key1 = np.uint64(k0) & mask, np.uint64(k1) & mask
    for _ in range(10):
        # Only the lower halves count. Cut where they are multiplied, they cost nothing: a vector
        # multiplication looks at no more.
        product0 = multiplier0 * (x0 & mask)
        product1 = multiplier1 * (x2 & mask)
        x0 = (product1 >> shift) ^ x1 ^ key0
        x1 = product1
        x2 = (product0 >> shift) ^ x3 ^ key1
        x3 = product0
        key0 = (key0 + weyl0) & mask
        key1 = (key1 + weyl1) & mask
    return x0 & mask, x1 & mask, x2 & mask, x3 & mask


@rule
def unit(word: np.uint64) -> float:
    """A 32-bit word as a number strictly between 0 and 1.

    >>> unit(np.uint64(0)) > 0.0, unit(np.uint64(0xFFFFFFFF)) < 1.0
    (True, True)
    """
    # The bits of 2**20 + word / 2**32, as vectors have no conversion from whole numbers before
    # AVX-512; one subtraction, which is exact, does the rest.
    return number_of(int(word) | _BITS_OF_2_20) - _HALF_A_STEP_LESS


@long_rule
def draw4(
    key: Key, agent: int, day: int, decision: int, option: int = 0
) -> tuple[float, float, float, float]:
    """Four independent uniforms in (0, 1) for one decision of one agent on one day.

    Days may be negative (the spin-up before the first day of the period).
    """
    x0, x1, x2, x3 = philox(agent, day, decision, option, key.low, key.high)
    return unit(x0), unit(x1), unit(x2), unit(x3)


@rule
def draw(key: Key, agent: int, day: int, decision: int, option: int = 0) -> float:
    """One uniform in (0, 1); the first of `draw4`."""
    return draw4(key, agent, day, decision, option)[0]


@rule
def draw_option(key: Key, agent: int, day: int, decision: int, option: int) -> float:
    """One uniform in (0, 1) for each of many options: word `option % 4` of block `option // 4`.

    The draw belongs to the option and not to its place in a list: closing one way leaves the draws
    of all others as they are.
    """
    words = draw4(key, agent, day, decision, option // WORDS)
    return words[option % WORDS]


def replicate_key(seed: int, replicate: int) -> Key:
    """The key of one replicate: the same whether it runs alone or among a thousand.

    Args:
        seed: the run's seed, 0 to 2**64 - 1.
        replicate: the replicate's number, from 0.
    """
    low, high, _, _ = philox(
        replicate, 0, REPLICATE_DRAW, 0, seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
    )
    return Key(np.uint64(low), np.uint64(high))
