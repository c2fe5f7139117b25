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

# A comment beside a field says what it is; the model's description (`amnok odd`) prints it.
_TRADER = [
    ("cash", np.float64),  # earned since the first day (money)
    ("leak_wary", np.float32),  # factor on the belief in searches, as it stood on leak_day
    ("loss_wary", np.float32),  # factor on the belief in losses, as it stood on loss_day
    ("leak_day", np.int32),  # last day of being investigated
    ("loss_day", np.int32),  # last day of losing goods
]
_GUARD = [
    ("strict_until", np.int64),  # first day on which the guard is the usual one again
    ("effort", np.float64, (2,)),  # of the security police and of patrols; 1 is the average
    ("finds", np.float64, (2,)),  # what each of them stopped lately, discounted
]
_ROUTE_RISK = [
    ("lost", np.float64),  # consignments lost or released for a payment, discounted
    ("tried", np.float64),  # consignments that set out, discounted
    ("loss_belief", np.float64),  # believed chance that a consignment comes to harm
]
_SECTOR_RISK = [
    ("searched", np.float64),  # consignments searched, discounted
    ("shipped", np.float64),  # consignments that set out, discounted
    ("search_belief", np.float64),  # believed chance that a consignment is searched
    ("taken_in", np.float64),  # arrests on the outer side, discounted
    ("person_days", np.float64),  # days that outer-side traders were free, discounted
    ("arrest_belief", np.float64),  # believed chance of arrest, per person and day
]
_SECTOR = [
    ("leaks", np.float64),  # searches that found a leak, discounted
    ("passed", np.float64),  # consignments that set out, discounted
    ("find_belief", np.float64),  # believed chance that a consignment leads to a leak found
    ("quota_filled", np.float64),  # arrests this month
    ("quota_asked", np.float64),  # arrests due by today
    ("quota_carried", np.float64),  # of which left over from last month
]
_PRICE = [
    ("price", np.float64),  # of an item (money)
    ("quantity", np.float64),  # items a day, smoothed
    ("reference", np.float64),  # items a day that are usual, season apart
]


class State(NamedTuple):
    """The state of one replicate.

    What is asked of everyone every day stands in arrays of its own, one entry a person; what only
    those who ship need is in `traders`.
    """

    status: NDArray[np.uint8]  # [person] free, detained, imprisoned or gone
    until: NDArray[np.int32]  # [person] the day on which a term ends
    waiting: NDArray[np.uint8]  # [person] 0, or goods are packed: 1 for export, 2 for import
    investigated: NDArray[np.int32]  # [person] last day of being investigated, or NEVER
    known_until: NDArray[np.int32]  # [person] until then known to the police (outer side)
    low_until: NDArray[np.int32]  # [person] until then lies low after a questioning (outer side)
    protected: NDArray[np.uint8]  # [person] whether the police are paid this month (outer side)
    taken: NDArray[np.int32]  # [person] consignments received today (outer side)
    arrests: NDArray[np.int32]  # [person] how often taken in since the period began
    traders: Records  # [person] what only those who ship need
    guards: Records  # [route] the guard on the post, and the effort of other agencies there
    route_risk: Records  # [route, size] discounted counts and the belief they lead to
    sector_risk: Records  # [sector, size] discounted counts and the beliefs they lead to
    sectors: Records  # [sector] leaks found, and progress of the arrest quota
    prices: Records  # [side, goods, market] prices and the quantities behind them
    silent_until: NDArray[np.int32]  # [source] until then a traced source does not call


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
    guards["effort"] = world.plan[world.days[0].plan]
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
