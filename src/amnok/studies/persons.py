"""Person by person: who is arrested in which arm."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.engine import Outcome
from amnok.scenario import Scenario
from amnok.world import World
from amnok.world.places import INNER, OUTER

FATES = ("neither", "only_without", "only_with", "both")
FATE_LABELS = {
    "neither": "in neither",
    "only_without": "only without the policy",
    "only_with": "only with the policy",
    "both": "in both",
}


def same_people(base: Outcome, other: Outcome) -> bool:
    """Whether two arms hold the same persons: as many, of the same sectors and sizes.

    What else sets a person apart may be what a policy moves.
    """
    one, two = base.world.traits, other.world.traits
    return all(np.array_equal(one[field], two[field]) for field in ("sector", "size_class"))


def sides(world: World) -> NDArray[np.int64]:
    """The bank of each person, `INNER` or `OUTER`."""
    inner = int(world.blocks["inner_last"].max(initial=0))
    return np.where(np.arange(len(world.traits)) < inner, INNER, OUTER)


def fates(base: Outcome, other: Outcome, scenario: Scenario) -> xr.DataArray:
    """How many persons are arrested at least once in which of two arms.

    Args:
        base: the arm without the policy.
        other: the arm with it; the same people.
        scenario: the base scenario.

    Returns:
        Persons by [side, size, sector, fate]: neither, only_without, only_with, both. NaN
        everywhere if the policy changes who there is.
    """
    sizes, sectors = list(scenario.traders.sizes), list(scenario.sectors)
    shape = (2, len(sizes), len(sectors), len(FATES))
    counts = np.full(shape, np.nan)
    if same_people(base, other):
        counts = _counted(base, other, shape)
    sides = [scenario.sides.inner.key, scenario.sides.outer.key]
    return xr.DataArray(
        counts,
        dims=("side", "size", "sector", "fate"),
        coords={"side": sides, "size": sizes, "sector": sectors, "fate": list(FATES)},
        attrs={"units": "persons", "long_name": "Persons arrested at least once, by arm"},
    )


def turned(persons: xr.DataArray) -> xr.DataArray:
    """The same fates as seen from the other arm."""
    other = {"only_without": "only_with", "only_with": "only_without"}
    names = [other.get(name, name) for name in map(str, persons["fate"].to_numpy())]
    return persons.assign_coords(fate=names).sel(fate=list(FATES))


def _counted(base: Outcome, other: Outcome, shape: tuple[int, ...]) -> NDArray[np.float64]:
    traits = base.world.traits
    fate = (base.state.arrests > 0) + 2 * (other.state.arrests > 0)
    counts = np.zeros(shape)
    np.add.at(counts, (sides(base.world), traits["size_class"], traits["sector"], fate), 1)
    return counts
