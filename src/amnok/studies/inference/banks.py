"""A bank of runs: draws from all priors, what would be seen of each, and what is hidden in each.

    FOLDER/                 the runs; a sweep's folder in all but its batches
        points.parquet      policy and parameters of each point
        batches/000017.npy  [run, column and week of `kept.Layout`, then claims], float32
        full-size/          the same of the first points, with all their people

Unlike the points of a sweep, each draw has people and chances of its own, since what differs
between draws by chance would differ in the world too. With variants of the border, each draw is of
one of them, by turns: which is the border's structure is then as unknown as its parameters.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.disk import Content
from amnok.errors import AmnokError, Fault, FolderError, ScenarioError
from amnok.progress import Progress
from amnok.results.manifest import Kind, digest_of, to_json, versions
from amnok.results.standing import is_there
from amnok.results.store import Store
from amnok.scenario import Scenario, resolved
from amnok.scenario.dump import written_digest
from amnok.scenario.loading import Given, load_text
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import Sets
from amnok.scenario.policies import worlds
from amnok.studies.inference.claims import claims_told, grows
from amnok.studies.inference.kept import Layout
from amnok.studies.inference.worlds import VARIANT, BankTask, columns_of, worlds_of
from amnok.studies.patterns.patterns import Patterns
from amnok.studies.sweeps.design import Point, latin_hypercube
from amnok.studies.sweeps.folder import BATCHES, POINTS, SweepFolder, literal, open_sweep
from amnok.studies.sweeps.folder import progress as batches_done
from amnok.studies.sweeps.reading import answer
from amnok.studies.sweeps.runner import finish
from amnok.studies.sweeps.work import Values
from amnok.table import Sheet, Shown, Table

Array = NDArray[np.float64]
BANK = Kind("bank", "a bank of runs", "amnok bank", "make the bank anew", (POINTS,))
FULL_SIZE = "full-size"
TRADERS, FULL_RUNS = 4_000, 100


class _Folder(SweepFolder):
    kind, suffix = BANK, ".npy"

    def _content(
        self,
        points: Sequence[int],
        replicates: int,
        columns: Sequence[tuple[str, str]],
        values: Values,
    ) -> Content:
        def write(file: Path) -> None:
            with file.open("wb") as target:
                np.save(target, values.astype(np.float32))

        return write

    def _note(self, points: Sequence[int], aside: Mapping[int, str]) -> dict[str, Any]:
        return {**super()._note(points, aside), "points": [int(one) for one in points]}

    def gather(self) -> None:
        """Nothing: arrays are opened in no time."""


@dataclass(frozen=True, repr=False)
class Bank(Shown):
    """A bank on disk.

    Attributes:
        folder: where.
        scenario: the border that was simulated, as it is.
        points: policy and parameters of each run.
        weekly: [run, column, week], what is seen and then what is hidden (`kept.Layout`).
        correction: [column], full size over the scaled-down size, in the mean of the runs that were
            made in both; 1 where there are none.
        measured: what claims of the ledger speak of, a column for each measure, NaN where there is
            nothing to measure.
        variants: of the border's structure, `base` first; each run is of one of them.
        texts: the border in each of them, as it was read.
        digest: of what its files hold; blank for one that is on no disk.
        progress: how many batches are finished, and how many there are in all.
    """

    folder: Path
    scenario: Scenario
    points: pd.DataFrame
    weekly: NDArray[np.float32]
    correction: Array
    measured: pd.DataFrame
    variants: tuple[str, ...] = (BASE,)
    digest: str = ""
    progress: tuple[int, int] = (1, 1)
    texts: Mapping[str, str] = field(default_factory=dict)

    def sheet(self) -> Sheet:
        """The first runs."""
        title = f"{len(self.points):,} runs of {self.scenario.title} in {self.folder}"
        done, total = self.progress
        title += f", {done:,} of {total:,} batches finished" if done < total else ""
        return Sheet(title, (Table.of_frame("Runs", self.points, ".points"),))

    @cached_property
    def layout(self) -> Layout:
        """What the columns are."""
        return Layout(self.scenario)

    def whole(
        self,
        runs: NDArray[np.int64],
        columns: Sequence[int],
        weeks: NDArray[np.int64] | None = None,
    ) -> Array:
        """Numbers of some runs as the border with all its people has them, [run, column, week]."""
        weeks = np.arange(self.weekly.shape[2]) if weeks is None else weeks
        found = self.weekly[np.ix_(runs, np.asarray(columns), weeks)].astype(float)
        return np.asarray(found * self.correction[columns][:, None])

    def under(self, policy: str) -> NDArray[np.int64]:
        """Runs under a policy, in the order of their draws."""
        return np.flatnonzero(self.points["policy"].to_numpy() == policy)

    @property
    def policies(self) -> list[str]:
        """Policies of the runs, `base` first."""
        return list(dict.fromkeys(self.points["policy"]))

    @cached_property
    def told(self) -> Patterns:
        """The claims that were measured in the runs."""
        claims = claims_told(self.scenario)
        known = [one for one in claims.all if {each.name for each in one.measures} <= self._names]
        return replace(claims, all=tuple(known))

    @property
    def _names(self) -> set[str]:
        return {str(name) for name in self.measured}

    def structure(self, runs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which of the variants some runs are of."""
        if VARIANT not in self.points:
            return np.zeros(len(runs), dtype=np.int64)
        return self.points[VARIANT].to_numpy(dtype=np.int64)[runs]

    def parameters(self, runs: NDArray[np.int64]) -> pd.DataFrame:
        """Values of the parameters that vary; days are counted from 1970."""
        table = self.points.iloc[runs].drop(columns=["policy", VARIANT], errors="ignore")
        found = {}
        for path in table.columns:
            column = table[path]
            if not pd.api.types.is_numeric_dtype(column):
                column = (pd.to_datetime(column) - pd.Timestamp("1970-01-01")).dt.days
            values = column.to_numpy(dtype=float)
            if np.ptp(values) > 0.0:
                found[path] = values
        return pd.DataFrame(found)


@verb
def bank(
    scenario: Given,
    out: str | os.PathLike[str],
    *,
    draws: int,
    sets: Sets | None = (),
    policies: Mapping[str, Given] | Sequence[str] = (),
    variants: Mapping[str, Given] | Sequence[str] = (),
    traders: int | None = TRADERS,
    full: int = FULL_RUNS,
    seed: int = 1,
    threads: int | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Bank:
    """Simulate draws from all priors; what the folder already holds is not simulated again.

    Args:
        scenario: the border as it is; a name, a path, a saved run, or a `Scenario`.
        out: folder.
        draws: from the priors, each under every policy.
        sets: overrides, as for `load`.
        policies: names of the scenario's own, or scenarios by name; `base` is always among them.
        variants: other structures that the border might have, likewise; each draw is of one of them
            or of the border as it is, as many of each. What a variant sets is not drawn.
        traders: on the inner side; the border is scaled down to so many, unless it has fewer. None
            for all.
        full: so many of the first draws are simulated with all people too, to correct the rest.
        seed: of draws and runs.
        threads: of this machine, all by default; not with a cluster.
        workers: as many processes of a Dask cluster on this machine, in place of threads.
        scheduler: address of a running Dask scheduler, in place of threads.
        progress: called now and then with the runs finished so far and in all.

    Raises:
        FolderError: the folder holds something else, or cannot be read or written.
        AmnokError: an argument is out of range, or a variant has other places, sizes, days or
            series.
    """
    chosen, arms = worlds(scenario, sets, policies)
    others = _as_numbered(Path(out), worlds(scenario, sets, variants)[1])
    known, structures = worlds_of(chosen, arms, others), {BASE: chosen, **others}
    if draws < 1 or full < 0:
        raise AmnokError([Fault(f"{draws} draws, {full} of them full-size", "at least 1, and 0")])
    paths = [path for path, one in chosen.parameters() if one.prior is not None]
    points = latin_hypercube(chosen, paths, draws, seed, (BASE, *arms))
    if len(structures) > 1:
        turns = np.random.default_rng([seed, 33]).permutation(np.arange(draws) % len(structures))
        points = [
            Point(one.policy, {**one.values, VARIANT: float(turns[at // (1 + len(arms))])})
            for at, one in enumerate(points)
        ]
    people = chosen.traders.inner.number
    scale = min(traders / people, 1.0) if traders is not None else 1.0
    sizes = {Path(out): (scale, points)}
    if scale < 1.0 and full:
        sizes[Path(out) / FULL_SIZE] = (1.0, points[: full * (1 + len(arms))])
    texts = {name: resolved(one) for name, one in structures.items()}
    for folder, (share, mine) in sizes.items():
        task = BankTask(chosen, arms, seed, 1, share, known)
        more = {
            "scale": share,
            "variants": texts,
            "full": len(sizes) > 1 and share < 1.0,
            "columns": _digest_of_names(task.columns()),
        }
        finish(_Folder, folder, task, mine, more, threads, workers, scheduler, progress)
    return open_bank(out)


def _as_numbered(folder: Path, variants: Mapping[str, Scenario]) -> Mapping[str, Scenario]:
    """Variants in the order of the bank that is there, whose runs go by their numbers."""
    if not is_there(folder):
        return variants
    made = Store.open(folder, BANK).manifest.about.get("variants", {})
    return {name: variants[name] for name in (*made, *variants) if name in variants}


def open_bank(folder: str | os.PathLike[str]) -> Bank:
    """A bank on disk, as far as it is finished.

    Raises:
        FolderError: there is none, nothing of it is finished, it is damaged, or it was made by
            another version.
    """
    store = open_sweep(folder, BANK)
    made, now = store.manifest.about["versions"], versions()
    if made.get("amnok") != now.get("amnok"):
        problem = f"was made by amnok {made.get('amnok')}, and this is {now.get('amnok')}"
        raise FolderError(Fault(problem, BANK.again, file=str(store.path)))
    points, runs = _read(store)
    try:
        scenario = load_text(store.manifest.about["scenario"], str(store.path))
    except ScenarioError:
        problem = "holds a border that this version cannot read"
        raise FolderError(Fault(problem, BANK.again, file=str(store.path))) from None
    layout, told = Layout(scenario), claims_told(scenario)
    if store.manifest.about.get("columns") != _digest_of_names(columns_of(layout, told)):
        problem = "holds other numbers of each run than this version of amnok keeps"
        raise FolderError(Fault(problem, BANK.again, file=str(store.path)))
    width = len(layout.columns())
    weekly = runs[:, :width].reshape(len(runs), -1, layout.weeks)
    stores = [store, *_full_size(store)]
    correction, ratio = _correction(stores[1:], points, runs, weekly.shape)
    measured = pd.DataFrame(runs[:, width:].astype(float), columns=list(told.measures))
    for name, one in told.measures.items():
        if grows(one.compiled.plan) == 1:
            measured[name] *= ratio[measured.columns.get_loc(name)]
    texts: dict[str, str] = store.manifest.about["variants"]
    done, total = (sum(counts) for counts in zip(*map(batches_done, stores), strict=True))
    digest = _digest(stores)
    return Bank(
        store.path, scenario, points, weekly, correction, measured, tuple(texts), digest,
        (done, total), texts,
    )  # fmt: skip


def _digest_of_names(columns: Sequence[tuple[str, str]]) -> str:
    """What tells the numbers that are kept of a run from those of another state of the code."""
    return digest_of(to_json(columns))


def check_digest(bank: Bank, about: Mapping[str, Any], posterior: str | os.PathLike[str]) -> None:
    """Refuse a bank that a posterior was not inferred from, wherever either lies now.

    Raises:
        FolderError: its runs are others, and draws of the posterior are rows of the bank.
    """
    if bank.digest != about.get("bank_digest", ""):
        problem = f"was inferred from other runs than {bank.folder} holds, the bank {about['bank']}"
        fix = "name that bank, or infer anew"
        raise FolderError(Fault(problem, fix, file=os.fspath(posterior)))


def _digest(stores: Sequence[Store]) -> str:
    """What tells two banks, or two states of one, from each other."""
    files = [{name: one.sha256 for name, one in store.manifest.files.items()} for store in stores]
    return digest_of(to_json(files))


def _full_size(store: Store) -> list[Store]:
    """The same points with all their people; empty if there are none, or none yet.

    Raises:
        FolderError: they are missing though the bank is whole, or are those of another bank.
    """
    folder, about = store.path / FULL_SIZE, store.manifest.about
    if not about.get("full", folder.is_dir()):
        return []
    if not folder.is_dir():
        if store.manifest.status != "complete":
            return []
        fix = "the same amnok bank makes what is missing"
        raise FolderError(Fault("is missing: the runs with all people", fix, file=str(folder)))
    found = open_sweep(folder, BANK)
    if any(found.manifest.about[key] != about[key] for key in ("scenario", "policies", "seed")):
        raise FolderError(Fault("is of another bank", BANK.again, file=str(folder)))
    return [found]


def _correction(
    full_size: Sequence[Store],
    points: pd.DataFrame,
    runs: NDArray[np.float32],
    shape: tuple[int, ...],
) -> tuple[Array, Array]:
    """Means of runs with all people over those of the same points: [column], [measure]."""
    width = shape[1] * shape[2]
    if not full_size:
        return np.ones(shape[1]), np.ones(runs.shape[1] - width)
    full_points, full = _read(full_size[0])
    both = points.index.intersection(full_points.index)
    rows = [one.index.get_indexer(both) for one in (points, full_points)]
    small, large = (
        table[mine].astype(float) for table, mine in zip((runs, full), rows, strict=True)
    )
    weekly = [one[:, :width].reshape(-1, *shape[1:]).sum(axis=(0, 2)) for one in (small, large)]
    seen = np.isfinite(small[:, width:]) & np.isfinite(large[:, width:])
    told = [np.where(seen, one[:, width:], 0.0).sum(axis=0) for one in (small, large)]
    return _over(*weekly), _over(*told)


def _over(small: Array, large: Array) -> Array:
    ratio = np.divide(large, small, out=np.ones_like(small), where=small > 0.0)
    return np.asarray(np.clip(ratio, 0.2, 5.0))


def _read(store: Store) -> tuple[pd.DataFrame, NDArray[np.float32]]:
    """Finished points, by their numbers, and their runs [run, column and week]."""
    names = store.names(BATCHES)
    points, *files = store.checked([POINTS, *names])
    table = answer("FROM read_parquet($file) ORDER BY point", file=literal(points))
    of_files = [store.manifest.files[name].note["points"] for name in names]
    numbers = np.sort(np.concatenate(of_files))
    batches = [np.load(file) for file in files]
    runs = np.empty((len(numbers), batches[0].shape[1]), np.float32)
    for mine, batch in zip(of_files, batches, strict=True):
        runs[np.searchsorted(numbers, mine)] = batch
    return table.set_index("point").loc[numbers], runs


def check_same(found: Bank, scenario: Scenario) -> None:
    """Refuse a bank of another scenario; its evidence may differ, as nothing is simulated by it.

    Raises:
        AmnokError: the bank's border is another one.
    """
    if digest_of_model(scenario) != digest_of_model(found.scenario):
        problem = f"holds runs of {found.scenario.name}, and not as {scenario.name} is now"
        raise AmnokError([Fault(problem, BANK.again, file=str(found.folder))])


def digest_of_model(scenario: Scenario) -> str:
    """What tells a border from another, its evidence apart."""
    aside: dict[str, Any] = {"reports": {}, "claims": {}, "patterns": {}}
    return written_digest(scenario.model_copy(update=aside))
