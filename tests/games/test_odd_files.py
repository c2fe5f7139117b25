"""Game files as people write them: fractions, extreme numbers, nothing at all."""

import json

import numpy as np
import pytest

from amnok.cli import main
from amnok.games.marginals import allocations, check_allocations


@pytest.fixture
def solved(tmp_path, capsys):
    """`solved(text)`: exit status, the answer or None, and what was told on standard error."""

    def solved(text, *options):
        file = tmp_path / "game.yaml"
        file.write_text(text, encoding="utf-8")
        status = main(["solve", str(file), "--json", *options])
        out, errors = capsys.readouterr()
        return status, json.loads(out) if out else None, errors

    return solved


PAIRS = [
    (
        "game: security\nresources: {}\ntargets: {{a: {{value: {}}}, b: {{value: 2}}}}",
        [("2/2", "1"), ("3/4", "0.75")],
    ),
    (
        "game: quantal-security\nresources: {}\nrationality: {}\n"
        "targets: {{a: {{value: 1/4}}, b: {{value: 2}}}}",
        [("1/2", "0.5"), ("3/2", "1.5")],
    ),
    (
        "game: quantal-security\nresources: {}\nweights: [-10, {}, 0.1]\n"
        "targets: {{a: {{value: 1}}, b: {{value: 2}}}}",
        [("1/2", "0.5"), ("1/4", "0.25")],
    ),
    (
        "game: security\nresources: {}\ntargets: {{a: {{defender_covered: {}, "
        "defender_uncovered: -1, attacker_covered: -1/4, attacker_uncovered: 1/8}}}}",
        [("2/2", "1"), ("3/4", "0.75")],
    ),
]


@pytest.mark.parametrize(("text", "numbers"), PAIRS)
def test_fractions_are_taken_wherever_numbers_are(solved, text, numbers):
    fractions, decimals = zip(*numbers, strict=True)
    status, one, _ = solved(text.format(*fractions))
    assert status == 0
    assert one == solved(text.format(*decimals))[1]


@pytest.mark.parametrize("number", ["1/0", "one/3", "1/3/5", "a", "1//3", "9" * 400 + "/1"])
def test_what_is_no_number_is_one_fault(solved, number):
    text = f"game: security\nresources: 1\ntargets: {{a: {{value: {number}}}}}"
    status, answer, errors = solved(text)
    assert (status, answer) == (2, None)
    assert len(errors.splitlines()) == 1
    assert "targets.a.value" in errors


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("game: quantal-security\nresources: 1\nrationality: 1e300", "at most 10000 in size"),
        ("game: quantal-security\nresources: 1\nrationality: 1e5", "at most 10000 in size"),
        ("game: quantal-security\nresources: 1\nweights: [-1e308, 1, 1]", "at most 10000"),
        ("game: quantal-security\nresources: 1\nweights: [-1, 1e308, -1e308]", "at most 10000"),
        ("game: quantal-security\nresources: 1\nweights: [-1, 1e5, 1]", "at most 10000"),
    ],
)
def test_weights_that_leave_no_noise_are_refused(solved, text, told):
    """Warnings are errors here: NumPy's would show."""
    status, answer, errors = solved(text + "\ntargets: {a: {value: 10}, b: {value: 20}}")
    assert (status, answer) == (2, None)
    assert told in errors


@pytest.mark.parametrize("rationality", ["0", "1e-300", "1", "100", "2000"])
def test_weights_up_to_there_are_certified(solved, rationality):
    text = f"game: quantal-security\nresources: 1\nrationality: {rationality}"
    status, answer, _ = solved(text + "\ntargets: {a: {value: 1}, b: {value: 2}}")
    assert status == 0
    assert answer["certificate"]["holds"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "\n\n", "null\n"])
def test_an_empty_file_asks_for_no_scenario(solved, text):
    status, _, errors = solved(text)
    assert status == 2
    assert "empty" in errors
    assert "scenario" not in errors


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 violation"), (2, "2 violations"), (0, "0 violations")]
)
def test_counts_agree_with_their_nouns(solved, count, told):
    text = (
        f"game: recursive-inspection\nperiods: 3\ninspections: 1\npenalty: 1\nviolations: {count}"
    )
    assert told in solved(text)[1]["title"].split(", ")


@pytest.mark.parametrize("count", [2, 3, 7, 10, 30, 101])
def test_no_set_is_drawn_with_the_chance_of_a_rounding(count):
    chance = np.random.default_rng(count)
    for total in (1, 2, max(2, count // 3)):
        coverage = chance.dirichlet(np.ones(count)) * total
        coverage = np.minimum(np.round(coverage, 1), 1.0)
        lottery = allocations(coverage)
        assert lottery.chances.min() > 1e-12
        most = int(np.ceil(coverage.sum() - 1e-9))
        assert check_allocations(coverage, most, lottery) < 1e-12


def test_thirds_and_sixths_give_no_further_sets():
    lottery = allocations([1 / 3, 2 / 3, 1 / 6, 1 / 6, 1 / 3, 1 / 3])
    assert len(lottery.chances) == len([one for one in lottery.chances if one > 0.1])
    assert lottery.chances.sum() == pytest.approx(1.0, abs=1e-15)
