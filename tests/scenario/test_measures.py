"""The words of measures: each kind of fault is told with its place; every border has the usual."""

from math import inf
from pathlib import Path

import pytest
from tests.absent import WAYS, tiny_without
from tests.paths import ROOT, TINY, TINY_USUAL

from amnok.errors import ScenarioError
from amnok.mechanisms import NAMES
from amnok.scenario import builtin_names, load, load_text, resolved
from amnok.scenario.measures import glossary
from amnok.scenario.measures.compiling import Compiler
from amnok.scenario.measures.definitions import Frame, frame_of, usual
from amnok.scenario.measures.limits import limits
from amnok.scenario.measures.statements import Statement
from amnok.scenario.measures.units import written
from amnok.scenario.measures.vocabulary import Measure


def faults_of(folder, text):
    """What is wrong with the small border and some more keys, one text a fault."""
    file = folder / "mine.yaml"
    file.write_text(f"extends: {TINY}\n{text}", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(file)
    return [str(fault).removeprefix(f"{file}:") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("{sum: crossing}", "m.sum: no variable 'crossing' (did you mean 'crossings'?)"),
        ("{sum: [arrests, arests]}", "m.sum[1]: no variable 'arests' (did you mean 'arrests'?)"),
        ("{sum: price}", "m.sum: price does not add up (use `mean`)"),
        ("{mean: price}", "m.mean: price does not add up over cells"),
        ("{sum: [arrests, attempts]}", "m.sum: adds up persons and consignments"),
        ("{sum: arrests, by: [goods]}", "m.sum: arrests is not kept by goods"),
        ("{sum: arrests, by: [sides]}", "m.sum.by: no dimension or attribute 'sides'"),
        ("{sum: arrests, where: {market: capital}}", "m.sum: arrests is not kept by market"),
        ("{sum: arrests, where: {sid: up}}", "m.where.sid: no dimension or attribute 'sid'"),
        ("{sum: arrests, where: {side: upp}}", "m.where.side: no 'upp' along side"),
        ("{sum: arrests, over: quite}", "m.over: no window 'quite' (did you mean 'quiet'?)"),
        ("{sum: arrests, over: {phase: swep}}", "m.over.phase: no phase 'swep'"),
        ("{sum: arrests, over: {order: hunt}}", "m.over.order: no order 'hunt'"),
        ("{sum: arrests, over: {halt: vote}}", "m.over.halt: no halt 'vote'"),
        ("{sum: arrests, over: {order_to: [army]}}", "m.over.order_to[0]: no role 'army'"),
        ("{sum: arrests, without: order}", "m.without: no mechanism 'order'"),
        ("{sum: arrests, under: no_order}", "m.under: no policy 'no_order' (policies are compared"),
        ("{use: bribes_share}", "m.use: no measure 'bribes_share' (did you mean 'bribe_share'?)"),
        ("{use: m}", "m.use: in m: measures use each other in a cycle"),
        ("{python: anything}", "m.python: no measure 'anything' in Python"),
        ("{difference: [arrests, attempts]}", "m: cannot take consignments from persons"),
        ("{least: [arrests, attempts]}", "m.least: compares persons and consignments"),
        ("{share: arrests, among: size}", "m.among: shares along size, and the measure keeps none"),
        ("{concentration: [arrests, attempts]}", "m.concentration: a concentration is over sizes"),
        (
            "{ratio: [arrests, {sum: attempts, where: {size: smallest}}], by: [size]}",
            "m: size (1) cannot be set against size (2)",
        ),
        ("{mean: crossings, over: {river: flood}}", "m: there are several stretches of days"),
        ("{mean: crossings, take: max}", "m.take: there is one stretch of days only"),
        (
            "{mean: crossings, against: {over: {river: flood}}}",
            "m.against.over: is several stretches of days",
        ),
        (
            "{sum: crossings, against: {where: {size: smallest}, within: [sector]}}",
            "m.against.within: only a ratio can be compared within cells",
        ),
        ("{sum: crossings, mean: crossings}", "m: a measure has one of sum, mean, ratio"),
        ("{label: nothing}", "m: a measure has one of sum, mean, ratio"),
        ("{share: arrests}", "m: a share needs `part` (which cells) or `among`"),
        ("{sum: arrests, among: size}", "m: `part` and `among` belong to `share`"),
        ("{sum: arrests, as: change}", "m: `as` needs `against`"),
        ("{sum: arrests, empty: 0}", "m: `empty` belongs to `ratio` and `share`"),
        ("{ratio: [arrests, attempts], unit: x}", "m: `unit` belongs to `sum` and `mean`"),
        ("{sum: arrests, against: {}}", "m.against: against needs one of over"),
        ("{sum: arrests, over: {halt: full, whole: true}}", "m.over: a window has one anchor"),
        (
            "{sum: arrests, over: {whole: true, there: true}}",
            "m.over: there belongs to an order or a halt",
        ),
        ("{sum: arrests, over: {dates: [2030-05-01, 2030-04-01]}}", "m.over: dates out of order"),
        ("{sum: arrests, at: 3}", "m.at: unknown key 'at'"),
        ("{ratio: [arrests]}", "m.ratio: has too few entries, 2 expected"),
    ],
)
def test_a_faulty_measure_is_told_with_its_place(tmp_path, measure, told):
    (found, *more) = faults_of(tmp_path, f"measures:\n  m: {measure}\n")
    assert found.startswith(f"3: measures.{told}"), found
    assert all("unknown key 'as'" in one for one in more)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("{sum: arrests}", "a statement says one of at_least"),
        ("{sum: arrests, rises: true}", "`rises` needs `against`"),
        ("{sum: arrests, about: 3}", "`about` and `tolerance` go together"),
        ("{sum: arrests, at_least: 3, at_most: 2}", "at_least 3 is above at_most 2"),
        ("{sum: arrests, at_least: 3, about: 2, tolerance: 1}", "a statement says one thing"),
        ("{sum: arrests, by: [size], at_least: 3}", "a statement is one number, and this keeps"),
        ("{sum: arrests, at_least: many}", "is 'many', expected a number"),
    ],
)
def test_a_faulty_statement_is_told_with_its_place(tmp_path, said, told):
    text = f"patterns:\n  Q3:\n    text: So they say.\n    says:\n      one: {said}\n"
    (found,) = faults_of(tmp_path, text)
    assert found.startswith("6: patterns.Q3.says.one")
    assert told in found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("outcomes: {w: {sum: arrests, by: [week]}}", "outcomes.w: keeps week"),
        ("outcomes: {size: {sum: arrests}}", "outcomes.size: 'size' is the name of something"),
        ("patterns: {Q1: {carried_by: luck}}", "patterns.Q1.carried_by: no mechanism 'luck'"),
        (
            "patterns: {Q3: {says: {every_jar: {sum: arrests, at_least: 1}}}}",
            "'every_jar' is said by several patterns",
        ),
        ("patterns: {Q3: {claims: [W1]}}", "a pattern has a text, or says something"),
        ("parts: [usual/pattern.yaml]", "no part 'usual/pattern.yaml' comes with Amnok"),
        ("windows: {Q 3: {whole: true}}", "the name 'Q 3' contains characters other than"),
        *(
            (f"charts: {{c: {{title: T, unit: u, lines: [{line}]}}}}", f"charts.c.lines[0].{told}")
            for line, told in [
                ("{label: a, measure: {sum: arrests}}", "measure: is not by week"),
                ("{label: a, measure: {sum: arrests, by: [day]}}", "measure: is not by week"),
                (
                    "{label: a, measure: {sum: arrests, by: [week], over: quiet}}",
                    "measure: speaks of other days",
                ),
                (
                    "{label: a, measure: {sum: arrests, by: [week], without: cameras}}",
                    "measure: speaks of other days or arms",
                ),
                (
                    "{label: '{size}', measure: {sum: arrests, by: [week]}}",
                    "label: '{size}' stands for nothing",
                ),
                ("{label: '{', measure: {sum: arrests, by: [week]}}", "label: has an unmatched"),
            ]
        ),
        (
            "charts: {c: {title: 'Of {stapel}', unit: u, surveyed: true, "
            "lines: [{label: a, measure: {sum: arrests, by: [week]}}]}}",
            "charts.c.lines[0].measure: has no surveyed prices",
        ),
        (
            "charts: {c: {title: T, unit: '{money} per {itm}', "
            "lines: [{label: a, measure: {sum: arrests, by: [week]}}]}}",
            "charts.c.unit: '{itm}' stands for nothing",
        ),
        (
            "charts: {c: {title: T, unit: '{money} per {item}', "
            "lines: [{label: a, measure: {mean: price, by: [week, goods]}}]}}",
            "charts.c.lines[0].measure: is not of one kind of goods",
        ),
        (
            "rows: {r: {table: T, label: a, unit: '{mony}', measure: {sum: arrests}}}",
            "rows.r.unit: '{mony}' stands for nothing",
        ),
        (
            "rows: {r: {table: T, label: a, unit: '{item}', measure: {sum: arrests}}}",
            "rows.r.measure: is not of one kind of goods",
        ),
        (
            "rows: {r: {table: T, label: '{size}', unit: u, measure: {sum: arrests}}}",
            "rows.r.label: '{size}' stands for nothing",
        ),
    ],
)
def test_what_does_not_fit_its_place_is_told(tmp_path, text, told):
    found = faults_of(tmp_path, text + "\n")
    assert any(told in one for one in found), found


def test_every_fault_of_a_measure_is_told_at_once(tmp_path):
    text = "measures:\n  m: {ratio: [arests, {sum: crossing, where: {side: upp}}], over: quite}\n"
    assert len(faults_of(tmp_path, text)) == 4


def test_what_a_border_states_goes_before_the_usual(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        f"extends: {TINY_USUAL}\nparts: [usual/patterns.yaml]\n"
        "patterns: {P04: {text: Mine.}, P05: null, Q1: null, Q2: null}\n"
        "claims: {W1: {patterns: []}, W5: {patterns: []}}\n"
        "outcomes: {crossings: {sum: crossings}}\n"
    )
    border = load(file)
    assert border.patterns["P04"].text == "Mine."
    assert list(border.patterns["P04"].says) == ["crossings_on_halt_days", "crossings_after_halt"]
    assert len(border.patterns) == 13
    assert frame_of(border).known.outcomes["crossings"].by is None


@pytest.mark.parametrize("name", [*builtin_names(), TINY_USUAL])
def test_usual_measures_fit_every_border(name):
    border = load(name)
    frame = frame_of(border)
    compiler = Compiler(frame.space, frame.known)
    for field in ("measures", "outcomes"):
        for key, measure in getattr(usual(), field).items():
            missing = compiler.compile(measure, place=key).missing
            assert not missing or set(border.sections) != set(NAMES), key  # a mechanism left out
    for key, row in usual().rows.items():
        compiler.compile(row.measure, place=key)
    for key, chart in usual().charts.items():
        for line in chart.lines:
            assert compiler.compile(line.measure, place=key).dims[0] == "week"
    assert not compiler.faults


@pytest.mark.parametrize("left_out", WAYS.values(), ids=WAYS)
def test_a_border_without_mechanisms_has_less_to_measure_and_no_faults(left_out):
    border = tiny_without(left_out)
    frame = frame_of(border)
    compiler = Compiler(frame.space, frame.known)
    there = {
        key for key, one in usual().outcomes.items() if not compiler.compile(one, place=key).missing
    }
    assert not compiler.faults
    assert {"crossings", "price"} <= there
    assert ("leaks_through" in there) == border.has("self_inspection|security_police")
    assert ("reports" in there) == border.has("reporting")
    assert ("questionings" in there) == border.has("phones|patrols")


def test_a_border_written_back_says_the_same(tiny):
    again = load_text(resolved(tiny), "again")
    assert again == tiny
    frame = frame_of(tiny)
    text = frame.model_dump_json(by_alias=True, exclude_defaults=True)
    assert Frame.model_validate_json(text) == frame


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ({"sum": "arrests"}, "persons"),
        ({"mean": "arrests"}, "persons per day"),
        ({"sum": "people"}, "person-days"),
        ({"mean": "people"}, "persons"),
        ({"ratio": ["guard_bribes", "crossings"]}, "money per consignment"),
        ({"ratio": ["arrests", "attempts"], "per": 1000}, "persons per 1,000 consignments"),
        ({"ratio": ["arrests", {"sum": "people"}]}, "per day"),
        ({"share": "arrests", "part": {"side": "inner"}, "per": 100}, "%"),
        ({"sum": ["arrests", "searches"], "unit": "events"}, "events"),
        ({"use": "bribe_share"}, "ratio"),
    ],
)
def test_units_follow(tiny, measure, unit):
    frame = frame_of(tiny)
    compiler = Compiler(frame.space, frame.known)
    assert compiler.compile(Measure.model_validate(measure)).unit == unit
    assert not compiler.faults


@pytest.mark.parametrize(
    ("bound", "inside", "outside"),
    [
        ({"at_least": 1}, [1, 2], [0.9]),
        ({"at_most": 1}, [1, 0], [1.1]),
        ({"at_least": 1, "at_most": 2}, [1, 2], [0, 3]),
        ({"about": 1, "tolerance": 0.5}, [0.5, 1.5], [0.4, 1.6]),
        ({"rises": True}, [1.1], [1, 0.9]),
        ({"falls": True}, [0.9], [1, 1.1]),
        ({"unchanged_within": 0.25}, [0.75, 1.25], [0.7, 1.3]),
        ({"rises": True, "as": "change"}, [0.1], [0, -0.1]),
        ({"falls": True, "per": 100}, [99], [100]),
    ],
)
def test_statements_hold_within_their_bounds(bound, inside, outside):
    said = Statement.model_validate({"sum": "arrests", "against": {"over": "quiet"}, **bound})
    assert [said.meets(float(one)) for one in inside] == [True] * len(inside)
    assert [said.meets(float(one)) for one in outside] == [False] * len(outside)
    assert said.meets(float("nan")) is None
    assert said.asked


def test_units_are_written_in_words():
    assert written({"persons": -1}) == "per person"
    assert written({}, per=1000) == "per 1,000"


def test_the_published_list_of_variables_is_up_to_date():
    page = (Path(ROOT) / "docs" / "measures.md").read_text(encoding="utf-8")
    assert page.endswith(glossary.glossary())


def test_every_example_of_the_docs_is_a_measure(tmp_path):
    page = (Path(ROOT) / "docs" / "measures.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    file = tmp_path / "mine.yaml"
    file.write_text("extends: sino-korean-border\n" + example)
    border = load(file)
    assert len(border.measures) == 6
    assert {"dearer", "not_before", "flood", "warier"} == {
        name for key in ("Q1", "Q2", "Q3") for name in border.patterns[key].says
    }


@pytest.mark.parametrize(
    ("measure", "least", "most"),
    [
        ({"sum": "arrests"}, 0, inf),
        ({"ratio": ["arrests", "attempts"], "per": 1000}, 0, inf),
        ({"share": "arrests", "part": {"side": "inner"}, "per": 100}, 0, 100),
        ({"share": "arrests", "among": "size", "by": ["size"]}, 0, 1),
        ({"difference": ["arrests", "questionings"]}, -inf, inf),
        ({"difference": [{"share": "arrests", "part": {"side": "inner"}}] * 2}, -1, 1),
        ({"difference": ["arrests", "questionings"], "absolute": True}, 0, inf),
        ({"sum": "arrests", "against": {"over": "quiet"}, "as": "change"}, -1, inf),
        ({"least": ["arrests", {"difference": ["arrests", "questionings"]}]}, -inf, inf),
        (
            {"concentration": [{"sum": one, "by": ["size"]} for one in ("arrests", "attempts")]},
            -1,
            1,
        ),
    ],
)
def test_a_measure_knows_where_it_can_lie(tiny, measure, least, most):
    frame = frame_of(tiny)
    compiler = Compiler(frame.space, frame.known)
    plan = compiler.compile(Measure.model_validate(measure)).plan
    assert not compiler.faults
    assert limits(plan) == (least, most)
