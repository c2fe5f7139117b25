"""What benchmarks say about the machine and about memory."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.paths import ROOT

MACHINE = ROOT / "benchmarks" / "machine.py"


@pytest.fixture(scope="module")
def machine() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_machine", MACHINE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(name: str, family: int, model: int, flags: str) -> str:
    """/proc/cpuinfo of two cores."""
    core = (
        f"model\t\t: {model}\nmodel name\t: {name}\ncpu family\t: {family}\nstepping\t: 1\n"
        f"power management:\nflags\t\t: {flags}\n"
    )
    return f"{core}\n{core}"


def test_a_vague_name_of_a_processor_gets_its_numbers(machine: ModuleType) -> None:
    vague = described("AMD EPYC", 25, 17, "fpu avx2 avx512f")
    assert machine.processor(vague) == "AMD EPYC (family 25, model 17, stepping 1), AVX-512"
    assert machine.processor(vague.replace(" avx512f", "")).endswith(", AVX2")


def test_a_processor_without_a_description_still_has_a_name(machine: ModuleType) -> None:
    assert machine.processor("")
    assert machine.processor("processor: 0\nCPU part: 0xd0c")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
def test_peak_memory_is_not_inherited(machine: ModuleType) -> None:
    held = b"x" * 200_000_000
    script = "import runpy, sys; print(runpy.run_path(sys.argv[1])['peak_memory']())"
    child = subprocess.run(
        [sys.executable, "-c", script, str(MACHINE)], stdout=subprocess.PIPE, check=True
    )
    assert machine.peak_memory() > len(held) / 1e9
    assert float(child.stdout) < len(held) / 1e9


def test_unknown_memory_is_blank(machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "_text", lambda path: "")
    assert machine.peak_memory() is None
    assert machine.gigabytes(None) == ""
    assert machine.gigabytes(0.256) == "0.26"
