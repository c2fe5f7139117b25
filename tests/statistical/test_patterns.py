"""Thirteen of the fourteen patterns show on the default border, and each goes with its mechanism,
and with what could explain it as well or without that.

Seeds are fixed, and results are the same bits on every machine, so a failure is a change and no
accident. With other seeds: a verdict is by a 95% interval, so a measure that lies just at its
threshold is called held, or lost, in one of forty ensembles; all lie well off it (`amnok verify`).
"""

import math

import pytest
from tests.absent import OTHERS

from amnok.studies.patterns import CONTRASTS, RIVALS, Verdict, verify

pytestmark = [pytest.mark.statistical, pytest.mark.slow]

SEED = 11
REPLICATES, ABLATED, CONTESTED = 16, 4, 6
# High water costs about 11% of a week's crossings where the claim says about none, since narrower
# margins make a dearer crossing bite more (docs/validation.md). A model that mends it says so here.
MISSED = {"P05"}
AT_THE_EDGE = {"P07"}  # 1.12 [1.11, 1.12] against 1.1 (20 replicates, seed 1): not always judged

KINDS = ("fixed", "rotating")


@pytest.fixture(scope="module")
def ablations(default_border):
    return {
        one.mechanism.name: one
        for one in verify(default_border, replicates=ABLATED, seed=SEED, mechanisms=CONTRASTS)[1]
    }


@pytest.fixture(scope="module")
def judgements(default_border):
    return verify(default_border, replicates=REPLICATES, seed=SEED)[0]


def test_measures_that_are_put_in_are_near_their_closed_form(default_border, judgements):
    """Those with `input` in usual/patterns.yaml that one number or two decide, within 5%."""
    numbers = {path: one.value for path, one in default_border.parameters()}
    found = {one.measure.name: one.value for each in judgements for one in each.estimates}
    halt = "calendar.halts.election_2019_07"
    kept, days = numbers[f"{halt}.strength"], numbers[f"{halt}.days"]
    expected = (1.0 - kept) * (days + 1.0) / 2.0
    assert found["crossings_on_halt_days"] == pytest.approx(expected, rel=0.05)

    def seen(level):
        fixed, rotating = (numbers[f"route_kinds.major_river.{one}_cameras"] for one in KINDS)
        turned = numbers["cameras.visible_share"]
        turned += numbers["cameras.exposed"] / numbers["cameras.period"]
        return 1.0 - (1.0 - fixed * level) * (1.0 - rotating * level * turned)

    expected = seen(1.0) / seen(numbers["cameras.usual_level"])
    assert found["exposure_to_cameras"] == pytest.approx(expected, rel=0.05)
    order = numbers["orders.cn_october.intensity"] * numbers["phones.monitoring_boost"]
    assert found["reports_per_event"] < math.exp(-numbers["reporting.fear"] * order)


def test_all_but_the_published_miss_hold_with_one_set_of_parameters(judgements):
    verdicts = {one.pattern.name: one.verdict for one in judgements}
    missed = {name for name, verdict in verdicts.items() if verdict is not Verdict.HOLDS}
    assert MISSED <= missed <= MISSED | AT_THE_EDGE
    assert all(verdicts[name] is not Verdict.FAILS for name in AT_THE_EDGE)


@pytest.mark.parametrize(
    "mechanism", [one for one in CONTRASTS if one.name not in OTHERS], ids=lambda one: one.name
)
def test_each_goes_with_its_mechanism(ablations, mechanism):
    (own,) = ablations[mechanism.name].own
    assert own.verdict is not Verdict.HOLDS


@pytest.mark.parametrize(
    ("mechanism", "spared"),
    [
        ("halts", {"P05", "P06", "P08", "P09", "P10", "P12"}),
        ("floods", {"P04", "P06", "P08", "P09", "P10", "P12"}),
        ("phone_monitoring", {"P04", "P06", "P08", "P10", "P12"}),
    ],
)
def test_what_has_nothing_to_do_with_a_mechanism_stays(ablations, mechanism, spared):
    verdicts = {one.pattern.name: one.verdict for one in ablations[mechanism].judgements}
    spared = spared - MISSED
    assert {name: verdicts[name] for name in spared} == dict.fromkeys(spared, Verdict.HOLDS)


# What each contested measure comes to without a rival explanation: the pattern needs only the
# mechanism of the reports where it holds, and the rival too where it does not.
WITHOUT_RIVALS = {
    "visibility": {
        "arrested_beyond_their_share": Verdict.HOLDS,
        "large_are_spared": Verdict.HOLDS,
    },
    "fear": {"reports_per_event": Verdict.FAILS, "change_as_reported": Verdict.FAILS},
    "number_of_events": {"reports_per_event": Verdict.HOLDS, "change_as_reported": Verdict.HOLDS},
    "checking_cost": {
        "items_checked_before": Verdict.FAILS,
        "share_checked_in_campaign": Verdict.HOLDS,
        "added_hours_on_slow_goods": Verdict.HOLDS,
    },
    "learned_risk": {
        "items_checked_before": Verdict.HOLDS,
        "share_checked_in_campaign": Verdict.FAILS,
        "large_by_customs_and_sea": Verdict.HOLDS,
        "small_hit_harder": Verdict.FAILS,
    },
}
# So few reports that six replicates may not be able to tell; against 0.5 (20 replicates, seed 1):
# 0.91 [0.78, 1.04] and 1.12 [0.77, 1.48] without fear, 0.30 [0.12, 0.49] without events.
NOISY = {
    ("fear", "reports_per_event"),
    ("fear", "change_as_reported"),
    ("number_of_events", "change_as_reported"),
}


@pytest.fixture(scope="module")
def contested(default_border):
    found = verify(default_border, replicates=CONTESTED, seed=SEED, mechanisms=RIVALS)[1]
    return {one.mechanism.name: one for one in found}


@pytest.mark.parametrize("rival", WITHOUT_RIVALS)
def test_a_pattern_needs_or_does_not_need_its_rival(contested, rival):
    """Exemption against visibility, fear against fewer events, cost against risk.

    With other seeds: each measure but NOISY lies seven of its standard errors or more from its
    threshold, by what `make validation` found with 20 replicates, so that one of all of them is
    called otherwise in three ensembles of 10,000 (non-central t, five degrees of freedom). A noisy
    one is called the opposite in two of 1,000.
    """
    found = {
        each.measure.name: each.verdict
        for judgement in contested[rival].contested
        for each in judgement.estimates
    }
    expected = WITHOUT_RIVALS[rival]
    assert set(found) == set(expected)
    for name, verdict in expected.items():
        allowed = {verdict, Verdict.UNKNOWN} if (rival, name) in NOISY else {verdict}
        assert found[name] in allowed, f"{name}: {found[name]}"


def test_all_rivals_are_tried(contested):
    assert set(contested) == set(WITHOUT_RIVALS) == {one.name for one in RIVALS}
