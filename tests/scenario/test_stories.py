"""Questions and words of a scenario: what is well said, and what is refused."""

import datetime as dt

import pytest
from tests.paths import TINY

from amnok.errors import ScenarioError
from amnok.scenario import load
from amnok.scenario.catalog import first_sentence, parameter_table
from amnok.scenario.stories import Story
from amnok.studies.counterfactual.events import chosen, days_asked, days_of_story

OF = "stories: {one: {question: What did the sweep do?, of: april_sweep"
WORDS = "words: {police: {label: The police, levers: {quota.arrests: {name: Arrests asked for"

JUNE = dt.date(2030, 6, 1)


def border(tmp_path, text):
    file = tmp_path / "border.yaml"
    file.write_text(f"extends: {TINY}\n{text}\n", encoding="utf-8")
    return load(str(file))


def test_stories_and_words_are_read(tmp_path):
    worlds = "worlds: {twice as hard: {quota.arrests: 6}}, outcomes: [arrests], map: arrests"
    found = border(tmp_path, f'{OF}, {worlds}}}}}\n{WORDS}, value: "{{}} a month"}}}}}}}}')
    assert found.stories["one"].worlds == {"twice as hard": {"quota.arrests": 6.0}}
    assert found.words["police"].levers["quota.arrests"].value == "{} a month"


def test_a_story_keeps_its_days_in_a_period_that_is_shortened():
    shorter = load("sino-korean-border", {"period.end": "2018-10-20"})
    assert shorter.stories
    tiny = load(str(TINY))
    sweep = chosen(tiny, "april_sweep")
    story = Story(question="What did it do?", of="x", start=JUNE, end=JUNE + dt.timedelta(days=9))
    for first, last, days in [(-5, 20, (0, 9)), (3, 6, (3, 6)), (-9, -1, None), (10, 12, None)]:
        start, end = (JUNE + dt.timedelta(days=day) for day in (first, last))
        period = tiny.period.model_copy(update={"start": start, "end": end})
        found = days_of_story(tiny.model_copy(update={"period": period}), story, sweep)
        assert found == (days and tuple(JUNE + dt.timedelta(days=day) for day in days))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stories: {one: {question: What did it do?, of: moon}}", "no order, change, closure"),
        (f"{OF}, worlds: {{harder: {{quota.moon: 1}}}}}}}}", "'quota.moon' is not a number"),
        (f"{OF}, worlds: {{harder: {{quota.arrests: x}}}}}}}}", "worlds"),
        (f"{OF}, outcomes: [arrest]}}}}", "did you mean 'arrests'"),
        (f"{OF}, map: moon}}}}", "no outcome 'moon'"),
        (f"{OF}, end: 2040-01-01}}}}", "no day of it is in the period"),
        (f"{OF}, start: 2030-05-02, end: 2030-05-01}}}}", "dates out of order"),
        (f"{OF}, says: more}}}}", "says"),
        (WORDS.replace("quota.arrests", "quota.moon") + "}}}}", "'quota.moon' is not a number"),
        (f"{WORDS}, value: a month}}}}}}}}", "does not hold"),
        (WORDS.replace("Arrests asked for", "arrests_asked") + "}}}}", "name"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(tmp_path, text, told):
    with pytest.raises(ScenarioError) as raised:
        border(tmp_path, text)
    faults = [str(one) for one in raised.value.faults]
    assert len(faults) == 1
    assert told in faults[0]
    assert "border.yaml:2" in faults[0]


def test_what_belongs_to_a_mechanism_that_is_left_out_is_passed_over(tmp_path):
    text = f"{WORDS}}}}}}}}}\nquota: null\npolicies: null\nswitches: null"
    found = border(tmp_path, text)
    assert found.quota is None


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        (", end: 2030-05-01", ("04-10", "05-01")),
        (", start: 2030-04-20", ("04-20", "06-28")),
        (", start: 2029-01-01, end: 2030-04-12", ("03-01", "04-12")),
        ("", ("04-10", "06-28")),
    ],
)
def test_pages_count_the_days_of_the_question_about_an_event(tmp_path, asked, days):
    found = border(tmp_path, f"{OF}{asked}}}}}")
    counted = days_asked(found, chosen(found, "april_sweep"))
    assert counted == tuple(dt.date.fromisoformat(f"2030-{one}") for one in days)
    assert days_asked(found, chosen(found, "paper_hunt"))[0] > counted[0]


@pytest.mark.parametrize("name", ["sino-korean-border", "border-closure-2020"])
def test_a_built_in_border_has_words_for_many_numbers_and_a_sentence_for_each(name):
    scenario = load(name)
    rows = {row.path: row for row in parameter_table(scenario)}
    worded = [path for one in scenario.words.values() for path in one.levers]
    assert len(worded) >= 40
    for path in worded:
        sentence = first_sentence(rows[path].meaning)
        assert 12 <= len(sentence) <= 160, path
        assert not {"_", "`"} & set(sentence), path
    assert len(scenario.stories) >= 4
    assert all(one.label for one in scenario.calendar.halts.values())


@pytest.mark.parametrize("name", ["sino-korean-border", "us-southwest-border"])
def test_words_say_what_an_order_adds_as_an_addition_and_a_month_of_what_is_monthly(name):
    scenario = load(name)
    rows = {row.path: row for row in parameter_table(scenario)}
    words = {path: one for each in scenario.words.values() for path, one in each.levers.items()}
    added = {path for path in words if path.endswith(("_boost", "_campaign", ".boost"))}
    assert {path for path, one in words.items() if one.value.startswith("+")} >= added
    monthly = {path for path in words if "month" in rows[path].unit}
    assert {path for path, one in words.items() if "month" in one.value} == monthly
