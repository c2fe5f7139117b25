"""Game files: what is read, what is refused, and the answers of those in the docs."""

import json
import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from amnok.allocation.certificate import Game
from amnok.errors import AmnokError
from amnok.games.files import games, quantity, solve

DOCS = Path(__file__).parents[2] / "docs" / "games"


def answer(tmp_path, text, exact=False):
    file = tmp_path / "game.yaml"
    file.write_text(text)
    return solve(file, exact)


def faults(tmp_path, text, exact=False):
    with pytest.raises(AmnokError) as caught:
        answer(tmp_path, text, exact)
    return [str(fault).removeprefix(str(tmp_path)) for fault in caught.value.faults]


@pytest.mark.parametrize("file", sorted(DOCS.glob("*.yaml")), ids=lambda file: file.stem)
def test_games_in_the_docs(file):
    found = solve(file)
    assert found.certificate.holds(1e-9)
    assert found.values
    for table in found.tables:
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_every_kind_of_game_is_in_the_docs():
    named = {file.read_text().split("game: ")[1].split()[0] for file in DOCS.glob("*.yaml")}
    assert named == set(games())


@pytest.mark.parametrize("form", games().values(), ids=list(games()))
def test_a_game_is_one_file_and_a_row_of_the_docs(form):
    own = vars(sys.modules[form.__module__]).values()
    mine = [one for one in own if getattr(one, "__module__", "") == form.__module__]
    assert [one for one in mine if isinstance(one, type) and issubclass(one, Game)]
    rows = [
        line
        for page in DOCS.parent.glob("games*.md")
        for line in page.read_text().splitlines()
        if line.startswith(f"| `{form.game}` |")
    ]
    keys = set(re.findall(r"`(\w+)", rows[0]))
    assert {name for name, field in form.model_fields.items() if field.is_required()} <= keys


def test_exact_answers(tmp_path):
    text = "game: recursive-inspection\nperiods: 5\ninspections: 2\nviolations: 2\npenalty: 1\n"
    assert answer(tmp_path, text, exact=True).values["value to the inspected"] == Fraction(9, 16)
    text = "game: one-shot-inspection\ngain: 0.1\npenalty: 1/5\ncost: 1\nloss: 3\n"
    values = answer(tmp_path, text, exact=True).values
    assert values == {"inspect": Fraction(1, 3), "violate": Fraction(1, 3)}


def test_plays_in_a_file(tmp_path):
    text = "game: recursive-inspection\nperiods: 3\ninspections: 1\npenalty: 1\nplays: 20000\n"
    values = answer(tmp_path, text).values
    error = values["standard error of that (inspected)"]
    assert abs(values["mean payoff to the inspected, 20,000 plays"] - 0.5) < 4 * error


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (1, "1"),
        (0.1, "1/10"),
        (1e-3, "1/1000"),
        ("2/6", "1/3"),
        ("-1 / 2", "-1/2"),
        (1e300, 10**300),
    ],
)
def test_quantities(written, meant):
    assert quantity(written) == Fraction(meant)


@pytest.mark.parametrize(
    "written", ["a", "1/0", "1/2/3", "", None, True, [1], float("nan"), "9" * 2000]
)
def test_what_is_no_quantity(written):
    with pytest.raises(ValueError, match="expected a number"):
        quantity(written)


def test_all_faults_at_once_with_their_lines(tmp_path):
    text = (
        "game: recursive-inspection\n"
        "periods: 0\n"
        "inspektions: 2\n"
        "penalty: -1/2\n"
        "violations: 1.5\n"
        "caught_loss: 1\n"
    )
    assert faults(tmp_path, text) == [
        "/game.yaml:1: missing key: inspections (add it)",
        "/game.yaml:2: periods: is 0, must be at least 1",
        "/game.yaml:3: inspektions: unknown key 'inspektions' (did you mean 'inspections'?)",
        "/game.yaml:4: penalty: is '-1/2', must be at least 0",
        "/game.yaml:5: violations: is 1.5, expected a whole number",
        "/game.yaml:6: caught_loss: is 1, must be below 1",
    ]


def test_faults_within_a_kind_have_their_place(tmp_path):
    text = (DOCS / "consignments.yaml").read_text().replace("leak_rate: 0.003", "leak_rate: 3")
    [fault] = faults(tmp_path, text)
    assert "kinds.textiles.leak_rate: is 3, must be at most 1" in fault


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("periods: 3\n", "no key 'game'"),
        ("game: recursive\nperiods: 3\n", "did you mean 'recursive-inspection'?"),
        ("game: 7\n", "no game is called 7"),
        ("game: [a]\n", "no game is called a list"),
        ("", "is empty"),
        ("- 1\n", "holds a list"),
        ("game: timeliness\ninspections: 101\n", "must be at most 100"),
        ("game: timeliness\nlength: 0\n", "length: is 0, must be more than 0"),
        (f"game: timeliness\nlength: {'9' * 400}/1\n", "must be a finite number"),
        (
            "game: recursive-inspection\nperiods: 3\ninspections: 1\npenalty: 1\ncaught_loss: -2\n"
            "commitment: true\n",
            "caught_loss: is -2.0, must be at least -penalty",
        ),
        (
            "game: recursive-inspection\nperiods: 100000\ninspections: 50000\n"
            "penalty: 1\nplays: 1\n",
            "stages",
        ),
    ],
)
def test_refused(tmp_path, text, message):
    [fault] = faults(tmp_path, text)
    assert message in fault
    assert "game.yaml" in fault


def test_no_exact_solution(tmp_path):
    [fault] = faults(tmp_path, "game: timeliness\n", exact=True)
    assert "has no solution in exact numbers (leave --exact out)" in fault


def test_missing_file(tmp_path):
    with pytest.raises(AmnokError, match="no such file"):
        solve(tmp_path / "none.yaml")


def test_answers_are_plain_json(tmp_path):
    from amnok.reporting import render
    from amnok.reporting.games import answer_sheet

    for file in DOCS.glob("*.yaml"):
        data = json.loads(render(answer_sheet(solve(file)), "json"))
        assert data["certificate"]["holds"] is True
