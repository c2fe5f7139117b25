"""A scenario held against observations: moves between windows, errors, and what others say."""

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import amnok
from amnok.errors import AmnokError
from amnok.results.modelled import modelled
from amnok.results.observations import observations_of
from amnok.studies.scoring.copying import COPY, copied, models
from amnok.studies.scoring.forecast import KEY
from amnok.studies.scoring.held import hold
from amnok.studies.scoring.windows import moved, pair_of, within

EARLY, LATE = "2030-04-01/2030-04-10", "2030-05-01/2030-05-10"


def table(*rows, series="price", **cells):
    """Observations of (day, place, value), one day each."""
    frame = pd.DataFrame(rows, columns=["date_from", "place", "value"])
    return observations_of(frame.assign(series=series, **cells))


@pytest.fixture(scope="module")
def another(ran):
    """The small border, and prices of another replicate, every week at each of its markets."""
    scenario, dataset = ran(120, 3, 6)
    side, goods = scenario.sides.inner.key, next(iter(scenario.goods))
    days = pd.date_range(scenario.period.start, periods=16, freq="7D")
    frame = pd.DataFrame(
        [(str(day.date()), place, 1.0) for day in days for place in scenario.markets],
        columns=["date_from", "place", "value"],
    ).assign(series="price", side=side, goods=goods)
    return scenario, frame.assign(value=modelled(dataset, observations_of(frame).rows)[2])


def test_moves_are_of_the_mean_of_a_window_and_judged_by_sign_and_size(tiny):
    seen = table(
        ("2030-04-01", "a", 10.0), ("2030-04-10", "a", 14.0), ("2030-05-05", "a", 18.0),
        ("2030-04-20", "a", 99.0),
        ("2030-04-02", "b", 20.0), ("2030-05-06", "b", 22.0),
    )  # fmt: skip
    pair = pair_of((EARLY, LATE), tiny)
    rows = within(seen, [pair])
    assert len(rows) == 5  # what lies between the windows is in neither
    a, b = (rows["place"] == "a").to_numpy(), (rows["place"] == "b").to_numpy()
    later = (rows["date_from"] > pd.Timestamp("2030-04-30")).to_numpy()
    members = np.ones((40, 5))
    members[:, a & later] = 1.25  # rises half as much: log 1.25 / log 1.5
    members[:20, b & later], members[20:, b & later] = 0.9, 1.2  # members do not agree
    found = moved([pair], seen, rows, members, None, models(seen.rows))
    one, other = found
    assert one["observed"] == pytest.approx(1.5)
    assert (one["model"], one["sign"]) == (pytest.approx(1.25), "as observed")
    assert one["of_size"] == pytest.approx(math.log(1.25) / math.log(1.5))
    assert one["copy"] == pytest.approx(1.1)
    assert one["nearest"] == "model"
    assert other["sign"] == "open"
    assert (other["low"], other["high"]) == (pytest.approx(0.9), pytest.approx(1.2))
    members[:, a & later] = 0.8
    assert moved([pair], seen, rows, members, None, {})[0]["sign"] == "opposite"


def test_one_place_over_another_is_a_series_too(tiny):
    seen = table(
        ("2030-04-01", "a", 12.0), ("2030-04-01", "b", 10.0),
        ("2030-05-05", "a", 18.0), ("2030-05-05", "b", 10.0), ("2030-05-06", "a", 99.0),
    )  # fmt: skip
    pair = pair_of((EARLY, LATE), tiny)
    rows = within(seen, [pair])
    members = np.array([[3.0, 2.0, 3.0, 1.0, 5.0]] * 2)
    gap = moved([pair], seen, rows, members, "b", {})[-1]
    assert gap["place"] == "a over b"
    assert gap["observed"] == pytest.approx(1.8 / 1.2)  # only days that both have
    assert gap["model"] == pytest.approx(3.0 / 1.5)


def test_flows_are_counted_by_day_and_seasons_by_the_year_before(tiny):
    frame = pd.DataFrame(
        [
            ("2030-04-01", "2030-04-02", 4), ("2030-04-03", "2030-04-10", 16),
            ("2030-05-01", "2030-05-10", 40), ("2029-04-01", "2029-04-10", 10),
            ("2029-05-01", "2029-05-05", 15),
        ],
        columns=["date_from", "date_to", "value"],
    ).assign(series="crossings")  # fmt: skip
    seen = observations_of(frame)
    pair = pair_of((EARLY, LATE), tiny)
    rows = within(seen, [pair])
    (found,) = moved([pair], seen, rows, np.array([[2.0, 8.0, 30.0]] * 2), None, {})
    assert found["observed"] == pytest.approx(4 / 2)
    assert found["model"] == pytest.approx(3 / 1)
    assert found["year_before"] == pytest.approx(3 / 1)
    assert math.isnan(found["copy"])


def test_a_random_walk_says_how_large_a_move_is_chance(tiny):
    rng = np.random.default_rng(1)
    days = pd.date_range("2030-01-01", "2030-04-10")
    walk = 100 * np.exp(np.cumsum(rng.normal(0, 0.02, len(days))))
    rows = [(str(day.date()), "a", value) for day, value in zip(days, walk, strict=True)]
    seen = table(*rows, ("2030-05-05", "a", 100.0))
    pair = pair_of((EARLY, LATE), tiny)
    inside = within(seen, [pair])
    (found,) = moved([pair], seen, inside, np.ones((2, len(inside))), None, {})
    assert math.log(found["walk_high"]) == pytest.approx(1.96 * 0.02 * math.sqrt(30), rel=0.2)
    assert found["walk_low"] == pytest.approx(1 / found["walk_high"])


def test_a_copy_moves_as_the_other_place_did(tiny):
    rows = [(f"2030-04-{day:02}", place, 100.0) for day in range(1, 6) for place in "ab"]
    rows += [("2030-04-06", "a", 150.0), ("2030-04-06", "b", 130.0), ("2030-04-07", "b", 130.0)]
    seen = table(*rows)
    ahead = seen.rows[seen.rows["date_from"] >= pd.Timestamp("2030-04-06")].reset_index(drop=True)
    ahead = ahead.assign(horizon=1)
    found = copied(ahead, seen.rows, pd.Timestamp("2030-04-06").date(), models(seen.rows))
    of_a, of_b, alone = found.T
    assert of_a == pytest.approx(130.0)  # no spread: the gap never moved
    assert of_b == pytest.approx(150.0)
    assert np.isnan(alone).all()  # the other was not seen that day


def test_which_place_is_copied():
    seen = table(
        ("2030-04-01", "a", 1.0), ("2030-04-02", "a", 1.0), ("2030-04-01", "b", 1.0),
        ("2030-04-01", "c", 1.0), ("2030-04-02", "c", 1.0), ("2030-04-03", "", 1.0),
    )  # fmt: skip
    place = KEY.index("place")

    def told(over):
        return {one[place]: other[place] for one, other in models(seen.rows, over).items()}

    assert told(None) == {"a": "c", "c": "a", "b": "a"}
    assert told("b") == {"a": "b", "c": "b", "b": "a"}


def test_a_true_model_comes_nearer_than_no_change(another):
    scenario, frame = another
    since = str((pd.Timestamp(scenario.period.start) + pd.Timedelta(weeks=8)).date())
    found = hold(scenario, observations_of(frame), pd.Timestamp(since).date(), replicates=12)
    errors = found.errors().iloc[-1]
    assert errors["series"] == "all"
    assert errors["model"] < errors["last value"]
    assert len(found.paths()) == found.errors()["n"].iloc[-1]
    assert COPY in found.paths()


def test_errors_are_of_the_logarithm(another):
    scenario, frame = another
    since = pd.Timestamp(scenario.period.start) + pd.Timedelta(weeks=14)
    one_place = observations_of(frame[frame["place"] == frame["place"].iloc[0]])
    found = hold(scenario, one_place, since.date(), replicates=2)
    values = one_place.rows["value"].to_numpy()
    expected = np.abs(np.log(values[14:] / values[13])).mean()
    assert found.errors()["last value"].item() == pytest.approx(expected)
    assert COPY not in found.paths()  # there is no other place


def test_later_months_are_counted_and_left_out(another):
    scenario, frame = another
    late = frame.assign(date_from=pd.to_datetime(frame["date_from"]) + pd.DateOffset(years=3))
    both = pd.concat([frame, late.assign(date_from=late["date_from"].dt.date.astype(str))])
    found = amnok.verify(scenario, data=both, replicates=2)
    assert found.left_out == len(frame)
    assert len(found.paths()) == len(frame)
    early = hold(
        scenario, observations_of(frame), until=pd.Timestamp(LATE[:10]).date(), replicates=2
    )
    assert early.paths()["date_to"].max() <= pd.Timestamp(LATE[:10])


@pytest.mark.parametrize(
    ("between", "message"),
    [
        ("2030-04-01/2030-04-10", "between is"),
        ("normal:2030-04-01/2030-04-10", "is neither a window nor a phase|does not lie after"),
        (f"{LATE}:{EARLY}", "does not lie after"),
        (f"{EARLY}:{EARLY}", "does not lie after"),
        ("2030-04-10/2030-04-01:2030-05-01/2030-05-02", "ends before it begins"),
        (f"{EARLY}:2050-01-01/2050-01-02", "is not within"),
        (f"{EARLY}:yesterday", "is neither a window nor a phase"),
        (f"{EARLY}:2030-05-01/2030-05-32", "is not a day"),
        (7, "between is 7"),
    ],
)
def test_windows_that_are_none(tiny, between, message):
    with pytest.raises(AmnokError, match=message):
        pair_of(between, tiny)


def test_a_phase_is_a_window(tiny):
    first, second = sorted(tiny.phases.values(), key=lambda one: one.start)[:2]
    names = {id(one): name for name, one in tiny.phases.items()}
    pair = pair_of(f"{names[id(first)]}:{names[id(second)]}", tiny)
    assert str(pair.base) == f"{first.start}/{first.end}"


def test_what_cannot_be_held(another):
    scenario, frame = another
    seen = observations_of(frame)
    with pytest.raises(AmnokError) as caught:
        hold(scenario, seen, between=[("2030-03-02/2030-03-03", "2030-03-04/2030-03-05")])
    assert [fault.file for fault in caught.value.faults] == ["observations"] * 2
    with pytest.raises(AmnokError, match="holds nothing of a place 'nowhere'"):
        hold(scenario, seen, relative_to="nowhere")
    with pytest.raises(AmnokError, match="holds nothing from"):
        hold(scenario, seen, scenario.period.end)
    with pytest.raises(AmnokError, match="unknown place 'nowhere'"):
        hold(scenario, observations_of(frame.iloc[:1].assign(place="nowhere")))
    twice = pd.concat([frame.assign(source="x"), frame.assign(source="y")])
    with pytest.raises(AmnokError, match="two sources tell"):
        hold(scenario, observations_of(twice), between=[(EARLY, LATE)])
    verify: Any = amnok.verify
    with pytest.raises(AmnokError, match="since say nothing without data"):
        verify(scenario, since="2030-05-01")
    with pytest.raises(AmnokError, match="not for data"):
        verify(scenario, data=frame, mechanisms=["halts"])
    with pytest.raises(AmnokError, match="between is 7"):
        verify(scenario, data=frame, between=7)
