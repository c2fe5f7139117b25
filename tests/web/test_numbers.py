"""A number is written alike by Python and by the page, halves away from zero."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from amnok.cells import compact, fixed, percent, significant
from amnok.reporting.hypertext import _PAGE
from amnok.reporting.numbers import number, share, signed


def whole(value):
    """The nearest whole number of a fraction, a half away from zero."""
    away = math.floor(abs(value) + Fraction(1, 2))
    return away if value > 0 else -away


HALVES = (
    [n + 0.5 for n in range(60)] + [n / 8 for n in range(1, 80)] + [n / 16 for n in range(1, 40)]
)
LARGE = [10.0**power * (n + 0.5) for power in range(1, 11) for n in range(1, 10)]
DRAWN = np.exp(np.random.default_rng(1).uniform(-9.0, 26.0, 300)).tolist()
EDGES = [
    0.00009995,
    0.0001,
    999.5,
    99_950.0,
    999_499.9,
    999_500.0,
    1e9,
    9.995e11,
    1e12,
    2.5e13,
    1e-7,
]
VALUES = [value * sign for value in (*HALVES, *LARGE, *DRAWN, *EDGES) for sign in (1.0, -1.0)]


def test_exact_halves_go_away_from_zero():
    for value, decimals in itertools.product(VALUES, range(4)):
        wanted = Fraction(whole(Fraction(value) * 10**decimals), 10**decimals)
        assert Fraction(fixed(value, decimals)) == wanted, (value, decimals)
    for value, digits in itertools.product(VALUES, range(1, 7)):
        step = Fraction(10) ** (math.floor(math.log10(abs(value))) + 1 - digits)
        assert significant(value, digits) == float(whole(Fraction(value) / step) * step), value


def test_sentences_and_tables_round_alike():
    assert (number(76.5), signed(-76.5), number(100.5), number(2.25)) == ("77", "−77", "101", "2.3")
    assert (share(0.125), share(0.00125), percent(0.125), percent(-0.005)) == (
        *("13%", "0.1%", "13%", "-1%"),
    )
    assert (compact(100.5), compact(-12_250.0), compact(1.125)) == ("101", "-12,300", "1.13")


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_page()
    page.add_script_tag(content=(_PAGE / "base.js").read_text(encoding="utf-8"))
    yield page
    page.close()


def test_the_page_writes_numbers_as_python_does(page):
    def written(of):
        return page.evaluate(f"(values) => values.map((value) => {of})", VALUES)

    assert len(VALUES) > 500
    for decimals in range(4):
        assert written(f"amnok.fixed(value, {decimals})") == [
            fixed(one, decimals) for one in VALUES
        ]
    for digits in range(1, 7):
        told = written(f"amnok.significant(value, {digits})")
        assert told == [significant(one, digits) for one in VALUES]
    assert written("amnok.compact(value)") == [
        compact(one).replace("-", "−", 1) if one < 0 else compact(one) for one in VALUES
    ]
    assert written("amnok.percent(value)") == [percent(one) for one in VALUES]
