"""`amnok evidence judge`, `check`, `matrix`, `effect`: what the model says of claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    AsJson,
    Ledgers,
    ScenarioName,
    Seed,
    Threads,
    folder_of_draws,
    interruptible,
    put,
    say_if_compiling,
)
from amnok.cli.ledger import Border, ClaimId, evidence_of, group
from amnok.cli.policies import PolicyFiles
from amnok.errors import AmnokError, Fault
from amnok.progress import progress_bar

if TYPE_CHECKING:
    from amnok.studies.claims import Evidence
    from amnok.studies.claims.questions import Draws

Replicates = Annotated[int, typer.Option(min=2, help="How many replicates.")]
DrawsOption = Annotated[
    int,
    typer.Option("--draws", min=0, help="Draws from the priors, looked at too; resumable."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Where to keep the draws.", show_default="runs/evidence-..."
    ),
]
_DRAWS = 200


@group.command()
def judge(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    ledgers: Ledgers = None,
    replicates: Replicates = 8,
    seed: Seed = 1,
    draws: DrawsOption = 0,
    out: Out = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Judge whether the model is consistent with each claim, contradicts it, or is silent."""
    from amnok.reporting.verdicts import judge_sheet

    found = evidence_of(scenario, ledgers)
    studied = _studied(found, draws, seed, out, threads) if draws else None
    say_if_compiling()
    with progress_bar() as bar:
        verdicts = found.judge(replicates, seed, threads=threads, progress=bar)
    likely = studied.likelihoods() if studied else ()
    put(judge_sheet(found.scenario, verdicts, replicates, likely, draws), as_json)


@group.command()
def check(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    ledgers: Ledgers = None,
    seed: Seed = 1,
    draws: DrawsOption = 0,
    out: Out = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Find duplicates, and claims and figures that contradict each other.

    With --draws also for claims that no draw of the prior shows, and for pairs of claims that draws
    meet together far less often than chance.
    """
    from amnok.reporting.ledger import check_sheet
    from amnok.reporting.verdicts import apart_table, bounds_table, impossible_table

    found = evidence_of(scenario, ledgers)
    more = [bounds_table(found.ledger, found.bounds_apart())]
    if draws:
        studied = _studied(found, draws, seed, out, threads)
        more.append(impossible_table(found.ledger, studied.likelihoods()))
        more.append(apart_table(found.ledger, studied.apart()))
    put(check_sheet(found.scenario, found.duplicates(), found.versions(), more), as_json)


@group.command()
def matrix(
    names: Annotated[
        list[str], typer.Argument(metavar="POLICY...", help="Variants: policies of the scenario.")
    ],
    scenario: Border = DEFAULT_SCENARIO,
    files: PolicyFiles = None,
    ledgers: Ledgers = None,
    replicates: Replicates = 8,
    seed: Seed = 1,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Hold claims against hypotheses: variants of a border, as they are named in its policies."""
    from amnok.reporting.verdicts import matrix_sheet
    from amnok.scenario import policies

    found = evidence_of(scenario, ledgers)
    known = policies.policies(scenario, files or ())
    asked = policies.chosen(known, names)
    _, variants = policies.under(scenario, (), asked)
    say_if_compiling()
    with progress_bar() as bar:
        told = found.matrix(variants, replicates, seed, threads=threads, progress=bar)
    labels = {"base": "as it is", **{one.name: one.label for one in asked}}
    put(matrix_sheet(found.scenario, told, labels), as_json)


@group.command()
def effect(
    claim: ClaimId,
    scenario: ScenarioName = DEFAULT_SCENARIO,
    ledgers: Ledgers = None,
    seed: Seed = 1,
    draws: Annotated[int, typer.Option(min=10, help="Draws from the priors.")] = _DRAWS,
    out: Out = None,
    threads: Threads = None,
    as_json: AsJson = False,
) -> None:
    """Estimate what changes if a claim is believed: draws weighted by it, minus them unweighted."""
    from amnok.reporting.verdicts import effect_sheet

    found = evidence_of(scenario, ledgers)
    found.ledger.must_hold(claim)
    from amnok.studies.claims.judging import claims_of

    if not any(one.name == claim and one.measures for one in claims_of(found.scenario).all):
        problem = f"{claim} says nothing that the model can measure"
        raise AmnokError(Fault(problem, "give it `says`, or ask `amnok evidence show`"))
    studied = _studied(found, draws, seed, out, threads)
    put(effect_sheet(found.scenario, studied.effect(claim)), as_json)


def _studied(
    found: Evidence, draws: int, seed: int, out: Path | None, threads: int | None
) -> Draws:
    import scipy

    del scipy
    folder = out or folder_of_draws("evidence", found.scenario, seed, draws)
    say_if_compiling()
    with interruptible(f"finished draws in {folder}"), progress_bar("draws") as bar:
        return found.study(folder, draws, seed, threads=threads, progress=bar)
