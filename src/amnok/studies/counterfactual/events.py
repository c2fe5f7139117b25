"""Events: what has an effect, and the values of the world without it.

An event is the intervention, always: its effect is what it brought, never what its absence would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from amnok.errors import AmnokError, Fault, nearest
from amnok.quantity import Parameter
from amnok.scenario import Scenario
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.politics import DATED, Change, Dated, Halt, Order
from amnok.scenario.stories import Story
from amnok.scenario.where import label_of, short_of
from amnok.studies.worlds import Span

ORDER, CLOSURE, HALT, MECHANISM = "order", "closure", "halt", "mechanism"
Value = float | dt.date
_FIRST_DAYS = 90  # counted unless others are asked for
_FOREMOST = 4  # mechanisms that pages ask about where nothing is dated


@dataclass(frozen=True)
class Event:
    """Something in a world that can be taken out of it.

    Attributes:
        name: as the scenario has it.
        kind: `order`, `change` (of a number), `closure` (of ways), `halt` (people stay home) or
            `mechanism`.
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
    off: Mapping[str, Value]

    @property
    def short(self) -> str:
        """What marks on charts call it: what sentences do, if that is its own; else its label."""
        own = "" if self.called == _quoted(f"the {self.kind}", self.label) else self.called
        return short_of(self.label, own)

    def window(self, scenario: Scenario) -> Span:
        """The days on which it may have an effect: from its first, or all of them."""
        period = scenario.period
        if self.start is None or not period.start <= self.start <= period.end:
            return period.start, period.end
        return self.start, period.end


def days_asked(scenario: Scenario, event: Event) -> Span:
    """The days that count unless others are asked for.

    Those of the border's first question about the event (`stories`), else its first three months.
    """
    return next(iter(days_of_stories(scenario, event)), first_months(event.window(scenario)))


def story_about(scenario: Scenario, event: Event) -> Story:
    """The border's first question about an event that counts any days; else the one that any
    event answers."""
    own, _ = next(_asked(scenario, event), (None, None))
    return own or story_of(event)


def story_of(event: Event) -> Story:
    """The question that any event answers."""
    about = f"{event.label}, {event.start}" if event.start else event.label
    asked = "What does" if event.start is None else "What did"
    return Story.model_construct(
        question=f"{asked} {event.called} do, and to whom?", about=about, of=event.name
    )


def days_of_stories(scenario: Scenario, event: Event) -> list[Span]:
    """The days that each of the border's questions about an event counts, within the period."""
    return [days for _, days in _asked(scenario, event)]


def _asked(scenario: Scenario, event: Event) -> Iterator[tuple[Story, Span]]:
    """The border's questions about an event that count any days, and which."""
    for story in scenario.stories.values():
        days = days_of_story(scenario, story, event) if story.of == event.name else None
        if days is not None:
            yield story, days


def days_of_story(scenario: Scenario, story: Story, event: Event) -> Span | None:
    """The days that a question about an event counts, within the period; None without any.

    From a day of its own it counts to the end, if it names none; else the first three months.
    """
    whole, period = event.window(scenario), scenario.period
    usual = whole if story.start else first_months(whole)
    first = max(story.start or whole[0], period.start)
    last = min(story.end or usual[1], period.end)
    return (first, last) if first <= last else None


def first_months(days: Span) -> Span:
    """The first three months of some days."""
    first, last = days
    return first, min(last, first + dt.timedelta(days=_FIRST_DAYS - 1))


def events(scenario: Scenario) -> dict[str, Event]:
    """All events of a scenario: orders by date, then changes, closures, halts, mechanisms.

    Of two with the same name the earlier in this order has it, and the other the name with its
    kind before it, as in `halt.new_year`.
    """
    return _named(chain(_dated(scenario), _mechanisms(scenario)))


def _named(found: Iterable[Event]) -> dict[str, Event]:
    named: dict[str, Event] = {}
    for event in found:
        name = event.name if event.name not in named else f"{event.kind}.{event.name}"
        named[name] = replace(event, name=name)
    return named


def chosen(scenario: Scenario, name: str) -> Event:
    """The event of some name.

    Raises:
        AmnokError: there is none.
    """
    known = events(scenario)
    if name not in known:
        problem = f"no {', '.join(DATED)} or mechanism '{name}'"
        raise AmnokError([Fault(problem, nearest(name, known))])
    return known[name]


def in_force(scenario: Scenario) -> list[Event]:
    """The orders, changes and closures that act within the period, by date.

    Of halts, which come with the season, those that the border has a question about.
    Those that began before it come last: nobody saw the days before them.
    """
    now, asked = dict(scenario.parameters()), {story.of for story in scenario.stories.values()}
    # What is dated has its names before all mechanisms, which take long to find.
    found = [
        one
        for one in _named(_dated(scenario)).values()
        if (one.kind != HALT or one.name in asked) and _changes(now, one.off)
    ]
    first, last = scenario.period.start, scenario.period.end
    acting = (one for one in found if _starts(one) <= last)
    return sorted(acting, key=lambda one: (_starts(one) < first, _starts(one)))


def foremost(scenario: Scenario) -> list[Event]:
    """The events that one asks about first: those in force, else a few mechanisms that act."""
    found, now = in_force(scenario), dict(scenario.parameters())
    if found:
        return found
    return [
        one for one in events(scenario).values() if one.kind == MECHANISM and _changes(now, one.off)
    ][:_FOREMOST]


def _changes(now: Mapping[str, Parameter], off: Mapping[str, Value]) -> bool:
    """Whether some values differ from those that parameters have."""
    return any(now[path].value != value for path, value in off.items())


def _starts(event: Event) -> dt.date:
    assert event.start is not None
    return event.start


def _dated(scenario: Scenario) -> Iterator[Event]:
    for kind, events in scenario.dated.items():
        for name, one in sorted(events.items(), key=lambda each: each[1].start.date):
            label = label_of(scenario, name, one)
            own = "" if isinstance(one, Halt) else one.called
            called = own or _quoted(f"the {kind}", label)
            off = _without(scenario, one, f"{DATED[kind]}.{name}")
            yield Event(name, kind, label, called, one.start.date, off)


def _without(scenario: Scenario, one: Dated | Halt, path: str) -> dict[str, Value]:
    """Values that take out what is dated: no strength, or for a change, days after the last."""
    if not isinstance(one, Change):
        return {f"{path}.{'intensity' if isinstance(one, Order) else 'strength'}": 0.0}
    never = scenario.period.end + dt.timedelta(days=1)
    ends = {} if one.end is None else {f"{path}.end": never + dt.timedelta(days=1)}
    return {f"{path}.start": never, **ends}


def _mechanisms(scenario: Scenario) -> Iterator[Event]:
    for contrast in CONTRASTS:
        off = contrast.off(scenario)
        if off:
            label = contrast.label_on(scenario)
            called = contrast.called or _quoted("the mechanism", label)
            yield Event(contrast.name, MECHANISM, label, called, None, off)


def _quoted(what: str, label: str) -> str:
    return f"{what} “{label}”"
