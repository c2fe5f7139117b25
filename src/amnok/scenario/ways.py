"""Whether what is said of ways fits those that there are: boats, carriers, closures, tolls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from amnok.errors import Fault
from amnok.mechanisms.tolls import MOST_TAKERS
from amnok.scenario.data import (
    Data,
    entries,
    inside,
    listed,
    routes_of,
    unknown_name,
    unknown_names,
)


def boats_and_carriers_are_somewhere(data: Data) -> Iterator[Fault]:
    """Ways by boat and fees of carriers name sectors and kinds of route that there are."""
    boats, fees = inside(data, "boats"), inside(data, "carriers", "fees")
    there, kinds = inside(data, "sectors"), inside(data, "route_kinds")
    yield from unknown_names(boats.get("sectors"), there, "sector", "boats.sectors")
    yield from unknown_names(boats.get("kinds"), kinds, "route kind", "boats.kinds")
    for name in fees:
        yield from unknown_name(name, there, "sector", f"carriers.fees.{name}")


def closures_shut_something(data: Data) -> Iterator[Fault]:
    """A closure is of channels and kinds of route that there are, and of at least one route."""
    kinds, channels = inside(data, "route_kinds"), _channels(data)
    ways = [(sector, kind, way) for _, passed, kind, way in _passed(data) for sector in passed]
    for name, closure in entries(data, "closures"):
        path = f"closures.{name}"
        asked = [closure.get(key) for key in ("sectors", "kinds", "channels")]
        unknown = [
            *unknown_names(asked[2], channels, "channel", f"{path}.channels"),
            *unknown_names(asked[1], kinds, "route kind", f"{path}.kinds"),
        ]
        yield from unknown
        if ways and not unknown and not any(all(map(_is_of, asked, way)) for way in ways):
            fix = "name other channels, kinds or sectors"
            yield Fault("there is no such way to shut", fix, path)


def goods_go_in_each_direction(data: Data) -> Iterator[Fault]:
    """What is dated and of one direction has goods that go in it."""
    there = [kind.get("direction") for _, kind in entries(data, "goods")]
    for path in ("changes", "closures", "calendar.halts"):
        for name, one in entries(data, *path.split(".")):
            direction = one.get("direction")
            if there and direction in ("export", "import") and direction not in there:
                fix = "leave it out, or name the other direction"
                problem = f"no goods have direction '{direction}'"
                yield Fault(problem, fix, f"{path}.{name}.direction")


def tolls_are_taken_somewhere(data: Data) -> Iterator[Fault]:
    """Who taxes passage holds a way, at rates for sectors that there are; few do on one way."""
    sectors, channels, ways = inside(data, "sectors"), _channels(data), list(_passed(data))
    on_way = Counter[tuple[str, str]]()
    for name, taker in entries(data, "tolls", "takers"):
        path = f"tolls.takers.{name}"
        yield from unknown_names(taker.get("channels"), channels, "channel", f"{path}.channels")
        asked, held = (taker.get("sectors"), taker.get("channels")), set[str]()
        for route, passed, _, channel in ways:
            for sector in passed:
                if all(map(_is_of, asked, (sector, channel))):
                    held.add(sector)
                    on_way[route, str(taker.get("bank"))] += 1
        if ways and not held:
            yield Fault("there is no such way to hold", "name other sectors or channels", path)
        for sector in inside(taker, "rates"):
            where = f"{path}.rates.{sector}"
            yield from unknown_name(sector, sectors, "sector", where)
            if held and sector in sectors and sector not in held:
                fix = f"leave it out, or let {name} hold ways there"
                yield Fault(f"'{name}' holds no way in '{sector}'", fix, where)
    for (route, bank), takers in on_way.items():
        if takers > MOST_TAKERS:
            problem = (
                f"{takers} take tolls on the {bank} bank of '{route}', more than {MOST_TAKERS}"
            )
            yield Fault(problem, "let fewer hold it, at higher rates", "tolls.takers")


def ways_lead_through_other_sectors(data: Data) -> Iterator[Fault]:
    """Transit is of a route that there is, through sectors that are not its own."""
    owner = {route: sector for sector, routes in routes_of(data) for route in routes}
    for route, way in entries(data, "tolls", "transit"):
        path = f"tolls.transit.{route}"
        yield from unknown_name(route, owner, "route", path)
        through = listed(way.get("through"))
        yield from unknown_names(through, inside(data, "sectors"), "sector", f"{path}.through")
        for place, sector in enumerate(through):
            if sector == owner.get(route) or sector in through[:place]:
                fix = "name each of the other sectors once"
                yield Fault(f"'{sector}' is passed anyhow", fix, f"{path}.through[{place}]")


def _channels(data: Data) -> dict[str, None]:
    """The channels of kinds of route."""
    return {str(kind.get("channel")): None for _, kind in entries(data, "route_kinds")}


def _passed(data: Data) -> Iterator[tuple[str, list[Any], Any, Any]]:
    """Each route, the sectors that it leads through, its own first, its kind and channel."""
    for sector, routes in routes_of(data):
        for route, kind in routes.items():
            through = listed(inside(data, "tolls", "transit", route).get("through"))
            channel = inside(data, "route_kinds", str(kind)).get("channel")
            yield route, [sector, *through], kind, channel


def _is_of(asked: Any, one: Any) -> bool:
    return not isinstance(asked, list | tuple) or one in asked


CHECKS: tuple[Callable[[Data], Iterator[Fault]], ...] = (
    boats_and_carriers_are_somewhere,
    closures_shut_something,
    goods_go_in_each_direction,
    tolls_are_taken_somewhere,
    ways_lead_through_other_sectors,
)
