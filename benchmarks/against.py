"""One state of the source against another, in turns: what a change does to speed.

Give two `src` folders, such as those of two git worktrees. Each measurement is a program of its
own, with the engine already compiled; first and second take turns (A B A B ...), so that what
disturbs the machine disturbs both alike. Ratios are of neighbours in time: above 1, the second is
faster. Where results are told, both states must give the same: a digest over all books and the
last state, or what a saved run's manifest says of its results.

    git worktree add ../before HEAD~10
    python benchmarks/against.py ../before/src src
    python benchmarks/against.py ../before/src src --rows one ensemble --pairs 20 --json FILE

Nothing of the source is used but `amnok.engine.simulate`, `amnok.scenario.load` and the command
line, so that an older state may lack what is newer. Compiled code goes to the user's cache, each
state's apart; NUMBA_CACHE_DIR is ignored, as it would keep them together.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from full_day import DEFAULT_TRADERS, SCENARIO, overrides
from machine import in_words, machine, write

Found = dict[str, Any]  # "value", and "digests" by what they are of
SIDES = ("first", "second")
SHOWN = 4  # names of results that differ
TRIES = 3  # of the single run in one program, whose fastest counts


# --- Inside a program of its own, with one state's source on the path --------------------------


def digest(values: Any) -> str:
    """SHA-256 over numbers, whatever the memory layout of the records that hold them."""
    found = hashlib.sha256()

    def add(array: Any) -> None:
        if array.dtype.names:
            for name in array.dtype.names:
                found.update(name.encode())
                add(array[name])
        else:
            found.update(f"{array.dtype}{array.shape}".encode())
            found.update(np.ascontiguousarray(array).tobytes())

    add(np.asarray(values))
    return found.hexdigest()[:16]


def digests(outcome: Any) -> dict[str, str]:
    """Digests of all books and of the last state, by name."""
    parts = {"books": outcome.books, "state": outcome.state}
    return {
        f"{part}.{name}": digest(array)
        for part, tables in parts.items()
        for name, array in sorted(tables._asdict().items())
    }


def single(options: argparse.Namespace) -> Found:
    """Seconds of one replicate of the default border on one thread."""
    return timed(load_border(), 1, TRIES)


def million(options: argparse.Namespace) -> Found:
    """Seconds of a million traders on all threads."""
    return timed(load_border(options.traders, options.days), options.threads, 1)


def timed(scenario: Any, threads: int, tries: int) -> Found:
    """Seconds of the fastest of some tries."""
    from amnok.engine import simulate

    times = []
    for _ in range(tries):
        start = time.perf_counter()
        outcome = simulate(scenario, 1, 0, threads=threads)
        times.append(time.perf_counter() - start)
    return {"value": min(times), "digests": digests(outcome)}


def ensemble(options: argparse.Namespace) -> Found:
    """Million trader-days per CPU second of replicates of the default border, one a thread."""
    from amnok.engine import simulate

    scenario = load_border()
    start = time.process_time()
    with ThreadPoolExecutor(options.threads) as pool:
        outcomes = list(
            pool.map(lambda number: simulate(scenario, 1, number), range(options.replicates))
        )
    busy = time.process_time() - start
    simulated = (scenario.period.days + scenario.period.spin_up) * DEFAULT_TRADERS
    return {
        "value": simulated * options.replicates / busy / 1e6,
        "digests": {
            f"{number}.{name}": one
            for number, outcome in enumerate(outcomes)
            for name, one in digests(outcome).items()
        },
    }


def load_border(traders: int = DEFAULT_TRADERS, days: int | None = None) -> Any:
    """The default border with so many traders, once compiled code is loaded."""
    from amnok.engine import simulate
    from amnok.scenario import load

    simulate(load(SCENARIO, overrides(14, 2)), 1)
    return load(SCENARIO, overrides(traders, days))


# --- From outside ------------------------------------------------------------------------------


def environment(source: Path, cache: Path | None = None) -> dict[str, str]:
    """The environment in which Python finds one state of the source, perhaps with another cache."""
    whole = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    whole["PYTHONPATH"] = str(source)
    return whole if cache is None else whole | {"XDG_CACHE_HOME": str(cache)}


def inside(row: str, source: Path, options: argparse.Namespace) -> Found:
    """A row measured by a program of its own."""
    numbers = ("threads", "replicates", "traders", "days")
    settings = [f"--{name}={getattr(options, name)}" for name in numbers]
    command = [sys.executable, __file__, str(source), str(source), "--inside", row, *settings]
    done = subprocess.run(command, env=environment(source), stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def warm_run(row: str, source: Path, options: argparse.Namespace) -> Found:
    """Seconds of `amnok run` as a whole, with the engine compiled."""
    return command_line(source, None)


def cold_run(row: str, source: Path, options: argparse.Namespace) -> Found:
    """Seconds of `amnok run` as a whole, with everything to compile."""
    with tempfile.TemporaryDirectory() as cache:
        return command_line(source, Path(cache))


def command_line(source: Path, cache: Path | None) -> Found:
    """Seconds of `amnok run`, and the digests of results that its manifest names."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = [sys.executable, "-m", "amnok", "run", "--out", str(run)]
        start = time.perf_counter()
        done = subprocess.run(
            command, env=environment(source, cache), cwd=folder, capture_output=True, text=True
        )
        seconds = time.perf_counter() - start
        if done.returncode:
            sys.exit(f"`amnok run` failed with {source}:\n{done.stderr}")
        manifest = json.loads((run / "manifest.json").read_text())
        return {"value": seconds, "digests": results_told(manifest)}


def results_told(manifest: dict[str, Any]) -> dict[str, str]:
    """Digests of the replicates that a manifest names, be it today's or of the first format."""
    if isinstance(manifest["files"], list):
        return {f"replicate {one['number']}": one["results"][:16] for one in manifest["finished"]}
    notes = [one["note"] for one in manifest["files"].values() if "replicate" in one["note"]]
    return {f"replicate {one['replicate']}": one["results"][:16] for one in notes}


INSIDE: dict[str, Callable[[argparse.Namespace], Found]] = {
    "one": single,
    "ensemble": ensemble,
    "million": million,
}
OUTSIDE: dict[str, Callable[[str, Path, argparse.Namespace], Found]] = {
    "warm": warm_run,
    "cold": cold_run,
}
ROWS = {**dict.fromkeys(INSIDE, inside), **OUTSIDE}
RATES = {"ensemble"}  # more is better


def in_turns(row: str, sources: list[Path], pairs: int, options: argparse.Namespace) -> Found:
    """A row of both states, one after the other, again and again."""
    if row != "cold":
        for source in sources:
            ROWS[row](row, source, options)  # compiles, or loads; not counted
    values: list[list[float]] = [[], []]
    told: list[dict[str, str]] = [{}, {}]
    for _ in range(pairs):
        for side, source in enumerate(sources):
            found = ROWS[row](row, source, options)
            values[side].append(found["value"])
            told[side] = found["digests"]
    return {"row": row, "values": values, "digests": told}


def faster(found: Found) -> list[float]:
    """How many times as fast the second is, pair by pair."""
    pairs = zip(*found["values"], strict=True)
    return [b / a if found["row"] in RATES else a / b for a, b in pairs]


def differing(found: Found) -> list[str]:
    """What the states do not agree on; what only one of them has counts too."""
    first, second = found["digests"]
    return sorted(name for name in {*first, *second} if first.get(name) != second.get(name))


def show(found: Found) -> str:
    """A row of the table: the best and the median of each, the least and the median ratio."""
    best = max if found["row"] in RATES else min
    sides = [f"{best(v):>8.2f} {statistics.median(v):>8.2f}" for v in found["values"]]
    ratios = faster(found)
    return (
        f"{found['row']:<9} {len(ratios):>5}   {'   '.join(sides)}"
        f"   {min(ratios):>6.3f} {statistics.median(ratios):>6.3f} {max(ratios):>6.3f}"
    )


def agreement(found: Found) -> str:
    """The digests of both states, and what differs."""
    whole = [
        hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()[:16]
        for one in found["digests"]
    ]
    different = differing(found)
    more = f" and {len(different) - SHOWN} more" if len(different) > SHOWN else ""
    verdict = f"DIFFER in {', '.join(different[:SHOWN])}{more}" if different else "the same"
    return f"  results: {whole[0]} {whole[1]}, {verdict}"


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for side in SIDES:
        parser.add_argument(side, type=Path, help="a folder with the package `amnok` in it")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--cold-pairs", type=int, default=1, help="a minute or two each")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--replicates", type=int, default=10, help="of the ensemble")
    parser.add_argument("--traders", type=int, default=1_000_000, help="of the row `million`")
    parser.add_argument("--days", type=int, default=30, help="of the same, without the spin-up")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--inside", choices=INSIDE, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure row by row, and fail if results differ."""
    options = arguments()
    if options.inside:
        import amnok

        assert Path(amnok.__file__).is_relative_to(options.first), f"another one: {amnok.__file__}"
        print(json.dumps(INSIDE[options.inside](options)))
        return
    sources = [getattr(options, side).resolve() for side in SIDES]
    for source in sources:
        if not (source / "amnok" / "__init__.py").exists():
            sys.exit(f"{source} holds no amnok")
    print(in_words(machine()), *map(str, sources), sep="\n")
    print(
        "seconds (ensemble: million trader-days per CPU second); times as fast: second over first"
    )
    print("row       pairs   first: best, median   second: best, median   least, median, most")
    results = []
    for row in options.rows:
        pairs = options.cold_pairs if row == "cold" else options.pairs
        results.append(in_turns(row, sources, pairs, options))
        print(show(results[-1]), agreement(results[-1]), sep="\n", flush=True)
        if options.json:
            write(options.json, {"sources": [str(one) for one in sources], "rows": results})
    sys.exit("the results differ" if any(map(differing, results)) else 0)


if __name__ == "__main__":
    main()
