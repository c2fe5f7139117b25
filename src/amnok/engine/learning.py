"""Learning: what people come to believe from what happened today, by word of mouth.

Beliefs are shared by sector (or route) and size of trader; a person's own caution and experience
multiply them (planning.form_beliefs). Counts are for each trader, so that beliefs do not depend on
how many trade; they fade, and bad events weigh more than good ones.
"""

from __future__ import annotations

from amnok.compiling import step
from amnok.engine.state import State
from amnok.engine.tally import Tally
from amnok.mechanisms.guards import guards_on_route, strict_share
from amnok.mechanisms.roles import PATROL, POLICE, SECURITY
from amnok.rules.learning import believed_rate, discounted, per_trader
from amnok.rules.routes import effort_on_route
from amnok.world import World
from amnok.world.consignment import prior_fine, prior_release
from amnok.world.places import INNER, OUTER


@step
def learn(world: World, state: State, today: Tally, t: int) -> None:
    """Update every shared belief, guards' posts and agencies' spread of effort."""
    for sector in range(len(world.sectors)):
        learn_searches(world, state, today, sector)
        learn_arrests(world, state, today, sector)
        area = world.sectors[sector]
        for route in range(area.first_route, area.last_route):
            local = route - area.first_route
            learn_route(world, state, today, sector, route, local)
            fill_posts(world, state, today, sector, route, local)
        spread_effort(world, state, sector, 0, world.follow[SECURITY], t)
        spread_effort(world, state, sector, 1, world.follow[PATROL], t)


@step
def learn_searches(world: World, state: State, today: Tally, sector: int) -> None:
    """How often senders are searched, and how often (for guards) a leak comes to light."""
    learning = world.rates[0].learning
    everyone = 0.0
    for size in range(len(world.sizes)):
        traders = world.traders[INNER, sector, size]
        everyone += traders
        searched, shipped = 0.0, 0.0
        for local in range(today.flow.shape[1]):
            searched += today.flow[sector, local, size].searches
            shipped += today.flow[sector, local, size].attempts
        risk = state.sector_risk[sector, size]
        risk.searched = discounted(risk.searched, per_trader(searched, traders), learning.memory)
        risk.shipped = discounted(risk.shipped, per_trader(shipped, traders), learning.memory)
        risk.search_belief = believed_rate(
            risk.searched,
            risk.shipped,
            learning.prior_search,
            learning.prior_weight,
            learning.salience,
        )
    posts = state.sectors[sector]
    leaks = per_trader(today.sector[sector].leak_cases, everyone)
    posts.leaks = discounted(posts.leaks, leaks, learning.memory)
    exports = today.exports[sector, 0].export_items + today.exports[sector, 1].export_items
    loads = per_trader(exports / world.rates[0].usual_load, everyone)
    posts.passed = discounted(posts.passed, loads, learning.memory)
    posts.find_belief = believed_rate(
        posts.leaks, posts.passed, learning.prior_find, learning.prior_weight, learning.salience
    )


@step
def learn_arrests(world: World, state: State, today: Tally, sector: int) -> None:
    """How often outer-side traders of each size are taken in, per person and day."""
    learning = world.rates[0].learning
    for size in range(len(world.sizes)):
        arrests = (
            today.events[sector, PATROL, size].arrests + today.events[sector, POLICE, size].arrests
        )
        risk = state.sector_risk[sector, size]
        traders = world.traders[OUTER, sector, size]
        risk.taken_in = discounted(risk.taken_in, per_trader(arrests, traders), learning.memory)
        free = per_trader(today.people[sector, OUTER, size].free, traders)
        risk.person_days = discounted(risk.person_days, free, learning.memory)
        risk.arrest_belief = believed_rate(
            risk.taken_in,
            risk.person_days,
            learning.prior_arrest,
            learning.prior_weight,
            learning.salience,
        )


@step
def learn_route(
    world: World, state: State, today: Tally, sector: int, route: int, local: int
) -> None:
    """How often consignments are lost on a route, or released for a payment, and what each agency
    stopped on it."""
    learning, prior = world.rates[0].learning, prior_release(world.rates[0])
    searches, intercepts = 0.0, 0.0
    for size in range(len(world.sizes)):
        flow, risk = today.flow[sector, local, size], state.route_risk[route, size]
        searches += flow.searches
        intercepts += flow.intercepts
        # Those whose trips these are: routes of a kind share the traders of their sector.
        traders = world.traders[INNER, sector, size] / world.routes[route].alike
        lost, released = per_trader(flow.losses, traders), per_trader(flow.released, traders)
        risk.lost = discounted(risk.lost, lost, learning.memory)
        risk.released = discounted(risk.released, released, learning.memory)
        risk.tried = discounted(risk.tried, per_trader(flow.attempts, traders), learning.memory)
        risk.loss_belief = believed_rate(
            risk.lost, risk.tried, learning.prior_loss, learning.prior_weight, learning.salience
        )
        risk.release_belief = believed_rate(
            risk.released, risk.tried, prior, learning.prior_weight, learning.salience
        )
        if world.rates[0].fines.present > 0.0:
            fined = per_trader(flow.fined, traders)
            risk.fined = discounted(risk.fined, fined, learning.memory)
            risk.fine_belief = believed_rate(
                risk.fined,
                risk.tried,
                prior_fine(world.rates[0]),
                learning.prior_weight,
                learning.salience,
            )
    finds = state.guards[route].finds
    finds[0] = discounted(finds[0], searches, learning.memory)
    finds[1] = discounted(finds[1], intercepts, learning.memory)


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
    tomorrow = world.days[min(t + 1, len(world.days) - 1)].plan
    mean = 0.0
    for route in range(area.first_route, area.last_route):
        mean += state.guards[route].finds[agency] / (area.last_route - area.first_route)
    for route in range(area.first_route, area.last_route):
        guard = state.guards[route]
        guard.effort[agency] = effort_on_route(
            world.plan[tomorrow, route, agency], follow, guard.finds[agency], mean
        )
