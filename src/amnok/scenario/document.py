"""YAML files as plain data with the line of every key.

Scalars follow the YAML 1.2 core schema, plus ISO dates and `_` between digits: `off` and `yes` are
texts, not truth values. Anchors, aliases, tags and merge keys are refused: a scenario says each
thing once, and a few lines of aliases could fill all memory.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from amnok.cells import in_words
from amnok.errors import Fault, ScenarioError, visible
from amnok.scenario.text_file import text_of

DEEPEST = 50
_TOO_DEEP = (f"is nested deeper than {DEEPEST} levels", "flatten it")

Key: TypeAlias = str | int
Place: TypeAlias = tuple[Key, ...]
Scalar: TypeAlias = bool | int | float | str | dt.date | None

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(_[0-9]+)*(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# What YAML does not allow in a text: control characters and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Origin:
    """Where something was written: a file (or an override) and its line."""

    file: str
    line: int | None = None


@dataclass
class Document:
    """Plain data, the origin of every key and list entry in it, and files not to be quoted from.

    `is_saved`: it is a scenario of Amnok's own making, overrides included. `faults`: what was wrong
    with the writing; whatever could be read all the same is in the data.
    """

    data: dict[str, Any]
    origins: dict[Place, Origin] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    is_saved: bool = False
    faults: list[Fault] = field(default_factory=list)

    def copy(self) -> Document:
        """The same again, to be changed."""
        data, origins = copy.deepcopy(self.data), dict(self.origins)
        return Document(data, origins, set(self.elsewhere), self.is_saved, [*self.faults])


def dotted(place: Place) -> str:
    """A place as people write it.

    >>> dotted(("goods", "herbs", "prior", "uniform", 0))
    'goods.herbs.prior.uniform[0]'
    """
    text = ""
    for key in place:
        text += f"[{key}]" if isinstance(key, int) else f".{key}"
    return text.removeprefix(".")


def located(fault: Fault, draft: Document) -> Fault:
    """The fault with file and line of the deepest part of its path that was written down."""
    if not fault.file:
        place = place_of(fault.path)
        while place and place not in draft.origins:
            place = place[:-1]
        origin = draft.origins.get(place, Origin(""))
        fault = replace(fault, file=origin.file, line=origin.line)
    if fault.file in draft.elsewhere:
        return Fault("is wrong here", "check it by itself", file=fault.file, line=fault.line)
    return fault


def value_at(data: Any, place: Place) -> Any:
    """What stands at a place of plain data."""
    for key in place:
        data = data[key]
    return data


def place_of(path: str) -> Place:
    """The place of a dotted path.

    >>> place_of("goods.herbs.sectors[0]")
    ('goods', 'herbs', 'sectors', 0)
    """
    place: list[str | int] = []
    for word in path.replace("[", ".[").split(".") if path else ():
        is_index = word.startswith("[") and word[1:-1].isdigit()
        place.append(int(word[1:-1]) if is_index else word)
    return tuple(place)


def scalar(text: str) -> Scalar:
    """What a plain scalar means.

    >>> [scalar(text) for text in ("off", "20_000", "1e-3", "~", "true")]
    ['off', 20000, 0.001, None, True]
    >>> scalar("2018-10-01")
    datetime.date(2018, 10, 1)
    """
    if text in _WORDS:
        return _WORDS[text]
    if DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    if _INTEGER.fullmatch(text) and len(text) < 19:
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def read(path: Path, label: str | None = None) -> Document:
    """The document in a file; `label` is what messages call the file.

    Raises:
        ScenarioError: the file cannot be read, or is not one YAML mapping.
    """
    return _faultless(read_all(path, label))


def read_all(path: Path, label: str | None = None) -> Document:
    """The document in a file, as far as it can be read: `faults` says what is wrong with it.

    Raises:
        ScenarioError: the file cannot be read, or is no YAML mapping at all.
    """
    label = str(path) if label is None else label
    return _parsed(text_of(path, label, may_be_wide=False), label)


def parse(text: str, label: str) -> Document:
    """The document that a text holds.

    Raises:
        ScenarioError: the text is not one YAML mapping, with every fault found on the way.
    """
    return _faultless(_parsed(text, label))


def _faultless(found: Document) -> Document:
    if found.faults:
        raise ScenarioError(found.faults)
    return found


def _parsed(text: str, label: str) -> Document:
    _refuse_unprintable(text, label)
    builder = _Builder(label)
    data = builder.build(text)
    if isinstance(data, dict):
        return Document(data, builder.origins, faults=builder.faults)
    if builder.faults:
        raise ScenarioError(builder.faults)
    if data is None:
        raise ScenarioError(Fault("the file is empty", "write keys with values", file=label))
    problem = f"holds {describe(data)}, not keys with values"
    fix = "start with lines such as 'name: my-border'"
    raise ScenarioError(Fault(problem, fix, file=label, line=1))


def value(text: str, label: str) -> Any:
    """What a value typed by hand means: a scalar, a list in [] or a mapping in {}.

    >>> value("{uniform: [0, 1]}", "--set")
    {'uniform': [0, 1]}
    """
    _refuse_unprintable(text, label)
    builder = _Builder(label, numbered=False)
    data = builder.build(text)
    if builder.faults:
        raise ScenarioError(builder.faults)
    return data


def describe(data: Any) -> str:
    """A value in a message: what it is, shortened.

    >>> describe([1, 2]), describe("abc"), describe(None)
    ('a list', "'abc'", 'nothing')
    """
    if data is None:
        return "nothing"
    if isinstance(data, dict):
        return "a mapping"
    if isinstance(data, list | tuple):
        return "a list"
    if isinstance(data, bool):
        return str(data).lower()
    # Marks that are not seen are written out already, and stay so.
    text = repr(data).replace("\\\\", "\\") if isinstance(data, str) else in_words(data)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _refuse_unprintable(text: str, label: str) -> None:
    found = _UNPRINTABLE.search(text)
    if found:
        raise ScenarioError(
            Fault(
                f"holds the control character U+{ord(found[0]):04X}",
                "remove it; is this a text file?",
                file=label,
                line=text.count("\n", 0, found.start()) + 1,
            )
        )


class _Builder:
    """Builds plain data from YAML events, and notes lines and faults on the way."""

    def __init__(self, label: str, numbered: bool = True) -> None:
        self.label = label
        self.numbered = numbered
        self.origins: dict[Place, Origin] = {}
        self.faults: list[Fault] = []

    def build(self, text: str) -> Any:
        """The data of the only document in a text; None if there is none."""
        try:
            return self._document(yaml.parse(text, Loader=_LOADER))
        except yaml.MarkedYAMLError as error:
            self._syntax_fault(error, text)
        except yaml.YAMLError as error:
            self.faults.append(Fault(f"is not YAML: {error}", file=self.label))
        return None

    def _document(self, events: Iterator[Any]) -> Any:
        data = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(event, (), "starts a second document", "keep one per file")
                    return data
            elif isinstance(event, yaml.NodeEvent):
                self.origins[()] = self._origin(event)
                data = self._node(event, events, ())
        return data

    def _node(self, event: Any, events: Iterator[Any], place: Place) -> Any:
        if len(place) > DEEPEST:
            # Nothing after this is worth reading, and reading on could exhaust the stack.
            self._fault(event, place[:3], *_TOO_DEEP)
            raise ScenarioError(self.faults)
        self._refuse_references(event, place)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, place)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        return None

    def _mapping(self, events: Iterator[Any], place: Place) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, events, place)
            if key in mapping:
                first = self.origins[(*place, key)].line
                self._fault(
                    event,
                    (*place, key),
                    f"is given twice, in lines {first} and {event.start_mark.line + 1}",
                    "keep one of them",
                )
            else:
                self.origins[(*place, key)] = self._origin(event)
            child = self._node(next(events), events, (*place, key))
            mapping.setdefault(key, child)
        return mapping

    def _sequence(self, events: Iterator[Any], place: Place) -> list[Any]:
        entries: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*place, len(entries))
            self.origins[here] = self._origin(event)
            entries.append(self._node(event, events, here))
        return entries

    def _key(self, event: Any, events: Iterator[Any], place: Place) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_references(event, place)
            if event.value == "<<" and not event.style:
                self._fault(event, place, "merge keys (<<) are not read", "write the keys out")
            return self._quoted(event, place)
        self._fault(event, place, "a key is not a plain word", "write 'key: value'")
        self._node(event, events, (*place, "?"))
        return "?"

    def _scalar(self, event: Any, place: Place) -> Scalar:
        plain = None if event.style else scalar(event.value)
        is_plain = not event.style and not isinstance(plain, str)
        return plain if is_plain else self._quoted(event, place)

    def _quoted(self, event: Any, place: Place) -> str:
        # An escape such as "\ud800" or "\0" brings in what the text itself may not hold.
        if event.style == '"' and _UNPRINTABLE.search(event.value):
            self._fault(event, place, "holds an escaped control character", "remove it")
            return ""
        return visible(str(event.value))

    def _refuse_references(self, event: Any, place: Place) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, place, f"aliases (*{event.anchor}) are not read", "write it out")
        elif event.anchor is not None:
            self._fault(event, place, f"anchors (&{event.anchor}) are not read", "remove it")
        if getattr(event, "tag", None) is not None:
            self._fault(event, place, f"tags ({event.tag}) are not read", "remove the tag")

    def _origin(self, event: Any) -> Origin:
        return Origin(self.label, event.start_mark.line + 1 if self.numbered else None)

    def _fault(self, event: Any, place: Place, problem: str, fix: str) -> None:
        origin = self._origin(event)
        self.faults.append(
            Fault(problem, fix, path=dotted(place), file=origin.file, line=origin.line)
        )

    def _syntax_fault(self, error: yaml.MarkedYAMLError, text: str) -> None:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        where = f" at column {mark.column + 1}" if mark else ""
        line = mark.line + 1 if mark and self.numbered else None
        told = (f"is not YAML{where}: {what}", "check indentation, colons, quotes and brackets")
        if mark and any(
            line[mark.column : mark.column + 1] == "\t"
            for line in text.split("\n")[mark.line : mark.line + 1]
        ):
            told = (f"has a tab{where}", "indent with spaces")
        if "nesting depth" in what:  # PyYAML from 6.0.4 on has a limit of its own
            told = _TOO_DEEP
        self.faults.append(Fault(*told, file=self.label, line=line))
