"""How kernels are put together, where their code is kept, and for how long."""

import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numba
import numpy as np
import pytest
from tests.mounts import mounted

from amnok.compiling import code_cache, is_compiled, kernel, rule, step
from amnok.compiling.made_of import digest_of
from amnok.compiling.memory import hold, lend
from amnok.engine.day import run_days
from amnok.engine.replicate import start
from amnok.results.threads import compile_engine

compiled_only = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")

KERNEL = '''
import enum
import sys
from typing import NamedTuple
import numpy as np
from amnok.compiling import kernel, rule, step

{constant}
LIMITS = (1, {limit})
TABLE = np.array([1.0, 2.0])

class Kind(enum.IntEnum):
    ONE = {kind}

@rule
def inner(x: float) -> float:
    """{text}"""
    return {formula}

@step
def middle(x, y={default}):
    return inner(x) + y + (Kind.ONE | 0) + LIMITS[1]  # {text}

@kernel
def outer(values):
    for i in range(len(values)):
        values[i] = middle(values[i])

if __name__ == "__main__":
    values = np.ones(3)
    outer(values)
    print(values[0], outer._cache_hits.total())
'''
AS_IS = {
    "constant": "SCALE = 2.0",
    "limit": "5",
    "kind": "7",
    "text": "Some words.",
    "formula": "SCALE * x",
    "default": "1.0",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder for compiled code."""
    monkeypatch.setattr(code_cache, "FOLDERS", (tmp_path / "code",))
    return tmp_path / "code"


def written(path, **changes):
    path.write_text(KERNEL.format(**{**AS_IS, **changes}))
    return path


def digest_with(tmp_path, name, **changes):
    path = written(tmp_path / f"{name}.py", **changes)
    return digest_of(runpy.run_path(str(path))["outer"])


@pytest.mark.parametrize(
    "changes",
    [
        {"constant": "SCALE = 2"},
        {"constant": "SCALE = 3.0"},
        {"limit": "6"},
        {"kind": "8"},
        {"formula": "x + SCALE"},
        {"formula": "TABLE[0] * x"},
        {"default": "2.0"},
    ],
)
def test_code_is_stale_once_anything_it_is_made_of_changes(tmp_path, changes):
    before = digest_with(tmp_path, "before")
    assert digest_with(tmp_path, "again") == before
    assert digest_with(tmp_path, "after", **changes) != before


def test_words_do_not_make_code_stale(tmp_path):
    before = digest_with(tmp_path, "before")
    assert digest_with(tmp_path, "after", text="Other words.") == before


def test_code_is_stale_once_its_module_is_called_otherwise(tmp_path):
    path = str(written(tmp_path / "kernels.py"))
    names = ("here", "there")
    here, there = (digest_of(runpy.run_path(path, run_name=one)["outer"]) for one in names)
    assert here != there


def run_file(path, **environment):
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    result = subprocess.run(
        [sys.executable, str(path)],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.split(), result.stderr


@pytest.mark.slow
@compiled_only
def test_another_process_finds_the_code_and_an_edit_is_noticed(tmp_path):
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    path = written(tmp_path / "kernels.py")
    assert run_file(path, **cache) == (["15.0", "0"], "")
    assert run_file(path, **cache) == (["15.0", "1"], "")
    written(path, formula="SCALE * x + 1")
    assert run_file(path, **cache) == (["16.0", "0"], "")


@compiled_only
@pytest.mark.parametrize(
    "damage",
    [
        "cut",
        pytest.param("flipped", marks=pytest.mark.slow),
        pytest.param("empty", marks=pytest.mark.slow),
        pytest.param("of a module that is gone", marks=pytest.mark.slow),
    ],
)
def test_damaged_code_is_dropped_with_a_word_and_made_anew(tmp_path, damage):
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    path = written(tmp_path / "kernels.py")
    run_file(path, **cache)
    (file,) = (tmp_path / "cache").rglob("*.code")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    gone = b"camnok.gone\nkernel\n."
    pieces = {
        "cut": content[: len(content) // 2],
        "flipped": content,
        "empty": b"",
        "of a module that is gone": hashlib.sha256(gone).digest() + gone,
    }
    file.write_bytes(pieces[damage])
    output, words = run_file(path, **cache)
    assert output == ["15.0", "0"]
    assert re.fullmatch(r"amnok: compiled code was damaged, and is made anew: .*\n", words)
    assert run_file(path, **cache) == (["15.0", "1"], "")


@compiled_only
@pytest.mark.slow
@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "NUMBA_CACHE_DIR"])
def test_a_place_that_cannot_be_written_does_no_harm(tmp_path, variable):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    home = {"HOME": str(blocked), variable: str(blocked)}
    assert run_file(written(tmp_path / "kernels.py"), **home) == (["15.0", "0"], "")


@compiled_only
@pytest.mark.slow
def test_processes_that_compile_at_once_do_not_disturb_each_other(tmp_path):
    """Each writes its own code whole; the last one stays, and all of them are the same."""
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    path = written(tmp_path / "kernels.py")
    with ThreadPoolExecutor(4) as side_by_side:
        told = list(side_by_side.map(lambda _: run_file(path, **cache), range(4)))
    assert {(output[0], words) for output, words in told} == {("15.0", "")}
    (file,) = (one for one in (tmp_path / "cache").rglob("*") if one.is_file())
    assert file.suffix == ".code"
    assert run_file(path, **cache) == (["15.0", "1"], "")


@compiled_only
@pytest.mark.slow
def test_a_home_that_is_read_only_or_gone_does_no_harm(tmp_path):
    path = written(tmp_path / "kernels.py")
    below_a_file = str(path / "home")
    with mounted(tmp_path / "home", "ro") as home:
        for one in (str(home), "", below_a_file):
            given = {"HOME": one, "XDG_CACHE_HOME": one and f"{one}/.cache"}
            (value, _), told = run_file(path, **given)  # without a HOME there may be code at hand
            assert (value, told) == ("15.0", "")


def doubled(values):
    for i in range(len(values)):
        values[i] *= 2.0


@compiled_only
def test_a_full_disk_is_left_alone(folder, monkeypatch):
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    loop = kernel(doubled)
    loop(np.ones(2))
    assert not list(folder.iterdir())
    assert is_compiled(loop)


@compiled_only
def test_code_that_no_run_has_used_for_a_month_goes(folder):
    folder.mkdir()
    old, recent = folder / "old.code", folder / "recent.code"
    for other in (old, recent):
        other.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert not is_compiled(kernel(doubled))
    kernel(doubled)(np.ones(2))
    assert is_compiled(kernel(doubled))
    assert not old.exists()
    assert recent.exists()


@compiled_only
@pytest.mark.slow
def test_the_day_is_a_few_functions_of_machine_code(tiny_border, tmp_path, monkeypatch):
    """Parts are written into the kernel: were they left out, or doubled, this would show it.

    What stays a function of its own: the kernel and two ways into it, the evening, and long rules.
    """
    monkeypatch.setattr(code_cache, "FOLDERS", (tmp_path,))
    fresh = kernel(vars(run_days)["__wrapped__"])
    run = start(tiny_border, 1, 0)
    fresh(hold(run), 0, 1, 0, len(run.world.blocks), True)
    (code,) = fresh.inspect_llvm().values()
    functions = re.findall(r"^define .*@\"?([^\"(]+)", code, re.M)
    assert len(functions) <= 12
    assert sum("finish_day" in name for name in functions) == 1
    assert not any("run_blocks" in name or "weigh" in name for name in functions)


@pytest.fixture
def tiny_border():
    from amnok.scenario import load

    scenario = load(Path(__file__).parent / "scenarios" / "tiny-border")
    compile_engine(scenario)
    return scenario


@compiled_only
def test_a_step_called_from_python_runs_as_python():
    @step
    def halved(x):
        return x / 2 if isinstance(x, int) else None

    assert halved(3) == 1.5


@compiled_only
def test_a_held_tuple_shows_what_becomes_of_its_arrays(folder):
    from typing import NamedTuple

    class Inner(NamedTuple):
        numbers: np.ndarray

    class Outer(NamedTuple):
        inner: Inner
        more: np.ndarray
        scale: float

    @step
    def add(outer, i):
        outer.more[i] += outer.scale * outer.inner.numbers[i]

    @kernel
    def add_all(held):
        outer = lend(held)
        for i in range(len(outer.more)):
            add(outer, i)

    pair = Outer(Inner(np.arange(4.0)), np.ones(4), 2.0)
    held = hold(pair)
    add_all(held)
    pair.inner.numbers[:] = 10.0
    add_all(held)
    assert pair.more.tolist() == [21.0, 23.0, 25.0, 27.0]
    add_all(pair)
    assert pair.more.tolist() == [41.0, 43.0, 45.0, 47.0]
    for more in (np.ones(8)[::2], np.ones(4, np.float32)):  # as long, and laid out in other ways
        add_all(hold(pair._replace(more=more)))
        assert more.tolist() == [21.0] * 4


@compiled_only
def test_a_rule_is_the_same_for_python_and_for_a_kernel(folder):
    @rule
    def third(x):
        return x / 3.0

    @kernel
    def thirds(values):
        for i in range(len(values)):
            values[i] = third(values[i])

    values = np.array([1.0, 2.0])
    thirds(values)
    assert values.tolist() == [third(1.0), third(2.0)]
