"""Simulations in turn: one at a time, the newest of each client, and none that nobody waits for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from amnok.engine import Stopped
from amnok.errors import AmnokError
from amnok.results.threads import Days

MOST_WAITING = 100
SUPERSEDED = {"superseded": True}  # the answer to whoever has a newer question, or waits no longer
_LOOK = 0.1  # seconds between two looks at how far a simulation is

Answer = dict[str, Any]
Work = Callable[[Callable[[int], Days]], Answer]


class Busy(Exception):  # noqa: N818 - a state of the server, not an error of the asker
    """Too many are waiting already."""


class Job:
    """One question of one client: how far it is, and whether anyone still wants to know."""

    def __init__(self, work: Work, pool: ThreadPoolExecutor) -> None:
        self.progress = 0.0
        self._work = work
        self._days: Days | None = None
        self._stopped = threading.Event()
        self.answer = pool.submit(self._run)

    def stop(self) -> None:
        """Let go of it: at once if it has not begun, otherwise soon."""
        self.answer.cancel()
        self._stopped.set()
        if self._days is not None:
            self._days.stop()

    def _run(self) -> Answer:
        """Do the work; what goes wrong becomes an answer too."""
        try:
            return self._work(self._counter)
        except Stopped:
            return SUPERSEDED
        except AmnokError as error:
            return {"faults": [str(fault) for fault in error.told]}
        except MemoryError:
            return {"faults": ["there is not enough memory for this"]}
        except Exception:
            # A bug of ours: whoever asked is told so, and the terminal has the rest.
            logging.getLogger(__name__).exception("a simulation failed")
            return {"faults": ["the simulation failed; the terminal says why"]}

    def _counter(self, total: int) -> Days:
        def tell(done: int, _: int) -> None:
            self.progress = done / max(total, 1)

        self._days = Days(total, tell)
        if self._stopped.is_set():
            self._days.stop()
        return self._days


class AnswerStream:
    """Progress as it is made, and the answer last."""

    def __init__(self, job: Job) -> None:
        self._job, self._answer = job, asyncio.wrap_future(job.answer)

    async def __aiter__(self) -> AsyncIterator[Answer]:
        said = 0.0
        while not (await asyncio.wait([self._answer], timeout=_LOOK))[0]:
            if self._job.progress > said:
                said = self._job.progress
                yield {"progress": round(said, 3)}
        yield SUPERSEDED if self._answer.cancelled() else self._answer.result()

    def stop(self) -> None:
        """Nobody waits for them any longer."""
        self._job.stop()


class Jobs:
    """A queue with one worker; a simulation uses all cores by itself."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="simulation")
        self._newest: dict[str, Job] = {}
        self._waiting = 0
        self._lock = threading.RLock()  # of both; what is stopped is forgotten within it

    @property
    def waiting(self) -> int:
        """Questions that have no answer yet."""
        return self._waiting

    async def ask(self, client: str, work: Work) -> AnswerStream:
        """Put a question; whoever asks must stop its answers when they go away.

        A newer question of the same client takes the place of this one, whose answer is then
        `SUPERSEDED`.

        Raises:
            Busy: at once, if too many are waiting.
        """
        with self._lock:
            if client in self._newest:
                self._newest[client].stop()
            if self._waiting >= MOST_WAITING:
                raise Busy
            job = self._newest[client] = Job(work, self._pool)
            self._waiting += 1
            job.answer.add_done_callback(lambda _: self._forget(client, job))
        return AnswerStream(job)

    def _forget(self, client: str, job: Job) -> None:
        with self._lock:
            self._waiting -= 1
            if self._newest.get(client) is job:
                del self._newest[client]

    def stop(self) -> None:
        """Let go of all questions; those who wait hear of it soon."""
        for job in list(self._newest.values()):
            job.stop()

    def close(self) -> None:
        """Stop whatever is under way, and take no more questions."""
        self.stop()
        self._pool.shutdown(cancel_futures=True)
