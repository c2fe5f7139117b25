"""Each thing that can be out of joint between the parts of a scenario."""

from typing import Any

import pytest
from tests.changed import border_with, parameter
from tests.paths import TINY

from amnok.errors import ScenarioError
from amnok.scenario import load
from amnok.scenario.consistency import CHECKS, faults
from amnok.scenario.ledger.checks import CHECKS as OF_THE_LEDGER

# One change to the small border: check, where, new value, path of the fault, problem, fix.
CHANGES = [
    ("goods.honey.sectors", ["fery"], "goods.honey.sectors[0]", "unknown sector 'fery'", "'ferry'"),
    (
        "river.events.may_rain.sectors",
        ["x"],
        "river.events.may_rain.sectors[0]",
        "sector",
        "one of",
    ),
    ("goods.lamps.label", "Honey", "goods.lamps.label", "'honey' already has", "distinguish them"),
    ("sectors.ferry.label", "Headwater", "sectors.ferry.label", "already has the label", "tables"),
    ("goods.lamps.label", " ", "goods.lamps.label", "is empty", "say what"),
    ("channels", {"river": " "}, "channels.river", "is empty", "say what"),
    (
        "channels",
        {"river": "by night", "customs": "by night"},
        "channels.customs",
        "'river' already has the words 'by night'",
        "tables",
    ),
    ("sectors.ferry.market", "capitol", "sectors.ferry.market", "unknown market", "'capital'"),
    ("sectors.ferry.routes.ferry-ford", "fjord", "sectors.ferry.routes.ferry-ford", "kind", "ford"),
    (
        "sectors.ferry.routes.mill-path",
        "path",
        "sectors.ferry.routes.mill-path",
        "already",
        "ferry_",
    ),
    ("sectors.ferry.thaw.value", 350, "sectors.ferry.thaw", "on the same day", "leave both out"),
    (
        "traders.sizes.dealer.share_outer.value",
        0.3,
        "traders.sizes",
        "adds up to 1.1",
        "share_outer",
    ),
    ("agencies.rangers.role", "police", "agencies", "no agency has the role patrol", "add one"),
    (
        "agencies.rangers.role",
        "police",
        "agencies.constabulary.role",
        "already that",
        "say in `sectors`",
    ),
    ("agencies.rangers.sectors", ["ferry"], "agencies.rangers.sectors", "nobody has", "the rest"),
    (
        "agencies.rangers.sectors",
        ["ferri"],
        "agencies.rangers.sectors[0]",
        "unknown sector 'ferri'",
        "'ferry'",
    ),
    (
        "orders.april_sweep.targets",
        ["ranger"],
        "orders.april_sweep.targets[0]",
        "agency",
        "'rangers'",
    ),
    ("currency", "EUR", "guards.penalty", "is in CRN, but the scenario counts in EUR", "write EUR"),
    ("currency", "EUR", "self_inspection.minute_cost", "is in CRN", "EUR/minute"),
    ("guards.penalty.source", ["W33"], "guards.penalty.source", "unknown claim", "'W3'"),
    ("guards.penalty.source", ["assumption"], "guards.penalty.source", "beside other", "brackets"),
    (
        "signals.named.elections.source",
        ["X"],
        "signals.named.elections.source",
        "unknown claim",
        "",
    ),
    ("agencies.rangers.weights.leak", "share", "agencies.rangers.weights.leak", "signal", "one of"),
    ("claims.W1.report", "V", "claims.W1.report", "unknown report 'V'", "one of: W"),
    ("claims.W1.mechanisms", ["guard"], "claims.W1.mechanisms", "mechanism", "'guards'"),
    ("claims.W1.patterns", ["Q9"], "claims.W1.patterns", "unknown pattern 'Q9'", "Q"),
    ("claims.W1.patterns", [], "patterns.Q1.claims", "names W1, which does not name Q1", "add Q1"),
    ("claims.W1.supports", ["W99"], "claims.W1.supports", "unknown claim 'W99'", "W"),
    ("claims.W1.refines", ["W1"], "claims.W1.refines", "names itself", "remove"),
    ("claims.W1.sectors", ["fery"], "claims.W1.sectors", "unknown sector 'fery'", "'ferry'"),
    ("claims.W2.mechanisms", [], "claims.W2", "neither a mechanism nor", "a tag"),
    ("claims.W1.doubt", "ring +82 10 1234 5678", "claims.W1.doubt", "a phone number", "persons"),
    ("claims.W1.witness_name", "x", "claims.W1.witness_name", "of a person", "no persons"),
    ("reports.W.same_origin", ["V"], "reports.W.same_origin", "unknown report 'V'", "W"),
    (
        "reports.a b",
        {"title": "x", "publisher": "y"},
        "reports.a b",
        "'a b' is not an id",
        "letters",
    ),
    ("patterns.Q1.claims", ["W5"], "claims.W1.patterns", "names Q1, which does not", "add W1"),
    ("patterns.Q1.claims", ["W9"], "patterns.Q1.claims", "unknown claim 'W9'", "W"),
    (
        "references.W1",
        {"citation": "", "figure": "", "status": "recalled"},
        "references.W1",
        "id",
        "",
    ),
    (
        "markets.capital.fed_by.capitl",
        "share",
        "markets.capital.fed_by.capitl",
        "market",
        "'capital'",
    ),
    ("markets.capital.fed_by.capital", "share", "markets.capital.fed_by.capital", "itself", ""),
    ("markets.third", "third", "markets.vellmouth", "passes on 1.1 of its imports", "lower"),
]


@pytest.mark.parametrize(("where", "value", "path", "problem", "fix"), CHANGES)
def test_fault(fault_of, where, value, path, problem, fix):
    share = {"value": 0.8, "unit": "share", "prior": {"uniform": [0, 1]}, "source": "assumption"}
    if value == "share":
        value = share
    elif value == "third":
        value = {
            "label": "Third",
            "openness": share | {"unit": "ratio"},
            "fed_by": {"vellmouth": share},
        }
    found, _ = fault_of(where, value, path, problem)
    assert fix in found.fix
    assert found.line > 1


@pytest.mark.parametrize(
    "where",
    [
        "sectors",
        "goods",
        "markets",
        "route_kinds",
        "traders.sizes",
        "agencies",
        "orders",
        "phases",
        "calendar.halts",
        "river.events",
        "sectors.ferry.routes",
    ],
)
@pytest.mark.parametrize("name", ["Ferry", "a b", "a.b", "", "_x", "zürich"])
def test_names_are_well_formed(tiny_data, write, faults_of, where, name):
    part = tiny_data
    for key in where.split("."):
        part = part[key]
    part[name] = next(iter(part.values()))
    assert any(
        f"the name '{name}'" in fault.problem and fault.path.startswith(where)
        for fault in faults_of(write(tiny_data))
    )


def test_a_channel_is_one_that_there_is(tiny_data, write, faults_of):
    tiny_data["route_kinds"]["path"]["channel"] = "lend"
    (fault,) = faults_of(write(tiny_data))
    assert fault.path == "route_kinds.path.channel"
    assert "land" in fault.problem + fault.fix


def test_sound_scenario_has_no_faults():
    assert faults(load(TINY).model_dump(by_alias=True)) == []


@pytest.mark.parametrize("check", [*CHECKS, *OF_THE_LEDGER], ids=lambda check: check.__name__)
def test_checks_pass_over_what_they_cannot_read(tiny_data, check):
    rubbish: object
    for rubbish in (None, 3, "x", [], [1], {}, {"x": 3}, {"x": {"y": {"z": []}}}):
        assert isinstance(list(check(dict.fromkeys(tiny_data, rubbish))), list)
    assert list(check({})) == []


def test_no_more_goes_out_than_there_is(tmp_path):
    share = parameter(0.6, "share", 0)
    feeding: dict[str, dict[str, Any]] = {
        "capital": {"feeds": {"vellmouth": share, "capital": share}}
    }
    feeding["third"] = {"label": "Third", "feeds": {"vellmouth": share}}
    with pytest.raises(ScenarioError) as error:
        border_with(tmp_path, markets=feeding)
    told = {fault.path: fault.problem for fault in error.value.faults}
    assert "has 1.2 of its exports from other markets" in told["markets.vellmouth"]
    assert told["markets.capital.feeds.capital"] == "a market cannot feed itself"
