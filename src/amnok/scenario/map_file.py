"""A border's own map: a small GeoJSON file of outlines and sectors, checked, rounded, kept as text.

Maps are of outlines and of sectors only. What would be finer is refused or rounded to a hundredth
of a degree, some kilometre: a map shows no crossing point.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, TypeAlias

from amnok.errors import Fault, ScenarioError
from amnok.scenario.data import Data, inside, unknown_name
from amnok.scenario.document import describe
from amnok.scenario.text_file import text_of

MOST_BYTES = 200_000
_MOST_POINTS, _MOST_TOLD, _LONGEST = 20_000, 20, 80
_DIGITS = 2  # of a degree
_SIDES = ("inner", "outer")
# Types of geometry, and how deep their positions lie.
_DEPTHS = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_RINGS = ("Polygon", "MultiPolygon")
Feature: TypeAlias = Mapping[str, Any]
Point: TypeAlias = tuple[float, float]


def read(file: Path, label: str) -> str:
    """The map that a file holds, as the text that a scenario keeps.

    Args:
        file: GeoJSON.
        label: what messages call it.

    Raises:
        ScenarioError: with what is wrong in it, and where.
    """
    text = text_of(file, label)
    size = len(text.encode())
    if size > MOST_BYTES:
        problem = f"has {size:,} bytes, at most {MOST_BYTES:,} are taken"
        raise ScenarioError(Fault(problem, "simplify the outlines", file=label))
    return kept(text, label)


def kept(text: str, label: str) -> str:
    """A map as a scenario keeps it: no more than is drawn, on one line."""
    try:
        data = json.loads(text, parse_constant=lambda name: name)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        fix = "write GeoJSON, as any map program exports it"
        raise ScenarioError(Fault("is not JSON", fix, file=label, line=line)) from None
    faults = list(islice(_faults(data), _MOST_TOLD))
    if faults:
        told = (Fault(one.problem, one.fix, one.path, label) for one in faults)
        raise ScenarioError(list(told))
    features = [_drawn(one) for one in data["features"]]
    whole = {"type": "FeatureCollection", "features": features}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False)


def features(text: str) -> list[dict[str, Any]]:
    """What a kept map shows."""
    found: list[dict[str, Any]] = json.loads(text)["features"]
    return found


def places(text: str) -> dict[str, list[Point]]:
    """Where sectors lie on a kept map: a place on the inner bank and one on the outer."""
    found: dict[str, dict[str, Point]] = {}
    for one in features(text):
        name, side = one["properties"].get("sector"), one["properties"].get("side", "")
        if name is not None:
            found.setdefault(name, {})[side] = _middle(one["geometry"])
    return {
        name: [sides.get(side) or next(iter(sides.values())) for side in _SIDES]
        for name, sides in found.items()
    }


def sectors_are_on_it(data: Data) -> Iterator[Fault]:
    """A map shows the sectors that there are, and all of them."""
    text = data.get("map")
    if not isinstance(text, str) or not text:
        return
    try:
        shown = places(text)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        yield Fault("is not a map", "name a GeoJSON file beside this one", "map")
        return
    for name in shown:
        yield from unknown_name(name, inside(data, "sectors"), "sector on the map", "map")
    for name in inside(data, "sectors"):
        if name not in shown:
            fix = f'add a point or an area with properties: {{"sector": "{name}"}}'
            yield Fault(f"does not show the sector '{name}'", fix, "map")


def _faults(data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        yield Fault("is not a FeatureCollection", "export all features as one collection", "type")
    elif not isinstance(data.get("features"), list) or not data["features"]:
        yield Fault("there are no features", "draw outlines and sectors", "features")
    else:
        total, seen = 0, set[tuple[str, str]]()
        for number, one in enumerate(data["features"]):
            path = f"features[{number}]"
            found = list(_of_feature(one, path))
            yield from found
            if not found:
                yield from _twice(one, path, seen)
            total += 0 if found else sum(1 for _ in _positions(one["geometry"]))
        if total > _MOST_POINTS:
            problem = f"has {total:,} points, at most {_MOST_POINTS:,} are drawn"
            yield Fault(problem, "simplify the outlines", "features")


def _twice(one: Feature, path: str, seen: set[tuple[str, str]]) -> Iterator[Fault]:
    """A sector has one place, or one on each bank."""
    about = one.get("properties") or {}
    sector, side = about.get("sector"), about.get("side") or ""
    if sector is None:
        return
    if (sector, side) in seen:
        fix = "keep one, or one with side inner and one with side outer"
        yield Fault(f"shows the sector '{sector}' once more", fix, f"{path}.properties.sector")
    seen.add((sector, side))


def _of_feature(one: Any, path: str) -> Iterator[Fault]:
    shape = one.get("geometry") if isinstance(one, dict) else None
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(shape, dict) or not isinstance(kind, str) or kind not in _DEPTHS:
        fix = f"one of: {', '.join(_DEPTHS)}"
        yield Fault(f"no geometry of a type that is drawn: {describe(kind)}", fix, path)
        return
    about = one.get("properties") or {}
    if not isinstance(about, dict):
        yield Fault(f"is {describe(about)}", "a mapping", f"{path}.properties")
        return
    side = about.get("side")
    if side is not None and side not in _SIDES:
        yield Fault(f"no side {describe(side)}", "inner or outer", f"{path}.properties.side")
    sector = about.get("sector")
    if sector is not None and not isinstance(sector, str):
        yield Fault(f"is {describe(sector)}", "a sector's name", f"{path}.properties.sector")
    if sector is not None and "Line" in kind:
        yield Fault("a sector is a point or an area", "close the line", f"{path}.geometry.type")
    if sector is None and kind == "Point":
        fix = "maps show sectors and outlines, no other points"
        yield Fault("is a point that names no sector", fix, f"{path}.properties")
    where = f"{path}.geometry.coordinates"
    yield from _of_coordinates(shape.get("coordinates"), _DEPTHS[kind], kind in _RINGS, where)


def _of_coordinates(value: Any, depth: int, is_ring: bool, path: str) -> Iterator[Fault]:
    if not isinstance(value, list) or not value:
        yield Fault("expected a list of positions", "[longitude, latitude]", path)
    elif depth == 0:
        limits = (180.0, 90.0)
        is_place = len(value) >= 2 and all(
            isinstance(one, int | float) and not isinstance(one, bool) and abs(one) <= most
            for one, most in zip(value, limits, strict=False)
        )
        if not is_place:
            fix = "[longitude, latitude] in degrees, -180 to 180 and -90 to 90"
            yield Fault("is not a place on the earth", fix, path)
    elif depth == 1 and len(value) < (4 if is_ring else 2):
        fix = "a ring has four positions at least, a line two"
        yield Fault(f"has {len(value)} positions", fix, path)
    else:
        for number, part in enumerate(value):
            yield from _of_coordinates(part, depth - 1, is_ring, f"{path}[{number}]")


def _positions(shape: Feature) -> Iterator[list[float]]:
    """All positions of a sound geometry."""
    parts = [shape["coordinates"]]
    for _ in range(_DEPTHS[shape["type"]]):
        parts = [one for part in parts for one in part]
    yield from parts


def _drawn(one: Feature) -> dict[str, Any]:
    """A feature with what is drawn of it, rounded, its rings as the projection wants them."""
    shape, about = one["geometry"], one.get("properties") or {}
    told = {key: about[key] for key in ("sector", "side") if about.get(key) is not None}
    if isinstance(about.get("name"), str):
        told["name"] = about["name"][:_LONGEST]
    if about.get("border") is True:
        told["border"] = True
    rounded = _rounded(shape["coordinates"], _DEPTHS[shape["type"]], shape["type"] in _RINGS)
    return {
        "type": "Feature",
        "properties": told,
        "geometry": {"type": shape["type"], "coordinates": rounded},
    }


def _rounded(value: Any, depth: int, is_ring: bool, place: int = 0) -> Any:
    if depth == 0:
        return [round(one, _DIGITS) for one in value[:2]]
    parts = [_rounded(one, depth - 1, is_ring, number) for number, one in enumerate(value)]
    # Outer rings run clockwise, holes the other way: else the rest of the globe is filled.
    if depth == 1 and is_ring and (_area(parts) > 0) == (place == 0):
        parts.reverse()
    return parts


def _area(ring: list[list[float]]) -> float:
    """The area within a ring in square degrees, above 0 if it runs against the clock."""
    closed = [*ring, ring[0]]
    return 0.5 * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))


def _middle(shape: Feature) -> Point:
    """The middle of an area, or the point."""
    points = list(_positions(shape))
    xs, ys = ([point[axis] for point in points] for axis in (0, 1))
    return (min(xs) + max(xs)) / 2.0, (min(ys) + max(ys)) / 2.0
