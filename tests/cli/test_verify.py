"""`amnok verify` as people meet it."""

import json
import math
import re
import sys

import pytest
from tests.paths import TINY, TINY_USUAL

from amnok.scenario import load


@pytest.fixture
def usual():
    return str(TINY_USUAL)


def test_a_border_judges_what_it_states(amnok):
    answer = amnok("verify", TINY, "--replicates", "2")
    assert answer.status == 0
    assert "\nQ1\n" in answer.out
    assert "2 patterns:" in answer.out


def test_a_pattern_of_ones_own_is_checked_and_verified(amnok, refused, tmp_path):
    text = (
        f"extends: {TINY}\npatterns:\n  Q1: null\n  Q2: null\n"
        "  Q3: {{text: Dealers use the toll road., says: {{by_road: {{share: value_crossed, "
        "part: {{channel: {}}}, where: {{size: dealer}}, at_least: 0.1}}}}}}\n"
        "  Q4: {{text: It was easier once.}}\n"
        "claims: {{W1: {{patterns: []}}, W5: {{patterns: []}}}}\n"
    )
    (tmp_path / "mine.yaml").write_text(text.format("custom"))
    (error,) = refused("check", "mine.yaml")
    assert "mine.yaml:5: patterns.Q3.says.by_road.part.channel: no 'custom' along" in error
    assert "did you mean 'customs'?" in error
    (tmp_path / "mine.yaml").write_text(text.format("customs"))
    assert amnok("check", "mine.yaml").status == 0
    data = json.loads(amnok("verify", "mine.yaml", "--replicates", "2", "--json").out)
    verdicts = {one["pattern"]: one["verdict"] for one in data["patterns"]}
    assert verdicts["Q3"] in ("holds", "does not hold")
    assert verdicts["Q4"] == "says nothing that can be measured"


def test_a_pattern_a_block_and_the_count(amnok, usual):
    answer = amnok("verify", usual, "--replicates", "4")
    assert answer.status == 0
    assert answer.errors == []
    assert "\nP04\n" in answer.out
    assert re.search(r"asked for +at most 0\.1\b", answer.out)
    assert "why there" in answer.out
    assert "16 patterns:" in answer.out
    assert not any("\x1b" in line or len(line) > 120 for line in answer.out.splitlines())


@pytest.mark.slow
def test_ablations_are_a_matrix_and_data(amnok, usual):
    answer = amnok("verify", usual, "--replicates", "2", "--ablate")
    assert answer.status == 0
    assert "Political dates stop the trade (halts)" in answer.out
    data = json.loads(amnok("verify", usual, "--replicates", "2", "--ablate", "--json").out)
    assert {one["mechanism"] for one in data["ablations"]} > {"halts"}
    halts = {one["measure"]: one for one in data["changes"] if one["mechanism"] == "halts"}
    assert halts["crossings_on_halt_days"]["change"] > 0.5


def test_json_has_null_where_nothing_can_be_measured(amnok, usual):
    out = amnok("verify", usual, "--replicates", "2", "--json").out
    assert "NaN" not in out
    data = json.loads(out)
    measures = [one for one in data["measures"] if one["pattern"] == "P03"]
    assert measures[0]["value"] is None
    patterns = {one["pattern"]: one for one in data["patterns"]}
    assert patterns["P03"]["verdict"] == "cannot be judged"


@pytest.mark.slow
def test_robustness_is_kept_in_a_folder_of_its_own(amnok, usual, tmp_path):
    arguments = ("verify", usual, "--replicates", "2", "--robust", "--draws", "10")
    first = amnok(*arguments)
    assert first.status == 0
    (folder,) = (tmp_path / "runs").iterdir()
    assert folder.name.startswith("robust-tiny-border-")
    assert "holds in" in first.out
    assert amnok(*arguments).out == first.out
    data = json.loads(amnok(*arguments, "--json").out)
    assert len(data["robustness"]) == 16 + 1
    assert data["robustness"][-1]["pattern"] == "all at once"


def test_a_border_held_against_observations(amnok, tmp_path):
    border = load(TINY)
    first, *_, last = border.markets
    side, goods = border.sides.inner.key, next(iter(border.goods))
    days = [f"2030-{month:02}-{day:02}" for month in (3, 4, 5) for day in (1, 8, 15, 22)]
    rows = [f"{day},price,{place},{side},{goods},10" for day in days for place in (first, last)]
    rows[-1] = rows[-1].replace(",10", ",12")
    head = "date_from,series,place,side,goods,value"
    (tmp_path / "seen.csv").write_text("\n".join([head, *rows]))
    windows = ["2030-03-01/2030-04-30", "2030-05-20/2030-05-31"]
    between = ("--between", ":".join(windows), "--relative-to", first)
    scored = ("--since", "2030-05-01", "--moves")
    words = ("verify", TINY, "--data", "seen.csv", "--replicates", "2")
    answer = amnok(*words, *scored, *between)
    assert answer.status == 0
    assert "Moves between windows" in answer.out
    assert "Mean error of the logarithm" in answer.out
    told = json.loads(amnok(*words, *scored, *between, "--json").out)
    assert {"moves", "errors", "rows", "all_series", "by_series"} <= set(told)
    assert [one["observed"] for one in told["moves"]] == pytest.approx([1.0, 1.2, 1.2])
    assert told["moves"][-1]["place"] == f"{last} over {first}"
    assert told["errors"][0]["last value"] == 0
    assert told["errors"][1]["last value"] == pytest.approx(math.log(1.2) / 4)
    assert amnok(*words, *between, "--html", "page.html").status == 0
    assert "Moves between windows" in (tmp_path / "page.html").read_text()
    alone = json.loads(amnok(*words, *between, "--json").out)
    assert "errors" not in alone


def test_faults_of_observations_are_told_all_at_once(refused, tmp_path):
    (tmp_path / "seen.csv").write_text(
        "date_from,series,value,place\n2030-04-01,prize,1,\n2030-13-01,price,1,\n2030-04-02,price,x,\n"
    )
    errors = refused("verify", TINY, "--data", "seen.csv")
    assert [line.split(": ")[1] for line in errors] == [f"seen.csv:{n}" for n in (2, 3, 4)]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--data", "none.csv"),
        ("--data", "x.csv", "--draws", "10", "--replicates", "2"),
        ("--until", "2030-05-01"),
        ("--replicates", "1"),
        ("--draws", "0"),
        ("--since", "yesterday"),
        ("--set", "nothing=1"),
    ],
)
def test_bad_input_is_one_clear_message(refused, arguments):
    assert refused("verify", TINY, *arguments)


@pytest.mark.slow
def test_the_tables_as_a_page(amnok, usual, tmp_path):
    sets = ("--set", "title=<script>alert(1)</script>", "--replicates", "2", "--ablate")
    answer = amnok("verify", usual, *sets, "--html", "page.html")
    assert answer.status == 0
    page = (tmp_path / "page.html").read_text()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert not re.search("https?:", page)
    assert page.count("<tr>") > 14 + 13
    assert list(tmp_path.glob("*.part")) == []


def test_a_page_that_cannot_be_written(amnok):
    answer = amnok("verify", TINY, "--replicates", "2", "--html", "no/such/page.html")
    assert answer.status == 2
    assert answer.errors == [
        "error: no/such/page.html: cannot be written: no such file or directory"
    ]


def test_what_is_not_installed_is_said_at_once(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib", None)
    monkeypatch.setattr(
        "amnok.studies.patterns.judge.measured", lambda *_: pytest.fail("simulated")
    )
    (error,) = refused("verify", TINY, "--robust")
    assert error.startswith("error: this needs SALib, which is not installed")
