"""A scenario as plain data, whatever is wrong with it: what cannot be read is passed over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from amnok.errors import Fault, nearest

Data: TypeAlias = Mapping[str, Any]

ANY = "*"  # in a path: every name there is


def inside(data: Any, *keys: str) -> Data:
    """The mapping under keys; empty if there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def entries(data: Data, *keys: str) -> list[tuple[str, Data]]:
    """The named parts under keys, without those that are no mappings."""
    named = inside(data, *keys).items()
    return [(name, part) for name, part in named if isinstance(part, Mapping)]


def routes_of(data: Data) -> list[tuple[str, Data]]:
    """The routes of each sector."""
    return [(name, inside(one, "routes")) for name, one in entries(data, "sectors")]


def listed(value: Any) -> list[Any]:
    """The entries of a list; none of anything else."""
    return list(value) if isinstance(value, list | tuple) else []


def number(parameter: Any) -> float | None:
    """The value of a parameter; None if it is no number."""
    value = parameter.get("value") if isinstance(parameter, Mapping) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def expanded(data: Any, path: str) -> list[str]:
    """The paths that a path means in plain data, where `*` stands for every name there is."""
    found: list[tuple[tuple[str, ...], Any]] = [((), data)]
    for name in path.split("."):
        found = [
            ((*place, key), part[key])
            for place, part in found
            if isinstance(part, Mapping)
            for key in (part if name == ANY else [name] if name in part else [])
        ]
    return [".".join(place) for place, part in found if part is not None]


def sourced(data: Any, path: str = "") -> Iterator[tuple[str, Data]]:
    """Everything that stands on sources, with its path: parameters and signals."""
    if not isinstance(data, dict):
        return
    if "source" in data and ("value" in data or "points" in data):
        yield path, data
        if "value" in data:
            return  # a parameter holds no others
    for name, part in data.items():
        if isinstance(part, dict):
            yield from sourced(part, f"{path}.{name}" if path else str(name))


def unknown_names(names: Any, known: Collection[str], word: str, path: str) -> Iterator[Fault]:
    """A fault for each name of a list that is not among those that are known."""
    for position, name in enumerate(listed(names)):
        yield from unknown_name(name, known, word, f"{path}[{position}]")


def unknown_name(name: Any, known: Collection[str], word: str, path: str) -> Iterator[Fault]:
    """A fault if a name is not among those that are known."""
    if isinstance(name, str) and name not in known:
        yield Fault(f"unknown {word} '{name}'", nearest(name, known), path=path)
