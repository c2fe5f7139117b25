"""The reduced day in mesa-frames: agents are the rows of a polars frame, a step is expressions.

As in mesa-frames' own examples: `step` works on the whole frame, in columns, and draws come from
the model's generator. A belief is a column a route, so that polars works on several columns at a
time; expressions are made once. A route is chosen by one uniform through the cumulated weights.
`np.exp` on an expression is polars' own way to NumPy's vectorised exp and pays for large frames.
The inherited `set` would join the frame with itself for each attribute; `with_columns` does not.
To keep weights from day to day would double the columns to rewrite, which costs what it saves.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF
from model import DAY, ROUTES, Day, Days, Result

BELIEFS = [f"belief_{r}" for r in range(ROUTES)]
WEIGHTS = [f"weight_{r}" for r in range(ROUTES)]
LARGE = 50_000  # agents from which np.exp on an expression pays


def number(value: float) -> pl.Expr:
    """A constant that keeps single precision."""
    return pl.lit(value, pl.Float32)


class Traders(AgentSetPolars):
    """Everyone, one row each."""

    def __init__(self, model: Border, n_agents: int) -> None:
        super().__init__(model)
        day = model.day
        columns = {"unique_id": pl.arange(n_agents, eager=True)}
        if model.variant == "A":
            columns |= dict.fromkeys(BELIEFS, number(day.first_belief))
        else:
            columns["wariness"] = number(1.0)
        self += pl.select(wealth=pl.repeat(0.0, n_agents, dtype=pl.Float32), **columns)
        self.exp = np.exp if n_agents >= LARGE else pl.Expr.exp
        self.weights = self.weigh([pl.col(belief) for belief in BELIEFS])
        self.reached = [pl.col(name) <= pl.col("mark") for name in WEIGHTS[:-1]]
        self.gains = pl.Series(day.gains.astype(np.float32))
        self.losses = pl.Series(day.losses.astype(np.float32))
        self.learned = self.learn()

    def weigh(self, risks: list[pl.Expr]) -> list[pl.Expr]:
        """Weights of the routes, given the risks believed."""
        day = self.model.day
        slope = number(day.loss / day.scale)
        gains = [number(gain / day.scale) for gain in day.gains]
        utilities = [gain - risk * slope for gain, risk in zip(gains, risks, strict=True)]
        return [
            self.exp(utility).alias(name) for utility, name in zip(utilities, WEIGHTS, strict=True)
        ]

    def learn(self) -> list[pl.Expr]:
        """What everyone makes of the day."""
        day = self.model.day
        if self.model.variant == "B":
            kept = number(1.0) + (pl.col("wariness") - number(1.0)) * number(day.keep)
            wary = pl.when(pl.col("detected")).then(number(day.wary))
            return [wary.otherwise(kept).alias("wariness")]
        stay = number(1.0 - day.rate)
        return [
            pl.when(pl.col("route") == r)
            .then(stay * pl.col(belief) + pl.col("step"))
            .otherwise(pl.col(belief))
            .alias(belief)
            for r, belief in enumerate(BELIEFS)
        ]

    def step(self) -> None:
        """A day of everyone."""
        route = self.routes().alias("route")
        detected = (self.draws() < self.model.risks.gather(route)).alias("detected")
        self.model.record(pl.DataFrame([route, detected]))
        passed = self.gains.gather(route)
        wealth = self.agents["wealth"] + self.losses.gather(route).zip_with(detected, passed)
        step = (detected.cast(pl.Float32) * self.model.day.rate).alias("step")
        self.agents = (
            self.agents.with_columns(wealth, route, detected, step)
            .with_columns(self.learned)
            .drop("route", "detected", "step")
        )

    def draws(self) -> pl.Series:
        """A uniform for everyone."""
        return pl.Series(self.random.random(len(self), dtype=np.float32))

    def routes(self) -> pl.Series:
        """Everyone's route today: a uniform through the cumulated weights of the routes."""
        if self.model.variant == "B":
            wariness, one = pl.col("wariness"), number(1.0)
            risks = [wariness * number(belief) for belief in self.model.shared]
            self.weights = self.weigh([risk.clip(upper_bound=one) for risk in risks])
        weights = self.agents.select(self.weights)
        reached = [weights[WEIGHTS[0]]]
        for name in WEIGHTS[1:]:
            reached.append((reached[-1] + weights[name]).alias(name))
        mark = (reached.pop() * self.draws()).alias("mark")
        return pl.DataFrame([mark, *reached]).select(pl.sum_horizontal(self.reached)).to_series()


class Border(ModelDF):
    """The model: its traders, the enforcement they meet and what is recorded."""

    def __init__(self, variant: str, n_agents: int, n_days: int, seed: int, day: Day) -> None:
        super().__init__(seed)
        self.variant = variant
        self.day = day
        self.t = 0
        self.trips = np.zeros((n_days, ROUTES), dtype=np.int64)
        self.detections = np.zeros((n_days, ROUTES), dtype=np.int64)
        self.risks = pl.Series(day.risks(None).astype(np.float32))
        self.shared = np.full(ROUTES, day.first_belief)
        self.agents += Traders(self, n_agents)

    def record(self, frame: pl.DataFrame) -> None:
        """Count trips and detections by route."""
        counts = frame.group_by("route").agg(pl.len(), pl.col("detected").sum())
        routes = counts["route"].to_numpy()
        self.trips[self.t, routes] = counts["len"].to_numpy()
        self.detections[self.t, routes] = counts["detected"].to_numpy()

    def step(self) -> None:
        """A day: everyone, then what is shared."""
        self.agents.do("step")
        trips = self.trips[self.t]
        self.shared = self.day.shared(self.shared, trips, self.detections[self.t])
        self.risks = pl.Series(self.day.risks(trips).astype(np.float32))
        self.t += 1


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up a run; see `model.prepare`."""
    border = Border(variant, n_agents, n_days, seed, day)

    def days() -> Result:
        for _ in range(n_days):
            border.step()
        (wealth,) = border.agents.get("wealth").values()
        wealth = wealth.cast(pl.Float64)
        return Result(border.trips, border.detections, wealth.mean(), wealth.std(ddof=0))

    return days
