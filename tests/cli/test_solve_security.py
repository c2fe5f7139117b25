"""Games of security and interdiction in files, as people meet them."""

import json
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs" / "games"

VALUES = {
    "security": ("value to the defender", -13 / 11),
    "security-schedules": ("value to the defender", -72 / 29),
    "interdiction-evader": ("chance of a catch", 4 / 13),
    "interdiction-shortest-path": ("length of the shortest way", 8),
}


@pytest.mark.parametrize("name", VALUES)
def test_values_of_the_examples(amnok, name):
    what, value = VALUES[name]
    answer = json.loads(amnok("solve", DOCS / f"{name}.yaml", "--json").out)
    assert answer["values"][what] == pytest.approx(value)


def text(name: str, old: str, new: str) -> str:
    whole = (DOCS / f"{name}.yaml").read_text()
    assert old in whole
    return whole.replace(old, new)


FAULTS = [
    ("security", "resources: 1", "resources: 1.5", "resources: is 1.5, must be a whole number"),
    ("security", "resources: 1", "resources: -1", "resources"),
    ("security", "defender_covered: 1, ", "", "targets.bridge: lacks defender_covered"),
    ("security", "{defender_covered: 1,", "{value: 2, defender_covered: 1,", "has value and"),
    ("security", "attacker_covered: -2", "attacker_covered: 8", "targets.depot.attacker_uncovered"),
    ("security-schedules", "[dam]", "[damm]", "schedules.dam only[0]: no target is called 'damm'"),
    ("security-schedules", "[dam]", "[dam, dam]", "schedules.dam only: names a target twice"),
    ("security-schedules", "[dam]", "[]", "schedules.dam only"),
    ("quantal-security", "[-9.85,", "[9.85,", "weights[0]: is 9.85, must be at most 0"),
    ("quantal-security", "resources: 1.5", "resources: 1\nrationality: 1", "beside weights"),
    ("bayesian-security", "chance: 0.7", "chance: 0.9", "types: the chances of all types add up"),
    (
        "bayesian-security",
        "ford: {defender_covered: -2,",
        "fork: {defender_covered: -2,",
        "types.large.targets: are not",
    ),
    ("interdiction-evader", "source: s", "source: x", "source: no arc leads from 'x'"),
    ("interdiction-evader", "detection: 0.8", "detection: 1.8", "arcs[3].detection"),
    ("interdiction-evader", "sink: t", "sink: s", "sink: is the source"),
    ("interdiction-shortest-path", "head: river", "head: sea", "sink: no arc leads to 'river'"),
    ("interdiction-shortest-path", "budget: 2", "budget: 2\nseconds: 0", "seconds"),
    ("interdiction-shortest-path", "length: 2, delay: 4", "length: -2, delay: 4", "arcs[0].length"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), FAULTS)
def test_faults_name_their_place(refused, tmp_path, name, old, new, told):
    (tmp_path / "game.yaml").write_text(text(name, old, new))
    assert told in "\n".join(refused("solve", "game.yaml"))


def test_ways_that_lead_nowhere(refused, tmp_path):
    (tmp_path / "game.yaml").write_text(
        "game: interdiction-evader\nsource: a\nsink: c\narcs:\n"
        "  - {tail: a, head: b, detection: 0.5}\n  - {tail: c, head: b, detection: 0.5}\n"
    )
    assert "no way leads from a to c" in "\n".join(refused("solve", "game.yaml"))


def test_all_faults_at_once(refused, tmp_path):
    (tmp_path / "game.yaml").write_text(
        "game: security\nresources: 1\ntargets:\n"
        "  a: {value: 3, attacker_covered: 1}\n  b: {}\n  c: {attacker_covered: 1}\n"
    )
    assert len(refused("solve", "game.yaml")) == 3


def test_without_the_solver_the_message_names_the_extra(refused, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "highspy", None)
    [line] = refused("solve", DOCS / "interdiction-shortest-path.yaml")
    assert "pip install 'amnok[solve]'" in line
