"""Observed prices are read with care, and compared as moves since a day."""

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.studies.patterns.prices import FORECASTS, compared, order_agrees, predicted, read_prices

DAYS = pd.date_range("2020-01-01", periods=60)
SINCE = dt.date(2020, 1, 27)


@pytest.fixture
def csv(tmp_path):
    def write(text):
        file = tmp_path / "prices.csv"
        file.write_text(text)
        return file

    return write


def test_prices_are_read_by_date_whatever_the_column_is_called(csv):
    file = csv("market,won,date\nhigh,300,2020-02-06\nlow,200,2020-01-20\n")
    found = read_prices(file)
    assert list(found["market"]) == ["low", "high"]
    assert list(found["price"]) == [200.0, 300.0]


def test_every_line_that_cannot_be_used_is_named(csv):
    file = csv(
        "date,market,price\n2020-01-01,high,1\n2020-13-01,high,1\n2020-01-02,high,-1\n2020-01-03,,1\n"
    )
    with pytest.raises(AmnokError) as caught:
        read_prices(file)
    assert [fault.line for fault in caught.value.faults] == [3, 4, 5]


def test_prices_out_of_a_spreadsheet(csv):
    file = csv("\ufeffdate;market;won\n2020-01-20;low;200\n")
    assert list(read_prices(file)["price"]) == [200.0]
    file = csv("date;market;won\n2020-01-20;low;0,5\n2020-01-21;low;nan\n")
    with pytest.raises(AmnokError) as caught:
        read_prices(file)
    told = [str(fault).removeprefix(f"{file}:") for fault in caught.value.faults]
    assert told[0] == "2: won: '0,5' has a comma (write 0.5, or no comma for thousands)"
    assert told[1].startswith("3: won: 'nan' is not a number")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no observation"),
        ("date,market\n", "has the columns date, market"),
        ("date,market,a,b\n", "has the columns date, market, a, b"),
        ("date,market,price\n", "holds no observation"),
    ],
)
def test_files_that_hold_no_prices(csv, text, message):
    with pytest.raises(AmnokError, match=message):
        read_prices(csv(text))


def test_a_missing_file(tmp_path):
    with pytest.raises(AmnokError, match="no such file"):
        read_prices(tmp_path / "none.csv")


def observations(*rows):
    table = pd.DataFrame(rows, columns=["date", "market", "price"])
    table["date"] = pd.to_datetime(table["date"])
    return table.sort_values("date").reset_index(drop=True)


def steps(factor):
    """Two replicates of a price that jumps by a factor on 1 February."""
    path = np.where(pd.Timestamp("2020-02-01") > DAYS, 50.0, 50.0 * factor)
    return np.stack([path, path])


def test_moves_start_from_the_last_price_before_the_day():
    seen = observations(
        ("2020-01-10", "high", 999), ("2020-01-27", "high", 100), ("2020-02-06", "high", 141),
        ("2020-01-20", "low", 200), ("2020-02-06", "low", 242),
    )  # fmt: skip
    found = compared(seen, DAYS, {"high": steps(2.0), "low": steps(0.5)}, SINCE)
    moves = found.moves.set_index("market")
    assert moves.loc["high", "observed"] == pytest.approx(1.41)
    assert moves.loc["low", "observed"] == pytest.approx(1.21)
    assert moves.loc["high", "model"] == pytest.approx(2.0)
    assert moves.loc["low", "model"] == pytest.approx(0.5)
    assert list(moves["same jump everywhere"]) == pytest.approx([1.0, 1.0])
    assert found.base["low"] == pd.Timestamp("2020-01-20")
    errors = found.errors()
    assert errors.loc["high", "no change"] == pytest.approx(np.log(1.41))
    assert errors.loc["all markets", "model"] == pytest.approx(
        (np.log(2 / 1.41) + np.log(1.21 / 0.5)) / 2
    )
    gap = found.gap("high", "low")
    assert gap["observed"].iloc[0] == pytest.approx(1.41 / 1.21)
    assert gap["model"].iloc[0] == pytest.approx(4.0)
    assert order_agrees(found.first) == 1.0


def test_markets_and_days_that_only_one_side_knows_are_left_out():
    seen = observations(
        ("2020-01-27", "high", 100), ("2020-02-06", "high", 120), ("2021-01-01", "high", 500),
        ("2020-01-27", "elsewhere", 100), ("2020-02-06", "elsewhere", 120),
    )  # fmt: skip
    found = compared(seen, DAYS, {"high": steps(1.2), "low": steps(1.0)}, SINCE)
    assert len(found.moves) == 1


def test_nothing_to_compare_is_one_message():
    seen = observations(("2020-01-27", "elsewhere", 100), ("2020-02-06", "elsewhere", 120))
    with pytest.raises(AmnokError, match="no market of the scenario has prices"):
        compared(seen, DAYS, {"high": steps(1.2)}, SINCE)


def test_ties_observed_do_not_count():
    first = pd.DataFrame({"observed": [1.2, 1.2], "model": [1.0, 2.0]})
    assert np.isnan(order_agrees(first))


def test_paths_of_the_small_border(tiny):
    goods = next(iter(tiny.goods))
    days, model = predicted(tiny, goods, 2, 1, threads=2)
    assert len(days) == tiny.period.days
    assert set(model) == set(tiny.markets)
    assert all(paths.shape == (2, len(days)) for paths in model.values())
    with pytest.raises(AmnokError, match="no goods 'rice'"):
        predicted(tiny, "rice", 2, 1)


def test_forecasts_are_told_apart():
    assert len(set(FORECASTS)) == len(FORECASTS)


RICE = Path(__file__).parents[3] / "shared" / "data" / "dprk_rice_price_2019_2021.csv"


@pytest.mark.skipif(
    not RICE.exists(), reason=f"needs the rice prices, which do not ship: {RICE.name}"
)
def test_the_closure_of_2020_as_published():
    """Hyesan rose 41%, the others 21% in ten days; in June 2021 it stood 84% over Pyongyang."""
    seen = read_prices(RICE)
    days = pd.date_range(seen["date"].min(), seen["date"].max())
    flat = {market: np.ones((2, len(days))) for market in ("hyesan", "sinuiju", "pyongyang")}
    found = compared(seen, days, flat, SINCE)
    first = found.first.set_index("market")["observed"]
    assert found.first["date"].iloc[0] == pd.Timestamp("2020-02-06")
    assert (100 * (first - 1)).round().to_dict() == {"hyesan": 41, "sinuiju": 21, "pyongyang": 21}
    last = seen[seen["date"] == "2021-06-27"].set_index("market")["price"]
    assert last["hyesan"] / last["pyongyang"] == pytest.approx(1.84, abs=0.005)
