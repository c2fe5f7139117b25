"""What changes from day to day: people, guards, beliefs, prices. Days are rows of `world.days`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.world import World
from amnok.world.rates import Records, records

FREE, DETAINED, IMPRISONED, GONE = 0, 1, 2, 3
NEVER = -100_000  # a day before any other
NO_TERM = 2**31 - 1  # a day after any other: when the term of a free person ends

_TRADER = [
    ("cash", np.float64),  # earned since the first day
    ("leak_wary", np.float32),  # factor on the belief in searches, as it stood on leak_day
    ("loss_wary", np.float32),  # factor on the belief in losses, as it stood on loss_day
    ("leak_day", np.int32),
    ("loss_day", np.int32),
]
_GUARD = [
    ("strict_until", np.int64),
    ("effort", np.float64, (2,)),  # of the security police and of patrols; 1 is the average
    ("finds", np.float64, (2,)),  # what each of them stopped lately, discounted
]
_ROUTE_RISK = [("lost", np.float64), ("tried", np.float64), ("loss_belief", np.float64)]
_SECTOR_RISK = [
    ("searched", np.float64),
    ("shipped", np.float64),
    ("search_belief", np.float64),
    ("taken_in", np.float64),
    ("person_days", np.float64),
    ("arrest_belief", np.float64),
]
_SECTOR = [
    ("leaks", np.float64),
    ("passed", np.float64),
    ("find_belief", np.float64),
    ("quota_filled", np.float64),  # arrests this month
    ("quota_asked", np.float64),  # arrests due by today
    ("quota_carried", np.float64),  # of which left over from last month
]
_PRICE = [("price", np.float64), ("quantity", np.float64), ("reference", np.float64)]


class State(NamedTuple):
    """The state of one replicate.

    What is asked of everyone every day stands in arrays of its own, [person]: status; until, the
    day on which a term ends; waiting, 0 or goods are packed, 1 for export, 2 for import;
    investigated, the last day or NEVER; on the outer side known_until (to the police), low_until
    (lies low after a questioning), protected (pays the police this month), taken (consignments
    received today). arrests: how often each was taken in since the period began.

    traders [person], what only those who ship need; guards [route]; route_risk [route, size] and
    sector_risk [sector, size]: discounted counts and the beliefs they lead to; sectors [sector];
    prices [side, goods, market]; silent_until [source].
    """

    status: NDArray[np.uint8]
    until: NDArray[np.int32]
    waiting: NDArray[np.uint8]
    investigated: NDArray[np.int32]
    known_until: NDArray[np.int32]
    low_until: NDArray[np.int32]
    protected: NDArray[np.uint8]
    taken: NDArray[np.int32]
    arrests: NDArray[np.int32]
    traders: Records
    guards: Records
    route_risk: Records
    sector_risk: Records
    sectors: Records
    prices: Records
    silent_until: NDArray[np.int32]


def fresh_state(world: World) -> State:
    """Everyone free and without experience, prices as usual, beliefs at their priors."""
    learning = world.rates[0].learning
    n_sectors, n_sizes = len(world.sectors), len(world.sizes)
    n_people = len(world.traits)
    traders = records(n_people, _TRADER)
    for field in ("leak_day", "loss_day"):
        traders[field] = NEVER
    for field in ("leak_wary", "loss_wary"):
        traders[field] = 1.0
    guards = records(len(world.routes), _GUARD)
    guards["strict_until"] = NEVER
    guards["effort"] = 1.0
    route_risk = records((len(world.routes), n_sizes), _ROUTE_RISK)
    route_risk["loss_belief"] = learning.prior_loss
    sector_risk = records((n_sectors, n_sizes), _SECTOR_RISK)
    sector_risk["search_belief"] = learning.prior_search
    sector_risk["arrest_belief"] = learning.prior_arrest
    sectors = records(n_sectors, _SECTOR)
    sectors["find_belief"] = learning.prior_find
    return State(
        status=np.full(n_people, FREE, dtype=np.uint8),
        until=np.full(n_people, NO_TERM, dtype=np.int32),
        waiting=np.zeros(n_people, dtype=np.uint8),
        investigated=np.full(n_people, NEVER, dtype=np.int32),
        known_until=np.full(n_people, NEVER, dtype=np.int32),
        low_until=np.full(n_people, NEVER, dtype=np.int32),
        protected=np.zeros(n_people, dtype=np.uint8),
        taken=np.zeros(n_people, dtype=np.int32),
        arrests=np.zeros(n_people, dtype=np.int32),
        traders=traders,
        guards=guards,
        route_risk=route_risk,
        sector_risk=sector_risk,
        sectors=sectors,
        prices=_usual_prices(world),
        silent_until=np.full(n_sectors * 2 * world.n_sources, NEVER, dtype=np.int32),
    )


def _usual_prices(world: World) -> Records:
    """Value on the side the goods come from, value times markup on the other."""
    prices = records((2, len(world.goods), len(world.border_share)), _PRICE)
    for g, goods in enumerate(world.goods):
        origin = int(goods.is_import)
        prices["price"][origin, g, :] = goods.value
        prices["price"][1 - origin, g, :] = goods.value * goods.markup
    return prices
