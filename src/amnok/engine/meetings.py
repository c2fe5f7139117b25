"""Meetings on the way, as far as they are drawn: calls, searches, patrols, customs.

Here it is drawn what comes of a meeting, against the chances that `world.chances` has for plans
and games too; what follows is in the module of each mechanism. Officials act on what is really
there: what traders believed when they planned plays no part.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.draws import Key, draw, draw4
from amnok.engine.lanes import (
    CALL_NOTICED,
    CALL_TAPPED,
    CALLER_LET_GO,
    LANES,
    PARTNER_ARRESTED,
    PARTNER_IMPRISONED,
    PARTNER_QUESTIONED,
    PATROL_LETS_GO,
    Lanes,
)
from amnok.engine.planning import Plan, papers_of
from amnok.engine.state import State
from amnok.engine.tally import Tally
from amnok.mechanisms import customs, fines, patrols, phones, security_police, state_firms
from amnok.mechanisms.customs import CUSTOMS_DRAW
from amnok.mechanisms.deeds import PASSED, Trip, day_in, stopped_size
from amnok.mechanisms.fines import FINE_DRAW, NOT_FINED, Fined
from amnok.mechanisms.roles import CUSTOMS_OFFICE, SECURITY
from amnok.mechanisms.security_police import SEARCH_DRAW, Found, open_file
from amnok.rules.distributions import binomial
from amnok.world import World
from amnok.world.chances import (
    customs_stop_probability,
    fine_probability,
    let_go_probability,
    liability,
    notice_probability,
    question_probability,
    seizure_probability,
    tap_probability,
)
from amnok.world.consignment import (
    customs_dues,
    fine_payment,
    off_books_penalty,
    off_books_probability,
    papers_dues,
    release_payment,
    terms,
)
from amnok.world.rates import Records


@step
def today(world: World, t: int, block: int) -> Records:
    """What the day brings to the sector of a block."""
    return day_in(world, t, world.blocks[block].sector)


@step
def call_partner(
    world: World, state: State, tally: Tally, t: int, lanes: Lanes, trip: Trip
) -> None:
    """Whether the call that arranges a trip is noticed, on either bank, and what comes of it."""
    rates, day = world.rates[0], today(world, t, trip.block)
    size, is_protected = world.sizes[trip.partner_size], state.protected[trip.partner]
    u_noticed = lanes.word_phone[CALL_NOTICED * LANES + trip.lane]
    u_question = lanes.word_phone[PARTNER_QUESTIONED * LANES + trip.lane]
    u_go = lanes.word_phone[CALLER_LET_GO * LANES + trip.lane]
    phones.call(
        rates,
        state,
        tally,
        t,
        trip,
        u_noticed < notice_probability(rates, day),
        u_question < question_probability(rates, day),
        u_go < let_go_probability(rates, size, is_protected, day.aim[trip.partner_size]),
    )
    if rates.inner_phones.present > 0.0:
        u_tapped = lanes.word_phone[CALL_TAPPED * LANES + trip.lane]
        chance = tap_probability(rates, day)
        if u_tapped < chance:
            tally.events[trip.block, SECURITY, trip.size].calls_tapped += 1
            if u_tapped < chance * rates.inner_phones.file_opened:
                open_file(world, state, tally, t, trip.block, trip.i)


@step
def meet_security(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    lanes: Lanes,
    trip: Trip,
    planned: Plan,
) -> int:
    """Cameras may flag the consignment; the security police may search it, for leaks above all."""
    tally.flow[trip.block, trip.local, trip.size].seen_by_camera += lanes.seen[trip.lane]
    if not lanes.search[trip.lane]:
        return PASSED
    rates = world.rates[0]
    u_find, u_seize, u_file, u_guard = draw4(key, trip.i, t - world.spin_up, SEARCH_DRAW)
    leaks = binomial(trip.leaks, rates.security_police.find_rate, u_find)
    found = Found(
        leaks,
        u_file < rates.security_police.file_opened or leaks > 0,
        u_guard < liability(rates, today(world, t, trip.block)),
        u_seize < seizure_probability(rates, leaks > 0),
        release_payment(planned.worth, world.sizes[trip.size].release_payment),
    )
    return security_police.search(world, state, tally, key, t, trip, planned, found)


@step
def meet_patrol(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    lanes: Lanes,
    trip: Trip,
    planned: Plan,
) -> int:
    """A patrol on the outer bank may meet the consignment."""
    if not lanes.met[trip.lane]:
        return PASSED
    rates, is_protected = world.rates[0], state.protected[trip.partner]
    size = world.sizes[trip.partner_size]
    u_go = lanes.word_patrol[PATROL_LETS_GO * LANES + trip.lane]
    u_arrest = lanes.word_patrol[PARTNER_ARRESTED * LANES + trip.lane]
    aim = today(world, t, trip.block).aim[trip.partner_size]
    is_let_go = u_go < let_go_probability(rates, size, is_protected, aim)
    fined = NOT_FINED if is_let_go else fine(world, state, tally, key, t, trip, planned)
    return patrols.stop(
        world,
        state,
        tally,
        key,
        t,
        trip,
        planned,
        is_let_go,
        fined,
        u_arrest < rates.patrols.arrest_share,
        lanes.word_patrol[PARTNER_IMPRISONED * LANES + trip.lane],
    )


@step
def meet_customs(
    world: World, state: State, tally: Tally, key: Key, t: int, trip: Trip, planned: Plan
) -> int:
    """Customs look at every load that goes their way, and may stop it."""
    u_stop = draw(key, trip.i, t - world.spin_up, CUSTOMS_DRAW)
    rates, day = world.rates[0], today(world, t, trip.block)
    if world.traits[trip.i].permit:
        return show_papers(world, state, tally, t, trip, planned, u_stop)
    chance = customs_stop_probability(rates, world.goods[trip.g], day)
    duty, bribe = customs_dues(terms(rates, world.routes[planned.route]), planned.worth)
    is_stopped, fined = u_stop < chance, NOT_FINED
    if is_stopped:
        fined = fine(world, state, tally, key, t, trip, planned)
    size = stopped_size(day, CUSTOMS_OFFICE, trip)
    return customs.look_at(state, tally, trip, size, planned, is_stopped, fined, duty, bribe)


@step
def show_papers(
    world: World, state: State, tally: Tally, t: int, trip: Trip, planned: Plan, u_found: float
) -> int:
    """A firm with a permit pays for what it declares; what else there is may be found."""
    rates, day = world.rates[0], today(world, t, trip.block)
    shown = papers_of(world, state, t, planned.route, trip.g)
    duty, fee = papers_dues(rates, shown, planned.worth)
    _, bribe = customs_dues(terms(rates, world.routes[planned.route]), planned.worth)
    return state_firms.show_papers(
        state,
        tally,
        trip,
        stopped_size(day, CUSTOMS_OFFICE, trip),
        u_found < off_books_probability(rates, day, shown),
        duty,
        fee,
        bribe,
        off_books_penalty(rates, shown, planned.worth),
    )


@step
def fine(
    world: World, state: State, tally: Tally, key: Key, t: int, trip: Trip, planned: Plan
) -> int:
    """Whether whoever is caught is fined, and what becomes of the goods then, or NOT_FINED."""
    rates, outcome = world.rates[0], NOT_FINED
    if rates.fines.present > 0.0:
        u_fine, u_return, u_impound, u_days = draw4(key, trip.i, t - world.spin_up, FINE_DRAW)
        if u_fine < fine_probability(rates):
            weight = planned.items * world.goods[trip.g].kilograms
            fined = Fined(
                fine_payment(rates, planned.worth, weight),
                u_return < rates.fines.returned,
                u_impound < rates.fines.impounded,
                u_days,
            )
            outcome = fines.levy(rates, state, tally, t, trip, fined)
    return outcome
