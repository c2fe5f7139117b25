"""The manifest of a folder and its journal: what is there, and how one sees that it is whole.

Both carry checksums of themselves. The last entry of the manifest is the SHA-256 of all before it;
each line of the journal begins with one of that line and of all lines before.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Literal

from amnok.errors import Fault, FolderError

MANIFEST, JOURNAL = "manifest.json", "journal"
FORMAT = 2
BEFORE = {"comparison.json": "comparison", "study.json": "study"}  # manifests of format 1
_SEAL = re.compile(rb',\n "sha256": "([0-9a-f]{64})"\n}\n\Z')

Status = Literal["running", "complete", "interrupted", "failed"]


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    Attributes:
        name: in its manifest.
        title: what messages call a folder of it.
        command: what makes one.
        again: what to do about a damaged one.
        first: names of what it is born with.
    """

    name: str
    title: str
    command: str
    again: str
    first: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileEntry:
    """A file: its length, the SHA-256 of its bytes, and what its kind of folder notes of it."""

    bytes: int
    sha256: str
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """What a folder holds and how it was made.

    Attributes:
        kind: name of its `Kind`.
        created: when, UTC.
        about: what its kind keeps there; the same from birth on.
        versions, machine: what made it.
        status: "running" as long as it is written.
        files: by path in the folder, with /.
        begun: files that were under way when a writer was killed, and are not finished.
    """

    kind: str
    created: str
    about: dict[str, Any]
    versions: dict[str, str]
    machine: str
    status: Status = "running"
    files: dict[str, FileEntry] = field(default_factory=dict)
    begun: tuple[str, ...] = ()

    def sealed(self) -> bytes:
        """As the bytes of a file."""
        return sealed({"format": FORMAT, **asdict(self)})


def versions() -> dict[str, str]:
    """Versions of Amnok and of all that its results depend on."""
    packages = ("amnok", "numpy", "numba", "llvmlite", "xarray", "zarr")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def to_json(data: Any, indent: int | None = None) -> bytes:
    """Data as JSON; a name of a file that is no Unicode is escaped."""
    return json.dumps(data, indent=indent, ensure_ascii=False).encode("utf-8", "backslashreplace")


def sealed(data: Mapping[str, Any]) -> bytes:
    """JSON whose last entry is the SHA-256 of what it would be without."""
    text = to_json(data, indent=1).removesuffix(b"\n}")
    return text + b',\n "sha256": "' + digest_of(text + b"\n}\n").encode() + b'"\n}\n'


def digest_of(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(raw: bytes, folder: Path, kind: Kind) -> Manifest:
    """The manifest that some bytes hold.

    Raises:
        FolderError: it is damaged, of another format or kind, or names files elsewhere.
    """
    found = loosely(raw)
    if found.get("format", FORMAT) != FORMAT:
        raise of_another_format(folder, kind, found, found["format"])
    seal = _SEAL.search(raw)
    if seal is None or digest_of(raw[: seal.start()] + b"\n}\n") != seal[1].decode():
        raise _damaged(folder / MANIFEST, kind)
    if found.get("kind") != kind.name:
        problem = f"is a {found.get('kind')}, not {kind.title}"
        raise FolderError(Fault(problem, name_another(kind), file=str(folder)))
    try:
        files = {name: FileEntry(**entry) for name, entry in found.pop("files").items()}
        rest = {name: found[name] for name in Manifest.__dataclass_fields__ if name != "files"}
        manifest = Manifest(**{**rest, "files": files, "begun": tuple(rest["begun"])})
    except (KeyError, TypeError, AttributeError):
        raise _damaged(folder / MANIFEST, kind) from None
    for name in manifest.files:
        inside = PureWindowsPath(name)
        if PurePosixPath(name).is_absolute() or inside.anchor or ".." in inside.parts:
            raise FolderError(Fault(f"names a file outside its folder: {name}", file=str(folder)))
    return manifest


@dataclass
class Journal:
    """What was added after the manifest was written.

    Attributes:
        seal: checksum of its last line.
        length: of all whole lines, in bytes.
        replaced: files whose content is in another one by now.
    """

    seal: str = ""
    length: int = 0
    files: dict[str, FileEntry] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def line(self, event: Mapping[str, Any]) -> tuple[str, bytes]:
        """The next line for an event, and its seal."""
        text = to_json(event)
        seal = digest_of(self.seal.encode() + text)
        return seal, seal.encode() + b" " + text + b"\n"


def read_journal(raw: bytes, folder: Path, kind: Kind) -> Journal:
    """The journal that some bytes hold; a last line that was cut off does not count.

    Raises:
        FolderError: it is damaged.
    """
    found = Journal()
    *lines, _ = raw.split(b"\n")
    for number, line in enumerate(lines, start=1):
        seal, _, text = line.partition(b" ")
        if seal.decode("latin-1") != digest_of(found.seal.encode() + text):
            raise _damaged(folder / JOURNAL, kind, number)
        event = json.loads(text)
        found.seal, found.length = seal.decode(), found.length + len(line) + 1
        if "begin" in event:
            found.begun.append(event["begin"])
        else:
            name, replaced = event.pop("add"), event.pop("instead_of", [])
            found.files[name] = FileEntry(**event)
            found.replaced += replaced
            for one in replaced:
                found.files.pop(one, None)
    return found


def _damaged(file: Path, kind: Kind, line: int | None = None) -> FolderError:
    problem = "is damaged: its checksum is another"
    return FolderError(Fault(problem, kind.again, file=str(file), line=line))


def name_another(kind: Kind) -> str:
    """What to do about a folder that is none of this kind."""
    return f"name a folder that `{kind.command}` made"


def loosely(raw: bytes) -> dict[str, Any]:
    """What JSON says, if it is one mapping; of files that may be damaged."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def of_another_format(folder: Path, kind: Kind, found: dict[str, Any], was: Any) -> FolderError:
    """What to say of a folder that another version of Amnok wrote."""
    made = found.get("versions")
    maker = f" by Amnok {made['amnok']}" if isinstance(made, dict) and "amnok" in made else ""
    problem = f"was written{maker} in format {was}; this Amnok reads format {FORMAT}"
    is_newer = isinstance(was, int) and was > FORMAT
    fix = "pip install --upgrade amnok" if is_newer else f"{kind.again}, into a new folder"
    return FolderError(Fault(problem, fix, file=str(folder)))


def told_apart(key: str, then: Any, now: Any) -> str:
    """What differs from what a folder was made with; of versions, each."""
    if key != "versions" or not isinstance(then, Mapping):
        return key
    apart = [
        f"{name} {then.get(name, 'none')}, here {now.get(name, 'none')}"
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]
    return f"versions ({'; '.join(apart)})"
