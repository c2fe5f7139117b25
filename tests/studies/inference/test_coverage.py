"""What was watched: whose coverage is whose, where a zero is, and what is refused."""

import pytest
from tests.studies.inference.test_contradictions import refused, rows

WATCHED = {"value": 1.0, "unit": "coverage"}
FERRY, MILL = ({"place": place, "value": 10} for place in ("ferry", "old-mill"))


def found(tiny, *given):
    return [(one.name, one.value, one.watched[:4].tolist()) for one in rows(tiny, *given)]


def test_coverage_of_the_whole_is_that_of_its_parts(tiny):
    half = {**WATCHED, "value": 0.5}
    assert found(tiny, FERRY, MILL, half) == [
        ("official_arrests ferry", 10.0, [0.5] * 4),
        ("official_arrests old-mill", 10.0, [0.5] * 4),
    ]
    own = {**WATCHED, "place": "ferry", "value": 0.25}
    assert [one[2][0] for one in found(tiny, FERRY, MILL, half, own)] == [0.25, 0.5]


def test_a_zero_is_where_no_row_has_any_of_the_cell(tiny):
    early = {**FERRY, "date_to": "2030-03-14"}
    assert found(tiny, early, WATCHED)[1:] == [("official_arrests", 0.0, [0.0, 0.0, 1.0, 1.0])]
    other = {**WATCHED, "place": "old-mill"}
    assert found(tiny, FERRY, other)[1:] == [("official_arrests old-mill", 0.0, [1.0] * 4)]


def test_shares_that_follow_each_other(tiny):
    first = {**WATCHED, "value": 0.1, "date_to": "2030-03-14"}
    second = {**WATCHED, "value": 0.9, "date_from": "2030-03-15"}
    ((_, _, watched),) = found(tiny, {"value": 10}, first, second)
    assert watched == pytest.approx([0.1, 0.1, 0.9, 0.9])


@pytest.mark.parametrize(
    ("given", "line", "problem"),
    [
        ([WATCHED, WATCHED], 2, "overlaps line 1, which tells a share of the same"),
        ([WATCHED, {**WATCHED, "value": 0.1}], 2, "overlaps line 1"),
        (
            [{**WATCHED, "place": "ferry"}, {**WATCHED, "side": "up", "value": 0.1}],
            2,
            "overlaps line 1",
        ),
        (
            [{**WATCHED, "series": "surveyed_price", "place": "vellmouth", "goods": "honey"}],
            1,
            "surveyed_price is a level, of which no share is watched",
        ),
        (
            [FERRY, {**WATCHED, "value": 0.5, "date_to": "2030-03-07"}],
            1,
            "has days of which the coverage in line 2 tells nothing",
        ),
        (
            [{"value": 10}, {**WATCHED, "place": "ferry"}],
            2,
            "is coverage of a part of line 1 only, and not used",
        ),
        ([{**WATCHED, "place": "ferry", "size": "dealer"}], 1, "not kept in a bank by place and"),
    ],
)
def test_coverage_that_does_not_do(tiny, given, line, problem):
    ((where, told),) = refused(tiny, *given)
    assert where == line
    assert problem in told
