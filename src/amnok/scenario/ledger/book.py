"""A ledger as a value: reports and claims by id, and what can be asked of them without a run."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from amnok.arguments import wrong
from amnok.errors import AmnokError, Fault, nearest
from amnok.scenario.ledger.model import STANCES, UNKNOWN, Claim, Figure, Report
from amnok.table import Column, Sheet, Shown, Table

_ALIKE = 0.8  # of the runs of letters of two texts
_AT_ONCE = 500  # runs whose holders are counted at once, as memory is bounded


@dataclass(frozen=True, repr=False)
class Ledger(Shown):
    """Reports and their claims.

    Attributes:
        reports, claims: by id.
    """

    reports: Mapping[str, Report]
    claims: Mapping[str, Claim]

    def sheet(self) -> Sheet:
        """The first claims, with grade and report."""
        columns = ("id", "grade", "claim", "report")
        rows = tuple(
            (name, self.grade(name), one.text, self.cited(name))
            for name, one in list(self.claims.items())[:20]
        )
        title = f"{len(self.claims):,} claims of {len(self.reports):,} reports"
        return Sheet(title, (Table("Claims", tuple(map(Column, columns)), rows),))

    def __or__(self, other: Ledger) -> Ledger:
        """All entries of both; where both have one, it is the other's that counts."""
        return Ledger({**self.reports, **other.reports}, {**self.claims, **other.claims})

    @property
    def standing(self) -> dict[str, Claim]:
        """The claims that were not retracted."""
        return {name: one for name, one in self.claims.items() if one.retracted is None}

    def must_hold(self, claim: str) -> None:
        """Refuse a claim that is not in the ledger.

        Raises:
            AmnokError: it is not.
        """
        if not isinstance(claim, str):
            raise wrong("claim", claim, "the id of a claim")
        if claim not in self.claims:
            raise AmnokError(
                Fault(f"no claim '{claim}' in the ledger", nearest(claim, self.claims))
            )

    def report_of(self, claim: str) -> Report:
        """The report that makes a claim."""
        return self.reports[self.claims[claim].report]

    def grade(self, claim: str) -> str:
        """The Admiralty grade of a claim, as in `C3`: its source's letter, its own digit."""
        return f"{self.report_of(claim).reliability}{self.claims[claim].credibility}"

    def cited(self, claim: str) -> str:
        """Outlet, date and title of a claim's report."""
        return self.report_of(claim).cited

    def voices(self, claims: Iterable[str] | None = None) -> list[tuple[str, ...]]:
        """Ids of reports, those together that are of one outlet or go back to one source.

        Args:
            claims: only the reports that make one of these; all reports by default.
        """
        names = {self.claims[one].report for one in claims} if claims else set(self.reports)
        above: dict[str, str] = {}

        def top(name: str) -> str:
            while (higher := above.get(name, name)) != name:
                above[name] = above.get(higher, higher)
                name = higher
            return name

        first: dict[str, str] = {}
        for name in names:
            report = self.reports[name]
            same = first.setdefault(_spelled(report.voice), name)
            for other in (same, *(one for one in report.same_origin if one in names)):
                above[top(other)] = top(name)
        groups: dict[str, list[str]] = {}
        for name in sorted(names):
            groups.setdefault(top(name), []).append(name)
        return sorted(map(tuple, groups.values()))


@dataclass(frozen=True)
class Gap:
    """What reports speak of and the model cannot show.

    Attributes:
        tag: what it is.
        kind: `unmodelled` where there is no mechanism, `unrecorded` where no book keeps it.
        reports, claims: that name it, by id.
        voices: how many of the reports are independent of each other.
    """

    tag: str
    kind: str
    reports: tuple[str, ...]
    claims: tuple[str, ...]
    voices: int


def gaps(ledger: Ledger) -> list[Gap]:
    """What the model lacks by how many reports name it, the most first."""
    claims: dict[tuple[str, str], list[str]] = {}
    for name, claim in ledger.standing.items():
        for kind in ("unmodelled", "unrecorded"):
            for tag in getattr(claim, kind):
                claims.setdefault((tag, kind), []).append(name)
    found = []
    for (tag, kind), names in claims.items():
        reports = tuple(dict.fromkeys(ledger.claims[one].report for one in names))
        found.append(Gap(tag, kind, reports, tuple(names), len(ledger.voices(names))))
    return sorted(found, key=lambda one: (-len(one.reports), -len(one.claims), one.tag))


@dataclass(frozen=True)
class Stance:
    """How one claim stands to another: `supports`, `contradicts` or `refines` it."""

    claim: str
    stance: str
    other: str


def stances(ledger: Ledger, claim: str | None = None) -> Iterator[Stance]:
    """Every stance between claims that count, or those that one claim is part of."""
    standing = ledger.standing
    for name, one in standing.items():
        for stance in STANCES:
            for other in getattr(one, stance):
                if other in standing and claim in (None, name, other):
                    yield Stance(name, stance, other)


@dataclass(frozen=True)
class Duplicate:
    """Two entries that may be one: of `what` (`reports` or `claims`), and why it looks so."""

    what: str
    one: str
    other: str
    why: str


def duplicates(ledger: Ledger) -> Iterator[Duplicate]:
    """Reports under two ids, and claims that say the same in nearly the same words.

    Each entry is told at most once, with the first of those before it that it may be.
    """
    known: dict[tuple[str, str], str] = {}
    for name, report in ledger.reports.items():
        marks = _marks(report)
        if found := next((one for one in marks if one in known), None):
            yield Duplicate("reports", known[found], name, found[0])
        for mark in marks:
            known.setdefault(mark, name)
    standing = ledger.standing
    for one, other in alike({name: claim.text for name, claim in standing.items()}):
        is_one = standing[one].report == standing[other].report
        where = "one report" if is_one else "two reports"
        yield Duplicate("claims", one, other, f"nearly the same words, in {where}")


def _marks(report: Report) -> list[tuple[str, str]]:
    """By what a report is known, and what that is called."""
    address = re.sub(r"^https?://(www\.)?|/?(#.*)?$", "", report.url)
    marks = [
        ("the same address", address if report.url != UNKNOWN else UNKNOWN),
        ("the same copy", report.sha256),
    ]
    if report.title != UNKNOWN:
        words = (report.publisher, report.title, str(report.date))
        marks.append(("the same outlet and title", "\n".join(map(_spelled, words))))
    return [one for one in marks if one[1] != UNKNOWN]


def alike(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Names of texts with the first one before them that shares nearly all of its letters.

    Two texts are alike that share 8 in 10 of their runs of three letters (Dice's coefficient):
    the same sentence, perhaps with a word changed.
    """
    import numpy as np  # light commands read this module too

    names = list(texts)
    runs = [_runs(text) for text in texts.values()]
    sizes = np.array([len(one) for one in runs])
    holders: dict[str, list[int]] = {}
    for number, one in enumerate(runs):
        for run in one:
            holders.setdefault(run, []).append(number)
    held_by = {run: np.array(numbers, np.int32) for run, numbers in holders.items()}
    for number, one in enumerate(runs):
        shared = np.zeros(len(names), np.intp)
        holding = [held_by[run] for run in one]
        for start in range(0, len(holding), _AT_ONCE):
            held = np.concatenate(holding[start : start + _AT_ONCE])
            shared += np.bincount(held, minlength=len(names))
        near = 2 * shared[:number] >= _ALIKE * (sizes[:number] + sizes[number])
        if near.any():
            yield names[int(near.argmax())], names[number]


def _runs(text: str) -> set[str]:
    spelled = f" {_spelled(text)} "
    return {spelled[at : at + 3] for at in range(len(spelled) - 2)}


def _spelled(text: str) -> str:
    """A text as texts are compared: of several ways to write a letter, one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Versions:
    """Figures of one thing that differ: official numbers that contradict each other, for example.

    Attributes:
        what, of, unit: of the thing.
        versions: claim and figure, the lowest first.
        meet: whether all of them can be right.
    """

    what: str
    of: str
    unit: str
    versions: tuple[tuple[str, Figure], ...]
    meet: bool

    @property
    def times(self) -> float:
        """The highest over the lowest; infinite above 0."""
        low, high = self.versions[0][1].ends[0], max(one.ends[1] for _, one in self.versions)
        return high / low if low else float("inf") if high else 1.0


def versions(ledger: Ledger) -> list[Versions]:
    """Figures for which there are two or more versions, those of one thing side by side."""
    found: dict[tuple[str, ...], list[tuple[str, Figure]]] = {}
    for name, claim in ledger.standing.items():
        for one in claim.figures:
            key = _spelled(one.what), _spelled(one.of), _spelled(one.unit)
            found.setdefault(key, []).append((name, one))
    result = []
    for told in found.values():
        if len(told) > 1:
            told.sort(key=lambda entry: entry[1].ends)
            first = told[0][1]
            ends = [one.ends for _, one in told]
            meet = max(low for low, _ in ends) <= min(high for _, high in ends)
            result.append(Versions(first.what, first.of, first.unit, tuple(told), meet))
    return sorted(result, key=lambda one: (one.what, one.of))
