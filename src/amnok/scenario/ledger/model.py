"""What the ledger holds: reports, their claims, published figures, and patterns asked for.

Whatever a report does not tell is `unknown`, or F and 6 for its grades. People stand nowhere in it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from amnok.mechanisms import NAMES
from amnok.quantity import Part
from amnok.scenario.measures.statements import Statement

TOPICS = (
    *NAMES,
    *("calendar", "chinese_crackdown", "selective_enforcement", "channels", "politics"),
)
"""What a claim may be about: a mechanism, or what several of them and the calendar bring about."""

Unknown: TypeAlias = Literal["unknown"]
UNKNOWN: Final = "unknown"


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _said(text: str) -> str:
    if not (words := _squeezed(text)):
        raise ValueError(f"is empty: write it, or `{UNKNOWN}`")
    return words


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Each name once: whoever is named twice is not counted twice."""
    return tuple(dict.fromkeys(names))


Text = Annotated[str, AfterValidator(_squeezed)]
Said = Annotated[str, AfterValidator(_said)]
Known = Annotated[str, AfterValidator(lambda text: _squeezed(text) or UNKNOWN)]
Names = Annotated[tuple[str, ...], AfterValidator(_once)]


def tag(text: str) -> str:
    """A tag as it is compared: in small letters of any script, with `_` between words.

    Raises:
        ValueError: it is none.
    """
    words = re.sub(r"[\s_]+", "_", unicodedata.normalize("NFKC", text).strip().casefold())
    if not re.fullmatch(r"[^\W_][\w-]*", words):
        raise ValueError(f"'{text}' is not a tag: a few words, of letters and digits")
    return words


Tags = Annotated[tuple[Annotated[str, AfterValidator(tag)], ...], AfterValidator(_once)]
Reliability: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]


class Report(Part):
    """A published report, and how far whoever speaks in it can be relied on."""

    title: Said
    """Headline of the report, as printed, or `unknown`."""

    publisher: Said
    """Newspaper, agency or institute that published the report."""

    date: dt.date | Unknown = UNKNOWN
    """Day on which the report was published."""

    inferred: bool = False
    """True if the report itself prints no date."""

    inferred_from: Text = ""
    """What an inferred date was inferred from."""

    precision: Literal["day", "month", "season", "year", "unknown"] = "day"
    """How much of the date is known; of `month`, say, the day is a guess."""

    url: Known = UNKNOWN
    """Where the report can be read."""

    captured: dt.date | Unknown = UNKNOWN
    """Day on which a copy was taken."""

    sha256: str = Field(default=UNKNOWN, pattern=r"^(unknown|[0-9a-f]{64})$")
    """SHA-256 of the copy, in small letters."""

    language: str = Field(default=UNKNOWN, pattern=r"^(unknown|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$")
    """Language in which it was read, as a tag such as `en` or `ko-KP`."""

    place: Known = UNKNOWN
    """Where it is from or about, in words no finer than a county."""

    sectors: Names = ()
    """Sectors of the border that it is about; none if they are unknown, or beyond the border."""

    reliability: Reliability = "F"
    """How reliable the source is, by the Admiralty code: A (completely) to E (unreliable), F if it
    cannot be judged.
    """

    origin: Text = ""
    """Outlet that had it first, where the publisher passes it on."""

    same_origin: Names = ()
    """Ids of other reports that go back to the same original source."""

    @property
    def voice(self) -> str:
        """The outlet that speaks: reports of one voice do not confirm each other."""
        return self.origin or self.publisher

    @property
    def when(self) -> str:
        """The date as far as it is known, as in `June 2018`."""
        if isinstance(self.date, str) or self.precision == "unknown":
            return "date unknown"
        form = {"day": "%Y-%m-%d", "month": "%B %Y"}.get(self.precision, "%Y")
        return self.date.strftime(form)

    @property
    def outlet(self) -> str:
        """Outlet and date."""
        passed = f" (from {self.origin})" if self.origin else ""
        doubt = ", date inferred" if self.inferred and self.when != "date unknown" else ""
        return f"{self.publisher}{passed}, {self.when}{doubt}"

    @property
    def cited(self) -> str:
        """Outlet, date and title, as every output names a report."""
        title = f"“{self.title}”" if self.title != UNKNOWN else f"title unknown ({self.url})"
        return f"{self.outlet}: {title}"


class ClaimPeriod(Part):
    """When the claim is about."""

    start: dt.date = Field(alias="from")
    """First day that the claim is about."""

    end: dt.date | None = Field(alias="to", default=None)
    """Last day that the claim is about; left out while it goes on."""

    inferred: bool = False
    """True if the report does not state the dates."""

    @model_validator(mode="after")
    def _in_order(self) -> ClaimPeriod:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"dates out of order: to {self.end} is before from {self.start}")
        return self


class Figure(Part):
    """A number that a claim gives, as printed: nothing is converted."""

    what: Said
    """What is counted or priced, in the same words wherever it is the same thing."""

    low: float
    """The number, or the lower end of its range."""

    high: float | None = None
    """The upper end of its range; left out for a single number."""

    unit: Said
    """What it is counted in, as in `CNY` or `persons`."""

    of: Text = ""
    """Which time or place it is for, as in `2016`; figures of one thing are compared within it."""

    @model_validator(mode="after")
    def _in_order(self) -> Figure:
        if self.high is not None and self.high < self.low:
            raise ValueError(f"the range ends at {self.high:g}, below its start {self.low:g}")
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Lower and upper end; the same for a single number."""
        return self.low, self.low if self.high is None else self.high


class Amendment(Part):
    """A change of a claim, and what stood there before."""

    date: dt.date
    """Day on which the claim was changed."""

    why: Said
    """Why it was changed, in a sentence."""

    was: dict[str, Any]
    """What the fields that were changed held before, by name."""


class Retraction(Part):
    """A claim that no longer counts. It stays in the ledger."""

    date: dt.date
    """Day on which it was taken back."""

    why: Said
    """Why: the outlet withdrew it, or it was coded wrongly."""


class Claim(Part):
    """One statement of a report in our own words, and how credible it is."""

    report: str
    """Id of the report that makes the claim."""

    text: Said
    """What the report says, in our own words."""

    place: Known = UNKNOWN
    """Where it is said to happen."""

    sectors: Names = ()
    """Sectors of the border where it is said to happen; none if unknown, or beyond the border."""

    source_kind: Literal[
        "several_sources",
        "one_source",
        "second_source",
        "trader",
        "resident",
        "official",
        "documents",
        "paper",
        "reports",
        "unknown",
    ] = "unknown"
    """Whom the report has the statement from."""

    credibility: int = Field(default=6, ge=1, le=6)
    """How credible the statement is, by the Admiralty code: 1 (confirmed) to 5 (improbable), 6 if
    it cannot be judged.
    """

    doubt: Text = ""
    """What the outlet itself says against it."""

    period: ClaimPeriod | None = None
    """When it is said to happen."""

    figures: tuple[Figure, ...] = ()
    """Numbers that it gives, each with its unit."""

    mechanisms: Names = ()
    """Mechanisms of the model that the claim supports."""

    patterns: Names = ()
    """Ids of the patterns that the claim asks for."""

    says: tuple[Statement, ...] = ()
    """What it says that can be measured in the model, in the words of docs/measures.md, beside what
    its patterns say.
    """

    unmodelled: Tags = ()
    """What the model has no mechanism for, as tags that several claims may share."""

    unrecorded: Tags = ()
    """What happens in the model, and no book keeps, as tags."""

    supports: Names = ()
    """Ids of other claims that it supports."""

    contradicts: Names = ()
    """Ids of other claims that it contradicts."""

    refines: Names = ()
    """Ids of other claims that it makes more exact."""

    amended: tuple[Amendment, ...] = ()
    """Changes of the claim, the oldest first."""

    retracted: Retraction | None = None
    """When and why it was taken back; left out while it counts."""


STANCES = ("supports", "contradicts", "refines")


class ReportedPattern(Part):
    """A pattern that a faithful model shows, and the claims it comes from."""

    text: str = ""
    """What a faithful model shows, in words."""

    claims: Names = ()
    """Ids of the claims that ask for it."""

    carried_by: str = ""
    """The mechanism without which it must not hold, as in `amnok verify --ablate`."""

    says: dict[str, Statement] = Field(default_factory=dict)
    """What it says that can be measured, by name. It holds if all of it does; a pattern that says
    nothing is listed as such.
    """

    @model_validator(mode="after")
    def _says_something(self) -> ReportedPattern:
        if not (self.text or self.says):
            raise ValueError("a pattern has a text, or says something that can be measured")
        return self


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
