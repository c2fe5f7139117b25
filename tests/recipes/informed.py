"""What must be true of an Amnok that has informers, and of a border with them (the argument).

The twin is told of them here, by hand: that it is another's work is the point.
"""

import json
import re
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from tests import twin
from tests.paths import TINY
from tests.twin.conftest import assert_same_books

import amnok
from amnok import counts
from amnok.engine import simulate
from amnok.errors import ScenarioError
from amnok.odd.page import odd
from amnok.reporting import render
from amnok.reporting.basis import explained_sheet
from amnok.reporting.charts import charts
from amnok.reporting.run_report import run_report
from amnok.reporting.summaries import summary_sheet
from amnok.results import dataset
from amnok.results.given import record_of
from amnok.results.outcomes import kinds
from amnok.results.weekly import weekly
from amnok.scenario import load, load_text
from amnok.scenario.catalog import json_schema
from amnok.scenario.explain import explain
from amnok.scenario.levers import levers
from amnok.scenario.model import needed
from amnok.scenario.overrides import with_values
from amnok.studies.counterfactual import events
from amnok.studies.patterns import Verdict
from amnok.studies.patterns.judge import is_there
from amnok.studies.patterns.patterns import patterns_of
from amnok.web.border import Border, Explorer
from amnok.world import chances

SETS = [
    "traders.inner=40",
    "traders.outer=20",
    "period.spin_up=10",
    "period.end=2030-03-18",
    "patrols.intercept_base=0.1",
]
TOLD, FACTOR = 0.3 * 0.5, 4.0


def by_hand(tip_draw):
    """Tell the twin: a trip that was told of is counted as it sets out, and met more often."""
    meetings, crossing = (import_module(f"tests.twin.{name}") for name in ("meetings", "crossing"))
    chance, cross, meet = meetings.intercept_chance, crossing.cross, crossing.meet_patrol
    now = {"factor": 1.0}

    def is_told(border, trip):
        if not border.rates.informers.present:
            return False
        return border.draw4(trip.sender.number, tip_draw)[0] < TOLD

    def intercept_chance(base, boost, intensity, effort, exposure):
        return chance(base, boost, intensity, effort * now["factor"], exposure)

    def set_out(border, trip):
        flow = border.counts.flow[trip.plan.route.number][trip.sender.size.number]
        flow.tipped_off += is_told(border, trip)
        return cross(border, trip)

    def meet_patrol(border, trip):
        now["factor"] = FACTOR if is_told(border, trip) else 1.0
        return meet(border, trip)

    patch = pytest.MonkeyPatch()
    patch.setattr(meetings, "intercept_chance", intercept_chance)
    patch.setattr(crossing, "cross", set_out)
    patch.setattr(crossing, "meet_patrol", meet_patrol)


def declared(border, others):
    """What a section says stands in scenario, schema, meanings and ODD of a border that has it."""
    informers = import_module("amnok.mechanisms.informers")
    assert needed(border, informers.Informers).factor.number == FACTOR
    assert border.has("informers")
    assert not others.has("informers")
    schema = json_schema()["$defs"]
    assert "informers" in schema["Scenario"]["properties"]
    for meaning in (
        schema["Informers"]["properties"]["share"]["description"],
        render(explained_sheet(border, [explain(border, "informers.share")]), "console"),
    ):
        assert "gets to know of" in meaning
    page, silent = odd(border), odd(others)
    for words in ("`informers.share`", "#### informers.told_chance", "`tipped_off`", "`TIP`"):
        assert words in page
        assert words not in silent


def refused(file):
    """A parameter is held to its unit, and asked for by name where a border lacks it."""
    lines = file.read_text(encoding="utf-8").splitlines()
    lacking = "\n".join(line for line in lines if "factor:" not in line)
    with pytest.raises(ScenarioError, match=r"informers\.share: .*outside 0 to 1"):
        load(file, ["informers.share=2"])
    with pytest.raises(ScenarioError, match=r"informers: missing key: factor \(write factor: "):
        load_text(lacking, "lacking.yaml")


def simulated(border, others):
    """The engine does what the twin does, and expects what happens; the run of the border."""
    by_hand(import_module("amnok.mechanisms.informers").TIP_DRAW)
    outcome = simulate(border, 1)
    assert_same_books(outcome.books, twin.simulate(border, 1).books)
    told = outcome.books.flow["tipped_off"].sum()
    assert 0 < told < outcome.books.flow["attempts"].sum()
    beside = simulate(others, 1)
    assert_same_books(beside.books, twin.simulate(others, 1).books)

    rates, way, day = outcome.world.rates[0], outcome.world.routes[0], outcome.world.days[20, 0]
    both = [chances.patrol_probability(rates, way, day, one) for one in (1.0, FACTOR)]
    mean = chances.mean_patrol_probability(rates, way, day, 1.0)
    np.testing.assert_allclose(mean, (1 - TOLD) * both[0] + TOLD * both[1], rtol=1e-13)
    assert mean > 1.1 * both[0] > 0.0

    results = dataset(outcome, border, 1)
    assert float(results["tipped_off"].sum()) == told
    assert results["tipped_off"].long_name == "Patrols were told of it"
    assert counts.named("tipped_off").needs == ("informers",)
    return results, dataset(beside, others, 1)


def pages(border, levers, run):
    """What people see of a border and of a run, by where they see it."""
    return {
        "summary": render(summary_sheet(run), "console"),
        "report": run_report(run, border, record_of(run, border)),
        "plot": " ".join(one.title for one in charts(weekly(run))),
        "explorer": json.dumps(Explorer(Border(border, levers)).about(), default=str),
        "effects": " ".join(events(border)),
    }


def studied(border, file, others, run):
    """Switched off, it takes its pattern with it; a policy ends it; patrols expect less."""
    (ablation,) = amnok.verify(border, mechanisms="informers", replicates=1).ablations
    assert ablation.changes["patrols_are_told"][0] < 0.0
    assert [(one.pattern.name, one.verdict) for one in ablation.own] == [("tips", Verdict.FAILS)]
    assert not is_there(ablation.mechanism, others, patterns_of(others))

    tips = amnok.compare(file, "discretion", sets=SETS, replicates=1).values["tips"]
    assert tips.sel(policy="base").sum() > 0 == tips.sel(policy="discretion").sum()
    assert "tips" not in kinds(others)

    stops = [
        float(amnok.exploit(run, one)["stops"].sel(agency="rangers").sum())
        for one in (border, with_values(border, {"informers.share": 0.0}))
    ]
    np.testing.assert_allclose(stops[0], stops[1] * (1.0 + TOLD * (FACTOR - 1.0)))


def solved():
    answer = amnok.solve({"game": "guessing", "hands": 4})
    assert answer.values == {"found": 0.25}
    assert answer.certificate.holds()


def main(folder):
    file = folder / "informed.yaml"
    border, others = load(file, SETS), load(TINY, SETS)
    declared(border, others)
    refused(file)
    run, beside = simulated(border, others)
    shown, silent = pages(border, levers(file), run), pages(others, levers(TINY), beside)
    for where, text in shown.items():
        assert re.search("informers|Patrols are told", text), where
        assert not re.search("informers|Patrols are told", silent[where]), where
    studied(border, file, others, run)
    solved()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
