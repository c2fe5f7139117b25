"""Meetings on the way: guard, cameras and security police, patrol, customs.

Each meeting books what happens and says whether the consignment goes on: PASSED, TURNED_BACK (the
trader keeps the goods) or LOST (the goods are seized). Officials act on what is really there; what
traders believed when they planned plays no part here.
"""

from __future__ import annotations

from typing import NamedTuple

from amnok.compiling import step
from amnok.decisions import RELEASE_DRAW
from amnok.draws import Key, draw, draw4
from amnok.engine.lanes import (
    CALL_NOTICED,
    CALLER_LET_GO,
    LANES,
    PARTNER_ARRESTED,
    PARTNER_IMPRISONED,
    PARTNER_QUESTIONED,
    PATROL_LETS_GO,
    Lanes,
)
from amnok.engine.planning import Plan
from amnok.engine.state import DETAINED, IMPRISONED, State
from amnok.engine.tally import Tally
from amnok.mechanisms.customs import CUSTOMS_DRAW
from amnok.mechanisms.roles import CUSTOMS_OFFICE, GUARD, PATROL, POLICE, SECURITY
from amnok.mechanisms.security_police import SEARCH_DRAW
from amnok.rules.distributions import binomial, exponential_days
from amnok.world import World
from amnok.world.consignment import (
    customs_dues,
    customs_stop_probability,
    let_go_probability,
    liability,
    notice_probability,
    question_probability,
    release_payment,
    seizure_probability,
    terms,
)

PASSED, TURNED_BACK, LOST = 0, 1, 2
_TERM_OPTION = 1  # keeps the length of a term apart from what happens on release


class Trip(NamedTuple):
    """Who is on the way with what; `local` is the route's place within its sector.

    `lane` is where the draws of the day's meetings lie.
    """

    block: int
    local: int
    lane: int
    i: int
    partner: int
    size: int
    partner_size: int
    g: int
    leaks: int


@step
def detain(state: State, key: Key, t: int, day: int, i: int, status: int, days: float) -> None:
    """Detain or imprison a person for an exponential time of so many days, at least one."""
    term = 1 + exponential_days(days, draw(key, i, day, RELEASE_DRAW, _TERM_OPTION))
    state.status[i] = status
    state.until[i] = t + term
    state.arrests[i] += day >= 0


@step
def open_file(world: World, state: State, tally: Tally, t: int, block: int, i: int) -> None:
    """The security police investigate a trader, who stays wary for long (claim A06)."""
    trader = state.traders[i]
    state.investigated[i] = t
    trader.leak_wary = world.rates[0].learning.investigated_wariness
    trader.leak_day = t
    tally.events[block, SECURITY, world.traits[i].size_class].investigations += 1


@step
def seize(tally: Tally, block: int, role: int, size: int, planned: Plan) -> None:
    """Book goods taken by an agency."""
    event = tally.events[block, role, size]
    event.items_seized += planned.items
    event.value_seized += planned.worth


@step
def meet_guard(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    lanes: Lanes,
    trip: Trip,
    planned: Plan,
) -> int:
    """A guard agrees on a price and splits it with others, or refuses; the odd one arrests."""
    outcome = PASSED
    if not lanes.accepts_bribe[trip.lane]:
        outcome = LOST
        event = tally.events[trip.block, GUARD, trip.size]
        event.stops += 1
        event.detections += 1
        event.arrests += 1
        seize(tally, trip.block, GUARD, trip.size, planned)
        days = world.rates[0].security_police.contraband_days
        detain(state, key, t, t - world.spin_up, trip.i, DETAINED, days)
    elif lanes.bribe[trip.lane] < 0.0:
        outcome = TURNED_BACK
        tally.flow[trip.block, trip.local, trip.size].refused += 1
    else:
        pay_guard(world, state, tally, trip, lanes.bribe[trip.lane])
    return outcome


@step
def pay_guard(world: World, state: State, tally: Tally, trip: Trip, bribe: float) -> None:
    """The guard's bribe, of which others get their shares."""
    guards = world.rates[0].guards
    up, aside = bribe * guards.share_superiors, bribe * guards.share_security
    bribes = tally.bribes[trip.block, trip.size]
    bribes.superiors += up
    bribes.security_police += aside
    bribes.guards += bribe - up - aside
    state.traders[trip.i].cash -= bribe
    tally.flow[trip.block, trip.local, trip.size].guard_bribes += bribe


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
    flow = tally.flow[trip.block, trip.local, trip.size]
    flow.seen_by_camera += lanes.seen[trip.lane]
    outcome = PASSED
    if lanes.search[trip.lane]:
        flow.searches += 1
        tally.events[trip.block, SECURITY, trip.size].stops += 1
        outcome = searched(world, state, tally, key, t, trip, planned)
    return outcome


@step
def searched(
    world: World, state: State, tally: Tally, key: Key, t: int, trip: Trip, planned: Plan
) -> int:
    """What a search leads to: a leak means prison; contraband alone, a payment or some days."""
    rates, day = world.rates[0], t - world.spin_up
    police = rates.security_police
    u_find, u_seize, u_file, u_guard = draw4(key, trip.i, day, SEARCH_DRAW)
    found = binomial(trip.leaks, police.find_rate, u_find)
    if u_file < police.file_opened or found > 0:
        open_file(world, state, tally, t, trip.block, trip.i)
    if found > 0:
        tally.sector[trip.block].leak_cases += 1
        tally.flow[trip.block, trip.local, trip.size].leaks_found += found
        if u_guard < liability(rates, world.days[t]):
            # The route's guard pays for it too (claim A09); a stricter one takes over tomorrow.
            tally.removed[trip.block, trip.local] += 1
            tally.sector[trip.block].guards_removed += 1
    outcome = PASSED
    event = tally.events[trip.block, SECURITY, trip.size]
    if u_seize < seizure_probability(rates, found > 0):
        outcome = LOST
        event.arrests += 1
        event.detections += 1
        seize(tally, trip.block, SECURITY, trip.size, planned)
        if found > 0:
            event.imprisonments += 1
            detain(state, key, t, day, trip.i, IMPRISONED, police.leak_days)
        else:
            detain(state, key, t, day, trip.i, DETAINED, police.contraband_days)
    else:
        # The usual end: a payment, never more than the goods are worth.
        amount = release_payment(planned.worth, world.sizes[trip.size].release_payment)
        state.traders[trip.i].cash -= amount
        tally.bribes[trip.block, trip.size].security_police += amount
        tally.flow[trip.block, trip.local, trip.size].released += 1
    return outcome


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
    """An outer-side patrol: lets go, or seizes the goods and brings the partner in."""
    rates, size = world.rates[0], trip.partner_size
    u_go = lanes.word_patrol[PATROL_LETS_GO * LANES + trip.lane]
    u_arrest = lanes.word_patrol[PARTNER_ARRESTED * LANES + trip.lane]
    u_prison = lanes.word_patrol[PARTNER_IMPRISONED * LANES + trip.lane]
    outcome = PASSED
    if lanes.met[trip.lane]:
        tally.flow[trip.block, trip.local, trip.size].intercepts += 1
        event = tally.events[trip.block, PATROL, size]
        event.stops += 1
        if u_go < let_go_probability(rates, world.sizes[size], state.protected[trip.partner]):
            event.let_go += 1
        else:
            outcome = LOST
            event.detections += 1
            seize(tally, trip.block, PATROL, size, planned)
            if u_arrest < rates.patrols.arrest_share:
                arrest_outer(
                    world, state, tally, key, t, trip.block, trip.partner, PATROL, u_prison
                )
            else:
                event.questionings += 1
                state.known_until[trip.partner] = t + int(rates.phones.known_days)
                state.low_until[trip.partner] = t + 1 + int(rates.phones.lie_low_days)
    return outcome


@step
def arrest_outer(
    world: World,
    state: State,
    tally: Tally,
    key: Key,
    t: int,
    block: int,
    person: int,
    role: int,
    u_prison: float,
) -> None:
    """Arrest an outer-side trader: mostly days of detention, rarely prison (claim B03)."""
    quota, day = world.rates[0].quota, t - world.spin_up
    size = int(world.traits[person].size_class)
    event = tally.events[block, role, size]
    event.arrests += 1
    paying = 1 if state.protected[person] else 0
    tally.partners[block, size, paying].partner_arrests += 1
    if u_prison < quota.prison_share:
        event.imprisonments += 1
        detain(state, key, t, day, person, IMPRISONED, quota.prison_days)
    else:
        detain(state, key, t, day, person, DETAINED, quota.detention_days)


@step
def meet_customs(
    world: World, state: State, tally: Tally, key: Key, t: int, trip: Trip, planned: Plan
) -> int:
    """The bridge: duty and a payment, and now and then a sanctioned load that is stopped."""
    rates, day = world.rates[0], world.days[t]
    event = tally.events[trip.block, CUSTOMS_OFFICE, trip.partner_size]
    event.stops += 1
    outcome = PASSED
    u_stop = draw(key, trip.i, t - world.spin_up, CUSTOMS_DRAW)
    if u_stop < customs_stop_probability(rates, world.goods[trip.g], day):
        outcome = LOST
        event.detections += 1
        seize(tally, trip.block, CUSTOMS_OFFICE, trip.partner_size, planned)
    else:
        asked = terms(rates, world.routes[planned.route])
        duty, bribe = customs_dues(asked, planned.worth)
        state.traders[trip.i].cash -= duty + bribe
        tally.accounts[trip.block].duties += duty
        tally.bribes[trip.block, trip.size].customs += bribe
    return outcome


@step
def call_partner(
    world: World, state: State, tally: Tally, t: int, lanes: Lanes, trip: Trip
) -> None:
    """Arranging a trip takes calls; a watched one makes the partner known, perhaps questioned."""
    rates, size = world.rates[0], trip.partner_size
    phones, day = rates.phones, world.days[t]
    u_noticed = lanes.word_phone[CALL_NOTICED * LANES + trip.lane]
    u_question = lanes.word_phone[PARTNER_QUESTIONED * LANES + trip.lane]
    u_go = lanes.word_phone[CALLER_LET_GO * LANES + trip.lane]
    if u_noticed < notice_probability(rates, day):
        state.known_until[trip.partner] = t + int(phones.known_days)
        if u_question < question_probability(rates, day):
            event = tally.events[trip.block, POLICE, size]
            event.stops += 1
            if u_go < let_go_probability(rates, world.sizes[size], state.protected[trip.partner]):
                event.let_go += 1
            else:
                event.questionings += 1
                # From tomorrow on: today's trip is already arranged.
                state.low_until[trip.partner] = t + 1 + int(phones.lie_low_days)
