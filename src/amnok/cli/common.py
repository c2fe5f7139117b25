"""What all commands share: the application, where output goes, progress."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.models import CommandFunctionType

from amnok.cells import one_line
from amnok.cli.options import Command, print_json
from amnok.errors import AmnokError, Fault, visible
from amnok.table import Sheet, Table

if TYPE_CHECKING:
    from amnok.reporting.layout import Screen
    from amnok.scenario import Scenario

DIFFERS, WRONG, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141
_NARROWEST = 20  # columns; a terminal that has fewer breaks lines itself

# Groups of commands in `amnok --help`, in this order.
SIMULATE, BORDER, POLICIES, INFERENCE, GAMES, TRUST = (
    "Simulate and explore",
    "The border and its evidence",
    "Policies",
    "Hidden flows",
    "Games",
    "Validation",
)
_PANELS = (SIMULATE, BORDER, POLICIES, INFERENCE, GAMES, TRUST)


class _InOrder(typer.core.TyperGroup):
    """Commands by group, whatever the order in which their files are imported."""

    def list_commands(self, ctx: Any) -> list[str]:
        def place(name: str) -> int:
            panel = getattr(self.commands[name], "rich_help_panel", None)
            return _PANELS.index(panel) if panel in _PANELS else len(_PANELS)

        return sorted(super().list_commands(ctx), key=place)


class App(typer.Typer):
    """All commands refuse options that do not go together."""

    def command(
        self, name: str | None = None, **options: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        return super().command(name, cls=Command, **options)


app = App(
    cls=_InOrder,
    help="An agent-based model of contested borders: simulate, explore, compare, solve, validate.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Name of a built-in scenario, or a YAML file.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Override a value by its path, or set a switch."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all chance.")]
Threads = Annotated[int | None, typer.Option(min=1, help="How many threads.", show_default="all")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes of a Dask cluster here, not threads.")
]
Scheduler = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A running Dask scheduler, not threads.")
]
First = Annotated[
    dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day counted.")
]
Last = Annotated[
    dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day counted.")
]
RunsFolder = Annotated[
    Path,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Where to keep the runs; the same command resumes there.",
    ),
]
TextFile = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Where to write it, instead of printing."),
]
Days = tuple[str | None, str | None]
CsvFile = Annotated[Path | None, typer.Option(metavar="FILE", help="Also write the table as CSV.")]
GuessesFile = Annotated[
    Path | None,
    typer.Option(
        "--guesses",
        metavar="FILE",
        help="Other guesses that `amnok effects --robust --save` wrote.",
        show_default="those that come with the border",
    ),
]
BankShown = Annotated[
    Path | None,
    typer.Option(
        "--bank",
        metavar="FOLDER",
        help="Runs made with `amnok bank`, to rank what to ask next.",
        show_default=False,
    ),
]
Ledgers = Annotated[
    list[Path] | None,
    typer.Option(
        "--ledger",
        metavar="FILE",
        help="Also claims in a file: YAML, CSV or JSON Lines; repeatable.",
    ),
]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a saved run.")]


def days_given(first: dt.datetime | None, last: dt.datetime | None) -> Days:
    """First and last day counted, as dates."""
    one, other = (day.date().isoformat() if day else None for day in (first, last))
    return one, other


def say(line: str) -> None:
    """One line for people, apart from what goes into a pipe; lost where nobody can read it."""
    with suppress(OSError):
        print(one_line(" ".join(line.split())), file=sys.stderr, flush=True)


def tell(text: str) -> None:
    """What goes to standard output for people and pipes: names of files may hold any marks."""
    print(visible(text))


def put(content: Sheet | Table, as_json: bool = False) -> None:
    """Print what a command has to say: tables as wide as the terminal, or JSON alone."""
    from amnok.reporting.formats import render

    if as_json:
        print_json(render(content, "json"))
    else:
        print(render(content, "console", screen()), end="")


def screen() -> Screen:
    """Where output goes; in a pipe tables have a fixed width."""
    from amnok.reporting.layout import PIPE, Screen

    if not sys.stdout.isatty():
        return replace(PIPE, encoding=getattr(sys.stdout, "encoding", None) or "utf-8")
    bold = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = max(shutil.get_terminal_size().columns, _NARROWEST)
    return Screen(width, sys.stdout.encoding, bold)


def say_if_compiling() -> None:
    """Say why nothing happens for a while, if that is so."""
    from amnok.results.threads import needs_compiling

    if needs_compiling():
        from amnok.compiling.code_cache import FOLDERS, is_kept

        if is_kept():
            say("compiling once, about half a minute ...")
        else:
            say("compiling, about half a minute; each time, as nothing can be kept there:")
            say(str(FOLDERS[0]))


@contextmanager
def interruptible(kept: str = "") -> Iterator[None]:
    """Say what is kept if the user ends what runs within, and how it goes on."""
    try:
        yield
    except KeyboardInterrupt:
        goes_on = f"{kept} are kept; repeat the command to resume"
        say("interrupted: " + (goes_on if kept else "nothing kept"))
        raise typer.Exit(INTERRUPTED) from None


def say_if_unfinished(progress: tuple[int, int], folder: Path, command: str) -> None:
    """Say of a folder how many of its batches are there, if its command has not finished."""
    done, total = progress
    if done < total:
        there = f"{done:,} of {total:,} batches of {folder} are there"
        say(f"unfinished: {there}; the same {command} goes on")


def folder_of_draws(study: str, scenario: Scenario, seed: int, draws: int) -> Path:
    """The same command names the same folder, so that it resumes."""
    from amnok.results.manifest import digest_of
    from amnok.scenario import resolved

    text = f"{resolved(scenario)}{seed}{draws}"
    return Path("runs") / f"{study}-{scenario.name}-{digest_of(text.encode())[:8]}"


def must_be_new(file: Path) -> None:
    """Refuse to write over what somebody may have filled in.

    Raises:
        AmnokError: something is there.
    """
    if os.path.lexists(file):
        raise AmnokError(Fault("is there already", "name another file", file=str(file)))


def write_text(file: Path, text: str) -> None:
    """Write a file that was asked for, whole or not at all."""
    from amnok.disk import write_file

    write_file(file, text.encode())
