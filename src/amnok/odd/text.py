"""Markdown for the model's description: text that stays text, tables, links, a table of contents.

Whatever a scenario says is shown and never read as Markdown or HTML (`plain`, `name`). Docstrings
are the model's own, with code in backticks, and keep that (`prose`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "`": "&#96;", "\\": "&#92;"}
_MARKS = re.compile(r"[&<>|`\\]|[*_\[\]~$#]")
_LIST_MARK = re.compile(r"^([-+=!]|\d+(?=[.)]))")
_CODE = re.compile(r"(`[^`]*`)")
_WORDS = re.compile(r"[^\w\- ]")


def plain(text: object) -> str:
    r"""A text that Markdown shows as it is, on one line.

    >>> plain("a | <b>`c`</b>")
    'a &#124; &lt;b&gt;&#96;c&#96;&lt;/b&gt;'
    >>> plain("# *x*")
    '\\# \\*x\\*'
    """
    line = " ".join(str(text).split())
    line = _MARKS.sub(lambda found: _ENTITIES.get(found[0], "\\" + found[0]), line)
    # A full stop or bracket makes a list of a number; a bare address would become a link.
    line = _LIST_MARK.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", line)
    return line.replace("://", ":&#47;&#47;").replace("www.", "www&#46;").replace("@", "&#64;")


def name(text: object) -> str:
    """A name as code, or as text where it holds what code cannot.

    >>> name("cn_october"), name("a`b")
    ('`cn_october`', 'a&#96;b')
    """
    line = " ".join(str(text).split())
    return plain(line) if re.search(r"[`|\\]", line) or not line else f"`{line}`"


def prose(text: str) -> str:
    """A docstring's text with its code as code, and nothing else in it taken for Markdown.

    >>> prose("falls as `1 - (1-l)**n`, see l*n < 1")
    'falls as `1 - (1-l)**n`, see l\\\\*n &lt; 1'
    """
    parts = _CODE.split(" ".join(text.split()))
    return "".join(part if part.startswith("`") else plain_inside(part) for part in parts)


def plain_inside(text: str) -> str:
    """`plain` for a part of a line, whose outer blanks stay."""
    core = text.strip()
    if not core:
        return text
    before, after = text[: text.index(core)], text[text.index(core) + len(core) :]
    return before + _MARKS.sub(lambda one: _ENTITIES.get(one[0], "\\" + one[0]), core) + after


def number(value: object) -> str:
    """A value in short; dates as they are.

    >>> number(300000.0), number(3e-05)
    ('300000', '3e-05')
    """
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; a `>` before a head sets its column right."""
    rule = ["--:" if one.startswith(">") else "---" for one in head]
    lines = [[one.lstrip(">") for one in head], rule, *rows]
    return "\n".join("| " + " | ".join(cell or " " for cell in line) + " |" for line in lines)


def bullets(lines: Iterable[str], depth: int = 0) -> str:
    """A list."""
    return "\n".join("  " * depth + f"- {line}" for line in lines)


def slug(heading: str) -> str:
    """What the anchor of a heading is called, as GitHub and its like make it.

    >>> slug("7.3 Border guards (`guards`)")
    '73-border-guards-guards'
    """
    return _WORDS.sub("", heading.strip().lower()).replace(" ", "-")


def link(text: str, heading: str) -> str:
    """A link to a heading of the same page."""
    return f"[{text}](#{slug(heading)})"


def contents(page: str, deepest: int) -> str:
    """A table of contents of all headings from the second level to the deepest wanted."""
    return "\n".join(_entries(page, deepest))


def _entries(page: str, deepest: int) -> Iterator[str]:
    for line in page.splitlines():
        marks, _, heading = line.partition(" ")
        if set(marks) == {"#"} and 2 <= len(marks) <= deepest:
            yield "  " * (len(marks) - 2) + f"- {link(heading, heading)}"


def or_none(text: str, rows: Sequence[object]) -> str:
    """A table, or that there is nothing in it."""
    return text if rows else "None."
