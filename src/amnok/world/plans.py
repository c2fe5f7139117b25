"""Plans of agencies: effort over the routes of a sector, and cameras, by the deterrence game.

What each type of trader (a size, and the ways open to it) gains by each route, and what effort
there takes away, are the scenario's own numbers (`trips`), as shares of the goods' worth,
which is how traders weigh routes. They are what a sender and the guard gain together: guards take
part of it, but the way that is best at the least they take is the one that is gone. An agency sees
the other at an even spread. It plans anew for each month, as orders come and go; cameras are placed
once. `stackelberg` plans against traders who take the best way, `quantal` against traders with
reasons of their own, as large as the scenario's `traders.choice_noise`.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from amnok.allocation.deterrence import DeterrenceGame, DeterrencePlan
from amnok.compiling import allocating_kernel, step
from amnok.mechanisms.cameras import Cameras
from amnok.mechanisms.form import PlanMethod
from amnok.mechanisms.roles import CHANNELS, PATROL, ROLES, SECURITY
from amnok.mechanisms.self_inspection import cheapest_check
from amnok.scenario.model import Scenario
from amnok.scenario.where import posts
from amnok.world import places
from amnok.world.chances import (
    camera_probability,
    forfeit_probability,
    held_probability,
    mean_patrol_probability,
    mean_search_probability,
    mean_search_slope,
    patrol_slope,
)
from amnok.world.consignment import (
    guard_price,
    is_deal,
    item_check_cost,
    items_carried,
    least_fee,
    punishment,
    spot_check,
    terms,
    transport_ratio,
    value_before_fees,
)
from amnok.world.places import AIR, CUSTOMS
from amnok.world.rates import Records, rates
from amnok.world.trips import (
    Cargo,
    Situation,
    cargo_of,
    check_cost,
    mean_fine,
    mean_toll,
    risk_of,
    search_cost,
    stake_beyond,
    trouble_cost,
)

Floats = NDArray[np.float64]

PLANNED = get_args(PlanMethod)
POLICE_PLAN, PATROL_PLAN, CAMERA_PLAN = 0, 1, 2
_PLANNERS = (SECURITY, PATROL)
_LIMITED = {number: way.access for number, way in enumerate(CHANNELS.values()) if way.access}


def effort_plans(scenario: Scenario, days: Records, routes: Records) -> Floats:
    """Effort by each plan of security police and patrols, [plan, route, 2], mean 1 in each sector.

    A plan is made for each calendar month and its mean day; `days.plan` is set to the one in force,
    the same in all zones.
    Months with the same mean day, such as all before the first order, share a plan.
    """
    means = _mean_days(days)
    result = np.ones((len(means), len(routes), len(_PLANNERS)))
    planning = [
        (_PLANNERS.index(ROLES.index(one.agency.role)), one.agency.allocation, one.serves)
        for one in posts(scenario)
        if one.agency.allocation in PLANNED
    ]
    for planner, allocation, serves in planning:
        table = _Table(scenario, routes, planner, allocation)
        for plan, day in enumerate(means):
            for here, found in itertools.compress(
                zip(table.places, table.solved(day), strict=True), serves
            ):
                left = len(found.effort) - float(found.effort.sum())
                result[plan, here, planner] = found.effort + max(0.0, left) / len(found.effort)
    return result


def place_cameras(scenario: Scenario, days: Records, routes: Records) -> None:
    """Move the cameras of each sector to where its plan for the period's mean day has them.

    The shares add up as before, and no route has more than 1.
    """
    section = scenario.section(Cameras)
    allocation = section.allocation if section is not None else "fixed"
    if allocation not in PLANNED:
        return
    table = _Table(scenario, routes, CAMERA_PLAN, allocation)
    plans = table.solved(_mean_day(days[scenario.period.spin_up :]))
    for here, plan in zip(table.places, plans, strict=True):
        for kind in ("fixed_cameras", "rotating_cameras"):
            total = float(routes[kind][here].sum())
            routes[kind][here] = np.minimum(1.0, total * plan.effort)


def sector_games(
    scenario: Scenario, routes: Records, day: Records, planner: int, allocation: str
) -> list[DeterrenceGame]:
    """The game of each sector on a day.

    Args:
        scenario: a validated scenario.
        routes: its routes, as the world has them.
        day: one of its days, [1, zone].
        planner: POLICE_PLAN, PATROL_PLAN or CAMERA_PLAN.
        allocation: `stackelberg` or `quantal`.
    """
    return _Table(scenario, routes, planner, allocation).games(day)


def _mean_day(days: Records) -> Records:
    """A day on which every agency works as hard as it does on average, [1, zone]."""
    day = days[:1].copy()
    for name in ("intensity", "camera_level"):
        day[name] = days[name].mean(axis=0)
    return day


def _mean_days(days: Records) -> list[Records]:
    """The mean day of each month, those that are alike once; sets `days.plan`."""
    starts = np.flatnonzero(days["month_start"][:, 0])
    bounds = np.unique(np.concatenate([[0], starts, [len(days)]]))
    found: dict[bytes, tuple[int, Records]] = {}
    for first, last in itertools.pairwise(bounds):
        day = _mean_day(days[first:last])
        alike = day["intensity"].tobytes() + day["camera_level"].tobytes()
        days["plan"][first:last] = found.setdefault(alike, (len(found), day))[0]
    return [day for _, day in found.values()]


class _Table:
    """What is the same on all days: who trades, in what, by which routes, and who plans."""

    def __init__(self, scenario: Scenario, routes: Records, planner: int, allocation: str) -> None:
        sectors = places.sectors(scenario)
        self.places = [slice(int(one.first_route), int(one.last_route)) for one in sectors]
        self._zones = sectors["zone"]
        self._routes = [routes[here] for here in self.places]
        self._planner = planner
        self._noise = scenario.traders.choice_noise.number if allocation == "quantal" else 0.0
        self._numbers = (rates(scenario), places.sizes(scenario), places.goods(scenario))
        sizes = scenario.traders.sizes.values()
        self._protected = np.array([one.protection_access.number for one in sizes])
        self._stage = float(self._numbers[0].river.base_stage[0])
        self._mix = [goods_mix(scenario, sector) for sector in range(len(sectors))]
        self._types = [_types(scenario, ways.channel) for ways in self._routes]

    def solved(self, day: Records) -> list[DeterrencePlan]:
        """The plan of each sector for a day."""
        return [game.solve() for game in self.games(day)]

    def games(self, day: Records) -> list[DeterrenceGame]:
        """The game of each sector on a day."""
        return [self._game(sector, day) for sector in range(len(self.places))]

    def _game(self, sector: int, day: Records) -> DeterrenceGame:
        routes, (weights, barred) = self._routes[sector], self._types[sector]
        resources, limits = float(len(routes)), np.full(len(routes), np.inf)
        if self._planner == CAMERA_PLAN:
            routes = routes.copy()
            for kind in ("fixed_cameras", "rotating_cameras"):
                total = float(routes[kind].sum())
                # What a route would have if it had all of them; on the way there, a chord.
                routes[kind] = min(1.0, total)
                limits = np.minimum(limits, 1.0 / max(1.0, total))
            resources = 1.0
        gains, losses, most = _stakes(
            *self._numbers,
            day[:, self._zones[sector]],
            self._protected,
            self._stage,
            routes,
            self._mix[sector],
            self._planner,
        )
        sizes = len(gains)
        gains = np.repeat(gains, len(barred), axis=0)
        gains[np.tile(barred, (sizes, 1))] = -np.inf
        losses = np.repeat(losses, len(barred), axis=0)
        most = np.minimum(np.minimum(most, limits), resources)
        return DeterrenceGame(gains, losses, weights.ravel(), most, resources, self._noise)


def _types(scenario: Scenario, channels: NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
    """Worth of what each size ships by the ways open to it, [size, access], and the routes that
    are barred, [access, route]; access is to none, customs, sea, both, and so again with the air
    where there are ways by air."""
    limited = [one for one in _LIMITED if one != AIR or AIR in channels]
    cases = [case[::-1] for case in itertools.product((False, True), repeat=len(limited))]
    rows = []
    for size in scenario.traders.sizes.values():
        row = [size.share_inner.number * size.shipping_rate.number * size.items.number] * len(cases)
        for number, channel in enumerate(limited):
            chance = getattr(size, _LIMITED[channel]).number
            row = [
                sent * (chance if case[number] else 1 - chance)
                for sent, case in zip(row, cases, strict=True)
            ]
        rows.append(row)
    barred = [np.isin(channels, np.array(limited)[~np.array(case)]) for case in cases]
    return np.array(rows), np.array(barred)


def goods_mix(scenario: Scenario, sector: int) -> Floats:
    """Share of each kind of goods in what traders of a size send in a sector, [size, goods]."""
    place = list(scenario.sectors)[sector]
    kinds = list(scenario.goods.values())
    inward = np.array([kind.direction == "import" for kind in kinds])
    result = np.zeros((len(scenario.traders.sizes), len(kinds)))
    for row, (name, size) in enumerate(scenario.traders.sizes.items()):
        weight = places.goods_weights(scenario, place, name)
        share = size.import_share.number
        for direction, part in ((inward, share), (~inward, 1.0 - share)):
            total = float(weight[direction].sum())
            if total > 0.0:
                result[row, direction] = part * weight[direction] / total
    totals = result.sum(axis=1, keepdims=True)
    np.divide(result, totals, out=result, where=totals > 0.0)
    return result


@allocating_kernel
def _stakes(
    all_rates: Records,
    sizes: Records,
    goods: Records,
    days: Records,
    protected: Floats,
    stage: float,
    routes: Records,
    mix: Floats,
    planner: int,
) -> tuple[Floats, Floats, Floats]:
    """Gains without effort and losses by each unit of it, [size, route], as shares of the goods'
    worth; and the effort at which every consignment is met, [route]."""
    rates, day = all_rates[0], days[0]
    gains, losses = np.zeros((len(sizes), len(routes))), np.zeros((len(sizes), len(routes)))
    most = np.full(len(routes), np.inf)
    for r in range(len(routes)):
        way = routes[r]
        met = _chances(rates, way, day, planner)
        if met.slope > 0.0:
            most[r] = 1.0 / met.slope
        for k in range(len(sizes)):
            held = held_probability(rates, sizes[k], protected[k], day.aim[k])
            for g in range(len(goods)):
                worth = items_carried(sizes[k].items, way.bulk) * goods[g].value
                if mix[k, g] > 0.0 and worth > 0.0:
                    at = Situation(rates, way, sizes[k], goods[g], day)
                    gain, passes, unit = _stake_of(at, held, stage, met)
                    gains[k, r] += mix[k, g] * gain / worth
                    losses[k, r] += mix[k, g] * passes * unit * met.slope / worth
    return gains, losses, most


class _Chances(NamedTuple):
    """Whom one meets on a way, at an even spread of effort.

    planner: POLICE_PLAN, PATROL_PLAN or CAMERA_PLAN; searches: chance of a search, without cameras
    where they are planned; slope: what a unit of the planner's effort adds; by_police, by_patrols:
    chances that do not follow the plan.
    """

    planner: int
    searches: float
    slope: float
    by_police: float
    by_patrols: float


@step
def _chances(rates: Records, way: Records, day: Records, planner: int) -> _Chances:
    """Whom one meets on a way, what the planner does told apart from what comes of the others."""
    camera = camera_probability(rates, way, day)
    seen = 0.0 if planner == CAMERA_PLAN else camera
    searches = mean_search_probability(rates, way, day, 1.0, seen)
    if planner == POLICE_PLAN:
        slope = mean_search_slope(rates, way, day, seen)
    elif planner == PATROL_PLAN:
        slope = patrol_slope(rates, way, day)
    else:
        slope = mean_search_probability(rates, way, day, 1.0, camera) - searches
    by_police = 0.0 if planner == POLICE_PLAN else searches
    by_patrols = 0.0 if planner == PATROL_PLAN else mean_patrol_probability(rates, way, day, 1.0)
    return _Chances(planner, searches, slope, by_police, by_patrols)


@step
def _stake_of(
    at: Situation, held: float, stage: float, met: _Chances
) -> tuple[float, float, float]:
    """What a consignment gains by a way without the planner's effort, its chance to pass all
    others, and what it loses if the planner meets it; money.

    held: chance that whom a patrol meets is not let go.
    """
    cargo = _usual_cargo(at, stage)
    lost, fine = held * forfeit_probability(at.rates), mean_fine(at, cargo, held)
    checked = _usual_check(at, cargo, met.searches)
    risk = risk_of(at, cargo.items, checked, met.by_police, met.by_patrols * lost)
    at_customs = at.way.channel == CUSTOMS
    if met.planner == PATROL_PLAN:
        unit = stake_beyond(at, cargo) * lost + (0.0 if at_customs else fine)
    else:
        unit = search_cost(at, cargo, risk)
    fines = fine if at_customs else met.by_patrols * fine
    trouble = trouble_cost(at, cargo, risk) + fines + mean_toll(at, cargo, risk)
    value = value_before_fees(cargo.own, cargo.transport, check_cost(at, cargo, risk), trouble)
    asked = terms(at.rates, at.way)
    guard_risk = guard_price(at.rates, at.day, met.searches * risk.found, 1.0)
    least = least_fee(asked, cargo.worth, guard_risk)
    gain = value - least if is_deal(asked, value, least) else 0.0
    return gain, risk.passes, unit


@step
def _usual_cargo(at: Situation, stage: float) -> Cargo:
    """What a consignment carries at usual prices, while no river is frozen."""
    items = items_carried(at.size.items, at.way.bulk)
    worth = items * at.goods.value
    ratio = transport_ratio(at.rates, at.way, stage, False)
    return cargo_of(at, items, worth, worth * (at.goods.markup - 1.0), ratio)


@step
def _usual_check(at: Situation, cargo: Cargo, searches: float) -> float:
    """Items that are checked. It does not follow the plan: traders see an even spread."""
    checked, _ = cheapest_check(
        cargo.items,
        spot_check(at.rates),
        at.goods.log_checked,
        at.goods.log_unchecked,
        searches * punishment(at.rates, at.day),
        item_check_cost(at.rates, at.goods),
    )
    return checked
