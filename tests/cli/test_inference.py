"""`amnok bank`, `infer` and `ask` as people meet them."""

import json

import pytest
from tests.interrupted import one_batch
from tests.paths import TINY

import amnok as library


def test_a_template_to_fill_in(amnok, tmp_path):
    answer = amnok("infer", TINY, "--template", "observations.csv")
    assert answer.status == 0
    lines = (tmp_path / "observations.csv").read_text().splitlines()
    assert lines[0].startswith("date_from,date_to,series,place")
    assert any("coverage" in line for line in lines)
    (error,) = amnok("infer", TINY, "--template", "observations.csv").errors
    assert error == "error: observations.csv: is there already (name another file)"


def test_no_bank(refused, tmp_path):
    assert "does not exist" in refused("ask", TINY, "--bank", "nothing")[0]
    assert "does not exist" in refused("explore", TINY, "--no-browser", "--bank", "nothing")[0]
    amnok_file = tmp_path / "observations.csv"
    amnok_file.write_text("date_from,series,value\n2030-03-01,official_arrests,3\n")
    assert "does not exist" in refused("infer", TINY, "--data", "observations.csv")[0]


def test_a_bank_that_is_too_small(amnok, tmp_path):
    made = amnok("bank", TINY, "--draws", 2, "--traders", 30, "--full", 0, "--json")
    assert made.status == 0
    assert json.loads(made.out)["runs"] == 2
    observed = tmp_path / "observations.csv"
    for place, fault in (("nowhere", "unknown place"), ("ferry", "too few to learn from")):
        row = f"2030-03-01,official_arrests,{place},3"
        observed.write_text(f"date_from,series,place,value\n{row}\n")
        told = amnok("infer", TINY, "--data", "observations.csv")
        assert told.status == 2
        assert fault in told.errors[-1]


def test_nothing_to_infer_from(refused):
    assert "--data" in refused("infer", TINY)[0]


def test_a_bank_that_is_not_whole_says_how_much_is_there(amnok, monkeypatch):
    monkeypatch.setattr("amnok.studies.sweeps.runner.batch_size", lambda *_: 1)

    def stop(done, total):
        if done:
            raise KeyboardInterrupt

    with one_batch(), pytest.raises(KeyboardInterrupt):
        library.bank(TINY, "bank", draws=3, traders=30, full=1, threads=1, progress=stop)
    told = amnok("ask", TINY, "--bank", "bank").errors
    assert told[0] == "unfinished: 1 of 3 batches of bank are there; the same amnok bank goes on"
    assert "has 1 run, too few to learn from" in told[1]
