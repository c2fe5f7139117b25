"""The ledger of what truly happened: the books of one replicate as labelled arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.engine import Outcome
from amnok.engine.tally import Books
from amnok.mechanisms.roles import ROLES
from amnok.results.arrays import named
from amnok.scenario import Scenario
from amnok.scenario.presence import PLACES
from amnok.scenario.where import posts
from amnok.variables import MONEY, SURVEYS, WHOLE, Variable
from amnok.world import Labels
from amnok.world.places import over_sectors

INTENSITY = "intensity"


def labelled(values: NDArray[Any], variable: Variable, currency: str) -> xr.Variable:
    """Values of one replicate as [replicate, day, axes], with unit, long name and comment.

    Counts are kept as int32 where that loses nothing, money and hours as float64, the rest as
    float32. A table of surveys has `survey_day` for the day.
    """
    day = "survey_day" if variable.table == SURVEYS else "day"
    attrs = {
        "units": currency if variable.unit == MONEY else variable.unit,
        "long_name": variable.label,
        "comment": variable.text,
        "ledger": variable.table.ledger,
    }
    dims = ("replicate", day, *variable.axes)
    return named(dims, _narrowed(values, variable.unit)[np.newaxis], attrs)


def _narrowed(values: NDArray[Any], unit: str) -> NDArray[Any]:
    if unit in WHOLE:
        with np.errstate(invalid="ignore"):  # too large for it: then it is not equal
            whole = values.astype(np.int32)
        return whole if np.array_equal(whole, values) else values.astype(np.float64)
    wide = unit in (MONEY, "hours")
    return np.array(values, dtype=np.float64 if wide else np.float32)


def truth(
    outcome: Outcome, scenario: Scenario, only: Collection[str] | None = None
) -> dict[str, xr.Variable]:
    """Every variable of the truth, by name; the first dimension is `replicate`, of length 1.

    With `only`, the variables of these names.
    """
    brought = {one.name for one in counts.GIVEN}
    return {
        one.name: labelled(
            given(outcome, scenario, one.name)
            if one.name in brought
            else by_agency(booked(outcome.books, one), one, scenario),
            one,
            scenario.currency,
        )
        for one in counts.variables()
        if one.table.ledger == "truth" and (only is None or one.name in only)
    }


def booked(books: Books, variable: Variable) -> NDArray[np.float64]:
    """What the books hold of a variable, [day, axes]."""
    table = getattr(books, variable.table.name)
    if variable.axis:
        return np.stack([table[name] for name in counts.beside(variable)], axis=-1)
    return np.asarray(table[variable.name])


def by_agency(values: NDArray[Any], variable: Variable, scenario: Scenario) -> NDArray[np.float64]:
    """Counts by sector and agency out of those by sector and role, [day, sector, agency, ...].

    Of a variable that is not told by both, what was given.
    """
    if variable.axes[:2] != ("sector", "agency"):
        return values
    agencies = posts(scenario)
    found = values[:, :, [ROLES.index(one.agency.role) for one in agencies]]
    for place, one in enumerate(agencies):
        found[:, ~np.array(one.serves), place] = 0
    return found


def given(outcome: Outcome, scenario: Scenario, name: str) -> NDArray[np.float64]:
    """What the world brought, [day, axes]: of halts the mean over sectors, of how hard an agency
    works that over those that it serves."""
    world = outcome.world
    kept = "stage" if name == "river_stage" else name
    if kept in world.water.dtype.names:
        return np.asarray(world.water[kept][world.spin_up :], dtype=np.float64)
    days = world.days[kept][world.spin_up :]
    if kept == "halt":
        days = days.mean(axis=-1)  # over exports and imports
    if name != INTENSITY:
        return over_sectors(days, world.sectors)
    found = np.empty((len(days), len(scenario.agencies)))
    for place, one in enumerate(posts(scenario)):
        here = world.sectors[np.array(one.serves)]
        found[:, place] = over_sectors(days, here)[:, ROLES.index(one.agency.role)]
    return found


def coordinates(labels: Labels, scenario: Scenario) -> dict[str, xr.Variable]:
    """Names along every dimension, and what belongs to each name."""
    agencies = [scenario.agencies[name] for name in labels.agencies]
    goods = list(scenario.goods.values())
    return {
        "day": named("day", labels.dates.as_unit("ns").to_numpy()),
        "sector": _texts("sector", labels.sectors),
        "route": _texts("route", labels.routes),
        "size": _texts("size", labels.sizes),
        "side": _texts("side", labels.sides),
        "goods": _texts("goods", labels.goods),
        "market": _texts("market", labels.markets),
        "agency": _texts("agency", labels.agencies),
        "receiver": _texts("receiver", PLACES["receiver"].names),
        "status": _texts("status", PLACES["status"].names),
        "investigated": _texts("investigated", PLACES["investigated"].names),
        "paying": _texts("paying", PLACES["paying"].names),
        "route_sector": _texts("route", labels.route_sector),
        "route_channel": _texts("route", labels.route_channel),
        "route_channel_label": _texts("route", map(scenario.called, labels.route_channel)),
        "sector_label": _texts("sector", [one.label for one in scenario.sectors.values()]),
        "size_label": _texts("size", [one.label for one in scenario.traders.sizes.values()]),
        "side_label": _texts("side", [scenario.sides.inner.label, scenario.sides.outer.label]),
        "goods_label": _texts("goods", [one.label for one in goods]),
        "goods_direction": _texts("goods", [one.direction for one in goods]),
        "goods_sanctioned": named("goods", np.array([one.sanctioned for one in goods])),
        "market_label": _texts("market", [one.label for one in scenario.markets.values()]),
        "agency_label": _texts("agency", [one.label for one in agencies]),
        "agency_role": _texts("agency", [one.role for one in agencies]),
        "agency_side": _texts("agency", [scenario.sides.on(one.stands).key for one in agencies]),
    }


def _texts(dim: str, texts: Iterable[str]) -> xr.Variable:
    return named(dim, np.array(list(texts), dtype=np.str_))
