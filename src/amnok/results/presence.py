"""What a border without a mechanism has no results about: variables, and places along their axes.

What a variable needs stands beside it in `amnok.counts`; here is what is left: needs of places
along an axis that belong to no single count.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from amnok import counts
from amnok.mechanisms import ACTS_BY, NAMES
from amnok.scenario import Scenario
from amnok.variables import BY_STATUS, KEPT_BRIBES, Variable

Needs = tuple[str, ...]

VARIABLES: Mapping[str, Needs] = {one.name: one.needs for one in counts.variables() if one.needs}
"""Of the variables that need sections, which."""


def _of_counts(variable: Variable) -> dict[str, Needs]:
    """Of the counts that a variable shows side by side, what each needs."""
    return {one.name: one.needs for one in counts.COUNTS if one.of == variable}


PLACES: Mapping[str, Mapping[str, Needs]] = {
    "agency_role": {role: ("|".join(sections),) for role, sections in ACTS_BY.items()},
    "receiver": _of_counts(KEPT_BRIBES),
    "status": _of_counts(BY_STATUS),
    "investigated": {"ever": ("security_police",)},
    "paying": {"yes": ("protection",)},
}
"""Of the places along an axis, by the coordinate that names them, what some of them need."""


def there(scenario: Scenario, needs: Mapping[str, Needs], name: str) -> bool:
    """Whether a border has what something of this name needs."""
    return scenario.has(*needs.get(name, ()))


def places(scenario: Scenario, coordinate: str, names: list[str]) -> list[int]:
    """Which of the names along a coordinate a border has, by position."""
    needs = PLACES.get(coordinate, {})
    return [place for place, name in enumerate(names) if there(scenario, needs, name)]


def of_border(dataset: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    """The dataset without what the border has no mechanism for."""
    if len(scenario.sections) == len(NAMES):
        return dataset
    absent = [str(one) for one in dataset.variables if not there(scenario, VARIABLES, str(one))]
    dataset = dataset.drop_vars(absent)
    for coordinate in PLACES:
        dim = str(dataset[coordinate].dims[0])
        names = [str(name) for name in dataset[coordinate].to_numpy()]
        kept = places(scenario, coordinate, names)
        if not kept:
            dataset = dataset.drop_dims(dim)
        elif len(kept) < len(names):
            dataset = dataset.isel({dim: np.array(kept, dtype=np.int64)})
    return dataset
