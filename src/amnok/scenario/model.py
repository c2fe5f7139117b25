"""The scenario: everything a run is made from, in one frozen, validated object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import Field, ValidationInfo, create_model, model_validator

from amnok.cells import fixed
from amnok.errors import Fault, ScenarioError
from amnok.mechanisms import MECHANISMS, NAMES
from amnok.mechanisms.form import Section
from amnok.quantity import Parameter, Part
from amnok.scenario import consistency
from amnok.scenario.behaviour import Learning, Prices
from amnok.scenario.kept import once
from amnok.scenario.ledger import Claim, Ledger, Reference, Report, ReportedPattern
from amnok.scenario.measures.vocabulary import ChartOf, Measure, Row, Window
from amnok.scenario.places import (
    THE_MARKET,
    Channel,
    Goods,
    Market,
    RouteKind,
    Sector,
    Sides,
    Traders,
)
from amnok.scenario.politics import DATED, Agency, Calendar, Change, Closure, Halt, Order
from amnok.scenario.stories import Story, System
from amnok.table import Sheet, Shown, Table

# Results count days in nanoseconds, which reach from 1677 to 2262; reports may come out later.
EARLIEST, LATEST = 1700, 2150

VALUES_ONLY = "values only"
"""Context of a validation that does not ask whether the parts of a scenario fit each other."""
SAME_LEDGER = "same ledger"
"""Context of a validation that asks it of the border only, as its ledger and names were sound."""
LEDGER = {"reports", "claims"}
"""Parts of a scenario that are its ledger."""

Known = TypeVar("Known", bound=Section)


class Period(Part):
    """Which days are simulated.

    The spin-up sets what supply, and so which prices, are ordinary: let it be an ordinary time.
    """

    start: dt.date
    """First day that is simulated and counted."""

    end: dt.date
    """Last day that is simulated and counted."""

    spin_up: int = Field(ge=10, le=400)
    """Days simulated before the first and not counted; they settle beliefs and set which quantities
    and prices are usual. Few: the start is rough; many: it takes longer.
    """

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise ValueError(f"dates out of order: end {self.end} is before start {self.start}")
        if (self.end - self.start).days > 36_500:
            raise ValueError("the period is longer than 100 years")
        if self.start.year < EARLIEST or self.end.year > LATEST:
            raise ValueError(f"the period is not within the years {EARLIEST} to {LATEST}")
        return self

    @property
    def days(self) -> int:
        """Number of days from the first to the last, both counted."""
        return (self.end - self.start).days + 1


class Phase(Part):
    """A named stretch of days that summaries report on, as far as the period covers it."""

    label: str
    """What summaries and charts call this stretch of days."""

    start: dt.date
    """First day that belongs to the phase."""

    end: dt.date
    """Last day that belongs to the phase."""

    @model_validator(mode="after")
    def _in_order(self) -> Phase:
        if self.end < self.start:
            raise ValueError(f"dates out of order: end {self.end} is before start {self.start}")
        return self


class _Border(Part):
    """What a border is called, when, where and who: what is there before anyone acts."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    """Short name of the scenario, for commands and file names."""

    title: str
    """One line that says which border and which time."""

    description: str
    """What the scenario is about, in a few sentences."""

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """The currency of all sums of money, as three capital letters such as USD."""

    period: Period
    """First and last day, and how many are simulated before them."""

    phases: dict[str, Phase] = Field(default_factory=dict)
    """Named stretches of days that summaries report on, by name."""

    sides: Sides
    """The two banks of the border and what they are called."""

    traders: Traders
    """How many people trade on both banks, of what sizes."""

    goods: dict[str, Goods] = Field(min_length=1, max_length=64)
    """Kinds of goods that are traded, by name."""

    route_kinds: dict[str, RouteKind] = Field(min_length=1)
    """Kinds of route across the border, by name."""

    channels: dict[Channel, str] = Field(default_factory=dict)
    """What tables, charts and maps call the channels, as in `land: between ports`; files for
    programs keep their names. Only what is not as usual.
    """

    markets: dict[str, Market] = Field(
        default={THE_MARKET: Market(label="Market")}, min_length=1, max_length=64
    )
    """Market towns and what feeds them, by name; without any, one market for all sectors."""

    map: str = ""
    """A GeoJSON file beside this one, with the outlines that maps show and a point or an area for
    each sector; what it holds, in a saved run. Without it and without towns' places, maps are a
    straight line.
    """

    sectors: dict[str, Sector] = Field(min_length=1, max_length=500)
    """Stretches of the border by name, in their order along it."""


if TYPE_CHECKING:
    _Mechanisms = _Border
else:  # a section for each mechanism, in the order of the day; None where it is left out
    _Mechanisms = create_model(
        "_Mechanisms",
        __base__=_Border,
        **{
            one.name: (one.section | None, Field(default=None, description=one.text))
            for one in MECHANISMS
        },
    )


class Scenario(Shown, _Mechanisms):
    """A border as data: places, people, goods, mechanisms, politics and the evidence for each."""

    learning: Learning = Learning()
    """How beliefs about risk come about."""

    prices: Prices = Prices()
    """How prices answer to trade."""

    agencies: dict[str, Agency] = Field(default_factory=dict)
    """Agencies by name, one or several for each role that the border has."""

    orders: dict[str, Order] = Field(default_factory=dict)
    """Dated orders from above, by name."""

    changes: dict[str, Change] = Field(default_factory=dict)
    """Dated changes of any number that the model reads day by day, by name."""

    closures: dict[str, Closure] = Field(default_factory=dict)
    """Days on which ways across are shut, by name."""

    calendar: Calendar = Calendar()
    """Political dates on which people stay home."""

    reports: dict[str, Report] = Field(default_factory=dict)
    """Published reports that the claims come from, by id."""

    claims: dict[str, Claim] = Field(default_factory=dict)
    """Statements of the reports that values and patterns stand on, by id."""

    patterns: dict[str, ReportedPattern] = Field(default_factory=dict)
    """Patterns that a faithful model shows, by id."""

    windows: dict[str, Window] = Field(default_factory=dict)
    """Named stretches of days that measures speak of, beside the usual ones."""

    measures: dict[str, Measure] = Field(default_factory=dict)
    """Named measures that others use, beside the usual ones."""

    outcomes: dict[str, Measure] = Field(default_factory=dict)
    """Measures that comparisons and sweeps keep, beside the usual ones."""

    rows: dict[str, Row] = Field(default_factory=dict)
    """Rows of the summary, beside the usual ones."""

    charts: dict[str, ChartOf] = Field(default_factory=dict)
    """Charts of a run by week, beside the usual ones."""

    references: dict[str, Reference] = Field(default_factory=dict)
    """Published figures that priors lean on, by id."""

    stories: dict[str, Story] = Field(default_factory=dict)
    """Questions that the explorer opens on, by name; without any it asks about the first events."""

    words: dict[str, System] = Field(default_factory=dict)
    """What people call parameters, by system, in the order shown; others go by their path."""

    def sheet(self) -> Sheet:
        """What it is, in a few numbers."""
        traders, period = self.traders, self.period
        people = traders.inner.number + traders.outer.number
        has = {
            "period": f"{period.start} to {period.end}",
            "traders": f"{fixed(people, 0, ',')}, in sizes: {', '.join(traders.sizes)}",
            "sectors": ", ".join(self.sectors),
            "goods": ", ".join(self.goods),
            "orders": ", ".join(self.orders),
            "mechanisms": ", ".join(sorted(self.sections)),
            "evidence": f"{len(self.claims)} claims; {len(list(self.parameters()))} parameters, "
            f"{len(self.assumptions)} of them assumed",
        }
        title = f"{self.name}, {period.start} to {period.end}, {fixed(people, 0, ',')} traders"
        return Sheet(title, (Table.pairs(self.title, has),))

    @property
    def sections(self) -> tuple[str, ...]:
        """Names of the sections that a border may leave out and this one has."""
        return tuple(name for name in NAMES if getattr(self, name) is not None)

    def section(self, kind: type[Known]) -> Known | None:
        """The section of a mechanism, asked for by its class; None if the border leaves it out."""
        found: Known | None = getattr(self, _NAME_OF[kind])
        return found

    def has(self, *needed: str) -> bool:
        """Whether it has all that is needed: a mechanism by name, or any that does such a thing.

        What it does is said in the words of `amnok.variables`. Of words joined by `|`, one will do.
        """
        sections = self.sections
        mechanisms = [one for one in MECHANISMS if one.name in sections]
        there = {word for one in mechanisms for word in (one.name, *one.does)}
        return all(not there.isdisjoint(words.split("|")) for words in needed)

    def called(self, channel: str) -> str:
        """What people call a channel."""
        return next((words for name, words in self.channels.items() if name == channel), channel)

    @property
    def dated(self) -> dict[str, Mapping[str, Order | Change | Closure | Halt]]:
        """Its dated events, by kind and name."""
        return {kind: attrgetter(path)(self) for kind, path in DATED.items()}

    def moved_by(self, order: Order) -> tuple[str, ...]:
        """What an order moves: agencies by name, those of a role that it names too, `cameras`."""
        found: list[str] = []
        for target in order.targets:
            mine = [name for name, one in self.agencies.items() if one.role == target]
            found += [target] if target in self.agencies or not mine else mine
        return tuple(dict.fromkeys(found))

    @property
    def ledger(self) -> Ledger:
        """Its reports and claims, to be asked."""
        return Ledger(self.reports, self.claims)

    def parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter that it says with its dotted path, in the order of the models."""
        yield from _all_parameters(self)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Paths of the parameters that no claim and no reference stands behind."""
        return tuple(path for path, one in self.parameters() if one.is_assumption)

    @property
    def unfixed(self) -> tuple[str, ...]:
        """Paths of the parameters whose number stands in no source: directions and assumptions."""
        return tuple(path for path, one in self.parameters() if one.support != "figure")

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> Scenario:
        if info.context == VALUES_ONLY:
            return self
        if info.context == SAME_LEDGER:
            faults = consistency.of_the_border(self.model_dump(by_alias=True, exclude=LEDGER))
        else:
            faults = consistency.faults(self.model_dump(by_alias=True))
        if faults:
            raise ScenarioError(faults)
        return self


_NAME_OF: Mapping[type[Section], str] = {one.section: one.name for one in MECHANISMS}


def needed(scenario: Scenario, kind: type[Known]) -> Known:
    """A section that a question cannot do without.

    Raises:
        ScenarioError: the border has left it out.
    """
    section = scenario.section(kind)
    if section is None:
        name = _NAME_OF[kind]
        problem = f"the border has no section {name}"
        raise ScenarioError(Fault(problem, "ask about a border that has one", path=name))
    return section


@once
def _all_parameters(scenario: Scenario) -> tuple[tuple[str, Parameter], ...]:
    return tuple(_parameters(scenario, ""))


def _parameters(part: Any, path: str) -> Iterator[tuple[str, Parameter]]:
    if isinstance(part, Parameter):
        if part.is_given:
            yield path, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _parameters(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _parameters(value, f"{path}.{name}")
