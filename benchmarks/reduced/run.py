"""The reduced day, timed: agent-days a second of Amnok and of other engines, side by side.

Each engine runs in a process of its own and waits while the others run. Only days are timed:
setting up and compiling are over (Amnok's set-up is in its times). Runs of one size last about as
long in all engines. Repeats go round the engines in an order that is shuffled each time, so that
what disturbs the machine disturbs all alike: read ratios within one table. An engine whose fastest
run no other run comes near goes on for some more rounds: one on several threads waits each day for
the slowest of them, and may be disturbed in most of its runs. Compare the fastest.

    make bench-reduced
    make bench-reduced ARGS="--engines NumPy Amnok --sizes 1000000 --repeats 9 --json times.json"
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from engines import Engine, MissingError, Worker, engines
from machine import gigabytes, in_words, machine
from model import VARIANTS
from rich.console import Console
from rich.table import Table

TRIAL = 0.1  # seconds a first run must last to tell how many days to simulate
MOST_DAYS = 20_000
NEAR = 1.05  # times the fastest run: where another run must lie for that to be believed
MORE = 3  # times the rounds asked for, at most, for an engine that is not steady

Row = dict[str, Any]


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engines", nargs="+", help="names; all that are installed if left out")
    parser.add_argument("--sizes", nargs="+", type=int, default=[1_000, 10_000, 1_000_000])
    parser.add_argument("--largest", type=int, default=10**9, help="leave out larger sizes")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="about what one run takes")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path, help="write machine, versions and all times here")
    return parser.parse_args()


def days_for(worker: Worker, run: Row, seconds: float) -> int:
    """How many days take about so long; also compiles and warms up."""
    days = 2
    while True:
        worker.ask("time", **run, n_days=days)
        taken = worker.ask("time", **run, n_days=days)["seconds"]
        if taken >= min(TRIAL, seconds) or days >= MOST_DAYS:
            break
        days = min(MOST_DAYS, 4 * days)
    wanted = min(MOST_DAYS, max(2, days * seconds / taken))
    digits = len(str(int(wanted))) - 1
    return max(2, int(round(wanted, -max(0, digits - 1))))


def measure(size: int, options: argparse.Namespace, chosen: list[Engine]) -> Iterator[Row]:
    """Time all engines with so many agents."""
    rows: list[tuple[Worker, Row]] = []
    with ExitStack() as stack:
        for engine in chosen:
            if size > engine.most:
                continue
            worker = stack.enter_context(Worker(engine))
            try:
                for variant in VARIANTS:
                    run = {"variant": variant, "n_agents": size, "seed": 0}
                    days = days_for(worker, run, options.seconds)
                    worker.ask("time", **run, n_days=days)
                    rows.append((worker, {**run, "n_days": days, "seconds": [], "busy": []}))
            except MissingError as missing:
                print(f"left out: {missing}", file=sys.stderr, flush=True)
        order = random.Random(size)
        for repeat in range(1, MORE * options.repeats + 1):
            due = [(w, row) for w, row in rows if repeat <= options.repeats or not steady(row)]
            for worker, row in order.sample(due, len(due)):
                run = {name: row[name] for name in ("variant", "n_agents", "n_days")}
                times = worker.ask("time", **run, seed=repeat)
                row["seconds"].append(times["seconds"])
                row["busy"].append(times["busy"])
        for worker, row in rows:
            yield finished(worker, row)


def steady(row: Row) -> bool:
    """Whether a second run came near the fastest, which then was no chance."""
    fastest, *others = sorted(row["seconds"])
    return bool(others) and others[0] <= NEAR * fastest


def finished(worker: Worker, row: Row) -> Row:
    """A row with its rates, in million agent-days a second, and its process's peak memory (GB)."""
    engine = worker.engine
    done = row["n_agents"] * row["n_days"] * engine.replicates / 1e6
    return {
        "engine": engine.name,
        "threads": engine.threads,
        "replicates": engine.replicates,
        **{name: row[name] for name in ("variant", "n_agents", "n_days", "seconds", "busy")},
        "rate": done / statistics.median(row["seconds"]),
        "lowest": done / max(row["seconds"]),
        "highest": done / min(row["seconds"]),
        "busy_rate": done / statistics.median(row["busy"]),
        "memory": worker.ask("memory"),
        "versions": worker.ask("versions", packages=engine.packages),
    }


def table(rows: list[Row]) -> Table:
    """Rates by engine and size, median and range."""
    sizes = sorted({row["n_agents"] for row in rows})
    shown = Table(title="Million agent-days a second: median (lowest-highest)")
    for heading in ("engine", "threads", "variant"):
        shown.add_column(heading)
    for size in sizes:
        shown.add_column(f"{size:,} agents", justify="right")
    shown.add_column("peak GB", justify="right")
    for name in dict.fromkeys(row["engine"] for row in rows):
        for variant in VARIANTS:
            own = [row for row in rows if (row["engine"], row["variant"]) == (name, variant)]
            if not own:
                continue
            cells = {row["n_agents"]: cell(row) for row in own}
            known = [row["memory"] for row in own if row["memory"] is not None]
            peak = gigabytes(max(known, default=None))
            by_size = [cells.get(size, "") for size in sizes]
            shown.add_row(name, str(own[0]["threads"]), variant, *by_size, peak)
        shown.add_section()
    return shown


def cell(row: Row) -> str:
    """A rate and its range."""
    rate, lowest, highest = (f"{row[name]:.3g}" for name in ("rate", "lowest", "highest"))
    return f"{rate} ({lowest}-{highest})"


def surroundings() -> Row:
    """What the times depend on beside the engines."""
    git = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    return {
        **machine(),
        "commit": commit,
        "load": os.getloadavg(),
        "time": time.strftime("%Y-%m-%d %H:%M:%S"),
    }


def main() -> None:
    """Time, print, write."""
    options = arguments()
    known = {engine.name: engine for engine in engines(options.threads)}
    names = options.engines or [name for name in known if name != "definition"]
    for name in names:
        if name not in known:
            sys.exit(f"no engine {name!r}; there are: {', '.join(known)}")
    about = surroundings()
    console = Console(width=max(120, Console().width))
    rows: list[Row] = []
    for size in options.sizes:
        if size <= options.largest:
            rows += measure(size, options, [known[name] for name in names])
    if not rows:
        sys.exit("nothing to time")
    console.print(table(rows))
    versions = {name: number for row in rows for name, number in row.pop("versions").items()}
    console.print(f"{in_words(about)}, Python {about['python']}", end="; ")
    console.print(", ".join(f"{name} {number}" for name, number in sorted(versions.items())))
    if options.json:
        settings = {"repeats": options.repeats, "seconds": options.seconds}
        whole = {"machine": about, "versions": versions, "settings": settings, "rows": rows}
        options.json.write_text(json.dumps(whole, indent=1) + "\n")


if __name__ == "__main__":
    main()
