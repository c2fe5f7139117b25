"""A docstring in the house's form, taken apart: text, arguments, what comes back, source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_HEAD = re.compile(r"^(Args|Returns|Raises|Attributes|Source):(.*)$")
_ARGUMENT = re.compile(r"^ {4}(\w[\w, ]*): (.*)$")


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
