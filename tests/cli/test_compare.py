"""`amnok policies` and `amnok compare` as people meet them."""

import csv
import json
import re

import pytest
from tests.paths import TINY

MINE = 'policies: {no_sweep: {label: No sweep, note: Why not., set: {sweep: "off"}}}'


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    return "mine.yaml"


def test_policies_are_listed_with_what_they_set(amnok, mine):
    shipped = amnok("policies")
    assert shipped.status == 0
    assert re.search(r"no_order\s+(label +)?No Chinese order", shipped.out)
    own = amnok("policies", TINY, "--policies", mine)
    words = re.split(r"\s{2,}", own.out.splitlines()[-1].strip())
    assert words == ["no_sweep", "No sweep", "Why not.", "sweep = off"]


def test_a_comparison_says_what_changes_and_for_whom(amnok, mine):
    arguments = ("compare", TINY, "no_sweep", "--policies", mine, "--replicates", "2")
    answer = amnok(*arguments)
    assert answer.status == 0
    assert answer.errors == []
    assert "No sweep (no_sweep)" in answer.out
    assert "Nothing differs before 2030-04-" in answer.out
    assert "only without the policy" in answer.out
    assert not any("\x1b" in line or len(line) > 110 for line in answer.out.splitlines())


def test_a_comparison_says_which_days_it_counts(amnok, mine):
    given = ("compare", TINY, "no_sweep", "--policies", mine, "--replicates", "1")
    arguments = (*given, "--to", "2030-04-30")
    assert "\nOutcomes count 2030-03-01 to 2030-04-30\n" in amnok(*arguments).out
    assert json.loads(amnok(*arguments, "--json").out)["days"] == ["2030-03-01", "2030-04-30"]


def test_every_difference_as_table_and_as_json(amnok, mine, tmp_path):
    arguments = ("compare", TINY, "no_sweep", "--policies", mine, "--replicates", "2")
    data = json.loads(amnok(*arguments, "--csv", "all.csv", "--json").out)
    with (tmp_path / "all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(data["differences"]) > 30
    assert rows[0]["outcome"] == data["differences"][0]["outcome"] == "crossings"
    assert {row["fate"] for row in data["persons"]} == {
        "both",
        "neither",
        "only_with",
        "only_without",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("no_swep",),
        ("no_sweep", "--set", "nothing=1"),
        ("no_sweep", "--from", "2040-01-01"),
        ("no_sweep", "--replicates", "0"),
        ("no_sweep", "--policies", "none.yaml"),
        (),
    ],
)
def test_bad_input_is_one_clear_message(refused, mine, arguments):
    assert refused("compare", TINY, *arguments, "--policies", mine)


def test_a_table_that_cannot_be_written(amnok, mine):
    arguments = ("compare", TINY, "no_sweep", "--policies", mine, "--replicates", "1")
    answer = amnok(*arguments, "--csv", "no/such/folder.csv")
    assert answer.status == 2
    assert answer.errors[-1].startswith("error: no/such/folder.csv: ")
