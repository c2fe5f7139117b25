"""Rows that cannot all be true are refused with their lines; those that can are each counted."""

import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.results.observations import observations_of
from amnok.studies.inference.kept import Layout
from amnok.studies.inference.observing import rows_of

MARCH = {"date_from": "2030-03-01", "date_to": "2030-03-28", "series": "official_arrests"}


def rows(tiny, *given):
    observed = observations_of(pd.DataFrame([{**MARCH, **one} for one in given]))
    return list(rows_of(observed, Layout(tiny)))


def refused(tiny, *given):
    with pytest.raises(AmnokError) as told:
        rows(tiny, *given)
    return [(one.line, one.problem) for one in told.value.faults]


def test_two_sources_that_tell_different_numbers(tiny):
    two = {"source": "a", "value": 20}, {"source": "b", "value": 30}
    problem = "20 in line 1, 30 here: different numbers of the same thing"
    assert refused(tiny, *two) == [(2, problem)]
    graded = [{**one, "reliability": "C"} for one in two]
    assert [one.value for one in rows(tiny, *graded)] == [20.0, 30.0]
    price = {"series": "surveyed_price", "place": "vellmouth", "goods": "honey"}
    assert len(refused(tiny, *({**one, **price} for one in two))) == 1


def test_one_number_of_two_sources_counts_once(tiny):
    two = {"source": "a", "value": 20}, {"source": "b", "value": 20}
    assert [(one.source, one.value) for one in rows(tiny, *two)] == [("a", 20.0)]


@pytest.mark.parametrize(
    "parts",
    [
        [{"size": "dealer", "value": 15}, {"size": "carrier", "value": 15}],
        [{"place": "ferry", "value": 15}, {"place": "old-mill", "side": "up", "value": 15}],
        [
            {"date_to": "2030-03-14", "value": 15, "source": "b"},
            {"date_from": "2030-03-15", "value": 15, "source": "b"},
        ],
    ],
)
def test_parts_that_count_more_than_their_whole(tiny, parts):
    assert refused(tiny, {"value": 20}, *parts) == [(1, "says 20, and lines 2, 3, parts of it, 30")]
    assert len(rows(tiny, {"value": 30}, *parts)) == 3
    half = {"value": 0.5, "unit": "coverage"}
    assert len(rows(tiny, {"value": 20}, *parts, half)) == 3


def test_parts_by_size_do_not_hide_parts_by_place(tiny):
    places = [{"place": place, "value": 12} for place in ("ferry", "old-mill")]
    assert refused(tiny, {"value": 20}, {"size": "dealer", "value": 15}, *places) == [
        (1, "says 20, and lines 3, 4, parts of it, 24")
    ]


def test_parts_of_parts_are_not_added_up_twice(tiny):
    ferry = {"place": "ferry", "value": 15}
    assert len(rows(tiny, {"value": 20}, ferry, {**ferry, "side": "up", "value": 10})) == 3
    assert refused(tiny, {"value": 20}, ferry, {**ferry, "side": "up", "value": 16}) == [
        (2, "says 15, and line 3, a part of it, 16")
    ]
