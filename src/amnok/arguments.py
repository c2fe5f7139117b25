"""Arguments of Amnok's verbs from Python: a name means the same in all of them, checked once.

`verb` marks a function that users call. Whatever somebody gives for an argument that stands in
`CHECKS` arrives as its check returns it, or ends in one clear message; None may stand where it is
the default.
"""

from __future__ import annotations

import datetime as dt
import functools
import inspect
import math
import operator
import os
from collections.abc import Callable, Mapping, Set
from contextlib import ExitStack
from numbers import Real
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from amnok.cells import in_words
from amnok.disk import folder_path
from amnok.errors import AmnokError, Fault, needs_extra
from amnok.progress import shown

Given = ParamSpec("Given")
Found = TypeVar("Found")
DEFAULT_SCENARIO = "sino-korean-border"
MOST = 10**9  # of whatever is counted: beyond, nothing ends and sizes overflow
MOST_SEED = 2**64 - 1
_LONGEST = 60  # letters of a value that a message shows


def verb(function: Callable[Given, Found]) -> Callable[Given, Found]:
    """A function for users: its arguments are checked, and in a notebook it shows a bar."""
    signature = inspect.signature(function)
    checked = {name: one for name, one in signature.parameters.items() if name in CHECKS}

    @functools.wraps(function)
    def called(*args: Given.args, **kwargs: Given.kwargs) -> Found:
        given = signature.bind(*args, **kwargs)
        told = given.arguments
        for name, parameter in checked.items():
            if name in told and not (told[name] is None and parameter.default is None):
                told[name] = CHECKS[name](name, told[name])
        with ExitStack() as within:
            within.enter_context(needs_extra(function.__name__))
            if "progress" in signature.parameters:
                told["progress"] = within.enter_context(shown(told.get("progress")))
            return function(*given.args, **given.kwargs)

    return called


def wrong(name: str, value: Any, fix: str) -> AmnokError:
    """What to say of an argument that is not what its name asks for."""
    text = in_words(value, repr)
    return AmnokError(Fault(f"{name} is {text[:_LONGEST]}{'...' * (len(text) > _LONGEST)}", fix))


def whole(name: str, value: Any, least: int = 0, most: int = MOST) -> int:
    """A whole number.

    Raises:
        AmnokError: it is something else, or out of range.
    """
    ends = f"from {least:,} to {'2**64 - 1' if most == MOST_SEED else f'{most:,}'}"
    try:
        number = least - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        raise wrong(name, value, f"a whole number {ends}")
    return number


def day(value: Any) -> dt.date:
    """A day: a date of Python, pandas or NumPy, or a text such as 2018-10-01.

    Raises:
        AmnokError: it is none.
    """
    try:
        text = midnight(value) if type(value).__name__ == "datetime64" else value
        found = dt.date.fromisoformat(text) if isinstance(text, str) else value
    except ValueError:
        found = None
    if not isinstance(found, dt.date) or found != found:
        raise AmnokError(Fault(f"{value!r} is not a day", "write a date such as 2018-10-01"))
    return found.date() if isinstance(found, dt.datetime) else found


def midnight(value: Any) -> str:
    """A date and time as a text, without the time if that is the beginning of the day.

    >>> midnight("2018-10-01T00:00:00.000"), midnight(dt.datetime(2018, 10, 1, 5))
    ('2018-10-01', '2018-10-01 05:00:00')
    """
    text = str(value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value)
    return text[:10] if not text[10:].strip("T :.0") else text


def listed(name: str, value: Any, fix: str) -> list[Any]:
    """What is in a list or the like; a set in order, as it has none of its own.

    Raises:
        AmnokError: it is no list.
    """
    try:
        if isinstance(value, bytes | Mapping):
            raise TypeError
        return sorted(value, key=str) if isinstance(value, Set) else list(value)
    except TypeError:
        raise wrong(name, value, fix) from None


def _seed(name: str, value: Any) -> int:
    return whole(name, value, 0, MOST_SEED)


def _count(name: str, value: Any) -> int:
    return whole(name, value, 1)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise wrong(name, value, "a text")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(name, value, "True or False")
    return value


def finite(name: str, value: Any) -> float:
    """A finite number of Python or NumPy.

    Raises:
        AmnokError: it is something else.
    """
    if getattr(value, "shape", None) == ():
        value = value.item()
    try:
        is_number = type(value) is not bool and isinstance(value, Real)
        number = float(value) if is_number else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise wrong(name, value, "a number")
    return number


def _names(name: str, value: Any) -> list[str]:
    """Texts, each once; one alone may stand for itself."""
    names = [value] if isinstance(value, str) else listed(name, value, "a name, or a list of them")
    return list(dict.fromkeys(_text(name, one) for one in names))


def _names_or_worlds(name: str, value: Any) -> Any:
    if not isinstance(value, Mapping):
        return _names(name, value)
    for one in value:
        _text(name, one)
    return value


def _path(name: str, value: Any) -> Path:
    return folder_path(value)


def _paths(name: str, value: Any) -> list[Path]:
    is_one = isinstance(value, str | os.PathLike)
    paths = [value] if is_one else listed(name, value, "a path, or a list of them")
    return [folder_path(one) for one in paths]


def pair_of_days(name: str, value: Any) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, of which either may be None.

    Raises:
        AmnokError: that is no such pair.
    """
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise wrong(name, value, "a pair of dates, or None for either end")
    first, last = (None if one is None else day(one) for one in value)
    return first, last


def _pairs(name: str, value: Any) -> list[Any]:
    """Pairs of windows, which whoever knows the period looks at; a text is one pair."""
    is_one = isinstance(value, str)
    return [value] if is_one else listed(name, value, "EARLIER:LATER, or a list of such pairs")


def _progress(name: str, value: Any) -> Any:
    if isinstance(value, bool) or callable(value):
        return value
    raise wrong(name, value, "True for a bar, False, or a function of what is done and of all")


CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "about": _text,
    "between": _pairs,
    "chart": _text,
    "check": whole,
    "choose": _names,
    "claim": _text,
    "days": pair_of_days,
    "draws": whole,
    "exact": _flag,
    "files": _paths,
    "full": whole,
    "ledgers": _paths,
    "moves": _flag,
    "most": _flag,
    "names": lambda name, value: _names(name, () if value is None else value),
    "of": _names,
    "out": _path,
    "outcome": _text,
    "relative_to": _text,
    "policies": lambda name, value: _names_or_worlds(name, () if value is None else value),
    "policy": _text,
    "progress": _progress,
    "reliability": _text,
    "replicates": _count,
    "scheduler": _text,
    "seed": _seed,
    "shift": finite,
    "since": lambda name, value: day(value),
    "size": _text,
    "target": _text,
    "threads": _count,
    "traders": _count,
    "until": lambda name, value: day(value),
    "variants": lambda name, value: _names_or_worlds(name, () if value is None else value),
    "weeks": _flag,
    "where": _text,
    "workers": _count,
}
"""How each argument is checked, by its name."""
