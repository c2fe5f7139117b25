"""What conclusions stand on: the numbers behind an outcome, and how many of them are guesses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from amnok.scenario import Scenario
from amnok.scenario.catalog import ParameterRow, parameter_table
from amnok.variables import ARREST, PAID, QUESTION

# Sections of a scenario whose numbers shape an outcome most directly; all of them matter a little.
STANDS_ON: dict[str, tuple[str, ...]] = {
    "crossings": ("traders", "goods", "route_kinds", "river", "calendar", "learning", "customs"),
    "checking": ("self_inspection", "security_police", "goods", "learning", "orders"),
    "bribes": ("guards", "goods", "route_kinds", "security_police"),
    "searches": ("security_police", "cameras", "orders", "agencies"),
    "questionings": ("phones", "patrols", "orders", "agencies"),
    "arrests": (
        "quota",
        "protection",
        "patrols",
        "phones",
        "security_police",
        "traders",
        "orders",
    ),
    "prices": ("prices", "markets", "goods"),
    "records": ("official", "reporting", "phones"),
}

# Sections without which there is no such outcome, as `Scenario.has` takes them.
_NEEDS: dict[str, str] = {
    "checking": "self_inspection",
    "bribes": PAID,
    "searches": "security_police",
    "questionings": QUESTION,
    "arrests": ARREST,
    "records": "official|reporting",
}


@dataclass(frozen=True)
class Standing:
    """What one outcome stands on.

    Attributes:
        outcome: a key of STANDS_ON.
        sections: of the scenario, as far as it has numbers in them.
        parameters: how many numbers these hold.
        assumed: how many of them are assumptions.
        claims: the claims and references behind the others, the best graded first.
    """

    outcome: str
    sections: tuple[str, ...]
    parameters: int
    assumed: int
    claims: tuple[str, ...]

    @property
    def text(self) -> str:
        """In a few words."""
        if not self.parameters:
            return "no numbers of its own"
        share = f"{self.assumed} of {self.parameters} numbers are assumptions"
        return (
            f"{share}; sources: {', '.join(self.claims)}" if self.claims else f"{share}; no source"
        )


def standings(scenario: Scenario) -> list[Standing]:
    """What each outcome that the border has stands on, in the order of STANDS_ON."""
    rows = parameter_table(scenario)
    return [
        _standing(outcome, [row for row in rows if row.path.split(".")[0] in sections])
        for outcome, sections in STANDS_ON.items()
        if outcome not in _NEEDS or scenario.has(_NEEDS[outcome])
    ]


def _standing(outcome: str, rows: list[ParameterRow]) -> Standing:
    grades: dict[str, str] = {}
    for row in rows:
        for source in row.sources:
            grades[source] = min(row.grade or "Z", grades.get(source, "Z"))
    return Standing(
        outcome=outcome,
        sections=tuple(dict.fromkeys(row.path.split(".")[0] for row in rows)),
        parameters=len(rows),
        assumed=sum(row.is_assumption for row in rows),
        claims=tuple(sorted(grades, key=lambda name: (grades[name], name))),
    )


def mostly_assumed(found: Iterable[Standing]) -> list[str]:
    """Outcomes more than half of whose numbers are assumptions."""
    return [one.outcome for one in found if one.assumed * 2 > one.parameters]
