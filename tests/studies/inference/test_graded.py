"""Grades as likelihoods."""

import numpy as np
import pytest

from amnok.studies.claims.believing import RHO
from amnok.studies.inference.graded import beta_of, knows, told

N = 40_000


def test_letters_are_chances():
    letters = list("ABCDE")
    known = knows(letters, [f"source {one}" for one in letters], N, np.random.default_rng(1))
    assert np.allclose(known.mean(axis=0), [RHO[one] for one in letters], atol=0.01)
    more = knows(["C"], ["x"], N, np.random.default_rng(1), shift=0.2)
    assert abs(more.mean() - 0.9) < 0.01


def test_two_reports_of_one_desk_are_not_two():
    rng = np.random.default_rng(2)
    same = knows(["C", "C"], ["desk", "desk"], N, rng)
    other = knows(["C", "C"], ["desk", "street"], N, rng)
    both_wrong = [(~one).all(axis=1).mean() for one in (same, other)]
    assert both_wrong[0] > 0.2
    assert abs(both_wrong[1] - 0.09) < 0.01


def test_without_a_grade_a_number_is_taken_as_it_is():
    assert knows(["", ""], ["", ""], 100, np.random.default_rng(3)).all()


def test_who_does_not_know_tells_of_another_world():
    rng = np.random.default_rng(4)
    values = np.arange(float(N))[:, None]
    known = knows(["D"], ["x"], N, rng)
    said = told(values, known, ["x"], rng)
    assert (said[known] == values[known]).all()
    assert abs(np.corrcoef(said[~known], values[~known])[0, 1]) < 0.03


def test_only_one_source_tells_the_same_other_world_twice():
    """Who knows nothing agrees with another who knows nothing no more often than chance has it."""
    rng = np.random.default_rng(5)
    values = np.repeat(np.arange(float(N))[:, None], 3, axis=1)
    nobody = np.zeros(values.shape, dtype=bool)
    said = told(values, nobody, ["desk", "desk", "street"], rng)
    assert (said[:, 0] == said[:, 1]).all()
    assert (said[:, 0] == said[:, 2]).mean() < 0.001
    # So two who agree are believed: P(both know | the same) is near 1.
    both = knows(["E", "E"], ["desk", "street"], N, rng)
    agree = told(values[:, :2], both, ["desk", "street"], rng)
    same = agree[:, 0] == agree[:, 1]
    assert both[same].all(axis=1).mean() > 0.99


def test_one_source_with_two_letters_is_one_source():
    rng = np.random.default_rng(6)
    known = knows(["D", "E"], ["desk", "desk"], N, rng)
    assert np.corrcoef(known[:, 0], known[:, 1])[0, 1] > 0.3
    assert np.allclose(known.mean(axis=0), [RHO["D"], RHO["E"]], atol=0.01)


def test_resolved_claims_teach():
    a, b = beta_of("C", right=30, wrong=0)
    assert a / (a + b) > 0.9
    assert beta_of("A") == pytest.approx((9.5, 0.5))
