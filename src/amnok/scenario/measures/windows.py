"""Which days a window means on one border.

Nothing here is tied to a border: an order is known by whom it moves, a halt by its strength, a rise
of the river by the level it brings. What a border lacks has no days, and what rests on it cannot be
measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amnok.scenario.measures.calendar import DatedOrder, MeasureCalendar
from amnok.scenario.measures.vocabulary import WEEK, Window

SETTLING = 14  # days that beliefs take to follow an order in full force
FULL_HALT = 0.9  # a halt of this strength or more is one that a report would call a stop
_EVER = 10**6

Runs = tuple[tuple[int, int], ...]
"""Stretches of days first <= d < last of the period."""


class RiverCondition(NamedTuple):
    """What a run must show for a rise of the river to count: its level over its days, in sectors.

    `flood`: no river route is passable; otherwise all are.
    """

    flood: bool
    first: int
    last: int
    sectors: tuple[str, ...] | None


@dataclass(frozen=True)
class Anchor:
    """Something that happens: its first day, the first in full force, the first after it.

    Attributes:
        least: days that a stretch of it must have, or there is too little to see.
        condition: None unless only a run decides whether it happens.
        sectors: those that count; None for all.
    """

    first: int
    full: int
    last: int
    least: int = 1
    condition: RiverCondition | None = None
    sectors: tuple[str, ...] | None = None


def anchors(window: Window, calendar: MeasureCalendar) -> list[Anchor]:
    """What a window is anchored to: one thing, several rises of the river, or nothing.

    Its names are those of the calendar.
    """
    n = calendar.days
    if window.whole:
        return [Anchor(0, 0, n)]
    if window.dates is not None or window.phase is not None:
        return _dated(window, calendar)
    if window.before_orders:
        first = min((one.first for one in _orders(calendar)), default=n)
        return [Anchor(0, 0, first)] if first >= WEEK else []
    if window.halt is not None:
        return _halts(window.halt, calendar, bool(window.there))
    if window.river is not None:
        return [
            Anchor(
                one.first,
                one.first,
                one.last,
                condition=RiverCondition(window.river == "flood", one.first, one.last, one.sectors),
            )
            for one in calendar.rises
            if 2 * WEEK <= one.first < one.last <= n
        ]
    wanted = set(window.order_to)
    found = [
        (one.first, one.full, _EVER if one.last is None else one.last, one.sectors)
        for one in _orders(calendar, window.order)
        if window.order is not None or not wanted.isdisjoint(one.moves)
    ]
    return [
        Anchor(first, full + SETTLING, last, WEEK, sectors=sectors if window.there else None)
        for first, full, last, sectors in sorted(found, key=lambda one: one[:3])[:1]
    ]


def _orders(calendar: MeasureCalendar, name: str | None = None) -> list[DatedOrder]:
    """The orders that start within the period, or the one of a name, be it a closure or change."""
    known = calendar.orders
    chosen = [one for one in known.values() if one.moves] if name is None else [known[name]]
    return [one for one in chosen if one.moves_any and 0 < one.first < calendar.days]


def _dated(window: Window, calendar: MeasureCalendar) -> list[Anchor]:
    if window.phase is not None:
        first, last = calendar.phases[window.phase]
    else:
        assert window.dates is not None
        first, last = ((day - calendar.start).days for day in window.dates)
        last += 1
    first, last = max(first, 0), min(last, calendar.days)
    return [Anchor(first, first, last)] if last > first else []


def _halts(name: str, calendar: MeasureCalendar, there: bool) -> list[Anchor]:
    """The halt of a name, or the first full one, with two weeks before and after it."""
    found = [
        Anchor(one.first, one.first, one.last, sectors=one.sectors if there else None)
        for other, one in calendar.halts.items()
        if (one.strength >= FULL_HALT if name == "full" else other == name)
        and one.last > one.first >= 2 * WEEK
        and one.last + 2 * WEEK <= calendar.days
    ]
    return sorted(found, key=lambda one: (one.first, one.last))[:1]


def stretches(window: Window, anchor: Anchor, calendar: MeasureCalendar) -> list[Runs]:
    """The days of a window: several with `blocks`, none if the period has too few of them."""
    most = _EVER if window.days is None else window.days
    if window.part == "around":
        return _around(anchor, most, calendar)
    first, last = anchor.first, anchor.last
    if window.part == "before":
        first, last = first - most, first
    elif window.part == "after":
        first, last = last + window.skip, last + window.skip + most
    elif window.part == "in_force":
        first = anchor.full + window.skip
        last = min(last, first + most)
    else:
        first = first + window.skip
        last = min(last, first + most)
    first, last = max(first, 0), min(last, calendar.days)
    if window.blocks is not None:
        starts = range(first, last - window.blocks + 1, window.blocks)
        return [((day, day + window.blocks),) for day in starts]
    return [((first, last),)] if last - first >= anchor.least else []


def _around(anchor: Anchor, most: int, calendar: MeasureCalendar) -> list[Runs]:
    """Days on both sides, without halts and the week after each in which goods that waited go."""
    out = [(anchor.first, anchor.last)]
    for halt in calendar.halts.values():
        if halt.strength > 0 and halt.last > max(halt.first, 0):
            out.append((max(halt.first, 0), halt.last - 1 + WEEK))
    runs, first = [], max(anchor.first - most, 0)
    end = min(anchor.last + most, calendar.days)
    for begins, ends in sorted(out):
        if first < min(begins, end):
            runs.append((first, min(begins, end)))
        first = max(first, ends)
    if first < end:
        runs.append((first, end))
    return [tuple(runs)] if runs else []
