"""How close the full day comes to what the machine can do.

A day *needs* draws, exponentials, logarithms, normal quantiles and bytes. They are counted by
running the engine's own code as plain Python with counters around those functions; what each costs
at best is measured in the same run, in the tightest loop that Numba makes of it. Needed time over
time taken is the share of the limit, phase by phase. The limit leaves out all other arithmetic, all
choices and all scattered reads and writes: 100% cannot be reached.

    python benchmarks/limit.py [--json FILE]
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from machine import write

SCENARIO = "sino-korean-border"
SETTLED = 200  # days before the ones that are counted and timed
COUNTED_DAYS, TIMED_DAYS, REPEATS = 1, 60, 7
COUNTED_SHARE = 1.0  # of the traders; plain Python takes half a minute for a day of all of them

# Phases of a day, each with the steps that belong to it. What none of them covers is "finish".
PHASES = {
    "people": ("come_free", "outer_morning", "draw_stretch", "look_over", "count_people"),
    "get ready": ("get_ready",),
    "plan": ("plan",),
    "set out": ("draw_meetings", "send"),
    "finish": ("finish_day",),
}
NEEDS = ("philox", "exp", "expm1", "log", "log1p", "normal_quantile")


def traders(share: float) -> list[str]:
    """Overrides that scale the border's population."""
    return [f"traders.inner={round(20_000 * share)}", f"traders.outer={round(8_000 * share)}"]


# --- Counting: runs with NUMBA_DISABLE_JIT=1 ---------------------------------------------------


def count() -> dict[str, dict[str, float]]:
    """Calls needed per trader-day, [phase][function], and bytes of people's data per trader-day."""
    from amnok import draws, elementary
    from amnok.engine import blocks, crossing, day, run
    from amnok.rules import chance
    from amnok.scenario import load

    needed: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    phase = ["finish"]
    counting = [False]

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if counting[0]:
                needed[phase[-1]][name] += 1
            return function(*arguments)

        return call

    def within(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            phase.append(name)
            try:
                return function(*arguments)
            finally:
                phase.pop()

        return call

    replaced: dict[int, Callable[..., Any]] = {}
    for home in (draws, elementary, chance):
        for name in NEEDS:
            if vars(home).get(name) is not None and vars(home)[name].__module__ == home.__name__:
                replaced[id(vars(home)[name])] = counted(name, vars(home)[name])
    for phase_name, steps in PHASES.items():
        for name in steps:
            for home in (blocks, crossing, day, run):
                step = vars(home).get(name)
                if step is not None and id(step) not in replaced:
                    replaced[id(step)] = within(phase_name, step)
    crossing_ship = counted("shippers", crossing.ship)
    for module in [m for n, m in sys.modules.items() if n.startswith("amnok")]:
        for name, value in list(vars(module).items()):
            if id(value) in replaced:
                setattr(module, name, replaced[id(value)])
    crossing.ship = crossing_ship

    scenario = load(SCENARIO, traders(COUNTED_SHARE))
    under_way = run.start(scenario, 1, 0)
    copy_settled(under_way)
    counting[0] = True
    run.run_days(under_way, SETTLED, SETTLED + COUNTED_DAYS, 0, len(under_way.world.blocks), True)
    people = len(under_way.world.traits) * COUNTED_DAYS
    result = {
        name: {what: calls / people for what, calls in needed[name].items()} for name in PHASES
    }
    state, world = under_way.state, under_way.world
    daily = ("status", "until", "waiting", "investigated", "known_until", "low_until", "protected")
    per_person = sum(getattr(state, name).itemsize for name in daily) + state.taken.itemsize
    result["people"]["bytes"] = per_person + world.shipping_rate.itemsize
    per_shipper = 2 * world.traits.itemsize + 4 * state.traders.itemsize  # both; read and written
    shippers = result["set out"]["shippers"]
    result["plan"]["bytes"] = shippers * (world.traits.itemsize + state.traders.itemsize)
    result["set out"]["bytes"] = shippers * per_shipper
    return result


def copy_settled(under_way: Any) -> None:
    """Bring a replicate's state to day SETTLED with the compiled engine, in another process."""
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state.npz"
        own_process("--settle", str(file), jit=True)
        with np.load(file) as saved:
            for name, array in under_way.state._asdict().items():
                array[...] = saved[name]


def settle(file: str) -> None:
    """Save the state that the compiled engine reaches on day SETTLED."""
    import numpy as np

    from amnok.engine import run
    from amnok.scenario import load

    under_way = run.start(load(SCENARIO, traders(COUNTED_SHARE)), 1, 0)
    run.run_days(under_way, 0, SETTLED, 0, len(under_way.world.blocks), True)
    np.savez(file, **{name: np.asarray(a) for name, a in under_way.state._asdict().items()})


# --- What the machine can do -------------------------------------------------------------------


def machine_rates() -> dict[str, float]:
    """Nanoseconds for one of each, and for one byte, on one thread: the best of many."""
    import numpy as np

    from amnok import draws, elementary
    from amnok.compiling import kernel
    from amnok.rules.chance import normal_quantile

    n = 4096
    uniforms = (np.arange(n) + 0.5) / n
    out = np.zeros(4 * n)
    key = draws.replicate_key(1, 0)

    @kernel
    def draw_all(key: draws.Key, day: int, out: Any) -> None:
        for i in range(n):
            a, b, c, d = draws.philox(i, day, 5, 0, key.low, key.high)
            out[i] = draws.unit(a)
            out[n + i] = draws.unit(b)
            out[2 * n + i] = draws.unit(c)
            out[3 * n + i] = draws.unit(d)

    def loop(function: Any) -> Any:
        @kernel
        def call_all(x: Any, out: Any) -> None:
            for i in range(n):
                out[i] = function(x[i])

        return lambda: call_all(uniforms, out)

    rates = {"philox": best(lambda: draw_all(key, 3, out)) / n}
    for name in ("exp", "expm1", "log", "log1p"):
        rates[name] = best(loop(getattr(elementary, name))) / n
    rates["normal_quantile"] = best(loop(normal_quantile)) / n
    large = np.zeros(8_000_000)

    @kernel
    def update(x: Any) -> None:
        for i in range(len(x)):
            x[i] += 1.0

    rates["bytes"] = best(lambda: update(large), 20) / (2 * large.nbytes)  # read and written
    return rates


def library_rates() -> dict[str, float]:
    """Nanoseconds for one call of the C library's functions in the same loop."""
    import math

    import numpy as np

    from amnok.compiling import kernel

    def loop(function: Any) -> Any:
        @kernel
        def call_all(x: Any, out: Any) -> None:
            for i in range(len(x)):
                out[i] = function(x[i])

        return call_all

    x = (np.arange(4096) + 0.5) / 4096
    out = np.zeros(len(x))
    result = {}
    for name in ("exp", "expm1", "log", "log1p"):
        call_all = loop(getattr(math, name))
        result[name] = best(lambda call_all=call_all: call_all(x, out)) / len(x)  # type: ignore[misc]
    return result


def best(call: Callable[[], Any], repeats: int = 300) -> float:
    """Nanoseconds of the fastest of many calls, the first (which compiles) apart."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
    return float(min(times))


# --- What a phase takes ------------------------------------------------------------------------


def time_without(left_out: str) -> dict[str, float]:
    """Nanoseconds per trader-day of the two parts of `run_days`, some steps left out.

    Steps that are left out still let goods go, so that the others have as much to do as ever.
    """
    import numpy as np

    from amnok.compiling import step
    from amnok.engine import blocks, run
    from amnok.engine.lanes import TILE
    from amnok.scenario import load

    @step
    def send_nobody(
        world: Any, state: Any, tally: Any, key: Any, t: Any, block: Any, lanes: Any, count: Any
    ) -> None:
        for k in range(count):
            state.waiting[lanes.person[k]] = 0
            state.traders[lanes.person[k]].cash += lanes.best_surplus[k]

    @step
    def plan_nothing(
        world: Any, state: Any, key: Any, t: Any, sector: Any, lanes: Any, count: Any
    ) -> None:
        for k in range(count):
            lanes.best_surplus[k] = 0.0

    @step
    def nobody_ready(
        world: Any,
        state: Any,
        tally: Any,
        key: Any,
        t: Any,
        block: Any,
        i: Any,
        n: Any,
        tile: Any,
        lanes: Any,
        ready: Any,
    ) -> Any:
        # Looks at all draws, or the compiler would not make those that nobody looks at.
        return ready + (tile.words[2 * TILE + n] + tile.words[3 * TILE + n] > 2.0)

    @step
    def draw_nothing(key: Any, day: Any, lanes: Any, count: Any) -> None:
        pass

    if left_out in ("send", "plan", "get_ready"):
        vars(blocks)["draw_meetings"] = draw_nothing
    if left_out in ("send", "plan", "get_ready"):
        vars(blocks)["send"] = send_nobody
    if left_out in ("plan", "get_ready"):
        vars(blocks)["plan"] = plan_nothing
    if left_out == "get_ready":
        vars(blocks)["get_ready"] = nobody_ready
    scenario = load(SCENARIO)
    block_times, finish_times = [], []
    for _ in range(REPEATS):
        r = run.start(scenario, 1, 0)
        n_blocks, people = len(r.world.blocks), len(r.world.traits)
        in_blocks, in_finish = [], []
        for t in range(SETTLED + TIMED_DAYS):
            start = time.perf_counter_ns()
            run.run_days(r, t, t + 1, 0, n_blocks, False)
            middle = time.perf_counter_ns()
            run.run_days(r, t, t + 1, 0, 0, True)
            in_blocks.append(middle - start)
            in_finish.append(time.perf_counter_ns() - middle)
        block_times.append(in_blocks[SETTLED:])
        finish_times.append(in_finish[SETTLED:])
    # The fastest of the repeats of each day: the same work, and the least disturbed.
    return {
        "blocks": float(np.min(block_times, axis=0).mean()) / people,
        "finish": float(np.min(finish_times, axis=0).mean()) / people,
    }


def phase_times() -> dict[str, float]:
    """Nanoseconds per trader-day in each phase, by leaving out one after the other."""
    times = {}
    for left_out in ("nothing", "send", "plan", "get_ready"):
        times[left_out] = json.loads(own_process("--without", left_out, jit=True, fresh=True))
    blocks = {name: entry["blocks"] for name, entry in times.items()}
    return {
        "people": blocks["get_ready"],
        "get ready": blocks["plan"] - blocks["get_ready"],
        "plan": blocks["send"] - blocks["plan"],
        "set out": blocks["nothing"] - blocks["send"],
        "finish": times["nothing"]["finish"],
    }


def own_process(*arguments: str, jit: bool, fresh: bool = False) -> str:
    """The output of this file run with other arguments, compiled or not.

    `fresh` keeps what it compiles apart: a patched engine must not end up in the user's cache.
    """
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "0" if jit else "1"}
    with tempfile.TemporaryDirectory() as folder:
        if fresh:
            environment["NUMBA_CACHE_DIR"] = folder
        command = [sys.executable, __file__, *arguments]
        result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return result.stdout.decode()


def measure() -> dict[str, Any]:
    """Counts, rates, times and shares, [phase]."""
    rates = machine_rates()
    counts = json.loads(own_process("--count", jit=False))
    times = phase_times()
    needed = {
        phase: sum(calls * rates[what] for what, calls in counts[phase].items() if what in rates)
        for phase in PHASES
    }
    library = library_rates()
    return {"rates": rates, "library": library, "counts": counts, "times": times, "needed": needed}


HEAD = ("phase", "draws", "exp, log", "quantiles", "bytes", "limit, ns", "taken, ns", "share")


def rows(result: dict[str, Any]) -> list[list[str]]:
    """The table under HEAD, a row for each phase and one for all."""
    lines = []
    for phase in [*PHASES, "all"]:
        of = list(PHASES) if phase == "all" else [phase]
        calls: collections.Counter[str] = collections.Counter()
        for name in of:
            calls.update(result["counts"][name])
        transcendental = sum(calls[name] for name in ("exp", "expm1", "log", "log1p"))
        needed = sum(result["needed"][name] for name in of)
        taken = sum(result["times"][name] for name in of)
        counts = [calls["philox"], transcendental, calls["normal_quantile"]]
        lines.append(
            [
                phase,
                *(f"{count:.3f}" for count in counts),
                f"{calls['bytes']:.0f}",
                f"{needed:.1f}",
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
        print(f"{row[0]:<12}" + "".join(f"{entry:>11}" for entry in row[1:]))


def main() -> None:
    """Measure, print, and save as JSON if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--settle", help=argparse.SUPPRESS)
    parser.add_argument("--without", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.count:
        print(json.dumps(count()))
    elif options.settle:
        settle(options.settle)
    elif options.without:
        print(json.dumps(time_without(options.without)))
    else:
        result = measure()
        show(result)
        if options.json:
            write(options.json, result)


if __name__ == "__main__":
    main()
