"""What the consignments of a run earned on average, and what they could have earned.

Ways open to a sender are those of the channel that was taken and those over the river and over
land, which are open to all: who else may go through customs, by sea or by air is not in the books.
So a gain is at least what it is.

What a guard takes above his least follows from the lead of his way over the others. Senders have
reasons of their own for a way, so it is the mean lead of those who choose it (`mean_lead`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel, step
from amnok.mechanisms.guards import mean_lead
from amnok.mechanisms.roles import EXPORT, IMPORT, direction_of, origin
from amnok.vector_math import exp, log
from amnok.world.chances import (
    camera_probability,
    forfeit_probability,
    held_probability,
    is_passable,
    mean_patrol_probability,
    mean_search_probability,
    open_share,
)
from amnok.world.consignment import (
    find_belief_behind,
    guard_price,
    items_carried,
    least_fee,
    load_of,
    net_gain,
    spot_check,
    terms,
    transport_ratio,
    utility_scale,
    value_before_fees,
)
from amnok.world.places import CUSTOMS
from amnok.world.rates import Records
from amnok.world.trips import (
    Cargo,
    Situation,
    cargo_of,
    check_cost,
    mean_fine,
    mean_toll,
    risk_of,
    trouble_cost,
)

Floats = NDArray[np.float64]

COLUMNS = ("consignments", "worth", "realised", "informed", "best")


class KernelBorder(NamedTuple):
    """What a scenario says, as kernels see it; days [day, zone] are those of the period.

    mix [day, sector, size, goods]: shares of goods in what is sent.
    """

    rates: Records
    sizes: Records
    goods: Records
    routes: Records
    sectors: Records
    days: Records
    mix: Floats


class Behaviour(NamedTuple):
    """What one replicate did.

    attempts [day, route, size]; effort [day, route, 2]; price [day, side, goods, market]; stage
    and frozen [day, sector]; guard_price [day, route]; protected [day, sector, size], share of
    partners; checked [day, sector, goods], share of senders who look through everything.
    """

    attempts: Floats
    effort: Floats
    price: Floats
    stage: Floats
    frozen: Floats
    guard_price: Floats
    protected: Floats
    checked: Floats


class SectorWays(NamedTuple):
    """Working memory: the ways of a sector on a day, [way], with goods that are being weighed.

    is_open [direction, way]; search, met: chances to meet police and patrols; as_done, at_best:
    what the goods are worth before officials are paid, as they were checked and checked at best;
    earned, possible: the same once they are paid, who ask `fees` at least.
    """

    is_open: NDArray[np.bool_]
    search: Floats
    met: Floats
    worth: Floats
    as_done: Floats
    at_best: Floats
    fees: Floats
    earned: Floats
    possible: Floats


@allocating_kernel
def weigh_days(border: KernelBorder, behaviour: Behaviour) -> Floats:
    """Sums over the consignments of each day and size, [day, size, COLUMNS]. What is earned is
    expected over goods and chances."""
    sums = np.zeros((len(border.days), len(border.sizes), len(COLUMNS)))
    most = 0
    for sector in border.sectors:
        most = max(most, sector.last_route - sector.first_route)
    is_open, rows = np.empty((2, most), dtype=np.bool_), np.empty((8, most))
    ways = SectorWays(
        is_open, rows[0], rows[1], rows[2], rows[3], rows[4], rows[5], rows[6], rows[7]
    )
    for t in range(len(border.days)):
        for s in range(len(border.sectors)):
            look_at_ways(border, behaviour, ways, t, s)
            area = border.sectors[s]
            for k in range(len(border.sizes)):
                if behaviour.attempts[t, area.first_route : area.last_route, k].sum() > 0.0:
                    for g in range(len(border.goods)):
                        if border.mix[t, s, k, g] != 0.0:
                            weigh_ways(border, behaviour, ways, t, s, k, g)
                            add_up(border, behaviour, ways, t, s, k, g, sums)
    return sums


@step
def look_at_ways(
    border: KernelBorder, behaviour: Behaviour, ways: SectorWays, t: int, s: int
) -> None:
    """Which ways of a sector are open on a day, and whom one may meet there."""
    rates, area = border.rates[0], border.sectors[s]
    day, ice = border.days[t, area.zone], behaviour.frozen[t, s] > 0.0
    for n in range(area.last_route - area.first_route):
        way, effort = border.routes[area.first_route + n], behaviour.effort[t, area.first_route + n]
        seen = camera_probability(rates, way, day)
        ways.search[n] = mean_search_probability(rates, way, day, effort[0], seen)
        ways.met[n] = mean_patrol_probability(rates, way, day, effort[1])
        used = behaviour.attempts[t, area.first_route + n].sum() > 0.0
        dry = is_passable(way, behaviour.stage[t, s], ice)
        # A way may be shut for the day, which only those who came there know.
        for direction in (EXPORT, IMPORT):
            share = open_share(rates, way, direction, ice)
            free = way.channel != CUSTOMS and share >= 1.0
            ways.is_open[direction, n] = (used and share > 0.0) or (dry and free)


@step
def weigh_ways(
    border: KernelBorder, behaviour: Behaviour, ways: SectorWays, t: int, s: int, k: int, g: int
) -> None:
    """What goods are worth to senders of a size by each way of a sector, and what is asked."""
    rates, area = border.rates[0], border.sectors[s]
    size, kind, day = border.sizes[k], border.goods[g], border.days[t, area.zone]
    home = origin(kind)
    buy = behaviour.price[t, home, g, area.market]
    gain = behaviour.price[t, 1 - home, g, area.market] - buy
    stage, ice = behaviour.stage[t, s], behaviour.frozen[t, s] > 0.0
    held = held_probability(rates, size, behaviour.protected[t, s, k], day.aim[k])
    for n in range(area.last_route - area.first_route):
        way = border.routes[area.first_route + n]
        at, items = Situation(rates, way, size, kind, day), items_carried(size.items, way.bulk)
        ratio = transport_ratio(rates, way, stage, ice)
        cargo = cargo_of(at, items, items * buy, items * gain, ratio)
        caught = ways.met[n] * held
        fines, seizure = mean_fine(at, cargo, caught), caught * forfeit_probability(rates)
        few = min(items, spot_check(rates))
        spot = cost_of_risk(at, cargo, few, ways.search[n], seizure)
        full = cost_of_risk(at, cargo, items, ways.search[n], seizure)
        look = behaviour.checked[t, s, g]
        mean = (1.0 - look) * (spot + fines) + look * (full + fines)
        best = min(spot, full) + fines
        ways.worth[n] = cargo.worth
        ways.as_done[n] = value_before_fees(cargo.own, cargo.transport, mean, 0.0)
        ways.at_best[n] = value_before_fees(cargo.own, cargo.transport, best, 0.0)
        belief = find_belief_behind(rates, day, behaviour.guard_price[t, area.first_route + n])
        risk = guard_price(rates, day, belief, load_of(rates, kind, items))
        ways.fees[n] = least_fee(terms(rates, way), cargo.worth, risk)


@step
def cost_of_risk(
    at: Situation, cargo: Cargo, checked: float, search: float, seizure: float
) -> float:
    """What checking so many of the items costs, with what is then lost on average; no fines."""
    risk = risk_of(at, cargo.items, checked, search, seizure)
    cost = check_cost(at, cargo, risk) + mean_toll(at, cargo, risk)
    return cost + trouble_cost(at, cargo, risk)


@step
def add_up(
    border: KernelBorder,
    behaviour: Behaviour,
    ways: SectorWays,
    t: int,
    s: int,
    k: int,
    g: int,
    sums: Floats,
) -> None:
    """Add the consignments of a size with such goods, [day, size, COLUMNS], and what they earn."""
    rates, area = border.rates[0], border.sectors[s]
    noise = rates.traders.choice_noise * rates.traders.route_dissimilarity  # within a channel
    routes = border.routes[area.first_route : area.last_route]
    is_open = ways.is_open[direction_of(border.goods[g])]
    after_fees(rates, noise, routes, is_open, ways.worth, ways.as_done, ways.fees, ways.earned)
    after_fees(rates, noise, routes, is_open, ways.worth, ways.at_best, ways.fees, ways.possible)
    for n in range(len(routes)):
        number = border.mix[t, s, k, g] * behaviour.attempts[t, area.first_route + n, k]
        if number == 0.0 or not is_open[n]:
            continue
        number /= going(border, ways, t, s, k, n)
        channel = routes[n].channel
        informed, best = chosen(noise, routes, is_open, ways.worth, ways.possible, channel)
        sums[t, k, 0] += number
        sums[t, k, 1] += number * ways.worth[n]
        sums[t, k, 2] += number * ways.earned[n]
        sums[t, k, 3] += number * informed
        sums[t, k, 4] += number * best


@step
def going(border: KernelBorder, ways: SectorWays, t: int, s: int, k: int, n: int) -> float:
    """The part of what senders of a size deal in that can go a way: all that is not shut out by its
    direction."""
    if ways.is_open[EXPORT, n] and ways.is_open[IMPORT, n]:
        return 1.0
    part = 0.0
    for g in range(len(border.goods)):
        if ways.is_open[direction_of(border.goods[g]), n]:
            part += border.mix[t, s, k, g]
    return part


@step
def after_fees(
    rates: Records,
    noise: float,
    ways: Records,
    is_open: NDArray[np.bool_],
    worth: Floats,
    value: Floats,
    fees: Floats,
    net: Floats,
) -> None:
    """What is left of the `value` of each way once officials are paid, who ask `fees` at least.

    Fills `net`, [way]. Guards take their share of the lead over other ways where guards stand.
    """
    for n in range(len(ways)):
        asked = terms(rates, ways[n])
        top, rivals = -np.inf, 0.0
        for m in range(len(ways)):
            if m != n and is_open[m] and ways[m].guarded and value[m] >= fees[m]:
                utility = (value[m] - fees[m]) / utility_scale(noise, worth[m])
                rivals = rivals * exp(min(0.0, top - utility)) + exp(min(0.0, utility - top))
                top = max(top, utility)
        scale = utility_scale(noise, worth[n])
        gain = (value[n] - fees[n]) / scale
        log_odds = gain - (top + log(rivals)) if rivals > 0.0 else np.inf
        net[n] = net_gain(asked, value[n], fees[n], scale * mean_lead(log_odds, max(0.0, gain)))


@step
def chosen(
    noise: float,
    ways: Records,
    is_open: NDArray[np.bool_],
    worth: Floats,
    net: Floats,
    channel: int,
) -> tuple[float, float]:
    """What senders of a channel earn on average who choose among its ways by `net` and reasons of
    their own, and what the best way open to them earns; at home it is nothing."""
    best, pull = 0.0, -np.inf
    for n in range(len(ways)):
        if is_open[n] and (ways[n].guarded or ways[n].channel == channel):
            best = max(best, net[n])
        if is_open[n] and ways[n].channel == channel:
            pull = max(pull, net[n] / utility_scale(noise, worth[n]))
    total, earned = 0.0, 0.0
    for n in range(len(ways)):
        if is_open[n] and ways[n].channel == channel:
            weight = exp(net[n] / utility_scale(noise, worth[n]) - pull)
            total += weight
            earned += weight * net[n]
    return earned / total, best
