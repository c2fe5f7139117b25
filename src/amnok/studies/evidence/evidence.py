"""`amnok.evidence`: everything that can be asked of a ledger, from Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amnok.scenario import Scenario, load
from amnok.scenario.ledger import Ledger, adding, files
from amnok.scenario.ledger.book import Duplicate, Gap, Stance, Versions
from amnok.scenario.ledger.book import duplicates as _duplicates
from amnok.scenario.ledger.book import gaps as _gaps
from amnok.scenario.ledger.book import stances as _stances
from amnok.scenario.ledger.book import versions as _versions
from amnok.scenario.load import Given
from amnok.scenario.overrides import Sets

DEFAULT_SCENARIO = "sino-korean-border"
Paths = Sequence[str | os.PathLike[str]]


@dataclass(frozen=True)
class Evidence:
    """A border with its ledger.

    Attributes:
        scenario: the border; its ledger includes the files that were laid over it.
    """

    scenario: Scenario

    @property
    def ledger(self) -> Ledger:
        """Reports and claims, by id."""
        return self.scenario.ledger

    def gaps(self) -> list[Gap]:
        """What reports speak of and the model lacks, the most named first."""
        return _gaps(self.ledger)

    def duplicates(self) -> list[Duplicate]:
        """What may be entered twice."""
        return list(_duplicates(self.ledger))

    def stances(self, claim: str | None = None) -> list[Stance]:
        """How claims stand to each other, or one of them to others."""
        return list(_stances(self.ledger, claim))

    def versions(self) -> list[Versions]:
        """Figures of one thing, side by side."""
        return _versions(self.ledger)

    def add(self, source: str | os.PathLike[str], to: str | os.PathLike[str]) -> adding.Added:
        """Add the claims of a file of rows or of a ledger to a ledger file, all of them or none.

        Raises:
            AmnokError: with everything that is wrong, by file, line and column.
        """
        return adding.add(self.scenario, Path(to), files.read(Path(source)))


def evidence(
    scenario: Given = DEFAULT_SCENARIO, ledgers: Paths = (), sets: Sets | None = ()
) -> Evidence:
    """The evidence of a border.

    Args:
        scenario: as for `load`.
        ledgers: files with further reports and claims: YAML, CSV or JSON Lines.
        sets: overrides, as for `load`.

    Raises:
        AmnokError: with every fault of the scenario and the files.
    """
    return Evidence(load(scenario, sets, ledgers))
