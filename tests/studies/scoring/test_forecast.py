"""Forecasts of observed series: what is forecast, from what past, and that a true model covers."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY

import amnok
from amnok.cli import main
from amnok.errors import AmnokError
from amnok.results.modelled import modelled
from amnok.results.observations import observations_of
from amnok.studies.scoring.forecast import MODEL, score

WEEK = pd.Timedelta(days=7)


def weekly(scenario, series, weeks, **cells):
    starts = pd.Timestamp(scenario.period.start) + WEEK * np.arange(weeks)
    rows = [
        {"date_from": start, "date_to": start + WEEK - pd.Timedelta(days=1), "series": series}
        for start in starts
    ]
    return pd.DataFrame(rows).assign(value=1.0, **cells)


@pytest.fixture(scope="module")
def observed(ran):
    """The small border, and what another replicate of it showed of two series, week by week."""
    scenario, dataset = ran(120, 3, 6)
    rows = pd.concat(
        [
            weekly(scenario, "crossings", 16, place="ferry"),
            weekly(scenario, "official_arrests", 16, place=""),
        ],
        ignore_index=True,
    )
    found = observations_of(rows).rows
    return scenario, rows.assign(value=modelled(dataset, found)[2])


def origin(scenario, weeks):
    return scenario.period.start + dt.timedelta(weeks=weeks)


def test_a_true_model_covers_and_is_scored_beside_its_past(observed):
    scenario, rows = observed
    found = score(scenario, observations_of(rows), origin(scenario, 10), replicates=12, seed=9)
    assert found.members == 12
    assert len(found.rows) == 12  # six weeks of two series
    assert found.rows.groupby("series")["horizon"].apply(list).tolist() == [[1, 2, 3, 4, 5, 6]] * 2
    scores = found.scores().set_index("forecast")
    assert set(scores.index) >= {MODEL, "last value", "random walk", "trend"}
    assert scores["relative"].loc["last value"] == pytest.approx(1)
    assert float(scores["in_95%"].loc[MODEL]) >= 9 / 12  # P(fewer) < 1e-3 if 95% are covered
    assert scores["n"].eq(12).all()
    assert "a year before" not in scores.index  # there is no year of past


def test_a_year_before_needs_a_year(observed):
    scenario, rows = observed
    found = score(scenario, observations_of(rows), origin(scenario, 10), replicates=2)
    assert np.isnan(found.quantiles["a year before"]).all()
    assert np.isfinite(found.quantiles["mean of a year"]).all()


def test_what_comes_after_the_origin_changes_no_forecast(observed):
    scenario, rows = observed
    since = origin(scenario, 10)
    later = pd.to_datetime(rows["date_from"]) >= pd.Timestamp(since)
    changed = rows.assign(value=rows["value"].where(~later, 7_777.0))
    one = score(scenario, observations_of(rows), since, replicates=2)
    other = score(scenario, observations_of(changed), since, replicates=2)
    for name, quantiles in one.quantiles.items():
        np.testing.assert_array_equal(quantiles, other.quantiles[name])


def test_weeks_that_nobody_has_observed_yet_are_forecast_too(observed):
    scenario, rows = observed
    since = origin(scenario, 12)
    early = pd.to_datetime(rows["date_to"]) < pd.Timestamp(since)
    until = origin(scenario, 15)
    blind = score(scenario, observations_of(rows[early]), since, until, replicates=3)
    seen = score(scenario, observations_of(rows), since, replicates=3)
    assert len(blind.rows) == 6
    assert blind.rows["value"].isna().all()
    assert blind.rows["horizon"].tolist() == [1, 2, 3] * 2
    first = seen.rows["horizon"].to_numpy() <= 3
    for name, quantiles in blind.quantiles.items():
        np.testing.assert_allclose(quantiles, seen.quantiles[name][:, first])
    assert blind.scores().empty


def test_months_stay_months(tiny):
    rows = pd.DataFrame(
        [
            {"date_from": "2030-04-01", "date_to": "2030-04-30", "value": 3},
            {"date_from": "2030-03-01", "date_to": "2030-03-31", "value": 4},
        ]
    ).assign(series="crossings")
    end = dt.date(2030, 6, 30)
    period = tiny.period.model_copy(update={"start": dt.date(2030, 2, 1), "end": end})
    wide = tiny.model_copy(update={"period": period})
    found = score(wide, observations_of(rows), dt.date(2030, 5, 1), end, replicates=2)
    assert found.rows["date_from"].dt.day.tolist() == [1, 1]
    assert found.rows["date_to"].dt.day.tolist() == [31, 30]


def test_draws_from_the_priors_are_wider_than_chance(observed):
    scenario, rows = observed
    since = origin(scenario, 12)
    chance = score(scenario, observations_of(rows), since, replicates=8)
    guesses = score(scenario, observations_of(rows), since, draws=8)

    def width(found):
        return (found.quantiles[MODEL][-2] - found.quantiles[MODEL][1]).sum()

    assert guesses.members + guesses.refused == 8
    assert width(guesses) > 1.5 * width(chance)


def test_moves_do_not_depend_on_the_unit_of_what_is_observed(observed):
    scenario, rows = observed
    since, value = origin(scenario, 10), rows["value"] + 1
    one = score(
        scenario, observations_of(rows.assign(value=value)), since, moves=True, replicates=3
    )
    larger = observations_of(rows.assign(value=1000 * value))
    other = score(scenario, larger, since, moves=True, replicates=3)
    np.testing.assert_allclose(1000 * one.quantiles[MODEL], other.quantiles[MODEL])
    as_is = score(scenario, larger, since, replicates=3)
    assert (as_is.quantiles[MODEL] < other.quantiles[MODEL] / 10).all()


def test_moves_need_a_last_observation(observed):
    scenario, rows = observed
    with pytest.raises(AmnokError, match="has no observation before the origin"):
        score(scenario, observations_of(rows), scenario.period.start, moves=True, replicates=2)


def test_what_cannot_be_forecast(observed):
    scenario, rows = observed
    with pytest.raises(AmnokError, match="holds nothing from"):
        score(scenario, observations_of(rows), dt.date(2100, 1, 1))
    dates = ["date_from", "date_to"]
    late = rows.assign(**{name: pd.to_datetime(rows[name]) + 13 * WEEK for name in dates})
    with pytest.raises(AmnokError, match=f"is to be forecast, {scenario.name} ends on"):
        score(scenario, observations_of(late), origin(scenario, 14))
    both = pd.concat([rows.assign(source="a"), rows.assign(source="b")])
    with pytest.raises(AmnokError, match="two sources tell crossings"):
        score(scenario, observations_of(both), origin(scenario, 10))


def test_the_command_prints_scores_and_writes_quantiles(observed, tmp_path, capsys):
    scenario, rows = observed
    data, out = tmp_path / "observed.csv", tmp_path / "quantiles.csv"
    rows.to_csv(data, index=False)
    words = ["--data", str(data), "--since", str(origin(scenario, 12)), "--replicates", "3"]
    words += ["--set", f"period.end={scenario.period.end}", "--out", str(out)]
    assert main(["score", str(TINY), *words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scored"] == 8
    tidy = pd.read_csv(out)
    assert set(tidy["forecast"]) >= {MODEL, "last value"}
    assert tidy["level"].nunique() == 23
    assert main(["score", str(TINY), *words]) == 0
    assert "better than saying that nothing will change" in " ".join(
        capsys.readouterr().out.split()
    )
    assert main(["score", str(TINY), "--data", str(data)]) == 2
    assert "--since" in capsys.readouterr().err


def test_scores_are_reached_from_the_top():
    assert amnok.score is score


def test_a_last_day_before_the_first_is_told(observed):
    scenario, rows = observed
    since, until = origin(scenario, 8), origin(scenario, 4)
    with pytest.raises(AmnokError, match=f"until is {until}, before {since}"):
        score(scenario, observations_of(rows), since, until, replicates=2)
