"""Claims added to a ledger file: all of them or none, with what they may be told in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amnok.errors import Fault
from amnok.scenario import document
from amnok.scenario.document import Document, located
from amnok.scenario.ledger import files
from amnok.scenario.ledger.book import Ledger
from amnok.scenario.loading import Given, load, with_ledgers
from amnok.scenario.model import Scenario

_RELATED = 3  # words of four letters or more that two claims must share
_FEW = 5


@dataclass(frozen=True)
class Added:
    """What was added.

    Attributes:
        ledger: of the file, with it.
        claims, reports: ids of those that are new.
        later: ids of those that the file had as they were before their last change.
        again: how many claims were there already, word for word: in the file, or in the border.
    """

    ledger: Ledger
    claims: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    again: int = 0


def add(given: Given, target: Path, new: Document) -> Added:
    """Add reports and claims to a ledger file, which need not exist yet.

    Args:
        given: the border whose mechanisms, sectors, patterns and claims they name.
        target: the ledger file, YAML. It is written anew, whole or not at all, if there is
            anything to add.
        new: what to add, as from `files.read`.

    Raises:
        AmnokError: with everything that is wrong, by file, line, and column or path; nothing is
            added then.
    """
    files.must_be_yaml(target)
    known, since = load(given), files.state(target)
    old = files.read(target) if target.exists() else Document({key: {} for key in files.KEYS})
    new.faults += _faults_of_nothing(new, known, old)
    whole = with_ledgers(given, [old, new])
    held = files.checked(old, known.ledger)

    def own(kind: str) -> dict[str, Any]:
        """What is not word for word in the border already, unless it was in the file."""
        there, found = getattr(known, kind), getattr(whole, kind)
        names = {**old.data[kind], **new.data[kind]}
        return {k: found[k] for k in names if k in old.data[kind] or found[k] != there.get(k)}

    ledger = Ledger(own("reports"), own("claims"))
    again = [name for name in new.data["claims"] if name in held.claims and name in ledger.claims]
    later = tuple(name for name in again if ledger.claims[name] != held.claims[name])
    added, reports = (
        tuple(name for name in new.data[kind] if name in getattr(ledger, kind).keys() - there)
        for kind, there in (("claims", held.claims.keys()), ("reports", held.reports.keys()))
    )
    if ledger.claims != held.claims or not ledger.reports.items() <= held.reports.items():
        files.write(target, ledger, since)
    known_before = len(new.data["claims"]) - len(added) - len(later)
    return Added(ledger, added, reports, later, known_before)


def _faults_of_nothing(new: Document, known: Scenario, old: Document) -> Iterator[Fault]:
    """A file says something, and so does each report in it that is not known."""
    if not (any(new.data.values()) or new.faults):
        yield located(Fault("holds no report and no claim", "add one"), new)
    there = known.reports.keys() | old.data["reports"].keys()
    for name, told in new.data["reports"].items():
        if told == {} and name not in there:
            problem, fix = f"nothing is known of the report '{name}'", "give title and publisher"
            yield located(Fault(problem, fix, f"reports.{name}"), new)


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
