"""`amnok evidence`: the ledger of claims, what it lacks, and how reports are added to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from amnok.arguments import DEFAULT_SCENARIO
from amnok.cli.common import (
    BORDER,
    App,
    AsJson,
    Ledgers,
    RunPath,
    ScenarioName,
    TextFile,
    app,
    must_be_new,
    put,
    say,
    screen,
    write_text,
)
from amnok.errors import AmnokError, Fault

if TYPE_CHECKING:
    from amnok.scenario.ledger import Ledger
    from amnok.studies.claims import Evidence

group = App(help="The ledger of claims: read it, add to it, and see what it asks of the model.")
app.add_typer(group, name="evidence", rich_help_panel=BORDER)

ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="Id of a claim, as in B07.")]
Target = Annotated[
    Path, typer.Argument(metavar="LEDGER", help="A ledger file (YAML); it may be new.")
]
Why = Annotated[str, typer.Argument(metavar="WHY", help="Why, in a sentence; it is kept.")]
Border = Annotated[str, typer.Option("--scenario", help="The border that the claims are about.")]


def evidence_of(scenario: str, ledgers: list[Path] | None) -> Evidence:
    """The border and ledgers that a command is about."""
    from amnok.studies.claims import evidence

    return evidence(scenario, ledgers or ())


@group.command("list")
def list_claims(
    scenario: ScenarioName = DEFAULT_SCENARIO, ledgers: Ledgers = None, as_json: AsJson = False
) -> None:
    """List every claim with its report, grade, and what it is about."""
    from amnok.reporting.ledger import list_sheet

    put(list_sheet(evidence_of(scenario, ledgers).scenario), as_json)


@group.command()
def show(
    claim: ClaimId,
    scenario: ScenarioName = DEFAULT_SCENARIO,
    ledgers: Ledgers = None,
    as_json: AsJson = False,
) -> None:
    """Show all that is known of one claim: report, grade, figures, stance to others, history."""
    from amnok.reporting.ledger import show_sheet

    found = evidence_of(scenario, ledgers)
    found.ledger.must_hold(claim)
    put(show_sheet(found.scenario, claim), as_json)


@group.command()
def gaps(
    scenario: ScenarioName = DEFAULT_SCENARIO, ledgers: Ledgers = None, as_json: AsJson = False
) -> None:
    """List what reports speak of and the model lacks, by how many reports do."""
    from amnok.reporting.ledger import gaps_sheet

    found = evidence_of(scenario, ledgers)
    put(gaps_sheet(found.ledger, found.gaps()), as_json)


@group.command()
def add(
    target: Target,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help="CSV, JSON Lines or YAML; without it, questions are asked."
        ),
    ] = None,
    scenario: Border = DEFAULT_SCENARIO,
    as_json: AsJson = False,
) -> None:
    """Add claims to a ledger file: all of them, or none and every fault with its place."""
    from amnok.reporting.ledger import added_sheet
    from amnok.scenario import load
    from amnok.scenario.ledger import Ledger, adding, files, ftm

    people = others = 0
    done, border = adding.Added(Ledger({}, {})), load(scenario)
    if file is None:
        from amnok.cli.asking import ask_for_claim

        new = ask_for_claim(border, target)
    elif ftm.is_ftm(file):
        taken = ftm.read(file)
        new, people, others = taken.document, taken.people.total(), taken.others.total()
    else:
        new = files.read(file)
    if any(new.data.values()) or not (people or others):
        done = adding.add(scenario, target, new)
    ledger = border.ledger | done.ledger
    put(added_sheet(ledger, done, str(target), people, others), as_json)


@group.command()
def amend(
    target: Target,
    claim: ClaimId,
    why: Why,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Override a field with a new value; repeatable."
        ),
    ] = None,
    scenario: Border = DEFAULT_SCENARIO,
    as_json: AsJson = False,
) -> None:
    """Change fields of a claim in a ledger file; what stood there is kept beside it."""
    from amnok.scenario import document
    from amnok.scenario.ledger import edits

    changes: dict[str, Any] = {}
    for one in sets or ():
        field, equals, text = one.partition("=")
        if not equals:
            raise AmnokError(Fault(f"'{one}' is not FIELD=VALUE", "as in credibility=4", "--set"))
        if field in changes:
            raise AmnokError(Fault(f"'{field}' is given twice", "keep one of them", "--set"))
        changes[field] = document.value(text, "--set")

    def change(ledger: Ledger) -> Ledger:
        return edits.amended(ledger, claim, changes, why, _today())

    _edit(target, claim, change, scenario, as_json)


@group.command()
def retract(
    target: Target,
    claim: ClaimId,
    why: Why,
    scenario: Border = DEFAULT_SCENARIO,
    as_json: AsJson = False,
) -> None:
    """Retract a claim in a ledger file: it stays there and no longer counts."""
    from amnok.scenario.ledger import edits

    _edit(
        target,
        claim,
        lambda ledger: edits.retracted(ledger, claim, why, _today()),
        scenario,
        as_json,
    )


@group.command()
def merge(
    first: Annotated[Path, typer.Argument(metavar="FIRST", help="A ledger file.")],
    second: Annotated[Path, typer.Argument(metavar="SECOND", help="Another.")],
    target: Annotated[Path, typer.Argument(metavar="INTO", help="The ledger file to write.")],
    prefer: Annotated[
        Literal["first", "second"] | None,
        typer.Option(help="Which counts where they differ; else it is an error."),
    ] = None,
    scenario: Border = DEFAULT_SCENARIO,
    as_json: AsJson = False,
) -> None:
    """Merge two ledger files; conflicts are told, entry by entry."""
    from amnok.reporting.ledger import merged_sheet
    from amnok.scenario import load
    from amnok.scenario.ledger import files
    from amnok.scenario.loading import with_ledgers

    if target not in (first, second):
        must_be_new(target)
    border, since = load(scenario), files.state(target)
    whole = files.joined([files.read(first), files.read(second)], prefer)
    with_ledgers(scenario, [whole])
    both = files.checked(whole, border.ledger)
    own = {name: one for name, one in both.reports.items() if name in whole.data["reports"]}
    ledger = type(both)(own, both.claims)
    files.write(target, ledger, since)
    put(merged_sheet(border.ledger | ledger, ledger, str(target)), as_json)


@group.command()
def provenance(
    run: RunPath,
    out: TextFile = None,
) -> None:
    """Write where a saved run comes from, as PROV-JSON: scenario, seed, versions, reports."""
    from amnok.reporting.exchange import provenance as found
    from amnok.reporting.formats import as_json as text_of
    from amnok.results.folder import saved_scenario

    text = text_of(found(*saved_scenario(run)), "utf-8" if out else screen().encoding)
    if out is None:
        print(text, end="")
    else:
        write_text(out, text)
        say(f"written to {out}")


@group.command()
def export(
    scenario: ScenarioName = DEFAULT_SCENARIO,
    ledgers: Ledgers = None,
    form: Annotated[
        Literal["csv", "jsonl", "yaml", "ftm"],
        typer.Option("--format", help="Its form; ftm is FollowTheMoney."),
    ] = "csv",
    out: TextFile = None,
) -> None:
    """Write the whole ledger, one row a claim: CSV opens in a spreadsheet, `add` takes it back."""
    from amnok.scenario.ledger import files, ftm, rows

    writers: dict[str, Callable[[Ledger], str]] = {
        "csv": rows.as_csv,
        "jsonl": rows.as_lines,
        "yaml": files.as_yaml,
        "ftm": ftm.as_lines,
    }
    text = writers[form](evidence_of(scenario, ledgers).ledger)
    if out is not None:
        write_text(out, text)
        say(f"written to {out}")
    else:
        print(text.encode(screen().encoding, "backslashreplace").decode(screen().encoding), end="")


def _edit(
    target: Path,
    claim: str,
    change: Callable[[Ledger], Ledger],
    scenario: str,
    as_json: bool,
) -> None:
    from amnok.reporting.ledger import changed_sheet
    from amnok.scenario import load
    from amnok.scenario.ledger import files
    from amnok.scenario.loading import with_ledgers

    border, since = load(scenario), files.state(target)
    old = files.read(target)
    ledger = change(files.checked(old, border.ledger))
    with_ledgers(scenario, [files.plain(ledger)])
    own = {name: one for name, one in ledger.reports.items() if old.data["reports"].get(name)}
    files.write(target, type(ledger)(own, ledger.claims), since)
    put(changed_sheet(ledger, claim, str(target)), as_json)


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
