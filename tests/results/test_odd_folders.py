"""Folders in which something stands in the place of a file: told at once, never waited for."""

import gzip
import json
import os
import signal
import socket

import pytest

from amnok.disk import content_of
from amnok.errors import AmnokError
from amnok.results.lock import Lock
from amnok.results.manifest import JOURNAL, MANIFEST, Kind
from amnok.results.standing import kind_of
from amnok.results.store import Store
from amnok.studies.counterfactual.robustness import read

KIND = Kind("sample", "a sample", "amnok sample", "make it again")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes, links and devices in folders")


@pytest.fixture(autouse=True)
def _no_waiting():
    """What waits for ever fails instead."""

    def fail(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def pipe(file):
    os.mkfifo(file)


def endless(file):
    file.symlink_to("/dev/zero")


def huge(file):
    with file.open("wb") as opened:
        opened.truncate(1 << 40)


def listener(file):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(file.relative_to(file.parent.parent)))


def folder(file):
    file.mkdir()


def ring(file):
    file.symlink_to(file.name)


ODD = [pipe, endless, huge, listener, folder, ring]


@pytest.fixture
def sample(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "sample"
    store = Store.create(path, KIND, {"made": "of"}, {"a.txt": b"a"})
    store.add("b.txt", b"b")
    store.close("complete")
    return path


@pytest.mark.parametrize("make", ODD)
@pytest.mark.parametrize("name", [MANIFEST, JOURNAL, "a.txt"])
def test_what_stands_for_a_file_is_told(sample, name, make):
    (sample / name).unlink(missing_ok=True)
    make(sample / name)
    kind_of(sample)
    with pytest.raises(AmnokError) as caught:
        Store.open(sample, KIND).read("a.txt")
    (fault,) = caught.value.faults
    assert "sample" in fault.file


@pytest.mark.parametrize("make", ODD)
def test_an_ordinary_file_alone_is_read(tmp_path, make, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f").mkdir()
    make(tmp_path / "f" / "x")
    with pytest.raises(OSError, match=r".*") as caught:
        content_of(tmp_path / "f" / "x")
    assert not isinstance(caught.value, TimeoutError)


def test_a_lock_that_leads_elsewhere_does_not_empty_what_is_there(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("years of work")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "lock").symlink_to(precious)
    with pytest.raises(OSError, match="symbolic"):
        Lock(tmp_path / "folder")
    assert precious.read_text() == "years of work"


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", '{"process": "x"}', '{"process": 1e400}', '{"process": -1}', "\xff"]
)
def test_a_lock_may_say_anything(tmp_path, said, monkeypatch):
    lock = Lock(tmp_path)
    (tmp_path / "lock").write_text(said)
    monkeypatch.setattr("amnok.results.lock._WAIT", 0.0)
    with pytest.raises(AmnokError, match="is being written by another process"):
        Lock(tmp_path)
    lock.release()


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(b" " * (1 << 29), compresslevel=1),
        gzip.compress(json.dumps({"format": 1, "labels": {}, "kept": []}).encode()),
        gzip.compress(b'{"format": 1, "labels": {}, "kept": [], "draws": 1e400}'),
        gzip.compress(b"[" * 100_000),
        gzip.compress(b"{}")[:-4],
        b"\x1f\x8b",
    ],
    ids=["bomb", "part", "huge", "deep", "cut", "head"],
)
def test_draws_that_are_none_are_told(tmp_path, packed):
    (tmp_path / "draws.json.gz").write_bytes(packed)
    with pytest.raises(AmnokError, match="holds no study of effects"):
        read(tmp_path / "draws.json.gz")
