"""What may stand at a place of a scenario: its keys, its unit, its meaning."""

from __future__ import annotations

import types
from dataclasses import dataclass, replace
from typing import Annotated, Any, Union, get_args, get_origin

from amnok.quantity import Neutral, Parameter, Part, Unit, meanings, neutral_of
from amnok.scenario.document import Place
from amnok.scenario.model import Scenario

# Read by the loader and gone from what it gives.
LOADER_KEYS = ("parts", "extends", "switches", "policies")


@dataclass(frozen=True)
class Shape:
    """A type of the models, for a parameter the unit it must have, the part and field that say what
    it means, and what it is where a border leaves it out."""

    kind: Any = None
    unit: Unit | None = None
    said_in: tuple[type[Part], str] | None = None
    neutral: Neutral | None = None

    @property
    def meaning(self) -> str:
        """What the field means, on one line; nothing where no field is known."""
        if self.said_in is None:
            return ""
        part, name = self.said_in
        return meanings(part)[name]

    @property
    def is_parameter(self) -> bool:
        """True where a value with unit, prior and source is expected."""
        return self.kind is Parameter

    @property
    def keys(self) -> tuple[str, ...] | None:
        """The keys that may stand here; None where names are free, or nothing has keys."""
        if not _is_part(self.kind):
            return None
        fields = self.kind.model_fields.items()
        return tuple(field.alias or name for name, field in fields)

    def inside(self, key: str | int) -> Shape:
        """What may stand under a key of this."""
        if _is_part(self.kind):
            for name, field in self.kind.model_fields.items():
                if key in (field.alias, name):
                    return _shape_of_field(self.kind, name)
        elif get_origin(self.kind) is dict:
            return replace(_shape(get_args(self.kind)[1]), said_in=self.said_in)
        elif get_origin(self.kind) is tuple:
            return replace(_shape(get_args(self.kind)[0]), said_in=self.said_in)
        return Shape()


def shape_at(place: Place, root: type[Part] = Scenario) -> Shape:
    """What may stand at a place of a scenario, or of another model.

    Nothing in particular may if the place is unknown.

    >>> shape_at(("guards", "penalty")).is_parameter
    True
    >>> shape_at(("goods", "grain", "sanctioned")).meaning
    'Whether the goods are under sanctions; customs stop only such goods.'
    """
    shape = Shape(root)
    for key in place:
        shape = shape.inside(key)
    return shape


def field_of(path: str) -> str:
    """The field that a path is one case of: names that a scenario is free to give become `*`.

    >>> field_of("goods.grain.markup"), field_of("markets.pyongyang.fed_by.sinuiju")
    ('goods.*.markup', 'markets.*.fed_by.*')
    """
    shape, names = Shape(Scenario), []
    for name in path.split("."):
        names.append("*" if get_origin(shape.kind) is dict else name)
        shape = shape.inside(name)
    return ".".join(names)


def _shape_of_field(part: type[Part], name: str) -> Shape:
    field = part.model_fields[name]
    units = [item for item in field.metadata if isinstance(item, Unit)]
    shape = Shape(field.annotation, units[0]) if units else _shape(field.annotation)
    return replace(shape, said_in=(part, name), neutral=neutral_of(field))


def _shape(kind: Any) -> Shape:
    if get_origin(kind) is Annotated:
        inner, *metadata = get_args(kind)
        units = [item for item in metadata if isinstance(item, Unit)]
        return Shape(inner, units[0]) if units else _shape(inner)
    if get_origin(kind) in (Union, types.UnionType):
        # Of several kinds, the one with something inside tells the most.
        for member in get_args(kind):
            shape = _shape(member)
            if _is_part(shape.kind) or get_origin(shape.kind) in (dict, tuple):
                return shape
    return Shape(kind)


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)
