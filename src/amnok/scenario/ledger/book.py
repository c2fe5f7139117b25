"""A ledger as a value: reports and claims by id, and what can be asked of them without a run."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from amnok.scenario.ledger.model import STANCES, Claim, Figure, Report
from amnok.table import Column, Sheet, Shown, Table

_ALIKE = 0.85  # of two texts, by difflib: the same sentence, perhaps with a word changed


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
        groups: list[set[str]] = []
        for name in sorted(names):
            tied = [group for group in groups if any(self._tied(name, one) for one in group)]
            groups = [group for group in groups if group not in tied]
            groups.append({name}.union(*tied))
        return sorted(tuple(sorted(group)) for group in groups)

    def _tied(self, one: str, other: str) -> bool:
        first, second = self.reports[one], self.reports[other]
        named = other in first.same_origin or one in second.same_origin
        return named or first.voice.casefold() == second.voice.casefold()


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
    """Reports under two ids, and claims that say the same in nearly the same words."""
    for (one, first), (other, second) in combinations(ledger.reports.items(), 2):
        why = _same_report(first, second)
        if why:
            yield Duplicate("reports", one, other, why)
    for (one, said), (other, again) in combinations(ledger.standing.items(), 2):
        if alike(said.text, again.text) >= _ALIKE:
            where = "one report" if said.report == again.report else "two reports"
            yield Duplicate("claims", one, other, f"nearly the same words, in {where}")


def _same_report(one: Report, other: Report) -> str:
    if one.url == other.url != "unknown":
        return "the same address"
    if one.sha256 == other.sha256 != "unknown":
        return "the same copy"
    is_same = (one.publisher, one.title) == (other.publisher, other.title)
    return "the same outlet and title" if is_same and one.date == other.date else ""


def alike(one: str, other: str) -> float:
    """How much two texts share, from 0 to 1."""
    matcher = difflib.SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False)
    # The first two are upper bounds that cost little.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _ALIKE:
        return 0.0
    return matcher.ratio()


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
    found: dict[tuple[str, str, str], list[tuple[str, Figure]]] = {}
    for name, claim in ledger.standing.items():
        for one in claim.figures:
            key = one.what.casefold(), one.of.casefold(), one.unit.casefold()
            found.setdefault(key, []).append((name, one))
    result = []
    for told in found.values():
        if len(told) > 1:
            told.sort(key=lambda entry: entry[1].ends)
            first = told[0][1]
            meet = all(one.meets(other) for (_, one), (_, other) in combinations(told, 2))
            result.append(Versions(first.what, first.of, first.unit, tuple(told), meet))
    return sorted(result, key=lambda one: (one.what, one.of))
