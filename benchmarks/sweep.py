"""A large sweep of a small border: rate, overhead against the bare engine, and nothing lost.

`python benchmarks/sweep.py`. The sweep is interrupted twice (as by Ctrl-C) and killed once, and
goes on each time; in the end every row must be there once.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from amnok.engine import simulate
from amnok.results.threads import compile_engine, cores
from amnok.scenario import Scenario, load, resolved
from amnok.scenario.overrides import with_values
from amnok.studies.sweeps import sweep
from amnok.studies.sweeps.design import grid
from amnok.studies.sweeps.work import Task

TINY = Path(__file__).parents[1] / "tests" / "scenarios" / "tiny-border"
REPLICATES = 10
STOPS = ((0.2, signal.SIGINT), (0.5, signal.SIGINT), (0.7, signal.SIGKILL))


def border() -> Scenario:
    """The small border of the tests: 420 traders, 120 days and 30 of spin-up."""
    return load(TINY)


def run(folder: str, scenario: str, points: int) -> None:
    """The sweep itself, in a process of its own."""
    # Started in the background, a process may have been told to ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chosen = load(scenario)
    wanted = grid({"quota.arrests": [0.01 * n for n in range(points)]})
    sweep(chosen, wanted, folder, replicates=REPLICATES)


def bare(scenario: Scenario, runs: int) -> float:
    """Runs a second of the engine alone, on all threads, each point's scenario included."""
    compile_engine(scenario)

    def one(point: int) -> None:
        chosen = with_values(scenario, {"quota.arrests": 0.01 * point})
        for number in range(REPLICATES):
            simulate(chosen, 1, number)

    start = time.perf_counter()
    with ThreadPoolExecutor(cores()) as pool:
        list(pool.map(one, range(runs // REPLICATES)))
    return runs / (time.perf_counter() - start)


def stopped_and_finished(folder: Path, scenario: Path, points: int) -> float:
    """Seconds that the sweep took, all its beginnings included."""
    command = [sys.executable, __file__, "--run", str(folder), str(scenario), str(points)]
    start = time.perf_counter()
    for share, how in STOPS:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and done(folder) < share * points:
                time.sleep(0.2)
            process.send_signal(how)
        print(f"stopped by {how.name} at {done(folder):,} of {points:,} points", flush=True)
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def done(folder: Path) -> int:
    """Points on disk."""
    files = list((folder / "batches").glob("*.parquet"))
    if not files:
        return 0
    size: int = json.loads((folder / "manifest.json").read_text())["about"]["batch"]
    return len(files) * size


def main() -> None:
    """Print rates and what is on disk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        folder, scenario, count = options.run
        run(folder, scenario, int(count))
        return
    chosen, points = border(), options.runs // REPLICATES
    before = bare(chosen, min(options.runs, 4_000))
    root = Path(tempfile.mkdtemp())
    (root / "border.yaml").write_text(resolved(chosen))
    seconds = stopped_and_finished(root / "sweep", root / "border.yaml", points)
    after = bare(chosen, min(options.runs, 4_000))
    rate, engine = options.runs / seconds, (before + after) / 2
    query = f"FROM '{root}/sweep/batches/*.parquet' SELECT count(*)"
    ((rows,),) = duckdb.sql(query).fetchall()
    cell = 'point, replicate, outcome, "where"'
    ((cells,),) = duckdb.sql(query.replace("*)", f"DISTINCT ({cell}))")).fetchall()
    wanted = points * REPLICATES * len(Task(chosen, {}, 1, REPLICATES).columns())
    print(f"{options.runs:,} runs in {seconds:,.0f} s: {rate:,.0f} a second, stops included")
    print(f"the engine alone: {engine:,.0f} a second; overhead {engine / rate - 1:.1%}")
    print(f"rows: {rows:,} on disk, {cells:,} different, {wanted:,} wanted")
    if options.json:
        result = {"runs": options.runs, "seconds": seconds, "bare": [before, after], "rows": rows}
        options.json.write_text(json.dumps(result, indent=1))
    shutil.rmtree(root)
    sys.exit(0 if rows == cells == wanted else "rows are missing, or double")


if __name__ == "__main__":
    main()
