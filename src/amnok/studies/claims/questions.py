"""`amnok.evidence`: everything that can be asked of a ledger, from Python."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amnok.arguments import DEFAULT_SCENARIO, verb, wrong
from amnok.disk import folder_path
from amnok.scenario import Scenario, load
from amnok.scenario.ledger import Ledger, adding, book, files
from amnok.scenario.ledger.book import Duplicate, Gap, Stance, Versions
from amnok.scenario.loading import Given
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import Sets
from amnok.studies.claims import judging
from amnok.studies.claims.judging import Apart, Bounds, Judged, Likelihood
from amnok.table import Sheet, Shown

if TYPE_CHECKING:
    from amnok.studies.claims.believing import Asked, BeliefEffect
    from amnok.studies.patterns.robustness import Study

Paths = Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, repr=False)
class Evidence(Shown):
    """A border with its ledger.

    Attributes:
        scenario: the border; its ledger includes the files that were laid over it.
    """

    scenario: Scenario

    def sheet(self) -> Sheet:
        """The claims."""
        return self.ledger.sheet()

    @property
    def ledger(self) -> Ledger:
        """Reports and claims, by id."""
        return self.scenario.ledger

    def gaps(self) -> list[Gap]:
        """What reports speak of and the model lacks, the most named first."""
        return book.gaps(self.ledger)

    def duplicates(self) -> list[Duplicate]:
        """What may be entered twice."""
        return list(book.duplicates(self.ledger))

    def stances(self, claim: str | None = None) -> list[Stance]:
        """How claims stand to each other, or one of them to others.

        Raises:
            AmnokError: there is no such claim.
        """
        if claim is not None:
            self.ledger.must_hold(claim)
        return list(book.stances(self.ledger, claim))

    def versions(self) -> list[Versions]:
        """Figures of one thing, side by side."""
        return book.versions(self.ledger)

    def judge(self, replicates: int = 20, seed: int = 1, **more: Any) -> list[Judged]:
        """What the model says of every claim; `more` goes to `judging.judged`."""
        return judging.judged(self.scenario, replicates, seed, **more)[BASE]

    def matrix(
        self, variants: Mapping[str, Scenario], replicates: int = 20, seed: int = 1, **more: Any
    ) -> dict[str, list[Judged]]:
        """What each of some variants of the border says of every claim; the border is `base`.

        Raises:
            AmnokError: the variants are no scenarios by name.
        """
        are_worlds = isinstance(variants, Mapping) and all(
            isinstance(name, str) and isinstance(one, Scenario) for name, one in variants.items()
        )
        if not are_worlds:
            raise wrong("variants", variants, "a dict of scenarios by name, as of `amnok.load`")
        worlds = {BASE: self.scenario, **variants}
        return judging.judged(self.scenario, replicates, seed, variants=worlds, **more)

    def study(
        self, folder: str | os.PathLike[str], draws: int = 200, seed: int = 1, **more: Any
    ) -> Draws:
        """Draws from the prior, in which claims and outcomes are measured; resumable.

        Needs the extra `sensitivity`. `more` goes to `amnok.studies.patterns.robustness.study`.

        Raises:
            FolderError: the folder holds another study, or cannot be used.
        """
        from amnok.studies.claims import believing
        from amnok.studies.patterns.robustness import study

        place = folder_path(folder)
        asked = believing.asked_of(self.scenario)
        found = study(self.scenario, place, draws, seed, patterns=asked, **more)
        return Draws(self.scenario, found, asked)

    def bounds_apart(self) -> list[Bounds]:
        """Pairs of claims whose bounds on one measure do not meet."""
        return judging.bounds_apart(judging.claims_of(self.scenario))

    def add(self, source: str | os.PathLike[str], to: str | os.PathLike[str]) -> adding.Added:
        """Add the claims of a file of rows or of a ledger to a ledger file, all of them or none.

        Raises:
            AmnokError: with everything that is wrong, by file, line and column.
        """
        target = folder_path(to)
        return adding.add(self.scenario, target, files.read(folder_path(source)))


@dataclass(frozen=True)
class Draws:
    """Draws from the prior of a border, and what they say of its claims.

    Attributes:
        scenario: the border.
        found: the draws.
        asked: what was measured in them.
    """

    scenario: Scenario
    found: Study
    asked: Asked

    def likelihoods(self) -> list[Likelihood]:
        """In how much of the prior each claim holds that says something."""
        return judging.likelihoods(self.found, self.asked)

    def apart(self) -> list[Apart]:
        """Pairs of claims that the model can hardly meet at once."""
        return judging.apart(self.found, self.asked)

    def effect(self, claim: str) -> BeliefEffect:
        """What moves if a claim is believed.

        Raises:
            AmnokError: there is no such claim.
        """
        self.scenario.ledger.must_hold(claim)
        from amnok.studies.claims import believing

        return believing.effect(self.found, self.asked, self.scenario, claim)


@verb
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
