"""Signals by any name: what they make of orders, on whom, and what a wrong one is told."""

import numpy as np
import pytest
from tests.changed import border_with, parameter
from tests.paths import TINY

from amnok.errors import ScenarioError
from amnok.mechanisms.roles import PATROL, POLICE
from amnok.odd.page import odd
from amnok.scenario import load
from amnok.studies.counterfactual import effect, events
from amnok.world.days import days, row_of

RUMOURS = {
    "label": "Rumours of an amnesty",
    "unit": "index",
    "scale": parameter(1, "ratio", 0.5, 2),
    "points": [["2030-02-01", 0.5]],
    "source": "assumption",
}


@pytest.fixture
def rumoured(tmp_path):
    """The small border with one more signal, of which rangers make so much."""

    def border(weight, sets=(), **others):
        weights = {"rumours": parameter(weight, "weight", -2, 2)}
        return border_with(
            tmp_path,
            sets,
            signals={"named": {"rumours": RUMOURS | others}},
            agencies={"rangers": {"weights": weights}},
        )

    return border


def test_a_fourth_signal_scales_orders_to_those_who_follow_it(rumoured):
    at_once = ["agencies.rangers.inertia=0"]
    before, after = days(load(TINY, at_once)), days(rumoured(0.6, at_once))
    ordered = 0.8 * (before["intensity"][-1, 0, PATROL] > 0)
    rise = after["intensity"][-1, 0, PATROL] - before["intensity"][-1, 0, PATROL]
    assert rise == pytest.approx(0.6 * 0.5 * ordered)
    others = [role for role in range(5) if role != PATROL]
    np.testing.assert_array_equal(after["intensity"][..., others], before["intensity"][..., others])


def test_a_weight_below_zero_makes_orders_milder_down_to_nothing(rumoured):
    found = days(rumoured(-2, ["signals.named.rumours.scale=2"]))["intensity"]
    assert (found[..., PATROL] == 0).all()
    assert found[-1, 0, POLICE] > 0


def test_without_an_order_a_signal_does_nothing(rumoured):
    scenario = rumoured(2)
    first = scenario.orders["april_sweep"].start.date
    before = days(scenario)["intensity"][: row_of(scenario, first), 0, PATROL]
    assert len(before) > 10
    assert (before == 0).all()


def test_signals_are_taken_out_together_and_said_by_name(rumoured):
    scenario = rumoured(1.5)
    assert events(scenario)["politics"].off["agencies.rangers.weights.rumours"] == 0
    found = effect(scenario, "politics", replicates=2).totals()["questionings"]
    assert float(found.sel(world="with").sum()) >= 0
    page = odd(scenario)
    assert "Rumours of an amnesty" in page
    assert "`rumours` 1.5" in page


def test_a_border_may_have_one_signal_or_none(tmp_path):
    file = tmp_path / "one.yaml"
    gone = "agencies: {rangers: {weights: {sanctions_talks: , tariff_talks: , elections: }}}"
    file.write_text(f"extends: {TINY}\nname: one\nsignals:\n{gone}\n")
    assert not load(file).has("signals")


def test_a_signal_that_is_not_there_is_told(tmp_path):
    weights = {"rumour": parameter(1, "weight", -2, 2)}
    signals, agencies = {"named": {"rumours": RUMOURS}}, {"rangers": {"weights": weights}}
    with pytest.raises(ScenarioError) as error:
        border_with(tmp_path, signals=signals, agencies=agencies)
    (fault,) = error.value.faults
    assert fault.path == "agencies.rangers.weights.rumour"
    assert fault.problem == "unknown signal 'rumour'"
    assert fault.fix == "did you mean 'rumours'?"
    assert fault.line


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ([["2030-03-01", 0.1], ["2030-02-01", 0.2]], "each point must be later"),
        ([["2030-03-01", 1.4]], "outside 0 to 1"),
    ],
)
def test_levels_that_do_not_fit_are_told(rumoured, points, problem):
    with pytest.raises(ScenarioError) as error:
        rumoured(1, points=points)
    (fault,) = error.value.faults
    assert fault.path == "signals.named.rumours"
    assert problem in fault.problem
    assert fault.line
