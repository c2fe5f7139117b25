"""What stands in a cell of a table, and how people read it: numbers, dates and texts in short."""

from __future__ import annotations

import datetime as dt
import math
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from html import escape
from typing import Any, TypeAlias

from amnok.errors import visible

Cell: TypeAlias = str | int | float | Fraction | dt.date | tuple[str, ...] | None
Form: TypeAlias = Callable[[Any], str]

_STEPS = ((1e9, "B"), (1e6, "M"))
_THOUSAND = 1e3
_AWAY = Context(prec=1000, rounding=ROUND_HALF_UP)  # of any float, to any decimals
_LONGEST = 24  # of a fraction that people read


def one_line(text: str) -> str:
    r"""Text as people see it in a table: on one line, with marks that are not seen written out.

    >>> one_line("a\u202eb\x00\n")
    'a\\u202eb\\u0000 '
    """
    return visible(text.replace("\n", " ").replace("\t", " "))


def text_of(value: object) -> str:
    """Any text as HTML that shows it as it is."""
    return escape(one_line(str(value)))


def fixed(number: float, decimals: int = 0, form: str = "") -> str:
    """A number to some decimals, halves away from zero, as JavaScript's `toFixed` has it.

    Args:
        number: exact halves are those of its binary value.
        decimals: how many.
        form: of the text: `+` for a sign always, `,` for thousands.

    >>> fixed(76.5), fixed(-0.25, 1), fixed(1234.5, 0, "+,"), fixed(math.nan)
    ('77', '-0.3', '+1,235', 'nan')
    """
    if not math.isfinite(number):
        return f"{number:g}"
    exact = Decimal(float(number)).quantize(Decimal(1).scaleb(-decimals), context=_AWAY)
    return f"{exact:{form}f}"


def significant(number: float, digits: int) -> float:
    """A number to some digits, halves away from zero, as JavaScript's `toPrecision` has it.

    >>> significant(76.5, 2), significant(-12_345.0, 4), significant(0.00125, 2)
    (77.0, -12350.0, 0.0013)
    """
    return float(Context(digits, ROUND_HALF_UP).create_decimal(float(number)))


def compact(number: float) -> str:
    """A number to three digits, from a million on in millions (M) or billions (B).

    >>> [compact(x) for x in (0, 0.01234, 1.5, 12.34, 999.9, 12_345, -4.5e6, 1e-7, 2e15)]
    ['0', '0.0123', '1.50', '12.3', '1,000', '12,300', '-4.50M', '1e-07', '2e+15']
    """
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    number = significant(number, 3)
    if not 1e-4 <= abs(number) < 1e12:
        return f"{number:.3g}"
    for step, suffix in _STEPS:
        if abs(number) >= step:
            return _three_digits(number / step) + suffix
    return fixed(number, 0, ",") if abs(number) >= _THOUSAND else _three_digits(number)


def _three_digits(number: float) -> str:
    decimals = 2 - math.floor(math.log10(abs(number)))
    return fixed(number, min(max(decimals, 0), 6))


def counted(count: float, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "violation"), counted(2000, "period")
    ('1 violation', '2,000 periods')
    """
    number = f"{count:,}" if isinstance(count, int) else f"{count:g}"
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"


def full(number: Cell) -> str:
    """A number as it is: ten digits, or a fraction that is not too long to read.

    >>> full(0.1), full(20_000.0), full(Fraction(1, 3))
    ('0.1', '20000', '1/3')
    """
    if isinstance(number, Fraction):
        text = written(number)
        return text if len(text) <= _LONGEST else f"about {float(number):.10g}"
    return f"{number:.10g}" if isinstance(number, float) else plain(number)


def percent(share: float, decimals: int = 0) -> str:
    """A share.

    >>> percent(0.123), percent(0.98765), percent(0.125, 1)
    ('12%', '99%', '12.5%')
    """
    return f"{fixed(100 * share, decimals)}%"


def change(share: float) -> str:
    """A change, as a share of what was there before.

    >>> change(0.4), change(-0.0123)
    ('+40.0%', '-1.2%')
    """
    return f"{fixed(100 * share, 1, '+')}%"


def plain(cell: Cell) -> str:
    """A cell without more being said of it.

    >>> plain(12_345), plain(1234.5), plain(True), plain(("a", "b")), plain(dt.date(2020, 1, 2))
    ('12,345', '1,230', 'yes', 'a, b', '2020-01-02')
    """
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, tuple):
        return ", ".join(cell) or "-"
    if isinstance(cell, int):
        return f"{cell:,}"
    return full(cell) if isinstance(cell, Fraction) else compact(cell)


def in_words(value: object, write: Callable[[object], str] = str) -> str:
    """Any value in a message; Python writes no number of thousands of digits.

    >>> in_words([2]), in_words(10**5000)
    ('[2]', 'a number of thousands of digits')
    """
    try:
        return write(value)
    except ValueError:
        return "a number of thousands of digits"


def written(value: Fraction) -> str:
    """All digits, of which an exact answer may have more than Python writes out unasked."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        return str(value)
    finally:
        sys.set_int_max_str_digits(limit)
