"""Sweeps lose nothing, double nothing, and say the same on every executor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.errors import AmnokError
from amnok.mechanisms.guards import Guards
from amnok.mechanisms.security_police import SecurityPolice
from amnok.results.outcomes import labelled, outcomes
from amnok.scenario import resolved
from amnok.scenario.model import needed
from amnok.scenario.overrides import with_values
from amnok.studies.sweeps import Point, Sweep, sweep
from amnok.studies.sweeps.design import grid
from amnok.studies.sweeps.executors import KILLED, dask_client, in_a_process, on_dask
from amnok.studies.sweeps.folder import SweepFolder, write_parquet
from amnok.studies.sweeps.work import Task, run_batch

ORDER = ["point", "replicate", "outcome", "where"]
POISON = 13.0


class Poisoned(Task):
    """A task of which some points kill whatever runs them."""

    def scenario(self, point):
        if point.values.get("quota.arrests") == POISON:
            os._exit(9)
        return super().scenario(point)


def rows(found):
    table = found.results.sort_values(ORDER, kind="stable").reset_index(drop=True)
    return table.astype({"outcome": str, "where": str})


@pytest.fixture
def one_by_one(monkeypatch):
    """Batches of one point, so that there is something to interrupt."""
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)


def test_numbers_are_those_of_single_runs(small, points, tmp_path):
    found = sweep(small, points, tmp_path / "s", seed=7, replicates=2, threads=2)
    table = rows(found)
    assert len(table) == len(points) * 2 * len(Task(small, {}, 1, 1).columns())
    scenario = with_values(small, points[4].values)
    of = outcomes(simulate(scenario, 7, 1), scenario, replicate_key(7, 1), slice(None))
    arrests = labelled(of, scenario)["arrests"].sel(side="low", size="carrier")
    chosen = found.table("arrests", "low, carrier")
    row = chosen[(chosen["point"] == 4) & (chosen["replicate"] == 1)].iloc[0]
    assert row["value"] == float(arrests)
    assert row["quota.arrests"] == points[4].values["quota.arrests"]


def test_points_under_policies(small, tmp_path):
    arms = {"strict": with_values(small, {"security_police.search_base": 0.5})}
    asked = grid({"guards.penalty": [1000.0]}, ["base", "strict"])
    found = sweep(small, asked, tmp_path / "s", policies=arms)
    arrests = found.table("arrests", "up, carrier").set_index("policy")["value"]
    assert arrests["strict"] > arrests["base"]
    with pytest.raises(AmnokError, match="no policy 'tax'"):
        sweep(small, [Point("tax")], tmp_path / "other", policies=arms)


def test_what_a_policy_sets_is_not_drawn_over(small):
    strict = with_values(small, {"security_police.search_base": 0.5})
    task = Task(small, {"strict": strict}, 1, 1)
    values = {"security_police.search_base": 0.1, "guards.penalty": 7.0}
    drawn = task.scenario(Point("strict", values))
    assert needed(drawn, SecurityPolice).search_base.number == 0.5
    assert needed(drawn, Guards).penalty.number == 7.0
    base = task.scenario(Point("base", values))
    assert needed(base, SecurityPolice).search_base.number == 0.1


@pytest.mark.slow
def test_an_interrupted_sweep_goes_on(small, points, tmp_path, monkeypatch, one_by_one):
    whole = rows(sweep(small, points, tmp_path / "whole", replicates=2))
    add = SweepFolder.add
    calls: list[tuple[object, ...]] = []

    def interrupted(self, *arguments):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(arguments)
        add(self, *arguments)

    monkeypatch.setattr(SweepFolder, "add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        sweep(small, points, tmp_path / "cut", replicates=2, threads=1)
    monkeypatch.undo()
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)
    kept = {file: file.stat().st_mtime_ns for file in (tmp_path / "cut" / "batches").iterdir()}
    assert len(kept) == 2
    assert Sweep(tmp_path / "cut").progress == (2, 6)
    again = sweep(small, points, tmp_path / "cut", replicates=2)
    assert all(file.stat().st_mtime_ns == at for file, at in kept.items())
    pd.testing.assert_frame_equal(rows(again), whole)


KILLED_WITHIN = """
import os, signal, sys
from pathlib import Path
from amnok.scenario.loading import load_text
from amnok.studies.sweeps import sweep as module
import amnok.studies.sweeps.executors as executors
import amnok.studies.sweeps.runner as inner
from amnok.studies.sweeps.design import grid
inner.batch_size = lambda *_: 1
points = grid({"quota.arrests": [0.0, 20.0, 200.0], "guards.penalty": [100.0, 60_000.0]})
run = executors.run_batch
def run_batch(task, asked, days):
    if asked[0] == points[2]:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(task, asked, days)
executors.run_batch = run_batch
module(load_text(Path(sys.argv[1]).read_text(), sys.argv[1]), points, sys.argv[2], threads=1)
"""

KILL = """
import sys
from pathlib import Path
from amnok.scenario.loading import load_text
from amnok.studies.sweeps import sweep as module
import amnok.studies.sweeps.runner as inner
from amnok.studies.sweeps.design import grid
inner.batch_size = lambda *_: 2
small = load_text(Path(sys.argv[1]).read_text(), sys.argv[1])
points = grid({"quota.arrests": [float(n) for n in range(40)]})
module(small, points, sys.argv[2], replicates=2, threads=2)
"""


@pytest.mark.slow
def test_a_killed_sweep_loses_no_row_and_doubles_none(small, tmp_path):
    file, out = tmp_path / "small.yaml", tmp_path / "s"
    file.write_text(resolved(small))
    command = [sys.executable, "-c", KILL, str(file), str(out)]
    for wanted in (2, 6):
        with subprocess.Popen(command) as process:
            deadline = time.monotonic() + 60
            while len(list(out.glob("batches/*.parquet"))) < wanted and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
    before = {file.name for file in out.glob("batches/*.parquet")}
    assert 6 <= len(before) < 20
    subprocess.run(command, check=True)
    query = f"FROM '{out}/batches/*.parquet' SELECT count(*), count(DISTINCT (point, replicate, "
    ((all_rows, different),) = duckdb.sql(query + 'outcome, "where"))').fetchall()
    assert all_rows == different == 40 * 2 * len(Task(small, {}, 1, 1).columns())


def test_a_finished_sweep_is_not_simulated_again(small, points, tmp_path, monkeypatch):
    first = rows(sweep(small, points, tmp_path / "s"))
    monkeypatch.setattr(
        "amnok.studies.sweeps.work.simulate", lambda *_, **__: pytest.fail("simulated")
    )
    pd.testing.assert_frame_equal(rows(sweep(small, points, tmp_path / "s")), first)


@pytest.mark.parametrize("change", [{"seed": 2}, {"replicates": 2}])
def test_a_folder_holds_one_sweep(small, points, tmp_path, change):
    sweep(small, points, tmp_path / "s")
    with pytest.raises(AmnokError, match="holds a sweep with other"):
        sweep(small, points, tmp_path / "s", **change)
    with pytest.raises(AmnokError, match="holds a sweep with other points, design"):
        sweep(small, points[1:], tmp_path / "s")


def test_a_folder_with_something_else_is_left_alone(small, points, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(AmnokError, match="holds no sweep"):
        sweep(small, points, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("none", [[], {}, {"guards.penalty": []}])
def test_no_point_is_no_sweep(small, tmp_path, none):
    with pytest.raises(AmnokError, match=r"there is no point to simulate|no parameter"):
        sweep(small, none, tmp_path / "s")
    assert not (tmp_path / "s").exists()


def test_a_value_that_is_not_allowed_is_set_aside(small, points, tmp_path):
    bad = Point("base", {"quota.arrests": -1.0, "guards.penalty": 5.0})
    found = sweep(small, [points[0], bad, points[1]], tmp_path / "s")
    assert list(found.aside) == [1]
    assert "outside 0 to" in found.aside[1]
    assert set(found.results["point"]) == {0, 2}


@pytest.mark.slow
def test_a_disk_that_is_full_is_one_message(small, points, tmp_path, monkeypatch, one_by_one):
    """What is finished is kept, and the same call goes on once there is room."""
    whole = rows(sweep(small, points, tmp_path / "whole"))
    written: list[Path] = []

    def full(table, file):
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(file)
        write_parquet(table, file)

    monkeypatch.setattr("amnok.studies.sweeps.folder.write_parquet", full)
    with pytest.raises(AmnokError, match="the disk is full"):
        sweep(small, points, tmp_path / "s", threads=1)
    monkeypatch.undo()
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)
    assert Sweep(tmp_path / "s").progress == (2, 6)
    pd.testing.assert_frame_equal(rows(sweep(small, points, tmp_path / "s")), whole)


def test_a_table_is_whole_or_not_there(tmp_path):
    with pytest.raises(OSError, match="directory"):
        write_parquet(pd.DataFrame({"a": [1]}), tmp_path / "none" / "x.parquet")
    assert list(tmp_path.iterdir()) == []


def poisoned(small):
    task = Poisoned(small, {}, 5, 2)
    asked = grid({"quota.arrests": [1.0, POISON, 2.0]})
    return task, asked


@pytest.mark.slow
def test_a_point_that_kills_its_process_is_set_aside(small):
    task, asked = poisoned(small)
    done, table, refused = in_a_process(task, asked)
    assert done == [0, 2]
    assert refused == {1: KILLED}
    sound = Task(small, {}, 5, 2)
    np.testing.assert_array_equal(table, run_batch(sound, [asked[0], asked[2]])[1])


@pytest.mark.slow
def test_what_was_begun_and_never_finished_runs_apart(
    small, points, tmp_path, monkeypatch, one_by_one
):
    """A process that is killed leaves its journal: what it had begun is suspect."""
    whole = rows(sweep(small, points, tmp_path / "whole"))
    cut = tmp_path / "cut"
    file = tmp_path / "small.yaml"
    file.write_text(resolved(small))
    killed = subprocess.run([sys.executable, "-c", KILLED_WITHIN, str(file), str(cut)])
    assert killed.returncode == -signal.SIGKILL
    used = []

    def apart(task, asked):
        used.append(asked)
        return in_a_process(task, asked)

    monkeypatch.setattr("amnok.studies.sweeps.runner.in_a_process", apart)
    pd.testing.assert_frame_equal(rows(sweep(small, points, cut)), whole)
    # The batch before may not have been written when the next one killed the process.
    assert [points[2]] in used
    assert all(asked in ([points[1]], [points[2]]) for asked in used)
    assert Sweep(cut).progress == (6, 6)


@pytest.fixture(scope="module")
def cluster():
    with dask_client(None, 2) as client:
        yield client


@pytest.mark.slow
def test_a_cluster_says_the_same_though_a_worker_is_killed(small, points, cluster):
    task = Task(small, {}, 5, 3)
    batches = [(number, [point]) for number, point in enumerate(points * 4)]
    kept = {}

    def keep(number, found):
        kept[number] = found
        if len(kept) == 2:
            pid = next(iter(cluster.run(os.getpid).values()))
            os.kill(pid, signal.SIGKILL)

    on_dask(task, batches, cluster, keep)
    assert set(kept) == {number for number, _ in batches}
    for number, asked in batches:
        np.testing.assert_array_equal(kept[number][1], run_batch(task, asked)[1])


@pytest.mark.slow
def test_a_sweep_on_worker_processes(small, points, tmp_path):
    here = rows(sweep(small, points, tmp_path / "here", replicates=2))
    there = rows(sweep(small, points, tmp_path / "there", replicates=2, workers=2))
    pd.testing.assert_frame_equal(there, here)


def test_a_scheduler_that_does_not_answer(small, points, tmp_path):
    with pytest.raises(AmnokError, match="does not answer"):
        sweep(small, points, tmp_path / "s", scheduler="nowhere")


def test_the_folder_is_where_it_was_asked_for(small, points, tmp_path):
    found = sweep(small, points, str(tmp_path / "s"))
    assert found.folder == Path(tmp_path / "s")
    assert list(found.points["point"]) == list(range(len(points)))
