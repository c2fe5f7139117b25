"""Another border speaks of itself: no word of the default border in its pages, tables and data."""

import datetime as dt
import json
import re

import pytest

from amnok.odd.page import odd
from amnok.reporting import render
from amnok.reporting.evidence import check_sheet, explained_sheet
from amnok.reporting.ledger import list_sheet
from amnok.reporting.run_report import run_report, run_summary
from amnok.reporting.summaries import summary_sheet
from amnok.results import RunFolder, open_run, save_run
from amnok.results.folder import saved_scenario
from amnok.scenario import load, resolved
from amnok.scenario.explain import explain
from amnok.scenario.levers import levers
from amnok.scenario.starter import Starter, starter
from amnok.web.border import Border, Explorer

# Places, peoples, agencies, money and reports of the default border, and of what it is about.
WORDS = re.compile(
    r"chin(a\b|ese)|korea|yalu|tumen|pyongyang|sinuiju|hyesan|hoeryong|jilin|liaoning|dandong|"
    r"\bsino\b|\bdprk\b|\bcny\b|\bkpw\b|inspection group|\bparty\b|\bmss\b|\bmps\b|kim (il|jong)|"
    r"workers' |\bclaims? [AB]\d\d|autumn order|octopus|ginseng",
    re.IGNORECASE,
)
MECHANISMS = ["guards", "patrols", "customs", "official", "cameras", "phones", "quota"]
SHORT = {"us-southwest-border": {"period.end": "2018-11-30", "traders.inner": 300}}


def hits(text):
    """What a text says of the default border, each with some words around it."""
    return [text[max(one.start() - 60, 0) : one.end() + 40] for one in WORDS.finditer(text)]


def pages(file, folder, sets):
    """Everything that is shown of a border, by what it is."""
    border = load(file, sets)
    run = folder / "run"
    save_run(RunFolder.create(run, border, 1, 1), border)
    whole, (_, record) = open_run(run), saved_scenario(run)
    paths = [*(path for path, _ in border.parameters()), *border.sections]
    told = [explain(border, path) for path in paths]
    explorer = Explorer(Border(border, levers(file)))
    return {
        "file": resolved(border),
        "odd": odd(border),
        "explained": render(explained_sheet(border, told), "console"),
        "checked": render(check_sheet(border), "console"),
        "summary": render(summary_sheet(whole), "console"),
        "report": run_report(whole, border, record),
        "for programs": json.dumps(render(run_summary(whole, border, record), "json")),
        "ledger": render(list_sheet(border), "console"),
        "explorer": json.dumps(explorer.about(), default=str),
        "dataset": str({name: one.attrs for name, one in whole.variables.items()}),
    }


@pytest.fixture(params=["us-southwest-border", "starter"])
def other(request, tmp_path):
    name = request.param
    if name == "starter":
        days = dt.date(2015, 1, 1), dt.date(2015, 2, 1)
        goods = {"fuel": "export", "flour": "import"}
        sectors, banks = ["hills", "delta"], ("Highland", "Lowland")
        asked = Starter("green-river", sectors, goods, *banks, MECHANISMS, "USD", *days)
        file = tmp_path / "green-river.yaml"
        file.write_text(starter(asked), encoding="utf-8")
        assert not hits(file.read_text(encoding="utf-8"))
        return file, {"traders.inner": 300}
    return name, SHORT[name]


@pytest.mark.slow
def test_no_word_of_the_default_border(other, tmp_path):
    file, sets = other
    found = {what: hits(text) for what, text in pages(file, tmp_path, sets).items()}
    assert not {what: some for what, some in found.items() if some}


def test_the_words_are_found_where_they_belong():
    assert hits(odd(load("sino-korean-border")))
    assert not hits("counterparties claim, A04 paper, machinery, empty promises")
