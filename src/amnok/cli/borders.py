"""`amnok scenarios`, `check`, `schema`, `odd`: a scenario and its evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    BORDER,
    WRONG,
    AsJson,
    ScenarioName,
    Sets,
    TextFile,
    app,
    put,
    say_if_compiling,
    screen,
    write_text,
)
from amnok.errors import AmnokError
from amnok.progress import progress_bar


@app.command(rich_help_panel=BORDER)
def scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with Amnok."""
    from amnok.reporting.basis import scenarios_table
    from amnok.scenario import builtin_names, load

    put(scenarios_table(map(load, builtin_names())), as_json)


@app.command(rich_help_panel=BORDER)
def check(
    scenario: ScenarioName,
    sets: Sets = None,
    paths: Annotated[
        list[str] | None,
        typer.Option(
            "--explain",
            metavar="PATH",
            help="Say what a field means, as in guards.bargaining_share; repeatable.",
        ),
    ] = None,
    first: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Simulate, and list the N numbers without a figure that decide most: what to "
            "source first.",
        ),
    ] = None,
    of: Annotated[
        str, typer.Option(metavar="OUTCOME", help="With --first: the outcome that they decide.")
    ] = "value_crossed",
    as_json: AsJson = False,
) -> int:
    """Validate a scenario: list all errors, or all parameters by what stands behind them.

    With --explain, say what a field or a section means instead.
    """
    from amnok.reporting import basis
    from amnok.scenario.explain import explain
    from amnok.scenario.policies import checked

    try:
        chosen = checked(scenario, sets or ())
        explained = [explain(chosen, path) for path in paths or ()]
    except AmnokError as error:
        if not as_json:
            raise
        put(basis.faults_sheet(error.told), as_json)
        return WRONG
    if explained:
        put(basis.explained_sheet(chosen, explained), as_json)
    elif first is not None:
        from amnok.studies.first_to_source import swings

        say_if_compiling()
        with progress_bar() as bar:
            found = swings(chosen, of, progress=bar)
        put(basis.first_sheet(chosen, of, found[:first]), as_json)
    else:
        put(basis.check_sheet(chosen), as_json)
    return 0


@app.command(rich_help_panel=BORDER)
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from amnok.reporting.formats import as_json
    from amnok.scenario.catalog import json_schema

    print(as_json(json_schema(), screen().encoding), end="")


@app.command(rich_help_panel=BORDER)
def odd(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    sets: Sets = None,
    out: TextFile = None,
) -> None:
    """Describe the model by the ODD protocol for agent-based models, as Markdown."""
    from amnok.odd.page import odd as description
    from amnok.scenario import load

    text = description(load(scenario, sets or ()), sets or ())
    if out is None:
        print(text, end="")
    else:
        write_text(out, text)
