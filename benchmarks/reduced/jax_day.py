"""The reduced day in JAX on the CPU: one compiled function, a scan over days.

What makes JAX fast here: single precision; routes along the first axis; one call of the generator
for both uniforms; weights cumulated by a product with a triangle of ones, which XLA, unlike a chain
of sums, does not fuse into each of its users and so compute several times over; what agents keep
and the counts updated in place, by scatters; blocks of agents, whose arrays stay in the cache (500
or 10,000: sizes between are slower). XLA's own threads share little of such small operations, so
agents can also be split over CPU devices, with a sum over devices each day. To keep weights from
day to day does not pay: one more array of routes and agents costs more than the exponentials.
Gumbel draws (`jax.random.categorical`) are one for each agent and route, and far slower.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from engines import JAX_DEVICES
from jax.sharding import NamedSharding, PartitionSpec
from model import DAY, ROUTES, Day, Days, Result

SMALL, LARGE = 500, 10_000  # most agents in a block, of fewer than LARGE agents and of more
AGENTS = "agents"  # the axis along which devices share the agents

jax.config.update("jax_num_cpu_devices", JAX_DEVICES)


class People(NamedTuple):
    """What agents keep from day to day."""

    wealth: jax.Array  # (block, agent)
    wariness: jax.Array  # (block, agent), variant B
    beliefs: jax.Array  # (block, route, agent), variant A


class State(NamedTuple):
    """What one day leaves to the next."""

    people: People
    shared: jax.Array  # beliefs (route)
    risks: jax.Array  # of detection (route)


class Engine:
    """The days of one device's share of the agents, as functions of arrays."""

    def __init__(self, variant: str, n_agents: int, n_days: int, day: Day) -> None:
        self.variant, self.n_agents, self.n_days, self.day = variant, n_agents, n_days, day
        self.devices = JAX_DEVICES if n_agents % JAX_DEVICES == 0 else 1
        share = n_agents // self.devices
        most = SMALL if n_agents < LARGE else LARGE
        self.blocks = next(k for k in range(-(-share // most), share + 1) if share % k == 0)
        self.size = share // self.blocks
        self.up_to = np.tril(np.ones((ROUTES, ROUTES), np.float32))
        self.appeal = (day.gains / day.scale).astype(np.float32)
        self.slope = day.loss / day.scale
        self.outcomes = np.concatenate([day.gains, day.losses]).astype(np.float32)

    def people(self) -> People:
        """Everyone on all devices before the first day; what a variant does not use is empty."""
        rows = self.devices * self.blocks
        return People(
            wealth=np.zeros((rows, self.size), np.float32),
            wariness=np.ones((rows, self.size if self.variant == "B" else 0), np.float32),
            beliefs=np.full(
                (rows, ROUTES, self.size if self.variant == "A" else 0),
                self.day.first_belief,
                np.float32,
            ),
        )

    def run(self, key: jax.Array, people: People) -> tuple[jax.Array, jax.Array, jax.Array]:
        """All days: trips and detections (day, route), wealth (block, agent)."""
        first = jnp.full(ROUTES, self.day.first_belief)
        state = State(people, first, jnp.full(ROUTES, self.day.base))
        keys = jax.random.split(key, self.n_days)
        state, (trips, detections) = jax.lax.scan(self.one_day, state, keys)
        return trips, detections, state.people.wealth

    def one_day(self, state: State, key: jax.Array) -> tuple[State, tuple[jax.Array, jax.Array]]:
        """A day of everyone, and what follows from it for tomorrow."""
        day = self.day
        counts = jnp.zeros(2 * ROUTES, jnp.int32)
        if self.devices > 1:
            key = jax.random.fold_in(key, jax.lax.axis_index(AGENTS))
            counts = jax.lax.pcast(counts, (AGENTS,), to="varying")

        def block(b: jax.Array, done: tuple[People, jax.Array]) -> tuple[People, jax.Array]:
            return self.one_block(b, jax.random.fold_in(key, b), state, *done)

        people, counts = jax.lax.fori_loop(0, self.blocks, block, (state.people, counts))
        if self.devices > 1:
            counts = jax.lax.psum(counts, AGENTS)
        detections = counts[ROUTES:]
        trips = counts[:ROUTES] + detections
        rates = detections / jnp.maximum(trips, 1)
        learned = state.shared + day.rate * (rates - state.shared)
        effort = (1.0 - day.follow) + day.follow * trips * (ROUTES / self.n_agents)
        risks = jnp.minimum(1.0, day.base * effort)
        tomorrow = State(people, jnp.where(trips > 0, learned, state.shared), risks)
        return tomorrow, (trips, detections)

    def one_block(
        self, b: jax.Array, key: jax.Array, state: State, people: People, counts: jax.Array
    ) -> tuple[People, jax.Array]:
        """A day of one block; counts are by route, of trips that passed and then of the others."""
        draws = jax.random.uniform(key, (2, self.size))
        wealth, wariness, beliefs = people
        if self.variant == "A":
            risks = beliefs[b]
        else:
            risks = jnp.minimum(1.0, state.shared[:, None] * wariness[b])
        reached = self.up_to @ jnp.exp(self.appeal[:, None] - self.slope * risks)
        route = jnp.sum(reached[:-1] <= draws[0] * reached[-1], axis=0, dtype=jnp.int32)
        detected = draws[1] < state.risks[route]
        code = route + ROUTES * detected
        counts = counts.at[code].add(1, mode="promise_in_bounds")
        wealth = wealth.at[b].add(jnp.asarray(self.outcomes)[code])
        if self.variant == "A":
            agents = jnp.arange(self.size)
            belief = risks[route, agents]
            belief += self.day.rate * (detected - belief)
            place = beliefs.at[b, route, agents]
            beliefs = place.set(belief, unique_indices=True, mode="promise_in_bounds")
        else:
            kept = 1.0 + (wariness[b] - 1.0) * self.day.keep
            wariness = wariness.at[b].set(jnp.where(detected, self.day.wary, kept))
        return People(wealth, wariness, beliefs), counts


@lru_cache(maxsize=4)
def compiled(variant: str, n_agents: int, n_days: int, day: Day) -> tuple[Callable, Callable]:
    """A run of these days, compiled, and a function that sets up its arguments for a seed."""
    engine = Engine(variant, n_agents, n_days, day)
    mesh = jax.sharding.Mesh(np.array(jax.devices()[: engine.devices]), (AGENTS,))
    whole, part = PartitionSpec(), PartitionSpec(AGENTS)
    run = engine.run
    if engine.devices > 1:
        specs = {"in_specs": (whole, part), "out_specs": (whole, whole, part)}
        run = jax.shard_map(run, mesh=mesh, **specs)

    def arguments(seed: int) -> tuple[jax.Array, People]:
        key = jax.device_put(jax.random.key(seed), NamedSharding(mesh, whole))
        return key, jax.device_put(engine.people(), NamedSharding(mesh, part))

    return jax.jit(run).lower(*arguments(0)).compile(), arguments


def prepare(variant: str, n_agents: int, n_days: int, seed: int, day: Day = DAY) -> Days:
    """Set up and compile a run; see `model.prepare`."""
    run, arguments = compiled(variant, n_agents, n_days, day)
    ready = jax.block_until_ready(arguments(seed))

    def days() -> Result:
        trips, detections, wealth = (np.asarray(array) for array in run(*ready))
        wealth = wealth.astype(np.float64)
        counts = trips.astype(np.int64), detections.astype(np.int64)
        return Result(*counts, float(wealth.mean()), float(wealth.std()))

    return days
