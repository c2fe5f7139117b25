"""What stands at a path of a scenario, explained: its meaning, its value, what is inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amnok.errors import Fault, ScenarioError, nearest
from amnok.quantity import Parameter, Part, Unit
from amnok.scenario.catalog import ParameterRow, first_sentence, parameter_row
from amnok.scenario.changes import unit_at
from amnok.scenario.document import Place
from amnok.scenario.model import Scenario
from amnok.scenario.shape import shape_at


@dataclass(frozen=True)
class Explanation:
    """A field of a scenario.

    Attributes:
        path: dotted, as after `--set`.
        meaning: what it does, and what low and high values mean.
        unit: what a value must be; None for what is not a parameter.
        row: the parameter; None for a section, a name or a plain value.
        value: the plain value as text; empty for a parameter or a section.
        inside: of a section, each key with the first sentence of its meaning.
    """

    path: str
    meaning: str
    unit: Unit | None
    row: ParameterRow | None
    value: str
    inside: Mapping[str, str]


def explain(scenario: Scenario, path: str) -> Explanation:
    """What stands at a path of a scenario.

    Raises:
        ScenarioError: there is nothing at this path; the nearest name is in the advice.

    >>> from amnok.scenario import load
    >>> explain(load("sino-korean-border"), "quota.prison_days").meaning
    'Mean days in prison after an arrest on the outer bank. Low: they come back within the \
period; high: they are gone for all of it.'
    """
    part: Any = scenario
    place: tuple[str, ...] = ()
    for name in path.split("."):
        inside = _inside(part, place)
        if name not in inside:
            here = ".".join(place) or "the scenario"
            raise ScenarioError(Fault(f"no '{name}' in {here}", nearest(name, inside), path=path))
        part, place = inside[name], (*place, name)
    shape = shape_at(place)
    is_parameter = isinstance(part, Parameter)
    named = () if is_parameter else _inside(part, place)
    keys = {key: shape_at((*place, key)).meaning for key in named}
    is_plain = not is_parameter and not isinstance(part, Part | dict)
    return Explanation(
        path=path,
        meaning=shape.meaning,
        unit=unit_at(scenario, path),
        row=parameter_row(scenario, path, part) if is_parameter else None,
        value=_text(part) if is_plain else "",
        inside={key: first_sentence(meaning) for key, meaning in keys.items()},
    )


def _inside(part: Any, place: Place) -> dict[str, Any]:
    """What has a name in a part: fields of a section, be it there or absent; entries of a mapping.

    What is inside an absent section is absent, too.
    """
    if part is None:
        return dict.fromkeys(shape_at(place).keys or ())
    if isinstance(part, Part):
        fields = type(part).model_fields.items()
        return {field.alias or name: _given(getattr(part, name)) for name, field in fields}
    return dict(part) if isinstance(part, dict) else {}


def _given(part: Any) -> Any:
    """The part, or nothing for a number that the border leaves out."""
    return None if isinstance(part, Parameter) and not part.is_given else part


def _text(value: Any) -> str:
    if value is None:
        return "none: this scenario is without it"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
