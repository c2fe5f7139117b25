"""Hidden flows from observations, on a bank that was never simulated."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.results.observations import observations_of, read_observations
from amnok.studies.inference.hidden import runs_of
from amnok.studies.inference.observing import rows_of, seen, template


@pytest.fixture(scope="module")
def bank():
    return invented()


def total(found, quantity="value_crossed"):
    flows = found.flows
    return flows[
        (flows["quantity"] == quantity) & (flows["axis"] == "") & (flows["week"] == "")
    ].iloc[0]


@pytest.mark.statistical
def test_flows_lie_where_they_were(bank):
    inside, naive_off, off = 0, [], []
    for run in range(8):
        found = amnok.infer(TINY, observed(bank, run), bank=bank, seed=run)
        row, truth = total(found), bank.weekly[run, len(bank.layout.seen)].sum()
        inside += row["low_95"] <= truth <= row["high_95"]
        naive_off.append(abs(np.log(row["naive"] / truth)))
        off.append(abs(np.log(row["mean"] / truth)))
        assert row["low_95"] <= row["low_80"] <= row["low_50"] <= row["high_50"]
        assert row["high_50"] <= row["high_80"] <= row["high_95"]
    # Of 8 intervals at 95%, fewer than 6 hold with a chance of 0.006.
    assert inside >= 6
    # Prices tell the flow and counts do not: naive readings take the rate as known.
    assert np.median(off) < np.median(naive_off)


def test_a_naive_reading_scales_up_counts_and_no_prices(bank):
    """Money has no Poisson interval, and of prices nothing is scaled up or added."""
    day = bank.scenario.period.start
    days = {"date_from": day, "date_to": day + dt.timedelta(days=27)}
    price = {**days, "series": "surveyed_price", "place": "vellmouth", "goods": "honey"}
    rows = [{**price, "value": 100.0}, {**price, "goods": "lamps", "value": 300.0}]
    of_prices = amnok.infer(TINY, observations_of(pd.DataFrame(rows)), bank=bank)
    assert of_prices.naive_of == ""
    assert np.isnan(total(of_prices)["naive"])
    assert of_prices.series.set_index("series").loc["surveyed_price", "observed"] == 200.0
    worth = {**days, "series": "official_value_seized", "value": 5_000.0}
    of_money = total(amnok.infer(TINY, observations_of(pd.DataFrame([worth])), bank=bank))
    assert of_money["naive"] > 0.0
    assert np.isnan(of_money["naive_low"])
    arrests = total(amnok.infer(TINY, observed(bank, 0), bank=bank))
    assert arrests["naive_low"] < arrests["naive"] < arrests["naive_high"]


@pytest.mark.slow
def test_parameters_and_diagnostics(bank):
    found = amnok.infer(TINY, observed(bank, 3), bank=bank, check=20)
    table = found.parameters.set_index("path")
    contraction = table["contraction"].astype(float)
    assert contraction["traders.inner"] > 0.5
    assert abs(contraction["quota.prison_days"]) < 0.3
    assert set(found.series["series"]) == {"official_arrests", "surveyed_price"}
    without = found.series.set_index("series")["without_mean"]
    assert without.notna().all()
    assert set(found.checks["truths"]) == {"all", "low flow", "high flow"}
    everyone = found.checks[found.checks["truths"] == "all"]
    assert (everyone["number"] == 20).all()
    assert (everyone["coverage_95"] >= 0.7).all()
    assert found.distance < 0.99
    assert not any("unusual" in one for one in found.warnings)
    again = amnok.infer(TINY, observed(bank, 3), bank=bank)
    assert np.array_equal(again.posterior.draws, found.posterior.draws)


def test_what_no_run_looks_like_is_warned_of(bank):
    data = observed(bank, 0)
    prices = data["series"] == "surveyed_price"
    data.loc[prices, "value"] *= 30.0
    found = amnok.infer(TINY, data, bank=bank)
    assert found.distance > 0.99
    assert any("more unusual" in one for one in found.warnings)


def test_saved_posteriors(bank, tmp_path):
    found = amnok.infer(TINY, observed(bank, 1), bank=bank, out=tmp_path / "posterior")
    rows, weights, about = runs_of(tmp_path / "posterior")
    assert np.array_equal(rows, np.sort(found.posterior.rows))
    assert np.isclose(weights.sum(), 1.0)
    assert about["condition"] == "if the model is right"
    flows = pd.read_csv(tmp_path / "posterior" / "flows.csv")
    assert np.allclose(flows["mean"], found.flows["mean"])
    with pytest.raises(AmnokError, match="exists"):
        amnok.infer(TINY, observed(bank, 1), bank=bank, out=tmp_path / "posterior")


def test_absent_is_not_zero(bank):
    """Two weeks told, four watched: the other two are zeros; not watched, they are nothing."""
    told = {"date_from": "2030-03-01", "date_to": "2030-03-14", "series": "official_arrests"}
    watched = {**told, "date_to": "2030-03-28", "unit": "coverage", "value": None}
    without = observations_of(pd.DataFrame([{**told, "value": 5.0}]))
    given = observations_of(pd.DataFrame([{**told, "value": 5.0}, watched]))
    assert [one.value for one in rows_of(without, bank.layout)] == [5.0]
    rows = list(rows_of(given, bank.layout))
    assert [one.value for one in rows] == [5.0, 0.0]
    assert rows[1].weeks[:5].tolist() == [0.0, 0.0, 1.0, 1.0, 0.0]


def test_what_is_watched_in_part_is_thinned(bank):
    row = {"date_from": "2030-03-01", "date_to": "2030-03-28", "series": "official_arrests"}
    whole = seen(observations_of(pd.DataFrame([{**row, "value": 5.0}])), bank, 1).runs[:, 0]
    half = {**row, "unit": "coverage", "value": 0.5}
    part = seen(observations_of(pd.DataFrame([{**row, "value": 5.0}, half])), bank, 1).runs[:, 0]
    assert (part <= whole).all()
    assert abs(part.sum() / whole.sum() - 0.5) < 0.02
    odd = {**row, "date_to": "2030-03-03", "value": 5.0}  # three days of a week
    days = seen(observations_of(pd.DataFrame([odd])), bank, 1).runs[:, 0]
    assert (days == np.round(days)).all()
    week = seen(observations_of(pd.DataFrame([{**odd, "date_to": "2030-03-07"}])), bank, 1).runs
    assert abs(days.sum() / week.sum() - 3 / 7) < 0.03


@pytest.mark.slow
def test_a_doubtful_source_tells_less(bank):
    data = observed(bank, 2)
    spreads = []
    for letter in ("", "B", "E"):
        data["reliability"], data["source"] = letter, "one desk"
        found = amnok.infer(TINY, data, bank=bank)
        spreads.append(float(found.posterior.sd.iloc[0]))
    assert spreads[0] < spreads[1] < spreads[2] * 1.05


def test_observations_that_do_not_do(bank, tmp_path):
    data = observed(bank, 0)
    data.loc[0, "place"] = "nowhere"
    with pytest.raises(AmnokError, match="unknown place 'nowhere'"):
        amnok.infer(TINY, data, bank=bank)
    fine = observed(bank, 0)
    fine["size"] = np.where(fine["series"] == "official_arrests", "carrier", "")
    with pytest.raises(AmnokError, match="not kept in a bank by place and size"):
        amnok.infer(TINY, fine, bank=bank)
    with pytest.raises(AmnokError, match="too few to learn from"):
        amnok.infer(TINY, observed(bank, 0), bank=invented(runs=100))
    with pytest.raises(AmnokError, match="make the bank anew"):
        amnok.infer("sino-korean-border", observed(bank, 0), bank=bank)


def test_the_template_is_readable(bank, tmp_path):
    file = tmp_path / "observations.csv"
    file.write_text(template(bank.scenario), encoding="utf-8")
    known = seen(read_observations(file), bank, 1)
    assert {"official_arrests", "surveyed_price"} <= set(known.series)
