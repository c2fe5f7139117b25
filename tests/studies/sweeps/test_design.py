"""Designs hold the points that were asked for."""

import datetime as dt
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY

from amnok.errors import AmnokError
from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.scenario.table import read_table
from amnok.studies.sweeps import Point
from amnok.studies.sweeps.design import (
    at_places,
    by_claim,
    check_paths,
    from_csv,
    grid,
    latin_hypercube,
    sobol,
)
from amnok.studies.sweeps.runner import _points

PATHS = ["quota.arrests", "guards.penalty", "learning.memory"]


def numbers(point):
    """The values of a point that has no dates."""
    return dict(point.values)


def test_a_grid_has_every_combination_under_every_policy():
    found = grid({"a": [1.0, 2.0], "b": [3.0, 4.0, 5.0]}, ["base", "other"])
    assert len(found) == len({(one.policy, *one.values.items()) for one in found}) == 12
    assert found[0] == Point("base", {"a": 1.0, "b": 3.0})


def test_a_hypercube_has_one_draw_in_each_stratum(small):
    found = latin_hypercube(small, PATHS, 40, seed=3)
    known = dict(small.parameters())
    for path in PATHS:
        values = sorted(numbers(one)[path] for one in found)
        assert len(set(values)) == 40
        median = numbers(at_places(small, [path], [[0.5]], ["base"])[0])[path]
        assert sum(value < median for value in values) == 20
        assert known[path].number != values[0]
    assert latin_hypercube(small, PATHS, 40, seed=3) == found
    assert latin_hypercube(small, PATHS, 40, seed=4) != found


def test_a_sobol_design_mixes_two_matrices(small):
    sets = {"arrests": PATHS[:1], "rest": PATHS[1:]}
    design = sobol(small, sets, 8, seed=1)
    a, b, arrests, rest = (design.points[n : n + 8] for n in range(0, 32, 8))
    assert len(design.points) == 8 * (2 + len(sets))
    for row in range(8):
        from_b = {path: b[row].values[path] for path in PATHS}
        from_a = {path: a[row].values[path] for path in PATHS}
        assert arrests[row].values == from_a | {PATHS[0]: from_b[PATHS[0]]}
        assert rest[row].values == from_b | {PATHS[0]: from_a[PATHS[0]]}
    with pytest.raises(AmnokError, match="power of two"):
        sobol(small, sets, 10, seed=1)


def test_sets_of_claims_hold_what_stands_on_them(small):
    sets = by_claim(small)
    known = dict(small.parameters())
    assert set(sets) <= set(small.claims)
    assert all(claim in known[path].sources for claim, paths in sets.items() for path in paths)
    assert sum(map(len, sets.values())) >= len({p for paths in sets.values() for p in paths})


def test_every_point_of_a_design_is_a_scenario(small):
    everything = [path for path, _ in small.parameters()]
    for one in latin_hypercube(small, everything, 10, seed=5):
        with_values(small, one.values)


def test_the_edges_of_a_prior_are_inside_it(small):
    found = at_places(small, PATHS, np.array([[0.0, 1.0, 0.5]]), ["base"])
    assert all(np.isfinite(value) for value in numbers(found[0]).values())


def test_points_from_a_file(small, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text(
        "quota.arrests,policy,orders.april_sweep.start\n3,base,2030-04-01\n4,,2030-04-02\n"
    )
    found = from_csv(small, file)
    assert found[0].values == {
        "quota.arrests": 3,
        "orders.april_sweep.start": dt.date(2030, 4, 1),
    }
    assert [one.policy for one in found] == ["base", "base"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no point"),
        ("quota.arrests\n", "holds no point"),
        (
            "quota.arests\n3\n",
            ":1: quota.arests: is not a parameter (did you mean 'quota.arrests'?",
        ),
        ("quota.arrests,quota.arrests\n3,4\n", ":1: quota.arrests: is named twice"),
        ("quota.arrests\nmany\n", ":2: quota.arrests: 'many' is not a number"),
        ("quota.arrests\n3,4\n", ":2: has 2 cells, not 1"),
        ("sep=;\nquota.arrests;guards.penalty\n1\n", ":3: has 1 cell, not 2"),
        ("quota.arrests\n1e999\n", "'1e999' is not a number"),
        ("quota.arrests\n0x10\n", "'0x10' is not a number"),
        ("quota.arrests\n5%\n", "'5%' is not a number"),
        ("quota.arrests\n\u0663\n", "'\u0663' is not a number"),
        ("quota.arrests\n\u22125\n", "'\u22125' is not a number"),
        ("quota.arrests\n" + "9" * 5000 + "\n", "is not a number"),
        ("quota.arrests\n\u202e1\n", "'\\u202e1' is not a number"),
        ("quota.arrests\u200b\n5\n", "quota.arrests\\u200b: is not a parameter"),
        ("quota.arrests,,guards.penalty\n1,2,3\n", ":1: a column has no name"),
        ("orders.april_sweep.start\n2030-02-30\n", "'2030-02-30' is not a date"),
        ("orders.april_sweep.start\n12.04.2030\n", "'12.04.2030' is not a date"),
        ("policy\nbase\n", "no parameter is named"),
        ("guards.penalty\ntrue\n", ":2: guards.penalty: 'true' is not a number"),
        ("guards.penalty\n2030-04-12\n6\n", ":2: guards.penalty: '2030-04-12' is not a number"),
        ("orders.april_sweep.start\n5\n", ":2: orders.april_sweep.start: '5' is not a date"),
        ("guards.penalty\n\n\nnan\n", ":4: guards.penalty: 'nan' is not a number"),
        ("quota.arrests;guards.penalty\n0,5;1\n", "quota.arrests: '0,5' has a comma (write 0.5"),
        (
            "quota.arrests;guards.penalty\n5;6.234\n",
            ":2: guards.penalty: '6.234' may mean 6.2340 or",
        ),
        ("quota.arrests;guards.penalty\n500;-60.000\n", "'-60.000' may mean -60.0000 or -60000"),
        ("sep=;\nquota.arrests\n5\n6.234\n", ":4: quota.arrests: '6.234' may mean"),
        ("quota.arrests,guards.penalty\n0,5,1\n", "(write 0.5, not 0,5: a comma begins a new"),
        ("quota.arrests,\n3,\n,4\n", ":3: has 2 cells, not 1"),
        ('quota.arrests\n"3\n', "is not CSV"),
        ("policy,quota.arrests\nhard,3\n", ":2: policy: no policy 'hard' (name it with --pol"),
    ],
)
def test_a_faulty_file_of_points(small, tmp_path, text, problem):
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AmnokError) as caught:
        from_csv(small, file)
    assert any(problem in str(fault) for fault in caught.value.faults)


@pytest.mark.parametrize("other", ["0.5", "0.125", ".5", "6.2340", "6.2", "1234.567"])
def test_another_number_tells_what_a_dot_means_where_cells_end_with_a_semicolon(
    small, tmp_path, other
):
    file = tmp_path / "points.csv"
    file.write_text(f"quota.arrests;guards.bribe_share\n{other};6.234\n", encoding="utf-8")
    table = read_table(file, "point")
    assert (table.rows[0].cells, table.faults) == ((other, "6.234"), [])


def test_a_missing_file_and_unknown_paths(small, tmp_path):
    with pytest.raises(AmnokError, match=r"none\.csv: no such file"):
        from_csv(small, tmp_path / "none.csv")
    with pytest.raises(AmnokError) as caught:
        check_paths(small, ["quota.arests", "guards"])
    assert len(caught.value.faults) == 2


NICE = "quota.arrests,guards.penalty\n1,60000\n2,30000\n"


@pytest.mark.parametrize(
    "content",
    [
        NICE.encode("utf-8-sig"),
        NICE.encode("utf-16"),
        NICE.replace("\n", "\r\n").encode(),
        NICE.replace("\n", "\r").encode(),
        NICE.replace("\n", "\n\n \n,\n").encode(),
        NICE.replace(",", ";").encode(),
        NICE.replace(",", "\t").encode(),
        NICE.replace(",", " , ").replace("\n", ",,\n").encode(),
        NICE.replace("60000", '"60_000"').encode(),
        NICE.encode().strip(),
        ("sep=;\n" + NICE.replace(",", ";")).encode("utf-8-sig"),
        ("SEP=,\r\n" + NICE.replace("\n", "\r\n")).encode("utf-16"),
    ],
    ids=[
        "BOM",
        "UTF-16",
        "CRLF",
        "CR",
        "blank",
        "semicolons",
        "tabs",
        "spaces",
        "quotes",
        "no end",
        "Excel's separator",
        "Excel's, UTF-16",
    ],
)
def test_points_as_people_and_spreadsheets_write_them(small, tmp_path, content):
    file = tmp_path / "points.csv"
    file.write_bytes(content)
    found = [one.values for one in from_csv(small, file)]
    assert found == [
        {"quota.arrests": 1.0, "guards.penalty": 60_000.0},
        {"quota.arrests": 2.0, "guards.penalty": 30_000.0},
    ]


def test_every_fault_at_once_and_no_flood(small, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("quota.arrests,orders.april_sweep.start\n" + "x,y\n" * 500)
    with pytest.raises(AmnokError) as caught:
        from_csv(small, file)
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 21
    assert told[-1].endswith("and 980 more faults")
    assert told[0].startswith(f"{file}:2: quota.arrests: 'x' is not a number")
    file.write_bytes("quota.arrests,größe\n1,2\n".encode("cp1252"))
    with pytest.raises(AmnokError, match=r"is not UTF-8 text, perhaps Windows-1252 \('ö'\)"):
        from_csv(small, file)


def test_points_under_policies_unless_they_name_their_own(small, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("quota.arrests\n3\n")
    assert [one.policy for one in from_csv(small, file, ["base", "hard"])] == ["base", "hard"]
    file.write_text("quota.arrests,policy\n3,hard\n4,\n")
    assert [one.policy for one in from_csv(small, file, ["base", "hard"])] == ["hard", "base"]


def read(points):
    """The points of the small border that somebody means."""
    return _points(load(TINY), points, ["base"])


@pytest.mark.parametrize(
    "values",
    [
        np.array([1.0, 2.0]),
        np.array([1, 2], dtype=np.float32),
        [1, 2],
        ["1", "2.0"],
        pd.Series([1, 2]),
        range(1, 3),
        (one for one in (np.int64(1), Fraction(2))),
    ],
)
def test_values_are_numbers_in_any_type(values):
    found = list(read({"guards.penalty": values}))
    assert [one.values["guards.penalty"] for one in found] == [1.0, 2.0]
    assert {type(one.values["guards.penalty"]) for one in found} == {float}
    (one,) = read({"guards.penalty": np.array(3)})
    assert one.values == {"guards.penalty": 3.0}


@pytest.mark.parametrize(
    "value",
    [
        *(True, np.True_, None, np.nan, np.inf, "x", "1,5", "", [1.0], {1}, b"1", 1j, pd.NaT),
        *(10**400, -(10**400), Fraction(10**400), np.array(10**400)),
        pytest.param(10**5000, id="of thousands of digits"),
    ],
)
def test_what_is_no_number_is_told_before_anything_runs(value):
    for points in ({"guards.penalty": [2.0, value]}, [Point(values={"guards.penalty": value})]):
        with pytest.raises(AmnokError, match=r"guards\.penalty") as caught:
            read(points)
        assert len(caught.value.faults) == 1


def test_faults_are_told_in_the_order_of_the_values():
    """Texts have another order in each process, if nothing gives them one."""
    paths = [path for path, one in load(TINY).parameters() if isinstance(one.value, float)][::-1]
    with pytest.raises(AmnokError) as caught:
        read(dict.fromkeys(paths, "x"))
    assert [fault.path for fault in caught.value.faults] == paths
