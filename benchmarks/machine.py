"""What benchmarks share: programs of their own, the memory these take, and what all ran on."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from pathlib import Path
from typing import Any


def output_of(*arguments: str, **environment: str) -> str:
    """What Python prints when run anew with these arguments and more environment variables."""
    command = [sys.executable, *arguments]
    whole = {**os.environ, **environment}
    done = subprocess.run(command, env=whole, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def peak_memory() -> float | None:
    """The most memory that this process has had, in GB; None where the system does not say.

    From Linux's high-water mark, which starts anew with each program that is run. The peak that
    `getrusage` tells does not: a program takes over that of the process that started it, so that a
    small one looks as large as its parent.
    """
    found = re.search(r"^VmHWM:\s*(\d+) kB", _text("/proc/self/status"), re.MULTILINE)
    return int(found[1]) * 1024 / 1e9 if found else None


def gigabytes(memory: float | None) -> str:
    """Memory for a table; blank where it is not known."""
    return "" if memory is None else f"{memory:.2f}"


def processor(described: str) -> str:
    """The processor that /proc/cpuinfo describes, so that a reader can tell which it is.

    Virtual machines often hide all but the brand. Family, model and stepping still tell one
    generation from the next, and the widest vectors tell what compiled loops can do.

    >>> processor("model name: AMD EPYC\\ncpu family: 25\\nmodel: 1\\nstepping: 1\\nflags: avx2")
    'AMD EPYC (family 25, model 1, stepping 1), AVX2'
    """
    first = described.partition("\n\n")[0]  # all cores of a machine are alike, mostly
    entries = dict(re.findall(r"^([^:\n]+?)\s*:[ \t]*(.*)$", first, re.MULTILINE))
    name = entries.get("model name") or platform.processor() or platform.machine()
    numbers = {"family": "cpu family", "model": "model", "stepping": "stepping"}
    known = [f"{word} {entries[key]}" for word, key in numbers.items() if key in entries]
    flags = entries.get("flags", "").split()
    vectors = {"avx512f": "AVX-512", "avx2": "AVX2"}
    widest = next((label for flag, label in vectors.items() if flag in flags), "")
    return name + (f" ({', '.join(known)})" if known else "") + (f", {widest}" if widest else "")


def machine() -> dict[str, Any]:
    """Processor, cores that this process may use, memory in GB (None: unknown), system, Python."""
    return {
        "cpu": processor(_text("/proc/cpuinfo")),
        "cores": _cores(),
        "memory": _memory(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def in_words(about: dict[str, Any]) -> str:
    """A machine in words: cores, processor, memory."""
    cores = f"{about['cores']} core{'s' if about['cores'] != 1 else ''} of {about['cpu']}"
    return cores if about["memory"] is None else f"{cores}, {about['memory']:.0f} GB of memory"


def write(file: Path, result: dict[str, Any]) -> None:
    """Save what a benchmark found, with the machine it ran on."""
    file.write_text(json.dumps({"machine": machine(), **result}, indent=1) + "\n")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> float | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return None


def _text(path: str) -> str:
    """A file of Linux's /proc, or nothing on other systems."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
