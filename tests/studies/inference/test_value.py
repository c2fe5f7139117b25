"""What it is worth to learn something, against values that are known."""

import numpy as np
import pytest
from scipy.stats import norm

from amnok.errors import AmnokError
from amnok.studies import value_for_choice, value_of

FEW, MANY = 20_000, 100_000
EVSI = {1: (0.15710924, 0.34657359), 4: (0.22671015, 0.80471896)}
EVPI = 0.26676124


def act_if_positive(n, samples):
    rng = np.random.default_rng(samples)
    theta = rng.normal(0.3, 1.0, n)
    return theta, theta + rng.normal(0.0, 1.0 / np.sqrt(samples), n)


def claim(n):
    """A claim, what a source says of it, and the losses of believing it and of not."""
    rng = np.random.default_rng(7)
    true = (rng.random(n) < 0.5).astype(float)
    says = (rng.random(n) < np.where(true > 0, 0.8, 0.3)).astype(float)
    return true, says, np.stack([-4.0 * (1.0 - true), -10.0 * true], 1)


@pytest.mark.slow
@pytest.mark.parametrize("samples", EVSI)
def test_samples_of_a_mean(samples):
    theta, y = act_if_positive(FEW, samples)
    evsi, nats = EVSI[samples]
    choice = value_for_choice(y, np.stack([theta, 0.0 * theta], 1))
    found = value_of(y, theta)
    assert choice.best == 0
    assert abs(choice.sample.value / evsi - 1.0) < 0.05
    assert abs(choice.perfect.value / EVPI - 1.0) < 0.05
    assert abs(found.nats.value / nats - 1.0) < 0.05
    assert abs(found.share.value - samples / (samples + 1.0)) < 0.02
    assert abs(found.before - 1.0) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("samples", EVSI)
def test_samples_of_a_mean_within_3_percent(samples):
    theta, y = act_if_positive(MANY, samples)
    evsi, nats = EVSI[samples]
    choice = value_for_choice(y, np.stack([theta, 0.0 * theta], 1))
    assert abs(choice.sample.value / evsi - 1.0) < 0.03
    assert abs(choice.perfect.value / EVPI - 1.0) < 0.03
    assert abs(value_of(y, theta).nats.value / nats - 1.0) < 0.03


def test_a_claim_and_what_a_source_says():
    true, says, losses = claim(MANY)
    choice = value_for_choice(says, losses)
    assert abs(choice.sample.value / 0.4 - 1.0) < 0.03
    assert abs(choice.perfect.value / 2.0 - 1.0) < 0.03
    assert abs(value_of(says, true).nats.value / 0.13250545 - 1.0) < 0.03


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(n, marks=pytest.mark.statistical) for n in range(1, 5))]
)
def test_what_is_irrelevant_is_worth_nothing(seed):
    rng = np.random.default_rng(seed)
    theta, noise = rng.normal(0.3, 1.0, 5_000), rng.normal(size=5_000)
    seen = theta[:, None] + rng.normal(size=(5_000, 3))
    found = value_of(noise, theta, seen=seen, seed=seed)
    assert abs(found.cut.value) <= 2.0 * found.cut.se
    assert abs(found.nats.value) <= 2.0 * found.nats.se
    choice = value_for_choice(noise, np.stack([theta, 0.0 * theta], 1), seen=seen, seed=seed)
    assert abs(choice.sample.value) <= 2.0 * choice.sample.se


@pytest.mark.statistical
def test_beside_what_is_seen_anyway():
    rng = np.random.default_rng(8)
    theta = rng.normal(0.3, 1.0, FEW)
    seen = theta[:, None] + rng.normal(size=(FEW, 3))
    found = value_of(theta + rng.normal(size=FEW), theta, seen=seen)
    assert abs(found.before - 1 / 4) < 0.02
    assert abs(found.cut.value - (1 / 4 - 1 / 5)) < max(3.0 * found.cut.se, 0.005)
    assert abs(found.nats.value - 0.5 * np.log(5 / 4)) < max(3.0 * found.nats.se, 0.01)


def test_weights_give_the_value_near_an_observation():
    """Of theta with spread 1 given one observation at 0, weighted from a wider prior."""
    rng = np.random.default_rng(9)
    theta = rng.normal(0.0, 3.0, FEW)
    weights = norm.pdf(theta) / norm.pdf(theta, scale=3.0)
    found = value_of(theta + rng.normal(size=FEW), theta, weights=weights)
    assert abs(found.before - 1.0) < 0.05
    assert abs(found.share.value - 0.5) < 0.03


def test_tables_that_do_not_do():
    with pytest.raises(AmnokError, match="different numbers of draws"):
        value_of(np.zeros(200), np.arange(300.0))
    with pytest.raises(AmnokError, match="same in all draws"):
        value_of(np.arange(200.0), np.zeros(200))
    with pytest.raises(AmnokError, match="two options"):
        value_for_choice(np.arange(200.0), np.arange(200.0))
    draws = np.arange(200.0)
    with pytest.raises(AmnokError, match="weights above 0: 1 draws are too few"):
        value_of(draws, draws, weights=draws == 7.0)
    with pytest.raises(AmnokError, match=r"weights: are a table of \[200, 1\]"):
        value_of(draws, draws, weights=np.ones((200, 1)))
    with pytest.raises(AmnokError, match=r"^seen: is not a table of numbers \([^)]*\)$"):
        value_of(draws, draws, seen=["a"] * 200)
    with pytest.raises(AmnokError) as told:
        value_for_choice(["a"] * 200, ["b"] * 200, seed=-1)
    assert [one.path for one in told.value.faults] == ["learned", "benefits", "seed"]
