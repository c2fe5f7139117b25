"""`amnok score`: the model's forecast of observed series, beside forecasts that know nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import (
    TRUST,
    AsJson,
    ScenarioName,
    Seed,
    Sets,
    Threads,
    app,
    interruptible,
    put,
    say_if_compiling,
    write_text,
)
from amnok.progress import progress_bar

_REPLICATES = 20


@app.command(rich_help_panel=TRUST)
def score(
    scenario: ScenarioName,
    data: Annotated[
        Path, typer.Option("--data", metavar="FILE", help="Observations, one number a row.")
    ],
    since: Annotated[
        dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="First day that is forecast.")
    ],
    until: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Last day that is forecast, also where the file holds nothing.",
        ),
    ] = None,
    moves: Annotated[
        bool,
        typer.Option(
            "--moves",
            help="Forecast how a series moves, from what was last observed; for other units.",
        ),
    ] = False,
    sets: Sets = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            min=2,
            help="How many replicates, the members of the ensemble.",
            show_default=str(_REPLICATES),
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(min=2, help="Draws from the priors of all parameters as members, instead."),
    ] = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write the quantiles of all forecasts (CSV)."),
    ] = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Forecast observed series from a day on, and score it beside naive forecasts."""
    from amnok.reporting.scoring import scores_sheet
    from amnok.scenario import load
    from amnok.studies.scoring.forecast import score as forecast

    chosen = load(scenario, sets or ())
    say_if_compiling()
    last = until.date() if until else None
    number = replicates or _REPLICATES
    with interruptible(), progress_bar() as bar:
        found = forecast(
            chosen,
            data,
            since.date(),
            last,
            moves=moves,
            seed=seed,
            replicates=number,
            draws=draws or 0,
            sets=sets or (),
            threads=threads,
            progress=bar,
        )
    if out is not None:
        write_text(out, found.tidy().to_csv(index=False))
    put(scores_sheet(found, chosen), as_json)
