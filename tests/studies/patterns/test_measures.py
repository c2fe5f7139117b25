"""What the usual patterns measure, on books whose answer can be worked out by hand."""

import math

import numpy as np
import pytest

from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.studies.patterns.patterns import patterns_of

DAYS = 120  # of the small border: 1 March to 28 June 2030


def days(*parts):
    """A series from (number of days, value), the last value to the end."""
    series = np.concatenate([np.full(length, float(value)) for length, value in parts])
    return np.concatenate([series, np.full(DAYS - len(series), series[-1])])


def test_without_an_order_or_a_halt_there_is_nothing_to_measure(tiny_usual, case):
    bare = with_values(
        tiny_usual,
        {f"orders.{name}.intensity": 0.0 for name in tiny_usual.orders}
        | {"calendar.halts.spring_vote.strength": 0.0},
    )
    made = case(scenario=bare)
    measured = {name for name in patterns_of(bare).measures if not math.isnan(made[name])}
    assert measured == {
        "investigated_check_more",
        "arrests_per_crossing",
        "paid_to_officials",
        "change_in_high_water",
    }


def test_p01_counts_items_of_export_consignments(case):
    made = case(export_attempts=2, export_items=20, export_items_checked=days((61, 3), (1, 15)))
    assert made["items_checked_before"] == pytest.approx(1.5)
    assert made["share_checked_in_campaign"] == pytest.approx(0.75)


def test_p02_compares_within_sector_and_month(case):
    made = case(export_items=100)
    checked = made.as_is["export_items_checked"]
    checked[:] = 0
    checked.loc[{"investigated": "ever"}] = 60
    checked.loc[{"investigated": "never"}] = 10
    assert made["investigated_check_more"] == pytest.approx(0.5)


def test_p02_needs_investigated_people(case):
    made = case(export_items=0)
    assert math.isnan(made["investigated_check_more"])


def test_p04_is_relative_to_the_week_before(case):
    made = case(crossings=days((92, 10), (2, 1), (1, 12)))
    assert made["crossings_on_halt_days"] == pytest.approx(0.1)
    assert made["crossings_after_halt"] == pytest.approx(1.2)


def test_p06_counts_all_agencies_per_thousand(case):
    made = case(arrests=days((31, 1), (1, 1000)), crossings=100)
    cells = made.as_is["arrests"].isel(replicate=0, day=0).size
    routes = made.as_is["crossings"].isel(replicate=0, day=0).size
    assert made["arrests_per_crossing"] == pytest.approx(1000 * cells / (100 * routes))


def test_p08_looks_at_the_routes_with_most_cameras(case):
    made = case(attempts=10, seen_by_camera=days((31, 1), (1, 4)), without={"attempts": 10})
    assert made["exposure_to_cameras"] == pytest.approx(4.0)
    assert made["displaced_by_cameras"] == pytest.approx(0.0)


def test_p09_is_the_least_rise_of_three(case):
    before, step, later = (40, 1), (60, 3), (1, 3)
    rising = days(before, step, later)
    made = case(
        intercepts=rising,
        questionings=rising,
        detections=days(before, (60, 2), (1, 2)),
        attempts=10,
    )
    assert made["steps_up"] == pytest.approx(2.0)
    # 21 days of the crackdown's window lie beyond the first 60: too few for 90.
    assert math.isnan(made["stays_up"])


def test_p10_compares_shares(case):
    made = case(arrests=0, value_crossed=0)
    arrests, value = (made.as_is[name] for name in ("arrests", "value_crossed"))
    arrests.loc[{"size": "carrier"}], arrests.loc[{"size": "dealer"}] = 3, 1
    value.loc[{"size": "carrier"}], value.loc[{"size": "dealer"}] = 1, 3
    assert made["arrested_beyond_their_share"] == pytest.approx(0.75 / 0.25)


def test_p11_is_against_the_arm_without_the_order(case):
    made = case(value_crossed=90, without={"value_crossed": 100})
    assert made["large_by_customs_and_sea"] == pytest.approx(10.0)
    assert made["small_hit_harder"] == pytest.approx(0.0)


def test_p12_compares_within_sizes(case):
    made = case(partner_crossings=0, people=0, protected=0)
    data = made.as_is
    data["people"].loc[{"side": "low", "status": "free"}] = 10
    data["protected"].loc[{"side": "low"}] = 4
    # Dealers cross ten times as often; payers of each size one and a half times as often.
    for size, rate in (("carrier", 1.0), ("dealer", 10.0)):
        data["partner_crossings"].loc[{"size": size, "paying": "no"}] = 6 * rate
        data["partner_crossings"].loc[{"size": size, "paying": "yes"}] = 4 * 1.5 * rate
    assert made["payers_keep_crossing"] == pytest.approx(1.5)


def test_p12_cannot_be_told_where_nobody_pays(case):
    assert math.isnan(case(protected=0)["payers_keep_crossing"])


def test_p13_leaves_out_traffic_that_moves_between_routes(case):
    made = case(attempts=10, intercepts=1, effort_patrols=1)
    attempts, met = (made.as_is[name] for name in ("attempts", "intercepts"))
    attempts[0, :90, 0], met[0, :90, 0] = 100, 50  # a dangerous route, later left
    assert made["follows_politics"] > 0.5
    attempts[:], met[:] = 10, 1
    assert made["follows_politics"] == pytest.approx(1.0)


def test_the_default_border_measures_the_usual_patterns():
    found = patterns_of(load("sino-korean-border"))
    assert [one.name for one in found.all] == [f"P{number:02}" for number in range(1, 15)]
    assert all(one.measures and one.reported.claims for one in found.all)
    assert len(found.measures) == 23
    assert all(one.said.label and one.said.why for one in found.measures.values())
    assert found.arms == ["cameras", "crackdown", "guard_liability"]


def test_a_border_judges_what_it_states(tiny_usual):
    own = tiny_usual.model_copy(update={"patterns": {"Q1": tiny_usual.patterns["Q1"]}})
    assert [one.name for one in patterns_of(own).all] == ["Q1"]
    assert patterns_of(own).arms == []
