"""Scores of forecasts, as tables."""

from __future__ import annotations

from typing import Any

from amnok.cells import percent
from amnok.scenario import Scenario
from amnok.studies.scoring.forecast import Forecast
from amnok.studies.scoring.scores import COVERAGES
from amnok.table import Column, Sheet, Table

ABOUT = (
    "WIS: weighted interval score, in the unit of the series; lower is better",
    "Against the last value: geometric mean over series of the ratio of their scores; below 1 is "
    "better than saying that nothing will change",
)


def scores_sheet(found: Forecast, scenario: Scenario) -> Sheet:
    """Scores over all series and by series; what is forecast without an observation is counted."""
    observed = int(found.rows["value"].notna().sum())
    overall = found.scores()
    number = int(overall["n"].max()) if len(overall) else 0
    notes = [f"{found.members} members of the model's ensemble", *ABOUT]
    if found.refused:
        notes.append(f"{found.refused} draws from the priors made no scenario and were left out")
    if len(set(overall["n"])) > 1:
        notes.append("A forecast whose past is too short for a series is left out there")
    if ahead := len(found.rows) - observed:
        notes.append(f"{ahead} periods are forecast and not observed; --out writes them down")
    return Sheet(
        f"{scenario.title}: forecasts from {found.since} on",
        score_tables(found) if number else (),
        tuple(notes),
        facts={"since": found.since.isoformat(), "scored": number, "members": found.members},
    )


def score_tables(found: Forecast) -> tuple[Table, ...]:
    """Scores over all series, and by series."""
    return _table("All series", found.scores()), _table("By series", found.scores(["series"]))


def _table(title: str, scores: Any) -> Table:
    columns = [Column("series", role="group")] if "series" in scores else []
    columns += [
        Column("forecast", ""),
        Column("n", "rows"),
        Column("wis", "WIS"),
        Column("relative", "against the last value"),
        Column("log_wis", "WIS of the logarithm"),
        *(Column(f"in_{percent(c)}", f"within {percent(c)}", form=percent) for c in COVERAGES),
    ]
    return Table.of(title, columns, scores.to_dict(orient="records"))
