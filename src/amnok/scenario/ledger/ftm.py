"""FollowTheMoney entities, one a line: reports as `Article`, claims as `Note` about them.

https://followthemoney.tech/explorer/schemata: the plain JSON that its tools read and write; the
library itself is not needed. What a claim has and FollowTheMoney lacks goes along under `context`,
so that our own files come back as they were. Of other files, documents and notes are taken; people
and whatever says who somebody is are left out and counted, and so is everything else.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amnok.errors import AmnokError, Fault
from amnok.scenario.document import Document, Origin
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
    if file.suffix.lower() not in (".json", ".jsonl", ".ndjson", ".ftm"):
        return False
    _, entity = next(json_rows(file, str(file)), (0, None))
    return isinstance(entity, dict) and "schema" in entity and "properties" in entity


def read(file: Path) -> Taken:
    """Reports and claims among FollowTheMoney entities; people are left out.

    A note that nobody has coded yet gets the tag `not_coded_yet`, until it is amended.

    Raises:
        AmnokError: with every line that is no entity.
    """
    taken = Taken(Document({"reports": {}, "claims": {}}))
    entities: dict[str, tuple[int, dict[str, Any]]] = {}
    faults = []
    for line, entity in json_rows(file, str(file)):
        try:
            entities[entity["id"]] = (line, entity)
            entity["schema"], entity["properties"].items()
        except (ValueError, TypeError, KeyError, AttributeError):
            fix = "one object a line, with id, schema and properties"
            faults.append(Fault("is no entity", fix, file=str(file), line=line))
    if faults:
        raise AmnokError(faults)
    names = {
        one: _name(one, number, entity)
        for number, (one, (_, entity)) in enumerate(entities.items(), start=1)
    }
    for line, entity in entities.values():
        _take(taken, entity, names, Origin(str(file), line))
    return taken


def _take(taken: Taken, entity: dict[str, Any], names: Mapping[str, str], at: Origin) -> None:
    schema, name = str(entity["schema"]), names[entity["id"]]
    own = (entity.get("context") or {}).get("amnok") or {}
    if own.get("kind") == "report" or (not own and schema in _DOCUMENTS):
        taken.document.data["reports"][name] = _without(own) or _as_report(entity)
        taken.document.origins[("reports", name)] = at
    elif own.get("kind") == "claim" or (not own and schema == "Note" and _about(entity, names)):
        told = _without(own) or {
            "report": _about(entity, names),
            "text": _first(entity, "description") or _first(entity, "name") or UNKNOWN,
            "unmodelled": [_UNCODED],
        }
        taken.document.data["claims"][name] = told
        taken.document.origins[("claims", name)] = at
    elif schema in PEOPLE:
        taken.people[schema] += 1
    else:
        taken.others[schema] += 1


def _without(own: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in own.items() if key not in ("kind", "id")}


def _as_report(entity: Mapping[str, Any]) -> dict[str, Any]:
    title = _first(entity, "title") or _first(entity, "name") or _first(entity, "fileName")
    date = (_first(entity, "publishedAt") or _first(entity, "date") or "")[:10]
    told = {
        "title": title or UNKNOWN,
        "publisher": _first(entity, "publisher") or UNKNOWN,
        "date": date if len(date) == len("2030-04-12") else None,
        "url": _first(entity, "sourceUrl"),
    }
    return {key: value for key, value in told.items() if value is not None}


def _about(entity: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    return names.get(_first(entity, "entity") or "")


def _first(entity: Mapping[str, Any], key: str) -> str | None:
    values = entity["properties"].get(key) or [None]
    first = values[0] if isinstance(values, list) else values
    return None if first is None else str(first)


def _name(identity: str, number: int, entity: Mapping[str, Any]) -> str:
    """What we call an entity: its name with us, its id if that is a word, or its number."""
    own = (entity.get("context") or {}).get("amnok") or {}
    if "id" in own:
        return str(own["id"])
    return (
        identity if ID.fullmatch(identity) and len(identity) <= len("ftm") * 4 else f"ftm{number}"
    )
