"""Reading large sweeps: seconds and peak memory of what people ask of them.

`python benchmarks/sweep_reading.py`. Sweeps are made from made-up numbers by the code that writes
real ones: as many numbers a run as the default border's outcomes give, ten replicates of each
point. Every question is asked in a process of its own, which says how much memory it took at most
(VmHWM, Python and its libraries included). Seconds count from when those are loaded.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from amnok.scenario import load
from amnok.studies.sweeps import BASE, Point
from amnok.studies.sweeps.folder import SweepFolder
from amnok.studies.sweeps.work import Task

REPLICATES, RUNS_IN_A_BATCH = 10, 1_000
POLICIES = (BASE, "no_order")
SETS = ["a", "b"]  # so that points are four blocks of a Sobol design, too
OUTCOME, WHERE = "arrests", "cn, pedlar"


def nothing(folder: str) -> int:
    """What Python and its libraries take."""
    return 0


def all_means(folder: str) -> int:
    """Means by point and outcome, over labels and replicates: one query."""
    from amnok.studies.sweeps.runner import opened

    relation = opened(folder).relation()
    # Replicates count from 0; count(DISTINCT replicate) takes three times as long, and the memory.
    means = "point, outcome, sum(value) / (1 + max(replicate))"
    return len(relation.aggregate(means).order("point, outcome").df())


def one_mean(folder: str) -> int:
    """Means of one number by point."""
    from amnok.studies.sweeps.runner import opened

    return len(opened(folder).means(OUTCOME, WHERE))


def summed_mean(folder: str) -> int:
    """Means of one outcome by point, over all its labels."""
    from amnok.studies.sweeps.runner import opened

    return len(opened(folder).means(OUTCOME))


def regrets(folder: str) -> int:
    """Regret and flips, as `amnok regret` has them."""
    from amnok.studies.sweeps.analysis import flips, regret
    from amnok.studies.sweeps.runner import opened

    found = opened(folder)
    return len(regret(found, OUTCOME, WHERE)) + len(flips(found, OUTCOME, WHERE))


def indices(folder: str) -> int:
    """Sobol indices of two sets, with their bootstrap."""
    from amnok.studies.sweeps.analysis import sensitivity
    from amnok.studies.sweeps.runner import opened

    return len(sensitivity(opened(folder), OUTCOME, WHERE))


QUESTIONS = {
    "nothing: libraries only": nothing,
    "means of one number": one_mean,
    "means of one outcome, summed up": summed_mean,
    "means of all outcomes": all_means,
    "regret and flips": regrets,
    "sensitivity": indices,
}


def made(folder: Path, runs: int, batch: int) -> None:
    """A sweep of some runs, so many to a batch: counts without meaning."""
    numbers = Task(load("sino-korean-border"), {}, 1, REPLICATES).columns()
    generator = np.random.default_rng(1)
    count, size = runs // REPLICATES, max(batch // REPLICATES, 1)
    points = [Point(POLICIES[n % 2], {"a": float(n // 2)}) for n in range(count)]
    design = {"sets": SETS, "draws": count // (2 + len(SETS))}
    sweep = SweepFolder(folder, {"sobol": design, "batch": size}, points)
    for number, first in enumerate(range(0, count, size)):
        chosen = range(first, min(first + size, count))
        values = generator.gamma(1.0, 500.0, (len(chosen) * REPLICATES, len(numbers)))
        sweep.add(number, chosen, REPLICATES, numbers, np.floor(values))
    start = time.perf_counter()
    sweep.gather()
    print(f"gathered in {time.perf_counter() - start:.1f} s")
    sweep.store.close("complete")


def asked(question: str, folder: Path) -> dict[str, Any]:
    """Seconds and peak MB of a question, in a process of its own."""
    command = [sys.executable, __file__, "--ask", question, str(folder)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def answer(question: str, folder: str) -> None:
    """Ask, and print what it took."""
    import duckdb  # noqa: F401
    import SALib.analyze.sobol  # noqa: F401

    import amnok.studies.sweeps.analysis  # noqa: F401

    start = time.perf_counter()
    rows = QUESTIONS[question](folder)
    seconds = time.perf_counter() - start
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", status)
    print(json.dumps({"seconds": seconds, "peak_mb": int(peak) / 1000, "rows": rows}))


def main() -> None:
    """Print a table of what each question takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--batch", type=int, default=RUNS_IN_A_BATCH, help="runs in a batch")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--ask", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        answer(*options.ask)
        return
    results = []
    for runs in options.runs:
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / "sweep"
            start = time.perf_counter()
            made(folder, runs, options.batch)
            seconds = time.perf_counter() - start
            files = list((folder / "batches").iterdir())
            size = sum(file.stat().st_size for file in files) / 1e6
            print(f"{runs:,} runs, {len(files):,} batches, {size:,.0f} MB, made in {seconds:.0f} s")
            for question in QUESTIONS:
                found = asked(question, folder)
                line = f"{found['seconds']:8.2f} s {found['peak_mb']:8,.0f} MB"
                print(f"  {question:33}{line} {found['rows']:12,} rows", flush=True)
                results.append({"runs": runs, "batch": options.batch, "question": question} | found)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
