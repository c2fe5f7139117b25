"""The small border with policies of its own."""

import pytest
from tests.paths import TINY

POLICIES = """
policies:
  nothing: {label: Nothing changes, set: {sweep: "on"}}
  no_sweep: {label: No sweep, set: {sweep: "off"}}
  no_vote: {label: No vote, note: All stay in trade., set: {calendar.halts.spring_vote.strength: 0}}
  more_people: {label: More people, set: {traders.inner: 310}}
"""


@pytest.fixture(scope="session")
def tiny_path():
    return TINY


@pytest.fixture(scope="session")
def own_policies(tmp_path_factory):
    file = tmp_path_factory.mktemp("policies") / "mine.yaml"
    file.write_text(POLICIES)
    return file
