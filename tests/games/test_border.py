"""Games from a border's own numbers: the default border, as docs/games.md tells of it."""

import datetime as dt

import pytest

from amnok.errors import AmnokError
from amnok.games.border import (
    consignments_on,
    consignor_games,
    patrol_games,
    search_chance_on,
)
from amnok.games.consignments import ConsignmentsGame
from amnok.games.consignor_sides import Police
from amnok.mechanisms.self_inspection import items_to_check
from amnok.scenario import load

ORDINARY, ORDER, CAMPAIGN = dt.date(2018, 9, 15), dt.date(2018, 11, 15), dt.date(2019, 7, 10)


@pytest.fixture(scope="module")
def border():
    return load("sino-korean-border")


def test_the_campaign_searches_far_more_than_it_takes(border):
    enough = {
        day: sum(one.per_day * min(1, one.switch()) for one in consignments_on(border, day))
        for day in (ORDINARY, CAMPAIGN)
    }
    sent = sum(one.per_day for one in consignments_on(border, CAMPAIGN))
    assert enough[ORDINARY] == pytest.approx(386, abs=1)
    assert enough[CAMPAIGN] == pytest.approx(4.9, abs=0.05)
    assert sent * search_chance_on(border, ORDINARY) == pytest.approx(4.0, abs=0.05)
    assert sent * search_chance_on(border, CAMPAIGN) == pytest.approx(57, abs=0.5)


def test_where_senders_waver_is_where_the_rule_switches(border):
    """The equilibrium's chance of a search, in the rule that the engine runs."""
    for game in consignor_games(border, CAMPAIGN, 5_000.0, 30.0).values():
        one = game.consignment
        chance = one.switch()
        for factor, expected in ((0.999, one.few), (1.001, one.items)):
            checked = items_to_check(
                one.items,
                one.few,
                one.leak_rate,
                one.effectiveness,
                chance * factor,
                one.leak_loss,
                one.minute_cost,
                one.minutes,
            )
            assert checked == expected


def test_every_game_of_the_border_is_certified(border):
    for day in (ORDINARY, CAMPAIGN):
        for cost in (3.0, 30.0, 300.0):
            games = consignor_games(border, day, 5_000.0, cost)
            assert len(games) == 18  # six goods that can carry something out, three sizes
            for game in games.values():
                assert game.solve().certificate.holds(1e-9)
            some = ConsignmentsGame(consignments_on(border, day), Police(1.0, 5_000.0, cost), 4.0)
            assert some.solve().certificate.holds(1e-9)


def test_the_october_order_deters_nobody(border):
    for day in (ORDINARY, ORDER):
        for one in patrol_games(border, day, 1.0, 1.0):
            assert one.in_force < one.deterring / 9
    before, after = (
        {(one.goods, one.size): one.in_force for one in patrol_games(border, day, 1.0, 1.0)}
        for day in (ORDINARY, ORDER)
    )
    assert all(after[kind] > 5 * before[kind] for kind in before)


def test_leaks_that_come_in_are_games_too(border):
    """What sets out in a day is shared between the directions as senders share it."""
    out, into = (consignments_on(border, CAMPAIGN, way) for way in ("export", "import"))
    kinds: dict[str, set[str]] = {way: set() for way in ("export", "import")}
    for name, goods in border.goods.items():
        if goods.leak_rate.number > 0:
            kinds[goods.direction].add(name)
    for way, found in (("export", out), ("import", into)):
        assert {one.name.partition(",")[0] for one in found} == kinds[way]
    for size, trader in border.traders.sizes.items():
        people = border.traders.inner.number * trader.share_inner.number
        many = people * trader.shipping_rate.number
        leaky = [
            goods.weight.number
            / sum(one.weight.number for one in border.goods.values() if one.direction == "import")
            for name, goods in border.goods.items()
            if name in kinds["import"]
        ]
        sent = sum(one.per_day for one in into if one.name.endswith(f", {size}"))
        assert sent == pytest.approx(many * trader.import_share.number * sum(leaky))
    for game in consignor_games(border, CAMPAIGN, 5_000.0, 30.0, "import").values():
        assert game.solve().certificate.holds(1e-9)
    with pytest.raises(AmnokError, match="no direction is called 'inward'"):
        consignments_on(border, CAMPAIGN, "inward")  # type: ignore[arg-type]


def test_a_day_outside_the_period(border):
    with pytest.raises(AmnokError, match="2018-06-01"):
        consignments_on(border, dt.date(2018, 5, 31))
