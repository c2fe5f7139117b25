"""One number over another."""

import math

import numpy as np

from amnok.results.ratios import ratio


def test_nothing_to_divide_by_is_not_a_number():
    assert math.isnan(ratio(1.0, 0.0))
    np.testing.assert_array_equal(
        ratio(np.array([1.0, 1.0, 0.0]), np.array([2.0, 0.0, 0.0])), [0.5, np.nan, np.nan]
    )
