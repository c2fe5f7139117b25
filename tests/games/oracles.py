"""Games by chance, and other ways to solve them: programs in OR-Tools, enumeration."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
from tests.games.glop import maxima

from amnok.games.network import Network
from amnok.games.targets import Targets


def random_targets(random: np.random.Generator, count: int, whole: bool, unit: float = 1.0):
    """Targets with payoffs from -5 to 10; whole ones tie often."""

    def draw(low: float, high: float):
        if whole:
            return random.integers(int(low), int(high) + 1, count).astype(float)
        return random.uniform(low, high, count)

    attacker_covered, defender_uncovered = draw(-5, 5), draw(-5, 5)
    return Targets(
        unit * (defender_uncovered + draw(0, 5)),
        unit * defender_uncovered,
        unit * attacker_covered,
        unit * (attacker_covered + draw(0, 5)),
    )


def best_replies(targets: Targets, target: int):
    """Rows `matrix @ coverage <= right` that say: attacking this target is a best reply."""
    loss, open_ = targets.attacker_loss, targets.attacker_uncovered
    matrix = -np.diag(loss)
    matrix[:, target] += loss[target]
    return matrix, open_[target] - open_


def stackelberg(types: Sequence[Targets], chances: Sequence[float], resources: float) -> float:
    """A linear program for each way in which the types can choose their targets."""
    count = len(types[0])
    programs, certain = [], []
    for attacked in itertools.product(range(count), repeat=len(types)):
        gains, sure = np.zeros(count), 0.0
        matrix, right = [np.ones(count)], [resources]
        for one, chance, target in zip(types, chances, attacked, strict=True):
            gains[target] += chance * one.defender_gain[target]
            sure += chance * one.defender_uncovered[target]
            rows, bounds = best_replies(one, target)
            matrix += list(rows)
            right += list(bounds)
        programs.append((gains, np.array(matrix), np.array(right)))
        certain.append(sure)
    return max(sure + found for sure, found in zip(certain, maxima(programs), strict=True))


def random_network(random: np.random.Generator, nodes: int, extra: int) -> Network:
    """Arcs at random, parallel ones and loops too, and a way from the first node to the last."""
    tails = np.concatenate((random.integers(0, nodes, extra), np.arange(nodes - 1)))
    heads = np.concatenate((random.integers(0, nodes, extra), np.arange(1, nodes)))
    order = random.permutation(len(tails))
    return Network(tails[order], heads[order], 0, nodes - 1)


def grid(side: int) -> Network:
    """Places in a square, arcs both ways between neighbours, from its left to its right edge."""
    place = np.arange(side * side).reshape(side, side)
    left, right, up, down = place[:, :-1], place[:, 1:], place[:-1], place[1:]
    source, sink = np.full(side, side * side), np.full(side, side * side + 1)
    tails = [left.ravel(), right.ravel(), up.ravel(), down.ravel(), source, place[:, -1]]
    heads = [right.ravel(), left.ravel(), down.ravel(), up.ravel(), place[:, 0], sink]
    return Network(np.concatenate(tails), np.concatenate(heads), side * side, side * side + 1)


def ways(network: Network) -> Iterator[list[int]]:
    """All ways from the source to the sink that visit no node twice, as arcs."""

    def onward(node: int, seen: set[int]) -> Iterator[list[int]]:
        if node == network.sink:
            yield []
            return
        for arc in np.flatnonzero(network.tails == node):
            head = int(network.heads[arc])
            if head not in seen:
                for rest in onward(head, seen | {head}):
                    yield [int(arc), *rest]

    return onward(network.source, {network.source})
