"""With --json, standard output holds JSON and nothing else, in any encoding."""

import json
import os
import subprocess
import sys

import pytest
import typer
from tests.paths import TINY

from amnok.cli.common import app

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
WITH_JSON = [
    *(
        name
        for name, command in COMMANDS.items()
        if any(one.opts[-1] == "--json" for one in command.params)
    ),
    *(
        f"evidence {name}"
        for name in COMMANDS["evidence"].commands
        if name not in ("export", "provenance")
    ),
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
PROGRAM = """
import ctypes, functools, os, subprocess, sys
from amnok.cli import main
from amnok.cli.common import app
from amnok.cli.options import print_json
name, noise, *words = sys.argv[1:]
def noisy(**_):
    exec(noise)
    print_json('{"label": "\ud55c\uad6d \U0001f600"}')
    exec(noise)
group, _, own = name.rpartition(" ")
home = app.registered_groups[0].typer_instance if group else app
for one in home.registered_commands:
    if own in (one.name, one.callback.__name__):
        one.callback = functools.wraps(one.callback)(noisy)
sys.exit(main([*name.split(), *words, "--json"]))
"""


def told(name, noise, **environment):
    words = [sys.executable, "-c", PROGRAM, name, noise, *ARGUMENTS.get(name, ["x"])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    done = subprocess.run(words, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout, done.stderr


@pytest.mark.parametrize("name", WITH_JSON)
def test_every_command_prints_json_alone(name):
    out, errors = told(name, NOISE["C"])
    assert json.loads(out) == {"label": "한국 😀"}
    assert errors.count(b"Running HiGHS") == 2


@pytest.mark.parametrize("noise", NOISE)
def test_whatever_a_library_prints(noise):
    out, errors = told("solve", NOISE[noise])
    assert json.loads(out) == {"label": "한국 😀"}
    assert errors.count(b"Running HiGHS") == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp949", "utf-16", "utf-8"])
def test_in_any_encoding(encoding):
    out, _ = told("solve", "pass", PYTHONIOENCODING=encoding)
    assert json.loads(out.decode(encoding)) == {"label": "한국 😀"}


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "koi8-r"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_labels_in_any_script_are_printed_in_any_encoding(encoding, options, tmp_path):
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    file = tmp_path / "한국.yaml"
    file.write_text(text.replace("label: Honey", "label: 꿀 мёд 😀"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "amnok", "check", str(file), *options],
        capture_output=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": encoding,
        },
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(encoding)
    assert b"tiny-border" in done.stdout
