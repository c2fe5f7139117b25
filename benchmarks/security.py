"""Security games from ten targets to a million: the exact method beside the general linear program.

Both minimise what the attacker can be held to and say how to cover; the linear program is

    minimise z  with  z >= uncovered_i - c_i * loss_i,  sum c_i <= m,  0 <= c <= 1

in HiGHS, its time counted without building the model. It is run up to the first size at which it
takes more than half a minute. Times are the fastest of some repeats, on one core.

    python benchmarks/security.py [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from amnok.games.security import SecurityGame
from amnok.games.targets import Targets

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
TOO_LONG = 30.0  # seconds
SHARE = 0.1  # resources for each target


def game_of(size: int) -> SecurityGame:
    """Payoffs drawn evenly."""
    random = np.random.default_rng(size)
    attacker_covered, defender_uncovered = random.uniform(-10, 0, (2, size))
    attacker, defender = random.uniform(0.1, 10, (2, size))
    targets = Targets(
        defender_uncovered + defender,
        defender_uncovered,
        attacker_covered,
        attacker_covered + attacker,
    )
    return SecurityGame(targets, SHARE * size)


def linear_program(game: SecurityGame) -> Callable[[], float]:
    """The model in HiGHS: what solves it and says what the attacker is held to."""
    count = len(game.targets)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count + 1, count + 1
    model.col_cost_ = np.append(np.zeros(count), 1.0)
    model.col_lower_ = np.append(np.zeros(count), -highspy.kHighsInf)
    model.col_upper_ = np.append(np.ones(count), highspy.kHighsInf)
    model.row_lower_ = np.append(game.targets.attacker_uncovered, -highspy.kHighsInf)
    model.row_upper_ = np.append(np.full(count, highspy.kHighsInf), game.resources)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.append(2 * np.arange(count + 1), 3 * count)
    pairs = np.stack((np.arange(count), np.full(count, count)), 1).ravel()
    model.a_matrix_.index_ = np.append(pairs, np.arange(count))
    factors = np.stack((game.targets.attacker_loss, np.ones(count)), 1).ravel()
    model.a_matrix_.value_ = np.append(factors, np.ones(count))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)

    def solve() -> float:
        solver.clearSolver()
        solver.run()
        return float(solver.getInfo().objective_function_value)

    solver.passModel(model)
    return solve


def fastest(call: Callable[[], Any], seconds: float = 2.0) -> float:
    """The fastest of up to 20 runs within some seconds, and of one at least."""
    best, end, runs = np.inf, time.perf_counter() + seconds, 0
    while runs == 0 or (time.perf_counter() < end and runs < 20):
        start = time.perf_counter()
        call()
        best, runs = min(best, time.perf_counter() - start), runs + 1
    return float(best)


def exponent(sizes: list[int], times: list[float]) -> float:
    """The power of the size that times grow with, by least squares of logs."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    game_of(10).solve()  # compiles
    rows: list[dict[str, float | None]] = []
    given_up = False
    print(f"{'targets':>9} {'exact, s':>11} {'HiGHS, s':>11} {'times':>8} {'same value':>11}")
    for size in SIZES:
        game = game_of(size)
        exact = fastest(lambda game=game: game.solve())
        plan = game.solve()
        assert plan.certificate.holds()
        row: dict[str, float | None] = {"targets": size, "exact": exact, "highs": None}
        if not given_up:
            found: list[float] = []
            solve = linear_program(game)
            row["highs"] = fastest(lambda solve=solve, found=found: found.append(solve()))
            row["difference"] = abs(found[-1] - plan.attacker_value)
            given_up = row["highs"] > TOO_LONG
        rows.append(row)
        general = row["highs"]
        shown = f"{general:11.5f} {general / exact:8.0f}" if general else f"{'-':>11} {'-':>8}"
        print(f"{size:9,} {exact:11.6f} {shown} {row.get('difference', np.nan):11.1e}")
    large = [row for row in rows if row["targets"] >= 1_000]
    for name in ("exact", "highs"):
        known = [row for row in large if row[name]]
        power = exponent([row["targets"] for row in known], [row[name] for row in known])
        print(f"{name}: time grows with size to the power {power:.2f}, from 1,000 targets on")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
