"""Options that do not go together are refused, before anything is read or simulated.

Each pair of options of a command is either honoured or stands here: `tests/cli/test_options.py`
asks it of every pair. What depends on more than the options is refused where it is known.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, redirect_stdout, suppress
from itertools import combinations
from typing import Any

import typer

from amnok.arguments import MOST, MOST_SEED

# By command: groups of options of which one may be given.
ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "bank": (("--threads", "--workers", "--scheduler"),),
    "check": (("--explain", "--first"),),
    "compare": (
        ("--effect-of", "--policies"),
        ("--effect-of", "--out"),
        ("--effect-of", "--hub"),
        ("--effect-of", "--given"),
    ),
    "effects": tuple(("--robust", other) for other in ("--replicates", "--from", "--to", "--by")),
    "infer": tuple(
        ("--template", other)
        for other in ("--data", "--bank", "--check", "--shift", "--seed", "--out", "--json")
    ),
    "report": tuple(("--json", one) for one in ("--out", "--patterns", "--bank", "--ledger")),
    "score": (("--replicates", "--draws"),),
    "sweep": (
        ("--grid", "--over", "--points"),
        ("--draws", "--sobol"),
        ("--sobol", "--policy"),
        ("--threads", "--workers", "--scheduler"),
    ),
    "verify": (
        ("--data", "--ablate"),
        ("--data", "--robust"),
        ("--data", "--out"),
        ("--robust", "--html"),
    ),
}
# By command: options that say nothing without another, or without one of several.
ONLY_WITH: dict[str, dict[str, str | tuple[str, ...]]] = {
    "bank": {"--policies": ("--policy", "--variant")},
    "ask": {"--most": "--choose"},
    "effects": dict.fromkeys(("--draws", "--out", "--save"), "--robust"),
    "check": {"--of": "--first"},
    "evidence check": {"--seed": "--draws", "--out": "--draws", "--threads": "--draws"},
    "evidence judge": {"--out": "--draws"},
    "plot": dict.fromkeys(("--from", "--to", "--size", "--about", "--guesses"), "--chart"),
    "sweep": {"--draws": "--over", "--sobol": "--over", "--policies": "--policy"},
    "verify": {
        "--draws": ("--robust", "--data"),
        "--out": "--robust",
        **dict.fromkeys(("--since", "--between", "--relative-to"), "--data"),
        **dict.fromkeys(("--until", "--moves"), "--since"),
    },
}


_FRAMES, _NARROWEST = 80, 30  # columns: that frames around help take, that help takes without

_told: list[str] = []  # JSON to be printed once a command is done


def print_json(text: str) -> None:
    """Print what --json asks for."""
    _told.append(text)


@contextmanager
def only_json() -> Iterator[None]:
    """Within, all that is printed goes to standard error, also by libraries in other languages.

    What `print_json` was told is printed at the end.
    """
    _told.clear()
    with ExitStack() as undo:
        with suppress(OSError, AttributeError):  # there may be no standard output
            sys.stdout.flush()
            kept = os.dup(1)
            undo.callback(os.close, kept)
            os.dup2(2, 1)
            undo.callback(os.dup2, kept, 1)
            undo.callback(_flush_libraries)
        undo.enter_context(redirect_stdout(sys.stderr))
        yield
    for text in _told:
        print(_printable(text.rstrip("\n")))


def _flush_libraries() -> None:
    """What C has yet to print would come out after the JSON."""
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).fflush(None)


def _printable(text: str) -> str:
    """The JSON in the letters that standard output has."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(json.loads(text), indent=1)
    return text


class Command(typer.core.TyperCommand):
    """A command that drops none of its options."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Help in frames where there is room for them: in fewer columns they would cut words."""
        columns, kept = shutil.get_terminal_size().columns, self.rich_markup_mode
        if columns < _FRAMES:
            self.rich_markup_mode, formatter.width = None, max(columns, _NARROWEST) - 1
        super().format_help(ctx, formatter)
        self.rich_markup_mode = kept

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, and refuse what does not go together."""
        given = list(args)
        rest: list[str] = super().parse_args(ctx, args)
        _, _, order = self.make_parser(ctx).parse_args(args=given)
        given_options = [one for one in order if one.param_type_name == "option"]
        problem = self._problem(ctx.command_path.removeprefix("amnok "), given_options)
        for one in given_options:
            value = ctx.params.get(one.name)
            most = MOST_SEED if one.name == "seed" else MOST
            if isinstance(value, int) and value > most:
                problem = problem or f"{one.opts[-1]} is more than {most:,}"
        if problem:
            raise typer.BadParameter(problem, ctx=ctx)
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command; with --json it prints that and nothing else."""
        try:
            with only_json() if ctx.params.get("as_json") else nullcontext():
                return super().invoke(ctx)
        except BrokenPipeError:
            # With its number, Click would end the process with a status of its own.
            raise BrokenPipeError from None

    def _problem(self, command: str, given: list[Any]) -> str:
        """What is wrong with these options, in the order in which they were given; or nothing."""
        names = [one.opts[-1] for one in given]
        for name, option in zip(names, given, strict=True):
            if names.count(name) > 1 and not option.multiple:
                return f"{name} is given twice"
        for group in ONE_OF.get(command, ()):
            for one, other in combinations(group, 2):
                if one in names and other in names:
                    return f"{one} does not go with {other}"
        for name, needed in ONLY_WITH.get(command, {}).items():
            others = (needed,) if isinstance(needed, str) else needed
            if name in names and not set(others) & set(names):
                return f"{name} says nothing without {' or '.join(others)}"
        return ""
