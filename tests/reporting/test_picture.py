"""The picture for a page: valid JSON, and the numbers of the charts bit for bit in float32."""

import base64
import json

import numpy as np
import pytest
from tests.paths import TINY

from amnok.errors import AmnokError
from amnok.reporting.charts import band, charts
from amnok.reporting.picture import base_map, picture, places
from amnok.results.ledgers import side_by_side
from amnok.results.weekly import weekly
from amnok.scenario import load, load_text, resolved


def unpacked(packed):
    assert set(packed) == {"f32"}
    return np.frombuffer(base64.b64decode(packed["f32"], validate=True), "<f4")


@pytest.fixture(params=[1, 5, 20, 120])
def drawn(request, ran):
    """Weeks, scenario and picture; as it comes out of JSON, in which there is no NaN."""
    scenario, data = ran(request.param)
    weeks = weekly(data)
    return weeks, scenario, json.loads(json.dumps(picture(weeks, scenario), allow_nan=False))


def test_charts_hold_the_numbers_of_the_charts(drawn):
    weeks, _, found = drawn
    for chart, shown in zip(charts(weeks), found["charts"], strict=True):
        assert (shown["name"], shown["unit"]) == (chart.name, chart.unit)
        for line, packed in zip(chart.lines, shown["lines"], strict=True):
            numbers = [unpacked(packed[part]) for part in ("mean", "low", "high")]
            np.testing.assert_array_equal(
                numbers, np.array(band(line.values, line.most), np.float32)
            )
        for dots, packed in zip(chart.dots, shown["dots"], strict=True):
            np.testing.assert_array_equal(unpacked(packed["values"]), dots.values.astype("f4"))
            dates = np.datetime64(found["first"]) + np.array(packed["days"], "timedelta64[D]")
            np.testing.assert_array_equal(dates, dots.dates.astype("datetime64[D]"))


def test_flow_is_a_mean_over_replicates_a_day_and_route(drawn):
    weeks, _, found = drawn
    flow = unpacked(found["flow"]).reshape(found["days"], len(found["routes"]))
    np.testing.assert_allclose(flow, weeks["flow"].mean("replicate"), rtol=1e-6)
    assert [one["name"] for one in found["routes"]] == list(weeks["route"].to_numpy())


def test_risk_is_losses_over_attempts(drawn):
    weeks, _, found = drawn
    risk = unpacked(found["risk"]).reshape(found["weeks"], len(found["routes"]))
    attempts, losses = (
        weeks[name].sum(["replicate", "size"]).to_numpy() for name in ("attempts", "losses")
    )
    np.testing.assert_array_equal(np.isnan(risk), attempts == 0)
    some = attempts > 0
    np.testing.assert_allclose(risk[some], losses[some] / attempts[some], rtol=1e-6)


def test_marks_lie_within_the_days(drawn):
    _, scenario, found = drawn
    for name in ("orders", "halts", "reports"):
        assert all(0 <= one["day"] < found["days"] for one in found[name])
    first = np.datetime64(found["first"])
    for one in found["orders"]:
        assert first + np.timedelta64(one["day"], "D") == np.datetime64(one["start"])
    assert found["first"] == str(scenario.period.start)


def test_reports_are_one_history_and_those_of_the_sector(ran):
    scenario, data = ran(120)
    weeks = weekly(data)
    every = picture(weeks, scenario)["reports"]
    assert every
    shown = [picture(weeks, scenario, name)["reports"] for name in scenario.sectors]
    assert sorted(map(str, every)) == sorted(str(one) for part in shown for one in part)
    first = weeks["replicate"].to_numpy()[0]
    assert len(every) <= int((data["report_replicate"] == first).sum())


def test_one_replicate_has_no_band(ran):
    scenario, data = ran(20, 1)
    for chart in picture(weekly(data), scenario)["charts"]:
        assert all("low" not in line and "high" not in line for line in chart["lines"])


def test_joined_replicates_make_the_same_picture(ran):
    """As the explorer does: each replicate by weeks on its own, then together."""
    scenario, data = ran(120)
    parts = [
        weekly(data.sel(replicate=[n]).isel(report=(data["report_replicate"] == n).to_numpy()))
        for n in data["replicate"].to_numpy()
    ]
    assert picture(side_by_side(parts), scenario) == picture(weekly(data), scenario)


def test_every_sector_is_there_and_places_are_known_or_none(ran):
    scenario, data = ran(20)
    found = picture(weekly(data), scenario)
    assert [one["name"] for one in found["sectors"]] == list(scenario.sectors)
    assert all(one["places"] == [None, None] for one in found["sectors"])  # invented towns
    real = load("sino-korean-border")
    for sector in real.sectors.values():
        assert {sector.inner_town, sector.outer_town} <= set(places())


def test_the_map_is_geojson_with_the_border_rivers():
    land = json.loads(json.dumps(base_map(load("sino-korean-border")), allow_nan=False))
    assert land["credit"] == "Map: Natural Earth; towns: GeoNames."
    assert {one["properties"]["country"] for one in land["land"]["features"]} >= {"CHN", "PRK"}
    rivers = [one["properties"] for one in land["water"]["features"]]
    assert {one["name"] for one in rivers if one["border"]} == {"Yalu", "Tumen"}


def test_a_border_on_no_map_has_no_border_rivers(ran):
    scenario, _ = ran(1)
    rivers = base_map(scenario)["water"]["features"]
    assert not any(one["properties"]["border"] for one in rivers)


def test_towns_of_the_map_lie_on_it():
    for lon, lat in places().values():
        assert 121 < lon < 132
        assert 38 < lat < 44


def test_a_border_elsewhere_has_places_of_its_own_and_none_of_our_map():
    border = load("us-southwest-border")
    assert base_map(border)["land"]["features"] == base_map(border)["water"]["features"] == []
    assert not base_map(border)["credit"]
    for sector in border.sectors.values():
        west, south = sector.inner_at or (0.0, 0.0)
        assert -118 < west < -97
        assert 25 < south < 33
    assert base_map(load(TINY))["water"]["features"] == []  # a schematic line


@pytest.mark.parametrize("place", [[200.0, 30.0], [10.0, -91.0], [10.0]])
def test_places_lie_on_the_globe(place):
    text = resolved(load(TINY)).replace(
        "    inner_town: Highcroft", f"    inner_town: Highcroft\n    inner_at: {place}"
    )
    with pytest.raises(AmnokError, match="inner_at"):
        load_text(text, "tiny")
