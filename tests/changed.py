"""Dated changes as a scenario's files have them, for tests."""

import datetime as dt
from pathlib import Path

from tests.paths import TINY

from amnok.scenario import load
from amnok.scenario.dump import written


def parameter(value, unit, low=None, high=None):
    """A value with a prior that it lies in."""
    low, high = (value if low is None else low), (high or value)
    if unit == "date":
        high = (dt.date.fromisoformat(value) + dt.timedelta(days=5)).isoformat()
    prior = {"uniform": [low, high if high != low else low + 1]}
    return {"value": value, "unit": unit, "prior": prior, "source": "assumption"}


def change(path, start="2030-04-10", **others):
    """A change of a number; it doubles unless something else is said."""
    news = {} if others.keys() & {"value", "factor"} else {"factor": parameter(2, "ratio")}
    return {"label": "A", "parameter": path, "start": parameter(start, "date"), **news, **others}


def border_with(folder: Path, sets=(), **sections):
    """The small border with further sections, in a file of this folder."""
    file = folder / "changed.yaml"
    file.write_text(written({"extends": str(TINY), "name": "changed", **sections}))
    return load(file, sets)
