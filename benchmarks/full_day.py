"""The full day: trader-days a second by traders, threads and replicates; first result; memory.

Each row runs in a program of its own, which reads its own peak memory (`machine.peak_memory`; blank
where the system does not tell); times are the median and range of several runs after one that
compiles or loads compiled code.

    PYTHONPATH=. python benchmarks/full_day.py [--largest 1000000] [--json FILE]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import sys
import tempfile
import time
import types
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from machine import gigabytes, output_of, peak_memory, write

SCENARIO = "sino-korean-border"
DEFAULT_INNER, DEFAULT_OUTER = 20_000, 8_000
DEFAULT_TRADERS = DEFAULT_INNER + DEFAULT_OUTER

Row = dict[str, Any]


def overrides(traders: int, days: int | None) -> list[str]:
    """The default border with another number of traders and days."""
    from amnok.scenario import load

    inner = round(traders * DEFAULT_INNER / DEFAULT_TRADERS)
    sets = [f"traders.inner={inner}", f"traders.outer={traders - inner}"]
    if days is not None:
        sets.append(f"period.end={load(SCENARIO).period.start + dt.timedelta(days=days - 1)}")
    return sets


def times_of(call: Callable[[int], Any], repeats: int) -> list[float]:
    """Seconds of each of several calls, numbered from 0."""
    times = []
    for repeat in range(repeats):
        start = time.perf_counter()
        call(repeat)
        times.append(time.perf_counter() - start)
    return times


def measure(
    traders: int, days: int | None, threads: int, replicates: int, repeats: int
) -> dict[str, Any]:
    """Time one setting in this process: one replicate on all threads, or many, one a thread."""
    from amnok.engine import simulate
    from amnok.scenario import load

    scenario = load(SCENARIO, overrides(traders, days))
    simulate(load(SCENARIO, overrides(14, None)), seed=1, threads=threads)  # compile, or load

    def one(repeat: int) -> None:
        simulate(scenario, seed=1, replicate=repeat, threads=threads)

    def one_of_many(replicate: int) -> None:
        simulate(scenario, seed=1, replicate=replicate)

    def many(repeat: int) -> None:
        first = repeat * replicates
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one_of_many, range(first, first + replicates)))

    times = times_of(one if replicates == 1 else many, repeats)
    simulated = (scenario.period.days + scenario.period.spin_up) * traders * replicates
    return {
        "traders": traders,
        "days": scenario.period.days,
        "threads": threads,
        "replicates": replicates,
        "times": times,
        "rates": [simulated / seconds / 1e6 for seconds in times],
        "memory": peak_memory(),
    }


def reference_day(traders: int, days: int, repeats: int) -> dict[str, Any]:
    """The same for the reference day, one Python object a trader."""
    # Another package of this environment calls itself `tests`, too.
    sys.modules["tests"] = types.ModuleType("tests")
    sys.modules["tests"].__path__ = [str(Path(__file__).parents[1] / "tests")]
    from tests import twin

    from amnok.scenario import load

    scenario = load(SCENARIO, overrides(traders, days))
    twin.simulate(load(SCENARIO, overrides(14, 2)), 1)
    times = times_of(lambda repeat: twin.simulate(scenario, 1, repeat), repeats)
    simulated = (scenario.period.days + scenario.period.spin_up) * traders
    rates = [simulated / seconds / 1e6 for seconds in times]
    return {"traders": traders, "days": days, "times": times, "rates": rates}


def in_own_process(**settings: object) -> Row:
    """Run `measure` (or `reference_day`) in a fresh process."""
    return dict(json.loads(output_of(__file__, "--one", json.dumps(settings))))


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
    return float(output_of("-c", FIRST_DAYS, NUMBA_CACHE_DIR=cache))


def output_size() -> dict[str, float]:
    """Megabytes of one recorded replicate of the default border, on disk and in memory."""
    import amnok

    with tempfile.TemporaryDirectory() as folder:
        dataset = amnok.run(out=Path(folder) / "run", replicates=1)
        files = [file for file in Path(folder).rglob("*.zip") if file.is_file()]
        on_disk = sum(file.stat().st_size for file in files) / 1e6
        return {"disk": on_disk, "memory": dataset.nbytes / 1e6}


def settings(largest: int, repeats: int) -> list[dict[str, Any]]:
    """The rows of the table."""
    fewer = {100_000: 100, 1_000_000: 30}  # days; a rate does not depend on them
    rows: list[dict[str, Any]] = []
    for traders in (1_000, 10_000, DEFAULT_TRADERS, 100_000, 1_000_000):
        rows += [{"traders": traders, "days": fewer.get(traders), "threads": n} for n in (1, 2)]
    rows[-1]["days"] = 365
    rows += [
        {"traders": DEFAULT_TRADERS, "days": None, "threads": n, "replicates": 10} for n in (1, 2)
    ]
    rows += [
        {"traders": 1_000, "days": 10, "threads": 2, "replicates": replicates}
        for replicates in (100, 1_000)
    ]
    shared = {"replicates": 1, "repeats": repeats}
    return [shared | row for row in rows if row["traders"] <= largest]


def show(row: Row) -> str:
    """A row of the table: medians and ranges."""
    low, middle, high = min(row["times"]), statistics.median(row["times"]), max(row["times"])
    rate = statistics.median(row["rates"])
    return (
        f"{row['traders']:>9,} {row['days']:>5} {row['replicates']:>10} {row['threads']:>7}"
        f" {f'{middle:.2f} ({low:.2f}-{high:.2f})':>22} {rate:>6.1f}"
        f" ({min(row['rates']):.1f}-{max(row['rates']):.1f}) {gigabytes(row['memory']):>6}"
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one = json.loads(options.one)
        print(json.dumps(measure(**one) if "threads" in one else reference_day(**one)))
        return
    with tempfile.TemporaryDirectory() as cache:
        first = {"cold": [time_to_first_days(cache)]}
        first["warm"] = [time_to_first_days(cache) for _ in range(options.repeats)]
    print(f"first 30 days, cold (compiles): {first['cold'][0]:6.1f} s")
    print(f"first 30 days, warm (median):   {statistics.median(first['warm']):6.1f} s")
    size = output_size()
    print(f"one replicate saved: {size['disk']:.1f} MB; in memory {size['memory']:.1f} MB")
    plain = in_own_process(traders=1_000, days=5, repeats=options.repeats)
    print(f"reference day, 1,000 traders: {statistics.median(plain['rates']):.4f} M trader-days/s")
    print("\n  traders  days replicates threads seconds: median (range)  M trader-days/s  peak GB")
    rows: list[Row] = []
    for setting in settings(options.largest, options.repeats):
        rows.append(in_own_process(**setting))
        print(show(rows[-1]), flush=True)
        if options.json:  # after each row: an interrupt loses nothing that was finished
            result = {"first": first, "size": size, "rows": rows, "reference": plain}
            write(options.json, result)


if __name__ == "__main__":
    main()
