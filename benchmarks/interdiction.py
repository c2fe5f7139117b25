"""Interdiction on generated networks: ours beside one plain mixed-integer program in HiGHS.

Networks are square grids, arcs both ways, with lengths and delays from 1 to 10; every interdiction
costs 1. The plain program (Israeli and Wood 2002) has a potential for each node and says for each
arc that its head lies at most length + delay * x further than its tail. Both get the same time; a
gap is what is then left between the plan and its bound, as a share of the plan.

The evader's game (Washburn and Wood 1995) on the same grids: our largest flow beside the linear
program of the smallest cut in HiGHS.

    python benchmarks/interdiction.py [--seconds S] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from amnok.games.evader import EvaderGame
from amnok.games.highs import INFINITY, Optimum, Program
from amnok.games.interdiction import InterdictionGame
from amnok.games.network import Network

CASES = ((10, 5), (10, 10), (20, 5), (20, 10), (50, 5), (50, 10), (50, 20))
SIDES = (10, 20, 50, 100)


def grid(side: int) -> Network:
    """Places in a square, arcs both ways between neighbours, from its left to its right edge."""
    place = np.arange(side * side).reshape(side, side)
    left, right, up, down = place[:, :-1], place[:, 1:], place[:-1], place[1:]
    source, sink = np.full(side, side * side), np.full(side, side * side + 1)
    tails = [left.ravel(), right.ravel(), up.ravel(), down.ravel(), source, place[:, -1]]
    heads = [right.ravel(), left.ravel(), down.ravel(), up.ravel(), place[:, 0], sink]
    return Network(np.concatenate(tails), np.concatenate(heads), side * side, side * side + 1)


def game_of(side: int, budget: int) -> InterdictionGame:
    """A grid with whole lengths and delays by chance."""
    network = grid(side)
    lengths, delays = np.random.default_rng(side).integers(1, 11, (2, len(network)))
    return InterdictionGame(network, lengths * 1.0, delays * 1.0, budget)


def plain(game: InterdictionGame, seconds: float) -> Optimum:
    """One program for everything."""
    network, arcs = game.network, len(game.network)
    gains, upper = np.zeros(arcs + network.nodes), np.ones(arcs + network.nodes)
    gains[arcs + network.sink] = 1.0
    upper[arcs:] = float(game.lengths.sum() + game.delays.sum())
    upper[arcs + network.source] = 0.0
    program = Program(gains, 0.0, upper)
    for arc in range(arcs):
        columns = [arcs + network.heads[arc], arcs + network.tails[arc], arc]
        program.row(-INFINITY, game.lengths[arc], columns, [1.0, -1.0, -game.delays[arc]])
    program.row(-INFINITY, game.budget, np.arange(arcs), 1.0)
    program.demand_whole(np.arange(arcs))
    answer = program.solve(seconds)
    assert answer is not None
    return answer


def cut_program(game: EvaderGame) -> Program:
    """The smallest cut: a side for each node from 0 to 1, and how far each arc is cut."""
    network, arcs = game.network, len(game.network)
    gains = np.append(-1.0 / game.detection, np.zeros(network.nodes))
    upper, lower = np.ones(arcs + network.nodes), np.zeros(arcs + network.nodes)
    upper[arcs + network.source] = 0.0
    lower[arcs + network.sink] = 1.0
    program = Program(gains, lower, upper)
    for arc in range(arcs):
        columns = [arcs + network.heads[arc], arcs + network.tails[arc], arc]
        program.row(-INFINITY, 0.0, columns, [1.0, -1.0, -1.0])
    return program


def shortest_paths(seconds: float) -> list[dict[str, Any]]:
    """Both methods on every case."""
    rows = []
    print(f"{'arcs':>6} {'budget':>6} {'ours, s':>8} {'value':>6} {'gap':>6}", end=" ")
    print(f"{'plain, s':>8} {'value':>6} {'gap':>6}")
    for side, budget in CASES:
        game = game_of(side, budget)
        start = time.perf_counter()
        plan = game.solve(seconds)
        ours = time.perf_counter() - start
        start = time.perf_counter()
        answer = plain(game, seconds)
        other = time.perf_counter() - start
        gap = float(plan.certificate.gap) / plan.value
        value = answer.objective if len(answer.values) else np.nan
        left = max(0.0, answer.bound - value) / value
        print(
            f"{len(game.network):6,} {budget:6} {ours:8.2f} {plan.value:6.0f} {gap:6.1%}"
            f" {other:8.2f} {value:6.0f} {left:6.1%}",
            flush=True,
        )
        names = ("arcs", "budget", "ours", "value", "gap", "plain", "plain_value", "plain_gap")
        found = (len(game.network), budget, ours, plan.value, gap, other, value, left)
        rows.append(dict(zip(names, found, strict=True)))
    return rows


def evaders() -> list[dict[str, Any]]:
    """Largest flow and linear program on grids."""
    rows = []
    print(f"{'arcs':>6} {'flow, s':>8} {'HiGHS, s':>8} {'difference':>10}")
    for side in SIDES:
        network = grid(side)
        chances = np.random.default_rng(side).uniform(0.01, 1.0, len(network))
        game = EvaderGame(network, chances)
        game.solve()
        start = time.perf_counter()
        plan = game.solve()
        ours = time.perf_counter() - start
        assert plan.certificate.holds()
        program = cut_program(game)
        start = time.perf_counter()
        answer = program.solve()
        other = time.perf_counter() - start
        assert answer is not None
        apart = abs(plan.value + 1.0 / answer.objective)
        print(f"{len(network):6,} {ours:8.3f} {other:8.3f} {apart:10.1e}", flush=True)
        found = (len(network), ours, other, apart)
        rows.append(dict(zip(("arcs", "ours", "highs", "difference"), found, strict=True)))
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    game_of(3, 1).solve()  # compiles
    found = {"evader": evaders(), "shortest_path": shortest_paths(arguments.seconds)}
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n")


if __name__ == "__main__":
    main()
