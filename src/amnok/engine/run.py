"""Runs: one replicate from the first day to the last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from amnok.draws import Key
from amnok.engine.blocks import run_blocks
from amnok.engine.day import finish_day
from amnok.engine.state import State, fresh_state
from amnok.engine.tally import (
    Books,
    Pages,
    Sums,
    Tally,
    empty_books,
    empty_tally,
    pages,
    sums,
)
from amnok.scenario.model import Scenario
from amnok.world import World, build

CHUNK = 30  # days between two looks at whether to stop


@dataclass(frozen=True)
class Outcome:
    """One replicate as it ended: the world it ran in, its last state, and its books."""

    replicate: int
    world: World
    state: State
    books: Books


class Stopped(Exception):  # noqa: N818 - not an error: the caller asked for it
    """The caller asked a replicate to stop before its last day."""


@dataclass(frozen=True)
class _Running:
    """A replicate under way, with the tables that a day needs."""

    world: World
    key: Key
    state: State
    books: Books
    book_pages: Pages
    tally: Tally
    tally_sums: Sums
    today: Tally
    today_sums: Sums


def simulate(
    scenario: Scenario,
    seed: int,
    replicate: int = 0,
    *,
    threads: int = 1,
    on_days: Callable[[int], bool] | None = None,
) -> Outcome:
    """Simulate one replicate.

    Args:
        scenario: a validated scenario.
        seed: the run's seed, 0 to 2**64 - 1.
        replicate: the replicate's number; the same bits alone or among others.
        threads: spread the blocks of each day over so many threads; the same bits for any number.
        on_days: called with the number of days just simulated; False stops the run.

    Raises:
        Stopped: `on_days` said so.
    """
    running = _start(scenario, seed, replicate)
    n_days = len(running.world.days)
    with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
        for first in range(0, n_days, CHUNK):
            last = min(first + CHUNK, n_days)
            for t in range(first, last):
                _one_day(running, t, pool, threads)
            if on_days is not None and not on_days(last - first):
                raise Stopped
    return Outcome(replicate, running.world, running.state, running.books)


def _start(scenario: Scenario, seed: int, replicate: int) -> _Running:
    world, key = build(scenario, seed, replicate)
    tally, today = empty_tally(world, len(world.blocks)), empty_tally(world, len(world.sectors))
    books = empty_books(world)
    return _Running(
        world=world,
        key=key,
        state=fresh_state(world),
        books=books,
        book_pages=pages(books),
        tally=tally,
        tally_sums=sums(tally),
        today=today,
        today_sums=sums(today),
    )


def _one_day(run: _Running, t: int, pool: ThreadPoolExecutor, threads: int) -> None:
    """Blocks touch only their own people, so each thread takes a stretch of them.

    A kernel that ran all days would hold a second copy of the two kernels here, and the engine
    would take half as long again to compile (58 s instead of 39 s where this was measured).
    """
    n_blocks = len(run.world.blocks)
    edges = [n_blocks * part // threads for part in range(threads + 1)]
    stretches = [(first, last) for first, last in pairwise(edges) if first < last]
    day = run.world, run.state, run.tally, run.key, t
    # The last stretch runs on this thread: waking another takes longer than many a stretch.
    jobs = [pool.submit(run_blocks, *day, *stretch) for stretch in stretches[:-1]]
    for stretch in stretches[-1:]:
        run_blocks(*day, *stretch)
    for job in jobs:
        job.result()
    _finish(run, t)


def _finish(run: _Running, t: int) -> None:
    """The rest of the day, on one thread."""
    finish_day(
        run.world,
        run.state,
        run.tally_sums,
        run.today,
        run.today_sums,
        run.books,
        run.book_pages,
        run.key,
        t,
    )
