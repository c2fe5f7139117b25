"""Events: what has an effect, and the values of the world without it.

An event is the intervention, always: its effect is what it brought, never what its absence would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from amnok.errors import AmnokError, Fault
from amnok.scenario import Scenario
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.consistency import nearest

ORDER, HALT, MECHANISM = "order", "halt", "mechanism"


@dataclass(frozen=True)
class Event:
    """Something in a world that can be taken out of it.

    Attributes:
        name: as the scenario has it.
        kind: `order`, `halt` (a dated change of the calendar) or `mechanism`.
        label: what tables call it.
        called: what sentences call it, after "because of".
        start: its first day; None for a mechanism, which is always there.
        off: the values that take it out, by path.
    """

    name: str
    kind: str
    label: str
    called: str
    start: dt.date | None
    off: Mapping[str, float]

    def window(self, scenario: Scenario) -> tuple[dt.date, dt.date]:
        """The days on which it may have an effect: from its first, or all of them."""
        period = scenario.period
        if self.start is None or not period.start <= self.start <= period.end:
            return period.start, period.end
        return self.start, period.end


def events(scenario: Scenario) -> dict[str, Event]:
    """All events of a scenario: orders by date, then halts by date, then mechanisms.

    Of two with the same name the earlier in this order has it, and the other the name with its
    kind before it, as in `halt.new_year`.
    """
    found: dict[str, Event] = {}
    for event in (*_orders(scenario), *_halts(scenario), *_mechanisms(scenario)):
        name = event.name if event.name not in found else f"{event.kind}.{event.name}"
        found[name] = replace(event, name=name)
    return found


def chosen(scenario: Scenario, name: str) -> Event:
    """The event of some name.

    Raises:
        AmnokError: there is none.
    """
    known = events(scenario)
    if name not in known:
        orders = ", ".join(one for one, event in known.items() if event.kind == ORDER)
        fix = nearest(name, known) or (f"orders: {orders}" if orders else "")
        raise AmnokError([Fault(f"no order, halt or mechanism '{name}'", fix)])
    return known[name]


def orders_in_force(scenario: Scenario) -> list[Event]:
    """The orders that act within the period, by date."""
    return [
        event
        for event in _orders(scenario)
        if scenario.orders[event.name].intensity.number > 0
        and event.start is not None
        and event.start <= scenario.period.end
    ]


def _orders(scenario: Scenario) -> Iterator[Event]:
    by_date = sorted(scenario.orders.items(), key=lambda one: one[1].start.date)
    for name, order in by_date:
        off = {f"orders.{name}.intensity": 0.0}
        yield Event(
            name,
            ORDER,
            order.label,
            order.called or _quoted("the order", order.label),
            order.start.date,
            off,
        )


def _halts(scenario: Scenario) -> Iterator[Event]:
    by_date = sorted(scenario.calendar.halts.items(), key=lambda one: one[1].start.date)
    for name, halt in by_date:
        label = halt.label or name.replace("_", " ").capitalize()
        off = {f"calendar.halts.{name}.strength": 0.0}
        yield Event(name, HALT, label, _quoted("the halt", label), halt.start.date, off)


def _mechanisms(scenario: Scenario) -> Iterator[Event]:
    for contrast in CONTRASTS:
        off = contrast.off(scenario)
        if off:
            yield Event(
                contrast.name,
                MECHANISM,
                contrast.label,
                _quoted("the mechanism", contrast.label),
                None,
                off,
            )


def _quoted(what: str, label: str) -> str:
    return f"{what} “{label}”"
