"""`amnok bank`, `amnok infer`, `amnok ask`: what is really flowing, and what to ask next."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amnok.cli.common import (
    INFERENCE,
    AsJson,
    Ledgers,
    RunsFolder,
    ScenarioName,
    Scheduler,
    Seed,
    Sets,
    Threads,
    Workers,
    app,
    interruptible,
    must_be_new,
    put,
    say,
    say_if_compiling,
    say_if_unfinished,
    write_text,
)
from amnok.cli.policies import PolicyFiles
from amnok.progress import progress_bar

if TYPE_CHECKING:
    from amnok.studies.inference.banks import Bank

_TRADERS, _FULL, _CHECK = 4_000, 100, 200
BankFolder = Annotated[
    Path, typer.Option("--bank", metavar="FOLDER", help="Runs made with `amnok bank`.")
]

Shift = Annotated[
    float,
    typer.Option(
        min=-0.5,
        max=0.5,
        help="How much more sources are relied on than by their grades; below 0: less.",
    ),
]


@app.command(rich_help_panel=INFERENCE)
def bank(
    scenario: ScenarioName,
    draws: Annotated[
        int, typer.Option(min=1, help="Draws from the priors of all parameters.")
    ] = 4_000,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Also under this policy, for a choice; repeatable."),
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            help="Another structure that the border might have: a policy, or a mechanism that "
            "`verify --ablate` switches off; repeatable. Draws take turns."
        ),
    ] = None,
    files: PolicyFiles = None,
    ledgers: Ledgers = None,
    sets: Sets = None,
    traders: Annotated[
        int, typer.Option(min=1, help="Traders on the inner side; counts are scaled up.")
    ] = _TRADERS,
    full: Annotated[
        int, typer.Option(min=0, help="Draws also simulated with all traders, to correct the rest.")
    ] = _FULL,
    seed: Seed = 1,
    out: RunsFolder = Path("runs/bank"),
    threads: Threads = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    as_json: AsJson = False,
) -> None:
    """Simulate draws from the priors for `infer` and `ask`; resumable by the same command."""
    from amnok.scenario import load
    from amnok.scenario.policies import chosen, under
    from amnok.scenario.policies import policies as known

    listed = known(scenario, files or ())
    names = list(dict.fromkeys(policy or []))
    _, arms = under(scenario, sets or (), chosen(listed, names))
    base = load(scenario, sets or (), ledgers or ())
    say_if_compiling()
    with interruptible(f"finished batches in {out}"):
        from amnok.reporting.inference import bank_sheet
        from amnok.studies.inference.banks import bank as make
        from amnok.studies.inference.worlds import variants_named

        variants = variants_named(scenario, base, sets or (), listed, variant or ())
        with progress_bar("runs") as bar:
            found = make(
                base,
                out,
                draws=draws,
                policies=arms,
                variants=variants,
                traders=traders,
                full=full,
                seed=seed,
                threads=threads,
                workers=workers,
                scheduler=scheduler,
                progress=bar,
            )
    put(bank_sheet(found), as_json)


@app.command(rich_help_panel=INFERENCE)
def infer(
    scenario: ScenarioName,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="FILE", help="Observations, one number a row.")
    ] = None,
    bank_folder: BankFolder = Path("runs/bank"),
    template: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Write a file of observations to fill in, and stop."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Also test: on worlds whose truth is known, and without each series."
        ),
    ] = False,
    shift: Shift = 0.0,
    sets: Sets = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where to save the posterior: a new folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Infer hidden flows: a posterior whose intervals have their coverage if the model is right."""
    from amnok.scenario import load

    chosen = load(scenario, sets or ())
    if template is not None:
        from amnok.studies.inference.observing import template as example

        must_be_new(template)
        write_text(template, example(chosen))
        say(f"wrote {template}: replace its rows by what was observed")
        return
    if data is None:
        raise typer.BadParameter("--data says what was observed (--template writes an example)")
    from amnok.reporting.inference import inference_sheet
    from amnok.studies.inference.hidden import infer as run

    number = _CHECK if check else 0
    bank = _opened(bank_folder)
    found = run(chosen, data, bank=bank, check=number, shift=shift, seed=seed, out=out)
    put(inference_sheet(found, chosen), as_json)


@app.command(rich_help_panel=INFERENCE)
def ask(
    scenario: ScenarioName,
    bank_folder: BankFolder = Path("runs/bank"),
    target: Annotated[
        str, typer.Option("--for", help="What you want to know, such as value_crossed:size/LABEL.")
    ] = "value_crossed",
    choose: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="Policies to choose among, by the least of --for."),
    ] = None,
    most: Annotated[
        bool, typer.Option("--most", help="More of --for is better; without this, less is.")
    ] = False,
    given: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="A posterior saved by `amnok infer`.")
    ] = None,
    reliability: Annotated[
        str,
        typer.Option(
            metavar="A-F",
            help="Reliability of whoever will answer.",
            show_default="settled for good",
        ),
    ] = "",
    shift: Shift = 0.0,
    ledgers: Ledgers = None,
    sets: Sets = None,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Rank what could be learned next by its value of information."""
    from amnok.scenario import load

    chosen = load(scenario, sets or (), ledgers or ())
    names = [name.strip() for name in choose.split(",")] if choose else []
    from amnok.reporting.inference import questions_sheet
    from amnok.studies.inference.questions import ask as run

    found = run(
        chosen,
        bank=_opened(bank_folder),
        target=target,
        choose=names,
        most=most,
        given=given,
        reliability=reliability,
        shift=shift,
        seed=seed,
    )
    put(questions_sheet(found, chosen), as_json)


def _opened(folder: Path) -> Bank:
    """A bank on disk; said, if it is not finished."""
    from amnok.studies.inference.banks import open_bank

    found = open_bank(folder)
    say_if_unfinished(found.progress, folder, "amnok bank")
    return found
