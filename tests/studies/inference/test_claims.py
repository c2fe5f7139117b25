"""Claims of the ledger in a bank, and what it is worth to settle them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.paths import TINY
from tests.studies.inference.invented import invented

import amnok
from amnok.engine import simulate
from amnok.errors import AmnokError
from amnok.studies.inference.claims import claims_told, grows, unverified
from amnok.studies.inference.graded import knows, said_by_one
from amnok.studies.inference.questions import narrowed
from amnok.studies.inference.value import EstimatedNumber
from amnok.studies.inference.worlds import BankTask, worlds_of
from amnok.studies.sweeps.design import Point

LEDGER = """
reports:
  N: {title: unknown, publisher: A paper, date: 2030-07-01, reliability: C}
  M: {title: unknown, publisher: A PAPER, date: 2030-07-02, reliability: C}
  O: {title: unknown, publisher: Another, date: 2030-07-02, reliability: C}
claims:
  N1: {report: N, text: Much is sent., credibility: 3, says: [{sum: attempts, at_least: 100}]}
  N2: {report: M, text: Many are caught., credibility: 3, says: [{sum: arrests, at_least: 5}]}
  N3: {report: O, text: Most arrive., credibility: 3,
    says: [{ratio: [crossings, attempts], at_least: 0.5}]}
"""


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    file = tmp_path_factory.mktemp("ledger") / "mine.yaml"
    file.write_text(LEDGER, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def border(ledger):
    return amnok.load(TINY, (), [ledger])


@pytest.fixture(scope="module")
def bank(border):
    """Runs in which N1 is true where much flows, N2 by a coin, and N3 always."""
    made = invented()
    flow = made.weekly[:, len(made.layout.seen)].sum(axis=1)
    names = list(claims_told(border).measures)
    table = pd.DataFrame(1.0, made.points.index, names)
    table["N1.1"] = np.where(flow > np.median(flow), 200.0, 50.0)
    table["N2.1"] = np.where(np.random.default_rng(3).random(len(flow)) < 0.4, 9.0, 1.0)
    return replace(made, scenario=border, measured=table)


def test_a_run_tells_what_claims_speak_of(border):
    told = claims_told(border)
    world = worlds_of(border, {}, {})
    task = BankTask(border, {}, 1, 1, 0.5, world)
    point = Point(values={"quota.prison_days": 200.0})
    drawn = task.scenario(point)
    outcome = simulate(drawn, 1, task.numbers(point)[0])
    values = dict(
        zip(told.measures, task.counted(outcome, drawn)[-len(told.measures) :], strict=True)
    )
    assert len(task.columns()) == len(task.counted(outcome, drawn))
    assert values["N1.1"] == 2.0 * outcome.books.flow["attempts"].sum()
    assert 0.0 <= values["N3.1"] <= 1.0
    powers = {name: grows(one.compiled.plan) for name, one in told.measures.items()}
    assert (powers["N1.1"], powers["N2.1"], powers["N3.1"]) == (1, 1, 0)


def test_what_decides_is_worth_settling(bank, ledger):
    found = amnok.ask(TINY, bank=bank, ledgers=[ledger])
    claims = found.table[found.table["kind"] == "claim"].set_index("name")
    share, error = claims["share"].astype(float), claims["share_se"].astype(float)
    truth = bank.measured["N1.1"].to_numpy() > 100.0
    flow = bank.weekly[:, len(bank.layout.seen)].sum(axis=1)
    weights = np.where(truth, 0.85, 0.15) / truth.sum()  # rho is 0.7 at C
    means = [np.average(flow[some], weights=weights[some]) for some in (truth, ~truth)]
    between = 0.85 * 0.15 * (means[0] - means[1]) ** 2
    whole = np.average((flow - np.average(flow, weights=weights)) ** 2, weights=weights)
    assert abs(share["N1"] - between / whole) < 0.05
    assert abs(share["N2"]) <= 2.5 * error["N2"]
    # What is true in every run has nothing to settle.
    assert "N3" not in claims.index
    assert "ask whether this is so: Much is sent. (N1)" in str(claims["words"]["N1"])
    assert claims.loc["N1", "grade"] == "C3"
    assert "A paper" in str(claims["cited"]["N1"])


@pytest.mark.slow
def test_a_doubtful_answer_tells_less(bank, ledger):
    worth = []
    for letter in ("", "D"):
        found = amnok.ask(TINY, bank=bank, ledgers=[ledger], reliability=letter)
        table = found.table.set_index("name")
        worth.append(float(table["share"]["N1"]))
    assert worth[0] > worth[1] > -0.05
    with pytest.raises(AmnokError, match="'G' is no reliability"):
        amnok.ask(TINY, bank=bank, reliability="G")


def test_a_ledger_that_came_later_is_told(bank, ledger, tmp_path):
    """A claim that says something else now, or is new, is not told by the bank."""
    found = amnok.ask(TINY, bank=bank)
    assert "N1" not in set(found.table["name"])
    newer = tmp_path / "newer.yaml"
    newer.write_text(
        LEDGER.replace("at_least: 100", "at_least: 101")
        + ("  N4: {report: O, text: Few., credibility: 3, says: [{sum: arrests, at_most: 2}]}\n"),
        encoding="utf-8",
    )
    found = amnok.ask(TINY, bank=bank, ledgers=[newer])
    assert "N1" not in set(found.table["name"])
    assert "N2" in set(found.table["name"])
    assert set(found.unmeasured) == {"N1", "N4"}


def test_a_report_counts_as_far_as_its_grade_goes(bank, border):
    weights = np.full(len(bank.points), 1.0 / len(bank.points))
    told = {
        shift: {
            one.name: one.chance
            for one in unverified(
                bank.told.all, bank.measured, border, weights, np.random.default_rng(1), shift=shift
            )
        }
        for shift in (-0.2, 0.0, 0.2)
    }
    # rho is 0.7 at C: half the runs have it, so 0.7 + 0.3 / 2.
    assert abs(told[0.0]["N1"] - 0.85) < 0.03
    assert told[-0.2]["N1"] < told[0.0]["N1"] < told[0.2]["N1"]


def test_two_reports_of_one_outlet_are_less_than_two():
    rng = np.random.default_rng(1)
    true = rng.random((4000, 2)) < 0.3
    weights = np.full(4000, 1 / 4000)
    both = said_by_one(true, ["C", "C"], weights)
    apart = said_by_one(true[:, :1], ["C"], weights) * said_by_one(true[:, 1:], ["C"], weights)

    def chance(of):
        return float(of @ true.all(axis=1) / of.sum())

    assert chance(both) > 0.3**2
    # Knowing of one raises the trust in the other: the four cases, by the model's own draws.
    known = knows(["C", "C"], ["x", "x"], 400_000, np.random.default_rng(2))
    base = weights @ true
    for case in ((True, True), (True, False), (False, False)):
        mine = np.where(known, np.array(case), base).prod(axis=1).mean()
        row = np.flatnonzero((true == case).all(axis=1))[0]
        assert abs(both[row] - mine) < 0.004
        assert abs(apart[row] - mine) > 0.004 or case == (True, False)


def test_how_much_narrower_in_words():
    said = [narrowed(EstimatedNumber(one, 0.01)) for one in (0.01, 0.04, 0.36, 0.56, 0.75, 1.0)]
    assert said[0] == "hardly, if at all"
    assert said[1:] == [
        "by less than a twentieth", "by a fifth", "by a third", "by half", "by all of it"
    ]  # fmt: skip
