"""exp, log and their kin: exact at the edges, near the truth elsewhere, always the same bits."""

from __future__ import annotations

import importlib.util
import math
import struct
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llvmlite.binding import get_host_cpu_features
from numpy.typing import NDArray

from amnok import compiling, vector_math
from amnok.compiling import code_cache, kernel
from amnok.compiling.decorators import Compiled

Floats = NDArray[np.float64]

N = 20_000  # numbers of each kind
LARGEST, NORMAL, SMALLEST = 1.7976931348623157e308, 2.2250738585072014e-308, 5e-324
EXP_TOP, EXP_BOTTOM = 709.782712893384, -745.1332191019411


@kernel
def exp(x: Floats, result: Floats) -> None:
    for i in range(len(x)):
        result[i] = vector_math.exp(x[i])


@kernel
def expm1(x: Floats, result: Floats) -> None:
    for i in range(len(x)):
        result[i] = vector_math.expm1(x[i])


@kernel
def log(x: Floats, result: Floats) -> None:
    for i in range(len(x)):
        result[i] = vector_math.log(x[i])


@kernel
def log_positive(x: Floats, result: Floats) -> None:
    for i in range(len(x)):
        result[i] = vector_math.log_positive(x[i])


@kernel
def log1p(x: Floats, result: Floats) -> None:
    for i in range(len(x)):
        result[i] = vector_math.log1p(x[i])


LOOPS: dict[str, Any] = {
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log_positive": log_positive,
    "log1p": log1p,
}


def looped(name: str, x: Floats) -> Floats:
    result = np.empty_like(x)
    LOOPS[name](x, result)
    return result


def bits(x: Floats) -> NDArray[np.int64]:
    """The bits of numbers, all NaN alike."""
    return np.where(np.isnan(x), np.nan, x).view(np.int64)


def numbers() -> Floats:
    """Random numbers of every size and sign, thick where the functions have their seams."""
    random = np.random.default_rng(709)
    sign = random.choice([-1.0, 1.0], N)
    multiples = random.integers(-1100, 1100, N) * math.log(2) / 2
    return np.concatenate(
        [
            random.integers(0, 2**64, N, dtype=np.uint64).view(np.float64),  # infinities, NaN too
            random.integers(0, 2**52, N).view(np.float64) * sign,  # subnormal
            sign * 10.0 ** random.uniform(-20, 3, N),
            1.0 + sign * 10.0 ** random.uniform(-17, 0, N),
            -1.0 + sign * 10.0 ** random.uniform(-17, 0, N),
            random.uniform(-0.6, 1.6, N),
            multiples * (1.0 + sign * 10.0 ** random.uniform(-17, -3, N)),
            2.0 ** (random.integers(-1070, 1020, N) + 0.5) * (1.0 + 1e-14 * sign),
            random.uniform(EXP_BOTTOM - 1, -700.0, N),
            random.uniform(700.0, EXP_TOP + 1, N),
            [EXP_TOP, EXP_BOTTOM, LARGEST, NORMAL, SMALLEST, math.nextafter(-1.0, 0.0)],
        ]
    )


NUMBERS = numbers()


def numbers_for(name: str) -> Floats:
    """Those that a function takes."""
    return (
        NUMBERS[(NUMBERS >= NORMAL) & (NUMBERS <= LARGEST)] if name == "log_positive" else NUMBERS
    )


def truth(name: str, x: Floats) -> NDArray[np.longdouble]:
    """The function in long double."""
    with np.errstate(all="ignore"):
        result: NDArray[np.longdouble] = getattr(np, name)(x.astype(np.longdouble))
    return result


@pytest.mark.skipif(
    np.finfo(np.longdouble).nmant < 60, reason="long double is no finer than a float64 here"
)
@pytest.mark.parametrize(
    ("name", "bound"), [("exp", 1.25), ("expm1", 2.75), ("log", 1.5), ("log1p", 2.0)]
)
def test_within_a_few_units_in_the_last_place(name, bound):
    """Worst of 4 million numbers in the worst stretch of each: 1.03, 2.40, 1.33, 1.67 units."""
    result, true = looped(name, NUMBERS), truth(name, NUMBERS)
    with np.errstate(over="ignore"):
        rounded = true.astype(np.float64)
    finite = np.isfinite(rounded)
    assert np.array_equal(bits(result[~finite]), bits(rounded[~finite]))
    unit = np.spacing(np.abs(rounded[finite])).astype(np.longdouble)
    error = np.abs(result[finite] - true[finite]) / unit
    worst = int(error.argmax())
    assert error[worst] < bound, f"{name}({NUMBERS[finite][worst]!r}): {error[worst]} units"
    assert np.array_equal(np.signbit(result[finite]), np.signbit(rounded[finite]))


EDGES = {
    "exp": [
        (0.0, 1.0),
        (-0.0, 1.0),
        (SMALLEST, 1.0),
        (-SMALLEST, 1.0),
        (math.nextafter(EXP_TOP, math.inf), math.inf),
        (EXP_BOTTOM, SMALLEST),
        (math.nextafter(EXP_BOTTOM, -math.inf), 0.0),
        (LARGEST, math.inf),
        (-LARGEST, 0.0),
        (math.inf, math.inf),
        (-math.inf, 0.0),
        (math.nan, math.nan),
    ],
    "expm1": [
        (0.0, 0.0),
        (-0.0, -0.0),
        (SMALLEST, SMALLEST),
        (-SMALLEST, -SMALLEST),
        (3 * SMALLEST, 3 * SMALLEST),
        (NORMAL, NORMAL),
        (-NORMAL, -NORMAL),
        (-37.5, -1.0),
        (math.nextafter(EXP_TOP, math.inf), math.inf),
        (LARGEST, math.inf),
        (-LARGEST, -1.0),
        (math.inf, math.inf),
        (-math.inf, -1.0),
        (math.nan, math.nan),
    ],
    "log": [
        (1.0, 0.0),
        (0.0, -math.inf),
        (-0.0, -math.inf),
        (SMALLEST, -744.4400719213812),
        (NORMAL, -708.3964185322641),
        (math.nextafter(NORMAL, 0.0), -708.3964185322641),
        (math.nextafter(1.0, 2.0), 2.2204460492503128e-16),
        (math.nextafter(1.0, 0.0), -1.1102230246251565e-16),
        (LARGEST, 709.782712893384),
        (-SMALLEST, math.nan),
        (-LARGEST, math.nan),
        (math.inf, math.inf),
        (-math.inf, math.nan),
        (math.nan, math.nan),
    ],
    "log1p": [
        (0.0, 0.0),
        (-0.0, -0.0),
        (SMALLEST, SMALLEST),
        (-SMALLEST, -SMALLEST),
        (NORMAL, NORMAL),
        (-NORMAL, -NORMAL),
        (-1.0, -math.inf),
        (math.nextafter(-1.0, 0.0), -36.7368005696771),
        (math.nextafter(-1.0, -2.0), math.nan),
        (LARGEST, 709.782712893384),
        (-LARGEST, math.nan),
        (math.inf, math.inf),
        (-math.inf, math.nan),
        (math.nan, math.nan),
    ],
}
EDGE_CASES = [(name, x, expected) for name, cases in EDGES.items() for x, expected in cases]


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    """The module with nothing in it compiled: neither its functions nor what they call."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "rule", lambda function: function)
        spec = importlib.util.spec_from_file_location("plain_vector_math", vector_math.__file__)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def same(x: float, expected: float) -> bool:
    return bool(bits(np.array([x])) == bits(np.array([expected])))


@pytest.mark.parametrize(("name", "x", "expected"), EDGE_CASES)
def test_edges(name, x, expected, plain):
    for result in (
        getattr(vector_math, name)(x),
        getattr(plain, name)(x),
        looped(name, np.full(17, x))[3],  # of a vector
    ):
        assert same(result, expected), f"{name}({x!r}) is {result!r}"


@pytest.mark.parametrize("name", ["exp", "expm1"])
def test_infinite_only_beyond_the_largest_number(name):
    around = np.array([EXP_TOP, math.nextafter(EXP_TOP, math.inf)])
    assert np.isfinite(looped(name, around)).tolist() == [True, False]


@pytest.mark.parametrize("name", LOOPS)
def test_plain_python_gives_the_same_bits(name, plain):
    x = numbers_for(name)[::67]
    function = getattr(plain, name)
    result = np.array([function(number) for number in x.tolist()])
    assert np.array_equal(bits(result), bits(looped(name, x)))


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_gives_the_same_bits_as_single_calls(name):
    x = numbers_for(name)[::7]
    function = getattr(vector_math, name)
    single = np.array([function(number) for number in x.tolist()])
    assert np.array_equal(bits(single), bits(looped(name, x)))


@pytest.mark.skipif(
    not get_host_cpu_features().get("avx2"), reason="looks at code for a processor with AVX2"
)
@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_is_vector_code(name, tmp_path, monkeypatch):
    """What makes these functions worth having: see docs/decisions/0009-elementary-functions.md."""
    if not isinstance(LOOPS[name], Compiled):
        pytest.skip("nothing is compiled")
    monkeypatch.setattr(code_cache, "FOLDERS", (tmp_path,))  # code that was kept has no assembler
    loop = kernel(LOOPS[name].py_func)
    loop(np.ones(3), np.ones(3))
    (code,) = loop.inspect_asm().values()
    assert code.count("mulpd") >= 10


def rises(name: str, lower: Floats, upper: Floats) -> bool:
    return bool((looped(name, lower) <= looped(name, upper)).all())


def test_the_short_logarithm_is_the_whole_one_where_it_holds():
    x = numbers_for("log_positive")
    assert len(x) > 3 * N
    assert np.array_equal(bits(looped("log_positive", x)), bits(looped("log", x)))


@pytest.mark.parametrize("name", ["exp", "expm1", "log"])
def test_rising_from_number_to_next_number(name):
    x = NUMBERS[(NUMBERS < LARGEST) & ((NUMBERS >= 0.0) | (name != "log"))]
    assert rises(name, x, np.nextafter(x, np.inf))


def test_log1p_rises_in_steps_of_four_units():
    """Between neighbours it may fall by a unit, where 1 + x rounds to even."""
    x = NUMBERS[(NUMBERS > -1.0) & (NUMBERS < LARGEST / 2)]
    assert rises("log1p", x, x + 4 * np.spacing(np.abs(x)))


@given(st.floats(allow_nan=False))
def test_bits_of_a_number(x):
    expected = struct.unpack("<q", struct.pack("<d", x))[0]
    assert vector_math.bits_of(x) == expected
    assert same(vector_math.number_of(expected), x)


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_64_bits_are_a_number(word):
    expected = struct.unpack("<d", struct.pack("<q", word))[0]
    assert same(vector_math.number_of(word), expected)
    if not math.isnan(expected):
        assert vector_math.bits_of(expected) == word


def test_plain_python_sees_the_same_bits(plain):
    for x in (0.0, -0.0, 1.0, -1.5, SMALLEST, NORMAL, LARGEST, math.inf, -math.inf):
        assert plain.bits_of(x) == vector_math.bits_of(x)
        assert same(plain.number_of(plain.bits_of(x)), x)
