"""The ledger of what truly happened: the books of one replicate as labelled arrays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.engine import Outcome, tally
from amnok.results import measures
from amnok.results.measures import MONEY, Measure
from amnok.scenario import Scenario
from amnok.world import Labels
from amnok.world.days import ROLES

TRUTH = "truth"
_WHOLE = ("consignments", "items", "leaks", "persons", "files", "person-days")
_INNER_ROLES = ("guard", "security_police")


def variable(
    dims: tuple[str, ...], values: NDArray[Any], measure: Measure, currency: str, ledger: str
) -> xr.Variable:
    """Values as a variable of one replicate, [replicate, *dims], with unit and long name.

    Counts are kept as int32 where that loses nothing, money and hours as float64, the rest as
    float32.
    """
    attrs = {
        "units": currency if measure.unit == MONEY else measure.unit,
        "long_name": measure.long_name,
        "ledger": ledger,
    }
    return xr.Variable(("replicate", *dims), _narrowed(values, measure.unit)[np.newaxis], attrs)


def _narrowed(values: NDArray[Any], unit: str) -> NDArray[Any]:
    if unit in _WHOLE:
        with np.errstate(invalid="ignore"):  # too large for it: then it is not equal
            whole = values.astype(np.int32)
        return whole if np.array_equal(whole, values) else values.astype(np.float64)
    wide = unit in (MONEY, "hours")
    return np.array(values, dtype=np.float64 if wide else np.float32)


def truth(
    outcome: Outcome, labels: Labels, scenario: Scenario, only: Collection[str] | None = None
) -> dict[str, xr.Variable]:
    """Every variable of the truth, by name; the first dimension is `replicate`, of length 1.

    With `only`, the variables of these names.
    """
    books, currency = outcome.books, scenario.currency
    result: dict[str, xr.Variable] = {}

    def put(measure: Measure, dims: tuple[str, ...], values: NDArray[Any]) -> None:
        if only is None or measure.name in only:
            result[measure.name] = variable(dims, values, measure, currency, TRUTH)

    def put_all(
        names: tuple[str, ...],
        meaning: Mapping[str, Measure],
        dims: tuple[str, ...],
        table: NDArray[Any],
    ) -> None:
        for position, name in enumerate(names):
            put(meaning[name], dims, table[..., position])

    put_all(tally.FLOW, measures.FLOW, ("day", "route", "size"), books.flow)
    put_all(tally.GOODS, measures.GOODS, ("day", "sector", "goods"), books.goods)
    by_agency = ("day", "sector", "agency", "size")
    put_all(tally.EVENTS, measures.EVENTS, by_agency, books.events)
    put(measures.BRIBES, ("day", "sector", "size", "receiver"), books.bribes)
    put_all(tally.MONEY, measures.ACCOUNTS, ("day", "sector"), books.money)
    put_all(tally.SECTOR, measures.SECTOR, ("day", "sector"), books.sector)
    people, n_status = ("day", "sector", "side", "size"), len(measures.STATUS)
    put(measures.PEOPLE, (*people, "status"), books.people[..., :n_status])
    put_all(tally.PEOPLE[n_status:], measures.MARKED, people, books.people[..., n_status:])
    scrutiny = ("day", "sector", "investigated")
    put_all(tally.SCRUTINY, measures.SCRUTINY, scrutiny, books.scrutiny)
    protection = ("day", "sector", "size", "paying")
    put_all(tally.PROTECTION, measures.PROTECTION, protection, books.protection)
    put(measures.PRICE, ("day", "side", "goods", "market"), books.price)
    put(measures.BELIEF_LOSS, ("day", "route", "size"), books.loss_belief)
    put(measures.BELIEF_SEARCH, ("day", "sector", "size"), books.search_belief)
    put(measures.GUARD_PRICE, ("day", "route"), books.guard_price)
    for position, effort in enumerate(measures.EFFORT):
        put(effort, ("day", "route"), books.effort[..., position])
    days, water = outcome.world.days, outcome.world.water
    spin_up = outcome.world.spin_up
    put(measures.INTENSITY, ("day", "agency"), days["intensity"][spin_up:])
    put(measures.HALT, ("day",), days["halt"][spin_up:])
    put(measures.CAMERA_LEVEL, ("day",), days["camera_level"][spin_up:])
    put(measures.RIVER_STAGE, ("day", "sector"), water["stage"][spin_up:])
    put(measures.FROZEN, ("day", "sector"), water["frozen"][spin_up:])
    return result


def coordinates(labels: Labels, scenario: Scenario) -> dict[str, Any]:
    """Names along every dimension, and what belongs to each name."""
    agencies = [scenario.agencies[name] for name in labels.agencies]
    goods = list(scenario.goods.values())
    inner, outer = labels.sides
    return {
        "day": labels.dates.as_unit("ns").to_numpy(),
        "sector": _texts(labels.sectors),
        "route": _texts(labels.routes),
        "size": _texts(labels.sizes),
        "side": _texts(labels.sides),
        "goods": _texts(labels.goods),
        "market": _texts(labels.markets),
        "agency": _texts(labels.agencies),
        "receiver": _texts(tally.BRIBES),
        "status": _texts(measures.STATUS),
        "investigated": _texts(("never", "ever")),
        "paying": _texts(("no", "yes")),
        "route_sector": ("route", _texts(labels.route_sector)),
        "route_channel": ("route", _texts(labels.route_channel)),
        "sector_label": ("sector", _texts([one.label for one in scenario.sectors.values()])),
        "size_label": ("size", _texts([one.label for one in scenario.traders.sizes.values()])),
        "side_label": ("side", _texts([scenario.sides.inner.label, scenario.sides.outer.label])),
        "goods_label": ("goods", _texts([one.label for one in goods])),
        "goods_direction": ("goods", _texts([one.direction for one in goods])),
        "goods_sanctioned": ("goods", np.array([one.sanctioned for one in goods])),
        "market_label": ("market", _texts([one.label for one in scenario.markets.values()])),
        "agency_label": ("agency", _texts([one.label for one in agencies])),
        "agency_role": ("agency", _texts(ROLES)),
        "agency_side": (
            "agency",
            _texts([inner if role in _INNER_ROLES else outer for role in ROLES]),
        ),
    }


def _texts(names: Any) -> NDArray[np.str_]:
    return np.array(list(names), dtype=np.str_)
