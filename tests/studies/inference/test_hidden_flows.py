"""The script that infers hidden flows from real prices: what it makes of surveys and of runs."""

import runpy
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.paths import ROOT

from amnok.studies.inference.posterior import Posterior

DATES = pd.to_datetime(["2018-07-01", "2018-07-20", "2019-05-20", "2019-06-10", "2019-07-01"])


@pytest.fixture(scope="module")
def script():
    sys.path.insert(0, str(ROOT / "validation"))
    try:
        return SimpleNamespace(**runpy.run_path(str(ROOT / "validation" / "hidden_flows.py")))
    finally:
        sys.path.pop(0)


@pytest.fixture
def table(script):
    values = [4000.0, 4400.0, 4200.0, 5000.0, 4600.0]
    parts = [
        pd.DataFrame({"place": place, "date_from": DATES, "value": values})
        for place in script.PLACES
    ]
    return pd.concat(parts, ignore_index=True)


def test_only_moves_are_compared(script, table):
    """The unit of a price does not matter, nor does what comes after the days that are fitted."""
    prices = table["value"].to_numpy()
    found = script.moves(prices[None], table)
    assert np.allclose(found, script.moves(7.0 * prices[None], table))
    fitted = script.is_fitted(table)
    assert fitted.sum() == 9
    later = np.where(fitted, prices, 3.0 * prices)
    assert np.allclose(found[:, fitted], script.moves(later[None], table)[:, fitted])
    # Two periods of four weeks hold fitted surveys: the first has two of them.
    periods = script.by_period(found, table)
    assert periods.shape == (1, 6)
    assert periods[0, 0] == pytest.approx(found[0, :2].mean())


def test_a_run_moves_the_last_price_and_the_posterior_weighs_the_runs(script, table):
    flat, up = np.ones(15), np.where(script.is_fitted(table), 1.0, 1.1)
    made = np.stack([flat, up])
    only = Posterior(("flow",), np.ones((1, 1)), np.ones(1), np.array([1]), 1.0)
    found = script.forecasts(table, made, only)
    assert np.allclose(found["posterior"], 1.1 * 4200.0)
    assert found["prior"].min() == pytest.approx(4200.0)
    assert found["prior"].max() == pytest.approx(1.1 * 4200.0)
    scores = script.scores(table, found).set_index("forecast")
    # Twice the pinball loss of a certain forecast is its error: 380 and 20 won.
    assert scores.loc["posterior", "WIS"] == pytest.approx((380.0 + 20.0) / 2.0)
    assert scores.loc["last value", "WIS"] == pytest.approx((800.0 + 400.0) / 2.0)
    assert "random walk" in scores.index


def test_without_the_figures_it_says_so(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AMNOK_DATA", str(tmp_path))
    script.main()
    assert "AMNOK_DATA does not hold" in capsys.readouterr().err
