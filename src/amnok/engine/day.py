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
from amnok.engine.tally import Books, Sums, Tally
from amnok.world import World


@allocating_kernel
def finish_day(
    world: World,
    state: State,
    tally_sums: Sums,
    today: Tally,
    today_sums: Sums,
    book: Books,
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
        keep(world, state, today_sums, book, t)


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
def keep(world: World, state: State, today_sums: Sums, book: Books, t: int) -> None:
    """Write the day into the books."""
    row = t - world.spin_up
    flow, goods, events, bribes, money, people, scrutiny, protection, sector = today_sums.tables[:9]
    width = book.flow.shape[2] * book.flow.shape[3]
    for route in range(len(world.routes)):
        place = world.routes[route].sector
        local = route - world.sectors[place].first_route
        day_flow = flow[place, local * width : (local + 1) * width]
        book.flow[row, route] = day_flow.reshape(book.flow.shape[2], book.flow.shape[3])
        risk = guard_risk(world, state, t, place)
        book.guard_price[row, route] = risk * world.rates[0].guards.penalty
        book.effort[row, route] = state.guards[route].effort
        for size in range(len(world.sizes)):
            book.loss_belief[row, route, size] = state.route_risk[route, size].loss_belief
    book.goods[row] = goods.reshape(book.goods.shape[1:])
    book.events[row] = events.reshape(book.events.shape[1:])
    book.bribes[row] = bribes.reshape(book.bribes.shape[1:])
    book.money[row] = money.reshape(book.money.shape[1:])
    book.people[row] = people.reshape(book.people.shape[1:])
    book.scrutiny[row] = scrutiny.reshape(book.scrutiny.shape[1:])
    book.protection[row] = protection.reshape(book.protection.shape[1:])
    book.sector[row] = sector.reshape(book.sector.shape[1:])
    for place in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            book.search_belief[row, place, size] = state.sector_risk[place, size].search_belief
    for side in range(2):
        for g in range(len(world.goods)):
            for market in range(len(world.border_share)):
                book.price[row, side, g, market] = state.prices[side, g, market].price
