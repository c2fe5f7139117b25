"""`amnok run`, `show`, `plot`, `report`: simulate, save, summarise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    DIFFERS,
    INTERRUPTED,
    SIMULATE,
    AsJson,
    BankShown,
    CsvFile,
    First,
    GuessesFile,
    Last,
    Ledgers,
    RunPath,
    Sets,
    Threads,
    app,
    days_given,
    put,
    say,
    say_if_compiling,
    tell,
    write_text,
)
from amnok.errors import AmnokError, Fault, needs_extra
from amnok.progress import progress_bar

if TYPE_CHECKING:
    import xarray as xr

    from amnok.progress import Progress
    from amnok.results import RunFolder
    from amnok.results.folder import Record
    from amnok.scenario import Scenario
    from amnok.studies.counterfactual import Effect


About = Annotated[
    str | None,
    typer.Option(
        metavar="EVENT",
        help="The order, change, closure, halt or mechanism that it is about.",
        show_default="the first order or change that begins within the period",
    ),
]


@app.command(rich_help_panel=SIMULATE)
def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO]",
            help="Name of a built-in scenario, or a YAML file.",
            show_default=DEFAULT_SCENARIO,
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Seed of all chance.", show_default="1")
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(min=1, help="How many replicates.", show_default="1")
    ] = None,
    sets: Sets = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to save the run: a new folder.",
            show_default="runs/...",
        ),
    ] = None,
    from_: Annotated[
        Path | None,
        typer.Option(
            "--repeat",
            metavar="MANIFEST",
            help="Repeat a saved run exactly, and check that the results are identical.",
        ),
    ] = None,
    threads: Threads = None,
    given: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="A posterior saved by `amnok infer`: one world drawn from it by the seed.",
        ),
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="Also write tidy tables as CSV, into the run's folder.")
    ] = False,
    effects: Annotated[
        bool,
        typer.Option("--effects", help="Also simulate the world without each order and change."),
    ] = False,
) -> int:
    """Simulate a scenario, save the run, and print a summary."""
    if from_ is not None and any((scenario, given, sets, seed is not None, replicates is not None)):
        raise typer.BadParameter(
            "cannot be combined with SCENARIO, --seed, --replicates, --set or --given: "
            "it repeats a run"
        )
    chosen, before = _scenario_to_run(scenario, sets, from_)
    if given is not None:
        with needs_extra("infer"):
            from amnok.studies.inference.given import drawn

        chosen = drawn(given, chosen, {}, 1, 1 if seed is None else seed)(0, chosen)

    from amnok.results import RunFolder, open_run

    if before is None:
        seed = 1 if seed is None else seed
        folder = RunFolder.create(out, chosen, seed, replicates or 1, sets or ())
    else:
        folder = RunFolder.create(out, chosen, before.seed, before.replicates, before.sets)
    told: dict[str, Effect] = {}
    saved = _simulate(folder, chosen, threads, tables, told if effects else None)
    from amnok.reporting.summaries import summary_sheet  # with pandas, while days were simulated

    put(summary_sheet(open_run(folder.path) if saved is None else saved, chosen))
    if told:
        from amnok.reporting.counterfactual import effects_sheet

        put(effects_sheet(told))
    tell(f"\nSaved in {folder.path}  (figures: amnok plot {folder.path})")
    return 0 if before is None else _compared(before, folder.record)


def _scenario_to_run(
    scenario: str | None, sets: list[str] | None, from_: Path | None
) -> tuple[Scenario, Record | None]:
    """The scenario, and the record to repeat if there is one."""
    if from_ is None:
        from amnok.scenario import load

        return load(DEFAULT_SCENARIO if scenario is None else scenario, sets or ()), None
    from amnok.results.folder import saved_scenario
    from amnok.results.manifest import versions

    chosen, before = saved_scenario(from_)
    for name, here in versions().items():
        there = before.versions.get(name)
        if there != here:
            say(f"warning: the run was made with {name} {there}, this is {here}")
    return chosen, before


def _simulate(
    folder: RunFolder,
    scenario: Scenario,
    threads: int | None,
    tables: bool,
    told: dict[str, Effect] | None,
) -> xr.Dataset | None:
    """Simulate into the folder (`save_run`); say what is kept if that ends early.

    The effects of orders go into the folder and into `told`, if there is one.
    """
    from amnok.results import save_run

    say_if_compiling()
    try:
        with progress_bar() as progress:

            def finish(folder: RunFolder) -> None:
                if tables:
                    _add_tables(folder)
                if told is not None:
                    told.update(_add_effects(folder, scenario, threads, progress))

            return save_run(folder, scenario, threads, progress, finish)
    except (AmnokError, KeyboardInterrupt) as error:
        done, wanted = len(folder.record.digests), folder.record.replicates
        kept = (
            f"{done} of {wanted} replicates are kept in {folder.path}" if done else "nothing kept"
        )
        if isinstance(error, AmnokError):
            raise type(error)([*error.faults, Fault(kept)]) if done else error from None
        say(f"interrupted: {kept}")
        raise typer.Exit(INTERRUPTED) from None


def _add_tables(folder: RunFolder) -> None:
    from amnok.results import open_run
    from amnok.results.ledgers import tidy

    for name, table in tidy(open_run(folder.path)):
        folder.add_file(f"tables/{name}.csv", table.to_csv(index=False).encode())


def _add_effects(
    folder: RunFolder, scenario: Scenario, threads: int | None, progress: Progress | None
) -> dict[str, Effect]:
    from amnok.studies.counterfactual import effects
    from amnok.studies.counterfactual.events import in_force
    from amnok.studies.counterfactual.kept import keep

    if not in_force(scenario):
        return {}
    record = folder.record
    found = effects(
        scenario, None, record.seed, record.replicates, threads=threads, progress=progress
    )
    keep(folder, found)
    return found


def _compared(before: Record, after: Record) -> int:
    """Say whether a repeated run gave the same results."""
    here = after.digests
    other = [number for number, results in before.digests.items() if here.get(number) != results]
    if other:
        say(f"error: differs from the run it repeats in replicates {', '.join(map(str, other))}")
        return DIFFERS
    print("Identical to the run it repeats")
    return 0


@app.command(rich_help_panel=SIMULATE)
def runs(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder that results lie in.")
    ] = Path("runs"),
    csv: CsvFile = None,
    as_json: AsJson = False,
) -> None:
    """List runs, comparisons, sweeps, banks and other results in a folder, the newest first."""
    from amnok.reporting.formats import render
    from amnok.reporting.verbs import runs as listed

    sheet = listed(folder)
    if csv is not None:
        write_text(csv, render(sheet.tables[0], "csv"))
    put(sheet, as_json)


@app.command(rich_help_panel=SIMULATE)
def show(path: RunPath, as_json: AsJson = False) -> None:
    """Print the summary of a saved run."""
    from amnok.reporting.summaries import summary_sheet
    from amnok.results import open_run
    from amnok.results.folder import saved_scenario

    put(summary_sheet(open_run(path), saved_scenario(path)[0]), as_json)


@app.command(rich_help_panel=SIMULATE)
def plot(
    path: RunPath,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where to write the picture: a .png, .svg or .pdf.",
            show_default="RUN/overview.png",
        ),
    ] = None,
    chart: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="One finding instead: who, trade, seen, or an outcome; an unknown name lists all.",
        ),
    ] = None,
    first: First = None,
    last: Last = None,
    size: Annotated[
        Literal["page", "slide"] | None,
        typer.Option(help="What the picture of --chart is for.", show_default="page"),
    ] = None,
    about: About = None,
    guesses: GuessesFile = None,
) -> None:
    """Draw the overview of a saved run, or one finding with the event and without it."""
    from amnok.reporting.verbs import plot as draw

    folder = path if path.is_dir() else path.parent
    target = out or folder / f"{chart or 'overview'}.png"
    if chart is not None and (about is not None or not (folder / "effects").is_dir()):
        say_if_compiling()
    with progress_bar() as bar:
        draw(
            path,
            target,
            chart=chart,
            days=days_given(first, last),
            size=size or "page",
            about=about,
            guesses=guesses,
            progress=bar or False,
        )
    tell(str(target))


@app.command(rich_help_panel=SIMULATE)
def report(
    path: Annotated[
        Path,
        typer.Argument(metavar="RUN|COMPARISON", help="Folder of a saved run or comparison."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Where to write the page.",
            show_default="report.html in the folder",
        ),
    ] = None,
    patterns: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also show verdicts that `amnok verify --json` printed."),
    ] = None,
    about: About = None,
    guesses: GuessesFile = None,
    bank: BankShown = None,
    ledgers: Ledgers = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else; no page is written.")
    ] = False,
) -> None:
    """Write one HTML file with text, map, charts, tables and evidence; it needs no network."""
    from amnok.reporting.verbs import report as page_of

    folder = path if path.is_dir() else path.parent
    if about is not None or not (folder / "effects").is_dir():
        say_if_compiling()
    with progress_bar() as bar:
        page = page_of(
            path,
            about=about,
            patterns=patterns,
            guesses=guesses,
            bank=bank,
            ledgers=ledgers or (),
            progress=bar or False,
        )
    if as_json:
        put(page.sheet(), as_json)
        return
    target = out or folder / "report.html"
    page.save(target)
    tell(str(target))
