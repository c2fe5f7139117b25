"""The scenario: everything a run is made from, in one frozen, validated object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pydantic import Field, model_validator

from amnok.errors import ScenarioError
from amnok.quantity import Parameter, Part
from amnok.scenario import consistency
from amnok.scenario.ledger import Claim, Pattern, Reference, Report
from amnok.scenario.mechanisms import (
    Agency,
    Calendar,
    Cameras,
    Customs,
    Guards,
    Learning,
    Official,
    Order,
    Patrols,
    Phones,
    Prices,
    Protection,
    Quota,
    Reporting,
    River,
    SecurityPolice,
    SelfInspection,
    Signals,
)
from amnok.scenario.places import Goods, Market, RouteKind, Sector, Sides, Traders

# Results count days in nanoseconds, which reach from 1677 to 2262; reports may come out later.
_EARLIEST, _LATEST = 1700, 2150


class Period(Part):
    """First and last day, and how many days are simulated before the first to settle.

    The spin-up sets what supply, and so which prices, are ordinary: let it be an ordinary time.
    """

    start: dt.date
    end: dt.date
    spin_up: int = Field(ge=10, le=400)

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise ValueError(f"dates out of order: end {self.end} is before start {self.start}")
        if (self.end - self.start).days > 36_500:
            raise ValueError("the period is longer than 100 years")
        if self.start.year < _EARLIEST or self.end.year > _LATEST:
            raise ValueError(f"the period is not within the years {_EARLIEST} to {_LATEST}")
        return self

    @property
    def days(self) -> int:
        """Number of days from the first to the last, both counted."""
        return (self.end - self.start).days + 1


class Phase(Part):
    """A named stretch of days that summaries report on, as far as the period covers it."""

    label: str
    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Phase:
        if self.end < self.start:
            raise ValueError(f"dates out of order: end {self.end} is before start {self.start}")
        return self


class Scenario(Part):
    """A border as data: places, people, goods, mechanisms, politics and the evidence for each."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    title: str
    description: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    period: Period
    phases: dict[str, Phase] = Field(default_factory=dict)
    sides: Sides
    traders: Traders
    goods: dict[str, Goods] = Field(min_length=1, max_length=64)
    route_kinds: dict[str, RouteKind] = Field(min_length=1)
    markets: dict[str, Market] = Field(min_length=1, max_length=64)
    sectors: dict[str, Sector] = Field(min_length=1, max_length=500)
    self_inspection: SelfInspection
    security_police: SecurityPolice
    guards: Guards
    cameras: Cameras
    river: River
    patrols: Patrols
    phones: Phones
    quota: Quota
    protection: Protection
    customs: Customs
    learning: Learning
    prices: Prices
    reporting: Reporting
    official: Official
    agencies: dict[str, Agency]
    orders: dict[str, Order] = Field(default_factory=dict)
    calendar: Calendar = Calendar()
    signals: Signals
    reports: dict[str, Report] = Field(default_factory=dict)
    claims: dict[str, Claim] = Field(default_factory=dict)
    patterns: dict[str, Pattern] = Field(default_factory=dict)
    references: dict[str, Reference] = Field(default_factory=dict)

    def parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter with its dotted path, in the order of the file."""
        yield from _parameters(self, "")

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        faults = consistency.faults(self.model_dump(by_alias=True))
        if faults:
            raise ScenarioError(faults)
        return self


def _parameters(part: Any, path: str) -> Iterator[tuple[str, Parameter]]:
    if isinstance(part, Parameter):
        yield path, part
    elif isinstance(part, Part):
        for name in type(part).model_fields:
            yield from _parameters(getattr(part, name), f"{path}.{name}" if path else name)
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from _parameters(value, f"{path}.{name}")
