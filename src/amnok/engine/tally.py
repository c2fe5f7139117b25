"""The tables of one day, and the books that they are added to.

What is counted is said in `amnok.counts`; the records here are made from it. A block counts into
its own tables, and at the end of the day the tables are added up in the order of the blocks: the
books are the same bits on any number of threads. Every count is a float64 in a record, so a table
of records is also a plain array with one more axis; sums use it as that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amnok import counts
from amnok.mechanisms.reporting import TIP
from amnok.mechanisms.roles import ROLES
from amnok.variables import BOOKED, TALLIED, VariableTable
from amnok.world import World
from amnok.world.rates import Records, records


class Tally(NamedTuple):
    """One day's counts; the first axis is the block or, once blocks are added up, the sector.

    Records [block, axes of the table after its place]; of flow, [block, route of the sector, size].
    removed [block, route of the sector]: guards who lost their post today.
    """

    flow: Records
    goods: Records
    events: Records
    bribes: Records
    accounts: Records
    people: Records
    exports: Records
    partners: Records
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
    """The truth of a run, day by day: records [day, axes of the table].

    First the tables of `Tally`, then what stands at the end of each day; `books.flow["searches"]`
    is an array [day, route, size]. tips [tip, TIP] with tip_count[0] rows in use.
    """

    flow: Records
    goods: Records
    events: Records
    bribes: Records
    accounts: Records
    people: Records
    exports: Records
    partners: Records
    sector: Records
    prices: Records
    loss_beliefs: Records
    search_beliefs: Records
    guard_prices: Records
    efforts: Records
    tips: NDArray[np.int32]
    tip_count: NDArray[np.int64]


@cache
def _type_of(table: VariableTable) -> np.dtype[Any]:
    """The records of a table: a float64 for each of its counts."""
    return np.dtype([(one.name, np.float64) for one in counts.kept_in(table)])


def plain(table: Records) -> NDArray[np.float64]:
    """A table of records as an array with its counts as the last axis; it shares the memory."""
    columns = len(table.dtype.names)
    return np.asarray(table).view(np.float64).reshape(*table.shape, columns)


def lengths(world: World) -> dict[str, int]:
    """How long the axes of tables are."""
    return {
        "route": len(world.routes),
        "sector": len(world.sectors),
        "agency": len(ROLES),
        "size": len(world.sizes),
        "side": 2,
        "goods": len(world.goods),
        "market": world.border_share.shape[2],
        "investigated": 2,
        "paying": 2,
    }


def empty_tally(world: World, n_blocks: int) -> Tally:
    """Tables of zeros for one day, for so many blocks (or sectors)."""
    local = int((world.sectors["last_route"] - world.sectors["first_route"]).max())
    length = lengths(world) | {"route": local}
    tables = {}
    for table in TALLIED:
        axes = [axis for axis in table.axes if axis != "sector"]
        shape = (n_blocks, *(length[axis] for axis in axes))
        tables[table.name] = records(shape, _type_of(table))
    return Tally(**tables, removed=np.zeros((n_blocks, local)))


def sums(tally: Tally) -> Sums:
    """A tally's tables as plain arrays [block, rest]; they share its memory."""
    return Sums(
        tuple(np.asarray(table).view(np.float64).reshape(len(table), -1) for table in tally)
    )


def pages(books: Books) -> Pages:
    """The books' tables that come from a tally, as plain arrays; they share its memory."""
    tables = [plain(getattr(books, table.name)) for table in TALLIED]
    return Pages(tuple(table.reshape(*table.shape[:2], -1) for table in tables))


def empty_books(world: World) -> Books:
    """Books of zeros for the days of the period (the spin-up is not booked)."""
    n_days = len(world.days) - world.spin_up
    n_tips = n_days * int(world.sources[-1])
    return Books(
        **empty_tables(lengths(world), n_days),
        tips=np.zeros((n_tips, len(TIP)), dtype=np.int32),
        tip_count=np.zeros(1, dtype=np.int64),
    )


def empty_tables(length: Mapping[str, int], n_days: int) -> dict[str, Records]:
    """Records of zeros for so many days, by name of the table."""
    return {
        table.name: records((n_days, *(length[axis] for axis in table.axes)), _type_of(table))
        for table in BOOKED
    }
