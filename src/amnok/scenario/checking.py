"""Every fault of a scenario at once: what one check finds wrong is left out, and the next goes on.

First come values, each by itself, and how the parts fit each other; then what measures say and
stories name. A later check runs over whatever the earlier ones found sound, and does not tell what
follows from their faults alone: that a window is not known, say, that is there and faulty.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from amnok.errors import Fault
from amnok.quantity import Part
from amnok.scenario import consistency, stories, wording
from amnok.scenario.document import Place, dotted, place_of
from amnok.scenario.measures import definitions
from amnok.scenario.model import VALUES_ONLY, Scenario

_QUOTED = re.compile(r"['`]([^'`]+)['`]")
_WORD = re.compile(r"[\w-]+")
Of = TypeVar("Of", bound=Part)


def checked(
    data: dict[str, Any], known: Sequence[Fault] = (), as_written: bool = False
) -> tuple[Scenario | None, list[Fault]]:
    """The scenario that plain data holds, if it holds one, and everything that is wrong with it.

    Args:
        data: as files have it, overrides applied.
        known: faults that were found before, with the paths of what they are about.
        as_written: whether there are no overrides, so that all of it should mean something.
    """
    sound = _Sound(data, Scenario, known)
    scenario, values = sound.read()
    whole = data if scenario is None or known else scenario.model_dump(by_alias=True)
    fits = consistency.of_the_border(whole)
    refers = sound.untouched(consistency.of_the_ledger(whole))
    found = [*known, *sound.untouched(values), *fits, *refers]
    while values or fits:  # what does not fit then follows from what was left out
        if not sound.leave_out([*values, *fits]):
            return None, found
        scenario, values = sound.read()
        fits = sound.placed(consistency.of_the_border(sound.data))
        found += sound.untouched(values)
    assert scenario is not None
    meant = [*definitions.faults(scenario, as_written), *stories.faults(scenario)]
    found += sound.untouched(sound.placed(meant))
    return None if found else scenario, found


def read_as(
    model: type[Of], data: dict[str, Any], known: Sequence[Fault] = ()
) -> tuple[Of | None, list[Fault]]:
    """What plain data is as a part of a scenario, and everything that is wrong with its values."""
    sound = _Sound(data, model, known)
    found, values = sound.read()
    faults = [*known, *sound.untouched(values)]
    return None if faults else found, faults


class _Sound(Generic[Of]):
    """Plain data, less what was found faulty.

    Attributes:
        data: what is left.
    """

    def __init__(self, data: dict[str, Any], model: type[Of], known: Sequence[Fault]) -> None:
        self.data = self._whole = data
        self._model = model
        self._out: dict[Place, set[str]] = {}  # and the words that speak of it
        self._gone: set[str] = set()  # names that the border gives, and that went with it
        if known:
            self._remove((place_of(one.path), one) for one in known)

    def read(self) -> tuple[Of | None, list[Fault]]:
        """What it is, or the faults of its values; whether its parts fit is not looked at."""
        # JSON is strict where it matters: no number is a date, no text a number, no truth value 1.
        text = json.dumps(self.data, default=dt.date.isoformat)
        try:
            return self._model.model_validate_json(text, strict=True, context=VALUES_ONLY), []
        except ValidationError as error:
            return None, self.placed(wording.faults(error, self.data, self._model))

    def leave_out(self, faults: Sequence[Fault]) -> bool:
        """Leave out what faults are about; False if that is nothing more, or everything."""
        places = [self._written(one) for one in faults]
        if () in places or self._out.keys() >= set(places):
            return False
        self._remove(zip(places, faults, strict=True))
        return True

    def _remove(self, faulty: Iterable[tuple[Place, Fault]]) -> None:
        before = _names(self.data)
        for place, one in faulty:
            words = {*map(str, (*place[-1:], *place_of(one.path)[-1:])), *_QUOTED.findall(one.fix)}
            self._out.setdefault(place, {"entries"}).update(words)  # of which there are fewer now
        self.data = _without(self._whole, (), self._out)
        self._gone |= before - _names(self.data)

    def placed(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults of what is left, with their paths in the whole."""
        return [replace(one, path=self._path(one.path)) for one in faults]

    def untouched(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults that do not follow from what was left out: that name none of it."""

        def follows(fault: Fault) -> bool:
            place, words = place_of(fault.path), set(_WORD.findall(f"{fault.problem} {fault.fix}"))
            inside = (said for one, said in self._out.items() if one[: len(place)] == place)
            return any(not words.isdisjoint(said) for said in (self._gone, *inside))

        return [one for one in faults if not follows(one)]

    def _path(self, path: str) -> str:
        if not any(isinstance(key, int) for place in self._out for key in place):
            return path
        place: Place = ()
        for key in place_of(path):
            if isinstance(key, int):
                kept = (at for at in itertools.count() if (*place, at) not in self._out)
                key = next(itertools.islice(kept, key, None))
            place = (*place, key)
        return dotted(place)

    def _written(self, fault: Fault) -> Place:
        """The deepest part of a fault's path that was written down."""
        place: Place = ()
        here: Any = self._whole
        for key in place_of(fault.path):
            if isinstance(here, list):
                is_there = isinstance(key, int) and key < len(here)
            else:
                is_there = isinstance(here, dict) and key in here
            if not is_there:
                break
            place, here = (*place, key), here[key]
        return place


def _names(data: dict[str, Any]) -> set[str]:
    return {name for _, named in consistency.named(data) for name in named}


def _without(data: Any, here: Place, out: Collection[Place]) -> Any:
    if isinstance(data, dict):
        kept = {key: one for key, one in data.items() if (*here, key) not in out}
        return {key: _without(one, (*here, key), out) for key, one in kept.items()}
    if isinstance(data, list):
        kept_at = [(at, one) for at, one in enumerate(data) if (*here, at) not in out]
        return [_without(one, (*here, at), out) for at, one in kept_at]
    return data
