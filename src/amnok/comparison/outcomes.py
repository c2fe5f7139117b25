"""Outcomes: what a policy is judged by, each summed over a stretch of days, with its unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from amnok.observe.visible import reports
from amnok.scenario import Scenario

HELD = ("detained", "imprisoned")


def outcomes(dataset: xr.Dataset, scenario: Scenario, days: slice) -> xr.Dataset:
    """The outcomes of one replicate.

    Args:
        dataset: both ledgers of one replicate.
        scenario: what was simulated.
        days: which days count, as positions within the period.

    Returns:
        One variable for each outcome, without replicate and day, with the attributes `units` and
        `long_name`. Sizes are of the inner-side sender for what crosses, of the person stopped for
        arrests and days of detention.
    """
    data = dataset.isel(replicate=0, day=days, drop=True)
    money = str(dataset.attrs["currency"])
    flow = data[["crossings", "items_crossed", "value_crossed", "sanctioned_value"]].sum("day")
    by_channel = flow.groupby("route_channel").sum().rename(route_channel="channel")
    people = data["people"].sel(status=list(HELD)).sum(["day", "sector", "status"])
    arrests = _by_side(data["arrests"].sum(["day", "sector"]), scenario)
    found: dict[str, tuple[xr.DataArray, str, str]] = {
        "crossings": (by_channel["crossings"], "consignments", "Consignments that crossed"),
        "items_crossed": (by_channel["items_crossed"], "items", "Items that crossed"),
        "value_crossed": (by_channel["value_crossed"], money, "Worth of what crossed"),
        "sanctioned_value": (
            by_channel["sanctioned_value"],
            money,
            "Worth of what crossed under sanctions",
        ),
        "arrests": (arrests, "persons", "Arrests"),
        "detention": (people, "person-days", "Days in detention or prison"),
        "questionings": (
            data["questionings"].sum(["day", "sector", "agency"]),
            "persons",
            "Brought in for questioning",
        ),
        "bribes": (data["bribes"].sum(["day", "sector", "size"]), money, "Bribes kept"),
        "checking_hours": (
            data["checking_hours"].sum(["day", "route"]),
            "hours",
            "Time that senders spent checking",
        ),
        "leaks_through": (data["leaks_through"].sum(), "leaks", "Leaks that crossed"),
        "guards_removed": (data["guards_removed"].sum(), "persons", "Guards who lost their post"),
        "price": (
            data["price"].sel(side=scenario.sides.inner.key, drop=True).mean("day"),
            money,
            "Mean price of an item on the inner bank",
        ),
        "official_arrests": (
            _by_side(data["official_arrests"].sum(["day", "sector"]), scenario).sum("size"),
            "persons",
            "Arrests as agencies write them down",
        ),
        "reports": (_reports(dataset, days), "reports", "Source reports published, by their event"),
    }
    value = by_channel["value_crossed"].sum("channel")
    found["burden"] = (
        burden(people, value),
        "ratio",
        "Share of days in detention over share of value",
    )
    found["concentration"] = (
        concentration(people, value, _order(scenario)),
        "index",
        "Concentration of detention along value, small to large; below 0: on the small",
    )
    return xr.Dataset(
        {
            name: array.drop_vars([c for c in array.coords if c not in array.dims])
            .astype(np.float64)
            .assign_attrs(units=unit, long_name=text)
            for name, (array, unit, text) in found.items()
        }
    )


def _by_side(arrests: xr.DataArray, scenario: Scenario) -> xr.DataArray:
    """Counts [agency, size] as counts [side, size]."""
    sides = [scenario.sides.inner.key, scenario.sides.outer.key]
    of = arrests["agency_side"].to_numpy()
    parts = [arrests.isel(agency=np.flatnonzero(of == side)).sum("agency") for side in sides]
    joined: xr.DataArray = xr.concat(parts, pd.Index(sides, name="side"))
    return joined


def _reports(dataset: xr.Dataset, days: slice) -> xr.DataArray:
    """Reports about what happened on the days, whenever they came out."""
    dates = dataset["day"].to_numpy()[days]
    events = reports(dataset)["event_day"].to_numpy()
    return xr.DataArray(int(np.isin(events, dates).sum()))


def burden(detention: xr.DataArray, value: xr.DataArray) -> xr.DataArray:
    """Share of the days in detention that a size bears, over its share of value, [side, size].

    NaN where nobody is detained, or nothing crosses.
    """
    days, worth = detention.sum("size"), value.sum("size")
    share = detention / days.where(days > 0)
    return share / (value / worth.where(worth > 0)).where(value > 0)


def concentration(detention: xr.DataArray, value: xr.DataArray, order: list[str]) -> xr.DataArray:
    """Concentration index of detention along value, [side]: twice the area above the curve.

    The curve joins the cumulated shares of value (x) and of days in detention (y), sizes from the
    smallest to the largest. 0 if everyone bears what they move; towards -1 if the small bear it,
    towards 1 if the large do.

    Source: Wagstaff, Paci & van Doorslaer 1991.
    """
    y = detention.sel(size=order).cumsum("size")
    x = value.sel(size=order).cumsum("size")
    y = y / y.isel(size=-1).where(y.isel(size=-1) > 0)
    x = x / x.isel(size=-1).where(x.isel(size=-1) > 0)
    steps = x.diff("size", label="upper")
    means = (y + y.shift(size=1)) / 2
    first = x.isel(size=0) * y.isel(size=0) / 2
    area = (steps * means.isel(size=slice(1, None))).sum("size", skipna=False) + first
    return 1 - 2 * area


def _order(scenario: Scenario) -> list[str]:
    sizes = scenario.traders.sizes
    return sorted(sizes, key=lambda name: sizes[name].items.number)
