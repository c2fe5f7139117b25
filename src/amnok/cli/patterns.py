"""`amnok verify`: patterns, ablations, robustness; or a scenario against observations."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    TRUST,
    AsJson,
    ScenarioName,
    Seed,
    Sets,
    Threads,
    app,
    folder_of_draws,
    interruptible,
    put,
    say_if_compiling,
    write_text,
)
from amnok.progress import progress_bar
from amnok.table import Sheet

if TYPE_CHECKING:
    from amnok.scenario import Scenario
    from amnok.studies.scoring.held import Held

_REPLICATES, _ABLATED, _DRAWS = 50, 20, 1000


@app.command(rich_help_panel=TRUST)
def verify(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    sets: Sets = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            min=2, help="How many replicates.", show_default=f"{_REPLICATES}; --ablate {_ABLATED}"
        ),
    ] = None,
    seed: Seed = 1,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Also with each mechanism switched off in turn.")
    ] = False,
    robust: Annotated[
        bool,
        typer.Option(
            "--robust",
            help="Over draws from the priors, too, of all numbers without a source; resumable.",
        ),
    ] = False,
    draws: Annotated[
        int | None,
        typer.Option(
            min=10,
            help="Draws from the priors: for --robust, or as forecasts of --data.",
            show_default=f"{_DRAWS}; --data none",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to keep the draws of --robust.",
            show_default="runs/robust-...",
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Observations, one number a row, that the scenario is held against.",
        ),
    ] = None,
    since: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="First day of --data that is scored.",
            show_default="the scenario's first, without --between",
        ),
    ] = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day that is scored.")
    ] = None,
    moves: Annotated[
        bool,
        typer.Option(
            "--moves",
            help="Forecast how a series moves, from what was last observed before --since.",
        ),
    ] = False,
    between: Annotated[
        list[str] | None,
        typer.Option(
            metavar="EARLIER:LATER",
            help="How --data moved between two windows, each FIRST/LAST or a phase; repeatable.",
        ),
    ] = None,
    relative_to: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="How other places in --data moved over this one, too."),
    ] = None,
    threads: Threads = None,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the tables as a web page.")
    ] = None,
) -> None:
    """Validate: do the patterns of the reports appear, for the stated reasons, and how widely?

    With --data: does the scenario say what was observed, and better than naive forecasts?
    """
    from amnok.scenario import load
    from amnok.studies.patterns import verify as judge

    if data is not None and draws is not None and replicates is not None:
        raise typer.BadParameter("--replicates does not go with --draws and --data")
    chosen = load(scenario, sets or ())
    folder = None
    if robust:
        _need_extras()
        folder = out or folder_of_draws("robust", chosen, seed, draws or _DRAWS)
    say_if_compiling()
    number = replicates or (_ABLATED if ablate else _REPLICATES)
    with interruptible(f"finished draws in {folder}" if folder else ""):
        if data is not None:
            with progress_bar() as bar:
                found = judge(
                    chosen,
                    data=data,
                    since=since.date() if since else None,
                    until=until.date() if until else None,
                    moves=moves,
                    between=between or (),
                    relative_to=relative_to,
                    seed=seed,
                    replicates=number,
                    draws=draws or 0,
                    threads=threads,
                    progress=bar,
                )
            _held(chosen, found, as_json, html)
        else:
            _patterns(chosen, number, seed, ablate, folder, draws or _DRAWS, threads, as_json, html)


def _held(scenario: Scenario, found: Held, as_json: bool, html: Path | None) -> None:
    from amnok.reporting.held import held_sheet

    sheet = held_sheet(found, scenario)
    _page(html, f"Held against observations: {scenario.title}", sheet)
    put(sheet, as_json)


def _page(file: Path | None, title: str, sheet: Sheet) -> None:
    """Also write a page, where one was asked for."""
    from amnok.reporting.formats import render
    from amnok.reporting.hypertext import document

    if file is not None:
        write_text(file, document(title, [render(sheet, "html")]))


def _patterns(
    scenario: Scenario,
    replicates: int,
    seed: int,
    ablate: bool,
    folder: Path | None,
    draws: int,
    threads: int | None,
    as_json: bool,
    html: Path | None,
) -> None:
    from amnok.reporting.patterns import patterns_sheet
    from amnok.studies.patterns import CONTRASTS, RIVALS
    from amnok.studies.patterns import verify as judge

    with progress_bar() as bar:
        mechanisms = (*CONTRASTS, *RIVALS) if ablate else ()
        judgements, ablations = judge(
            scenario,
            seed=seed,
            replicates=replicates,
            mechanisms=mechanisms,
            threads=threads,
            progress=bar,
        )
    sheet = patterns_sheet(scenario, replicates, judgements, ablations)
    _page(html, f"Patterns: {scenario.title}", sheet)
    if folder is None:
        put(sheet, as_json)
        return
    if not as_json:
        put(sheet)  # what follows takes hours
    found = _robust(scenario, folder, draws, seed, threads)
    whole = patterns_sheet(scenario, replicates, judgements, ablations, draws, *found)
    if as_json:
        put(whole, as_json)
    else:
        more = tuple(one for one in whole.tables if one.name == "robustness")
        put(Sheet(f"{draws:,} draws (in {folder})", more))


def _robust(
    scenario: Scenario, folder: Path, draws: int, seed: int, threads: int | None
) -> tuple[list[Any], list[Any]]:
    from amnok.studies.patterns.patterns import patterns_of
    from amnok.studies.patterns.robustness import influences, shares, study

    with progress_bar("draws") as bar:
        found = study(scenario, folder, draws, seed, threads, bar)
    held = shares(found, patterns_of(scenario))
    return held, [one for name in found.measures for one in influences(found, name)]


def _need_extras() -> None:
    """Say at once, and not after an hour, that something is not installed."""
    import SALib
    import scipy

    del SALib, scipy
