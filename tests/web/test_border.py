"""What the page is told is what `amnok run` and `amnok compare` say."""

import json
import re

import numpy as np
import pytest
from tests.paths import TINY
from tests.web.conftest import QUOTA, SWEEP

import amnok
from amnok.engine import Stopped
from amnok.errors import AmnokError, ScenarioError
from amnok.reporting.comparison import comparison_sheet, headline_rows
from amnok.reporting.formats import as_data
from amnok.reporting.picture import picture
from amnok.results.manifest import digest_of
from amnok.results.threads import Days
from amnok.results.weekly import weekly
from amnok.scenario import resolved
from amnok.scenario.overrides import with_values
from amnok.studies.comparison.arms import compare_arms
from amnok.web import border as module
from amnok.web.border import Border, Explorer
from amnok.web.serve import border_of

SETTINGS = [{}, {SWEEP: 0.3, QUOTA: 12.5}, {"traders.inner": 410, "guards.penalty": 0.0}]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("sector", [None, "ferry"])
def test_a_full_picture_is_that_of_the_run_with_the_same_settings(explorer, days, settings, sector):
    """Same seed, settings and replicates: the same bits as `amnok run --set ...`."""
    sets = [f"{path}={value}" for path, value in settings.items()]
    ran = amnok.run(TINY, seed=3, replicates=2, sets=sets)
    found = explorer.picture(settings, "full", sector, days)
    assert found.pop("share") == 1
    digest = digest_of(resolved(amnok.load(TINY, sets)).encode())[:12]
    for name, place in [("source", "."), *([("source_here", ", Ferry.")] if sector else [])]:
        source = found.pop(name)
        assert "2 replicates, 95% intervals; seed 3." in source
        assert f"{explorer.border.scenario.title}{place}" in source
        assert settings or f"SHA-256 {digest}." in source
    assert found == picture(weekly(ran), explorer.border.scenario, sector)


def test_previews_of_a_small_border_are_its_first_replicates(explorer, days):
    found = explorer.picture({SWEEP: 0.5}, "preview", None, days)
    assert found["share"] == 1
    ran = amnok.run(TINY, seed=3, replicates=found["replicates"], sets=[f"{SWEEP}=0.5"])
    assert found["flow"] == picture(weekly(ran), explorer.border.scenario)["flow"]


@pytest.mark.statistical
def test_a_preview_is_near_the_full_picture(monkeypatch, days):
    """Scaled counts of a tenth of the traders, against all of them, over the whole period.

    Crossings, attempts and arrests of one trader hardly depend on another's: each sum is about
    Poisson at worst, so that of a preview in `r` replicates at share `s` has a relative standard
    deviation of at most 1 / sqrt(s r n), n the full sum a replicate. Six of them, and 3% for what a
    smaller border does otherwise (whole guards, shared beliefs): false alarms below 1e-8 a sum.
    """
    many = {"traders.inner": 3_000.0, "traders.outer": 1_200.0}
    scenario = with_values(border_of(str(TINY)).scenario, many)
    monkeypatch.setattr(module, "PREVIEW_TRADERS", 420)
    explorer = Explorer(Border(scenario, border_of(str(TINY)).levers, seed=5, replicates=2))
    preview, share = explorer._weeks({}, "preview", days)
    full, _ = explorer._weeks({}, "full", days)
    assert share == pytest.approx(0.1)
    for name in ("crossings", "attempts", "flow", "questionings"):
        sums = [float(one[name].sum()) / one.sizes["replicate"] for one in (preview, full)]
        deviation = 1 / np.sqrt(share * preview.sizes["replicate"] * sums[1])
        assert sums[0] == pytest.approx(sums[1], rel=6 * deviation + 0.03), name


def test_previews_go_with_the_number_of_traders(monkeypatch, explorer, days):
    monkeypatch.setattr(module, "PREVIEW_TRADERS", 100)
    found = explorer.picture({"traders.inner": 380}, "preview", None, days)
    assert found["share"] == pytest.approx(0.2)
    assert found["replicates"] <= 2


def test_asked_again_nothing_is_simulated_again(explorer, days):
    first = explorer.picture({SWEEP: 0.4}, "full", None, days)

    def never(total):
        raise AssertionError("simulated again")

    assert explorer.picture({SWEEP: 0.4}, "full", None, never) == first
    explorer.picture({SWEEP: 0.4}, "full", "ferry", never)  # one of its sectors


def test_only_the_last_few_settings_are_kept(monkeypatch, border, days):
    monkeypatch.setattr(module, "_KEPT", 3)
    explorer = Explorer(border)
    for n in range(6):
        explorer.picture({SWEEP: n / 10}, "preview", None, days)
    assert len(explorer._kept) == 3


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"no.such.path": 1.0}, "no.such.path: is not a parameter"),
        ({"period.start": 1.0}, "period.start: is not a parameter"),
        ({"__class__": 1.0}, "is not a parameter"),
        ({SWEEP: -1.0}, "outside 0 to 10"),
        ({QUOTA: 1e300}, "outside 0 to 1000"),
        ({"traders.inner": -5.0}, "outside 0 to"),
        ({"traders.inner": 10_000.0}, "more traders than the explorer simulates"),
        ({"traders.inner": 1e308, "traders.outer": 1e308}, "more traders"),
    ],
)
def test_what_is_not_allowed_is_refused_before_anything_is_simulated(explorer, settings, message):
    def never(total):
        raise AssertionError("simulated")

    for quality in ("preview", "full"):
        with pytest.raises(AmnokError, match=message):
            explorer.picture(settings, quality, None, never)
    with pytest.raises(AmnokError, match=message):
        explorer.comparison({}, settings, never)


def test_a_date_is_no_setting(explorer, days):
    with pytest.raises(ScenarioError):
        explorer.picture({"orders.april_sweep.start": 3.0}, "full", None, days)


def test_no_such_sector(explorer, days):
    with pytest.raises(AmnokError, match="no sector 'moon'"):
        explorer.picture({}, "full", "moon", days)


def test_a_stopped_counter_stops_and_leaves_nothing_half_done(explorer, days):
    def stopped(total):
        counter = Days(total)
        counter.stop()
        return counter

    with pytest.raises(Stopped):
        explorer.picture({}, "full", None, stopped)
    assert not len(explorer._kept)
    assert explorer.picture({}, "full", None, days)["days"] == 120


def test_a_comparison_is_that_of_compare(explorer, days):
    scenario = explorer.border.scenario
    other = {SWEEP: 0.0}
    found = explorer.comparison({}, other, days)
    arms = compare_arms(
        scenario, {"now": with_values(scenario, other)}, {"now": "now"}, 3, 2, Days(0)
    )
    whole = as_data(comparison_sheet(arms))
    assert found["rows"] == headline_rows(arms, "now")
    assert found["persons"] == whole["persons"]
    assert found["first_difference"] == whole["first_difference"]["now"] >= "2030-04-10"
    assert found["replicates"] == 2


def test_the_same_setting_on_both_sides_makes_no_difference(explorer, days):
    found = explorer.comparison({QUOTA: 9.0}, {QUOTA: 9.0}, days)
    assert found["first_difference"] is None
    assert all(row["difference"] in (0, None) for row in found["rows"])


def test_a_saved_run_shows_its_own_numbers(monkeypatch, tmp_path, days):
    monkeypatch.setattr(module, "_KEPT", 2)
    ran = amnok.run(TINY, seed=11, replicates=3, sets=[f"{SWEEP}=0.7"], out=tmp_path / "run")
    border = border_of(str(tmp_path / "run"))
    assert (border.seed, border.replicates) == (11, 3)
    explorer = Explorer(border)

    def never(total):
        raise AssertionError("simulated")

    for quality in ("full", "preview"):
        found = explorer.picture({}, quality, None, never)
        assert found.pop("share") == 1
        assert "3 replicates, 95% intervals; seed 11." in found.pop("source")
        assert found == picture(weekly(ran), border.scenario)
    for n in range(4):
        explorer.picture({SWEEP: n / 10}, "preview", None, days)
    explorer.picture({}, "full", None, never)  # however much else was looked at


def test_moving_a_saved_run_starts_from_its_settings(tmp_path, days):
    amnok.run(TINY, seed=11, replicates=2, sets=[f"{SWEEP}=0.7"], out=tmp_path / "run")
    explorer = Explorer(border_of(str(tmp_path / "run" / "manifest.json")))
    sets = [f"{SWEEP}=0.7", f"{QUOTA}=20"]
    ran = amnok.run(TINY, seed=11, replicates=2, sets=sets)
    found = explorer.picture({QUOTA: 20.0}, "full", None, days)
    assert found["flow"] == picture(weekly(ran), explorer.border.scenario)["flow"]


def test_about_tells_of_every_parameter_and_its_evidence(border):
    about = json.loads(json.dumps(Explorer(border).about(), allow_nan=False, default=str))
    paths = {path for path, _ in border.scenario.parameters()}
    assert {one["path"] for one in about["parameters"]} == paths
    assert set(about["levers"]) <= paths
    assert about["sectors"] == list(border.scenario.sectors)
    known = set(about["claims"]) | set(about["references"])
    for one in about["parameters"]:
        assert one["section"]
        assert one["meaning"].startswith(one["gist"].removesuffix("."))
        assert len(one["gist"].split()) >= 5
        assert one["is_assumption"] == (not one["sources"]) or set(one["sources"]) <= known


@pytest.fixture(scope="module")
def about():
    """What the page of the default border is told about it."""
    return Explorer(border_of("sino-korean-border")).about()


@pytest.mark.parametrize(
    ("story", "system"),
    [
        ("october_order", "The autumn order (China)"),
        ("everyone_checks", "Campaign against leaks (North Korea)"),
        ("cameras", "Cameras"),
        ("official_counts", "What gets written down"),
    ],
)
def test_a_question_names_the_levers_that_it_is_about(story, system, about):
    levers = next(one for one in about["stories"] if one["name"] == story)["levers"]
    owner = next(one for one in about["systems"] if levers[0] in one["paths"])
    assert owner["label"] == system
    ranges = {one["path"] for one in about["parameters"] if "range" in one}
    assert {*levers} <= ranges


def test_forty_levers_have_name_value_sentence_and_class_and_say_who_says_so(about):
    parameters = {one["path"]: one for one in about["parameters"]}
    worded = [parameters[path] for one in about["systems"] for path in one["paths"]]
    assert len(worded) >= 40
    for one in worded:
        assert "_" not in one["called"] + one["reads"]
        assert 3 <= len(one["called"]) <= 100
        assert one["support"] in ("figure", "direction", "assumption")
        assert (one["support"] == "assumption") == one["is_assumption"]
        for source in one["sources"]:
            claim = about["claims"].get(source)
            if claim is None:
                assert about["references"][source]["figure"]
            else:
                assert claim["text"]
                assert re.search(r", ([A-Z][a-z]+ )?\d{4}", claim["report"])  # outlet, date


def test_policies_are_offered_with_what_they_set(about):
    assert len(about["policies"]) >= 10
    assert all(one["set"] and one["label"] for one in about["policies"])
    values = {one["path"]: one["value"] for one in about["parameters"]}
    for one in about["policies"]:
        assert all(values[path] != value for path, value in one["set"].items())
