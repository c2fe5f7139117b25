"""The same border written in another way: what a reader would call the same must come out alike."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import yaml

from amnok.scenario import Scenario, load_text, resolved


def rewritten(scenario: Scenario, *changes: Callable[[Any], None]) -> Scenario:
    """The scenario with changes made to its file, as nested dictionaries, in turn."""
    data = yaml.safe_load(resolved(scenario))
    # What reports and pages say names goods, sectors and sizes, and changes nothing that happens.
    for name in ("patterns", "stories", "words"):
        data[name] = {}
    for report in data["reports"].values():
        report.pop("sectors", None)
    for claim in data["claims"].values():
        claim["patterns"] = []
        for name in ("sectors", "says"):
            claim.pop(name, None)
    for change in changes:
        change(data)
    return load_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), "rewritten")


def of_halves(name: str) -> list[str]:
    """What the two halves of a sector or route are called."""
    return [f"{name}-west", f"{name}-east"]


def people_times(factor: float) -> Callable[[Any], None]:
    """So many times as many traders on either bank."""

    def change(data: Any) -> None:
        for side in ("inner", "outer"):
            data["traders"][side]["value"] *= factor

    return change


def sectors_split(data: Any) -> None:
    """Each sector is split into two equal halves, each with its own routes of the same kinds."""
    parts = {}
    for name, sector in data["sectors"].items():
        for half in of_halves(name):
            part = yaml.safe_load(yaml.safe_dump(sector))
            for side in ("inner", "outer"):
                part[f"weight_{side}"]["value"] /= 2.0
            part["label"] = half
            part["routes"] = {half + "_" + route: kind for route, kind in sector["routes"].items()}
            parts[half] = part
    data["sectors"] = parts
    places = [*data["goods"].values(), *data.get("river", {}).get("events", {}).values()]
    places += data.get("oversight", {}).get("inspections", {}).values()
    for one in places:
        if one.get("sectors", "all") != "all":
            one["sectors"] = [half for name in one["sectors"] for half in of_halves(name)]


def kind_doubled(kind: str) -> Callable[[Any], None]:
    """Every route of a kind is there twice."""

    def change(data: Any) -> None:
        for sector in data["sectors"].values():
            sector["routes"] = {
                new: own
                for route, own in sector["routes"].items()
                for new in (of_halves(route) if own == kind else [route])
            }

    return change


def each_size_twice(data: Any) -> None:
    """A finer list of sizes: each is there twice, with half the traders."""
    sizes = {}
    for name, size in data["traders"]["sizes"].items():
        for half in of_halves(name):
            sizes[half] = copy.deepcopy(size)
            sizes[half]["label"] = half
            for side in ("inner", "outer"):
                sizes[half][f"share_{side}"]["value"] /= 2.0
    data["traders"]["sizes"] = sizes
    for campaign in data["targeting"]["campaigns"].values():
        aims = campaign["sizes"].items()
        campaign["sizes"] = {
            half: copy.deepcopy(aim) for name, aim in aims for half in of_halves(name)
        }


def lists_turned(*names: str) -> Callable[[Any], None]:
    """Lists of the file in the opposite order; a name may be a path."""

    def change(data: Any) -> None:
        for name in names:
            *path, last = name.split(".")
            part = data
            for step in path:
                part = part[step]
            part[last] = dict(reversed(part[last].items()))

    return change


def renamed(data: Any) -> None:
    """Markets, sectors, routes and kinds of goods have other names."""

    def new(name: str) -> str:
        return f"x-{name}"

    for market in data["markets"].values():
        for key in ("fed_by", "feeds"):
            market[key] = {new(name): share for name, share in market.get(key, {}).items()}
    data["markets"] = {new(name): market for name, market in data["markets"].items()}
    for sector in data["sectors"].values():
        sector["market"] = new(sector["market"])
        sector["routes"] = {new(name): kind for name, kind in sector["routes"].items()}
    data["sectors"] = {new(name): sector for name, sector in data["sectors"].items()}
    for one in [*data["goods"].values(), *data["river"]["events"].values()]:
        if one.get("sectors", "all") != "all":
            one["sectors"] = [new(name) for name in one["sectors"]]
    data["goods"] = {new(name): goods for name, goods in data["goods"].items()}


def money_times(factor: float) -> Callable[[Any], None]:
    """All sums of money in a unit that is worth so much less."""

    def change(data: Any) -> None:
        currency = data["currency"]

        def walk(part: Any) -> None:
            if isinstance(part, dict):
                if str(part.get("unit", "")).startswith(currency):
                    part["value"] *= factor
                    kind, (middle, *rest) = next(iter(part["prior"].items()))
                    assert kind == "lognormal"
                    part["prior"] = {kind: [middle * factor, *rest]}
                else:
                    for one in part.values():
                        walk(one)

        walk(data)

    return change


def years_later(years: int) -> Callable[[Any], None]:
    """Everything that has a date happens so many years later."""

    def later(value: Any) -> Any:
        if isinstance(value, dt.date):
            return value.replace(year=value.year + years)
        if isinstance(value, dict):
            return {name: later(one) for name, one in value.items()}
        return [later(one) for one in value] if isinstance(value, list) else value

    def change(data: Any) -> None:
        for name, part in data.items():
            if name not in ("reports", "claims", "references"):
                data[name] = later(part)

    return change
