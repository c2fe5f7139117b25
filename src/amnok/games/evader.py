"""An evader crosses a network past one inspector, who may wait on any arc.

Both choose at once and in secret: the inspector an arc e, the evader a way from the source to the
sink. If e is on the way, the evader is caught with chance p_e. The inspector maximises the chance
of a catch, the evader minimises it. With capacities 1/p_e, the value is 1 over the smallest cut;
the inspector waits on the arcs of the cut in proportion to 1/p_e, and the evader takes the ways of
a largest flow in proportion to what flows along them (Washburn and Wood 1995).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from amnok.allocation.certificate import Certificate, Game, Inputs
from amnok.cells import counted
from amnok.compiling import allocating_kernel
from amnok.games.files import Answer, Chance, GameFile, plan_table
from amnok.games.network import ArcPart, Ints, Network, along, network_of, shortest_ways
from amnok.games.targets import Floats

_MOST_ROWS = 200  # that a table shows


@dataclass(frozen=True, eq=False)
class EvaderGame(Game["EvaderPlan"]):
    """A network and the chance of a catch on each arc.

    Attributes:
        network: where the evader can go.
        detection: chance that an evader is caught on an arc where the inspector waits, [arc];
            0 where waiting is of no use.

    Raises:
        AmnokError: there is not one chance for each arc, or one is no number from 0 to 1.
    """

    network: Network
    detection: Floats

    def __post_init__(self) -> None:
        inputs = Inputs()
        chances = inputs.vector(
            "detection", self.detection, length=len(self.network), least=0.0, most=1.0
        )
        inputs.done()
        chances.setflags(write=False)
        object.__setattr__(self, "detection", chances)

    def solve(self) -> EvaderPlan:
        """The equilibrium, by a largest flow.

        Source: Washburn and Wood 1995.

        >>> game = EvaderGame(Network([0, 0], [1, 1], 0, 1), [0.5, 0.25])
        >>> plan = game.solve()
        >>> plan.inspect.round(3), plan.take.round(3), round(plan.value, 3)
        (array([0.333, 0.667]), array([0.667, 0.333]), 0.167)
        """
        network, chances = self.network, self.detection
        usable = np.where(chances > 0, chances, 1.0)
        least = float(usable.min())
        # Relative to the smallest chance: 1/p of a tiny one may be no number.
        capacities = np.where(chances > 0, least / usable, np.inf)
        flow = max_flow(network, capacities)
        if np.isinf(flow.value):
            return _safe(self)
        cut = flow.side[network.tails] & ~flow.side[network.heads]
        inspect = np.where(cut, capacities, 0.0)
        inspect /= inspect.sum()
        ways, amounts = ways_of(network, flow.amounts)
        take = amounts / amounts.sum()
        return _plan(self, inspect, tuple(ways), take, least / flow.value)

    def check(self, plan: EvaderPlan) -> Certificate:
        """The certificate of a plan, made anew: each side's best reply to the other.

        Raises:
            AmnokError: the plan has not one chance for each arc and each way, or a way is none.
        """
        inputs = Inputs()
        inspect = inputs.vector("inspect", plan.inspect, length=len(self.network))
        take = inputs.vector("take", plan.take, length=len(plan.ways))
        self.network.check_ways(inputs, plan.ways)
        inputs.done()
        return _certificate(self, inspect, plan.ways, take, plan.value)


@dataclass(frozen=True, eq=False)
class EvaderPlan:
    """How both sides mix.

    Attributes:
        inspect: chance that the inspector waits on each arc, [arc].
        ways: ways of the evader, [way][arc].
        take: chance that the evader takes each, [way].
        value: chance that the evader is caught.
        certificate: what proves it.
    """

    inspect: Floats
    ways: tuple[Ints, ...]
    take: Floats
    value: float
    certificate: Certificate


def _safe(game: EvaderGame) -> EvaderPlan:
    """There is a way on which nobody is ever caught; where the inspector waits does not matter."""
    way = shortest_ways(game.network, game.detection).to_sink(game.network)
    inspect = np.full(len(game.network), 1.0 / len(game.network))
    return _plan(game, inspect, (way,), np.ones(1), 0.0)


def _plan(
    game: EvaderGame, inspect: Floats, ways: tuple[Ints, ...], take: Floats, value: float
) -> EvaderPlan:
    inspect.setflags(write=False)
    take.setflags(write=False)
    return EvaderPlan(inspect, ways, take, value, _certificate(game, inspect, ways, take, value))


def _certificate(
    game: EvaderGame, inspect: Floats, ways: tuple[Ints, ...], take: Floats, value: float
) -> Certificate:
    usage = np.zeros(len(game.network))
    for way, chance in zip(ways, take, strict=True):
        usage[np.unique(way)] += chance
    caught = usage * game.detection
    expected = float((inspect * caught).sum())
    most = float(caught.max())
    least = least_way(game.network, np.maximum(inspect, 0.0) * game.detection)
    off = max(
        float(-inspect.min()),
        float(-take.min()),
        abs(float(inspect.sum()) - 1.0),
        abs(float(take.sum()) - 1.0),
    )
    return Certificate(
        bound=most,
        gap=max(most - least, abs(value - expected)),
        residual=max(0.0, off),
        regret_inspector=max(0.0, most - expected),
        regret_inspected=max(0.0, expected - least),
        scale=most or 1.0,
    )


def least_way(network: Network, lengths: Floats) -> float:
    """The length of a shortest way, by relaxing all arcs again and again (Bellman and Ford)."""
    distances = np.full(network.nodes, np.inf)
    distances[network.source] = 0.0
    while True:
        closer = distances.copy()
        np.minimum.at(closer, network.heads, distances[network.tails] + lengths)
        if np.array_equal(closer, distances):
            return float(distances[network.sink])
        distances = closer


@dataclass(frozen=True, eq=False)
class Flow:
    """A largest flow and a smallest cut.

    Attributes:
        amounts: flow on each arc, [arc].
        side: True for the nodes that the cut leaves with the source, [node].
        value: what flows from the source to the sink; infinite along a way of infinite capacity,
            and then `amounts` are 0.
    """

    amounts: Floats
    side: NDArray[np.bool_]
    value: float


def max_flow(network: Network, capacities: Floats) -> Flow:
    """A largest flow, for capacities of 0 or more, [arc]; may be infinite.

    An augmentation takes the smallest capacity on its way to exactly 0, so rounding never keeps
    the method from ending.

    Source: Dinic 1970.
    """
    # Beyond the sum of the finite capacities, more would not be used.
    finite = np.isfinite(capacities)
    plenty = 2.0 * float(capacities[finite].sum()) + 1.0
    usable = np.where(finite, capacities, plenty)
    ends = np.empty((2, 2 * len(network)), dtype=np.int64)
    ends[0, 0::2], ends[1, 0::2] = network.tails, network.heads
    ends[0, 1::2], ends[1, 1::2] = network.heads, network.tails
    order = np.argsort(ends[0], kind="stable")
    first = np.searchsorted(ends[0][order], np.arange(network.nodes + 1)).astype(np.int64)
    left = np.zeros(2 * len(network))
    left[0::2] = usable
    levels = _dinic(network.source, network.sink, ends[1], order, first, left)
    amounts = np.maximum(0.0, left[1::2])
    side = levels >= 0
    crossing = side[network.tails] & ~side[network.heads]
    if not finite[crossing].all():
        return Flow(np.zeros(len(network)), side, np.inf)
    return Flow(amounts, side, float(capacities[crossing].sum()))


@allocating_kernel
def _dinic(source: int, sink: int, heads: Ints, order: Ints, first: Ints, left: Floats) -> Ints:
    """Use up `left`, [arc forward and back]; the levels of the last search, -1 out of reach."""
    nodes = len(first) - 1
    queue = np.empty(nodes, np.int64)
    way = np.empty(nodes, np.int64)
    while True:
        levels = np.full(nodes, -1)
        levels[source], queue[0], size = 0, source, 1
        at = 0
        while at < size:
            node = queue[at]
            at += 1
            for place in range(first[node], first[node + 1]):
                arc = order[place]
                if left[arc] > 0.0 and levels[heads[arc]] < 0:
                    levels[heads[arc]] = levels[node] + 1
                    queue[size] = heads[arc]
                    size += 1
        if levels[sink] < 0:
            return levels
        _block(source, sink, heads, order, first, left, levels, way)


@allocating_kernel
def _block(
    source: int,
    sink: int,
    heads: Ints,
    order: Ints,
    first: Ints,
    left: Floats,
    levels: Ints,
    way: Ints,
) -> None:
    """Send flow along ways of rising level until none is left."""
    following = first[:-1].copy()
    node, depth = source, 0
    while True:
        if node == sink:
            smallest = left[way[0]]
            for k in range(1, depth):
                smallest = min(smallest, left[way[k]])
            back = depth
            for k in range(depth - 1, -1, -1):
                left[way[k]] -= smallest
                left[way[k] ^ 1] += smallest
                if left[way[k]] <= 0.0:
                    back = k
            depth = back
            node = heads[way[depth] ^ 1]
            continue
        advanced = False
        while following[node] < first[node + 1]:
            arc = order[following[node]]
            if left[arc] > 0.0 and levels[heads[arc]] == levels[node] + 1:
                way[depth] = arc
                depth += 1
                node = heads[arc]
                advanced = True
                break
            following[node] += 1
        if not advanced:
            if depth == 0:
                return
            levels[node] = -2  # leads nowhere
            depth -= 1
            node = heads[way[depth] ^ 1]


def ways_of(network: Network, amounts: Floats) -> tuple[list[Ints], Floats]:
    """A flow as ways from the source to the sink, and what flows along each; cycles drop out.

    At most as many ways as arcs: each uses one up.
    """
    from_node = np.argsort(network.tails, kind="stable")
    first = np.searchsorted(network.tails[from_node], np.arange(network.nodes + 1))
    left = amounts.copy()
    found: list[Ints] = []
    sizes: list[float] = []
    while True:
        arcs, size = _next_way(
            network.source,
            network.sink,
            network.tails,
            network.heads,
            from_node,
            first.astype(np.int64),
            left,
        )
        if size <= 0.0:
            return found, np.array(sizes)
        found.append(arcs)
        sizes.append(size)


@allocating_kernel
def _next_way(
    source: int, sink: int, tails: Ints, heads: Ints, order: Ints, first: Ints, left: Floats
) -> tuple[Ints, float]:
    """Take the widest step from each node until the sink is reached; dead ends and cycles go."""
    way = np.empty(len(first) - 1, np.int64)
    place = np.full(len(first) - 1, -1)  # of each node on the way
    node, depth = source, 0
    place[source] = 0
    while node != sink:
        best = -1
        for at in range(first[node], first[node + 1]):
            if left[order[at]] > 0.0 and (best < 0 or left[order[at]] > left[best]):
                best = order[at]
        if best < 0:
            # Rounding left a trickle that leads nowhere.
            if depth == 0:
                return way[:0].copy(), 0.0
            place[node] = -1
            depth -= 1
            left[way[depth]] = 0.0
            node = tails[way[depth]]
            continue
        way[depth] = best
        depth += 1
        node = heads[best]
        if place[node] >= 0:
            start = place[node]
            smallest = left[way[start]]
            for k in range(start, depth):
                smallest = min(smallest, left[way[k]])
            for k in range(start, depth):
                left[way[k]] -= smallest
                if k > start:
                    place[tails[way[k]]] = -1
            depth = start
            continue
        place[node] = depth
    smallest = left[way[0]]
    for k in range(1, depth):
        smallest = min(smallest, left[way[k]])
    for k in range(depth):
        left[way[k]] -= smallest
    return way[:depth].copy(), smallest


class EvaderArc(ArcPart):
    """An arc, and the chance of a catch where the inspector waits."""

    detection: Chance


class EvaderFile(GameFile):
    """Its keys."""

    game: ClassVar[str] = "interdiction-evader"

    source: str
    sink: str
    arcs: Annotated[list[EvaderArc], Field(min_length=1)]

    def answer(self, exact: bool) -> Answer:
        arcs, network = self.arcs, network_of(self.arcs, self.source, self.sink)
        plan = EvaderGame(network, np.array([arc.detection for arc in arcs])).solve()
        waits = [
            (arc.name, float(chance))
            for arc, chance in zip(arcs, plan.inspect, strict=True)
            if chance > 0
        ]
        order = np.argsort(-plan.take, kind="stable")
        ways = [(along(arcs, plan.ways[k]), float(plan.take[k])) for k in order]
        notes = []
        if plan.value == 0.0:
            notes.append("A way past all inspections is open: wherever the inspector waits.")
        if max(len(waits), len(ways)) > _MOST_ROWS:
            notes.append(f"Of each table, the first {_MOST_ROWS} rows.")
        waits, ways = waits[:_MOST_ROWS], ways[:_MOST_ROWS]
        return Answer(
            f"Evader past one inspector: {counted(len(arcs), 'arc')}",
            {"chance of a catch": plan.value},
            (
                plan_table("Where the inspector waits", ("arc", "chance"), tuple(waits)),
                plan_table("Which way the evader takes", ("way", "chance"), tuple(ways)),
            ),
            plan.certificate,
            tuple(notes),
        )
