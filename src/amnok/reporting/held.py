"""A scenario held against observations, as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from amnok.cells import change, fixed, percent, plain
from amnok.reporting.scoring import ABOUT, score_tables
from amnok.scenario import Scenario
from amnok.studies.scoring.copying import COPY
from amnok.studies.scoring.forecast import KEY, MODEL
from amnok.studies.scoring.held import Held
from amnok.studies.scoring.windows import FORECASTS, OPPOSITE, SAME
from amnok.table import Column, Sheet, Table

_FEW = 30  # rows that people read one by one
_LABELS = {"model": "model", "no_change": "no change", "copy": "copy", "year_before": "year before"}


def held_sheet(found: Held, scenario: Scenario) -> Sheet:
    """Moves between windows, errors and scores from the origin on, and every row of it."""
    tables: list[Table] = []
    facts: dict[str, Any] = {"members": found.members, "left_out": found.left_out}
    notes = [f"{found.members} members of the model's ensemble; nothing was fitted to these data"]
    if len(found.moves):
        tables.append(_moves(found.moves))
        notes.append(
            "Moves are those of the mean of a window; its range is of 95% of the members, that "
            "of a random walk of 95% with the steps of the past"
        )
    if found.forecast is not None:
        tables += [_errors(found.errors()), *score_tables(found.forecast), _paths(found.paths())]
        facts["since"] = found.forecast.since.isoformat()
        notes += ABOUT
        if found.forecast.refused:
            notes.append(f"{found.forecast.refused} draws from the priors made no scenario")
    if any({COPY, "copy"} & set(table.names) for table in tables):
        notes.append("A copy of another place knows what it showed on the same days: no forecast")
    if found.left_out:
        rows = "row lies" if found.left_out == 1 else "rows lie"
        notes.append(f"{found.left_out:,} {rows} after the last day that could be held")
    title = f"{scenario.title}: held against observations"
    return Sheet(title, tuple(tables), (), tuple(notes), facts)


def _named(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Records, None for what is not there; `about` says what differs between them."""
    told = [name for name in KEY if rows[name].nunique() > 1] or list(KEY)
    records = rows.astype(object).where(rows.notna(), None).to_dict(orient="records")
    return [
        {
            "about": ", ".join(str(one[name]) for name in told if one[name]),
            **{str(name): cell for name, cell in one.items()},
        }
        for one in records
    ]


def _cells() -> list[Column]:
    return [Column("about", ""), *(Column(name, role="data") for name in KEY)]


def _moves(moves: pd.DataFrame) -> Table:
    columns = [
        Column("windows", "", role="group"),
        *_cells(),
        *(Column(name, role="data") for name in ("from", "to", "rows", "no_change")),
        *(Column(name, role="data") for name in ("walk_low", "walk_high")),
        Column("observed", form=move),
        Column("model", form=move, ends=("low", "high")),
        *(Column("low"), Column("high")),
        *(Column(name, _LABELS[name], form=move) for name in ("copy", "year_before")),
        Column("chance", "within a random walk"),
        *(Column("sign"), Column("of_size", form=percent), Column("nearest", form=_label)),
    ]
    records = [
        {**one, "windows": f"{one['from']} to {one['to']}", "chance": _chance(one)}
        for one in _named(moves)
    ]
    title = "Moves between windows"
    return Table.of(title, columns, records, notes=_told(moves), name="moves")


def _chance(one: dict[str, Any]) -> str | None:
    """Whether what was observed lies within 95% of a random walk."""
    if one["walk_low"] is None or one["observed"] is None:
        return None
    return "yes" if one["walk_low"] <= one["observed"] <= one["walk_high"] else "no"


def _label(name: str) -> str:
    return _LABELS.get(name, name)


def _told(moves: pd.DataFrame) -> tuple[str, ...]:
    """How often the sign was right, and how often each forecast was the nearest."""
    counts = moves["sign"].value_counts()
    nearest = moves["nearest"].value_counts()
    near = ", ".join(f"{_LABELS[one]} {nearest[one]}" for one in FORECASTS if one in nearest)
    return (
        f"Of {len(moves)} moves the sign is as observed in {counts.get(SAME, 0)}, opposite in "
        f"{counts.get(OPPOSITE, 0)}; nearest: {near}",
    )


def move(ratio: float) -> str:
    """A ratio as a change.

    >>> move(1.041), move(0.9)
    ('+4.1%', '-10.0%')
    """
    return change(ratio - 1)


def _errors(errors: pd.DataFrame) -> Table:
    names = [name for name in map(str, errors.columns) if name not in (*KEY, "n")]
    columns = [
        *_cells(),
        Column("n", "rows"),
        *(Column(one, form=lambda error: fixed(error, 3)) for one in names),
    ]
    return Table.of("Mean error of the logarithm", columns, _named(errors), name="errors")


def _paths(paths: pd.DataFrame) -> Table:
    own = ("observed", MODEL, "low", "high", "ratio")
    columns = [
        *_cells(),
        Column("date_from", "from"),
        Column("date_to", "to"),
        Column("observed"),
        Column(MODEL, form=plain, ends=("low", "high")),
        *(Column("low"), Column("high"), Column("ratio", "model over observed")),
        *(
            Column(name, role="data")
            for name in map(str, paths.columns)
            if name not in (*KEY, *own, "date_from", "date_to", "horizon")
        ),
    ]
    days = {name: paths[name].dt.date for name in ("date_from", "date_to")}
    only = "" if len(paths) <= _FEW else "programs"
    records = _named(paths.assign(**days))
    return Table.of("Rows", columns, records, only_for=only, name="rows")
