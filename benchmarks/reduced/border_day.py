"""The reduced day: one choice among many routes, detection, learning, for very many people.

People choose one of up to sixteen routes by multinomial logit, a patrol that follows yesterday's
traffic detects some of them, a stake is won or lost, and they learn. In variant A each person has a
belief for each route; in B all share beliefs, which each multiplies by a wariness of their own.

This is the whole model's hot path and nothing else: small enough to write down again in any other
engine, which is how engines are timed against each other (benchmarks/reduced).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from border_draws import LANES, MOST_ROUTES
from border_tile import (
    Books,
    F32s,
    Numbers,
    Own,
    Scratch,
    Shared,
    Today,
    close_one,
    open_one,
    run_own,
    run_shared,
    scratch,
)
from float32_math import F32, exp2
from numpy.typing import NDArray

from amnok.draws import Key, replicate_key
from amnok.errors import Fault, ScenarioError
from amnok.mechanisms.patrols import Patrols
from amnok.rules.learning import wariness
from amnok.rules.routes import route_utility
from amnok.scenario.model import Scenario, needed

Variant = Literal["A", "B"]

_LOG2_E = 1.4426950408889634
_MOST_LOG2 = 90.0  # weights up to 2**90 leave room for a log within single precision
_STRETCH = 2**27  # agent-days between two looks at whether to stop


@dataclass(frozen=True)
class ReducedBorder:
    """The numbers of the reduced day. Money is in stakes: what a detection costs is 1.

    Attributes:
        costs: of crossing, by route; one to sixteen.
        margin: earned by a passage, before the cost.
        noise: scale of what the choice model leaves out, above 0.
        detection: chance of detection where effort is ordinary.
        follow: how far effort follows yesterday's traffic, 0 to 1.
        learning_rate: how far one trip moves a belief (A), or one day's trips the shared one (B).
        first_belief: believed chance of detection on the first day.
        wariness: factor on shared beliefs right after a detection (B).
        wariness_memory: how long that lasts (days) (B).
    """

    costs: tuple[float, ...]
    margin: float
    noise: float
    detection: float
    follow: float
    learning_rate: float
    first_belief: float
    wariness: float
    wariness_memory: float

    def __post_init__(self) -> None:
        if not 1 <= len(self.costs) <= MOST_ROUTES:
            raise ValueError(f"{len(self.costs)} routes, must be 1 to {MOST_ROUTES}")
        spread = 1.0 + max(self.costs) - min(self.costs)
        if not self.noise * _MOST_LOG2 >= spread * _LOG2_E:
            least = spread * _LOG2_E / _MOST_LOG2
            raise ValueError(
                f"noise {self.noise} is too small to weigh routes: {least:.3g} or more"
            )

    @classmethod
    def from_scenario(cls, scenario: Scenario) -> ReducedBorder:
        """The reduced day of a border: all its routes as one choice, its first goods as the stake.

        A belief moves by 1/(1 + `learning.prior_weight`) a trip, as an average would in which the
        belief so far counts as `prior_weight` consignments.

        Raises:
            ScenarioError: more routes than the reduced day has, or choices too sharp for it.
        """
        kinds = [kind for sector in scenario.sectors.values() for kind in sector.routes.values()]
        patrols = [agency for agency in scenario.agencies.values() if agency.role == "patrol"]
        following = [agency.follow for agency in patrols if agency.allocation == "follow_finds"]
        learning = scenario.learning
        try:
            return cls(
                costs=tuple(scenario.route_kinds[kind].crossing_cost.number for kind in kinds),
                margin=next(iter(scenario.goods.values())).markup.number - 1.0,
                noise=scenario.traders.choice_noise.number,
                detection=needed(scenario, Patrols).intercept_base.number,
                follow=following[0].number if following and following[0] is not None else 0.0,
                learning_rate=1.0 / (1.0 + learning.prior_weight.number),
                first_belief=learning.prior_loss.number,
                wariness=learning.bad_event_wariness.number,
                wariness_memory=learning.wariness_memory.number,
            )
        except ValueError as error:
            raise ScenarioError(Fault(f"has no reduced day: {error}", file=scenario.name)) from None


class ReducedOutcome(NamedTuple):
    """One replicate: counts by [day, route], and what each person ended with (stakes)."""

    trips: NDArray[np.int64]
    detections: NDArray[np.int64]
    wealth: NDArray[np.float64]


def simulate(
    border: ReducedBorder,
    variant: Variant,
    n_agents: int,
    n_days: int,
    seed: int,
    replicate: int = 0,
    threads: int = 1,
) -> ReducedOutcome:
    """Simulate one replicate.

    Args:
        border: the numbers.
        variant: "A" (beliefs of one's own) or "B" (shared beliefs, wariness of one's own).
        n_agents: how many people, 1 to 2**32.
        n_days: how many days.
        seed: the run's seed, 0 to 2**64 - 1.
        replicate: the replicate's number; the same bits alone or among others.
        threads: spread each day's people over so many; the same bits for any number.
    """
    if variant not in ("A", "B"):
        raise ValueError(f"variant '{variant}', must be 'A' or 'B'")
    run = _Run(border, variant, n_agents, n_days, replicate_key(seed, replicate))
    if threads == 1:
        run.alone()
    else:
        run.together(threads)
    return run.outcome()


def simulate_many(
    border: ReducedBorder,
    variant: Variant,
    n_agents: int,
    n_days: int,
    seed: int,
    replicates: int,
    threads: int,
) -> list[ReducedOutcome]:
    """Simulate replicates 0, 1, ... side by side, each on one thread and as `simulate` gives it.

    Args:
        border, variant, n_agents, n_days, seed: as of `simulate`.
        replicates: how many.
        threads: how many at a time; the same bits for any number.
    """

    def one(replicate: int) -> ReducedOutcome:
        return simulate(border, variant, n_agents, n_days, seed, replicate)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(replicates)))


@cache
def _numbers(border: ReducedBorder) -> Numbers:
    """A border's numbers in the form in which a day reads them.

    Utility is linear in risk, so that its values at no risk and at certain loss say it all.
    """
    safe, lost = (
        np.array([route_utility(border.margin, c, risk, 1.0, border.noise) for c in border.costs])
        for risk in (0.0, 1.0)
    )
    costs = np.array(border.costs)
    return Numbers(
        floor=((safe.max() - safe) * _LOG2_E).astype(F32),
        slope=F32((safe[0] - lost[0]) * _LOG2_E),
        payoff=np.stack([border.margin - costs, -1.0 - costs], axis=1).ravel(),
        rate=border.learning_rate,
        level=F32(border.wariness),
        decay=F32(wariness(2.0, 1.0, border.wariness_memory) - 1.0),
        detection=border.detection,
        follow=border.follow,
    )


def _people(border: ReducedBorder, numbers: Numbers, variant: Variant, n: int) -> Own | Shared:
    """Everyone before the first day, in tiles."""
    tiles = -(-n // LANES)
    wealth = np.zeros((tiles, LANES))
    if variant == "B":
        return Shared(n, np.ones((tiles, LANES), F32), wealth)
    first = F32(border.first_belief)
    weights = [exp2(F32(floor + numbers.slope * first)) for floor in numbers.floor]
    of_tile: F32s = np.repeat(np.array(weights, F32), LANES)
    return Own(n, np.full((tiles, of_tile.size), first), np.tile(of_tile, (tiles, 1)), wealth)


class _Run:
    """A replicate under way."""

    def __init__(
        self, border: ReducedBorder, variant: Variant, n_agents: int, n_days: int, key: Key
    ) -> None:
        n_routes = len(border.costs)
        self.numbers = _numbers(border)
        self.people = _people(border, self.numbers, variant, n_agents)
        self.kernel: Callable[..., None] = run_own if variant == "A" else run_shared
        self.n_days, self.tiles, self.key = n_days, len(self.people.wealth), key
        self.today = Today(
            believed=np.full(n_routes, border.first_belief),
            chance=np.empty(n_routes, F32),
            shared=np.empty(n_routes, F32),
        )
        book = np.zeros((2, n_days, n_routes), np.int64)
        self.books = Books(trips=book[0], detections=book[1])

    def alone(self) -> None:
        """All days on this thread; back in Python now and then, where a user can stop it."""
        at, stretch = scratch(), max(1, _STRETCH // max(1, self.people.n))
        for first in range(0, self.n_days, stretch):
            days = first, min(first + stretch, self.n_days)
            self._days(at, days, (0, self.tiles), alone=True)

    def together(self, threads: int) -> None:
        """Each day's tiles spread over threads; counts are whole, so any split adds up alike."""
        edges = [self.tiles * part // threads for part in range(threads + 1)]
        parts = [(scratch(), tiles) for tiles in pairwise(edges)]
        with ThreadPoolExecutor(threads) as pool:
            for day in range(self.n_days):
                open_one(self.numbers, self.today, self.books, day)
                jobs = [
                    pool.submit(self._days, at, (day, day + 1), tiles, alone=False)
                    for at, tiles in parts
                ]
                for job in jobs:
                    job.result()
                counts = np.sum([at.counts for at, _ in parts], axis=0)
                close_one(self.numbers, self.today, self.books, counts, day)

    def _days(
        self, at: Scratch, days: tuple[int, int], tiles: tuple[int, int], *, alone: bool
    ) -> None:
        numbers, today, books, people = self.numbers, self.today, self.books, self.people
        self.kernel(at, numbers, today, books, people, self.key, days, tiles, alone)

    def outcome(self) -> ReducedOutcome:
        """What the days have come to."""
        return ReducedOutcome(*self.books, self.people.wealth.reshape(-1)[: self.people.n])
