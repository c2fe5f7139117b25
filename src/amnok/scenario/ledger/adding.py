"""Claims added to a ledger file: all of them or none, with what they may be told in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnok.errors import AmnokError, Fault
from amnok.scenario import document
from amnok.scenario.document import Document
from amnok.scenario.ledger import files
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.loading import Given, load
from amnok.scenario.model import Scenario

_RELATED = 3  # words of four letters or more that two claims must share
_FEW = 5


@dataclass(frozen=True)
class Added:
    """What was added.

    Attributes:
        ledger: of the file, with it.
        claims: ids of those that are new.
        again: how many were in the file already, word for word.
    """

    ledger: Ledger
    claims: tuple[str, ...]
    again: int


def add(given: Given, target: Path, new: Document) -> Added:
    """Add reports and claims to a ledger file, which need not exist yet.

    Args:
        given: the border whose mechanisms, sectors, patterns and claims they name.
        target: the ledger file, YAML. It is written anew, whole or not at all.
        new: what to add, as from `files.read`.

    Raises:
        AmnokError: with everything that is wrong, by file, line, and column or path; nothing is
            added then.
    """
    files.must_be_yaml(target)
    known, since = load(given), files.state(target)
    old = files.read(target) if target.exists() else Document({key: {} for key in files.KEYS})
    _refuse_empty(new, known, old)
    held = files.checked(old, known.ledger)
    whole = files.joined([old, new])
    both = files.checked(whole, known.ledger)  # what is wrong is told in the words of its file
    files.joined([files.plain(known.ledger, known.name), whole])
    fits(known, both, whole)

    def own(kind: str) -> dict[str, Any]:
        """What is not word for word in the border already, unless it was in the file."""
        there, had = getattr(known, kind), getattr(held, kind)
        found = getattr(both, kind).items()
        return {k: v for k, v in found if k in old.data[kind] or v != there.get(k, had.get(k))}

    ledger = Ledger(own("reports"), own("claims"))
    files.write(target, ledger, since)
    added = tuple(name for name in new.data["claims"] if name in ledger.claims.keys() - held.claims)
    return Added(ledger, added, len(new.data["claims"]) - len(added))


def _refuse_empty(new: Document, known: Scenario, old: Document) -> None:
    """A report without a word must be known."""
    there = known.reports.keys() | old.data["reports"].keys()
    faults = [
        files.told([Fault(f"nothing is known of the report '{name}'", fix, f"reports.{name}")], new)
        for name, told in new.data["reports"].items()
        for fix in ("give its title and publisher",)
        if told == {} and name not in there
    ]
    if faults:
        raise AmnokError([fault for one in faults for fault in one])


def fits(border: Scenario, own: Ledger, places: Document) -> None:
    """Refuse a ledger that a border cannot be read with.

    Args:
        border: the border.
        own: reports and claims that are laid over its own.
        places: where they were written.

    Raises:
        AmnokError: with everything that does not fit, statements that it cannot measure among it.
    """
    from amnok.scenario import consistency
    from amnok.scenario.measures import definitions

    both = {key: {**getattr(border, key), **getattr(own, key)} for key in files.KEYS}
    whole = border.model_copy(update=both)
    faults = consistency.faults(whole.model_dump(by_alias=True)) or definitions.faults(whole)
    if faults:
        raise AmnokError(files.told(faults, places))


@dataclass(frozen=True)
class Suggestions:
    """What a new claim may have in common with what is there.

    Attributes:
        sectors: whose names stand in its text or place.
        related: ids of claims that share words with it, the most first.
        mechanisms, tags: of these, the most frequent first.
    """

    sectors: tuple[str, ...]
    related: tuple[str, ...]
    mechanisms: tuple[str, ...]
    tags: tuple[str, ...]


def suggestions(scenario: Scenario, text: str) -> Suggestions:
    """What to offer to whoever enters a claim with this text and place.

    >>> from amnok.scenario import load
    >>> suggestions(load("sino-korean-border"), "Cameras at Hyesan watch the main routes").sectors
    ('hyesan',)
    """
    words = _words(text)
    sectors = tuple(
        name for name, one in scenario.sectors.items() if name in words or _words(one.label) & words
    )
    shared = {
        name: len(_words(f"{one.text} {' '.join(one.unmodelled)}") & words)
        for name, one in scenario.ledger.standing.items()
    }
    ranked = sorted(shared, key=lambda name: (-shared[name], name))
    related = tuple(name for name in ranked if shared[name] >= _RELATED)[:_FEW]
    near = [scenario.claims[name] for name in ranked[:_FEW] if shared[name]]
    return Suggestions(
        sectors,
        related,
        _most(Counter(topic for one in near for topic in one.mechanisms)),
        _most(Counter(tag for one in near for tag in (*one.unmodelled, *one.unrecorded))),
    )


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[a-z]+", text.lower()) if len(word) > 3}


def _most(found: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(found, key=lambda name: (-found[name], name)))[:_FEW]


def entry(report: str, about: Mapping[str, Any], claim: str, told: Mapping[str, Any]) -> Document:
    """One claim of one report as it would stand in a file; empty values are left out."""
    kept = {key: value for key, value in told.items() if value not in (None, "", [])}
    known = {key: value for key, value in about.items() if value not in (None, "", [])}
    data = {"reports": {report: known}, "claims": {claim: {"report": report, **kept}}}
    return Document(
        data,
        {
            (kind, name): document.Origin("entered")
            for kind, name in (("reports", report), ("claims", claim))
        },
    )
