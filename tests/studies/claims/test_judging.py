"""What the model says of claims: verdicts, likelihoods, contradictions of three kinds, beliefs."""

import json
import math

import numpy as np
import pytest
from tests.paths import TINY

from amnok.errors import AmnokError
from amnok.reporting.verdicts import effect_sheet
from amnok.scenario import load
from amnok.scenario.overrides import with_values
from amnok.studies.claims import evidence
from amnok.studies.claims.believing import asked_of, effect
from amnok.studies.claims.judging import (
    Stands,
    apart,
    bounds_apart,
    claims_of,
    hypotheses,
    likelihoods,
    likely,
)
from amnok.studies.patterns.robustness import Study

SHORT = {"period.end": "2030-03-31", "traders.inner": 200, "traders.outer": 200}


def claim(**told):
    return {"report": "W", "text": told.pop("text", "It is so"), **told}


CLAIMS = {
    "Y": claim(says=[{"sum": "crossings", "at_least": 1}], mechanisms=["guards"]),
    "N": claim(says=[{"sum": "crossings", "at_most": 0}], mechanisms=["guards"]),
    "B": claim(
        says=[{"sum": "crossings", "at_least": 1}, {"sum": "losses", "at_most": -1000}],
        mechanisms=["guards"],
    ),
    "S": claim(unmodelled=["owls"]),
    "A": claim(says=[{"sum": "crossings", "at_least": 2, "label": "many"}], mechanisms=["guards"]),
    "E": claim(
        says=[{"sum": "crossings", "over": {"dates": ["2029-01-01", "2029-02-01"]}, "at_most": 1}],
        mechanisms=["guards"],
    ),
}


@pytest.fixture
def border(tmp_path):
    file = tmp_path / "said.jsonl"
    rows = [{"claim": name, **told} for name, told in CLAIMS.items()]
    file.write_text("\n".join(map(json.dumps, rows)))
    return load(TINY, SHORT, [file])


def test_claims_are_consistent_contradicted_open_or_silent(border):
    told = {one.claim: one for one in evidence(border).judge(replicates=3, threads=1)}
    assert told["Y"].verdict is Stands.CONSISTENT
    assert told["N"].verdict is Stands.CONTRADICTED
    assert told["B"].verdict is Stands.CONTRADICTED
    assert told["S"].verdict is Stands.SILENT
    assert told["E"].verdict is not Stands.CONSISTENT
    (estimate,) = told["Y"].estimates
    assert estimate.low <= estimate.value <= estimate.high
    assert set(told) == set(border.claims)


def test_what_patterns_say_is_said_by_their_claims():
    border = load("sino-korean-border")
    claims = {one.name: one for one in claims_of(border).all}
    assert [one.name for one in claims["A03"].measures] == list(border.patterns["P01"].says)
    told = [one for one in border.claims if one.startswith("R")]
    assert sum(bool(claims[name].measures) for name in told) >= 14


def test_every_claim_of_the_default_border_is_a_statement_or_a_tag():
    border = load("sino-korean-border")
    claims = {one.name: one for one in claims_of(border).all}
    bare = [
        name
        for name, one in border.claims.items()
        if not (claims[name].measures or one.unmodelled or one.unrecorded)
    ]
    assert bare == []


def test_a_statement_that_cannot_be_measured_is_a_fault_of_its_row(tmp_path):
    file = tmp_path / "bad.jsonl"
    row = {"claim": "N1", **claim(says=[{"sum": "crosings", "at_most": 1}], mechanisms=["guards"])}
    file.write_text(json.dumps(row))
    with pytest.raises(AmnokError) as caught:
        load(TINY, (), [file])
    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.file) == ("says", 1, str(file))
    assert "crosings" in str(fault)


def made_up(asked, rows):
    """A study with given values of each measure, [draw]."""
    n = len(next(iter(rows.values())))
    found = {
        name: np.array(rows.get(name, np.ones(n)), dtype=np.float64) for name in asked.measures
    }
    return Study(("p",), np.zeros((n, 1)), found)


def test_likelihoods_are_shares_of_draws_that_show(border):
    claims = claims_of(border)
    rows = {"Y.1": [0, 2, 2, 2, math.nan], "N.1": [5, 5, 5, 5, 5]}
    found = {one.claim: one for one in likelihoods(made_up(claims, rows), claims)}
    assert (found["Y"].hits, found["Y"].judged, found["Y"].share) == (3, 4, 0.75)
    assert found["Y"].words == "likely"
    assert (found["N"].hits, found["N"].judged, found["N"].words) == (0, 5, "almost no chance")
    assert "S" not in found


def test_words_are_those_of_icd_203():
    steps = (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
    assert [likely(one) for one in steps] == [
        "almost no chance",
        "very unlikely",
        "unlikely",
        "roughly even chance",
        "likely",
        "very likely",
        "almost certain",
    ]


def test_pairs_that_hardly_meet_are_found_and_independent_ones_are_not(border):
    claims = claims_of(border)
    half = np.arange(100) % 2 == 0
    rows = {
        "Y.1": np.where(half, 2.0, 0.0),
        "A.1": np.where(~half, 3.0, 1.0),
        "N.1": np.where(np.arange(100) % 4 < 2, 0.0, 5.0),
    }
    pairs = apart(made_up(claims, rows), claims)
    assert ("Y", "A") in [(one.one, one.other) for one in pairs]
    assert ("Y", "N") not in [(one.one, one.other) for one in pairs]
    first = next(one for one in pairs if (one.one, one.other) == ("Y", "A"))
    assert (first.together, first.expected, first.draws) == (0, 25.0, 100)


@pytest.mark.statistical
def test_independent_claims_are_rarely_told_apart(border):
    """Holm's bound: any false alarm in at most 5% of studies; 1 in 10,000 to see 20 of 150."""
    claims = claims_of(border)
    generator = np.random.default_rng(3)
    alarms = 0
    for _ in range(150):
        rows = {name: generator.integers(0, 3, 60) for name in ("Y.1", "A.1", "N.1")}
        alarms += bool(apart(made_up(claims, rows), claims))
    assert alarms < 20


def test_bounds_that_do_not_meet_are_told(border):
    pairs = {(one.one, one.other) for one in bounds_apart(claims_of(border))}
    assert {("Y", "N"), ("N", "A"), ("N", "B")} <= pairs
    assert ("Y", "A") not in pairs


def test_a_claim_that_contradicts_itself_is_told_and_many_claims_are_told_once_each(tmp_path):
    def bounds(**told):
        return {"sum": "crossings", **told}

    file = tmp_path / "said.jsonl"
    rows = [{"claim": "I", **claim(says=[bounds(at_least=9), bounds(at_most=3)])}]
    rows += [{"claim": f"L{n}", **claim(says=[bounds(at_most=4)])} for n in range(150)]
    rows += [{"claim": f"H{n}", **claim(says=[bounds(at_least=8)])} for n in range(150)]
    file.write_text("\n".join(map(json.dumps, rows)))
    found = bounds_apart(claims_of(load(TINY, SHORT, [file])))
    pairs = [(one.one, one.other) for one in found]
    assert ("I", "I") in pairs
    assert {name for pair in pairs for name in pair} == {row["claim"] for row in rows}
    assert len(pairs) == len(set(pairs)) <= len(rows)


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda found: found.matrix(5), "variants is 5"),
        (lambda found: found.matrix({"a": 5}), "variants is"),
        (lambda found: found.matrix(["closed"]), "variants is"),
        (lambda found: found.stances("W99"), "no claim 'W99'"),
        (lambda found: found.stances(5), "claim is 5"),
        (lambda found: found.study(5), "5 is not a path"),
        (lambda found: found.add(5, "x.yaml"), "5 is not a path"),
        (lambda found: found.add("no.csv", None), "nothing is not a path|None is not a path"),
        (lambda found: found.add("no.csv", "x.yaml"), "no.csv: no such file"),
        (lambda found: found.judge(replicates=1.5), "replicates is 1.5"),
    ],
)
def test_what_is_asked_wrongly_is_told(border, ask, told):
    with pytest.raises(AmnokError, match=told):
        ask(evidence(border))


def test_the_least_contradicted_hypothesis_comes_first(border):
    empty = {"traders.inner": 0.0, "traders.outer": 0.0}
    variants = {"closed": with_values(border, empty)}
    told = evidence(border).matrix(variants, replicates=4, threads=1)
    closed = {one.claim: one.verdict for one in told["closed"]}
    assert closed["Y"] is Stands.CONTRADICTED
    assert closed["N"] is Stands.CONSISTENT
    weights = dict.fromkeys(border.claims, 0.0)
    assert hypotheses(told, weights | {"Y": 1.0})[0] == "base"
    assert hypotheses(told, weights | {"N": 1.0})[0] == "closed"


def test_believing_moves_outcomes_as_the_draws_say(border):
    asked = asked_of(border)
    total = next(one.name for one in asked.totals if one.name == "total:leaks_through")
    rows = {"Y.1": [0.0] * 30 + [2.0] * 10, total: [1.0] * 30 + [5.0] * 10}
    found = effect(made_up(asked, rows), asked, border, "Y")
    (leaks,) = (one for one in found.moved if one.outcome == "leaks_through")
    # A source that knows with rho 0.7 (C): weights 0.3 * 0.25 and 0.7 + 0.3 * 0.25.
    low, high = 0.3 * 0.25, 0.7 + 0.3 * 0.25
    mean = (30 * low * 1.0 + 10 * high * 5.0) / (30 * low + 10 * high)
    assert leaks.before == 2.0
    assert leaks.change == pytest.approx(mean - 2.0)
    assert leaks.certain == pytest.approx(3.0)
    assert leaks.low < leaks.change < leaks.high
    assert found.met == 0.25


def test_what_no_draw_shows_moves_nothing(border):
    asked = asked_of(border)
    found = effect(made_up(asked, {"N.1": [5.0] * 20}), asked, border, "N")
    assert found.moved == ()
    assert found.met == 0.0
    every = effect(made_up(asked, {"Y.1": [5.0] * 20}), asked, border, "Y")
    assert every.moved == ()
    assert every.met == 1.0
    assert "All 20 draws meet it alike" in " ".join(effect_sheet(border, every).lead)
    assert "None of 20 draws" in " ".join(effect_sheet(border, found).lead)


def test_draws_are_kept_and_asked(border, tmp_path):
    found = evidence(border).study(tmp_path / "draws", 10, threads=1)
    told = {one.claim: one for one in found.likelihoods()}
    assert told["Y"].judged == 10
    assert told["Y"].hits + told["N"].hits == 10  # one or the other
    assert told["Y"].hits > told["N"].hits
    assert found.effect("Y").draws == 10
    again = evidence(border).study(tmp_path / "draws", 10, threads=1)
    assert [one.share for one in again.likelihoods()] == [one.share for one in found.likelihoods()]
