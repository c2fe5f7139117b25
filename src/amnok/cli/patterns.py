"""`amnok verify`: patterns, ablations, robustness, and prices against what was predicted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnok.cli.common import (
    DEFAULT_SCENARIO,
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
            help="Over draws of every parameter without a figure in a source, too; resumable.",
        ),
    ] = False,
    draws: Annotated[
        int, typer.Option(min=10, help="Draws from the priors for --robust.")
    ] = _DRAWS,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to keep the draws of --robust.",
            show_default="runs/robust-...",
        ),
    ] = None,
    prices: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Instead: compare the model's prices with observed ones."),
    ] = None,
    goods: Annotated[
        str,
        typer.Option(
            "--prices-of",
            metavar="GOODS",
            help="Which goods of the model --prices are compared with.",
        ),
    ] = "grain",
    since: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="First day that changes of --prices are counted from.",
            show_default="2020-01-27",
        ),
    ] = None,
    threads: Threads = None,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the tables as a web page.")
    ] = None,
) -> None:
    """Validate: do the patterns of the reports appear, for the stated reasons, and how widely?"""
    from amnok.scenario import load

    chosen = load(scenario, sets or ())
    folder = None
    if robust:
        _need_extras()
        folder = out or folder_of_draws("robust", chosen, seed, draws)
    say_if_compiling()
    with interruptible(f"finished draws in {folder}" if folder else ""):
        if prices is not None:
            day = since.date() if since else dt.date(2020, 1, 27)
            _prices(chosen, prices, goods, day, replicates or _ABLATED, seed, threads, as_json)
        else:
            number = replicates or (_ABLATED if ablate else _REPLICATES)
            _patterns(chosen, number, seed, ablate, folder, draws, threads, as_json, html)


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
    from amnok.reporting.formats import render
    from amnok.reporting.hypertext import document
    from amnok.reporting.patterns import patterns_sheet
    from amnok.studies.patterns import CONTRASTS
    from amnok.studies.patterns import verify as judge

    with progress_bar() as bar:
        mechanisms = CONTRASTS if ablate else ()
        judgements, ablations = judge(
            scenario,
            seed=seed,
            replicates=replicates,
            mechanisms=mechanisms,
            threads=threads,
            progress=bar,
        )
    sheet = patterns_sheet(scenario, replicates, judgements, ablations)
    if html is not None:
        page = document(f"Patterns: {scenario.title}", [render(sheet, "html")])
        write_text(html, page)
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


def _prices(
    scenario: Scenario,
    file: Path,
    goods: str,
    since: dt.date,
    replicates: int,
    seed: int,
    threads: int | None,
    as_json: bool,
) -> None:
    from amnok.reporting.prices import prices_sheet
    from amnok.studies.patterns.prices import compared, predicted, read_prices

    observed = read_prices(file)
    with progress_bar() as bar:
        days, model = predicted(scenario, goods, replicates, seed, threads, bar)
    found = compared(observed, days, model, since)
    put(prices_sheet(found, scenario, goods, replicates), as_json)
