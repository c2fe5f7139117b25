"""`amnok solve`: what rational players would do in a game, with a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import GAMES, app, console, write_text
from amnok.cli.options import print_json


@app.command(rich_help_panel=GAMES)
def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A game: see docs/games.md.")],
    exact: Annotated[
        bool, typer.Option("--exact", help="Exact fractions, where the game has such a solution.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write the answer as JSON.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Solve a game: value, plan, and a certificate of how far they can be from the optimum."""
    from amnok.games.files import solve_file
    from amnok.reporting.solutions import answer_json, print_answer

    answer = solve_file(file, exact)
    if out is not None:
        write_text(out, answer_json(answer) + "\n")
    if as_json:
        print_json(answer_json(answer))
    else:
        print_answer(answer, console())
