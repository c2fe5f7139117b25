"""Arms share people and draws; outcomes and persons are what they say."""

import math
import re

import numpy as np
import pytest
import xarray as xr

from amnok.draws import replicate_key
from amnok.engine import simulate
from amnok.errors import AmnokError
from amnok.reporting.comparison import comparison_sheet
from amnok.reporting.formats import render
from amnok.reporting.layout import PIPE
from amnok.results.ledgers import dataset
from amnok.results.outcomes import labelled
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import with_values
from amnok.studies.comparison import compare, outcomes
from amnok.studies.comparison.arms import unpaired
from amnok.studies.comparison.folder import open_comparison, save_comparison


@pytest.fixture(scope="module")
def found(tiny_path, own_policies):
    names = ["nothing", "no_sweep", "no_vote"]
    return compare(tiny_path, names, seed=4, replicates=4, files=[own_policies], threads=2)


def test_a_policy_that_changes_nothing_makes_no_difference(found):
    rows = found.differences()
    nothing = rows[rows["policy"] == "nothing"]
    assert (nothing["difference"].dropna() == 0).all()
    assert np.isnat(found.first_difference.sel(policy="nothing").to_numpy()).all()
    persons = found.persons.sel(policy="nothing").sum()
    same = found.persons.sel(policy="nothing", fate=["neither", "both"]).sum()
    assert float(persons) == float(same)


def test_nothing_differs_before_a_policy_acts(found, tiny):
    vote = np.datetime64(tiny.calendar.halts["spring_vote"].start.date)
    sweep = np.datetime64(tiny.orders["april_sweep"].start.date)
    first = found.first_difference
    assert (first.sel(policy="no_vote").to_numpy() == vote).all()
    assert (first.sel(policy="no_sweep").to_numpy() >= sweep).all()


def test_everyone_has_one_fate(found, tiny):
    people = tiny.traders.inner.number + tiny.traders.outer.number
    assert (found.persons.sum(["side", "size", "sector", "fate"]) == people).all()


def test_fates_are_those_of_the_persons(found, tiny):
    swept = simulate(tiny, 4, 2).state.arrests > 0
    spared = simulate(with_values(tiny, {"orders.april_sweep.intensity": 0.0}), 4, 2).state.arrests
    persons = found.persons.sel(policy="no_sweep", replicate=2).sum(["side", "size", "sector"])
    counts = persons.to_series()
    assert counts["both"] == (swept & (spared > 0)).sum()
    assert counts["only_without"] == (swept & (spared == 0)).sum()
    assert counts["only_with"] == (~swept & (spared > 0)).sum()


def test_differences_are_paired(found):
    rows = found.differences()
    row = rows[(rows["policy"] == "no_sweep") & (rows["outcome"] == "questionings")].iloc[0]
    values = found.values["questionings"].sel(size=row["where"])
    pairs = (values.sel(policy="no_sweep") - values.sel(policy=BASE)).to_numpy()
    assert row["difference"] == pytest.approx(pairs.mean())
    assert row["low"] < pairs.mean() < row["high"]
    assert row["unit"] == "persons"
    assert row["relative"] == pytest.approx(pairs.mean() / row["base"])


@pytest.mark.parametrize("threads", [1, 9])  # of nine, five are left for worlds of their own
def test_threads_and_company_change_nothing(found, tiny_path, own_policies, threads):
    alone = compare(tiny_path, ["no_sweep"], 4, 4, files=[own_policies], threads=threads)
    xr.testing.assert_identical(
        alone.values.sel(policy=[BASE, "no_sweep"]), found.values.sel(policy=[BASE, "no_sweep"])
    )
    xr.testing.assert_identical(alone.persons, found.persons.sel(policy=["no_sweep"]))


def test_people_who_are_not_the_same_are_not_paired(tiny_path, own_policies):
    found = compare(tiny_path, ["more_people"], replicates=2, files=[own_policies])
    assert found.persons.isnull().all()
    assert found.differences()["difference"].notna().any()


def test_a_lever_in_one_sector_leaves_the_first_day_elsewhere(tiny):
    """Cameras of one sector: whoever lives elsewhere draws, plans and meets what they did."""
    name = next(iter(tiny.sectors))
    levels = {"cameras.usual_level": 1.0}
    bright, dark = (
        dataset(
            simulate(with_values(tiny, {**levels, f"sectors.{name}.cameras": level}), 9), tiny, 9
        )
        for level in (1.0, 0.0)
    )
    elsewhere = [sector for sector in tiny.sectors if sector != name]
    routes = np.isin(bright["route_sector"], elsewhere)
    for variable in bright.data_vars:
        one, two = bright[variable], dark[variable]
        if "day" not in one.dims:
            continue
        if "sector" in one.dims:
            one, two = one.sel(sector=elsewhere), two.sel(sector=elsewhere)
        elif "route" in one.dims:
            one, two = one.isel(route=routes), two.isel(route=routes)
        else:
            continue
        # The spin-up came before: people elsewhere were not touched then, either.
        np.testing.assert_array_equal(one.isel(day=0), two.isel(day=0), err_msg=str(variable))
    seen = bright["seen_by_camera"].sum(), dark["seen_by_camera"].sum()
    assert float(seen[0]) > float(seen[1])


def test_outcomes_add_up_to_the_dataset(tiny):
    """The arrays that sweeps use say what the labelled dataset says."""
    outcome, days = simulate(tiny, 3), slice(10, 60)
    of = labelled(outcomes(outcome, tiny, replicate_key(3, 0), days), tiny)
    data = dataset(outcome, tiny, 3).isel(replicate=0, day=days)
    by_channel = data["value_crossed"].sum("day").groupby("route_channel").sum()
    for channel in by_channel["route_channel"].to_numpy():
        np.testing.assert_allclose(
            of["value_crossed"].sel(channel=channel), by_channel.sel(route_channel=channel)
        )
    held = data["people"].sel(status=["detained", "imprisoned"]).sum(["day", "sector", "status"])
    np.testing.assert_array_equal(of["detention"], held)
    sides = data["arrests"].sum(["day", "sector"]).groupby("agency_side").sum()
    official = data["official_arrests"].sum(["day", "sector", "size"]).groupby("agency_side").sum()
    for side in ("up", "low"):
        np.testing.assert_array_equal(of["arrests"].sel(side=side), sides.sel(agency_side=side))
        assert of["official_arrests"].sel(side=side) == official.sel(agency_side=side)
    for name in ("leaks_through", "checking_hours", "questionings", "guards_removed"):
        assert float(of[name].sum()) == pytest.approx(float(data[name].sum()))
    assert float(of["bribes"].sum()) == pytest.approx(float(data["bribes"].sum()))
    np.testing.assert_allclose(of["price"], data["price"].sel(side="up").mean("day"), rtol=1e-6)
    dates = dataset(outcome, tiny, 3)["day"].to_numpy()[days]
    events = dataset(outcome, tiny, 3)["event_day"].to_numpy()
    assert float(of["reports"]) == np.isin(events, dates).sum()
    assert all({"units", "long_name"} <= set(one.attrs) for one in of.data_vars.values())


def test_unpaired_replicates_by_hand():
    noise = np.random.default_rng(3).normal(0, 10, 50)
    effect = np.random.default_rng(4).normal(1, 0.1, 50)
    need = unpaired(noise, noise + effect)
    assert need == pytest.approx(50 * 2 * 100 / 0.01, rel=0.5)
    assert math.isnan(unpaired(noise[:1], noise[:1]))
    assert math.isnan(unpaired(noise, noise))  # no difference varies, and no number says so


def test_a_window_outside_the_period_is_one_message(tiny_path, own_policies):
    with pytest.raises(AmnokError, match="not in the period of tiny-border: 2040-01-01"):
        compare(tiny_path, ["no_vote"], files=[own_policies], days=("2040-01-01", None))


def test_only_the_days_asked_for_count(tiny_path, own_policies):
    found = compare(
        tiny_path, ["no_vote"], replicates=2, files=[own_policies], days=(None, "2030-05-01")
    )
    assert (found.differences()["difference"].dropna() == 0).all()


FEW = {"traders.inner": 60, "traders.outer": 30, "period.end": "2030-04-20"}
TAKEN_AWAY = {
    "self_inspection": "checking_hours",
    "protection": "",
    "reporting": "reports",
    "official": "official_arrests",
    "phones": "",
}


def test_a_policy_may_take_a_mechanism_away(tiny_path, tmp_path):
    """What only the base can have is nothing under it, and all else is compared as ever."""
    file = tmp_path / "less.yaml"
    file.write_text(f"policies: {{less: {{set: {dict.fromkeys(TAKEN_AWAY)}}}}}".replace("None", ""))
    found = compare(tiny_path, ["less"], replicates=1, sets=FEW, files=[file])
    table = found.differences().set_index("outcome")
    assert np.isfinite(found.values.sel(policy="base")["arrests"]).all()
    for outcome in filter(None, TAKEN_AWAY.values()):
        assert table.loc[[outcome], "base"].notna().all()
        assert table.loc[[outcome], ["with_policy", "difference"]].isna().all().all()
    kept = set(found.values.data_vars) - set(TAKEN_AWAY.values())
    assert np.isfinite(found.values[["arrests", "value_crossed"]].to_array()).all()
    assert {"arrests", "value_crossed", "bribes"} <= kept
    shown = render(comparison_sheet(found), "console", PIPE)
    assert re.search(r"Time that senders spent checking.*\n +Carrier +[\d.k]+ +- ", shown)
    save_comparison(found, tmp_path / "saved", 1, "amnok compare")
    assert open_comparison(tmp_path / "saved").comparison.values.identical(found.values)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"days": ("nonsense", None)}, "'nonsense' is not a day"),
        ({"days": ("99999-01-01", None)}, "'99999-01-01' is not a day"),
        ({"days": (5, None)}, "5 is not a day"),
        ({"days": "2030-03-01"}, "days is '2030-03-01'"),
        ({"days": ("2030-03-01",) * 3}, "a pair of dates"),
        ({"names": None}, "no policy is named"),
        ({"names": []}, "no policy is named"),
        ({"files": [3]}, "3 is not a path"),
        ({"sets": {"guards.penalty": object()}}, "a number, a text, a date, a list or a dict"),
    ],
)
def test_what_no_comparison_can_be_made_of_is_one_message(tiny_path, own_policies, wrong, told):
    given = {"names": ["nothing"], "files": [own_policies], "replicates": 1, **wrong}
    with pytest.raises(AmnokError, match=told):
        compare(tiny_path, **given)
