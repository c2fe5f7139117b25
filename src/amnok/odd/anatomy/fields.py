"""What state variables, decisions and counts are, from the comments beside their declarations."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from amnok.results import measures
from amnok.results.measures import Measure

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Field:
    """A declared name, as in `guards.effort`, its type, and what the comment beside it says."""

    name: str
    kind: str
    text: str


@dataclass(frozen=True)
class Group:
    """Measures that are counted alike, what they are counted by, and their ledger."""

    text: str
    ledger: str
    measures: tuple[Measure, ...]


def state_fields() -> list[Field]:
    """Every state variable of a replicate; those of a record follow its own entry."""
    source = _Source("engine/state.py")
    result = []
    for field in source.class_fields("State"):
        result.append(field)
        result += [
            Field(f"{field.name}.{part.name}", part.kind, part.text)
            for part in source.record(f"{field.name}")
        ]
    return result


def person_fields() -> list[Field]:
    """The lasting traits of a person."""
    return _Source("world/people.py").record("traits")


def daily_fields() -> list[Field]:
    """What a day brings, whatever anyone does."""
    source = _Source("world/days.py")
    return [
        Field(f"{name}.{field.name}", field.kind, field.text)
        for name in ("days", "water")
        for field in source.record(name)
    ]


def decisions() -> list[Field]:
    """Every decision that draws; `kind` is its number."""
    return _Source("draws.py").class_fields("Decision")


def books() -> list[Group]:
    """Everything that the books hold, group by group."""
    source = _Source("results/measures.py")
    shown = _Source("results/visible.py").members_of("measures")
    result = []
    for name, line in source.assignments():
        found = tuple(_measures(getattr(measures, name)))
        if found:
            ledger = "visible" if name in shown else "truth"
            result.append(Group(source.comment_above(line), ledger, found))
    return result


def _measures(value: object) -> Iterator[Measure]:
    if isinstance(value, Measure):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _measures(one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _measures(one)


class _Source:
    """A file of the package: its syntax and, by line, its comments."""

    def __init__(self, path: str) -> None:
        text = (_ROOT / path).read_text(encoding="utf-8")
        self.tree = ast.parse(text)
        self.comments, self.whole = _comments(text)

    def class_fields(self, name: str) -> list[Field]:
        """Fields of a class, `name: kind` or `name = kind`."""
        found = next(
            node for node in self.tree.body if isinstance(node, ast.ClassDef) and node.name == name
        )
        result = []
        for node in found.body:
            if isinstance(node, ast.AnnAssign):
                result.append(self._field(ast.unparse(node.target), node.annotation, node))
            elif isinstance(node, ast.Assign):
                result.append(self._field(ast.unparse(node.targets[0]), node.value, node))
        return result

    def record(self, name: str) -> list[Field]:
        """Fields of the records kept under a name, or made by a function of that name."""
        declared = self._record_types().get(name)
        return [
            self._field(str(ast.literal_eval(entry.elts[0])), entry.elts[1], entry)
            for entry in (declared.elts if declared else ())
            if isinstance(entry, ast.Tuple)
        ]

    def assignments(self) -> list[tuple[str, int]]:
        """Names assigned at the top, and the line of each."""
        result = []
        for node in self.tree.body:
            if isinstance(node, ast.AnnAssign):
                result.append((ast.unparse(node.target), node.lineno))
            elif isinstance(node, ast.Assign):
                result += [(ast.unparse(target), node.lineno) for target in node.targets]
        return result

    def members_of(self, module: str) -> set[str]:
        """What is used of a module, as in `measures.SURVEY`."""
        return {
            node.attr
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == module
        }

    def comment_above(self, line: int) -> str:
        """The comment that stands on the lines above one, or above a block that it belongs to."""
        lines: list[str] = []
        while line - 1 in self.whole:
            line -= 1
            lines.insert(0, self.comments[line])
        return " ".join(lines)

    def _record_types(self) -> dict[str, ast.List]:
        """The list of fields behind `name = records(shape, _LIST)`, by name; `result` stands for
        the function that makes it."""
        lists = {
            node.targets[0].id: node.value
            for node in self.tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.List)
        }
        result = {}
        for function in self.tree.body:
            for node in ast.walk(function):
                if (
                    isinstance(function, ast.FunctionDef)
                    and isinstance(node, ast.Assign)
                    and isinstance(node.targets[0], ast.Name)
                    and isinstance(node.value, ast.Call)
                    and ast.unparse(node.value.func) == "records"
                ):
                    name, declared = node.targets[0].id, ast.unparse(node.value.args[1])
                    if declared in lists:
                        result[function.name if name == "result" else name] = lists[declared]
        return result

    def _field(self, name: str, kind: ast.expr, node: ast.stmt | ast.expr) -> Field:
        text = ast.unparse(kind).replace("np.", "").replace("NDArray[", "").replace("]", "")
        return Field(name, text, self.comments.get(node.end_lineno or 0, ""))


@cache
def _comments(text: str) -> tuple[dict[int, str], frozenset[int]]:
    """Comments by line, and the lines that hold nothing else."""
    comments: dict[int, str] = {}
    whole = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            comments[token.start[0]] = token.string.lstrip("# ")
            if token.line[: token.start[1]].strip() == "":
                whole.add(token.start[0])
    return comments, frozenset(whole)
