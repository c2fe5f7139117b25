"""The borders that the benchmark of growth times."""

import growth


def test_a_border_grows_in_the_direction_that_is_asked_for():
    once, larger = growth.enlarged(), growth.enlarged(routes=2, goods=3, days=60)
    for name, sector in once.sectors.items():
        assert len(larger.sectors[name].routes) == 2 * len(sector.routes)
    assert len(larger.goods) == 3 * len(once.goods)
    assert larger.period.end < once.period.end
