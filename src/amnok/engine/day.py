"""A day, in the order in which it happens.

The world of the day (river, ice, season, halts) and the agencies' orders are exogenous and stand in
the world's `days` and `water`; yesterday's learning has set how effort is spread over routes.
"""

from __future__ import annotations

from typing import NamedTuple

from amnok.compiling import kernel, long_step, step
from amnok.compiling.memory import lend
from amnok.draws import Key
from amnok.engine.blocks import run_blocks
from amnok.engine.learning import learn
from amnok.engine.markets import move_prices
from amnok.engine.state import State
from amnok.engine.tally import Books, Pages, Sums, Tally
from amnok.mechanisms import supply
from amnok.mechanisms.deeds import day_in
from amnok.mechanisms.entry_exit import take_stock
from amnok.mechanisms.oversight import oversee
from amnok.mechanisms.quota import WantedList, fill_quotas
from amnok.mechanisms.reporting import report
from amnok.world import World
from amnok.world.consignment import guard_price


class Running(NamedTuple):
    """A replicate under way: what it reads, what changes, and the tables that days count in.

    tally, tally_sums: the blocks' counts of a day; today, today_sums: the same added up by sector;
    books, book_pages: the days that are over.
    """

    world: World
    key: Key
    state: State
    tally: Tally
    tally_sums: Sums
    today: Tally
    today_sums: Sums
    books: Books
    book_pages: Pages
    wanted_list: WantedList


@kernel
def run_days(
    run: Running, first_day: int, last_day: int, first_block: int, last_block: int, ends: bool
) -> None:
    """The days first_day <= t < last_day of some blocks and, if `ends`, the rest of each day.

    Many days take one call, as handing over a world and its state costs a tenth of a millisecond,
    more than a small border's day. With more than one thread, each takes some blocks of one day
    (`ends` is false), and then one thread ends it (with no blocks). It is one kernel for both, as
    each holds most of the engine and takes as long to compile.
    """
    lent = lend(run)
    for t in range(first_day, last_day):
        run_blocks(lent.world, lent.state, lent.tally, lent.key, t, first_block, last_block)
        if ends:
            finish_day(run, t)


@long_step
def finish_day(held: Running, t: int) -> None:
    """What follows once everyone has been at the border (`blocks.run_blocks`)."""
    run = lend(held)  # a copy on the stack of its own, which the compiler can take apart
    world, state, today, key = run.world, run.state, run.today, run.key
    add_up(world, run.tally_sums, run.today_sums)
    fill_quotas(world, state, today, run.wanted_list, key, t)
    move_prices(world, state, today, t)
    supply.follow(world, state, t)
    learn(world, state, today, t)
    if world.rates[0].oversight.present > 0.0:
        oversee(world, state, today, key, t)
    if world.rates[0].entry_exit.present > 0.0:
        take_stock(world, state, t)
    report(world, state, today, run.books, key, t)
    if t >= world.spin_up:
        keep(world, state, run.today_sums, run.books, run.book_pages, t)


@step
def add_up(world: World, tally_sums: Sums, today_sums: Sums) -> None:
    """Add the blocks' tables by sector, in the order of the blocks, and clear them."""
    for table in range(len(tally_sums.tables)):
        blocks, sectors = tally_sums.tables[table], today_sums.tables[table]
        sectors[:] = 0.0
        for block in range(len(blocks)):
            part, total = blocks[block], sectors[world.blocks[block].sector]
            for column in range(len(part)):
                total[column] += part[column]
                part[column] = 0.0


@step
def keep(
    world: World, state: State, today_sums: Sums, book: Books, book_pages: Pages, t: int
) -> None:
    """Write the day into the books."""
    row = t - world.spin_up
    for table in range(1, len(book_pages.tables)):
        day, page = today_sums.tables[table], book_pages.tables[table]
        for sector in range(day.shape[0]):
            for column in range(day.shape[1]):
                page[row, sector, column] = day[sector, column]
    # Flow is kept by route, and counted by sector and place within it.
    flow, flow_page = today_sums.tables[0], book_pages.tables[0]
    width = flow_page.shape[2]
    for route in range(len(world.routes)):
        sector = world.routes[route].sector
        first = (route - world.sectors[sector].first_route) * width
        for column in range(width):
            flow_page[row, route, column] = flow[sector, first + column]
        belief = state.sectors[sector].find_belief
        day = day_in(world, t, sector)
        price = guard_price(world.rates[0], day, belief, 1.0)
        book.guard_prices[row, route].guard_price = price
        effort = state.guards[route].effort
        book.efforts[row, route].effort_security_police = effort[0]
        book.efforts[row, route].effort_patrols = effort[1]
        for size in range(len(world.sizes)):
            book.loss_beliefs[row, route, size].belief_loss = state.route_risk[
                route, size
            ].loss_belief
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            belief = state.sector_risk[sector, size].search_belief
            book.search_beliefs[row, sector, size].belief_search = belief
    for side in range(2):
        for g in range(len(world.goods)):
            for market in range(world.border_share.shape[2]):
                book.prices[row, side, g, market].price = state.prices[side, g, market].price
