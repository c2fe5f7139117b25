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
