"""exp and log in single precision against double precision, over all that is asked of them."""

import numpy as np
import pytest
from float32_math import F32, I32, U32, exp2, log2_of_word, unit_of_word

RNG = np.random.default_rng(20181103)
POWERS = np.array([1 << k for k in range(32)], dtype=np.int64)
EDGES = [
    *range(1, 300),
    *(POWERS[8:, None] + np.arange(-2, 3)).ravel(),
    *range(2**32 - 70_000, 2**32, 64),
    *range(2**32 - 400, 2**32),
]
WORDS = np.unique(np.append(RNG.integers(1, 2**32, 20_000), EDGES)).astype(U32)
EXPONENTS = np.unique(
    np.concatenate(
        [
            RNG.uniform(-125.0, 127.0, 20_000),
            RNG.uniform(-1.0, 1.0, 10_000),
            np.arange(-125.0, 127.0, 0.5),
            np.nextafter(np.arange(-125.0, 127.0, 0.5, dtype=F32), F32(200.0)),
            np.nextafter(np.arange(-124.5, 127.5, 0.5, dtype=F32), F32(-200.0)),
            [127.0, 1e-30, -1e-30, 1e-8, -1e-8],
        ]
    ).astype(F32)
)


def each(function, values):
    return np.array([function(value) for value in values], dtype=F32)


def test_exp2_is_good_to_four_units_in_the_last_place():
    right = np.exp2(EXPONENTS.astype(np.float64))
    assert np.abs(each(exp2, EXPONENTS) / right - 1.0).max() < 2.5e-7


def test_exp2_of_whole_numbers_is_exact():
    whole = np.arange(-125, 128).astype(F32)
    np.testing.assert_array_equal(each(exp2, whole), np.ldexp(1.0, whole.astype(int)))


def test_log_of_a_word_is_good_to_a_millionth_near_zero_too():
    logs = each(log2_of_word, WORDS).astype(np.float64) / 2**23
    right = np.log2(WORDS.astype(F32).astype(np.float64)) - 32.0
    is_one = right == 0.0
    assert is_one.sum() == 128
    assert np.all(logs[is_one] == 0.0)
    assert np.abs(logs[~is_one] / right[~is_one] - 1.0).max() < 1.3e-6
    # The rounding of the word to 24 bits comes on top.
    exact = np.log1p((WORDS.astype(np.float64) - 2.0**32) / 2.0**32) / np.log(2.0)
    assert np.abs(logs - exact).max() < 4.4e-8 + 1.3e-6 * 32.0
    assert np.abs(logs - exact)[exact > -1e-3].max() < 4.5e-8


def test_log_of_word_zero_is_finite_and_below_all_others():
    assert float(log2_of_word(U32(0))) == -159.0 * 2**23
    assert float(log2_of_word(U32(1))) == -32.0 * 2**23


def test_unit_of_a_word_is_its_first_24_bits():
    np.testing.assert_array_equal(each(unit_of_word, WORDS), (WORDS >> 8) / 2.0**24)
    assert unit_of_word(U32(2**32 - 1)) < 1.0


@pytest.mark.parametrize(
    ("function", "values"),
    [(exp2, EXPONENTS), (log2_of_word, WORDS), (unit_of_word, WORDS)],
    ids=["exp2", "log2_of_word", "unit_of_word"],
)
def test_compiled_and_plain_agree_to_the_last_bit(function, values):
    plain = getattr(function, "py_func", function)
    some = values[:: len(values) // 4_000]
    np.testing.assert_array_equal(each(function, some).view(I32), each(plain, some).view(I32))
