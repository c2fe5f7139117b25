"""What charts show: the run's numbers, the same by sector and for the whole border."""

import numpy as np
import pytest

import amnok
from amnok.reporting.charts import Chart, band, charts, halts, orders
from amnok.reporting.counterfactual import effects_sheet
from amnok.reporting.drawings import chart_of
from amnok.reporting.findings import Findings
from amnok.reporting.summaries import summary
from amnok.results.weekly import weekly
from amnok.scenario.measures.vocabulary import Row
from amnok.scenario.places import Item

NAMES = ["crossings", "checking", "bribes", "arrests", "prices", "seen"]
ADD_UP = ["crossings", "arrests", "seen"]


def of(weeks, name, sector=None) -> Chart:
    return next(one for one in charts(weeks, sector) if one.name == name)


@pytest.fixture(params=[1, 20, 120])
def weeks(request, ran):
    return weekly(ran(request.param)[1])


def test_every_line_has_a_value_a_week_and_replicate(weeks):
    for sector in (None, *weeks["sector"].to_numpy()):
        found = charts(weeks, sector)
        assert [one.name for one in found[: len(NAMES)]] == NAMES
        assert len({one.name for one in found}) == len(found)
        for one in found:
            assert len({(line.colour, line.style) for line in one.lines}) == len(one.lines)
            for line in one.lines:
                assert line.values.shape == (weeks.sizes["replicate"], weeks.sizes["week"])
                assert line.label


@pytest.mark.parametrize("name", ADD_UP)
def test_sectors_add_up_to_the_whole_border(weeks, name):
    parts = [of(weeks, name, str(sector)) for sector in weeks["sector"].to_numpy()]
    for number, line in enumerate(of(weeks, name).lines):
        np.testing.assert_allclose(sum(part.lines[number].values for part in parts), line.values)
        assert all(part.lines[number].label == line.label for part in parts)


def test_crossings_are_those_of_the_dataset(ran):
    _, data = ran(20)
    lines = of(weekly(data), "crossings").lines
    total = data["crossings"].isel(day=slice(0, 14)).sum(["day", "route", "size"])
    np.testing.assert_array_equal(sum(line.values.sum(axis=1) for line in lines), total)


def test_ratios_are_of_sums_and_nothing_where_nothing_was_sent(ran):
    weeks = weekly(ran(120)[1])
    line = of(weeks, "checking", "ferry").lines[0]
    sums = weeks.sel(sector="ferry").isel(investigated=0)
    expected = (
        100 * sums["export_items_checked"] / sums["export_items"].where(sums["export_items"] > 0)
    )
    np.testing.assert_allclose(line.values, expected.transpose("replicate", "week"))
    nothing = weeks.assign(
        {name: weeks[name] * 0 for name in ("export_items", "crossings", "guard_bribes")}
    )
    for name in ("checking", "bribes"):
        for empty in of(nothing, name).lines:
            assert np.isnan(empty.values).all()


def test_bribes_are_per_river_crossing(ran):
    weeks = weekly(ran(120)[1])
    river = weeks.isel(route=(weeks["route_channel"] == "river").to_numpy())
    each = river["guard_bribes"].sum("route") / river["crossings"].sum("route")
    for number, line in enumerate(of(weeks, "bribes").lines):
        expected = each.isel(size=number).transpose("replicate", "week")
        np.testing.assert_allclose(line.values, expected)


def test_surveys_are_dots_of_the_first_replicate(ran):
    weeks = weekly(ran(120)[1])
    chart = of(weeks, "prices")
    assert "lamps" in chart.title  # the first goods brought in, where there is no grain
    for number, dots in enumerate(chart.dots):
        own = weeks["surveyed_price"].isel(replicate=0).sel(goods="lamps").isel(market=number)
        np.testing.assert_array_equal(dots.values, own)
        np.testing.assert_array_equal(dots.dates, weeks["survey_day"])


def test_prices_are_told_by_what_people_count_the_goods_by(ran):
    """Lines and surveys alike; the run itself is the same, and says what an item is."""
    scenario, data = ran(20)
    lamps = scenario.goods["lamps"].model_copy(update={"item": Item(holds=4, unit="pair")})
    goods = {"goods": {**scenario.goods, "lamps": lamps}}
    counted = amnok.run(scenario.model_copy(update=goods), seed=6, replicates=3)
    np.testing.assert_array_equal(counted["price"], data["price"])
    chart, usual = (of(weekly(one), "prices") for one in (counted, data))
    assert (usual.unit, chart.unit) == ("CRN per item", "CRN per pair")
    for kind in ("lines", "dots"):
        shown = zip(getattr(chart, kind), getattr(usual, kind), strict=True)
        for one, other in shown:
            np.testing.assert_allclose(4 * one.values, other.values)


ROWS = {
    "price": {
        "table": "Prices",
        "label": "{goods}, {market}",
        "unit": "{money} per {item}",
        "measure": {"mean": "price", "where": {"side": "inner"}, "by": ["goods", "market"]},
    }
}
NUMBERS = ["without", "with", "difference", "low", "high"]


@pytest.fixture
def in_pairs(tiny):
    """The small border, and the same where lamps are told by the pair, four in an item."""
    lamps = tiny.goods["lamps"].model_copy(update={"item": Item(holds=4, unit="pair")})
    told = tiny.model_copy(update={"goods": {**tiny.goods, "lamps": lamps}})
    rows = {name: Row.model_validate(one) for name, one in ROWS.items()}
    return [one.model_copy(update={"rows": rows}) for one in (tiny, told)]


def test_a_summary_tells_prices_by_what_people_count_the_goods_by(in_pairs):
    frames = (summary(amnok.run(one, seed=6, replicates=2)) for one in in_pairs)
    usual, told = (one[one["table"] == "Prices"] for one in frames)
    is_lamps = usual["measure"].str.startswith("Lamps").to_numpy()
    assert 0 < is_lamps.sum() < len(usual)
    units = np.where(is_lamps, "CRN per pair", "CRN per item").tolist()
    assert (set(usual["unit"]), told["unit"].tolist()) == ({"CRN per item"}, units)
    for column in ("mean", "low", "high"):
        np.testing.assert_allclose(told[column], usual[column] / np.where(is_lamps, 4, 1))


def test_effects_tell_prices_by_what_people_count_the_goods_by(in_pairs):
    """Tables, what they hand out, and charts; the numbers for programs are of an item."""
    usual, told = (amnok.effect(one, "april_sweep", replicates=2) for one in in_pairs)
    by = ("goods", "market")
    frame = told.differences(by)
    np.testing.assert_array_equal(frame[NUMBERS], usual.differences(by)[NUMBERS])
    assert set(frame["unit"]) == {"CRN per item"}
    tables = effects_sheet({"april_sweep": told}, by=by).tables
    rows, shown = (
        next(one.frame() for one in tables if one.only_for == who and "unit" in one.names)
        for who in ("programs", "people")
    )
    is_lamps = rows["where"].str.startswith("lamps").to_numpy()
    units = np.where(is_lamps, "CRN per pair", "CRN per item").tolist()
    assert rows["unit"].tolist() == shown["unit"].tolist() == units
    np.testing.assert_allclose(rows[NUMBERS].T, frame[NUMBERS].T / np.where(is_lamps, 4, 1))
    np.testing.assert_array_equal(rows[NUMBERS], shown[NUMBERS])
    findings = Findings(told)
    chart, row = chart_of(findings, "price"), findings.cell("price")
    assert chart.unit == row["unit"] == "CRN per pair"
    assert chart.title.startswith("Mean price on the inner bank, lamps: ")
    lamps = frame[frame["where"].str.startswith("lamps")]
    assert row["without"] == pytest.approx(lamps["without"].mean() / 4)
    low, high = (
        end(np.concatenate([mean for mean, _, _ in chart.worlds.values()])) for end in (min, max)
    )
    assert low - 1e-6 <= row["without"] <= high + 1e-6


def test_grain_is_told_by_the_kilogram(default_border):
    """By what an item holds, which is what it weighs where a border says so."""
    unit, holds = default_border.goods["grain"].item.unit, default_border.goods["grain"].item.holds
    assert (unit, holds) == ("kilogram", 50)
    assert amnok.load("reported-mechanisms").goods["grain"].kilograms.value == holds


def test_a_band_is_a_mean_with_ends_that_stay_above_zero():
    values = np.array([[1.0, 0.0, np.nan], [3.0, 0.5, 2.0]])
    mean, low, high = band(values)
    np.testing.assert_allclose(mean, [2.0, 0.25, 2.0])
    assert low[0] == low[1] == 0.0
    assert high[0] == pytest.approx(2 + 12.7062 * np.sqrt(2) / np.sqrt(2), rel=1e-4)
    assert np.isnan(low[2])
    assert np.isnan(high[2])


def test_bands_of_shares_end_at_all_there_is(ran):
    """Where a border says that an axis ends there, and where a measure can come to no more."""
    checking = of(weekly(ran(120)[1]), "checking")
    high = np.array([band(line.values, line.most)[2] for line in checking.lines])
    free = np.array([band(line.values)[2] for line in checking.lines])
    assert np.nanmax(free) > np.nanmax(high)
    assert np.nanmax(high) == 100


def test_orders_and_halts_are_shown_where_they_start_within_the_days(ran):
    scenario, data = ran(120)
    assert [one["start"] for one in orders(data)] == sorted(
        str(one.start.date) for one in scenario.orders.values() if one.intensity.number > 0
    )
    assert [one["start"] for one in halts(data)] == ["2030-06-01"]
    _, short = ran(5)
    assert orders(short) == halts(short) == []
