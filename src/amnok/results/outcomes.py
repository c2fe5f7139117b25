"""Outcomes: what a policy is judged by, each summed over a stretch of days, with its unit.

They are taken from the books of a replicate as plain arrays, which is fast enough for sweeps of
many thousand runs; `labelled` gives them names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok import counts
from amnok.draws import Key
from amnok.engine import Outcome
from amnok.mechanisms.official import Official
from amnok.mechanisms.reporting import Reporting
from amnok.mechanisms.roles import ROLES
from amnok.results.ratios import ratio
from amnok.results.truth import INNER_ROLES, booked
from amnok.results.visible import official_counts, published
from amnok.scenario import Scenario
from amnok.scenario.presence import VARIABLES, Needs, places, there
from amnok.variables import ARREST, KEPT_BRIBES, MONEY
from amnok.world.places import CHANNELS, INNER

Arrays = Mapping[str, NDArray[np.float64]]


class Kind(NamedTuple):
    """Dimensions of an outcome, its unit ("money": the scenario's currency), what it is."""

    dims: tuple[str, ...]
    unit: str
    text: str


OUTCOMES: dict[str, Kind] = {
    "crossings": Kind(("channel", "size"), "consignments", "Consignments that crossed"),
    "items_crossed": Kind(("channel", "size"), "items", "Items that crossed"),
    "value_crossed": Kind(("channel", "size"), MONEY, "Worth of what crossed"),
    "sanctioned_value": Kind(("channel", "size"), MONEY, "Worth of what crossed under sanctions"),
    "arrests": Kind(("side", "size"), "persons", "Arrests"),
    "detention": Kind(("side", "size"), "person-days", "Days in detention or prison"),
    "questionings": Kind(("size",), "persons", "Brought in for questioning"),
    "bribes": Kind(("receiver",), MONEY, "Bribes kept"),
    "checking_hours": Kind(("size",), "hours", "Time that senders spent checking"),
    "leaks_through": Kind((), "leaks", "Leaks that crossed"),
    "guards_removed": Kind((), "persons", "Guards who lost their post"),
    "price": Kind(("goods", "market"), MONEY, "Mean price of an item on the inner bank"),
    "burden": Kind(("side", "size"), "ratio", "Share of days in detention over share of value"),
    "concentration": Kind(
        ("side",), "index", "Concentration of detention along value; below 0: on the small"
    ),
    "official_arrests": Kind(("side",), "persons", "Arrests as agencies write them down"),
    "reports": Kind((), "reports", "Source reports published, by their event"),
}


SIGNED = ("index",)  # units of quantities that may lie below zero

_NEEDS: Mapping[str, Needs] = {
    "arrests": (ARREST,),
    "detention": (ARREST,),
    "questionings": VARIABLES["questionings"],
    "bribes": VARIABLES["bribes"],
    "checking_hours": VARIABLES["checking_hours"],
    "guards_removed": VARIABLES["guards_removed"],
    "burden": (ARREST,),
    "concentration": (ARREST,),
    "official_arrests": VARIABLES["official_arrests"],
    "reports": ("reporting",),
}


def kinds(scenario: Scenario) -> dict[str, Kind]:
    """The outcomes that a border has, in their order: those of OUTCOMES that it can have."""
    return {name: kind for name, kind in OUTCOMES.items() if there(scenario, _NEEDS, name)}


def outcomes(outcome: Outcome, scenario: Scenario, key: Key, days: slice) -> Arrays:
    """The outcomes of one replicate.

    Args:
        outcome: the replicate as it ended.
        scenario: what was simulated.
        key: the replicate's key, with which official counts and reports are drawn.
        days: which days count, as positions within the period.

    Returns:
        An array for each of `kinds`, with its dimensions. Sizes are of the inner-side sender for
        what crosses, of the person stopped for arrests and days of detention.
    """
    return totals(_booked(outcome, scenario, key, lambda table: _sum(table[days])), scenario)


def daily(outcome: Outcome, scenario: Scenario, key: Key) -> Arrays:
    """What outcomes are made from, day by day, [*daily_dims].

    Args and sizes: as for `outcomes`.
    """
    return _booked(outcome, scenario, key, lambda table: table)


def daily_dims(name: str) -> tuple[str, ...]:
    """Dimensions of a daily count: its outcome's, with the sector where the books have one."""
    return ("day", *(() if name in _MEANS else ("sector",)), *OUTCOMES[name].dims)


def totals(found: Arrays, scenario: Scenario) -> Arrays:
    """The outcomes of some days.

    Args:
        found: from `daily`, of the days that count.
        scenario: what was simulated.
    """
    summed = {
        name: table.mean(axis=0, dtype=np.float64)
        if name in _MEANS
        else table.sum(axis=(0, 1), dtype=np.float64)
        for name, table in found.items()
    }
    if "detention" in summed:
        detention, value = summed["detention"], summed["value_crossed"].sum(axis=0)
        summed["burden"] = burden(detention, value)
        summed["concentration"] = concentration(detention, value, by_size(scenario))
    return {name: summed[name] for name in kinds(scenario)}


_MEANS = ("price",)  # means over days; other counts are added up
_DERIVED = ("burden", "concentration")  # made from sums of others


def is_additive(name: str) -> bool:
    """Whether an outcome may be summed over its dimensions."""
    return name not in (*_MEANS, *_DERIVED)


def _sum(table: NDArray[np.float64]) -> NDArray[np.float64]:
    summed: NDArray[np.float64] = table.sum(axis=0, keepdims=True)
    return summed


def _booked(
    outcome: Outcome,
    scenario: Scenario,
    key: Key,
    of: Callable[[NDArray[Any]], NDArray[Any]],
) -> Arrays:
    """Counts of days, [day, *daily_dims]; `of` takes the days of a table, or their sum."""
    books, n_days = outcome.books, len(outcome.books.flow)
    routes, n_sectors = outcome.world.routes, len(outcome.world.sectors)
    at = routes["sector"], routes["channel"]

    def by_channel(name: str) -> NDArray[np.float64]:
        flow = of(books.flow[name])  # [day, route, size]
        sums = np.zeros((len(flow), n_sectors, len(CHANNELS), flow.shape[-1]))
        for route, (sector, channel) in enumerate(zip(*at, strict=True)):
            sums[:, sector, channel] += flow[:, route]
        return sums

    stopped = {name: of(books.events[name]) for name in ("arrests", "questionings")}
    receivers = places(scenario, "receiver", list(counts.beside(KEPT_BRIBES)))
    bribes = of(booked(books, KEPT_BRIBES))  # [day, sector, ..., receiver]
    prices = books.prices["price"][:, INNER]
    found = {
        "crossings": by_channel("crossings"),
        "items_crossed": by_channel("items_crossed"),
        "value_crossed": by_channel("value_crossed"),
        "sanctioned_value": by_channel("sanctioned_value"),
        "arrests": _by_side(stopped["arrests"]),
        "detention": of(books.people["detained"]) + of(books.people["imprisoned"]),
        "questionings": stopped["questionings"].sum(axis=2),
        "bribes": bribes.sum(axis=tuple(range(2, bribes.ndim - 1)))[..., receivers],
        "checking_hours": by_channel("checking_hours").sum(axis=2),
        "leaks_through": by_channel("leaks_through").sum(axis=(2, 3)),
        "guards_removed": of(books.sector["guards_removed"]),
        "price": of(prices) / _summed_days(of, n_days),
    }
    official, reporting = scenario.section(Official), scenario.section(Reporting)
    if official is not None:
        written = official_counts(books.events, official, key)[0].astype(np.float64)
        found["official_arrests"] = _by_side(of(written)).sum(axis=-1)
    if reporting is not None:
        told = published(books.tips[: books.tip_count[0]], reporting, key)
        inside = told[(told[:, 0] >= 0) & (told[:, 0] < n_days)]
        printed = np.zeros((n_days, n_sectors))
        np.add.at(printed, (inside[:, 0], inside[:, 2]), 1)
        found["reports"] = of(printed)
    known = kinds(scenario)
    return {name: table for name, table in found.items() if name in known}


def _summed_days(of: Callable[[NDArray[Any]], NDArray[Any]], n_days: int) -> float:
    """How many days each place along the day holds."""
    return float(of(np.ones((n_days, 1)))[0, 0])


def _by_side(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Counts [day, sector, role, size] as counts [day, sector, side, size]."""
    inner = np.array([role in INNER_ROLES for role in ROLES])
    return np.stack([counts[:, :, inner].sum(axis=2), counts[:, :, ~inner].sum(axis=2)], axis=2)


def burden(detention: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the days in detention that a size bears, over its share of value.

    Args:
        detention: days, [side, size].
        value: what each size moves, [size].

    Returns:
        Ratios, [side, size]; NaN where nobody is detained, or nothing crosses.

    >>> burden(np.array([[9.0, 1.0]]), np.array([1.0, 3.0])).round(2)
    array([[3.6 , 0.13]])
    """
    days = detention.sum(axis=-1, keepdims=True)
    of_value = value / value.sum() if value.sum() > 0 else np.zeros(len(value))
    return ratio(ratio(detention, days), of_value)


def concentration(
    detention: NDArray[np.float64], value: NDArray[np.float64], order: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Concentration index of detention along value: one less twice the area under the curve.

    The curve joins the cumulated shares of value (x) and of days in detention (y), sizes in their
    order. 0 if everyone bears what they move; towards -1 if the small bear it, towards 1 if the
    large do.

    Args:
        detention: days, [side, size].
        value: what each size moves, [size].
        order: sizes from the smallest to the largest.

    Returns:
        The index, [side]; NaN where nobody is detained, or nothing crosses.

    Source: Wagstaff, Paci & van Doorslaer 1991.
    """
    x = np.concatenate([[0.0], np.cumsum(value[order])])
    y = np.cumsum(detention[:, order], axis=1)
    y = np.concatenate([np.zeros((len(y), 1)), y], axis=1)
    area = (np.diff(x) * (y[:, 1:] + y[:, :-1]) / 2).sum(axis=1)
    whole = x[-1] * y[:, -1]
    index: NDArray[np.float64] = 1.0 - 2.0 * ratio(area, whole)
    return index


def by_size(scenario: Scenario) -> NDArray[np.intp]:
    """Sizes from the smallest to the largest consignment, [size]."""
    return np.argsort(
        [size.items.number for size in scenario.traders.sizes.values()], kind="stable"
    )


def names(scenario: Scenario) -> dict[str, list[str]]:
    """Labels along every dimension that outcomes have."""
    receivers = list(counts.beside(KEPT_BRIBES))
    return {
        "channel": list(CHANNELS),
        "size": list(scenario.traders.sizes),
        "side": [scenario.sides.inner.key, scenario.sides.outer.key],
        "receiver": [receivers[place] for place in places(scenario, "receiver", receivers)],
        "goods": list(scenario.goods),
        "market": list(scenario.markets),
    }


def labelled(arrays: Arrays, scenario: Scenario, lead: tuple[str, ...] = ()) -> xr.Dataset:
    """Outcomes with names, units and descriptions; `lead` are dimensions before their own."""
    coordinates, chosen = names(scenario), kinds(scenario)
    return xr.Dataset(
        {
            name: (
                (*lead, *kind.dims),
                arrays[name],
                {
                    "units": scenario.currency if kind.unit == MONEY else kind.unit,
                    "long_name": kind.text,
                },
            )
            for name, kind in chosen.items()
        },
        coords={dim: coordinates[dim] for kind in chosen.values() for dim in kind.dims},
    )
