"""What the consignments of a run earned on average, and what they could have earned.

Ways open to a sender are those of the channel that was taken and those over the river and over
land, which are open to all: who else may use bridges, the sea or the air is not in the books. So a
gain is at least what it is.

What a guard takes above his least follows from the lead of his way over the others. Senders have
reasons of their own for a way, so it is the mean lead of those who choose it (`mean_lead`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel, step
from amnok.mechanisms.guards import mean_lead
from amnok.vector_math import exp, log
from amnok.world.chances import (
    camera_probability,
    forfeit_probability,
    found_probability,
    held_probability,
    is_passable,
    mean_patrol_probability,
    mean_search_probability,
    mean_seizure_probability,
    open_share,
    other_loss_probability,
    passing_probability,
)
from amnok.world.consignment import (
    carrying_cost,
    checking_cost,
    find_belief_behind,
    guard_price,
    items_carried,
    least_fee,
    load_of,
    mean_fine,
    net_gain,
    own_margin,
    punishment,
    release_payment,
    spot_check,
    stake,
    terms,
    toll_cost,
    transport_ratio,
    trouble_cost,
    utility_scale,
    value_before_fees,
)
from amnok.world.places import CUSTOMS, INNER, OUTER
from amnok.world.rates import Records

Floats = NDArray[np.float64]

COLUMNS = ("consignments", "worth", "realised", "informed", "best")
_N_COLUMNS = len(COLUMNS)


@allocating_kernel
def weigh_days(
    all_rates: Records,
    sizes: Records,
    goods: Records,
    routes: Records,
    sectors: Records,
    days: Records,
    mix: Floats,
    attempts: Floats,
    effort: Floats,
    price: Floats,
    stage: Floats,
    frozen: Floats,
    usual_price: Floats,
    protected: Floats,
    checked: Floats,
) -> Floats:
    """Sums over the consignments of each day and size, [day, size, COLUMNS]. What is earned is
    expected over goods and chances. For the shapes see `KernelBorder` and `Behaviour` of
    `deviations`."""
    rates = all_rates[0]
    noise = rates.traders.choice_noise * rates.traders.route_dissimilarity  # within a channel
    sums = np.zeros((len(days), len(sizes), _N_COLUMNS))
    most = 0
    for sector in sectors:
        most = max(most, sector.last_route - sector.first_route)
    worth, as_done, at_best = np.empty(most), np.empty(most), np.empty(most)
    done, best_done, fees = np.empty(most), np.empty(most), np.empty(most)
    is_open = np.empty((2, most), dtype=np.bool_)  # with exports, with imports
    search, met = np.empty(most), np.empty(most)
    for t in range(len(days)):
        for s in range(len(sectors)):
            day = days[t, sectors[s].zone]
            at_stake = punishment(rates, day)
            first, count = sectors[s].first_route, sectors[s].last_route - sectors[s].first_route
            market = sectors[s].market
            ice = frozen[t, s] > 0.0
            for n in range(count):
                way = routes[first + n]
                seen = camera_probability(rates, way, day)
                search[n] = mean_search_probability(rates, way, day, effort[t, first + n, 0], seen)
                met[n] = mean_patrol_probability(rates, way, day, effort[t, first + n, 1])
                used = False
                for k in range(len(sizes)):
                    used = used or attempts[t, first + n, k] > 0.0
                dry = is_passable(way, stage[t, s], ice)
                # A way may be shut for the day, which only those who came there know.
                for direction in range(2):
                    share = open_share(rates, way, direction, ice)
                    free = way.channel != CUSTOMS and share >= 1.0
                    is_open[direction, n] = (used and share > 0.0) or (dry and free)
            for k in range(len(sizes)):
                sent = 0.0
                for n in range(count):
                    sent += attempts[t, first + n, k]
                if sent == 0.0:
                    continue
                held = held_probability(rates, sizes[k], protected[t, s, k], day.aim[k])
                for g in range(len(goods)):
                    share, kind = mix[t, s, k, g], goods[g]
                    if share == 0.0:
                        continue
                    origin = OUTER if kind.is_import else INNER
                    buy = price[t, origin, g, market]
                    gain = price[t, 1 - origin, g, market] - buy
                    per_item = rates.self_inspection.minute_cost * kind.minutes
                    for n in range(count):
                        way = routes[first + n]
                        items = items_carried(sizes[k].items, way.bulk)
                        worth[n] = items * buy
                        other = other_loss_probability(rates, way, sizes[k], kind, day)
                        transport = worth[n] * transport_ratio(rates, way, stage[t, s], ice)
                        transport += carrying_cost(rates, way, items * kind.kilograms)
                        own = own_margin(rates, items * gain)
                        release = release_payment(worth[n], sizes[k].release_payment)
                        few, at_risk = min(items, spot_check(rates)), search[n] * at_stake
                        fines = mean_fine(
                            rates,
                            way,
                            sizes[k],
                            kind,
                            day,
                            met[n] * held,
                            items,
                            worth[n],
                            own - transport,
                        )
                        look = checked[t, s, g]
                        mean, least = 0.0, np.inf
                        for looked_at, part in ((few, 1.0 - look), (items, look)):
                            cost = checking_cost(kind, items, looked_at, at_risk, per_item)
                            found = found_probability(kind, items, looked_at)
                            seizure = met[n] * held * forfeit_probability(rates)
                            taken = search[n] * mean_seizure_probability(rates, found)
                            lost = 1.0 - passing_probability(taken, seizure, other)
                            cost += toll_cost(way, kind, worth[n], lost)
                            cost += trouble_cost(
                                rates,
                                search[n],
                                found,
                                seizure,
                                other,
                                stake(worth[n], own),
                                release,
                            )
                            cost += fines
                            mean += part * cost
                            least = min(least, cost)
                        done[n] = value_before_fees(own, transport, mean, 0.0)
                        best_done[n] = value_before_fees(own, transport, least, 0.0)
                        belief = find_belief_behind(rates, day, usual_price[t, first + n])
                        risk = guard_price(rates, day, belief, load_of(rates, kind, items))
                        fees[n] = least_fee(terms(rates, way), worth[n], risk)
                    ways, there = routes[first : first + count], is_open[int(kind.is_import)]
                    after_fees(rates, noise, ways, there, worth, done, fees, as_done)
                    after_fees(rates, noise, ways, there, worth, best_done, fees, at_best)
                    for n in range(count):
                        number = share * attempts[t, first + n, k]
                        if number == 0.0:
                            continue
                        channel = ways[n].channel
                        informed, best = chosen(noise, ways, there, worth, at_best, channel)
                        sums[t, k, 0] += number
                        sums[t, k, 1] += number * worth[n]
                        sums[t, k, 2] += number * as_done[n]
                        sums[t, k, 3] += number * informed
                        sums[t, k, 4] += number * best
    return sums


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
