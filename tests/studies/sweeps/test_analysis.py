"""Indices, regret and flips on sweeps whose answer is known."""

import numpy as np
import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.studies.sweeps import Point
from amnok.studies.sweeps.analysis import flips, regret, sensitivity
from amnok.studies.sweeps.design import SobolDesign, sobol

PATHS = ["quota.arrests", "guards.penalty", "learning.memory"]


@pytest.fixture
def swept(saved_sweep):
    """A function that writes a sweep with made-up values, [point, replicate]."""

    def write(points, values, without=None):
        design = None
        if isinstance(points, SobolDesign):
            design = {"sets": list(points.sets), "draws": points.draws}
            points = points.points
        table = pd.DataFrame(
            [
                {"point": n, "replicate": r, "outcome": "arrests", "where": "", "value": value}
                for n, row in enumerate(values)
                for r, value in enumerate(row)
                if n != without
            ]
        )
        return saved_sweep(points, table, design)

    return write


@pytest.mark.slow
def test_indices_of_a_sum_are_its_parts(small, swept):
    sets = {name: [name] for name in PATHS} | {"both": PATHS[:2]}
    design = sobol(small, sets, 1024, seed=2)
    known = dict(small.parameters())

    def normal(point, path):
        median, spread = known[path].prior.lognormal
        return np.log(dict(point.values)[path] / median) / np.log(spread)

    values = [[2 * normal(p, PATHS[0]) + normal(p, PATHS[1])] * 2 for p in design.points]
    found = sensitivity(swept(design, values), "arrests").set_index("set")
    wanted = {"both": 1.0, PATHS[0]: 0.8, PATHS[1]: 0.2, PATHS[2]: 0.0}
    for name, index in wanted.items():
        row = found.loc[name]
        assert row["first"] == pytest.approx(index, abs=0.05)
        assert row["total"] == pytest.approx(index, abs=0.05)
        assert row["first_low"] - 0.02 <= index <= row["first_high"] + 0.02
        assert row["total_low"] - 0.02 <= index <= row["total_high"] + 0.02
    assert list(found.index[:2]) == ["both", PATHS[0]]


@pytest.mark.slow
def test_an_interaction_is_in_the_total_only(small, swept):
    design = sobol(small, {name: [name] for name in PATHS}, 2048, seed=3)
    known = dict(small.parameters())
    medians = {path: known[path].prior.lognormal[0] for path in PATHS}
    values = [
        [
            float(
                (p.values[PATHS[0]] > medians[PATHS[0]]) != (p.values[PATHS[1]] > medians[PATHS[1]])
            )
        ]
        for p in design.points
    ]
    found = sensitivity(swept(design, values), "arrests").set_index("set")
    assert found.loc[PATHS[0], "first"] == pytest.approx(0.0, abs=0.06)
    assert found.loc[PATHS[0], "total"] == pytest.approx(1.0, abs=0.06)
    assert found.loc[PATHS[2], "total"] == pytest.approx(0.0, abs=0.01)


def test_a_draw_with_a_point_set_aside_is_left_out(small, swept):
    design = sobol(small, {name: [name] for name in PATHS}, 64, seed=3)
    values = [[float(str(point.values[PATHS[0]]))] for point in design.points]
    found = swept(design, values, without=7)
    assert sensitivity(found, "arrests")["total"].notna().all()


def test_what_cannot_be_analysed_is_one_message(small, swept):
    design = sobol(small, {name: [name] for name in PATHS}, 8, seed=3)
    found = swept(design, [[1.0]] * len(design.points))
    with pytest.raises(AmnokError, match="the same at every point"):
        sensitivity(found, "arrests")
    with pytest.raises(AmnokError, match="no outcome 'peace'"):
        sensitivity(found, "peace")
    with pytest.raises(AmnokError, match="has only one policy"):
        regret(found, "arrests")


@pytest.fixture
def policies(swept):
    """Three draws; the second policy is best in two of them, the third never."""
    points = [
        Point(policy, {"quota.arrests": float(draw)})
        for draw in range(3)
        for policy in ("base", "good", "bad")
    ]
    values = [[10.0], [8.0], [20.0], [10.0], [6.0], [20.0], [10.0], [13.0], [20.0]]
    return swept(points, values)


def test_regret_by_hand(policies):
    found = regret(policies, "arrests").set_index("policy")
    assert found["expected"].to_dict() == pytest.approx({"good": 1.0, "base": 2.0, "bad": 12.0})
    assert found["worst"].to_dict() == {"good": 3.0, "base": 4.0, "bad": 14.0}
    assert found["best"].to_dict() == pytest.approx({"good": 2 / 3, "base": 1 / 3, "bad": 0.0})
    assert list(found.index) == ["good", "base", "bad"]
    most = regret(policies, "arrests", most=True)
    assert most["policy"].iloc[0] == "bad"


def test_flips_by_hand(policies):
    found = flips(policies, "arrests")
    names = ["base", "good", "bad"]
    wanted = np.array([[0, 1 / 3, 0], [1 / 3, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(found.loc[names, names].to_numpy(), wanted)


def test_a_grid_is_no_sobol_design(policies):
    with pytest.raises(AmnokError, match="not a sweep of a Sobol design"):
        sensitivity(policies, "arrests")
