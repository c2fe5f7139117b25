"""The evidence ledger: reports, claims, references and the patterns they ask for."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from amnok.mechanisms import NAMES
from amnok.quantity import Part

TOPICS = (
    *NAMES,
    *("calendar", "chinese_crackdown", "selective_enforcement", "channels", "politics"),
)
"""What a claim may be about: a mechanism, or what several of them and the calendar bring about."""


class Report(Part):
    """A published report."""

    title: str
    """Headline of the report, as printed."""

    publisher: str
    """Newspaper, agency or institute that published the report."""

    date: dt.date
    """Day on which the report was published."""

    inferred: bool
    """True if the report itself prints no date."""

    inferred_from: str = ""
    """What an inferred date was inferred from."""


class ClaimPeriod(Part):
    """When the claim is about."""

    start: dt.date = Field(alias="from")
    """First day that the claim is about."""

    end: dt.date | None = Field(alias="to", default=None)
    """Last day that the claim is about; left out while it goes on."""

    inferred: bool
    """True if the report does not state the dates."""

    @model_validator(mode="after")
    def _in_order(self) -> ClaimPeriod:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"dates out of order: to {self.end} is before from {self.start}")
        return self


class Claim(Part):
    """One statement of a report in our own words, graded by the Admiralty code."""

    report: str
    """Id of the report that makes the claim."""

    text: str
    """What the report says, in our own words."""

    place: str
    """Where it is said to happen."""

    source_kind: Literal[
        "several_sources", "one_source", "second_source", "trader", "paper", "reports"
    ]
    """Whom the report has the statement from."""

    reliability: Literal["A", "B", "C", "D", "E", "F"]
    """How reliable the source is, by the Admiralty code: A (completely) to E (unreliable), F if it
    cannot be judged.
    """

    credibility: int = Field(ge=1, le=6)
    """How credible the statement is, by the Admiralty code: 1 (confirmed) to 5 (improbable), 6 if
    it cannot be judged.
    """

    period: ClaimPeriod | None = None
    """When it is said to happen."""

    mechanisms: tuple[str, ...] = Field(min_length=1)
    """Mechanisms of the model that the claim supports."""

    patterns: tuple[str, ...] = ()
    """Ids of the patterns that the claim asks for."""

    @property
    def grade(self) -> str:
        """The Admiralty grade, as in `C3`."""
        return f"{self.reliability}{self.credibility}"


class ReportedPattern(Part):
    """A pattern that a faithful model shows, and the claims it comes from."""

    text: str
    """What a faithful model shows, in words."""

    claims: tuple[str, ...]
    """Ids of the claims that ask for it."""


class Reference(Part):
    """A published figure that a prior leans on, and whether we have checked it."""

    citation: str
    """Publication in which the figure stands."""

    figure: str
    """The figure, and what it measures."""

    status: Literal["verified", "second-hand", "recalled"]
    """`verified` if we have checked it in the publication, `second-hand` if in another text that
    cites it, `recalled` if from memory.
    """
