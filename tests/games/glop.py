"""Linear programs in OR-Tools' GLOP, in a process of its own.

OR-Tools and highspy each bring a libhighs.so.1, and one process can load only one of them.
"""

from __future__ import annotations

import atexit
import functools
import math
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO


def maxima(programs: Sequence[tuple[Any, ...]]) -> list[float]:
    """The most of `gains @ x` with `matrix @ x <= right`, 0 <= x <= 1 and some rows equal.

    A program: gains, matrix, right, and if need be pairs of a row and what it equals.
    """
    to, back = _process()
    pickle.dump(programs, to)
    to.flush()
    found: list[float] = pickle.load(back)
    return found


@functools.cache
def _process() -> tuple[BinaryIO, BinaryIO]:
    child = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdin is not None
    assert child.stdout is not None
    to, back = child.stdin, child.stdout

    def close() -> None:
        to.close()
        back.close()
        child.wait()

    atexit.register(close)
    return to, back  # type: ignore[return-value]


def _solve(gains: Any, matrix: Any, right: Any, equal: Any = ()) -> float:
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver("oracle", pywraplp.Solver.GLOP_LINEAR_PROGRAMMING)
    x = [solver.NumVar(0.0, 1.0, "") for _ in gains]
    rows = [(row, -math.inf, bound) for row, bound in zip(matrix, right, strict=True)]
    rows += [(row, bound, bound) for row, bound in equal]
    for row, low, high in rows:
        constraint = solver.Constraint(float(low), float(high))
        for place, factor in enumerate(row):
            if factor:
                constraint.SetCoefficient(x[place], float(factor))
    objective = solver.Objective()
    for variable, gain in zip(x, gains, strict=True):
        objective.SetCoefficient(variable, float(gain))
    objective.SetMaximization()
    return objective.Value() if solver.Solve() == solver.OPTIMAL else -math.inf


if __name__ == "__main__":
    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)
        except EOFError:
            break
        pickle.dump([_solve(*program) for program in asked], sys.stdout.buffer)
        sys.stdout.buffer.flush()
