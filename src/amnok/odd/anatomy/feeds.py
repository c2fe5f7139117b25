"""What feeds a rule: the parameters, state variables and other results in its arguments.

The source is followed from a parameter's name through assignments, returned values, arguments and
the records that steps hand on, up to the arguments of rules; there it stops, as what a rule makes
of its arguments is the rule's own. Order and conditions are passed over, so an argument may name
more than reaches it on a given day, and never less of what the source spells out.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from amnok.odd.anatomy.code import Code, decisions_in, read_code, resolved
from amnok.odd.anatomy.fields import daily_fields, person_fields, state_fields
from amnok.scenario.model import Scenario
from amnok.scenario.shape import Shape

# Where the world keeps a scenario's numbers, see `world.build.World`.
_WORLD = {
    "rates": "",
    "sizes": "traders.sizes.",
    "goods": "goods.",
    "routes": "route_kinds.",
    "border_share": "markets.border_share",
    "feeds": "markets.fed_by",
    "n_sources": "reporting.sources",
    "follow": "agencies.follow",
    "plan": "agencies.allocation",
}
_ROOTS = ("World", "State", "Scenario")
_TRANSPARENT = ("number", "date", "value", "values", "items")
_DEEPEST = 4
_COUNTS = ("len", "range")  # of what they are given they only say how many
_Values = frozenset[str]
_NOTHING: _Values = frozenset()


@dataclass(frozen=True)
class Feeds:
    """What was found.

    Attributes:
        arguments: by rule and argument, what stands in it: `parameter guards.penalty`,
            `state prices.price`, `world days.halt`, `rule chance.gumbel`, `draw ROUTE`.
        readers: by parameter, the functions that read it. A `*` stands for any name:
            `goods.*.value`.
    """

    arguments: Mapping[str, Mapping[str, tuple[str, ...]]]
    readers: Mapping[str, tuple[str, ...]]


def parameter_patterns() -> list[str]:
    """Paths of all parameters that a scenario may have, a `*` for each free name."""
    return list(_patterns(Shape(Scenario), ()))


def _patterns(shape: Shape, place: tuple[str, ...]) -> Iterator[str]:
    if shape.is_parameter:
        yield ".".join(place)
    elif shape.keys is not None:
        for key in shape.keys:
            yield from _patterns(shape.inside(key), (*place, key))
    elif (entry := shape.inside("*")).kind is not None:
        yield from _patterns(entry, (*place, "*"))


@cache
def feeds() -> Feeds:
    """Follow every function of the model until nothing new is found."""
    return _Tracer(read_code()).trace()


class _Tracer:
    """Values are sets of paths, as in `World.rates.guards.penalty` or `rule guards.deals`."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.kept: defaultdict[str, _Values] = defaultdict(frozenset)  # by variable, wherever
        self.fed: defaultdict[str, dict[str, _Values]] = defaultdict(dict)
        self.readers: defaultdict[str, set[str]] = defaultdict(set)
        self.declared = {path.replace(".*", ""): path for path in parameter_patterns()}
        self.state = {field.name for field in state_fields()}
        self.world = {field.name for field in daily_fields()} | {"season"}
        self.world |= {f"traits.{field.name}" for field in person_fields()}
        self.classes = {
            f"{module}.{node.name}": node
            for module, tree in code.modules.items()
            for node in tree.body
            if isinstance(node, ast.ClassDef)
        }
        self.function = ""

    def trace(self) -> Feeds:
        followed = [one for one in self.code.functions.values() if not one.is_rule]
        before, now = -1, 0
        while before != now:
            for one in followed:
                self._follow(one.name, one.tree)
            before, now = now, sum(map(len, self.kept.values()))
        arguments = {
            rule: {name: self._told(values, rule) for name, values in given.items()}
            for rule, given in self.fed.items()
        }
        readers = {path: tuple(sorted(names)) for path, names in self.readers.items()}
        return Feeds(arguments, readers)

    def _told(self, values: _Values, rule: str) -> tuple[str, ...]:
        known = {self._leaf(value) for value in values} - {"", f"rule {rule}"}
        order = ("parameter", "state", "world", "rule", "draw")
        return tuple(sorted(known, key=lambda one: (order.index(one.split()[0]), one)))

    def _leaf(self, value: str) -> str:
        """The parameter, state variable or other result that a path ends in, or nothing."""
        if value.startswith(("rule ", "draw ")):
            return value.replace("rule rules.", "rule ")
        root, _, path = value.partition(".")
        if root == "State":
            return f"state {path}" if path in self.state else ""
        if root == "World" and path in self.world:
            return f"world {path}"
        if root == "World":
            field, _, rest = path.partition(".")
            path = _WORLD.get(field, "?") + rest
        return f"parameter {self.declared[path]}" if path in self.declared else ""

    def _follow(self, name: str, tree: ast.FunctionDef) -> None:
        self.function = name
        for argument in tree.args.args:
            annotation = ast.unparse(argument.annotation) if argument.annotation else ""
            known = self._class(annotation)
            if known:
                self._keep(f"{name}:{argument.arg}", frozenset({known}))
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._assign(target, node.value)
            elif isinstance(node, ast.AugAssign | ast.AnnAssign) and node.value is not None:
                self._assign(node.target, node.value)
            elif isinstance(node, ast.For | ast.comprehension):
                self._bind(node.target, self._value(node.iter))
            elif isinstance(node, ast.Return) and node.value is not None:
                self._keep(f"{name}:return", self._value(node.value))
            if isinstance(node, ast.stmt):
                for one in ast.iter_child_nodes(node):
                    if isinstance(one, ast.expr):
                        self._value(one)

    def _class(self, annotation: str) -> str:
        """The root or the class that an annotation names, or nothing."""
        if annotation in _ROOTS:
            return annotation
        full = self.code.names[self.function.rpartition(".")[0]].get(annotation, "")
        return full if full in self.classes else ""

    def _keep(self, variable: str, values: _Values) -> None:
        self.kept[variable] |= values

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        pairs = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
        if pairs and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]
            for one, its in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                self._assign(one, its)
        else:
            self._bind(target, self._value(value))

    def _bind(self, target: ast.expr, values: _Values) -> None:
        if isinstance(target, ast.Tuple):
            for one in target.elts:
                self._bind(one, values)
        elif isinstance(target, ast.Subscript | ast.Starred):
            self._bind(target.value, values)
        elif isinstance(target, ast.Name):
            self._keep(f"{self.function}:{target.id}", values)
        elif isinstance(target, ast.Attribute):
            for owner in self._value(target.value):
                if owner in self.classes:
                    self._keep(f"{owner}:{target.attr}", values)

    def _value(self, node: ast.expr) -> _Values:
        if isinstance(node, ast.Name):
            return self.kept[f"{self.function}:{node.id}"]
        if isinstance(node, ast.Constant):
            return frozenset({f"text {node.value}"}) if isinstance(node.value, str) else _NOTHING
        if isinstance(node, ast.Attribute):
            owners = self._value(node.value)
            return self._union(self._member(owner, node.attr) for owner in owners)
        if isinstance(node, ast.Subscript):
            return self._value(node.value)
        if isinstance(node, ast.IfExp):
            self._value(node.test)  # read, but it chooses and does not feed
            return self._value(node.body) | self._value(node.orelse)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            for part in node.generators:
                self._bind(part.target, self._value(part.iter))
            return self._value(node.elt)
        inside = (one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
        return self._union(map(self._value, inside))

    def _union(self, values: Iterator[_Values]) -> _Values:
        return _NOTHING.union(*values)

    def _member(self, owner: str, name: str) -> _Values:
        if owner in self.classes:
            return self.kept[f"{owner}:{name}"]
        leaf = self._leaf(f"{owner}.{name}")
        if leaf.startswith("parameter "):
            self.readers[leaf.removeprefix("parameter ")].add(self.function)
        elif owner.startswith(("rule ", "draw ")) or name in _TRANSPARENT:
            return frozenset({owner})
        # A loop such as `part = part.next` would have no end.
        is_path = owner.partition(".")[0] in _ROOTS and owner.count(".") < _DEEPEST
        return frozenset({f"{owner}.{name}"}) if is_path else _NOTHING

    def _call(self, node: ast.Call) -> _Values:
        module = self.function.rpartition(".")[0]
        name = resolved(node.func, self.code.names[module], self.code.names)
        drawn = frozenset(f"draw {one}" for given in node.args for one in decisions_in(given))
        if drawn:
            for given in node.args:
                if isinstance(given, ast.Attribute):  # where the draws are to go
                    self._bind(given, drawn)
            return drawn
        if name.rpartition(".")[2] in _ROOTS:
            return frozenset({name.rpartition(".")[2]})
        if name in self.code.functions or name in self.classes:
            return self._hand_over(node, name)
        if isinstance(node.func, ast.Name) and node.func.id in _COUNTS:
            return _NOTHING
        inside = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Name) and node.func.id == "getattr":
            owners, names = self._value(inside[0]), self._value(inside[1])
            texts = [one.removeprefix("text ") for one in names if one.startswith("text ")]
            return self._union(self._member(one, text) for one in owners for text in texts)
        if isinstance(node.func, ast.Attribute):
            inside.append(node.func.value)
        return self._union(map(self._value, inside))

    def _hand_over(self, node: ast.Call, name: str) -> _Values:
        """Arguments reach what is called; what comes back is what it returns."""
        function = self.code.functions.get(name)
        names = function.arguments if function else self._fields(name)
        given = dict(zip(names, node.args, strict=False))
        given |= {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        for argument, value in given.items():
            found = self._value(value)
            if function and function.is_rule:
                fed = self.fed[name.removeprefix("rules.")]
                fed[argument] = fed.get(argument, _NOTHING) | found
            else:
                self._keep(f"{name}:{argument}", found)
        if function is None:
            return frozenset({name})
        return frozenset({f"rule {name}"}) if function.is_rule else self.kept[f"{name}:return"]

    def _fields(self, name: str) -> tuple[str, ...]:
        body = self.classes[name].body
        return tuple(ast.unparse(one.target) for one in body if isinstance(one, ast.AnnAssign))
