"""Working memory: people side by side, one lane each, so that loops over them are vector code.

Most of a day is the same arithmetic for many people. It runs over lanes; what is rare or must be
done one after the other (two senders may want the same partner) runs person by person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import step
from amnok.compiling.memory import inlined, stack_array
from amnok.draws import WORDS, Key, philox, unit
from amnok.mechanisms import WARN_PATROLS
from amnok.mechanisms.roles import CHANNELS

TILE = 128  # people looked at together
VECTOR = 16  # lanes that the processor handles in one go, or a multiple of it
LANES = 256 + VECTOR  # room for people with goods packed: those of two tiles, and to fill up
_TILE_WORDS, _LANE_WORDS = WORDS * TILE, WORDS * LANES
_CHANNEL_LANES = len(CHANNELS) * LANES
_ALARM_WORDS = _LANE_WORDS * max(1, len(WARN_PATROLS))

# What each word of a draw decides.
TRADER_IS_READY, TRADER_IS_WATCHED, GOODS_COME_IN, BASE_ITEMS = range(WORDS)  # OPPORTUNITY
LEAKS_AMONG_CHECKED, LEAKS_REMOVED, LEAKS_AMONG_REST = range(3)  # PACKING
CALL_NOTICED, PARTNER_QUESTIONED, CALLER_LET_GO, CALL_TAPPED = range(WORDS)  # PHONE
CAMERA_SEES, POLICE_SEARCH, GUARD_ACCEPTS, GUARD_IS_STRICT = range(WORDS)  # CAMERA
PATROL_MEETS, PATROL_LETS_GO, PARTNER_ARRESTED, PARTNER_IMPRISONED = range(WORDS)  # PATROL

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Tile(NamedTuple):
    """A stretch of people this morning: their draws, [4 * TILE], and who must be looked at.

    may_go: whether each must; called: the places of those who must, one after the other.
    """

    words: Floats
    may_go: NDArray[np.uint8]
    called: Ints


class Lanes(NamedTuple):
    """People with goods packed, and the best plan each has found so far, [lane].

    Items are whole, but kept as floats: vectors have no conversion before AVX-512. word_* hold four
    uniforms a lane, [4 * LANES]: word w of lane k is at w * LANES + k, and has a name (above).
    """

    person: Ints
    goods: Ints
    direction: Ints  # of the goods
    size: Ints
    spot_check: Floats
    base_items: Floats  # before the route's bulk factor; at first the draw behind it
    caution: Floats
    leak_level: Floats  # wariness of searches as it stood ...
    leak_days: Floats  # ... so many days ago
    loss_level: Floats
    loss_days: Floats
    log_clean: Floats  # log of the chance that an item carries no leak, unchecked
    log_checked: Floats  # and that a search finds none in it
    log_unchecked: Floats
    per_item: Floats  # cost of checking one
    buy: Floats  # price where the goods come from
    gain: Floats  # the other bank's price less that
    release_payment: Floats
    searched: Floats  # believed chance of a search
    loss_factor: Floats  # personal factor on believed losses
    customs_access: Ints
    sea_access: Ints
    air_access: Ints
    # For the route that is being weighed:
    items: Floats
    checked: Floats
    leak_cost: Floats
    guard_risk: Floats  # what letting it pass costs a guard in risk
    heard: Floats  # believed chance of a loss, as all know it
    heard_release: Floats  # and of a payment for release
    kilograms: Floats  # what an item weighs
    payments: Floats  # what fines, tolls and papers are expected to cost
    home_utility: Floats  # of staying home
    # For the best way so far:
    best_utility: Floats  # at the least that officials take
    next_utility: Floats  # of the second best
    best_route: Ints
    best_items: Floats
    best_checked: Floats
    best_transport: Floats
    best_value: Floats  # before officials are paid
    best_least: Floats  # what they take at least
    best_surplus: Floats  # over the best other way
    # What awaits those who set out (`foresight`):
    accepts_bribe: Ints  # whether the guard on duty is one who lets pass for money
    bribe: Floats  # what that guard gets, or -1 if the two do not agree
    seen: Ints  # whether a camera sees it
    search: Ints  # whether the security police search it
    met: Ints  # whether a patrol meets it
    quiet: Ints  # whether nobody stops it
    clean_checked: Floats  # chance that there is no leak among the items checked
    clean_rest: Floats  # and among the others
    word_route: Floats
    shared: Floats  # what routes of a channel share of a person's own reasons, by channel
    word_packing: Floats
    word_phone: Floats
    word_camera: Floats
    word_patrol: Floats
    word_alarms: Floats  # those of one alarm behind those of another


@inlined
def new_tile() -> Tile:
    """Room for a tile, in the kernel that asks."""
    return Tile(
        stack_array(_TILE_WORDS, np.float64),
        stack_array(TILE, np.uint8),
        stack_array(TILE, np.int64),
    )


@inlined
def new_lanes() -> Lanes:
    """Room for the lanes, in the kernel that asks."""
    return Lanes(
        person=stack_array(LANES, np.int64),
        goods=stack_array(LANES, np.int64),
        direction=stack_array(LANES, np.int64),
        size=stack_array(LANES, np.int64),
        spot_check=stack_array(LANES, np.float64),
        base_items=stack_array(LANES, np.float64),
        caution=stack_array(LANES, np.float64),
        leak_level=stack_array(LANES, np.float64),
        leak_days=stack_array(LANES, np.float64),
        loss_level=stack_array(LANES, np.float64),
        loss_days=stack_array(LANES, np.float64),
        log_clean=stack_array(LANES, np.float64),
        log_checked=stack_array(LANES, np.float64),
        log_unchecked=stack_array(LANES, np.float64),
        per_item=stack_array(LANES, np.float64),
        buy=stack_array(LANES, np.float64),
        gain=stack_array(LANES, np.float64),
        release_payment=stack_array(LANES, np.float64),
        searched=stack_array(LANES, np.float64),
        loss_factor=stack_array(LANES, np.float64),
        customs_access=stack_array(LANES, np.int64),
        sea_access=stack_array(LANES, np.int64),
        air_access=stack_array(LANES, np.int64),
        items=stack_array(LANES, np.float64),
        checked=stack_array(LANES, np.float64),
        leak_cost=stack_array(LANES, np.float64),
        guard_risk=stack_array(LANES, np.float64),
        heard=stack_array(LANES, np.float64),
        heard_release=stack_array(LANES, np.float64),
        kilograms=stack_array(LANES, np.float64),
        payments=stack_array(LANES, np.float64),
        home_utility=stack_array(LANES, np.float64),
        best_utility=stack_array(LANES, np.float64),
        next_utility=stack_array(LANES, np.float64),
        best_route=stack_array(LANES, np.int64),
        best_items=stack_array(LANES, np.float64),
        best_checked=stack_array(LANES, np.float64),
        best_transport=stack_array(LANES, np.float64),
        best_value=stack_array(LANES, np.float64),
        best_least=stack_array(LANES, np.float64),
        best_surplus=stack_array(LANES, np.float64),
        accepts_bribe=stack_array(LANES, np.int64),
        bribe=stack_array(LANES, np.float64),
        seen=stack_array(LANES, np.int64),
        search=stack_array(LANES, np.int64),
        met=stack_array(LANES, np.int64),
        quiet=stack_array(LANES, np.int64),
        clean_checked=stack_array(LANES, np.float64),
        clean_rest=stack_array(LANES, np.float64),
        word_route=stack_array(_LANE_WORDS, np.float64),
        shared=stack_array(_CHANNEL_LANES, np.float64),
        word_packing=stack_array(_LANE_WORDS, np.float64),
        word_phone=stack_array(_LANE_WORDS, np.float64),
        word_camera=stack_array(_LANE_WORDS, np.float64),
        word_patrol=stack_array(_LANE_WORDS, np.float64),
        word_alarms=stack_array(_ALARM_WORDS, np.float64),
    )


@step
def fill_up(lanes: Lanes, count: int) -> int:
    """Repeat the first lane until the last vector is full; the number of lanes in use then.

    What is left of a loop after its last full vector runs lane by lane, as scalar code.
    """
    filled = (count + VECTOR - 1) // VECTOR * VECTOR
    for k in range(count, filled):
        lanes.person[k], lanes.goods[k] = lanes.person[0], lanes.goods[0]
        lanes.base_items[k] = lanes.base_items[0]
    return filled


@step
def draw_stretch(key: Key, first: int, count: int, day: int, decision: int, words: Floats) -> None:
    """The four uniforms of one decision of the people first <= i < first + count, side by side."""
    for n in range(count):
        x0, x1, x2, x3 = philox(first + n, day, decision, 0, key.low, key.high)
        words[n] = unit(x0)
        words[TILE + n] = unit(x1)
        words[2 * TILE + n] = unit(x2)
        words[3 * TILE + n] = unit(x3)


@step
def draw_lanes(
    key: Key, lanes: Lanes, count: int, day: int, decision: int, option: int, words: Floats
) -> None:
    """The four uniforms of one decision of each lane's person, side by side."""
    for k in range(count):
        x0, x1, x2, x3 = philox(lanes.person[k], day, decision, option, key.low, key.high)
        words[k] = unit(x0)
        words[LANES + k] = unit(x1)
        words[2 * LANES + k] = unit(x2)
        words[3 * LANES + k] = unit(x3)
