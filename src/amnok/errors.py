"""Errors: what can go wrong, and how it is reported.

    AmnokError                 any error that the user can fix; exit status 2
    ├── ScenarioError          a scenario file or an override is wrong (all errors at once)
    └── FolderError            a folder of results cannot be written, read or resumed

A fault says where (file, line, path in the file), what is wrong and what would be right. Everything
that is not an AmnokError is a bug of ours and keeps its traceback.
"""

from __future__ import annotations

import contextlib
import difflib
import errno
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_TOLD = 100
_MOST_COMPARED = 500  # names, and letters of one: more would take minutes
_LONGEST = 300  # letters of a file's name that a message needs
# Control characters but tab and newline, and marks that change the direction or place of others.
_MARKS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """A text from a file or a command line, with the marks that are not seen written out.

    >>> visible("abc\\u202egnp.exe")
    'abc\\\\u202egnp.exe'
    """
    return _MARKS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@dataclass(frozen=True)
class Fault:
    """One error: in which file and line, at which path in it, the problem, and the fix."""

    problem: str
    fix: str = ""
    path: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        file = self.file
        if len(file) > _LONGEST:
            file = f"{file[: _LONGEST // 2]}...{file[-_LONGEST // 2 :]}"
        place = file if self.line is None else f"{file}:{self.line}"
        where = ": ".join(part for part in (place, self.path) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        # Names come from files and may hold anything: a fault still takes one line.
        told = f"{text} ({self.fix})" if self.fix else text
        return visible(" ".join(told.split()))


class AmnokError(Exception):
    """An error that the user can fix; carries every fault found, not only the first.

    `told` are those that are shown: the first hundred, and one line that counts the rest.
    """

    def __init__(self, faults: Iterable[Fault] | Fault | str) -> None:
        if isinstance(faults, str):
            faults = Fault(faults)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.told))

    @property
    def told(self) -> tuple[Fault, ...]:
        """Every fault, or the first of very many and how many there are beside."""
        beside = len(self.faults) - MOST_TOLD
        if beside <= 0:
            return self.faults
        counted = f"and {beside:,} more fault{'s' if beside > 1 else ''}"
        return (*self.faults[:MOST_TOLD], Fault(counted, "correct these first"))


class ScenarioError(AmnokError):
    """A scenario file, or an override of it, is wrong."""


class FolderError(AmnokError):
    """A folder of results cannot be written, read or resumed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Advice for a name that is not known: the nearest spelling, or what there is.

    >>> nearest("helbs", ["herbs", "fruit"])
    "did you mean 'herbs'?"
    >>> nearest("xyz", ["herbs", "fruit"])
    'one of: fruit, herbs'
    """
    names = sorted(known)
    if not names:
        return "none is defined"
    is_quick = max(len(names), len(name)) <= _MOST_COMPARED
    close = difflib.get_close_matches(name, names, n=1) if is_quick else []
    if close:
        return f"did you mean '{close[0]}'?"
    return f"one of: {', '.join(names[:12])}" + (", ..." if len(names) > 12 else "")


_DRAWS = "sweep,sensitivity"
_EXTRA_OF_VERB = {
    **dict.fromkeys(("ask", "bank", "infer"), "infer"),
    **dict.fromkeys(("discover", "regret", "sensitivity", "sweep"), _DRAWS),
}
_EXTRA_OF_LIBRARY = {
    **dict.fromkeys(("SALib", "scipy"), "sensitivity"),
    **dict.fromkeys(("dask", "distributed", "duckdb"), "sweep"),
    "highspy": "solve",
}


@contextlib.contextmanager
def needs_extra(verb: str = "") -> Iterator[None]:
    """Within, a library of an extra that is not installed is one fault that names the extra.

    Args:
        verb: what is done; it may need more than the library that is missed first.

    Raises:
        AmnokError: there is one.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").split(".")[0]
        if library not in _EXTRA_OF_LIBRARY:
            raise
        extra = _EXTRA_OF_VERB.get(verb, _EXTRA_OF_LIBRARY[library])
        problem = f"this needs {library}, which is not installed"
        raise AmnokError(Fault(problem, f"pip install 'amnok[{extra}]'")) from None


FULL = "the disk is full"


def reason(error: OSError) -> str:
    """What the system says, in small letters; that a disk is full in one way."""
    said = (error.strerror or str(error)).lower()
    # DuckDB gives no number.
    is_full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "no space left" in said
    return FULL if is_full else said
