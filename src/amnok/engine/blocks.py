"""One block's day: people come free, those with goods plan, those who ship meet the border.

Nothing outside the block changes here, so blocks can run side by side. Sums within a block are made
in the order of its people, and the books add up blocks in their order: how blocks are spread over
threads, and how many people a tile holds, changes no bit.
"""

from __future__ import annotations

import math

from amnok.compiling import step
from amnok.compiling.memory import lend, prefetch
from amnok.decisions import HALT_DRAW, OPPORTUNITY_DRAW, RELEASE_DRAW
from amnok.draws import Key, draw
from amnok.engine.crossing import draw_meetings, send
from amnok.engine.foresight import foresee
from amnok.engine.lanes import (
    BASE_ITEMS,
    GOODS_COME_IN,
    LANES,
    TILE,
    TRADER_IS_READY,
    TRADER_IS_WATCHED,
    VECTOR,
    Lanes,
    Tile,
    draw_stretch,
    fill_up,
    new_lanes,
    new_tile,
)
from amnok.engine.planning import plan
from amnok.engine.state import NO_TERM, State
from amnok.engine.tally import Tally
from amnok.mechanisms import entry_exit, oversight, protection, targeting
from amnok.mechanisms.deeds import DETAINED, FREE, GONE, IMPRISONED, NOTHING, PACKED, day_in
from amnok.mechanisms.roles import EXPORT, GUARD, IMPORT, SECURITY
from amnok.mechanisms.security_police import investigation_chance, open_file
from amnok.mechanisms.supply import gain_of, readiest
from amnok.rules.calendar import kept_home
from amnok.rules.partners import takes_part
from amnok.world import World
from amnok.world.consignment import partner_payment
from amnok.world.places import OUTER


@step
def run_blocks(
    world: World, state: State, tally: Tally, key: Key, t: int, first: int, last: int
) -> None:
    """The day of the blocks first <= b < last: the outer side first, as trips need partners."""
    tile, lanes = lend(new_tile()), lend(new_lanes())
    for block in range(first, last):
        area = world.blocks[block]
        for side in range(2):
            release_due(world, state, key, t, block, side)
        outer_morning(world, state, tally, key, t, block)
        if world.rates[0].entry_exit.present > 0.0:
            entry_exit.reconsider(world, state, key, t, block)
        ready, watched = 0, watch_chance(world, t, area.sector)
        for start in range(area.inner_first, area.inner_last, TILE):
            end = min(start + TILE, area.inner_last)
            draw_stretch(key, start, end - start, t - world.spin_up, OPPORTUNITY_DRAW, tile.words)
            for i in range(end, min(end + TILE, area.inner_last), 2):  # two to a line of memory
                prefetch(world.traits, i)
            for n in tile.called[: screen(world, state, t, start, end, watched, tile)]:
                ready = prepare_consignment(
                    world, state, tally, key, t, block, start + n, n, watched, tile, lanes, ready
                )
            if ready > LANES - VECTOR - TILE or end == area.inner_last:
                filled = fill_up(lanes, ready)
                plan(world, state, key, t, area.sector, lanes, filled)
                draw_meetings(key, t - world.spin_up, lanes, filled)
                foresee(world, state, t, area.sector, lanes, filled)
                send(world, state, tally, key, t, block, lanes, ready)
                ready = 0
        count_people(world, state, tally, t, block)


@step
def release_due(world: World, state: State, key: Key, t: int, block: int, side: int) -> None:
    """People whose time is up come back, or never trade again."""
    first = world.stretches[block, side, 0]
    until = state.until[first : world.stretches[block, side, -1]]
    due = 0
    for n in range(len(until)):
        due += until[n] <= t
    if due > 0:
        for n in range(len(until)):
            if until[n] <= t:
                returns = draw(key, first + n, t - world.spin_up, RELEASE_DRAW)
                stays = returns < world.rates[0].traders.return_share
                state.status[first + n] = FREE if stays else GONE
                until[n] = NO_TERM


@step
def outer_morning(world: World, state: State, tally: Tally, key: Key, t: int, block: int) -> None:
    """The outer side before the first trip; on the first of the month some pay for protection, and
    whom the risk is too large takes no goods."""
    first, last = world.stretches[block, OUTER, 0], world.stretches[block, OUTER, -1]
    state.taken[first:last] = 0
    is_purged = world.inspected[t, OUTER, world.blocks[block].sector]
    if is_purged:
        oversight.purge(world, state, tally, key, t, block)
    if world.rates[0].targeting.present > 0.0:
        targeting.bring_cases(world, state, tally, key, t, block)
    if world.days[t, 0].month_start:
        for i in range(first, last):
            may_pay = world.traits[i].protection_access and not is_purged
            if state.status[i] == FREE and may_pay:
                protection.choose(world, state, tally, block, i)
        for size in range(len(world.sizes)):
            choose_to_take_part(world, state, t, block, size)
    for size in range(len(world.sizes)):
        first, last = world.stretches[block, OUTER, size], world.stretches[block, OUTER, size + 1]
        status, protected = state.status[first:last], state.protected[first:last]
        free, paying = 0, 0
        for n in range(len(status)):
            free += status[n] == FREE
            paying += (status[n] == FREE) & (protected[n] != 0)
        tally.partners[block, size, 0].partner_free_days += free - paying
        tally.partners[block, size, 1].partner_free_days += paying


@step
def choose_to_take_part(world: World, state: State, t: int, block: int, size: int) -> None:
    """Which partners of a size take goods this month: those whose share is worth the risk."""
    rates, sector = world.rates[0], world.blocks[block].sector
    market = world.sectors[sector].market
    margin = 0.0
    for g in range(len(world.goods)):
        margin += world.offered[sector, size, g] * gain_of(state, world.goods[g], g, market)
    earned, loss = partner_payment(rates, margin), world.sizes[size].arrest_loss
    by_guards = rates.guards.present * (day_in(world, t, sector).bank[GUARD] == OUTER)
    are_arrests = rates.patrols.present + rates.quota.present + by_guards > 0.0
    for i in range(world.stretches[block, OUTER, size], world.stretches[block, OUTER, size + 1]):
        if state.status[i] == FREE:
            effect = rates.protection.effect if state.protected[i] else 0.0
            risk = protection.monthly_risk(world, state, i) * (1.0 - effect)
            state.refuses[i] = not takes_part(earned, risk if are_arrests else 0.0, loss)


@step
def watch_chance(world: World, t: int, sector: int) -> float:
    """Chance that the security police open a file on a trader of a sector today."""
    police, day = world.rates[0].security_police, day_in(world, t, sector)
    return investigation_chance(police.watch_base, police.watch_boost, day.intensity[SECURITY])


@step
def screen(
    world: World, state: State, t: int, first: int, last: int, watched: float, tile: Tile
) -> int:
    """List who may have something to do today, and how many they are; `prepare_consignment` looks
    closer at those. `watched` is the chance that a file on a trader is opened today."""
    status, waiting = state.status[first:last], state.waiting[first:last]
    rate = world.shipping_rate[first:last]
    sector = world.traits[first].sector
    market = world.sectors[sector].market
    most = world.best_season[t] * readiest(state, market)
    for n in range(len(status)):
        ready = tile.words[TRADER_IS_READY * TILE + n] < rate[n] * most
        seen = tile.words[TRADER_IS_WATCHED * TILE + n] < watched
        tile.may_go[n] = (status[n] == FREE) & (ready | seen | (waiting[n] != NOTHING))
    # Who they are cannot be foreseen: a list made without a branch spares the processor guesses.
    count = 0
    for n in range(len(status)):
        tile.called[count] = n
        count += tile.may_go[n]
    return count


@step
def prepare_consignment(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    block: int,
    i: int,
    n: int,
    watched: float,
    tile: Tile,
    lanes: Lanes,
    ready: int,
) -> int:
    """A free trader's morning: perhaps watched, perhaps with goods packed; returns lanes in use."""
    traits = world.traits[i]
    size, sector = world.sizes[traits.size_class], world.blocks[block].sector
    if tile.words[TRADER_IS_WATCHED * TILE + n] < watched:
        open_file(world, state, tally, t, block, i)
    waiting = int(state.waiting[i])
    fresh = IMPORT if tile.words[GOODS_COME_IN * TILE + n] < size.import_share else EXPORT
    direction = fresh if waiting == NOTHING else waiting - PACKED
    g = int(traits.import_goods) if direction == IMPORT else int(traits.export_goods)
    market = world.sectors[sector].market
    ready_for = state.supply[max(g, 0), market].readiness
    chance = size.shipping_rate * world.season[t, max(g, 0)] * ready_for
    goes = (g >= 0) & ((waiting != NOTHING) | (tile.words[TRADER_IS_READY * TILE + n] < chance))
    state.waiting[i] = PACKED + direction if goes else waiting
    halt = day_in(world, t, sector).halt[direction]
    if halt > 0.0 and goes:
        goes = not kept_home(halt, draw(key, i, t - world.spin_up, HALT_DRAW))
        tally.sector[block].kept_home += not goes
    if world.rates[0].fines.present > 0.0 and goes and state.impounded_until[i] > t:
        goes = False
        tally.sector[block].no_vehicle += 1
    call_up(world, state, i)
    # Written whether or not they go: a lane more or less costs less than a wrong guess.
    lanes.person[ready], lanes.goods[ready] = i, g
    lanes.base_items[ready] = tile.words[BASE_ITEMS * TILE + n]
    return ready + int(goes)


@step
def call_up(world: World, state: State, i: int) -> None:
    """Ask for what setting out will read of a sender and the partner: it is needed in a while."""
    partner = max(int(world.traits[i].partner), 0)
    prefetch(state.traders, i)
    prefetch(state.investigated, i)
    prefetch(world.traits, partner)
    prefetch(state.traders, partner)
    prefetch(state.status, partner)
    prefetch(state.low_until, partner)
    prefetch(state.taken, partner)
    prefetch(state.protected, partner)


@step
def count_people(world: World, state: State, tally: Tally, t: int, block: int) -> None:
    """Who is free, detained, imprisoned or gone at the day's end, and what is known of them."""
    scrutinised_since = math.ceil(t - world.rates[0].security_police.scrutiny_days)
    for side in range(2):
        for size in range(len(world.sizes)):
            first, last = world.stretches[block, side, size], world.stretches[block, side, size + 1]
            people = tally.people[block, side, size]
            status, protected = state.status[first:last], state.protected[first:last]
            low_until, known_until = state.low_until[first:last], state.known_until[first:last]
            investigated = state.investigated[first:last]
            refuses = state.refuses[first:last]
            detained, imprisoned, gone, away, paying, refusing = 0, 0, 0, 0, 0, 0
            if world.rates[0].entry_exit.present > 0.0:
                away = entry_exit.how_many_away(status)
            low, scrutiny, known = 0, 0, 0
            for n in range(len(status)):
                detained += status[n] == DETAINED
                imprisoned += status[n] == IMPRISONED
                gone += status[n] == GONE
                paying += protected[n] != 0
                refusing += (status[n] == FREE) & (refuses[n] != 0)
            for n in range(len(status)):
                low += low_until[n] > t
                known += known_until[n] > t
                scrutiny += investigated[n] >= scrutinised_since
            people.free += len(status) - detained - imprisoned - gone - away
            people.detained += detained
            people.imprisoned += imprisoned
            people.gone += gone
            people.away += away
            people.lying_low += low
            people.under_scrutiny += scrutiny
            people.known += known
            people.protected += paying
            people.refusing += refusing
