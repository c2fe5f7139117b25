"""Predicted beside observed prices, as tables and as data."""

from __future__ import annotations

import json
import math

from rich.console import Console

from amnok.reporting.tables import plain_table
from amnok.scenario import Scenario
from amnok.studies.patterns.prices import FORECASTS, Prices, order_agrees


def print_prices(
    found: Prices, scenario: Scenario, goods: str, replicates: int, console: Console
) -> None:
    """First moves by market, errors of the forecasts, and the gap between two markets."""
    label = scenario.goods[goods].label
    console.print(f"{scenario.title}: {label}, moves of price since {found.since}", style="bold")
    console.print(f"{replicates} replicates; nothing in the model was fitted to what follows")
    first = found.first
    console.print()
    table = plain_table(
        f"By {first['date'].iloc[0].date()}", ">observed", ">model", ">95% of replicates"
    )
    for _, row in first.iterrows():
        ends = f"{_percent(row['low'])} to {_percent(row['high'])}"
        name = scenario.markets[row["market"]].label
        table.add_row(name, _percent(row["observed"]), _percent(row["model"]), ends)
    console.print(table)
    agrees = order_agrees(first)
    if not math.isnan(agrees):
        console.print(f"Order of the markets: {agrees:.0%} of the pairs as observed")
    console.print()
    table = plain_table("Mean error of the logarithm", *(f">{name}" for name in FORECASTS))
    for market, row in found.errors().iterrows():
        name = str(market)
        shown = scenario.markets[name].label if name in scenario.markets else name
        table.add_row(shown, *(f"{row[forecast]:.3f}" for forecast in FORECASTS))
    console.print(table)
    high, low = extremes(found)
    gap = found.gap(high, low)
    console.print()
    pair = f"{scenario.markets[high].label} over {scenario.markets[low].label}"
    table = plain_table(pair, ">observed", ">model")
    for date, row in gap.resample("QE").mean().dropna().iterrows():
        quarter = f"{date.year} Q{date.quarter}"  # type: ignore[attr-defined]
        table.add_row(quarter, _percent(row["observed"]), _percent(row["model"]))
    console.print(table)


def extremes(found: Prices) -> tuple[str, str]:
    """The markets of which the model's first move is the largest and the least."""
    first = found.first.set_index("market")["model"]
    return str(first.idxmax()), str(first.idxmin())


def prices_json(found: Prices) -> str:
    """Every move and error, as JSON."""
    moves = found.moves.assign(date=found.moves["date"].dt.strftime("%Y-%m-%d"))
    content = {
        "since": found.since.isoformat(),
        "base": {name: date.date().isoformat() for name, date in found.base.items()},
        "moves": moves.to_dict(orient="records"),
        "errors": found.errors().to_dict(orient="index"),
    }
    return json.dumps(content, indent=1)


def _percent(ratio: float) -> str:
    """A ratio as a change.

    >>> _percent(1.41), _percent(0.9)
    ('+41%', '-10%')
    """
    return f"{100 * (ratio - 1):+.0f}%"
