"""What is visible: never more than the truth, and reports that follow the editors' rule."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.paths import TINY

from amnok.draws import replicate_key
from amnok.mechanisms.official import Official
from amnok.mechanisms.reporting import TIP, Reporting
from amnok.results import dataset, reports
from amnok.results.visible import published
from amnok.scenario import load
from amnok.scenario.model import needed
from amnok.variables import REPORTED

COUNTS = ("arrests", "questionings", "items_seized", "value_seized")
SHARES = ("arrests_recorded", "questionings_recorded", "seizures_recorded")
DAYS = 20


def with_sets(*sets):
    return load(TINY, sets)


def test_what_comes_after_a_hundred_years_is_not_published():
    scenario = with_sets("reporting.single_source_published=1", "reporting.editing_days=0")
    arrivals = (3, 36_000, 36_600, 10**9)
    tips = np.array([[1, day, 0, 0, 0, day % 97, 0] for day in arrivals], dtype=np.int32)
    tips[:, 2] = range(4)  # four events, each in a sector of its own
    reporting = needed(scenario, Reporting)
    window = round(reporting.corroboration_days.number)
    found = published(tips, reporting, replicate_key(1, 0))
    assert found[:, 1].tolist() == [3 + window, 36_000 + window]


@pytest.mark.parametrize("name", COUNTS)
def test_official_counts_are_part_of_the_truth(tiny, made_up_outcome, name):
    ledgers = dataset(made_up_outcome(), tiny, 1)
    official, truth = ledgers[f"official_{name}"], ledgers[name]
    assert official.dims == truth.dims
    assert (official.values >= 0).all()
    assert (official.values <= truth.values).all()
    assert 0 < official.values.sum() < truth.values.sum()


def test_official_counts_are_the_truth_if_all_is_written_down(made_up_outcome):
    scenario = with_sets(*(f"official.{name}={0.999999}" for name in SHARES))
    ledgers = dataset(made_up_outcome(), scenario, 1)
    for name in COUNTS[:3]:
        np.testing.assert_allclose(
            ledgers[f"official_{name}"].sum(), ledgers[name].sum(), rtol=1e-3
        )


def test_writing_down_more_never_loses_an_arrest(made_up_outcome):
    low, high = (
        dataset(made_up_outcome(), with_sets(f"official.arrests_recorded={share}"), 1)
        for share in (0.3, 0.6)
    )
    assert (high["official_arrests"].values >= low["official_arrests"].values).all()


def test_customs_declare_what_is_neither_under_sanctions_nor_off_the_books(tiny, made_up_outcome):
    outcome = made_up_outcome()
    found = dataset(outcome, tiny, 1)
    hidden = outcome.books.goods["goods_value_off_books"]
    truth, declared = found["goods_value_customs"] - hidden, found["declared_value"]
    inner, outer = tiny.sides.inner.key, tiny.sides.outer.key
    for name, one in tiny.goods.items():
        to, back = (inner, outer) if one.direction == "import" else (outer, inner)
        seen = declared.sel(goods=name, side=to).sum().item()
        on_paper = 0.0 if one.sanctioned else truth.sel(goods=name).sum().item()
        assert seen == pytest.approx(on_paper)
        assert declared.sel(goods=name, side=back).sum().item() == 0
    assert {one.sanctioned for one in tiny.goods.values()} == {True, False}
    assert declared.attrs["ledger"] == "visible"


def test_prices_are_seen_on_survey_days_with_noise(tiny, made_up_outcome):
    ledgers = dataset(made_up_outcome(), tiny, 1)
    gap = np.diff(ledgers["survey_day"].values) / np.timedelta64(1, "D")
    assert (gap == round(needed(tiny, Official).survey_interval.number)).all()
    truth = ledgers["price"].isel(side=0).sel(day=ledgers["survey_day"])
    ratio = ledgers["surveyed_price"].values[truth.values > 0] / truth.values[truth.values > 0]
    spread = needed(tiny, Official).survey_noise.number
    assert 0.7 * spread < np.log(ratio).std() < 1.3 * spread


def test_reports_are_a_table(tiny, made_up_outcome):
    table = reports(dataset(made_up_outcome(), tiny, 1))
    assert list(table.columns) == [
        "replicate",
        "event_day",
        "publication_day",
        "sector",
        "side",
        "kind",
        "sources",
    ]
    assert (table["publication_day"] >= table["event_day"]).all()
    assert (table["sources"] >= 1).all()
    assert set(table["kind"]) <= set(REPORTED)
    assert table["publication_day"].is_monotonic_increasing


def test_no_tips_give_an_empty_table(tiny, made_up_outcome):
    outcome = made_up_outcome()
    outcome.books.tip_count[0] = 0
    assert reports(dataset(outcome, tiny, 1)).empty


tips_of_one_border = st.lists(
    st.tuples(
        st.integers(0, DAYS), st.integers(0, 15), st.integers(0, 1), st.integers(0, 1),
        st.integers(0, 2), st.integers(0, 3), st.integers(0, 1),
    ),
    max_size=40,
)  # fmt: skip


@given(rows=tips_of_one_border, seed=st.integers(0, 100))
def test_editors_follow_their_rule(tiny, rows, seed):
    tips = np.array(rows, dtype=np.int32).reshape(-1, len(TIP))
    tips[:, 1] += tips[:, 0]  # calls come after events
    found = published(tips, needed(tiny, Reporting), replicate_key(seed, 0))
    window = round(needed(tiny, Reporting).corroboration_days.number)
    events: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for event_day, arrival, *place, source, number in sorted(map(tuple, tips.tolist())):
        events.setdefault((event_day, *place, number), []).append((arrival, source))
    # A report does not say which of the day's events of a kind it is about.
    kinds = Counter((row[0], *row[2:5]) for row in found.tolist())
    assert all(n <= sum(event[:4] == kind for event in events) for kind, n in kinds.items())
    told = {(row[0], *row[2:5]): (row[1], row[5]) for row in found.tolist()}
    for event, calls in events.items():
        if sum(other[:4] == event[:4] for other in events) > 1:
            continue  # which of the reports is about it cannot be told
        first = min(calls)[0]
        others = [arrival for arrival, source in calls if source != min(calls)[1]]
        is_confirmed = bool(others) and min(others) <= first + window
        assert event[:4] in told or not is_confirmed
        if event[:4] in told:
            day, sources = told[event[:4]]
            assert day >= (min(others) if is_confirmed else first + window)
            assert sources == len({source for arrival, source in calls if arrival <= day})
            assert sources >= (2 if is_confirmed else 1)
