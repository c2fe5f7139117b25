"""The largest flow through a network with real capacities, and its ways."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amnok.compiling import allocating_kernel
from amnok.games.network import Ints, Network
from amnok.games.targets import Floats


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
