"""Observations: read as people write them, refused with line and column, held against results."""

import math

import numpy as np
import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.results import dataset
from amnok.results.modelled import modelled
from amnok.results.observations import (
    COLUMNS,
    check_against,
    observations_of,
    read_observations,
)

HEAD = "date_from,date_to,series,place,value,unit,source,reliability,credibility\n"


def told(error):
    return "\n".join(str(fault) for fault in error.value.faults)


def written(tmp_path, *lines, head=HEAD):
    file = tmp_path / "observed.csv"
    file.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return file


def frame(*rows):
    return pd.DataFrame(rows)


def test_one_number_a_row(tmp_path):
    file = written(
        tmp_path,
        "2030-04-01,2030-04-30,official_arrests,ferry,12,persons,gazette,B,2",
        "2030-04-01,,surveyed_price,vellmouth,61.5,,,,",
        "2030-04-01,2030-06-30,official_arrests,ferry,,coverage,gazette,,",
    )
    found = read_observations(file)
    assert found.rows["value"].tolist() == [12.0, 61.5]
    assert found.rows["date_to"].tolist() == [
        pd.Timestamp("2030-04-30"),
        pd.Timestamp("2030-04-01"),
    ]
    assert found.rows["line"].tolist() == [2, 3]
    assert set(COLUMNS) <= set(found.rows.columns)
    assert found.rows["size"].tolist() == ["", ""]
    assert found.coverage["value"].tolist() == [1.0]


def test_every_fault_is_told_with_its_line_and_column(tmp_path):
    file = written(
        tmp_path,
        "2030-04-31,2030-04-30,official_arrests,ferry,12,persons,gazette,B,2",
        "2030-04-01,2030-04-30,official_arests,ferry,twelve,persons,gazette,G,2",
        "2030-04-01,2030-04-30,official_arrests,ferry,12,persons,gazette,B,7",
    )
    with pytest.raises(AmnokError) as error:
        read_observations(file)
    text = told(error)
    for part in (
        "observed.csv:2: date_from: '2030-04-31' is not a date",
        "observed.csv:3: series: no series 'official_arests' (did you mean 'official_arrests'?)",
        "observed.csv:3: value: 'twelve' is not a number",
        "observed.csv:3: reliability: 'G' is no reliability",
        "observed.csv:4: credibility: '7' is no credibility",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2030-04-02,2030-04-01,official_arrests,,3,,,,", "date_to: ends before it begins"),
        ("2030-04-01,,official_arrests,,-3,,,,", "value: -3 is out of range"),
        ("2030-04-01,,surveyed_price,,0,,,,", "value: 0 is out of range (a number above 0"),
        ("2030-04-01,,arrests,,1e300,,,,", "1e+300 is out of range (a number of 0 or more, and at"),
        ("2030-04-01,,official_arrests,,,,,,", "value: is empty"),
        ("2030-04-01,,official_arrests,,1.5,coverage,,,", "value: 1.5 is no coverage"),
        ("2030-04-01,,official_arrests,,nan,,,,", "value: 'nan' is not a number"),
    ],
)
def test_what_cannot_be_a_number_of_the_series(tmp_path, line, message):
    with pytest.raises(AmnokError) as error:
        read_observations(written(tmp_path, line))
    assert message in told(error)


def test_periods_of_one_source_may_not_overlap_but_two_sources_may_disagree(tmp_path):
    rows = [
        "2030-04-01,2030-06-30,official_arrests,ferry,40,,ministry,,",
        "2030-04-01,2030-04-30,official_arrests,ferry,9,,ministry,,",
        "2030-06-15,2030-06-30,official_arrests,ferry,9,,ministry,,",
        "2030-04-01,2030-04-30,official_arrests,ferry,30,,police,,",
    ]
    with pytest.raises(AmnokError) as error:
        read_observations(written(tmp_path, *rows))
    overlaps = [fault for fault in error.value.faults if "overlaps line" in fault.problem]
    assert {fault.line for fault in overlaps} <= {2, 3, 4}
    assert len(overlaps) == 2
    assert len(read_observations(written(tmp_path, rows[0], rows[3])).rows) == 2


def test_columns_that_are_not_those_of_observations(tmp_path):
    with pytest.raises(AmnokError, match="did you mean 'reliability'"):
        read_observations(written(tmp_path, "1", head="reliabilty\n"))
    with pytest.raises(AmnokError, match="series: is missing"):
        read_observations(written(tmp_path, "1", head="value\n"))


def test_a_border_is_asked_only_for_what_it_has(tiny):
    start = tiny.period.start
    rows = frame(
        {"date_from": start, "series": "official_arrests", "place": "fery", "value": 1},
        {"date_from": start, "series": "official_arrests", "goods": "honey", "value": 1},
        {"date_from": start, "series": "price", "place": "vellmouth", "value": 1, "unit": "USD"},
        {"date_from": "1999-01-01", "series": "official_arrests", "side": "up", "value": 1},
        {"date_from": start, "series": "published_reports", "place": "ferry", "value": 1},
    )
    with pytest.raises(AmnokError) as error:
        check_against(observations_of(rows), tiny)
    text = told(error)
    assert "observations:1: place: unknown place 'fery' (did you mean 'ferry'?)" in text
    assert "observations:2: goods: official_arrests is not kept by goods" in text
    assert "observations:3: unit: 'USD' is not the unit of price (write CRN, or nothing)" in text
    assert "observations:4: date_from: 1999-01-01 to 1999-01-01 is outside" in text
    assert len(error.value.faults) == 4
    check_against(observations_of(rows.iloc[[3]]), tiny, dated=False)


def test_faults_of_cells_rows_and_of_the_border_are_told_at_once(tiny, tmp_path):
    file = written(
        tmp_path,
        "2030-04-31,,official_arrests,ferry,12,,,,",
        "2030-04-02,2030-04-01,official_arrests,fery,3,,,,",
        "2030-05-01,,price,vellmouth,-3,USD,,,",
    )
    with pytest.raises(AmnokError) as error:
        read_observations(file, tiny)
    assert [(one.line, one.path) for one in error.value.faults] == [
        (2, "date_from"),
        (3, "date_to"),
        (3, "place"),
        (4, "value"),
        (4, "unit"),
    ]


def test_flows_are_added_up_and_levels_averaged(tiny, made_up_outcome):
    ledgers = dataset(made_up_outcome(), tiny, 1)
    start = pd.Timestamp(tiny.period.start)
    end = start + pd.Timedelta(days=9)
    span = {"date_from": start, "date_to": end, "value": 1}
    agency = next(iter(tiny.agencies))
    rows = observations_of(
        frame(
            {**span, "series": "official_arrests"},
            {**span, "series": "official_arrests", "place": "ferry", "side": "up"},
            {**span, "series": "official_arrests", "agency": agency},
            {**span, "series": "crossings", "place": "ferry", "size": "carrier"},
            {**span, "series": "price", "place": "vellmouth", "goods": "honey", "side": "up"},
            {**span, "series": "people"},
            {**span, "series": "published_reports"},
            {**span, "date_from": "1999-01-01", "date_to": "1999-01-02", "series": "crossings"},
        ).fillna("")
    )
    found = modelled(ledgers, rows.rows)[0]
    days = ledgers.isel(replicate=0, day=slice(10))
    inner = ledgers["agency_side"].to_numpy() == "up"
    at_ferry = ledgers["route_sector"].to_numpy() == "ferry"
    shown = days["official_arrests"]
    published = ledgers["publication_day"].to_numpy()
    expected = [
        shown.sum(),
        shown.sel(sector="ferry").isel(agency=inner).sum(),
        shown.sel(agency=agency).sum(),
        days["crossings"].isel(route=at_ferry).sel(size="carrier").sum(),
        days["price"].sel(side="up", goods="honey", market="vellmouth").mean(),
        days["people"].sum() / 10,
        np.sum((published >= start.to_datetime64()) & (published <= end.to_datetime64())),
    ]
    assert found[:-1] == pytest.approx(np.array(expected, dtype=float))
    assert math.isnan(found[-1])


def test_a_survey_is_the_last_one_by_that_day(tiny, made_up_outcome):
    ledgers = dataset(made_up_outcome(), tiny, 1)
    days = pd.DatetimeIndex(ledgers["survey_day"].to_numpy())
    rows = frame(
        {"date_from": days[1], "series": "surveyed_price", "place": "vellmouth", "value": 1},
        {"date_from": days[1] - pd.Timedelta(days=1), "series": "surveyed_price", "value": 1},
    ).fillna("")
    found = modelled(ledgers, observations_of(rows).rows)[0]
    surveyed = ledgers["surveyed_price"].isel(replicate=0)
    assert found[0] == pytest.approx(float(surveyed[1].sel(market="vellmouth").mean()))
    assert found[1] == pytest.approx(float(surveyed[0].mean()))


def test_days_of_a_table_may_be_dates_texts_or_timestamps():
    rows = frame(
        {"date_from": np.datetime64("2030-04-01"), "series": "crossings", "value": 3},
        {"date_from": "2030-04-02", "series": "crossings", "value": "4"},
    )
    found = observations_of(rows)
    assert found.rows["value"].tolist() == [3.0, 4.0]


DAYS = ["2030-04-01", "2030-04-02"]
ROWS = {"date_from": DAYS, "series": "arrests", "value": [3, 4]}
UNKNOWN = pd.DataFrame({**ROWS, "place": [None, "ferry"], "credibility": [np.nan, 2]})


@pytest.mark.parametrize(
    "rows",
    [
        UNKNOWN,
        UNKNOWN.convert_dtypes(),
        UNKNOWN.astype({"credibility": "float32", "series": "category"}),
        UNKNOWN.astype(object),
        pd.concat([UNKNOWN, pd.DataFrame([{}])]),
        UNKNOWN.assign(series=[" arrests", "arrests "]),
        UNKNOWN.assign(date_from=pd.to_datetime(DAYS).tz_localize("Asia/Seoul")),
    ],
    ids=["floats", "nullable", "float32", "objects", "blank row", "spaces", "zone"],
)
def test_a_table_of_any_make_says_what_a_file_says(rows):
    found = observations_of(rows).rows
    assert found["value"].tolist() == [3.0, 4.0]
    assert found["place"].tolist() == ["", "ferry"]
    assert found["credibility"].tolist() == ["", "2"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (pd.concat([UNKNOWN, UNKNOWN[["value"]] * 100], axis=1), "value: is named twice"),
        (UNKNOWN.iloc[:0], "holds no observation"),
        (UNKNOWN.assign(value=True), "observations:1: value: 'True' is not a number"),
        (UNKNOWN.assign(date_from=pd.to_datetime("2030-04-01 13:00")), "13:00:00' is not a date"),
        (UNKNOWN.assign(series="b\u202e"), r"no series 'b\\u202e'"),
        (UNKNOWN.rename(columns={"place": ""}), "a column has no name"),
    ],
)
def test_a_table_is_refused_as_a_file_is(rows, message):
    with pytest.raises(AmnokError, match=message):
        observations_of(rows)


@pytest.mark.parametrize("day", ["0001-01-01", "1600-02-29", "2262-04-12", "9999-12-31"])
def test_a_day_that_no_table_can_hold_is_told(tmp_path, day):
    file = written(tmp_path, f"{day},,arrests,,3,,,,", f"2030-04-01,{day},arrests,,3,,,,")
    with pytest.raises(AmnokError) as caught:
        read_observations(file)
    assert [fault.line for fault in caught.value.faults] == [2, 3]
    assert told(caught).count("is out of range (a day of the years 1700 to 2150)") == 2


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_a_table_in_another_coding_is_told(tmp_path, coding):
    file = tmp_path / "observed.csv"
    file.write_bytes("\ufeffdate_from,series,value\n".encode(coding))
    if coding.startswith("utf-16"):
        with pytest.raises(AmnokError, match="holds no observation"):
            read_observations(file)
    else:
        with pytest.raises(AmnokError, match=r"is UTF-16 or UTF-32|is a binary file"):
            read_observations(file)
