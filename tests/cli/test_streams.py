"""Streams that are closed or full, and terminals of sizes that none has."""

import errno
import io
import os
import runpy
import subprocess
import sys
import types

import pytest

from amnok.cli.main import main

CLOSED = """
import os, sys
os.close({number})
from amnok.cli.main import main
assert main(["show", "nothing"]) == 2
with open(sys.argv[1], "w") as file:
    assert file.fileno() > 2
    os.write({number}, b"what a library prints")
"""


@pytest.mark.parametrize("name", ["COLUMNS", "LINES", "TERMINAL_WIDTH"])
@pytest.mark.parametrize("told", ["1000000000", "9" * 30, "\u00b2", "-5", "abc", "0", "", "٣"])
def test_a_terminal_may_say_any_size(name, told, monkeypatch, capsys):
    monkeypatch.setenv(name, told)
    assert main(["show", "--help"]) == 0
    assert "Print the summary of a saved run" in " ".join(capsys.readouterr().out.split())


# A process takes a second to begin: one in the fast lane.
@pytest.mark.parametrize(
    "number", [1, *(pytest.param(one, marks=pytest.mark.slow) for one in (0, 2))]
)
def test_no_file_takes_the_place_of_a_stream(tmp_path, number):
    script = CLOSED.format(number=number)
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "file")], check=True)
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.skipif(os.name != "posix", reason="how a shell closes a stream")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("show nothing", 2),
        pytest.param("show nothing --json", 2, marks=pytest.mark.slow),
        pytest.param("run --nothing --json", 2, marks=pytest.mark.slow),
    ],
)
def test_no_message_takes_the_place_of_an_answer(words, status):
    command = f"'{sys.executable}' -m amnok {words} 2>&-"
    done = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, text=True)
    assert (done.returncode, done.stdout) == (status, "")


class Full(io.StringIO):
    """A stream to a disk without room."""

    def write(self, _):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("given", [["show", "nothing"], ["show", "--nothing"], ["no-command"]])
def test_an_error_that_nobody_can_read_keeps_its_status(given, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Full())
    assert main(given) == 2


def test_a_key_pressed_while_a_command_is_read_in_ends_it_without_a_word(monkeypatch, capsys):
    def pressed(_):
        raise KeyboardInterrupt

    being_read = types.ModuleType("amnok.cli")
    monkeypatch.setattr(being_read, "__getattr__", pressed, raising=False)
    monkeypatch.setitem(sys.modules, "amnok.cli", being_read)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("amnok", run_name="__main__")
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")
