"""`amnok policies`, `compare`, `effects`: what a policy or an order does, and to whom."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    POLICIES,
    AsJson,
    CsvFile,
    Days,
    First,
    Last,
    ScenarioName,
    Seed,
    Sets,
    Threads,
    app,
    days_given,
    folder_of_draws,
    interruptible,
    put,
    say,
    say_if_compiling,
    write_text,
)
from amnok.progress import progress_bar

PolicyFiles = Annotated[
    list[Path] | None,
    typer.Option("--policies", metavar="FILE", help="A YAML file with policies of your own."),
]


@app.command(rich_help_panel=POLICIES)
def policies(
    scenario: ScenarioName = DEFAULT_SCENARIO, files: PolicyFiles = None, as_json: AsJson = False
) -> None:
    """List the policies that a scenario can be compared under."""
    from amnok.reporting.basis import policies_table
    from amnok.scenario.policies import policies as known

    put(policies_table(known(scenario, files or ()).values()), as_json)


@app.command(rich_help_panel=POLICIES)
def compare(
    base: ScenarioName,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="POLICY...", help="Names of policies; amnok policies lists them."),
    ] = None,
    seed: Seed = 1,
    replicates: Annotated[int, typer.Option(min=1, help="How many replicates.")] = 20,
    sets: Sets = None,
    files: PolicyFiles = None,
    first: First = None,
    last: Last = None,
    csv: CsvFile = None,
    hub: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write outcomes as hubverse samples (CSV)."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to save the comparison, for amnok report."),
    ] = None,
    threads: Threads = None,
    given: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="A posterior saved by `amnok infer`: each replicate is a world drawn from it.",
        ),
    ] = None,
    effect_of: Annotated[
        str | None,
        typer.Option(
            metavar="EVENT",
            help="Instead of policies: what an order, change, closure, halt or mechanism did.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compare a border with its counterfactuals under policies, with common random numbers.

    With --effect-of, compare the world with an event with the same world without it.
    """
    if (effect_of is None) == (not names):
        raise typer.BadParameter("name policies, or an event with --effect-of: one of the two")
    if effect_of is not None:
        _tell_effects(
            base,
            [effect_of],
            seed,
            replicates,
            sets,
            days_given(first, last),
            (),
            csv,
            threads,
            as_json,
        )
        return
    assert names
    from amnok import compare as comparison_of
    from amnok.reporting import render
    from amnok.reporting.comparison import comparison_sheet, differences_table
    from amnok.reporting.exchange import hubverse
    from amnok.studies.comparison.folder import check_free, save_comparison

    days = days_given(first, last)
    if out is not None:
        check_free(out)
    say_if_compiling()
    with interruptible(), progress_bar() as bar:
        found = comparison_of(
            base,
            names,
            seed=seed,
            replicates=replicates,
            sets=sets or (),
            files=files or (),
            days=days,
            threads=threads,
            progress=bar,
            weeks=out is not None,
            given=given,
        )
    if out is not None:
        command = _command(base, names, seed, replicates, sets, files, days, given)
        save_comparison(found, out, seed, command)
    if csv is not None:
        write_text(csv, render(differences_table(found), "csv"))
    if hub is not None:
        write_text(hub, render(hubverse(found, days), "csv"))
    put(comparison_sheet(found), as_json)
    if out is not None:
        say(f"saved in {out} (amnok report {out})")


@app.command(rich_help_panel=POLICIES)
def effects(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="EVENT...",
            help="Orders, changes, closures, halts or mechanisms by name.",
            show_default="all orders and changes in force",
        ),
    ] = None,
    seed: Seed = 1,
    replicates: Annotated[
        int, typer.Option(min=1, help="How many replicates, each a pair of worlds.")
    ] = 8,
    sets: Sets = None,
    first: First = None,
    last: Last = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="DIMENSION",
            help="Break numbers down by side, size, channel, sector, receiver, goods, market; "
            "repeatable.",
        ),
    ] = None,
    csv: CsvFile = None,
    robust: Annotated[
        bool,
        typer.Option(
            "--robust",
            help="Over draws from the priors instead: the share with the same sign; resumable.",
        ),
    ] = False,
    draws: Annotated[
        int, typer.Option(min=10, help="Draws from the priors: sets of guesses for --robust.")
    ] = 60,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Where to keep the guesses of --robust.",
            show_default="runs/guesses-...",
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write what --robust found as one file, for pages."),
    ] = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what orders and changes did: the world with each, minus its counterfactual."""
    if robust:
        _tell_guesses(scenario, names or (), seed, sets, draws, out, save, csv, threads, as_json)
        return
    days = days_given(first, last)
    _tell_effects(
        scenario, names or None, seed, replicates, sets, days, by or (), csv, threads, as_json
    )


def _tell_guesses(
    scenario: str,
    names: Sequence[str],
    seed: int,
    sets: list[str] | None,
    draws: int,
    out: Path | None,
    save: Path | None,
    csv: Path | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate effects under other guesses, and print in how many of them each is more, or less."""
    import scipy  # so that it is said at once if it is not there

    from amnok.reporting import render
    from amnok.reporting.guesses import guesses_sheet
    from amnok.scenario import load
    from amnok.studies.counterfactual.robustness import robustness

    del scipy
    chosen = load(scenario, sets or ())
    folder = out or folder_of_draws("guesses", chosen, seed, draws)
    say_if_compiling()
    with interruptible(f"finished guesses in {folder}"), progress_bar() as bar:
        found = robustness(chosen, folder, names, draws, seed, threads, bar)
    sheet = guesses_sheet(found, chosen)
    if save is not None:
        found.write(save)
    if csv is not None:
        write_text(csv, render(sheet.tables[-1], "csv"))
    put(sheet, as_json)


def _tell_effects(
    scenario: str,
    names: list[str] | None,
    seed: int,
    replicates: int,
    sets: list[str] | None,
    days: Days,
    by: Sequence[str],
    csv: Path | None,
    threads: int | None,
    as_json: bool,
) -> None:
    """Simulate effects, print them, and write the table if it is asked for."""
    from amnok.reporting import render
    from amnok.reporting.counterfactual import effects_sheet
    from amnok.scenario import load
    from amnok.studies.counterfactual import effects as effects_of
    from amnok.studies.counterfactual.paired import told_by

    given = load(scenario, sets or ())
    told_by(given, by)  # before anything is simulated
    say_if_compiling()
    with progress_bar() as bar:
        found = effects_of(given, names, seed, replicates, days=days, threads=threads, progress=bar)
    sheet = effects_sheet(found, days, by)
    if csv is not None:
        table = next(one for one in sheet.tables if one.name == "effects")
        write_text(csv, render(table, "csv"))
    put(sheet, as_json)


def _command(
    base: str,
    names: list[str],
    seed: int,
    replicates: int,
    sets: list[str] | None,
    files: list[Path] | None,
    days: Days,
    given: Path | None,
) -> str:
    """What repeats a comparison."""
    words = ["amnok", "compare", base, *names, f"--seed={seed}", f"--replicates={replicates}"]
    words += [f"--set={one}" for one in sets or ()]
    words += [f"--policies={one}" for one in files or ()]
    words += [f"--given={given}"] if given else []
    words += [f"--{end}={day}" for end, day in zip(("from", "to"), days, strict=True) if day]
    return shlex.join(words)
