"""What charts of effects show: both worlds week by week, or differences by size of trader."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from amnok.reporting.charts import band
from amnok.reporting.facts import Row
from amnok.reporting.findings import Finding, Findings
from amnok.reporting.numbers import apart, signed, signed_share
from amnok.results.outcomes import kinds
from amnok.results.weekly import sums_by_week
from amnok.scenario.measures.vocabulary import WEEK
from amnok.studies.counterfactual.events import in_force
from amnok.studies.counterfactual.paired import WORLDS

_OF_PEOPLE = ("persons", "person-days")  # units of which a change is told as a number
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Lines:
    """Weekly values of the two worlds.

    Attributes:
        title: the finding, or what is shown.
        unit: of the values.
        weeks: their first days.
        worlds: mean, low and high by week, of the world with and without.
        events: names and first days of orders.
        counted: first and last day that numbers count.
        called: what sets the worlds apart.
        holds: how far the title holds under other guesses; empty where that is told beside it.
    """

    title: str
    unit: str
    weeks: tuple[dt.date, ...]
    worlds: dict[str, tuple[Array, Array, Array]]
    events: tuple[tuple[str, dt.date], ...]
    counted: tuple[dt.date, dt.date]
    called: str
    holds: str = ""


@dataclass(frozen=True)
class Bar:
    """A difference of one group: its name, value and interval, and the text at its end.

    And the numbers that it is between, with and without, which `note` tells in words.
    """

    label: str
    value: float
    low: float
    high: float
    text: str
    with_it: float
    without: float
    note: str
    is_clear: bool


@dataclass(frozen=True)
class Bars:
    """Differences by group, from zero; `holds` as in `Lines`.

    Differences are in `unit`, the numbers that they are between in `unit_between`.
    """

    title: str
    unit: str
    unit_between: str
    bars: tuple[Bar, ...]
    holds: str = ""


@dataclass(frozen=True)
class Shares:
    """How groups divide several things among them: `rows` of a name and its parts.

    Each part has its kind of mark, whose it is, and how much of the whole; `holds` as in `Lines`.
    """

    title: str
    unit: str
    rows: tuple[tuple[str, tuple[tuple[str, str, float], ...]], ...]
    holds: str = ""


Drawing = Lines | Bars


def drawing_of(findings: Findings, finding: Finding) -> Drawing:
    """The key chart of a finding: bars by size for the trade, lines of both worlds for the rest."""
    if finding.by == ("size",):
        return by_size(findings, finding.outcome)
    where = dict(zip(finding.by, finding.where, strict=True))
    return replace(lines(findings, finding.outcome, where), counted=finding.days)


def chart_of(findings: Findings, outcome: str) -> Lines:
    """The chart of any outcome, titled with what happened to it; of arrests on one side."""
    where = {}
    if "side" in findings.effect.daily[outcome].dims:
        where = {"side": findings.side}
    drawn = lines(findings, outcome, where, findings.stated(outcome, **where))
    return replace(drawn, holds=findings.holds(outcome, None, **where))


def lines(findings: Findings, outcome: str, where: dict[str, str], title: str = "") -> Lines:
    """An outcome week by week, with the event and without it."""
    effect = findings.effect
    scenario, period = effect.scenario, effect.scenario.period
    table = effect.daily[outcome].sel({**where, **findings.at(outcome)})
    told = findings.as_one(table, outcome, "day").transpose("world", "replicate", "day")
    weekly = sums_by_week(told.to_numpy().astype(np.float64), 2)
    unit = str(told.attrs["units"])
    if kinds(scenario)[outcome].is_price:
        weekly /= sums_by_week(np.ones(told.sizes["day"]), 0)
    else:
        unit = f"{unit} a week"
    worlds = {world: band(values) for world, values in zip(WORLDS, weekly, strict=True)}
    place_of = f" in {findings.named[where['side']]}" if "side" in where else ""
    name = str(table.attrs["long_name"]).split(",")[0]
    events = [
        (event.short, event.start)
        for event in in_force(scenario)
        if event.start is not None and event.start >= period.start
    ]
    return Lines(
        title=title or f"{name}{place_of}, with and without {findings.called}",
        unit=unit,
        weeks=tuple(
            period.start + dt.timedelta(days=WEEK * week) for week in range(weekly.shape[-1])
        ),
        worlds=worlds,
        events=tuple(events),
        counted=findings.days,
        called=findings.called,
    )


def rows_of(names: Iterable[tuple[float, float]]) -> list[int]:
    """Rows for names that reach from one place to another, so that none hides another.

    >>> rows_of([(0, 4), (3, 6), (5, 9), (3, 4)])
    [0, 1, 0, 2]
    """
    rows: list[list[tuple[float, float]]] = []
    found = []
    for start, end in names:
        free = (n for n, row in enumerate(rows) if all(end < a or b < start for a, b in row))
        place = next(free, len(rows))
        if place == len(rows):
            rows.append([])
        rows[place].append((start, end))
        found.append(place)
    return found


def by_size(findings: Findings, outcome: str, title: str = "", **where: str) -> Bars:
    """The effect on an outcome by size of trader: people as numbers, the rest in %.

    Args:
        findings: of the event.
        outcome: one that is told by size.
        title: of the chart; without it, what is shown.
        where: its other dimensions.
    """
    sizes = findings.sizes(outcome, **where)
    cells = [(findings.plural[one].capitalize(), row) for one, row in sizes.items()]
    if len(cells) > 1:
        cells.append(("Everyone", findings.cell(outcome, None, **where)))
    unit = cells[0][1]["unit"]
    is_people = unit in _OF_PEOPLE
    bars = [_bar(findings, label, row, is_people) for label, row in cells]
    name = str(findings.effect.daily[outcome].attrs["long_name"])
    return Bars(
        title or f"Because of {findings.called}: {name[:1].lower()}{name[1:]}",
        unit if is_people else "% of the world without it",
        unit,
        tuple(bar for bar in bars if math.isfinite(bar.value)),
    )


def panel_of(findings: Findings, outcome: str, **where: str) -> Bars:
    """The same, titled with what happened to the outcome; of a preview that is not known."""
    if findings.is_preview:
        return by_size(findings, outcome, findings.titled(outcome, **where), **where)
    drawn = by_size(findings, outcome, findings.stated(outcome, **where), **where)
    return replace(drawn, holds=findings.holds(outcome, None, **where))


def _bar(findings: Findings, label: str, row: Row, is_people: bool) -> Bar:
    unit, is_clear = row["unit"], findings.is_clear(row)
    if is_people:
        ends = (row["difference"], row["low"], row["high"])
        text = signed(row["difference"])
    else:
        ends = tuple(100 * row[name] for name in ("relative", "relative_low", "relative_high"))
        text = signed_share(row["relative"]) if math.isfinite(row["relative"]) else ""
    of = f"{unit} " if len(unit) == len("XXX") and unit.isupper() else ""
    with_it, without = apart(row["with"], row["without"])
    counted = "" if of or is_people else f" {unit}"
    note = f"{of}{with_it}{counted} with, {without} without"
    told = "no clear effect" if findings.is_unclear(row) else text
    return Bar(label, *ends, told, row["with"], row["without"], note, is_clear)
