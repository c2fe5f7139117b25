"""Borders without water: over land, through customs and by air, and no word of a river anywhere."""

import re

import pytest
import yaml
from tests.paths import HIGH_PASS

import amnok
from amnok.games import exploit
from amnok.odd.page import odd
from amnok.reporting import narrative, picture, render, run_report, summaries
from amnok.reporting.comparison import comparison_sheet
from amnok.reporting.games import exploit_sheet
from amnok.reporting.layout import Screen
from amnok.results.ensemble import save_run
from amnok.results.folder import RunFolder
from amnok.results.threads import Days
from amnok.results.weekly import weekly
from amnok.scenario import Scenario, load_text
from amnok.scenario.levers import levers_of_saved
from amnok.scenario.overrides import with_values
from amnok.studies.comparison.arms import compare_arms
from amnok.web.border import Border, Explorer
from amnok.world.chances import is_passable
from amnok.world.places import routes

WATER = re.compile(r"\b(river|water|flood|ice|frozen|boat|bank of a river|ford)s?\b", re.IGNORECASE)


def only(*channels: str) -> Scenario:
    """The border over the pass with ways of these channels."""
    data = yaml.safe_load(HIGH_PASS.read_text(encoding="utf-8"))
    kinds = data["route_kinds"]
    data["route_kinds"] = {name: one for name, one in kinds.items() if one["channel"] in channels}
    for sector in data["sectors"].values():
        ways = sector["routes"].items()
        sector["routes"] = {name: kind for name, kind in ways if kind in data["route_kinds"]}
    if "land" not in channels:
        for name in ("carriers", "guards", "channels"):
            del data[name]
        del data["agencies"]["wardens"]
    return load_text(yaml.safe_dump(data, sort_keys=False), "pass.yaml")


@pytest.fixture(
    scope="module",
    params=[("land",), ("customs", "air"), ("land", "customs", "air")],
    ids=" and ".join,
)
def ran(request):
    scenario = only(*request.param)
    return scenario, request.param, amnok.run(scenario, seed=1, replicates=2)


def assert_dry(text: str) -> None:
    found = WATER.search(text)
    assert found is None, text[max(0, found.start() - 80) :][:200]


def read(page: str) -> str:
    """What a page shows, without its programs and styles."""
    return re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)


def test_goods_get_across_by_each_of_its_channels_and_no_other(ran):
    _, channels, dataset = ran
    by_route = dataset["crossings"].sum(["replicate", "day", "size"]).to_numpy()
    crossed = {
        channel: by_route[dataset["route_channel"].to_numpy() == channel].sum()
        for channel in {*dataset["route_channel"].to_numpy()}
    }
    assert crossed.keys() == {*channels}
    assert all(crossed.values())


def test_guards_stand_on_land_and_nowhere_else(ran):
    scenario, _, dataset = ran
    if scenario.has("guards"):
        paid = dataset["guard_bribes"].sum(["replicate", "day", "size"]).to_numpy()
        on_land = dataset["route_channel"].to_numpy() == "land"
        assert (paid[on_land] > 0).all()
        assert not paid[~on_land].any()
        assert float(dataset["carrying_fees"].sum()) > 0


def test_water_shuts_no_way_over_land_or_by_air():
    assert all(is_passable(way, 1e9, False) for way in routes(only("land", "air")))


def test_only_who_has_access_sends_by_air():
    border = with_values(only("land", "air"), {"traders.sizes.carrier.air_access": 0.0})
    dataset = amnok.run(border, seed=1)
    in_the_air = dataset["attempts"].isel(route=dataset["route_channel"] == "air")
    assert not in_the_air.sel(size="carrier").any()
    assert in_the_air.sel(size="dealer").any()


def test_nobody_speaks_of_a_river(ran, tmp_path):
    scenario, _, dataset = ran
    screen = Screen(200)
    assert_dry(render(summaries.summary_sheet(dataset), "console", screen))
    told = narrative.run_in_words(dataset)
    assert_dry(" ".join(one.text for _, part in told for one in part))
    drawn = picture.picture(weekly(dataset), scenario)
    lines = (line["label"] for one in drawn["charts"] for line in one["lines"])
    assert_dry(" ".join([*(one["title"] for one in drawn["charts"]), *lines]))
    assert_dry(render(exploit_sheet(exploit(dataset, scenario)), "console", screen))
    quiet = with_values(scenario, {"orders.sweep.intensity": 0.0})
    found = compare_arms(scenario, {"quiet": quiet}, {"quiet": "No sweep"}, 2, 1, Days(1, None))
    assert_dry(render(comparison_sheet(found), "console", screen))
    folder = RunFolder.create(tmp_path / "run", scenario, 2, 1)
    save_run(folder, scenario)
    assert_dry(read(run_report.run_report(amnok.open_run(folder.path), scenario, folder.record)))


def test_its_description_speaks_of_no_river(ran):
    scenario, channels, _ = ran
    page = odd(scenario)
    assert_dry(page)
    assert all(f" {scenario.called(channel)} |" in page for channel in channels)


def test_the_explorer_speaks_of_no_river(ran):
    scenario, _, _ = ran
    explorer = Explorer(Border(scenario, levers_of_saved(scenario), replicates=1))
    assert_dry(str({key: one for key, one in explorer.about().items() if key != "map"}))
