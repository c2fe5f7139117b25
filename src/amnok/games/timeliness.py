"""Timeliness: when to inspect, unseen, so that a violation does not go on for long.

On an interval [0, T] the inspector chooses the times of k inspections, which nobody sees; the
inspected violates once, at a time of his choice. The violation is found at the next inspection, or
at the end, and what counts is how long that takes.

One uniform draw u settles all inspections: x_i(u), with x_i(1) = x_{i+1}(0) and x_1(0) = 0, so that
each time up to x_k(1) is met by one of them. A violation is equally good everywhere on this stretch
if x_i' = x_{i+1} - x_i with x_{k+1} = T; hence, on [0, 1],

    1 - x_i(u) = exp(-u) * sum_j c_{i+j} * u**j / j!

and the violation's distribution G, with G_i(u) = G(x_i(u)) and G_i' = G_i - G_{i-1}, leaves each
inspection indifferent:

    G_i(u) = exp(u) * sum_j (-1)**j * d_{i-j} * u**j / j!

The constants follow from the ends: each piece begins where the one before it stops.

Source: Diamond 1982 (minimax policies for unobservable inspections); for one inspection the
expected delay is T/e.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from amnok.allocation.certificate import UNCHECKED, Certificate, Game, Inputs
from amnok.games.files import Answer, GameFile, Quantity, near, plan_table

_MOST = 100  # inspections, so that a certificate takes a second at most
_TERMS = 20  # of a power series on [0, 1]: 1/20! is below any digit
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TimelinessGame(Game["TimelinessSolution"]):
    """When to inspect and when to violate, on an interval.

    Attributes:
        inspections: how many, unseen, besides the one at the end; 0 to 100.
        length: of the interval, in any unit of time.

    Raises:
        AmnokError: with every number that is out of range.
    """

    inspections: int = 1
    length: float = 1.0

    def __post_init__(self) -> None:
        inputs = Inputs()
        inspections = inputs.count("inspections", self.inspections, most=_MOST)
        length = float(inputs.number("length", self.length, above=0, most=1e300))
        inputs.done()
        object.__setattr__(self, "inspections", inspections)
        object.__setattr__(self, "length", length)

    def solve(self) -> TimelinessSolution:
        """The equilibrium of a timeliness game, with its certificate.

        >>> solution = TimelinessGame(inspections=1).solve()
        >>> round(solution.delay, 6), round(solution.at_once, 6), round(solution.last, 6)
        (0.367879, 0.367879, 0.632121)
        """
        falls, rises = _falls(self.inspections), _rises(self.inspections)
        # T - x_k(1), how long a violation at the last of these times waits; d_1 is the same number
        # without the loss of digits.
        delay = self.length * (rises[0] if rises else 1.0)
        solution = TimelinessSolution(self, delay, falls, rises)
        return replace(solution, certificate=self.check(solution))

    def check(self, result: TimelinessSolution) -> Certificate:
        """The certificate of schedule and distribution, from delays alone.

        The longest expected delay that a violation at any of many times can reach against the
        schedule, and the shortest that any inspections at these times can reach against the
        distribution of the violation (by dynamic programming over them).
        """
        times = _many_times(self, result)
        shortest = _shortest(self, result, times)
        longest = float(_delays(self, result, times[:-1]).max())
        chances = result.violated_by(times)
        order = np.diff(result.schedule(np.linspace(0, 1, 9)), axis=-1)
        residual = max(0.0, *(-np.diff(chances)), 1.0 - chances[-1])
        return Certificate(
            bound=shortest,
            gap=max(abs(result.delay - shortest), abs(longest - result.delay)),
            residual=max(float(residual), -float(order.min(initial=0.0)) / self.length),
            regret_inspector=max(0.0, longest - shortest),
            regret_inspected=max(0.0, longest - result.delay),
            scale=self.length,
        )


@dataclass(frozen=True)
class TimelinessSolution:
    """The equilibrium of a timeliness game.

    Attributes:
        delay: the value: expected time from violation to detection.
        falls: c of the inspection times, see the module, [inspections].
        rises: d of the violation's distribution, [inspections].
        certificate: from `TimelinessGame.check`.
    """

    game: TimelinessGame
    delay: float
    falls: tuple[float, ...]
    rises: tuple[float, ...]
    certificate: Certificate = UNCHECKED

    @property
    def at_once(self) -> float:
        """Chance that the violation comes at time 0."""
        return self.rises[0] if self.rises else 1.0

    @property
    def last(self) -> float:
        """No inspection (but the one at the end) and no violation comes later than this."""
        return float(self.schedule(1.0)[-1]) if self.falls else 0.0

    def schedule(self, draw: ArrayLike) -> Floats:
        """Times of the inspections, [..., inspections], for draws from 0 to 1, [...].

        >>> TimelinessGame(1).solve().schedule(0.5).round(6)
        array([0.393469])
        """
        draws = np.asarray(draw, dtype=np.float64)[..., None]
        return self.game.length * (1.0 - np.exp(-draws) * _sum(_series(self.falls), draws))

    def violated_by(self, time: ArrayLike) -> Floats:
        """Chance that the violation has begun by a time, for any times [...].

        >>> TimelinessGame(1).solve().violated_by([0.0, 0.3, 0.7]).round(6)
        array([0.367879, 0.525542, 1.      ])
        """
        times = np.asarray(time, dtype=np.float64)
        if not self.falls:
            return np.where(times >= 0.0, 1.0, 0.0)
        starts = self.schedule(0.0)
        piece = np.clip(np.searchsorted(starts, times, side="right") - 1, 0, len(starts) - 1)
        draws = _draw_of(_series(self.falls)[piece], times / self.game.length)
        # G_i reaches back to the pieces before it, where 1 - x_i reaches on to those after it.
        series = _series(self.rises[::-1])[::-1][piece]
        chance = np.clip(np.exp(draws) * _sum(series, -draws), 0.0, 1.0)
        return np.where(times < 0.0, 0.0, np.where(times >= self.last, 1.0, chance))


def _series(constants: tuple[float, ...]) -> Floats:
    """Power series with constants[i+j] / j! before the j-th power, [i, j]."""
    count = len(constants)
    padded = np.concatenate([constants, np.zeros(_TERMS)])
    shifted = np.stack([padded[j : j + count] for j in range(_TERMS)], axis=-1)
    return shifted / [math.factorial(j) for j in range(_TERMS)]


def _sum(series: Floats, at: Floats) -> Floats:
    """Sums of power series [..., term] at points [...], by Horner's rule."""
    total = np.zeros(np.broadcast_shapes(series.shape[:-1], at.shape))
    for term in range(_TERMS - 1, -1, -1):
        total = total * at + series[..., term]
    return total


def _draw_of(series: Floats, times: Floats) -> Floats:
    """The draws that put inspections [...] at times (of an interval of length 1), by halving."""
    low, high = np.zeros_like(times), np.ones_like(times)
    for _ in range(54):
        middle = (low + high) / 2
        early = 1.0 - np.exp(-middle) * _sum(series, middle) <= times
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    return low


def _falls(count: int) -> tuple[float, ...]:
    """c, from the last on: c_i = e*c_{i+1} - c_{i+1} - c_{i+2}/2 - ..., and c_1 = 1."""
    found = [1.0][:count]
    for _ in range(1, count):
        later = (one / math.factorial(j) for j, one in enumerate(found[: _TERMS - 1], start=1))
        found.insert(0, math.e * found[0] - math.fsum(later))
    return tuple(one / found[0] for one in found)


def _rises(count: int) -> tuple[float, ...]:
    """d: d_{i+1} = e * (d_i - d_{i-1} + d_{i-2}/2 - ...), and 1 after the last."""
    found = [1.0]
    for _ in range(count):
        before = found[: -_TERMS - 1 : -1]
        found.append(
            math.e * math.fsum((-1) ** j * one / math.factorial(j) for j, one in enumerate(before))
        )
    return tuple(one / found[-1] for one in found[:-1])


def _many_times(game: TimelinessGame, result: TimelinessSolution) -> Floats:
    """Times from 0 to the end, with all where one piece of the schedule meets the next."""
    steps = max(4, 240 // max(1, game.inspections))
    met = result.schedule(np.linspace(0.0, 1.0, steps + 1))
    rest = np.linspace(result.last, game.length, 6)
    return np.unique(np.concatenate([met.ravel(), rest, [0.0]]))


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def _delays(game: TimelinessGame, result: TimelinessSolution, times: Floats) -> Floats:
    """Expected delays of violations just after some times, [time], over all draws of a schedule."""
    if game.inspections == 0:
        return game.length - times
    # As the draw grows, inspections come later: up to some draw, one more is already over.
    over = (result.schedule(0.0) <= times[:, None]).sum(axis=1)
    low, high = np.zeros_like(times), np.ones_like(times)
    for _ in range(54):
        middle = (low + high) / 2
        early = (result.schedule(middle) <= times[:, None]).sum(axis=1) == over
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    total = np.zeros_like(times)
    for start, end in ((np.zeros_like(low), low), (low, np.ones_like(low))):
        draws = start[:, None] + (end - start)[:, None] * (_NODES + 1) / 2
        schedule = result.schedule(draws)
        late = np.where(schedule > times[:, None, None], schedule, game.length).min(axis=2)
        total += (end - start) / 2 * ((late - times[:, None]) @ _WEIGHTS)
    return total


def _shortest(game: TimelinessGame, result: TimelinessSolution, times: Floats) -> float:
    """The shortest expected delay that inspections at some of these times can reach."""
    begun = result.violated_by(times)
    widths = np.diff(times)
    inside = times[:-1, None] + widths[:, None] * (_NODES + 1) / 2
    parts = widths / 2 * (result.violated_by(inside) @ _WEIGHTS)
    area = np.concatenate([[0.0], np.cumsum(parts)])  # of the distribution, up to each time
    # From one inspection to the next, what has begun in between waits: [from, to].
    waits = area[None, :] - area[:, None] - begun[:, None] * (times[None, :] - times[:, None])
    waits[np.tril_indices(len(times), -1)] = np.inf
    best = area.copy()  # with the first inspection at each time
    if game.inspections == 0:
        return float(area[-1])
    for _ in range(1, game.inspections):
        best = (best[:, None] + waits).min(axis=0)
    return float((best + waits[:, -1]).min())


class TimelinessFile(GameFile):
    """Its keys."""

    game: ClassVar[str] = "timeliness"

    inspections: Annotated[int, Field(ge=0)] = 1
    length: Annotated[Quantity, Field(gt=0)] = Fraction(1)

    def answer(self, exact: bool) -> Answer:
        length = near(self.length)
        solution = TimelinessGame(self.inspections, length).solve()
        draws = np.linspace(0, 1, 11)
        times = [float(time) for time in solution.last * draws]
        schedule = [(float(draw), *map(float, solution.schedule(draw))) for draw in draws]
        names = [f"inspection {number}" for number in range(1, self.inspections + 1)]
        plan = plan_table("When to inspect, by one uniform draw", ("draw", *names), tuple(schedule))
        begun = plan_table(
            "When to violate",
            ("time", "begun by then"),
            tuple((time, float(solution.violated_by(time))) for time in dict.fromkeys(times)),
        )
        return Answer(
            f"Timeliness: {self.inspections} unobserved inspections on [0, {length:g}]",
            {
                "expected delay of detection": solution.delay,
                "violate at time 0": solution.at_once,
                "last inspection or violation": solution.last,
            },
            (plan, begun) if 0 < self.inspections <= 8 else (begun,),
            solution.certificate,
        )
