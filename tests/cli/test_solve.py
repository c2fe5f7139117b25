"""`amnok solve` as people meet it."""

import json
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "games"
RECURSIVE = DOCS / "recursive-inspection.yaml"


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.yaml")), ids=lambda file: file.stem)
def test_value_plan_and_certificate(amnok, file):
    answer = amnok("solve", file)
    assert answer.status == 0
    assert answer.errors == []
    assert "Certificate" in answer.out
    assert "holds" in answer.out
    assert not any("\x1b" in line or len(line) > 110 for line in answer.out.splitlines())


def test_fractions(amnok):
    assert "3/11" in amnok("solve", RECURSIVE, "--exact").out
    data = json.loads(amnok("solve", RECURSIVE, "--exact", "--json").out)
    assert data["values"]["value to the inspected"] == "3/11"
    assert data["certificate"]["gap"] == "0"


def test_json_is_written_and_printed(amnok, tmp_path):
    printed = json.loads(amnok("solve", RECURSIVE, "--json", "--out", "answer.json").out)
    assert json.loads((tmp_path / "answer.json").read_text()) == printed
    assert printed["values"]["value to the inspected"] == pytest.approx(3 / 11)
    assert next(iter(printed["stages_with_1_violation_left"][0])) == "periods left"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


def test_a_game_too_large_for_a_certificate_says_so(amnok, tmp_path):
    (tmp_path / "large.yaml").write_text(
        "game: recursive-inspection\nperiods: 10000\ninspections: 5000\n"
        "violations: 5000\npenalty: 1\n"
    )
    answer = amnok("solve", "large.yaml")
    assert answer.status == 0
    assert "Not certified" in answer.out
    assert json.loads(amnok("solve", "large.yaml", "--json").out)["certificate"]["gap"] is None


def test_bad_input_is_one_clear_message(refused, tmp_path):
    (tmp_path / "bad.yaml").write_text("game: recursive-inspection\nperiods: 3\n")
    assert refused("solve", "bad.yaml")
    assert refused("solve", "none.yaml")
    assert refused("solve", RECURSIVE, "--out", "no/such/folder.json")
    assert refused("solve", DOCS / "timeliness.yaml", "--exact")


@pytest.mark.slow
def test_all_digits_of_an_exact_answer(amnok, tmp_path):
    """There are more of them than Python writes out unasked."""
    (tmp_path / "long.yaml").write_text(
        "game: recursive-inspection\nperiods: 3000\ninspections: 1500\npenalty: 7/1000\n"
    )
    shown = amnok("solve", "long.yaml", "--exact")
    assert "about 0.00" in shown.out
    written = json.loads(amnok("solve", "long.yaml", "--exact", "--json").out)
    assert len(written["values"]["value to the inspected"]) > 5000
