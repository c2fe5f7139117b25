"""The ledger of evidence as tables: claims and their reports, and what the model lacks."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from amnok.cells import Cell, counted, full
from amnok.scenario import Scenario
from amnok.scenario.catalog import ClaimRow, evidence_index
from amnok.scenario.ledger import Claim, Ledger
from amnok.scenario.ledger.adding import Added
from amnok.scenario.ledger.book import Duplicate, Gap, Stance, Versions, stances
from amnok.scenario.ledger.model import Figure
from amnok.table import Column, Sheet, Table

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged",
}
CREDIBILITY = {
    1: "confirmed by others",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "cannot be judged",
}


def grade_in_words(grade: str) -> str:
    """An Admiralty grade, spelled out.

    >>> grade_in_words("C2")
    'C2: source fairly reliable, statement probably true'
    """
    source, statement = RELIABILITY[grade[0]], CREDIBILITY[int(grade[1])]
    return f"{grade}: source {source}, statement {statement}"


def figure_text(figure: Figure) -> str:
    """A figure as printed.

    >>> figure_text(Figure(what="fine", low=40000, high=50000, unit="CNY", of="2018"))
    'fine: 40000 to 50000 CNY (2018)'
    """
    low, high = figure.ends
    number = full(low) if low == high else f"{full(low)} to {full(high)}"
    return f"{figure.what}: {number} {figure.unit}" + (f" ({figure.of})" if figure.of else "")


def claims_table(scenario: Scenario) -> Table:
    """Every claim: grade, text, who published it, and the mechanisms and patterns it carries."""
    columns = (
        Column("report", role="data"),
        Column("source", role="group"),
        Column("claim", brackets="grade"),
        Column("grade"),
        Column("text", "it says"),
        Column("place", role="data"),
        Column("mechanisms", "about", form=_listed),
        Column("patterns", form=_listed),
        Column("lacks", "not in the model", form=_listed),
        Column("parameters", "numbers", form=lambda paths: str(len(paths))),
        Column("retracted", role="data"),
    )
    records = [_claim(scenario, row) for row in evidence_index(scenario)]
    return Table.of("Claims", columns, records)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(one.replace("_", " ") for one in names) or "-"


def _claim(scenario: Scenario, row: ClaimRow) -> dict[str, Any]:
    claim = scenario.claims[row.claim]
    return {
        **dataclasses.asdict(row),
        "report": claim.report,
        "source": scenario.ledger.cited(row.claim),
        "text": claim.text if claim.retracted is None else f"[retracted] {claim.text}",
        "place": claim.place,
        "lacks": (*claim.unmodelled, *claim.unrecorded),
        "retracted": claim.retracted is not None,
    }


def list_sheet(scenario: Scenario) -> Sheet:
    """The claims of a scenario, and what there is of them."""
    ledger = scenario.ledger
    cited = sum(bool(row.parameters) for row in evidence_index(scenario))
    notes = (summed_up(ledger), f"{cited} claims stand behind parameters.")
    facts = {"scenario": scenario.name, "counts": _counts(ledger)}
    return Sheet(scenario.title, (claims_table(scenario),), notes=notes, facts=facts)


def _counts(ledger: Ledger) -> dict[str, int]:
    outlets = {one.publisher for one in ledger.reports.values()}
    return {
        "claims": len(ledger.standing),
        "retracted": len(ledger.claims) - len(ledger.standing),
        "reports": len(ledger.reports),
        "outlets": len(outlets),
        "voices": len(ledger.voices()),
    }


def summed_up(ledger: Ledger) -> str:
    """How many claims, reports, outlets and voices, in a sentence."""
    found = _counts(ledger)
    told = ", ".join(counted(found[f"{one}s"], one) for one in ("claim", "report", "outlet"))
    gone = f" ({found['retracted']} more retracted)" if found["retracted"] else ""
    return f"{told}{gone}; {counted(found['voices'], 'independent voice')}."


def show_sheet(scenario: Scenario, name: str) -> Sheet:
    """All that is known of one claim."""
    ledger, claim = scenario.ledger, scenario.claims[name]
    rows = tuple(_told(scenario, name, claim))
    tables = (
        Table(name, (Column("key", ""), Column("text", "")), rows, only_for="people"),
        stances_table(ledger, stances(ledger, name)),
    )
    content = claim.model_dump(mode="json", by_alias=True)
    report = ledger.report_of(name).model_dump(mode="json", by_alias=True)
    facts = {
        "claim": name,
        "grade": ledger.grade(name),
        "source": ledger.cited(name),
        "content": content,
        "of_report": report,
        "parameters": list(_parameters(scenario, name)),
    }
    return Sheet("", tuple(one for one in tables if one.rows), facts=facts)


def _parameters(scenario: Scenario, name: str) -> tuple[str, ...]:
    return next(row.parameters for row in evidence_index(scenario) if row.claim == name)


def _told(scenario: Scenario, name: str, claim: Claim) -> Iterator[tuple[str, str]]:
    ledger, report = scenario.ledger, scenario.ledger.report_of(name)
    yield "it says", claim.text
    yield "report", report.cited
    yield "address", report.url
    yield "grade", grade_in_words(ledger.grade(name))
    yield "source", claim.source_kind.replace("_", " ")
    yield "place", claim.place + (f" ({', '.join(claim.sectors)})" if claim.sectors else "")
    if claim.period is not None:
        inferred = " (inferred)" if claim.period.inferred else ""
        yield "time", f"{claim.period.start} to {claim.period.end or 'now'}{inferred}"
    if claim.doubt:
        yield "doubt", claim.doubt
    for figure in claim.figures:
        yield "figure", figure_text(figure)
    for key in ("mechanisms", "patterns", "unmodelled", "unrecorded"):
        if getattr(claim, key):
            yield key, _listed(getattr(claim, key))
    for path in _parameters(scenario, name):
        yield "stands behind", path
    for one in claim.amended:
        was = "; ".join(f"{key} was {value!r}" for key, value in one.was.items())
        yield f"amended {one.date}", f"{one.why} ({was})"
    if claim.retracted is not None:
        yield f"retracted {claim.retracted.date}", claim.retracted.why


def stances_table(ledger: Ledger, found: Iterable[Stance]) -> Table:
    """How claims stand to each other, each with its report."""
    columns = (
        Column("claim", brackets="source"),
        Column("source"),
        Column("stance", ""),
        Column("other", "claim", brackets="other_source"),
        Column("other_source"),
        Column("other_text", "which says"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "source": ledger.cited(one.claim),
            "other_source": ledger.cited(one.other),
            "other_text": ledger.claims[one.other].text,
        }
        for one in found
    ]
    return Table.of("How claims stand to each other", columns, records, name="stances")


def gaps_sheet(ledger: Ledger, found: Sequence[Gap]) -> Sheet:
    """What reports speak of and the model lacks, by how many of them do."""
    columns = (
        Column("kind", "", role="group", form=_GAPS.__getitem__),
        Column("tag", "what", form=lambda tag: tag.replace("_", " ")),
        Column("number", "reports"),
        Column("voices", "of them independent"),
        Column("claims"),
        Column("sources", role="data"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "number": len(one.reports),
            "sources": tuple(ledger.reports[name].cited for name in one.reports),
        }
        for one in sorted(found, key=lambda one: list(_GAPS).index(one.kind))
    ]
    named = dict.fromkeys(name for one in found for name in one.claims)
    return Sheet(
        "What reports speak of and the model lacks",
        (
            Table.of("Gaps", columns, records, name="gaps"),
            sources_table(ledger, named, only_for="people"),
        ),
        notes=("Counted are reports, not claims; those of one outlet are not independent.",),
    )


_GAPS = {
    "unmodelled": "No mechanism of the model does this",
    "unrecorded": "It happens in the model, and no book keeps it",
}


def sources_table(ledger: Ledger, claims: Iterable[str], **more: Any) -> Table:
    """Which outlet, date and title some claims are from, one row a report."""
    told: dict[str, list[str]] = {}
    for name in claims:
        told.setdefault(ledger.claims[name].report, []).append(name)
    columns = (Column("claims"), Column("source", "are from"), Column("url", role="data"))
    records = [
        {
            "claims": tuple(names),
            "source": ledger.reports[one].cited,
            "url": ledger.reports[one].url,
        }
        for one, names in told.items()
    ]
    return Table.of("Sources", columns, records, name="sources", **more)


def duplicates_table(ledger: Ledger, found: Iterable[Duplicate]) -> Table:
    """Entries that may be one."""
    columns = (
        Column("what", role="group"),
        Column("one"),
        Column("other"),
        Column("why"),
        Column("source", "of the first"),
        Column("other_source", "of the second"),
    )

    def cited(what: str, name: str) -> str:
        return ledger.cited(name) if what == "claims" else ledger.reports[name].cited

    records = [
        {
            **dataclasses.asdict(one),
            "source": cited(one.what, one.one),
            "other_source": cited(one.what, one.other),
        }
        for one in found
    ]
    return Table.of("Perhaps entered twice", columns, records, name="duplicates")


def versions_table(ledger: Ledger, found: Iterable[Versions]) -> Table:
    """Figures of one thing side by side, each with who says so."""
    columns = (
        Column("thing", role="group"),
        Column("low", "figure", form=full),
        Column("high", "to", form=full),
        Column("unit"),
        Column("claim", brackets="grade"),
        Column("grade"),
        Column("source"),
        Column("meet", "can all be right"),
        Column("times", "highest over lowest"),
    )
    records: list[dict[str, Cell]] = []
    for one in found:
        times = one.times  # once: there may be thousands of versions
        for name, figure in one.versions:
            records.append(
                {
                    "thing": f"{one.what}, {one.of}" if one.of else one.what,
                    "low": figure.low,
                    "high": figure.high,
                    "unit": figure.unit,
                    "claim": name,
                    "grade": ledger.grade(name),
                    "source": ledger.cited(name),
                    "meet": one.meet,
                    "times": times,
                }
            )
    return Table.of("Figures of one thing, side by side", columns, records, name="figures")


def check_sheet(
    scenario: Scenario,
    duplicates: Sequence[Duplicate],
    figures: Sequence[Versions],
    more: Sequence[Table] = (),
) -> Sheet:
    """What a ledger says twice, and where it contradicts itself; `more` is what runs say of it."""
    ledger = scenario.ledger
    against = [one for one in stances(ledger) if one.stance == "contradicts"]
    behind = [
        f"{row.claim} was retracted, and {len(row.parameters)} numbers cite it"
        for row in evidence_index(scenario)
        if row.parameters and ledger.claims[row.claim].retracted is not None
    ]
    found = Counter(one.meet for one in figures)
    notes = (
        summed_up(ledger),
        f"{len(duplicates)} may be entered twice; {len(against)} pairs of claims contradict each "
        f"other by whoever coded them; of {found.total()} things with several figures, "
        f"{found[False]} have figures that cannot all be right.",
        *behind,
    )
    tables = (
        duplicates_table(ledger, duplicates),
        stances_table(ledger, against),
        versions_table(ledger, figures),
        *more,
    )
    return Sheet(scenario.title, tuple(one for one in tables if one.rows), notes=notes)


def changed_sheet(ledger: Ledger, name: str, file: str) -> Sheet:
    """A claim after it was amended or retracted."""
    claim = ledger.claims[name]
    done = "retracted" if claim.retracted else "amended"
    note = f"{name} of {ledger.cited(name)} is {done}; what stood there is kept in {file}."
    return Sheet(
        "",
        notes=(note,),
        facts={
            "file": file,
            "claim": name,
            "content": claim.model_dump(mode="json", by_alias=True),
        },
    )


def added_sheet(ledger: Ledger, done: Added, file: str, people: int = 0, others: int = 0) -> Sheet:
    """What was added to a ledger file, and what was left out of it."""
    new = [counted(len(done.claims), "claim")] * bool(done.claims)
    new += [counted(len(done.reports), "report")] * bool(done.reports)
    notes = [f"{' and '.join(new)} added to {file}." if new else f"Nothing new for {file}."]
    if done.later:
        notes.append(f"Brought up to date: {counted(len(done.later), 'claim')}.")
    if done.again:
        notes.append(f"There already, in it or in the border: {counted(done.again, 'claim')}.")
    if people or others:
        notes.append(
            f"Left out: {people} entries about people, whom a ledger never holds, and {others} "
            "that it has no place for."
        )
    facts = {
        "file": file,
        "added": list(done.claims),
        "reports": list(done.reports),
        "later": list(done.later),
        "known": done.again,
        "left_out": {"people": people, "others": others},
    }
    names = [*done.claims, *done.later]
    shown = (sources_table(ledger, names),) if names else ()
    return Sheet("", shown, notes=tuple(notes), facts=facts)


def merged_sheet(ledger: Ledger, own: Ledger, file: str) -> Sheet:
    """What a merged ledger file holds."""
    held = f"{counted(len(own.claims), 'claim')} and {counted(len(own.reports), 'report')}"
    facts = {"file": file, "claims": list(own.claims), "reports": list(own.reports)}
    shown = (sources_table(ledger, own.claims),) if own.claims else ()
    return Sheet("", shown, notes=(f"{held} merged into {file}.",), facts=facts)
