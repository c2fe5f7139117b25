"""Ordinary environments: long names, no home, closed and full outputs. One line, or no word."""

import os
import shlex
import subprocess
import sys

import pytest
from tests.paths import TINY

from amnok.cli import main
from amnok.errors import visible
from amnok.scenario import load_text

LONG = "x" * 5000
# Every command that reads or writes a place that is named.
PLACES = [
    "check {}",
    "ledger {}",
    "policies {}",
    "policies {tiny} --policies {}",
    "odd {tiny} --out {}",
    "show {}",
    "plot {}",
    "report {}",
    "exploit {}",
    "solve {}",
    "compare {tiny} none --policies {}",
    "compare {tiny} none --out {}",
    "explore {} --no-browser",
    "run {tiny} --out {}",
    "run --repeat {}",
    "sweep {tiny} --points {}",
    "sensitivity {} arrests",
    "regret {} arrests",
    "discover {} hard --lower arrests",
    "verify {tiny} --prices {}",
]
ODD = {
    "long": LONG,
    "deep": "/".join(["d"] * 3000),
    "long part": f"a/{LONG}/b",
    "below a file": str(TINY / "scenario.yaml" / "x" / "y"),
    "below a device": "/dev/null/x",
    "marks": "a\u202eb\u2066c\x1b[31m",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("command", PLACES)
def test_a_place_that_cannot_be_is_one_line(command, name, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = [ODD[name] if word == "{}" else word for word in command.split()]
    if name == "marks" and ("--out" in words or "{tiny} {}" in command):
        words = ["check", ODD[name]]  # such a name may be written to
    status = main([str(TINY) if word == "{tiny}" else word for word in words])
    _, errors = capsys.readouterr()
    assert status == 2
    told = [line for line in errors.splitlines() if line.startswith("error: ")]
    assert 1 <= len(told) <= 2
    assert max(map(len, told)) < 1000
    assert "Traceback" not in errors
    assert visible(errors) == errors


def amnok(words, shell="", **environment):
    """Exit status, standard output and error of a process of its own."""
    changed = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    kept = {name: value for name, value in changed.items() if value is not None}
    line = f"set -o pipefail; {shlex.join([sys.executable, '-m', 'amnok', *words])} {shell}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=kept, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [
        {"HOME": None},
        {"HOME": ""},
        {"HOME": "/proc/nowhere"},
        {"HOME": "/dev/null"},
        {"HOME": None, "XDG_CACHE_HOME": "/proc/nowhere"},
        {"NUMBA_CACHE_DIR": "/proc/nowhere"},
        {"NUMBA_CACHE_DIR": LONG},
        {"NUMBA_CACHE_DIR": "/dev/null/x"},
        {"TMPDIR": "/nowhere"},
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TERM": "dumb", "COLUMNS": "0"},
    ],
)
def test_odd_environments_do_no_harm(environment):
    status, out, errors = amnok(["check", str(TINY)], **environment)
    assert (status, errors) == (0, "")
    assert "tiny-border is valid" in out


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_becomes_of_an_output(options):
    words = ["check", str(TINY), *options]
    assert amnok(words, ">/dev/full")[0] == 2
    assert "cannot be written" in amnok(words, ">/dev/full")[2]
    assert amnok(words, "| true")[0] == 141
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        status, _, errors = amnok(words, closed)
        assert status in (0, 2)
        assert "Traceback" not in errors


MARKS = ["\u202e", "\u202d", "\u2066", "\u2069", "\u200f", "\u061c", "\u2060", "\ufeff"]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("way", ["plain", "quoted", "escaped"])
def test_marks_in_labels_are_shown_as_such(mark, way):
    """Wherever a label is shown, it comes from what was read."""
    written = {
        "plain": f"Ho{mark}ney",
        "quoted": f'"Ho{mark}ney"',
        "escaped": f'"Ho\\u{ord(mark):04x}ney"',
    }[way]
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    scenario = load_text(text.replace("label: Honey", f"label: {written}"), "tiny")
    assert scenario.goods["honey"].label == f"Ho\\u{ord(mark):04x}ney"


@pytest.mark.parametrize("text", ["한국", "שלום", "e\u0301", "👩‍👧", "a\tb", "–", "\xa0"])
def test_letters_of_all_scripts_stay(text):
    assert visible(text) == text
