"""`amnok effects`, `compare --effect-of` and `run --effects` as people meet them."""

import csv
import json
import re

import pytest
from tests.paths import TINY

import amnok as library
from amnok.studies.counterfactual.events import chosen, days_asked
from amnok.studies.counterfactual.kept import kept

WINDOW = ("--from", "2030-04-05", "--to", "2030-05-20")


def test_orders_by_default_with_and_without(amnok):
    answer = amnok("effects", TINY, "--replicates", "2")
    assert answer.status == 0
    assert answer.errors == []
    assert "Because of: " in answer.out
    assert "(april_sweep)" in answer.out
    heads = re.search(r"without +with .*difference", answer.out, re.DOTALL)
    assert heads
    assert "no clear effect" in answer.out
    assert "season, rest" in answer.out
    assert "2 pairs are few" in answer.out
    assert not any(len(line) > 110 for line in answer.out.splitlines())


def test_one_pair_knows_no_chance(amnok):
    answer = amnok("effects", TINY, "--replicates", "1")
    assert "chance unknown" in answer.out
    assert "no clear effect" not in answer.out
    assert "One pair" in answer.out


def test_compare_has_the_event_as_the_intervention(amnok, tmp_path):
    """Its signs are those of the policy that takes the order out, turned round."""
    (tmp_path / "mine.yaml").write_text('policies: {no_sweep: {set: {sweep: "off"}}}')
    common = ("--replicates", "3", *WINDOW, "--json")
    policy = json.loads(amnok("compare", TINY, "no_sweep", "--policies", "mine.yaml", *common).out)
    event = json.loads(amnok("compare", TINY, "--effect-of", "april_sweep", *common).out)
    without = {
        (one["outcome"], one["where"]): one for one in policy["differences"] if one["difference"]
    }
    same = 0
    for row in event["effects"]:
        assert row["difference"] is None or row["difference"] == pytest.approx(
            row["with"] - row["without"], abs=1e-6
        )
        other = without.get((row["outcome"], row["where"]))
        if other and row["outcome"] in ("arrests", "detention", "questionings"):
            same += 1
            assert row["difference"] == pytest.approx(-other["difference"], rel=1e-5)
            assert row["with"] == pytest.approx(other["base"], rel=1e-5)
    assert same > 3
    assert event["events"]["april_sweep"]["from"] == "2030-04-05"


def test_any_dimension_and_a_table(amnok, tmp_path):
    arguments = ("effects", TINY, "spring_vote", "--replicates", "2", "--by", "sector", "--json")
    data = json.loads(amnok(*arguments, "--csv", "all.csv").out)
    sectors = {*library.load(TINY).sectors}
    assert {one["where"] for one in data["effects"]} == sectors
    with (tmp_path / "all.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(data["effects"])
    assert {row["event"] for row in rows} == {"spring_vote"}


def test_a_run_keeps_its_effects(amnok, tmp_path):
    answer = amnok("run", TINY, "--replicates", "2", "--effects", "--out", "saved")
    assert answer.status == 0
    assert "Because of: " in answer.out
    scenario = library.load(TINY)
    found = kept(tmp_path / "saved", scenario)
    again = library.effects(TINY, replicates=2)
    assert list(found) == list(again)
    for name, one in found.items():
        assert one.daily.equals(again[name].daily)
        assert one.persons.equals(again[name].persons)
        assert one.differences().equals(again[name].differences())
    assert library.open_run(tmp_path / "saved").sizes["replicate"] == 2


def test_a_run_says_what_its_before_and_after_holds(amnok):
    answer = amnok("run", TINY)
    assert "differ by season and all else" in answer.out
    assert kept("runs/tiny-border-seed1", library.load(TINY)) == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("effects", "april_swep"),
        ("effects", "april_sweep", "--by", "colour"),
        ("effects", "april_sweep", "--by", "size", "--by", "size"),
        ("effects", "april_sweep", "--from", "2040-01-01"),
        ("compare",),
        ("compare", "no_sweep", "--effect-of", "april_sweep"),
        ("compare", "--effect-of", "april_swep"),
    ],
)
def test_bad_input_is_one_clear_message(refused, arguments):
    command, *rest = arguments
    assert refused(command, TINY, *rest)


@pytest.mark.parametrize("day", ["2018-13-01", "tomorrow", "01.10.2018"])
def test_what_is_no_day_is_told_in_words(amnok, day):
    answer = amnok("effects", TINY, "--from", day)
    assert answer.status == 2
    (line,) = answer.errors
    assert f"'{day}' is not a date (write it as 2018-09-21)" in line
    assert "%" not in line


@pytest.mark.parametrize(
    "command",
    [("effects", TINY), ("compare", TINY, "--effect-of", "april_sweep"), ("plot", "saved")],
    ids=lambda one: one[0],
)
def test_days_beyond_the_period_are_refused(amnok, command):
    if command[0] == "plot":
        amnok("run", TINY, "--replicates", "1", "--effects", "--out", "saved")
        command = (*command, "--chart", "arrests")
    period = library.load(TINY).period
    answer = amnok(*command, "--from", "2017-01-01", "--to", "2041-01-01")
    assert answer.status == 2
    (line,) = answer.errors
    told = "not in the period of tiny-border: 2017-01-01, 2041-01-01"
    assert f"{told} (days from {period.start} to {period.end})" in line


def test_every_headline_says_which_days_it_counts(amnok):
    """Page one of a report and its details count other days: both say so in the same words."""
    alone = amnok("effects", TINY, "april_sweep", "--replicates", "2", *WINDOW)
    beside = amnok("compare", TINY, "--effect-of", "april_sweep", "--replicates", "2", *WINDOW)
    for answer in (alone, beside):
        assert "\n2030-04-05 to 2030-05-20: There is no clear effect of" in answer.out


def test_a_report_says_them_on_page_one_and_in_its_details():
    scenario = library.load(TINY)
    halts = chosen(scenario, "halts")
    first_page, details = days_asked(scenario, halts), halts.window(scenario)
    assert first_page != details
    page = " ".join(library.report(TINY, about="halts").html.split())
    for first, last in (first_page, details):
        assert re.search(rf"<p[^>]*>{first} to {last}: (Because|There is no)", page)
