"""Every command that a page shows is one that `amnok` takes, and what the first pages show runs."""

import os
import re
import shlex
import subprocess
import sys

import pytest
from tests.commands import COMMANDS, options_of
from tests.paths import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "decisions" not in page.parts]
FIRST = {"README.md": ROOT / "README.md", "start.md": ROOT / "docs" / "start.md"}
SHOWN = re.compile(r"^(?: {4})?(?:\$ )?(?:\.venv/bin/)?(amnok [^\n]*)$", re.MULTILINE)
IN_A_LINE = re.compile(r"(?<!`)`(amnok [a-z][^`\n]*)`(?!`)")
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def commands(page):
    """Whole lines with a command, and those within a sentence, without comments and pipes."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in (*SHOWN.findall(text), *IN_A_LINE.findall(text)):
        words = shlex.split(line, comments=True)[1:]
        stop = [n for n, word in enumerate(words) if word in ("|", ">", "&&", ";", "...")]
        yield line, words[: stop[0]] if stop else words


def is_refused(words):
    """What the parser says against a command; nothing if it is one."""
    if not words or words[0].startswith("-"):
        return ""
    name = " ".join(words[:2]) if " ".join(words[:2]) in COMMANDS else words[0]
    if name not in COMMANDS:
        return "" if words == ["evidence"] else f"no command {name}"
    known = {
        one for option in COMMANDS[name].params for one in (*option.opts, *option.secondary_opts)
    }
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    unknown = given - known - {"--help"}
    return f"{name} has no {', '.join(sorted(unknown))}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_is_shown_is_taken(page):
    faults = {line: is_refused(words) for line, words in commands(page)}
    assert {line: fault for line, fault in faults.items() if fault} == {}


def test_commands_are_found_and_faults_told():
    assert sum(len(list(commands(page))) for page in PAGES) > 150
    assert is_refused(["compare", "x", "--since", "2018-01-01"]) == "compare has no --since"
    assert is_refused(["simulate"]) == "no command simulate"


@pytest.mark.slow
@pytest.mark.parametrize("name", FIRST)
def test_what_the_first_pages_show_runs(name, tmp_path):
    """Each command of a line of its own that ends by itself and asks nothing; few replicates."""
    lines = SHOWN.findall(FIRST[name].read_text(encoding="utf-8"))
    shown = [shlex.split(line, comments=True)[1:] for line in lines]
    ending = [words for words in shown if words[0] not in ("explore", "new")]
    assert len(ending) >= 3
    for words in [["run", "sino-korean-border"], *ending]:
        known = options_of(words[0]) if words[0] in COMMANDS else []
        has = any("--replicates" in one.opts for one in known)
        command = [sys.executable, "-m", "amnok", *words, *(["--replicates", "2"] if has else [])]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert told.returncode == 0, (words, told.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIRST)
def test_what_the_first_pages_show_in_python_runs_and_prints_it(name, tmp_path):
    (code,) = PYTHON.findall(FIRST[name].read_text(encoding="utf-8"))
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MPLBACKEND": "agg"},
    )
    assert told.returncode == 0, told.stderr
    for line in re.findall(r"^# (\w+ +-?\d\S*)$", code, re.MULTILINE):
        assert line in told.stdout
