"""Numbers as people say them: two to three digits, with the units that people use."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from amnok.cells import fixed, significant

_NAMED = ((1e9, "billion"), (1e6, "million"))
_TWICE = 2.0
_MOST_MORE = 5  # digits that numbers which are compared may have beyond the usual
_NEAR = 0.25  # of a difference, which rounding may change


def rounded(value: float, more: int = 0) -> float:
    """A number to three digits; whole from a hundred to ten thousand. `more` digits if asked for.

    >>> rounded(384.3), rounded(12_345.0), rounded(0.0456), rounded(9.27)
    (384.0, 12300.0, 0.046, 9.3)
    """
    size = abs(value)
    if size == 0 or not math.isfinite(value):
        return value
    if 100 <= size < 10_000:
        return float(fixed(value, more))
    return significant(value, (2 if size < 100 else 3) + more)


def number(value: float, more: int = 0) -> str:
    """A number in a sentence, with `more` digits than usual.

    >>> number(384.3), number(4.43e6), number(-2.04e9), number(0.0), number(5.5), number(12_345.0)
    ('384', '4.4 million', '−2.0 billion', '0', '5.5', '12,300')
    >>> number(384.3, 1), number(1.6e9, 2)
    ('384.3', '1.600 billion')
    """
    sign = "−" if value < 0 else ""
    size = abs(value)
    for step, name in _NAMED:
        if size >= 0.9995 * step:
            return f"{sign}{_plain(rounded(size / step, more), more)} {name}"
    return sign + _plain(rounded(size, more), more)


def _plain(value: float, more: int = 0) -> str:
    if value == 0:
        return "0"
    if not more and (value >= 100 or (value >= 10 and value == round(value))):
        return fixed(value, 0, ",")
    digits = 2 if value < 100 else 3 if value < 1000 else 4 if value < 10_000 else 3
    decimals = max(0, digits + more - 1 - math.floor(math.log10(value)))
    return fixed(value, decimals, ",")


def apart(*values: float) -> tuple[str, ...]:
    """Numbers that are compared: in one unit, and with as many digits as their difference takes.

    >>> apart(1.6123e9, 1.6082e9), apart(463.0, 98.0), apart(0.0, 0.0), apart(12_345.0, 12_310.0)
    (('1.612 billion', '1.608 billion'), ('463', '98'), ('0', '0'), ('12,350', '12,310'))
    >>> apart(1.004e9, 9.99e8), apart(2.4e9, 3e6)
    (('1.004 billion', '0.999 billion'), ('2.4 billion', '3.0 million'))
    >>> apart(1.158e9, 1.146e9)
    ('1.16 billion', '1.15 billion')
    """
    sizes = [abs(value) for value in values]
    step, name = next((one for one in _NAMED if max(sizes) >= 0.9995 * one[0]), (0.0, ""))
    if step == 0 or min(sizes) < step / 10:
        more = _digits(values, [[rounded(one, n) for one in values] for n in range(_MOST_MORE)])
        return tuple(number(value, more) for value in values)
    fewest = 1 if max(sizes) < 9.95 * step else 0
    inside = [value / step for value in values]
    more = _digits(
        inside, [[float(fixed(one, fewest + n)) for one in inside] for n in range(_MOST_MORE)]
    )
    return tuple(f"{fixed(one, fewest + more)} {name}".replace("-", "−") for one in inside)


def _digits(values: Sequence[float], written: Sequence[Sequence[float]]) -> int:
    """How many digits more than usual values take for their differences to be read off them.

    Args:
        values: as they are.
        written: rounded, with one digit more each time.
    """
    for more, each in enumerate(written):
        pairs = zip(combinations(values, 2), combinations(each, 2), strict=True)
        if all(abs((a - b) - (c - d)) <= _NEAR * abs(a - b) for (a, b), (c, d) in pairs):
            return more
    return 0


def signed(value: float) -> str:
    """A difference.

    >>> signed(365.2), signed(-2.5), signed(0.0)
    ('+365', '−2.5', '0')
    """
    text = number(value)
    return f"+{text}" if value > 0 and text != "0" else text


def share(value: float) -> str:
    """A share as percent.

    >>> share(0.0031), share(-0.156), share(0.724), share(12.31)
    ('0.3%', '−16%', '72%', '1,231%')
    """
    percent = abs(100 * value)
    text = fixed(percent, 1) if percent < 9.95 else fixed(percent, 0, ",")
    return f"{'−' if value < 0 and text != '0.0' else ''}{text}%"


def signed_share(value: float) -> str:
    """A change in percent.

    >>> signed_share(0.0044), signed_share(-0.029)
    ('+0.4%', '−2.9%')
    """
    text = share(value)
    return f"+{text}" if value > 0 and text != "0.0%" else text


def points(value: float) -> str:
    """A part of a change in percentage points.

    >>> points(-0.1534), points(0.002)
    ('−15.3', '+0.2')
    """
    return fixed(100 * value, 1, "+").replace("-", "−")


def times(with_it: float, without: float) -> str:
    """How a number stands to another, in words.

    >>> times(463.0, 98.0), times(90.0, 100.0), times(130.0, 100.0), times(3.0, 0.0)
    ('4.7 times', '10% below', '30% above', 'more than none')
    """
    if without <= 0:
        return "more than none" if with_it > 0 else "none, as"
    ratio = with_it / without
    if ratio >= _TWICE:
        return f"{number(ratio)} times"
    return f"{share(abs(ratio - 1))} {'above' if ratio >= 1 else 'below'}"


def more_or_fewer(change: float) -> str:
    """A change of a count.

    >>> more_or_fewer(450.2), more_or_fewer(-3.0)
    ('450 more', '3.0 fewer')
    """
    return f"{number(abs(change))} {'more' if change > 0 else 'fewer'}"


def moved(before: float, after: float) -> str:
    """How a number differs from another one, in a few words.

    >>> moved(2.0, 9.0), moved(100.0, 88.0), moved(100.0, 111.0), moved(0.0, 3.0)
    ('4.5 times as high', 'down 12%', 'up 11%', 'up from none')
    """
    if before <= 0:
        return "up from none" if after > before else "none, as before"
    ratio = after / before
    if ratio >= _TWICE:
        return f"{number(ratio)} times as high"
    return f"{'up' if ratio >= 1 else 'down'} {share(abs(ratio - 1))}"


def amount(written: str, unit: str) -> str:
    """A number that is written already, with its unit; money has its code before it.

    >>> amount("1.4 million", "CNY per day"), amount("97", "%"), amount("3", "ratio")
    ('CNY 1.4 million per day', '97%', '3')
    """
    code, _, rest = unit.partition(" ")
    if len(code) == len("CNY") and code.isupper():
        return f"{code} {written} {rest}".rstrip()
    if unit == "%":
        return f"{written}%"
    return written if unit == "ratio" else f"{written} {unit}".rstrip()


def listed(parts: Sequence[str]) -> str:
    """
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def of_every_100(value: float) -> str:
    """A share of people.

    >>> of_every_100(0.951), of_every_100(0.003), of_every_100(0.9997)
    ('95 of every 100', 'fewer than 1 of every 100', 'nearly all')
    """
    if value >= 0.995:
        return "nearly all"
    if value < 0.01:
        return "fewer than 1 of every 100"
    return f"{fixed(100 * value)} of every 100"
