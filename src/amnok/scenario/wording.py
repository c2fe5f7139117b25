"""What pydantic found, in the words of a scenario: where, what is wrong, what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from amnok.errors import Fault, nearest
from amnok.quantity import Part
from amnok.scenario.document import Place, describe, dotted, value_at
from amnok.scenario.ledger.model import Claim, Report
from amnok.scenario.ledger.persons import WHY, is_personal
from amnok.scenario.model import Scenario
from amnok.scenario.shape import LOADER_KEYS, Shape, shape_at

# What is expected where a value is of the wrong kind, by the first word of pydantic's error type.
_EXPECTED = {
    "float": "a number",
    "finite": "a finite number",
    "int": "a whole number",
    "date": "a date such as 2018-10-01",
    "string": "a text (in quotes if it looks like a number)",
    "bool": "true or false",
    "tuple": "a list in []",
    "dict": "keys with values",
    "model": "keys with values",
}
_MANY = 20  # unknown keys in one place; more are told together
_DETAILED = 1000  # places with faults; more are only counted
_THOUSANDS = 3  # digits after a mark that may be no decimal one
# Claims and reports are written apart: what is a key of the other belongs there.
_OTHER_PART: dict[str, tuple[type[Part], str]] = {
    "claims": (Report, "write it under `reports`, in the report that the claim is of"),
    "reports": (Claim, "write it under `claims`, in the claim that it is about"),
}
_EXAMPLE = "{{value: {value}, unit: {unit}, prior: {prior}, source: assumption}}"


@dataclass(frozen=True)
class _Trouble:
    """One error of pydantic at its place in the data; `tagged` if it is one branch of a union."""

    place: Place
    tagged: bool
    error: ErrorDetails

    @property
    def word(self) -> str:
        return self.error["type"].split("_")[0]

    @property
    def is_unknown_key(self) -> bool:
        return self.error["type"] == "extra_forbidden"

    @property
    def expected(self) -> str:
        """What would be right, if the trouble is the kind of a value; empty otherwise."""
        if self.error["type"] == "literal_error":
            return str(self.error["ctx"]["expected"])
        is_kind = self.error["type"].endswith(("_type", "_parsing"))
        is_kind = is_kind or self.word in ("date", "int", "finite")
        return _EXPECTED.get(self.word, "") if is_kind else ""


def faults(error: ValidationError, data: Any, model: type[Part] = Scenario) -> list[Fault]:
    """The faults behind a validation error of data; paths are dotted, files and lines left open.

    `model` is what the data should be; what it would be right to write follows from it.
    """
    troubles = [_trouble(details, data) for details in error.errors(include_url=False)]
    # Of the branches of a union, one that came further was meant, and the others were not.
    reached = {one.place[:depth] for one in troubles for depth in range(len(one.place))}
    by_place: dict[Place, list[_Trouble]] = {}
    unknown: dict[Place, list[Place]] = {}
    for trouble in troubles:
        if not (trouble.tagged and trouble.place in reached):
            by_place.setdefault(trouble.place, []).append(trouble)
        if trouble.is_unknown_key:
            unknown.setdefault(trouble.place[:-1], []).append(trouble.place)
    found = []
    for parent, places in unknown.items():
        if len(places) > _MANY:
            found.append(_unknown_keys(parent, places))
            for place in places:
                del by_place[place]
    for place in list(by_place)[:_DETAILED]:
        found += _at(place, by_place[place], data, model)
    if len(by_place) > _DETAILED:
        problem = f"{len(by_place) - _DETAILED:,} more places are wrong"
        found.append(Fault(problem, "correct the others first"))
    currency = data.get("currency") if isinstance(data, dict) else None
    return [_in_currency(one, currency) for one in found]


def _in_currency(fault: Fault, currency: Any) -> Fault:
    """Sums are in the border's own currency, which units do not know.

    >>> _in_currency(Fault("unit is 'days', must be 'CNY/minute'"), "EUR").problem
    "unit is 'days', must be 'EUR/minute'"
    """
    if not (isinstance(currency, str) and re.fullmatch("[A-Z]{3}", currency)):
        return fault
    return replace(
        fault,
        problem=fault.problem.replace("must be 'CNY", f"must be '{currency}"),
        fix=fault.fix.replace("unit: CNY", f"unit: {currency}"),
    )


def _trouble(details: ErrorDetails, data: Any) -> _Trouble:
    """Drop the names of union branches from a location: they are no part of the data."""
    place: list[str | int] = []
    location = details["loc"]
    if details["type"] == "missing":
        location = location[:-1]
    tagged = False
    for key in location:
        if _holds(data, key):
            data = data[key]
            place.append(key)
        else:
            tagged = True
    return _Trouble(tuple(place), tagged, details)


def _holds(data: Any, key: str | int) -> bool:
    if isinstance(data, dict):
        return key in data
    return isinstance(data, list) and isinstance(key, int) and key < len(data)


def _at(place: Place, troubles: Sequence[_Trouble], data: Any, model: type[Part]) -> list[Fault]:
    """The faults of one place: wrong kinds together, missing keys together, others one by one."""
    found = []
    missing = [t for t in troubles if t.error["type"] == "missing"]
    kinds = [t for t in troubles if t.expected]
    if any(t.tagged and t not in missing and t not in kinds for t in troubles):
        # One branch of a union took the value for its own: the others were not meant.
        troubles, kinds = [t for t in troubles if t not in kinds or not t.tagged], []
    if missing:
        found.append(_missing(place, missing, model))
    if kinds:
        found.append(_wrong_kind(place, kinds, value_at(data, place), model))
    for trouble in troubles:
        if trouble not in missing and trouble not in kinds:
            found.append(_other(trouble, model))
    return found


def _missing(place: Place, troubles: Iterable[_Trouble], model: type[Part]) -> Fault:
    keys = [trouble.error["loc"][-1] for trouble in troubles]
    if all(isinstance(key, int) for key in keys):  # of a list of a fixed length
        expected = 1 + max(int(key) for key in keys)
        return Fault(f"has too few entries, {expected} expected", path=dotted(place))
    names = list(map(str, keys))
    word = "key" if len(names) == 1 else "keys"
    inner = shape_at((*place, names[0]), model)
    fix = "add it" if len(names) == 1 else "add them"
    if shape_at(place, model).is_parameter:
        fix = example(shape_at(place, model))
    elif inner.is_parameter:
        fix = example(inner, key=names[0])
    return Fault(f"missing {word}: {', '.join(names)}", fix, path=dotted(place))


def _wrong_kind(place: Place, troubles: Iterable[_Trouble], value: Any, model: type[Part]) -> Fault:
    kinds = list(dict.fromkeys(trouble.expected for trouble in troubles))
    shape = shape_at(place, model)
    if shape.is_parameter:
        problem = f"is {describe(value)}, but a value needs a unit, a prior and a source"
        return Fault(problem, example(shape, value), path=dotted(place))
    unit = shape_at(place[:-1], model).unit
    if unit is not None and place[-1] == "value":
        kinds = [_EXPECTED["date" if unit.name == "date" else "float"]]
    fix = _with_a_dot(value) if _EXPECTED["float"] in kinds else ""
    return Fault(f"is {describe(value)}, expected {' or '.join(kinds)}", fix, path=dotted(place))


def _with_a_dot(value: Any) -> str:
    """How a number that people write otherwise is to be written, if it is one.

    >>> _with_a_dot("0,4"), _with_a_dot("40 %"), _with_a_dot("much")
    ('write 0.4', 'write 0.4', '')
    >>> _with_a_dot("1,234")  # or 1234
    ''
    """
    found = re.fullmatch(r"\s*(-?\d+)(?:[.,](\d+))?\s*(%?)\s*", str(value))
    if found is None or (found[1].strip("-0") and len(found[2] or "") == _THOUSANDS):
        return ""
    number = float(f"{found[1]}.{found[2] or 0}")
    return f"write {number / 100 if found[3] else number:g}"


def example(shape: Shape, value: Any = None, key: str = "") -> str:
    """How a parameter is written, after its key if that is given."""
    unit = shape.unit.name if shape.unit else "..."
    prior = "{uniform: [low, high]}"
    shown = describe(value) if isinstance(value, int | float) else "..."
    return (
        "write "
        + (f"{key}: " if key else "")
        + _EXAMPLE.format(value=shown, unit=unit, prior=prior)
    )


def _other(trouble: _Trouble, model: type[Part]) -> Fault:
    kind, context = trouble.error["type"], trouble.error.get("ctx", {})
    path = dotted(trouble.place)
    if trouble.is_unknown_key:
        return _unknown_key(trouble.place, trouble.error["input"], model)
    if kind == "value_error":
        problem, *fix = context["error"].args
        return Fault(problem, " ".join(fix), path=path)
    if kind == "string_pattern_mismatch":
        problem = f"is {describe(trouble.error['input'])}, which is not well-formed"
        return Fault(problem, f"it must match {context['pattern']}", path=path)
    if kind in ("too_short", "too_long"):
        word = "at least" if kind == "too_short" else "at most"
        limit = context.get("min_length", context.get("max_length"))
        count = len(
            trouble.error["input"]
        )  # the context leaves it out where counting stopped early
        return Fault(f"has {count} entries, {word} {limit} expected", path=path)
    for name, word in (("ge", "at least"), ("le", "at most"), ("gt", "more than"), ("lt", "below")):
        if name in context:
            problem = f"is {describe(trouble.error['input'])}, must be {word} {context[name]}"
            return Fault(problem, path=path)
    return Fault(trouble.error["msg"][:1].lower() + trouble.error["msg"][1:], path=path)


def _unknown_key(place: Place, value: Any, model: type[Part]) -> Fault:
    if value is None and " " in str(place[-1]):
        # In {}, a comma starts a new key: the rest of an unquoted note ends up here.
        fix = "put text that contains a comma in quotes"
        return Fault(f"unknown key '{place[-1]}'", fix, path=dotted(place[:-1]))
    if value is None and str(place[-1]).isdecimal():  # the rest of a number such as 0,4
        fix = "numbers have a point and no comma: 0.4, 20000"
        return Fault(f"unknown key '{place[-1]}'", fix, path=dotted(place[:-1]))
    if place[0] in ("claims", "reports") and is_personal(str(place[-1])):
        return Fault(f"unknown key '{place[-1]}', of a person", WHY, path=dotted(place))
    if len(place) == 3 and place[0] in _OTHER_PART:
        part, fix = _OTHER_PART[place[0]]
        if place[-1] in part.model_fields:
            return Fault(f"unknown key '{place[-1]}'", fix, path=dotted(place))
    known = list(shape_at(place[:-1], model).keys or ())
    if len(place) == 1 and model is Scenario:
        known += LOADER_KEYS
    return Fault(f"unknown key '{place[-1]}'", nearest(str(place[-1]), known), path=dotted(place))


def _unknown_keys(parent: Place, places: Sequence[Place]) -> Fault:
    first = ", ".join(f"'{place[-1]}'" for place in places[:3])
    problem = f"{len(places):,} unknown keys: {first}, ..."
    return Fault(problem, "is this a file of the right kind?", path=dotted(parent))
