"""How a chart is cited: border and days, how to simulate it again, what stands behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from amnok.cells import counted, text_of
from amnok.reporting.basis import Standing, standing, standings
from amnok.results.manifest import versions
from amnok.scenario import Scenario
from amnok.scenario.catalog import parameter_table
from amnok.scenario.dump import written_digest
from amnok.scenario.ledger import Ledger
from amnok.scenario.ledger.book import stances

_SHOWN = 12  # characters of the digest of a scenario: enough to tell two from each other

# What outcomes and charts stand on most, as in `STANDS_ON`; any other on the whole border.
STANDS_FOR = {
    **dict.fromkeys(("items_crossed", "value_crossed", "sanctioned_value"), "crossings"),
    **dict.fromkeys(("detention", "burden", "concentration"), "arrests"),
    **dict.fromkeys(("official_arrests", "reports", "seen"), "records"),
    "guards_removed": "bribes",
    "checking_hours": "checking",
    "leaks_through": "searches",
    "price": "prices",
}


@dataclass(frozen=True)
class Source:
    """What citations of all charts of one simulation share.

    Attributes:
        scenario: that was simulated, with all evidence that is told of it.
        seed: of it.
        replicates: of it, or pairs of worlds; of one there is no interval.
        worlds: how many, in words.
        days: first and last that numbers count.
        place: the part of the border that they count, if not all of it.
        sha256: of the scenario as it was simulated, where that is known already.
        version: of the Amnok that simulated it; this one by default.
    """

    scenario: Scenario
    seed: int
    replicates: int
    worlds: str
    days: tuple[dt.date, dt.date]
    place: str = ""
    sha256: str = ""
    version: str = ""

    @classmethod
    def of_run(
        cls, scenario: Scenario, seed: int, replicates: int, sha256: str = "", version: str = ""
    ) -> Source:
        """The source of all days of a run."""
        period, worlds = scenario.period, counted(replicates, "replicate")
        days = (period.start, period.end)
        return cls(scenario, seed, replicates, worlds, days, "", sha256, version)

    @cached_property
    def digest(self) -> str:
        """Of the scenario, as manifests have it."""
        return self.sha256 or written_digest(self.scenario)

    @cached_property
    def told(self) -> str:
        """Whose numbers these are, and all that it takes to get them again."""
        first, last = self.days
        where = f"{self.scenario.title}{f', {self.place}' if self.place else ''}"
        intervals = ", 95% intervals" if self.replicates > 1 else ""
        return (
            f"A simulation, not data: {where}. "
            f"Days {first} to {last}; {self.worlds}{intervals}; seed {self.seed}. "
            f"Amnok {self.version or versions()['amnok']}, scenario "
            f"{self.scenario.name}, SHA-256 {self.digest[:_SHOWN]}."
        )

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """What each outcome of `STANDS_ON` stands on; the whole border by ''."""
        found = {one.outcome: one for one in standings(self.scenario)}
        return found | {"": standing("", parameter_table(self.scenario))}

    @cached_property
    def behind(self) -> dict[str, str]:
        """The same in words: how many numbers stand in a source, and in which."""
        return {
            name: f"{counts_behind(one)}{_said_by(self.scenario, one)}"
            for name, one in self.standings.items()
        }

    def standing_of(self, outcome: str) -> Standing:
        """What any outcome or chart stands on, by its name."""
        return self.standings.get(STANDS_FOR.get(outcome, outcome), self.standings[""])

    def behind_of(self, outcome: str) -> str:
        """The same in words."""
        return self.behind.get(STANDS_FOR.get(outcome, outcome), self.behind[""])

    def by_chart(self) -> dict[str, str]:
        """The same of all charts of a run; of any without a name of its own by ''."""
        return {**self.behind, **{name: self.behind_of(name) for name in STANDS_FOR}}

    def html(self, title: str, outcome: str) -> str:
        """The citation of a chart, folded: a page's script copies it."""
        return (
            f"<details class=cite><summary>Cite</summary><p>“{text_of(title)}” "
            f"<span class=source>{text_of(self.told)}</span> "
            f"{text_of(self.behind_of(outcome))}</p></details>"
        )


def cited(drawn: dict[str, Any], source: Source) -> dict[str, Any]:
    """A picture that says how its charts are cited."""
    return {**drawn, "source": source.told, "behind": source.by_chart()}


def intervals_over(n: int, one: str, several: str) -> str:
    """What intervals of a page hold, and over what they are.

    >>> intervals_over(1, "pair of worlds", "pairs of worlds")
    'With one pair of worlds there is no interval.'
    """
    if n == 1:
        return f"With one {one} there is no interval."
    return (
        f"Intervals are of 95% over {several}: with other {several} a number moves within them, as "
        "a rule. They cover chance alone, and nothing of what may be wrong with the model."
    )


def counts_behind(one: Standing) -> str:
    """How many numbers have what behind them."""
    return (
        f"Numbers behind it: {one.parameters}; {one.figures} from a source, {one.directions} with "
        f"only a direction from a source, {one.assumed} assumed."
    )


class Contradiction(NamedTuple):
    """What a border goes by, and a report that says something else: each a claim and its outlet."""

    model: str
    report: str


def said_against(scenario: Scenario, one: Standing) -> list[Contradiction]:
    """Who contradicts the claims behind an outcome, each report once, those of the period first."""
    period, ledger = scenario.period, scenario.ledger

    def is_outside(name: str) -> bool:
        when = ledger.report_of(name).date
        return not (isinstance(when, dt.date) and period.start <= when <= period.end)

    against: dict[str, tuple[str, str]] = {}
    for stance in stances(ledger):
        if stance.stance == "contradicts" and stance.other in one.claims:
            report = ledger.claims[stance.claim].report
            against.setdefault(report, (stance.other, stance.claim))
    in_order = sorted(against.values(), key=lambda pair: is_outside(pair[1]))
    return [Contradiction(*(_claimed(ledger, name) for name in pair)) for pair in in_order]


def _claimed(ledger: Ledger, name: str) -> str:
    return f"“{ledger.claims[name].text}” ({ledger.report_of(name).outlet})"


def _reports_of(scenario: Scenario, claims: Collection[str]) -> list[str]:
    """The reports that some claims are of, in the order of the ledger."""
    reports = {scenario.claims[name].report for name in claims if name in scenario.claims}
    return [name for name in scenario.reports if name in reports]


def _outlets(scenario: Scenario, reports: Sequence[str]) -> str:
    return "; ".join(scenario.reports[name].outlet for name in reports)


def _said_by(scenario: Scenario, one: Standing) -> str:
    """Who says so: outlets with dates, references."""
    names = _reports_of(scenario, one.claims)
    said = [_outlets(scenario, names)] if names else []
    said += [
        scenario.references[name].citation.rstrip(".")
        for name in one.claims
        if name in scenario.references
    ]
    return f" Sources: {'; '.join(said)}." if said else ""
