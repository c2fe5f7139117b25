"""A sweep on disk: its points, and a table for each batch that is finished.

manifest.json           see `amnok.results.store`; another sweep cannot write here
points.parquet          point, policy, and a column for each parameter
batches/000017.parquet  point, replicate, outcome, where, value

A large sweep ends with fewer, larger files: batches/000000-000063.parquet holds 64 batches.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from amnok.disk import Content
from amnok.errors import Fault, FolderError
from amnok.results.manifest import Kind, digest_of, to_json, versions
from amnok.results.store import Store
from amnok.studies.sweeps.design import POLICY, Point
from amnok.studies.sweeps.work import Values

POINTS, BATCHES = "points.parquet", "batches"
_MANY = 100  # files: to open more takes longer than to read what is in them
_LARGE = 4_000_000  # bytes of a file that holds several batches, about
SWEEP = Kind("sweep", "a sweep", "amnok sweep", "repeat the sweep", (POINTS,))


class SweepFolder:
    """A sweep's folder, new or resumed."""

    kind, suffix = SWEEP, ".parquet"

    def __init__(self, folder: Path, about: Mapping[str, Any], points: Sequence[Point]) -> None:
        """Make the folder, or see that it belongs to the same sweep.

        Args:
            folder: where.
            about: what is swept; `batch` is the number of points in a batch.
            points: all of them.

        Raises:
            FolderError: it holds another sweep or something else, another process is at work in
                it, or it cannot be written.
        """
        made = {**about, "points": len(points), "design": _digest(points), "versions": versions()}
        files = {POINTS: lambda file: write_parquet(_table_of(points), file)}
        self.store = Store.resume(folder, self.kind, made, files)

    def finished(self) -> set[int]:
        """Numbers of the batches that are finished; those on disk are as they were written.

        Raises:
            FolderError: a file is missing, changed or too many.
        """
        names = self.store.names(BATCHES)
        self.store.checked([POINTS, *names])
        return {batch for name in names for batch in _batches_in(name)}

    def begin(self, batch: int) -> None:
        """Say that a batch is under way."""
        self.store.begin(self._file(batch))

    def was_begun(self, batch: int) -> bool:
        """Whether an earlier process was killed while a batch was under way, perhaps by it."""
        return self._file(batch) in self.store.begun

    def add(
        self,
        batch: int,
        points: Sequence[int],
        replicates: int,
        columns: Sequence[tuple[str, str]],
        values: Values,
        aside: Mapping[int, str] | None = None,
    ) -> None:
        """Keep a finished batch.

        Args:
            batch: its number.
            points: numbers of its points.
            replicates: of each point.
            columns: outcome and labels of each number of a run.
            values: [point and replicate, column].
            aside: why other points of the batch have none, by their numbers.

        Raises:
            FolderError: it cannot be written.
        """
        content = self._content(points, replicates, columns, values)
        self.store.add(self._file(batch), content, self._note(points, aside or {}))

    def gather(self) -> None:
        """Put neighbours into larger files where there are many: each costs time to open.

        Raises:
            FolderError: it cannot be written; every batch is in one file or another.
        """
        names = sorted(self.store.names(BATCHES), key=lambda name: _batches_in(name)[0])
        if len(names) <= _MANY or self.store.manifest.status == "complete":
            return
        for group in self._neighbours(names):
            if len(group) > 1:
                first, last = _batches_in(group[0])[0], _batches_in(group[-1])[-1]
                name = f"{BATCHES}/{first:06}-{last:06}{self.suffix}"
                notes = [self.store.manifest.files[one].note for one in group]
                aside = {n: why for note in notes for n, why in note.get("aside", {}).items()}
                content = partial(write_parquet, self.store.checked(group))
                self.store.add(name, content, {"aside": aside} if aside else {}, instead_of=group)

    def _neighbours(self, names: Sequence[str]) -> Iterator[list[str]]:
        """Names in groups whose files are large enough together."""
        group: list[str] = []
        size = 0
        for name in names:
            group.append(name)
            size += self.store.manifest.files[name].bytes
            if size >= _LARGE:
                yield group
                group, size = [], 0
        yield group

    def _file(self, batch: int) -> str:
        return f"{BATCHES}/{batch:06}{self.suffix}"

    def _content(
        self,
        points: Sequence[int],
        replicates: int,
        columns: Sequence[tuple[str, str]],
        values: Values,
    ) -> Content:
        """What the file of a batch holds."""
        runs, width = len(points) * replicates, len(columns)
        table = pd.DataFrame(
            {
                "point": np.repeat(np.array(points, dtype=np.int64), replicates * width),
                "replicate": np.tile(np.repeat(np.arange(replicates), width), len(points)),
                "outcome": _repeated([name for name, _ in columns], runs),
                "where": _repeated([where for _, where in columns], runs),
                "value": values.reshape(-1),
            }
        )
        return partial(write_parquet, table)

    def _note(self, points: Sequence[int], aside: Mapping[int, str]) -> dict[str, Any]:
        """What the manifest says of a batch: why points have no results."""
        return {"aside": {str(one): reason for one, reason in aside.items()}} if aside else {}


def open_sweep(folder: str | os.PathLike[str], kind: Kind = SWEEP) -> Store:
    """The folder of a sweep, or of what is kept as one, to read, with something finished in it.

    Raises:
        FolderError: it holds none, or nothing of it is finished.
    """
    store = Store.open(folder, kind)
    if not store.names(BATCHES):
        fix = f"the same {kind.command} goes on"
        raise FolderError(Fault("holds no finished batch", fix, file=str(store.path)))
    return store


def progress(store: Store) -> tuple[int, int]:
    """How many batches are finished, and how many there are in all."""
    about = store.manifest.about
    done = sum(len(_batches_in(name)) for name in store.names(BATCHES))
    return done, -(-about["points"] // about["batch"])


def set_aside(store: Store) -> dict[int, str]:
    """Points that were set aside, and why."""
    notes = [store.manifest.files[name].note for name in store.names(BATCHES)]
    return {int(n): why for note in notes for n, why in note.get("aside", {}).items()}


def _batches_in(name: str) -> range:
    """Numbers of the batches that a file holds."""
    first, _, last = Path(name).stem.partition("-")
    return range(int(first), int(last or first) + 1)


def write_parquet(rows: pd.DataFrame | Sequence[Path], file: Path) -> None:
    """Write a table, or what several files of one hold.

    Raises:
        OSError: it cannot be written.
    """
    import duckdb

    try:
        with duckdb.connect() as connection:
            if isinstance(rows, pd.DataFrame):
                found = connection.from_df(rows)
            else:
                found = connection.read_parquet([literal(one) for one in rows])
            found.write_parquet(_here(file), compression="zstd")
    except duckdb.IOException as error:
        raise OSError(str(error).splitlines()[0]) from None


def literal(file: Path) -> str:
    """A path that DuckDB does not take for a pattern: `a[1]` would be read from `a1`."""
    return re.sub(r"[\[*?]", r"[\g<0>]", _here(file))


def _here(file: Path) -> str:
    """A path that DuckDB does not look for in a home (`~`) or on another machine (`s3:`)."""
    return str(file.absolute() if re.match(r"~|\w+:", str(file)) else file)


def _repeated(texts: Sequence[str], times: int) -> pd.Categorical[str]:
    """Texts over and over, each kept once: text even where there is no row at all."""
    known = list(dict.fromkeys(texts))
    codes = np.array([known.index(text) for text in texts])
    return pd.Categorical.from_codes(np.tile(codes, times), categories=pd.Index(known))


def _digest(points: Sequence[Point]) -> str:
    rows = [
        [one.policy, {name: str(value) for name, value in one.values.items()}] for one in points
    ]
    return digest_of(to_json(rows))


def _table_of(points: Sequence[Point]) -> pd.DataFrame:
    rows = [{"point": n, POLICY: one.policy, **one.values} for n, one in enumerate(points)]
    return pd.DataFrame(rows)
