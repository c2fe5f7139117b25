"""Sequential rounds: new draws where the posterior lies, weighted back to the prior.

All draws of all rounds are kept, each weighted by the prior over the mixture of what they were
drawn from (the balance heuristic; Veach & Guibas 1995, as in adaptive ABC, Beaumont et al. 2009).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from amnok.studies.inference.learning import Scores, in_scores
from amnok.studies.inference.posterior import Posterior

Array = NDArray[np.float64]
Simulate = Callable[[Array], Any]
_CENTRES = 500
_FEW, _WIDER = 5, 2.0
_CHUNK = 1024


@dataclass(frozen=True)
class Proposal:
    """A mixture of normals around draws of a posterior, in normal scores."""

    centres: Array
    root: Array  # Cholesky factor of the covariance of each
    number: int  # of draws made from it

    def draw(self, n: int, rng: np.random.Generator) -> Array:
        """Draws [draw, unknown]."""
        at = self.centres[rng.integers(len(self.centres), size=n)]
        return np.asarray(at + rng.normal(size=at.shape) @ self.root.T)

    def log_density(self, z: Array) -> Array:
        """Log density of each draw."""
        p = z.shape[1]
        inverse = np.linalg.inv(self.root)
        centres, asked = self.centres @ inverse.T, z @ inverse.T
        constant = np.log(np.diag(self.root)).sum() + 0.5 * p * np.log(2.0 * np.pi)
        parts = []
        for first in range(0, len(z), _CHUNK):
            off = asked[first : first + _CHUNK, None, :] - centres[None, :, :]
            parts.append(logsumexp(-0.5 * np.einsum("ncp,ncp->nc", off, off), axis=1))
        return np.asarray(np.concatenate(parts) - np.log(len(centres)) - constant)


def more_draws(
    prior: Array,
    theta: Array,
    posterior: Posterior,
    simulate: Simulate,
    proposals: list[Proposal],
    n: int,
    rng: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """Add a round; `proposals` gets its proposal.

    The prior is taken to be a Gaussian copula of its margins: exact for independent unknowns.
    Unknowns that are cases are drawn anew from the prior, independently.

    Args:
        prior: draws from the prior, [draw, unknown].
        theta: all draws so far.
        posterior: as found so far.
        simulate: what would be seen of draws.
        proposals: of earlier rounds.
        n: draws of the round.
        rng: of the round.

    Returns:
        All draws, what is seen of the new ones, and the weights of all.
    """
    scores = [Scores(column) for column in prior.T]
    numbers = [j for j, one in enumerate(scores) if one.cases is None]
    of_numbers = [scores[j] for j in numbers]

    def to_scores(values: Array) -> Array:
        return in_scores(of_numbers, values[:, numbers])

    new = prior[rng.integers(len(prior), size=n)]
    chosen = rng.choice(len(posterior.weights), _CENTRES, p=posterior.weights)
    proposals.append(_around(to_scores(posterior.draws[chosen]), n))
    z = proposals[-1].draw(n, rng)
    for j, column in zip(numbers, z.T, strict=True):
        new[:, j] = scores[j].back(column)
    everything = np.concatenate([theta, new])
    # Where a draw was made beyond the ends of the table, its score counts as the end's.
    z = to_scores(everything)
    before = multivariate_normal(cov=np.atleast_2d(np.corrcoef(to_scores(prior), rowvar=False)))
    wanted = np.atleast_1d(before.logpdf(z))
    total = len(everything)
    drawn = [np.log(len(prior) / total) + wanted]
    drawn += [np.log(one.number / total) + one.log_density(z) for one in proposals]
    log_weights = wanted - logsumexp(np.stack(drawn), axis=0)
    return everything, simulate(new), np.exp(log_weights - log_weights.max())


def _around(draws: Array, n: int) -> Proposal:
    """What to draw from next: many small normals in few dimensions, a wide one in many."""
    spread = np.atleast_2d(np.cov(draws, rowvar=False)) + 1e-6 * np.eye(draws.shape[1])
    if draws.shape[1] > _FEW:
        return Proposal(
            draws.mean(axis=0)[None, :], np.asarray(np.linalg.cholesky(_WIDER * spread)), n
        )
    # Twice Silverman's covariance.
    count, p = draws.shape
    narrowed = _WIDER * spread * (4.0 / (count * (p + 2.0))) ** (2.0 / (p + 4.0))
    return Proposal(draws, np.asarray(np.linalg.cholesky(narrowed)), n)
