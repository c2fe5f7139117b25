"""The evidence as a page: every claim, what the model says of it, contradictions side by side."""

import html
import re

import pytest
from tests.studies.inference.invented import invented

import amnok
from amnok.reporting.basis import standings
from amnok.reporting.citing import said_against
from amnok.reporting.evidence_page import evidence_page
from amnok.reporting.ledger import summed_up
from amnok.scenario.ledger import Ledger
from amnok.scenario.ledger.book import stances
from amnok.studies.claims.judging import Stands, claims_of, judged, judged_from


@pytest.fixture(scope="module")
def verdicts(tiny):
    return judged_from(amnok.run(tiny, seed=2, replicates=3), tiny)


def test_a_run_says_what_its_replicates_say_again(tiny, verdicts):
    again = {one.claim: one for one in judged(tiny, replicates=3, seed=2)["base"]}
    assert verdicts.keys() == again.keys()
    arms = {
        one.name: {arm for m in one.measures for arm in m.compiled.arms}
        for one in claims_of(tiny).all
    }
    compared = 0
    for name, one in verdicts.items():
        if arms[name] - {""}:
            assert one.verdict in (Stands.OPEN, Stands.CONTRADICTED)
            continue
        compared += bool(one.estimates)
        assert one.verdict is again[name].verdict
        for mine, other in zip(one.estimates, again[name].estimates, strict=True):
            assert mine.value == pytest.approx(other.value, rel=1e-6, nan_ok=True)
    assert compared


def test_every_claim_has_its_verdict_in_words_and_a_shape(tiny, verdicts):
    page = evidence_page(tiny, verdicts)
    claims = page.split("Reports and their claims")[1]
    for name, one in verdicts.items():
        (item,) = re.findall(rf"<li><b>{name}</b>.*?</li>", claims)
        assert f'class="verdict {one.verdict.name.lower()}"' in item
        if one.estimates:
            assert "(asked: " in item
    assert 'class="verdict' not in evidence_page(tiny)


def test_a_claim_says_how_others_stand_to_it(default_border):
    found = list(stances(default_border.ledger))
    assert len(found) > 5
    claims = evidence_page(default_border).split("Reports and their claims")[1]
    items = {
        one: re.findall(rf"<li><b>{one}</b>.*?</li>", claims)[0] for one in default_border.claims
    }
    for one in found:
        assert f"{one.stance} <b>{one.other}</b> (" in items[one.claim]
        assert re.search(rf"ed by <b>{one.claim}</b> \(", items[one.other])


def test_contradictions_stand_side_by_side(tiny, verdicts):
    found = [one for one in stances(tiny.ledger) if one.stance == "contradicts"]
    page = evidence_page(tiny, verdicts)
    assert page.count('class="sides"') == len(found)
    for one in found:
        assert any(
            f"<b>{one.claim}</b>" in both and f"<b>{one.other}</b>" in both
            for both in re.findall(r'<div class="sides">.*?</div></div>', page)
        )


def test_what_to_ask_next_is_ranked_where_a_bank_tells_it(tiny):
    found = amnok.ask(tiny, bank=invented(runs=200))
    assert len(found.table) > 7
    section = evidence_page(tiny, asked=found).split("What to ask next")[1]
    asked = [html.escape(one, quote=False) for one in found.table["words"]]
    places = [section.find(one) for one in asked]
    assert 0 <= places[0] < places[1] < places[6]
    assert section.count("<tr>") == 1 + 7
    assert f"7 of {len(asked)} questions" in section
    assert "<code>amnok bank" not in section


def test_without_a_bank_the_page_says_how_one_is_made(tiny, default_border):
    for border, name in ((tiny, "SCENARIO"), (default_border, "sino-korean-border")):
        section = evidence_page(border).split("What to ask next")[1]
        assert f"<code>amnok bank {name}</code>" in section


def test_who_passes_on_what_others_say_is_an_outlet_and_no_voice_of_its_own(tiny):
    first = next(iter(tiny.reports.values()))
    relay = first.model_copy(update={"publisher": "The Relay", "origin": first.publisher})
    told = summed_up(tiny.ledger | Ledger({"relay": relay}, {}))
    assert told.endswith("claims, 2 reports, 2 outlets; 1 independent voice.")


def test_an_answer_names_reports_that_say_otherwise(tiny):
    """With what the border goes by, those of the period first; none where nobody contradicts it."""
    border = amnok.load("sino-korean-border")
    found = {one.outcome: said_against(border, one) for one in standings(border)}
    ledger = border.ledger
    for outcome, lines in found.items():
        assert len({one.report for one in lines}) == len(lines), outcome
        for one in lines:
            (model,), (report,) = (
                [name for name, claim in ledger.standing.items() if f"“{claim.text}”" in text]
                for text in one
            )
            assert model in ledger.standing[report].contradicts
            assert ledger.report_of(model).outlet in one.model
    first = found["arrests"][0]
    assert first.report.endswith("(Dong-A Ilbo, 2018-07-18)")
    assert "reaches the people who smuggle in large volumes" in first.model
    assert not found["prices"]
    assert not any(said_against(tiny, one) for one in standings(tiny))
