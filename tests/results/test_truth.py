"""The truth as labelled arrays: complete, described, and the same numbers as the books."""

import numpy as np
import pytest

from amnok.counts import kept_in
from amnok.results import dataset
from amnok.results.ledgers import side_by_side
from amnok.variables import BOOKED


@pytest.fixture(scope="module")
def outcome(made_up_outcome):
    return made_up_outcome()


@pytest.fixture(scope="module")
def ledgers(tiny, outcome):
    return dataset(outcome, tiny, 1)


def test_every_variable_is_described(ledgers):
    for name, values in ledgers.data_vars.items():
        assert values.attrs["long_name"], name
        assert values.dims == ("report",) or values.attrs["comment"].endswith("."), name
        assert values.attrs["ledger"] in ("truth", "visible"), name
        is_report = values.dims == ("report",)
        assert is_report or (values.attrs["units"] and values.dims[0] == "replicate"), name


def test_numbers_are_those_of_the_books(ledgers, outcome, tiny):
    books = outcome.books
    for table in BOOKED:
        for one in (one for one in kept_in(table) if tiny.has(*one.needs)):
            found = getattr(books, table.name)[one.name]
            of = getattr(one, "of", None)
            shown = ledgers[of.name].sel({of.axis: one.name}) if of else ledgers[one.name]
            assert shown.dims == ("replicate", "day", *table.axes)
            expected = found.astype(shown.dtype)
            np.testing.assert_array_equal(shown.values[0], expected, err_msg=one.name)


def test_counts_are_small_whole_numbers_and_money_is_not_rounded(ledgers):
    assert ledgers["arrests"].dtype == np.int32
    assert ledgers["value_crossed"].dtype == np.float64


def test_counts_too_large_for_four_bytes_are_not_cut(tiny, made_up_outcome):
    outcome = made_up_outcome()
    outcome.books.flow["items_crossed"][0, 0, 0] = 2.0**40
    assert dataset(outcome, tiny, 1)["items_crossed"].values.max() == 2.0**40


def test_names_along_axes_are_those_of_the_scenario(ledgers, tiny):
    assert list(ledgers["sector"].values) == list(tiny.sectors)
    assert list(ledgers["side"].values) == ["up", "low"]
    assert set(ledgers["route_channel"].values) <= {"river", "customs", "sea"}
    assert set(ledgers["agency_side"].values) == {"up", "low"}
    assert ledgers["day"].values[0] == np.datetime64(tiny.period.start)
    assert ledgers.sizes["day"] == tiny.period.days


def test_replicates_stand_side_by_side(tiny, made_up_outcome):
    parts = [dataset(made_up_outcome(replicate), tiny, 1) for replicate in (0, 1)]
    both = side_by_side(parts)
    assert list(both["replicate"].values) == [0, 1]
    assert both.sizes["report"] == sum(part.sizes["report"] for part in parts)
    for number, part in enumerate(parts):
        alone = part.drop_dims("report")
        assert both.drop_dims("report").isel(replicate=[number]).identical(alone)
