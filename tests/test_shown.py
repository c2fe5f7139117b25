"""What a notebook shows of results: a line on a terminal, a table in a cell, no text as markup."""

import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok

FEW = {"traders.inner": 40, "traders.outer": 20, "period.end": "2030-04-20"}


@pytest.fixture(scope="module")
def border():
    return amnok.load(TINY, FEW)


def check_shown(found, *told):
    line, page = repr(found), found._repr_html_()
    assert len(line) < 160
    assert "\n" not in line
    assert str(found) == line
    assert page.count("<table>") >= 1
    assert page.count("<tr>") > 1
    for text in told:
        assert text in line + page


def test_a_border_and_its_evidence(border):
    check_shown(border, "tiny-border, 2030-03-01 to 2030-04-20, 60 traders", "of them assumed")
    check_shown(border.ledger, f"{len(border.claims)} claims of")
    check_shown(amnok.evidence(border), "Evidence")


def test_pairs_of_worlds(border, tmp_path):
    file = tmp_path / "quiet.yaml"
    file.write_text("policies: {quiet: {set: {orders.april_sweep.intensity: 0}}}")
    found = amnok.compare(border, "quiet", files=file, replicates=2)
    check_shown(found, "under quiet", ".differences()")
    check_shown(amnok.effect(border, replicates=2), "because of", "2 pairs of worlds")


def test_a_label_is_no_markup(border):
    odd = border.model_copy(update={"title": "<b>A</b>\u202e border"})
    assert "<b>" not in odd._repr_html_()
    assert "\u202e" not in odd._repr_html_()


@pytest.mark.slow
def test_sweeps_and_what_is_hidden(border, tmp_path):
    swept = amnok.sweep(border, {"guards.penalty": [1.0, 2.0]}, tmp_path / "swept")
    check_shown(swept, "2 points in", "1 of 1 batches finished")
    bank = invented(runs=400)
    found = amnok.infer(TINY, observed(bank, 4), bank=bank)
    check_shown(bank, "400 runs of")
    check_shown(found, "if the model is right")
    check_shown(found.posterior, "effective draws")
    check_shown(amnok.ask(TINY, bank=bank), "what to learn next about value_crossed")
