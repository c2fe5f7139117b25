"""Where measures read: a replicate's books, a dataset, or a run by weeks. All give the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.draws import Key
from amnok.engine import Outcome
from amnok.mechanisms.official import Official
from amnok.mechanisms.reporting import Reporting
from amnok.results.truth import booked, by_agency, given
from amnok.results.visible import declared, official_variables, published
from amnok.scenario import Scenario
from amnok.scenario.presence import PLACES
from amnok.variables import DECLARED, OFFICIAL, REPORTED, REPORTS, Variable, VariableTable

Array = NDArray[np.float64]


class ReplicateSource(Protocol):
    """One replicate in one arm."""

    def daily(self, name: str) -> Array:
        """A variable, [day, its dimensions]."""
        ...


class BookSource:
    """A replicate's books as they are; what is visible is made when it is first asked for."""

    def __init__(self, outcome: Outcome, scenario: Scenario, key: Key) -> None:
        self._outcome, self._scenario, self._key = outcome, scenario, key
        self._made: dict[str, Array] = {}
        self._kept = {
            dim: np.array(kept, dtype=np.int64)
            for dim, places in PLACES.items()
            if len(kept := places.of(scenario)) < len(places.names)
        }

    def daily(self, name: str) -> Array:
        """A variable, [day, its dimensions]; places that the border does not have are left out."""
        variable = counts.measurable()[name]
        values = by_agency(self._values(variable), variable, self._scenario)
        for axis, dim in enumerate(variable.axes, start=1):
            if dim in self._kept:
                values = values.take(self._kept[dim], axis)
        return values

    def _values(self, variable: Variable) -> Array:
        books = self._outcome.books
        if hasattr(books, variable.table.name) and variable.table != REPORTS:
            return booked(books, variable)
        if variable.table == DECLARED:
            return declared(books.goods, self._scenario)
        if variable.table not in (OFFICIAL, REPORTS):
            return given(self._outcome, self._scenario, variable.name)
        if variable.name not in self._made:
            self._made |= self._official() if variable.table == OFFICIAL else self._reports()
        return self._made[variable.name]

    def _official(self) -> dict[str, Array]:
        official, events = self._scenario.section(Official), self._outcome.books.events
        assert official is not None
        return official_variables(events, official, self._key)

    def _reports(self) -> dict[str, Array]:
        books, reporting = self._outcome.books, self._scenario.section(Reporting)
        assert reporting is not None
        rows = published(books.tips[: books.tip_count[0]], reporting, self._key)
        shape = (len(books.flow), len(self._scenario.sectors), 2, len(REPORTED))
        return _counted(rows[:, 0], rows[:, 1], rows[:, 2:5].T, shape)


def _counted(event: Any, publication: Any, cells: Any, shape: tuple[int, ...]) -> dict[str, Array]:
    """Reports [day, sector, side, kind] by day of event and of publication.

    What lies outside the period drops out.
    """
    n_days = shape[0]

    def by(day: Any, kept: Any) -> Array:
        kept = kept & (day >= 0) & (day < n_days)
        flat = np.ravel_multi_index((day[kept], *(one[kept] for one in cells)), shape)
        return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)

    everyone = np.ones(len(event), dtype=np.bool_)
    return {
        "reports": by(event, everyone),
        "reports_in_time": by(event, (publication >= 0) & (publication < n_days)),
        "publications": by(publication, everyone),
    }


class Labelled:
    """One replicate of a dataset, from `amnok.run` or a saved run."""

    def __init__(self, dataset: xr.Dataset, replicate: int = 0) -> None:
        self._dataset, self._replicate = dataset, replicate
        self._made: dict[str, Array] = {}

    def daily(self, name: str) -> Array:
        """A variable, [day, its dimensions]."""
        if name not in self._made:
            variable = counts.measurable()[name]
            if variable.table == REPORTS:
                self._made |= self._reports()
            else:
                one = self._dataset.variables[name].transpose("replicate", "day", *variable.axes)
                self._made[name] = np.asarray(one[self._replicate].values, dtype=np.float64)
        return self._made[name]

    def _reports(self) -> dict[str, Array]:
        data = self._dataset
        number = data["replicate"].to_numpy()[self._replicate]
        mine = data["report_replicate"].to_numpy() == number
        first = data["day"].to_numpy()[0]
        event, publication = (
            ((data[name].to_numpy()[mine] - first) // np.timedelta64(1, "D")).astype(np.int64)
            for name in ("event_day", "publication_day")
        )
        along = {
            "sector": list(data["sector"].to_numpy()),
            "side": list(data["side"].to_numpy()),
            "kind": list(REPORTED),
        }
        cells = [
            np.array([names.index(one) for one in data[f"report_{key}"].to_numpy()[mine]], np.int64)
            for key, names in along.items()
        ]
        shape = (data.sizes["day"], *(len(names) for names in along.values()))
        return _counted(event, publication, cells, shape)


class Outcomes:
    """One replicate under one policy of a comparison: outcomes over all its days at once."""

    def __init__(self, values: xr.Dataset) -> None:
        self._values = values

    def daily(self, name: str) -> Array:
        """An outcome, [1, its dimensions]: what there is of days is added up already."""
        return np.asarray(self._values[name].to_numpy(), dtype=np.float64)[np.newaxis]


class Kept:
    """Variables that are kept as arrays, [day, their dimensions]."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def daily(self, name: str) -> Array:
        """One of them."""
        return np.asarray(self._values[name], dtype=np.float64)


def outcome_variables(values: xr.Dataset, adds_up: Collection[str]) -> dict[str, Variable]:
    """Outcomes of a comparison as variables of their own; of some, cells add up."""
    found = {}
    for name, one in values.data_vars.items():
        axes = tuple(str(dim) for dim in one.dims if dim not in ("policy", "replicate"))
        table = VariableTable("outcomes", axes, "", kind="flow" if name in adds_up else "level")
        attrs = one.attrs
        found[str(name)] = Variable(table, str(name), attrs["units"], attrs["long_name"], "")
    return found
