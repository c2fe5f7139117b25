"""One dataset for both ledgers: labelled arrays of a replicate, and of several side by side.

Read back, its phases are stretches of days, and its variables are tidy tables.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from amnok.draws import replicate_key
from amnok.engine import Outcome
from amnok.mechanisms import NAMES
from amnok.results.arrays import named
from amnok.results.truth import coordinates, truth
from amnok.results.visible import reports, visible
from amnok.scenario import Scenario
from amnok.scenario.measures.definitions import FRAME, frame_text
from amnok.scenario.politics import Change, Closure, Order
from amnok.scenario.presence import PLACES, VARIABLES, there
from amnok.scenario.where import label_of, short_of
from amnok.world import labels

CONVENTIONS = "ledger: 'truth' is what happened, 'visible' is what an observer could see of it"


def dataset(
    outcome: Outcome, scenario: Scenario, seed: int, only: Collection[str] | None = None
) -> xr.Dataset:
    """Both ledgers of one replicate as an `xarray.Dataset`.

    Every variable has `units`, `long_name` and `ledger` ("truth" or "visible"). Dimensions are
    named and labelled; `replicate` comes first and has length 1. Source reports are a table along
    `report` (see `amnok.results.reports`). Of mechanisms that the scenario leaves out there is
    nothing. The attributes hold phases, orders and halts as JSON.

    Args:
        outcome: what `amnok.engine.simulate` returned.
        scenario: the scenario that was simulated.
        seed: the seed it was simulated with.
        only: of the truth, the variables of these names; all by default.
    """
    names = labels(scenario)
    key = replicate_key(seed, outcome.replicate)
    whole = xr.Dataset(
        {**truth(outcome, scenario, only), **visible(outcome, names, scenario, key)},
        coords={
            "replicate": named("replicate", np.array([outcome.replicate])),
            **coordinates(names, scenario),
        },
        attrs=_attributes(scenario, seed),
    )
    return _of_border(whole, scenario)


def _of_border(dataset: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """The dataset without what the border has no mechanism for."""
    if not scenario.agencies:
        dataset = dataset.drop_dims("agency")
    if len(scenario.sections) == len(NAMES):
        return dataset
    absent = [str(one) for one in dataset.variables if not there(scenario, VARIABLES, str(one))]
    dataset = dataset.drop_vars(absent)
    for dim, places in PLACES.items():
        kept = places.of(scenario)
        if not kept:
            dataset = dataset.drop_dims(dim)
        elif len(kept) < len(places.names):
            dataset = dataset.isel({dim: np.array(kept, dtype=np.int64)})
    return dataset


def side_by_side(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Replicates of one run, or their weeks, along `replicate`; reports follow one another."""
    first = parts[0]

    def joined(name: Any) -> xr.Variable:
        one: xr.Variable = first.variables[name]
        for dim in set(one.dims) & {"replicate", "report"}:
            pieces = [np.asarray(part.variables[name].values) for part in parts]
            values = np.concatenate(pieces, axis=one.dims.index(dim))
            return named(one.dims, values, one.attrs)
        return one.load()

    return xr.Dataset(
        {name: joined(name) for name in first.data_vars},
        coords={name: joined(name) for name in first.coords},
        attrs=first.attrs,
    )


def _attributes(scenario: Scenario, seed: int) -> dict[str, Any]:
    return {
        "title": scenario.title,
        "scenario": scenario.name,
        "seed": seed,
        "amnok_version": version("amnok"),
        "conventions": CONVENTIONS,
        "currency": scenario.currency,
        FRAME: frame_text(scenario),
        "phases": _json(
            {"name": name, "label": one.label, "start": one.start, "end": one.end}
            for name, one in scenario.phases.items()
        ),
        "orders": _json(_dated(scenario)),
        "halts": _json(
            {
                "label": label_of(scenario, name, one),
                "start": one.start.date,
                "days": round(one.days.number),
            }
            for name, one in scenario.calendar.halts.items()
        ),
    }


def _dated(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Orders, closures and changes, as charts mark them."""
    marks: list[tuple[str, Order | Closure | Change, float]] = [
        *((name, one, one.strength) for name, one in scenario.orders.items()),
        *((name, one, one.strength.number) for name, one in scenario.closures.items()),
        *((name, one, one.strength.number) for name, one in scenario.changes.items()),
    ]
    for name, one, strength in marks:
        label = label_of(scenario, name, one)
        yield {
            "label": label,
            "name": short_of(label, one.called),
            "start": one.start.date,
            "end": one.until,
            "intensity": strength,
        }


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), default=str)


@dataclass(frozen=True)
class PhaseDays:
    """A named stretch of days, both ends counted."""

    name: str
    label: str
    start: pd.Timestamp
    end: pd.Timestamp

    def of(self, dataset: xr.Dataset) -> xr.Dataset:
        """The days of a dataset that lie in the phase."""
        return dataset.sel(day=slice(self.start, self.end))


def phases(dataset: xr.Dataset) -> list[PhaseDays]:
    """The scenario's phases that have any days; without any, the whole period."""
    days = pd.DatetimeIndex(dataset["day"].to_numpy())
    found = [
        PhaseDays(row["name"], row["label"], pd.Timestamp(row["start"]), pd.Timestamp(row["end"]))
        for row in json.loads(dataset.attrs.get("phases", "[]"))
    ]
    found = [one for one in found if ((days >= one.start) & (days <= one.end)).any()]
    return found or [PhaseDays("all", "The whole period", days[0], days[-1])]


def tidy(dataset: xr.Dataset) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and table of each group of variables that share their dimensions; a row is one cell.

    The name lists the dimensions: `day-route-size` has the columns replicate, day, route, size, and
    one for each measure by route and size. `reports` are the source reports.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, values in dataset.data_vars.items():
        groups.setdefault(tuple(map(str, values.dims)), []).append(str(name))
    for dims, names in groups.items():
        if dims == ("report",):
            yield "reports", reports(dataset)
        else:
            table = dataset[names].reset_coords(drop=True).to_dataframe(dim_order=list(dims))
            yield "-".join(dims[1:]), table.reset_index()
