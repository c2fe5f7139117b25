"""What the consignments of a run earned on average, and what they could have earned.

Ways open to a sender are those of the channel that was taken and the river's, which is open to all:
who else may use the bridges or the sea is not in the books. So a gain is at least what it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel
from amnok.rules.river import passable
from amnok.rules.search import leak_loss
from amnok.vector_math import exp
from amnok.world.days import SECURITY
from amnok.world.places import CUSTOMS, INNER, OUTER, RIVER
from amnok.world.rates import Records
from amnok.world.stakes import (
    camera_sees,
    cost_ratio,
    held_when_met,
    intercepted,
    items_of,
    leak_cost,
    lost_otherwise,
    payoff,
    searched,
)

Floats = NDArray[np.float64]

COLUMNS = ("consignments", "worth", "realised", "informed", "best")
_N_COLUMNS = len(COLUMNS)
_LEAST_SCALE = 1e-9


@allocating_kernel
def weigh_days(
    all_rates: Records,
    sizes: Records,
    goods: Records,
    routes: Records,
    sectors: Records,
    days: Records,
    attempts: Floats,
    effort: Floats,
    price: Floats,
    stage: Floats,
    frozen: Floats,
    guard_price: Floats,
    protected: Floats,
    checked: Floats,
    mix: Floats,
) -> Floats:
    """Sums over the consignments of each day and size, [day, size, COLUMNS]; see
    `exploit.Behaviour` for the shapes. What is earned is expected, as goods and chances have it."""
    rates = all_rates[0]
    police, noise = rates.security_police, rates.traders.choice_noise
    spot_check = int(-(rates.self_inspection.spot_check // -1.0))
    sums = np.zeros((len(days), len(sizes), _N_COLUMNS))
    most = 0
    for sector in sectors:
        most = max(most, sector.last_route - sector.first_route)
    worth, as_done, at_best = np.empty(most), np.empty(most), np.empty(most)
    is_open = np.empty(most, dtype=np.bool_)
    search, other = np.empty(most), np.empty(most)
    for t in range(len(days)):
        day = days[t]
        punishment = leak_loss(
            police.leak_loss_usual, police.leak_loss_campaign, day.intensity[SECURITY]
        )
        for s in range(len(sectors)):
            first, count = sectors[s].first_route, sectors[s].last_route - sectors[s].first_route
            market = sectors[s].market
            ice = frozen[t, s] > 0.0
            for n in range(count):
                way = routes[first + n]
                seen = camera_sees(rates, way, day.camera_level)
                search[n] = searched(rates, way, day, effort[t, first + n, 0], seen)
                other[n] = intercepted(rates, way, day, effort[t, first + n, 1])
                used = False
                for k in range(len(sizes)):
                    used = used or attempts[t, first + n, k] > 0.0
                dry = passable(stage[t, s], way.flood_stage, ice and way.channel == RIVER)
                # A bridge may be shut for the day, which only those who came there know.
                is_open[n] = used or (dry and way.channel != CUSTOMS)
            for k in range(len(sizes)):
                sent = 0.0
                for n in range(count):
                    sent += attempts[t, first + n, k]
                if sent == 0.0:
                    continue
                held = held_when_met(rates, sizes[k], protected[t, s, k])
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
                        items = items_of(sizes[k], way)
                        worth[n] = items * buy
                        safe = (1.0 - search[n]) * (1.0 - other[n] * held)
                        safe *= 1.0 - lost_otherwise(rates, way, kind, day)
                        loss = max(worth[n], sizes[k].release_payment)
                        surplus = items * gain - (1.0 - safe) * loss
                        surplus -= worth[n] * cost_ratio(rates, way, stage[t, s], ice)
                        few = min(items, spot_check)
                        at_risk = search[n] * police.find_rate * punishment
                        cost_few = leak_cost(kind, items, few, at_risk, per_item)
                        cost_all = leak_cost(kind, items, items, at_risk, per_item)
                        look = checked[t, s, g]
                        cost = look * cost_all + (1.0 - look) * cost_few
                        least, risk = min(cost_few, cost_all), guard_price[t, first + n]
                        as_done[n] = payoff(rates, way, worth[n], surplus - cost, risk)
                        at_best[n] = payoff(rates, way, worth[n], surplus - least, risk)
                    for n in range(count):
                        number = share * attempts[t, first + n, k]
                        if number == 0.0:
                            continue
                        channel = routes[first + n].channel
                        best, pull = 0.0, -np.inf
                        for m in range(count):
                            other_channel = routes[first + m].channel
                            if is_open[m] and other_channel in (channel, RIVER):
                                best = max(best, at_best[m])
                            if is_open[m] and other_channel == channel:
                                scale = max(noise * worth[m], _LEAST_SCALE)
                                pull = max(pull, at_best[m] / scale)
                        total, earned = 0.0, 0.0
                        for m in range(count):
                            if is_open[m] and routes[first + m].channel == channel:
                                scale = max(noise * worth[m], _LEAST_SCALE)
                                weight = exp(at_best[m] / scale - pull)
                                total += weight
                                earned += weight * at_best[m]
                        sums[t, k, 0] += number
                        sums[t, k, 1] += number * worth[n]
                        sums[t, k, 2] += number * as_done[n]
                        sums[t, k, 3] += number * earned / total
                        sums[t, k, 4] += number * best
    return sums
