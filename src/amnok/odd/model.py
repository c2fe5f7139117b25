"""Parts of the description that come from the model's own declarations: state, draws, counts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any, get_type_hints

import numpy as np

from amnok import counts
from amnok.draws import Decision
from amnok.engine.state import State
from amnok.odd.rules import rules, system_link, taken_apart
from amnok.odd.schedule import BEFORE, DAY, Phase, drawn_in
from amnok.odd.text import bullets, link, number, plain, prose, table
from amnok.results.visible import REPORT_COLUMNS
from amnok.scenario import Scenario
from amnok.variables import MONEY, Variable
from amnok.world.days import DAY as DAY_FIELDS
from amnok.world.days import WATER
from amnok.world.people import TRAITS
from amnok.world.rates import Field


def state_fields() -> list[Field]:
    """Every state variable of a replicate; those of a record follow its own entry."""
    result = []
    for name, hint in get_type_hints(State, include_extras=True).items():
        text, *inside = hint.__metadata__
        result.append(Field(name, hint.__origin__, text))
        for fields in inside:
            result += [one._replace(name=f"{name}.{one.name}") for one in fields]
    return result


def state() -> str:
    """State variables, one a row."""
    return _fields("state", state_fields())


def persons() -> str:
    """Lasting traits of persons."""
    return _fields("world.traits", TRAITS)


def daily() -> str:
    """What each day brings."""
    named = {"days": DAY_FIELDS, "water": WATER}
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


def schedule(phases: Sequence[Phase]) -> str:
    """Phases in their order, with the functions that carry them, their formulas and draws."""
    return "\n".join(_phase(place, phase) for place, phase in enumerate(phases, 1))


def _phase(place: int, phase: Phase) -> str:
    lines = [f"`{_short(one)}`: {prose(_parts(one).text[0])}" for one in phase.steps]
    if phase.rules:
        lines.append(f"Formulas: {', '.join(map(system_link, phase.rules))}")
    if phase.draws:
        lines.append(f"Draws: {', '.join(decision(one.name) for one in phase.draws)}")
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


def draws() -> str:
    """Every decision that draws, what it decides, and when it is drawn."""
    rows = [
        (f"`{one.name}`", str(int(one)), prose(one.text), ", ".join(drawn_in(one)) or "-")
        for one in Decision
    ]
    return table(("Decision", ">Number", "What the draw decides", "Drawn in"), rows)


def decision(name: str) -> str:
    """A link to the list of draws.

    Raises:
        KeyError: no such decision.
    """
    return link(f"`{Decision[name].name}`", "4.9 Stochasticity")


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
                _meaning(one),
                scenario.currency if one.unit == MONEY else plain(one.unit),
                prose(one.table.by),
            )
            for one in counts.variables()
            if one.table.ledger == ledger
        ]
        body = table(("Variable", "What it is", "Unit", "Counted"), rows)
        parts.append(f"##### {title}\n\n{body}")
    return "\n\n".join(parts)


def _meaning(variable: Variable) -> str:
    """What a variable is, and each of the counts that it shows side by side."""
    shown = [f"`{one.name}`: {prose(one.text)}" for one in counts.COUNTS if one.of == variable]
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


def counted() -> str:
    """How many rules and decisions there are."""
    return f"{number(len(rules()))} rules and {number(len(Decision))} kinds of draw"


def before() -> str:
    """What happens once, before the first day."""
    return schedule(BEFORE)


def day() -> str:
    """What happens every day."""
    return schedule(DAY)
