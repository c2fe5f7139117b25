"""When things happen on a border that windows are anchored to, as days of its period."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from amnok.mechanisms.river import River
from amnok.quantity import Part, SomeOrAll
from amnok.scenario.politics import Change, Closure, Order

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario


class DatedOrder(Part):
    """An order, a closure or a change: its first day, the first in full force, and the first after
    it (None: it never ends); the roles that an order moves, or `cameras`; whether it is
    anything else than an order that is switched off; the sectors where it holds (None: all).
    """

    moves: tuple[str, ...]
    moves_any: bool
    first: int
    full: int
    last: int | None
    sectors: tuple[str, ...] | None = None


class DatedHalt(Part):
    """A halt: the days first <= d < last, how many it keeps at home, as a share, and its sectors
    (None: all)."""

    first: int
    last: int
    strength: float
    sectors: tuple[str, ...] | None = None


class Rise(Part):
    """A dated rise of the river: the days first <= d < last, and its sectors (None: all)."""

    first: int
    last: int
    sectors: tuple[str, ...] | None


class MeasureCalendar(Part):
    """The period and what happens in it. `orders`: closures and changes among them; of two with
    the same name, the order. `stages`: the level up to which some river route is passable, and the
    one from which on none is.
    """

    start: dt.date
    days: int
    phases: dict[str, tuple[int, int]]
    orders: dict[str, DatedOrder]
    halts: dict[str, DatedHalt]
    rises: tuple[Rise, ...]
    stages: tuple[float, float]


def calendar_of(scenario: Scenario) -> MeasureCalendar:
    """What happens on a border."""
    start = scenario.period.start

    def day(date: dt.date) -> int:
        return (date - start).days

    river = [
        one.flood_stage.number for one in scenario.route_kinds.values() if one.channel == "river"
    ]
    dated: dict[str, Order | Change | Closure] = {
        **scenario.changes,
        **scenario.closures,
        **scenario.orders,
    }
    water = scenario.section(River)
    rises = water.events.values() if water is not None else ()
    return MeasureCalendar(
        start=start,
        days=scenario.period.days,
        phases={name: (day(one.start), day(one.end) + 1) for name, one in scenario.phases.items()},
        orders={name: _order(one, scenario) for name, one in dated.items()},
        halts={
            name: DatedHalt(
                first=day(one.start.date),
                last=day(one.start.date) + round(one.days.number),
                strength=one.strength.number,
                sectors=_sectors(one.sectors),
            )
            for name, one in scenario.calendar.halts.items()
        },
        rises=tuple(
            Rise(
                first=day(one.start.date),
                last=day(one.start.date) + round(one.days.number),
                sectors=_sectors(one.sectors),
            )
            for one in rises
        ),
        stages=(min(river, default=0.0), max(river, default=0.0)),
    )


def _sectors(those: SomeOrAll) -> tuple[str, ...] | None:
    return None if those == "all" else tuple(those)


def _order(one: Order | Change | Closure, scenario: Scenario) -> DatedOrder:
    start, agencies = scenario.period.start, scenario.agencies
    first = (one.start.date - start).days
    moved = scenario.moved_by(one) if isinstance(one, Order) else ()
    roles = (agencies[name].role if name in agencies else name for name in moved)
    return DatedOrder(
        moves=tuple(dict.fromkeys(roles)),
        moves_any=not isinstance(one, Order) or bool(one.intensity.number),
        first=first,
        full=first + round(one.ramp_days),
        last=None if one.until is None else (one.until - start).days,
        sectors=_sectors(one.sectors),
    )
