"""Folders on disk: whole or not there, one writer at a time, and no damage goes unnoticed."""

import errno
import hashlib
import os
import random
import signal
import socket
import time
import warnings
from typing import Any

import pytest

from amnok import disk
from amnok.errors import FolderError
from amnok.results.manifest import Kind, sealed
from amnok.results.standing import check_free, kind_of
from amnok.results.store import Store, closing

PILE = Kind("pile", "a saved pile", "amnok pile", "pile again", ("top.txt", "heap"))
OTHER = Kind("mound", "a saved mound", "amnok mound", "mound again")
ABOUT = {"seed": 3, "names": ["a", "ü"], "none": None}
FIRST = {"top.txt": b"top\n" * 40}


def piled(path, status="complete", heap=3):
    """A folder with a few files, closed unless it is running."""
    store = Store.create(path, PILE, ABOUT, FIRST)
    for number in range(heap):
        store.add(f"heap/{number}.bin", bytes(range(64)) * (number + 1), {"n": number})
    if status != "running":
        store.close(status)
    return store


def held(path):
    """All that a reader gets from a folder."""
    store = Store.open(path, PILE)
    names = ["top.txt", *store.names("heap")]
    contents = [file.read_bytes() for file in store.checked(names)]
    notes = [store.manifest.files[name].note for name in names]
    return (
        store.manifest.status,
        store.manifest.about,
        dict(zip(names, contents, strict=True)),
        notes,
    )


def refused(path):
    with pytest.raises(FolderError) as caught:
        held(path)
    assert caught.value.faults
    return str(caught.value)


def files_of(path):
    return sorted(file for file in path.rglob("*") if file.is_file())


def flipped(file, bit):
    content = bytearray(file.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    file.write_bytes(content)


def test_what_is_put_in_comes_out(tmp_path):
    piled(tmp_path / "p")
    status, about, files, notes = held(tmp_path / "p")
    assert (status, about) == ("complete", ABOUT)
    assert files["heap/2.bin"] == bytes(range(64)) * 3
    assert notes == [{}, {"n": 0}, {"n": 1}, {"n": 2}]
    assert {one.name for one in (tmp_path / "p").iterdir()} == {"manifest.json", "top.txt", "heap"}
    assert [one.name for one in tmp_path.iterdir()] == ["p"]


@pytest.mark.parametrize(
    "name", ["a[1]", "it's X", "ünï 국경", "-x", " ", "a\nb", "x" * 255, ".hidden", "$x;--"]
)
def test_a_folder_may_be_called_anything(tmp_path, name):
    piled(tmp_path / name)
    assert held(str(tmp_path / name)) == held(tmp_path / name / "manifest.json")


@pytest.mark.parametrize("name", ["a\0b", "x" * 256, "/".join(["deep" * 50] * 30)])
def test_a_name_that_cannot_be_is_one_fault(tmp_path, name):
    for act in (piled, held, lambda path: check_free(path, PILE)):
        with pytest.raises(FolderError) as caught:
            act(f"{tmp_path}/{name}")
        assert len(caught.value.faults) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", ["complete", "running"])
def test_every_flipped_bit_is_noticed(tmp_path, status):
    """All bits of a small folder but those of the lock, which no reader reads."""
    kept = piled(tmp_path / "p", status, heap=1)
    whole = held(tmp_path / "p")
    chance = random.Random(1)
    for file in files_of(tmp_path / "p"):
        if file.name == "lock":
            continue
        content = file.read_bytes()
        for bit in chance.sample(range(len(content) * 8), 60):
            flipped(file, bit)
            if file.name == "journal" and bit // 8 == len(content) - 1:
                # The line looks cut off: one file less, and the folder is not complete.
                assert held(tmp_path / "p")[0] == "running"
            else:
                assert refused(tmp_path / "p")
            file.write_bytes(content)
    assert held(tmp_path / "p") == whole
    kept.close("complete")


@pytest.mark.slow
def test_each_bit_of_a_manifest_counts(tmp_path):
    piled(tmp_path / "p")
    file = tmp_path / "p" / "manifest.json"
    content = file.read_bytes()
    for bit in range(len(content) * 8):
        flipped(file, bit)
        refused(tmp_path / "p")
        file.write_bytes(content)


def test_every_file_cut_short_is_noticed(tmp_path):
    piled(tmp_path / "p")
    whole = held(tmp_path / "p")
    for file in files_of(tmp_path / "p"):
        content = file.read_bytes()
        for tenth in range(10):
            file.write_bytes(content[: len(content) * tenth // 10])
            refused(tmp_path / "p")
        file.write_bytes(content + b"\n")
        refused(tmp_path / "p")
        file.write_bytes(content)
    assert held(tmp_path / "p") == whole


def test_missing_doubled_foreign_and_exchanged_files_are_noticed(tmp_path):
    piled(tmp_path / "p")
    whole, heap = held(tmp_path / "p"), tmp_path / "p" / "heap"
    for file in files_of(tmp_path / "p"):
        file.rename(tmp_path / "elsewhere")
        refused(tmp_path / "p")
        file.mkdir()
        refused(tmp_path / "p")
        file.rmdir()
        (tmp_path / "elsewhere").rename(file)
    for name in ("heap/3.bin", "heap/0 (copy).bin", "heap/deep", "copy.zip"):
        (tmp_path / "p" / name).write_bytes((heap / "0.bin").read_bytes())
        assert f"{name}: is not a file of this pile" in refused(tmp_path / "p")
        (tmp_path / "p" / name).unlink()
    one, two = (heap / "0.bin").read_bytes(), (heap / "1.bin").read_bytes()
    (heap / "0.bin").write_bytes(two)
    (heap / "1.bin").write_bytes(one)
    assert len(refused(tmp_path / "p").splitlines()) == 2
    (heap / "0.bin").write_bytes(one)
    (heap / "1.bin").write_bytes(two)
    assert held(tmp_path / "p") == whole


def test_what_people_and_systems_put_on_top_is_no_hindrance(tmp_path):
    piled(tmp_path / "p")
    for name in ("notes.txt", "overview.png", "report.html", ".DS_Store", "heap/.DS_Store"):
        (tmp_path / "p" / name).write_text("mine")
    assert held(tmp_path / "p")[0] == "complete"


def test_a_file_is_looked_through_once_for_each_time_it_changed(tmp_path, monkeypatch):
    piled(tmp_path / "p", heap=1)
    file = tmp_path / "p" / "heap" / "0.bin"
    monkeypatch.setattr(disk, "_SETTLED", -1)
    looked: list[object] = []
    through = hashlib.file_digest

    def counted(file, name):
        looked.append(file)
        return through(file, name)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    held(tmp_path / "p")
    held(tmp_path / "p")
    assert len(looked) == 2  # files
    os.utime(file, ns=(1, 1))
    held(tmp_path / "p")
    assert len(looked) == 3


def test_folders_of_other_formats_kinds_and_none_are_told_apart(tmp_path):
    path = tmp_path / "p"
    piled(path)
    with pytest.raises(FolderError, match=r"is a pile, not a saved mound \(name a folder that"):
        Store.open(path, OTHER)
    assert kind_of(path) == "pile"
    newer = {"format": 3, "kind": "pile", "versions": {"amnok": "9.9"}}
    (path / "manifest.json").write_bytes(sealed(newer))
    assert "was written by Amnok 9.9 in format 3; this Amnok reads format 2 (pip" in refused(path)
    (path / "manifest.json").write_text('{"format": 1, "versions": {"amnok": "0.1.0"}}')
    assert "by Amnok 0.1.0 in format 1; this Amnok reads format 2 (pile again, i" in refused(path)
    (path / "manifest.json").rename(path / "study.json")
    assert "in format 1" in refused(path)
    (path / "study.json").unlink()
    assert "is not a saved pile: it has no manifest.json" in refused(path)
    assert "does not exist" in refused(tmp_path / "nowhere")
    assert kind_of(tmp_path / "nowhere") == ""


def test_it_goes_on_where_it_was(tmp_path):
    for _ in range(2):
        store = Store.resume(tmp_path / "p", PILE, ABOUT, FIRST)
        store.begin(f"heap/{len(store.names('heap'))}.bin")
        store.add(f"heap/{len(store.names('heap'))}.bin", b"x")
        store.begin("heap/9.bin")
        store.close("interrupted")
        assert held(tmp_path / "p")[0] == "interrupted"
    store = Store.resume(tmp_path / "p", PILE, ABOUT, FIRST)
    assert store.names("heap") == ["heap/0.bin", "heap/1.bin"]
    assert store.begun == set()  # what ends in an orderly way has killed nobody
    store.close("complete")
    store = Store.resume(tmp_path / "p", PILE, ABOUT, FIRST)
    assert not (tmp_path / "p" / "lock").exists()
    with pytest.raises(FolderError, match="holds a pile with other seed"):
        Store.resume(tmp_path / "p", PILE, {**ABOUT, "seed": 4}, FIRST)
    before = {**ABOUT, "versions": {"amnok": "0.1", "numpy": "2.4"}}
    Store.resume(tmp_path / "q", PILE, before, FIRST).close("interrupted")
    after = {**ABOUT, "versions": {"amnok": "0.2", "numpy": "2.4", "duckdb": "2"}}
    told = r"with other versions \(amnok 0\.1, here 0\.2; duckdb none, here 2\)"
    with pytest.raises(FolderError, match=told):
        Store.resume(tmp_path / "q", PILE, after, FIRST)


def test_what_is_there_is_never_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "top.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    piled(tmp_path / "p")
    before = {file: file.read_bytes() for file in files_of(tmp_path)}
    for name in ("mine", "file", "p"):
        for act in (piled, lambda path: check_free(path, PILE)):
            with pytest.raises(FolderError, match=r"exists and is not|is not empty, and holds no"):
                act(tmp_path / name)
    assert {file: file.read_bytes() for file in files_of(tmp_path)} == before


def test_an_empty_folder_becomes_one_where_it_stands(tmp_path, monkeypatch):
    (tmp_path / "p").mkdir()
    monkeypatch.chdir(tmp_path / "p")
    check_free(".", PILE)
    piled(".")
    assert held(tmp_path / "p") == held(".")


@pytest.mark.parametrize("act", ["create", "add", "close"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_is_full_or_read_only_is_one_fault(tmp_path, monkeypatch, act, number):
    def fails(*_):
        raise OSError(number, os.strerror(number))

    store: Any = None if act == "create" else piled(tmp_path / "p", "running")
    acts = {
        "create": lambda: piled(tmp_path / "p"),
        "add": lambda: store.add("heap/9.bin", b"x"),
        "close": lambda: store.close("complete"),
    }
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        with pytest.raises(FolderError, match=r"cannot be written: (the disk is|read-only|perm)"):
            acts[act]()
    if store is None:
        assert list(tmp_path.iterdir()) == []
        return
    assert len(held(tmp_path / "p")[2]) == 4
    with closing(Store.resume(tmp_path / "p", PILE, ABOUT, FIRST) if act == "close" else store):
        pass
    assert held(tmp_path / "p")[0] == "complete"


def test_a_read_only_folder_is_read(tmp_path, monkeypatch):
    """As root no folder is read-only: here, whoever opens a file to write is refused."""
    piled(tmp_path / "p", "interrupted")
    whole, opened = held(tmp_path / "p"), os.open

    def read_only(path, flags, *rest, **more):
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT):
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return opened(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", read_only)
    assert held(tmp_path / "p") == whole
    with pytest.raises(FolderError, match="cannot be written: read-only file system"):
        Store.resume(tmp_path / "p", PILE, ABOUT, FIRST)


def process(act):
    """Number of a process that does something, and then nothing until it is killed."""
    ready, signed = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads: none is needed here
        number = os.fork()
    if number == 0:
        try:
            act(lambda: os.write(signed, b"."))
            time.sleep(60)
        finally:
            os._exit(1)
    os.close(signed)
    os.read(ready, 1)  # or nothing, if it has ended
    os.close(ready)
    return number


def kill(number):
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are made by fork")


@needs_fork
def test_one_writer_at_a_time_and_a_dead_one_gives_way(tmp_path):
    path = tmp_path / "p"

    def hold(ready):
        store = Store.resume(path, PILE, ABOUT, FIRST)
        store.begin("heap/7.bin")
        ready()
        time.sleep(60)

    other = process(hold)
    with pytest.raises(FolderError) as caught:
        Store.resume(path, PILE, ABOUT, FIRST)
    told = str(caught.value)
    assert f"is being written by process {other} on {socket.gethostname()}" in told
    assert "since 20" in told
    assert held(path)[0] == "running"
    kill(other)
    assert held(path)[0] == "interrupted"
    store = Store.resume(path, PILE, ABOUT, FIRST)
    assert store.begun == {"heap/7.bin"}
    with pytest.raises(FolderError, match=f"process {os.getpid()}"):
        Store.resume(path, PILE, ABOUT, FIRST)  # nor twice in one process
    store.close("interrupted")
    assert Store.open(path, PILE).begun == {"heap/7.bin"}  # still suspect
    assert not (path / "lock").exists()


@needs_fork
def test_two_that_start_at_once_are_one_and_one_who_is_told(tmp_path):
    for number in range(20):
        path = tmp_path / str(number)

        def finish(ready, path=path):
            ready()
            with closing(Store.resume(path, PILE, ABOUT, FIRST)):
                pass

        other = process(finish)
        try:
            with closing(Store.resume(path, PILE, ABOUT, FIRST)):
                pass
        except FolderError as error:
            assert "is being written by process" in str(error)  # noqa: PT017 - either is right
        kill(other)
        with closing(Store.resume(path, PILE, ABOUT, FIRST)):
            pass
        assert held(path)[0] == "complete"


@needs_fork
def test_where_no_file_can_be_locked_the_name_in_it_counts(tmp_path, monkeypatch):
    def unsupported(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr(fcntl, "flock", unsupported)
    store = piled(tmp_path / "p", "running")
    with pytest.raises(FolderError, match="is being written by"):
        Store.resume(tmp_path / "p", PILE, ABOUT, FIRST)
    dead = process(lambda ready: ready())
    kill(dead)
    text = (tmp_path / "p" / "lock").read_text().replace(str(os.getpid()), str(dead))
    (tmp_path / "p" / "lock").write_text(text)
    assert Store.resume(tmp_path / "p", PILE, ABOUT, FIRST).names("heap") == store.names("heap")


def killed_at_a_random_moment(tmp_path, seed):
    """Whatever a writer was at: what is listed is whole, and the same call goes on."""
    path = tmp_path / f"p{seed}"
    if seed % 2:
        path.mkdir()

    def write(ready):
        ready()
        store = Store.resume(path, PILE, ABOUT, FIRST)
        for number in range(40):
            store.add(f"heap/{number}.bin", b"x" * 5000)

    writer = process(write)
    time.sleep(random.Random(seed).uniform(0, 0.03))
    kill(writer)
    for left in tmp_path.glob(".amnok-*"):
        os.utime(left, (0, 0))  # a young one may yet sign its lock
    if (path / "manifest.json").exists():
        assert held(path)[0] == "interrupted"
    else:
        refused(path)
    with closing(store := Store.resume(path, PILE, ABOUT, FIRST)):
        for number in range(len(store.names("heap")), 40):
            store.add(f"heap/{number}.bin", b"x" * 5000)
    status, _, files, _ = held(path)
    assert status == "complete"
    assert len(files) == 41
    assert not list(tmp_path.rglob(".*"))


@needs_fork
@pytest.mark.parametrize("seed", range(6))
def test_a_killed_writer_leaves_a_folder_or_visibly_none(tmp_path, seed):
    killed_at_a_random_moment(tmp_path, seed)


@needs_fork
@pytest.mark.slow
def test_fifty_killed_writers(tmp_path):
    for seed in range(50):
        killed_at_a_random_moment(tmp_path, seed)


def ends_at(stroke, path):
    """What a process does that ends without any clean-up at the n-th time it touches the disk."""
    strokes = iter(range(stroke))

    def counted(act):
        def wrapper(*given, **more):
            if next(strokes, None) is None:
                os._exit(9)
            return act(*given, **more)

        return wrapper

    def make(_):
        for name in ("fsync", "replace", "rename", "mkdir"):
            setattr(os, name, counted(getattr(os, name)))
        with closing(Store.resume(path, PILE, ABOUT, FIRST)):
            pass
        os._exit(0)

    return make


@needs_fork
@pytest.mark.parametrize("inside", [False, True])
def test_ended_at_any_moment_of_its_birth_it_can_be_made_again(tmp_path, inside):
    """Aside, and in a folder that is there and empty."""
    for stroke in range(40):
        path = tmp_path / str(stroke)
        if inside:
            path.mkdir()
        _, status = os.waitpid(process(ends_at(stroke, path)), 0)
        if status == 0:
            break
        if (path / "manifest.json").exists():
            held(path)
        with closing(Store.resume(path, PILE, ABOUT, FIRST)):
            pass
        assert held(path)[0] == "complete"
    assert 5 < stroke < 39
    assert {one.name for one in tmp_path.iterdir()} == {str(one) for one in range(stroke + 1)}
