"""Learning: what people come to believe from what happened today, by word of mouth.

Beliefs are shared by sector (or route) and size of trader; a person's own caution and experience
multiply them (planning.form_beliefs). Counts are for each trader, so that beliefs do not depend on
how many trade; they fade, and bad events weigh more than good ones.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.engine.state import State
from amnok.engine.tally import Tally
from amnok.mechanisms.deeds import day_in
from amnok.mechanisms.guards import guards_on_route, strict_share
from amnok.mechanisms.roles import GUARD, PATROL, POLICE, SECURITY
from amnok.mechanisms.word_of_mouth import hear
from amnok.rules.learning import believed_rate, discounted, per_trader
from amnok.rules.routes import effort_on_route
from amnok.world import World
from amnok.world.chances import prior_fine, prior_release
from amnok.world.consignment import load_of
from amnok.world.places import INNER, OUTER


@step
def learn(world: World, state: State, today: Tally, t: int) -> None:
    """Update every shared belief, guards' posts and agencies' spread of effort."""
    for sector in range(len(world.sectors)):
        count_searches(world, state, today, sector)
        count_arrests(world, state, today, sector, t)
        area = world.sectors[sector]
        for route in range(area.first_route, area.last_route):
            local = route - area.first_route
            count_route(world, state, today, sector, route, local)
            fill_posts(world, state, today, sector, route, local)
        spread_effort(world, state, sector, 0, world.follow[sector, SECURITY], t)
        spread_effort(world, state, sector, 1, world.follow[sector, PATROL], t)
    if world.rates[0].word_of_mouth.present > 0.0:
        hear(world, state, t)
    believe(world, state)


@step
def count_searches(world: World, state: State, today: Tally, sector: int) -> None:
    """How often senders are searched, and how often (for guards) a leak comes to light."""
    memory = world.rates[0].learning.memory
    everyone = 0.0
    for size in range(len(world.sizes)):
        traders = world.traders[INNER, sector, size]
        everyone += traders
        searched, shipped = 0.0, 0.0
        for local in range(today.flow.shape[1]):
            searched += today.flow[sector, local, size].searches
            shipped += today.flow[sector, local, size].attempts
        risk = state.sector_risk[sector, size]
        risk.searched = discounted(risk.searched, per_trader(searched, traders), memory)
        risk.shipped = discounted(risk.shipped, per_trader(shipped, traders), memory)
    posts = state.sectors[sector]
    leaks = per_trader(today.sector[sector].leak_cases, everyone)
    posts.leaks = discounted(posts.leaks, leaks, memory)
    loads = 0.0
    for g in range(len(world.goods)):
        sent = today.goods[sector, g].goods_items_attempted
        loads += load_of(world.rates[0], world.goods[g], float(sent))
    loads = per_trader(loads, everyone)
    posts.passed = discounted(posts.passed, loads, memory)


@step
def count_arrests(world: World, state: State, today: Tally, sector: int, t: int) -> None:
    """How often outer-side traders of each size are taken in, per person and day."""
    memory = world.rates[0].learning.memory
    by_guards = day_in(world, t, sector).bank[GUARD] == OUTER
    for size in range(len(world.sizes)):
        arrests = (
            today.events[sector, PATROL, size].arrests + today.events[sector, POLICE, size].arrests
        )
        if by_guards:
            arrests += today.events[sector, GUARD, size].arrests
        risk = state.sector_risk[sector, size]
        traders = world.traders[OUTER, sector, size]
        risk.taken_in = discounted(risk.taken_in, per_trader(arrests, traders), memory)
        free = per_trader(today.people[sector, OUTER, size].free, traders)
        risk.person_days = discounted(risk.person_days, free, memory)


@step
def count_route(
    world: World, state: State, today: Tally, sector: int, route: int, local: int
) -> None:
    """How often consignments are lost on a route, or released for a payment, and what each agency
    stopped on it."""
    memory = world.rates[0].learning.memory
    searches, intercepts = 0.0, 0.0
    for size in range(len(world.sizes)):
        flow, risk = today.flow[sector, local, size], state.route_risk[route, size]
        searches += flow.searches
        intercepts += flow.intercepts
        # Those whose trips these are: routes of a kind share the traders of their sector.
        traders = world.traders[INNER, sector, size] / world.routes[route].alike
        lost, released = per_trader(flow.losses, traders), per_trader(flow.released, traders)
        risk.lost = discounted(risk.lost, lost, memory)
        risk.released = discounted(risk.released, released, memory)
        risk.tried = discounted(risk.tried, per_trader(flow.attempts, traders), memory)
        if world.rates[0].fines.present > 0.0:
            risk.fined = discounted(risk.fined, per_trader(flow.fined, traders), memory)
    finds = state.guards[route].finds
    finds[0] = discounted(finds[0], searches, memory)
    finds[1] = discounted(finds[1], intercepts, memory)


@step
def believe(world: World, state: State) -> None:
    """What all come to believe, from what they have seen and heard."""
    rates, learning = world.rates[0], world.rates[0].learning
    release, fine = prior_release(rates), prior_fine(rates)
    weight, salience = learning.prior_weight, learning.salience
    for sector in range(len(world.sectors)):
        for size in range(len(world.sizes)):
            risk = state.sector_risk[sector, size]
            risk.search_belief = believed_rate(
                risk.searched, risk.shipped, learning.prior_search, weight, salience
            )
            risk.arrest_belief = believed_rate(
                risk.taken_in, risk.person_days, learning.prior_arrest, weight, salience
            )
        posts = state.sectors[sector]
        posts.find_belief = believed_rate(
            posts.leaks, posts.passed, learning.prior_find, weight, salience
        )
    for route in range(len(world.routes)):
        for size in range(len(world.sizes)):
            way = state.route_risk[route, size]
            way.loss_belief = believed_rate(
                way.lost, way.tried, learning.prior_loss, weight, salience
            )
            way.release_belief = believed_rate(way.released, way.tried, release, weight, salience)
            if rates.fines.present > 0.0:
                way.fine_belief = believed_rate(way.fined, way.tried, fine, weight, salience)


@step
def fill_posts(
    world: World, state: State, today: Tally, sector: int, route: int, local: int
) -> None:
    """Strict guards take over from those removed today, and are usual ones after a time."""
    rates, post = world.rates[0].guards, state.guards[route]
    senders = 0.0
    for size in range(len(world.sizes)):
        senders += world.traders[INNER, sector, size]
    guards = guards_on_route(senders, world.routes[route].alike, rates.clients)
    post.strict = strict_share(post.strict, today.removed[sector, local], guards, rates.strict_days)


@step
def spread_effort(
    world: World, state: State, sector: int, agency: int, follow: float, t: int
) -> None:
    """Tomorrow's effort of an agency on each route: by plan, or drawn to where it stopped most."""
    area = world.sectors[sector]
    tomorrow = day_in(world, min(t + 1, len(world.days) - 1), sector).plan
    mean = 0.0
    for route in range(area.first_route, area.last_route):
        mean += state.guards[route].finds[agency] / (area.last_route - area.first_route)
    for route in range(area.first_route, area.last_route):
        guard = state.guards[route]
        guard.effort[agency] = effort_on_route(
            world.plan[tomorrow, route, agency], follow, guard.finds[agency], mean
        )
