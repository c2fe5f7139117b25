"""Verdicts, ablations, and that arms share everything a mechanism does not touch."""

import math

import numpy as np
import pytest
from tests.absent import OTHERS
from tests.paths import TINY

from amnok.reporting.patterns import verdict_on
from amnok.scenario import load
from amnok.scenario.ledger import ReportedPattern
from amnok.scenario.measures.compiling import Compiler
from amnok.scenario.measures.definitions import usual
from amnok.scenario.measures.dimensions import space_of
from amnok.scenario.measures.statements import Statement
from amnok.studies.patterns import CONTRASTS, RIVALS, Verdict, verify
from amnok.studies.patterns.arms import arms, measured
from amnok.studies.patterns.judge import compare, estimate, is_there, judge
from amnok.studies.patterns.patterns import Measured, patterns_of

HALT = {"at_most": 0.1}
AFTER = {"at_least": 1}
ABOUT = {"about": 1, "tolerance": 0.3}
OFF = {one.name: one for one in CONTRASTS}


@pytest.mark.parametrize(
    ("bound", "values", "verdict"),
    [
        (HALT, [0.02, 0.03, 0.02], Verdict.HOLDS),
        (HALT, [0.5, 0.6, 0.5], Verdict.FAILS),
        (HALT, [0.0, 0.2, 0.1], Verdict.UNKNOWN),  # the interval lies astride the threshold
        (HALT, [math.nan, math.nan, 0.02], Verdict.UNKNOWN),  # nothing to see in most replicates
        (HALT, [0.02], Verdict.HOLDS),  # a single one is judged by itself
        (AFTER, [1.2, 1.3, 1.2], Verdict.HOLDS),
        (AFTER, [0.7, 0.6, 0.7], Verdict.FAILS),
        (AFTER, [1.0, 1.0, 1.0], Verdict.HOLDS),  # the threshold itself is enough
        (ABOUT, [1.1, 1.1, 1.0], Verdict.HOLDS),
        (ABOUT, [0.5, 1.0, 1.5], Verdict.UNKNOWN),  # beyond both ends
        (ABOUT, [1.5, 1.6, 1.5], Verdict.FAILS),
    ],
)
def test_an_interval_must_lie_on_one_side(bound, values, verdict):
    said = Statement.model_validate({"mean": "crossings", **bound})
    border = load(TINY)
    compiled = Compiler(space_of(border), usual()).compile(said)
    assert estimate(Measured("one", said, compiled, ""), np.array(values)).verdict is verdict


@pytest.fixture(scope="module")
def patterns():
    return patterns_of(load("sino-korean-border"))


@pytest.fixture(scope="module")
def rows(patterns):
    """A function that puts all measures well inside their bounds, but for some."""

    def made(**values):
        found = {}
        for name, measure in patterns.measures.items():
            low, high = measure.said.bounds
            good = low + 0.5 if math.isfinite(low) else high - 0.05
            found[name] = np.full(4, values.get(name, good))
        return found

    return made


def test_a_pattern_holds_if_all_its_measures_do(patterns, rows):
    found = judge(patterns, rows(crossings_after_halt=0.2))
    verdicts = {one.pattern.name: one.verdict for one in found}
    assert verdicts.pop("P04") is Verdict.FAILS
    assert set(verdicts.values()) == {Verdict.HOLDS}


def test_a_failure_outweighs_what_cannot_be_judged(patterns, rows):
    found = judge(patterns, rows(crossings_after_halt=0.2, crossings_on_halt_days=math.nan))
    assert next(one for one in found if one.pattern.name == "P04").verdict is Verdict.FAILS


def test_a_pattern_that_asks_for_nothing_is_told(tiny_usual):
    silent = ReportedPattern(text="They say that it was easier once.")
    border = tiny_usual.model_copy(update={"patterns": {"Q9": silent}})
    (found,) = judge(patterns_of(border), {})
    assert found.verdict is Verdict.SILENT


def test_an_ablation_is_paired(patterns, rows):
    generator = np.random.default_rng(1)
    noise = generator.normal(0, 1, 4)
    with_it, without = rows(), rows()
    with_it["crossings_after_halt"] = 2 + noise
    without["crossings_after_halt"] = 1.5 + noise
    found = compare(patterns, OFF["halts"], with_it, without)
    assert found.changes["crossings_after_halt"] == pytest.approx((-0.5, -0.5, -0.5))


def test_what_is_lost_held_before(patterns, rows):
    with_it = rows(crossings_in_flood=0.9)
    without = rows(crossings_in_flood=0.9, crossings_after_halt=0.1, follows_politics=math.nan)
    found = compare(patterns, OFF["halts"], with_it, without)
    assert found.lost == ("P04", "P13")
    assert [one.verdict for one in found.own] == [Verdict.FAILS]


# Of mechanisms that the two reports do not speak of there is no usual pattern.
UNTOLD = OTHERS


def test_every_mechanism_of_the_reports_carries_a_pattern(patterns):
    carried = [one.reported.carried_by for one in patterns.all]
    assert sorted(carried) == sorted(OFF.keys() - UNTOLD)


def test_a_rival_explanation_is_told_by_the_patterns_that_it_contests(patterns, rows):
    rival = next(one for one in RIVALS if one.name == "visibility")
    needed = compare(patterns, rival, rows(), rows(large_are_spared=0.9))
    assert needed.own == ()
    assert [one.pattern.name for one in needed.contested] == ["P10"]
    assert verdict_on(needed) == "P10 needs it too"
    free = compare(patterns, rival, rows(), rows(crossings_after_halt=0.2))
    assert verdict_on(free) == "P10 does not need it; gone: P04"


def test_every_rival_contests_a_pattern_and_switches_something_off(default_border, patterns):
    for rival in RIVALS:
        assert set(rival.of) <= set(OFF)
        assert is_there(rival, default_border, patterns), rival.name


def test_mechanisms_can_be_switched_off_on_any_border(tiny_usual):
    for mechanism in CONTRASTS:
        # Only one of the small border's goods goes out, so there is no difference to take away.
        found = is_there(mechanism, tiny_usual, patterns_of(tiny_usual))
        assert found is (mechanism.name not in {*UNTOLD, "checking_time"}), mechanism.name


def test_what_a_mechanism_does_not_touch_stays_bit_for_bit(tiny_usual):
    """Phones and sources are on the other bank from those who look through their goods."""
    plain = measured(arms(tiny_usual), 3, 0)
    off = OFF["halts"].off(tiny_usual)
    without = measured(arms(tiny_usual, off), 3, 0)
    before_the_halt = ("items_checked_before", "arrests_per_crossing", "paid_to_officials")
    assert {name: without[name] for name in before_the_halt} == {
        name: plain[name] for name in before_the_halt
    }
    assert without["crossings_on_halt_days"] > 3 * plain["crossings_on_halt_days"]


def test_threads_change_nothing(tiny_usual):
    one, _ = verify(tiny_usual, replicates=3, seed=5, threads=1)
    two, _ = verify(tiny_usual, replicates=3, seed=5, threads=2)

    def numbers(judgements):
        return repr([(e.value, e.low) for judged in judgements for e in judged.estimates])

    assert numbers(one) == numbers(two)


def test_a_mechanism_that_a_scenario_lacks_is_left_out(tiny_usual):
    bare = tiny_usual.model_copy(update={"orders": {}})
    _, ablations = verify(bare, replicates=2, seed=1, mechanisms=CONTRASTS)
    names = {one.mechanism.name for one in ablations}
    assert not names & {"cameras", "crackdown"}
    assert "halts" in names
