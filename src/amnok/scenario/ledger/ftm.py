"""FollowTheMoney entities, one a line: reports as `Article`, claims as `Note` about them.

https://followthemoney.tech/explorer/schemata: the plain JSON that its tools read and write; the
library itself is not needed. What a claim has and FollowTheMoney lacks goes along under `context`,
so that our own files come back as they were. Of other files, documents and notes are taken; people
and whatever says who somebody is are left out and counted, and so is everything else.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from amnok.errors import AmnokError, Fault
from amnok.scenario.document import Document, Origin, describe
from amnok.scenario.ledger import files
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.ledger.checks import ID
from amnok.scenario.ledger.model import UNKNOWN
from amnok.scenario.table import json_rows

_ID = "amnok-{kind}-{name}"
# Schemata of people, and of what ties a name, a number or a place to them.
PEOPLE = frozenset(
    (
        *("Person", "LegalEntity", "Thing", "Passport", "Identification", "Family", "Associate"),
        *(
            "UnknownLink",
            "Membership",
            "Occupancy",
            "Position",
            "UserAccount",
            "Address",
            "Mention",
        ),
        *("Representation", "Directorship", "Ownership", "Employment", "Sanction", "Debt", "Call"),
        *("Message", "BankAccount", "CryptoWallet"),
    )
)
_DOCUMENTS = frozenset(
    (
        *("Document", "Article", "HyperText", "PlainText", "Pages", "Page", "Email", "Table"),
        *("Workbook", "Package", "Folder", "Image", "Video", "Audio"),
    )
)
_UNCODED = "not_coded_yet"
_SHORT = 12  # letters of an id that people can use
_PARTIAL = (
    (re.compile(r"[0-9]{4}"), "-01-01", "year"),
    (re.compile(r"[0-9]{4}-[0-9]{2}"), "-01", "month"),
)


@dataclass
class Taken:
    """What was read.

    Attributes:
        document: reports and claims.
        people: entities about people, all left out, by schema.
        others: other entities that a ledger has no place for, by schema.
    """

    document: Document
    people: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)


def as_lines(ledger: Ledger) -> str:
    """The ledger as FollowTheMoney entities, one a line."""
    plain = files.plain(ledger).data
    entities = [_report(name, told) for name, told in plain["reports"].items()]
    entities += [_claim(name, told) for name, told in plain["claims"].items()]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in entities)


def _report(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        "title": told.get("title"),
        "publisher": told.get("publisher"),
        "publishedAt": None if told.get("date") == UNKNOWN else told.get("date"),
        "sourceUrl": told.get("url"),
        "retrievedAt": told.get("captured"),
        "language": told.get("language"),
    }
    return _entity("report", name, "Article", properties, told)


def _claim(name: str, told: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        "description": told["text"],
        "entity": _ID.format(kind="report", name=told["report"]),
    }
    return _entity("claim", name, "Note", properties, told)


def _entity(
    kind: str, name: str, schema: str, properties: Mapping[str, Any], told: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": _ID.format(kind=kind, name=name),
        "schema": schema,
        "properties": {key: [value] for key, value in properties.items() if value is not None},
        "context": {"amnok": {"kind": kind, "id": name, **told}},
    }


def is_ftm(file: Path) -> bool:
    """Whether a file of JSON Lines begins with an entity."""
    if file.suffix.lower() == ".ftm":
        return True
    if file.suffix.lower() not in (".json", ".jsonl", ".ndjson"):
        return False
    _, entity = next(json_rows(file, str(file)), (0, None))
    return isinstance(entity, dict) and "schema" in entity and "properties" in entity


def read(file: Path) -> Taken:
    """Reports and claims among FollowTheMoney entities; people are left out.

    A note that nobody has coded yet gets the tag `not_coded_yet`, until it is amended.

    Raises:
        AmnokError: with every line that is no entity.
    """
    taken = Taken(Document({"reports": {}, "claims": {}}, {(): Origin(str(file))}))
    entities: dict[str, tuple[int, dict[str, Any]]] = {}
    lines: dict[tuple[str, str], int] = {}  # by what an entity is, and its name with us
    faults = []
    for line, entity in json_rows(file, str(file)):
        problem = _problem(entity)
        if not problem:
            first, _ = entities.setdefault(entity["id"], (line, entity))
            if (name := _name(entity)) is not None:
                first = min(first, lines.setdefault((_kind(entity), name), line))
            problem = "" if first == line else f"has the id of line {first}"
        if problem:
            fix = "one object a line, with id, schema, and properties that are lists of texts"
            faults.append(Fault(problem, fix, file=str(file), line=line))
    if faults:
        raise AmnokError(faults)
    names = _names(entity for _, entity in entities.values())
    for line, entity in entities.values():
        _take(taken, entity, names, Origin(str(file), line))
    return taken


def _problem(entity: Any) -> str:
    """What keeps a line from being an entity; nothing if it is one."""
    if not isinstance(entity, dict):
        return "is not an entity"
    for key in ("id", "schema"):
        if not isinstance(value := entity.get(key), str) or not value:
            return f"is not an entity: its {key} is {describe(value)}"
    if not isinstance(properties := entity.get("properties"), dict):
        return f"is not an entity: its properties are {describe(properties)}"
    for key, values in properties.items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict | list):
                return f"is not an entity: its {key} is {describe(value)}"
    own = _own(entity)
    if not isinstance(own, dict) or (own and own.get("kind") not in ("report", "claim")):
        return "is neither a report nor a claim by its context.amnok"
    if "id" in own and not ID.fullmatch(str(own["id"])):
        return f"has {describe(own['id'])} in its context.amnok, which is not an id"
    return ""


def _own(entity: Mapping[str, Any]) -> Any:
    """What Amnok wrote beside an entity of its own."""
    context = entity.get("context")
    return (context.get("amnok") or {}) if isinstance(context, dict) else {}


def _take(taken: Taken, entity: dict[str, Any], names: Mapping[str, str], at: Origin) -> None:
    schema, name, own = entity["schema"], names[entity["id"]], _own(entity)
    kind = _kind(entity)
    if kind == "report":
        taken.document.data["reports"][name] = _without(own) or _as_report(entity)
        taken.document.origins[("reports", name)] = at
    elif kind == "claim" and (own or _about(entity, names)):
        told = _without(own) or {
            "report": _about(entity, names),
            "text": " / ".join(_texts(entity, "description", "name")) or UNKNOWN,
            "unmodelled": [_UNCODED],
        }
        taken.document.data["claims"][name] = told
        taken.document.origins[("claims", name)] = at
    elif schema in PEOPLE:
        taken.people[schema] += 1
    else:
        taken.others[schema] += 1


def _kind(entity: Mapping[str, Any]) -> str:
    """What an entity may become: a report, a claim, or what its schema says."""
    schema = str(entity["schema"])
    if schema in PEOPLE:  # whatever else it calls itself
        return schema
    foreign = "report" if schema in _DOCUMENTS else "claim" if schema == "Note" else schema
    return str(_own(entity).get("kind", foreign))


def _without(own: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in own.items() if key not in ("kind", "id")}


def _as_report(entity: Mapping[str, Any]) -> dict[str, Any]:
    told = {
        "title": " / ".join(_texts(entity, "title", "name", "fileName")) or UNKNOWN,
        "publisher": " / ".join(_texts(entity, "publisher")) or UNKNOWN,
        "url": next(iter(_texts(entity, "sourceUrl")), None),
    }
    known = {key: value for key, value in told.items() if value is not None}
    return known | _published(next(iter(_texts(entity, "publishedAt", "date")), ""))


def _published(date: str) -> dict[str, str]:
    """The date of a report, of which FollowTheMoney may know but the year or month."""
    day = date[: len("2030-04-12")]
    if not day:
        return {}
    for pattern, rest, precision in _PARTIAL:
        if pattern.fullmatch(day):
            return {"date": day + rest, "precision": precision}
    return {"date": day}


def _about(entity: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    """The first entity of the file that a note is about."""
    return next((names[one] for one in _texts(entity, "entity") if one in names), None)


def _texts(entity: Mapping[str, Any], *keys: str) -> list[str]:
    """The values of the first of some properties that has any."""
    for key in keys:
        values = entity["properties"].get(key)
        listed = values if isinstance(values, list) else [values]
        if found := [str(one) for one in listed if one not in (None, "")]:
            return found
    return []


def _names(entities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What we call each entity, by its id: one without a name is called by a number."""
    told = {str(one["id"]): _name(one) for one in entities}
    taken = set(told.values())
    free = (name for number in count(len(told) + 1) if (name := f"ftm{number}") not in taken)
    for number, identity in enumerate(told, 1):
        if told[identity] is None:
            name = f"ftm{number}"
            told[identity] = next(free) if name in taken else name
    return {identity: str(name) for identity, name in told.items()}


def _name(entity: Mapping[str, Any]) -> str | None:
    """The name of an entity: the one it has with us, or its id if that is a short word."""
    own, identity = _own(entity), str(entity["id"])
    if "id" in own:
        return str(own["id"])
    return identity if ID.fullmatch(identity) and len(identity) <= _SHORT else None
