"""A scenario written back as one YAML text that reads as the same scenario."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from typing import Any

from amnok.scenario.document import scalar
from amnok.scenario.model import Scenario

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*( [A-Za-z0-9_./()-]+)*")
# Texts here, yet true or false to readers of YAML 1.1, such as PyYAML.
_ELSE_IN_OLD_YAML = re.compile("(?i)y|n|yes|no|on|off")
_PRINTABLE = re.compile("[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


def resolved(scenario: Scenario) -> str:
    """The scenario as one YAML document: nothing to look up, no switches, each value as it is used.

    `load_text` of it gives an equal scenario. A parameter takes one line.
    """
    return written(scenario.model_dump(by_alias=True, exclude_defaults=True))


def written_digest(scenario: Scenario) -> str:
    """SHA-256 of the scenario written out, as manifests have it."""
    return hashlib.sha256(resolved(scenario).encode()).hexdigest()


# What a scenario holds for readers only: nothing that is simulated depends on it.
_FOR_READERS: dict[str, Any] = {
    **dict.fromkeys(("title", "description", "stories", "words", "reports", "claims"), True),
    **dict.fromkeys(("references", "patterns", "charts", "rows", "map"), True),
    "goods": {"__all__": {"item": True}},
}
_WORDS = {"label", "called", "plural", "note", "sources"}


def acting_digest(scenario: Scenario) -> str:
    """SHA-256 of what simulations of a scenario and of its prior depend on, whatever it is called.

    Other words, notes and reports leave it as it is; so does a further source for a number, unless
    the number stands in it.
    """
    whole = scenario.model_dump(by_alias=True, exclude_defaults=True, exclude=_FOR_READERS)
    text = written({**_but_words(whole), "unfixed": list(scenario.unfixed)})
    return hashlib.sha256(text.encode()).hexdigest()


def _but_words(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _but_words(one) if isinstance(one, dict) else one
        for key, one in data.items()
        if key not in _WORDS or isinstance(one, dict)
    }


def written(data: dict[str, Any]) -> str:
    """Plain data as YAML; an empty text for none."""
    return "".join(f"{line}\n" for line in _lines(data, ""))


def _lines(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        name = text_of_key(str(key))
        if isinstance(value, dict) and value and not _is_parameter(value):
            yield f"{indent}{name}:"
            yield from _lines(value, indent + "  ")
        else:
            yield f"{indent}{name}: {entry(value)}"


def _is_parameter(value: dict[str, Any]) -> bool:
    return "prior" in value


def entry(value: Any) -> str:
    """A value on one line.

    >>> entry({"uniform": (0.5, 1e-07), "note": "off"})
    '{uniform: [0.5, 1.0e-07], note: "off"}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text_of_key(str(k))}: {entry(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(entry(one) for one in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    return text_of_key(value) if isinstance(value, str) else _number(value)


def _number(value: object) -> str:
    """The shortest digits; to readers of YAML 1.1 `1e-07` is a text, and `1.0e-07` a number."""
    digits, exponent, power = repr(value).partition("e")
    return digits + ".0" * bool(exponent and "." not in digits) + exponent + power


def text_of_key(text: str) -> str:
    """A text or key, in quotes unless it reads as itself without them, here and by other readers.

    >>> print(*map(text_of_key, ("north bank", "2018", "a: b", "no")))
    north bank "2018" "a: b" "no"
    """
    if _PLAIN.fullmatch(text) and not _ELSE_IN_OLD_YAML.fullmatch(text) and scalar(text) == text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(map(_escaped, escaped)) + '"'


def _escaped(character: str) -> str:
    return character if _PRINTABLE.match(character) else f"\\U{ord(character):08X}"
