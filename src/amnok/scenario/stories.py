"""What readers are led by: questions to a border, and words for what can be moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from itertools import chain
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from amnok.errors import Fault, nearest
from amnok.mechanisms import NAMES
from amnok.quantity import Part
from amnok.scenario.ablations import CONTRASTS
from amnok.scenario.measures.definitions import usual
from amnok.scenario.politics import DATED

if TYPE_CHECKING:
    from amnok.scenario.model import Scenario

_MOST = 12  # questions, and worlds of one, that a page can offer
_NUMBER, _PERCENT = "{}", "{%}"


class Story(Part):
    """A question to the border, and the view that answers it."""

    question: str = Field(min_length=10, max_length=100)
    """The question, as people ask it."""

    about: str = Field(default="", max_length=60)
    """Where and when, in a few words."""

    of: str
    """The order, change, closure, halt or mechanism whose effect answers it: the world with it,
    less that without.
    """

    start: dt.date | None = None
    """First day that counts; without it that of the event."""

    end: dt.date | None = None
    """Last day that counts; without it that of the period if there is a `start`, else the last of
    three months.
    """

    worlds: dict[str, dict[str, float]] = Field(default_factory=dict, max_length=_MOST)
    """Worlds that one may look at beside the border as it is: what pages call them, and the values
    that make them, by path.
    """

    outcomes: tuple[str, ...] = ()
    """Outcomes that are shown, by name; the usual ones without any. The answer always tells of
    arrests and trade; of the first other one here it tells as well, before these if it comes first.
    """

    map: str = ""
    """The outcome by sector that the map shows first."""

    limits: tuple[str, ...] = ()
    """What no answer of the model tells, for this question."""

    @model_validator(mode="after")
    def _in_order(self) -> Story:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"dates out of order: end {self.end} is before start {self.start}")
        return self


class Wording(Part):
    """What people call a parameter."""

    name: str = Field(min_length=3, max_length=100, pattern=r"^[^_]+$")
    """Its name in plain words."""

    value: str = _NUMBER
    """How a value of it reads: `{}` stands for the number, with chances and shares in percent, and
    `{%}` for a ratio in percent, as in `{} of all loads`.
    """

    @model_validator(mode="after")
    def _has_a_number(self) -> Wording:
        if self.value.count(_NUMBER) + self.value.count(_PERCENT) != 1:
            raise ValueError(f"the value '{self.value}' does not hold {_NUMBER} or {_PERCENT} once")
        return self


class System(Part):
    """Parameters that belong together, in plain words."""

    label: str = Field(min_length=3, max_length=60)
    """What pages call them together."""

    levers: dict[str, Wording] = Field(min_length=1)
    """Words for each, by path, in the order shown."""


def faults(scenario: Scenario) -> list[Fault]:
    """What stories and words name that the border does not have, with its dotted path.

    What belongs to a mechanism that the border leaves out is passed over.
    """
    if not scenario.stories and not scenario.words:
        return []
    numbers = {path for path, one in scenario.parameters() if isinstance(one.value, int | float)}
    return [*_of_stories(scenario, numbers), *_of_words(scenario, numbers)]


def _of_stories(scenario: Scenario, numbers: Collection[str]) -> Iterator[Fault]:
    events = {*(one.name for one in CONTRASTS), *chain(*scenario.dated.values())}
    outcomes = {*usual().outcomes, *scenario.outcomes}
    if len(scenario.stories) > _MOST:
        yield Fault(f"{len(scenario.stories)} stories, at most {_MOST} fit a page", path="stories")
    for name, story in scenario.stories.items():
        path = f"stories.{name}"
        if story.of.rpartition(".")[2] not in events:
            problem = f"no {', '.join(DATED)} or mechanism '{story.of}'"
            yield Fault(problem, nearest(story.of, events), path=f"{path}.of")
        for label, values in story.worlds.items():
            for one in values:
                yield from _unknown(scenario, numbers, one, f"{path}.worlds.{label}.{one}")
        named = [(f"outcomes[{n}]", one) for n, one in enumerate(story.outcomes)]
        for key, one in [*named, ("map", story.map)]:
            if one and one not in outcomes:
                yield Fault(f"no outcome '{one}'", nearest(one, outcomes), path=f"{path}.{key}")


def _of_words(scenario: Scenario, numbers: Collection[str]) -> Iterator[Fault]:
    owner: dict[str, str] = {}
    for name, system in scenario.words.items():
        for path in system.levers:
            place = f"words.{name}.levers.{path}"
            yield from _unknown(scenario, numbers, path, place)
            if path in owner:
                yield Fault(f"'{owner[path]}' has words for it already", "keep one", path=place)
            owner.setdefault(path, name)


def _unknown(
    scenario: Scenario, numbers: Collection[str], path: str, place: str
) -> Iterator[Fault]:
    """A fault if a path is no number of this border, and would be none of a border with all."""
    section = path.split(".")[0]
    if path not in numbers and (section not in NAMES or section in scenario.sections):
        yield Fault(f"'{path}' is not a number of this border", nearest(path, numbers), path=place)
