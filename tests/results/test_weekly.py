"""Weekly sums are the dataset's own sums over the same days."""

import numpy as np
import pytest
import xarray as xr

from amnok import reports
from amnok.results.ledgers import side_by_side
from amnok.results.weekly import needed, scaled, weekly
from amnok.variables import REPORTED

DAYS = (1, 5, 7, 20, 120)


def whole(days):
    """Days in whole weeks, of which a shorter period is one."""
    return days if days < 7 else days // 7 * 7


@pytest.fixture(params=DAYS)
def pair(request, ran):
    """A dataset cut to its whole weeks, and its weekly sums."""
    _, data = ran(request.param)
    return data.isel(day=slice(0, whole(request.param))), weekly(data)


def test_weeks_start_with_the_first_day_and_unfinished_ones_are_left_out(ran):
    for days in DAYS:
        _, data = ran(days)
        weeks = weekly(data)
        assert weeks.sizes["week"] == max(1, days // 7)
        np.testing.assert_array_equal(weeks["week"], data["day"][: whole(days) : 7])
        assert weeks.sizes["day"] == days


def test_sums_are_those_of_the_days_in_every_cell(pair):
    data, weeks = pair
    counted = [name for name in weeks.data_vars if "week" in weeks[name].dims]
    assert {"crossings", "arrests", "official_arrests", "export_items", "losses"} <= set(counted)
    for name in counted:
        if name not in ("publications", "price"):
            own = data[name].sum("day").astype(float)
            found = weeks[name].sum("week").transpose(*own.dims)
            np.testing.assert_allclose(found, own, rtol=1e-12)


def test_each_week_is_its_seven_days(ran):
    _, data = ran(120)
    weeks = weekly(data)
    days = data.isel(day=slice(21, 28))
    for name in ("losses", "price"):
        own = days[name].sum("day")
        found = weeks[name].isel(week=3).transpose(*own.dims)
        np.testing.assert_allclose(found, own, rtol=1e-6)


def test_the_flow_is_every_day_of_the_period(ran):
    for days in DAYS:
        _, data = ran(days)
        own = data["crossings"].sum("size").transpose("replicate", "day", "route")
        np.testing.assert_array_equal(weekly(data)["flow"], own)


def seen_in(weeks):
    """Reports of arrests and questionings by week."""
    kinds = [REPORTED.index(kind) for kind in ("arrest", "questioning")]
    return weeks["publications"].isel(kind=kinds)


@pytest.mark.parametrize("days", [5, 7, 20, 120])
def test_reports_count_on_the_day_they_come_out_within_the_period(ran, days):
    """Those that come out past the last whole week, or after the end, are in no week."""
    _, data = ran(120)
    told = data["publication_day"].to_numpy()
    first = data["day"].to_numpy()[0]
    # The reports of a long run, told to a short one: most come out after its end.
    short = data.isel(day=slice(0, days)).assign(
        publication_day=("report", first + (told - first) // 6)
    )
    weeks = weekly(short)
    table = reports(short)
    seen = table[table["kind"].isin(["arrest", "questioning"])]
    inside = seen[seen["publication_day"] < first + np.timedelta64(whole(days), "D")]
    assert float(seen_in(weeks).sum()) == len(inside)
    for replicate, number in inside.groupby("replicate").size().items():
        assert float(seen_in(weeks).sel(replicate=replicate).sum()) == number


def test_only_what_is_needed_gives_the_same(ran):
    """The explorer reads a few variables of the truth, and loses nothing by it."""
    scenario, data = ran(20)
    visible = [name for name, one in data.data_vars.items() if one.attrs["ledger"] == "visible"]
    truth = [name for name in needed(scenario) if name in data and name not in visible]
    few, all_ = weekly(data[[*truth, *visible]]), weekly(data)
    xr.testing.assert_identical(few, all_[list(few.variables)])
    assert set(few.data_vars) == set(all_.data_vars)


def test_replicates_join_to_what_they_were_together(ran):
    _, data = ran(120)
    parts = []
    for number in data["replicate"].to_numpy():
        own = (data["report_replicate"] == number).to_numpy()
        parts.append(weekly(data.sel(replicate=[number]).isel(report=own)))
    together = side_by_side(parts)
    xr.testing.assert_identical(together.load(), weekly(data).load())


def test_scaling_multiplies_counts_and_leaves_prices_alone(ran):
    weeks = weekly(ran(120)[1])
    tenfold = scaled(weeks, 10.0)
    for name, one in weeks.data_vars.items():
        factor = 1.0 if name in ("price", "surveyed_price") else 10.0
        if one.dtype.kind in "fi" and "report" not in one.dims:
            np.testing.assert_allclose(tenfold[name], one * factor, err_msg=str(name))
    xr.testing.assert_identical(weeks, weekly(ran(120)[1]))  # untouched
    xr.testing.assert_allclose(scaled(tenfold, 0.1), weeks)
