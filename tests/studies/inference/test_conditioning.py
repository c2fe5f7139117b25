"""Posteriors from tables, against posteriors that are known."""

import numpy as np
import pandas as pd
import pytest
from tests.studies.inference.oracles import AR1, CHANCES, ORACLES

from amnok.errors import AmnokError
from amnok.studies import condition
from amnok.studies.inference import make_ready
from amnok.studies.inference.posterior import Posterior

FEW, MANY = 20_000, 100_000


def differences(oracle, n, seed=1):
    """Of each unknown: mean over mean, and quantiles in posterior standard deviations."""
    theta, x = oracle.draws(n, seed)
    found = condition(theta, x, oracle.observed, seed=seed, held_out=0)
    for j, (mean, sd, quantiles) in enumerate(oracle.answer()):
        ours = found.quantile(CHANCES.tolist()).to_numpy()[:, j]
        # Unknowns that are whole numbers or cases have quantiles that jump.
        whole = np.all(theta[:, j] == np.round(theta[:, j]))
        step = 1.01 if whole else 0.0
        yield abs(found.mean.iloc[j] / mean - 1.0), np.maximum(abs(ours - quantiles) - step, 0) / sd


@pytest.mark.slow
@pytest.mark.parametrize("name", ORACLES)
def test_comes_near_known_posteriors_from_few_draws(name):
    for mean, quantiles in differences(ORACLES[name], FEW):
        assert mean < 0.05
        assert quantiles[1:-1].max() < 0.2
        assert quantiles.max() < 0.45


@pytest.mark.slow
@pytest.mark.parametrize("name", ORACLES)
def test_means_within_2_percent_and_quantiles_within_5_percent_of_the_spread(name):
    """Five quantiles from some 10,000 effective draws have standard errors of 1-3% of the spread:
    the outer two are given twice the room, the mean over seeds none.
    """
    found = [list(differences(ORACLES[name], MANY, seed)) for seed in (1, 2, 3)]
    for by_seed in zip(*found, strict=True):
        assert np.mean([mean for mean, _ in by_seed]) < 0.02
        off = np.mean([quantiles for _, quantiles in by_seed], axis=0)
        assert off[1:-1].max() < 0.05
        assert off.max() < 0.10


@pytest.mark.slow
@pytest.mark.parametrize("way", [1.0, -1.0])
def test_an_end_at_which_many_draws_lie_keeps_its_chance(way):
    """Nothing flows in three of ten worlds, and some are arrested all the same: on average over
    worlds, the chance of no flow is its share. Regression alone moves draws off the end: 0.13.
    """
    rng = np.random.default_rng(1)
    flow = rng.gamma(2.0, 50.0, 2_000) * (rng.random(2_000) > 0.3)
    arrests = rng.poisson(1.0 + 0.01 * np.tile(flow[:, None], 6))
    table, none = make_ready(way * flow, arrests, held_out=0), flow[:100] == 0.0
    posteriors = [table.of_draw(n) for n in range(100)]
    chances = np.array([one.weights @ (one.draws[:, 0] == 0.0) for one in posteriors])
    assert abs(chances.mean() - none.mean()) < 0.08
    assert chances[none].mean() > 2.0 * chances[~none].mean()


@pytest.mark.statistical
def test_what_was_not_observed_is_left_out():
    theta, x = AR1.draws(FEW, 1)
    found = condition(theta[:, 0], x, AR1.observed, held_out=0)
    (mean, sd, quantiles), *_ = AR1.answer()
    assert abs(found.mean.iloc[0] - mean) < 0.1 * sd
    assert abs(found.quantile(CHANCES.tolist()).to_numpy()[:, 0] - quantiles).max() < 0.2 * sd
    table = pd.DataFrame(x, columns=list("abcde"))
    by_name = dict(zip("abce", [0.1, 0.5, 0.4, 0.9], strict=True))
    for observed in (by_name, pd.Series(by_name | {"d": pd.NA})):
        again = condition(theta[:, 0], table, observed, held_out=0)
        assert np.array_equal(again.draws, found.draws)


@pytest.mark.slow
def test_the_same_bits_for_a_seed():
    theta, x = ORACLES["two observers"].draws(2_000, 1)
    first, second, other = (
        condition(theta, x, [22, 18], seed=seed, held_out=20) for seed in (1, 1, 2)
    )
    assert np.array_equal(first.draws, second.draws)
    assert np.array_equal(first.weights, second.weights)
    assert not np.array_equal(first.draws[:50], other.draws[:50])


def test_stays_within_the_prior():
    rng = np.random.default_rng(1)
    theta = rng.uniform(0.0, 1.0, 5_000)
    found = condition(theta, theta + rng.normal(0.0, 0.1, 5_000), [1.2], held_out=0)
    assert found.draws.min() >= 0.0
    assert found.draws.max() <= 1.0
    assert found.mean.iloc[0] > 0.9


def test_learns_nothing_from_noise():
    rng = np.random.default_rng(2)
    theta = rng.normal(size=4_000)
    found = condition(theta, rng.normal(size=(4_000, 30)), np.zeros(30), held_out=0)
    assert abs(found.mean.iloc[0]) < 0.15
    assert 0.9 < found.sd.iloc[0] < 1.1


@pytest.mark.statistical
def test_ranks_of_held_out_draws_are_uniform():
    """False alarms: below 1 in 1,000 (an average of 300 uniform ranks)."""
    rng = np.random.default_rng(3)
    theta = rng.gamma(3.0, 10.0, (2_000, 2))
    x = np.concatenate([rng.poisson(theta), rng.normal(size=(2_000, 20))], axis=1)
    table = make_ready(theta, x, held_out=0)
    ranks = table.ranks(np.arange(150))
    assert abs(ranks.mean() - 0.5) < 3.3 / np.sqrt(12 * 300)
    inside = np.mean((ranks > 0.1) & (ranks < 0.9))
    assert abs(inside - 0.8) < 3.3 * np.sqrt(0.16 / 300)


@pytest.mark.statistical
def test_rounds_go_where_the_posterior_is():
    rng = np.random.default_rng(4)
    theta = rng.uniform(-10.0, 10.0, (1_000, 2))

    def simulate(asked):
        return asked + 0.1 * rng.normal(size=asked.shape)

    x = simulate(theta)
    found = condition(theta, x, [3.0, -2.0], simulate=simulate, rounds=3, per_round=2_000)
    assert np.allclose(found.mean, [3.0, -2.0], atol=0.05)
    assert np.allclose(found.sd, 0.1, rtol=0.3)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_ten_unknowns_keep_many_draws(seed):
    """theta ~ N(0, 0.1), seen with as much noise: N(x / 2, 0.05). Were draws looked at from few to
    many, a false alarm at the first look would leave 110 effective ones.
    """
    rng = np.random.default_rng(seed)
    theta, noise = np.sqrt(0.1) * rng.normal(size=(2, 10_000, 10))
    seen = np.sqrt(0.2) * rng.normal(size=10)
    found = condition(theta, theta + noise, seen, seed=seed, held_out=0)
    assert found.effective > 400
    assert np.allclose(found.mean, 0.5 * seen, atol=0.3 * np.sqrt(0.05))
    assert np.allclose(found.sd, np.sqrt(0.05), rtol=0.15)


@pytest.mark.parametrize("together", [0.9, 0.0])
def test_a_smooth_sample_is_not_a_few_draws_over_and_over(together):
    """Each unknown has the values of the plain sample, and they go together as those do."""
    rng = np.random.default_rng(1)
    correlation = together + (1.0 - together) * np.eye(4)
    draws = rng.multivariate_normal(np.zeros(4), correlation, 400)
    draws[:, 3] = np.maximum(np.round(2.0 * draws[:, 3]), 0.0)
    weights = rng.gamma(1.0, size=400)
    found = Posterior(tuple("abcd"), draws, weights / weights.sum(), np.arange(400), 1.0)
    plain, smooth = (found.sample(5_000, 1, smooth=one).to_numpy() for one in (False, True))
    assert np.array_equal(np.sort(plain, axis=0), np.sort(smooth, axis=0))
    assert len(np.unique(plain, axis=0)) < 400 < 4_500 < len(np.unique(smooth, axis=0))
    assert np.allclose(np.corrcoef(plain.T), np.corrcoef(smooth.T), atol=0.1)


def swapped():
    """Two unknowns and what is seen of them, in another order."""
    rng = np.random.default_rng(6)
    theta = pd.DataFrame({"mean": rng.normal(0.0, 2.0, 1_000), "age": rng.normal(10.0, 1.0, 1_000)})
    x = pd.DataFrame({"b": theta["age"], "m": theta["mean"]}) + rng.normal(0.0, 0.5, (1_000, 2))
    return theta, x


@pytest.mark.parametrize(
    "observed",
    [
        {"m": 3.0, "b": 11.0},
        pd.Series({"m": 3.0, "b": 11.0}),
        pd.DataFrame({"m": [3.0], "b": [11.0]}),
        pd.Series([11.0, 3.0]),
    ],
)
def test_what_was_observed_is_read_by_name(observed):
    theta, x = swapped()
    in_order = condition(theta, x, [11.0, 3.0], held_out=0)
    assert np.array_equal(condition(theta, x, observed, held_out=0).draws, in_order.draws)
    table = make_ready(theta, x, held_out=0)
    assert np.array_equal(table.given(observed).draws, in_order.draws)


@pytest.mark.parametrize(
    ("observed", "told"),
    [
        (pd.DataFrame({"m": [3.0, 4.0], "b": [11.0, 12.0]}), r"observed: has 2 rows \(one row\)"),
        (pd.Series({"m": 3.0, "q": 1.0}), r"(?s)observed: b: is missing.*observed: q: is not in"),
        (pd.Series([1.0, 2.0, 3.0], ["m", "b", "m"]), "observed: m: is there more than once"),
        (["a", 3.0], "observed: is not all numbers"),
        ({"m": "3,5"}, "observed: is not all numbers"),
    ],
)
def test_observations_that_do_not_fit_their_table(observed, told):
    theta, x = swapped()
    with pytest.raises(AmnokError, match=told):
        condition(theta, x, observed)


def test_frames_of_other_draws_or_with_a_name_twice():
    theta, x = swapped()
    with pytest.raises(AmnokError, match="have different indexes"):
        condition(theta, x.sample(frac=1.0, random_state=1), {"m": 3.0, "b": 11.0})
    with pytest.raises(AmnokError, match=r"(?s)theta: u: is there more.*x: w: is there more"):
        condition(theta.set_axis(["u", "u"], axis=1), x.set_axis(["w", "w"], axis=1), [11.0, 3.0])


def test_simulations_of_one_column_and_by_name():
    rng = np.random.default_rng(7)
    theta = pd.Series(rng.normal(size=1_000), name="mean")
    x = theta.to_numpy() + 0.5 * rng.normal(size=1_000)
    noise = 0.5 * rng.normal(size=1_000)
    one, two = (
        condition(theta, x, [1.0], simulate=make, rounds=1)
        for make in (lambda asked: asked[:, 0] + noise, lambda asked: asked + noise[:, None])
    )
    assert np.array_equal(one.draws, two.draws)
    theta, x = swapped()
    noise = 0.5 * rng.normal(size=(1_000, 2))
    made = [
        condition(theta, x, [11.0, 3.0], simulate=make, rounds=1)
        for make in (
            lambda asked: asked[:, ::-1] + noise,
            lambda asked: pd.DataFrame(asked + noise[:, ::-1], columns=["m", "b"]),
        )
    ]
    assert np.array_equal(made[0].draws, made[1].draws)
    with pytest.raises(AmnokError, match=r"simulate: makes a table of \[3, 1\] \(of \[1000, 2\]\)"):
        condition(theta, x, [11.0, 3.0], simulate=lambda _: np.ones(3), rounds=1)
    with pytest.raises(AmnokError, match=r"simulate: makes m, q \(b, m\)"):
        condition(
            theta, x, [11.0, 3.0], rounds=1,
            simulate=lambda asked: pd.DataFrame(asked, columns=["m", "q"]),
        )  # fmt: skip


def test_what_lies_outside_the_table_is_warned_of():
    theta, x = swapped()
    inside, outside = (condition(theta, x, [11.0, one], held_out=0) for one in (3.0, 1000.0))
    assert inside.distance < 0.99
    assert repr(inside) == f"<Posterior: 2 unknowns, {inside.effective:.0f} effective draws>"
    assert outside.distance == 1.0
    assert "observed is more unusual than 100.0% of the draws" in repr(outside)
    assert outside.sheet().title.endswith(outside.warnings[0])


def test_what_no_draw_ever_has_is_warned_of():
    theta, x = swapped()
    x = x.assign(always=1.0)
    same, other = (condition(theta, x, [11.0, 3.0, one], held_out=0) for one in (1.0, 99.0))
    assert same.warnings == ()
    assert other.warnings == ("no draw ever has what was observed of always",)
    assert other.distance == same.distance < 0.99
    assert other.warnings[0] in repr(other)


def test_all_that_is_wrong_at_once():
    with pytest.raises(AmnokError) as told:
        condition(
            np.arange(200.0), ["a"] * 200, [1.0], weights=-np.ones(200), seed=-1, held_out=-1,
            keep=2.0, rounds=-1,
        )  # fmt: skip
    paths = [one.path for one in told.value.faults]
    assert paths == ["x", "weights", "seed", "held_out", "", "rounds", "rounds"]


def test_fewer_draws_with_weight_than_are_held_out():
    rng = np.random.default_rng(8)
    theta = rng.normal(size=400)
    weights = (np.arange(400) < 120).astype(float)
    found = condition(theta, theta + rng.normal(size=400), [0.5], weights=weights, held_out=200)
    assert set(found.rows[found.weights > 0.0]) <= set(range(120))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda one: one.quantile(2.0), "chances: 2.0 is out of range"),
        (lambda one: one.quantile([0.5, np.nan]), "chances: .* is out of range"),
        (lambda one: one.interval(1.5), "chance: 1.5 is out of range"),
        (lambda one: one.interval(-1.0), "chance: -1.0 is out of range"),
    ],
)
def test_chances_are_from_0_to_1(ask, told):
    found = Posterior(("a",), np.ones((1, 1)), np.ones(1), np.zeros(1, dtype=int), 1.0)
    with pytest.raises(AmnokError, match=told):
        ask(found)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"observed": [1.0, 2.0]}, "2 values were observed, and the table has 1 columns"),
        ({"observed": [np.nan]}, "nothing was observed"),
        ({"observed": [np.inf]}, "not finite"),
        ({"observed": {"nothing": 1.0}}, "is not in the table"),
        ({"theta": np.zeros(200)}, "is the same in all draws"),
        ({"theta": np.arange(150.0)}, "150 draws of the unknowns, 200 of what is seen"),
        ({"x": np.full(200, np.nan)}, "not a finite number"),
        ({"x": np.ones(200)}, "nothing that is seen differs"),
        ({"keep": 0.0}, "a share of 0 cannot be kept"),
        ({"theta": ["a"] * 200}, "theta: is not a table of numbers"),
        ({"x": np.empty((200, 0))}, "x: has no columns"),
        ({"theta": np.empty((200, 0))}, "theta: has no columns"),
        ({"weights": np.ones(10)}, r"weights: are a table of \[10\] \(a number for each of 200"),
        ({"weights": np.ones((200, 1))}, r"weights: are a table of \[200, 1\]"),
        ({"weights": ["a"] * 200}, "weights: are not all numbers"),
        ({"weights": np.full(200, np.nan)}, "weights: are not all finite and at least 0"),
        ({"weights": -np.ones(200)}, "weights: are not all finite and at least 0"),
        ({"weights": np.zeros(200)}, "weights above 0: 0 draws are too few"),
        ({"held_out": -1}, r"held_out: is -1 \(0, or a whole number, at least 10\)"),
        ({"held_out": 1}, "held_out: is 1"),
        ({"seed": -1}, "seed: is -1"),
        ({"rounds": 3}, "rounds: needs simulations"),
        ({"simulate": np.copy, "weights": np.ones(200)}, "weights: rounds are weighted by draws"),
    ],
)
def test_tables_that_do_not_do(change, told):
    rng = np.random.default_rng(5)
    asked = {"theta": rng.normal(size=200), "x": rng.normal(size=200), "observed": [0.0]} | change
    with pytest.raises(AmnokError, match=told):
        condition(asked.pop("theta"), asked.pop("x"), asked.pop("observed"), **asked)


def test_recalibrated_draws_without_weight_are_numbers():
    weights = np.array([0.1, 0.2, 0.7, 0.0]) * (1.0 + 1e-15)
    rows = np.arange(4)
    before = Posterior(("a",), np.arange(4.0)[:, None], weights, rows, 1.0)
    after = before.recalibrated([(2.0, 3.0)])
    assert np.isfinite(after.draws).all()
    assert np.isfinite(after.mean.iloc[0])
