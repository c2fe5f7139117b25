"""Ledger files: read, put together, written; whatever cannot be kept whole is not written at all.

A ledger file is YAML with `reports` and `claims`, which a scenario can name among its `parts`; or
rows of CSV or JSON Lines (`amnok.scenario.ledger.rows`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from amnok.disk import write_file
from amnok.errors import AmnokError, Fault
from amnok.quantity import Part
from amnok.scenario import document, text_file
from amnok.scenario.data import inside
from amnok.scenario.document import Document, Origin, Place, dotted, located
from amnok.scenario.ledger import rows
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.ledger.model import Claim, Report
from amnok.scenario.table import shown

_PARTS: dict[str, type[Report | Claim]] = {"reports": Report, "claims": Claim}
KEYS = tuple(_PARTS)
ROWS = (".csv", ".jsonl", ".ndjson")
Prefer = Literal["first", "second"]
Origins = dict[Place, Origin]
_NOTHING: tuple[Any, ...] = (None, [], "", False, "unknown")


class _Whole(Part):
    """What a ledger file may hold."""

    reports: dict[str, Report] = Field(default_factory=dict)
    """Published reports, by id."""

    claims: dict[str, Claim] = Field(default_factory=dict)
    """Their claims, by id."""


def read(file: str | Path) -> Document:
    """Reports and claims in a file, as plain data that is yet to be checked.

    Raises:
        AmnokError: it cannot be read at all; `faults` has what is wrong with single rows or keys.
    """
    path = Path(file)
    if path.suffix.lower() in ROWS:
        return rows.read(path)
    found = document.read_all(path, str(file))
    for key in [key for key in found.data if key not in KEYS]:
        del found.data[key]
        problem = "a ledger holds reports and claims only"
        found.faults.append(Fault(problem, "move it", key, *_where(found, key)))
    for key in KEYS:
        entries = found.data.setdefault(key, {})
        if not isinstance(entries, dict):
            problem = f"is {document.describe(entries)}, expected ids with what they stand for"
            found.faults.append(Fault(problem, "", key, *_where(found, key)))
            found.data[key] = {}
    return found


def _where(found: Document, key: str) -> tuple[str, int | None]:
    origin = found.origins.get((key,), Origin(""))
    return origin.file, origin.line


def checked(found: Document, known: Ledger | None = None) -> Ledger:
    """The ledger that plain data holds.

    Args:
        found: reports and claims. A report without a word may be one that is known.
        known: reports that claims may also be of.

    Raises:
        AmnokError: with everything in it that is wrong, by file, line, and path or column.
    """
    from amnok.scenario.checking import read_as

    data = {key: dict(found.data.get(key) or {}) for key in KEYS}
    borrowed = dict(known.reports) if known else {}
    for name in [name for name, told in data["reports"].items() if told == {}]:
        if name in borrowed:
            del data["reports"][name]
    whole, faults = read_as(_Whole, shown(data), found.faults)
    if whole is None:
        raise AmnokError(told(faults, found))
    return Ledger(borrowed | whole.reports, whole.claims)


def told(faults: Iterable[Fault], found: Document) -> list[Fault]:
    """Faults with file and line, and with the column where they lie in rows."""
    placed = [located(fault, found) for fault in faults]
    return [
        replace(one, path=rows.column_of(one.path))
        if Path(one.file).suffix.lower() in ROWS
        else one
        for one in sorted(placed, key=lambda one: (one.file, one.line or 0, one.path))
    ]


def joined(documents: Sequence[Document], prefer: Prefer | None = None) -> Document:
    """Several ledgers as one.

    Entries of one id must be equal, or one the other with amendments since: then the later counts.

    Args:
        documents: in their order.
        prefer: which counts where they differ otherwise; by default that is a conflict, told among
            the faults with both places.
    """
    data: dict[str, dict[str, Any]] = {key: {} for key in KEYS}
    chosen: dict[Place, Origins] = {}
    conflicts = []
    for one in documents:
        by_entry = _by_entry(one)
        for kind in KEYS:
            for name, entry in (one.data.get(kind) or {}).items():
                place = (kind, name)
                origins = by_entry.get(place, {})
                held, again = _bare(data[kind].get(name), kind), _bare(entry, kind)
                if held and (again in ({}, held) or _precedes(again, held, kind)):
                    continue
                if not held or _precedes(held, again, kind) or prefer == "second":
                    data[kind][name], chosen[place] = entry, origins
                elif prefer is None:
                    first = chosen[place].get(place, Origin(""))
                    here = origins.get(place, Origin(""))
                    conflicts.append(_conflict(place, (held, first), (again, here)))
    elsewhere: set[str] = set().union(*(one.elsewhere for one in documents))
    written = {place: at for origins in chosen.values() for place, at in origins.items()}
    faults = [fault for one in documents for fault in one.faults]
    return Document(data, written, elsewhere, faults=faults + conflicts)


def _by_entry(one: Document) -> dict[Place, Origins]:
    """Where each report and claim of a ledger, and what stands in it, was written."""
    found: dict[Place, Origins] = {}
    for place, at in one.origins.items():
        found.setdefault(place[:2], {})[place] = at
    return found


def lay_over(draft: Document, ledgers: Iterable[Document]) -> None:
    """Lay ledgers over that of a scenario that is yet to be checked; conflicts are faults of it."""
    own = Document({key: dict(inside(draft.data, key)) for key in KEYS}, draft.origins)
    whole = joined([own, *ledgers])
    for key in KEYS:
        if isinstance(draft.data.get(key, {}), dict):
            draft.data[key] = whole.data[key]
    draft.origins |= whole.origins
    draft.faults += whole.faults


def _precedes(old: Any, new: Any, kind: str) -> bool:
    """Whether an entry is another before some of its amendments, or before it was retracted."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return False
    before = dict(new)
    amendments = list(before.pop("amended", ()))
    kept = len(old.get("amended", ()))
    for amendment in reversed(amendments[kept:]):
        before |= amendment.get("was", {})
    before["amended"] = amendments[:kept]
    told = {key: value for key, value in before.items() if value is not None}
    stood = {key: value for key, value in told.items() if key != "retracted"}
    return old in (_bare(told, kind), _bare(stood, kind))


def _bare(entry: Any, kind: str) -> Any:
    """An entry as it is compared: without what holds nothing, however it is written."""
    if not isinstance(entry, dict):
        return entry
    text = json.dumps(entry, default=dt.date.isoformat)
    try:
        return _jsonable(_PARTS[kind].model_validate_json(text, strict=True))
    except ValidationError:  # it is told elsewhere
        data = {key: _squeezed(value) for key, value in json.loads(text).items()}
        return {key: value for key, value in data.items() if value not in _NOTHING}


def _squeezed(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _conflict(place: Place, there: tuple[Any, Origin], here: tuple[Any, Origin]) -> Fault:
    (held, first), (entry, at) = there, here
    both_are_entries = isinstance(held, dict) and isinstance(entry, dict)
    keys = [*held, *entry] if both_are_entries else []
    differ = [key for key in dict.fromkeys(keys) if held.get(key) != entry.get(key)]
    shown = "; ".join(
        f"{key}: {document.describe(held.get(key))} there, {document.describe(entry.get(key))} here"
        for key in differ[:3]
    )
    written = first.file if first.line is None else f"{first.file}:{first.line}"
    problem = f"differs from {written} in {', '.join(differ) or 'kind'} ({shown})"
    fix = "amend one of them, rename one, or say which counts"
    return Fault(problem, fix, dotted(place), at.file, at.line)


def as_yaml(ledger: Ledger) -> str:
    """A ledger as text that reads as the same ledger."""
    from amnok.scenario.dump import written

    data = {
        "reports": {name: _plain(one) for name, one in ledger.reports.items()},
        "claims": {name: _plain(one) for name, one in ledger.claims.items()},
    }
    return written({key: entries for key, entries in data.items() if entries})


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(by_alias=True, exclude_defaults=True)


def plain(ledger: Ledger, label: str = "") -> Document:
    """A ledger as plain data, as it would stand in a file; `label` is what messages call it."""
    data = {
        "reports": {name: _jsonable(one) for name, one in ledger.reports.items()},
        "claims": {name: _jsonable(one) for name, one in ledger.claims.items()},
    }
    entries = [(kind, name) for kind in KEYS for name in data[kind]]
    return Document(data, dict.fromkeys(entries, Origin(label)))


def _jsonable(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return told


def state(file: Path) -> str:
    """What tells whether a file has changed since; empty for one that is not there."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def must_be_yaml(file: Path) -> None:
    """Refuse a file that by its name is no YAML: it would not read as what is written to it."""
    if file.suffix.lower() not in (".yaml", ".yml"):
        fix = "name a .yaml file; `amnok evidence export` writes the others"
        raise AmnokError(Fault("a ledger is kept as YAML", fix, file=str(file)))


def write(file: Path, ledger: Ledger, since: str | None = None) -> None:
    """Write a ledger file, whole or not at all. Comments at its head stay.

    Args:
        file: where.
        ledger: what it will hold.
        since: its `state` when it was read, if the ledger is made of it.

    Raises:
        AmnokError: it is no YAML by its name, somebody else has changed it since, it has comments
            elsewhere, which would be lost, it could not be read again, or it cannot be written.
    """
    must_be_yaml(file)
    if since is not None and since != state(file):
        problem = "was changed by somebody else meanwhile: nothing is written"
        raise AmnokError(Fault(problem, "repeat the command", file=str(file)))
    head: list[str] = []
    if file.exists():
        lines = text_file.text_of(file, str(file)).splitlines()
        while len(head) < len(lines) and lines[len(head)].startswith("#"):
            head.append(lines[len(head)])
        for number, line in enumerate(lines[len(head) :], start=len(head) + 1):
            if line.lstrip().startswith("#"):
                fix = "move it to the head of the file, or into a text"
                fault = Fault("a comment here would be lost", fix, file=str(file), line=number)
                raise AmnokError(fault)
    text = "".join(f"{line}\n" for line in head) + as_yaml(ledger)
    _see_that_it_reads(text, ledger, file)
    write_file(file, text.encode())


def _see_that_it_reads(text: str, ledger: Ledger, file: Path) -> None:
    """A ledger is somebody's work: what could not be read again does not replace what is there."""
    if not (ledger.reports or ledger.claims):
        raise AmnokError(Fault("holds no report and no claim", "add one", file=str(file)))
    if len(text.encode()) > text_file.LIMIT:
        problem = f"would be larger than {text_file.LIMIT / 1e6:.1f} MB: nothing is written"
        fix = "keep it as several files, or as CSV or JSON Lines, which --ledger reads too"
        raise AmnokError(Fault(problem, fix, file=str(file)))
    try:
        again = checked(document.parse(text, str(file)))
    except AmnokError as error:
        found = (replace(one, problem=f"could not be read: {one.problem}") for one in error.faults)
        raise AmnokError(found) from None
    if again != ledger:
        raise AmnokError(Fault("would not read as it is: nothing is written", file=str(file)))
