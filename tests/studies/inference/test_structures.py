"""Structures in doubt: chances of variants, beside what is exact and on invented runs."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.scenario.policies import policies
from amnok.studies.inference.checking import held_out, speaks_against
from amnok.studies.inference.structures import mixture
from amnok.studies.inference.worlds import BankTask, variants_named, worlds_of
from amnok.studies.sweeps.design import Point


def gaussian(runs, seed):
    """theta ~ N(0, 1) in one structure and N(3, 1) in the other; seen with noise of sd 1."""
    rng = np.random.default_rng(seed)
    structure = np.arange(runs) % 2
    theta = rng.normal(3.0 * structure, 1.0)
    seen = theta + rng.normal(size=runs)
    return pd.DataFrame({"a|||": theta}), seen[:, None], structure


@pytest.mark.parametrize("seen", [0.5, 1.5, 2.2])
def test_a_mixture_of_two_gaussians(seen):
    unknowns, x, structure = gaussian(6_000, 1)
    found = mixture(unknowns, x, structure, ("base", "other"), lead=1)
    at = np.array([seen])
    likely = norm.pdf(seen, [0.0, 3.0], np.sqrt(2.0))
    chances = likely / likely.sum()
    # A local regression on some 1,000 runs: 5 points cover its error.
    told = found.given(at)
    assert abs(told.chances[1] - chances[1]) < 0.05
    # Of 3,000 runs of the first; a fit of them adds as much again.
    assert abs(told.as_unlike - norm.sf(seen, scale=np.sqrt(2.0))) < 0.03
    means = [0.5 * seen, 3.0 + 0.5 * (seen - 3.0)]
    for one, mean in zip(told.under_each, means, strict=True):
        assert abs(one.mean.iloc[0] - mean) < 0.08
    whole = told.whole
    assert abs(whole.mean.iloc[0] - chances @ means) < 0.15
    assert np.isclose(whole.weights.sum(), 1.0)
    rows = whole.rows
    assert np.allclose(unknowns.iloc[rows[whole.draws[:, 0] > 9.0]], 9.0)  # none so far out
    assert set(structure[rows]) == {0, 1}


def test_a_warning_needs_few_that_look_so_and_evidence_against():
    assert speaks_against(0.05, chance=0.3, prior=0.5)
    assert not speaks_against(0.05, chance=0.6, prior=0.5)
    assert not speaks_against(0.06, chance=0.3, prior=0.5)


@pytest.mark.statistical
def test_ranks_of_truths_are_uniform_whatever_the_structure():
    unknowns, x, structure = gaussian(1_500, 2)
    found = mixture(unknowns, x, structure, ("base", "other"), lead=1)
    chosen = np.random.default_rng(3).choice(len(x), 100, replace=False)
    ranks, _ = held_out(found, unknowns.to_numpy(), chosen)
    inside = np.mean(abs(ranks[:, 0] - 0.5) <= 0.4)
    assert abs(inside - 0.8) < 4.0 * np.sqrt(0.16 / 100)


@pytest.fixture(scope="module")
def bank():
    return invented(runs=500, variants=("base", "dear"))


@pytest.mark.slow
def test_both_structures_side_by_side(bank):
    found = amnok.infer(TINY, observed(bank, 1), bank=bank)
    table = found.structures
    assert list(dict.fromkeys(table["variant"])) == ["base", "dear"]
    by = table.groupby("variant", sort=False)[["prior", "chance"]].first().astype(float)
    assert np.isclose(by["chance"].sum(), 1.0)
    assert np.allclose(by["prior"], 0.5)
    # Run 1 is of the second variant, and its prices say so.
    assert by["chance"]["dear"] > 0.8
    assert any("against the border as it is" in one for one in found.warnings)
    assert not any(
        "against" in one for one in amnok.infer(TINY, observed(bank, 2), bank=bank).warnings
    )


@pytest.mark.statistical
def test_how_well_they_are_told_apart(bank, tmp_path):
    found = amnok.infer(TINY, observed(bank, 2), bank=bank, check=10, out=tmp_path / "posterior")
    assert (found.structures["told_apart"] > 0.7).all()
    assert (found.checks["number"] > 0).all()
    saved = pd.read_csv(tmp_path / "posterior" / "structures.csv")
    assert np.allclose(saved["chance"], found.structures["chance"])


def test_too_few_of_one_structure():
    few = invented(runs=300, variants=("base", "dear"))
    with pytest.raises(AmnokError, match="has 150 runs of dear, too few to learn from"):
        amnok.infer(TINY, observed(few, 0), bank=few)


def test_variants_by_name():
    tiny = amnok.load(TINY)
    known = policies(TINY)
    found = variants_named(TINY, tiny, (), known, ["selection", "collusion"])
    assert list(found) == ["selection", "collusion"]
    assert found["selection"].traders.sizes["dealer"].exemption.number == (
        tiny.traders.sizes["carrier"].exemption.number
    )
    with pytest.raises(AmnokError) as told:
        variants_named(TINY, tiny, (), known, ["selektion", "checking_time"])
    assert [one.problem for one in told.value.faults] == [
        "no variant 'selektion'", "without checking_time the border is as it is",
    ]  # fmt: skip


def test_a_policy_in_a_variant():
    """Both changes are there; what a variant sets is not drawn."""
    tiny = amnok.load(TINY)
    policy = amnok.load(TINY, {"quota.arrests": 7})
    variant = amnok.load(TINY, {"guards.penalty": 1234})
    worlds = worlds_of(tiny, {"more": policy}, {"mild": variant})
    both = dict(worlds["more", 1].parameters())
    assert (both["quota.arrests"].number, both["guards.penalty"].number) == (7, 1234)
    task = BankTask(tiny, {"more": policy}, 1, 1, 1.0, worlds)
    values = {"guards.penalty": 5.0, "quota.arrests": 2.0, "quota.prison_days": 9.0, "variant": 1.0}
    drawn = dict(task.scenario(Point("more", values)).parameters())
    assert drawn["guards.penalty"].number == 1234
    assert drawn["quota.arrests"].number == 7
    assert drawn["quota.prison_days"].number == 9
    days = tiny.period.model_copy(update={"end": tiny.period.start})
    shorter = tiny.model_copy(update={"period": days})
    with pytest.raises(AmnokError, match="the variant short has other series"):
        worlds_of(tiny, {}, {"short": shorter})
