"""`amnok explore`: the border in a browser, simulated while the user drags sliders."""

from __future__ import annotations

from typing import Annotated

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    SIMULATE,
    BankShown,
    GuessesFile,
    Ledgers,
    app,
    say,
    say_if_compiling,
)


@app.command(rich_help_panel=SIMULATE)
def explore(
    what: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|RUN",
            help="Name of a built-in scenario, a YAML file, or the folder of a saved run.",
        ),
    ] = DEFAULT_SCENARIO,
    seed: Annotated[
        int | None,
        typer.Option(min=0, help="Seed of all chance; a run has its own.", show_default="1"),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            min=1, max=20, help="How many replicates the full result has.", show_default="4"
        ),
    ] = None,
    guesses: GuessesFile = None,
    bank: BankShown = None,
    ledgers: Ledgers = None,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65_535, help="Port on this machine.", show_default="8765, or free"),
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Explore a scenario in the browser: map, levers, charts; served from this machine only."""
    from amnok.web.serve import border_of, open_page, serve

    border = border_of(what, seed, replicates, guesses, ledgers or (), bank)
    say_if_compiling()

    def ready(address: str) -> None:
        print(f"{border.scenario.title}: {address}  (Ctrl-C ends it)", flush=True)
        if browser and not open_page(address):
            say("no browser could be opened; open the address in one")

    serve(border, port, ready)
