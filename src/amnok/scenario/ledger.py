"""The evidence ledger: reports, claims, references and the patterns they ask for."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from amnok.quantity import Part

MECHANISMS = (
    "self_inspection",
    "security_police",
    "guards",
    "cameras",
    "calendar",
    "river",
    "chinese_crackdown",
    "phones",
    "selective_enforcement",
    "channels",
    "politics",
    "reporting",
)


class Report(Part):
    """A published report; `inferred` marks a date that its text does not print."""

    title: str
    publisher: str
    date: dt.date
    inferred: bool
    inferred_from: str = ""


class ClaimPeriod(Part):
    """When the claim is about; `to` is empty while it goes on."""

    start: dt.date = Field(alias="from")
    end: dt.date | None = Field(alias="to", default=None)
    inferred: bool

    @model_validator(mode="after")
    def _in_order(self) -> ClaimPeriod:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"dates out of order: to {self.end} is before from {self.start}")
        return self


class Claim(Part):
    """One statement of a report in our own words, graded by the Admiralty code."""

    report: str
    text: str
    place: str
    source_kind: Literal[
        "several_sources", "one_source", "second_source", "trader", "paper", "reports"
    ]
    reliability: Literal["A", "B", "C", "D", "E", "F"]
    credibility: int = Field(ge=1, le=6)
    period: ClaimPeriod | None = None
    mechanisms: tuple[str, ...] = Field(min_length=1)
    patterns: tuple[str, ...] = ()

    @property
    def grade(self) -> str:
        """The Admiralty grade, as in `C3`."""
        return f"{self.reliability}{self.credibility}"


class Pattern(Part):
    """A pattern that a faithful model shows, and the claims it comes from."""

    text: str
    claims: tuple[str, ...]


class Reference(Part):
    """A published figure that a prior leans on, and whether we have checked it."""

    citation: str
    figure: str
    status: Literal["verified", "second-hand", "recalled"]
