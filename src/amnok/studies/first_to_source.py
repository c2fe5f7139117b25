"""Which numbers to source first: those without a figure in a source that decide most.

Each is put near the ends of its prior, all else as it is, on the same draws (one at a time: numbers
that decide only together are not found so; `amnok sweep --sobol` finds them).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.errors import AmnokError, Fault, ScenarioError, nearest
from amnok.progress import Progress
from amnok.results.outcomes import kinds, outcomes
from amnok.results.threads import Days, compile_engine, cores, days_of, in_order
from amnok.scenario import Scenario
from amnok.scenario.overrides import with_values

OUTCOME = "value_crossed"
_ENDS = (0.1, 0.9)  # of the prior
_MOST = 2000  # senders simulated
_PEOPLE = ("traders.inner", "traders.outer")
_SEED = 1


@dataclass(frozen=True)
class Swing:
    """How far a number moves an outcome.

    Attributes:
        path: of the number.
        low, high: the outcome with the number at 10% and at 90% of its prior, as parts of the
            outcome as it is.
    """

    path: str
    low: float
    high: float

    @property
    def size(self) -> float:
        """How far apart the two are; 0 where the outcome is not to be had."""
        return abs(self.high - self.low) if math.isfinite(self.high - self.low) else 0.0


def swings(
    scenario: Scenario,
    outcome: str = OUTCOME,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Swing]:
    """Numbers without a figure in a source, by how far they move an outcome, the furthest first.

    At most 2,000 senders are simulated, with as many partners each as there are, in one replicate.
    Needs the extra `sensitivity` (SciPy).

    Raises:
        AmnokError: the border has no such outcome, or nothing of it comes about.
    """
    known = kinds(scenario)
    if outcome not in known:
        raise AmnokError(Fault(f"no outcome '{outcome}'", nearest(outcome, known), path="outcome"))
    senders = scenario.traders.inner.number
    scale = min(1.0, _MOST / senders) if senders > 0 else 1.0
    small = with_values(scenario, {path: _of(scenario, path) * scale for path in _PEOPLE})
    jobs = [("", 0.0), *((path, end) for path in scenario.unfixed for end in _ENDS)]
    days = Days(len(jobs) * days_of(scenario), progress)

    def value(job: tuple[str, float]) -> float:
        try:
            world = _moved(small, *job, scale) if job[0] else small
        except ScenarioError:
            return math.nan  # at that end it does not fit what else the border says
        found = simulate(world, _SEED, 0, on_days=days)
        counted = outcomes(found, world, replicate_key(_SEED, 0), slice(None))
        return float(np.sum(counted[outcome]))

    compile_engine(small)
    usual, *ends = in_order(jobs, value, threads or cores(), days)
    if not usual > 0:
        problem = f"nothing of '{outcome}' comes about on this border as it is"
        raise AmnokError(Fault(problem, "name another outcome", path="outcome"))
    pairs = zip(scenario.unfixed, ends[::2], ends[1::2], strict=True)
    found = [Swing(path, low / usual, high / usual) for path, low, high in pairs]
    return sorted(found, key=lambda one: -one.size)


def _of(scenario: Scenario, path: str) -> float:
    return dict(scenario.parameters())[path].number


def _moved(small: Scenario, path: str, end: float, scale: float) -> Scenario:
    from amnok.scenario.priors import values_at

    values = values_at(small, {path: end})
    if path in _PEOPLE:
        values = {path: float(values[path]) * scale}  # type: ignore[arg-type]  # it is no date
    return with_values(small, values)
