"""Numbers that a border may leave out: which there are, which it needs, which would do nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import get_args, get_origin

from amnok.errors import Fault
from amnok.mechanisms import MECHANISMS
from amnok.quantity import Neutral, Part
from amnok.scenario.data import ANY, Data, expanded, inside
from amnok.scenario.model import Scenario
from amnok.scenario.shape import Shape


def faults(data: Data) -> Iterator[Fault]:
    """Numbers that are left out, though something that the border has cannot do without them."""
    there = words(data)
    for field, neutral in fields().items():
        because = [word for word in neutral.acts_with if _is_there(data, word, there)]
        if not neutral.is_needed or not because:
            continue
        part, _, key = field.rpartition(".")
        for place in expanded(data, part) or [part] * (ANY not in part):
            if inside(data, *place.split(".")).get(key) is None:
                names = _named(because[0], data)
                yield Fault(f"is missing, and the border has {names}", "add it", f"{place}.{key}")


def idle(data: Data) -> list[str]:
    """Paths of numbers that could be left out, as the border has nothing that gives them a use."""
    there = words(data)
    return [
        path
        for field, neutral in fields().items()
        if not any(_is_there(data, word, there) for word in neutral.acts_with)
        for path in expanded(data, field)
    ]


def words(data: Data) -> Mapping[str, str]:
    """What a border has: its mechanisms, and what these do, each with the name of the first."""
    found: dict[str, str] = {}
    for one in MECHANISMS:
        if data.get(one.name) is not None:
            for word in (one.name, *one.does):
                found.setdefault(word, one.name)
    return found


@functools.cache
def fields() -> Mapping[str, Neutral]:
    """The numbers that may be left out, by their field, as in `goods.*.minutes`."""
    return dict(_fields(Shape(Scenario), ()))


def _fields(
    shape: Shape, place: tuple[str, ...], above: tuple[object, ...] = ()
) -> Iterator[tuple[str, Neutral]]:
    """Those below a shape; a measure may hold measures, and these no numbers."""
    if shape.neutral is not None:
        yield ".".join(place), shape.neutral
    elif get_origin(shape.kind) is dict and _is_part(get_args(shape.kind)[1]):
        yield from _fields(shape.inside(ANY), (*place, ANY), above)
    elif not shape.is_parameter and shape.keys and shape.kind not in above:
        for key in shape.keys:
            yield from _fields(shape.inside(key), (*place, key), (*above, shape.kind))


def _is_part(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _is_there(data: Data, word: str, there: Mapping[str, str]) -> bool:
    """Whether a border has a mechanism, one that does such a thing, or a number that has a use."""
    if "." not in word:
        return word in there
    asks = fields()[word].acts_with
    return bool(expanded(data, word)) and (
        not asks or any(_is_there(data, one, there) for one in asks)
    )


def _named(word: str, data: Data) -> str:
    return expanded(data, word)[0] if "." in word else words(data)[word]
