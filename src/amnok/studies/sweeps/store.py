"""The folder of a sweep: what it is, the batches that are finished, the points set aside.

study.json              what is swept; another sweep cannot write here
points.parquet          point, policy, and a column for each parameter
batches/000017.parquet  point, replicate, outcome, where, value; there only once it is whole
started/000017          a byte for each time the batch was begun; gone once it is finished
aside.jsonl             points that were set aside, and why
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from amnok.errors import AmnokError, Fault
from amnok.results.folder import write_whole
from amnok.studies.sweeps.design import POLICY, Point
from amnok.studies.sweeps.work import Table

ABOUT, POINTS, ASIDE = "study.json", "points.parquet", "aside.jsonl"
BATCHES, STARTED = "batches", "started"


class Store:
    """A sweep's folder, new or to go on with."""

    def __init__(self, folder: Path, about: dict[str, Any], points: Sequence[Point]) -> None:
        """Make the folder, or see that it belongs to the same sweep.

        Raises:
            AmnokError: it holds another sweep, something else, or cannot be written.
        """
        self.folder = folder
        about = {**about, "points": _digest(points)}
        try:
            self._open(about, points)
        except (OSError, ValueError) as error:
            raise self._fault(f"cannot be used: {error}", "") from None

    def _open(self, about: dict[str, Any], points: Sequence[Point]) -> None:
        file = self.folder / ABOUT
        if file.exists():
            there = json.loads(file.read_text(encoding="utf-8"))
            other = [key for key, value in about.items() if there.get(key) != value]
            if other:
                raise self._fault(f"holds a sweep with other {', '.join(other)}", "another --out")
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()):
            raise self._fault("is not empty, and holds no sweep", "another --out")
        for name in (BATCHES, STARTED):
            (self.folder / name).mkdir()
        write_parquet(_table_of(points), self.folder / POINTS)
        write_whole(file, json.dumps(about, indent=1).encode())

    def _fault(self, problem: str, fix: str) -> AmnokError:
        return AmnokError([Fault(problem, fix, file=str(self.folder))])

    def finished(self) -> set[int]:
        """Numbers of the batches that are on disk."""
        return {int(file.stem) for file in (self.folder / BATCHES).glob("*.parquet")}

    def begin(self, batch: int) -> None:
        """Say that a batch is under way."""
        with (self.folder / STARTED / f"{batch:06}").open("ab") as file:
            file.write(b".")
            os.fsync(file.fileno())

    def begun(self, batch: int) -> int:
        """How often a batch was begun and neither finished nor called off."""
        file = self.folder / STARTED / f"{batch:06}"
        return file.stat().st_size if file.exists() else 0

    def call_off(self, batch: int) -> None:
        """A batch was interrupted through no fault of its own."""
        (self.folder / STARTED / f"{batch:06}").unlink(missing_ok=True)

    def add(
        self,
        batch: int,
        points: Sequence[int],
        replicates: int,
        columns: Sequence[tuple[str, str]],
        values: Table,
    ) -> None:
        """Keep a finished batch; it counts once its file has its name.

        Args:
            batch: its number.
            points: numbers of its points.
            replicates: of each point.
            columns: outcome and labels of each number of a run.
            values: [point and replicate, column].

        Raises:
            AmnokError: it cannot be written.
        """
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
        try:
            write_parquet(table, self.folder / BATCHES / f"{batch:06}.parquet")
            self.call_off(batch)
        except OSError as error:
            problem = f"cannot be written: {(error.strerror or str(error)).lower()}"
            raise self._fault(problem, "finished batches are kept; repeat the command") from None

    def set_aside(self, point: int, reason: str) -> None:
        """Give up on a point, and say why."""
        with (self.folder / ASIDE).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"point": point, "reason": reason}) + "\n")
            file.flush()
            os.fsync(file.fileno())


def read_aside(folder: Path) -> dict[int, str]:
    """Points that were set aside, and why."""
    file = folder / ASIDE
    if not file.exists():
        return {}
    content = file.read_bytes()
    lines = content[: content.rfind(b"\n") + 1].decode().splitlines()
    return {row["point"]: row["reason"] for row in map(json.loads, lines)}


def write_parquet(table: pd.DataFrame, file: Path) -> None:
    """Write a table so that the file is whole or not there.

    Raises:
        OSError: it cannot be written.
    """
    import duckdb

    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        with duckdb.connect() as connection:
            connection.from_df(table).write_parquet(str(part), compression="zstd")
    except duckdb.IOException as error:
        raise OSError(str(error).splitlines()[0]) from None
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(file)


def _repeated(texts: Sequence[str], times: int) -> pd.Categorical[str]:
    """Texts over and over, each kept once: text even where there is no row at all."""
    known = list(dict.fromkeys(texts))
    codes = np.array([known.index(text) for text in texts])
    return pd.Categorical.from_codes(np.tile(codes, times), categories=pd.Index(known))


def _digest(points: Sequence[Point]) -> str:
    text = json.dumps([[one.policy, dict(one.values)] for one in points], default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _table_of(points: Sequence[Point]) -> pd.DataFrame:
    rows = [{"point": n, POLICY: one.policy, **one.values} for n, one in enumerate(points)]
    return pd.DataFrame(rows)
