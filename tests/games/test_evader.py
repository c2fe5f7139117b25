"""The evader past one inspector: the published network, all ways in OR-Tools, nashpy."""

from dataclasses import replace

import nashpy
import numpy as np
import pytest
from tests.games.glop import maxima
from tests.games.oracles import grid, random_network, ways

from amnok.errors import AmnokError
from amnok.games.evader import EvaderGame, max_flow, ways_of
from amnok.games.network import Network, shortest_ways

S, A, B, T = range(4)
PUBLISHED = EvaderGame(Network([S, S, A, B, A], [A, B, T, T, B], S, T), [0.5, 0.25, 0.4, 0.8, 0.5])


def catches(game: EvaderGame) -> np.ndarray:
    """The chance of a catch, [arc, way]."""
    found = list(ways(game.network))
    table = np.zeros((len(game.network), len(found)))
    for column, way in enumerate(found):
        table[way, column] = game.detection[way]
    return table


def random_game(random: np.random.Generator, index: int) -> EvaderGame:
    network = random_network(random, int(random.integers(2, 7)), int(random.integers(0, 12)))
    chances = random.uniform(0, 1, len(network))
    if index % 3 == 1:
        chances = chances.round(1)
    if index % 3 == 2:
        chances = 10.0 ** random.uniform(-9, 0, len(network))
    return EvaderGame(network, chances)


def test_published_network():
    plan = PUBLISHED.solve()
    assert plan.value == pytest.approx(4 / 13, rel=1e-15)
    assert plan.inspect.tolist() == pytest.approx([8 / 13, 0, 0, 5 / 13, 0])
    assert plan.certificate.holds(1e-15)
    assert sum(plan.take) == pytest.approx(1.0)


def test_thousand_networks_against_or_tools():
    random = np.random.default_rng(1)
    games = [random_game(random, index) for index in range(1000)]
    programs = []
    for game in games:
        table = catches(game)
        # Chances of arcs, then the value: value - sum of chances * catches <= 0 for each way.
        rows = np.hstack((-table.T / (table.max() or 1.0), np.ones((table.shape[1], 1))))
        gains = np.append(np.zeros(len(table)), 1.0)
        sums = np.append(np.ones(len(table)), 0.0)
        programs.append((gains, rows, np.zeros(len(rows)), [(sums, 1.0)]))
    for game, value in zip(games, maxima(programs), strict=True):
        plan = game.solve()
        scale = catches(game).max() or 1.0
        assert plan.value == pytest.approx(value * scale, rel=1e-8, abs=1e-12 * scale)
        assert plan.certificate.holds()
        assert game.check(plan) == plan.certificate


def test_networks_against_nashpy():
    random = np.random.default_rng(2)
    for index in range(0, 90, 3):
        game = random_game(random, index)
        table = catches(game)
        row, column = nashpy.Game(table).linear_program()
        assert game.solve().value == pytest.approx(row @ table @ column, abs=1e-8)


def test_a_large_network():
    random = np.random.default_rng(3)
    network = grid(50)
    game = EvaderGame(network, random.uniform(0.01, 1, len(network)))
    plan = game.solve()
    assert len(network) == 9_900
    assert plan.certificate.holds(1e-9)


def test_a_way_without_risk():
    game = EvaderGame(Network([0, 0, 1], [1, 2, 2], 0, 2), [0.0, 0.9, 0.0])
    plan = game.solve()
    assert plan.value == 0.0
    assert [way.tolist() for way in plan.ways] == [[0, 2]]
    assert plan.certificate.holds(0)


def test_an_arc_that_only_sometimes_counts():
    # The inspector never waits where nothing can be found, though the way leads through it.
    game = EvaderGame(Network([0, 1, 1], [1, 2, 2], 0, 2), [0.0, 0.5, 0.5])
    plan = game.solve()
    assert plan.inspect.tolist() == [0.0, 0.5, 0.5]
    assert plan.value == 0.25


def test_the_certificate_tells_of_worse_plans():
    plan = PUBLISHED.solve()
    even = replace(plan, inspect=np.full(5, 0.2))
    certificate = PUBLISHED.check(even)
    assert certificate.regret_inspector > 0.1
    assert not certificate.holds()
    assert PUBLISHED.check(replace(plan, take=np.array([1.0, 0.0]))).gap > 0.1
    assert PUBLISHED.check(replace(plan, take=np.array([1.0, 1.0]))).residual == 1.0
    with pytest.raises(AmnokError, match=r"ways\[1\]: does not lead from the source to the sink"):
        PUBLISHED.check(replace(plan, ways=(plan.ways[0], np.array([0]))))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (([0], [1], 0, 2), "sink: no way leads from node 0 to node 2"),
        (([1], [0], 0, 1), "sink: no way leads from node 0 to node 1"),
        (([0, 1], [1], 0, 1), "heads: has 1 entries, must be 2"),
        (([0.5], [1], 0, 1), r"tails\[0\]: is 0.5, must be a whole number"),
        (([-1], [1], 0, 1), r"tails\[0\]: is -1.0, must be at least 0"),
        (([0], [1], 1, 1), "sink: is the source"),
        (([0], [float("nan")], 0, 1), r"heads\[0\]: is nan"),
        (([], [], 0, 1), "tails: is empty"),
        (([0], [1], 0, -1), "sink: is -1"),
    ],
)
def test_networks_that_are_refused(arguments, told):
    with pytest.raises(AmnokError, match=told):
        Network(*arguments)


@pytest.mark.parametrize(
    ("detection", "told"),
    [
        ([0.5], "detection: has 1 entries, must be 5"),
        ([0.5, 2, 0, 0, 0], r"detection\[1\]: is 2.0, must be at most 1"),
        ([0.5, float("nan"), 0, 0, -1], r"detection\[1\]: is nan.*\n.*detection\[4\]: is -1.0"),
    ],
)
def test_chances_that_are_refused(detection, told):
    with pytest.raises(AmnokError, match=told):
        EvaderGame(PUBLISHED.network, detection)


def test_largest_flows_are_cuts_and_come_apart_into_ways():
    random = np.random.default_rng(4)
    for index in range(300):
        network = random_network(random, int(random.integers(2, 9)), int(random.integers(0, 20)))
        capacities = random.uniform(0, 5, len(network))
        if index % 2:
            capacities = capacities.round()
        flow = max_flow(network, capacities)
        assert (flow.amounts <= capacities * (1 + 1e-12) + 1e-12).all()
        change = np.zeros(network.nodes)
        np.add.at(change, network.heads, flow.amounts)
        np.subtract.at(change, network.tails, flow.amounts)
        assert change[network.sink] == pytest.approx(flow.value, abs=1e-12)
        inner = np.delete(change, [network.source, network.sink])
        assert np.abs(inner).max(initial=0.0) < 1e-12
        found, sizes = ways_of(network, flow.amounts)
        assert all(network.is_way(way) for way in found)
        assert sizes.sum() == pytest.approx(flow.value, abs=1e-12)


def test_shortest_ways_against_all_ways():
    random = np.random.default_rng(5)
    for _ in range(300):
        network = random_network(random, int(random.integers(2, 7)), int(random.integers(0, 10)))
        lengths = random.uniform(0, 1, len(network)).round(2)
        found = shortest_ways(network, lengths)
        way = found.to_sink(network)
        assert network.is_way(way)
        assert lengths[way].sum() == pytest.approx(found.length)
        assert found.length == pytest.approx(min(lengths[one].sum() for one in ways(network)))
