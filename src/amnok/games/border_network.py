"""The border of a scenario as games: its routes as arcs and as targets, its own numbers as payoffs.

Ways lead from inner markets through sectors and routes to the outer side, or as well back, for
goods that come in:

    inner -> market -> sector -> (one arc for each route) -> outer

An agency meets consignments on routes only. In the model, its chance of that grows in proportion to
its effort there, and efforts average 1 over routes; here the agency is free to choose, so that all
of its effort, on R routes, may stand on one of them with effort R, or on k of them with R/k each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np

from amnok.allocation.certificate import Inputs
from amnok.errors import AmnokError, Fault, nearest
from amnok.games.interdiction import InterdictionGame
from amnok.games.network import Network
from amnok.games.targets import Floats, Targets
from amnok.mechanisms.patrols import Patrols
from amnok.mechanisms.protection import Protection
from amnok.mechanisms.security_police import SecurityPolice
from amnok.scenario.model import Scenario, needed
from amnok.scenario.politics import Directions, ways_of
from amnok.world.chances import let_go_probability, patrol_slope, search_slope
from amnok.world.changes import on
from amnok.world.days import date_in, day_of
from amnok.world.places import CHANNELS, route_names, sizes
from amnok.world.places import sectors as sectors_of
from amnok.world.rates import Records, rates

AGENCIES = ("patrol", "security_police")


@dataclass(frozen=True, eq=False)
class BorderNetwork:
    """Routes of a border as a network.

    Attributes:
        network: its nodes are `nodes`, its arcs `arcs`.
        nodes: names; the source is `inner`, the sink `outer`.
        arcs: names; a route's own, or `from > to`.
        routes: which arcs are routes, [route].
        detection: chance that the agency meets a consignment with all of its effort there, [arc].
        cost: of crossing, as a share of the goods' worth, [arc].
        rate: chance of a meeting at effort 1 and no upper limit, [arc]; `detection` is this times
            the number of routes, at most 1.
        direction: of the goods that go these ways: `export`, `import` or `both`.
    """

    network: Network
    nodes: tuple[str, ...]
    arcs: tuple[str, ...]
    routes: np.typing.NDArray[np.int64]
    detection: Floats
    cost: Floats
    rate: Floats
    direction: Directions

    def met(self, effort: float) -> Floats:
        """Chance of a meeting with this effort on a route, [arc]; 1 is an even spread."""
        return np.minimum(1.0, self.rate * effort)


def border_network(
    scenario: Scenario,
    date: dt.date | str,
    agency: str = "patrol",
    channels: Sequence[str] = CHANNELS,
    direction: Directions = "both",
) -> BorderNetwork:
    """The routes of a scenario on a day, and what an agency can do there.

    Args:
        scenario: the border.
        date: a day of its period; orders in force decide how hard the agency works, changes what
            the numbers are, and closures which routes there are.
        agency: `patrol` or `security_police` (searches, without an alarm by a camera).
        channels: which routes count: those open to a kind of trader.
        direction: whose ways: a way counts that is not shut to these goods, with `both` one that is
            not shut to all.

    Raises:
        AmnokError: the day is not in the period, there is no such agency, channel or direction, no
            route of these channels is open, or several agencies share the role.

    >>> from amnok.scenario import load
    >>> border = border_network(load("sino-korean-border"), "2018-11-01", channels=["river"])
    >>> len(border.routes), border.arcs[border.routes[0]], border.rate[border.routes[0]].round(4)
    (30, 'sinuiju-main', np.float64(0.0219))
    """
    date = date_in(scenario, date)
    scenario, ways = on(scenario, date)
    today, zone = day_of(scenario, date), sectors_of(scenario)["zone"]
    _refuse_unknown(agency, channels, direction)
    kept = [
        (name, row)
        for name, row in zip(route_names(scenario), ways, strict=True)
        if CHANNELS[row["channel"]] in channels and row["open"][ways_of(direction)].max() > 0.0
    ]
    if not kept:
        raise AmnokError(Fault("no route of these channels", path="channels"))
    needed(scenario, Patrols if agency == "patrol" else SecurityPolice)
    if sum(one.role == agency for one in scenario.agencies.values()) > 1:
        problem = f"several agencies have the role {agency}, and the game moves the effort of one"
        fix = "ask about a border on which one agency serves all sectors"
        raise AmnokError(Fault(problem, fix, path="agency"))
    numbers = rates(scenario)[0]
    nodes = ("inner", *scenario.markets, *(f"sector {one}" for one in scenario.sectors), "outer")
    number = {name: place for place, name in enumerate(nodes)}
    sectors = list(scenario.sectors)
    towns = sorted({scenario.sectors[sectors[row["sector"]]].market for _, row in kept})
    used = sorted({int(row["sector"]) for _, row in kept})
    ends = [("inner", town) for town in towns]
    ends += [(scenario.sectors[sectors[one]].market, f"sector {sectors[one]}") for one in used]
    names = [" > ".join(pair) for pair in ends]
    free = len(ends)
    ends += [(f"sector {sectors[row['sector']]}", "outer") for _, row in kept]
    rate, cost = np.zeros(len(ends)), np.zeros(len(ends))
    rate[free:] = [_rate(numbers, agency, today[zone[row["sector"]]], row) for _, row in kept]
    cost[free:] = [row["crossing_cost"] + row["detour"] for _, row in kept]
    return BorderNetwork(
        network=Network(
            np.array([number[tail] for tail, _ in ends]),
            np.array([number[head] for _, head in ends]),
            number["inner"],
            number["outer"],
        ),
        nodes=nodes,
        arcs=(*names, *(name for name, _ in kept)),
        routes=np.arange(free, len(ends)),
        detection=np.minimum(1.0, rate * len(kept)),
        cost=cost,
        rate=rate,
        direction=direction,
    )


def _refuse_unknown(agency: str, channels: Sequence[str], direction: str) -> None:
    inputs = Inputs()
    problem = f"no agency is called '{agency}'"
    inputs.require(agency in AGENCIES, "agency", problem, nearest(agency, AGENCIES))
    for name in channels:
        problem = f"no channel is called '{name}'"
        inputs.require(name in CHANNELS, "channels", problem, nearest(name, CHANNELS))
    known = get_args(Directions)
    problem = f"no direction is called '{direction}'"
    inputs.require(direction in known, "direction", problem, nearest(direction, known))
    inputs.done()


def _rate(numbers: Records, agency: str, today: Records, way: Records) -> float:
    """Chance of a meeting for each unit of effort, as long as it is below 1."""
    if agency == "patrol":
        return float(patrol_slope(numbers, way, today))
    return float(search_slope(numbers, way, today, 1.0))


def post_game(border: BorderNetwork, posts: int) -> InterdictionGame:
    """Shut in the cheapest way: all effort stands on at most so many routes, in equal parts.

    A way is as long as it costs, as a share of the goods' worth: the crossing, and the chance of
    losing the goods where a post stands.

    Raises:
        AmnokError: posts are no whole number from 1 on.
    """
    inputs = Inputs()
    count = inputs.count("posts", posts, least=1)
    inputs.done()
    delays = border.met(len(border.routes) / count)
    return InterdictionGame(border.network, border.cost, delays, count)


def trader_types(
    scenario: Scenario, border: BorderNetwork, posts: float
) -> tuple[list[str], list[Targets], Floats]:
    """Traders by size, and by whether they pay for protection, as attackers of routes.

    A post on a route has effort R/posts. Payoffs are in worths of the goods: a trader earns the
    mean markup of the goods that go this way less the cost of crossing, and loses what they would
    fetch if a patrol meets and does not let go. The defender loses 1 for each consignment that
    crosses.

    Args:
        scenario: the border, with its numbers as they are on the day (`amnok.world.changes.on`).
        border: its routes, as the patrol sees them.
        posts: how many routes can be patrolled at once, above 0.

    Returns:
        Names [type], targets [type] and how common each type's consignments are, [type].

    Raises:
        AmnokError: posts are no number above 0, or no goods go that way.
    """
    inputs = Inputs()
    count = float(inputs.number("posts", posts, above=0.0))
    numbers, kinds = rates(scenario)[0], sizes(scenario)
    goods = [one for one in scenario.goods.values() if border.direction in ("both", one.direction)]
    inputs.require(bool(goods), "direction", f"no goods are of the direction {border.direction}")
    inputs.done()
    weights = np.array([kind.weight.number for kind in goods])
    markups = np.array([kind.markup.number for kind in goods])
    price = float(weights @ markups / weights.sum())
    cost = border.cost[border.routes]
    met = border.met(len(border.routes) / count)[border.routes]
    names, types, chances = [], [], []
    for kind, (name, size) in zip(kinds, scenario.traders.sizes.items(), strict=True):
        inward = size.import_share.number
        part = {"export": 1.0 - inward, "import": inward, "both": 1.0}[border.direction]
        common = size.share_inner.number * size.shipping_rate.number * part
        paying = size.protection_access.number if scenario.section(Protection) is not None else 0.0
        for label, pays, share in ((name, False, 1 - paying), (f"{name}, paying", True, paying)):
            if common * share == 0.0:
                continue
            stopped = met * (1.0 - let_go_probability(numbers, kind, pays, 0.0))
            earned = price - 1.0 - cost
            names.append(label)
            types.append(
                Targets(stopped - 1.0, np.full(len(cost), -1.0), earned - stopped * price, earned)
            )
            chances.append(common * share)
    return names, types, np.array(chances) / sum(chances)
