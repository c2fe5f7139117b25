"""`amnok.check`, `amnok.plot`, `amnok.report`: what the command line shows, for notebooks."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any, TypeGuard

import xarray as xr

from amnok.arguments import verb
from amnok.disk import folder_path, write_file
from amnok.errors import AmnokError, Fault
from amnok.progress import Progress
from amnok.reporting.basis import check_sheet
from amnok.reporting.comparison_report import comparison_report, comparison_summary
from amnok.reporting.evidence_page import asked_of
from amnok.reporting.figures import Picture, checked_file, overview
from amnok.reporting.findings import Findings
from amnok.reporting.run_report import pattern_sheet, run_report, run_summary
from amnok.reporting.single import picture_of
from amnok.results.folder import DEFAULT_PARENT, Record, saved_record
from amnok.results.given import Run, given_dataset, given_run, names_scenario, record_of
from amnok.results.listing import rows
from amnok.scenario import Scenario
from amnok.scenario.loading import Given, load
from amnok.scenario.overrides import Sets
from amnok.scenario.policies import checked
from amnok.scenario.text_file import text_of
from amnok.studies.comparison.folder import is_comparison, open_comparison
from amnok.studies.counterfactual import Effect, effects
from amnok.studies.counterfactual.events import chosen, in_force
from amnok.studies.counterfactual.kept import kept
from amnok.studies.counterfactual.robustness import draws_for
from amnok.studies.counterfactual.running import REPLICATES
from amnok.studies.worlds import Window
from amnok.table import Column, Sheet, Shown, Table

Ledgers = Sequence[str | os.PathLike[str]]


@dataclass(frozen=True, repr=False)
class Page(Shown):
    """A report: a page of its own, and its numbers as tables.

    Attributes:
        title: of what was run.
        write: makes the page.
        summary: makes the tables.
    """

    title: str
    write: Callable[[], str]
    summary: Callable[[], Sheet]

    @cached_property
    def html(self) -> str:
        """The page, which needs nothing else and no network."""
        return self.write()

    def sheet(self) -> Sheet:
        """What the page says, as tables."""
        return self.summary()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file.

        Raises:
            FolderError: it cannot be written.
        """
        write_file(folder_path(path), self.html.encode())

    def __repr__(self) -> str:
        return f"<Report: {self.title}>"

    def _repr_html_(self) -> str:
        style = "width:100%;height:80vh;border:1px solid #8884"
        return f'<iframe srcdoc="{escape(self.html)}" style="{style}"></iframe>'


@verb
def check(scenario: Given, sets: Sets | None = ()) -> Sheet:
    """Check a scenario and all its policies, and list its parameters by what stands behind them.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`.
        sets: overrides, as for `load`.

    Raises:
        ScenarioError: with every fault.
    """
    return check_sheet(checked(scenario, sets))


@verb
def plot(
    run: Run,
    out: str | os.PathLike[str] | None = None,
    *,
    chart: str | None = None,
    days: Window = (None, None),
    size: str = "page",
    about: str | None = None,
    guesses: str | os.PathLike[str] | None = None,
    scenario: Given | None = None,
    progress: Progress | None = None,
) -> Picture:
    """The overview of a run, or one finding, as a picture, which a notebook shows.

    Args:
        run: a dataset of `amnok.run`, the folder of a saved run, or a scenario (simulated once,
            with seed 1).
        out: a .png, .svg or .pdf to write it to.
        chart: one finding in place of the overview: `who`, `trade`, `seen`, or an outcome such as
            `arrests`, with the event and without it. The title says what was found.
        days: first and last day that count for a chart; by default those that the border's question
            about the event counts, else its first three months.
        size: of a chart: `page` or `slide`.
        about: the order, halt or mechanism of a chart; as for `report`.
        guesses: of a chart; as for `report`.
        scenario: what was run, for a chart of a dataset.
        progress: as for `amnok.run`.

    Raises:
        AmnokError: there is no such run, chart or event, or the file cannot be written.
    """
    if out is not None:
        checked_file(out)
    if chart is None:
        picture = overview(given_dataset(run, progress))
    else:
        _, border, _, found = _run_and_effects(run, about, scenario, progress)
        if not found:
            fix = "name a halt or a mechanism (about)"
            raise AmnokError(Fault("no order or change is in force that a chart could be of", fix))
        draws = draws_for(border, guesses)
        findings = Findings(next(iter(found.values())), days, robustness=draws)
        picture = picture_of(findings, chart, size)
    if out is not None:
        picture.save(out)
    return picture


@verb
def report(
    run: Run,
    out: str | os.PathLike[str] | None = None,
    *,
    about: str | None = None,
    patterns: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    guesses: str | os.PathLike[str] | None = None,
    bank: str | os.PathLike[str] | None = None,
    ledgers: Ledgers = (),
    scenario: Given | None = None,
    progress: Progress | None = None,
) -> Page:
    """The report of a run or of a saved comparison, which a notebook shows.

    Args:
        run: as for `plot`; or the folder of a comparison.
        out: a file to write the page to.
        about: the order, halt or mechanism that it is about; by default the first
            that begins within the period. Without it in a saved run, its worlds are simulated.
        patterns: also show what `amnok verify --json` printed: a file, or what it holds.
        guesses: a file of draws from the prior that `amnok effects --robust --save` wrote; by
            default those that come with Amnok for a built-in border.
        bank: a folder of runs that `amnok bank` made: then the page ranks what to ask next.
        ledgers: files with further reports and claims, for the evidence.
        scenario: what was run, for a dataset.
        progress: as for `amnok.run`.

    Raises:
        AmnokError: there is no such run or event, or nobody says of what scenario a dataset is.
    """
    if _is_saved(run) and is_comparison(run):
        page = _of_comparison(run, about, patterns, guesses, bank, ledgers)
    else:
        page = _of_run(run, about, _verdicts(patterns), guesses, bank, ledgers, scenario, progress)
    if out is not None:
        page.save(out)
    return page


def _is_saved(run: Any) -> TypeGuard[str | os.PathLike[str]]:
    return isinstance(run, str | os.PathLike) and not names_scenario(run)


@verb
def runs(folder: str | os.PathLike[str] = DEFAULT_PARENT) -> Sheet:
    """List runs, comparisons, sweeps, banks and other results in a folder, the newest first.

    Args:
        folder: where they lie.

    Raises:
        FolderError: there is no such folder.
    """
    found = rows(folder)
    columns = (
        "folder",
        "kind",
        "border",
        Column("asked", "what was asked"),
        "seed",
        "replicates",
        Column("made", "made (UTC)"),
        "state",
    )
    table = Table.of("Results", columns, [one._asdict() for one in found])
    count = "1 folder" if len(found) == 1 else f"{len(found):,} folders"
    return Sheet(f"{count} of results in {folder}", (table,))


def _of_comparison(
    path: str | os.PathLike[str],
    about: str | None,
    patterns: Any,
    guesses: Any,
    bank: Any,
    ledgers: Ledgers,
) -> Page:
    if about is not None:
        raise AmnokError(Fault("a comparison is about its policies", "leave --about out"))
    if patterns is not None:
        raise AmnokError(Fault("a comparison has no patterns", "leave --patterns out"))
    saved = open_comparison(path)
    border = saved.comparison.scenario
    draws, told = draws_for(border, guesses), load(border, (), ledgers)
    asked = asked_of(bank, told)
    return Page(
        border.title,
        lambda: comparison_report(saved, told, draws, asked),
        lambda: comparison_summary(saved, draws),
    )


def _of_run(
    run: Any,
    about: str | None,
    verdicts: Mapping[str, Any] | None,
    guesses: str | os.PathLike[str] | None,
    bank: str | os.PathLike[str] | None,
    ledgers: Ledgers,
    scenario: Given | None,
    progress: Progress | None,
) -> Page:
    dataset, border, record, found = _run_and_effects(run, about, scenario, progress)
    draws, told = draws_for(border, guesses), load(border, (), ledgers)
    asked = asked_of(bank, told)
    return Page(
        border.title,
        lambda: run_report(dataset, told, record, verdicts, found, draws, asked),
        lambda: run_summary(dataset, border, record, found, draws),
    )


def _run_and_effects(
    run: Any, about: str | None, scenario: Given | None, progress: Progress | None
) -> tuple[xr.Dataset, Scenario, Record, dict[str, Effect]]:
    dataset, border = given_run(run, scenario, progress)
    if _is_saved(run):
        record, there = saved_record(run), kept(run, border)
    else:
        record, there = record_of(dataset, border), {}
    return dataset, border, record, _effects(border, record, about, there, progress)


def _effects(
    scenario: Scenario,
    record: Record,
    about: str | None,
    there: dict[str, Effect],
    progress: Progress | None,
) -> dict[str, Effect]:
    """The effects that a run has, the one that the report is about first.

    Without it, its worlds are simulated: as many as the run has replicates, and at least eight.
    """
    dated = in_force(scenario)
    wanted = chosen(scenario, about).name if about else dated[0].name if dated else None
    if wanted is None:
        return there
    if wanted not in there:
        pairs = max(min(record.replicates, 2 * REPLICATES), REPLICATES)
        there |= effects(scenario, [wanted], record.seed, pairs, progress=progress)
    return {wanted: there[wanted], **there}


def _verdicts(patterns: Any) -> Mapping[str, Any] | None:
    """Verdicts as `amnok verify --json` prints them, or the file that holds them."""
    if patterns is None:
        return None
    fix = "write it with: amnok verify --json > FILE"
    problem, label, line = "holds no verdicts on patterns", "patterns", None
    try:
        if isinstance(patterns, str | os.PathLike):
            label = str(folder_path(patterns))
            patterns = json.loads(text_of(Path(label), label))
        pattern_sheet(patterns)
    except json.JSONDecodeError as error:
        problem, line = f"is not JSON at column {error.colno}: {error.msg}", error.lineno
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    else:
        found: Mapping[str, Any] = patterns
        return found
    raise AmnokError(Fault(problem, fix, file=label, line=line))
