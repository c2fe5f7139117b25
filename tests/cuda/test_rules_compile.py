"""Rules, draws and elementary functions are device functions for CUDA as they are.

Compiling needs numba-cuda and no GPU. On a machine with one the rules also run, and agree with the
processor up to rounding: CUDA fuses a product and a sum into one operation, which rounds once.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import re
import subprocess
import sys
import types
import typing
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.test_compiled import RULES, arguments_of, python_of

from amnok import draws, vector_math
from amnok.compiling.decorators import Compiled

pytest.importorskip("numba_cuda", reason="numba-cuda is not installed: pip install 'amnok[cuda]'")

from numba import cuda
from numba.cuda import dispatcher

CAPABILITY = (9, 0)  # of an H100; code for one runs on all later ones
TYPES = {float: numba.float64, int: numba.int64, bool: numba.boolean}
WORD, NUMBER = numba.uint64, numba.int64
KEY = numba.typeof(draws.replicate_key(1, 0))
WITH_TYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    **{
        f"vector_math.{name}": (getattr(vector_math, name), (numba.float64,))
        for name in ("bits_of", "exp", "expm1", "log", "log_positive", "log1p")
    },
    "vector_math.number_of": (vector_math.number_of, (NUMBER,)),
    "draws.philox": (draws.philox, (NUMBER,) * 4 + (WORD,) * 2),
    "draws.unit": (draws.unit, (WORD,)),
    "draws.draw": (draws.draw, (KEY,) + (NUMBER,) * 4),
    "draws.draw4": (draws.draw4, (KEY,) + (NUMBER,) * 4),
}

is_simulated = bool(numba.config.ENABLE_CUDASIM)
compiles = pytest.mark.skipif(is_simulated, reason="the simulator compiles nothing")


@pytest.fixture(autouse=True, scope="module")
def _known_to_cuda():
    """Under their names rules stand as what Numba makes of them: CUDA asks for no less."""
    with pytest.MonkeyPatch.context() as patch:
        for module in [one for name, one in sys.modules.items() if name.startswith("amnok.")]:
            for name, value in list(vars(module).items()):
                if isinstance(value, Compiled):
                    patch.setattr(module, name, value.dispatcher)
        yield


def types_of(name: str) -> tuple[Any, tuple[Any, ...]]:
    """A function and the types of its arguments."""
    if name in WITH_TYPES:
        return WITH_TYPES[name]
    python = python_of(RULES[name])
    hints = typing.get_type_hints(python)
    return python, tuple(
        TYPES[hints[argument]] for argument in inspect.signature(python).parameters
    )


@functools.cache
def ptx_of(name: str) -> tuple[str, Any]:
    """The code of a device function for `CAPABILITY`, and the type it returns."""
    function, arguments = types_of(name)
    with pytest.MonkeyPatch.context() as patch:
        # What a device function calls is compiled for the device at hand: pretend one.
        pretended = types.SimpleNamespace(compute_capability=CAPABILITY)
        patch.setattr(dispatcher, "get_current_device", lambda: pretended)
        ptx, returned = cuda.compile_ptx(python_of(function), arguments, device=True, cc=CAPABILITY)
    return ptx, returned


ALL = [*RULES, *WITH_TYPES]


@compiles
@pytest.mark.parametrize("name", ALL)
def test_compiles_to_a_device_function(name):
    ptx, _ = ptx_of(name)
    assert f".target sm_{CAPABILITY[0]}{CAPABILITY[1]}" in ptx
    assert len(re.findall(r"^\.visible \.func", ptx, re.MULTILINE)) == 1
    assert name.split(".")[-1] in ptx


@compiles
@pytest.mark.parametrize("name", ALL)
def test_calls_nothing_that_a_device_lacks(name):
    ptx, _ = ptx_of(name)
    assert re.findall(r"^\.extern .*", ptx, re.MULTILINE) == []


@compiles
@pytest.mark.parametrize("name", ALL)
def test_computes_in_double_precision(name):
    """`pow` of CUDA's own library compares halves of a number as floats, but computes in double."""
    ptx, _ = ptx_of(name)
    arithmetic = r"\b(?:add|sub|mul|fma|mad|div|rcp|sqrt|rsqrt|ex2|lg2|sin|cos)\S*\.f(?:16|32)\b"
    assert re.findall(arithmetic, ptx) == []


@compiles
@pytest.mark.parametrize("name", RULES)
def test_returns_what_its_python_says(name):
    _, returned = ptx_of(name)
    hint = typing.get_type_hints(python_of(RULES[name]))["return"]
    expected = [TYPES[one] for one in typing.get_args(hint) or (hint,)]
    assert list(getattr(returned, "types", [returned])) == expected


def assembler() -> str | None:
    """NVIDIA's assembler, on the path or from the packages that come with numba-cuda."""
    found: str | None = importlib.import_module("cuda.pathfinder").find_nvidia_binary_utility(
        "ptxas"
    )
    return found


@compiles
@pytest.mark.skipif(assembler() is None, reason="ptxas is not installed")
def test_assembles_to_machine_code(tmp_path):
    for name in ALL:
        (tmp_path / f"{name}.ptx").write_text(ptx_of(name)[0])
        program = [str(assembler()), f"-arch=sm_{CAPABILITY[0]}{CAPABILITY[1]}", "-c"]
        done = subprocess.run(
            [*program, f"{name}.ptx", "-o", os.devnull],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{name}: {done.stderr}"


def kernel_of(name: str) -> Any:
    """A kernel that runs a rule over columns: `kernel(column of each argument, result)`."""
    parameters = list(inspect.signature(python_of(RULES[name])).parameters)
    columns = ", ".join(parameters)
    cells = ", ".join(f"{parameter}[i]" for parameter in parameters)
    scope: dict[str, Any] = {"cuda": cuda, "rule": RULES[name]}
    code = f"""
def kernel({columns}, result):
    i = cuda.grid(1)
    if i < len(result):
        result[i] = rule({cells})
"""
    exec(code, scope)
    return cuda.jit(scope["kernel"])


def is_one_number(name: str) -> bool:
    return not typing.get_args(typing.get_type_hints(python_of(RULES[name]))["return"])


@pytest.mark.skipif(not cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("name", [name for name in RULES if is_one_number(name)])
@settings(max_examples=5)
@given(data=st.data())
def test_gives_on_the_device_what_it_gives_here(name, data):
    rows = data.draw(st.lists(arguments_of(RULES[name]), min_size=1, max_size=100))
    expected = np.array([RULES[name](*row) for row in rows])
    result = np.zeros_like(expected)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    kernel_of(name)[1, len(rows)](*columns, result)
    assert np.allclose(result, expected, rtol=1e-9, atol=1e-9, equal_nan=True)
