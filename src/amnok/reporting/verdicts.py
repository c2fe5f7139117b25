"""What the model says of claims, as tables; each claim with its outlet, date and title."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from amnok.cells import Cell, change, fixed, percent, significant
from amnok.reporting.ledger import sources_table
from amnok.scenario import Scenario
from amnok.scenario.ledger import Ledger
from amnok.scenario.measures.plan import BASE
from amnok.studies.claims.believing import BeliefEffect
from amnok.studies.claims.judging import (
    Apart,
    Bounds,
    Judged,
    Likelihood,
    Stands,
    against,
    hypotheses,
)
from amnok.table import Column, Sheet, Table

_MARKS = {
    Stands.CONSISTENT: "+",
    Stands.CONTRADICTED: "-",
    Stands.OPEN: "?",
    Stands.SILENT: ".",
}
# How much a claim weighs against a hypothesis, by its digit from confirmed to improbable.
_WEIGHTS = {1: 1.0, 2: 0.8, 3: 0.5, 4: 0.2, 5: 0.1, 6: 0.3}


def judge_sheet(
    scenario: Scenario,
    found: Sequence[Judged],
    replicates: int,
    likely: Sequence[Likelihood] = (),
    draws: int = 0,
) -> Sheet:
    """Every claim with the verdict, each statement with its number; silent ones counted."""
    told = Counter(one.verdict.value for one in found)
    notes = [
        f"{replicates} replicates; means with 95% intervals: chance between runs, and no more.",
        ", ".join(f"{told[one.value]} {one.value}" for one in Stands) + ".",
    ]
    tables = [_verdicts(scenario.ledger, found)]
    if likely:
        tables.append(_likely(scenario.ledger, likely))
        notes.append(
            f"Likelihoods are shares of {draws:,} draws from the prior, in the words of ICD 203; "
            "they say nothing of how good a source is."
        )
    silent = [one.claim for one in found if one.verdict is Stands.SILENT]
    table = sources_table(scenario.ledger, silent, only_for="people")
    tables.append(dataclasses.replace(table, title="Claims on which the model is silent"))
    facts = {
        "scenario": scenario.name,
        "replicates": replicates,
        "draws": draws,
        "verdicts": [
            {
                "claim": one.claim,
                "verdict": one.verdict.value,
                "source": scenario.ledger.cited(one.claim),
            }
            for one in found
        ],
    }
    return Sheet(scenario.title, tuple(tables), notes=tuple(notes), facts=facts)


def _verdicts(ledger: Ledger, found: Sequence[Judged]) -> Table:
    columns = (
        Column("source", role="group"),
        Column("claim", brackets="grade"),
        Column("grade"),
        Column("verdict", "the model"),
        Column("measure", "measured"),
        Column("asked", "asked for"),
        Column("value", "is", ends=("low", "high")),
        Column("low"),
        Column("high"),
        Column("unit"),
        Column("text", role="data"),
    )
    records = [
        {
            "source": ledger.cited(one.claim),
            "claim": one.claim,
            "grade": ledger.grade(one.claim),
            "verdict": one.verdict.value,
            "measure": each.measure.text,
            "asked": each.measure.said.asked,
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "unit": each.measure.unit,
            "text": ledger.claims[one.claim].text,
        }
        for one in found
        for each in one.estimates
    ]
    return Table.of("What the model says of claims", columns, records, name="statements")


def _likely(ledger: Ledger, found: Sequence[Likelihood]) -> Table:
    columns = (
        Column("claim"),
        Column("share", "holds in", form=percent, ends=("low", "high")),
        Column("low"),
        Column("high"),
        Column("hits", "draws"),
        Column("judged", "of"),
        Column("words", "under our guesses"),
        Column("source"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "words": one.words if one.hits or not one.judged else f"{one.words}: no draw shows it",
            "source": ledger.cited(one.claim),
        }
        for one in sorted(found, key=lambda one: one.share)
    ]
    return Table.of("In how much of the prior claims hold", columns, records, name="likelihoods")


def bounds_table(ledger: Ledger, found: Sequence[Bounds]) -> Table:
    """Claims that say of one number what cannot both be."""
    columns = (
        Column("measure", role="group"),
        Column("one", "claim", brackets="source"),
        Column("source"),
        Column("first", "says"),
        Column("other", "claim", brackets="other_source"),
        Column("other_source"),
        Column("second", "says"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "source": ledger.cited(one.one),
            "other_source": ledger.cited(one.other),
        }
        for one in found
    ]
    return Table.of("Bounds that do not meet", columns, records, name="bounds")


def impossible_table(ledger: Ledger, found: Sequence[Likelihood]) -> Table:
    """Claims that no draw of the prior shows."""
    never = [one for one in found if one.judged and not one.hits]
    columns = (
        Column("claim"),
        Column("judged", "draws, none of which shows it"),
        Column("text", "it says"),
        Column("source"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "text": ledger.claims[one.claim].text,
            "source": ledger.cited(one.claim),
        }
        for one in never
    ]
    return Table.of("What the model cannot say", columns, records, name="impossible")


def apart_table(ledger: Ledger, found: Sequence[Apart]) -> Table:
    """Pairs of claims that draws hardly meet together."""
    columns = (
        Column("one", "claim", brackets="source"),
        Column("source"),
        Column("other", "claim", brackets="other_source"),
        Column("other_source"),
        Column("together", "draws with both"),
        Column("expected", "by chance"),
        Column("draws", "of"),
        Column("chance", "chance of so few"),
    )
    records = [
        {
            **dataclasses.asdict(one),
            "source": ledger.cited(one.one),
            "other_source": ledger.cited(one.other),
        }
        for one in found
    ]
    return Table.of("Hardly ever true together", columns, records, name="apart")


def matrix_sheet(
    scenario: Scenario, found: Mapping[str, Sequence[Judged]], labels: Mapping[str, str]
) -> Sheet:
    """Claims by variants of a border, the variant first that the least speaks against."""
    ledger = scenario.ledger
    weights = {name: _WEIGHTS[one.credibility] for name, one in ledger.claims.items()}
    order = hypotheses(found, weights)
    verdicts = {name: {one.claim: one.verdict for one in told} for name, told in found.items()}
    told = [one.claim for one in found[BASE] if one.estimates]
    columns = (
        Column("claim", brackets="source"),
        Column("source"),
        Column("hypothesis", role="across"),
        Column("verdict", form=lambda verdict: _MARKS[Stands(verdict)]),
    )
    records: list[dict[str, Cell]] = [
        {
            "claim": claim,
            "source": ledger.cited(claim),
            "hypothesis": name,
            "verdict": verdicts[name][claim].value,
        }
        for claim in told
        for name in order
    ]
    counts = {name: Counter(each.values()) for name, each in verdicts.items()}
    scores = [
        {
            "hypothesis": name,
            "label": labels.get(name, name),
            "contradicted": counts[name][Stands.CONTRADICTED],
            "weight": against(found[name], weights),
            "consistent": counts[name][Stands.CONSISTENT],
        }
        for name in order
    ]
    heads = (
        Column("hypothesis"),
        Column("label", "is"),
        Column("contradicted", "claims against it"),
        Column("weight", "their weight"),
        Column("consistent", "claims consistent with it"),
    )
    return Sheet(
        scenario.title,
        (
            Table.of("Hypotheses, the least contradicted first", heads, scores, name="hypotheses"),
            Table.of("Claims by hypotheses", columns, records, name="matrix"),
        ),
        notes=(
            "+ consistent, - contradicted, ? cannot be told. Silent claims are left out.",
            "What counts is what speaks against (Heuer 1999); a claim weighs by its digit: "
            + ", ".join(f"{digit}: {weight:g}" for digit, weight in _WEIGHTS.items())
            + ".",
        ),
        facts={"scenario": scenario.name},
    )


def effect_sheet(scenario: Scenario, found: BeliefEffect) -> Sheet:
    """What moves if a claim is believed."""
    ledger, claim = scenario.ledger, scenario.claims[found.claim]
    lead = (
        f"{found.claim} ({ledger.grade(found.claim)}), {ledger.cited(found.claim)}: {claim.text}",
        f"A draw of the prior meets it with a mean chance of {significant(found.met, 2):g}. Its "
        f"source is taken to know in {percent(found.rho)} of what it says; the {found.draws} draws "
        f"are then worth {fixed(found.worth)}.",
    )
    if not found.moved and found.met > 0.0:
        told = f"All {found.draws} draws meet it alike: believing it tells none from another."
        lead = (lead[0], told)
    elif not found.moved:
        lead = (lead[0], f"None of {found.draws} draws shows it: the model cannot say this.")
    columns = (
        Column("outcome", role="data"),
        Column("text", "outcome"),
        Column("before", "not believed"),
        Column("change", "moves by", ends=("low", "high")),
        Column("low"),
        Column("high"),
        Column("relative", "of that", form=change),
        Column("certain", "if surely true"),
        Column("unit"),
    )
    table = Table.of("What moves", columns, map(dataclasses.asdict, found.moved), name="moved")
    facts: dict[str, Any] = {
        "claim": found.claim,
        "source": ledger.cited(found.claim),
        "rho": found.rho,
        "met": found.met,
        "draws": found.draws,
        "worth": found.worth,
    }
    notes = ("The same draws, weighed and not; intervals are over resampled draws.",)
    return Sheet("", (table,) if found.moved else (), lead, notes if found.moved else (), facts)
