"""Verdicts, ablations, and that arms share everything a mechanism does not touch."""

import math

import numpy as np
import pytest

from amnok.studies.patterns import CONTRASTS, PATTERNS, Verdict, verify
from amnok.studies.patterns.arms import arms, measured
from amnok.studies.patterns.judge import compare, estimate, is_there, judge
from amnok.studies.patterns.patterns import MEASURES

HALT = MEASURES["crossings_on_halt_days"]  # at most 0.1
AFTER = MEASURES["crossings_after_halt"]  # at least 1


@pytest.mark.parametrize(
    ("measure", "values", "verdict"),
    [
        (HALT, [0.02, 0.03, 0.02], Verdict.HOLDS),
        (HALT, [0.5, 0.6, 0.5], Verdict.FAILS),
        (HALT, [0.0, 0.2, 0.1], Verdict.UNKNOWN),  # the interval lies astride the threshold
        (HALT, [math.nan, math.nan, 0.02], Verdict.UNKNOWN),  # nothing to see in most replicates
        (HALT, [0.02], Verdict.HOLDS),  # a single one is judged by itself
        (AFTER, [1.2, 1.3, 1.2], Verdict.HOLDS),
        (AFTER, [0.7, 0.6, 0.7], Verdict.FAILS),
        (AFTER, [1.0, 1.0, 1.0], Verdict.HOLDS),  # the threshold itself is enough
    ],
)
def test_an_interval_must_lie_on_one_side(measure, values, verdict):
    assert estimate(measure, np.array(values)).verdict is verdict


def rows(**values):
    """All measures well inside their thresholds, but for some."""
    found = {}
    for name, measure in MEASURES.items():
        good = measure.threshold + (-0.05 if measure.at_most else 0.5)
        found[name] = np.full(4, values.get(name, good))
    return found


def test_a_pattern_holds_if_all_its_measures_do():
    verdicts = {one.pattern.name: one.verdict for one in judge(rows(crossings_after_halt=0.2))}
    assert verdicts.pop("P04") is Verdict.FAILS
    assert set(verdicts.values()) == {Verdict.HOLDS}


def test_a_failure_outweighs_what_cannot_be_judged():
    found = judge(rows(crossings_after_halt=0.2, crossings_on_halt_days=math.nan))
    assert next(one for one in found if one.pattern.name == "P04").verdict is Verdict.FAILS


def test_an_ablation_is_paired():
    generator = np.random.default_rng(1)
    noise = generator.normal(0, 1, 4)
    with_it, without = rows(), rows()
    with_it["crossings_after_halt"] = 2 + noise
    without["crossings_after_halt"] = 1.5 + noise
    change = compare(CONTRASTS[0], with_it, without).changes["crossings_after_halt"]
    assert change == pytest.approx((-0.5, -0.5, -0.5))


def test_what_is_lost_held_before():
    with_it = rows(crossings_in_flood=0.9)
    without = rows(crossings_in_flood=0.9, crossings_after_halt=0.1, follows_politics=math.nan)
    assert compare(CONTRASTS[3], with_it, without).lost == ("P04", "P13")
    assert compare(CONTRASTS[3], with_it, without).own.verdict is Verdict.FAILS


def test_every_pattern_has_one_mechanism():
    assert [one.pattern for one in CONTRASTS] == [one.name for one in PATTERNS]


def test_mechanisms_can_be_switched_off_on_any_border(tiny):
    for mechanism in CONTRASTS:
        # Only one of the small border's goods goes out, so there is no difference to take away.
        assert is_there(mechanism, tiny) is (mechanism.name != "checking_time"), mechanism.name


def test_what_a_mechanism_does_not_touch_stays_bit_for_bit(tiny):
    """Phones and sources are on the other bank from those who look through their goods."""
    plain = measured(arms(tiny), 3, 0)
    off = next(one for one in CONTRASTS if one.name == "halts").off(tiny)
    without = measured(arms(tiny, off), 3, 0)
    before_the_halt = ("items_checked_before", "arrests_per_crossing", "paid_to_officials")
    assert {name: without[name] for name in before_the_halt} == {
        name: plain[name] for name in before_the_halt
    }
    assert without["crossings_on_halt_days"] > 0.5 > plain["crossings_on_halt_days"]


def test_threads_change_nothing(tiny):
    one, _ = verify(tiny, 3, 5, threads=1)
    two, _ = verify(tiny, 3, 5, threads=2)

    def numbers(judgements):
        return repr([(e.value, e.low) for judged in judgements for e in judged.estimates])

    assert numbers(one) == numbers(two)


def test_a_mechanism_that_a_scenario_lacks_is_left_out(tiny):
    bare = tiny.model_copy(update={"orders": {}})
    _, ablations = verify(bare, 2, 1, CONTRASTS)
    names = {one.mechanism.name for one in ablations}
    assert not names & {"cameras", "crackdown"}
    assert "halts" in names
