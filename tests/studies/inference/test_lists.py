"""Lists that overlap: estimates against closed forms, and the rows that tell them."""

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented, observed

import amnok
from amnok.errors import AmnokError
from amnok.reporting.inference import inference_sheet
from amnok.results.observations import observations_of
from amnok.studies.inference.lists import lists_of
from amnok.studies.inference.multiple_systems import estimates, fit

# Hepatitis A in a college in Taiwan, 1995: cases on the lists P, Q and E (Chao et al. 2001).
HEPATITIS = np.array([[[0, 63], [55, 18]], [[69, 17], [21, 28]]], dtype=float)
DAYS = {"date_from": "2030-03-01", "date_to": "2030-03-28"}


@pytest.fixture(scope="module")
def bank():
    return invented()


def rows(counts, **cells):
    """Rows of overlaps, a number for each combination of lists."""
    row = {**DAYS, "series": "crossings", "unit": "overlap", **cells}
    return [{**row, "source": names, "value": value} for names, value in counts.items()]


def test_two_lists():
    """Chapman and Seber, by hand: 26 * 17 / 6 - 1, and 26 * 17 * 20 * 11 / (36 * 7)."""
    chapman, chao = estimates(np.array([[0.0, 11.0], [20.0, 5.0]]))
    assert chapman.number == pytest.approx(26 * 17 / 6 - 1)
    variance = chapman.unseen**2 * np.expm1(chapman.spread**2)
    assert variance == pytest.approx(26 * 17 * 20 * 11 / (36 * 7))
    assert chao.number == pytest.approx(36 + 31 * 30 / (4 * 6))
    low, high = chapman.interval(0.95)
    assert 36 < low < chapman.interval(0.5)[0] < chapman.number < high


@pytest.mark.parametrize(
    ("pairs", "unseen"),
    [
        # Lists that go together are one list beside the third: Lincoln and Petersen.
        (((0, 1),), (21 + 69 + 55) * 63 / (28 + 17 + 18)),
        (((1, 2),), (18 + 55 + 63) * 69 / (28 + 21 + 17)),
        # Two lists are independent for those who are not on the third.
        (((0, 1), (0, 2)), 55 * 63 / 18),
        (((0, 1), (1, 2)), 69 * 63 / 17),
        # All pairs: no interaction of three.
        (((0, 1), (0, 2), (1, 2)), 28 * 69 * 55 * 63 / (21 * 17 * 18)),
    ],
)
def test_log_linear_models_have_closed_forms(pairs, unseen):
    found = fit(HEPATITIS, pairs)
    assert found is not None
    assert found[1].unseen == pytest.approx(unseen, rel=1e-8)


def test_independent_lists():
    """Darroch 1958: the share on no list is the product of the shares that each list lacks."""
    fitted = fit(HEPATITIS, ())
    assert fitted is not None
    found = fitted[1]
    sizes = [HEPATITIS.take(1, axis=axis).sum() for axis in range(3)]
    lacking = np.prod([1.0 - size / found.number for size in sizes])
    assert found.unseen / found.number == pytest.approx(lacking)
    assert round(found.number) == 388  # as published


def test_the_models_are_averaged():
    """The pairs all go together by far the best; what the others say hardly counts."""
    log_linear, chao = estimates(HEPATITIS)
    assert log_linear.method == "log-linear"
    assert log_linear.together == ((0, 1), (0, 2), (1, 2))
    assert 1_250 < log_linear.number < 1_313
    assert chao.number == pytest.approx(271 + (2 / 3) * 187 * 186 / (2 * 57))


def test_lists_that_hardly_overlap():
    """No model has an estimate; what lists alone can tell is still told, and is finite."""
    apart = np.array([[[0, 2], [3, 0]], [[4, 0], [0, 0]]], dtype=float)
    (chao,) = estimates(apart)
    assert chao.number == pytest.approx(9 + (2 / 3) * 9 * 8 / 2)
    same, _ = estimates(np.array([[0.0, 0.0], [0.0, 5.0]]))
    assert same.number == 5.0
    assert same.interval(0.95) == (5.0, 5.0)


@pytest.mark.statistical
@pytest.mark.parametrize("chances", [(0.3, 0.4), (0.3, 0.25, 0.35)])
def test_intervals_hold(chances):
    """500 cases on independent lists. False alarms: below 1 in 1,000 for 80% of 400 (3.1 sd); an
    average over models may hold more often, and never less."""
    rng, held = np.random.default_rng(5), []
    for _ in range(400):
        on = rng.random((500, len(chances))) < chances
        cells = np.zeros((2,) * len(chances))
        np.add.at(cells, tuple(on.T.astype(int)), 1)
        low, high = estimates(cells)[0].interval(0.8)
        held.append(low <= 500 <= high)
    assert np.mean(held) > 0.74


def test_rows_become_lists():
    told = {"police": 135, "press": 122, "clinic": 126, "police + press": 49,
            "clinic+police": 45, "press + clinic": 46, "press + clinic + police": 28}  # fmt: skip
    (found,) = lists_of(observations_of(pd.DataFrame(rows(told))))
    assert found.names == ("police", "press", "clinic")
    assert np.array_equal(found.cells, HEPATITIS)


@pytest.mark.slow
def test_beside_the_naive_reading_and_the_posterior(bank, tmp_path):
    told = rows({"police": 25, "press": 16, "police + press": 5})
    data = pd.concat([observed(bank, 3), pd.DataFrame(told)])
    found = amnok.infer(TINY, data, bank=bank, out=tmp_path / "posterior")
    table = found.lists
    assert table["method"].tolist() == ["chapman", "chao"]
    assert table["estimate"].iloc[0] == pytest.approx(72.6667, abs=1e-4)
    assert (table["counted"] == 36).all()
    # The posterior of the four weeks is that of crossings in those weeks.
    weeks = found.flows[(found.flows["quantity"] == "crossings") & (found.flows["week"] != "")]
    assert table["mean"].iloc[0] == pytest.approx(weeks["mean"].iloc[:4].sum(), rel=0.1)
    assert (table["mean_low_80"] < table["mean"]).all()
    assert (table["naive"] > 0.0).all()
    without = amnok.infer(TINY, observed(bank, 3), bank=bank)
    assert without.lists.empty
    assert without.flows["mean"].iloc[0] == pytest.approx(found.flows["mean"].iloc[0], rel=0.1)
    saved = pd.read_csv(tmp_path / "posterior" / "lists.csv")
    assert np.allclose(saved["estimate"], table["estimate"])
    sheet = inference_sheet(found, bank.scenario)
    assert "Lists that overlap" in [one.title for one in sheet.tables]
    assert any(note.startswith("lists: chapman holds") for note in sheet.lead)


def test_what_a_bank_does_not_keep_is_told_without_a_posterior(bank):
    told = rows({"a": 5, "b": 4, "a + b": 2}, place="ferry", size="carrier")
    data = pd.concat([observed(bank, 3), pd.DataFrame(told)])
    found = amnok.infer(TINY, data, bank=bank)
    assert found.lists["estimate"].notna().all()
    assert found.lists["mean"].isna().all()


@pytest.mark.parametrize(
    ("counts", "cells", "told"),
    [
        ({"a": 5, "b": 4}, {}, r"how many are on a \+ b is not told"),
        ({"a": 5, "a + b": 2}, {}, "how many are on b is not told"),
        ({"a": 5}, {}, "a is a list alone"),
        ({"a": 5, "b": 4, "a + b": 6}, {}, "of those on a, 1 more are on further lists"),
        ({"a": 5, "b": 4, "a + b": 2, "b+a": 2}, {}, "'b\\+a' is told in line 15 too"),
        ({"a": 5, "b": 4, "a + a": 2}, {}, "names a list twice"),
        ({"a": 5, "": 4, "a + b": 2}, {}, "names no list"),
        ({"a": 5, "b": 4, "a + ": 2}, {}, "names no list"),
        ({"a": 5.5, "b": 4, "a + b": 2}, {}, "5.5 is no number of cases"),
        ({"a": -5, "b": 4, "a + b": 2}, {}, "-5 is out of range"),
        ({"a": 0, "b": 0, "a + b": 0}, {}, "nobody is on any of the lists"),
        ({"a": 5, "b": 4, "a + b": 2}, {"series": "value_crossed"}, "has no cases"),
        ({"a": 5, "b": 4, "a + b": 2}, {"series": "price"}, "has no cases"),
        ({"a": 5, "b": 4, "a + b": 2}, {"place": "nowhere"}, "unknown place 'nowhere'"),
        (dict.fromkeys("abcdef", 1), {}, "6 lists of the same cases"),
    ],
)
def test_rows_of_lists_that_do_not_do(bank, counts, cells, told):
    data = pd.concat([observed(bank, 3), pd.DataFrame(rows(counts, **cells))])
    with pytest.raises(AmnokError, match=told):
        amnok.infer(TINY, data, bank=bank)


def test_all_faults_of_lists_at_once():
    two = [*rows({"a": 5, "b": 4}), *rows({"a": 1, "b": 1.5, "a + b": 1}, size="carrier")]
    with pytest.raises(AmnokError) as told:
        lists_of(observations_of(pd.DataFrame(two)))
    assert [one.line for one in told.value.faults] == [1, 4]
    assert told.value.faults[0].fix == "a row for it, with 0 if there are none"
