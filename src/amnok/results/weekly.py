"""A run by weeks: the few sums that charts and the map are drawn from, small enough to keep."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.counts import measurable
from amnok.engine import Outcome
from amnok.results.arrays import named
from amnok.results.ledgers import dataset as dataset_of
from amnok.results.measuring.charting import charts_on
from amnok.results.measuring.evaluate import by_blocks
from amnok.results.measuring.sources import Labelled
from amnok.scenario import Scenario
from amnok.scenario.measures.definitions import FRAME, frame_text
from amnok.scenario.measures.vocabulary import WEEK
from amnok.variables import REPORTS

_OF_MAP = ("crossings", "attempts", "losses")  # of routes, whatever charts a border has

Array = NDArray[np.float64]


def weeks_of(outcome: Outcome, scenario: Scenario, seed: int) -> xr.Dataset:
    """Weekly sums of one replicate at hand; of the rest of it no dataset is made.

    Args:
        outcome: what `amnok.engine.simulate` returned for the scenario and the seed.
    """
    return weekly(dataset_of(outcome, scenario, seed, needed(scenario)))


def needed(scenario: Scenario) -> frozenset[str]:
    """Variables that weekly sums of a border's runs are made from."""
    return _needed(frame_text(scenario))


@lru_cache(maxsize=16)
def _needed(text: str) -> frozenset[str]:
    lines = [line for chart in charts_on(text)[1] for line in chart.lines]
    return frozenset(_OF_MAP).union(*(line.compiled.variables for line in lines))


def weekly(dataset: xr.Dataset) -> xr.Dataset:
    """Weekly sums of a run; weeks start with its first day, and an unfinished last one is left out.

    Args:
        dataset: from `amnok.run` or a saved run.

    Returns:
        What charts and the map are drawn from, along `replicate` and `week` (first days): of each
        variable that the border's charts measure, of attempts, losses and crossings, the sums in
        all their cells. flow [replicate, day, route]: crossings of a day. Surveyed prices and
        source reports stay as they are.
    """
    by_week = _Weeks(dataset)
    names = [name for name in sorted(_needed(dataset.attrs[FRAME])) if _is_in(dataset, name)]
    flow = dataset.variables["crossings"].transpose("replicate", "day", "route", "size")
    kept = {
        name: variable
        for name, variable in dataset.variables.items()
        if name == "surveyed_price" or name in dataset.coords or variable.dims == ("report",)
    }
    return _dataset(
        {
            **kept,
            **{name: by_week.sums(name) for name in names},
            "flow": named(("replicate", "day", "route"), flow.values.sum(-1).astype(np.float32)),
            "week": named("week", by_week.starts),
        },
        {*dataset.coords, "week"},
        dataset.attrs,
    )


def _is_in(dataset: xr.Dataset, name: str) -> bool:
    """Whether a run has a variable, or the reports that it is counted from."""
    return name in dataset or (measurable()[name].table == REPORTS and "report_kind" in dataset)


def scaled(weeks: xr.Dataset, factor: float) -> xr.Dataset:
    """Counts times a factor, for a run with fewer traders than it stands for; prices stay."""
    variables = dict(weeks.variables)
    for name, one in weeks.variables.items():
        if name == "flow" or (name in measurable() and measurable()[name].table.kind != "level"):
            variables[name] = named(one.dims, np.asarray(one.values) * factor, one.attrs)
    return _dataset(variables, set(weeks.coords), weeks.attrs)


def _dataset(variables: Mapping[Any, xr.Variable], coords: set[Any], attrs: Any) -> xr.Dataset:
    """A dataset of variables; to add them to one by one takes much longer."""
    return xr.Dataset(
        {name: one for name, one in variables.items() if name not in coords},
        coords={name: one for name, one in variables.items() if name in coords},
        attrs=attrs,
    )


def sums_by_week(daily: Array, axis: int) -> Array:
    """Sums of whole weeks, with weeks in the place of days along an axis."""
    return by_blocks(daily, _whole_weeks(daily.shape[axis]), WEEK, axis)


def _whole_weeks(n_days: int) -> int:
    """How many weeks there are; less than a week counts as one."""
    return max(1, n_days // WEEK)


class _Weeks:
    """Takes sums of whole weeks."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset
        self._sources = [Labelled(dataset, at) for at in range(dataset.sizes["replicate"])]
        self.starts = dataset["day"].to_numpy()[::WEEK][: _whole_weeks(dataset.sizes["day"])]

    def sums(self, name: str) -> xr.Variable:
        """A variable by week, in all its cells."""
        weeks = [sums_by_week(one.daily(name), 0) for one in self._sources]
        return named(("replicate", "week", *measurable()[name].axes), np.stack(weeks))
