"""Verdicts on patterns as tables: made of judgements, or read back from their JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from amnok.cells import Cell, fixed, percent
from amnok.scenario import Scenario
from amnok.studies.patterns import Ablation, Judgement, Verdict
from amnok.studies.patterns.robustness import Influence, Share
from amnok.table import Column, Sheet, Table

Records = list[dict[str, Any]]

_MARKS = {
    Verdict.HOLDS.value: "+",
    Verdict.FAILS.value: "-",
    Verdict.UNKNOWN.value: "?",
    Verdict.SILENT.value: "",
}
_INTERVAL = (
    Column("value", ends=("low", "high"), brackets="unit"),
    Column("low"),
    Column("high"),
    Column("unit"),
)


def _input(text: str | None) -> str:
    """What is put in, in closed form; the rest comes out."""
    return text or "output"


# Title and columns of each table, by the name that programs call it.
_TABLES: dict[str, tuple[str, tuple[Column, ...]]] = {
    "patterns": (
        "Patterns",
        (
            Column("pattern"),
            Column("text", "the reports say", brackets="claims"),
            Column("claims"),
            Column("verdict"),
        ),
    ),
    "measures": (
        "What was measured",
        (
            Column("pattern", role="group"),
            Column("measure", role="data"),
            Column("text", "measured"),
            *_INTERVAL,
            Column("asked", "asked for"),
            Column("at_least", role="data"),
            Column("at_most", role="data"),
            Column("verdict"),
            Column("why", "why there"),
            Column("input", "input, with its closed form", form=_input),
        ),
    ),
    "ablations": (
        "Without each mechanism",
        (
            Column("label", "without"),
            Column("pattern", role="across"),
            Column("verdict", form=_MARKS.__getitem__),
            Column("mechanism", role="data"),
            Column("own", role="data"),
            Column("contested", role="data"),
            Column("lost", role="data"),
        ),
    ),
    "changes": (
        "The patterns that each carries or contests, without it",
        (
            Column("label", role="group", brackets="mechanism"),
            Column("mechanism"),
            Column("pattern"),
            Column("measure", role="data"),
            Column("text", "measured"),
            Column("with"),
            *_INTERVAL,
            Column("change", ends=("change_low", "change_high")),
            Column("change_low"),
            Column("change_high"),
            Column("asked", "asked for"),
            Column("verdict"),
        ),
    ),
    "robustness": (
        "Over draws of all that no source gives a figure for",
        (
            Column("pattern"),
            Column("share", "holds in", form=percent, ends=("low", "high")),
            Column("low"),
            Column("high"),
            Column("judged", "of draws"),
            Column("decided_by", "decided by (first-order index of ranks)"),
        ),
    ),
    "influences": (
        "What decides each measure",
        tuple(map(Column, ("measure", "parameter", "first_order", "error"))),
    ),
}


def patterns_sheet(
    scenario: Scenario,
    replicates: int,
    judgements: Sequence[Judgement],
    ablations: Sequence[Ablation] = (),
    draws: int = 0,
    found: Sequence[Share] = (),
    influences: Sequence[Influence] = (),
) -> Sheet:
    """Patterns and measures; what goes without each mechanism; how widely patterns hold."""
    records: dict[str, Records] = {
        "patterns": [_pattern(one) for one in judgements],
        "measures": [row for one in judgements for row in _measures(one)],
        "ablations": [row for one in ablations for row in _ablation(one)],
        "changes": [row for one in ablations for row in _changes(one, judgements)],
        "robustness": [_share(one, influences) for one in found],
        "influences": [{**asdict(one), "parameter": one.path} for one in influences],
    }
    notes = tuple(f"{one.mechanism.label}: {verdict_on(one)}" for one in ablations)
    return Sheet(
        scenario.title,
        pattern_tables(records),
        (f"{replicates} replicates, means with 95% intervals", counted(records["patterns"])),
        notes,
        {"scenario": scenario.name, "replicates": replicates, "draws": draws},
    )


def pattern_tables(
    records: Mapping[str, Records], names: Iterable[str] = tuple(_TABLES)
) -> tuple[Table, ...]:
    """Tables of rows by name, as JSON holds them; those without rows are left out.

    Raises:
        KeyError, TypeError, AttributeError: these are no such rows.
    """
    more: dict[str, dict[str, Any]] = {
        "ablations": {"notes": ("+ holds, - does not hold, ? cannot be judged",)},
        "influences": {"only_for": "programs"},
    }
    return tuple(
        Table.of(*_TABLES[name], records[name], name=name, **more.get(name, {}))
        for name in names
        if records.get(name)
    )


def counted(patterns: Records) -> str:
    """How many patterns hold, in one line."""
    words = {
        Verdict.HOLDS: "hold",
        Verdict.FAILS: "do not hold",
        Verdict.UNKNOWN: "cannot be judged",
        Verdict.SILENT: "say nothing that can be measured",
    }
    verdicts = [one["verdict"] for one in patterns]
    parts = (
        f"{verdicts.count(verdict.value)} {word}"
        for verdict, word in words.items()
        if verdict is not Verdict.SILENT or verdict.value in verdicts
    )
    return f"{len(verdicts)} patterns: {', '.join(parts)}"


def verdict_on(one: Ablation) -> str:
    """What an ablation shows, in one sentence."""
    told = [_told(each, one.lost, "goes with it", "SURVIVES it") for each in one.own]
    told += [_told(each, one.lost, "needs it too", "does not need it") for each in one.contested]
    own = {each.pattern.name for each in (*one.own, *one.contested)}
    others = ", ".join(name for name in one.lost if name not in own)
    if others:
        return "; ".join((*told, f"gone: {others}"))
    return "; ".join(told if one.lost or one.contested else (*told, "nothing depends on it"))


def _told(one: Judgement, lost: Collection[str], goes: str, stays: str) -> str:
    """What becomes of a pattern without the mechanism that is to carry it, or without a rival."""
    name = one.pattern.name
    if name in lost:
        return f"{name} {goes}"
    if one.verdict is Verdict.HOLDS:
        return f"{name} {stays}"
    return f"{name} did not hold with it either"


def _pattern(judged: Judgement) -> dict[str, Cell]:
    return {
        "pattern": judged.pattern.name,
        "text": judged.pattern.reported.text,
        "claims": judged.pattern.reported.claims,
        "verdict": judged.verdict.value,
    }


def _measures(judged: Judgement) -> Records:
    return [
        {
            "pattern": judged.pattern.name,
            "measure": one.measure.name,
            "text": one.measure.text,
            "unit": one.measure.unit,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "asked": one.measure.said.asked,
            "at_least": one.measure.said.bounds[0],
            "at_most": one.measure.said.bounds[1],
            "why": one.measure.said.why,
            "input": one.measure.said.input,
            "verdict": one.verdict.value,
        }
        for one in judged.estimates
    ]


def _ablation(one: Ablation) -> Records:
    return [
        {
            "mechanism": one.mechanism.name,
            "label": one.mechanism.label,
            "own": tuple(each.pattern.name for each in one.own),
            "contested": tuple(each.pattern.name for each in one.contested),
            "lost": one.lost,
            "pattern": judged.pattern.name,
            "verdict": judged.verdict.value,
        }
        for judged in one.judgements
    ]


def _changes(one: Ablation, judgements: Sequence[Judgement]) -> Records:
    with_it = {each.measure.name: each.value for judged in judgements for each in judged.estimates}
    rows = []
    told = (*one.own, *one.contested)
    for row in (row for each in told for row in _measures(each)):
        change, low, high = one.changes[row["measure"]]
        rows.append(
            {
                **row,
                "mechanism": one.mechanism.name,
                "label": one.mechanism.label,
                "with": with_it[row["measure"]],
                "change": change,
                "change_low": low,
                "change_high": high,
            }
        )
    return rows


def _share(one: Share, influences: Sequence[Influence]) -> dict[str, Cell]:
    """With what decides it: up to three parameters, each by its strongest measure."""
    own = {measure.name for measure in one.pattern.measures} if one.pattern else set()
    decided: dict[str, float] = {}
    for each in sorted(influences, key=lambda each: -each.first_order):
        if each.measure in own:
            decided.setdefault(each.path, each.first_order)
    return {
        "pattern": one.pattern.name if one.pattern else "all at once",
        "share": one.share,
        "low": one.low,
        "high": one.high,
        "judged": one.judged,
        "decided_by": tuple(
            f"{path} {fixed(share, 2)}" for path, share in list(decided.items())[:3]
        ),
    }
