"""Weekly sums are the dataset's own sums over the same days."""

import numpy as np
import pytest
import xarray as xr

from amnok import reports
from amnok.results.ledgers import side_by_side
from amnok.results.weekly import COUNTS, NEEDED, scaled, weekly

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


def test_sums_of_routes_sectors_and_agencies(pair):
    data, weeks = pair
    dims = ("replicate", "day")
    for name in ("attempts", "losses"):
        xr.testing.assert_allclose(
            weeks[name].sum("week").astype(float), data[name].sum(["day", "size"]).astype(float)
        )
    for name in ("arrests", "questionings", "official_arrests", "official_questionings"):
        summed = weeks[name].sum(["week", "replicate"])
        for side in data["side"].to_numpy():
            mine = data["agency_side"] == side
            own = data[name].isel(agency=mine.to_numpy()).sum([*dims, "agency"])
            np.testing.assert_array_equal(
                summed.sel(side=side).transpose("sector", "size"), own.transpose("sector", "size")
            )
    for name in ("export_items", "export_items_checked"):
        own = data[name].sum(dims).transpose("sector", "investigated")
        np.testing.assert_array_equal(
            weeks[name].sum(["week", "replicate"]).transpose("sector", "investigated"), own
        )


def test_crossings_by_channel_and_on_the_river(pair):
    data, weeks = pair
    by_route = data["crossings"].sum(["replicate", "day"])
    for sector in data["sector"].to_numpy():
        here = (data["route_sector"] == sector).to_numpy()
        for channel in weeks["channel"].to_numpy():
            so = (data["route_channel"] == channel).to_numpy()
            own = by_route.isel(route=here & so).sum()
            found = weeks["crossings"].sel(sector=sector, channel=channel).sum()
            assert float(found) == float(own)
        river = (data["route_channel"] == "river").to_numpy()
        for name, daily in (("river_crossings", "crossings"), ("guard_bribes", "guard_bribes")):
            own = data[daily].isel(route=here & river).sum(["replicate", "day", "route"])
            found = weeks[name].sel(sector=sector).sum(["replicate", "week"])
            np.testing.assert_allclose(found, own)


def test_each_week_is_its_seven_days(ran):
    _, data = ran(120)
    weeks = weekly(data)
    days = data.isel(day=slice(21, 28))
    np.testing.assert_array_equal(weeks["losses"].isel(week=3), days["losses"].sum(["day", "size"]))
    np.testing.assert_allclose(
        weeks["price"].isel(week=3).transpose("replicate", "goods", "market"),
        days["price"].isel(side=0).mean("day").transpose("replicate", "goods", "market"),
    )


def test_prices_of_a_short_period_are_means_over_its_days(ran):
    _, data = ran(5)
    own = data["price"].isel(side=0).mean("day").transpose("replicate", "goods", "market")
    np.testing.assert_allclose(weekly(data)["price"].isel(week=0), own)


def test_the_flow_is_every_day_of_the_period(ran):
    for days in DAYS:
        _, data = ran(days)
        own = data["crossings"].sum("size").transpose("replicate", "day", "route")
        np.testing.assert_array_equal(weekly(data)["flow"], own)


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
    assert float(weeks["published"].sum()) == len(inside)
    for replicate, number in inside.groupby("replicate").size().items():
        assert float(weeks["published"].sel(replicate=replicate).sum()) == number


def test_only_what_is_needed_gives_the_same(ran):
    """The explorer reads a few variables of the truth, and loses nothing by it."""
    _, data = ran(20)
    visible = [name for name, one in data.data_vars.items() if one.attrs["ledger"] == "visible"]
    few, all_ = weekly(data[[*NEEDED, *visible]]), weekly(data)
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
        factor = 10.0 if name in COUNTS else 1.0
        if one.dtype.kind in "fi":
            np.testing.assert_allclose(tenfold[name], one * factor, err_msg=str(name))
    xr.testing.assert_identical(weeks, weekly(ran(120)[1]))  # untouched
    xr.testing.assert_allclose(scaled(tenfold, 0.1), weeks)
