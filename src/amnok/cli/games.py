"""`amnok solve`, `amnok exploit`: what rational players would do, in a game and against a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import GAMES, AsJson, RunPath, app, put, write_text


@app.command(rich_help_panel=GAMES)
def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A game: see docs/games.md.")],
    exact: Annotated[
        bool, typer.Option("--exact", help="Exact fractions, where the game has such a solution.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write the answer as JSON, too.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Solve a game: value, plan, and a certificate of how far they can be from the optimum."""
    from amnok.games.files import solve as answer_of
    from amnok.reporting import render
    from amnok.reporting.games import answer_sheet

    sheet = answer_sheet(answer_of(file, exact))
    if out is not None:
        write_text(out, render(sheet, "json"))
    put(sheet, as_json)


@app.command(rich_help_panel=GAMES)
def exploit(
    path: RunPath,
    as_json: AsJson = False,
) -> None:
    """Compute how much a trader or an agency could gain by a best response to a saved run."""
    from amnok.games import exploit as gains
    from amnok.reporting.games import exploit_sheet

    put(exploit_sheet(gains(path)), as_json)
