"""`amnok evidence`, as it is used: from a new report to a ledger of one's own."""

import csv
import hashlib
import io
import json

import numpy as np
import pytest
from tests.paths import LEAST, TINY
from typer.testing import CliRunner

from amnok import compare as amnok_compare
from amnok.cli.common import app
from amnok.cli.main import main

NEW = (
    "claim,report,title,publisher,date,reliability,text,place,mechanisms,unmodelled,contradicts,"
    "credibility\n"
    "N1,N,Nights at the ford,The Courier,2031-05-06,B,Guards sleep at night,the ford,guards,"
    "time of day,W3,4\n"
    "N2,N,,,,,Owls carry it,the ford,,owls,,\n"
)


@pytest.fixture
def mine(amnok, tmp_path):
    (tmp_path / "new.csv").write_text(NEW)
    answer = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", TINY)
    assert (answer.status, answer.errors) == (0, [])
    assert "2 claims and 1 report added to mine.yaml" in answer.out
    return tmp_path / "mine.yaml"


def test_a_new_report_is_listed_and_shown_with_outlet_date_and_title(amnok, mine):
    out = amnok("evidence", "list", TINY, "--ledger", mine).out
    assert "Nights at the ford" in " ".join(out.split())
    assert "8 claims, 2 reports, 2 outlets; 2 independent voices." in " ".join(out.split())
    shown = json.loads(amnok("evidence", "show", "N1", TINY, "--ledger", mine, "--json").out)
    assert shown["source"] == "The Courier, 2031-05-06: “Nights at the ford”"
    assert shown["grade"] == "B4"
    (stance,) = shown["stances"]
    assert (stance["stance"], stance["other"]) == ("contradicts", "W3")
    text = " ".join(amnok("evidence", "show", "N1", TINY, "--ledger", mine).out.split())
    assert "B4: source usually reliable, statement doubtful" in text
    gaps = json.loads(amnok("evidence", "gaps", TINY, "--ledger", mine, "--json").out)["gaps"]
    assert [row["tag"] for row in gaps] == ["owls", "time_of_day"]
    assert gaps[0]["sources"] == ["The Courier, 2031-05-06: “Nights at the ford”"]


def test_what_is_exported_can_be_added_again(amnok, mine, tmp_path):
    before = mine.read_text()
    for form in ("csv", "jsonl", "yaml", "ftm"):
        file = f"all.{form}"
        words = ("--ledger", mine, "--format", form, "--out", file)
        assert amnok("evidence", "export", TINY, *words).status == 0
        answer = amnok("evidence", "add", mine, file, "--scenario", TINY, "--json")
        assert json.loads(answer.out)["added"] == []
        assert mine.read_text() == before
    printed = amnok("evidence", "export", TINY, "--ledger", mine).out
    assert printed == (tmp_path / "all.csv").read_text()


def test_what_is_all_there_already_is_said_to_be(amnok, tmp_path):
    assert amnok("evidence", "export", TINY, "--out", "all.csv").status == 0
    answer = amnok("evidence", "add", "mine.yaml", "all.csv", "--scenario", TINY)
    assert answer.status == 0
    assert answer.out.splitlines() == [
        "Nothing new for mine.yaml.",
        "There already, in it or in the border: 6 claims.",
    ]
    assert not (tmp_path / "mine.yaml").exists()


def test_what_a_ledger_has_as_it_was_is_brought_up_to_date(amnok, mine, tmp_path):
    (tmp_path / "other.yaml").write_text(mine.read_text())
    words = ("evidence", "amend", "other.yaml", "N2", "misheard", "--set", "credibility=5")
    assert amnok(*words, "--scenario", TINY).status == 0
    answer = amnok("evidence", "add", mine, "other.yaml", "--scenario", TINY, "--json")
    told = json.loads(answer.out)
    assert (told["added"], told["later"], told["known"]) == ([], ["N2"], 1)
    assert mine.read_text() == (tmp_path / "other.yaml").read_text()


def test_bad_rows_add_nothing(amnok, tmp_path):
    (tmp_path / "new.csv").write_text(NEW.replace(",4\n", ",nine\n").replace(",guards,", ",gards,"))
    answer = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", TINY)
    assert answer.status == 2
    assert answer.errors == [
        "error: new.csv:2: credibility: 'nine' is not a number (write one such as 0.25 or 60000)",
        "error: new.csv:2: mechanisms: unknown mechanism 'gards' (did you mean 'guards'?)",
    ]
    said = NEW.replace("credibility\n", "credibility,says\n").replace(",4\n", ',4,"[{sum: x}]"\n')
    (tmp_path / "new.csv").write_text(said.replace(",,\n", ",,,\n"))
    (error,) = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", TINY).errors
    assert error.startswith("error: new.csv:2: says: ")
    (tmp_path / "new.csv").write_text(NEW.replace(",guards,", ",gards,"))
    (error,) = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", TINY).errors
    assert error.startswith("error: new.csv:2: mechanisms: unknown mechanism 'gards'")
    assert not (tmp_path / "mine.yaml").exists()


def test_claims_are_amended_and_retracted_with_history(amnok, mine):
    words = ("evidence", "amend", mine, "N2", "misheard", "--scenario", TINY)
    assert amnok(*words, "--set", "credibility=5").status == 0
    before = mine.read_text()
    (error,) = amnok(*words, "--set", "says=[{sum: crosings, at_least: 1}]").errors
    assert "no variable 'crosings' (did you mean 'crossings'?)" in error
    assert mine.read_text() == before
    assert amnok("evidence", "retract", mine, "N2", "withdrawn", "--scenario", TINY).status == 0
    shown = json.loads(amnok("evidence", "show", "N2", TINY, "--ledger", mine, "--json").out)
    (amendment,) = shown["content"]["amended"]
    assert (amendment["why"], amendment["was"]) == ("misheard", {"credibility": None})
    assert shown["content"]["retracted"]["why"] == "withdrawn"
    listed = json.loads(amnok("evidence", "list", TINY, "--ledger", mine, "--json").out)
    assert listed["counts"]["retracted"] == 1
    assert [row["claim"] for row in listed["claims"] if row["retracted"]] == ["N2"]
    assert amnok(*words[:3], "N9", "x", "--scenario", TINY, "--set", "place=y").status == 2


def test_two_ledgers_are_merged_or_their_conflicts_told(amnok, mine, tmp_path):
    (tmp_path / "other.yaml").write_text(mine.read_text().replace("Owls", "Crows"))
    merge = ("evidence", "merge", mine, "other.yaml", "both.yaml", "--scenario", TINY)
    answer = amnok(*merge)
    assert answer.status == 2
    assert "claims.N2: differs from" in answer.errors[0]
    assert not (tmp_path / "both.yaml").exists()
    assert amnok(*merge, "--prefer", "second").status == 0
    assert "Crows" in (tmp_path / "both.yaml").read_text()
    assert amnok(*merge, "--prefer", "third").status == 2
    assert "is there already" in amnok(*merge, "--prefer", "second").errors[0]


def test_contradictions_of_figures_are_checked(amnok, tmp_path):
    (tmp_path / "two.csv").write_text(
        "claim,report,title,publisher,text,unmodelled,figure,figure_low,figure_unit,figure_of\n"
        "O1,O,Count,Ministry,so many,cattle,cattle seized,168801,heads,2016\n"
        "O2,P,Answer,Parliament,fewer,cattle,cattle seized,128440,heads,2016\n"
    )
    answer = amnok("evidence", "check", TINY, "--ledger", "two.csv", "--json")
    found = json.loads(answer.out)
    assert [row["source"] for row in found["figures"]] == [
        "Parliament, date unknown: “Answer”",
        "Ministry, date unknown: “Count”",
    ]
    assert not found["figures"][0]["meet"]


def test_a_claim_is_asked_for_with_suggestions(tmp_path):
    answers = ["W", "", "Nobody guards the ferry", "the ferry", "", "3", "", "guards", "", ""]
    target = tmp_path / "mine.yaml"
    words = ["evidence", "add", str(target), "--scenario", str(TINY)]
    done = CliRunner().invoke(app, words, input="\n".join(answers) + "\n" + "none\n" * 9)
    assert done.exit_code == 0, done.output
    text = target.read_text()
    assert "W-7:" in text
    assert "sectors: [ferry]" in text
    assert "credibility: 3" in text


def test_a_tag_that_is_none_is_told_when_it_is_typed(tmp_path):
    target = tmp_path / "mine.yaml"
    answers = [
        "W",
        "",
        "Owls",
        "",
        "",
        "3",
        "",
        "",
        "a/b",
        "night owls, -x",
        "Night owls",
        "?",
        "oil",
    ]
    words = ["evidence", "add", str(target), "--scenario", str(TINY)]
    done = CliRunner().invoke(app, words, input="\n".join(answers) + "\n" + "none\n" * 9)
    assert done.exit_code == 0, done.output
    for typed in ("a/b", "-x", "?"):
        assert f"'{typed}' is not a tag" in done.output
    text = target.read_text()
    assert "unmodelled: [night_owls]" in text
    assert "unrecorded: [oil]" in text


def test_what_a_claim_is_about_is_asked_for_until_it_is_named(tmp_path):
    target = tmp_path / "mine.yaml"
    answers = ["W", "", "A bridge fell", *[""] * 7, "", "a bridge"]
    words = ["evidence", "add", str(target), "--scenario", str(TINY)]
    done = CliRunner().invoke(app, words, input="\n".join(answers) + "\n" + "none\n" * 9)
    assert done.exit_code == 0, done.output
    assert done.output.count("name it in a few words") == 2
    assert "unmodelled: [a_bridge]" in target.read_text()


def test_an_unknown_claim_and_format_are_told(amnok):
    (error,) = amnok("evidence", "show", "W99", TINY).errors
    assert "no claim 'W99'" in error
    assert amnok("evidence", "export", TINY, "--format", "xls").status == 2


def test_of_followthemoney_people_are_left_out_and_counted(amnok, tmp_path):
    entities = [
        {"id": "doc-1", "schema": "HyperText", "properties": {"title": ["Ferry"]}},
        {
            "id": "b" * 40,
            "schema": "Note",
            "properties": {"entity": ["doc-1"], "description": ["So"]},
        },
        {"id": "p", "schema": "Person", "properties": {"name": ["A. N. Other"]}},
        {"id": "q", "schema": "Passport", "properties": {"holder": ["p"], "passportNumber": ["7"]}},
        {"id": "v", "schema": "Vessel", "properties": {"name": ["Ferry"]}},
    ]
    (tmp_path / "case.jsonl").write_text("\n".join(map(json.dumps, entities)))
    answer = amnok("evidence", "add", "mine.yaml", "case.jsonl", "--scenario", TINY, "--json")
    told = json.loads(answer.out)
    assert told["left_out"] == {"people": 2, "others": 1}
    assert told["added"] == ["ftm2"]
    text = (tmp_path / "mine.yaml").read_text()
    assert "Other" not in text
    assert "not_coded_yet" in text
    (tmp_path / "case.jsonl").write_text(json.dumps(entities[0]) + '\n{"id": "x"}\n')
    (error,) = amnok("evidence", "add", "other.yaml", "case.jsonl", "--scenario", TINY).errors
    assert error.startswith("error: case.jsonl:2: is not an entity")


def test_a_run_tells_where_it_comes_from(amnok, tmp_path):
    assert amnok("run", TINY, "--out", "run", "--replicates", "2").status == 0
    cited = "The Vell Courier, 2030-07-01: “What the valley whispers”"
    for words in (["show", "run"], ["effects", TINY, "april_sweep", "--replicates", "2"]):
        assert cited in " ".join(amnok(*words).out.split())
        assert json.loads(amnok(*words, "--json").out)["sources"] == [cited]
    told = json.loads(amnok("evidence", "provenance", "run").out)
    (activity,) = told["activity"]
    assert told["activity"][activity]["amnok:seed"] == "1"
    made = {one["prov:entity"] for one in told["wasGeneratedBy"].values()}
    assert len(made) == 2
    files = [told["entity"][one] for one in (*made, told["used"]["_:used"]["prov:entity"])]
    held = {one["prov:location"]: one["amnok:sha256"] for one in files}
    assert set(held) == {"scenario.yaml", *(f"replicates/000{n}.zarr.zip" for n in (0, 1))}
    for name, told_digest in held.items():
        assert hashlib.sha256((tmp_path / "run" / name).read_bytes()).hexdigest() == told_digest
    assert told["entity"]["amnok:report/W"]["dct:title"] == "What the valley whispers"
    (derived,) = told["wasDerivedFrom"].values()
    assert derived["prov:usedEntity"] == "amnok:report/W"


def test_a_comparison_gives_paired_samples_to_a_hub(amnok, tmp_path):
    mine = 'policies: {no_sweep: {label: No sweep, note: Why not., set: {sweep: "off"}}}'
    (tmp_path / "mine.yaml").write_text(mine)
    words = ("--policies", "mine.yaml", "--replicates", "2", "--hub", "hub.csv")
    answer = amnok("compare", TINY, "no_sweep", *words)
    assert answer.status == 0
    assert "“What the valley whispers”" in " ".join(answer.out.split())
    with (tmp_path / "hub.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert {row["output_type"] for row in rows} == {"sample"}
    assert {row["output_type_id"] for row in rows} == {"1", "2"}
    assert {row["scenario_id"] for row in rows} == {"base", "no_sweep"}
    keys = [(r["scenario_id"], r["target"], r["location"], r["output_type_id"]) for r in rows]
    assert len(keys) == len(set(keys))
    data = amnok_compare(TINY, ["no_sweep"], replicates=2, files=["mine.yaml"]).values
    crossings = [
        float(row["value"])
        for row in rows
        if (row["target"], row["scenario_id"], row["output_type_id"]) == ("crossings", "base", "2")
    ]
    assert sum(crossings) == float(data["crossings"].sel(policy="base")[1].sum())
    assert np.isfinite([float(row["value"]) for row in rows]).all()
    held = sum(int(np.isfinite(values).sum()) for values in data.data_vars.values())
    assert len(rows) == held < sum(values.size for values in data.data_vars.values())


SAYS = """claim,report,text,mechanisms,says
N1,W,Something crosses,guards,"[{sum: crossings, at_least: 1}]"
N2,W,Less than nothing crosses,guards,"[{sum: crossings, at_most: -1}]"
"""


def test_the_model_says_what_it_makes_of_a_claim(amnok, tmp_path):
    (tmp_path / "said.csv").write_text(SAYS)
    words = (
        "evidence",
        "judge",
        TINY,
        "--ledger",
        "said.csv",
        "--replicates",
        "3",
        "--threads",
        "1",
    )
    told = json.loads(amnok(*words, "--json").out)
    verdicts = {one["claim"]: one["verdict"] for one in told["verdicts"]}
    assert (verdicts["N1"], verdicts["N2"]) == ("consistent", "contradicted")
    assert verdicts["W4"] == "silent"
    (row,) = [row for row in told["statements"] if row["claim"] == "N2"]
    assert row["source"].startswith("The Vell Courier, 2030-07-01")
    assert row["low"] <= row["value"] <= row["high"]
    text = " ".join(amnok(*words).out.split())
    assert "1 contradicted" in text
    assert "What the Valley".lower() in text.lower()


def test_a_claim_has_an_effect_and_contradictions_are_found(amnok, tmp_path):
    (tmp_path / "said.csv").write_text(SAYS)
    draws = ("--ledger", "said.csv", "--draws", "10", "--threads", "1", "--out", "draws")
    told = json.loads(amnok("evidence", "effect", "N1", TINY, *draws, "--json").out)
    assert (told["claim"], told["draws"]) == ("N1", 10)
    assert told["met"] >= 0.8  # in some draws of wide priors nobody trades
    assert {row["outcome"] for row in told["moved"]} >= {"crossings", "arrests"}
    told = json.loads(amnok("evidence", "check", TINY, *draws, "--json").out)
    assert [row["claim"] for row in told["impossible"]] == ["N2"]
    assert [(row["one"], row["other"]) for row in told["bounds"]] == [("N1", "N2")]
    (error,) = amnok("evidence", "effect", "W4", TINY, *draws).errors
    assert "says nothing that the model can measure" in error


def test_claims_are_held_against_hypotheses(amnok, tmp_path):
    (tmp_path / "said.csv").write_text(SAYS)
    mine = 'policies: {no_sweep: {label: No sweep, note: Why not., set: {sweep: "off"}}}'
    (tmp_path / "mine.yaml").write_text(mine)
    words = ("--scenario", TINY, "--policies", "mine.yaml", "--ledger", "said.csv")
    answer = amnok("evidence", "matrix", "no_sweep", *words, "--replicates", "2", "--json")
    told = json.loads(answer.out)
    assert {row["hypothesis"] for row in told["hypotheses"]} == {"base", "no_sweep"}
    assert {row["claim"] for row in told["matrix"]} >= {"N1", "N2"}
    assert all(row["source"] for row in told["matrix"])


def test_check_lists_what_to_source_first(amnok):
    short = {"period.end": "2015-01-31", "traders.inner": 100, "traders.outer": 60}
    sets = [word for path, value in short.items() for word in ("--set", f"{path}={value}")]
    answer = amnok("check", LEAST, "--first", 3, *sets)
    assert answer.status == 0
    rows = [line.split() for line in answer.out.splitlines() if line.endswith("assumption")]
    assert len(rows) == 3
    assert {"traders.inner", "goods.fuel.markup"} <= {row[0] for row in rows}


@pytest.mark.parametrize("answers", ["", "X1\n", "X1\nThe Courier\n\n"])
def test_questions_that_nobody_answers_to_the_end_leave_nothing(
    tmp_path, monkeypatch, capsys, answers
):
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    file = tmp_path / "mine.yaml"
    assert main(["evidence", "add", str(file), "--scenario", str(TINY)]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "interrupted: nothing kept"
    assert not file.exists()
