"""Ratios of counts: the same number by hand, in a dataset and on plain arrays."""

import math

import numpy as np
import pytest

from amnok.results import dataset, ratios
from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING, CHECKED_PER_EXPORT, Ratio, ratio

ALL = [one for one in vars(ratios).values() if isinstance(one, Ratio)]


@pytest.fixture(scope="module")
def days(tiny, made_up_outcome):
    return dataset(made_up_outcome(), tiny, 1)


@pytest.mark.parametrize("of", ALL, ids=lambda of: of.text)
def test_a_ratio_is_one_sum_over_another(days, of):
    top, bottom = days[of.top], days[of.bottom]
    if of.channel:
        ways = days["route_channel"] == of.channel
        top, bottom = top[..., ways.to_numpy(), :], bottom[..., ways.to_numpy(), :]
    expected = float(top.sum()) / float(bottom.sum())
    assert float(of.of(days).squeeze()) == pytest.approx(expected, rel=1e-12)


def test_what_is_not_added_up_keeps_its_axis(days):
    found = CHECKED_PER_EXPORT.of(days, by=["investigated"])
    checked = days["export_items_checked"].sum(["day", "sector"])
    sent = days["export_attempts"].sum(["day", "sector"])
    assert found.dims == ("replicate", "investigated")
    np.testing.assert_array_equal(found, checked / sent)


def test_nothing_to_divide_by_is_not_a_number(days):
    assert math.isnan(ratio(1.0, 0.0))
    np.testing.assert_array_equal(
        ratio(np.array([1.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0])), [0.5, np.nan, np.nan]
    )
    none = days.assign(crossings=0 * days["crossings"])
    assert np.isnan(BRIBE_PER_RIVER_CROSSING.of(none)).all()
