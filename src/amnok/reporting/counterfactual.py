"""What events did, as tables: without, with, and the difference between the two."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from amnok.cells import change, counted, fixed
from amnok.errors import AmnokError
from amnok.reporting.basis import sources, sources_note
from amnok.reporting.comparison import (
    HEADLINES,
    called_by,
    fates_table,
    first_day,
    told_first,
)
from amnok.reporting.findings import Findings
from amnok.reporting.guesses import Guesses
from amnok.results.intervals import is_clear
from amnok.results.outcomes import kinds, told_in
from amnok.studies.counterfactual import Effect
from amnok.studies.counterfactual.paired import DIFFERENCES, WORLDS, paired
from amnok.studies.counterfactual.robustness import Robustness
from amnok.studies.persons import FATE_LABELS
from amnok.studies.worlds import WHOLE, Span, Window
from amnok.table import Column, Sheet, Table

FEW = 5  # pairs of worlds; fewer say little about how far chance reaches
NO_EFFECT = "no clear effect"
_BEFORE_AFTER = ("value_crossed", "arrests", "questionings", "bribes", "reports")
_FATES = {
    "neither": FATE_LABELS["neither"],
    "only_without": "only without it",
    "only_with": "only with it",
    "both": FATE_LABELS["both"],
}


def headline_effects(
    effect: Effect, days: Window = WHOLE, sector: str | None = None
) -> pd.DataFrame:
    """The outcomes that people ask for first, with the columns of `Effect.differences`.

    Of a sector only what is counted there.
    """
    rows = []
    for outcome, dims in HEADLINES:
        if outcome in effect.daily or outcome == "burden":
            try:
                if sector is None:
                    values = effect.values(outcome, dims, days)
                else:
                    values = effect.values(outcome, (*dims, "sector"), days).sel(sector=sector)
                rows += paired(values)
            except AmnokError:
                continue  # the border has none
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def effects_sheet(
    found: Mapping[str, Effect],
    days: Window = WHOLE,
    by: Iterable[str] = (),
    draws: Robustness | None = None,
) -> Sheet:
    """For each event what it did, and to whom; for programs one row a number.

    `draws` are those of the prior; by default what comes with Amnok.
    """
    by = tuple(by)
    first = next(iter(found.values()))
    n = first.replicates
    tables: list[Table] = []
    windows = {name: one.window(days) for name, one in found.items()}
    guesses = {
        name: Guesses.of_effect(one, windows[name], None, draws) for name, one in found.items()
    }
    rows = {
        name: labelled_rows(
            one,
            one.differences(by, days) if by else headline_effects(one, days),
            guesses[name],
        )
        for name, one in found.items()
    }
    answers = {
        name: Findings(one, windows[name], None, draws)
        for name, one in found.items()
        if n > 1  # of one pair nobody knows what is clear
    }
    for name, effect in found.items():
        tables.append(_effect_table(effect, rows[name], days))
        if not by:
            tables += _details(effect, days)
    means = ": means, and 95% intervals of paired differences" if n > 1 else ""
    return Sheet(
        first.scenario.title,
        (*tables, _for_programs(rows, windows), _persons(found)),
        (
            *(" ".join([one.in_short(), *one.holds_of_answer()]) for one in answers.values()),
            f"{counted(n, 'pair')} of worlds with the same people and the same random numbers, "
            f"with the event and without it{means}",
        ),
        (*few(n), *sources_note(first.scenario)),
        {
            "scenario": first.scenario.name,
            "sources": sources(first.scenario),
            "seed": first.seed,
            "replicates": n,
            "events": {
                name: {
                    "kind": one.event.kind,
                    "label": one.event.label,
                    "start": one.event.start.isoformat() if one.event.start else None,
                    **from_to(windows[name]),
                    "first_difference": first_day(one.first_difference),
                    "answer": answers[name].in_short() if name in answers else "",
                    "holds": " ".join(answers[name].holds_of_answer()) if name in answers else "",
                }
                for name, one in found.items()
            },
        },
    )


def few(n: int) -> tuple[str, ...]:
    """What to say of so few pairs, if anything."""
    if n == 1:
        return ("One pair: nothing says how far chance reaches; take --replicates 8 or more.",)
    if n < FEW:
        return (f"{n} pairs are few: intervals are rough; take --replicates 8 or more.",)
    return ()


def labelled_rows(effect: Effect, frame: pd.DataFrame, guesses: Guesses) -> list[dict[str, Any]]:
    """Rows with the words for outcomes and for where they are, and whether they are clear.

    And how far those that are hold under other guesses.
    """
    called = called_by(effect.scenario)
    texts = {name: kind.text for name, kind in kinds(effect.scenario).items()}
    rows: list[dict[str, Any]] = []
    for row in frame.to_dict(orient="records"):
        where = called(row["outcome"], row["where"])
        verdict = "" if is_clear(row["low"], row["high"]) else NO_EFFECT
        if math.isnan(row["low"]):
            verdict = "chance unknown"
        unit, per = told_in(effect.scenario, row["outcome"], row["where"].split(", "))
        numbers = {name: row[name] / per for name in (*WORLDS, "difference", "low", "high")}
        own = {**{str(key): value for key, value in row.items()}, "unit": unit, **numbers}
        more = {"text": texts[row["outcome"]], "label": where, "verdict": verdict}
        rows.append({**own, **more, "holds": guesses.of_row(own)})
    return rows


def _effect_table(effect: Effect, rows: list[dict[str, Any]], days: Window) -> Table:
    start, end = effect.window(days)
    columns: tuple[Column, ...] = (
        Column("text", role="group", brackets="unit"),
        Column("unit"),
        Column("label", ""),
        Column("without"),
        Column("with"),
        Column("difference", ends=("low", "high")),
        Column("low"),
        Column("high"),
        Column("relative", "%", form=change),
        Column("verdict", ""),
    )
    if any(row["holds"] for row in rows):
        columns = (*columns, Column("holds", "under other guesses"))
    title = f"Because of: {effect.event.label} ({effect.event.name}), {start} to {end}"
    notes = (told_first(effect.first_difference, effect.scenario),)
    return Table.of(title, columns, rows, notes=notes, only_for="people")


def _details(effect: Effect, days: Window) -> Iterator[Table]:
    split = split_table(effect, days)
    if split is not None:
        yield split
    if "arrests" in effect.daily:
        yield fates_table(effect.persons, effect.scenario, "event", _FATES, effect.event.label)


def split_table(effect: Effect, days: Window = WHOLE) -> Table | None:
    """What of a before and after is the event; None where nothing comes before it."""
    rows, seen = [], None
    for outcome in _BEFORE_AFTER:
        if outcome not in effect.daily:
            continue
        try:
            split = effect.split(outcome, days)
        except AmnokError:
            continue
        seen = split
        parts = zip(("change", "event", "rest"), split[:3], strict=True)
        row: dict[str, Any] = {"text": kinds(effect.scenario)[outcome].text}
        for name, part in parts:
            ends = zip((name, f"{name}_low", f"{name}_high"), part, strict=True)
            row |= {key: 100 * value for key, value in ends}
        rows.append(row)
    if seen is None:
        return None

    def points(value: float) -> str:
        return fixed(value, 1, "+")

    columns = [Column("text", "")]
    labels = {"change": "after against before", "event": "of it the event", "rest": "season, rest"}
    for name, label in labels.items():
        low, high = f"{name}_low", f"{name}_high"
        columns += [Column(name, label, form=points, ends=(low, high)), Column(low), Column(high)]
    title = (
        f"Before and after, a day, in % of before: {seen.after[0]} to {seen.after[1]} against "
        f"{seen.before[0]} to {seen.before[1]}"
    )
    return Table.of(title, columns, rows, only_for="people")


def effects_table(found: Mapping[str, Effect], draws: Robustness | None = None) -> Table:
    """For programs, what people ask for first of each event, a row a number."""
    rows = {
        name: labelled_rows(
            one, headline_effects(one), Guesses.of_effect(one, one.days, None, draws)
        )
        for name, one in found.items()
    }
    return _for_programs(rows, {name: one.days for name, one in found.items()})


def from_to(days: Span) -> dict[str, str]:
    """Days that numbers count, as programs get them."""
    first, last = days
    return {"from": first.isoformat(), "to": last.isoformat()}


def _for_programs(rows: Mapping[str, list[dict[str, Any]]], days: Mapping[str, Span]) -> Table:
    columns = ("event", "from", "to", "text", *DIFFERENCES, "label", "verdict", "holds")
    records = [
        {"event": name, **from_to(days[name]), **one} for name, each in rows.items() for one in each
    ]
    return Table.of("", columns, records, name="effects", only_for="programs")


def _persons(found: Mapping[str, Effect]) -> Table:
    frames = []
    for name, effect in found.items():
        frame = effect.persons.mean("replicate").to_dataframe("persons").reset_index()
        frame.insert(0, "event", name)
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)
    columns = map(str, whole.columns)
    rows = whole.to_dict(orient="records")
    return Table.of("", columns, rows, name="persons", only_for="programs")
