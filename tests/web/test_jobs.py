"""One simulation at a time, the newest of each client, and none that nobody waits for."""

import asyncio
import threading
import time

import pytest

from amnok.engine import Stopped
from amnok.errors import AmnokError, Fault
from amnok.web import jobs as module
from amnok.web.jobs import Busy, Jobs

SUPERSEDED = {"superseded": True}
QUICK = 50  # questions of somebody who moves a lever


class Slow:
    """Work that goes on until it is let go of or released, and says how it ended."""

    def __init__(self, days=10):
        self.begun, self.released, self.ended = threading.Event(), threading.Event(), ""
        self._days = days

    def __call__(self, counter):
        days = counter(self._days)
        self.begun.set()
        for _ in range(self._days):
            while not self.released.wait(0.005):
                if not days(0):
                    self.ended = "stopped"
                    raise Stopped
            days(1)
        self.ended = "done"
        return {"done": True}


def run(asked):
    """Runs `asked(jobs)` and leaves nothing behind."""

    async def whole():
        jobs = Jobs()
        try:
            return await asyncio.wait_for(asked(jobs), 20)
        finally:
            jobs.close()

    return asyncio.run(whole())


async def every(answers):
    return [one async for one in answers]


async def begun(work):
    assert await asyncio.to_thread(work.begun.wait, 10)


async def emptied(jobs):
    while jobs.waiting:
        await asyncio.sleep(0.01)


def test_progress_comes_first_and_the_answer_last():
    async def asked(jobs):
        work = Slow(days=4)

        def slowly(counter):
            days = counter(4)
            for _ in range(4):
                time.sleep(0.15)
                days(1)
            return {"done": True}

        work.released.set()
        return await every(await jobs.ask("a", work)), await every(await jobs.ask("a", slowly))

    quick, slow = run(asked)
    assert quick == [{"done": True}]
    shares = [one["progress"] for one in slow[:-1]]
    assert len(shares) >= 2
    assert shares == sorted(set(shares))
    assert set(shares) <= {0.25, 0.5, 0.75, 1.0}
    assert slow[-1] == {"done": True}


def test_the_newest_question_of_a_client_wins():
    async def asked(jobs):
        first, second, third = Slow(), Slow(), Slow()
        told = [asyncio.create_task(every(await jobs.ask("a", first)))]
        await begun(first)
        told += [asyncio.create_task(every(await jobs.ask("a", one))) for one in (second, third)]
        third.released.set()
        answers = await asyncio.gather(*told)
        await emptied(jobs)
        return answers, (first.ended, second.begun.is_set(), third.ended)

    answers, ends = run(asked)
    assert [one[-1] for one in answers] == [SUPERSEDED, SUPERSEDED, {"done": True}]
    assert ends == ("stopped", False, "done")  # the second never began


def test_however_many_one_page_asks_it_takes_one_place(monkeypatch):
    """Others' questions stay in the queue, and there is room for more of them."""
    monkeypatch.setattr(module, "MOST_WAITING", 4)

    async def asked(jobs):
        running, other, late = Slow(), Slow(), Slow()
        quick = [Slow() for _ in range(QUICK)]
        told = [asyncio.create_task(every(await jobs.ask("program", running)))]
        await begun(running)
        told += [asyncio.create_task(every(await jobs.ask("other", other)))]
        sent = time.monotonic()
        told += [asyncio.create_task(every(await jobs.ask("page", one))) for one in quick]
        assert jobs.waiting == 3
        dropped = await asyncio.gather(*told[2:-1])  # while the first one is still running
        took = time.monotonic() - sent
        told += [asyncio.create_task(every(await jobs.ask("late", late)))]
        for one in (running, other, late, quick[-1]):
            one.released.set()
        kept = await asyncio.gather(*told[:2], *told[-2:])
        return dropped, took, kept, [one.begun.is_set() for one in quick]

    dropped, took, kept, have_begun = run(asked)
    assert dropped == [[SUPERSEDED]] * (QUICK - 1)
    assert took < 1  # some milliseconds
    assert kept == [[{"done": True}]] * 4
    assert have_begun == [False] * (QUICK - 1) + [True]


def test_clients_do_not_supersede_each_other():
    async def asked(jobs):
        works = [Slow() for _ in range(3)]
        told = [
            asyncio.create_task(every(await jobs.ask(str(n), one))) for n, one in enumerate(works)
        ]
        await begun(works[0])
        assert not works[1].begun.is_set()  # one at a time
        for one in works:
            one.released.set()
        return await asyncio.gather(*told)

    assert run(asked) == [[{"done": True}]] * 3


def test_whoever_goes_away_stops_the_question():
    async def asked(jobs):
        running, waiting, after = Slow(), Slow(), Slow()
        first, second = await jobs.ask("a", running), await jobs.ask("b", waiting)
        await begun(running)
        first.stop()
        second.stop()  # before its first line was read
        after.released.set()
        answer = await every(await jobs.ask("c", after))
        await emptied(jobs)
        return answer, running.ended, waiting.begun.is_set()

    assert run(asked) == ([{"done": True}], "stopped", False)


def test_too_many_are_told_at_once_and_room_comes_back(monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 3)

    async def asked(jobs):
        work = Slow()
        told = [asyncio.create_task(every(await jobs.ask(str(n), work))) for n in range(3)]
        with pytest.raises(Busy):
            await jobs.ask("late", work)
        work.released.set()
        await asyncio.gather(*told)
        await emptied(jobs)
        return await every(await jobs.ask("late", work))

    assert run(asked) == [{"done": True}]


def test_what_goes_wrong_is_an_answer(caplog):
    def wrong(_):
        raise AmnokError([Fault("too high", path="a.b"), Fault("too low", path="c")])

    def full(_):
        raise MemoryError

    def broken(_):
        raise ZeroDivisionError("a bug")

    async def asked(jobs):
        return [(await every(await jobs.ask("a", one)))[-1] for one in (wrong, full, broken)]

    faults, memory, bug = run(asked)
    assert faults == {"faults": ["a.b: too high", "c: too low"]}
    assert "memory" in memory["faults"][0]
    assert "terminal" in bug["faults"][0]
    assert "a bug" in caplog.text
    assert "ZeroDivisionError" not in bug["faults"][0]


def test_nothing_is_remembered_of_answered_questions():
    async def asked(jobs):
        work = Slow()
        work.released.set()
        for n in range(200):
            await every(await jobs.ask(f"client-{n}", work))
        await emptied(jobs)
        return len(jobs._newest)

    assert run(asked) == 0


def test_closing_stops_what_is_under_way_and_what_waits():
    async def asked(jobs):
        running, waiting = Slow(), Slow()
        answers = await jobs.ask("a", running)
        await jobs.ask("b", waiting)
        await begun(running)
        await asyncio.to_thread(jobs.close)
        return (await every(answers))[-1], running.ended, waiting.begun.is_set()

    assert run(asked) == (SUPERSEDED, "stopped", False)
