"""Each of the twelve systems does something: switched off, what it is there for goes.

Arms are paired (same people, same draws), so a difference is the effect of the switch. Each check
asks for a mean difference over three replicates of more than five times its standard error, in the
direction that the claim says; for a true difference of zero this is a false alarm for fewer than 2
in 100 seeds at three replicates (t with 2 degrees of freedom, one-sided). Seeds are fixed.
"""

import datetime as dt
import functools

import numpy as np
import pytest

from amnok.engine import simulate
from amnok.mechanisms.roles import PATROL, POLICE
from amnok.scenario import load
from amnok.world import labels

pytestmark = pytest.mark.statistical

REPLICATES = 3
SCENARIO = "sino-korean-border"
NAMES = labels(load(SCENARIO))
MAJOR = np.array([name.endswith("-main") for name in NAMES.routes])
RIVER = np.array(NAMES.route_channel) == "river"
PEDLAR, OPERATOR = NAMES.sizes.index("pedlar"), NAMES.sizes.index("operator")


def days(first, last):
    start = NAMES.dates[0].date()
    return slice(
        (dt.date.fromisoformat(first) - start).days, (dt.date.fromisoformat(last) - start).days + 1
    )


NORMAL = days("2018-06-01", "2018-08-20")
OCTOBER = days("2018-10-20", "2019-04-30")
CAMPAIGN = days("2019-07-01", "2019-12-31")


@functools.cache
def arm(*sets):
    scenario = load(SCENARIO, sets)
    return [simulate(scenario, 20181103, replicate).books for replicate in range(REPLICATES)]


def flow(books, when, name):
    """One measure of the flow, [day, route, size]."""
    return books.flow[name][when]


def events(books, when, role, name):
    return books.events[name][when, :, role]


def lowers(statistic, *sets):
    """The switch lowers the statistic by more than five standard errors; returns both means."""
    on = np.array([statistic(books) for books in arm()])
    off = np.array([statistic(books) for books in arm(*sets)])
    difference = on - off
    error = difference.std(ddof=1) / np.sqrt(REPLICATES)
    assert difference.mean() > 5 * error
    assert difference.mean() > 0
    return on.mean(), off.mean()


def checked_per_consignment(books, when):
    exports = books.exports[when]
    return exports["export_items_checked"].sum() / exports["export_attempts"].sum()


def test_self_inspection_is_what_makes_senders_check():
    in_campaign = functools.partial(checked_per_consignment, when=CAMPAIGN)
    on, off = lowers(in_campaign, "self_inspection.effectiveness=0")
    assert off < 2 < 20 < on
    assert np.mean([checked_per_consignment(books, NORMAL) for books in arm()]) < 2.5


def test_the_investigated_check_more_in_normal_times():
    for books in arm():
        exports = books.exports[NORMAL]
        consignments = exports["export_attempts"].sum(axis=(0, 1))
        checked = exports["export_items_checked"].sum(axis=(0, 1))
        assert checked[1] / consignments[1] > 3 * checked[0] / consignments[0]


def test_security_police_search_for_leaks_in_the_campaign():
    on, off = lowers(lambda books: flow(books, CAMPAIGN, "searches").sum(), "leak_campaign=off")
    assert on > 5 * off


def test_guard_liability_raises_bribes_in_the_campaign():
    def bribe(books):
        paid = flow(books, CAMPAIGN, "guard_bribes")[:, RIVER, PEDLAR].sum()
        return paid / flow(books, CAMPAIGN, "crossings")[:, RIVER, PEDLAR].sum()

    lowers(bribe, "guard_liability=off")


def test_cameras_expose_and_displace():
    def off_the_major_routes(books):
        attempts = flow(books, CAMPAIGN, "attempts")
        return attempts[:, RIVER & ~MAJOR].sum() / attempts[:, RIVER].sum()

    def exposure(books):
        seen = flow(books, CAMPAIGN, "seen_by_camera")[:, MAJOR].sum()
        return seen / flow(books, CAMPAIGN, "attempts")[:, MAJOR].sum()

    lowers(off_the_major_routes, "camera_programme=off")
    lowers(exposure, "camera_programme=off")


def test_halts_stop_crossing_for_two_days_and_it_comes_back():
    halt, before, after = (
        days("2019-07-20", "2019-07-21"),
        days("2019-07-14", "2019-07-19"),
        days("2019-07-22", "2019-07-26"),
    )
    for books in arm():
        daily = flow(books, slice(None), "crossings").sum(axis=(1, 2))
        assert daily[halt].max() < 0.1 * daily[before].mean()
        assert daily[after].mean() > 0.95 * daily[before].mean()
    for books in arm("calendar.halts.election_2019_07.strength=0"):
        daily = flow(books, slice(None), "crossings").sum(axis=(1, 2))
        assert daily[halt].min() > 0.8 * daily[before].mean()


def test_high_water_costs_little_and_a_flood_stops_crossing():
    rain, flood = days("2019-07-08", "2019-07-17"), days("2018-08-28", "2018-08-31")
    hit = np.isin(NAMES.route_sector, ["hyesan", "samjiyon", "musan", "hoeryong", "onsong"])
    for with_rain, without, no_flood in zip(
        arm(),
        arm("river.events.rain_july_2019.height=0"),
        arm("river.events.flood_august_2018.height=0"),
        strict=True,
    ):
        crossings = [flow(books, rain, "crossings").sum() for books in (with_rain, without)]
        assert 0.9 < crossings[0] / crossings[1] < 1.0  # a tenth, as of pattern P05
        crossings = [
            flow(books, flood, "crossings")[:, hit & RIVER].sum() for books in (with_rain, no_flood)
        ]
        assert crossings[0] < 0.05 * crossings[1]


def test_the_october_order_steps_up_patrols_and_questionings():
    for role in (PATROL, POLICE):
        on, off = lowers(
            lambda books, role=role: events(books, OCTOBER, role, "questionings").sum(),
            "chinese_crackdown=off",
        )
        assert on > 2 * off


def test_watched_phones_lead_to_questioning():
    _, off = lowers(
        lambda books: events(books, OCTOBER, POLICE, "questionings").sum(), "phone_monitoring=off"
    )
    assert off == 0


def test_the_quota_is_met_with_the_small():
    def arrests(books):
        return events(books, OCTOBER, POLICE, "arrests").sum()

    lowers(arrests, "arrest_quota=off")
    for books in arm():
        by_size = events(books, OCTOBER, POLICE, "arrests").sum(axis=(0, 1))
        by_size = by_size + events(books, OCTOBER, PATROL, "arrests").sum(axis=(0, 1))
        value = flow(books, OCTOBER, "value_crossed").sum(axis=(0, 1))
        assert by_size[PEDLAR] / by_size.sum() > 3 * value[PEDLAR] / value.sum()


def test_the_order_hardly_touches_large_operators():
    for on, off in zip(arm(), arm("chinese_crackdown=off"), strict=True):
        value = [flow(books, OCTOBER, "value_crossed").sum(axis=(0, 1)) for books in (on, off)]
        change = value[0] / value[1] - 1
        assert abs(change[OPERATOR]) < 0.05
        assert change[PEDLAR] < -0.03


def test_the_protected_are_arrested_less_for_what_they_carry():
    for books in arm():
        partners = books.partners[OCTOBER]
        consignments = partners["partner_attempts"].sum(axis=(0, 1, 2))
        arrests = partners["partner_arrests"].sum(axis=(0, 1, 2))
        assert consignments[1] > 0
        assert arrests[1] / consignments[1] < 0.7 * arrests[0] / consignments[0]


def test_customs_and_sea_carry_what_operators_trade():
    def through(channel):
        where = np.array(NAMES.route_channel) == channel
        return lambda books: flow(books, NORMAL, "sanctioned_value")[:, where].sum()

    _, closed = lowers(through("customs"), "customs.open_share=0")
    assert closed == 0
    # Few ships, large loads: too uneven for five standard errors of three replicates.
    only_operators = "traders.sizes.operator.sea_access=0"
    for on, off in zip(arm(), arm(only_operators), strict=True):
        assert through("sea")(off) < 0.2 * through("sea")(on)


def test_politics_drive_the_crackdown():
    silent = [f"signals.named.{one}.scale=0" for one in ("sanctions_talks", "tariff_talks")]
    lowers(lambda books: flow(books, OCTOBER, "intercepts").sum(), *silent)


def test_watched_phones_silence_sources():
    """Fewer calls for what could be seen; compare with phones unwatched, where they are many."""

    def tips(books):
        used = books.tips[: books.tip_count[0]]
        return -int(((used[:, 0] >= OCTOBER.start) & (used[:, 0] < OCTOBER.stop)).sum())

    lowers(tips, "phone_monitoring=off")
