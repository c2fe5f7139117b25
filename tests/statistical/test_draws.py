"""Draws as the engine keys them are even and independent, whichever part of the key moves by one.

Each check gives a number that is standard normal for perfect draws: chi-square over 256 cells, over
32 x 32 cells of pairs, correlations, counts of each bit. `BOUND` shares a false alarm of one in a
million seeds among all checks of the battery; the seed is fixed. Broken generators must fail.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from amnok.decisions import OPPORTUNITY_DRAW, ROUTE_DRAW
from amnok.draws import Key, draw4, philox, replicate_key, unit
from amnok.mechanisms import DECISIONS
from amnok.mechanisms.cameras import CAMERA_DRAW
from amnok.mechanisms.patrols import PATROL_DRAW
from amnok.mechanisms.security_police import SEARCH_DRAW
from amnok.rules.distributions import normal_quantile

pytestmark = pytest.mark.statistical

SEED = 20190721
LAGS = (1, 2, 3, 7, 14, 30)
PAIR_CELLS, CELLS = 32, 256
FALSE_ALARM = 1e-6
MOST_CHECKS = 6_000
BOUND = normal_quantile(1.0 - FALSE_ALARM / 2 / MOST_CHECKS)  # 6.4

Words = NDArray[np.uint32]
Whole = NDArray[np.int64]
MakeKey = Callable[[int, int], Key]


class Keyed(NamedTuple):
    """Which draws to look at: [along the part of the key that moves, everything else]."""

    key: NDArray[np.uint64]  # [..., 2]
    agent: Whole
    day: Whole
    decision: Whole
    option: Whole


def keyed(
    make_key: MakeKey,
    agent: Any = 0,
    day: Any = 0,
    decision: Any = OPPORTUNITY_DRAW,
    option: Any = 0,
    seed: Any = SEED,
    replicate: Any = 0,
) -> Keyed:
    seeds, replicates = np.broadcast_arrays(np.asarray(seed, dtype=np.uint64), replicate)
    flat = zip(seeds.ravel().tolist(), replicates.ravel().tolist(), strict=True)
    keys = np.array([make_key(*pair) for pair in flat], dtype=np.uint64).reshape(*seeds.shape, 2)
    parts = [np.asarray(part, dtype=np.int64) for part in (agent, day, decision, option)]
    shape = np.broadcast_shapes(seeds.shape, *(part.shape for part in parts))
    return Keyed(
        np.broadcast_to(keys, (*shape, 2)), *(np.broadcast_to(part, shape) for part in parts)
    )


LINE = np.arange(1 << 14).reshape(-1, 1)  # the part of the key that moves by one
REST = np.arange(1 << 13)  # everything else, split up further
DAYS, ROUTES, RUNS = LINE[:1024], LINE[:32], LINE[:256]
SOME = 311 * (REST[:128] // 2)  # agents
EITHER = np.where(REST[:128] % 2, CAMERA_DRAW, OPPORTUNITY_DRAW)
PERSON = {"agent": REST[:512] // 8, "day": REST[:512] % 8 - 3}
NUMBERS = np.array(DECISIONS)
FIRST, LAST = NUMBERS[:16, np.newaxis], NUMBERS[-16:, np.newaxis]
LOW, HIGH = (index[: 1 << 16] for index in np.triu_indices(363, 1))
FLIPPED = np.arange(2).reshape(-1, 1, 1)  # one bit of the part, from the lowest to the highest
BIT, BITS_OF_SEED = np.arange(32).reshape(-1, 1), np.arange(64, dtype=np.uint64).reshape(-1, 1)
FLIPPED_SEED = FLIPPED.astype(np.uint64) << BITS_OF_SEED

# 131,072 draws for each part of the key, as they lie side by side in a run.
SAMPLES: dict[str, dict[str, Any]] = {
    "agent": {"agent": LINE, "day": np.array([-90, -1, 0, 1, 7, 30, 200, 580])},
    "day": {"agent": SOME, "day": DAYS, "decision": EITHER},
    "day before": {"agent": SOME, "day": DAYS - 1024, "decision": EITHER},
    "day around 0": {"agent": REST[:128], "day": DAYS - 512, "decision": SEARCH_DRAW},
    "agent up, day down": {
        "agent": 2000 + 3000 * REST[:128] + DAYS,
        "day": 512 - DAYS,
        "decision": PATROL_DRAW,
    },
    "agent and day swapped": {"agent": np.array([LOW, HIGH]), "day": np.array([HIGH, LOW])},
    "decision": {"agent": REST // 4, "day": REST % 4 - 1, "decision": FIRST},
    "last decision": {"agent": REST // 4, "day": REST % 4, "decision": LAST},
    "option": {
        "agent": REST[:4096] // 8,
        "day": REST[:4096] % 8 - 3,
        "decision": ROUTE_DRAW,
        "option": ROUTES,
    },
    "replicate": {**PERSON, "replicate": RUNS},
    "seed": {**PERSON, "seed": RUNS},
    "seed beyond 32 bits": {**PERSON, "seed": RUNS + (2**32 - 128)},
    "seed's upper half": {**PERSON, "seed": RUNS << 32},
    "seed up, replicate down": {**PERSON, "seed": RUNS, "replicate": 256 - RUNS},
    "a bit of the agent": {"agent": 24 * REST[:2048] ^ (FLIPPED << BIT), "day": BIT},
    "a bit of the day": {"agent": 32 * REST[:2048] + BIT, "day": -90 ^ (FLIPPED << BIT)},
    "a bit of the option": {"agent": 32 * REST[:2048] + BIT, "option": 5 ^ (FLIPPED << BIT)},
    "a bit of the seed": {
        "agent": REST[:1024],
        "seed": np.uint64(SEED) ^ FLIPPED_SEED,
        "replicate": BITS_OF_SEED.astype(np.int64),
    },
}


def filler(generator: Any) -> Callable[..., None]:
    """A loop over a generator with the arguments of `draw4`; gives back the words behind it."""

    @numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
    def fill(
        key: NDArray[np.uint64],
        agent: Whole,
        day: Whole,
        decision: Whole,
        option: Whole,
        words: Words,
    ) -> None:
        for i in range(len(agent)):
            pair = Key(key[i, 0], key[i, 1])
            four = generator(pair, agent[i], day[i], decision[i], option[i])
            for word in range(4):
                words[i, word] = np.uint32(np.int64(four[word] * 4294967296.0))

    result: Callable[..., None] = fill
    return result


def words_of(fill: Callable[..., None], sample: Keyed) -> Words:
    """The four words of each draw, [along, everything else, 4]."""
    key, *parts = sample
    words = np.empty((parts[0].size, 4), dtype=np.uint32)
    fill(key.reshape(-1, 2), *(part.ravel() for part in parts), words)
    return words.reshape(*parts[0].shape, 4)


def chi_square(cells: Whole, n_cells: int) -> float:
    """Evenness over cells as a standard normal number (Wilson & Hilferty 1931)."""
    counts = np.bincount(cells.ravel(), minlength=n_cells)
    expected = cells.size / n_cells
    free = n_cells - 1
    ratio = float(((counts - expected) ** 2).sum()) / expected / free
    spread = 2.0 / (9.0 * free)
    return float((math.cbrt(ratio) - (1.0 - spread)) / math.sqrt(spread))


def pairs(first: Words, second: Words) -> float:
    """Evenness and independence of two words: chi-square over 32 x 32 cells."""
    shift = 32 - PAIR_CELLS.bit_length() + 1
    cells = (first >> shift).astype(np.int64) * PAIR_CELLS + (second >> shift)
    return chi_square(cells, PAIR_CELLS**2)


def correlation(first: Words, second: Words) -> float:
    a, b = ((word.astype(np.float64) + 0.5) / 2.0**32 - 0.5 for word in (first, second))
    return float((a * b).sum() * 12.0 / math.sqrt(a.size))


def bit_counts(words: Words) -> NDArray[np.float64]:
    """How far each of the 32 bits is from being set half of the time, from the lowest up."""
    columns = np.ascontiguousarray(words.ravel().astype("<u4")).view(np.uint8).reshape(-1, 4)
    counts = np.unpackbits(columns, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
    centred: NDArray[np.float64] = (counts - words.size / 2) / math.sqrt(words.size / 4)
    return centred


def at_lag(words: Words, lag: int) -> tuple[Words, Words]:
    """Draws so many places apart, each in one pair only."""
    n = len(words) // (2 * lag) * 2 * lag
    blocks = words[:n].reshape(-1, 2, lag, *words.shape[1:])
    return blocks[:, 0], blocks[:, 1]


def checks(words: Words) -> Iterator[tuple[str, float]]:
    """Every check of one sample, [along, everything else, 4]."""
    for w in range(4):
        shift = 32 - CELLS.bit_length() + 1
        yield f"evenness of word {w}", chi_square((words[..., w] >> shift).astype(np.int64), CELLS)
        for v in range(w):
            yield f"words {v} and {w}", pairs(words[..., v], words[..., w])
        for bit, count in enumerate(bit_counts(words[..., w])):
            yield f"bit {bit} of word {w}", float(count)
    here, there = at_lag(words, 1)
    for w in range(4):
        for bit, count in enumerate(bit_counts(here[..., w] ^ there[..., w])):
            yield f"bit {bit} of word {w} and the next", float(count)
        for v in range(4):
            yield f"word {w} and the next {v}", pairs(here[..., w], there[..., v])
    for lag in (lag for lag in LAGS if 2 * lag <= len(words)):
        here, there = at_lag(words, lag)
        for w in range(4):
            yield f"word {w}, pairs at lag {lag}", pairs(here[..., w], there[..., w])
            before, after = words[:-lag, ..., w], words[lag:, ..., w]
            yield f"word {w}, correlation at lag {lag}", correlation(before, after)


def battery(
    generator: Any, make_key: MakeKey, names: Iterable[str] = SAMPLES
) -> Iterator[tuple[str, float]]:
    fill = filler(generator)
    for name in names:
        for check, value in checks(words_of(fill, keyed(make_key, **SAMPLES[name]))):
            yield f"{name}: {check}", value


def is_normal(value: float) -> bool:
    return abs(value) < BOUND


@pytest.fixture(scope="module")
def found():
    return dict(battery(draw4, replicate_key))


def test_draws_are_even_and_independent(found):
    """False alarm: 1 in a million seeds. It sees a bit set 50.9% of the time, or a correlation of
    0.018."""
    assert len(found) <= MOST_CHECKS
    assert {name: value for name, value in found.items() if not is_normal(value)} == {}


def test_the_checks_are_standard_normal_numbers(found):
    """Else `BOUND` would mean nothing. Mean and spread lie within four standard errors: together
    a false alarm in about 1 of 10,000 seeds."""
    values = np.array(list(found.values()))
    assert abs(values.mean()) < 4 / math.sqrt(len(values))
    assert abs(values.std() - 1.0) < 4 / math.sqrt(2 * len(values))


def test_samples_are_of_one_size():
    for parts in SAMPLES.values():
        assert keyed(replicate_key, **parts).agent.size == 1 << 17


# What must not pass.


def weak(rounds: int) -> Any:
    """`draw4` on Philox with fewer rounds."""

    @numba.njit(error_model="numpy")  # type: ignore[untyped-decorator]
    def generator(key: Key, agent: int, day: int, decision: int, option: int) -> Any:
        mask, shift = np.uint64(0xFFFFFFFF), np.uint64(32)
        x0, x1 = np.uint64(agent) & mask, np.uint64(day) & mask
        x2, x3 = np.uint64(decision) & mask, np.uint64(option) & mask
        key0, key1 = key.low, key.high
        for _ in range(rounds):
            product0, product1 = np.uint64(0xD2511F53) * x0, np.uint64(0xCD9E8D57) * x2
            x0, x1 = (product1 >> shift) ^ x1 ^ key0, product1 & mask
            x2, x3 = (product0 >> shift) ^ x3 ^ key1, product0 & mask
            key0 = (key0 + np.uint64(0x9E3779B9)) & mask
            key1 = (key1 + np.uint64(0xBB67AE85)) & mask
        return unit(x0), unit(x1), unit(x2), unit(x3)

    return generator


def no_day(key, agent, day, decision, option):
    return draw4(key, agent, 0, decision, option)


def no_sign(key, agent, day, decision, option):
    return draw4(key, agent, abs(day), decision, option)


def no_decision(key, agent, day, decision, option):
    return draw4(key, agent, day, 0, option)


def no_option(key, agent, day, decision, option):
    return draw4(key, agent, day, decision, 0)


def no_upper_word(key, agent, day, decision, option):
    return draw4(Key(key.low, key.low), agent & 0xFF, day, decision, option)


def short_day(key, agent, day, decision, option):
    return draw4(key, agent, day & 0x7FF, decision, option)


def agents_of_16_bits(key, agent, day, decision, option):
    return draw4(key, agent & 0xFFFF, day, decision, option)


def short_option(key, agent, day, decision, option):
    return draw4(key, agent, day, decision, option & 0xFF)


def summed(key, agent, day, decision, option):
    return draw4(key, agent + day, 0, decision, option)


def commuting(key, agent, day, decision, option):
    return draw4(key, agent * day, agent + day, decision, option)


def one_word_twice(key, agent, day, decision, option):
    a, b, c, _ = draw4(key, agent, day, decision, option)
    return a, b, c, a


def one_sided_word(key, agent, day, decision, option):
    a, b, c, d = draw4(key, agent, day, decision, option)
    return a, b, c, d * d


def stuck_bit(key, agent, day, decision, option):
    a, b, c, d = draw4(key, agent, day, decision, option)
    word = np.uint64(np.int64(c * 4294967296.0)) | np.uint64(1)
    return a, b, unit(word), d


def too_even(key, agent, day, decision, option):
    """Rank-1 lattice: evener than chance."""
    a, b, c, _ = draw4(key, agent, day, decision, option)
    return a, b, c, (agent * 0.6180339887498949 + day * 0.7548776662466927) % 1.0


BROKEN = [
    (no_day, "day"),
    (no_sign, "day around 0"),
    (short_day, "a bit of the day"),
    (agents_of_16_bits, "a bit of the agent"),
    (short_option, "a bit of the option"),
    (no_decision, "decision"),
    (no_decision, "last decision"),
    (no_option, "option"),
    (no_upper_word, "agent"),
    (summed, "agent up, day down"),
    (commuting, "agent and day swapped"),
    (one_word_twice, "replicate"),
    (one_sided_word, "seed"),
    (stuck_bit, "day before"),
    (too_even, "agent"),
]


def fails(generator: Any, make_key: MakeKey, sample: str) -> bool:
    return not all(is_normal(value) for _, value in battery(generator, make_key, [sample]))


@pytest.mark.parametrize(("generator", "sample"), BROKEN)
def test_a_broken_key_fails(generator, sample):
    assert fails(numba.njit(error_model="numpy")(generator), replicate_key, sample)


@pytest.mark.parametrize("rounds", [1, 2, 4, 6])
def test_too_few_rounds_fail(rounds):
    assert fails(weak(rounds), replicate_key, "day")


def test_ten_rounds_are_what_the_engine_uses():
    key = replicate_key(SEED, 0)
    expected = tuple(unit(word) for word in philox(5, -7, 3, 2, *key))
    assert weak(10)(key, 5, -7, 3, 2) == expected == draw4(key, 5, -7, 3, 2)


def same_key(seed, replicate):
    return replicate_key(seed, 0)


def seeds_of_32_bits(seed, replicate):
    return replicate_key(seed & 0xFFFFFFFF, replicate)


def summed_seed(seed, replicate):
    return replicate_key(seed + replicate, 0)


@pytest.mark.parametrize(
    ("make_key", "sample"),
    [
        (same_key, "replicate"),
        (seeds_of_32_bits, "seed's upper half"),
        (seeds_of_32_bits, "a bit of the seed"),
        (summed_seed, "seed up, replicate down"),
    ],
)
def test_broken_replicate_keys_fail(make_key, sample):
    assert fails(draw4, make_key, sample)
