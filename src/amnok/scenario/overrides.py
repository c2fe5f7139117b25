"""A scenario with some values changed: by hand, `--set guards.penalty=20000`, or in Python.

By hand, the left side is a dotted path into the scenario, or the name of a switch
(`--set chinese_crackdown=off`); a switch stands for other overrides, among them other switches. A
path that ends at a parameter sets its value and keeps unit, prior and source.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from numbers import Number
from typing import Any, TypeAlias

from pydantic import ValidationError

from amnok.arguments import midnight
from amnok.errors import Fault, ScenarioError, nearest
from amnok.scenario import consistency, document, wording
from amnok.scenario.as_written import SET_BY
from amnok.scenario.document import Document, Origin, Place, describe, value_at
from amnok.scenario.model import LEDGER, SAME_LEDGER, Scenario
from amnok.scenario.shape import shape_at

BY_HAND = "hand"  # who asked for what `--set` says
_FORM = "write PATH=VALUE, as in orders.cn_october.intensity=0.5, or SWITCH=OPTION"


@dataclass(frozen=True)
class Override:
    """A path, the value it gets, and who asked for it (for messages and the parameter's note)."""

    path: str
    value: Any
    by: str
    origin: Origin


@dataclass(frozen=True)
class Settings:
    """Overrides that stand together in a file: values by path or switch, and whose they are."""

    values: Mapping[str, Any]
    by: str
    origin: Origin


Sets: TypeAlias = Mapping[str, Any] | Iterable[str]


def texts(sets: Sets | None) -> list[str]:
    """Overrides as texts: of texts `path=value`, or of a mapping from path or switch to value.

    Raises:
        ScenarioError: they are neither.

    >>> texts({"sweep": "off", "guards.penalty": 5e4, "quiet": True})
    ['sweep=off', 'guards.penalty=50000.0', 'quiet=true']
    """
    if sets is None:
        return []
    if isinstance(sets, Mapping):
        return [f"{path}={_text(path, value)}" for path, value in sets.items()]
    try:
        texts: list[Any] = [None] if isinstance(sets, str | bytes | Set) else list(sets)
    except TypeError:
        texts = [None]
    if not all(isinstance(one, str) for one in texts):
        problem = f"sets is {sets!r}, neither a list of texts nor a dict"
        raise ScenarioError(Fault(problem, "write sets=['a.path=1'] or sets={'a.path': 1}"))
    return texts


def _text(path: Any, value: Any) -> str:
    """A value as one would type it; JSON is YAML."""
    try:
        plain = value if isinstance(value, str) else json.loads(json.dumps(value, default=_plain))
    except (TypeError, ValueError, OverflowError):
        problem = f"sets holds {describe(value)} for {path}"
        fix = "a number, a text, a date, a list or a dict"
        raise ScenarioError(Fault(problem, fix)) from None
    return plain if isinstance(plain, str) else json.dumps(plain)


def _plain(value: Any) -> Any:
    """Dates, and scalars of NumPy and pandas, as JSON has them."""
    if isinstance(value, dt.date) or getattr(getattr(value, "dtype", None), "kind", "") == "M":
        return midnight(value)
    return value.item() if hasattr(value, "item") and not value.shape else _number(value)


def _number(value: Any) -> float:
    if isinstance(value, Number):
        return float(value)  # type: ignore[arg-type]
    raise TypeError


def apply(
    base: Document, switches: Any, sets: Sets | None, settings: Sequence[Settings] = ()
) -> list[Fault]:
    """Apply overrides to a document in place, in the order given.

    Gives a fault for every override that cannot be read or has no place in the document, and for
    every one of `sets` that a later one of them would undo; settings may replace what `sets` say.
    """
    faults: list[Fault] = []
    held: dict[Place, Override] = {}
    switches = switches if isinstance(switches, Mapping) else {}
    asked = [functools.partial(_read, text) for text in texts(sets)]
    for one in settings:
        asked += [
            functools.partial(Override, path, value, one.by, one.origin)
            for path, value in one.values.items()
        ]
    for read in asked:
        try:
            override = read()
            _check_name(base, override, switches)
            if override.by == BY_HAND:
                _check_kept(base, override, switches, held)
            for each in _expanded(override, switches):
                _set(base, each)
        except ScenarioError as error:
            faults.extend(error.faults)
    return faults


def switch_faults(base: Document, switches: Any) -> list[Fault]:
    """What is wrong with the switches of a scenario, whether or not they are used."""
    if not isinstance(switches, Mapping):
        return [_switch_fault("switches", f"is {describe(switches)}, expected names with options")]
    return [fault for name in switches for fault in _faults_of_switch(base, switches, str(name))]


def _faults_of_switch(base: Document, switches: Mapping[str, Any], name: str) -> Iterator[Fault]:
    path = f"switches.{name}"
    if "." in name or not name:
        yield _switch_fault(path, "the name of a switch has no dots", "use _ instead")
    if name in base.data or name in (shape_at(()).keys or ()):
        yield _switch_fault(path, f"'{name}' is also a key of the scenario", "rename the switch")
    options = switches[name]
    if not isinstance(options, Mapping) or not options:
        yield _switch_fault(
            path, f"is {describe(options)}, expected options", "option: {path: value}"
        )
        return
    for option, settings in options.items():
        if not isinstance(settings, Mapping):
            problem = f"is {describe(settings)}, expected paths with values"
            yield _switch_fault(f"{path}.{option}", problem, "{path: value}")
            continue
        yield from _faults_of_option(base, switches, name, option)


def _faults_of_option(
    base: Document, switches: Mapping[str, Any], name: str, option: str
) -> Iterator[Fault]:
    try:
        for override in _expanded(_switch_override(name, option), switches):
            _place(base, override)
    except ScenarioError as error:
        for fault in error.faults:
            yield _switch_fault(f"switches.{name}.{option}", fault.problem, fault.fix)


def _check_name(base: Document, asked: Override, switches: Mapping[str, Any]) -> None:
    """A name without dots is a switch or a plain key: advice on a wrong one looks at both."""
    known = {*base.data, *(shape_at(()).keys or ()), *switches}
    if "." not in asked.path and asked.path not in known:
        plain = [key for key, value in base.data.items() if not isinstance(value, dict | list)]
        problem = f"no switch and no '{asked.path}' in the scenario"
        raise _fault(asked, problem, nearest(asked.path, map(str, [*switches, *plain])))


def _check_kept(
    base: Document, asked: Override, switches: Mapping[str, Any], held: dict[Place, Override]
) -> None:
    """Nothing that somebody asks for is undone by what they ask for next, in whole or in part."""
    reached = {_reach(base, each): each for each in _expanded(asked, switches)}
    is_switch = asked.path in switches
    if is_switch:
        reached[asked.path,] = asked
    for place, earlier in held.items():
        if earlier.by != BY_HAND and not is_switch:
            continue  # a value by hand is finer than what a switch stands for
        for here, each in reached.items():
            is_same = place == here and repr(earlier.value) == repr(each.value)
            if place[: len(here)] == here and not is_same:
                problem = f"would undo {earlier.origin.file}"
                raise _fault(asked, problem, "keep one of them, or the finer one last")
    held.update(reached)


def _reach(base: Document, override: Override) -> Place:
    """The place of all that an override replaces."""
    place = _place(base, override)
    is_value = shape_at(place).is_parameter and not isinstance(override.value, dict)
    return (*place, "value") if is_value else place


def _switch_override(name: str, option: str) -> Override:
    return Override(name, option, f"{name}={option}", Origin(""))


def _switch_fault(path: str, problem: str, fix: str = "") -> Fault:
    return Fault(problem, fix, path=path)


def _read(text: str) -> Override:
    label = f"--set {text}"
    path, equals, written = text.partition("=")
    if not equals or not path.strip():
        raise ScenarioError(Fault("is not an override", _FORM, file=label))
    value = document.value(written, label)
    return Override(path.strip(), value, BY_HAND, Origin(label))


def _expanded(
    override: Override, switches: Mapping[str, Any], ring: tuple[Override, ...] = ()
) -> Iterator[Override]:
    """The override itself, or what the switch that it names stands for.

    A switch met again on the way is a fault even with another option: it would contradict itself.
    """
    if override.path not in switches:
        yield override
        return
    ring = (*ring, override)
    if any(override.path == earlier.path for earlier in ring[:-1]):
        names = " -> ".join(f"{one.path}={_option(one)}" for one in ring)
        raise _fault(override, f"switches form a cycle: {names}", "break the cycle")
    settings = _settings(override, switches[override.path])
    by = f"{override.path}={_option(override)}"
    for path, value in settings.items():
        yield from _expanded(Override(path, value, by, override.origin), switches, ring)


def _settings(override: Override, options: Any) -> Mapping[str, Any]:
    option = _option(override)
    known = options if isinstance(options, Mapping) else {}
    if option not in known or not isinstance(known[option], Mapping):
        listed = ", ".join(str(name) for name in known) or "none"
        problem = f"'{option}' is not an option of the switch {override.path}"
        raise _fault(override, problem, f"options: {listed}")
    settings: Mapping[str, Any] = known[option]
    return settings


def _option(override: Override) -> str:
    """The option as text: `on=true` and `on=2` name the options 'true' and '2'."""
    if isinstance(override.value, bool):
        return str(override.value).lower()
    return str(override.value)


def _set(base: Document, override: Override) -> None:
    place = _place(base, override)
    if place[-1] == "value" and shape_at(place[:-1]).is_parameter:
        place = place[:-1]
    parent = value_at(base.data, place[:-1])
    old = parent.get(place[-1])
    value = override.value
    if shape_at(place).is_parameter and isinstance(old, dict) and not isinstance(value, dict):
        note = "; ".join(part for part in (old.get("note"), f"{SET_BY}{override.by}") if part)
        value = {**old, "value": value, "note": note}
    parent[place[-1]] = value
    _forget(base, place)
    base.origins[place] = override.origin


def _forget(base: Document, place: Place) -> None:
    """Lines of what was replaced no longer say where a value comes from."""
    for known in [known for known in base.origins if known[: len(place)] == place]:
        del base.origins[known]


def _place(base: Document, override: Override) -> Place:
    """The place that a path names; its last key may be one that the file leaves to its default."""
    place: tuple[str, ...] = ()
    data: Any = base.data
    names = override.path.split(".")
    for position, name in enumerate(names):
        is_last = position == len(names) - 1
        known = list(data) if isinstance(data, dict) else []
        allowed = list(shape_at(place).keys or ())
        if name not in known and not (is_last and isinstance(data, dict) and name in allowed):
            here = ".".join(place) or "the scenario"
            fix = nearest(name, {*known, *allowed})
            if name in allowed:  # it may stand there, and is left out
                fix = "a file that `extends` it can add one"
            raise _fault(override, f"no '{name}' in {here}", fix)
        place = (*place, name)
        data = data.get(name)
    return place


def _fault(override: Override, problem: str, fix: str) -> ScenarioError:
    path = "" if override.by == BY_HAND else override.by
    origin = override.origin
    return ScenarioError(Fault(problem, fix, path=path, file=origin.file, line=origin.line))


def with_values(scenario: Scenario, values: Mapping[str, float | dt.date]) -> Scenario:
    """The scenario with the values of some parameters replaced; units, priors, sources stay.

    Args:
        scenario: where to start from; it stays as it is.
        values: new value by dotted path of the parameter, as `Scenario.parameters` gives them.

    Raises:
        ScenarioError: with every path that is not a parameter, and every value that is not allowed.
    """
    if not values:
        return scenario
    known = dict(scenario.parameters())
    faults = [Fault("is not a parameter", path=path) for path in values if path not in known]
    if faults:
        raise ScenarioError(faults)
    parts = {path.partition(".")[0] for path in values}
    moved = scenario.model_dump(mode="json", by_alias=True, include=parts)
    for path, value in values.items():
        parameter = value_at(moved, tuple(path.split(".")))
        parameter["value"] = value.isoformat() if isinstance(value, dt.date) else value
    try:  # what stays as it is need not be read again
        return Scenario.model_validate(dict(scenario) | moved, context=SAME_LEDGER)
    except ValidationError as error:
        data = scenario.model_dump(mode="json", by_alias=True, exclude=LEDGER) | moved
        raise ScenarioError(
            [*wording.faults(error, data), *consistency.of_the_border(data)]
        ) from None
