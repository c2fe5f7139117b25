"""`amnok policies`, `amnok compare`: the effect of a policy, and on whom."""

from __future__ import annotations

import datetime as dt
import shlex
from pathlib import Path
from typing import Annotated

import typer

from amnok.cli.common import (
    DEFAULT_SCENARIO,
    INTERRUPTED,
    POLICIES,
    AsJson,
    ScenarioName,
    Sets,
    app,
    progress_bar,
    put,
    say,
    say_if_compiling,
    write_text,
)

PolicyFiles = Annotated[
    list[Path] | None,
    typer.Option("--policies", metavar="FILE", help="A YAML file with policies of your own."),
]


@app.command(rich_help_panel=POLICIES)
def policies(
    scenario: ScenarioName = DEFAULT_SCENARIO, files: PolicyFiles = None, as_json: AsJson = False
) -> None:
    """List the policies that a scenario can be compared under."""
    from amnok.reporting.evidence import policies_table
    from amnok.scenario.policies import policies as known

    put(policies_table(known(scenario, files or ()).values()), as_json)


@app.command(rich_help_panel=POLICIES)
def compare(
    base: Annotated[str, typer.Argument(help="Name of a built-in scenario, or a YAML file.")],
    names: Annotated[
        list[str],
        typer.Argument(metavar="POLICY...", help="Names of policies; amnok policies lists them."),
    ],
    seed: Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Seed.")] = 1,
    replicates: Annotated[int, typer.Option(min=1, help="How many replicates.")] = 20,
    sets: Sets = None,
    files: PolicyFiles = None,
    first: Annotated[
        dt.datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day counted.")
    ] = None,
    last: Annotated[
        dt.datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day counted.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write every difference as a table.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Also save the comparison, for amnok report."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option(min=1, help="How many threads.", show_default="all")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a scenario with its counterfactuals under policies, by common random numbers."""
    from amnok import compare as comparison_of
    from amnok.reporting import render
    from amnok.reporting.comparison import comparison_sheet, differences_table
    from amnok.studies.comparison.folder import check_free, save_comparison

    days = tuple(day.date().isoformat() if day else None for day in (first, last))
    if out is not None:
        check_free(out)
    say_if_compiling()
    try:
        with progress_bar() as bar:
            found = comparison_of(
                base,
                names,
                seed=seed,
                replicates=replicates,
                sets=sets or (),
                files=files or (),
                days=(days[0], days[1]),
                threads=threads,
                progress=bar,
                weeks=out is not None,
            )
    except KeyboardInterrupt:
        say("interrupted: nothing kept")
        raise typer.Exit(INTERRUPTED) from None
    if out is not None:
        command = _command(base, names, seed, replicates, sets, files, days)
        save_comparison(found, out, seed, command)
    if csv is not None:
        write_text(csv, render(differences_table(found), "csv"))
    put(comparison_sheet(found), as_json)
    if out is not None:
        say(f"saved in {out} (amnok report {out})")


def _command(
    base: str,
    names: list[str],
    seed: int,
    replicates: int,
    sets: list[str] | None,
    files: list[Path] | None,
    days: tuple[str | None, ...],
) -> str:
    """What repeats a comparison."""
    words = ["amnok", "compare", base, *names, f"--seed={seed}", f"--replicates={replicates}"]
    words += [f"--set={one}" for one in sets or ()]
    words += [f"--policies={one}" for one in files or ()]
    words += [f"--{end}={day}" for end, day in zip(("from", "to"), days, strict=True) if day]
    return shlex.join(words)
