"""What is read from the source: the order of a day, what feeds rules, what variables are."""

import ast

import pytest

from amnok.draws import Decision
from amnok.engine.state import State, fresh_state
from amnok.odd.anatomy import books, decisions, feeds, person_fields, read_code, state_fields
from amnok.odd.anatomy.code import calls_in_order
from amnok.odd.anatomy.feeds import parameter_patterns
from amnok.results import dataset, measures
from amnok.scenario import load
from amnok.world import build


def names(step):
    yield step.function.name.rpartition(".")[2]
    for one in step.steps:
        yield from names(one)


def test_calls_come_in_the_order_in_which_they_happen():
    tree = ast.parse("a(b(1), c=d()) + e() if f() else g()\nh(i()).j()")
    found = [ast.unparse(call.func).rpartition(".")[2] for call in calls_in_order(tree)]
    assert found == ["f", "b", "d", "a", "e", "g", "i", "h", "j"]


def test_a_day_has_its_steps_in_order():
    found = list(names(read_code().steps("engine.day.run_days")))
    order = ["come_free", "outer_morning", "get_ready", "plan", "send", "meet_guard"]
    order += ["fill_quotas", "move_prices", "learn", "report", "keep"]
    places = [found.index(name) for name in order]
    assert places == sorted(places)


def test_a_step_that_comes_again_is_not_told_twice():
    told = []

    def tell(step):
        if step.again:
            assert step.steps == ()
        else:
            told.append(step.function.name)
        for one in step.steps:
            tell(one)

    tell(read_code().steps("engine.day.run_days"))
    assert len(told) == len(set(told))


def test_every_state_variable_is_explained(tiny):
    world, _ = build(tiny, seed=1)
    state = fresh_state(world)
    real = []
    for name, values in zip(State._fields, state, strict=True):
        real.append(name)
        real += [f"{name}.{field}" for field in values.dtype.names or ()]
    assert [field.name for field in state_fields()] == real
    assert all(field.text for field in state_fields())


def test_every_trait_is_explained(tiny):
    world, _ = build(tiny, seed=1)
    assert [field.name for field in person_fields()] == list(world.traits.dtype.names)
    assert all(field.text for field in person_fields())


def test_every_decision_is_explained():
    assert {field.name: int(field.kind) for field in decisions()} == {
        one.name: one.value for one in Decision
    }
    assert all(field.text for field in decisions())


def test_books_hold_what_a_dataset_holds(made_up_outcome, tiny):
    found = dataset(made_up_outcome(), tiny, seed=1)
    told = {one.name: (one, group) for group in books() for one in group.measures}
    extra = {name for name in found.data_vars if name not in told}
    extra -= {"survey_day"}
    assert all(found[name].dims == ("report",) for name in extra)
    for name, (measure, group) in told.items():
        assert found[name].attrs["ledger"] == group.ledger
        assert found[name].attrs["long_name"] == measure.long_name
        assert group.text
        in_words = "sector" in found[name].dims, "route" in found[name].dims
        assert in_words == ("sector" in group.text, "route" in group.text)


def test_books_leave_out_no_measure():
    told = {one for group in books() for one in group.measures}
    written = {
        one
        for value in vars(measures).values()
        for one in (
            [value]
            if isinstance(value, measures.Measure)
            else value.values()
            if isinstance(value, dict)
            else value
            if isinstance(value, tuple)
            else ()
        )
        if isinstance(one, measures.Measure)
    }
    assert told == written


@pytest.mark.parametrize(
    ("rule", "argument", "expected"),
    [
        ("guards.reservation_price", "penalty", "parameter guards.penalty"),
        ("guards.held_responsible", "find_belief", "state sectors.find_belief"),
        ("guards.deals", "u", "draw CAMERA"),  # by way of a record that another step fills
        ("customs.customs_payment", "duty", "parameter customs.duty"),  # by way of an argument
        ("guards.held_responsible", "liability", "parameter guards.liability_usual"),  # returned
        ("calendar.season", "peak_day", "parameter goods.*.season_peak"),  # of the scenario
        ("routes.route_utility", "risk", "rule learning.personal_belief"),
        ("quotas.cost_to_bring_in", "size_cost", "parameter traders.sizes.*.bring_in_cost"),
    ],
)
def test_what_feeds_a_rule_is_found(rule, argument, expected):
    assert expected in feeds().arguments[rule][argument]


def test_what_feeds_a_rule_is_part_of_the_model():
    parameters, states = set(parameter_patterns()), {one.name for one in state_fields()}
    code = read_code()
    for rule, arguments in feeds().arguments.items():
        assert set(arguments) <= set(code.functions[f"rules.{rule}"].arguments)
        for one in (one for found in arguments.values() for one in found):
            kind, _, what = one.partition(" ")
            assert kind in ("parameter", "state", "world", "rule", "draw")
            assert kind != "parameter" or what in parameters
            assert kind != "state" or what in states
            assert kind != "rule" or f"rules.{what}" in code.functions
            assert kind != "draw" or what in Decision.__members__


def test_every_parameter_is_read_somewhere():
    assert set(feeds().readers) == set(parameter_patterns())


def test_patterns_cover_every_parameter():
    patterns = [pattern.split(".") for pattern in parameter_patterns()]
    for path, _ in load("border-closure-2020").parameters():
        parts = path.split(".")
        fits = [
            one
            for one in patterns
            if len(one) == len(parts)
            and all(want in ("*", got) for want, got in zip(one, parts, strict=True))
        ]
        assert len(fits) == 1, path
