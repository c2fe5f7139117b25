"""A comparison as one HTML file: what each policy does, and to whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np
import xarray as xr

from amnok.reporting.comparison import comparison_json, headline_rows
from amnok.reporting.hypertext import document, table, texts
from amnok.reporting.narrative import comparison_in_words
from amnok.reporting.picture import base_map, picture
from amnok.reporting.run_report import (
    evidence,
    heading,
    place_for_charts,
    place_for_map,
    sentences,
    standing_data,
    versions,
)
from amnok.reporting.summaries import compact
from amnok.studies.comparison import Comparison
from amnok.studies.comparison.folder import SavedComparison
from amnok.studies.comparison.persons import FATE_LABELS

_BASE = "base"


def comparison_report(saved: SavedComparison) -> str:
    """The report of a saved comparison: the base on the map, each policy beside it in charts."""
    comparison = saved.comparison
    scenario, n = comparison.scenario, comparison.values.sizes["replicate"]
    about = (
        f"{', '.join(comparison.labels.values())}, beside the border as it is. Seed {saved.seed}, "
        f"{n} replicate{'s' if n > 1 else ''} with the same people and the same draws in all arms, "
        f"Amnok {saved.versions['amnok']}."
    )
    body = [heading(scenario, about)]
    for policy, label in comparison.labels.items():
        body += _policy(comparison, policy, label)
    body += [place_for_map(), *evidence(scenario), "<h2>To repeat this comparison</h2>"]
    body += [f"<p><code>{escape(saved.command)}</code></p>", versions(saved.versions)]
    base = comparison.weeks[_BASE]
    data = {
        "map": base_map(),
        "base": picture(base, scenario),
        "others": [
            {"name": policy, **_charts_of(weeks, comparison)}
            for policy, weeks in comparison.weeks.items()
            if policy != _BASE
        ],
    }
    return document(f"{scenario.title}: policies – Amnok", body, data)


def comparison_summary(saved: SavedComparison) -> dict[str, Any]:
    """The same for programs."""
    comparison = saved.comparison
    return {
        **json.loads(comparison_json(comparison)),
        "seed": saved.seed,
        "versions": saved.versions,
        "statements": [
            {"policy": policy, "text": one.text, "about": one.about}
            for policy in comparison.labels
            for one in comparison_in_words(comparison, policy)
        ],
        "stands_on": standing_data(comparison.scenario),
    }


def _charts_of(weeks: xr.Dataset, comparison: Comparison) -> dict[str, Any]:
    whole = picture(weeks, comparison.scenario)
    return {"charts": whole["charts"], "orders": whole["orders"]}


def _policy(comparison: Comparison, policy: str, label: str) -> Iterator[str]:
    yield f"<h2>{escape(label)} <small>({escape(policy)})</small></h2>"
    first = comparison.first_difference.sel(policy=policy).to_numpy()
    known = first[~np.isnat(first)]
    if len(known):
        yield f"<p>Nothing differs before {known.min().astype('datetime64[D]')}.</p>"
    else:
        yield "<p>No replicate differs from the base on any day.</p>"
    yield sentences(comparison_in_words(comparison, policy))
    yield "<h3>Outcomes</h3>"
    yield table(
        ["Outcome", "Where", "Base", "With it", "Difference", "95% interval", "%"],
        map(_row, headline_rows(comparison, policy)),
        label=f"Outcomes: {label}",
    )
    if "arrests" in comparison.values:
        yield "<h3>Person by person</h3>"
        yield _persons(comparison, policy)
    yield place_for_charts(policy).replace("<h2>", "<h3>").replace("</h2>", "</h3>")


def _row(row: dict[str, Any]) -> list[str]:
    def number(value: float | None) -> str:
        return "–" if value is None else compact(value)

    interval = "–" if row["low"] is None else f"{number(row['low'])} to {number(row['high'])}"
    percent = "–" if row["relative"] is None else f"{100 * row['relative']:+.1f}"
    numbers = [number(row[name]) for name in ("base", "with_policy", "difference")]
    return texts([f"{row['text']} ({row['unit']})", row["where"], *numbers, interval, percent])


def _persons(comparison: Comparison, policy: str) -> str:
    persons = comparison.persons.sel(policy=policy).sum("sector", skipna=False).mean("replicate")
    if not np.isfinite(persons.to_numpy()).all():
        return "<p>The policy changes who there is: persons cannot be told apart.</p>"
    scenario = comparison.scenario
    sides = {one.key: one.label for one in (scenario.sides.inner, scenario.sides.outer)}
    sizes = {name: size.label for name, size in scenario.traders.sizes.items()}
    rows = [
        texts(
            [
                f"{sides[str(side)]}: {sizes[str(size)]}",
                *(f"{count:,.1f}" for count in persons.sel(side=side, size=size).to_numpy()),
            ]
        )
        for side in persons["side"].to_numpy()
        for size in persons["size"].to_numpy()
    ]
    fates = [FATE_LABELS[str(fate)] for fate in persons["fate"].to_numpy()]
    return table(["Persons arrested at least once", *fates], rows)
