"""Whom a quota is filled with: the cheapest of the known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnok.mechanisms.quota import keep_smallest

COSTS = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1.0, 2.0]), min_size=1, max_size=60)


@settings(deadline=None, max_examples=300)
@given(costs=COSTS, data=st.data())
def test_the_smallest_are_kept_and_the_largest_of_them_is_first(costs, data):
    heap = np.empty(data.draw(st.integers(1, len(costs))))
    values = np.array(costs)
    keep_smallest(values, heap)
    assert sorted(heap) == sorted(costs)[: len(heap)]
    assert heap[0] == max(heap)
    assert list(values) == costs


@pytest.mark.parametrize("values", [np.arange(5_000.0), np.arange(5_000.0)[::-1], np.ones(5_000)])
def test_sorted_and_equal_values_are_no_trap(values):
    heap = np.empty(1_235)
    keep_smallest(values, heap)
    assert heap[0] == np.sort(values)[1_234]
