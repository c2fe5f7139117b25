"""The command line: `amnok run`, `amnok check` and the rest. What fails ends in one clear line.

Exit status: 0 done, 1 a repeated run differs, 2 an error that the user can fix, 130 interrupted,
141 whoever read the output closed it, as `head` does.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Any, TextIO

import typer

from amnok.cli import (  # noqa: F401 - importing a command adds it
    borders,
    explorer,
    games,
    inference,
    ledger,
    patterns,
    policies,
    running,
    scoring,
    starter,
    sweeps,
    verdicts,
)
from amnok.cli.common import BROKEN_PIPE, INTERRUPTED, WRONG, app, say
from amnok.environment import readable
from amnok.errors import AmnokError, Fault, needs_extra, reason

# What the parser says of a day that is none, in a code of Python that helps nobody.
_NO_DAY = re.compile(r"(?:Value error, )?('[^']*') does not match the formats? '%Y-%m-%d'\.?")
_SIZE = re.compile("[1-9][0-9]{0,2}")  # of a terminal, in columns or lines
_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]  # typer has no public name for it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _settle_environment()
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        # Labels come from files, in any script; a terminal or pipe may know but some letters.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with readable(), needs_extra(given[0] if given else ""):
            status = _commands()(args=given or ["--help"], prog_name="amnok", standalone_mode=False)
        print(end="", flush=True)
    except AmnokError as error:
        for fault in error.told:
            say(f"error: {fault}")
        return WRONG
    except KeyboardInterrupt:
        return INTERRUPTED
    except typer.Abort:  # Ctrl-C at a question, or no more input
        say("")  # what follows stands on a line of its own
        say("interrupted: nothing kept")
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the latter is how Rich puts it
        # Whoever read this has seen enough; Python would complain once more when it flushes.
        _write_no_more()
        return BROKEN_PIPE
    except MemoryError:
        say("error: there is not enough memory (fewer traders, fewer days, or --threads 1)")
        return WRONG
    except OSError as error:
        problem = reason(error)
        if error.filename is not None:
            say(f"error: {Fault(f'cannot be used: {problem}', file=str(error.filename))}")
            return WRONG
        # Files have names: what has none is where all this is printed.
        _write_no_more()
        say(f"error: the output cannot be written: {problem}")
        return WRONG
    except _USAGE_ERROR as error:
        command = error.ctx.command_path if error.ctx else "amnok"
        told = _NO_DAY.sub(r"\1 is not a date (write it as 2018-09-21)", error.format_message())
        say(f"error: {told} (see '{command} --help')")
        return WRONG
    return status if isinstance(status, int) else 0


def _settle_environment() -> None:
    """Sizes that no terminal has would fill all memory with spaces, or end the help.

    Pictures are written to files: in what windows others are shown here does not matter.
    """
    os.environ["MPLBACKEND"] = "agg"
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        told = os.environ.get(name, "")
        if told and not _SIZE.fullmatch(told):
            del os.environ[name]


def _open_streams() -> None:
    """A stream that was closed leads nowhere: else the next file would have its number.

    Nor is there then a stream in Python, and what is printed to none goes to standard output.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
    sys.stdout = sys.stdout or _stream(1)
    sys.stderr = sys.stderr or _stream(2)


def _stream(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", closefd=False)


@cache
def _commands() -> Any:
    """The parser of all commands; making it takes longer than parsing."""
    return typer.main.get_command(app)


def _write_no_more() -> None:
    with suppress(AttributeError, OSError, ValueError):  # there may be none
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"amnok {version('amnok')}")
        raise typer.Exit


@app.callback()
def _amnok(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and stop."
        ),
    ] = False,
) -> None:
    pass
