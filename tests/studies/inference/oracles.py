"""Problems whose posteriors are known exactly, or to any precision by a grid or by weighting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

CHANCES = np.array([0.025, 0.1, 0.5, 0.9, 0.975])


@dataclass(frozen=True)
class Oracle:
    """A problem: draws of the unknowns, what is seen of them, an observation, and the answer."""

    prior: Callable[..., Any]
    simulate: Callable[..., Any]
    observed: list[float]
    log_likelihood: Callable[..., Any] | None = None
    exact: tuple[float, float, np.ndarray] | None = None  # mean, sd, quantiles of the first

    def draws(self, n, seed):
        rng = np.random.default_rng(seed)
        theta = self.prior(rng, n)
        return theta, self.simulate(theta, rng)

    def answer(self, n=1_000_000):
        """Mean, sd and quantiles of each unknown; by weighting prior draws if not known."""
        if self.exact is not None:
            return [self.exact]
        theta = self.prior(np.random.default_rng(99), n)
        assert self.log_likelihood is not None
        logs = self.log_likelihood(theta)
        weights = np.exp(logs - logs.max())
        weights /= weights.sum()
        found = []
        for column in theta.T:
            mean = weights @ column
            order = np.argsort(column, kind="stable")
            place = np.searchsorted(np.cumsum(weights[order]), CHANCES)
            found.append((mean, np.sqrt(weights @ (column - mean) ** 2), column[order][place]))
        return found


def one(sampler):
    return lambda rng, n: np.asarray(sampler(rng, n), dtype=float)[:, None]


def normal_answer(mean, sd):
    return mean, sd, stats.norm(mean, sd).ppf(CHANCES)


def shifted_poisson(shift, rate):
    return shift + rate, np.sqrt(rate), shift + stats.poisson(rate).ppf(CHANCES)


def _lists(theta, rng):
    people, first, second = theta.T if theta.shape[1] == 3 else (theta[:, 0], 0.3, 0.2)
    on_first = rng.binomial(people.astype(int), first)
    both = rng.binomial(on_first, second)
    only_second = rng.binomial(people.astype(int) - on_first, second)
    return np.stack([on_first, both + only_second, both], 1)


def _lists_likelihood(theta):
    people, first, second = theta.T
    enough = np.maximum(people, 36)
    logs = stats.binom.logpmf(25, enough, first) + stats.binom.logpmf(5, 25, second)
    return np.where(people < 36, -1e9, logs + stats.binom.logpmf(11, enough - 25, second))


def _states(rng, n):
    states = [rng.normal(0.0, 0.2 / np.sqrt(1.0 - 0.81), n)]
    for _ in range(4):
        states.append(0.9 * states[-1] + rng.normal(0.0, 0.2, n))
    return np.stack(states[::-1], 1)  # the last comes first


AR1 = Oracle(
    lambda rng, n: _states(rng, n),
    lambda theta, rng: theta[:, ::-1] + rng.normal(0.0, 0.3, theta.shape),
    [0.1, 0.5, 0.4, np.nan, 0.9],
    exact=normal_answer(0.59631834, 0.21741658),
)

ORACLES = {
    "gaussian": Oracle(
        one(lambda rng, n: rng.normal(0.0, 2.0, n)),
        lambda theta, rng: theta + rng.normal(0.0, 1.5, (len(theta), 5)),
        [0.5, 2.2, 0.2, 1.9, 1.2],
        exact=normal_answer(1.0786517, 0.6359987),
    ),
    "poisson-gamma": Oracle(
        one(lambda rng, n: rng.gamma(2.0, 100.0, n)),
        lambda theta, rng: rng.poisson(theta * 30 * 0.02),
        [9],
        exact=(18.0328, 5.4371, stats.gamma(11.0, scale=1.0 / 0.61).ppf(CHANCES)),
    ),
    "thinning": Oracle(
        one(lambda rng, n: rng.poisson(200.0, n)),
        lambda theta, rng: rng.binomial(theta.astype(int), 0.4),
        [70],
        exact=shifted_poisson(70, 120.0),
    ),
    "two lists": Oracle(
        one(lambda rng, n: rng.poisson(100.0, n)),
        _lists,
        [25, 16, 5],
        exact=shifted_poisson(36, 56.0),
    ),
    "selective reporting": Oracle(
        lambda rng, n: np.stack([rng.gamma(4.0, 5.0, n), rng.beta(2.0, 2.0, n)], 1),
        lambda theta, rng: rng.poisson(3.0 * theta[:, 0] * (1.0 - theta[:, 1])),
        [25],
        lambda theta: stats.poisson(3.0 * theta[:, 0] * (1.0 - theta[:, 1])).logpmf(25),
    ),
    "two observers": Oracle(
        lambda rng, n: np.stack([rng.gamma(2.0, 50.0, n), rng.beta(2.0, 5.0, n)], 1),
        lambda theta, rng: np.stack(
            [rng.poisson(0.3 * theta[:, 0]), rng.poisson(theta[:, 0] * theta[:, 1])], 1
        ),
        [22, 18],
        lambda theta: (
            stats.poisson(0.3 * theta[:, 0]).logpmf(22)
            + stats.poisson(theta[:, 0] * theta[:, 1]).logpmf(18)
        ),
    ),
    "unknown list chances": Oracle(
        lambda rng, n: np.stack(
            [
                rng.poisson(rng.gamma(4.0, 25.0, n)).astype(float),
                rng.beta(2.0, 3.0, n),
                rng.beta(2.0, 3.0, n),
            ],
            1,
        ),
        _lists,
        [25, 16, 5],
        _lists_likelihood,
    ),
    "switch": Oracle(
        lambda rng, n: np.stack([rng.gamma(3.0, 10.0, n), rng.integers(0, 2, n)], 1),
        lambda theta, rng: np.stack(
            [rng.poisson(theta[:, 0] * (1.0 - 0.5 * theta[:, 1])), rng.poisson(0.4 * theta[:, 0])],
            1,
        ),
        [14, 9],
        lambda theta: (
            stats.poisson(theta[:, 0] * (1.0 - 0.5 * theta[:, 1])).logpmf(14)
            + stats.poisson(0.4 * theta[:, 0]).logpmf(9)
        ),
    ),
}
