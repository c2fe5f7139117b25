"""A border may leave out any mechanism: it runs, and no reader speaks of what is not there."""

import re
import shutil

import pytest
from tests.absent import OTHERS, SECTIONS, WAYS, tiny_without
from tests.paths import TINY, TINY_MORE

import amnok
from amnok.counts import variables
from amnok.errors import ScenarioError
from amnok.games import exploit
from amnok.odd.page import odd
from amnok.odd.text import slug
from amnok.reporting import figures, narrative, picture, render, run_report, summaries
from amnok.reporting.basis import standings
from amnok.reporting.comparison import comparison_sheet
from amnok.reporting.games import exploit_sheet
from amnok.reporting.layout import Screen
from amnok.reporting.patterns import patterns_sheet
from amnok.results.ensemble import save_run
from amnok.results.folder import RunFolder
from amnok.results.outcomes import kinds
from amnok.results.threads import Days
from amnok.results.weekly import weekly
from amnok.scenario import load, load_text, presence, resolved
from amnok.scenario.levers import levers_of_saved
from amnok.scenario.overrides import with_values
from amnok.studies.comparison.arms import compare_arms
from amnok.studies.patterns import CONTRASTS, verify
from amnok.web.border import Border, Explorer

# Words that only one mechanism brings up in what is printed for people, if not its name.
WORDS = {name: name.replace("_", " ") for name in (*SECTIONS, *OTHERS)} | {
    "self_inspection": "check",
    "security_police": "search|investigat|Bureau of Quiet|scrutiny",
    "guards": "guard|River watch",
    "cameras": "camera",
    "river": "flood|frozen",
    "patrols": "patrol|Rangers",
    "phones": "phone|monitor",
    "inner_phones": "tapped|phones? (monitoring )?(of|on) the inner bank",
    "quota": "quota",
    "state_firms": r"\bpermits?\b|off the books",
    "supply": r"follows the gain|\bsupply\b",
    "fines": r"\bfine[sd]?\b|impound",
    "targeting": "campaign by size of trader|aims? at|targeting|campaign by size",
    "camera_deals": "bought off|see to the camera",
    "oversight": "under inspection|purge|oversight",
    "protection": "protect",
    "entry_exit": "taken? up the trade|take it up",
    "word_of_mouth": "word travels|of other sectors",
    "customs": "customs dut|Toll office|[^ ]customs$",
    "reporting": "source reports|Sources",
    "boats": r"\bboats?\b",
    "tolls": r"\btolls\b|taxe?s? passage|a toll was",
    "carriers": "carriers? (takes?|fees?)|hired carrier",
    "official": "officially|official records|survey",
    "signals": "signal",
}
COUNTED = {one.name for one in variables()}
SHORT = {"period.end": "2030-04-30", "traders.inner": 120, "traders.outer": 60}


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(left_out, id=way, marks=() if len(left_out) > 1 else pytest.mark.slow)
        for way, left_out in WAYS.items()
    ],
)
def ran(request):
    """A border, its run, and what it leaves out."""
    scenario = tiny_without(request.param, SHORT)
    return scenario, amnok.run(scenario, seed=2, replicates=2), {*request.param, *OTHERS}


def printed(sheet):
    return render(sheet, "console", Screen(200))


def assert_silent(text, left_out):
    for name in left_out:
        found = re.search(WORDS[name], text, flags=re.IGNORECASE | re.MULTILINE)
        assert found is None, f"without {name}: ...{text[max(0, found.start() - 60) :][:120]}"


def test_every_section_can_be_left_out():
    assert not OTHERS & set(SECTIONS)
    whole = amnok.run(load(TINY_MORE, [f"{path}={one}" for path, one in SHORT.items()]), seed=2)
    assert set(presence.VARIABLES) <= set(whole.variables)
    text = printed(summaries.summary_sheet(whole)).lower()
    assert all(re.search(WORDS[name], text) for name in ("self_inspection", "security_police"))


def test_results_have_what_the_border_has(ran):
    scenario, dataset, left_out = ran
    needs = presence.VARIABLES
    for name in (name for name in needs if left_out.intersection(needs[name])):
        assert name not in dataset
    assert all(name in dataset for name in needs if scenario.has(*needs[name]))
    if scenario.agencies:
        assert {*scenario.agencies} == {*dataset["agency"].to_numpy()}
    else:
        assert "agency" not in dataset.dims
    assert ("report_kind" in dataset) == scenario.has("reporting")
    assert ("survey_day" in dataset.coords) == scenario.has("official")
    assert "crossings" in weekly(dataset)


def test_tables_and_words_are_silent(ran):
    _, dataset, left_out = ran
    assert_silent(printed(summaries.summary_sheet(dataset)), left_out)
    told = narrative.run_in_words(dataset)
    assert_silent(" ".join(one.text for _, part in told for one in part), left_out)
    assert_silent(render(summaries.phase_table(dataset), "html"), left_out)


def test_charts_are_silent(ran, tmp_path):
    scenario, dataset, left_out = ran
    figures.overview(dataset).save(tmp_path / "overview.svg")
    drawn = picture.picture(weekly(dataset), scenario)
    assert len(drawn["charts"]) >= 2
    titles = " ".join(chart["title"] + str(chart["lines"]) for chart in drawn["charts"])
    assert_silent(re.sub("'f32': '[^']*'", "", titles), left_out - {"customs"})
    assert (drawn["reports"] is None) == ("reporting" in left_out)


def test_a_saved_run_has_a_report(ran, tmp_path):
    scenario, _, left_out = ran
    folder = RunFolder.create(tmp_path / "run", scenario, 2, 1)
    save_run(folder, scenario)
    page = run_report.run_report(amnok.open_run(folder.path), scenario, folder.record)
    rows = re.findall('<th scope="rowgroup"[^>]*>(.*?)</th>', page)
    headings = {row.partition(".")[0] for row in rows}
    assert "learning" in headings
    assert not left_out & headings
    assert {one.outcome for one in standings(scenario)} >= {"crossings", "prices"}


def test_outcomes_and_comparisons_are_silent(ran):
    scenario, _, left_out = ran
    other = with_values(scenario, {"learning.memory": 5.0})
    found = compare_arms(scenario, {"fast": other}, {"fast": "Less"}, 2, 1, Days(1, None))
    assert list(found.values.data_vars) == list(kinds(scenario))
    assert_silent(printed(comparison_sheet(found)), left_out - {"customs"})


def test_exploitability_is_silent(ran):
    scenario, dataset, left_out = ran
    found = exploit(dataset, scenario)
    assert float(found["gain"].min()) >= -1e-9
    assert_silent(printed(exploit_sheet(found)), left_out)


def test_patterns_are_those_of_what_is_there(ran):
    scenario, _, left_out = ran
    judgements, ablations = verify(scenario, replicates=1, seed=2, mechanisms=CONTRASTS[:2])
    fewer = len(judgements) < len(scenario.patterns)
    assert fewer or not left_out & {"guards", "cameras", "protection"}
    sheet = patterns_sheet(scenario, 1, judgements, ablations)
    measured = (table for table in sheet.tables if table.name == "measures")
    texts = [str(one["text"]) for table in measured for one in table.records()]
    assert_silent(" ".join(texts), left_out - {"customs"})
    assert printed(sheet)


def test_the_description_of_the_model_is_silent(ran):
    scenario, _, left_out = ran
    page = odd(scenario)
    cells = {line.split(" | ")[0].strip("| `") for line in page.splitlines() if line[:3] == "| `"}
    assert "learning.memory" in cells
    assert not left_out & {cell.split(".")[0] for cell in cells}
    needs = presence.VARIABLES
    assert all((name in cells) == scenario.has(*needs[name]) for name in needs if name in COUNTED)
    targets = set(re.findall(r"\]\(#([^)]+)\)", page))
    headings = {slug(one) for one in re.findall(r"^#+ (.*)$", page, re.MULTILINE)}
    assert targets <= headings


def test_levers_and_the_explorer_know_nothing_of_it(ran):
    scenario, _, left_out = ran
    levers = levers_of_saved(scenario)
    assert not left_out & {path.split(".")[0] for path in levers.ranges}
    explorer = Explorer(Border(scenario, levers, replicates=1))
    assert not left_out & {one["path"].split(".")[0] for one in explorer.about()["parameters"]}


def test_what_is_left_out_stays_out_in_writing(ran):
    scenario, _, left_out = ran
    again = load_text(resolved(scenario), "again")
    assert again == scenario
    assert set(again.sections) == set(SECTIONS) - left_out


def test_an_extension_leaves_out_what_it_empties(tmp_path):
    file = tmp_path / "free.yaml"
    file.write_text(
        f"extends: {TINY}\nname: free\ncustoms:\nagencies: {{toll-office: }}\n"
        "orders: {april_sweep: {targets: [rangers, constabulary]}}\n"
    )
    assert "customs" not in load(file).sections


@pytest.mark.parametrize(
    ("text", "path", "fix"),
    [
        ("customs:", "agencies.toll-office.role", "leave the agency out, or add the section"),
        ("cameras:", "orders.more_cameras.targets[0]", "one of: bureau"),
        ("patrols:\nagencies: {rangers: }", "orders.april_sweep.targets[0]", "one of: bureau"),
    ],
)
def test_what_refers_to_something_absent_is_told(tmp_path, text, path, fix):
    shutil.copytree(TINY, tmp_path / "tiny-border")
    file = tmp_path / "less.yaml"
    file.write_text(f"extends: tiny-border\nname: less\n{text}\n")
    with pytest.raises(ScenarioError) as told:
        load(file)
    faults = {one.path: one for one in told.value.faults}
    assert fix in faults[path].fix
