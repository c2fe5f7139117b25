"""Dated changes and closures: which numbers can change, what they are on a day, what is shut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from amnok.errors import Fault, nearest
from amnok.quantity import Parameter, Part, Unit, is_among
from amnok.rules.orders import order_strength
from amnok.scenario.data import ANY, Data, entries, expanded, inside, listed, number
from amnok.scenario.document import Place
from amnok.scenario.kept import once
from amnok.scenario.model import Scenario
from amnok.scenario.politics import Change, Closure, Dated, News
from amnok.scenario.shape import shape_at
from amnok.scenario.where import Zones, alike

_EVER = 10**6  # days
_BY_SECTOR = ("route_kinds.*", "customs.open_share")
_PEOPLE = "it is settled for each person before the first day"
_USUAL = "it says what is usual, which is settled before the first day"
_HEARD = "who hears of whom, and when, is settled before the first day"
_LATER = "it is read once the run is over"
_DATED = "it has dates of its own"
_AGENCIES = "agencies are moved by orders"
_FIXED = {
    "traders.inner": _PEOPLE,
    "traders.outer": _PEOPLE,
    "traders.sizes.*.share_*": _PEOPLE,
    "traders.sizes.*_access": _PEOPLE,
    "goods.*.weight": _PEOPLE,
    "sectors.*.weight_*": _PEOPLE,
    "learning.personal_spread": _PEOPLE,
    "self_inspection.spot_check": _PEOPLE,
    "quota.search_noise": _PEOPLE,
    "reporting.sources": _PEOPLE,
    "goods.*.border_share_*": _USUAL,
    "markets.*.openness": _USUAL,
    "word_of_mouth.between_sectors": _HEARD,
    "word_of_mouth.reach": _HEARD,
    "word_of_mouth.delay": _HEARD,
    "reporting.corroboration_days": _LATER,
    "reporting.single_source_published": _LATER,
    "reporting.editing_days": _LATER,
    "official.*": _LATER,
    "river.base_stage": "the river rises by its `events`",
    "river.monsoon_*": "the river rises by its `events`",
    "river.rain_*": "the river rises by its `events`",
    "river.events.*": _DATED,
    "oversight.inspections.*": _DATED,
    "targeting.campaigns.*": _DATED,
    "state_firms.permits.*": _PEOPLE,
    "signals.*": _DATED,
    "orders.*": _DATED,
    "calendar.*": _DATED,
    "changes.*": _DATED,
    "closures.*": _DATED,
    "agencies.*": _AGENCIES,
}


def why_fixed(path: str) -> str:
    """Why a number cannot change within the period; empty if it can.

    >>> why_fixed("guards.penalty"), why_fixed("traders.inner")
    ('', 'it is settled for each person before the first day')
    """
    return next((why for form, why in _FIXED.items() if fnmatchcase(path, form)), "")


def differs_by_sector(path: str) -> bool:
    """Whether a number can be another in some sectors than in others."""
    return any(fnmatchcase(path, form) for form in _BY_SECTOR)


def faults(data: Data) -> Iterator[Fault]:
    """Changes of what is not there, cannot change, or cannot be so."""
    for name, change in entries(data, "changes"):
        where = f"changes.{name}"
        yield from _of_news(data, change, change, where)
        for one, news in entries(change, "sets"):
            yield from _of_news(data, change, news, f"{where}.sets.{one}")


def _of_news(data: Data, change: Data, news: Data, where: str) -> Iterator[Fault]:
    written = news.get("parameter")
    for path in [written] if isinstance(written, str) else listed(written):
        if isinstance(path, str):
            yield from _of_path(data, change, news, path, where)


def _of_path(data: Data, change: Data, news: Data, written: str, where: str) -> Iterator[Fault]:
    paths = expanded(data, written)
    if not paths:
        yield Fault(f"no '{written}' in the scenario", _advice(data, written), f"{where}.parameter")
    for path in paths:
        place = tuple(path.split("."))
        unit, why = shape_at(place).unit, why_fixed(path)
        if not shape_at(place).is_parameter or unit is None:
            fix = f"name one of its numbers: amnok check ... --explain {path}"
            yield Fault(f"'{path}' is not a number with a unit", fix, f"{where}.parameter")
            return
        if why:
            fix = "any number that is read day by day can, such as a price, a cost or a chance"
            yield Fault(f"'{path}' cannot change: {why}", fix, f"{where}.parameter")
            return
        if change.get("direction") in ("export", "import") and place[0] != "goods":
            problem = f"'{path}' is the same in both directions"
            in_direction = f"{'.'.join(where.split('.')[:2])}.direction"
            yield Fault(problem, "leave direction out, or name goods", in_direction)
        if isinstance(change.get("sectors"), list | tuple) and not differs_by_sector(path):
            problem = f"'{path}' is the same in all sectors"
            in_sectors = f"{'.'.join(where.split('.')[:2])}.sectors"
            yield Fault(problem, "leave sectors out", in_sectors)
        value = news.get("value")
        if isinstance(value, Mapping):
            asked, amount = inside(data, *place).get("unit"), number(value)
            if isinstance(asked, str) and value.get("unit") != asked:
                problem = f"unit is '{value.get('unit')}', must be '{asked}' as that of {path}"
                yield Fault(problem, path=f"{where}.value")
            if amount is None or not unit.low <= amount <= unit.high:
                problem = f"value {value.get('value')} is outside {unit.low:g} to {unit.high:g}"
                yield Fault(problem, f"as {path} is a {unit.name}", f"{where}.value")


def _advice(data: Data, path: str) -> str:
    """The nearest name at the first place where a path leaves the scenario."""
    part: Any = data
    for name in path.split("."):
        if not isinstance(part, Mapping):
            return "a path as after --set, such as guards.penalty"
        if name == ANY:
            part = next(iter(part.values()), None)
        elif name not in part or part[name] is None:
            return nearest(name, {key for key, value in part.items() if value is not None})
        else:
            part = part[name]
    return ""


def unit_at(scenario: Scenario, path: str) -> Unit | None:
    """The unit of the number at a path; the value of a change has that of what it changes.

    Of several numbers that change alike, that of the first.
    """
    place = tuple(path.split("."))
    if place[0] == "changes" and place[-1] == "value":
        change = scenario.changes[place[1]]
        news = change.sets[place[3]] if len(place) > 3 else change
        place = tuple(news.paths[0].split("."))
    return shape_at(place).unit


class Spell(NamedTuple):
    """Days on which no change moves a number, and no closure begins or ends.

    Attributes:
        start: the first of them; the next spell ends them.
        scenario: with its numbers as they then are, but for those of some sectors; it has no
            changes and closures of its own.
        parts: sectors in which the same changes hold, and the scenario as it is there.
        shut: closures in force, each with the chance that a way of it is shut.
    """

    start: dt.date
    scenario: Scenario
    parts: tuple[tuple[tuple[str, ...], Scenario], ...]
    shut: tuple[tuple[Closure, float], ...]


def on(scenario: Scenario, day: dt.date) -> Scenario:
    """The scenario with its numbers as they are on a day; those of some sectors are as elsewhere.

    It has no changes and closures of its own any more. Before the first simulated day it is as on
    that.
    """
    known = spells(scenario)
    past = [spell for spell in known if spell.start <= day] or known[:1]
    return past[-1].scenario if past else scenario


def spells(scenario: Scenario) -> tuple[Spell, ...]:
    """The days of a scenario, those of the spin-up first; none at all if nothing changes."""
    return _spells(scenario) if scenario.changes or scenario.closures else ()


@once
def _spells(scenario: Scenario) -> tuple[Spell, ...]:
    course, found = _Course(scenario), []
    before: tuple[float, ...] | None = None
    closures = list(scenario.closures.values())
    day = scenario.period.start - dt.timedelta(days=scenario.period.spin_up)
    while day <= scenario.period.end:
        closed = [one.strength.number * strength(one, day) for one in closures]
        now = (*course.strengths(day), *closed)
        if now != before:
            parts = tuple((names, course.scenario(day, names[0])) for names in course.groups())
            shut = tuple(each for each in zip(closures, closed, strict=True) if each[1] > 0.0)
            found.append(Spell(day, course.scenario(day), parts, shut))
        before = now
        day += dt.timedelta(days=1)
    return tuple(found)


class _Course:
    """How the numbers of a scenario change; changes are in the order of their first days."""

    def __init__(self, scenario: Scenario) -> None:
        known, data = dict(scenario.parameters()), scenario.model_dump(by_alias=True)
        by_date = sorted(scenario.changes.values(), key=lambda one: one.start.date)
        self._scenario = scenario
        self._changes = [
            (one, [(news, path) for news in one.news for path in _paths(one, news, data)])
            for one in by_date
        ]
        moved = [path for _, steps in self._changes for _, path in steps]
        self._usual = {path: known[path].number for path in moved}
        self._units = {path: shape_at(tuple(path.split("."))).unit for path in self._usual}

    def strengths(self, day: dt.date) -> tuple[float, ...]:
        """How far each change is in force on a day."""
        return tuple(one.strength.number * strength(one, day) for one, _ in self._changes)

    def groups(self) -> Zones:
        """Sectors in which the same changes hold; none if all hold in all sectors."""
        groups = alike(self._scenario.sectors, (one.sectors for one, _ in self._changes))
        return groups if len(groups) > 1 else ()

    def scenario(self, day: dt.date, sector: str | None = None) -> Scenario:
        """The scenario as it is on a day; without a sector, by the changes that hold in all."""
        now: Any = self._scenario.model_copy(update={"changes": {}, "closures": {}})
        for path, value in self._numbers(day, sector).items():
            if value != self._usual[path]:
                now = _with(now, tuple(path.split(".")), value)
        found: Scenario = now
        return found

    def _numbers(self, day: dt.date, sector: str | None) -> dict[str, float]:
        """The numbers that change, by path. Of several changes of a number, each starts from where
        the earlier ones have left it."""
        now = dict(self._usual)
        for (change, steps), share in zip(self._changes, self.strengths(day), strict=True):
            for news, path in steps if share > 0.0 and is_among(sector, change.sectors) else ():
                new = _new(news, now[path])
                new = new if share == 1.0 else now[path] + share * (new - now[path])
                unit = self._units[path]
                now[path] = min(max(new, unit.low), unit.high) if unit is not None else new
        return now


def strength(change: Dated, day: dt.date) -> float:
    """How far a change or closure is in force on a day: 0 not yet or no more, 1 wholly."""
    start = change.start.date
    length = _EVER if change.until is None else (change.until - start).days
    return order_strength((day - start).days, 0, length, change.ramp_days, 1.0)


def _paths(change: Change, news: News, data: Data) -> list[str]:
    paths = (path for written in news.paths for path in expanded(data, written))
    return [path for path in paths if _goes(data, path, change.direction)]


def _goes(data: Data, path: str, direction: Any) -> bool:
    """Whether a number is of goods of a direction; any is of both."""
    if direction not in ("export", "import"):
        return True
    part, name, *_ = path.split(".")
    return part == "goods" and inside(data, part, name).get("direction") == direction


def _new(news: News, now: float) -> float:
    if news.value is not None:
        return news.value.number
    assert news.factor is not None
    return news.factor.number * now


def _with(part: Any, place: Place, value: float) -> Any:
    """A part of a scenario with one number replaced; nothing is checked anew."""
    if isinstance(part, Parameter):
        return part.model_copy(update={"value": value})
    first, rest = str(place[0]), place[1:]
    if isinstance(part, Part):
        return part.model_copy(update={first: _with(getattr(part, first), rest, value)})
    return {**part, first: _with(part[first], rest, value)}
