"""`amnok scenarios`, `check`, `schema`, `ledger`, `odd`: a scenario and its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import (
    BORDER,
    DEFAULT_SCENARIO,
    WRONG,
    ScenarioName,
    Sets,
    app,
    console,
    write_text,
)
from amnok.cli.options import print_json
from amnok.errors import AmnokError


@app.command(rich_help_panel=BORDER)
def scenarios() -> None:
    """List the scenarios that come with Amnok."""
    from amnok.reporting import print_scenarios
    from amnok.scenario import builtin_names, load

    print_scenarios(map(load, builtin_names()), console())


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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> int:
    """Validate a scenario: list all errors, or the sourced and assumed parameters apart.

    With --explain, say what a field or a section means instead.
    """
    from amnok.reporting import evidence
    from amnok.scenario.explain import explain
    from amnok.scenario.policies import checked

    try:
        chosen = checked(scenario, sets or ())
        explained = [explain(chosen, path) for path in paths or ()]
    except AmnokError as error:
        if not as_json:
            raise
        print_json(evidence.faults_json(error.told))
        return WRONG
    if explained and as_json:
        print_json(evidence.explained_json(explained))
    elif explained:
        for one in explained:
            evidence.print_explained(chosen, one, console())
    elif as_json:
        print_json(evidence.check_json(chosen))
    else:
        evidence.print_check(chosen, console())
    return 0


@app.command(rich_help_panel=BORDER)
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from amnok.scenario.catalog import schema_text

    print(schema_text(), end="")


@app.command(rich_help_panel=BORDER)
def ledger(scenario: ScenarioName = DEFAULT_SCENARIO, sets: Sets = None) -> None:
    """Print the evidence: each claim with its grade and the parameters that cite it."""
    from amnok.reporting import print_ledger
    from amnok.scenario import load

    print_ledger(load(scenario, sets or ()), console())


@app.command(rich_help_panel=BORDER)
def odd(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    sets: Sets = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to a file instead of printing.")
    ] = None,
) -> None:
    """Describe the model by the ODD protocol for agent-based models, as Markdown."""
    from amnok.odd.page import odd as description
    from amnok.scenario import load

    text = description(load(scenario, sets or ()), sets or ())
    if out is None:
        print(text, end="")
    else:
        write_text(out, text)
