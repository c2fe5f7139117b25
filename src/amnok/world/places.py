"""Routes, sectors, markets, goods and sizes as records; routes lie in order of their sectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amnok.mechanisms import roles
from amnok.mechanisms.boats import Boats
from amnok.mechanisms.carriers import Carriers
from amnok.mechanisms.customs import Customs
from amnok.mechanisms.security_police import SecurityPolice
from amnok.mechanisms.self_inspection import SelfInspection, log_clean
from amnok.mechanisms.state_firms import StateFirms
from amnok.mechanisms.tolls import MOST_TAKERS, Taker, Tolls
from amnok.scenario.model import Scenario
from amnok.scenario.places import Goods, RouteKind, TraderSize
from amnok.scenario.politics import Closure
from amnok.scenario.where import zones
from amnok.world.rates import Records, fill, numbers_type, parameter_names, records

RIVER, CUSTOMS, SEA, LAND, AIR = roles.RIVER, roles.CUSTOMS, roles.SEA, roles.LAND, roles.AIR
CHANNELS = tuple(roles.CHANNELS)
INNER, OUTER = roles.INNER, roles.OUTER

_INT = np.int64
_ROUTE = [
    ("sector", _INT),
    ("channel", _INT),
    ("kind", _INT),
    ("guarded", np.bool_),  # whether it is where guards stand, if there are any
    ("alike", np.float64),
    ("rivals", _INT),
    # Share of days on which it is, to exports and to imports; drawn for each day.
    ("open", np.float64, (2,)),
    ("by_boat", np.bool_),
    ("carrying", np.float64),  # what hired carriers take for a kilogram
    ("detour", np.float64),  # cost of leading through other sectors, as a share of worth
    # Those who tax passage, [bank, taker]: chance to meet them, what they take of the worth; and
    # what they all take on average, [bank].
    ("toll_chance", np.float64, (2, MOST_TAKERS)),
    ("toll_share", np.float64, (2, MOST_TAKERS)),
    ("mean_toll", np.float64, (2,)),
    *numbers_type(RouteKind).descr,
]
_SECTOR = [
    ("market", _INT),
    ("first_route", _INT),
    ("last_route", _INT),
    ("zone", _INT),  # where its days are, see `days.days`
]
_GOODS = [
    ("is_import", np.bool_),
    ("is_sanctioned", np.bool_),
    ("log_clean", np.float64),  # log of the chance that an item carries no leak, unchecked
    # Log of the chance that a search finds none in it:
    ("log_checked", np.float64),
    ("log_unchecked", np.float64),
    *numbers_type(Goods).descr,
]


def route_names(scenario: Scenario) -> list[str]:
    """Names of all routes, sector by sector."""
    return [name for sector in scenario.sectors.values() for name in sector.routes]


def routes(scenario: Scenario) -> Records:
    """Routes, [route]: sector, channel, kind, how many of the sector are alike, and of the same
    channel (`rivals`), the share of days on which they are open, what guards, weather and
    carriers have to do with them, and the numbers of their kind.

    The camera shares are those of the kind times the sector's own factor, at most 1.
    """
    owners = [
        (index, sector.cameras.number, scenario.route_kinds[kind])
        for index, sector in enumerate(scenario.sectors.values())
        for kind in sector.routes.values()
    ]
    result = records(len(owners), _ROUTE)
    fill(result, [kind for _, _, kind in owners], parameter_names(RouteKind))
    result["sector"] = [index for index, _, _ in owners]
    result["channel"] = [CHANNELS.index(kind.channel) for _, _, kind in owners]
    result["guarded"] = [kind.channel in roles.GUARDED for _, _, kind in owners]
    kinds = list(scenario.route_kinds)
    result["kind"] = [
        kinds.index(kind) for sector in scenario.sectors.values() for kind in sector.routes.values()
    ]
    result["alike"] = [
        float(list(sector.routes.values()).count(kind))
        for sector in scenario.sectors.values()
        for kind in sector.routes.values()
    ]
    for row in result:
        same = (result["sector"] == row.sector) & (result["channel"] == row.channel)
        row.rivals = np.count_nonzero(same)
    office = scenario.section(Customs)
    open_share = office.open_share.number if office is not None else 1.0
    result["open"] = np.where(result["channel"] == CUSTOMS, open_share, 1.0)[:, None]
    result["flood_stage"][np.isin(result["channel"], (LAND, AIR))] = np.inf  # no water there
    result["by_boat"], result["carrying"] = _by_boat(scenario), _carrying(scenario)
    _set_tolls(scenario, result)
    factor = np.array([cameras for _, cameras, _ in owners])
    for field in ("fixed_cameras", "rotating_cameras"):
        result[field] = np.minimum(result[field] * factor, 1.0)
    return result


def _ways(scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Of each route the sectors that it leads through, its own first; its kind and channel."""
    tolls = scenario.section(Tolls)
    transit = tolls.transit if tolls is not None else {}
    for sector, part in scenario.sectors.items():
        for name, kind in part.routes.items():
            others = transit[name].through if name in transit else ()
            yield (sector, *others), kind, scenario.route_kinds[kind].channel


def _by_boat(scenario: Scenario) -> list[bool]:
    """Whether each route is by boat, [route]."""
    boats = scenario.section(Boats)
    return [
        boats is not None and channel in ("river", "sea") and boats.carry(sector, kind)
        for (sector, *_), kind, channel in _ways(scenario)
    ]


def _set_tolls(scenario: Scenario, routes: Records) -> None:
    """Fill in who taxes passage on each route, and what leading through other sectors costs."""
    tolls = scenario.section(Tolls)
    if tolls is None:
        return
    names = route_names(scenario)
    for route, (passed, _, channel) in enumerate(_ways(scenario)):
        if names[route] in tolls.transit:
            routes["detour"][route] = tolls.transit[names[route]].cost.number
        for bank, side in enumerate(("inner", "outer")):
            held = takers_on(tolls.takers.values(), side, passed, channel)
            for n, (taker, sector) in enumerate(held):
                routes["toll_chance"][route, bank, n] = taker.presence.number
                routes["toll_share"][route, bank, n] = taker.rate_in(sector)
    routes["mean_toll"] = (routes["toll_chance"] * routes["toll_share"]).sum(axis=2)


def takers_on(
    takers: Iterable[Taker], bank: str, passed: Iterable[str], channel: str
) -> list[tuple[Taker, str]]:
    """Who takes a toll on a bank of a way through such sectors, each with the sector where."""
    there = [one for one in takers if one.bank == bank]
    return [(one, sector) for sector in passed for one in there if one.holds(sector, channel)]


def _carrying(scenario: Scenario) -> list[float]:
    """What hired carriers take for a kilogram on each route, [route]."""
    carriers = scenario.section(Carriers)
    return [
        carriers.fee_in(sector) if carriers is not None and channel in roles.GUARDED else 0.0
        for (sector, *_), _, channel in _ways(scenario)
    ]


def has_air(scenario: Scenario) -> bool:
    """Whether anything can cross by air."""
    return any(kind.channel == "air" for kind in scenario.route_kinds.values())


def shut(scenario: Scenario, closure: Closure) -> NDArray[np.bool_]:
    """Which routes a closure is of, [route]."""
    return np.array(
        [
            any(closure.shuts(sector, kind, channel) for sector in passed)
            for passed, kind, channel in _ways(scenario)
        ]
    )


def has_kind(scenario: Scenario) -> NDArray[np.bool_]:
    """Whether a sector has a route of a kind, [sector, kind]."""
    sectors = scenario.sectors.values()
    return np.array(
        [[kind in sector.routes.values() for kind in scenario.route_kinds] for sector in sectors]
    )


def sectors(scenario: Scenario) -> Records:
    """Sectors, [sector]: their market, routes first_route <= r < last_route, and zone of days."""
    names = list(scenario.markets)
    counts = np.array([len(sector.routes) for sector in scenario.sectors.values()])
    result = records(len(counts), _SECTOR)
    result["market"] = [names.index(sector.market) for sector in scenario.sectors.values()]
    result["last_route"] = np.cumsum(counts)
    result["first_route"] = result["last_route"] - counts
    zone = {name: number for number, here in enumerate(zones(scenario)) for name in here}
    result["zone"] = [zone[name] for name in scenario.sectors]
    return result


def over_sectors(values: NDArray[Any], sectors: Records, axis: int = 1) -> NDArray[np.float64]:
    """The mean over all sectors of values that are told by zone, along an axis."""
    numbers = np.bincount(sectors["zone"], minlength=values.shape[axis])
    result: NDArray[np.float64] = np.tensordot(values, numbers / len(sectors), (axis, 0))
    return result


def border_shares(scenario: Scenario) -> NDArray[np.float64]:
    """Share of a market's usual quantity that crosses the border, [side, goods, market]."""
    kinds = scenario.goods.values()
    sides = ("border_share_inner", "border_share_outer")
    shares = np.array([[getattr(kind, side).number for kind in kinds] for side in sides])
    openness = np.array([market.openness.number for market in scenario.markets.values()])
    result: NDArray[np.float64] = np.minimum(1.0, shares[:, :, None] * openness)
    return result


def feeds(scenario: Scenario) -> NDArray[np.float64]:
    """Which inner markets feel what crosses at another: where exports come from, and where imports
    travel on to.

    Share of what goes out, and of what comes in, at `there` that is bought, or ends up, at
    `market`: [direction, market, there], exports first; the diagonal is what belongs to the place.
    """
    names = list(scenario.markets)
    result = np.zeros((2, len(names), len(names)))
    for market, one in enumerate(scenario.markets.values()):
        for way, shares in enumerate((one.feeds, one.fed_by)):
            for there, share in shares.items():
                result[way, market, names.index(there)] = share.number
    for way in range(2):
        np.fill_diagonal(result[way], 1.0 - result[way].sum(axis=0))
    return result


def goods(scenario: Scenario) -> Records:
    """Goods, [goods]: direction, sanctions, and the numbers of the scenario."""
    kinds = list(scenario.goods.values())
    result = records(len(kinds), _GOODS)
    fill(result, kinds, parameter_names(Goods))
    result["is_import"] = [kind.direction == "import" for kind in kinds]
    result["is_sanctioned"] = [kind.sanctioned for kind in kinds]
    checks = scenario.section(SelfInspection)
    effectiveness = checks.effectiveness.number if checks is not None else 0.0
    police = scenario.section(SecurityPolice)
    found = police.find_rate.number if police is not None else 0.0
    for row, kind in enumerate(kinds):
        leaks = kind.leak_rate.number
        result["log_clean"][row] = log_clean(leaks, effectiveness)[1]
        logs = log_clean(leaks * found, effectiveness)
        result["log_checked"][row], result["log_unchecked"][row] = logs
    return result


def sizes(scenario: Scenario) -> Records:
    """Sizes of traders, [size]: the numbers of the scenario, and `permits`."""
    kinds = list(scenario.traders.sizes.values())
    result = records(len(kinds), [*numbers_type(TraderSize).descr, ("permit", np.float64)])
    fill(result, kinds, parameter_names(TraderSize))
    result["permit"] = permits(scenario)
    return result


def permits(scenario: Scenario) -> list[float]:
    """Share of those who may go through customs that act for a firm with a permit, [size]; it is of
    use only where there are customs."""
    firms = scenario.section(StateFirms) if scenario.has("customs") else None
    held = firms.permits if firms is not None else {}
    return [held[name].number if name in held else 0.0 for name in scenario.traders.sizes]


def goods_weights(scenario: Scenario, sector: str, size: str) -> NDArray[np.float64]:
    """Weight of each kind of goods for a size of traders in a sector, 0 for what they do not deal
    in, [goods]."""

    def deals(kind: Goods) -> bool:
        is_here = kind.sectors == "all" or sector in kind.sectors
        return is_here and (kind.sizes == "all" or size in kind.sizes)

    kinds = scenario.goods.values()
    return np.array([kind.weight.number if deals(kind) else 0.0 for kind in kinds])
