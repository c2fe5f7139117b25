"""A day, in the order in which it happens.

The world of the day (river, ice, season, halts) and the agencies' orders are exogenous and stand in
the world's `days` and `water`; yesterday's learning has set how effort is spread over routes.
"""

from __future__ import annotations

from amnok.compiling import allocating_kernel, kernel, step
from amnok.draws import Key
from amnok.engine.learning import learn
from amnok.engine.markets import move_prices
from amnok.engine.planning import guard_risk
from amnok.engine.quotas import fill_quotas
from amnok.engine.reports import report
from amnok.engine.state import State
from amnok.engine.tally import Books, Pages, Sums, Tally
from amnok.world import World


@allocating_kernel
def finish_day(
    world: World,
    state: State,
    tally_sums: Sums,
    today: Tally,
    today_sums: Sums,
    book: Books,
    book_pages: Pages,
    key: Key,
    t: int,
) -> None:
    """What follows once everyone has been at the border (`blocks.run_blocks`)."""
    add_up(world, tally_sums, today_sums)
    fill_quotas(world, state, today, key, t)
    move_prices(world, state, today, t)
    learn(world, state, today, t)
    report(world, state, today, book, key, t)
    if t >= world.spin_up:
        keep(world, state, today_sums, book, book_pages, t)


@kernel
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
        risk = guard_risk(world, state, t, sector)
        book.guard_price[row, route] = risk * world.rates[0].guards.penalty
        for agency in range(2):
            book.effort[row, route, agency] = state.guards[route].effort[agency]
        for size in range(len(world.sizes)):
            book.loss_belief[row, route, size] = state.route_risk[route, size].loss_belief
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            book.search_belief[row, sector, size] = state.sector_risk[sector, size].search_belief
    for side in range(2):
        for g in range(len(world.goods)):
            for market in range(len(world.border_share)):
                book.price[row, side, g, market] = state.prices[side, g, market].price
