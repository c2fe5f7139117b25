"""With --json, standard output holds JSON and nothing else, in any encoding."""

import io
import json
import os
import subprocess
import sys

import pytest
from tests.commands import COMMANDS, options_of
from tests.paths import TINY

from amnok.cli import main

WITH_JSON = [
    name for name in COMMANDS if "--json" in {option.opts[-1] for option in options_of(name)}
]
ARGUMENTS = {
    "compare": ["a", "b"],
    "evidence list": [],
    "evidence check": [],
    "evidence gaps": [],
    "evidence judge": [],
    "evidence add": ["x"],
    "evidence amend": ["x", "x", "x"],
    "evidence retract": ["x", "x", "x"],
    "evidence merge": ["a", "b", "x"],
    "discover": ["a", "b"],
    "effects": [],
    "regret": ["a", "b"],
    "scenarios": [],
    "score": ["x", "--data", "d.csv", "--since", "2030-03-01"],
    "sensitivity": ["a", "b"],
    "verify": [],
}
# What a library may do: Python, the system, C with a buffer of its own.
NOISE = {
    "python": "print('Running HiGHS 1.16')",
    "python without an end": "sys.stdout.write('Running HiGHS')",
    "system": "os.write(1, b'Running HiGHS 1.16')",
    "C": "ctypes.CDLL(None).puts(b'Running HiGHS 1.16')",
    "C without an end": "ctypes.CDLL(None).printf(b'Running HiGHS')",
    "a child": "subprocess.run(['echo', 'Running HiGHS'], check=True)",
}
# One process for all commands: what each prints stands after a line with its name.
PROGRAM = """
import ctypes, functools, json, os, subprocess, sys
from amnok.cli import main
from amnok.cli.common import app
from amnok.cli.options import print_json
noise, commands = sys.argv[1], json.loads(sys.argv[2])
def noisy():
    exec(noise)
    print_json('{"label": "\ud55c\uad6d \U0001f600"}')
    exec(noise)
for name, words in commands.items():
    group, _, own = name.rpartition(" ")
    home = app.registered_groups[0].typer_instance if group else app
    for one in home.registered_commands:
        if own in (one.name, one.callback.__name__):
            one.callback = functools.wraps(one.callback)(lambda **_: noisy())
for name, words in commands.items():
    sys.stdout.flush()
    ctypes.CDLL(None).fflush(None)
    print(SEPARATOR + name, flush=True)
    print(SEPARATOR + name, flush=True, file=sys.stderr)
    if status := main([*name.split(), *words, "--json"]):
        sys.exit(status)
"""
SEPARATOR = "== "


def told(names, noise, **environment):
    """By command: what it prints to standard output and error, while a library prints too."""
    commands = {name: ARGUMENTS.get(name, ["x"]) for name in names}
    program = f"SEPARATOR = {SEPARATOR!r}{PROGRAM}"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    done = subprocess.run(
        [sys.executable, "-c", program, noise, json.dumps(commands)],
        capture_output=True,
        env=environment,
        check=False,
    )
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    assert done.returncode == 0, done.stderr.decode(encoding)
    parts = [one.decode(encoding).split(SEPARATOR)[1:] for one in (done.stdout, done.stderr)]
    out, errors = (dict(part.split("\n", 1) for part in parted) for parted in parts)
    return {name: (out[name], errors[name]) for name in names}


def test_every_command_prints_json_alone():
    found = told(WITH_JSON, NOISE["C"])
    assert len(found) > 25
    for out, errors in found.values():
        assert json.loads(out) == {"label": "한국 😀"}
        assert errors.count("Running HiGHS") == 2


@pytest.mark.parametrize("noise", NOISE)
def test_whatever_a_library_prints(noise):
    ((out, errors),) = told(["solve"], NOISE[noise]).values()
    assert json.loads(out) == {"label": "한국 😀"}
    assert errors.count("Running HiGHS") == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp949", "utf-16", "utf-8"])
def test_in_any_encoding(encoding, monkeypatch, tmp_path):
    game = "game: security\nresources: 1\ntargets: {한국: {value: 1}, 😀: {value: 2}}\n"
    (tmp_path / "game.yaml").write_text(game, encoding="utf-8")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["solve", str(tmp_path / "game.yaml"), "--json"]) == 0
    sys.stdout.flush()
    told = raw.getvalue().decode(encoding)
    assert "한국" in str(json.loads(told))
    assert "😀" in str(json.loads(told))


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """A border with labels in other scripts, in a file named so."""
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    file = tmp_path_factory.mktemp("labels") / "한국.yaml"
    file.write_text(text.replace("label: Honey", "label: 꿀 мёд 😀"), encoding="utf-8")
    return file


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "koi8-r"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_labels_in_any_script_are_printed_in_any_encoding(encoding, options, foreign, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    assert main(["check", str(foreign), *options]) == 0
    sys.stdout.flush()
    assert "tiny-border" in raw.getvalue().decode(encoding)


@pytest.mark.parametrize(("encoding", "options"), [("ascii", []), ("cp1252", ["--json"])])
def test_labels_are_printed_by_a_process(encoding, options, foreign):
    environment = {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [sys.executable, "-m", "amnok", "check", str(foreign), *options],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(encoding)
    assert b"tiny-border" in done.stdout
