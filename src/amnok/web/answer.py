"""What an event did, as the page shows it: sentences, an effect panel by size of trader, charts.

The words and drawings are those of reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amnok.errors import AmnokError
from amnok.reporting.answers import SetBeside
from amnok.reporting.comparison import first_day
from amnok.reporting.counterfactual import headline_effects, labelled_rows
from amnok.reporting.drawings import chart_of, panel_of
from amnok.reporting.findings import Findings
from amnok.reporting.first_page import (
    bearing,
    behind,
    limits,
    otherwise,
    persons_in_words,
    rests_on,
)
from amnok.reporting.numbers import signed
from amnok.reporting.places import places
from amnok.reporting.svg import figure
from amnok.scenario import Scenario
from amnok.scenario.stories import Story
from amnok.studies.counterfactual import events
from amnok.studies.counterfactual.events import days_of_story, foremost, story_of

_CHARTS = ("arrests", "questionings", "value_crossed", "reports")  # of a story that names none
_MAPS = ("arrests", "value_crossed", "questionings", "reports")
# What the effect by size of trader is told of.
PANEL = ("value_crossed", "arrests", "detention", "questionings", "checking_hours")


def stories_of(scenario: Scenario) -> dict[str, Story]:
    """The stories of a border: its own, or one for each event in force, or for a few mechanisms."""
    known = events(scenario)
    own = {
        name: one
        for name, one in scenario.stories.items()
        if one.of in known and days_of_story(scenario, one, known[one.of]) is not None
    }
    if own:
        return own
    return {one.name: story_of(one) for one in foremost(scenario)}


def told(findings: Findings, story: Story, beside: SetBeside | None = None) -> dict[str, Any]:
    """An answer for the page; of a preview, which has few traders, no more than numbers."""
    effect = findings.effect
    parts: dict[str, Any] = {
        "event": effect.event.name,
        "called": findings.called,
        "replicates": effect.replicates,
        "from": findings.days[0].isoformat(),
        "to": findings.days[1].isoformat(),
        "panel": list(panel(findings, story)),
        "first_difference": first_day(effect.first_difference),
        "beside": beside and beside._asdict(),
    }
    if findings.is_preview:
        return parts
    found = findings.all()
    numbers = headline_effects(effect, findings.days, findings.sector)
    rows = labelled_rows(effect, numbers, findings.guesses)
    return parts | {
        "title": findings.title(),
        "answer": [
            {"text": text, "is_key": is_key} for text, is_key in findings.answer(story.outcomes)
        ],
        "holds": findings.holds_of_answer(story.outcomes),
        "guesses": findings.guesses.what_they_are,
        "findings": [
            {
                "title": one.title,
                "sentences": [text for text in one.sentences if text],
                "is_clear": one.is_clear,
                "holds": one.holds,
            }
            for one in found
        ],
        "behind": behind(findings, story),
        "otherwise": otherwise(findings, story),
        "places": "".join(places(findings, _placed(findings, story))),
        "charts": list(charts(findings, story)),
        "maps": list(maps(findings, story)),
        "bearing": "".join(bearing(findings)),
        "persons": list(persons_in_words(findings)),
        "rests_on": "".join(rests_on(findings, found)),
        "limits": "".join(limits(effect.scenario, effect.replicates, story.limits)),
        "rows": rows,
    }


def _placed(findings: Findings, story: Story) -> str:
    """What is told place by place: what the question's map shows, if it is counted by sector."""
    daily = findings.effect.daily
    is_told = story.map in daily and "sector" in daily[story.map].dims
    return story.map if is_told else ""


def panel(findings: Findings, story: Story) -> Iterator[str]:
    """The effect by size of trader: for each outcome a drawing, whose title is the finding.

    What the question is about comes first, and the bank where most is borne before the other.
    """
    effect = findings.effect
    for outcome in dict.fromkeys((*(one for one in story.outcomes if one in PANEL), *PANEL)):
        if outcome not in effect.daily:
            continue
        sides: list[dict[str, str]] = [{}]
        if "side" in effect.daily[outcome].dims:
            named = dict.fromkeys((findings.side, *map(str, effect.daily["side"].to_numpy())))
            sides = [{"side": side} for side in named]
        for where in sides:
            row = findings.cell(outcome, None, **where)
            if row["with"] == row["without"] == 0:
                continue  # the border has none of it
            drawing = panel_of(findings, outcome, **where)
            source = findings.source(outcome)
            cite = "" if findings.is_preview else source.html(drawing.title, outcome)
            yield figure(drawing, cite)


def charts(findings: Findings, story: Story) -> Iterator[str]:
    """Outcomes week by week, with the event and without it."""
    for outcome in story.outcomes or _CHARTS:
        if outcome not in findings.effect.daily:
            continue
        try:
            drawing = chart_of(findings, outcome)
        except AmnokError:
            continue
        yield figure(drawing, findings.source(outcome).html(drawing.title, outcome))


def maps(findings: Findings, story: Story) -> Iterator[dict[str, Any]]:
    """Outcomes by sector, for the map: that of the story first."""
    daily, sides = findings.effect.daily, findings.effect.scenario.sides
    for outcome in dict.fromkeys((story.map or _CHARTS[0], *_MAPS)):
        if outcome not in daily or "sector" not in daily[outcome].dims:
            continue
        of_one = findings.where(outcome).get("side")
        source = findings.source(outcome, is_whole=True)  # the map shows all sectors
        yield {
            "outcome": outcome,
            "label": findings.named_here(outcome),
            "title": findings.where_most(outcome),
            "side": of_one and [sides.inner.key, sides.outer.key].index(of_one),
            "source": source.told,
            "behind": source.behind_of(outcome),
            "rows": [
                {**row, "sector": name, "told": signed(row["difference"])}
                for name, row in findings.sectors(outcome).items()
            ],
        }
