"""Time and memory of the full day, by number of traders and threads, and of the first run.

Each row runs in its own process, so that peak memory is its own; times are the median and range
of `--repeats` runs after one that compiles or loads compiled code.

    make bench
    make bench ARGS="--largest 1000000"
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

DEFAULT_INNER, DEFAULT_OUTER = 20_000, 8_000


def measure(traders: int, days: int | None, threads: int, repeats: int) -> dict[str, float]:
    """Time one setting in this process; times in seconds, memory in GB."""
    import datetime as dt

    from amnok.engine import simulate
    from amnok.scenario import load

    inner = round(traders * DEFAULT_INNER / (DEFAULT_INNER + DEFAULT_OUTER))
    sets = [f"traders.inner={inner}", f"traders.outer={traders - inner}"]
    if days is not None:
        end = load("sino-korean-border").period.start + dt.timedelta(days=days - 1)
        sets.append(f"period.end={end}")
    scenario = load("sino-korean-border", sets)
    warm_up = load("sino-korean-border", ["traders.inner=10", "traders.outer=4"])
    simulate(warm_up, seed=1, threads=threads)
    times = []
    for repeat in range(repeats):
        start = time.perf_counter()
        simulate(scenario, seed=1, replicate=repeat, threads=threads)
        times.append(time.perf_counter() - start)
    simulated = (scenario.period.days + scenario.period.spin_up) * traders
    return {
        "traders": traders,
        "days": scenario.period.days,
        "threads": threads,
        "median": statistics.median(times),
        "low": min(times),
        "high": max(times),
        "rate": simulated / statistics.median(times) / 1e6,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def in_own_process(**settings: object) -> dict[str, float]:
    """Run `measure` in a fresh process."""
    command = [sys.executable, __file__, "--one", json.dumps(settings)]
    return dict(json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


FIRST_DAYS = """
import time; start = time.perf_counter()
from amnok.engine import simulate
from amnok.scenario import load
scenario = load("sino-korean-border")
first = []
def on_days(days):
    first.append(time.perf_counter() - start)
    return True
simulate(scenario, 1, on_days=on_days)
print(first[0])
"""


def time_to_first_days(cache: str) -> float:
    """Seconds from the start of Python to the first 30 simulated days, with this compiled cache."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    command = [sys.executable, "-c", FIRST_DAYS]
    result = subprocess.run(command, env=environment, capture_output=True, check=True)
    return float(result.stdout)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(**json.loads(options.one))))
        return
    with tempfile.TemporaryDirectory() as cache:
        print(f"first days, cold (compiles): {time_to_first_days(cache):6.1f} s")
        print(f"first days, warm:            {time_to_first_days(cache):6.1f} s")
    print(f"\n{'traders':>9} {'days':>5} {'threads':>7} {'seconds: median (range)':>26}", end="")
    print(f" {'M trader-days/s':>16} {'peak GB':>8}")
    settings = [(1_000, None), (10_000, None), (28_000, None), (100_000, 365)]
    settings += [(1_000_000, 365)] if options.largest >= 1_000_000 else []
    for traders, days in settings:
        repeats = options.repeats if traders < 1_000_000 else min(options.repeats, 2)
        for threads in (1, 2):
            row = in_own_process(traders=traders, days=days, threads=threads, repeats=repeats)
            span = f"{row['median']:.2f} ({row['low']:.2f}-{row['high']:.2f})"
            print(
                f"{row['traders']:>9,} {row['days']:>5} {row['threads']:>7} {span:>26}"
                f" {row['rate']:>16.1f} {row['memory']:>8.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
