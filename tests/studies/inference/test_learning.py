"""Means learned out of fold, beside plain sums over the draws."""

import numpy as np
import pytest

from amnok.studies.inference.learning import Features


def table(n, seed=1):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    targets = np.stack([x[:, 0] + rng.normal(size=n), np.abs(x[:, 1]), rng.normal(size=n)], 1)
    return x, targets, rng.random(n)


@pytest.mark.parametrize("anchored", [False, True])
def test_what_is_explained_is_what_the_means_leave(anchored):
    x, targets, weights = table(3_000)
    found = Features(x, 1, weights, anchored=anchored).learn(targets)
    off = targets - np.average(targets, axis=0, weights=weights)
    left = np.average((targets - found.means) ** 2, axis=0, weights=weights)
    spread = np.average(off**2, axis=0, weights=weights)
    assert np.allclose(found.explained, np.clip(1.0 - left / spread, 0.0, 1.0))
    assert 0.45 < found.explained[0] < 0.55
    assert found.explained[1] > 0.9
    assert found.explained[2] < 0.01


def test_targets_may_be_learned_together_or_one_by_one():
    x, targets, _ = table(1_000)
    features = Features(x, 1)
    alone = [features.learn(column[:, None]).means for column in targets.T]
    assert np.allclose(features.learn(targets).means, np.concatenate(alone, axis=1))
