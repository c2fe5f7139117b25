"""PRIM finds boxes that were put there, and says what is an accident."""

import numpy as np
import pandas as pd
import pytest

from amnok.errors import AmnokError
from amnok.studies.sweeps import Point
from amnok.studies.sweeps.prim import Condition, chosen_box, clear_limits, discover


@pytest.fixture
def swept(saved_sweep):
    """A sweep of 600 draws: the policy lowers `trade` only where a > 0.6 and b < 0.5."""
    generator = np.random.default_rng(8)
    draws = generator.random((600, 5))
    points: list[Point] = []
    values: list[dict[str, object]] = []
    for a, b, *rest in draws.tolist():
        effect = -1.0 if a > 0.6 and b < 0.5 else 0.5
        names = dict(zip("abcde", [a, b, *rest], strict=True))
        for policy, trade in (("base", 10.0), ("order", 10.0 + effect)):
            number = len(points)
            points.append(Point(policy, names))
            values.append({"point": number, "outcome": "trade", "where": "river", "value": trade})
            values.append({"point": number, "outcome": "trade", "where": "sea", "value": 1.0})
            values.append({"point": number, "outcome": "peace", "where": "", "value": 3.0})
    return saved_sweep(points, pd.DataFrame(values).assign(replicate=0))


def test_the_box_that_was_put_there_is_found(swept):
    share, boxes = discover(swept, "order", [Condition("lower", "trade", "river")])
    assert share == pytest.approx(0.2, abs=0.05)
    box = chosen_box(boxes)
    assert box.density > 0.95
    assert box.coverage > 0.8
    limits = clear_limits(box).set_index("parameter")
    assert set(limits.index) == {"a", "b"}
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.05)
    assert limits.loc["b", "high"] == pytest.approx(0.5, abs=0.05)
    assert limits["high"].isin([np.inf]).to_dict() == {"a": True, "b": False}


def test_boxes_get_denser_and_smaller(swept):
    _, boxes = discover(swept, "order", [Condition("lower", "trade")])
    densities, masses = [box.density for box in boxes], [box.mass for box in boxes]
    assert densities == sorted(densities)
    assert masses == sorted(masses, reverse=True)
    assert boxes[0].coverage == boxes[0].mass == 1.0
    assert len(boxes[0].limits) == 0


def test_all_conditions_must_hold(swept):
    both = [Condition("lower", "trade"), Condition("not_lower", "peace")]
    assert discover(swept, "order", both)[0] == discover(swept, "order", both[:1])[0]
    with pytest.raises(AmnokError, match="no draw is of interest"):
        discover(swept, "order", [*both, Condition("higher", "trade")])
    with pytest.raises(AmnokError, match="all draws are of interest"):
        discover(swept, "order", [Condition("not_higher", "peace")])


@pytest.mark.parametrize(
    ("policy", "conditions", "problem"),
    [
        ("order", [], "no condition"),
        ("tax", [Condition("lower", "trade")], "no 'tax' beside 'base'"),
        ("order", [Condition("lower", "war")], "no outcome 'war'"),
    ],
)
def test_what_cannot_be_asked_is_one_message(swept, policy, conditions, problem):
    with pytest.raises(AmnokError, match=problem):
        discover(swept, policy, conditions)


def test_dates_are_days(tmp_path):
    from amnok.studies.sweeps.prim import _as_numbers

    dates = pd.DataFrame({"on": pd.to_datetime(["1970-01-02", "1970-01-11"])})
    assert list(dates.apply(_as_numbers)["on"]) == [1.0, 10.0]
    assert Point().policy == "base"
