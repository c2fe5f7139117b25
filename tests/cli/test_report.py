"""`amnok report` as people meet it: one file from a run or a comparison."""

import html.parser
import json
import re

import pytest
from tests.paths import TINY

import amnok as library
from amnok.reporting.counterfactual import from_to
from amnok.reporting.formats import as_data
from amnok.results.folder import saved_record
from amnok.scenario import load
from amnok.scenario.catalog import first_sentence
from amnok.scenario.measures.definitions import usual
from amnok.scenario.shape import shape_at
from amnok.studies.counterfactual.events import chosen, days_asked

HOSTILE = "</script><img src=x onerror=alert(1)>"
MINE = f'policies: {{no_sweep: {{label: "{HOSTILE}", set: {{sweep: "off"}}}}}}'


class Page(html.parser.HTMLParser):
    """Elements, texts and the script data of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts, self.links, self._inside = [], [], [], []
        self.data = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._inside.append((tag, dict(attrs)))
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, text):
        tag, attributes = self._inside[-1] if self._inside else ("", {})
        if tag == "script" and attributes.get("id") == "data":
            self.data = json.loads(text)
        self.texts.append(text)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def page_of(amnok, path, *options):
    answer = amnok("report", path, *options)
    assert answer.status == 0, answer.errors
    file = answer.out.strip()
    with open(file, encoding="utf-8") as opened:  # noqa: PTH123 - relative to where amnok ran
        text = opened.read()
    return text, Page(text)


def test_a_run_becomes_one_page_that_loads_nothing(amnok, run):
    text, page = page_of(amnok, run)
    assert len(text.encode()) < 3_000_000
    assert page.links == ["#rests"]  # within the page
    assert re.search(r"default-src 'none'", text)
    scenario = load(TINY)
    for path, parameter in scenario.parameters():
        section, _, name = path.rpartition(".")
        assert section in page.text
        assert name in page.text
        assert parameter.unit in page.text
        assert first_sentence(shape_at(tuple(path.split("."))).meaning) in page.text
    for claim in scenario.claims.values():
        assert claim.text in page.text
    assert "amnok run --repeat" in page.text
    assert "amnok run SCENARIO --seed" in page.text  # a file of one's own has no name to run
    assert page.data["base"]["replicates"] == 3
    assert [one["name"] for one in page.data["base"]["charts"]] == list(usual().charts)


def test_words_and_numbers_are_those_of_the_summary(amnok, run):
    data = json.loads(amnok("report", run, "--json").out)
    crossings = [row for row in data["phases"] if row["measure"] == "Crossings"]
    assert crossings
    assert data["replicates"] == 3
    statements = [one["text"] for one in data["statements"]]
    assert any(text.startswith("Crossings") for text in statements)
    assert {one["outcome"] for one in data["stands_on"]} >= {"crossings", "arrests"}
    for one in data["stands_on"]:
        assert 0 <= one["assumed"] <= one["parameters"]


def test_each_part_of_the_same_as_json_has_its_own_days():
    """Those of the question for title and findings, all from the event on for effects."""
    scenario = load(TINY)
    halts = chosen(scenario, "halts")
    data = as_data(library.report(TINY, about="halts").sheet())
    asked, whole = map(from_to, (days_asked(scenario, halts), halts.window(scenario)))
    assert asked != whole
    assert data["days"] == list(asked.values())
    trade = next(one for one in data["findings"] if one["name"] == "trade")
    assert asked.items() <= trade.items()
    assert data["effects"]
    assert all(whole.items() <= one.items() for one in data["effects"])


@pytest.mark.slow
def test_verdicts_on_patterns_are_shown_if_given(amnok, run, tmp_path):
    verdicts = amnok("verify", "--replicates", "2", "--json").out
    (tmp_path / "verdicts.json").write_text(verdicts)
    _, page = page_of(amnok, run, "--patterns", "verdicts.json", "--out", "with.html")
    assert "Patterns of the reports" in page.text
    assert "P14" in page.text
    _, without = page_of(amnok, run)
    assert "Patterns of the reports" not in without.text


def test_a_comparison_becomes_a_page(amnok, tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    arguments = ("compare", TINY, "no_sweep", "--policies", "mine.yaml", "--replicates", "2")
    answer = amnok(*arguments, "--out", "compared", "--json")
    assert answer.status == 0
    straight = json.loads(answer.out)
    text, page = page_of(amnok, "compared")
    assert "img" not in page.tags
    assert HOSTILE in page.text
    assert [one["name"] for one in page.data["others"]] == ["no_sweep"]
    assert page.links == []
    assert "amnok compare" in page.text
    saved = json.loads(amnok("report", "compared", "--json").out)
    assert saved["differences"] == straight["differences"]
    assert saved["persons"] == straight["persons"]
    assert text.count("<script") == 7  # the data, and six files


LEDGER = """
claim,report,title,publisher,date,reliability,text,place,credibility,says,supports,contradicts,unmodelled
N1,N,Nights at the ford,An outlet,2030-05-14,C,Hundreds are arrested.,Lowlands,3,"{says}",{one},,
N2,N,,,,,Nobody is arrested in the Lowlands.,Lowlands,3,,,{one},calm
N3,N,,,,,Drones follow the bank at night.,Lowlands,4,,,,drones
"""
SAYS = "[{sum: arrests, where: {side: outer}, at_least: 900, spread: 5}]"


def test_claims_of_ones_own_stand_in_the_evidence_with_stance_and_verdict(amnok, run, tmp_path):
    one = next(iter(load(run).claims))
    (tmp_path / "new.csv").write_text(LEDGER.lstrip().format(says=SAYS, one=one))
    added = amnok("evidence", "add", "mine.yaml", "new.csv", "--scenario", run)
    assert added.status == 0, added.errors
    _, page = page_of(amnok, run, "--ledger", "mine.yaml", "--out", "with.html")
    assert "Hundreds are arrested." in page.text
    assert "An outlet, 2030-05-14: “Nights at the ford”" in page.text
    assert re.search(rf"supports {one} \(.*The model says otherwise", page.text)
    assert re.search(r"contradicted by N2 \(An outlet, 2030-05-14\)", page.text)
    assert "drones" in page.text
    digest = saved_record(tmp_path / run).scenario_sha256
    assert f"SHA-256 {digest[:12]}." in page.data["base"]["source"]
    _, without = page_of(amnok, run)
    assert "Hundreds are arrested" not in without.text


def test_hostile_texts_of_a_scenario_stay_texts(amnok, tiny_text, tmp_path):
    title = f'title: "{HOSTILE}"'
    (tmp_path / "mine.yaml").write_text(re.sub("^title: .*$", title, tiny_text, flags=re.M))
    assert amnok("run", "mine.yaml", "--out", "run").status == 0
    text, page = page_of(amnok, "run")
    assert "img" not in page.tags
    assert HOSTILE in page.text
    assert HOSTILE not in text
    assert page.data["base"]["title"] == HOSTILE


NONE = ": holds no verdicts on patterns"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[]", NONE),
        ("{}", NONE),
        ('{"patterns": [1], "replicates": 1}', NONE),
        ("[" * 100_000, NONE),
        ("", ":1: is not JSON at column 1: Expecting value"),
        ('{\n "patterns": [,\n', ":2: is not JSON at column 15: Expecting value"),
    ],
)
def test_a_file_without_verdicts_is_refused(amnok, run, tmp_path, content, problem):
    (tmp_path / "verdicts.json").write_text(content)
    answer = amnok("report", run, "--patterns", "verdicts.json")
    assert answer.status == 2
    fix = "(write it with: amnok verify --json > FILE)"
    assert answer.errors == [f"error: verdicts.json{problem} {fix}"]


@pytest.mark.slow
def test_verdicts_may_be_in_any_unicode(amnok, run, tmp_path):
    """A shell of Windows writes UTF-16."""
    verdicts = amnok("verify", "--replicates", "2", "--json").out
    (tmp_path / "verdicts.json").write_text(verdicts, encoding="utf-16")
    assert amnok("report", run, "--patterns", "verdicts.json").status == 0
    (tmp_path / "verdicts.json").write_bytes(b"\x00")
    (error,) = amnok("report", run, "--patterns", "verdicts.json").errors
    assert error.startswith("error: verdicts.json: is a binary file")


def test_what_is_neither_run_nor_comparison_is_refused(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "is not a saved run" in refused("report", "empty")[0]
    assert "does not exist" in refused("report", "nowhere")[0]


def test_a_damaged_comparison_is_refused(amnok, tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    arguments = ("compare", TINY, "no_sweep", "--policies", "mine.yaml", "--replicates", "1")
    assert amnok(*arguments, "--out", "compared").status == 0
    manifest = tmp_path / "compared" / "manifest.json"
    whole = manifest.read_text()
    for content in ("", "[]", "{}", whole[:-20], whole.replace('"format": 2', '"format": 9')):
        manifest.write_text(content)
        answer = amnok("report", "compared")
        assert answer.status == 2
        assert "manifest.json: is damaged" in answer.errors[0] or "in format 9" in answer.errors[0]
    manifest.write_text(whole)
    values = tmp_path / "compared" / "parts" / "values.zip"
    values.write_bytes(values.read_bytes()[:-5])
    answer = amnok("report", "compared")
    assert answer.status == 2
    assert "values.zip: is truncated" in answer.errors[0]


def test_a_comparison_is_not_written_over(amnok, tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")
    answer = amnok("compare", TINY, "no_sweep", "--policies", "mine.yaml", "--out", "full")
    assert answer.status == 2
    assert answer.errors == [
        "error: full: is not empty, and holds no comparison (choose another name)"
    ]
