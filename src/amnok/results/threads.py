"""Independent simulations on threads: progress, nothing lost that was finished, and none begun that
cannot fit into memory.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from amnok.cells import fixed
from amnok.compiling import is_compiled
from amnok.compiling.code_cache import compile_for_this_processor
from amnok.counts import kept_in
from amnok.engine import Stopped, simulate
from amnok.engine.day import run_days
from amnok.errors import AmnokError, Fault
from amnok.mechanisms.reporting import TIP, Reporting
from amnok.mechanisms.roles import ROLES
from amnok.progress import Progress
from amnok.scenario import Scenario
from amnok.variables import BOOKED

Job = TypeVar("Job")
Result = TypeVar("Result")


class Days:
    """Counts simulated days over all threads, tells the caller, and says whether to go on."""

    def __init__(self, total: int, progress: Progress | None = None) -> None:
        self._total, self._progress = total, progress if callable(progress) else None
        self._done = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def __call__(self, days: int) -> bool:
        with self._lock:
            self._done += days
            if self._progress is not None:
                self._progress(self._done, self._total)
        return not self._stop.is_set()

    def stop(self) -> None:
        """Let no simulation go on for long."""
        self._stop.set()


def days_of(scenario: Scenario) -> int:
    """Days that one replicate simulates, those of the spin-up included."""
    return scenario.period.spin_up + scenario.period.days


def on_threads(
    jobs: Sequence[Job],
    work: Callable[[Job], Result],
    keep: Callable[[Job, Result], None],
    threads: int,
    days: Days,
    meanwhile: Callable[[], None] | None = None,
) -> None:
    """Do jobs on threads: `work` on theirs, `keep` on the caller's as they finish.

    When interrupted, what is finished is kept before the interrupt goes on.

    Args:
        jobs: what to do.
        work: does one of them; it must ask `days` now and then whether to go on.
        keep: takes what came of one.
        threads: how many.
        days: told to stop when this ends early.
        meanwhile: done on the caller's thread while the first jobs are under way.
    """
    pool = ThreadPoolExecutor(max(1, min(threads, len(jobs))))
    waiting = {pool.submit(work, job): job for job in jobs}
    try:
        if meanwhile is not None:
            meanwhile()
        for future in as_completed(waiting):
            keep(waiting[future], future.result())
            del waiting[future]
    except KeyboardInterrupt:
        days.stop()
        pool.shutdown(cancel_futures=True)
        for future, job in waiting.items():
            if _is_finished(future):
                keep(job, future.result())
        raise
    finally:
        days.stop()
        pool.shutdown(cancel_futures=True)


def in_order(
    jobs: Sequence[Job], work: Callable[[Job], Result], threads: int, days: Days
) -> list[Result]:
    """What comes of jobs that are done on threads, in the order of the jobs; see `on_threads`."""
    found: dict[int, Result] = {}
    places = range(len(jobs))
    on_threads(places, lambda place: work(jobs[place]), found.__setitem__, threads, days)
    return [found[place] for place in places]


def _is_finished(future: Future[Result]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def needs_compiling() -> bool:
    """Whether the engine is yet to be compiled on this machine, which takes half a minute."""
    return not is_compiled(run_days)


def compile_engine(scenario: Scenario) -> None:
    """Compile the engine on this thread, where Ctrl-C takes effect at once."""
    compile_for_this_processor()
    if needs_compiling():
        with contextlib.suppress(Stopped):
            simulate(scenario, 0, on_days=lambda _: False)


_PERSON = 110  # bytes: traits, state, and the draws that make the traits; measured
_COUNT = 12  # bytes: a float64 in the books and mostly an int32 in the dataset
_GIGABYTE = 1e9


def check_memory(scenario: Scenario, at_once: int) -> None:
    """Refuse a run that needs more memory than the machine has.

    Args:
        scenario: what is to be simulated.
        at_once: how many replicates are simulated side by side.

    Raises:
        AmnokError: it cannot fit. Where the machine does not tell its memory, all is let pass.
    """
    needed, there = at_once * needed_memory(scenario), machine_memory()
    if there is not None and needed > there:
        problem = (
            f"the run needs about {fixed(needed / _GIGABYTE, 0, ',')} GB of memory, "
            f"this machine has {fixed(there / _GIGABYTE, 0, ',')} GB"
        )
        raise AmnokError(Fault(problem, "fewer traders, fewer days, or fewer threads"))


def needed_memory(scenario: Scenario) -> float:
    """About how many bytes one replicate takes: its people, and its books of every day."""
    traders = scenario.traders
    people = traders.inner.number + traders.outer.number
    return people * _PERSON + scenario.period.days * _counts_a_day(scenario) * _COUNT


def _counts_a_day(scenario: Scenario) -> int:
    """Counts that are booked for each day."""
    length = {
        "route": sum(len(sector.routes) for sector in scenario.sectors.values()),
        "sector": len(scenario.sectors),
        "agency": len(ROLES),
        "size": len(scenario.traders.sizes),
        "side": 2,
        "goods": len(scenario.goods),
        "market": len(scenario.markets),
        "investigated": 2,
        "paying": 2,
    }
    reporting, traders = scenario.section(Reporting), scenario.traders
    sources = reporting.sources.number / 1000.0 if reporting is not None else 0.0
    sources *= traders.inner.number + traders.outer.number
    return round(sources) * len(TIP) + sum(
        len(kept_in(table)) * math.prod(length[axis] for axis in table.axes) for table in BOOKED
    )


def machine_memory() -> int | None:
    """Bytes of memory of this machine, or None where it cannot be told (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
