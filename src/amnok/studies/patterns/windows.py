"""When the things happen that patterns speak of, read off a scenario's orders, halts and floods.

Nothing here is tied to the default border: an order is known by whom it moves, a halt by its
strength, a flood by the level it brings. What a scenario lacks is None, and what rests on it cannot
be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amnok.mechanisms.river import River
from amnok.scenario import Scenario

SETTLING = 14  # days that beliefs take to follow an order in full force
COMPARED = 60  # days before an order that it is compared with
WEEK = 7
FULL_HALT = 0.9  # a halt of this strength or more is one that a report would call a stop
STOP = {"police", "patrol"}
SEARCH = {"security_police"}


class Window(NamedTuple):
    """The days first <= d < last of the period."""

    first: int
    last: int

    @property
    def days(self) -> slice:
        """For indexing a time series."""
        return slice(self.first, self.last)


@dataclass(frozen=True)
class Event:
    """A dated rise of the river: when, and in which sectors (all that there are if None)."""

    window: Window
    sectors: tuple[str, ...] | None


@dataclass(frozen=True)
class Windows:
    """Stretches of the period.

    quiet: before any order. Of the order to stop people on the outer bank (crackdown), the one to
    search for leaks (campaign) and the one for more cameras: `before_*`, up to 60 days before it;
    the name alone, from full force and two weeks for beliefs to follow to its end or the last day.
    `campaign` ends no later than 120 days after: a season further on other goods are traded.
    halt: the first full stop; rises: what raises the river.
    """

    quiet: Window | None
    before_crackdown: Window | None
    crackdown: Window | None
    before_campaign: Window | None
    campaign: Window | None
    before_cameras: Window | None
    cameras: Window | None
    halt: Window | None
    rises: tuple[Event, ...]


_SEASON = 120


def windows(scenario: Scenario) -> Windows:
    """The stretches of days of one scenario."""
    roles = {name: agency.role for name, agency in scenario.agencies.items()}
    crackdown = _order(scenario, {name for name, role in roles.items() if role in STOP})
    campaign = _order(scenario, {name for name, role in roles.items() if role in SEARCH})
    cameras = _order(scenario, {"cameras"})
    orders = [_order(scenario, set(order.targets)) for order in scenario.orders.values()]
    first = min((order.first for order in orders if order), default=scenario.period.days)
    return Windows(
        quiet=_within(scenario, 0, first),
        before_crackdown=_before(scenario, crackdown),
        crackdown=_in_force(scenario, crackdown),
        before_campaign=_before(scenario, campaign),
        campaign=_in_force(scenario, campaign, _SEASON),
        before_cameras=_before(scenario, cameras),
        cameras=_in_force(scenario, cameras),
        halt=_halt(scenario),
        rises=tuple(_rises(scenario)),
    )


class _Order(NamedTuple):
    first: int
    in_force: int
    last: int


def _order(scenario: Scenario, targets: set[str]) -> _Order | None:
    """The earliest order to any of the targets that begins within the period."""
    found = []
    for order in scenario.orders.values():
        if targets.isdisjoint(order.targets) or order.intensity.number == 0:
            continue
        first = (order.start.date - scenario.period.start).days
        last = (order.end.date - scenario.period.start).days if order.end else 10**6
        if 0 < first < scenario.period.days:
            found.append(_Order(first, first + round(order.ramp.number), last))
    return min(found, default=None)


def _before(scenario: Scenario, order: _Order | None) -> Window | None:
    return _within(scenario, order.first - COMPARED, order.first) if order else None


def _in_force(scenario: Scenario, order: _Order | None, most: int = 10**6) -> Window | None:
    if order is None:
        return None
    first = order.in_force + SETTLING
    return _within(scenario, first, min(order.last, first + most))


def _within(scenario: Scenario, first: int, last: int) -> Window | None:
    """The part of a stretch that the period covers, if that is a week or more."""
    first, last = max(first, 0), min(last, scenario.period.days)
    return Window(first, last) if last - first >= WEEK else None


def _halt(scenario: Scenario) -> Window | None:
    """The first full stop with a week before and two weeks after it."""
    found = []
    for halt in scenario.calendar.halts.values():
        first = (halt.start.date - scenario.period.start).days
        last = first + round(halt.days.number)
        fits = first >= 2 * WEEK and last + 2 * WEEK <= scenario.period.days
        if halt.strength.number >= FULL_HALT and last > first and fits:
            found.append(Window(first, last))
    return min(found, default=None)


def _rises(scenario: Scenario) -> list[Event]:
    found = []
    river = scenario.section(River)
    for event in river.events.values() if river is not None else ():
        first = (event.start.date - scenario.period.start).days
        last = first + round(event.days.number)
        if first >= 2 * WEEK and first < last <= scenario.period.days:
            sectors = None if event.sectors == "all" else event.sectors
            found.append(Event(Window(first, last), sectors))
    return found
