"""A sweep: many points, each simulated with the same people and draws; resumable."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from amnok.arguments import listed, verb, wrong
from amnok.disk import folder_path
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.results.store import closing
from amnok.results.threads import Days, compile_engine, cores, days_of
from amnok.scenario import Scenario, resolved
from amnok.scenario.loading import Given, load_text
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import Sets
from amnok.scenario.policies import worlds
from amnok.studies.sweeps import reading
from amnok.studies.sweeps.design import (
    Point,
    SobolDesign,
    Value,
    check_paths,
    from_csv,
    grid,
    of_values,
)
from amnok.studies.sweeps.executors import (
    dask_client,
    in_a_process,
    on_dask,
    on_this_machine,
)
from amnok.studies.sweeps.folder import SweepFolder, open_sweep, progress, set_aside
from amnok.studies.sweeps.work import Found, Task
from amnok.table import Sheet, Shown, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

Points: TypeAlias = (
    "Sequence[Point] | SobolDesign | Mapping[str, Sequence[Value]] | str | os.PathLike[str]"
)
_PER_RUN, _PER_TRADER_DAY = 0.004, 40e-9  # seconds, about: for the size of batches only
_BATCH = 3.0  # seconds that a batch should take, so that its overhead does not count
_MOST_POINTS = 1_000


@dataclass(frozen=True, repr=False)
class Sweep(Shown):
    """A sweep's folder, finished or not."""

    folder: Path

    def sheet(self) -> Sheet:
        """The first points, and how much is done."""
        points, (done, total) = self.points, self.progress
        title = f"{len(points):,} points in {self.folder}, {done} of {total} batches finished"
        return Sheet(title, (Table.of_frame("Points", points, ".points"),))

    @property
    def points(self) -> pd.DataFrame:
        """The points: point, policy, and a column for each parameter; in order."""
        return reading.points(self.folder)

    def relation(self) -> DuckDBPyRelation:
        """What is finished, to be asked by SQL: point, replicate, outcome, where, value.

        A relation of DuckDB: nothing is read before it is asked, and no more than the answer comes
        into memory (`.df()` for pandas; `.arrow()`, with PyArrow). Rows come in no order that was
        not asked for. `duckdb.sql` knows it under the name of the variable that holds it.

        Raises:
            AmnokError: nothing is finished.
        """
        return reading.rows(self.folder)

    @property
    def results(self) -> pd.DataFrame:
        """All of `relation` as pandas, in order: some 200 bytes a row, so for small sweeps.

        Raises:
            AmnokError: nothing is finished.
        """
        return reading.all_rows(self.folder)

    @property
    def scenario(self) -> Scenario:
        """The border that was swept, as it is without any point."""
        text = open_sweep(self.folder).manifest.about["scenario"]
        return load_text(text, str(self.folder))

    @property
    def sobol(self) -> tuple[list[str], int] | None:
        """Sets and draws of the Sobol design that was swept, if it was one."""
        about = open_sweep(self.folder).manifest.about["sobol"]
        return (about["sets"], about["draws"]) if about else None

    @property
    def aside(self) -> dict[int, str]:
        """Points that were set aside, and why."""
        return set_aside(open_sweep(self.folder))

    @property
    def progress(self) -> tuple[int, int]:
        """How many batches are finished, and how many there are in all."""
        return progress(open_sweep(self.folder))

    def table(self, outcome: str, where: str = "") -> pd.DataFrame:
        """One outcome beside its points: a row for each point and replicate, in order.

        Without `where`, the sum over all labels of an outcome that has some.
        """
        return reading.runs(self.folder, outcome, where)

    def means(self, outcome: str, where: str = "") -> pd.Series[float]:
        """One outcome's mean over replicates, by point; `where` as in `table`."""
        found: pd.Series[float] = reading.means(self.folder, outcome, where).set_index("point")[
            "value"
        ]
        return found


@verb
def sweep(
    scenario: Given,
    points: Points,
    out: str | os.PathLike[str],
    *,
    sets: Sets | None = (),
    policies: Mapping[str, Given] | Sequence[str] = (),
    seed: int = 1,
    replicates: int = 1,
    threads: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Simulate every point; what the folder already holds is not simulated again.

    Args:
        scenario: the border as it is; a name, a path, a saved run, or a `Scenario`.
        points: from `design`; a `SobolDesign` is remembered, for `analysis.sensitivity`. A dict
            from paths to lists of values is a full grid, a path a CSV file of points; both are
            under `base` and all policies.
        out: folder; each batch of runs is on disk before it counts.
        sets: overrides of the border as it is, as for `load`.
        policies: names of the scenario's own, or scenarios by name.
        seed: replicates share people and draws between points.
        replicates: of each point.
        threads: of this machine, all by default; not with a cluster.
        workers: as many processes of a Dask cluster on this machine, in place of threads.
        scheduler: address of a running Dask scheduler, in place of threads.
        progress: called now and then with the runs finished so far and in all.

    Raises:
        FolderError: the folder holds another sweep, another process is at work in it, or it cannot
            be read or written.
        AmnokError: there is no such policy or parameter, or the points are none.
        KeyboardInterrupt: finished batches are kept, and the same call goes on from there.
    """
    scenario, arms = worlds(scenario, sets, policies)
    points = _points(scenario, points, [BASE, *arms])
    about_design = None
    if isinstance(points, SobolDesign):
        about_design = {"sets": list(points.sets), "draws": points.draws}
        points = points.points
    if not points:
        raise AmnokError(Fault("there is no point to simulate", "give each path some values"))
    _check_policies(points, arms)
    about = {"replicates": replicates, "sobol": about_design}
    task = Task(scenario, arms, seed, replicates)
    finish(SweepFolder, Path(out), task, points, about, threads, workers, scheduler, progress)
    return Sweep(Path(out))


def _points(
    scenario: Scenario, given: Any, policies: Sequence[str]
) -> Sequence[Point] | SobolDesign:
    """The points that somebody means."""
    if isinstance(given, SobolDesign):
        return given
    if isinstance(given, str | os.PathLike):
        return from_csv(scenario, folder_path(given), policies)
    if isinstance(given, Mapping):
        values: dict[str, list[Any]] = {
            path: [some] if _is_one(some) else listed(path, some, "a value, or a list of them")
            for path, some in given.items()
        }
        check_paths(scenario, list(values))
        return of_values(scenario, grid(values, policies))
    if not isinstance(given, Sequence) or not all(
        isinstance(one, Point) and isinstance(one.values, Mapping) for one in given
    ):
        raise wrong("points", given, "points of a design, a dict of values by path, or a CSV file")
    return of_values(scenario, given)


def _is_one(some: Any) -> bool:
    """Whether it is one value; NumPy has numbers that look like lists."""
    return (
        isinstance(some, str) or not isinstance(some, Iterable) or getattr(some, "shape", 1) == ()
    )


def finish(
    kind: type[SweepFolder],
    out: Path,
    task: Task,
    points: Sequence[Point],
    more: Mapping[str, Any],
    threads: int | None,
    workers: int | None,
    scheduler: str | None,
    progress: Progress | None,
) -> None:
    """Simulate whatever of some points a folder does not hold yet, batch by batch.

    `more` is what the folder is about besides the task's border, policies and seed.
    """
    size = batch_size(task.scenario(Point()), task.replicates)
    about = {
        "scenario": resolved(task.base),
        "policies": {name: resolved(one) for name, one in task.policies.items()},
        "seed": task.seed,
        "batch": size,
        **more,
    }
    folder = kind(out, about, points)
    batches = [
        (number, list(points[first : first + size]))
        for number, first in enumerate(range(0, len(points), size))
    ]
    with closing(folder.store):
        keeper = _Keeper(folder, task, size, len(points), progress)
        waiting = [batch for batch in batches if batch[0] not in keeper.finished]
        if scheduler is not None or workers is not None:
            with dask_client(scheduler, workers) as client:
                on_dask(task, waiting, client, keeper)
        else:
            compile_engine(task.base)
            _on_threads(task, waiting, folder, keeper, threads or cores())
        folder.gather()


def _check_policies(points: Sequence[Point], policies: Mapping[str, Scenario]) -> None:
    unknown = {point.policy for point in points} - {BASE, *policies}
    if unknown:
        raise AmnokError([Fault(f"no policy '{name}' in the sweep") for name in sorted(unknown)])


def batch_size(scenario: Scenario, replicates: int) -> int:
    """Points in a batch: a few seconds' worth, and no more than a thousand."""
    traders = scenario.traders.inner.number + scenario.traders.outer.number
    run = _PER_RUN + traders * days_of(scenario) * _PER_TRADER_DAY
    return int(min(max(_BATCH / (run * replicates), 1), _MOST_POINTS))


def _on_threads(
    task: Task,
    waiting: list[tuple[int, list[Point]]],
    folder: SweepFolder,
    keeper: _Keeper,
    threads: int,
) -> None:
    """Batches that were begun before and never finished may have killed the sweep: apart."""
    suspect = [batch for batch in waiting if folder.was_begun(batch[0])]
    sound = [batch for batch in waiting if not folder.was_begun(batch[0])]
    on_this_machine(task, sound, threads, Days(0), folder.begin, keeper)
    for number, points in suspect:
        keeper(number, in_a_process(task, points))


class _Keeper:
    """Writes batches as they finish, and counts them."""

    def __init__(
        self, folder: SweepFolder, task: Task, size: int, total: int, progress: Progress | None
    ) -> None:
        self._folder, self._task, self._size = folder, task, size
        self._total = total * task.replicates
        self._progress = progress if callable(progress) else None
        self._columns = task.columns()
        self.finished = folder.finished()
        self._done = (
            sum(min(size, total - number * size) for number in self.finished) * task.replicates
        )
        self._tell()

    def __call__(self, batch: int, found: Found) -> None:
        done, values, refused = found
        first = batch * self._size
        numbers = [first + position for position in done]
        aside = {first + position: reason for position, reason in refused.items()}
        replicates = self._task.replicates
        self._folder.add(batch, numbers, replicates, self._columns, values, aside)
        self._done += (len(done) + len(refused)) * replicates
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total)


def opened(sweep: Sweep | str | os.PathLike[str]) -> Sweep:
    """A sweep, or the one that is in a folder, finished or not.

    Raises:
        AmnokError: the folder holds none, or nothing of it is finished.
    """
    return sweep if isinstance(sweep, Sweep) else Sweep(open_sweep(sweep).path)
