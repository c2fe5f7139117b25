"""What is counted: the tables of one day, and the books that they are added to.

A block counts into its own tables, and at the end of the day the tables are added up in the order
of the blocks: the books are the same bits on any number of threads. Every count is a float64 in a
record, so a table of records is also a plain array with one more axis; sums use it as that.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.world import World
from amnok.world.days import ROLES
from amnok.world.rates import Records, records

# Per route and size of the inner-side trader. "Released": searched, and on after a payment.
# "Turned back" and "held": still with the sender, or with those who seized the goods.
FLOW = (
    "attempts",
    "refused",
    "crossings",
    "losses",
    "items_attempted",
    "items_crossed",
    "items_seized",
    "items_turned_back",
    "value_crossed",
    "sanctioned_value",
    "items_checked",
    "checking_hours",
    "leaks_packed",
    "leaks_removed",
    "leaks_found",
    "leaks_through",
    "leaks_held",
    "seen_by_camera",
    "searches",
    "released",
    "intercepts",
    "guard_bribes",
)
GOODS = (
    "consignments",
    "items_attempted",
    "items_crossed",
    "value_crossed",
    "items_checked",
    "checking_hours",
)
# Per role and size of the person stopped.
EVENTS = (
    "stops",
    "let_go",
    "detections",
    "questionings",
    "arrests",
    "imprisonments",
    "investigations",
    "items_seized",
    "value_seized",
)
BRIBES = ("guards", "superiors", "security_police", "police", "customs")
MONEY = ("revenue", "purchases", "transport", "duties")
PEOPLE = (
    "free",
    "detained",
    "imprisoned",
    "gone",
    "lying_low",
    "under_scrutiny",
    "known",
    "protected",
)
# Export consignments of traders never and ever investigated.
SCRUTINY = ("consignments", "items_attempted", "items_checked")
# Outer-side partners by size, without and with protection.
PROTECTION = ("free_days", "consignments", "crossings", "arrests")
SECTOR = (
    "kept_home",
    "no_partner",
    "no_passage",
    "guards_removed",
    "leak_cases",
    "sources_traced",
)

# Kinds of event that sources report, the rarest first.
KINDS = ("leak_found", "guard_removed", "arrest", "questioning", "search", "halt")
TIP = ("event_day", "arrival_day", "sector", "side", "kind", "source")


class Tally(NamedTuple):
    """One day's counts; the first axis is the block or, once blocks are added up, the sector.

    flow [block, route of the sector, size]; goods [block, goods]; events [block, role, size];
    bribes [block, size of the payer]; money [block]; people [block, side, size];
    scrutiny [block, never or ever investigated]; protection [block, size, without or with];
    sector [block]; removed [block, route of the sector]: guards who lost their post today.
    """

    flow: Records
    goods: Records
    events: Records
    bribes: Records
    money: Records
    people: Records
    scrutiny: Records
    protection: Records
    sector: Records
    removed: NDArray[np.float64]


class Sums(NamedTuple):
    """The same memory as a `Tally`, as plain arrays [block, rest], for adding up."""

    tables: tuple[NDArray[np.float64], ...]


class Pages(NamedTuple):
    """The same memory as the first tables of `Books`, as plain arrays [day, sector or route, rest].

    In the order of `Tally`, so that a day's sums are copied table by table.
    """

    tables: tuple[NDArray[np.float64], ...]


class Books(NamedTuple):
    """The truth of a run, day by day: the tables of `Tally` as [day, sector or route, ..., count].

    price [day, side, goods, market]; loss_belief [day, route, size]: believed chance that a
    consignment comes to harm; search_belief [day, sector, size]; guard_price [day, route]: what a
    guard's risk is worth (money); effort [day, route, 2]: of the security police and of patrols;
    tips [tip, TIP] with tip_count[0] rows in use.
    """

    flow: NDArray[np.float64]
    goods: NDArray[np.float64]
    events: NDArray[np.float64]
    bribes: NDArray[np.float64]
    money: NDArray[np.float64]
    people: NDArray[np.float64]
    scrutiny: NDArray[np.float64]
    protection: NDArray[np.float64]
    sector: NDArray[np.float64]
    price: NDArray[np.float64]
    loss_belief: NDArray[np.float64]
    search_belief: NDArray[np.float64]
    guard_price: NDArray[np.float64]
    effort: NDArray[np.float64]
    tips: NDArray[np.int32]
    tip_count: NDArray[np.int64]


def _counts(names: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(name, np.float64) for name in names]


def empty_tally(world: World, n_blocks: int) -> Tally:
    """Tables of zeros for one day, for so many blocks (or sectors)."""
    n_goods, n_sizes = len(world.goods), len(world.sizes)
    local = int((world.sectors["last_route"] - world.sectors["first_route"]).max())
    return Tally(
        flow=records((n_blocks, local, n_sizes), _counts(FLOW)),
        goods=records((n_blocks, n_goods), _counts(GOODS)),
        events=records((n_blocks, len(ROLES), n_sizes), _counts(EVENTS)),
        bribes=records((n_blocks, n_sizes), _counts(BRIBES)),
        money=records(n_blocks, _counts(MONEY)),
        people=records((n_blocks, 2, n_sizes), _counts(PEOPLE)),
        scrutiny=records((n_blocks, 2), _counts(SCRUTINY)),
        protection=records((n_blocks, n_sizes, 2), _counts(PROTECTION)),
        sector=records(n_blocks, _counts(SECTOR)),
        removed=np.zeros((n_blocks, local)),
    )


def sums(tally: Tally) -> Sums:
    """A tally's tables as plain arrays [block, rest]; they share its memory."""
    return Sums(
        tuple(np.asarray(table).view(np.float64).reshape(len(table), -1) for table in tally)
    )


def pages(books: Books) -> Pages:
    """The books' tables that come from a tally, as plain arrays; they share its memory."""
    tables = [getattr(books, name) for name in Tally._fields if name in Books._fields]
    return Pages(tuple(table.reshape(*table.shape[:2], -1) for table in tables))


def empty_books(world: World) -> Books:
    """Books of zeros for the days of the period (the spin-up is not booked)."""
    n_days = len(world.days) - world.spin_up
    n_routes, n_sectors = len(world.routes), len(world.sectors)
    n_goods, n_sizes = len(world.goods), len(world.sizes)
    n_tips = n_days * n_sectors * 2 * world.n_sources
    return Books(
        flow=np.zeros((n_days, n_routes, n_sizes, len(FLOW))),
        goods=np.zeros((n_days, n_sectors, n_goods, len(GOODS))),
        events=np.zeros((n_days, n_sectors, len(ROLES), n_sizes, len(EVENTS))),
        bribes=np.zeros((n_days, n_sectors, n_sizes, len(BRIBES))),
        money=np.zeros((n_days, n_sectors, len(MONEY))),
        people=np.zeros((n_days, n_sectors, 2, n_sizes, len(PEOPLE))),
        scrutiny=np.zeros((n_days, n_sectors, 2, len(SCRUTINY))),
        protection=np.zeros((n_days, n_sectors, n_sizes, 2, len(PROTECTION))),
        sector=np.zeros((n_days, n_sectors, len(SECTOR))),
        price=np.zeros((n_days, 2, n_goods, len(world.border_share))),
        loss_belief=np.zeros((n_days, n_routes, n_sizes)),
        search_belief=np.zeros((n_days, n_sectors, n_sizes)),
        guard_price=np.zeros((n_days, n_routes)),
        effort=np.zeros((n_days, n_routes, 2)),
        tips=np.zeros((n_tips, len(TIP)), dtype=np.int32),
        tip_count=np.zeros(1, dtype=np.int64),
    )
