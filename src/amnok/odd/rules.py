"""The rules as sections of the description: each with its formula, arguments, units and source."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from types import FunctionType, ModuleType

from amnok.compiling.decorators import is_rule
from amnok.mechanisms import MECHANISMS
from amnok.odd.text import bullets, link, plain, prose
from amnok.scenario import Scenario

_RULES_TABLE = re.compile(r"^\| (`[\w`, ]+`) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_HEAD = re.compile(r"^(Args|Returns|Raises|Attributes|Source):(.*)$")
_ARGUMENT = re.compile(r"^ {4}(\w[\w, ]*): (.*)$")


@dataclass(frozen=True)
class RuleModule:
    """A module with rules: its name and package, what it is about, the claims it stands on."""

    module: str
    package: str
    label: str
    claims: str

    def is_in(self, scenario: Scenario | None) -> bool:
        """Whether a border has it; some or other border, if there is none given."""
        return scenario is None or self.package == "rules" or scenario.has(self.module)

    @property
    def code(self) -> ModuleType:
        """The module itself."""
        return import_module(f"amnok.{self.package}.{self.module}")


def systems(scenario: Scenario | None = None) -> list[RuleModule]:
    """The modules with rules that a border has: mechanisms by day, then those in `amnok.rules`."""
    listed = _RULES_TABLE.findall(import_module("amnok.rules").__doc__ or "")
    of_mechanisms = (one for one in MECHANISMS if one.label)
    known = [RuleModule(one.name, "mechanisms", one.label, one.claims) for one in of_mechanisms]
    known += (
        RuleModule(module, "rules", label[:1].upper() + label[1:], claims)
        for modules, label, claims in listed
        for module in re.findall(r"\w+", modules)
    )
    return [system for system in known if system.is_in(scenario)]


def rules(scenario: Scenario | None = None) -> Mapping[str, FunctionType]:
    """Every public rule of a border by its name, as in `guards.agreed_bribe`."""
    there = {system.module for system in systems(scenario)}
    return {name: rule for name, rule in _rules().items() if name.partition(".")[0] in there}


@cache
def _rules() -> Mapping[str, FunctionType]:
    found = {}
    for system in systems():
        module = system.code
        for name, value in vars(module).items():
            rule = getattr(value, "py_func", value)
            own = is_rule(rule) and rule.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{system.module}.{name}"] = rule
    return found


def submodels(scenario: Scenario) -> str:
    """A section for each file of rules."""
    return "\n\n".join(_submodel(system, scenario) for system in systems(scenario))


def system_link(scenario: Scenario, module: str) -> str:
    """A link to the section of a file of rules.

    Raises:
        KeyError: no such file.
    """
    found = {system.module: system for system in systems(scenario)}[module]
    return link(f"`{module}`", _heading(found, scenario))


def rule_link(scenario: Scenario, name: str) -> str:
    """A link to a rule, given as in `guards.agreed_bribe`.

    Raises:
        KeyError: no such public rule.
    """
    if name not in rules(scenario):
        raise KeyError(name)
    return link(f"`{name}`", name)


def _heading(system: RuleModule, scenario: Scenario) -> str:
    place = systems(scenario).index(system) + 1
    return f"7.{place} {system.label} ({system.module})"


def _submodel(system: RuleModule, scenario: Scenario) -> str:
    doc = taken_apart(inspect.getdoc(system.code) or "")
    about = [_linked(text, system.module, scenario) for text in doc.text]
    stands = [f"Claims: {plain(system.claims)}."] if system.claims != "-" else []
    own = [name for name in rules(scenario) if name.partition(".")[0] == system.module]
    head = f"### {_heading(system, scenario)}"
    return "\n\n".join([head, *about, *stands, *(_rule(one, scenario) for one in own)])


def _rule(name: str, scenario: Scenario) -> str:
    module, _, own = name.partition(".")
    arguments = list(inspect.signature(rules()[name]).parameters)
    doc = taken_apart(inspect.getdoc(rules()[name]) or "")
    lines = [
        f"`{one}`"
        + (f": {_linked(doc.arguments[one], module, scenario)}" if one in doc.arguments else "")
        for one in arguments
    ]
    if doc.returns:
        lines.append(f"Gives: {_linked(doc.returns, module, scenario)}")
    text = [f"#### {name}", f"`{own}({', '.join(arguments)})`"]
    text += [_linked(one, module, scenario) for one in doc.text] + [bullets(lines)]
    if doc.source:
        text.append(f"Source: {_linked(doc.source, module, scenario)}")
    return "\n\n".join(text)


def _linked(text: str, module: str, scenario: Scenario) -> str:
    """A docstring's text in which the names of rules are links."""

    def replaced(found: re.Match[str]) -> str:
        names = (found[1], f"{module}.{found[1]}")
        known = (rule_link(scenario, name) for name in names if name in rules(scenario))
        return next(known, found[0])

    return re.sub(r"`([\w.]+)`", replaced, prose(text))


@dataclass
class Docstring:
    """The parts of a docstring; doctests are left out.

    >>> parts = taken_apart('Half of it.\\n\\nArgs:\\n    x: a length (m).\\n\\nSource: A01.')
    >>> parts.text, parts.arguments, parts.source
    (['Half of it.'], {'x': 'a length (m).'}, 'A01.')
    """

    text: list[str] = field(default_factory=list)
    arguments: dict[str, str] = field(default_factory=dict)
    returns: str = ""
    source: str = ""


def taken_apart(doc: str) -> Docstring:
    """The parts of a docstring that has been cleaned of its indent."""
    result = Docstring()
    for block in doc.split("\n\n"):
        lines = block.splitlines()
        head = _HEAD.match(lines[0]) if lines else None
        if head is None:
            said = [line for line in _before_doctest(lines) if line.strip()]
            if said:
                result.text.append(" ".join(line.strip() for line in said))
            continue
        body = _before_doctest([head[2], *lines[1:]])
        whole = " ".join(" ".join(body).split())
        if head[1] == "Args":
            result.arguments = _arguments(body)
        elif head[1] == "Returns":
            result.returns = whole
        elif head[1] == "Source":
            result.source = whole
    return result


def _before_doctest(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if line.lstrip().startswith(">>>"):
            return lines[:place]
    return lines


def _arguments(lines: list[str]) -> dict[str, str]:
    result: dict[str, str] = {}
    last: list[str] = []
    for line in lines:
        found = _ARGUMENT.match(line)
        if found:
            last = [one.strip() for one in found[1].split(",")]
            result |= dict.fromkeys(last, found[2])
        elif line.strip():
            for one in last:
                result[one] += " " + line.strip()
    return result
