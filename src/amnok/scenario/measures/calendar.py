"""When things happen on a border that windows are anchored to, as days of its period."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pydantic import Field

from amnok.mechanisms.river import River
from amnok.quantity import Part

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario
    from amnok.scenario.politics import Change, Closure


class DatedOrder(Part):
    """An order, a closure or a change: its first day, the first in full force, and the first after
    it (None: it never ends); the roles it moves, or `cameras`; whether it has any strength.
    """

    moves: tuple[str, ...]
    moves_any: bool
    first: int
    full: int
    last: int | None


class DatedHalt(Part):
    """A halt: the days first <= d < last, and how many it keeps at home, as a share."""

    first: int
    last: int
    strength: float


class Rise(Part):
    """A dated rise of the river: the days first <= d < last, and its sectors (None: all)."""

    first: int
    last: int
    sectors: tuple[str, ...] | None


class Calendar(Part):
    """The period and what happens in it. `others`: closures and changes; `stages`: the level up to
    which some river route is passable, and the one from which on none is.
    """

    start: dt.date
    days: int
    phases: dict[str, tuple[int, int]]
    orders: dict[str, DatedOrder]
    halts: dict[str, DatedHalt]
    rises: tuple[Rise, ...]
    others: dict[str, DatedOrder] = Field(default_factory=dict)
    stages: tuple[float, float]


def calendar_of(scenario: Scenario) -> Calendar:
    """What happens on a border."""
    start = scenario.period.start
    roles: dict[str, str] = {name: one.role for name, one in scenario.agencies.items()}

    def day(date: dt.date) -> int:
        return (date - start).days

    river = [
        one.flood_stage.number for one in scenario.route_kinds.values() if one.channel == "river"
    ]
    others: dict[str, Change | Closure] = {**scenario.changes, **scenario.closures}
    water = scenario.section(River)
    events = water.events.values() if water is not None else ()
    return Calendar(
        start=start,
        days=scenario.period.days,
        phases={name: (day(one.start), day(one.end) + 1) for name, one in scenario.phases.items()},
        orders={
            name: DatedOrder(
                moves=tuple(roles.get(target, target) for target in one.targets),
                moves_any=bool(one.intensity.number),
                first=day(one.start.date),
                full=day(one.start.date) + round(one.ramp.number),
                last=day(one.end.date) if one.end else None,
            )
            for name, one in scenario.orders.items()
        },
        halts={
            name: DatedHalt(
                first=day(one.start.date),
                last=day(one.start.date) + round(one.days.number),
                strength=one.strength.number,
            )
            for name, one in scenario.calendar.halts.items()
        },
        others={name: _other(one, start) for name, one in others.items()},
        rises=tuple(
            Rise(
                first=day(one.start.date),
                last=day(one.start.date) + round(one.days.number),
                sectors=None if one.sectors == "all" else one.sectors,
            )
            for one in events
        ),
        stages=(min(river, default=0.0), max(river, default=0.0)),
    )


def _other(one: Change | Closure, start: dt.date) -> DatedOrder:
    """A change or a closure, which moves no agency."""
    first = (one.start.date - start).days
    return DatedOrder(
        moves=(),
        moves_any=False,
        first=first,
        full=first + (round(one.ramp.number) if one.ramp is not None else 0),
        last=(one.end.date - start).days if one.end is not None else None,
    )
