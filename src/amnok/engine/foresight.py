"""What awaits a consignment: the guard's price, cameras, a search, a patrol.

Whom a consignment meets depends on its way, the day and its own draws, and on nothing that others
do on the same day. So all who may set out are looked at side by side, in one loop without branches,
and those whom nobody stops, nearly all, need no meeting (`crossing.pass_quietly`). What becomes of
the others is in `meetings`.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.engine.lanes import LANES, Lanes
from amnok.engine.planning import guard_bribe
from amnok.engine.state import State
from amnok.rules.guards import deals
from amnok.world import World
from amnok.world.places import CUSTOMS, RIVER
from amnok.world.stakes import camera_sees, intercepted, is_searched


@step
def foresee(world: World, state: State, t: int, lanes: Lanes, count: int) -> None:
    """Whether the guard deals and for what, who is seen, searched or met, and who passes in quiet.

    Fills `deals` to `quiet` of the lanes 0 <= k < count, from their plans and the day's draws.
    """
    if len(world.routes) == 0:
        return  # nobody sets out, and there is no way to look at
    rates, day = world.rates[0], world.days[t]
    guards, police = rates.guards, rates.security_police
    for k in range(count):
        route = max(lanes.best_route[k], 0)  # any will do for those who stay home
        way, post = world.routes[route], state.guards[route]
        worth = lanes.best_items[k] * lanes.buy[k]
        bribe = guard_bribe(world, state, t, route, worth, lanes.best_surplus[k])
        is_deal = deals(guards.collusion, lanes.word_camera[2 * LANES + k])
        seen = lanes.word_camera[k] < camera_sees(rates, way, day.camera_level)
        factor = police.flag_factor if seen else 1.0
        is_watched = t - state.investigated[lanes.person[k]] <= police.scrutiny_days
        factor = factor * police.scrutiny_factor if is_watched else factor
        u_search, u_meet = lanes.word_camera[LANES + k], lanes.word_patrol[k]
        search = u_search < is_searched(rates, way, day, post.effort[0], factor)
        met = u_meet < intercepted(rates, way, day, post.effort[1])
        lanes.deals[k], lanes.bribe[k] = is_deal, bribe
        lanes.seen[k], lanes.search[k], lanes.met[k] = seen, search, met
        passes_guard = (way.channel != RIVER) | (is_deal & (bribe >= 0.0))
        stopped = search | met | (way.channel == CUSTOMS)
        lanes.quiet[k] = passes_guard & (not stopped)
