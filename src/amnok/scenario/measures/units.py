"""Units as powers of named ones, so that they follow from what is divided by what."""

from __future__ import annotations

from collections.abc import Mapping

from amnok.variables import MONEY

Unit = Mapping[str, int]

_PLAIN = frozenset(("share", "ratio", "index", "probability", "1"))
_PRODUCTS = {"person-days": ("persons", "days")}


def unit_of(text: str) -> Unit:
    """A unit from its name.

    >>> unit_of("person-days"), unit_of("share")
    ({'persons': 1, 'days': 1}, {})
    """
    if text in _PLAIN:
        return {}
    return dict.fromkeys(_PRODUCTS.get(text, (text,)), 1)


def times(one: Unit, other: Unit, power: int = 1) -> Unit:
    """A unit times another, or over it with a power of -1."""
    both = {name: one.get(name, 0) + power * other.get(name, 0) for name in (*one, *other)}
    return {name: count for name, count in both.items() if count}


def written(unit: Unit, per: float = 1.0, plain: str = "ratio") -> str:
    """A unit in words.

    >>> written({"persons": 1, "days": 1}), written({"money": 1, "consignments": -1})
    ('person-days', 'money per consignment')
    >>> written({}, per=100), written({"persons": 1, "consignments": -1}, per=1000)
    ('%', 'persons per 1,000 consignments')
    """
    top = [name for name, power in unit.items() if power > 0]
    bottom = [name for name, power in unit.items() if power < 0]
    if not bottom:
        if not top:
            return "%" if per == 100 else plain if per == 1 else f"per {per:,.6g}"
        return "-".join([*map(_single, top[:-1]), top[-1]])
    many = f"{per:,.6g} " if per != 1 else ""
    below = " and ".join(bottom if many else map(_single, bottom))
    return f"{'-'.join(top)} per {many}{below}".strip()


def in_currency(text: str, currency: str) -> str:
    """A unit in words with the currency for `money`.

    >>> in_currency("money per crossing", "CNY")
    'CNY per crossing'
    """
    return " ".join(currency if word == MONEY else word for word in text.split(" "))


def _single(name: str) -> str:
    return name.removesuffix("s")
