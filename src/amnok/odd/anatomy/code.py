"""The functions of the model as they stand in the source: who calls whom, and what is drawn.

The source is read and not run, so nothing is compiled for it, and what is said about the order of
a day cannot be older than the day itself.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_PARTS = ("draws.py", "rules/*.py", "world/*.py", "engine/*.py", "results/visible.py")
# How many people are handled at once, and how numbers are kept: means, and no part of the model.
_MACHINERY = ("engine.lanes", "engine.tally", "world.rates")


@dataclass(frozen=True)
class Function:
    """A function of the model.

    Attributes:
        name: as in `engine.planning.plan`.
        doc: its docstring, or nothing.
        arguments: names of its arguments.
        calls: functions of the model that it calls, in the order in which they stand.
        decisions: names of the decisions that it draws.
        tree: its syntax tree.
    """

    name: str
    doc: str
    arguments: tuple[str, ...]
    calls: tuple[str, ...]
    decisions: tuple[str, ...]
    tree: ast.FunctionDef

    @property
    def is_rule(self) -> bool:
        """Whether it is one of the model's formulas."""
        return self.name.startswith("rules.")


@dataclass(frozen=True)
class Step:
    """A function and what it calls, rules apart; `again` if it has been told before."""

    function: Function
    steps: tuple[Step, ...]
    rules: tuple[str, ...]
    again: bool


@dataclass(frozen=True)
class Code:
    """The model's source: syntax trees and docstrings of modules, functions, and who imports what.

    Attributes:
        modules: syntax tree by module, as in `engine.planning`.
        functions: by name.
        names: what a name stands for, by module and name.
    """

    modules: Mapping[str, ast.Module]
    functions: Mapping[str, Function]
    names: Mapping[str, Mapping[str, str]]

    def rules(self) -> list[Function]:
        """The public rules, file by file and in the order of the file."""
        rules = [one for one in self.functions.values() if one.is_rule]
        return [one for one in rules if not one.name.rpartition(".")[2].startswith("_")]

    def callers(self, name: str) -> list[Function]:
        """The functions that call one."""
        return [one for one in self.functions.values() if name in one.calls]

    def steps(self, root: str) -> Step:
        """A function with all that it calls, and so on down; each is told in full once.

        Raises:
            KeyError: there is no such function.
        """
        return self._step(root, set())

    def _step(self, name: str, told: set[str]) -> Step:
        function = self.functions[name]
        if name in told:
            return Step(function, (), (), again=True)
        told.add(name)
        rules = tuple(one for one in function.calls if self.functions[one].is_rule)
        others = [one for one in function.calls if not self.functions[one].is_rule]
        return Step(function, tuple(self._step(one, told) for one in others), rules, again=False)


@cache
def read_code() -> Code:
    """The source of rules, world, engine and of what is visible."""
    paths = [path for part in _PARTS for path in sorted(_ROOT.glob(part))]
    trees = {_module(path): ast.parse(path.read_text(encoding="utf-8")) for path in paths}
    names = {module: dict(_names(module, tree)) for module, tree in trees.items()}
    defined = {
        f"{module}.{node.name}": node
        for module, tree in trees.items()
        if not module.startswith(_MACHINERY)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    functions = {}
    for name, node in defined.items():
        known = names[name.rpartition(".")[0]]
        called = (resolved(call.func, known, names) for call in calls_in_order(node))
        functions[name] = Function(
            name=name,
            doc=ast.get_docstring(node) or "",
            arguments=tuple(one.arg for one in (*node.args.args, *node.args.kwonlyargs)),
            calls=tuple(dict.fromkeys(one for one in called if one in defined and _is_step(one))),
            decisions=tuple(dict.fromkeys(decisions_in(node))),
            tree=node,
        )
    return Code(trees, functions, names)


def _module(path: Path) -> str:
    parts = path.relative_to(_ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _is_step(name: str) -> bool:
    """Whether a call is worth telling: how a draw is made belongs to every draw."""
    return not name.startswith("draws.")


def _names(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each name at the top of a module stands for."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("amnok."):
            origin = (node.module or "").removeprefix("amnok.")
            for alias in node.names:
                yield alias.asname or alias.name, f"{origin}.{alias.name}"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, f"{module}.{node.name}"


def resolved(
    node: ast.expr, known: Mapping[str, str], names: Mapping[str, Mapping[str, str]]
) -> str:
    """The full name of what is called: `plan`, or `people.people` of an imported module."""
    if isinstance(node, ast.Attribute):
        inside = resolved(node.value, known, names)
        return f"{inside}.{node.attr}" if inside in names else ""
    if not isinstance(node, ast.Name):
        return ""
    full = known.get(node.id, "")
    package, _, name = full.rpartition(".")
    # A package hands out what its files define, maybe under the name of the file.
    return names.get(package, {}).get(name, full)


def calls_in_order(node: ast.AST) -> Iterator[ast.Call]:
    """Calls as they happen: what stands in an argument comes before the call itself."""
    for child in ast.iter_child_nodes(node):
        yield from calls_in_order(child)
    if isinstance(node, ast.Call):
        yield node


def decisions_in(node: ast.AST) -> Iterator[str]:
    """Names of the decisions that are mentioned, as in `Decision.ROUTE`."""
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "Decision":
            yield one.attr
