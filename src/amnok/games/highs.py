"""Linear and mixed-integer programs in HiGHS, which comes with the extra `solve`."""

from __future__ import annotations

import math
import threading
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from amnok.errors import AmnokError, Fault, needs_extra
from amnok.games.targets import Floats

INFINITY = math.inf
_LOOK_UP = 1.0  # seconds between looks at whether somebody wants to stop
_SMALL = 50  # whole numbers: done before anybody wants to
_TOLERANCE = 1e-10  # for constraints and reduced costs; HiGHS knows none below
_WHOLE_TOLERANCE = 1e-9  # with whole numbers; below, HiGHS was seen to lose solutions


class Optimum(NamedTuple):
    """What HiGHS found.

    Attributes:
        optimal: False if the time ran out first.
        values: of the variables; empty if no point was found in time.
        objective: at that point.
        bound: no point is better; the objective itself for a linear program.
        prices: what one more unit on the right of each row would bring; empty if there are
            whole numbers.
    """

    optimal: bool
    values: Floats
    objective: float
    bound: float
    prices: Floats


class Program:
    """Maximise `gains @ x` with `lower <= x <= upper` and rows added one by one.

    Rows and columns can be added between solutions of a linear program; it then goes on from where
    it was.
    """

    def __init__(
        self, gains: ArrayLike, lower: ArrayLike, upper: ArrayLike, whole: ArrayLike = False
    ) -> None:
        try:
            with needs_extra():
                import highspy
        except ImportError:
            # Each brings a libhighs of its own, and a process loads only one.
            problem = "highspy cannot be loaded beside what already is (OR-Tools?)"
            raise AmnokError(Fault(problem, "load it first, or in a process of its own")) from None
        self._highspy: Any = highspy
        self._solver: Any = highspy.Highs()
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("primal_feasibility_tolerance", _TOLERANCE),
            ("dual_feasibility_tolerance", _TOLERANCE),
            ("mip_feasibility_tolerance", _WHOLE_TOLERANCE),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.0),
        ):
            self._solver.setOptionValue(option, value)
        costs = np.asarray(gains, dtype=np.float64)
        count = len(costs)
        lower, upper = np.broadcast_to(lower, count), np.broadcast_to(upper, count)
        starts, index, factors = np.zeros(count, np.int32), np.zeros(0, np.int32), np.zeros(0)
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self._solver.addCols(count, costs, lower * 1.0, upper * 1.0, 0, starts, index, factors)
        self._columns = count
        self._whole = np.flatnonzero(np.broadcast_to(whole, count))
        if len(self._whole):
            self.demand_whole(self._whole)

    def demand_whole(self, columns: NDArray[Any]) -> None:
        """From now on these variables are whole numbers."""
        kinds = [self._highspy.HighsVarType.kInteger] * len(columns)
        self._whole = np.asarray(columns)
        self._solver.HandleUserInterrupt = len(self._whole) > _SMALL
        for kind in ("primal", "dual"):
            self._solver.setOptionValue(f"{kind}_feasibility_tolerance", _WHOLE_TOLERANCE)
        self._solver.changeColsIntegrality(
            len(columns), self._whole.astype(np.int32), np.array(kinds)
        )

    def row(self, lower: float, upper: float, columns: ArrayLike, factors: ArrayLike) -> None:
        """Demand `lower <= factors @ x[columns] <= upper`."""
        index = np.asarray(columns, dtype=np.int32)
        values = np.broadcast_to(np.asarray(factors, dtype=np.float64), index.shape)
        self._solver.addRow(lower, upper, len(index), index, np.ascontiguousarray(values))

    def rows(self, lower: ArrayLike, upper: ArrayLike, matrix: Floats) -> None:
        """Demand `lower <= matrix @ x <= upper`, a row for each of the matrix."""
        filled = matrix != 0
        starts = np.concatenate(([0], np.cumsum(filled.sum(axis=1))[:-1])).astype(np.int32)
        columns = np.nonzero(filled)[1].astype(np.int32)
        self._solver.addRows(
            len(matrix),
            np.broadcast_to(lower, len(matrix)) * 1.0,
            np.broadcast_to(upper, len(matrix)) * 1.0,
            len(columns),
            starts,
            columns,
            matrix[filled],
        )

    def column(self, gain: float, lower: float, upper: float, factors: Floats) -> None:
        """Add a variable with its factor in each row there is."""
        index = np.flatnonzero(factors).astype(np.int32)
        self._solver.addCol(gain, lower, upper, len(index), index, factors[index])
        self._columns += 1

    def gain(self, column: int, gain: float) -> None:
        """Change what a variable brings."""
        self._solver.changeColCost(column, gain)

    def limits(self, column: int, lower: float, upper: float) -> None:
        """Change the range of a variable."""
        self._solver.changeColBounds(column, lower, upper)

    def solve(self, seconds: float = INFINITY) -> Optimum | None:
        """The best point, or the best found in time; None if there is none at all.

        Raises:
            RuntimeError: HiGHS gave up, which is no fault of the user's.
        """
        status = self._run(seconds)
        if status == "kUnknown":
            # Now and then the simplex method ends undecided; from scratch it does not.
            self._solver.clearSolver()
            status = self._run(seconds)
        if status in ("kInfeasible", "kUnboundedOrInfeasible"):
            return None
        if status not in ("kOptimal", "kTimeLimit", "kInterrupt"):
            raise RuntimeError(f"HiGHS ended with {status}")
        info, solution = self._solver.getInfo(), self._solver.getSolution()
        values = np.array(solution.col_value) if solution.value_valid else np.zeros(0)
        objective = info.objective_function_value
        if len(self._whole):
            done, nothing = status == "kOptimal", np.zeros(0)
            return Optimum(done, values, objective, info.mip_dual_bound, nothing)
        bound = objective if status == "kOptimal" else INFINITY
        prices = np.array(solution.row_dual) if solution.dual_valid else np.zeros(0)
        return Optimum(status == "kOptimal", values, objective, bound, prices)

    def _run(self, seconds: float) -> str:
        # Its clock goes on from one solution to the next.
        limit = self._solver.getRunTime() + max(seconds, 0.01)
        self._solver.setOptionValue("time_limit", limit)
        if len(self._whole) > _SMALL:
            self._run_interruptibly()
        else:
            self._solver.run()
        return str(self._solver.getModelStatus().name)

    def _run_interruptibly(self) -> None:
        """On a thread of its own: this one would hear of no Ctrl-C before the end."""
        done = threading.Event()

        def run() -> None:
            try:
                self._solver.run()
                # HiGHS's own threads belong to the thread that started them, and end with it.
                self._highspy.Highs.resetGlobalScheduler(True)
            finally:
                done.set()

        threading.Thread(target=run, daemon=True).start()
        try:
            while not done.wait(_LOOK_UP):
                pass
        except BaseException:
            self._solver.cancelSolve()
            done.wait()
            raise
