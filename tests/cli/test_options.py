"""Every pair of options of every command is honoured, or refused in one line."""

import ast
import inspect
import re
from itertools import combinations
from typing import Any

import pytest
from tests.commands import COMMANDS, kind_of, options_of

from amnok.cli import main

# Each option with a value that its command can parse, and, in `REFUSED`, the pairs that do not go
# together. A new option makes the first test fail: add it here, and see which pairs it is in.
OPTIONS: dict[str, dict[str, str | None]] = {
    "ask": {
        "--reliability": "C",
        "--shift": "0.1",
        "--ledger": "l.yaml",
        "--bank": "folder",
        "--for": "value_crossed",
        "--choose": "base,hard",
        "--most": None,
        "--given": "folder",
        "--set": "a=1",
        "--seed": "3",
        "--json": None,
    },
    "bank": {
        "--draws": "4",
        "--policy": "hard",
        "--variant": "selection",
        "--ledger": "l.yaml",
        "--policies": "p.yaml",
        "--set": "a=1",
        "--traders": "40",
        "--full": "2",
        "--seed": "3",
        "--out": "folder",
        "--threads": "2",
        "--workers": "2",
        "--scheduler": "tcp://127.0.0.1:1",
        "--json": None,
    },
    "infer": {
        "--data": "d.csv",
        "--bank": "folder",
        "--template": "t.csv",
        "--check": None,
        "--shift": "0.1",
        "--set": "a=1",
        "--seed": "3",
        "--out": "folder",
        "--json": None,
    },
    "scenarios": {"--json": None},
    "runs": {"--csv": "r.csv", "--json": None},
    "schema": {},
    "show": {"--json": None},
    "policies": {"--policies": "p.yaml", "--json": None},
    "evidence list": {"--ledger": "l.csv", "--json": None},
    "evidence show": {"--ledger": "l.csv", "--json": None},
    "evidence check": {
        "--ledger": "l.csv",
        "--seed": "3",
        "--draws": "20",
        "--out": "folder",
        "--threads": "2",
        "--json": None,
    },
    "evidence judge": {
        "--ledger": "l.csv",
        "--replicates": "4",
        "--seed": "3",
        "--draws": "20",
        "--out": "folder",
        "--threads": "2",
        "--json": None,
    },
    "evidence effect": {
        "--ledger": "l.csv",
        "--seed": "3",
        "--draws": "20",
        "--out": "folder",
        "--threads": "2",
        "--json": None,
    },
    "evidence matrix": {
        "--scenario": "tiny",
        "--policies": "p.yaml",
        "--ledger": "l.csv",
        "--replicates": "4",
        "--seed": "3",
        "--threads": "2",
        "--json": None,
    },
    "evidence gaps": {"--ledger": "l.csv", "--json": None},
    "evidence add": {"--scenario": "tiny", "--json": None},
    "evidence amend": {"--set": "a=1", "--scenario": "tiny", "--json": None},
    "evidence retract": {"--scenario": "tiny", "--json": None},
    "evidence merge": {
        "--prefer": "first",
        "--scenario": "tiny",
        "--json": None,
    },
    "evidence provenance": {"--out": "p.json"},
    "evidence export": {"--ledger": "l.csv", "--format": "csv", "--out": "l.csv"},
    "odd": {"--set": "a=1", "--out": "odd.md"},
    "check": {
        "--set": "a=1",
        "--explain": "guards",
        "--first": "3",
        "--of": "arrests",
        "--json": None,
    },
    "compare": {
        "--seed": "3",
        "--replicates": "4",
        "--set": "a=1",
        "--policies": "p.yaml",
        "--from": "2030-03-01",
        "--to": "2030-04-01",
        "--csv": "d.csv",
        "--hub": "h.csv",
        "--out": "folder",
        "--threads": "2",
        "--effect-of": "cn_october",
        "--given": "folder",
        "--json": None,
    },
    "effects": {
        "--seed": "3",
        "--replicates": "4",
        "--set": "a=1",
        "--from": "2030-03-01",
        "--to": "2030-04-01",
        "--by": "size",
        "--csv": "d.csv",
        "--robust": None,
        "--draws": "20",
        "--out": "folder",
        "--save": "f.gz",
        "--threads": "2",
        "--json": None,
    },
    "exploit": {"--json": None},
    "explore": {
        "--seed": "3",
        "--replicates": "4",
        "--guesses": "f.gz",
        "--bank": "folder",
        "--ledger": "l.yaml",
        "--port": "8765",
        "--browser": None,
    },
    "report": {
        "--out": "r.html",
        "--patterns": "p.json",
        "--about": "vote",
        "--guesses": "f.gz",
        "--bank": "folder",
        "--ledger": "l.yaml",
        "--json": None,
    },
    "run": {
        "--seed": "3",
        "--replicates": "4",
        "--set": "a=1",
        "--out": "folder",
        "--repeat": "manifest.json",
        "--threads": "2",
        "--tables": None,
        "--effects": None,
        "--given": "folder",
    },
    "new": {
        "--sector": "a",
        "--goods": "a",
        "--inner": "A",
        "--outer": "B",
        "--mechanism": "all",
        "--channel": "river",
        "--agency": "marines:patrol:a",
        "--currency": "EUR",
        "--start": "2030-05-01",
        "--end": "2030-06-01",
        "--out": "o.yaml",
    },
    "plot": {
        "--out": "o.png",
        "--chart": "arrests",
        "--from": "2030-03-01",
        "--to": "2030-04-01",
        "--size": "slide",
        "--about": "vote",
        "--guesses": "f.gz",
    },
    "score": {
        "--data": "d.csv",
        "--since": "2030-05-01",
        "--until": "2030-06-01",
        "--moves": None,
        "--set": "a=1",
        "--replicates": "4",
        "--draws": "4",
        "--seed": "3",
        "--out": "o.csv",
        "--threads": "2",
        "--json": None,
    },
    "solve": {"--exact": None, "--out": "a.json", "--json": None},
    "sweep": {
        "--grid": "quota.arrests=1,2",
        "--over": "assumptions",
        "--draws": "4",
        "--sobol": "4",
        "--points": "p.csv",
        "--policy": "hard",
        "--policies": "p.yaml",
        "--set": "a=1",
        "--seed": "3",
        "--replicates": "4",
        "--out": "folder",
        "--threads": "2",
        "--workers": "2",
        "--scheduler": "tcp://127.0.0.1:1",
    },
    "sensitivity": {"--where": "cn", "--json": None},
    "regret": {"--where": "cn", "--most": None, "--json": None},
    "discover": {
        "--lower": "a",
        "--higher": "b",
        "--not-lower": "c",
        "--not-higher": "d",
        "--json": None,
    },
    "verify": {
        "--set": "a=1",
        "--replicates": "4",
        "--seed": "3",
        "--ablate": None,
        "--robust": None,
        "--draws": "20",
        "--out": "folder",
        "--data": "p.csv",
        "--since": "2020-01-27",
        "--until": "2020-03-27",
        "--moves": None,
        "--between": "quiet:sweep",
        "--relative-to": "hyesan",
        "--threads": "2",
        "--json": None,
        "--html": "v.html",
    },
}
REFUSED: dict[str, set[tuple[str, str]]] = {
    "check": {("--explain", "--first")},
    "bank": {
        ("--threads", "--workers"),
        ("--threads", "--scheduler"),
        ("--workers", "--scheduler"),
    },
    "infer": {
        ("--template", "--data"),
        ("--template", "--bank"),
        ("--template", "--check"),
        ("--template", "--shift"),
        ("--template", "--seed"),
        ("--template", "--out"),
        ("--template", "--json"),
    },
    "compare": {
        ("--effect-of", "--policies"),
        ("--effect-of", "--out"),
        ("--effect-of", "--hub"),
        ("--effect-of", "--given"),
    },
    "effects": {
        (one, other)
        for one in ("--robust", "--draws", "--out", "--save")
        for other in ("--replicates", "--from", "--to", "--by")
    },
    "report": {
        ("--json", "--out"),
        ("--json", "--patterns"),
        ("--json", "--bank"),
        ("--json", "--ledger"),
    },
    "score": {("--replicates", "--draws")},
    "run": {
        ("--repeat", "--seed"),
        ("--repeat", "--replicates"),
        ("--repeat", "--set"),
        ("--repeat", "--given"),
    },
    "sweep": {
        ("--grid", "--over"),
        ("--grid", "--points"),
        ("--over", "--points"),
        ("--draws", "--sobol"),
        ("--sobol", "--policy"),
        ("--draws", "--grid"),
        ("--draws", "--points"),
        ("--sobol", "--grid"),
        ("--sobol", "--points"),
        ("--threads", "--workers"),
        ("--threads", "--scheduler"),
        ("--workers", "--scheduler"),
    },
    "verify": {
        ("--data", "--ablate"),
        ("--data", "--robust"),
        ("--data", "--out"),
        ("--robust", "--html"),
    },
}
# Options that a command cannot do without.
ALWAYS = {"score": ("--data", "--since")}
# What an option needs beside it to mean anything.
NEEDS: dict[str, dict[str, str]] = {
    "ask": {"--most": "--choose"},
    "bank": {"--policies": "--variant"},
    "check": {"--of": "--first"},
    "effects": dict.fromkeys(("--draws", "--out", "--save"), "--robust"),
    "evidence check": dict.fromkeys(("--seed", "--out", "--threads"), "--draws"),
    "evidence judge": {"--out": "--draws"},
    "plot": dict.fromkeys(("--from", "--to", "--size", "--about", "--guesses"), "--chart"),
    "sweep": {"--draws": "--over", "--sobol": "--over", "--policies": "--policy"},
    "verify": {
        "--draws": "--robust",
        "--out": "--robust",
        **dict.fromkeys(("--since", "--between", "--relative-to"), "--data"),
        **dict.fromkeys(("--until", "--moves"), "--since"),
    },
}
ARGUMENTS: dict[str, list[str]] = {
    "ask": ["tiny"],
    "bank": ["tiny"],
    "infer": ["tiny"],
    "check": ["tiny"],
    "evidence show": ["W1"],
    "evidence effect": ["W1"],
    "evidence matrix": ["hard"],
    "evidence provenance": ["run"],
    "evidence add": ["l.yaml"],
    "evidence amend": ["l.yaml", "W1", "misread"],
    "evidence retract": ["l.yaml", "W1", "withdrawn"],
    "evidence merge": ["a.yaml", "b.yaml", "c.yaml"],
    "compare": ["tiny", "hard"],
    "exploit": ["run"],
    "report": ["run"],
    "show": ["run"],
    "plot": ["run"],
    "solve": ["game.yaml"],
    "new": ["border"],
    "score": ["tiny"],
    "sweep": ["tiny"],
    "sensitivity": ["folder", "arrests"],
    "regret": ["folder", "arrests"],
    "discover": ["folder", "hard"],
}


def written(command, *names):
    words = []
    for name in names:
        value = OPTIONS[command][name]
        words += [name] if value is None else [name, value]
    return words


def with_needs(command, names):
    """The options with what they need, and what that needs."""
    needs = NEEDS.get(command, {})
    names = list(dict.fromkeys((*ALWAYS.get(command, ()), *names)))
    for name in names:
        if name in needs and needs[name] not in names:
            names.append(needs[name])
    return names


def is_refused(command, names):
    refused = {frozenset(pair) for pair in REFUSED.get(command, set())}
    return any(frozenset(pair) in refused for pair in combinations(names, 2))


PAIRS = [
    (command, pair) for command, options in OPTIONS.items() for pair in combinations(options, 2)
]


def test_every_option_of_every_command_is_classified():
    known = {
        name: {option.opts[-1] for option in options_of(name) if option.name != "help"}
        for name in COMMANDS
    }
    assert known == {name: set(options) for name, options in OPTIONS.items()}


def test_an_option_means_the_same_in_every_command():
    """By its name it takes the same kind of value, as often, and its help begins alike."""
    told: dict[str, dict[str, tuple[Any, ...]]] = {}
    for command in COMMANDS:
        for option in options_of(command):
            name, kind = option.opts[-1], kind_of(option)
            assert option.help, f"{command} {name} says nothing of itself"
            if option.name != "help":
                words = tuple(re.findall(r"[\w-]+", option.help)[:2])
                told.setdefault(name, {})[command] = (kind, option.nargs, words)
    apart = {name: one for name, one in told.items() if len(set(one.values())) > 1}
    assert not apart


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_read_by_its_command(command):
    """What reaches a command goes on from there."""
    function = inspect.unwrap(COMMANDS[command].callback)
    tree = ast.parse(inspect.getsource(function))
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert set(inspect.signature(function).parameters) <= read


@pytest.fixture
def reached(monkeypatch):
    """What reaches a command that does nothing."""

    def reached(command, words):
        told = {}
        monkeypatch.setattr(COMMANDS[command], "callback", lambda **given: told.update(given))
        one = COMMANDS[command]
        with one.make_context(command, [*ARGUMENTS.get(command, []), *words]) as context:
            one.invoke(context)
        return told

    return reached


@pytest.mark.parametrize(("command", "pair"), PAIRS)
def test_a_pair_is_honoured_or_refused(command, pair, reached, capsys):
    names = with_needs(command, pair)
    words = written(command, *names)
    if not is_refused(command, names):
        told = reached(command, words)
        defaults = {option.opts[-1]: option for option in options_of(command)}
        for name in names:
            assert told[defaults[name].name] not in (None, False, (), [])
        return
    assert main([*command.split(), *ARGUMENTS.get(command, []), *words]) == 2
    out, errors = capsys.readouterr()
    assert out == ""
    assert len(errors.splitlines()) == 1
    assert any(name in errors for name in names)


@pytest.mark.parametrize(
    ("command", "name", "other"),
    [(command, name, other) for command, one in NEEDS.items() for name, other in one.items()],
)
def test_an_option_that_says_nothing_alone_is_refused(command, name, other, capsys):
    assert main([*command.split(), *ARGUMENTS.get(command, []), *written(command, name)]) == 2
    errors = capsys.readouterr().err
    assert len(errors.splitlines()) == 1
    assert f"{name} says nothing without " in errors
    assert other in errors


@pytest.mark.parametrize(
    ("command", "option"),
    [
        (command, option)
        for command, options in OPTIONS.items()
        for option in options
        if not next(one for one in options_of(command) if one.opts[-1] == option).multiple
    ],
)
def test_an_option_of_one_value_that_is_given_twice_is_refused(command, option, capsys):
    words = with_needs(command, [option])
    given = [*ARGUMENTS.get(command, []), *written(command, option), *written(command, *words)]
    assert main([*command.split(), *given]) == 2
    errors = capsys.readouterr().err
    assert f"{option} is given twice" in errors
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("option", ["--replicates", "--threads", "--draws", "--workers"])
def test_what_cannot_be_counted_is_refused(option, capsys):
    for number in (10**9 + 1, 10**30):
        assert main(["sweep", "tiny", "--over", "quota.arrests", option, str(number)]) == 2
        assert f"{option} is more than 1,000,000,000" in capsys.readouterr().err


@pytest.mark.parametrize("command", [one for one in COMMANDS if "--seed" in OPTIONS[one]])
def test_a_seed_has_64_bits(command, reached, capsys):
    words = written(command, *with_needs(command, ["--seed"]))
    at = words.index("--seed") + 1
    words[at] = str(2**64 - 1)
    assert reached(command, words)["seed"] == 2**64 - 1
    words[at] = str(2**64)
    assert main([*command.split(), *ARGUMENTS.get(command, []), *words]) == 2
    assert "--seed is more than 18,446,744,073,709,551,615" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["--grid", "quota.arrests=1,2", "--grid", "quota.arrests=3"],
        ["--grid", "quota.arrests=1", "--grid", "quota.arrests=1"],
        [],
        ["--policy", "hard"],
        ["--over", "quota.arrests", "--over", "quota.arrests"],
        ["--over", "assumptions", "--over", "quota.arrests"],
    ],
)
def test_a_sweep_that_says_not_what_is_swept_is_refused(words, capsys, tmp_path):
    words = [word.replace("hard", "nothing") for word in words]
    assert main(["sweep", "sino-korean-border", *words, "--out", str(tmp_path / "s")]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not (tmp_path / "s").exists()
