"""A border that is written another way, and is the same, has the same days to the last bit."""

import numpy as np
import pytest
from tests.paths import TINY
from tests.rewritten import lists_turned, money_times, renamed, rewritten, years_later

from amnok.counts import COUNTS
from amnok.engine import simulate
from amnok.scenario import load
from amnok.variables import BOOKED, MONEY

SHORT = ["period.end=2030-05-10", "traders.inner=120", "traders.outer=50"]
MONEYS = {one.name for one in COUNTS if one.unit == MONEY}
STILL_THE_SAME = {
    "other names": (renamed,),
    "lists in another order": (lists_turned("markets", "route_kinds", "agencies", "orders"),),
    "a year later": (years_later(1),),
    "another currency": (money_times(8.0),),  # a power of two loses no digit
}


@pytest.mark.parametrize("changes", STILL_THE_SAME.values(), ids=STILL_THE_SAME)
def test_the_same_border_has_the_same_days(changes):
    border = load(TINY, SHORT)
    other = rewritten(border, *changes)
    before, after = (simulate(one, seed=2).books for one in (border, other))
    order = [list(border.markets).index(n.removeprefix("x-")) for n in other.markets]
    factor = 8.0 if other.goods and _value(other) == 8.0 * _value(border) else 1.0
    for table in BOOKED:
        found, expected = getattr(after, table.name), getattr(before, table.name)
        if "market" in table.axes:
            expected = expected[..., order]
        for name in expected.dtype.names:
            times = factor if name in MONEYS or name in ("price", "guard_price") else 1.0
            np.testing.assert_array_equal(found[name], times * expected[name], err_msg=name)
    np.testing.assert_array_equal(after.tips, before.tips)
    assert before.flow["attempts"].sum() > 100


def _value(scenario):
    return next(iter(scenario.goods.values())).value.number
