"""Arguments in the types that people have: they mean the same, or are told in one message."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY

from amnok.arguments import CHECKS, day
from amnok.disk import folder_path
from amnok.errors import AmnokError
from amnok.scenario import load

DAY = dt.date(2030, 3, 2)
HUGE = 10**400, pytest.param(10**5000, id="of thousands of digits")


@pytest.mark.parametrize(
    "given",
    [
        DAY,
        "2030-03-02",
        dt.datetime(2030, 3, 2),
        pd.Timestamp("2030-03-02"),
        np.datetime64("2030-03-02"),
        np.datetime64("2030-03-02", "ns"),
        pd.Series(pd.to_datetime(["2030-03-02"])).to_numpy()[0],
    ],
)
def test_a_day_is_one_in_any_type(given):
    assert day(given) == DAY
    assert load(TINY, {"period.start": given}).period.start == DAY


@pytest.mark.parametrize(
    "given", [pd.NaT, np.datetime64("NaT"), np.datetime64("2030-03"), 20300302, 5.0, None, DAY.year]
)
def test_what_is_no_day_is_told(given):
    with pytest.raises(AmnokError, match="is not a day"):
        day(given)
    with pytest.raises(AmnokError):
        load(TINY, {"period.start": given})


@pytest.mark.parametrize(
    "given", [7, 7.0, np.int64(7), np.float32(7), np.array(7.0), Decimal(7), Fraction(7), "7"]
)
def test_a_number_is_one_in_any_type(given):
    scenario = load(TINY, {"guards.penalty": given})
    assert dict(scenario.parameters())["guards.penalty"].value == 7.0


@pytest.mark.parametrize(
    "given",
    [
        *(True, np.True_, 1j, {1}, np.array([7.0]), [7], float("nan"), np.inf, b"7"),
        *HUGE,
    ],
)
def test_what_is_no_number_is_told_with_its_path(given):
    with pytest.raises(AmnokError, match=r"guards\.penalty"):
        load(TINY, {"guards.penalty": given})


@pytest.mark.parametrize(
    "given", [{"quiet=on", "quiet=off"}, np.array("a"), np.array(1.0), 5, b"x"]
)
def test_overrides_have_an_order(given):
    with pytest.raises(AmnokError, match="neither a list of texts nor a dict"):
        load(TINY, given)


def test_a_set_of_names_is_in_one_order():
    """A set has no order of its own: it would be another one in each process."""
    names = [f"n{number}" for number in range(30)]
    assert CHECKS["of"]("of", set(names)) == sorted(names)
    assert [one.name for one in CHECKS["files"]("files", set(names))] == sorted(names)
    assert CHECKS["of"]("of", pd.Index(["b", "a", "b"])) == ["b", "a"]


@pytest.mark.parametrize("name", ["of", "files", "between", "choose", "ledgers"])
@pytest.mark.parametrize("given", [{"a": 1}, np.array("a"), 5, b"a"])
def test_what_is_no_list_is_told(name, given):
    with pytest.raises(AmnokError, match=f"{name} is "):
        CHECKS[name](name, given)


@pytest.mark.parametrize("given", ["further.csv", ["further.csv"]])
def test_one_file_of_a_ledger_stands_for_itself(given):
    with pytest.raises(AmnokError, match=r"^further\.csv: no such file"):
        load(TINY, ledgers=given)
    assert load(TINY, ledgers=None).name == "tiny-border"


@pytest.mark.parametrize("number", [1, 2.5, np.int64(1), np.float32(2.5), Fraction(1, 2)])
def test_a_shift_is_any_number(number):
    assert CHECKS["shift"]("shift", number) == float(number)


@pytest.mark.parametrize("name", ["shift", "draws", "seed", "about", "of", "between"])
@pytest.mark.parametrize("number", [*HUGE, -(10**400), Fraction(10**400), np.array(10**400)])
def test_a_number_beyond_all_bounds_is_told(name, number):
    with pytest.raises(AmnokError, match=f"{name} is "):
        CHECKS[name](name, number)


@pytest.mark.parametrize("name", ["a\0b", "x" * 300, "\ud800", "a/" * 3000])
def test_what_can_be_no_path_is_told(name):
    with pytest.raises(AmnokError, match="choose another name"):
        folder_path(name)
