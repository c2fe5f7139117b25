"""Parts of the description that come from the model's own declarations: state, draws, counts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, get_type_hints

import numpy as np

from amnok import counts
from amnok.engine.state import State
from amnok.mechanisms import DECISIONS, MECHANISMS
from amnok.odd.rules import rules, system_link, systems, taken_apart
from amnok.odd.schedule import BEFORE, DAY, RunPhase, drawn_in, is_in
from amnok.odd.text import bullets, link, number, plain, prose, table
from amnok.results.visible import REPORT_COLUMNS
from amnok.scenario import Scenario
from amnok.scenario.presence import PLACES, VARIABLES, there
from amnok.variables import MONEY, OUTER_ARREST, QUESTION, Variable
from amnok.world.days import DAY as DAY_FIELDS
from amnok.world.days import WATER
from amnok.world.people import TRAITS
from amnok.world.rates import Field

# State of a border where somebody does such a thing, and of one that has a mechanism.
_NEEDS = {
    "known_until": QUESTION,
    "low_until": QUESTION,
    "sector_risk.taken_in": OUTER_ARREST,
    "sector_risk.arrest_belief": OUTER_ARREST,
    **{name: one.name for one in MECHANISMS for name in one.keeps},
}


def state_fields(scenario: Scenario | None = None) -> list[Field]:
    """The state variables of a border; those of a record follow its own entry."""
    result = []
    for name, hint in get_type_hints(State, include_extras=True).items():
        text, *inside = hint.__metadata__
        result.append(Field(name, hint.__origin__, text))
        for fields in inside:
            result += [one._replace(name=f"{name}.{one.name}") for one in fields]
    if scenario is None:
        return result
    return [one for one in result if one.name not in _NEEDS or scenario.has(_NEEDS[one.name])]


def state(scenario: Scenario) -> str:
    """State variables, one a row."""
    return _fields("state", state_fields(scenario))


def persons() -> str:
    """Lasting traits of persons."""
    return _fields("world.traits", TRAITS)


def daily(scenario: Scenario) -> str:
    """What each day brings."""
    named = {"days": DAY_FIELDS, "water": WATER if scenario.has("river") else []}
    return _fields(
        "world",
        (one._replace(name=f"{name}.{one.name}") for name, own in named.items() for one in own),
    )


def _fields(owner: str, fields: Iterable[Field]) -> str:
    rows = [(f"`{owner}.{one.name}`", prose(one.text), _kind(one.kind)) for one in fields]
    return table(("Variable", "What it is", "Type"), rows)


def _kind(kind: Any) -> str:
    if kind is Any:
        return "record"
    scalar = kind if isinstance(kind, type) else kind.__args__[1].__args__[0]
    return str(np.dtype(scalar))


def schedule(phases: Sequence[RunPhase], scenario: Scenario) -> str:
    """Phases in their order, with the functions that carry them, their formulas and draws."""
    there = (phase for phase in phases if any(is_in(scenario, one) for one in phase.steps))
    return "\n".join(_phase(place, phase, scenario) for place, phase in enumerate(there, 1))


def _phase(place: int, phase: RunPhase, scenario: Scenario) -> str:
    steps = (one for one in phase.steps if is_in(scenario, one))
    lines = [f"`{_short(one)}`: {prose(_parts(one).text[0])}" for one in steps]
    known = {system.module for system in systems(scenario)}
    formulas = [system_link(scenario, one) for one in phase.rules if one in known]
    if formulas:
        lines.append(f"Formulas: {', '.join(formulas)}")
    drawn = [decision(one.name) for one in phase.draws if is_in(scenario, one)]
    if drawn:
        lines.append(f"Draws: {', '.join(drawn)}")
    head = f"{place}. **{phase.name[:1].upper()}{phase.name[1:]}**: {plain(phase.text)}."
    return f"{head}\n{bullets(lines, depth=2)}"


def _short(name: str) -> str:
    return name.partition(".")[2] if name.count(".") > 1 else name


def _parts(name: str) -> Any:
    return taken_apart(inspect.getdoc(function(name)) or "")


def function(name: str) -> Callable[..., Any]:
    """A function of the model, given as in `engine.planning.plan`.

    Raises:
        KeyError: no such function.
    """
    module, _, own = name.rpartition(".")
    try:
        found = getattr(import_module(f"amnok.{module}"), own)
    except (ImportError, AttributeError):
        raise KeyError(name) from None
    plain_python: Callable[..., Any] = getattr(found, "py_func", found)
    return plain_python


def step(name: str) -> str:
    """A step of the run, given as in `engine.planning.plan`.

    Raises:
        KeyError: no such function.
    """
    function(name)
    return f"`{_short(name)}`"


def docs_of(name: str) -> str:
    """The docstring of a function, as text.

    Raises:
        KeyError: no such function.
    """
    return " ".join(map(prose, _parts(name).text))


def draws(scenario: Scenario) -> str:
    """Every decision that draws on a border, what it decides, and when it is drawn."""
    rows = [
        (f"`{one.name}`", str(int(one)), prose(one.text), ", ".join(drawn_in(one)) or "-")
        for one in DECISIONS
        if is_in(scenario, one)
    ]
    return table(("Decision", ">Number", "What the draw decides", "Drawn in"), rows)


def decision(name: str) -> str:
    """A link to the list of draws.

    Raises:
        KeyError: no such decision.
    """
    if name not in {one.name for one in DECISIONS}:
        raise KeyError(name)
    return link(f"`{name}`", "4.9 Stochasticity")


def measures(scenario: Scenario) -> str:
    """Everything that a run's dataset holds, ledger by ledger."""
    titles = {
        "truth": "Ledger of what happened (truth)",
        "visible": "Ledger of what can be seen (visible)",
    }
    parts = []
    for ledger, title in titles.items():
        rows = [
            (
                f"`{one.name}`",
                _meaning(one, scenario),
                scenario.currency if one.unit == MONEY else plain(one.unit),
                prose(one.table.by),
            )
            for one in counts.variables()
            if one.table.ledger == ledger and there(scenario, VARIABLES, one.name)
        ]
        if not rows:
            continue
        body = table(("Variable", "What it is", "Unit", "Counted"), rows)
        parts.append(f"##### {title}\n\n{body}")
    return "\n\n".join(parts)


def _meaning(variable: Variable, scenario: Scenario) -> str:
    """What a variable is, and each of the counts that it shows side by side."""
    beside = [one for one in counts.COUNTS if one.of == variable]
    kept = PLACES[variable.axis].of(scenario) if beside else ()
    shown = [f"`{beside[place].name}`: {prose(beside[place].text)}" for place in kept]
    along = [f"Along `{variable.axis}`:", *shown] if shown else []
    return " ".join([prose(f"{variable.label}. {variable.text}"), *along])


def report_columns() -> str:
    """Columns of the table of published reports."""
    return ", ".join(f"`{one}`" for one in REPORT_COLUMNS)


def measure(name: str) -> str:
    """A variable of the results.

    Raises:
        KeyError: no such variable.
    """
    counts.named(name)
    return f"`{name}`"


def variable(name: str) -> str:
    """A state variable.

    Raises:
        KeyError: no such variable.
    """
    if not any(one.name == name for one in state_fields()):
        raise KeyError(name)
    return f"`state.{name}`"


def counted(scenario: Scenario) -> str:
    """How many rules and decisions there are."""
    draws = sum(is_in(scenario, one) for one in DECISIONS)
    return f"{number(len(rules(scenario)))} rules and {number(draws)} kinds of draw"


def before(scenario: Scenario) -> str:
    """What happens once, before the first day."""
    return schedule(BEFORE, scenario)


def day(scenario: Scenario) -> str:
    """What happens every day."""
    return schedule(DAY, scenario)
