"""Observations and banks that do not do: one clear message each, all of them at once."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.results.manifest import versions
from amnok.studies.inference import banks, checking


@pytest.fixture(scope="module")
def bank():
    return invented(runs=250)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"series": "arests"}, "no series 'arests'"),
        ({"place": "nowhere"}, "unknown place 'nowhere'"),
        ({"size": "giant"}, "unknown size 'giant'"),
        ({"agency": "navy"}, "unknown agency 'navy'"),
        ({"unit": "kg"}, "'kg' is not the unit of official_arrests"),
        ({"value": -3.0}, "-3 is out of range"),
        ({"value": None}, "is empty"),
        ({"date_from": "2031-01-01", "date_to": "2031-01-07"}, "is outside tiny-border"),
        ({"date_from": "2030-04-02", "date_to": "2030-04-01"}, "ends before it begins"),
        ({"reliability": "Q"}, "'Q' is no reliability"),
        ({"credibility": "9"}, "'9' is no credibility"),
        ({"unit": "coverage", "value": 1.5}, "1.5 is no coverage"),
        (
            {"series": "arrests"},
            r"arrests is not kept in a bank: it is hidden \(what is seen of it is official_arrests",
        ),
        ({"series": "frozen"}, r"frozen is not kept in a bank \(one of official_arrests, "),
    ],
)
def test_an_observation_that_does_not_do(bank, cells, told):
    row = {"date_from": "2030-03-01", "date_to": "2030-03-28", "series": "official_arrests"}
    with pytest.raises(AmnokError, match=told):
        amnok.infer(TINY, pd.DataFrame([{**row, "value": 3.0, **cells}]), bank=bank)


def test_two_numbers_of_one_source_for_the_same_days(bank):
    row = {"date_from": "2030-03-01", "date_to": "2030-03-28", "series": "official_arrests"}
    rows = [{**row, "value": 3.0}, {**row, "date_from": "2030-03-28", "value": 4.0}]
    with pytest.raises(AmnokError, match="overlaps line 1"):
        amnok.infer(TINY, pd.DataFrame(rows), bank=bank)
    rows[1] |= {"source": "another", "value": 2.0}
    amnok.infer(TINY, pd.DataFrame(rows), bank=bank)


def test_all_faults_at_once(bank):
    row = {"date_from": "2030-03-01", "date_to": "2030-03-28", "series": "official_arrests"}
    rows = [{**row, "place": one, "value": 1.0} for one in ("nowhere", "ferry", "elsewhere")]
    with pytest.raises(AmnokError) as told:
        amnok.infer(TINY, pd.DataFrame(rows), bank=bank)
    assert [one.line for one in told.value.faults] == [1, 3]


def test_nothing_that_tells_runs_apart(bank):
    flat = replace(bank, weekly=np.where(bank.weekly > -1.0, np.float32(1.0), bank.weekly))
    with pytest.raises(AmnokError, match="nothing that was observed differs between runs"):
        amnok.infer(TINY, observed(bank, 0), bank=flat)


@pytest.mark.slow
def test_more_than_a_bank_can_tell_apart(bank, monkeypatch):
    """Where too few runs are near what was observed, the answer says so."""
    found = amnok.infer(TINY, observed(bank, 0), bank=bank)
    assert not any("effective draws are few" in one for one in found.warnings)
    monkeypatch.setattr(checking, "_ENOUGH", found.posterior.effective + 1.0)
    found = amnok.infer(TINY, observed(bank, 0), bank=bank)
    assert any("effective draws are few: make a larger bank" in one for one in found.warnings)


def test_a_bank_of_another_version(tmp_path, monkeypatch):
    amnok.bank(TINY, tmp_path / "bank", draws=1, traders=30, full=0, threads=1)
    later = {**versions(), "amnok": "99.0"}
    monkeypatch.setattr("amnok.studies.inference.banks.versions", lambda: later)
    with pytest.raises(AmnokError, match=r"and this is 99\.0"):
        banks.open_bank(tmp_path / "bank")
