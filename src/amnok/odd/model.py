"""Parts of the model's description that come from the model's own source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module

from amnok.odd.anatomy import (
    Field,
    Function,
    Step,
    books,
    daily_fields,
    decisions,
    feeds,
    person_fields,
    read_code,
    state_fields,
)
from amnok.odd.docstrings import taken_apart
from amnok.odd.tables import parameters_heading
from amnok.odd.text import bullets, link, number, plain, prose, table
from amnok.results.visible import REPORT_COLUMNS
from amnok.scenario import Scenario
from amnok.scenario.catalog import parameter_table

# In the order in which they happen: what is read from the source, and when.
STEPS = {
    "before": "world.build.build",
    "fresh": "engine.state.fresh_state",
    "day": "engine.day.run_days",
    "after": "results.visible.visible",
}
SHARED = "chance"  # distributions that every system uses: what feeds them is told where it is used
_RULES_TABLE = re.compile(r"^\| (`[\w`, ]+`) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def state(scenario: Scenario) -> str:
    """State variables, one a row."""
    return _fields("state", state_fields())


def persons(scenario: Scenario) -> str:
    """Lasting traits of persons."""
    return _fields("world.traits", person_fields())


def daily(scenario: Scenario) -> str:
    """What each day brings."""
    return _fields("world", daily_fields())


def _fields(owner: str, fields: Iterable[Field]) -> str:
    rows = [(f"`{owner}.{one.name}`", prose(one.text), _kind(one.kind)) for one in fields]
    return table(("Variable", "What it is", "Type"), rows)


def _kind(kind: str) -> str:
    return "record" if kind == "Records" else plain(kind.rstrip("_"))


def schedule(part: str) -> str:
    """The steps of a part of the run, in the order in which the source calls them."""
    root = read_code().steps(STEPS[part])
    return "\n".join(_told(step, 0) for step in _with_words(root.steps))


def _with_words(steps: Iterable[Step]) -> Iterator[Step]:
    """Steps that a docstring explains; of others, what they call."""
    for step in steps:
        if step.function.doc:
            yield step
        else:
            yield from _with_words(step.steps)


def _told(step: Step, depth: int) -> str:
    short = step.function.name.partition(".")[2]
    if step.again:
        return bullets([f"`{short}`, as above"], depth)
    words = [f"`{short}`: {prose(_summary(step.function))}"]
    if step.rules:
        words.append(f"Rules: {', '.join(rule_link(one) for one in step.rules)}.")
    if step.function.decisions:
        words.append(f"Draws: {', '.join(decision(one) for one in step.function.decisions)}.")
    lines = [bullets([" ".join(words)], depth)]
    return "\n".join(lines + [_told(one, depth + 1) for one in _with_words(step.steps)])


def _summary(function: Function) -> str:
    return (taken_apart(function.doc).text or [""])[0]


def draws(scenario: Scenario) -> str:
    """Every decision that draws, what it decides, and which steps draw it."""
    drawn: dict[str, list[str]] = {}
    for function in read_code().functions.values():
        for one in function.decisions:
            drawn.setdefault(one, []).append(function.name.partition(".")[2])
    rows = [
        (
            f"`{one.name}`",
            one.kind,
            prose(one.text),
            ", ".join(f"`{by}`" for by in drawn.get(one.name, ())) or "-",
        )
        for one in decisions()
    ]
    return table(("Decision", ">Number", "What the draw decides", "Drawn by"), rows)


def measures(scenario: Scenario) -> str:
    """Everything that a run's dataset holds, ledger by ledger."""
    rows = [
        (
            f"`{one.name}`",
            prose(one.long_name),
            _unit(one.unit, scenario),
            prose(group.text.rstrip(".")),
        )
        for ledger in ("truth", "visible")
        for group in books()
        if group.ledger == ledger
        for one in group.measures
    ]
    shown = sum(len(group.measures) for group in books() if group.ledger == "visible")
    parts = [
        f"##### {title}\n\n" + table(("Variable", "What it is", "Unit", "Counted"), some)
        for title, some in (
            ("Ledger of what happened (truth)", rows[:-shown]),
            ("Ledger of what can be seen (visible)", rows[-shown:]),
        )
    ]
    return "\n\n".join(parts)


def report_columns(scenario: Scenario) -> str:
    """Columns of the table of published reports."""
    return ", ".join(f"`{one}`" for one in REPORT_COLUMNS)


def _unit(unit: str, scenario: Scenario) -> str:
    return scenario.currency if unit == "money" else plain(unit)


def docs_of(function: str) -> str:
    """The docstring of a function, as text.

    Raises:
        KeyError: no such function.
    """
    return " ".join(map(prose, taken_apart(read_code().functions[function].doc).text))


def submodels(scenario: Scenario) -> str:
    """A section for each file of rules, in the order of the list in `amnok.rules`."""
    paths = [row.path for row in parameter_table(scenario)]
    return "\n\n".join(
        _submodel(place, module, system, claims, paths)
        for place, (module, system, claims) in enumerate(_systems(), 1)
    )


def _systems() -> list[tuple[str, str, str]]:
    """Each file of rules with its system and claims; files that share a row follow each other."""
    listed = {
        module: (system, claims)
        for modules, system, claims in _RULES_TABLE.findall(
            import_module("amnok.rules").__doc__ or ""
        )
        for module in re.findall(r"\w+", modules)
    }
    found = dict.fromkeys(one.name.split(".")[1] for one in read_code().rules())
    order = sorted(found, key=lambda one: list(listed).index(one) if one in listed else len(listed))
    return [(one, *listed.get(one, (one, "-"))) for one in order]


def _submodel(place: int, module: str, system: str, claims: str, paths: list[str]) -> str:
    doc = taken_apart(import_module(f"amnok.rules.{module}").__doc__ or "")
    rules = [one for one in read_code().rules() if one.name.split(".")[1] == module]
    title = f"### 7.{place} {system[:1].upper() + system[1:]} ({module})"
    about = [_linked(text, module) for text in doc.text]
    stands = [f"Claims: {plain(claims)}."] if claims != "-" else []
    return "\n\n".join([title, *about, *stands, *(_rule(one, paths) for one in rules)])


def rule_heading(rule: str) -> str:
    """The heading of a rule, given as in `guards.deals`."""
    return rule


def rule_link(name: str) -> str:
    """A link to a rule, given as in `guards.deals` or `rules.guards.deals`.

    Raises:
        KeyError: no such public rule.
    """
    short = name.removeprefix("rules.")
    if short.partition(".")[2].startswith("_"):
        raise KeyError(name)
    return link(f"`{short}`", rule_heading(read_code().functions[f"rules.{short}"].name[6:]))


def _rule(rule: Function, paths: list[str]) -> str:
    short = rule.name.removeprefix("rules.")
    module, _, own = short.partition(".")
    doc = taken_apart(rule.doc)
    fed = feeds().arguments.get(short, {}) if module != SHARED else {}
    lines = []
    for argument in rule.arguments:
        said = doc.arguments.get(argument, "")
        given = ", ".join(_source(one, paths) for one in fed.get(argument, ()))
        lines.append(
            f"`{argument}`"
            + (f": {_linked(said, module)}" if said else "")
            + (f" From: {given}." if given else "")
        )
    if doc.returns:
        lines.append(f"Gives: {_linked(doc.returns, module)}")
    text = [f"#### {short}", f"`{own}({', '.join(rule.arguments)})`"]
    text += [_linked(one, module) for one in doc.text] + [bullets(lines)]
    source = f"Source: {_linked(doc.source, module)} " if doc.source else ""
    return "\n\n".join([*text, f"{source}{_used(rule)}"])


def _used(rule: Function) -> str:
    by = [one.name for one in read_code().callers(rule.name)]
    if not by:
        return "No step of a run calls it; it is there to be read and for tests."
    return f"Called by {', '.join(map(_caller, by))}."


def _caller(name: str) -> str:
    is_private = "._" in name
    is_rule = name.startswith("rules.") and not is_private
    return rule_link(name) if is_rule else f"`{name.partition('.')[2]}`"


def _source(one: str, paths: list[str]) -> str:
    """Where an argument comes from, as `feeds` tells it."""
    kind, _, what = one.partition(" ")
    if kind == "parameter":
        section = what.partition(".")[0]
        has_table = any(path.partition(".")[0] == section for path in paths)
        return link(f"`{what}`", parameters_heading(section)) if has_table else f"`{what}`"
    if kind == "rule":
        return rule_link(what)
    return decision(what) if kind == "draw" else f"`{kind}.{what}`"


def decision(name: str) -> str:
    """A link to the list of draws.

    Raises:
        KeyError: no such decision.
    """
    if name not in {one.name for one in decisions()}:
        raise KeyError(name)
    return link(f"`{name}`", "4.9 Stochasticity")


def step(name: str) -> str:
    """A step of the run, given as in `engine.planning.plan`.

    Raises:
        KeyError: no such function.
    """
    return f"`{read_code().functions[name].name.partition('.')[2]}`"


def measure(name: str) -> str:
    """A variable of the results.

    Raises:
        KeyError: no such variable.
    """
    if not any(one.name == name for group in books() for one in group.measures):
        raise KeyError(name)
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
    rules, drawn = len(read_code().rules()), len(decisions())
    return f"{number(rules)} rules and {number(drawn)} kinds of draw"


def _linked(text: str, module: str) -> str:
    """A docstring's text in which the names of rules are links."""
    functions = read_code().functions

    def replaced(found: re.Match[str]) -> str:
        for name in (found[1], f"{module}.{found[1]}"):
            public = not name.rpartition(".")[2].startswith("_")
            if f"rules.{name}" in functions and public:
                return rule_link(name)
        return found[0]

    return re.sub(r"`([\w.]+)`", replaced, prose(text))
