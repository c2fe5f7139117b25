"""How close the full day comes to what the machine can do.

A day *needs* draws, exponentials, logarithms, normal quantiles, bytes, and adds to the books for
each consignment. They are counted by running the engine's own code as plain Python
(`limit_count.py`); what each costs at best is measured in the same run, in the tightest loop that
Numba makes of it (`limit_rates.py`). Needed time over time taken (`limit_phases.py`) is the share
of the limit, phase by phase. The limit leaves out all other arithmetic, all choices and all other
scattered reads and writes: 100% cannot be reached.

    python benchmarks/limit.py [--json FILE]
"""

from __future__ import annotations

import argparse
import collections
import json
from pathlib import Path
from typing import Any

import limit_count
from limit_count import PHASES
from limit_phases import phase_times
from limit_rates import ELEMENTARY, library_rates, machine_rates
from machine import output_of, write

HEAD = (
    *("phase", "draws", "exp, log", "quantiles", "bytes", "booked"),
    *("limit, ns", "of which booking", "taken, ns", "share"),
)


def measure() -> dict[str, Any]:
    """Counts, rates, times and shares, [phase]."""
    rates = machine_rates()
    counts = json.loads(output_of(limit_count.__file__, NUMBA_DISABLE_JIT="1"))
    times = phase_times()
    needed = {
        phase: sum(calls * rates[what] for what, calls in counts[phase].items() if what in rates)
        for phase in PHASES
    }
    library = library_rates()
    return {"rates": rates, "library": library, "counts": counts, "times": times, "needed": needed}


def rows(result: dict[str, Any]) -> list[list[str]]:
    """The table under HEAD, a row for each phase and one for all."""
    lines = []
    for phase in [*PHASES, "all"]:
        of = list(PHASES) if phase == "all" else [phase]
        calls: collections.Counter[str] = collections.Counter()
        for name in of:
            calls.update(result["counts"][name])
        transcendental = sum(calls[name] for name in ELEMENTARY)
        needed = sum(result["needed"][name] for name in of)
        booking = calls["consignments"] * result["rates"]["consignments"]
        taken = sum(result["times"][name] for name in of)
        counts = [calls["philox"], transcendental, calls["normal_quantile"]]
        lines.append(
            [
                phase,
                *(f"{count:.3f}" for count in counts),
                f"{calls['bytes']:.0f}",
                f"{calls['consignments']:.3f}",
                f"{needed:.1f}",
                f"{booking:.1f}",
                f"{taken:.1f}",
                f"{needed / taken:.0%}",
            ]
        )
    return lines


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    print("C library, ns:", {k: round(v, 3) for k, v in result["library"].items()})
    print("best rates, ns:", {k: round(v, 3) for k, v in result["rates"].items()})
    print("per trader-day, one thread:")
    for row in [HEAD, *rows(result)]:
        print(
            f"{row[0]:<12}"
            + "".join(
                f"{entry:>{max(11, len(h) + 2)}}"
                for h, entry in zip(HEAD[1:], row[1:], strict=True)
            )
        )


def main() -> None:
    """Measure, print, and save as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure()
    show(result)
    if options.json:
        write(options.json, result)


if __name__ == "__main__":
    main()
