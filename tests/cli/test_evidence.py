"""`amnok evidence`, as it is used: from a new report to a ledger of one's own."""

import json

import pytest
from typer.testing import CliRunner

from amnok.cli.common import app

NEW = (
    "claim,report,title,publisher,date,reliability,text,place,mechanisms,unmodelled,contradicts,"
    "credibility\n"
    "N1,N,Nights at the ford,The Courier,2031-05-06,B,Guards sleep at night,the ford,guards,"
    "time of day,W3,4\n"
    "N2,N,,,,,Owls carry it,the ford,,owls,,\n"
)


@pytest.fixture
def mine(amnok, tiny, tmp_path):
    (tmp_path / "new.csv").write_text(NEW)
    answer = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", tiny)
    assert (answer.status, answer.errors) == (0, [])
    assert "2 claims added to mine.yaml" in answer.out
    return tmp_path / "mine.yaml"


def test_a_new_report_is_listed_and_shown_with_outlet_date_and_title(amnok, tiny, mine):
    out = amnok("evidence", "list", tiny, "--ledger", mine).out
    assert "Nights at the ford" in " ".join(out.split())
    assert "8 claims, 2 reports, 2 outlets; 2 independent of each other." in " ".join(out.split())
    shown = json.loads(amnok("evidence", "show", "N1", tiny, "--ledger", mine, "--json").out)
    assert shown["source"] == "The Courier, 2031-05-06: “Nights at the ford”"
    assert shown["grade"] == "B4"
    (stance,) = shown["stances"]
    assert (stance["stance"], stance["other"]) == ("contradicts", "W3")
    text = " ".join(amnok("evidence", "show", "N1", tiny, "--ledger", mine).out.split())
    assert "B4: source usually reliable, statement doubtful" in text
    gaps = json.loads(amnok("evidence", "gaps", tiny, "--ledger", mine, "--json").out)["gaps"]
    assert [row["tag"] for row in gaps] == ["owls", "time_of_day"]
    assert gaps[0]["sources"] == ["The Courier, 2031-05-06: “Nights at the ford”"]


def test_what_is_exported_can_be_added_again(amnok, tiny, mine, tmp_path):
    before = mine.read_text()
    for form in ("csv", "jsonl", "yaml"):
        file = f"all.{form}"
        words = ("--ledger", mine, "--format", form, "--out", file)
        assert amnok("evidence", "export", tiny, *words).status == 0
        answer = amnok("evidence", "add", mine, file, "--scenario", tiny, "--json")
        assert json.loads(answer.out)["added"] == []
        assert mine.read_text() == before
    printed = amnok("evidence", "export", tiny, "--ledger", mine).out
    assert printed == (tmp_path / "all.csv").read_text()


def test_bad_rows_add_nothing(amnok, tiny, tmp_path):
    (tmp_path / "new.csv").write_text(NEW.replace(",4\n", ",nine\n").replace(",guards,", ",gards,"))
    answer = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", tiny)
    assert answer.status == 2
    assert answer.errors == [
        "error: new.csv:2: credibility: 'nine' is not a number (write one such as 0.25 or 60000)"
    ]
    (tmp_path / "new.csv").write_text(NEW.replace(",guards,", ",gards,"))
    (error,) = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", tiny).errors
    assert error.startswith("error: new.csv:2: mechanisms: unknown mechanism 'gards'")
    assert not (tmp_path / "mine.yaml").exists()


def test_claims_are_amended_and_retracted_with_history(amnok, tiny, mine):
    words = ("evidence", "amend", mine, "N2", "misheard", "--set", "credibility=5")
    assert amnok(*words).status == 0
    assert amnok("evidence", "retract", mine, "N2", "withdrawn").status == 0
    shown = json.loads(amnok("evidence", "show", "N2", tiny, "--ledger", mine, "--json").out)
    (amendment,) = shown["content"]["amended"]
    assert (amendment["why"], amendment["was"]) == ("misheard", {"credibility": None})
    assert shown["content"]["retracted"]["why"] == "withdrawn"
    listed = json.loads(amnok("evidence", "list", tiny, "--ledger", mine, "--json").out)
    assert listed["counts"]["retracted"] == 1
    assert [row["claim"] for row in listed["claims"] if row["retracted"]] == ["N2"]
    assert amnok("evidence", "amend", mine, "N9", "x", "--set", "place=y").status == 2


def test_two_ledgers_are_merged_or_their_conflicts_told(amnok, tiny, mine, tmp_path):
    (tmp_path / "other.yaml").write_text(mine.read_text().replace("Owls", "Crows"))
    merge = ("evidence", "merge", mine, "other.yaml", "both.yaml", "--scenario", tiny)
    answer = amnok(*merge)
    assert answer.status == 2
    assert "claims.N2: differs from" in answer.errors[0]
    assert not (tmp_path / "both.yaml").exists()
    assert amnok(*merge, "--prefer", "second").status == 0
    assert "Crows" in (tmp_path / "both.yaml").read_text()
    assert amnok(*merge, "--prefer", "third").status == 2


def test_contradictions_of_figures_are_checked(amnok, tiny, tmp_path):
    (tmp_path / "two.csv").write_text(
        "claim,report,title,publisher,text,unmodelled,figure,figure_low,figure_unit,figure_of\n"
        "O1,O,Count,Ministry,so many,cattle,cattle seized,168801,heads,2016\n"
        "O2,P,Answer,Parliament,fewer,cattle,cattle seized,128440,heads,2016\n"
    )
    answer = amnok("evidence", "check", tiny, "--ledger", "two.csv", "--json")
    found = json.loads(answer.out)
    assert [row["source"] for row in found["figures"]] == [
        "Parliament, date unknown: “Answer”",
        "Ministry, date unknown: “Count”",
    ]
    assert not found["figures"][0]["meet"]


def test_a_claim_is_asked_for_with_suggestions(tiny, tmp_path):
    answers = ["W", "", "Nobody guards the ferry", "the ferry", "", "3", "", "guards", "", ""]
    target = tmp_path / "mine.yaml"
    words = ["evidence", "add", str(target), "--scenario", str(tiny)]
    done = CliRunner().invoke(app, words, input="\n".join(answers) + "\n" + "none\n" * 9)
    assert done.exit_code == 0, done.output
    text = target.read_text()
    assert "W-7:" in text
    assert "sectors: [ferry]" in text
    assert "credibility: 3" in text


def test_an_unknown_claim_and_format_are_told(amnok, tiny):
    (error,) = amnok("evidence", "show", "W99", tiny).errors
    assert "no claim 'W99'" in error
    assert amnok("evidence", "export", tiny, "--format", "xls").status == 2
