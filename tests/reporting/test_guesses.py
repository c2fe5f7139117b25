"""Likelihoods: counted over draws, in the words of ICD 203, and never beside a grade."""

import re
from dataclasses import replace

import numpy as np
import pytest
from tests.paths import TINY

import amnok
from amnok.reporting.comparison import rows_of
from amnok.reporting.comparison_report import comparison_report
from amnok.reporting.comparison_words import guesses_about, policy_holds
from amnok.reporting.counterfactual import effects_sheet
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import bearing, first_page, lead, limits
from amnok.reporting.formats import render
from amnok.reporting.guesses import guesses_sheet
from amnok.reporting.single import picture_of
from amnok.results.intervals import is_told
from amnok.studies.claims.judging import ICD_203
from amnok.studies.comparison.folder import open_comparison, save_comparison
from amnok.studies.counterfactual import robustness as module
from amnok.studies.counterfactual.events import first_months
from amnok.studies.counterfactual.paired import WITH, WITHOUT
from amnok.studies.counterfactual.robustness import Robustness

WORDS = "|".join(words for _, words in ICD_203)
N = 20


@pytest.fixture(scope="module")
def effect():
    return amnok.effect(TINY, "april_sweep", replicates=5)


def made(effect, hits):
    """Draws of which so many have an effect of the same sign as the effect has."""
    outcomes = {}
    for name in effect.daily.data_vars:
        table = effect.totals(effect.days, [name])[name]
        over = [dim for dim in table.dims if dim not in ("world", "replicate", "side", "size")]
        mean = table.sum(over).mean("replicate")
        dims = tuple(str(dim) for dim in mean.dims if dim != "world")
        without, with_it = mean.transpose("world", *dims).to_numpy()
        change = with_it - without
        draws = [np.stack([without, without + change * (1 if n < hits else -1)]) for n in range(N)]
        outcomes[str(name)] = dims, np.stack(draws)
    days = {first_months(effect.days): outcomes, effect.days: outcomes}
    labels = {
        dim: [str(one) for one in effect.totals()[dim].to_numpy()] for dim in ("side", "size")
    }
    return Robustness(effect.scenario.name, "", "", 1, N, 7, labels, {effect.event.name: days})


@pytest.mark.parametrize(
    ("hits", "said"),
    [
        (20, "Under other guesses (20 sets tried): almost certain (20 of 20)"),
        (12, "Under other guesses (20 sets tried): only likely (12 of 20)"),
        (10, "Under other guesses (20 sets tried): a roughly even chance (10 of 20)"),
        (0, "Under other guesses (20 sets tried): almost no chance (0 of 20)"),
    ],
)
def test_every_clear_headline_says_in_how_many_draws_it_holds(effect, hits, said):
    findings = Findings(effect, robustness=made(effect, hits))
    clear = [one for one in findings.all() if one.is_clear]
    assert clear
    for one in clear:
        assert said in one.holds, one
    for one in findings.all():
        if not one.is_clear:
            assert re.search(r"higher in \d+ of 20, lower in \d+", one.holds)
            assert not re.search(WORDS, one.holds)
    page = first_page(findings)
    assert page.count("class=guesses") >= len(findings.all())
    assert "not measured" not in lead(findings)
    assert findings.guesses.what_they_are in lead(findings)


STORY = """
stories:
  sweep:
    question: What did the sweep in spring do?
    of: april_sweep
    limits: ["Whether anybody was warned of the sweep."]
"""
POLICIES = """
policies:
  no_sweep: {label: No sweep, set: {orders.april_sweep.intensity: 0}}
  half_sweep: {label: Half a sweep, set: {orders.april_sweep.intensity: 0.5}}
"""


@pytest.mark.parametrize(("hits", "said"), [(20, "almost certain (20 of 20)"), (0, "(0 of 20)")])
def test_a_comparison_says_how_far_it_holds_and_what_it_cannot_tell(effect, tmp_path, hits, said):
    """A policy that takes an event out has the draws of the event, the other way round."""
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    (tmp_path / "border.yaml").write_text(text + STORY, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(POLICIES)
    found = amnok.compare(
        tmp_path / "border.yaml",
        ["no_sweep", "half_sweep"],
        replicates=5,
        files=[tmp_path / "mine.yaml"],
        weeks=True,
    )
    save_comparison(found, tmp_path / "compared", 1, "amnok compare")
    saved = open_comparison(tmp_path / "compared")
    assert (saved.comparison.days, saved.comparison.acting) == (found.days, found.acting)
    draws = made(effect, hits)
    told = {
        policy: policy_holds(found, policy, known)
        for policy, known in guesses_about(saved.comparison, draws).items()
    }
    assert told["half_sweep"] == "Under other guesses: not measured for this policy."
    (arrests,) = rows_of(found, "no_sweep", "arrests", ())
    way = "lower" if arrests["difference"] < 0 else "higher"
    assert re.search(
        rf"arrests in \w[\w ]*: [^;]*{re.escape(said)} that it is {way}", told["no_sweep"]
    )
    page = comparison_report(saved, found.scenario, draws)
    assert all(one in page for one in told.values())
    assert "under other guesses" in page
    (limits_told,) = limits(found.scenario, 5, ["Whether anybody was warned of the sweep."])
    assert limits_told in page
    other = replace(found, drawn=True)  # of a posterior: the draws are of the prior
    (unknown,) = {policy_holds(other, *one) for one in guesses_about(other, draws).items()}
    assert unknown == "Under other guesses: not measured for this border as it is set here."


@pytest.mark.parametrize("hits", [20, 13])
def test_every_number_of_the_answer_says_how_far_it_holds(effect, hits):
    """People, trade, and what the question is about, in the explorer and in `amnok effects`."""
    findings = Findings(effect, robustness=made(effect, hits))
    told = " ".join(findings.holds_of_answer(["checking_hours"]))
    assert told.startswith("Under other guesses (20 sets tried): ")
    assert told.count(f"({hits} of 20)") >= 2
    for named in ("worth of what crossed: ", "time that senders spent checking: "):
        assert re.search(f"{named}(.* \\({hits} of 20\\) that it is|higher in)", told)
    sheet = effects_sheet({"e": effect}, draws=made(effect, hits))
    assert sheet.facts["events"]["e"]["holds"] in "".join(sheet.lead)
    assert "worth of what crossed: " in sheet.facts["events"]["e"]["holds"]


def test_who_bears_it_has_a_likelihood_of_its_own(effect):
    findings = Findings(effect, robustness=made(effect, 20))
    who = findings.all()[0]
    if "of every 100" in who.title or "nearly all" in who.title:
        assert "that most of these are" in who.holds
    assert re.search(r"between (\S+) and \1[;.]", who.holds)  # all draws are alike


def scaled(draws, factor):
    """The same draws with every effect so many times as large."""
    for windows in draws.values.values():
        for tables in windows.values():
            for _, table in tables.values():
                table[:, 1] = table[:, 0] + factor * (table[:, 1] - table[:, 0])
    return draws


@pytest.mark.parametrize(("factor", "word"), [(3.0, "larger"), (0.2, "smaller")])
def test_a_number_outside_the_draws_is_said_to_be(effect, factor, word):
    findings = Findings(effect, robustness=scaled(made(effect, 20), factor))
    who = findings.all()[0]
    assert f"(in 20 of 20 a {word} effect than here)" in who.holds
    numbers = [title for title in titles(findings) if re.search(r"\d", title)]
    assert len(numbers) >= 3
    for title in numbers:
        assert f"({word} effect in 20 of 20 other guesses)" in title


def titles(findings):
    """All titles of what is clear."""
    found = [one.title for one in findings.all() if one.is_clear]
    cells = [(name, findings.where(name)) for name in ("arrests", "questionings", "value_crossed")]
    clear = [(name, at) for name, at in cells if findings.is_clear(findings.cell(name, None, **at))]
    return [*found, *(findings.stated(name, **at) for name, at in clear)]


@pytest.mark.parametrize(("hits", "aside"), [(20, ""), (16, ""), (15, " (not so in 5 of 20 ")])
def test_no_title_is_surer_than_the_guesses(effect, hits, aside):
    """What fewer than four in five draws hold, every title of it says so."""
    findings = Findings(effect, robustness=made(effect, hits))
    told = [findings.title(), *titles(findings)]
    told += re.findall("<b>(.* bear .*)</b>", "".join(bearing(findings)).replace("><", ">\n<"))
    assert len(told) >= 5
    for title in told:
        assert ("not so" in title) == bool(aside), title
        assert aside in title


@pytest.mark.parametrize(("hits", "doubt"), [(20, 0), (16, 0), (10, 3)])
def test_no_sentence_of_the_answer_is_surer_than_the_guesses(effect, hits, doubt):
    """The number that is read first says itself that other guesses deny it, as titles do."""
    less = with_trade(effect, lambda worth: 0.9 * worth)
    findings = Findings(less, robustness=made(less, hits))
    outcomes = [("arrests", findings.where("arrests")), ("value_crossed", {}), ("questionings", {})]
    clear = [name for name, at in outcomes if is_told(findings.cell(name, None, **at))]
    assert clear == [name for name, _ in outcomes]
    told = re.split(r"(?<=[a-z%)])\. ", findings.in_short(["questionings"]))
    said = f" (not so in {N - hits} of 20 other guesses)"
    assert sum(one.removesuffix(".").endswith(said) for one in told) == doubt
    first = [text for text, is_key in findings.answer() if is_key]
    assert any(text.endswith(said) for text in first) == bool(doubt)


def test_what_most_guesses_deny_is_in_no_title(effect):
    """On whom an order fell is said while half of the draws hold it, and then that it did fall."""
    kept, denied = (Findings(effect, robustness=made(effect, hits)).title() for hits in (10, 9))
    assert " fell on " in kept
    assert " fell on " not in denied
    assert re.search(r" meant more arrests in \w+", denied)


@pytest.mark.parametrize("sign", [1, -1])
def test_no_clear_effect_is_no_surer_than_the_guesses(effect, sign):
    """Chance hides it in these worlds, while draws say that there is one."""
    draws = made(effect, 20)
    for windows in draws.values.values():
        for tables in windows.values():
            _, table = tables["value_crossed"]
            table[:, 1] = (1 + 0.02 * sign) * table[:, 0]
    nothing = with_trade(effect, lambda worth: worth)
    way = "higher" if sign > 0 else "lower"
    findings = Findings(nothing, robustness=draws)
    told = f"({way} in 20 of 20 other guesses)"
    assert findings.stated("value_crossed") == f"Worth of what crossed: no clear effect {told}"
    (trade,) = [one for one in findings.all() if one.name == "trade"]
    assert f"on the trade {told}" in trade.title
    assert "hardly changed" not in findings.title()
    assert findings.title().endswith(told)


def with_trade(effect, changed):
    """The same worlds with another worth of what crosses in the one with the event."""
    daily = effect.daily.copy(deep=True)
    worth = daily["value_crossed"]
    worth.loc[{"world": WITH}] = changed(worth.sel(world=WITHOUT))
    return type(effect)(**{**vars(effect), "daily": daily})


@pytest.mark.parametrize(("change", "is_hardly"), [(0.0, True), (0.005, True), (0.02, False)])
def test_a_trade_hardly_changes_only_where_chance_and_guesses_say_so(effect, change, is_hardly):
    slight = with_trade(effect, lambda worth: (1 - change) * worth)
    assert ("hardly changed the trade" in Findings(slight).title()) == is_hardly
    wide = scaled(made(slight, 20), 50.0)
    told = Findings(slight, robustness=wide).title()
    assert ("hardly changed the trade" in told) == (change == 0.0)
    if change > 0:
        assert "cost the trade" in told
        assert "(larger effect in 20 of 20 other guesses)" in told


def test_a_likelihood_stands_in_no_sentence_with_a_grade(effect):
    findings = Findings(effect, robustness=made(effect, 20))
    text = re.sub("<[^>]+>", ". ", first_page(findings))
    for sentence in re.split(r"[.!?] ", text):
        assert not (re.search(WORDS, sentence) and "grade" in sentence)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "this border as it is set here"),
        ({"robustness": "other"}, "this event"),
        ({"robustness": "own", "sector": "ferry"}, "a single sector"),
        ({"robustness": "own", "days": ("2030-04-20", "2030-05-01")}, "these days"),
    ],
)
def test_what_is_not_measured_is_said_to_be_so(effect, more, why):
    known = {"own": made(effect, 20)}
    known["other"] = Robustness(**{**vars(known["own"]), "values": {}})
    given = {**more, "robustness": known.get(more.get("robustness"))}
    findings = Findings(effect, **given)
    assert findings.guesses.unmeasured() == f"Under other guesses: not measured for {why}."
    assert f"not measured for {why}" in lead(findings)
    assert not re.search(WORDS, first_page(findings))
    assert f"not measured for {why}" in picture_of(
        findings, "trade", "page"
    ).figure.get_supxlabel().replace("\n", " ")


def test_the_console_says_it_beside_clear_rows(effect, monkeypatch):
    sheet = render(effects_sheet({"april_sweep": effect}), "console")
    assert "not measured for this border as it is set here" in sheet
    known = made(effect, 20)
    monkeypatch.setattr("amnok.reporting.guesses.robustness_of", lambda _: known)
    (table,) = [one for one in effects_sheet({"e": effect}).tables if one.name == "effects"]
    names = table.names
    for row in table.rows:
        cells = dict(zip(names, row, strict=True))
        is_kept = not {"channel", "receiver"} & {cells["outcome"]} and cells["holds"]
        if is_kept:
            assert cells["holds"] == "almost certain (20 of 20)"
            assert cells["verdict"] == ""
    assert any(row[names.index("holds")] for row in table.rows)


def test_the_sheet_counts_draws(effect):
    sheet = guesses_sheet(made(effect, 13), effect.scenario)
    (table,) = [one for one in sheet.tables if one.name == "guesses"]
    for row in table.rows:
        cells = dict(zip(table.names, row, strict=True))
        assert {cells["more"], cells["less"]} in ({13, 7}, {0})
        assert cells["draws"] == N
    assert "likely" in render(sheet, "console")
    assert module.DRAWS == 60
