"""What a pattern is measured on: one replicate as it is, and beside it without an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.results.outcomes import by_size
from amnok.results.ratios import Ratio, ratio
from amnok.scenario import Scenario
from amnok.studies.patterns.windows import Window, Windows

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Replicate:
    """The books of one replicate as plain arrays; the dimensions are those of the dataset."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self.dataset = dataset

    def __getitem__(self, name: str) -> Array:
        """A variable without its axis `replicate`, as floats."""
        values: Array = self.dataset[name].to_numpy()[0].astype(np.float64)
        return values

    def there(self, *names: str) -> list[str]:
        """Those of some variables that the run's border has."""
        return [name for name in names if name in self.dataset]

    def labels(self, name: str) -> NDArray[np.str_]:
        """A coordinate."""
        return np.asarray(self.dataset[name].to_numpy())

    def daily(self, name: str, **only: Mask | int) -> Array:
        """A variable summed over everything but days, [day]; `only` keeps a part of a dimension."""
        values, dims = self[name], list(self.dataset[name].dims)[1:]
        for dim, chosen in only.items():
            kept = np.atleast_1d(chosen) if isinstance(chosen, int) else np.flatnonzero(chosen)
            values = np.take(values, kept, axis=dims.index(dim))
        sums: Array = values.reshape(len(values), -1).sum(axis=1)
        return sums

    def total(self, window: Window, name: str, **only: Mask | int) -> float:
        """The same, summed over a window."""
        return float(self.daily(name, **only)[window.days].sum())

    def ratio(self, of: Ratio, window: Window, **only: Mask | int) -> float:
        """A ratio over a window; `only` keeps a part of a dimension."""
        if of.channel:
            only["route"] = self.labels("route_channel") == of.channel
        return ratio(self.total(window, of.top, **only), self.total(window, of.bottom, **only))


@dataclass(frozen=True)
class Case:
    """One replicate in all arms that patterns need, and what they refer to.

    Attributes:
        scenario: as given, whatever mechanism is switched off in the arms: it says which goods are
            quick to check, which routes are watched, and who is small.
        windows: its stretches of days.
        as_is: the replicate itself.
        without: the same people and draws without something: `crackdown` (orders to police and
            patrols), `cameras` (orders for them), `liability` (guards answer for nothing).
    """

    scenario: Scenario
    windows: Windows
    as_is: Replicate
    without: Mapping[str, Replicate]

    def routes(self, *channels: str) -> Mask:
        """Which routes are of these channels, [route]."""
        return np.isin(self.as_is.labels("route_channel"), channels)

    def named(self, label: str, names: tuple[str, ...] | None) -> Mask:
        """Which entries of a coordinate are among the names; all of them if None."""
        labels = self.as_is.labels(label)
        return np.ones(len(labels), dtype=np.bool_) if names is None else np.isin(labels, names)

    def outer_agencies(self) -> Mask:
        """Which agencies act on the outer bank, [agency]."""
        outer = self.scenario.sides.outer.key
        return np.asarray(self.as_is.labels("agency_side") == outer)

    def by_size(self) -> NDArray[np.intp]:
        """Sizes from the smallest to the largest consignment, [size]."""
        return by_size(self.scenario)
