"""What does not fit together in files, though overrides and draws may well make it so.

A value by hand may lie outside its prior, and a period that is shortened need cover no phase.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import ValidationError

from amnok.errors import Fault
from amnok.quantity import Prior
from amnok.scenario.consistency import bounded
from amnok.scenario.data import Data, entries, inside, number, sourced
from amnok.scenario.places import KILOGRAMS, Item
from amnok.scenario.politics import DATED

SET_BY = "set by "  # in the note of a value that an override has set
_ROUNDED = 1e-3  # of a weight: a pound weighs 0.454 kilograms
_LONG = 1e6  # days; what is longer is told by others


def faults(data: Data) -> list[Fault]:
    """Everything in plain data, as files have it, that says nothing or contradicts itself.

    Values may be wrong or missing: what cannot be read is passed over, as other checks name it.
    """
    checks = (
        values_lie_within_their_priors,
        items_weigh_what_they_hold,
        dates_touch_the_period,
        no_window_is_given_twice,
    )
    return [fault for check in checks for fault in bounded(check(data))]


def values_lie_within_their_priors(data: Data) -> Iterator[Fault]:
    """Whoever believes a value does not hold it for impossible; one set by an override may be."""
    for path, part in sourced(data):
        if SET_BY in str(part.get("note")):
            continue
        try:
            prior = Prior.model_validate(part.get("prior"))
        except ValidationError:
            continue  # told by others
        value = part.get("value")
        if not prior.holds(_day(value) or value):
            written = f"{prior.family} {list(map(str, getattr(prior, prior.family)))}"
            problem = f"value {value} lies outside its prior, {written}".replace("'", "")
            yield Fault(problem, "change one of them", path=path)


def items_weigh_what_they_hold(data: Data) -> Iterator[Fault]:
    """An item of so many pounds weighs as much; a weight set by an override may be another."""
    for name, goods in entries(data, "goods"):
        weight = inside(goods, "kilograms")
        weighs = number(weight)
        try:
            item = Item.model_validate(goods.get("item"))
        except ValidationError:
            continue  # told by others, or left out
        if item.unit not in KILOGRAMS or weighs is None or SET_BY in str(weight.get("note")):
            continue
        held = item.holds * KILOGRAMS[item.unit]
        if not math.isclose(held, weighs, rel_tol=_ROUNDED):
            yield _otherwise_heavy(f"goods.{name}.item", item, held, weighs)


def _otherwise_heavy(path: str, item: Item, held: float, weighs: float) -> Fault:
    problem = f"an item holds {held:g} kilograms and weighs {weighs:g}"
    if "holds" in item.model_fields_set or not weighs:
        return Fault(problem, "let both say the same", path=f"{path}.holds")
    fix = f"write `holds: {weighs / KILOGRAMS[item.unit]:g}`"
    return Fault(f"`holds` is left out and taken as 1: {problem}", fix, path=path)


def dates_touch_the_period(data: Data) -> Iterator[Fault]:
    """A phase reports on days that are simulated, and what is dated acts on some of them."""
    period = inside(data, "period")
    start, end = _day(period.get("start")), _day(period.get("end"))
    if start is None or end is None or start > end:
        return  # told by others
    for window in _windows(data):
        if window.first > end or (window.last is not None and window.last < start):
            problem = f"no day of it is in the period from {start} to {end}"
            yield Fault(problem, "change its dates, or remove it", path=window.path)


def no_window_is_given_twice(data: Data) -> Iterator[Fault]:
    """Two phases of the same days report the same, and of two halts the weaker does nothing."""
    owner: dict[tuple[str, dt.date, dt.date | None, str], str] = {}
    for window in _windows(data):
        days = (window.kind, window.first, window.last, window.where)
        if window.kind in ("phase", "halt") and days in owner:
            problem = f"'{owner[days]}' has the same days already"
            yield Fault(problem, "change its dates, or remove it", path=window.path)
        owner.setdefault(days, window.path.rpartition(".")[2])


class _Window(NamedTuple):
    """Days from `first` to `last`, or without end; the sectors, as text."""

    kind: str
    path: str
    first: dt.date
    last: dt.date | None
    where: str = "all"


def _windows(data: Data) -> Iterator[_Window]:
    """Whatever a scenario dates, as far as its dates can be read and are in order."""
    for name, phase in entries(data, "phases"):
        first, last = _day(phase.get("start")), _day(phase.get("end"))
        if first is not None and last is not None and first <= last:
            yield _Window("phase", f"phases.{name}", first, last)
    for name, story in entries(data, "stories"):
        days = [
            day for day in (_day(story.get("start")), _day(story.get("end"))) if day is not None
        ]
        if days:
            yield _Window("story", f"stories.{name}", min(days), max(days))
    for kind, path in (("halt", DATED["halt"]), ("rain", "river.events")):
        for name, event in entries(data, *path.split(".")):
            first, length = _date(event.get("start")), number(event.get("days"))
            if first is not None and length is not None and 0.5 < length < _LONG:
                with contextlib.suppress(OverflowError):  # past the year 9999
                    last = first + dt.timedelta(days=round(length) - 1)
                    where = str([event.get(key) for key in ("sectors", "direction")])
                    yield _Window(kind, f"{path}.{name}", first, last, where)
    for kind in ("order", "change", "closure"):
        for name, event in entries(data, DATED[kind]):
            first, after = _date(event.get("start")), _date(event.get("end"))
            if first is not None and (after is None or first < after):
                last = None if after is None else after - dt.timedelta(days=1)
                yield _Window(kind, f"{DATED[kind]}.{name}", first, last)


def _date(parameter: Any) -> dt.date | None:
    return _day(inside(parameter).get("value"))


def _day(value: Any) -> dt.date | None:
    """A date, or a text that is one."""
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(value)
    return value if isinstance(value, dt.date) else None
