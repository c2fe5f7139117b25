"""What the page says of an event is what `amnok effects` and the report say."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from tests.paths import TINY
from tests.web.conftest import QUOTA, SWEEP
from typer.testing import CliRunner

import amnok
from amnok.cells import text_of
from amnok.cli import main  # noqa: F401 - importing it adds the commands
from amnok.cli.common import app
from amnok.errors import AmnokError
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import first_page
from amnok.reporting.numbers import number, share, signed
from amnok.results import ledgers, store
from amnok.results.manifest import digest_of, versions
from amnok.scenario import resolved
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual.robustness import robustness
from amnok.web import border as module
from amnok.web.answer import stories_of
from amnok.web.border import Explorer, View
from amnok.web.serve import border_of


@pytest.fixture(scope="module")
def whole(border):
    """An explorer that keeps its worlds over tests."""
    return Explorer(border)


def never(total):
    raise AssertionError("simulated")


def text(found):
    return "".join(one["text"] for one in found["effect"]["answer"])


def test_the_answer_is_that_of_the_report(whole, days):
    found = whole.view(View("april_sweep", {QUOTA: 9.0}), days)
    effect = amnok.effect(TINY, "april_sweep", seed=3, replicates=2, sets=[f"{QUOTA}=9"])
    findings = Findings(effect)
    assert text(found) == "".join(one for one, _ in findings.answer())
    assert found["effect"]["title"] == findings.title()
    assert [one["title"] for one in found["effect"]["findings"]] == [
        one.title for one in findings.all()
    ]
    assert found["picture"] == {**whole.picture({QUOTA: 9.0}, "full", None, days), "share": 1.0}
    json.dumps(found["effect"]["rows"], default=str)


@pytest.mark.slow
def test_headlines_of_every_story_are_those_of_compare(days):
    """To the digit shown: arrests on the side that bears most, and trade, over the story's days."""
    explorer = Explorer(border_of("sino-korean-border", 1, 2))
    for name, story in explorer.stories.items():
        effect = explorer.view(View(name, {}), days)["effect"]
        words = ["compare", "sino-korean-border", "--effect-of", story.of, "--replicates", "2"]
        words += ["--from", effect["from"], "--to", effect["to"], "--json"]
        rows = json.loads(CliRunner().invoke(app, words).stdout)["effects"]
        numbers = ("outcome", "where", "without", "with", "difference")
        shown, told = (
            [[row[key] for key in numbers] for row in of] for of in (effect["rows"], rows)
        )
        assert shown == told
        sums = {
            (outcome, side): np.sum(
                [row[2:] for row in told if row[0] == outcome and side in row[1]], 0
            )
            for outcome, side in (("arrests", "cn, "), ("arrests", "nk, "), ("value_crossed", ""))
        }
        answer = "".join(one["text"] for one in effect["answer"])
        arrests = re.search(r"([\d,.]+) (more|fewer) arrests \([^)]*\) were made", answer)
        if arrests:
            changes = [sums["arrests", side][2] for side in ("cn, ", "nk, ")]
            most = max(changes, key=abs)
            assert arrests.groups() == (number(abs(most)), "more" if most > 0 else "fewer"), name
        trade = re.search(r"crossed (fell|rose) by ([\d.]+%)", answer)
        if trade:
            without, _, change = sums["value_crossed", ""] / 2  # by size, and by channel again
            assert trade.groups() == (
                "rose" if change > 0 else "fell",
                share(abs(change / without)),
            )
        assert arrests or trade, name


def test_other_days_and_sectors_need_no_simulation(whole, days):
    first = whole.view(View("april_sweep", {}), days)
    late = whole.view(View("april_sweep", {}, days=("2030-05-01", None)), never)
    assert (late["effect"]["from"], late["effect"]["to"]) == ("2030-05-01", "2030-06-28")
    ferry = whole.view(View("april_sweep", {}, sector="ferry"), never)
    assert text(ferry).startswith("Ferry: ")
    rows, parts = (
        {one["outcome"] + one["where"]: one["difference"] for one in found["effect"]["rows"]}
        for found in (first, ferry)
    )
    assert set(parts) < set(rows)  # a ratio is of no sector
    assert abs(parts["reports"]) <= abs(rows["reports"]) + 100


def test_the_places_are_those_of_the_map_and_of_the_border(whole, days):
    found = whole.view(View("april_sweep", {}), days)["effect"]
    first = found["maps"][0]
    assert first["title"] in found["places"]
    largest = max(first["rows"], key=lambda row: abs(row["difference"]))
    sectors = whole.border.scenario.sectors
    is_clear = largest["low"] > 0 or largest["high"] < 0
    most = f"largest effect at {sectors[largest['sector']].label}, {signed(largest['difference'])}"
    assert (most if is_clear else "no clear effect where it changes most") in first["title"]
    items = re.findall(
        r"<li><span>(.*?) <small>(.*?)</small>.*?<b class=(\w+)>(.*?)</b>", found["places"]
    )
    assert [name for name, *_ in items] == [one.label for one in sectors.values()]
    for row, (_, towns, kind, told) in zip(first["rows"], items, strict=True):
        sector = sectors[row["sector"]]
        assert towns == f"{sector.inner_town}, {sector.outer_town}"
        is_clear = row["low"] > 0 or row["high"] < 0
        assert (kind != "none") == is_clear
        assert told == (signed(row["difference"]) if is_clear else "unclear")
        assert row["told"] == signed(row["difference"])


def test_sectors_add_up_to_the_border(whole, days):
    effect = whole._worlds(View("april_sweep", {}), whole.stories["april_sweep"], days).effect
    sectors = [Findings(effect, sector=one) for one in effect.scenario.sectors]
    for outcome in ("value_crossed", "arrests", "questionings"):
        parts = [one.cell(outcome)["difference"] for one in sectors]
        assert sum(parts) == pytest.approx(Findings(effect).cell(outcome)["difference"], rel=1e-6)


def test_a_preview_shows_numbers_and_says_nothing(monkeypatch, border, days):
    monkeypatch.setattr(module, "PAIR_TRADERS", 100)
    found = Explorer(border).view(View("april_sweep", {}, "preview"), days)
    assert found["picture"]["share"] < 1
    assert found["effect"]["panel"]
    assert "answer" not in found["effect"]
    assert "Because of" not in "".join(found["effect"]["panel"])


@pytest.mark.parametrize("pinned", [{}, {SWEEP: 0.2}])
def test_what_levers_change_stands_beside_the_answer(monkeypatch, border, days, pinned):
    """Numbers of the border as it is, or pinned: of as many traders, and simulated once."""
    monkeypatch.setattr(module, "PAIR_TRADERS", 100)
    explorer = Explorer(border)
    for quality in ("preview", "full"):
        asked = [View("april_sweep", one, quality) for one in ({SWEEP: 2.0}, pinned)]
        worlds = [explorer._made(one, explorer.stories["april_sweep"], days) for one in asked]
        here, there = (Findings(one.effect, is_preview=quality == "preview") for one in worlds)
        other = "Pinned" if pinned else "As it is"
        view = replace(asked[0], pinned=pinned)
        found = explorer.view(view, never)["effect"]["beside"]
        wanted = here.beside(there, other, explorer.stories["april_sweep"].outcomes)
        assert found == wanted._asdict()
        assert ("(preview)" in found["heads"][0]) == (quality == "preview")
        assert len(found["rows"]) >= 2
        same = explorer.view(View("april_sweep", pinned, quality, pinned=pinned), never)
        assert same["effect"]["beside"] is None


def test_of_a_setting_that_is_kept_there_is_no_preview(monkeypatch, border, days):
    monkeypatch.setattr(module, "PAIR_TRADERS", 100)
    explorer = Explorer(border)
    full = explorer.view(View("april_sweep", {}), days)
    again = explorer.view(View("april_sweep", {}, "preview"), never)
    assert json.dumps(again, default=str) == json.dumps(full, default=str)
    moved = explorer.view(View("april_sweep", {QUOTA: 9.0}, "preview"), days)
    assert moved["picture"]["share"] < 1


def test_drawings_of_the_panel_state_findings(whole, days):
    found = whole.view(View("april_sweep", {}), days)["effect"]
    titles = [one for each in found["panel"] for one in re.findall("<b>(.*?)</b>", each)]
    assert len(titles) >= 4
    for title in titles:
        assert re.search("what there would have been|no clear effect|instead of none", title)
    assert all(one.count("<svg") == 1 and "<table" in one for one in found["panel"])
    assert not any("style=" in one or "onclick" in one for one in found["panel"])


def test_any_event_may_be_asked_for_and_no_other(whole, days):
    found = whole.view(View("halts", {}), days)["effect"]
    assert found["event"] == "halts"
    with pytest.raises(AmnokError, match="no order, change, closure, halt or mechanism"):
        whole.view(View("nothing", {}), never)
    with pytest.raises(AmnokError, match="no sector"):
        whole.view(View("april_sweep", {}, sector="moon"), never)
    with pytest.raises(AmnokError, match="not in the period of tiny-border: 2040-01-01"):
        whole.view(View("april_sweep", {}, days=("2040-01-01", "2041-01-01")), days)


def test_explorer_and_report_tell_the_same_limits_and_the_same_reports(tmp_path, days):
    """What a story says of itself, and what stands behind its numbers, have one home."""
    file = tmp_path / "border.yaml"
    file.write_text(
        f"extends: {TINY}\nstories:\n  one:\n    question: What did it do?\n    of: april_sweep\n"
        "    outcomes: [questionings]\n    limits: [Whether anybody was told of it.]\n",
        encoding="utf-8",
    )
    explorer = Explorer(border_of(str(file), 3, 2))
    told = explorer.view(View("one", {}), days)["effect"]
    page = first_page(Findings(amnok.effect(amnok.load(file), "april_sweep", 3, 2)))
    assert "<li>Whether anybody was told of it.</li>" in told["limits"]
    assert told["limits"] in page
    assert text_of(told["behind"]) in page
    assert told["otherwise"] in page


def test_the_report_of_the_shipped_border_says_who_says_otherwise():
    scenario = with_values(amnok.load("sino-korean-border"), {"traders.inner": 300.0})
    page = first_page(Findings(amnok.effect(scenario, "cn_october", replicates=2)))
    lines = re.findall(
        r"<li>The model goes by: “.+?” \(.+?\)\. A report says: “.+?” \(.+?\)\.</li>", page
    )
    assert len(lines) == 2
    assert "Reports that say otherwise than the model</b>; 4 more reports under Evidence:" in page
    for limit in scenario.stories["october_order"].limits:
        assert text_of(limit) in page
    assert all(len(part.split("<li>")) <= 8 for part in re.findall(r"<ul.*?</ul>", page, re.DOTALL))


def test_a_border_without_stories_has_one_for_each_order(border):
    found = stories_of(border.scenario)
    assert list(found) == ["more_cameras", "april_sweep", "paper_hunt"]  # by date
    assert all(one.question.startswith("What did ") for one in found.values())


def test_a_saved_run_answers_from_what_was_saved(tmp_path):
    words = ["run", str(TINY), "--replicates", "2", "--effects", "--set", f"{SWEEP}=0.7"]
    assert CliRunner().invoke(app, [*words, "--out", str(tmp_path / "run")]).exit_code == 0
    explorer = Explorer(border_of(str(tmp_path / "run")))
    assert text(explorer.view(View("april_sweep", {}), never))


def test_each_question_counts_its_own_days(tmp_path, days):
    file = tmp_path / "border.yaml"
    ask = "question: What did it do?, of: april_sweep"
    file.write_text(
        f"extends: {TINY}\nstories:\n  short: {{{ask}, end: 2030-04-30}}\n  usual: {{{ask}}}\n"
        f"  late: {{{ask}, start: 2030-05-01}}\n",
        encoding="utf-8",
    )
    explorer = Explorer(border_of(str(file), 3, 2))
    last = {"short": "04-10 2030-04-30", "usual": "04-10 2030-06-28", "late": "05-01 2030-06-28"}
    # Of an event that is named the first question's days count, as in reports.
    for name, told in {**last, "april_sweep": last["short"]}.items():
        effect = explorer.view(View(name, {}), days)["effect"]
        assert f"{effect['from']} {effect['to']}" == f"2030-{told}", name


def test_what_shows_the_whole_border_is_not_cited_as_a_sector(whole, days):
    found = whole.view(View("april_sweep", {}, sector="ferry"), days)
    charts = {one["name"]: one["is_here"] for one in found["picture"]["charts"]}
    assert charts["crossings"]
    assert not charts["prices"]
    assert ", Ferry." in found["picture"]["source_here"]
    told = [found["picture"]["source"], *(one["source"] for one in found["effect"]["maps"])]
    assert len(told) > 1
    assert not any("Ferry" in one for one in told)
    effect = amnok.effect(TINY, "april_sweep", replicates=2)
    findings = Findings(effect, sector="ferry")
    places = {name: findings.source(str(name)).place for name in effect.daily.data_vars}
    for name, place in places.items():
        assert place == ("Ferry" if "sector" in effect.daily[name].dims else "")
    assert {*places.values()} == {"Ferry", ""}


def test_further_evidence_leaves_the_digest_that_is_cited(tmp_path, days):
    ledger = tmp_path / "more.csv"
    text = "claim,report,title,publisher,text,mechanisms\nN1,N,Nights,Courier,It is so,guards\n"
    ledger.write_text(text, encoding="utf-8")
    scenario = amnok.load(TINY)
    told = border_of(str(TINY), 3, 1, ledgers=[ledger])
    assert resolved(told.scenario) != resolved(scenario)
    drawn = Explorer(told).view(View("april_sweep", {}), days)
    digest = digest_of(resolved(scenario).encode())[:12]
    assert f"SHA-256 {digest}." in drawn["picture"]["source"]
    assert f"SHA-256 {digest}." in drawn["effect"]["maps"][0]["source"]
    assert "interval" not in drawn["picture"]["source"] + drawn["effect"]["maps"][0]["source"]


def test_who_made_a_saved_run_is_cited(tmp_path, monkeypatch):
    words = ["run", str(TINY), "--replicates", "2", "--effects", "--out", str(tmp_path / "run")]
    monkeypatch.setattr(ledgers, "version", lambda _: "0.1.2")
    of_then = {**versions(), "amnok": "0.1.2"}
    monkeypatch.setattr(store, "versions", lambda: of_then)
    assert CliRunner().invoke(app, words).exit_code == 0
    found = Explorer(border_of(str(tmp_path / "run"))).view(View("april_sweep", {}), never)
    sources = [found["picture"]["source"], found["effect"]["maps"][0]["source"]]
    assert all("Amnok 0.1.2, scenario" in one for one in sources)
    page = amnok.report(tmp_path / "run").html
    assert "Amnok 0.1.2, scenario" in page
    assert f"Amnok {versions()['amnok']}, scenario" not in page


def test_guesses_are_told_of_the_border_as_it_is_and_of_no_other(tmp_path, days):
    few = {"traders.inner": 60, "traders.outer": 30}
    scenario = amnok.load(TINY, few)
    file = tmp_path / "draws.json.gz"
    robustness(scenario, tmp_path / "draws", ["april_sweep"], draws=10).write(file)
    path = tmp_path / "few.yaml"
    path.write_text(resolved(scenario))
    explorer = Explorer(border_of(str(path), 3, 2, file))
    found = explorer.view(View("april_sweep", {}), days)["effect"]
    first, *others = found["holds"]
    assert re.search(r"^Under other guesses \(10 sets tried\): .* of 10", first)
    assert all(re.search(r" of 10.*[;.]$", line) for line in others)  # one number each
    assert [line[-1] for line in found["holds"]] == [*";" * len(others), "."]
    assert any("class=guesses" in one for one in found["panel"])
    moved = explorer.view(View("april_sweep", {QUOTA: 9.0}), days)["effect"]
    assert moved["holds"] == [
        "Under other guesses: not measured for this border as it is set here."
    ]
    assert not any("class=guesses" in one for one in moved["panel"])
    with pytest.raises(AmnokError, match="not of this border"):
        border_of(str(TINY), guesses=file)
