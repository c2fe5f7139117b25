"""`amnok report`: a saved run or comparison as one file that opens anywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnok.cli.common import SIMULATE, app, write_text
from amnok.cli.options import print_json
from amnok.errors import AmnokError, Fault

if TYPE_CHECKING:
    from amnok.scenario import Scenario


@app.command(rich_help_panel=SIMULATE)
def report(
    path: Annotated[
        Path,
        typer.Argument(metavar="RUN|COMPARISON", help="Folder of a saved run or comparison."),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write the page.", show_default="report.html in the folder"),
    ] = None,
    patterns: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also show verdicts that `amnok verify --json` printed."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON, and write no page.")
    ] = False,
) -> None:
    """Write one HTML file with text, map, charts, tables and evidence; it needs no network."""
    from amnok.studies.comparison.folder import is_comparison

    if is_comparison(path):
        if patterns is not None:
            raise AmnokError(Fault("a comparison has no patterns", "leave --patterns out"))
        made = _comparison(path, as_json)
    else:
        made = _run(path, patterns, as_json)
    if as_json:
        print_json(made)
        return
    target = out or (path if path.is_dir() else path.parent) / "report.html"
    write_text(target, made)
    print(target)


def _comparison(path: Path, as_json: bool) -> str:
    from amnok.reporting.comparison_report import comparison_report, comparison_summary
    from amnok.studies.comparison.folder import open_comparison

    saved = open_comparison(path)
    return _text(comparison_summary(saved)) if as_json else comparison_report(saved)


def _run(path: Path, patterns: Path | None, as_json: bool) -> str:
    from amnok.reporting.run_report import run_report, run_summary
    from amnok.results import open_run
    from amnok.results.folder import saved_scenario

    scenario, record = saved_scenario(path)
    verdicts = _verdicts(patterns, scenario) if patterns is not None else None
    dataset = open_run(path)
    if as_json:
        return _text(run_summary(dataset, scenario, record))
    return run_report(dataset, scenario, record, verdicts)


def _text(summary: dict[str, Any]) -> str:
    return json.dumps(summary, indent=1, ensure_ascii=False) + "\n"


def _verdicts(file: Path, scenario: Scenario) -> dict[str, Any]:
    """Verdicts from a file, if they are such."""
    from amnok.reporting.patterns_page import pattern_rows
    from amnok.scenario.document import text_of

    fix = "write it with: amnok verify --json > FILE"
    try:
        found: dict[str, Any] = json.loads(text_of(file, str(file)))
        pattern_rows(scenario, found["patterns"])
        int(found["replicates"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise AmnokError([Fault("holds no verdicts on patterns", fix, file=str(file))]) from None
    return found
