"""Predicted beside observed prices, as tables."""

from __future__ import annotations

import math
from typing import Any

from amnok.scenario import Scenario
from amnok.studies.patterns.prices import FORECASTS, Prices, order_agrees
from amnok.table import Column, Sheet, Table


def prices_sheet(found: Prices, scenario: Scenario, goods: str, replicates: int) -> Sheet:
    """First moves by market, errors of the forecasts, and the gap between two markets."""
    labels = {name: market.label for name, market in scenario.markets.items()}
    moves = found.moves.to_dict(orient="records")
    return Sheet(
        f"{scenario.title}: {scenario.goods[goods].label}, moves of price since {found.since}",
        (
            _first(found, labels),
            _errors(found, labels),
            _gap(found, labels),
            Table.of("Moves", map(str, found.moves.columns), moves, only_for="programs"),
        ),
        (f"{replicates} replicates; nothing in the model was fitted to what follows",),
        facts={
            "since": found.since.isoformat(),
            "base": {name: date.date().isoformat() for name, date in found.base.items()},
        },
    )


def _first(found: Prices, labels: dict[str, str]) -> Table:
    columns = (
        Column("market", "", form=lambda name: str(labels.get(name, name))),
        Column("observed", form=_move),
        Column("model", form=_move, ends=("low", "high")),
        Column("low"),
        Column("high"),
    )
    agrees = order_agrees(found.first)
    note = f"Order of the markets: {agrees:.0%} of the pairs as observed"
    return Table.of(
        f"By {found.first['date'].iloc[0].date()}, with 95% of replicates",
        columns,
        found.first.to_dict(orient="records"),
        notes=() if math.isnan(agrees) else (note,),
        name="first_moves",
    )


def _errors(found: Prices, labels: dict[str, str]) -> Table:
    columns = [Column("market", "", form=lambda name: str(labels.get(name, name)))]
    columns += [Column(name, form=lambda error: f"{error:.3f}") for name in FORECASTS]
    records = found.errors().rename_axis("market").reset_index().to_dict(orient="records")
    return Table.of("Mean error of the logarithm", columns, records, name="errors")


def _gap(found: Prices, labels: dict[str, str]) -> Table:
    high, low = extremes(found)
    quarters = found.gap(high, low).resample("QE").mean().dropna()
    columns = (Column("quarter", ""), Column("observed", form=_move), Column("model", form=_move))
    records: list[dict[Any, Any]] = [
        {"quarter": f"{date.year} Q{date.quarter}", **row.to_dict()}  # type: ignore[attr-defined]  # a date
        for date, row in quarters.iterrows()
    ]
    return Table.of(f"{labels[high]} over {labels[low]}", columns, records, name="gap")


def extremes(found: Prices) -> tuple[str, str]:
    """The markets of which the model's first move is the largest and the least."""
    first = found.first.set_index("market")["model"]
    return str(first.idxmax()), str(first.idxmin())


def _move(ratio: float) -> str:
    """A ratio as a change.

    >>> _move(1.41), _move(0.9)
    ('+41%', '-10%')
    """
    return f"{ratio - 1:+.0%}"
