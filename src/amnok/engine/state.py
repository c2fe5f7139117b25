"""What changes from day to day: people, guards, beliefs, prices. Days are rows of `world.days`."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.mechanisms.deeds import FREE
from amnok.mechanisms.roles import origin
from amnok.mechanisms.word_of_mouth import TOLD_OF_KINDS, TOLD_OF_SECTORS
from amnok.world import World
from amnok.world.chances import prior_fine, prior_release
from amnok.world.rates import Field, Records, person_type, record_type, records

NEVER = -100_000  # a day before any other
NO_TERM = 2**31 - 1  # a day after any other: when the term of a free person ends

TRADER = [
    Field("cash", np.float64, "earned since the first day (money)"),
    Field("leak_wary", np.float32, "factor on the belief in searches, as it stood on leak_day"),
    Field("loss_wary", np.float32, "factor on the belief in losses, as it stood on loss_day"),
    Field("leak_day", np.int32, "last day of being investigated"),
    Field("loss_day", np.int32, "last day of losing goods"),
]
GUARD = [
    Field("strict", np.float64, "share of the guards who are new, and strict"),
    Field("effort", np.float64, "of the security police and of patrols; 1 is the average", (2,)),
    Field("finds", np.float64, "what each of them stopped lately, discounted", (2,)),
]
ROUTE_RISK = [
    Field(
        "lost", np.float64, "consignments lost or released for a payment, per trader, discounted"
    ),
    Field("tried", np.float64, "consignments that set out, per trader, discounted"),
    Field("loss_belief", np.float64, "believed chance that a consignment is lost"),
    Field("released", np.float64, "consignments released for a payment, per trader, discounted"),
    Field("release_belief", np.float64, "believed chance of a payment for release"),
    Field("fined", np.float64, "consignments fined, per trader, discounted"),
    Field("fine_belief", np.float64, "believed chance of a fine"),
]
SECTOR_RISK = [
    Field("searched", np.float64, "consignments searched, per trader, discounted"),
    Field("shipped", np.float64, "consignments that set out, per trader, discounted"),
    Field("search_belief", np.float64, "believed chance that a consignment is searched"),
    Field("taken_in", np.float64, "arrests on the outer side, per trader, discounted"),
    Field(
        "person_days", np.float64, "days that outer-side traders were free, per trader, discounted"
    ),
    Field("arrest_belief", np.float64, "believed chance of arrest, per person and day"),
]
LIVING = [
    Field("cash", np.float64, "what all senders have earned since the first day (money)"),
    Field("cash_before", np.float64, "the same a day ago (money)"),
    Field("in_trade", np.float64, "senders in the trade, in custody or not"),
    Field("earned", np.float64, "earnings, per trader, discounted (money)"),
    Field("days", np.float64, "days in the trade by season, per trader, discounted"),
    Field("usual_earned", np.float64, "earnings in the spin-up, per trader (money)"),
    Field("usual_days", np.float64, "days in the trade by season in the spin-up, per trader"),
]
SECTOR = [
    Field("leaks", np.float64, "searches that found a leak, per trader, discounted"),
    Field("passed", np.float64, "usual loads that set out outward, per trader, discounted"),
    Field("find_belief", np.float64, "believed chance that a leak is found in a usual load"),
    Field("inspected_until", np.int32, "until then its guards are inspected after a leak"),
    Field("quota_filled", np.float64, "arrests this month"),
    Field("quota_asked", np.float64, "arrests due by today"),
    Field("quota_carried", np.float64, "of which left over from last month"),
]
PRICE = [
    Field("price", np.float64, "of an item (money)"),
    Field("quantity", np.float64, "items a day, smoothed"),
    Field("reference", np.float64, "items a day that are usual, season apart"),
    Field("other", np.float64, "the rest of the market, relative to its usual quantity"),
]
SUPPLY = [
    Field("usual_gain", np.float64, "between the banks, of an item (money)"),
    Field("readiness", np.float64, "consignments that come up, relative to usual"),
]


class State(NamedTuple):
    """The state of one replicate.

    What is asked of everyone every day stands in arrays of its own, one entry a person; what only
    those who ship need is in `traders`. Beside a type stands what it is, its shape in brackets, and
    the fields of a record.
    """

    status: Annotated[NDArray[np.uint8], "[person] free, detained, imprisoned, gone, or away"]
    until: Annotated[NDArray[np.int32], "[person] the day on which a term ends"]
    waiting: Annotated[
        NDArray[np.uint8], "[person] 0, or goods are packed: 1 for export, 2 for import"
    ]
    investigated: Annotated[NDArray[np.int32], "[person] last day of being investigated, or NEVER"]
    known_until: Annotated[
        NDArray[np.int32], "[person] until then known to the police (outer side)"
    ]
    low_until: Annotated[
        NDArray[np.int32], "[person] until then lies low after a questioning (outer side)"
    ]
    impounded_until: Annotated[
        NDArray[np.int32], "[person] until then without a vehicle, which is impounded (inner side)"
    ]
    protected: Annotated[
        NDArray[np.uint8], "[person] whether the police are paid this month (outer side)"
    ]
    refuses: Annotated[
        NDArray[np.uint8], "[person] whether goods are refused this month (outer side)"
    ]
    taken: Annotated[NDArray[np.int32], "[person] consignments received today (outer side)"]
    arrests: Annotated[NDArray[np.int32], "[person] how often taken in since the period began"]
    traders: Annotated[Records, "[person] what only those who ship need", TRADER]
    guards: Annotated[
        Records, "[route] the guard on the post, and the effort of other agencies there", GUARD
    ]
    route_risk: Annotated[
        Records, "[route, size] discounted counts and the belief they lead to", ROUTE_RISK
    ]
    sector_risk: Annotated[
        Records, "[sector, size] discounted counts and the beliefs they lead to", SECTOR_RISK
    ]
    livings: Annotated[Records, "[sector, size] what the trade earns its senders", LIVING]
    told_of_sectors: Annotated[
        NDArray[np.float64],
        "[night, sector, size, 4] what people went by of late: the counts of `sector_risk`",
    ]
    told_of_kinds: Annotated[
        NDArray[np.float64],
        "[night, sector, kind, size, 4] the same of `route_risk`, for the mean route of a kind",
    ]
    sectors: Annotated[Records, "[sector] leaks found, and progress of the arrest quota", SECTOR]
    prices: Annotated[Records, "[side, goods, market] prices and the quantities behind them", PRICE]
    supply: Annotated[Records, "[goods, market] what gains bring to the border", SUPPLY]
    silent_until: Annotated[NDArray[np.int32], "[source] until then a traced source does not call"]


def fresh_state(world: World) -> State:
    """Everyone free and without experience, prices as usual, beliefs at their priors."""
    learning = world.rates[0].learning
    n_sectors, n_sizes = len(world.sectors), len(world.sizes)
    n_people = len(world.traits)
    traders = records(n_people, person_type(TRADER))
    for field in ("leak_day", "loss_day"):
        traders[field] = NEVER
    for field in ("leak_wary", "loss_wary"):
        traders[field] = 1.0
    guards = records(len(world.routes), record_type(GUARD))
    guards["effort"] = world.plan[world.days[0, 0].plan]
    route_risk = records((len(world.routes), n_sizes), record_type(ROUTE_RISK))
    route_risk["loss_belief"] = learning.prior_loss
    route_risk["release_belief"] = prior_release(world.rates[0])
    route_risk["fine_belief"] = prior_fine(world.rates[0])
    sector_risk = records((n_sectors, n_sizes), record_type(SECTOR_RISK))
    sector_risk["search_belief"] = learning.prior_search
    sector_risk["arrest_belief"] = learning.prior_arrest
    sectors = records(n_sectors, record_type(SECTOR))
    sectors["find_belief"] = learning.prior_find
    sectors["inspected_until"] = NEVER
    prices = _usual_prices(world)
    n_living = n_sectors if world.rates[0].entry_exit.present else 0
    nights = int(world.lags.max()) + 1 if world.lags.size else 0
    return State(
        status=np.full(n_people, FREE, dtype=np.uint8),
        until=np.full(n_people, NO_TERM, dtype=np.int32),
        waiting=np.zeros(n_people, dtype=np.uint8),
        investigated=np.full(n_people, NEVER, dtype=np.int32),
        known_until=np.full(n_people, NEVER, dtype=np.int32),
        low_until=np.full(n_people, NEVER, dtype=np.int32),
        impounded_until=np.full(n_people, NEVER, dtype=np.int32),
        protected=np.zeros(n_people, dtype=np.uint8),
        refuses=np.zeros(n_people, dtype=np.uint8),
        taken=np.zeros(n_people, dtype=np.int32),
        arrests=np.zeros(n_people, dtype=np.int32),
        traders=traders,
        guards=guards,
        route_risk=route_risk,
        sector_risk=sector_risk,
        livings=records((n_living, n_sizes), record_type(LIVING)),
        told_of_sectors=np.zeros((nights, n_sectors, n_sizes, len(TOLD_OF_SECTORS))),
        told_of_kinds=np.zeros((nights, *world.has_kind.shape, n_sizes, len(TOLD_OF_KINDS))),
        sectors=sectors,
        prices=prices,
        supply=_usual_supply(world, prices["price"]),
        silent_until=np.full(world.sources[-1], NEVER, dtype=np.int32),
    )


def _usual_prices(world: World) -> Records:
    """Value on the side the goods come from, value times markup on the other."""
    prices = records(world.border_share.shape, record_type(PRICE))
    for g, goods in enumerate(world.goods):
        home = origin(goods)
        prices["price"][home, g, :] = goods.value
        prices["price"][1 - home, g, :] = goods.value * goods.markup
    prices["other"] = 1.0 - world.border_share
    return prices


def _usual_supply(world: World, prices: NDArray[np.float64]) -> Records:
    """Gains at usual prices, [side, goods, market], which bring what is usual."""
    supply = records(prices.shape[1:], record_type(SUPPLY))
    origin, goods = world.goods["is_import"].astype(np.int64), np.arange(len(world.goods))
    supply["usual_gain"] = prices[1 - origin, goods] - prices[origin, goods]
    supply["readiness"] = 1.0
    return supply
