"""Runs: one replicate from the first day to the last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

from amnok.compiling.memory import hold
from amnok.engine.day import Running, run_days
from amnok.engine.state import State, fresh_state
from amnok.engine.tally import Books, empty_books, empty_tally, pages, sums
from amnok.mechanisms.quota import wanted_list
from amnok.scenario.model import Scenario
from amnok.world import World, build, changes

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
    run = start(scenario, seed, replicate)
    held, n_days = hold(run), len(run.world.days)
    turns = {turn.t: turn for turn in changes.turns(scenario)}
    edges = sorted({*range(0, n_days, CHUNK), *turns, n_days})
    with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
        for first, last in pairwise(edges):
            if first in turns:
                changes.take(run.world, turns[first])
            if threads == 1:
                run_days(held, first, last, 0, len(run.world.blocks), True)
            else:
                for t in range(first, last):
                    _day_on_threads(held, len(run.world.blocks), t, pool, threads)
            if on_days is not None and not on_days(last - first):
                raise Stopped
    return Outcome(replicate, run.world, run.state, run.books)


def start(scenario: Scenario, seed: int, replicate: int) -> Running:
    """A replicate before its first day."""
    world, key = build(scenario, seed, replicate)
    tally, today = empty_tally(world, len(world.blocks)), empty_tally(world, len(world.sectors))
    books = empty_books(world)
    return Running(
        world=world,
        key=key,
        state=fresh_state(world),
        tally=tally,
        tally_sums=sums(tally),
        today=today,
        today_sums=sums(today),
        books=books,
        book_pages=pages(books),
        wanted_list=wanted_list(world),
    )


def _day_on_threads(
    run: Running, n_blocks: int, t: int, pool: ThreadPoolExecutor, threads: int
) -> None:
    """Blocks touch only their own people, so each thread takes a stretch of them."""
    edges = [n_blocks * part // threads for part in range(threads + 1)]
    stretches = [(first, last) for first, last in pairwise(edges) if first < last]
    # The last stretch runs on this thread: waking another takes longer than many a stretch.
    jobs = [pool.submit(run_days, run, t, t + 1, *each, False) for each in stretches[:-1]]
    for each in stretches[-1:]:
        run_days(run, t, t + 1, *each, False)
    for job in jobs:
        job.result()
    run_days(run, t, t + 1, 0, 0, True)
