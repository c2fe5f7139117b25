"""The command line: `amnok run`, `amnok check` and the rest. What fails ends in one clear line.

Exit status: 0 done, 1 a repeated run differs, 2 something the user can mend, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from amnok.errors import AmnokError, Fault

if TYPE_CHECKING:
    from rich.console import Console

    from amnok.observe import RunFolder
    from amnok.observe.manifest import Manifest
    from amnok.scenario import Scenario

DEFAULT_SCENARIO = "sino-korean-border"
DIFFERS, WRONG, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141
_WIDTH = 100  # of what is printed into a pipe
_USAGE_ERROR: Any = typer.BadParameter.__bases__[0]  # typer has no public name for it

app = typer.Typer(
    help="A laboratory for contested borders: simulate, save, summarise, check the evidence.",
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="Name of a built-in scenario, or a YAML file.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override: a switch or the path of a value."),
]
RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a saved run.")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = app(args=given or ["--help"], prog_name="amnok", standalone_mode=False)
        print(end="", flush=True)
    except AmnokError as error:
        for fault in error.faults:
            _say(f"error: {fault}")
        return WRONG
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read this has seen enough; Python would complain once more when it flushes.
        _write_no_more()
        return BROKEN_PIPE
    except MemoryError:
        _say("error: there is not enough memory (fewer traders, fewer days, or --threads 1)")
        return WRONG
    except OSError as error:
        if error.filename is not None:
            raise
        # Files have names: what has none is where all this is printed.
        _write_no_more()
        _say(f"error: the output cannot be written: {(error.strerror or str(error)).lower()}")
        return WRONG
    except _USAGE_ERROR as error:
        command = error.ctx.command_path if error.ctx else "amnok"
        _say(f"error: {error.format_message()} (see '{command} --help')")
        return WRONG
    return status if isinstance(status, int) else 0


def _write_no_more() -> None:
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(line: str) -> None:
    """One line for people, apart from what goes into a pipe."""
    print(" ".join(line.split()), file=sys.stderr)


def _console() -> Console:
    from rich.console import Console

    # Labels come from files: nothing in them is markup.
    console = Console(highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _WIDTH
    return console


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


@app.command()
def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help="Name of a built-in scenario, or a YAML file.", show_default=DEFAULT_SCENARIO
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**64 - 1, help="Seed.", show_default="1")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="How many replicates.", show_default="1")
    ] = None,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="New folder for the run.", show_default="runs/...")
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option("--from", metavar="MANIFEST", help="Repeat a saved run exactly, and compare."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="How many threads.", show_default="all")
    ] = None,
    format_: Annotated[
        Literal["csv"] | None, typer.Option("--format", help="Also write tidy tables.")
    ] = None,
) -> int:
    """Simulate a scenario, save the run, and print a summary."""
    if from_ is not None and not all(one is None for one in (scenario, seed, replicates, sets)):
        raise typer.BadParameter(
            "goes without SCENARIO, --seed, --replicates and --set: it repeats"
        )
    chosen, manifest = _scenario_to_run(scenario, sets, from_)

    from amnok.observe import RunFolder

    if manifest is None:
        seed = 1 if seed is None else seed
        folder = RunFolder.create(out, chosen, seed, replicates or 1, sets or ())
    else:
        folder = RunFolder.create(out, chosen, manifest.seed, manifest.replicates, manifest.sets)
    _simulate(folder, chosen, threads, format_)
    _show(folder.path)
    print(f"\nSaved in {folder.path}  (figures: amnok plot {folder.path})")
    return 0 if manifest is None else _compared(manifest, folder.manifest)


def _scenario_to_run(
    scenario: str | None, sets: list[str] | None, from_: Path | None
) -> tuple[Scenario, Manifest | None]:
    """The scenario, and the manifest to repeat if there is one."""
    if from_ is None:
        from amnok.scenario import load

        return load(DEFAULT_SCENARIO if scenario is None else scenario, sets or ()), None
    from amnok.observe.folder import saved_scenario
    from amnok.observe.manifest import versions

    chosen, manifest = saved_scenario(from_)
    for name, here in versions().items():
        there = manifest.versions.get(name)
        if there != here:
            _say(f"warning: the run was made with {name} {there}, this is {here}")
    return chosen, manifest


def _simulate(
    folder: RunFolder, scenario: Scenario, threads: int | None, format_: str | None
) -> None:
    """Simulate into the folder; say what is kept if that ends early."""
    from amnok.observe import save_run
    from amnok.observe.ensemble import needs_compiling

    if needs_compiling():
        _say("compiling once, about a minute ...")
    try:
        with _progress() as progress:
            save_run(folder, scenario, threads, progress, _add_tables if format_ else None)
    except (AmnokError, KeyboardInterrupt) as error:
        done, wanted = len(folder.manifest.finished), folder.manifest.replicates
        kept = (
            f"{done} of {wanted} replicates are kept in {folder.path}" if done else "nothing kept"
        )
        if isinstance(error, AmnokError):
            raise type(error)([*error.faults, Fault(kept)]) if done else error from None
        _say(f"interrupted: {kept}")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar on a terminal, nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _add_tables(folder: RunFolder) -> None:
    from amnok.observe import open_run
    from amnok.observe.tables import tidy

    for name, table in tidy(open_run(folder.path)):
        folder.add_file(f"tables/{name}.csv", table.to_csv(index=False).encode())


def _compared(before: Manifest, after: Manifest) -> int:
    """Say whether a repeated run gave the same results."""
    here = {one.number: one.results for one in after.finished}
    other = [one.number for one in before.finished if here.get(one.number) != one.results]
    if other:
        _say(f"error: differs from the run it repeats in replicates {', '.join(map(str, other))}")
        return DIFFERS
    print("Identical to the run it repeats")
    return 0


def _show(path: Path) -> None:
    from amnok.observe import open_run
    from amnok.report import print_summary

    print_summary(open_run(path), _console())


@app.command()
def show(path: RunPath) -> None:
    """Print the summary of a saved run."""
    _show(path)


@app.command()
def plot(
    path: RunPath,
    out: Annotated[
        Path | None, typer.Option(help="A .png, .svg or .pdf.", show_default="RUN/overview.png")
    ] = None,
) -> None:
    """Draw the overview of a saved run."""
    from amnok.observe import open_run
    from amnok.report import overview

    dataset = open_run(path)
    folder = path if path.is_dir() else path.parent
    target = out or folder / "overview.png"
    overview(dataset, target)
    print(target)


@app.command()
def scenarios() -> None:
    """List the scenarios that come with Amnok."""
    from amnok.report import print_scenarios
    from amnok.scenario import builtin_names, load

    print_scenarios(map(load, builtin_names()), _console())


@app.command()
def check(
    scenario: ScenarioName,
    sets: Sets = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> int:
    """Check a scenario: every fault, or its sourced values and its assumptions apart."""
    from amnok.report import evidence
    from amnok.scenario import load

    try:
        chosen = load(scenario, sets or ())
    except AmnokError as error:
        if not as_json:
            raise
        print(evidence.faults_json(error.faults))
        return WRONG
    if as_json:
        print(evidence.check_json(chosen))
    else:
        evidence.print_check(chosen, _console())
    return 0


@app.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from amnok.scenario.catalog import schema_text

    print(schema_text(), end="")


@app.command()
def ledger(scenario: ScenarioName = DEFAULT_SCENARIO, sets: Sets = None) -> None:
    """Print the evidence: each claim with its grade and all that stands on it."""
    from amnok.report import print_ledger
    from amnok.scenario import load

    print_ledger(load(scenario, sets or ()), _console())
