"""The truth as labelled arrays: complete, described, and the same numbers as the books."""

import numpy as np
import pytest

from amnok.engine import tally
from amnok.results import dataset, measures
from amnok.results.ledgers import side_by_side


@pytest.fixture(scope="module")
def outcome(made_up_outcome):
    return made_up_outcome()


@pytest.fixture(scope="module")
def ledgers(tiny, outcome):
    return dataset(outcome, tiny, 1)


def test_every_variable_is_described(ledgers):
    for name, values in ledgers.data_vars.items():
        assert values.attrs["long_name"], name
        assert values.attrs["ledger"] in ("truth", "visible"), name
        is_report = values.dims == ("report",)
        assert is_report or (values.attrs["units"] and values.dims[0] == "replicate"), name


@pytest.mark.parametrize(
    ("counted", "named"),
    [
        (tally.FLOW, measures.FLOW),
        (tally.GOODS, measures.GOODS),
        (tally.EVENTS, measures.EVENTS),
        (tally.MONEY, measures.ACCOUNTS),
        (tally.SECTOR, measures.SECTOR),
        (tally.PEOPLE, (*measures.STATUS, *measures.MARKED)),
        (tally.SCRUTINY, measures.SCRUTINY),
        (tally.PROTECTION, measures.PROTECTION),
    ],
)
def test_all_that_is_counted_has_a_name(counted, named):
    assert tuple(counted) == tuple(named)


def test_numbers_are_those_of_the_books(ledgers, outcome):
    books = outcome.books
    crossings = books.flow[..., tally.FLOW.index("crossings")]
    np.testing.assert_array_equal(ledgers["crossings"].values[0], crossings)
    np.testing.assert_array_equal(ledgers["bribes"].values[0], books.bribes)
    np.testing.assert_array_equal(ledgers["price"].values[0], books.price)
    kept_home = books.sector[..., tally.SECTOR.index("kept_home")]
    np.testing.assert_array_equal(ledgers["kept_home"].values[0], kept_home)


def test_counts_are_small_whole_numbers_and_money_is_not_rounded(ledgers):
    assert ledgers["arrests"].dtype == np.int32
    assert ledgers["value_crossed"].dtype == np.float64


def test_counts_too_large_for_four_bytes_are_not_cut(tiny, made_up_outcome):
    outcome = made_up_outcome()
    outcome.books.flow[0, 0, 0, tally.FLOW.index("items_crossed")] = 2.0**40
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
