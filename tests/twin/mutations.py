"""A program: which mistakes in what a consignment risks or pays the twin notices.

Run it uncompiled.
`NUMBA_DISABLE_JIT=1 python -m tests.twin.mutations` simulates a short, busy spring once with the
twin and then with the engine, as it is and with each mistake in turn, and prints as JSON whether
the two told the same days.
"""

import json
import sys

from tests import twin
from tests.paths import TINY_MORE
from tests.twin.conftest import (
    assert_same,
    assert_same_books,
    state_of_engine,
    state_of_reference,
)
from tests.twin.test_same_day import BUSY

from amnok import engine
from amnok.scenario import load
from amnok.world import chances, consignment

SPRING = {
    **BUSY,
    "traders.inner": 50,
    "traders.outer": 25,
    "period.end": "2030-04-14",
    "period.spin_up": 10,
    "goods.honey.leak_rate": 0.05,
    "goods.lamps.leak_rate": 0.02,
    "traders.sizes.carrier.customs_access": 0.3,
    "guards.collusion": 0.9,
    "security_police.search_base": 0.15,
    "patrols.intercept_base": 0.15,
    "phones.calls_noticed": 0.5,
    "traders.sizes.carrier.protection_access": 0.5,
    "oversight.inspections.spring_audit.start": "2030-03-10",
    "oversight.inspections.spring_audit.days": 15,
}


def times(factor):
    """Makes a function's result so many times as large."""

    def mutate(function):
        return lambda *arguments: factor * function(*arguments)

    return mutate


def opposite(function):
    return lambda *arguments: not function(*arguments)


def both_times(factor):
    def mutate(function):
        return lambda *arguments: tuple(factor * one for one in function(*arguments))

    return mutate


def one_more(function):
    return lambda *arguments: function(*arguments) + 1.0


def bargaining_less(function):
    def wrong(*arguments):
        asked = function(*arguments)
        return asked._replace(bargaining_share=0.5 * asked.bargaining_share)

    return wrong


def all_hidden(function):
    def wrong(*arguments):
        return function(*arguments)._replace(off_books=1.0)

    return wrong


MUTATIONS = {
    "acceptance_probability": times(0.5),
    "agreed_price": times(1.1),
    "camera_probability": times(5.0),
    "carrying_cost": times(1.5),
    "customs_dues": both_times(1.1),
    "customs_stop_probability": times(3.0),
    "fine_cost": times(4.0),
    "fine_payment": times(1.1),
    "fine_probability": times(0.5),
    "guard_price": times(1.1),
    "is_deal": opposite,
    "is_passable": opposite,
    "item_check_cost": times(10.0),
    "items_carried": one_more,
    "load_of": times(2.0),
    "least_fee": times(1.5),
    "let_go_probability": times(0.5),
    "liability": times(0.2),
    "loss_belief_inspected": times(1.5),
    "notice_probability": times(1.5),
    "gain_of_worth": times(0.5),
    "look_probability": times(0.5),
    "off_books_penalty": times(1.1),
    "off_books_probability": times(0.5),
    "open_share": times(0.5),
    "own_margin": times(1.1),
    "papers": all_hidden,
    "papers_cost": times(4.0),
    "papers_dues": both_times(1.1),
    "partner_payment": times(1.1),
    "patrol_probability": times(1.5),
    "prior_fine": times(2.0),
    "prior_release": times(2.0),
    "punishment": times(0.1),
    "question_probability": times(10.0),
    "tap_level": times(0.5),
    "tap_probability": times(1.5),
    "release_payment": times(1.1),
    "search_factor": times(1.5),
    "search_probability": times(2.0),
    "seizure_probability": times(2.0),
    "stake": times(1.5),
    "terms": bargaining_less,
    "toll_cost": times(2.0),
    "transport_cost": times(1.1),
    "transport_ratio": times(1.1),
    "utility_scale": times(1.5),
    "value_before_fees": times(0.9),
}


def put_in_place(old, new):
    """Wherever Amnok has the one function under some name, put the other there."""
    for name, module in list(sys.modules.items()):
        if name.startswith("amnok."):
            for own, value in list(vars(module).items()):
                if value is old:
                    setattr(module, own, new)


def same_days(expected, scenario):
    """Whether the engine tells the twin's days: all books, and what everyone has earned."""
    outcome = engine.simulate(scenario, seed=3)
    try:
        assert_same_books(outcome.books, expected.books)
        found, right = state_of_engine(outcome.state), state_of_reference(expected.border)
        assert_same(found["cash"], right["cash"], "cash")
    except AssertionError:
        return False
    return True


def main():
    scenario = load(TINY_MORE, [f"{path}={value}" for path, value in SPRING.items()])
    expected = twin.simulate(scenario, seed=3)
    found = {"nothing": same_days(expected, scenario)}
    for name, mutate in MUTATIONS.items():
        right = getattr(chances, name, None) or getattr(consignment, name)
        wrong = mutate(right)
        put_in_place(right, wrong)
        found[name] = same_days(expected, scenario)
        put_in_place(wrong, right)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
