"""Another border speaks of itself: no word of the default border in its pages, tables and data."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from tests.paths import ROOT

import amnok
from amnok.odd.page import odd
from amnok.reporting import render
from amnok.reporting.basis import check_sheet, explained_sheet
from amnok.reporting.charts import charts
from amnok.reporting.comparison import called_by, comparison_sheet
from amnok.reporting.counterfactual import effects_sheet
from amnok.reporting.layout import Screen
from amnok.reporting.ledger import list_sheet
from amnok.reporting.run_report import run_report, run_summary
from amnok.reporting.summaries import summary_sheet
from amnok.results import RunFolder, open_run, save_run
from amnok.results.folder import saved_scenario
from amnok.results.threads import Days
from amnok.results.weekly import weekly
from amnok.scenario import load, resolved
from amnok.scenario.explain import explain
from amnok.scenario.levers import levers
from amnok.scenario.overrides import with_values
from amnok.scenario.starter import Starter, starter
from amnok.studies.comparison.arms import compare_arms
from amnok.studies.counterfactual import effect
from amnok.web.border import Border, Explorer

# Places, peoples, agencies, money and reports of the default border, and of what it is about.
WORDS = re.compile(
    r"chin(a\b|ese)|korea|yalu|tumen|pyongyang|sinuiju|hyesan|hoeryong|jilin|liaoning|dandong|"
    r"\bsino\b|\bdprk\b|\bcny\b|\bkpw\b|inspection group|\bparty\b|\bmss\b|\bmps\b|kim (il|jong)|"
    r"workers' |\bclaims? [AB]\d\d|autumn order|octopus|ginseng",
    re.IGNORECASE,
)
MECHANISMS = ["guards", "patrols", "customs", "official", "cameras", "phones", "quota"]
COLOMBIA = ROOT / "examples" / "colombia-venezuela.yaml"
FEW = {"traders.inner": 300, "traders.outer": 150, "period.spin_up": 20}
SHORT = {
    "us-southwest-border": FEW | {"period.end": "2018-11-30"},
    "us-southwest-2020": FEW | {"period.start": "2020-02-01", "period.end": "2020-04-30"},
    COLOMBIA: FEW | {"period.start": "2015-07-01", "period.end": "2015-09-30"},
}
WAYS = {
    "us-southwest-border": ("between ports", "open_channels"),
    "us-southwest-2020": ("between ports", "looks_thicker"),
    COLOMBIA: ("by trails", "tachira"),
}  # what each calls its ways over land, and one of its events
RIVER = re.compile(r".{0,60}\briver.{0,40}", re.IGNORECASE)


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


@pytest.fixture(params=[*SHORT, "starter"], ids=lambda one: Path(one).stem)
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
        return file, FEW
    return name, SHORT[name]


@pytest.mark.slow
def test_no_word_of_the_default_border(other, tmp_path):
    file, sets = other
    found = {what: hits(text) for what, text in pages(file, tmp_path, sets).items()}
    assert not {what: some for what, some in found.items() if some}


@pytest.mark.slow
@pytest.mark.parametrize("border", WAYS, ids=lambda one: Path(one).stem)
def test_ways_are_called_what_the_border_calls_them(border, tmp_path):
    called, event = WAYS[border]
    found = {
        **pages(border, tmp_path, SHORT[border]),
        **by_channel(load(border, SHORT[border]), event),
    }
    rivers = {what: RIVER.findall(without_programs(text)) for what, text in found.items()}
    assert not {what: some for what, some in rivers.items() if some}
    for what in ("odd", "report", "compared", "effect", "charts"):
        assert called in found[what], what


def test_officers_who_are_paid_are_no_way_across():
    """`customs` are both: of bribes those who get them, of what crosses the way that it took."""
    border = load(COLOMBIA)
    called = called_by(border)
    assert called("value_crossed", "customs") == border.called("customs") != "customs"
    assert called("bribes", "customs") == "customs"
    assert called("bribes", "security_police") == "security police"
    assert called("arrests", "venezuela, carrier").startswith("Venezuela, ")


def by_channel(border, event):
    """What tells trade apart by channel, by what it is."""
    fewer = with_values(border, {"traders.inner": 200})
    compared = compare_arms(border, {"fewer": fewer}, {"fewer": "Fewer"}, 1, 1, Days(1, None))
    due = {event: effect(border, event, replicates=1)}
    weeks = weekly(amnok.run(border, seed=1))
    wide = Screen(200)
    return {
        "compared": render(comparison_sheet(compared), "console", wide),
        "effect": render(effects_sheet(due, by=["channel"]), "console", wide),
        "charts": " ".join(line.label for one in charts(weeks) for line in one.lines),
    }


def without_programs(page):
    """What a page shows, without its programs and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_the_words_are_found_where_they_belong():
    assert hits(odd(load("sino-korean-border")))
    assert not hits("counterparties claim, A04 paper, machinery, empty promises")
