"""Runs of several replicates: the same whoever computes them, and kept when interrupted."""

import os
from typing import Any

import numpy as np
import pytest
from tests.paths import TINY

from amnok.errors import AmnokError, FolderError
from amnok.results import RunFolder, ensemble, open_run, run, save_run
from amnok.results.packing import digest


@pytest.fixture(scope="module")
def three(tiny):
    return run(tiny, seed=5, replicates=3, threads=1)


def test_threads_change_nothing(tiny, three):
    assert digest(run(tiny, seed=5, replicates=3, threads=3)) == digest(three)


def test_a_replicate_is_the_same_alone(tiny, three):
    alone = run(tiny, seed=5)
    first = three.drop_dims("report").isel(replicate=[0])
    assert digest(alone.drop_dims("report")) == digest(first)


def test_one_large_run_on_several_threads_is_the_same(tiny, monkeypatch):
    alone = run(tiny, seed=5)
    monkeypatch.setattr(ensemble, "MANY_TRADERS", 0)
    assert digest(run(tiny, seed=5, threads=2)) == digest(alone)


def test_what_is_saved_is_what_is_returned(tmp_path, tiny, three):
    saved = run(tiny, seed=5, replicates=3, out=tmp_path / "run")
    assert digest(saved) == digest(three)
    assert saved.attrs["status"] == "complete"


def test_progress_counts_up_to_all_days(tiny):
    told = []
    run(tiny, replicates=2, progress=lambda done, total: told.append((done, total)))
    total = 2 * (tiny.period.days + tiny.period.spin_up)
    assert told[-1] == (total, total)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"seed": -1}, "seed is -1"),
        ({"seed": 2**64}, "seed is 18446744073709551616"),
        ({"seed": 1.5}, r"seed is 1\.5 \(a whole number from 0 to 2\*\*64 - 1\)"),
        ({"seed": True}, "seed is True"),
        ({"replicates": 0}, r"replicates is 0 \(a whole number from 1 to 1,000,000,000\)"),
        ({"replicates": 2.0}, r"replicates is 2\.0"),
        ({"threads": 0}, "threads is 0"),
        ({"threads": "all"}, "threads is 'all'"),
        ({"sets": "a=1"}, "sets is 'a=1', neither a list of texts nor a dict"),
        ({"sets": [1]}, "sets is"),
        ({"sets": 5}, "sets is 5"),
        ({"sets": ["nothing=1"]}, "nothing"),
        ({"scenario": 5}, "5 is not a scenario"),
        ({"scenario": None}, "nothing is not a scenario"),
        ({"scenario": b"x"}, "is not a scenario"),
        ({"out": 5}, "5 is not a path"),
    ],
)
def test_what_is_no_such_thing_is_one_message(tiny, wrong, told):
    with pytest.raises(AmnokError, match=told) as caught:
        run(**{"scenario": tiny, **wrong})
    assert len(caught.value.faults) == 1


def test_a_scenario_may_be_a_name_a_path_an_object_or_a_saved_run(tiny, tmp_path, three):
    few: dict[str, Any] = {"seed": np.int64(5), "replicates": 3}
    saved = tmp_path / "run"
    run(TINY, out=saved, **few)
    for given in (TINY, str(TINY), TINY / "scenario.yaml", saved, tiny):
        assert digest(run(given, **few)) == digest(three)


def test_sets_are_texts_or_a_dict_on_whatever_is_given(tiny):
    changed = digest(run(TINY, sets=["quota.arrests=9", "traders.inner=100"]))
    for given in (TINY, tiny):
        for sets in (
            {"quota.arrests": 9, "traders.inner": np.int64(100)},
            ("quota.arrests=9", "traders.inner=100"),
            iter(["quota.arrests=9", "traders.inner=100"]),
        ):
            assert digest(run(given, sets=sets)) == changed


def test_an_interrupt_keeps_what_is_finished(tmp_path, tiny, monkeypatch):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 50)
    write = folder.add_replicate

    def write_then_stop(number, packed, results):
        write(number, packed, results)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(folder, "add_replicate", write_then_stop)
    with pytest.raises(KeyboardInterrupt):
        save_run(folder, tiny, threads=2)
    kept = open_run(folder.path)
    assert kept.attrs["status"] == "interrupted"
    assert 1 <= kept.sizes["replicate"] < 50


def test_a_failing_replicate_is_not_hidden(tmp_path, tiny, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(ensemble, "simulate", fail)
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2)
    with pytest.raises(ZeroDivisionError):
        save_run(folder, tiny)
    assert not folder.path.exists()


def test_a_disk_that_fills_up_keeps_what_is_finished(tmp_path, tiny, monkeypatch):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 3)
    replace = os.replace

    def fill_up(source, target, *rest):
        if str(target).endswith("0001.zarr.zip"):
            raise OSError(28, "No space left on device")
        replace(source, target, *rest)

    monkeypatch.setattr(os, "replace", fill_up)
    with pytest.raises(FolderError, match="the disk is full"):
        save_run(folder, tiny, threads=1)
    kept = open_run(folder.path)
    assert kept.attrs["status"] == "failed"
    assert 1 not in kept["replicate"].values
