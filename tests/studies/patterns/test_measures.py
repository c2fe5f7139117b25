"""Each measure on books whose answer can be worked out by hand."""

import math

import numpy as np
import pytest

from amnok.mechanisms.river import River
from amnok.scenario.model import needed
from amnok.scenario.overrides import with_values
from amnok.studies.patterns import inner_bank as inner
from amnok.studies.patterns import outer_bank as outer
from amnok.studies.patterns.patterns import MEASURES, PATTERNS
from amnok.studies.patterns.windows import Window, windows

DAYS = 120  # of the small border: 1 March to 28 June 2030


def days(*parts):
    """A series from (number of days, value), the last value to the end."""
    series = np.concatenate([np.full(length, float(value)) for length, value in parts])
    return np.concatenate([series, np.full(DAYS - len(series), series[-1])])


def test_windows_of_the_small_border(tiny):
    found = windows(tiny)
    assert found.quiet == Window(0, 31)  # cameras come on 1 April
    assert found.before_crackdown == Window(0, 40)
    assert found.crackdown == Window(40 + 7 + 14, DAYS)
    assert found.before_campaign == Window(1, 61)
    assert found.campaign == Window(61 + 7 + 14, DAYS)
    assert found.before_cameras == Window(0, 31)
    assert found.halt == Window(92, 94)
    assert [rise.window.first for rise in found.rises] == [
        (rise.start.date - tiny.period.start).days for rise in needed(tiny, River).events.values()
    ]


def test_orders_without_strength_and_weak_halts_leave_no_window(tiny):
    found = windows(
        with_values(
            tiny,
            {
                "orders.april_sweep.intensity": 0.0,
                "orders.paper_hunt.intensity": 0.0,
                "orders.more_cameras.intensity": 0.0,
                "calendar.halts.spring_vote.strength": 0.5,
            },
        )
    )
    assert found.crackdown is found.campaign is found.cameras is found.halt is None
    assert found.quiet == Window(0, DAYS)


def test_without_a_window_there_is_nothing_to_measure(tiny, case):
    bare = with_values(
        tiny,
        {f"orders.{name}.intensity": 0.0 for name in tiny.orders}
        | {"calendar.halts.spring_vote.strength": 0.0},
    )
    made = case()
    bare_case = type(made)(bare, windows(bare), made.as_is, made.without)
    for measure in MEASURES.values():
        value = measure.of(bare_case)
        assert math.isnan(value) or measure.name in (
            "investigated_check_more",
            "arrests_per_crossing",
            "paid_to_officials",
            "change_in_high_water",
            "crossings_in_flood",
        )


def test_p01_counts_items_of_export_consignments(case):
    made = case(export_attempts=2, export_items=20, export_items_checked=days((61, 3), (1, 15)))
    assert inner.items_checked_before(made) == pytest.approx(1.5)
    assert inner.share_checked_in_campaign(made) == pytest.approx(0.75)


def test_p02_compares_within_sector_and_month(case):
    made = case(export_items=100)
    checked = made.as_is.dataset["export_items_checked"]
    checked[:] = 0
    checked.loc[{"investigated": "ever"}] = 60
    checked.loc[{"investigated": "never"}] = 10
    assert inner.investigated_check_more(made) == pytest.approx(0.5)


def test_p02_needs_investigated_people(case):
    made = case(export_items=0)
    assert math.isnan(inner.investigated_check_more(made))


def test_p04_is_relative_to_the_week_before(case):
    made = case(crossings=days((92, 10), (2, 1), (1, 12)))
    assert inner.crossings_on_halt_days(made) == pytest.approx(0.1)
    assert inner.crossings_after_halt(made) == pytest.approx(1.2)


def test_p06_counts_all_agencies_per_thousand(case):
    made = case(arrests=days((31, 1), (1, 1000)), crossings=100)
    cells = made.as_is.dataset["arrests"].isel(replicate=0, day=0).size
    routes = made.as_is.dataset["crossings"].isel(replicate=0, day=0).size
    assert inner.arrests_per_crossing(made) == pytest.approx(1000 * cells / (100 * routes))


def test_p08_looks_at_the_routes_with_most_cameras(case):
    made = case(attempts=10, seen_by_camera=days((31, 1), (1, 4)), without={"attempts": 10})
    assert inner.exposure_to_cameras(made) == pytest.approx(4.0)
    assert inner.displaced_by_cameras(made) == pytest.approx(0.0)


def test_p09_is_the_least_rise_of_three(case):
    before, step, later = (40, 1), (60, 3), (1, 3)
    rising = days(before, step, later)
    made = case(
        intercepts=rising,
        questionings=rising,
        detections=days(before, (60, 2), (1, 2)),
        attempts=10,
    )
    assert outer.steps_up(made) == pytest.approx(2.0)
    # 21 days of the crackdown's window lie beyond the first 60: too few for 90.
    assert math.isnan(outer.stays_up(made))


def test_p10_compares_shares(case):
    made = case(arrests=0, value_crossed=0)
    arrests, value = (made.as_is.dataset[name] for name in ("arrests", "value_crossed"))
    arrests.loc[{"size": "carrier"}], arrests.loc[{"size": "dealer"}] = 3, 1
    value.loc[{"size": "carrier"}], value.loc[{"size": "dealer"}] = 1, 3
    assert outer.arrested_beyond_their_share(made) == pytest.approx(0.75 / 0.25)


def test_p11_is_against_the_arm_without_the_order(case):
    made = case(value_crossed=90, without={"value_crossed": 100})
    assert outer.large_by_customs_and_sea(made) == pytest.approx(10.0)
    assert outer.small_hit_harder(made) == pytest.approx(0.0)


def test_p12_compares_within_sizes(case):
    made = case(partner_crossings=0, people=0, protected=0)
    data = made.as_is.dataset
    data["people"].loc[{"side": "low", "status": "free"}] = 10
    data["protected"].loc[{"side": "low"}] = 4
    # Dealers cross ten times as often; payers of each size one and a half times as often.
    for size, rate in (("carrier", 1.0), ("dealer", 10.0)):
        data["partner_crossings"].loc[{"size": size, "paying": "no"}] = 6 * rate
        data["partner_crossings"].loc[{"size": size, "paying": "yes"}] = 4 * 1.5 * rate
    assert outer.payers_keep_crossing(made) == pytest.approx(1.5)


def test_p12_cannot_be_told_where_nobody_pays(case):
    assert math.isnan(outer.payers_keep_crossing(case(protected=0)))


def test_p13_leaves_out_traffic_that_moves_between_routes(case):
    made = case(attempts=10, intercepts=1, effort_patrols=1)
    attempts, met = (made.as_is.dataset[name] for name in ("attempts", "intercepts"))
    attempts[0, :90, 0], met[0, :90, 0] = 100, 50  # a dangerous route, later left
    assert outer.follows_politics(made) > 0.5
    attempts[:], met[:] = 10, 1
    assert outer.follows_politics(made) == pytest.approx(1.0)


def test_every_pattern_of_the_default_border_is_measured():
    from amnok.scenario import load

    assert [one.name for one in PATTERNS] == list(load("sino-korean-border").patterns)
    assert all(one.measures for one in PATTERNS)
    assert len(MEASURES) == sum(len(one.measures) for one in PATTERNS)
    assert all(measure.of.__doc__ for measure in MEASURES.values())
