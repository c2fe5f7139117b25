"""Draws of the reduced day, for a tile of people at a time.

The generator is that of `amnok.draws` and a draw is the same word for word: a pure function of the
replicate's key, the person, the day, the decision and the route. Only the loops differ: over
people, and through four blocks of the generator side by side, so that no product waits for another.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from amnok import draws
from amnok.compiling import rule, step
from amnok.decisions import ROUTE_DRAW
from amnok.draws import Key
from amnok.mechanisms.patrols import PATROL_DRAW

LANES = 128
MOST_ROUTES = 16  # four words from each of four blocks
_QUARTER = LANES // 4

U32, U64 = np.uint32, np.uint64
MASK, SHIFT = U64(0xFFFFFFFF), U64(32)
MULTIPLIER_0, MULTIPLIER_1 = U64(draws.MULTIPLIER_0), U64(draws.MULTIPLIER_1)
WEYL_0, WEYL_1 = U64(draws.WEYL_0), U64(draws.WEYL_1)
U32s: TypeAlias = NDArray[np.uint32]

_FOUR = (U64(0), U64(1), U64(2), U64(3))
_ROUTE, _LUCK = U64(ROUTE_DRAW), U64(PATROL_DRAW)

Words: TypeAlias = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
Keys: TypeAlias = tuple[np.uint64, np.uint64]
Four: TypeAlias = tuple[Words, Words, Words, Words, Keys]


@rule
def _turn(x: Words, k: Keys) -> Words:
    """One round of Philox4x32 on words that lie in the low halves of 64 bits."""
    product0, product1 = MULTIPLIER_0 * (x[0] & MASK), MULTIPLIER_1 * (x[2] & MASK)
    return (
        (product1 >> SHIFT) ^ x[1] ^ k[0],
        product1 & MASK,
        (product0 >> SHIFT) ^ x[3] ^ k[1],
        product0 & MASK,
    )


@rule
def _turn_four(a: Words, b: Words, c: Words, d: Words, k: Keys) -> Four:
    """One round on four blocks, and the next round's key."""
    following = (k[0] + WEYL_0) & MASK, (k[1] + WEYL_1) & MASK
    return _turn(a, k), _turn(b, k), _turn(c, k), _turn(d, k), following


@step
def _philox_four(a: Words, b: Words, c: Words, d: Words, k: Keys) -> Four:
    """Four blocks of `amnok.draws.philox` side by side.

    Written out, as a loop here would keep the loop over the lanes from becoming vector code.
    """
    s = _turn_four(a, b, c, d, k)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    s = _turn_four(*s)
    return _turn_four(*s)


@step
def draw_words(words: U32s, first: int, day: int, key: Key) -> None:
    """A word for each person and route: word r%4 of the block (person, day, ROUTE, r//4).

    Args:
        words: filled, [route * LANES + lane].
        first: number of the person in lane 0.
        day: from 0.
        key: the replicate's.
    """
    w0, w1 = words[0 * LANES : 1 * LANES], words[1 * LANES : 2 * LANES]
    w2, w3 = words[2 * LANES : 3 * LANES], words[3 * LANES : 4 * LANES]
    w4, w5 = words[4 * LANES : 5 * LANES], words[5 * LANES : 6 * LANES]
    w6, w7 = words[6 * LANES : 7 * LANES], words[7 * LANES : 8 * LANES]
    w8, w9 = words[8 * LANES : 9 * LANES], words[9 * LANES : 10 * LANES]
    w10, w11 = words[10 * LANES : 11 * LANES], words[11 * LANES : 12 * LANES]
    w12, w13 = words[12 * LANES : 13 * LANES], words[13 * LANES : 14 * LANES]
    w14, w15 = words[14 * LANES : 15 * LANES], words[15 * LANES : 16 * LANES]
    today, keys = U64(day) & MASK, (key.low & MASK, key.high & MASK)
    for lane in range(LANES):
        person = U64(first + lane) & MASK
        a, b, c, d, _ = _philox_four(
            (person, today, _ROUTE, _FOUR[0]),
            (person, today, _ROUTE, _FOUR[1]),
            (person, today, _ROUTE, _FOUR[2]),
            (person, today, _ROUTE, _FOUR[3]),
            keys,
        )
        w0[lane], w1[lane], w2[lane], w3[lane] = U32(a[0]), U32(a[1]), U32(a[2]), U32(a[3])
        w4[lane], w5[lane], w6[lane], w7[lane] = U32(b[0]), U32(b[1]), U32(b[2]), U32(b[3])
        w8[lane], w9[lane], w10[lane], w11[lane] = U32(c[0]), U32(c[1]), U32(c[2]), U32(c[3])
        w12[lane], w13[lane], w14[lane], w15[lane] = U32(d[0]), U32(d[1]), U32(d[2]), U32(d[3])


@step
def draw_luck(luck: U32s, first: int, day: int, key: Key) -> None:
    """A word for each person's detection; four people share a block, each with a word of it.

    Person i has word (i % 128)//32 of the block (32*(i//128) + i%32, day, PATROL, 0).
    """
    l0, l1 = luck[0 * _QUARTER : 1 * _QUARTER], luck[1 * _QUARTER : 2 * _QUARTER]
    l2, l3 = luck[2 * _QUARTER : 3 * _QUARTER], luck[3 * _QUARTER : 4 * _QUARTER]
    today, keys = U64(day) & MASK, (key.low & MASK, key.high & MASK)
    for i in range(_QUARTER):
        block = (U64(first // 4 + i) & MASK, today, _LUCK, _FOUR[0])
        a, _, _, _, _ = _philox_four(block, block, block, block, keys)  # one is enough here
        l0[i], l1[i], l2[i], l3[i] = U32(a[0]), U32(a[1]), U32(a[2]), U32(a[3])
