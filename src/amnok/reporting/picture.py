"""A run as the page draws it: charts, map and marks as plain data, for JSON.

Long lists of numbers are float32 in base64, `{"f32": ...}`: a fifth of the time and half of the
room that decimals take.
"""

from __future__ import annotations

import base64
import csv
import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.mechanisms.roles import CHANNELS
from amnok.reporting.charts import Chart, Line, band, charts, halts, orders
from amnok.results import reports
from amnok.results.ratios import ratio
from amnok.scenario import Scenario, map_file

_MAP = files("amnok.reporting") / "map"
_CREDIT = "Map: Natural Earth; towns: GeoNames."
_NEAR = 0.5  # degrees between the middle of a sector's towns and a river that is its border


def picture(weeks: xr.Dataset, scenario: Scenario, sector: str | None = None) -> dict[str, Any]:
    """Everything the page shows of a run; risk and reports are None where there are none.

    Args:
        weeks: from `weekly`, of one or more replicates.
        scenario: what was simulated; it says where sectors lie.
        sector: charts show this one; the whole border without it.
    """
    first = weeks["day"].to_numpy()[0]
    return {
        "title": str(weeks.attrs["title"]),
        "scenario": str(weeks.attrs["scenario"]),
        "seed": int(weeks.attrs["seed"]),
        "replicates": int(weeks.sizes["replicate"]),
        "version": str(weeks.attrs["amnok_version"]),
        "currency": str(weeks.attrs["currency"]),
        "first": str(first.astype("datetime64[D]")),
        "days": int(weeks.sizes["day"]),
        "weeks": int(weeks.sizes["week"]),
        "sector": sector,
        "charts": [_chart(one, first) for one in charts(weeks, sector)],
        "orders": [_order(one, first) for one in orders(weeks)],
        "halts": [{**one, "day": _day(one["start"], first)} for one in halts(weeks)],
        "reports": _reports(weeks, first, sector) if "report_kind" in weeks else None,
        "sectors": _sectors(scenario),
        "sides": [scenario.sides.inner.label, scenario.sides.outer.label],
        "channels": {name: way.text for name, way in CHANNELS.items()} | scenario.channels,
        "routes": [
            {"name": str(name), "sector": str(owner), "channel": str(channel)}
            for name, owner, channel in zip(
                weeks["route"].to_numpy(),
                weeks["route_sector"].to_numpy(),
                weeks["route_channel"].to_numpy(),
                strict=True,
            )
        ],
        "flow": _packed(weeks["flow"].mean("replicate").transpose("day", "route").to_numpy()),
        "risk": _packed(_risk(weeks)) if "losses" in weeks else None,
    }


def _chart(chart: Chart, first: np.datetime64) -> dict[str, Any]:
    return {
        "name": chart.name,
        "title": chart.title,
        "unit": chart.unit,
        "scale": chart.scale,
        "top": chart.top,
        "is_here": chart.is_here,
        "lines": [_line(line) for line in chart.lines],
        "dots": [
            {
                "label": dots.label,
                "colour": dots.colour,
                "days": [_day(date, first) for date in dots.dates],
                "values": _packed(dots.values),
            }
            for dots in chart.dots
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    mean, low, high = band(line.values, line.most)
    packed = {"mean": _packed(mean)}
    if len(line.values) > 1:
        packed |= {"low": _packed(low), "high": _packed(high)}
    return {"label": line.label, "colour": line.colour, "style": line.style, **packed}


def _order(order: dict[str, Any], first: np.datetime64) -> dict[str, Any]:
    end = _day(order["end"], first) if order["end"] else None
    return {**order, "day": _day(order["start"], first), "end_day": end}


def _reports(weeks: xr.Dataset, first: np.datetime64, sector: str | None) -> list[dict[str, Any]]:
    """What was published within the period, of the first replicate only: it is one history."""
    table = reports(weeks)
    table = table[table["replicate"] == weeks["replicate"].to_numpy()[0]]
    if sector is not None:
        table = table[table["sector"] == sector]
    published, events = (
        (table[f"{name}_day"].to_numpy() - first) // np.timedelta64(1, "D")
        for name in ("publication", "event")
    )
    rows = zip(published, events, table["sector"], table["kind"], table["sources"], strict=True)
    return [
        {"day": int(day), "event": int(event), "sector": where, "kind": kind, "sources": int(n)}
        for day, event, where, kind, n in rows
        if day < weeks.sizes["day"]
    ]


def _risk(weeks: xr.Dataset) -> NDArray[np.float64]:
    """Share of consignments lost, of those that set out, over all replicates, [week, route]."""
    attempts, losses = (
        weeks[name].sum(["replicate", "size"]).transpose("week", "route").to_numpy()
        for name in ("attempts", "losses")
    )
    return ratio(losses, attempts)


def _sectors(scenario: Scenario) -> list[dict[str, Any]]:
    """Sectors with their towns, and where these are known, their places [longitude, latitude].

    They are those of the scenario's own map, of its sectors, or of a border that the map that comes
    with Amnok shows whole.
    """
    own = map_file.places(scenario.map) if scenario.map else {}
    towns = places() if _is_on_map(scenario) else {}
    return [
        {
            "name": name,
            "label": sector.label,
            "towns": [sector.inner_town or sector.label, sector.outer_town or sector.label],
            "places": own.get(name)
            or [
                sector.inner_at or towns.get(sector.inner_town),
                sector.outer_at or towns.get(sector.outer_town),
            ],
        }
        for name, sector in scenario.sectors.items()
    ]


def _is_on_map(scenario: Scenario) -> bool:
    """Whether the map that comes with Amnok is that of this border."""
    names = [
        one for part in scenario.sectors.values() for one in (part.inner_town, part.outer_town)
    ]
    at = [one for part in scenario.sectors.values() for one in (part.inner_at, part.outer_at)]
    return not any(at) and set(names) <= places().keys()


@functools.cache
def places() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the towns on the map, by name."""
    rows = csv.DictReader((_MAP / "places.csv").read_text(encoding="utf-8").splitlines())
    return {row["name"]: (float(row["lon"]), float(row["lat"])) for row in rows}


def base_map(scenario: Scenario) -> dict[str, Any]:
    """Land and water as GeoJSON; `border` are the lines that are the border. Both are the
    scenario's own, or empty for a border that lies elsewhere: it is drawn as a line through its
    sectors. `credit` says whose they are; of a scenario's own map its author knows."""
    if scenario.map:
        return _own_map(scenario.map)
    if not _is_on_map(scenario):
        nothing = {"type": "FeatureCollection", "features": []}
        return {"land": nothing, "water": nothing, "credit": ""}
    land, rivers = (json.loads(_map_file(f"{name}.geojson")) for name in ("provinces", "rivers"))
    lines = [_points(river["geometry"]) for river in rivers["features"]]
    ours = set()
    for sector in _sectors(scenario):
        if all(sector["places"]):
            middle = np.mean(sector["places"], axis=0)
            apart = [float(np.hypot(*(line - middle).T).min()) for line in lines]
            if min(apart) < _NEAR:
                ours.add(rivers["features"][int(np.argmin(apart))]["properties"]["name"])
    for river in rivers["features"]:
        name = river["properties"]["name"]
        river["properties"] = {"name": name, "border": name in ours}
    return {"land": land, "water": rivers, "credit": _CREDIT}


def _own_map(text: str) -> dict[str, Any]:
    def of_type(word: str) -> dict[str, Any]:
        shown = [one for one in map_file.features(text) if word in one["geometry"]["type"]]
        return {"type": "FeatureCollection", "features": shown}

    return {"land": of_type("Polygon"), "water": of_type("Line"), "credit": ""}


@functools.cache
def _map_file(name: str) -> str:
    return (_MAP / name).read_text(encoding="utf-8")


def _points(geometry: dict[str, Any]) -> NDArray[np.float64]:
    """Longitude and latitude of all points of a line, [point, 2]."""
    lines = geometry["coordinates"]
    lines = [lines] if geometry["type"] == "LineString" else lines
    return np.array([point for line in lines for point in line])


def _day(date: Any, first: np.datetime64) -> int:
    """Days from the first day of the run."""
    return int((np.datetime64(date, "D") - first.astype("datetime64[D]")).astype(np.int64))


def _packed(values: NDArray[Any]) -> dict[str, str]:
    data = np.ascontiguousarray(values, dtype="<f4").tobytes()
    return {"f32": base64.b64encode(data).decode("ascii")}
