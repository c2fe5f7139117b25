"""No chance of a trip goes unwatched: each is held against how often it comes true in a run."""

import inspect
import re

from tests.statistical.test_consignment import ARMS, CASES, border

from amnok.mechanisms import NAMES
from amnok.world import chances

NOT_HELD: dict[str, str] = {}
"""Chances that no case counts, and why."""


def probabilities():
    return {name: one for name, one in vars(chances).items() if name.endswith("_probability")}


def test_each_chance_is_held_against_how_often_it_comes_true():
    held = {name for names in CASES.values() for name in names}
    assert probabilities().keys() - held == NOT_HELD.keys()


def test_each_mechanism_that_makes_a_chance_is_on_a_border_of_the_cases():
    """What is neutral there would leave its part in a chance untried."""
    text = "".join(inspect.getsource(inspect.unwrap(one)) for one in probabilities().values())
    borders = [border(arm) for arm in ARMS]
    there = {name for name in NAMES if any(one.has(name) for one in borders)}
    assert there.issuperset(set(re.findall(r"\brates\.(\w+)", text)) & set(NAMES))
