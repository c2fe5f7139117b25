"""Where batches run: threads of this machine, a process of their own, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any

from amnok.errors import AmnokError, Fault, needs_extra
from amnok.results.threads import Days, on_threads
from amnok.studies.sweeps.design import Point
from amnok.studies.sweeps.work import Found, Task, Values, gathered, run_batch, tried

TRIES = 3  # a point that kills what runs it this often is set aside
KILLED = f"killed its worker {TRIES} times"

Keep = Callable[[int, Found], None]
Batches = Sequence[tuple[int, Sequence[Point]]]


def on_this_machine(
    task: Task, batches: Batches, threads: int, days: Days, begin: Callable[[int], None], keep: Keep
) -> None:
    """Run batches on threads; `begin` is told of each on its thread, `keep` on the caller's."""

    def work(batch: tuple[int, Sequence[Point]]) -> Found:
        number, points = batch
        begin(number)
        return run_batch(task, points, days)

    on_threads(batches, work, lambda batch, found: keep(batch[0], found), threads, days)


def in_a_process(task: Task, points: Sequence[Point]) -> Found:
    """Run points in a process of their own, as one of them is thought to kill what runs it."""
    return gathered(task, _isolated(task, list(points)))


def _isolated(task: Task, points: list[Point]) -> Iterator[tuple[int, Values | str]]:
    """Position and outcomes of each point, or why there are none."""
    context = multiprocessing.get_context("spawn")
    waiting, tries = list(range(len(points))), Counter[int]()
    while waiting:
        receiver, sender = context.Pipe(duplex=False)
        asked = [(position, points[position]) for position in waiting]
        process = context.Process(target=_child, args=(sender, task, asked), daemon=True)
        process.start()
        sender.close()
        try:
            while waiting:
                position, found = receiver.recv()
                waiting.remove(position)
                yield position, found
        except EOFError:
            # It died; whatever it was at is the first that is still waiting.
            tries[waiting[0]] += 1
            if tries[waiting[0]] == TRIES:
                yield waiting.pop(0), KILLED
        finally:
            receiver.close()
            process.join(timeout=5)
            process.kill()


def _child(sender: Connection, task: Task, asked: list[tuple[int, Point]]) -> None:
    for position, point in asked:
        sender.send((position, tried(task, point)))


def on_dask(task: Task, batches: Batches, client: Any, keep: Keep) -> None:
    """Run batches on a Dask cluster; a batch that kills its workers is tried point by point.

    Args:
        task: sent to the workers once.
        batches: what to do.
        client: a connected `distributed.Client`.
        keep: told of each batch.
    """
    import distributed

    shared = client.scatter(task, broadcast=True)
    numbers: dict[Any, int] = {}
    points = dict(batches)
    for number, each in batches:
        future = client.submit(run_batch, shared, list(each), pure=False)
        numbers[future] = number
    for future in distributed.as_completed(list(numbers)):
        number = numbers.pop(future)
        found = _result(future)
        if found is None:
            found = gathered(task, _one_by_one(client, shared, points[number]))
        keep(number, found)
        future.release()


def _result(future: Any) -> Any:
    """What came of a task, or None if it killed its workers."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return None


def _one_by_one(
    client: Any, shared: Any, points: Sequence[Point]
) -> Iterator[tuple[int, Values | str]]:
    futures = [client.submit(tried, shared, point, pure=False) for point in points]
    for position, future in enumerate(futures):
        found = _result(future)
        yield position, KILLED if found is None else found


def dask_client(scheduler: str | None, workers: int | None) -> Any:
    """A client of a running scheduler, or of a new cluster of worker processes on this machine.

    Raises:
        AmnokError: Dask is not installed, processes cannot be started, or the scheduler does not
            answer.
    """
    with needs_extra():
        import dask
        from distributed import Client
    if scheduler is None:
        dask.config.set({"distributed.worker.daemon": False})
        return Client(_cluster(workers))
    try:
        return Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        problem = f"the scheduler at {scheduler} does not answer: {error}"
        raise AmnokError([Fault(problem, "start it with: dask scheduler")]) from None


def _cluster(workers: int | None) -> Any:
    from distributed import LocalCluster

    try:
        return LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0")
    except RuntimeError as error:
        # Each process reads the script anew, and would start processes of its own.
        fix = "in a script, put the call under: if __name__ == '__main__':"
        raise AmnokError(Fault(f"no processes can be started: {error}", fix)) from None
