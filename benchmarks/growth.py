"""How the time of a run grows with traders, days, routes, goods and replicates.

One border is made larger in one direction at a time; the exponent is the slope of log time over log
size. Sizes of one direction are timed in turn, again and again, and each keeps its fastest run: a
disturbance then cannot bend the line.

    python benchmarks/growth.py [--json FILE]
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from full_day import SCENARIO, overrides
from machine import write

SIZES = {
    "traders": (7_000, 28_000, 112_000, 448_000),
    "days": (120, 240, 480, 960),  # with the spin-up
    "routes": (1, 2, 4, 8, 12),  # times those of the default border
    "goods": (1, 2, 4),  # likewise
    "replicates": (1, 2, 4, 8),
}
DAYS = {"traders": 60, "routes": 200, "goods": 200, "replicates": 200}


def enlarged(routes: int = 1, goods: int = 1, days: int = 200) -> Any:
    """The default border with so many copies of each way and of each kind of goods."""
    from amnok.scenario import load, load_text, resolved

    data = yaml.safe_load(resolved(load(SCENARIO, overrides(28_000, days))))
    for sector in data["sectors"].values():
        ways = dict(sector["routes"])
        for copy in range(1, routes):
            sector["routes"] |= {f"{name}-{copy}": kind for name, kind in ways.items()}
    kinds = dict(data["goods"])
    for copy in range(1, goods):
        data["goods"] |= {
            f"{name}-{copy}": deepcopy(kind) | {"label": f"{kind['label']} {copy}"}
            for name, kind in kinds.items()
        }
    return load_text(yaml.safe_dump(data, sort_keys=False), "enlarged border")


def runs(direction: str) -> dict[int, Callable[[int], None]]:
    """A run for each size of one direction; the argument is the number of the repeat."""
    from amnok.engine import simulate
    from amnok.scenario import load

    def run(scenario: Any, replicates: int = 1) -> Callable[[int], None]:
        def call(repeat: int) -> None:
            for replicate in range(replicates):
                simulate(scenario, 1, repeat * replicates + replicate)

        return call

    result = {}
    for size in SIZES[direction]:
        if direction == "traders":
            result[size] = run(load(SCENARIO, overrides(size, DAYS["traders"])))
        elif direction == "days":
            period = load(SCENARIO).period
            end = period.start + dt.timedelta(days=size - period.spin_up - 1)
            result[size] = run(load(SCENARIO, [f"period.end={end}"]))
        elif direction == "replicates":
            result[size] = run(enlarged(days=DAYS["replicates"]), size)
        else:
            result[size] = run(enlarged(**{direction: size, "days": DAYS[direction]}))
    return result


def measure(repeats: int) -> dict[str, Any]:
    """Fastest seconds by direction and size, and the exponents."""
    from amnok.engine import simulate
    from amnok.scenario import load

    simulate(load(SCENARIO, overrides(14, None)), 1)
    result: dict[str, Any] = {}
    for direction in SIZES:
        calls = runs(direction)
        times: dict[int, list[float]] = {size: [] for size in calls}
        for repeat in range(repeats):
            for size, call in calls.items():
                start = time.perf_counter()
                call(repeat)
                times[size].append(time.perf_counter() - start)
        fastest = [min(times[size]) for size in calls]
        exponent = float(np.polyfit(np.log(list(calls)), np.log(fastest), 1)[0])
        result[direction] = {"sizes": list(calls), "seconds": fastest, "exponent": exponent}
        show(direction, result[direction])
    return result


def show(direction: str, entry: dict[str, Any]) -> None:
    """A line of the table."""
    pairs = zip(entry["sizes"], entry["seconds"], strict=True)
    points = ", ".join(f"{size:,}: {seconds:.2f} s" for size, seconds in pairs)
    print(f"{direction:<11} exponent {entry['exponent']:5.2f}   ({points})", flush=True)


def main() -> None:
    """Measure, print, and save as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.repeats)
    if options.json:
        write(options.json, {"directions": result})


if __name__ == "__main__":
    main()
