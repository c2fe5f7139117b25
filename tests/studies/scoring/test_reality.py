"""What really happened, as observations; the figures themselves do not ship."""

import runpy
from types import SimpleNamespace

import pandas as pd
import pytest
from tests.paths import ROOT

from amnok.results.observations import check_against, observations_of
from amnok.scenario import load

reality = SimpleNamespace(**runpy.run_path(str(ROOT / "validation" / "reality.py")))
needs_rice = pytest.mark.skipif(
    not (reality.folder() / reality.RICE).is_file(), reason=f"needs {reality.RICE}"
)


def test_surveys_become_observations(tmp_path):
    (tmp_path / "rice.csv").write_text(
        "date,pyongyang_kpw_kg,sinuiju_kpw_kg,hyesan_kpw_kg\n2018-06-05,5030,,5050\n"
    )
    rows = reality.rice(tmp_path / "rice.csv")
    check_against(observations_of(rows), load("sino-korean-border"))
    assert dict(zip(rows["place"], rows["value"], strict=True)) == {
        "pyongyang": 5030,
        "hyesan": 5050,
    }


def test_absent_figures_are_a_reason_and_no_error(tmp_path, monkeypatch):
    monkeypatch.setenv("AMNOK_DATA", str(tmp_path))
    assert reality.RICE in reality.missing()
    assert "AMNOK_DATA" in reality.missing()
    (tmp_path / reality.RICE).parent.mkdir()
    (tmp_path / reality.RICE).write_text("date\n")
    assert reality.RICE not in reality.missing()


@needs_rice
def test_the_closure_of_2020_as_published():
    """Hyesan rose 41%, the others 21% in ten days; in June 2021 it stood 84% over Pyongyang."""
    rows = reality.rice(reality.folder() / reality.RICE)
    by_day = rows.set_index(["date_from", "place"])["value"]
    first = by_day["2020-02-06"] / by_day["2020-01-27"]
    assert (100 * (first - 1)).round().to_dict() == {"hyesan": 41, "sinuiju": 21, "pyongyang": 21}
    last = by_day["2021-06-27"]
    assert last["hyesan"] / last["pyongyang"] == pytest.approx(1.84, abs=0.005)
    assert pd.to_datetime(rows["date_from"]).min().year == 2009


def test_declared_trade_becomes_observations(tmp_path):
    (tmp_path / "dprk").mkdir()
    (tmp_path / reality.CHAPTERS).write_text(
        "hs,label,2018,2019\nTOTAL,all,900,1000\n03,fish,0,0\n2701,coal,7,3\n2601,ore,0,2\n"
        "61,knitted,1,0\n62,woven,1,4\n6704,wigs,20,30\n2716,power,100,200\n"
    )
    (tmp_path / reality.TOTALS).write_text("month,total_musd\n2018,\n2019,0.005\n")
    (tmp_path / reality.RATES).write_text(
        "month,cny_per_usd\n2018-05-01,5\n2019-01-01,6\n2019-02-01,8\n"
    )
    rows = reality.trade(tmp_path)
    check_against(observations_of(rows), load("sino-korean-border"), dated=False)
    value = rows.set_index(["side", "goods", "date_from"])["value"]
    assert value["cn", "", "2019-01-01"] == 7 * 800
    assert value["cn", "", "2018-01-01"] == 5 * 800
    assert value["cn", "minerals", "2019-01-01"] == 7 * 5
    assert value["cn", "seafood", "2019-01-01"] == 0
    assert value["nk", "", "2019-01-01"] == 7 * (5000 - 1000)


@pytest.mark.parametrize(
    ("model", "observed", "told"),
    [(0, 0, "yes"), (0, 1, "no"), (3, 2, "yes"), (2, 3, "yes"), (3.1, 2, "no"), (1, 2, "no")],
)
def test_a_factor_goes_both_ways(model, observed, told):
    assert reality._within(model, observed) == told
