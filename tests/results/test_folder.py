"""Run folders: whole or visibly not a run, whatever happens while they are written."""

import errno
import io
import json
import os
import platform
import zipfile
from typing import Any

import numpy as np
import pytest
from zarr.storage import MemoryStore

from amnok.errors import FolderError
from amnok.results import RunFolder, dataset, open_run
from amnok.results.folder import saved_scenario
from amnok.results.manifest import sealed
from amnok.results.packing import digest, pack
from amnok.results.store import Store


@pytest.fixture(scope="session")
def parts(tiny, made_up_outcome):
    return [dataset(made_up_outcome(replicate), tiny, 1) for replicate in (0, 1)]


def add(folder, number, part):
    folder.add_replicate(number, pack(part), digest(part))


@pytest.fixture
def saved(tmp_path, tiny, parts):
    """A complete run of two replicates."""
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2, ["sweep=on"])
    for number in (1, 0):
        add(folder, number, parts[number])
    folder.close("complete")
    return folder.path


def manifest_of(path):
    return json.loads((path / "manifest.json").read_text())


def full_disk(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def refusal(path):
    with pytest.raises(FolderError) as caught:
        open_run(path)
    assert len(caught.value.faults) == 1
    return str(caught.value)


def test_what_is_saved_is_what_is_read(saved, parts):
    run = open_run(saved)
    assert list(run["replicate"].values) == [0, 1]
    assert run.attrs["status"] == "complete"
    one = run.drop_dims("report").isel(replicate=[0])
    assert digest(one) == digest(parts[0].drop_dims("report"))
    assert run["crossings"].attrs == parts[0]["crossings"].attrs


def test_the_manifest_opens_the_run_too(saved):
    assert open_run(saved / "manifest.json").sizes["replicate"] == 2


def test_the_same_data_are_the_same_bytes(parts):
    assert pack(parts[0]) == pack(parts[0])
    assert digest(parts[0]) != digest(parts[1])


def test_a_file_holds_what_zarr_would_write(parts):
    """Byte for byte, also of what zarr leaves out: arrays of nothing but zero or nothing."""
    whole = parts[0].assign(
        nothing=("day", np.full(parts[0].sizes["day"], np.nan)),
        named=("side", np.array(["0", "0"])),
        one=((), np.int32(7)),
        none=((), np.int32(0)),
    )
    with zipfile.ZipFile(io.BytesIO(pack(whole))) as archive:
        written = {name: archive.read(name) for name in archive.namelist()}
    order = json.loads(written[".zattrs"])["order_of_variables"]
    files: dict[str, Any] = {}
    whole.assign_attrs(order_of_variables=order).to_zarr(
        MemoryStore(files),
        zarr_format=2,
        consolidated=False,
        encoding={
            name: {"chunks": [n or 1 for n in one.shape]} for name, one in whole.variables.items()
        },
    )
    assert written == {name: file.to_bytes() for name, file in files.items()}


def test_the_manifest_is_complete_and_names_no_person_or_machine(saved):
    content = manifest_of(saved)
    assert content["status"] == "complete"
    assert content["about"]["sets"] == ["sweep=on"]
    assert {"python", "amnok", "numpy", "numba"} <= set(content["versions"])
    listed = set(content["files"])
    finished = {content["files"][name]["note"].get("replicate") for name in listed}
    assert finished == {None, 0, 1}
    there = {str(one.relative_to(saved)) for one in saved.rglob("*") if one.is_file()}
    assert there == listed | {"manifest.json"}
    words = set(json.dumps(content).replace('"', " ").split())
    assert not words & {platform.node(), os.environ.get("USER", "root"), str(saved)}


def test_the_scenario_is_kept_as_it_was_run(saved, tiny, parts):
    scenario, record = saved_scenario(saved)
    assert scenario == tiny
    assert (record.seed, record.replicates, record.sets) == (1, 2, ("sweep=on",))
    assert record.digests == {number: digest(part) for number, part in enumerate(parts)}


def test_an_interrupted_run_opens_with_what_was_finished(tmp_path, tiny, parts):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 5)
    add(folder, 3, parts[1])
    folder.close("interrupted")
    run = open_run(folder.path)
    assert run.attrs["status"] == "interrupted"
    assert run.attrs["replicates_requested"] == 5
    assert run.sizes["replicate"] == 1


def test_a_run_killed_half_way_opens_with_what_was_finished(tmp_path, tiny, parts):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2)
    add(folder, 0, parts[0])
    assert open_run(folder.path).attrs["status"] == "running"


def test_a_run_with_nothing_finished_is_refused(tmp_path, tiny):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2)
    assert "holds no finished replicate (it is running)" in refusal(folder.path)


def test_a_run_that_ends_with_nothing_finished_leaves_nothing(tmp_path, tiny):
    folder = RunFolder.create(tmp_path / "deep" / "run", tiny, 1, 2)
    folder.close("interrupted")
    assert list(tmp_path.iterdir()) == []


def test_discarding_keeps_what_was_there_before(tmp_path, tiny):
    (tmp_path / "run").mkdir()
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2)
    (tmp_path / "run" / "notes.txt").write_text("mine")
    folder.close("failed")
    assert [one.name for one in (tmp_path / "run").iterdir()] == ["notes.txt"]


def test_folders_that_are_no_runs_are_refused(tmp_path, saved):
    assert "does not exist" in refusal(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "is not a saved run" in refusal(tmp_path / "empty")
    (tmp_path / "file").write_text("x")
    assert "is not a folder" in refusal(tmp_path / "file")


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b"\xff\x00", b"[1]"])
def test_a_damaged_manifest_is_refused(saved, content):
    (saved / "manifest.json").write_bytes(content)
    assert "manifest.json: is damaged" in refusal(saved)


def test_a_manifest_cannot_point_out_of_its_folder(saved):
    content = manifest_of(saved)
    del content["sha256"]
    for name in ("../other.zarr.zip", "/etc/passwd", "C:\\boot.ini", "a/../../b"):
        files = {**content["files"], name: content["files"]["scenario.yaml"]}
        (saved / "manifest.json").write_bytes(sealed({**content, "files": files}))
        assert "outside its folder" in refusal(saved)


@pytest.mark.parametrize("name", ["scenario.yaml", "replicates/0000.zarr.zip"])
def test_truncated_changed_and_missing_files_are_refused(saved, name):
    file = saved / name
    content = file.read_bytes()
    file.write_bytes(content[:-10])
    assert "is truncated" in refusal(saved)
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert "was changed" in refusal(saved)
    file.unlink()
    assert "is missing" in refusal(saved)


def test_an_existing_folder_is_never_written_into(saved, tiny):
    before = manifest_of(saved)
    with pytest.raises(FolderError, match=r"exists and is not empty.*choose another name"):
        RunFolder.create(saved, tiny, 1, 1)
    assert manifest_of(saved) == before


def test_default_folders_are_numbered(tmp_path, tiny, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = [RunFolder.create(None, tiny, 7, 1) for _ in range(3)]
    names = [folder.path.name for folder in made]
    assert names == ["tiny-border-seed7", "tiny-border-seed7-2", "tiny-border-seed7-3"]


def test_a_folder_that_cannot_be_made_is_one_fault(tmp_path, tiny):
    (tmp_path / "file").write_text("x")
    for out in (tmp_path / "file" / "run", tmp_path / "file", "/proc/amnok/run", "a\0b"):
        with pytest.raises(FolderError) as caught:
            RunFolder.create(out, tiny, 1, 1)
        assert len(caught.value.faults) == 1
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_full_disk_at_the_start_leaves_nothing(tmp_path, tiny, monkeypatch, function):
    monkeypatch.setattr(os, function, full_disk)
    with pytest.raises(FolderError, match="the disk is full"):
        RunFolder.create(tmp_path / "run", tiny, 1, 1)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_later_keeps_finished_replicates(tmp_path, tiny, parts, monkeypatch):
    folder = RunFolder.create(tmp_path / "run", tiny, 1, 2)
    add(folder, 0, parts[0])
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full_disk)
        with pytest.raises(FolderError, match="the disk is full"):
            add(folder, 1, parts[1])
        folder.close("failed")
    run = open_run(folder.path)
    assert list(run["replicate"].values) == [0]
    names = sorted(one.name for one in folder.path.rglob("*") if one.is_file())
    assert names == ["0000.zarr.zip", "journal", "manifest.json", "scenario.yaml"]


@pytest.mark.slow
@pytest.mark.parametrize("stroke", range(1, 12))
def test_stopping_at_any_write_leaves_a_run_or_visibly_none(
    tmp_path, tiny, parts, monkeypatch, stroke
):
    """Cut off before the n-th flush, without any clean-up: all that is listed is whole."""
    calls = 0
    fsync = os.fsync

    def cut(handle):
        nonlocal calls
        calls += 1
        if calls == stroke:
            raise KeyboardInterrupt
        fsync(handle)

    path = tmp_path / "run"
    monkeypatch.setattr(os, "fsync", cut)
    monkeypatch.setattr(Store, "discard", lambda self: None)
    try:
        folder = RunFolder.create(path, tiny, 1, 2)
        add(folder, 0, parts[0])
        add(folder, 1, parts[1])
    except KeyboardInterrupt:
        pass
    monkeypatch.undo()
    try:
        run = open_run(path)
    except FolderError:
        return
    assert run.sizes["replicate"] >= 1
