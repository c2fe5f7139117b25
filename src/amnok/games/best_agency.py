"""The best spread of an agency's effort against given traffic.

What is stopped on a route grows with effort in straight pieces, ever flatter: each consignment's
chance rises in proportion until it is 1. The best spread puts effort on the steepest pieces first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel
from amnok.world.chances import camera_probability, patrol_slope, search_factor, search_slope
from amnok.world.rates import Records

Floats = NDArray[np.float64]

_LEAST_SLOPE = 1e-300


def most_stopped(
    sectors: Records, many: Floats, slope: Floats, effort: Floats
) -> tuple[float, float]:
    """Consignments stopped, as expected: at the effort as it was, and at the best constant spread.

    Args:
        sectors: of the scenario, as in the world.
        many, slope: consignments and their chances, [day, route, 2], as `pieces` gives them.
        effort: of the agency, [day, route].

    Returns:
        Both; the second is the first in sectors where no constant spread is better.
    """
    realised = (many * np.minimum(1.0, slope * effort[:, :, None])).sum(axis=(0, 2))
    total, best = 0.0, 0.0
    for sector in sectors:
        here = slice(int(sector.first_route), int(sector.last_route))
        done = float(realised[here].sum())
        total += done
        spread = best_spread(many[:, here], slope[:, here])
        stopped = (many[:, here] * np.minimum(1.0, slope[:, here] * spread[:, None])).sum()
        best += max(done, float(stopped))
    return total, best


def best_spread(many: Floats, slope: Floats) -> Floats:
    """Effort on each route, mean 1, that stops most.

    Args:
        many: consignments, [day, route, kind].
        slope: what each unit of effort adds to their chance of being stopped, up to 1, in the same
            shape.

    >>> best_spread(np.array([[[5.0], [2.0]]]), np.array([[[0.5], [0.1]]]))
    array([2., 0.])
    >>> best_spread(np.array([[[5.0], [2.0]]]), np.array([[[1.0], [0.1]]]))
    array([1., 1.])
    """
    count = many.shape[1]
    starts, lengths, gains, owners = [], [], [], []
    for route in range(count):
        number, rise = many[:, route].ravel(), slope[:, route].ravel()
        seen = (number > 0.0) & (rise > 0.0)
        number, rise = number[seen], rise[seen]
        order = np.argsort(-rise, kind="stable")
        number, rise = number[order], rise[order]
        # Before the first is stopped for certain all still rise, then all but the first ...
        ends = np.minimum(count, 1.0 / np.maximum(rise, _LEAST_SLOPE))
        begins = np.concatenate([[0.0], ends[:-1]])[: len(ends)]
        climbing = np.cumsum((number * rise)[::-1])[::-1]
        starts.append(begins)
        lengths.append(ends - begins)
        gains.append(climbing)
        owners.append(np.full(len(ends), route))
    owner, length, gain = (np.concatenate(part) for part in (owners, lengths, gains))
    order = np.lexsort((np.concatenate(starts), owner, -gain))
    before = np.concatenate([[0.0], np.cumsum(length[order])])[:-1]
    put = np.clip(count - before, 0.0, length[order])
    effort = np.bincount(owner[order], weights=put, minlength=count)
    # What is left over stops nobody else, wherever it stands.
    return np.asarray(effort + max(0.0, count - float(effort.sum())) / count)


@allocating_kernel
def pieces(
    all_rates: Records,
    routes: Records,
    sectors: Records,
    days: Records,
    attempts: Floats,
    agency: int,
) -> tuple[Floats, Floats]:
    """Consignments unseen and seen by cameras, and their chance of being stopped at effort 1 if it
    had no limit, [day, route, 2]. Of attempts [day, route]; by agency 0, the security police, who
    search, or 1, patrols, who meet. Rates, routes, sectors and days are as in the world."""
    rates = all_rates[0]
    many = np.zeros((len(days), len(routes), 2))
    slope = np.zeros((len(days), len(routes), 2))
    for t in range(len(days)):
        for r in range(len(routes)):
            way = routes[r]
            day = days[t, sectors[way.sector].zone]
            if agency == 0:
                seen = camera_probability(rates, way, day)
                many[t, r, 0], many[t, r, 1] = (1.0 - seen) * attempts[t, r], seen * attempts[t, r]
                for flagged in range(2):
                    factor = search_factor(rates, flagged == 1, False)
                    slope[t, r, flagged] = search_slope(rates, way, day, factor)
            else:
                many[t, r, 0] = attempts[t, r]
                slope[t, r, 0] = patrol_slope(rates, way, day)
    return many, slope
