"""Runs of several replicates: the same whoever computes them, and kept when interrupted."""

import os

import pytest

from amnok.errors import RunFolderError
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
    "wrong", [{"seed": -1}, {"seed": 2**64}, {"replicates": 0}, {"threads": 0}, {"sets": ["a=1"]}]
)
def test_numbers_out_of_range_are_refused(tiny, wrong):
    with pytest.raises(ValueError, match=r"seed|replicate|thread|overrides"):
        run(tiny, **wrong)


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

    monkeypatch.setattr(ensemble, "dataset", fail)
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
    with pytest.raises(RunFolderError, match="the disk is full"):
        save_run(folder, tiny, threads=1)
    kept = open_run(folder.path)
    assert kept.attrs["status"] == "failed"
    assert 1 not in kept["replicate"].values
