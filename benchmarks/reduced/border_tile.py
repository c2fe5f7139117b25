"""The reduced day for 128 people at a time: draws, race, detection, learning.

A tile's numbers lie in short arrays, one lane for each person, and each step is one loop over the
lanes without a branch or a call, which the compiler turns into vector code. What is kept for each
person and route lies as [tile][route][lane].

A choice is a race of exponential clocks: route r rings after E_r/exp(U_r), and the first to ring is
taken. With one keyed draw E_r for each route this is a multinomial logit choice, and two arms
differ only where utilities do. exp(-U_r) changes when a person learns and not every day, so a race
needs no more than one log for each route.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from border_draws import LANES, MOST_ROUTES, U32s, draw_luck, draw_words
from float32_math import F32, U32, exp2, log2_of_word, unit_of_word
from numpy.typing import NDArray

from amnok.compiling import kernel, step
from amnok.compiling.memory import prefetch
from amnok.draws import Key
from amnok.rules.distributions import probability
from amnok.rules.routes import effort_on_route

F32s: TypeAlias = NDArray[np.float32]
F64s: TypeAlias = NDArray[np.float64]
I64s: TypeAlias = NDArray[np.int64]

_LANES = U32(LANES)
_NONE, _ONE = U32(0), U32(1)
_ZERO, _CERTAIN = F32(0.0), F32(1.0)
_NEVER = F32(-3e38)
_A_LINE = 64 // 4  # single-precision numbers in the bytes that come at once


class Scratch(NamedTuple):
    """What one thread works in: one entry for each lane where nothing else is said."""

    words: U32s  # [route * LANES + lane], a uniform word for each route
    luck: U32s  # a uniform word for the detection
    score: F32s  # of the route that leads the race
    route: U32s  # which route that is
    chance: F32s  # of detection on it; then 1 if detected, 0 if not
    place: U32s  # where the chosen route's entry stands in a tile
    case: U32s  # 2*route + (1 if detected)
    belief: F32s  # in the chosen route
    weight: F32s  # exp(-U) of it
    counts: I64s  # [case], over all tiles of a day


def scratch() -> Scratch:
    """Working arrays for one thread."""
    f32, u32 = [np.empty(LANES, F32) for _ in range(4)], [np.empty(LANES, U32) for _ in range(4)]
    return Scratch(
        words=np.empty(MOST_ROUTES * LANES, U32),
        luck=u32[0],
        score=f32[0],
        route=u32[1],
        chance=f32[1],
        place=u32[2],
        case=u32[3],
        belief=f32[2],
        weight=f32[3],
        counts=np.zeros(2 * MOST_ROUTES, np.int64),
    )


class Numbers(NamedTuple):
    """A border's numbers as a day reads them.

    The weight of a route is exp(U_best - U), with U_best the utility of the best route at no risk,
    and 2**(floor + slope*risk) as people compute it.
    """

    floor: F32s  # [route], base 2
    slope: np.float32  # base 2
    payoff: F64s  # [case] (stakes)
    rate: float  # of learning
    level: np.float32  # wariness of one just detected
    decay: np.float32  # of wariness, over a day
    detection: float  # chance at ordinary effort
    follow: float  # how far effort follows traffic


class Today(NamedTuple):
    """What is the same for all on one day."""

    believed: F64s  # [route], shared belief (variant B)
    chance: F32s  # [route], of detection
    shared: F32s  # [route], slope * believed


class Books(NamedTuple):
    """Counts by day and route."""

    trips: I64s
    detections: I64s


class Own(NamedTuple):
    """People with beliefs of their own (variant A), in tiles; the last tile may be part empty."""

    n: int
    beliefs: F32s  # [tile, route * LANES + lane]
    weights: F32s  # the same
    wealth: F64s  # [tile, lane] (stakes)


class Shared(NamedTuple):
    """People who share beliefs (variant B), in tiles."""

    n: int
    wariness: F32s  # [tile, lane]
    wealth: F64s  # the same (stakes)


@step
def race_own(at: Scratch, weights: F32s, next_weights: F32s, next_beliefs: F32s) -> None:
    """Each person's route, from weights of their own, [route * LANES + lane].

    Meanwhile the next tile comes from memory, which a million people would else wait for.
    """
    score, chosen = at.score, at.route
    for lane in range(LANES):
        score[lane] = _NEVER
        chosen[lane] = _NONE
    for r in range(len(weights) // LANES):
        for i in range(r * LANES, (r + 1) * LANES, _A_LINE):
            prefetch(next_weights, i)
            prefetch(next_beliefs, i)
        words, weight = at.words[r * LANES : (r + 1) * LANES], weights[r * LANES : (r + 1) * LANES]
        route = U32(r)
        for lane in range(LANES):
            clock = log2_of_word(words[lane]) * weight[lane]  # minus the time at which it rings
            leads = clock > score[lane]
            chosen[lane] = route if leads else chosen[lane]
            score[lane] = clock if leads else score[lane]


@step
def race_shared(at: Scratch, numbers: Numbers, today: Today, wariness: F32s) -> None:
    """Each person's route, from shared beliefs times a wariness of their own, [lane]."""
    score, chosen = at.score, at.route
    for lane in range(LANES):
        score[lane] = _NEVER
        chosen[lane] = _NONE
    for r in range(len(numbers.floor)):
        words = at.words[r * LANES : (r + 1) * LANES]
        route, floor, shared, most = U32(r), numbers.floor[r], today.shared[r], numbers.slope
        for lane in range(LANES):
            weight = exp2(F32(floor + min(most, shared * wariness[lane])))
            clock = log2_of_word(words[lane]) * weight
            leads = clock > score[lane]
            chosen[lane] = route if leads else chosen[lane]
            score[lane] = clock if leads else score[lane]


@step
def detect(at: Scratch, today: Today) -> None:
    """Who is detected on the chosen route: `chance` becomes 1 or 0, `case` says both."""
    chosen, chance, luck, case = at.route, at.chance, at.luck, at.case
    of_route = today.chance
    for lane in range(LANES):
        chance[lane] = of_route[chosen[lane]]
    for lane in range(LANES):
        caught = unit_of_word(luck[lane]) < chance[lane]
        chance[lane] = _CERTAIN if caught else _ZERO
        case[lane] = U32(U32(chosen[lane] + chosen[lane]) + (_ONE if caught else _NONE))


@step
def learn_own(at: Scratch, numbers: Numbers, beliefs: F32s) -> None:
    """The chosen route's new belief and weight; `keep_own` puts them into the tile."""
    chosen, place, belief, weight, caught = at.route, at.place, at.belief, at.weight, at.chance
    floor, rate, slope = numbers.floor, F32(numbers.rate), numbers.slope
    for lane in range(LANES):
        place[lane] = U32(U32(chosen[lane] * _LANES) + U32(lane))
    for lane in range(LANES):
        weight[lane] = floor[chosen[lane]]
    for lane in range(LANES):
        belief[lane] = beliefs[place[lane]]
    for lane in range(LANES):
        believed = F32(belief[lane] + rate * (caught[lane] - belief[lane]))
        belief[lane] = believed
        weight[lane] = exp2(F32(weight[lane] + slope * believed))


@step
def keep_own(
    at: Scratch, n: int, numbers: Numbers, beliefs: F32s, weights: F32s, wealth: F64s
) -> None:
    """Write down what the first n lanes learned and earned, and count their cases."""
    place, case, belief, weight = at.place, at.case, at.belief, at.weight
    counts, payoff = at.counts, numbers.payoff
    for lane in range(n):
        where, what = place[lane], case[lane]
        beliefs[where] = belief[lane]
        weights[where] = weight[lane]
        wealth[lane] += payoff[what]
        counts[what] += 1


@step
def learn_wariness(at: Scratch, numbers: Numbers, wariness: F32s) -> None:
    """Wariness leaps where someone is detected and fades towards 1 elsewhere."""
    caught, level, decay = at.chance, numbers.level, numbers.decay
    for lane in range(LANES):
        faded = _CERTAIN + (wariness[lane] - _CERTAIN) * decay
        wariness[lane] = level if caught[lane] > _ZERO else faded


@step
def keep_shared(at: Scratch, n: int, numbers: Numbers, wealth: F64s) -> None:
    """Write down what the first n lanes earned, and count their cases."""
    case, counts, payoff = at.case, at.counts, numbers.payoff
    for lane in range(n):
        what = case[lane]
        wealth[lane] += payoff[what]
        counts[what] += 1


@step
def open_day(numbers: Numbers, today: Today, books: Books, day: int) -> None:
    """Detection follows yesterday's traffic; shared beliefs are as the evening left them."""
    n_routes = len(numbers.floor)
    total = 0
    if day > 0:
        for r in range(n_routes):
            total += books.trips[day - 1, r]
    mean = total / n_routes
    for r in range(n_routes):
        trips = books.trips[day - 1, r] if day > 0 else 0
        effort = effort_on_route(1.0, numbers.follow, float(trips), mean)
        today.chance[r] = F32(probability(numbers.detection * effort))
        today.shared[r] = F32(numbers.slope * today.believed[r])


@step
def close_day(numbers: Numbers, today: Today, books: Books, counts: I64s, day: int) -> None:
    """Book the day's counts by case, and let what all saw move what all believe."""
    for r in range(len(numbers.floor)):
        passed, detected = counts[2 * r], counts[2 * r + 1]
        trips = passed + detected
        books.trips[day, r], books.detections[day, r] = trips, detected
        if trips > 0:
            today.believed[r] += numbers.rate * (detected / trips - today.believed[r])


@kernel
def run_own(
    at: Scratch,
    numbers: Numbers,
    today: Today,
    books: Books,
    people: Own,
    key: Key,
    days: tuple[int, int],
    tiles: tuple[int, int],
    alone: bool,
) -> None:
    """Days of people with beliefs of their own, each day tile by tile.

    Args:
        days, tiles: the first, and the one after the last.
        alone: also open and close each day; else the caller does, and there is one day.
    """
    for day in range(days[0], days[1]):
        if alone:
            open_day(numbers, today, books, day)
        at.counts[:] = 0
        for tile in range(tiles[0], tiles[1]):
            beliefs, weights = people.beliefs[tile], people.weights[tile]
            draw_words(at.words, tile * LANES, day, key)
            draw_luck(at.luck, tile * LANES, day, key)
            ahead = min(tile + 1, tiles[1] - 1)
            race_own(at, weights, people.weights[ahead], people.beliefs[ahead])
            detect(at, today)
            learn_own(at, numbers, beliefs)
            n = min(LANES, people.n - tile * LANES)
            keep_own(at, n, numbers, beliefs, weights, people.wealth[tile])
        if alone:
            close_day(numbers, today, books, at.counts, day)


@kernel
def run_shared(
    at: Scratch,
    numbers: Numbers,
    today: Today,
    books: Books,
    people: Shared,
    key: Key,
    days: tuple[int, int],
    tiles: tuple[int, int],
    alone: bool,
) -> None:
    """Days of people who share beliefs; as `run_own`."""
    for day in range(days[0], days[1]):
        if alone:
            open_day(numbers, today, books, day)
        at.counts[:] = 0
        for tile in range(tiles[0], tiles[1]):
            draw_words(at.words, tile * LANES, day, key)
            draw_luck(at.luck, tile * LANES, day, key)
            race_shared(at, numbers, today, people.wariness[tile])
            detect(at, today)
            learn_wariness(at, numbers, people.wariness[tile])
            n = min(LANES, people.n - tile * LANES)
            keep_shared(at, n, numbers, people.wealth[tile])
        if alone:
            close_day(numbers, today, books, at.counts, day)


@kernel
def open_one(numbers: Numbers, today: Today, books: Books, day: int) -> None:
    """`open_day` for a caller who spreads a day over threads."""
    open_day(numbers, today, books, day)


@kernel
def close_one(numbers: Numbers, today: Today, books: Books, counts: I64s, day: int) -> None:
    """`close_day` for a caller who spreads a day over threads."""
    close_day(numbers, today, books, counts, day)
