"""How long each phase of a day takes, by leaving out one after the other.

`python benchmarks/limit_phases.py STEP` prints what a day takes without that step and those after
it, as JSON; `limit.py` runs it for each. Steps are replaced under the names that `engine/blocks.py`
calls them by, before anything is compiled; what the engine does not have is passed over.
"""

from __future__ import annotations

import inspect
import json
import sys
import tempfile
import time
from typing import Any

import numba
import numpy as np
from full_day import SCENARIO
from limit_count import SETTLED
from machine import output_of

from amnok.engine.lanes import TILE

TIMED_DAYS, REPEATS = 60, 7


# --- Stand-ins for steps: goods still go, so that the others have as much to do as ever ---------


def draw_nothing() -> None:
    """For draws that only `send` looks at."""


def send_nobody(state: Any, lanes: Any, count: Any) -> None:
    """Goods are gone, and their gain is booked so that plans are not in vain."""
    for k in range(count):
        state.waiting[lanes.person[k]] = 0
        state.traders[lanes.person[k]].cash += lanes.best_surplus[k]


def plan_nothing(lanes: Any, count: Any) -> None:
    """No gain for anyone."""
    for k in range(count):
        lanes.best_surplus[k] = 0.0


def nobody_ready(n: Any, tile: Any, ready: Any) -> Any:
    """Looks at all draws, or the compiler would not make those that nobody looks at."""
    return ready + (tile.words[2 * TILE + n] + tile.words[3 * TILE + n] > 2.0)


SENDING = {"draw_meetings": draw_nothing, "foresee": draw_nothing, "send": send_nobody}
PLANNING = {**SENDING, "plan": plan_nothing}
STAND_INS = {
    "nothing": {},
    "send": SENDING,
    "plan": PLANNING,
    "prepare_consignment": {**PLANNING, "prepare_consignment": nobody_ready},
}


def leave_out(step: str) -> None:
    """Let the day call stand-ins for a step and those after it."""
    from amnok.engine import blocks

    for name, stand_in in STAND_INS[step].items():
        if name in vars(blocks):
            vars(blocks)[name] = called_like(vars(blocks)[name], stand_in)


def called_like(step: Any, stand_in: Any) -> Any:
    """A stand-in that is called as the step is, and takes what it needs of what it is given."""
    given = ", ".join(inspect.signature(step.py_func).parameters)
    wanted = ", ".join(inspect.signature(stand_in).parameters)
    inlined = numba.njit(inline="always", error_model="numpy")
    scope = {"stand_in": inlined(stand_in)}
    exec(f"def call({given}): return stand_in({wanted})", scope)
    return inlined(scope["call"])


def time_without(step: str) -> dict[str, float]:
    """Nanoseconds per trader-day of the two parts of `run_days`, some steps left out."""
    from amnok.compiling.memory import hold
    from amnok.engine.day import run_days
    from amnok.engine.replicate import start
    from amnok.scenario import load

    leave_out(step)
    scenario = load(SCENARIO)
    block_times, finish_times = [], []
    for _ in range(REPEATS):
        r = start(scenario, 1, 0)
        n_blocks, people = len(r.world.blocks), len(r.world.traits)
        held = hold(r)  # or each call hands over the whole world, as no run does
        in_blocks, in_finish = [], []
        for t in range(SETTLED + TIMED_DAYS):
            morning = time.perf_counter_ns()
            run_days(held, t, t + 1, 0, n_blocks, False)
            evening = time.perf_counter_ns()
            run_days(held, t, t + 1, 0, 0, True)
            in_blocks.append(evening - morning)
            in_finish.append(time.perf_counter_ns() - evening)
        block_times.append(in_blocks[SETTLED:])
        finish_times.append(in_finish[SETTLED:])
    # The fastest of the repeats of each day: the same work, and the least disturbed.
    return {
        "blocks": float(np.min(block_times, axis=0).mean()) / people,
        "finish": float(np.min(finish_times, axis=0).mean()) / people,
    }


def phase_times() -> dict[str, float]:
    """Nanoseconds per trader-day in each phase."""
    times = {}
    for step in STAND_INS:
        # Compiled code is kept apart: a patched engine must not end up in the user's cache.
        with tempfile.TemporaryDirectory() as folder:
            times[step] = json.loads(output_of(__file__, step, NUMBA_CACHE_DIR=folder))
    blocks = {name: entry["blocks"] for name, entry in times.items()}
    return {
        "people": blocks["prepare_consignment"],
        "prepare": blocks["plan"] - blocks["prepare_consignment"],
        "plan": blocks["send"] - blocks["plan"],
        "set out": blocks["nothing"] - blocks["send"],
        "finish": times["nothing"]["finish"],
    }


if __name__ == "__main__":
    print(json.dumps(time_without(sys.argv[1])))
