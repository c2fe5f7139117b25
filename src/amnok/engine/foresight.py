"""What awaits a consignment: the guard's price, cameras, a search, a patrol.

Whom a consignment meets depends on its way, the day and its own draws, and on nothing that others
do on the same day. So all who may set out are looked at side by side, in one loop without branches,
and those whom nobody stops, nearly all, need no meeting (`crossing.pass_quietly`). What becomes of
the others is in `meetings`.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.engine.lanes import (
    CAMERA_SEES,
    GUARD_ACCEPTS,
    GUARD_IS_STRICT,
    LANES,
    PATROL_MEETS,
    POLICE_SEARCH,
    Lanes,
)
from amnok.engine.state import State
from amnok.mechanisms import WARN_PATROLS
from amnok.mechanisms.alarms import told
from amnok.mechanisms.deeds import day_in
from amnok.mechanisms.oversight import is_inspected
from amnok.world import World
from amnok.world.chances import (
    acceptance_probability,
    camera_probability,
    patrol_probability,
    search_factor,
    search_probability,
)
from amnok.world.consignment import agreed_price, terms
from amnok.world.places import CUSTOMS

patrols_told = told(WARN_PATROLS)


@step
def foresee(world: World, state: State, t: int, sector: int, lanes: Lanes, count: int) -> None:
    """Whether the guard accepts a bribe, and which; who is seen, searched, met; who passes quietly.

    Fills `accepts_bribe` to `quiet` of the lanes 0 <= k < count, from their plans and the draws.
    """
    if len(world.routes) == 0:
        return  # nobody sets out, and there is no way to look at
    rates, day = world.rates[0], day_in(world, t, sector)
    scrutiny_days = rates.security_police.scrutiny_days
    inspected = is_inspected(world, state, t, sector)
    for k in range(count):
        route = max(lanes.best_route[k], 0)  # any will do for those who stay home
        way, post = world.routes[route], state.guards[route]
        is_strict = lanes.word_camera[GUARD_IS_STRICT * LANES + k] < post.strict
        strictness = rates.guards.strict_factor if is_strict else 1.0
        least = strictness * lanes.best_least[k]
        bribe = agreed_price(terms(rates, way), lanes.best_surplus[k], least)
        dealing = acceptance_probability(rates, way, inspected)
        accepts = lanes.word_camera[GUARD_ACCEPTS * LANES + k] < dealing
        seen = lanes.word_camera[CAMERA_SEES * LANES + k] < camera_probability(rates, way, day)
        is_scrutinised = t - state.investigated[lanes.person[k]] <= scrutiny_days
        factor = search_factor(rates, seen, is_scrutinised)
        u_search = lanes.word_camera[POLICE_SEARCH * LANES + k]
        search = u_search < search_probability(rates, way, day, post.effort[0], factor)
        u_met = lanes.word_patrol[PATROL_MEETS * LANES + k]
        warned = post.effort[1] * patrols_told(rates, way, day, lanes.word_alarms, LANES, k)
        met = u_met < patrol_probability(rates, way, day, warned)
        lanes.accepts_bribe[k], lanes.bribe[k] = accepts, bribe
        lanes.seen[k], lanes.search[k], lanes.met[k] = seen, search, met
        passes_guard = (not way.guarded) | (accepts & (bribe >= 0.0))
        stopped = search | met | (way.channel == CUSTOMS)
        lanes.quiet[k] = passes_guard & (not stopped)
