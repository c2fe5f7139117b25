"""Whom a quota is filled with: the cheapest of the known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnok.mechanisms.quota import nth_smallest

COSTS = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=60)


@settings(deadline=None, max_examples=300)
@given(costs=COSTS, data=st.data())
def test_the_nth_smallest_is_that_of_the_sorted_values(costs, data):
    n = data.draw(st.integers(0, len(costs) - 1))
    values = np.array(costs)
    assert nth_smallest(values, n) == sorted(costs)[n]
    assert sorted(values) == sorted(costs)


@pytest.mark.parametrize("values", [np.arange(5_000.0), np.arange(5_000.0)[::-1], np.ones(5_000)])
def test_sorted_and_equal_values_are_no_trap(values):
    assert nth_smallest(values.copy(), 1_234) == np.sort(values)[1_234]
