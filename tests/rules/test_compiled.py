"""Every rule: documented, bounded as documented, and compiled to what its Python says."""

from __future__ import annotations

import importlib
import inspect
import math
import pkgutil
import re
import typing
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import amnok.rules
from amnok.compiling.decorators import is_rule
from amnok.mechanisms import NAMES

Rule = Callable[..., Any]


def python_of(rule: Rule) -> Rule:
    """The function a rule was compiled from; itself where nothing is compiled."""
    python: Rule = getattr(rule, "py_func", rule)
    return python


def all_rules() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    files = [f"amnok.rules.{file.name}" for file in pkgutil.iter_modules(amnok.rules.__path__)]
    for file in (*files, *(f"amnok.mechanisms.{name}" for name in NAMES)):
        for name, value in vars(importlib.import_module(file)).items():
            rule = python_of(value)
            if not name.startswith("_") and is_rule(rule) and rule.__module__ == file:
                found[f"{file.rpartition('.')[2]}.{name}"] = value
    return found


RULES = all_rules()

UNIT = st.floats(0.0, 1.0)
MONEY = st.floats(0.0, 1e5)
DAYS = st.floats(-1.0, 400.0)
FACTOR = st.floats(0.0, 3.0)
STRATEGIES: dict[str, st.SearchStrategy[Any]] = {
    "u": st.floats(2.0**-53, 1.0 - 2.0**-53),
    "n": st.integers(-1, 3_000),
    "scale": st.floats(1.0, 1e4),
    "relative": st.floats(0.02, 50.0),
    "elasticity": st.floats(0.2, 5.0),
    "stage": st.floats(-3.0, 6.0),
    "level": st.floats(1.0, 20.0),
    "days_since": st.floats(0.0, 400.0),
    "value": st.floats(-1e6, 1e6),
    "guards": st.floats(1.0, 1e4),
    "waiting": st.floats(2.0**-53, 37.0),
    **dict.fromkeys(("log_checked", "log_unchecked"), st.floats(-10.0, 0.0) | st.just(-math.inf)),
    **dict.fromkeys(("salience", "wariness"), st.floats(1.0, 20.0)),
    **dict.fromkeys(("intensity", "effort", "exposure", "factor", "strictness"), FACTOR),
    **dict.fromkeys(("days", "memory_days", "ramp", "mean", "period"), DAYS),
    **dict.fromkeys(
        (
            "at_risk",
            "bought",
            "cost",
            "fee",
            "leak_loss",
            "loss",
            "margin",
            "penalty",
            "per_item",
            "quantity",
            "quota",
            "reference",
            "reservation",
            "supply",
            "surplus",
        ),
        MONEY,
    ),
}
BY_TYPE: dict[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 60),
    float: UNIT,
}


def arguments_of(rule: Rule) -> st.SearchStrategy[tuple[Any, ...]]:
    hints = typing.get_type_hints(python_of(rule))
    names = inspect.signature(python_of(rule)).parameters
    drawn = {name: STRATEGIES["u"] for name in names if name.startswith("u_")}  # never 0 or 1
    known = STRATEGIES | drawn
    return st.tuples(*(known.get(name, BY_TYPE[hints[name]]) for name in names))


def same(compiled: Any, plain: Any) -> bool:
    if isinstance(plain, tuple):
        return len(compiled) == len(plain) and all(map(same, compiled, plain))
    if isinstance(plain, float):
        return math.isclose(compiled, plain, rel_tol=1e-13, abs_tol=1e-15)
    return type(compiled) is type(plain) and compiled == plain


@pytest.mark.parametrize("name", RULES)
@settings(max_examples=50)
@given(data=st.data())
def test_compiled_rules_do_what_their_python_says(name: str, data: st.DataObject) -> None:
    rule = RULES[name]
    arguments = data.draw(arguments_of(rule))
    result, plain = rule(*arguments), python_of(rule)(*arguments)
    assert same(result, plain), f"{name}{arguments}: compiled {result}, Python {plain}"
    if "Returns:\n    A probability" in (inspect.cleandoc(rule.__doc__ or "")):
        assert 0.0 <= result <= 1.0


@pytest.mark.parametrize("name", RULES)
def test_rules_are_documented(name: str) -> None:
    rule = RULES[name]
    text = inspect.cleandoc(rule.__doc__ or "")
    assert ">>>" in text
    if not name.startswith("distributions."):
        assert re.search(r"^Source: ", text, re.MULTILINE)
        documented = re.findall(r"^    (\w+): ", text, re.MULTILINE)
        assert documented == list(inspect.signature(python_of(rule)).parameters)


def test_every_rule_file_is_found() -> None:
    assert len({name.split(".")[0] for name in RULES}) == 31
    assert len(RULES) > 45
