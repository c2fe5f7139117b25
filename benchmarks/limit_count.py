"""What a day of the default border needs: calls and bytes per trader-day, by phase.

The engine's own code runs as plain Python with counters around its draws and functions, on a border
that the compiled engine has brought to its settled state. Prints JSON; `limit.py` runs it.

    NUMBA_DISABLE_JIT=1 python benchmarks/limit_count.py
"""

from __future__ import annotations

import collections
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from full_day import DEFAULT_TRADERS, SCENARIO, overrides
from machine import output_of

SETTLED = 200  # days before the ones that are counted and timed
COUNTED_DAYS = 1
COUNTED_SHARE = 1.0  # of the traders; plain Python takes some seconds for a day of all of them

# Phases of a day, each with the steps that belong to it; a step that the engine does not have is
# passed over. What none of them covers is "finish".
PHASES = {
    "people": ("release_due", "outer_morning", "draw_stretch", "screen", "count_people"),
    "prepare": ("prepare_consignment",),
    "plan": ("plan",),
    "set out": ("draw_meetings", "foresee", "send"),
    "finish": ("finish_day",),
}
NEEDS = ("philox", "exp", "expm1", "log", "log_positive", "log1p", "normal_quantile")

Function = Callable[..., Any]


class Counters:
    """Calls by phase, counted from when `counting` is set."""

    def __init__(self) -> None:
        self.calls = {name: collections.Counter[str]() for name in PHASES}
        self.phase = ["finish"]
        self.counting = False

    def counted(self, name: str, function: Function) -> Function:
        """The function, with a counter of its calls."""

        def call(*arguments: Any) -> Any:
            if self.counting:
                self.calls[self.phase[-1]][name] += 1
            return function(*arguments)

        return call

    def within(self, phase: str, function: Function) -> Function:
        """The function; what is called within it belongs to a phase."""

        def call(*arguments: Any) -> Any:
            self.phase.append(phase)
            try:
                return function(*arguments)
            finally:
                self.phase.pop()

        return call


def put_in(counters: Counters) -> None:
    """Put the counters around draws, functions and steps, under every name they have in Amnok."""
    from amnok import draws, vector_math
    from amnok.engine import blocks, crossing, day, replicate
    from amnok.rules import distributions

    replaced: dict[int, Function] = {}
    for home in (draws, vector_math, distributions):
        for name in NEEDS:
            function = vars(home).get(name)
            if function is not None and function.__module__ == home.__name__:
                replaced[id(function)] = counters.counted(name, function)
    for phase, steps in PHASES.items():
        for name in steps:
            for home in (blocks, crossing, day, replicate):
                step = vars(home).get(name)
                if step is not None and id(step) not in replaced:
                    replaced[id(step)] = counters.within(phase, step)
    for module in [m for n, m in sys.modules.items() if n.startswith("amnok")]:
        for name, value in list(vars(module).items()):
            if id(value) in replaced:
                setattr(module, name, replaced[id(value)])


def count() -> dict[str, dict[str, float]]:
    """Needed per trader-day, [phase][what]: calls, consignments to book, bytes of people's data."""
    from amnok.engine.day import run_days
    from amnok.engine.replicate import start
    from amnok.scenario import load

    counters = Counters()
    put_in(counters)
    under_way = start(load(SCENARIO, counted_traders()), 1, 0)
    copy_settled(under_way)
    counters.counting = True
    run_days(under_way, SETTLED, SETTLED + COUNTED_DAYS, 0, len(under_way.world.blocks), True)
    people = len(under_way.world.traits) * COUNTED_DAYS
    result = {
        name: {what: calls / people for what, calls in counters.calls[name].items()}
        for name in PHASES
    }
    sent, crossed = consignments(under_way)
    result["set out"]["consignments"] = crossed / people
    for phase, size in bytes_needed(under_way, sent / people).items():
        result[phase]["bytes"] = size
    return result


def counted_traders() -> list[str]:
    """Overrides that scale the border's population."""
    return overrides(round(DEFAULT_TRADERS * COUNTED_SHARE), None)


def consignments(under_way: Any) -> tuple[float, float]:
    """How many set out on the counted days, and how many of them crossed, from the books."""
    first = SETTLED - under_way.world.spin_up  # the spin-up is not booked
    flow = under_way.books.flow[first : first + COUNTED_DAYS]
    sent, crossed = (flow[name].sum() for name in ("attempts", "crossings"))
    return float(sent), float(crossed)


def bytes_needed(under_way: Any, shippers: float) -> dict[str, float]:
    """Bytes of people's data read and written once per trader-day, by phase."""
    state, world = under_way.state, under_way.world
    daily = ("status", "until", "waiting", "investigated", "known_until", "low_until", "protected")
    per_person = sum(getattr(state, name).itemsize for name in daily) + state.taken.itemsize
    traits, trader = world.traits.itemsize, state.traders.itemsize
    return {
        "people": per_person + world.shipping_rate.itemsize,
        "plan": shippers * (traits + trader),
        "set out": shippers * (2 * traits + 4 * trader),  # of both banks; read and written
    }


def copy_settled(under_way: Any) -> None:
    """Bring a replicate's state to day SETTLED with the compiled engine, in another process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state.npz"
        output_of(__file__, str(file), NUMBA_DISABLE_JIT="0")
        with np.load(file) as saved:
            for name, array in under_way.state._asdict().items():
                array[...] = saved[name]


def settle(file: str) -> None:
    """Save the state that the compiled engine reaches on day SETTLED."""
    from amnok.engine.day import run_days
    from amnok.engine.replicate import start
    from amnok.scenario import load

    under_way = start(load(SCENARIO, counted_traders()), 1, 0)
    run_days(under_way, 0, SETTLED, 0, len(under_way.world.blocks), True)
    arrays: dict[str, Any] = under_way.state._asdict()
    np.savez(file, **arrays)


if __name__ == "__main__":
    if sys.argv[1:]:
        settle(sys.argv[1])
    else:
        print(json.dumps(count()))
