"""Commands on terminals of any width and encoding, and in pipes."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from tests.commands import COMMANDS as KNOWN
from tests.commands import options_of
from tests.paths import TINY

from amnok.cli import main
from amnok.cli.common import BROKEN_PIPE

GAMES = Path(__file__).parents[2] / "docs" / "games"
LABELS = {"Honey": "경계", "Lamps": "مصابيح", "Dealer": "De\u0301a\u202eler"}
NUMBER = re.compile(r"(?<![\w.,])[-+]?\d[\d,.]*[kMB%]?(?![\w])")
FEW = ("--set", "traders.inner=40", "--set", "traders.outer=20", "--set", "period.end=2030-03-20")
STRONG = ("--grid", "orders.april_sweep.intensity=0,3", "--grid", "guards.penalty=1,2,3")
GRID, UNDER = STRONG, ("--policy", "no_sweep", "--policies", "mine.policies.yaml")
BANK = ("--draws", "250", "--full", "0", *FEW)
ABOUT = ("--scenario", "mine.yaml")
STARTED = [
    *("--sector", "a", "--goods", "b", "--inner", "경계", "--outer", "De\u0301aler"),
    *("--mechanism", "guards"),
]
CLAIMS = (
    "claim,report,title,publisher,date,reliability,text,place,mechanisms,credibility\n"
    "N1,N,Nights,The Courier,2031-05-06,B,Guards sleep at night,the ford,guards,4\n"
)
QUICK = {
    "scenarios": ["scenarios"],
    "check": ["check", "mine.yaml"],
    "evidence list": ["evidence", "list", "mine.yaml"],
    "evidence show": ["evidence", "show", "W1", "mine.yaml"],
    "evidence check": ["evidence", "check", "mine.yaml"],
    "policies": ["policies"],
    "solve": ["solve", str(GAMES / "security.yaml")],
}
COMMANDS = QUICK | {
    "run": ["run", "mine.yaml"],
    "show": ["show", "saved"],
    "runs": ["runs", "."],
    "exploit": ["exploit", "saved"],
    "compare": [
        *("compare", "mine.yaml", "no_sweep"),
        *("--policies", "mine.policies.yaml", "--replicates", "2"),
    ],
    "effects": ["effects", "mine.yaml", "--replicates", "2"],
    "score": [
        *("score", "mine.yaml", "--data", "data.csv", "--since", "2030-03-10"),
        *("--replicates", "2"),
    ],
    "verify": ["verify", "mine.yaml", "--replicates", "2"],
    "sensitivity": ["sensitivity", "sobol", "bribes", "--where", "guards"],
    "regret": ["regret", "draws", "detention", "--where", "low, carrier"],
    "infer": ["infer", "mine.yaml", "--data", "seen.csv", "--bank", "bank", *FEW],
    "ask": ["ask", "mine.yaml", "--bank", "bank", "--for", "value_crossed", *FEW],
    "evidence judge": ["evidence", "judge", "mine.yaml", "--replicates", "2"],
    "evidence effect": ["evidence", "effect", "W1", "mine.yaml", "--draws", "20"],
    "evidence matrix": [
        *("evidence", "matrix", "no_sweep", "--scenario", "mine.yaml"),
        *("--policies", "mine.policies.yaml", "--replicates", "2"),
    ],
    "discover": ["discover", "grid", "no_sweep", "--lower", "questionings"],
}
WITHOUT_JSON = {"run"}
# What prints no numbers in tables: a text for other programs, a name of a file, ids of claims.
TEXTS = {
    "schema": ["schema"],
    "odd": ["odd", "mine.yaml"],
    "evidence export": ["evidence", "export", "mine.yaml"],
    "evidence gaps": ["evidence", "gaps", "mine.yaml"],
    "evidence provenance": ["evidence", "provenance", "saved"],
    "plot": ["plot", "saved", "--out", "p.png"],
    "report": ["report", "saved", "--out", "r.html"],
}
# What writes files or folders, and says on standard error or in a table what it did.
WRITES = {
    "sweep": ["sweep", "mine.yaml", *GRID, *UNDER, "--out", "grid"],
    "bank": ["bank", "mine.yaml", *BANK, "--out", "bank"],
    "evidence add": ["evidence", "add", "l.yaml", "claims.csv", *ABOUT],
    "evidence amend": [
        *("evidence", "amend", "l.yaml", "N1", "misread \u202e경계", *ABOUT),
        *("--set", "credibility=5"),
    ],
    "evidence retract": ["evidence", "retract", "l.yaml", "N1", "withdrawn", *ABOUT],
    "evidence merge": ["evidence", "merge", "l.yaml", "l.yaml", "l.yaml", *ABOUT],
    "new": ["new", "n", *STARTED, "--out", "n.yaml"],
}
# A server: tests/web/test_serve.py looks at its one line.
ELSEWHERE = {"explore"}


class Terminal(io.TextIOWrapper):
    """An output that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A border with labels in several scripts."""
    path = tmp_path_factory.mktemp("terminals")
    text = (TINY / "scenario.yaml").read_text(encoding="utf-8")
    for label, other in LABELS.items():
        text = re.sub(f"label: {label}\\b", f'label: "{other}"'.replace("\u202e", r"\\u202e"), text)
    (path / "mine.yaml").write_text(text, encoding="utf-8")
    policy = 'policies: {no_sweep: {label: "\\u202eNo sweep", set: {sweep: "off"}}}'
    (path / "mine.policies.yaml").write_text(policy, encoding="utf-8")
    observed = (f"2030-03-{day:02},arrests,{day % 5}\n" for day in range(1, 21))
    (path / "data.csv").write_text("date_from,series,value\n" + "".join(observed))
    seen = (f"2030-03-{day:02},official_arrests,{day % 2},ferry,low\n" for day in range(1, 21))
    (path / "seen.csv").write_text("date_from,series,value,place,side\n" + "".join(seen))
    return path


@pytest.fixture(scope="module")
def studied(folder):
    """With a run and sweeps of it."""
    drawn = ("--over", "quota.arrests", "--over", "guards.penalty")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["run", "mine.yaml", "--replicates", "2", "--out", "saved"]) == 0
        assert main(["sweep", "mine.yaml", *drawn, "--sobol", "4", *FEW, "--out", "sobol"]) == 0
        more = (*drawn, "--draws", "4", *UNDER, *FEW)
        assert main(["sweep", "mine.yaml", *more, "--out", "draws"]) == 0
        assert main(WRITES["bank"]) == 0
        assert main(WRITES["sweep"]) == 0
    return folder


@pytest.fixture
def told(monkeypatch):
    """`told(command, width, encoding)`: what it prints on such a terminal."""

    def told(folder, command, width, encoding="utf-8", kind=Terminal):
        raw = io.BytesIO()
        monkeypatch.chdir(folder)
        monkeypatch.setenv("COLUMNS", str(width))
        monkeypatch.setattr(sys, "stdout", kind(raw, encoding=encoding))
        assert main(command) == 0
        sys.stdout.flush()
        return raw.getvalue().decode(encoding)

    return told


def check_widths(told, folder, command, widths, encoding):
    """Narrow or wide, the same numbers, and no line too long."""
    wide = set(NUMBER.findall(told(folder, command, 400, encoding)))
    assert wide
    for width in widths:
        text = re.sub("\x1b\\[[0-9;]*m", "", told(folder, command, width, encoding))
        lines = [one for one in text.split("\n") if not one.startswith(("Saved in", "duckdb "))]
        assert max(map(cell_len, lines)) <= width
        assert "\u202e" not in text
        if command[0] != "run":
            assert wide <= set(NUMBER.findall(text))
    pipe = told(folder, command, 40, encoding, io.TextIOWrapper)
    assert "\x1b" not in pipe
    assert command[0] == "run" or wide <= set(NUMBER.findall(pipe))


@pytest.mark.parametrize("command", ["evidence list", "solve"])
def test_a_narrow_terminal_loses_no_number(told, folder, command):
    check_widths(told, folder, QUICK[command], [40], "ascii")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_width_and_no_encoding_loses_a_number(told, studied, command, encoding):
    check_widths(told, studied, COMMANDS[command], [40, 60, 80, 100, 200], encoding)


def test_every_command_is_tried():
    assert {*COMMANDS, *TEXTS, *WRITES, *ELSEWHERE} == set(KNOWN)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("command", ["sweep", "bank"])
def test_what_a_folder_holds_is_told_in_any_width(told, studied, command, encoding):
    check_widths(told, studied, WRITES[command], [40, 60, 80, 100, 200], encoding)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("command", sorted(WRITES.keys() - {"sweep", "bank"}))
def test_what_was_written_is_told_in_any_width(told, folder, command, encoding, capsys):
    seen = []
    for width in (400, 40, 60, 80, 100, 200):
        for name in ("l.yaml", "n.yaml"):
            (folder / name).unlink(missing_ok=True)
        (folder / "claims.csv").write_text(CLAIMS)
        if command not in ("evidence add", "new"):
            told(folder, WRITES["evidence add"], 80, "utf-8")
        text = re.sub("\x1b\\[[0-9;]*m", "", told(folder, WRITES[command], width, encoding))
        lines = [*text.split("\n"), *capsys.readouterr().err.split("\n")]
        seen.append(set(NUMBER.findall("\n".join(lines))))
        assert max(map(cell_len, text.split("\n"))) <= width
        assert "\u202e" not in "".join(lines)
    assert all(seen[0] <= one for one in seen)


@pytest.mark.parametrize("command", KNOWN)
def test_help_cuts_no_word(told, tmp_path, command):
    """Names of options, numbers and what they say, whole, at any width."""
    seen = []
    for width in (400, 40, 60, 80, 100, 200):
        text = told(tmp_path, [*command.split(), "--help"], width, "ascii")
        text = re.sub("\x1b\\[[0-9;]*m", "", text)
        assert all(option.opts[-1] in text for option in options_of(command))
        assert "\\u2026" not in text
        seen.append(set(NUMBER.findall(text)))
        assert seen[0] <= seen[-1]
        # A name with its metavar is one word: 44 letters at most.
        assert max(map(len, text.split("\n"))) <= max(width, 44)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("command", TEXTS)
def test_texts_are_printed_in_any_encoding(told, studied, command, encoding):
    text = told(studied, TEXTS[command], 80, encoding)
    assert text
    assert "\u202e" not in text


@pytest.mark.parametrize("command", QUICK)
def test_json_is_all_that_is_printed(told, folder, command):
    assert json.loads(told(folder, [*QUICK[command], "--json"], 40, "ascii"))


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - QUICK.keys() - WITHOUT_JSON))
def test_json_of_studies_is_all_that_is_printed(told, studied, command):
    assert json.loads(told(studied, [*COMMANDS[command], "--json"], 40, "cp1252"))


def test_colour_is_for_terminals_that_want_it(told, folder, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1m" in told(folder, QUICK["evidence list"], 80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in told(folder, QUICK["evidence list"], 80)


pty = pytest.importorskip("pty", reason="terminals are made otherwise on Windows")


def on_terminal(folder, command, width, encoding):
    """What a process prints on a terminal of its own."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment |= {"PYTHONIOENCODING": encoding, "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "amnok", *command],
        cwd=folder,
        stdout=slave,
        stderr=subprocess.PIPE,
        env=environment,
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # how Linux says that the other end is closed
            part = b""
        if not part:
            break
        seen += part
    os.close(master)
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0
    return seen.decode(encoding).replace("\r\n", "\n")


def test_a_terminal_of_its_own_is_measured(folder):
    text = on_terminal(folder, QUICK["evidence list"], 40, "ascii")
    lines = re.sub("\x1b\\[[0-9;]*m", "", text).split("\n")
    assert 30 < max(map(len, lines)) <= 40
    assert "2030-07-01" in text


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_a_summary_on_a_terminal_of_its_own(studied, width, encoding):
    text = on_terminal(studied, COMMANDS["show"], width, encoding)
    lines = re.sub("\x1b\\[[0-9;]*m", "", text).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert ("경계" if encoding == "utf-8" else r"\uacbd\uacc4") in "".join(text.split())
    assert "The sweep" in text


@pytest.mark.slow
@pytest.mark.parametrize("command", [["evidence", "list", str(TINY)], ["--help"]])
def test_a_pipe_that_is_closed_ends_a_command_quietly(command):
    process = subprocess.Popen(
        [sys.executable, "-m", "amnok", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait() == BROKEN_PIPE
    assert process.stderr is not None
    with process.stderr as errors:
        assert errors.read() == b""
