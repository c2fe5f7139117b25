"""A bank that was never simulated: hidden flows and what is seen of them, by a formula."""

from pathlib import Path

import numpy as np
import pandas as pd
from tests.paths import TINY

import amnok
from amnok.results.observations import is_level
from amnok.studies.inference.banks import Bank
from amnok.studies.inference.kept import Layout


def invented(runs=400, seed=1, policies=("base",), folder="invented", variants=("base",)):
    """Flows are lognormal; each arrest is recorded with a chance that is a parameter.

    In a second variant prices lie higher, and a third of the flow is counted in no place.
    """
    scenario = amnok.load(TINY)
    layout, rng = Layout(scenario), np.random.default_rng(seed)
    flow, rate = rng.lognormal(3.0, 0.7, runs), rng.beta(2.0, 6.0, runs)
    structure = np.arange(runs) % len(variants)
    parts = [
        _runs(layout, flow * (0.5 if policy != "base" else 1.0), rate, structure, rng)
        for policy in policies
    ]
    points = pd.DataFrame(
        {
            "policy": [policy for policy in policies for _ in range(runs)],
            "traders.inner": np.tile(flow * 10.0, len(policies)),
            "official.arrests_recorded": np.tile(rate, len(policies)),
            "quota.prison_days": np.tile(rng.normal(300.0, 30.0, runs), len(policies)),
        }
    )
    points.index.name = "point"
    if len(variants) > 1:
        points["variant"] = np.tile(structure, len(policies))
    weekly = np.concatenate(parts).astype(np.float32)
    nothing = pd.DataFrame(index=points.index)  # that claims speak of
    return Bank(Path(folder), scenario, points, weekly, np.ones(weekly.shape[1]), nothing, variants)


def _runs(layout, flow, rate, structure, rng):
    shape = (len(flow), layout.weeks)
    columns = []
    for series, _ in layout.seen:
        if is_level(series):
            level = 50.0 / flow[:, None] + 20.0 * structure[:, None]
            columns.append(rng.lognormal(0.0, 0.1, shape) + level)
        else:
            columns.append(rng.poisson(np.broadcast_to((flow * rate)[:, None] / 2.0, shape)))
    for quantity, axis, _ in layout.hidden:
        share = 1.0 + 0.5 * structure[:, None] if not axis else 0.4
        worth = 100.0 if "value" in quantity else 1.0
        columns.append(worth * share * np.broadcast_to(flow[:, None], shape))
    return np.stack(columns, 1)


def observed(bank, run, months=3):
    """What an observer would have seen of a run: arrests and prices, four weeks a row."""
    layout = bank.layout
    start = pd.Timestamp(bank.scenario.period.start)
    rows = []
    for month in range(months):
        weeks = slice(4 * month, 4 * month + 4)
        days = {
            "date_from": (start + pd.Timedelta(days=28 * month)).date(),
            "date_to": (start + pd.Timedelta(days=28 * month + 27)).date(),
        }
        for place in bank.scenario.sectors:
            parts = layout.parts_of("official_arrests", (place, "", "", "", ""))
            value = float(bank.weekly[run][parts][:, weeks].sum())
            rows.append({**days, "series": "official_arrests", "place": place, "value": value})
        cell = ("vellmouth", "", "", "honey", "")
        (part,) = layout.parts_of("surveyed_price", cell)
        rows.append(
            {
                **days,
                "series": "surveyed_price",
                "place": "vellmouth",
                "goods": "honey",
                "value": float(bank.weekly[run, part, weeks].mean()),
            }
        )
    return pd.DataFrame(rows)
