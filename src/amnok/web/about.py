"""What the page of the explorer starts with: the border, its stories, levers and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from amnok.reporting.citing import Source
from amnok.reporting.picture import base_map
from amnok.scenario import Scenario
from amnok.scenario.catalog import evidence_index, first_sentence, parameter_table
from amnok.scenario.changes import unit_at
from amnok.scenario.levers import Levers, bulk
from amnok.scenario.stories import Story, Wording
from amnok.studies.counterfactual import events

if TYPE_CHECKING:
    from amnok.web.border import Border


def about_border(border: Border, stories: Mapping[str, Story]) -> dict[str, Any]:
    """The border, its levers and evidence, for the page to start with."""
    scenario, levers = border.scenario, border.levers
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "seed": border.seed,
        "replicates": border.replicates,
        "sides": {one.key: one.label for one in (scenario.sides.inner, scenario.sides.outer)},
        "sizes": {name: size.label for name, size in scenario.traders.sizes.items()},
        "sectors": list(scenario.sectors),
        "places": {name: one.label for name, one in scenario.sectors.items()},
        "period": [scenario.period.start.isoformat(), scenario.period.end.isoformat()],
        "stories": [_story(name, one, scenario, levers) for name, one in stories.items()],
        "systems": _systems(scenario, levers),
        "levers": list(levers.paths),
        "policies": [
            {
                "name": name,
                "label": levers.named[name].label,
                "note": levers.named[name].note,
                "set": dict(values),
            }
            for name, values in levers.policies.items()
            if values
        ],
        "parameters": _parameters(scenario, levers),
        "claims": _claims(scenario),
        "references": {
            name: {"text": one.citation, "figure": one.figure, "status": one.status}
            for name, one in scenario.references.items()
        },
        "patterns": {name: one.text for name, one in scenario.patterns.items()},
        "map": base_map(scenario),
        "behind": Source.of_run(scenario, border.seed, border.replicates).by_chart(),
    }


def _story(name: str, story: Story, scenario: Scenario, levers: Levers) -> dict[str, Any]:
    about = (*chain(*story.worlds.values()), *events(scenario)[story.of].off)
    return {
        "name": name,
        "question": story.question,
        "about": story.about,
        "of": story.of,
        "has_days": bool(story.start or story.end),
        "worlds": [{"label": label, "set": values} for label, values in story.worlds.items()],
        "map": story.map,
        "levers": [path for path in dict.fromkeys(about) if path in levers.ranges],
    }


def _systems(scenario: Scenario, levers: Levers) -> list[dict[str, Any]]:
    """Levers in plain words, by what they belong to."""
    return [
        {"label": system.label, "paths": [path for path in system.levers if path in levers.ranges]}
        for system in scenario.words.values()
    ]


def _words(scenario: Scenario) -> dict[str, Wording]:
    return {path: one for each in scenario.words.values() for path, one in each.levers.items()}


def _parameters(scenario: Scenario, levers: Levers) -> list[dict[str, Any]]:
    rows, words, known = [], _words(scenario), dict(scenario.parameters())
    for row in parameter_table(scenario):
        said = words.get(row.path)
        entry = asdict(row) | {
            "called": said.name if said else "",
            "reads": said.value if said else "{}",
            "section": _section(scenario, row.path),
            "gist": first_sentence(row.meaning),
            "meaning": row.meaning.replace("`", ""),
        }
        if row.path in levers.ranges:
            entry["range"] = asdict(levers.ranges[row.path])
            entry["likely"] = bulk(known[row.path].prior)
            unit = unit_at(scenario, row.path)
            assert unit is not None
            entry["allowed"] = (unit.low, unit.high)
        else:
            entry["value"] = str(row.value)
        rows.append(entry)
    return rows


def _section(scenario: Scenario, path: str) -> str:
    """What a parameter belongs to, by its labels where there are any."""
    part: Any = scenario
    words: list[str] = []
    for name in path.split(".")[:-1]:
        part = part[name] if isinstance(part, dict) else getattr(part, name)
        label = getattr(part, "label", "")
        words = [label] if label else [*words, name.replace("_", " ")]
    return ": ".join(words)


def _claims(scenario: Scenario) -> dict[str, Any]:
    claims = {}
    for row in evidence_index(scenario):
        claim = scenario.claims[row.claim]
        claims[row.claim] = {
            "text": claim.text,
            "grade": row.grade,
            "place": claim.place,
            "report": scenario.ledger.cited(row.claim),
            "patterns": list(row.patterns),
            "mechanisms": list(row.mechanisms),
        }
    return claims
