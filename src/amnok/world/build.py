"""From (scenario, seed, replicate) to arrays that kernels run on, and the names of their axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from amnok.draws import Key, replicate_key
from amnok.mechanisms.cameras import Cameras
from amnok.mechanisms.form import PlanMethod
from amnok.mechanisms.roles import INNER, OUTER, ROLES
from amnok.scenario.kept import once
from amnok.scenario.model import Scenario
from amnok.scenario.where import posts
from amnok.world import changes, days, people, places, rates
from amnok.world.rates import Records

if TYPE_CHECKING:
    import pandas as pd


class World(NamedTuple):
    """Everything a run only reads. Rows of `days`, `water` and `season` start with the spin-up.

    rates [1] (nested, see rates.py); sizes [size]; goods [goods]; routes [route]; sectors [sector];
    border_share [side, goods, market]; feeds [direction, market, there]; days [day, zone];
    water [day, sector]; season [day, goods] and best_season [day], the largest of them;
    blocks [block]; stretches [block, side, size + 1]; traits and shipping_rate [person], the inner
    side first; follow [sector, role]: how far an agency's effort follows its finds; plan
    [plan, route, 2]: effort of security police and patrols by each plan, 1 where there is none;
    inspected [day, side, sector]: whether officials there are inspected by date;
    traders [side, sector, size]: how many there are; offered [sector, size, goods]: items a month
    that senders would bring to a partner of that size; sources [place + 1]: those of a place, which
    is a sector's number twice plus the side, from one entry up to the next; hearing
    [side, sector, other, size] and lags [sector, other]: weight of what is told of another sector,
    and days that it is on the way; has_kind [sector, kind]: whether there is such a route;
    dealt [sector, size, goods]: share of the consignments of senders of that size.
    Records are described where they are made.
    """

    rates: Records
    sizes: Records
    goods: Records
    routes: Records
    sectors: Records
    border_share: NDArray[np.float64]
    feeds: NDArray[np.float64]
    days: Records
    water: Records
    season: NDArray[np.float64]
    best_season: NDArray[np.float64]
    blocks: Records
    stretches: NDArray[np.int64]
    traits: Records
    shipping_rate: NDArray[np.float32]
    follow: NDArray[np.float64]
    plan: NDArray[np.float64]
    inspected: NDArray[np.bool_]
    traders: NDArray[np.float64]
    offered: NDArray[np.float64]
    sources: NDArray[np.int64]
    hearing: NDArray[np.float64]
    lags: NDArray[np.int64]
    has_kind: NDArray[np.bool_]
    dealt: NDArray[np.float64]
    spin_up: int


@dataclass(frozen=True)
class Labels:
    """Names along the axes of the world, in the order of the scenario."""

    dates: pd.DatetimeIndex
    sectors: tuple[str, ...]
    routes: tuple[str, ...]
    route_sector: tuple[str, ...]
    route_channel: tuple[str, ...]
    goods: tuple[str, ...]
    markets: tuple[str, ...]
    sizes: tuple[str, ...]
    sides: tuple[str, str]
    agencies: tuple[str, ...]


def build(scenario: Scenario, seed: int, replicate: int = 0) -> tuple[World, Key]:
    """The world of one replicate and the key of its draws.

    Args:
        scenario: a validated scenario.
        seed: the run's seed, 0 to 2**64 - 1.
        replicate: the replicate's number, from 0; it changes people and rain, not places.
    """
    key = replicate_key(seed, replicate)
    traders, head_counts = people.people(scenario, key), people.head_counts(scenario)
    season = days.seasons(scenario)
    each_day, routes, plan = planned(scenario)
    numbers = rates.rates(scenario)
    turns = changes.turns(scenario)
    hearing, lags = people.hearing(scenario, head_counts)
    world = World(
        rates=numbers,
        sizes=places.sizes(scenario),
        goods=places.goods(scenario),
        routes=routes.copy() if turns else routes,  # all replicates have the same
        sectors=places.sectors(scenario),
        border_share=places.border_shares(scenario),
        feeds=places.feeds(scenario),
        days=each_day,
        water=days.water(scenario, key),
        season=season,
        best_season=season.max(axis=1, initial=0.0),
        blocks=traders.blocks,
        stretches=traders.stretches,
        traits=traders.traits,
        shipping_rate=traders.shipping_rate,
        follow=_follow(scenario),
        plan=plan,
        inspected=days.inspected(scenario),
        traders=head_counts,
        offered=people.offered(scenario, traders.traits, head_counts[OUTER]),
        sources=people.sources(head_counts, float(numbers.reporting.sources[0])),
        hearing=hearing,
        lags=lags,
        has_kind=places.has_kind(scenario),
        dealt=people.dealt(scenario, traders.traits, head_counts[INNER]),
        spin_up=scenario.period.spin_up,
    )
    for turn in turns[:1]:
        changes.take(world, turn)
    return world, key


def _follow(scenario: Scenario) -> NDArray[np.float64]:
    follow = np.zeros((len(scenario.sectors), len(ROLES)))
    for one in posts(scenario):
        agency = one.agency
        if agency.allocation == "follow_finds" and agency.follow is not None:
            follow[np.array(one.serves), ROLES.index(agency.role)] = agency.follow.number
    return follow


@once
def planned(scenario: Scenario) -> tuple[Records, Records, NDArray[np.float64]]:
    """The days, the routes with their cameras, and effort by each plan, as in `World`.

    They are the same in every replicate; nobody may write to what is returned.
    """
    each_day, routes = days.days(scenario), places.routes(scenario)
    if not _is_planned(scenario):
        return each_day, routes, np.ones((1, len(routes), 2))
    # Not at the top: few scenarios have plans, and all would wait for the solver to load.
    from amnok.world import plans

    plans.place_cameras(scenario, each_day, routes)
    return each_day, routes, plans.effort_plans(scenario, each_day, routes)


def _is_planned(scenario: Scenario) -> bool:
    allocations: set[str] = {agency.allocation for agency in scenario.agencies.values()}
    cameras = scenario.section(Cameras)
    if cameras is not None:
        allocations.add(cameras.allocation)
    return not allocations.isdisjoint(get_args(PlanMethod))


def labels(scenario: Scenario) -> Labels:
    """Names along the axes; agencies in the order of their roles."""
    import pandas as pd  # while a run is under way

    owners = [
        (sector, scenario.route_kinds[kind].channel)
        for sector, part in scenario.sectors.items()
        for kind in part.routes.values()
    ]
    return Labels(
        dates=pd.date_range(scenario.period.start, scenario.period.end, freq="D", name="day"),
        sectors=tuple(scenario.sectors),
        routes=tuple(places.route_names(scenario)),
        route_sector=tuple(sector for sector, _ in owners),
        route_channel=tuple(channel for _, channel in owners),
        goods=tuple(scenario.goods),
        markets=tuple(scenario.markets),
        sizes=tuple(scenario.traders.sizes),
        sides=(scenario.sides.inner.key, scenario.sides.outer.key),
        agencies=tuple(one.name for one in posts(scenario)),
    )
