"""Folders on disk: runs, comparisons, sweeps and studies of robustness, all kept in one way.

    FOLDER/
        manifest.json   what it is, how it was made, and size and SHA-256 of each file
        journal         what was added since the manifest was written
        lock            who is writing
        ...             the files

A folder is made aside and renamed: it is there whole, or not at all. Files are added whole, and
count once the journal names them. `close` moves the journal into the manifest and takes journal and
lock away, so a folder that still has them is being written, or its writer was killed.

Nothing is read that is not what the manifest says it is. A file is looked through once in a process
as long as its size and time stay the same.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import secrets
import shutil
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from amnok.disk import (
    Content,
    content_of,
    digest,
    flush_folder,
    folder_path,
    make_folders,
    read_or_told,
    remove_folders,
    write,
    written_or_told,
)
from amnok.errors import Fault, FolderError, reason
from amnok.results.lock import LOCK_FILE, Lock, is_locked
from amnok.results.manifest import (
    JOURNAL,
    MANIFEST,
    FileEntry,
    Journal,
    Kind,
    Manifest,
    Status,
    loosely,
    read_journal,
    read_manifest,
    to_json,
    told_apart,
    versions,
)
from amnok.results.standing import (
    ASIDE,
    check_folder,
    clear_leftovers,
    folders,
    is_free,
    is_harmless,
    is_there,
    parts,
    taken,
)

_MOST_FAULTS = 20


class Store:
    """A folder of results: one to read (`open`), or one that this process writes.

    Attributes:
        path: where it is.
        manifest: what is in it.
        begun: files that were under way when an earlier writer was killed, and are not finished.
    """

    def __init__(self, path: Path, kind: Kind, manifest: Manifest, journal: Journal) -> None:
        self.path, self.kind = path, kind
        files = {**manifest.files, **journal.files}
        for name in journal.replaced:
            files.pop(name, None)
        self.manifest = replace(manifest, files=files)
        self.begun = {*manifest.begun, *journal.begun} - self.manifest.files.keys()
        self._journal = journal
        self._lock: Lock | None = None
        self._may_have_more = False  # files that are not listed yet
        self._made: Sequence[Path] = ()  # folders that were not there before, the deepest first
        self._one_at_a_time = threading.Lock()

    @classmethod
    def open(cls, path: str | os.PathLike[str], kind: Kind) -> Store:
        """A folder to read; the manifest in it will do, too.

        Raises:
            FolderError: it is not of this kind, is of another version, or damaged.
        """
        folder = folder_path(path)
        if folder.name == MANIFEST:
            folder = folder.parent
        with read_or_told(folder):
            check_folder(folder, kind)
            return cls._as_it_is(folder, kind)

    @classmethod
    def _as_it_is(cls, folder: Path, kind: Kind) -> Store:
        # In this order: a writer moves the journal into the manifest, then lets go of the lock.
        has_lock = (folder / LOCK_FILE).exists()
        journal = b""
        with contextlib.suppress(FileNotFoundError):
            journal = content_of(folder / JOURNAL)
        manifest = read_manifest(content_of(folder / MANIFEST), folder, kind)
        if manifest.status == "running" and not is_locked(folder):
            manifest = replace(manifest, status="interrupted")
        found = cls(folder, kind, manifest, read_journal(journal, folder, kind))
        found._may_have_more = has_lock
        return found

    @classmethod
    def create(
        cls,
        path: str | os.PathLike[str],
        kind: Kind,
        about: Mapping[str, Any],
        files: Mapping[str, Content],
        status: Status = "running",
    ) -> Store:
        """A new folder with its first files, which this process has for itself until `close`.

        Args:
            path: what is not there yet, or an empty folder.
            kind: what it becomes.
            about: what its kind keeps in the manifest.
            files: content by name: bytes, or a function that writes to a path.
            status: "complete" for one to which nothing will be added; it needs no `close`.

        Raises:
            FolderError: something is there, or it cannot be written.
        """
        created = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        manifest = Manifest(kind.name, created, dict(about), versions(), platform.machine(), status)
        store = cls(folder_path(path), kind, manifest, Journal())
        with written_or_told(store.path):
            make = store._make_inside if os.path.lexists(store.path) else store._make_aside
            make(files)
        return store

    @classmethod
    def resume(
        cls,
        path: str | os.PathLike[str],
        kind: Kind,
        about: Mapping[str, Any],
        files: Mapping[str, Content],
    ) -> Store:
        """A resumable folder: made now, or earlier for the same.

        One that is complete comes back to be read.

        Raises:
            FolderError: something else is there, another process is at work in it, or it cannot be
                written.
        """
        folder = folder_path(path)
        if not is_there(folder):
            try:
                return cls.create(folder, kind, about, files)
            except FolderError:
                if not is_there(folder):  # unless another process was quicker
                    raise
        found = cls.open(folder, kind)
        wanted = loosely(to_json(dict(about)))
        other = [key for key in wanted if found.manifest.about.get(key) != wanted[key]]
        if other:
            told = (told_apart(key, found.manifest.about.get(key), wanted[key]) for key in other)
            problem = f"holds a {kind.name} with other {', '.join(told)}"
            raise FolderError(Fault(problem, "name another folder: --out", file=str(folder)))
        if found.manifest.status == "complete":
            return found
        with written_or_told(folder):
            return cls._gone_on_with(folder, kind)

    @classmethod
    def _gone_on_with(cls, folder: Path, kind: Kind) -> Store:
        lock = Lock(folder)
        try:
            found = cls._as_it_is(folder, kind)
            for left in parts(folder, found.manifest.files):
                left.unlink()
            found._remove_replaced()
            if (folder / JOURNAL).exists():
                os.truncate(folder / JOURNAL, found._journal.length)
        except BaseException:
            lock.release()
            raise
        found._lock = lock
        return found

    def _make_aside(self, files: Mapping[str, Content]) -> None:
        """Beside its place and under another name, then renamed."""
        self._made = make_folders(self.path.parent)
        aside = self.path.parent / f"{ASIDE}{secrets.token_hex(4)}"
        try:
            clear_leftovers(self.path.parent)
            aside.mkdir()
            self._furnish(aside, files)
            if os.name != "posix":
                self._release()  # there, no folder is renamed while a file in it is open
            aside.rename(self.path)
            if self._lock is not None:
                self._lock.moved(self.path)
            flush_folder(self.path.parent)
        except BaseException as error:
            self._release()
            shutil.rmtree(aside, ignore_errors=True)
            remove_folders(self._made)
            if isinstance(error, OSError) and os.path.lexists(self.path):
                raise taken(self.path, self.kind) from None
            raise
        self._made = [self.path, *self._made]
        self._settle()

    def _make_inside(self, files: Mapping[str, Content]) -> None:
        """In an empty folder that is there already: the manifest comes last."""
        if not is_free(self.path, self.kind):
            raise taken(self.path, self.kind)
        try:
            self._furnish(self.path, files)
        except BaseException:
            self.discard()
            raise
        self._settle()

    def _furnish(self, folder: Path, files: Mapping[str, Content]) -> None:
        self._lock = Lock(folder)
        if is_there(folder):
            self._release()
            raise taken(folder, self.kind)
        for name, content in files.items():
            self.manifest.files[name] = FileEntry(*write(folder / name, content))
        write(folder / MANIFEST, self.manifest.sealed())

    def _settle(self) -> None:
        if self.manifest.status == "complete":
            self._release()
        elif self._lock is None:
            self._lock = Lock(self.path)

    def add(
        self,
        name: str,
        content: Content,
        note: Mapping[str, Any] | None = None,
        instead_of: Sequence[str] = (),
    ) -> None:
        """Add a file, whole or not at all.

        Args:
            name: its path in the folder, with /.
            content: bytes, or a function that writes to a path.
            note: what its kind keeps of it in the manifest.
            instead_of: files whose content it holds: they count no longer, and go at `close`.

        Raises:
            FolderError: it cannot be written; what was added before is kept.
        """
        with self._one_at_a_time, written_or_told(self.path / name):
            entry = FileEntry(*write(self.path / name, content), dict(note or {}))
            more = {"instead_of": list(instead_of)} if instead_of else {}
            try:
                self._append({"add": name, **asdict(entry), **more})
            except BaseException:
                with contextlib.suppress(OSError):
                    (self.path / name).unlink()
                raise
            self.manifest.files[name] = entry
            self.begun.discard(name)
            self._journal.replaced += instead_of
            for one in instead_of:
                self.manifest.files.pop(one, None)

    def begin(self, name: str) -> None:
        """Say that a file is under way: should this kill the process, `begun` will name it.

        Raises:
            FolderError: it cannot be written.
        """
        with self._one_at_a_time, written_or_told(self.path / JOURNAL):
            self._append({"begin": name})

    def _append(self, event: Mapping[str, Any]) -> None:
        seal, line = self._journal.line(event)
        journal, before = self.path / JOURNAL, self._journal.length
        try:
            with journal.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with contextlib.suppress(OSError):
                os.truncate(journal, before)
            raise
        self._journal.seal, self._journal.length = seal, before + len(line)

    def close(self, status: Status) -> None:
        """Write down what the folder holds, and let others in; nothing for one that is only read.

        Raises:
            FolderError: the manifest cannot be written; the journal stays in its stead.
        """
        if self._lock is None:
            return
        self.manifest = replace(self.manifest, status=status, begun=tuple(sorted(self.begun)))
        try:
            with written_or_told(self.path / MANIFEST):
                self._remove_replaced()
                write(self.path / MANIFEST, self.manifest.sealed())
                (self.path / JOURNAL).unlink(missing_ok=True)
        finally:
            self._release()

    def _remove_replaced(self) -> None:
        for name in set(self._journal.replaced) - self.manifest.files.keys():
            (self.path / name).unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove what was written."""
        names = {*self.manifest.files, MANIFEST, JOURNAL}
        with contextlib.suppress(OSError):
            for file in (*parts(self.path, names), *(self.path / name for name in names)):
                file.unlink(missing_ok=True)
        self._release()
        remove_folders(folders(self.path, names)[:0:-1])
        remove_folders(self._made)

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def names(self, folder: str) -> list[str]:
        """Files of a folder in this one, in order."""
        inside = [name for name in self.manifest.files if name.startswith(f"{folder}/")]
        return sorted(inside, key=lambda name: (len(name), name))  # 10000 comes after 9999

    def checked(self, names: Iterable[str]) -> list[Path]:
        """Paths of files, if they are what the manifest says, with none too many beside them.

        Raises:
            FolderError: for each file that is missing, changed, or not of this folder.
        """
        names = list(names)
        faults = self._strangers(names)
        for name in names:
            try:
                self._check(name)
            except FolderError as error:
                faults += error.faults
        if faults:
            raise FolderError(faults[:_MOST_FAULTS])
        return [self.path / name for name in names]

    def read(self, name: str) -> bytes:
        """The content of a file, if it is what the manifest says.

        Raises:
            FolderError: it is missing or changed.
        """
        (file,) = self.checked([name])
        return file.read_bytes()

    def _check(self, name: str) -> None:
        file, entry = self.path / name, self.manifest.files.get(name)
        if entry is None:
            raise self._damaged(file, f"is not listed in {MANIFEST}")
        try:
            there = file.stat()
            size = there.st_size
            if not stat.S_ISREG(there.st_mode):
                raise self._damaged(file, "is not a file")
            if size < entry.bytes:
                raise self._damaged(file, f"is truncated: {size} of {entry.bytes} bytes")
            if size > entry.bytes:
                raise self._damaged(file, f"was changed: {size} bytes in place of {entry.bytes}")
            if digest(file, there) != entry.sha256:
                problem = f"was changed: its SHA-256 is not the one in {MANIFEST}"
                raise self._damaged(file, problem)
        except FileNotFoundError:
            raise self._damaged(file, "is missing") from None
        except OSError as error:
            raise self._damaged(file, f"cannot be read: {reason(error)}") from None

    def _damaged(self, file: Path, problem: str) -> FolderError:
        return FolderError(Fault(problem, self.kind.again, file=str(file)))

    def _strangers(self, names: Sequence[str]) -> list[Fault]:
        """Files beside some of this folder that are not of it."""
        if self._may_have_more:
            return []
        faults = []
        for inside in folders(self.path, names):
            with contextlib.suppress(OSError), os.scandir(inside) as entries:
                for entry in entries:
                    name = Path(entry.path).relative_to(self.path).as_posix()
                    known = name in self.manifest.files or name in self._journal.replaced
                    if known or is_harmless(entry, inside == self.path):
                        continue
                    problem = (
                        f"is not a file of this {self.kind.name}: a copy, or put there by hand"
                    )
                    faults.append(Fault(problem, "move it elsewhere", file=entry.path))
        return sorted(faults, key=lambda fault: fault.file)


@contextlib.contextmanager
def closing(store: Store) -> Iterator[None]:
    """Close a folder however the work on it ends; it is complete if nothing goes wrong."""
    try:
        yield
    except BaseException as error:
        # What made the work fail may be the disk itself.
        with contextlib.suppress(FolderError):
            store.close("interrupted" if isinstance(error, KeyboardInterrupt) else "failed")
        raise
    store.close("complete")
