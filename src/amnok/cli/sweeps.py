"""`amnok sweep`: many points of the space of parameters and policies."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from amnok.cells import counted
from amnok.cli.common import (
    POLICIES,
    AsJson,
    RunsFolder,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    Threads,
    Workers,
    app,
    interruptible,
    put,
    say_if_compiling,
    say_if_unfinished,
    tell,
)
from amnok.cli.policies import PolicyFiles
from amnok.errors import AmnokError, Fault
from amnok.progress import progress_bar
from amnok.table import Column, Sheet, Table

if TYPE_CHECKING:
    from amnok.scenario import Scenario
    from amnok.studies.sweeps import Point, Sweep
    from amnok.studies.sweeps.design import SobolDesign, Value


_DRAWS = 256


@app.command(rich_help_panel=POLICIES)
def sweep(
    base: ScenarioName,
    grid: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH=V1,V2", help="Values of a parameter; several make a full grid."),
    ] = None,
    over: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="A parameter to draw from its prior; or `assumptions`, or `claims`.",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Draws from the priors of --over, by a Latin hypercube.",
            show_default="256",
        ),
    ] = None,
    sobol: Annotated[
        int | None,
        typer.Option(min=2, help="A Sobol design over --over instead of the Latin hypercube."),
    ] = None,
    points: Annotated[
        Path | None, typer.Option(metavar="CSV", help="Points from a file instead.")
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Also under this policy, beside `base`; repeatable."),
    ] = None,
    files: PolicyFiles = None,
    sets: Sets = None,
    seed: Seed = 1,
    replicates: Annotated[int, typer.Option(min=1, help="How many replicates of each point.")] = 1,
    out: RunsFolder = Path("runs/sweep"),
    threads: Threads = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
) -> None:
    """Simulate many points of the parameter space; resumable by the same command."""
    from amnok.scenario.policies import chosen, under
    from amnok.scenario.policies import policies as known

    names = list(dict.fromkeys(policy or []))
    scenario, arms = under(base, sets or (), chosen(known(base, files or ()), names))
    asked = _points(scenario, ["base", *names], grid, over, draws, sobol, points, seed)
    say_if_compiling()
    with interruptible(f"finished batches in {out}"):
        from amnok.studies.sweeps import sweep as run

        with progress_bar("runs") as bar:
            found = run(
                scenario,
                asked,
                out,
                policies=arms,
                seed=seed,
                replicates=replicates,
                threads=threads,
                workers=workers,
                scheduler=scheduler,
                progress=bar,
            )
    points_in_all, aside = len(asked if isinstance(asked, list) else asked.points), found.aside
    if len(aside) == points_in_all:
        raise AmnokError(Fault(f"nothing was simulated: {aside[0]}", "other values", file=str(out)))
    runs = counted((points_in_all - len(aside)) * replicates, "run")
    left_out = Table("Left out", (Column("point"), Column("reason")), tuple(aside.items()))
    title = f"{counted(points_in_all, 'point')}, {runs} in {out}"
    put(Sheet(title, (left_out,) if aside else ()))
    tell(query(out))


def query(folder: Path) -> str:
    """The command that asks DuckDB for all rows, whatever the folder is called."""
    from amnok.studies.sweeps.folder import literal

    quoted = literal(folder).replace("'", "''")
    return shlex.join(["duckdb", "-c", f"FROM '{quoted}/batches/*.parquet'"])


def _opened(folder: Path) -> Sweep:
    """A sweep on disk; said, if it is not finished."""
    from amnok.studies.sweeps.runner import opened

    found = opened(folder)
    say_if_unfinished(found.progress, folder, "amnok sweep")
    return found


def _points(
    scenario: Scenario,
    policies: list[str],
    grid: list[str] | None,
    over: list[str] | None,
    draws: int | None,
    sobol: int | None,
    file: Path | None,
    seed: int,
) -> list[Point] | SobolDesign:
    """The design that the options ask for."""
    from amnok.studies.sweeps import design

    given = [
        name for name, option in (("--grid", grid), ("--over", over), ("--points", file)) if option
    ]
    if len(given) != 1:
        raise typer.BadParameter("exactly one of --grid, --over and --points says what is swept")
    if file is not None:
        return design.from_csv(scenario, file, policies)
    if grid:
        return design.grid(_grid(scenario, grid), policies)
    paths = _paths(scenario, over or [])
    if sobol is not None:
        sets = design.by_claim(scenario) if over == ["claims"] else {one: [one] for one in paths}
        return design.sobol(scenario, sets, sobol, seed)
    return design.latin_hypercube(scenario, paths, draws or _DRAWS, seed, policies)


def _paths(scenario: Scenario, over: list[str]) -> list[str]:
    if over == ["assumptions"]:
        return list(scenario.assumptions)
    if over == ["claims"]:
        return [path for path, one in scenario.parameters() if not one.is_assumption]
    return over


def _grid(scenario: Scenario, grid: list[str]) -> dict[str, list[Value]]:
    """Values by path, of texts such as `path=1,2,3`."""
    from amnok.studies.sweeps.design import check_paths, value_of

    parted = [text.partition("=") for text in grid]
    faults = [
        Fault("is not a grid", "PATH=V1,V2,...", file=f"--grid {''.join(parts)}")
        for parts in parted
        if not all(parts)
    ]
    if faults:
        raise AmnokError(faults)
    check_paths(scenario, [path for path, _, _ in parted], "--grid")
    known = dict(scenario.parameters())
    values: dict[str, list[Value]] = {}
    for path, _, written in parted:
        values[path] = []
        for text in written.split(","):
            try:
                values[path].append(value_of(known[path], text))
            except ValueError as error:
                problem, fix = error.args
                faults.append(Fault(problem, fix, path=path, file="--grid"))
    if faults:
        raise AmnokError(faults)
    return values


Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a sweep.")]
Outcome = Annotated[
    str, typer.Argument(metavar="OUTCOME", help="As in docs/comparing.md, such as arrests.")
]
Where = Annotated[str, typer.Option(help='Labels along its dimensions: "cn, pedlar".')]


@app.command(rich_help_panel=POLICIES)
def sensitivity(
    folder: Folder, outcome: Outcome, where: Where = "", as_json: AsJson = False
) -> None:
    """Find which parameters decide an outcome: Sobol indices of a sweep made with --sobol."""
    from amnok.reporting.sweeps import sensitivity_sheet
    from amnok.studies.sweeps.analysis import sensitivity as indices

    swept = _opened(folder)
    found = indices(swept, outcome, where)
    put(sensitivity_sheet(found, outcome, where, swept.scenario), as_json)


@app.command(rich_help_panel=POLICIES)
def regret(
    folder: Folder,
    outcome: Outcome,
    where: Where = "",
    most: Annotated[
        bool, typer.Option("--most", help="More of the outcome is better; without this, less is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find the safest policy: regret over the draws of a sweep made with --policy."""
    from amnok.reporting.sweeps import regret_sheet
    from amnok.studies.sweeps.analysis import by_draw, flips_of, regret_of

    swept = _opened(folder)
    table = by_draw(swept, outcome, where)
    rows = regret_of(table, most)
    put(regret_sheet(rows, flips_of(table), outcome, where, swept.scenario), as_json)


Conditions: TypeAlias = list[str] | None
_CONDITION = "OUTCOME[:WHERE]"


@app.command(rich_help_panel=POLICIES)
def discover(
    folder: Folder,
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="The policy, against `base`.")],
    lower: Annotated[
        Conditions, typer.Option(metavar=_CONDITION, help="An outcome that the policy lowers.")
    ] = None,
    higher: Annotated[
        Conditions, typer.Option(metavar=_CONDITION, help="An outcome that the policy raises.")
    ] = None,
    not_lower: Annotated[
        Conditions,
        typer.Option(metavar=_CONDITION, help="An outcome that the policy does not lower."),
    ] = None,
    not_higher: Annotated[
        Conditions,
        typer.Option(metavar=_CONDITION, help="An outcome that the policy does not raise."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find where in the prior a policy has an effect: PRIM over the draws of a sweep.

    Each condition compares an outcome under the policy with the same draw under none, as in
    --lower "value_crossed:river, pedlar" --not-lower sanctioned_value.
    """
    from amnok.reporting.sweeps import discovery_sheet
    from amnok.studies.sweeps.prim import Condition
    from amnok.studies.sweeps.prim import discover as boxes_of

    asked = [
        Condition(how, *(part.strip() for part in text.split(":", 1)))
        for how, texts in (
            ("lower", lower),
            ("higher", higher),
            ("not_lower", not_lower),
            ("not_higher", not_higher),
        )
        for text in texts or []
    ]
    swept = _opened(folder)
    share, boxes = boxes_of(swept, policy, asked)
    put(discovery_sheet(share, boxes, swept.scenario), as_json)
