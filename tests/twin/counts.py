"""What is counted on a day, and the days in order.

The names and their order are those of the engine's books, so that both can be compared field by
field; whole things are counted in whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok.world.days import ROLES


@dataclass(eq=False)
class Flow:
    """Consignments on one route, of senders of one size."""

    attempts: int = 0
    refused: int = 0
    crossings: int = 0
    losses: int = 0
    items_attempted: int = 0
    items_crossed: int = 0
    items_seized: int = 0
    items_turned_back: int = 0
    value_crossed: float = 0.0
    sanctioned_value: float = 0.0
    items_checked: int = 0
    checking_hours: float = 0.0
    leaks_packed: int = 0
    leaks_removed: int = 0
    leaks_found: int = 0
    leaks_through: int = 0
    leaks_held: int = 0
    seen_by_camera: int = 0
    searches: int = 0
    released: int = 0
    intercepts: int = 0
    guard_bribes: float = 0.0


@dataclass(eq=False)
class GoodsMoved:
    """Consignments of one kind of goods in one sector."""

    consignments: int = 0
    items_attempted: int = 0
    items_crossed: int = 0
    value_crossed: float = 0.0
    items_checked: int = 0
    checking_hours: float = 0.0


@dataclass(eq=False)
class Events:
    """What officials of one role did to traders of one size in one sector."""

    stops: int = 0
    let_go: int = 0
    detections: int = 0
    questionings: int = 0
    arrests: int = 0
    imprisonments: int = 0
    investigations: int = 0
    items_seized: int = 0
    value_seized: float = 0.0


@dataclass(eq=False)
class Bribes:
    """Money that officials took from traders of one size in one sector."""

    guards: float = 0.0
    superiors: float = 0.0
    security_police: float = 0.0
    police: float = 0.0
    customs: float = 0.0


@dataclass(eq=False)
class Money:
    """Other money of one sector."""

    revenue: float = 0.0
    purchases: float = 0.0
    transport: float = 0.0
    duties: float = 0.0


@dataclass(eq=False)
class People:
    """Traders of one size on one bank of a sector, before the police fill their quota."""

    free: int = 0
    detained: int = 0
    imprisoned: int = 0
    gone: int = 0
    lying_low: int = 0
    under_scrutiny: int = 0
    known: int = 0
    protected: int = 0


@dataclass(eq=False)
class Scrutiny:
    """Exports of the never (or the ever) investigated."""

    consignments: int = 0
    items_attempted: int = 0
    items_checked: int = 0


@dataclass(eq=False)
class Protection:
    """Partners of one size without (or with) protection."""

    free_days: int = 0
    consignments: int = 0
    crossings: int = 0
    arrests: int = 0


@dataclass(eq=False)
class Rest:
    """What else happened in a sector."""

    kept_home: int = 0
    no_partner: int = 0
    no_passage: int = 0
    guards_removed: int = 0
    leak_cases: int = 0
    sources_traced: int = 0


@dataclass(eq=False)
class Counts:
    """One day: flow [route][size]; for the rest the first index is the sector."""

    flow: list[list[Flow]]
    goods: list[list[GoodsMoved]]
    events: list[list[list[Events]]]  # [sector][role][size]
    bribes: list[list[Bribes]]  # [sector][size of the payer]
    money: list[Money]
    people: list[list[list[People]]]  # [sector][side][size]
    scrutiny: list[list[Scrutiny]]  # [sector][never, ever]
    protection: list[list[list[Protection]]]  # [sector][size][without, with]
    sector: list[Rest]


def nothing_yet(n_sectors: int, n_routes: int, n_goods: int, n_sizes: int) -> Counts:
    """The counts of a day on which nothing has happened."""
    sectors, sizes = range(n_sectors), range(n_sizes)
    return Counts(
        flow=[[Flow() for _ in sizes] for _ in range(n_routes)],
        goods=[[GoodsMoved() for _ in range(n_goods)] for _ in sectors],
        events=[[[Events() for _ in sizes] for _ in ROLES] for _ in sectors],
        bribes=[[Bribes() for _ in sizes] for _ in sectors],
        money=[Money() for _ in sectors],
        people=[[[People() for _ in sizes] for _ in range(2)] for _ in sectors],
        scrutiny=[[Scrutiny() for _ in range(2)] for _ in sectors],
        protection=[[[Protection() for _ in range(2)] for _ in sizes] for _ in sectors],
        sector=[Rest() for _ in sectors],
    )


class Books(NamedTuple):
    """The days in order, [day, ...] with the fields of a count (above) as the last axis.

    price [day, side, goods, market]; loss_belief [day, route, size]; search_belief
    [day, sector, size]; guard_price [day, route]; effort [day, route, 2]: of the security police
    and of patrols; tips [tip, 6]: event day, arrival day, sector, side, kind, source.
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


def as_numbers(counts: Any) -> Any:
    """Counts, or nested lists of them, as nested lists of numbers."""
    if is_dataclass(counts):
        return [getattr(counts, field.name) for field in fields(counts)]
    if isinstance(counts, list):
        return [as_numbers(part) for part in counts]
    return counts
