"""Networks: arcs from place to place, and the way from the source to the sink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amnok.allocation.certificate import Inputs
from amnok.compiling import allocating_kernel
from amnok.errors import AmnokError, Fault, nearest
from amnok.games.targets import Floats
from amnok.quantity import Part

Ints = NDArray[np.int64]

_MOST_NODES = 10_000_000  # numbers beyond are taken for slips: they would fill the memory


@dataclass(frozen=True, eq=False)
class Network:
    """Arcs, each from a tail to a head; nodes are numbered from 0.

    Attributes:
        tails: node where each arc begins, [arc].
        heads: node where it ends, [arc].
        source: where ways begin.
        sink: where they end; must be in reach of the source.

    Raises:
        AmnokError: nodes are no whole numbers from 0 on, the lists differ in length, source and
            sink are the same, or no way leads from one to the other; every fault at once.
    """

    tails: Ints
    heads: Ints
    source: int
    sink: int

    def __post_init__(self) -> None:
        inputs = Inputs()
        tails = _nodes(inputs, "tails", self.tails, None)
        heads = _nodes(inputs, "heads", self.heads, len(tails))
        source = inputs.count("source", self.source, most=_MOST_NODES - 1)
        sink = inputs.count("sink", self.sink, most=_MOST_NODES - 1)
        inputs.require(source != sink, "sink", "is the source", "name another node")
        inputs.done()
        for name, value in (("tails", tails), ("heads", heads)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        if not np.isfinite(shortest_ways(self, np.zeros(len(tails))).length):
            inputs.wrong("sink", f"no way leads from node {source} to node {sink}", "add arcs")
        inputs.done()

    def __len__(self) -> int:
        return len(self.tails)

    @property
    def nodes(self) -> int:
        """Number of nodes: one more than the highest that is named."""
        return int(max(self.tails.max(), self.heads.max(), self.source, self.sink)) + 1

    def is_way(self, arcs: Ints) -> bool:
        """True if arcs lead, one after the other, from the source to the sink."""
        if not len(arcs) or not 0 <= arcs.min() <= arcs.max() < len(self):
            return False
        stops = np.append(self.tails[arcs], self.heads[arcs[-1]])
        joined = np.array_equal(self.heads[arcs[:-1]], stops[1:-1])
        return joined and stops[0] == self.source and stops[-1] == self.sink

    def check_ways(self, inputs: Inputs, ways: Sequence[ArrayLike]) -> None:
        """Note each of a plan's `ways` that is none."""
        for index, way in enumerate(ways):
            good = self.is_way(np.asarray(way))
            inputs.require(good, f"ways[{index}]", "does not lead from the source to the sink")


def _nodes(inputs: Inputs, path: str, given: ArrayLike, length: int | None) -> Ints:
    most = _MOST_NODES - 1
    values = inputs.vector(path, given, length=length, least=0, most=most)
    for place in np.flatnonzero(np.isfinite(values) & (values != np.rint(values))):
        inputs.wrong(f"{path}[{place}]", f"is {values[place]}, must be a whole number")
    usable = np.isfinite(values) & (np.abs(values) <= most)
    return np.where(usable, values, 0.0).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Ways:
    """Shortest ways from the source: distance of each node, and the arc by which it is reached.

    Attributes:
        distances: [node]; infinite where no way leads.
        arcs: [node]; -1 at the source and where no way leads.
        length: distance of the sink.
    """

    distances: Floats
    arcs: Ints
    length: float

    def to_sink(self, network: Network) -> Ints:
        """The arcs of a shortest way, from the source to the sink."""
        found, node = [], network.sink
        while node != network.source:
            arc = int(self.arcs[node])
            found.append(arc)
            node = int(network.tails[arc])
        return np.array(found[::-1], dtype=np.int64)


def outgoing(network: Network) -> tuple[Ints, Ints]:
    """Arcs by tail, [arc], and where those of each node begin, [node + 1]."""
    order = np.argsort(network.tails, kind="stable")
    first = np.searchsorted(network.tails[order], np.arange(network.nodes + 1))
    return order, first.astype(np.int64)


def shortest_ways(network: Network, lengths: Floats) -> Ways:
    """Shortest ways from the source, for lengths of 0 or more, [arc].

    Source: Dijkstra 1959, with a binary heap.
    """
    order, first = outgoing(network)
    distances, arcs = _dijkstra(network.source, network.heads, lengths, order, first)
    return Ways(distances, arcs, float(distances[network.sink]))


@allocating_kernel
def _dijkstra(
    source: int, heads: Ints, lengths: Floats, order: Ints, first: Ints
) -> tuple[Floats, Ints]:
    nodes = len(first) - 1
    distances = np.full(nodes, np.inf)
    arcs = np.full(nodes, -1)
    heap = np.empty(nodes, np.int64)
    places = np.full(nodes, -1)  # where a node lies in the heap
    distances[source], heap[0], places[source], size = 0.0, source, 0, 1
    while size > 0:
        node = heap[0]
        size -= 1
        places[node] = -1
        if size > 0:
            _sift_down(heap, places, distances, heap[size], size)
        for at in range(first[node], first[node + 1]):
            arc = order[at]
            other, distance = heads[arc], distances[node] + lengths[arc]
            if distance < distances[other]:
                distances[other], arcs[other] = distance, arc
                if places[other] < 0:
                    places[other] = size
                    size += 1
                _sift_up(heap, places, distances, other, places[other])
    return distances, arcs


@allocating_kernel
def _sift_up(heap: Ints, places: Ints, distances: Floats, node: int, at: int) -> None:
    while at > 0 and distances[node] < distances[heap[(at - 1) // 2]]:
        heap[at] = heap[(at - 1) // 2]
        places[heap[at]] = at
        at = (at - 1) // 2
    heap[at], places[node] = node, at


@allocating_kernel
def _sift_down(heap: Ints, places: Ints, distances: Floats, node: int, size: int) -> None:
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and distances[heap[child + 1]] < distances[heap[child]]:
            child += 1
        if distances[heap[child]] >= distances[node]:
            break
        heap[at] = heap[child]
        places[heap[at]] = at
        at = child
    heap[at], places[node] = node, at


class ArcPart(Part):
    """An arc between two places; where both ways are open, it takes two."""

    tail: str
    head: str

    @property
    def name(self) -> str:
        """The arc in words."""
        return f"{self.tail} > {self.head}"


def network_of(arcs: Sequence[ArcPart], source: str, sink: str) -> Network:
    """The network of a file; its places are numbered in the order in which arcs name them."""
    places = list(dict.fromkeys(place for arc in arcs for place in (arc.tail, arc.head)))
    faults = [
        Fault(f"no arc leads {where} '{name}'", nearest(name, places), path=path)
        for path, name, where in (("source", source, "from"), ("sink", sink, "to"))
        if name not in places
    ]
    if faults:
        raise AmnokError(faults)
    number = {name: place for place, name in enumerate(places)}
    try:
        return Network(
            np.array([number[arc.tail] for arc in arcs]),
            np.array([number[arc.head] for arc in arcs]),
            number[source],
            number[sink],
        )
    except AmnokError as error:
        spoken = f"no way leads from {source} to {sink}"
        raise AmnokError(
            replace(fault, problem=spoken if "no way" in fault.problem else fault.problem)
            for fault in error.faults
        ) from None


def along(arcs: Sequence[ArcPart], way: Ints) -> str:
    """The places of a way, from the source to the sink."""
    return " > ".join([arcs[way[0]].tail, *(arcs[place].head for place in way)])
