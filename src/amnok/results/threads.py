"""Independent simulations on threads: progress, and nothing lost that was finished."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from amnok.compiling import is_compiled
from amnok.compiling.code_cache import compile_for_this_processor
from amnok.engine import Stopped, simulate
from amnok.engine.day import run_days
from amnok.scenario import Scenario

Progress = Callable[[int, int], None]
Job = TypeVar("Job")
Result = TypeVar("Result")


class Days:
    """Counts simulated days over all threads, tells the caller, and says whether to go on."""

    def __init__(self, total: int, progress: Progress | None = None) -> None:
        self._total, self._progress = total, progress
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
) -> None:
    """Do jobs on threads: `work` on theirs, `keep` on the caller's as they finish.

    When interrupted, what is finished is kept before the interrupt goes on.

    Args:
        jobs: what to do.
        work: does one of them; it must ask `days` now and then whether to go on.
        keep: takes what came of one.
        threads: how many.
        days: told to stop when this ends early.
    """
    pool = ThreadPoolExecutor(max(1, min(threads, len(jobs))))
    waiting = {pool.submit(work, job): job for job in jobs}
    try:
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
