"""Ratios of counts, and those that charts draw: the same as the measures of their names."""

import math

import numpy as np
import pytest

from amnok.results import dataset
from amnok.results.measuring.asking import measure
from amnok.results.ratios import BRIBE_PER_RIVER_CROSSING, SHARE_CHECKED, ratio


@pytest.mark.parametrize(
    ("of", "name"),
    [(BRIBE_PER_RIVER_CROSSING, "bribe_per_river_crossing"), (SHARE_CHECKED, "share_checked")],
)
def test_a_ratio_is_one_sum_over_another(tiny, made_up_outcome, of, name):
    days = dataset(made_up_outcome(), tiny, 1)
    top, bottom = days[of.top], days[of.bottom]
    if of.channel:
        ways = days["route_channel"] == of.channel
        top, bottom = top[..., ways.to_numpy(), :], bottom[..., ways.to_numpy(), :]
    expected = float(top.sum()) / float(bottom.sum())
    assert float(measure(days, name).squeeze()) == pytest.approx(expected, rel=1e-12)


def test_nothing_to_divide_by_is_not_a_number():
    assert math.isnan(ratio(1.0, 0.0))
    np.testing.assert_array_equal(
        ratio(np.array([1.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0])), [0.5, np.nan, np.nan]
    )
