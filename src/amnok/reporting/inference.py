"""What was inferred and what to ask next, as tables. Every sheet says: if the model is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from amnok.cells import compact, fixed, percent
from amnok.reporting.comparison import labels_of
from amnok.results.observations import CELLS
from amnok.scenario import Scenario
from amnok.studies.claims.judging import likely
from amnok.studies.inference.banks import Bank
from amnok.studies.inference.hidden import CONDITION, Inference
from amnok.studies.inference.questions import Questions
from amnok.table import Column, Sheet, Table

_MOST = 10
_TOLD = 3  # claims of which a sentence is told
_NAIVE = (
    "naive: one rate for all, as if the share that is counted were known; it ignores who is exempt"
)
_LISTED = (
    "lists: chapman holds if being on one list says nothing of being on the other, log-linear if "
    "lists go together in pairs at most, chao is a lower bound if lists reach equally far; cases "
    "that no list can ever hold are in none of them"
)
_SECRET = "about places and groups, never about a person; protect whoever told it"


def bank_sheet(found: Bank) -> Sheet:
    """What a bank holds."""
    policies = ", ".join(found.policies)
    runs = len(found.points)
    title = f"{found.scenario.title}: {runs:,} runs, {found.layout.weeks} weeks, in {found.folder}"
    variants, claims = ", ".join(found.variants), len(found.told.all)
    facts = {"folder": str(found.folder), "runs": runs, "policies": policies}
    facts |= {"variants": variants, "claims": claims}
    notes = (f"policies: {policies}", f"variants: {variants}", f"claims of the ledger: {claims}")
    return Sheet(title, (), notes, facts=facts)


def inference_sheet(found: Inference, scenario: Scenario) -> Sheet:
    """Hidden flows beside the naive reading, parameters that moved, and the diagnostics."""
    flows = found.flows
    week, named = flows["week"] != "", labels_of(scenario)
    tables = [
        _flows("Hidden flows over the period", flows[~week], named),
        _flows("Hidden flows by week", flows[week], named),
        _parameters(found.parameters.head(_MOST)),
        _series(found.series),
    ]
    if len(found.lists):
        tables.append(_lists(found.lists))
    if len(found.structures):
        tables.append(_structures(found.structures))
    if len(found.checks):
        tables.append(_checks(found.checks))
    notes = [
        f"All of this holds {CONDITION}: as it is, or as one of the variants of the bank",
        f"{_NAIVE} (read off {found.naive_of})" if found.naive_of else _NAIVE,
        f"{fixed(found.posterior.effective)} effective draws of {found.about['runs']:,} runs; "
        f"{percent(found.distance)} of the runs look less unusual than what was observed",
        *([_LISTED] if len(found.lists) else []),
        *(f"warning: {one}" for one in found.warnings),
        _SECRET,
    ]
    facts = {
        "condition": CONDITION,
        "effective": found.posterior.effective,
        "distance": found.distance,
        "naive_of": found.naive_of,
        "warnings": tuple(found.warnings),
    }
    title = f"{scenario.title}: what is flowing, {CONDITION}"
    return Sheet(title, tuple(tables), tuple(notes), facts=facts)


def questions_sheet(found: Questions, scenario: Scenario, most: int | None = None) -> Sheet:
    """What to ask next, the most telling first; all of it, or the first few."""
    columns = [
        Column("kind"),
        Column("words", "to learn"),
        Column("name", role="data"),
        Column("narrows", "narrows the range"),
        Column("share", "cuts the variance by", form=percent),
        Column("share_se", "± its error", form=percent),
        Column("nats", "nats"),
        Column("nats_se", "± nats"),
        Column("chance", role="data"),
        Column("grade", role="data"),
        Column("cited", role="data"),
    ]
    claims = found.table[found.table["kind"] == "claim"].head(_TOLD).to_dict("records")
    notes = [
        f"What learning each would tell of {found.target}, {CONDITION}",
        "Ask about places, groups and practices, never about a person",
        f"{fixed(found.effective)} effective runs",
        *(
            f"{one['name']} ({one['cited']}; {one['grade']}): {likely(one['chance'])} "
            f"({percent(one['chance'])}) with its report counted by its grade; to know would "
            f"narrow the likely range of {found.target} {one['narrows']}"
            for one in claims
        ),
    ]
    if found.unmeasured:
        notes.append(
            f"not told by this bank: {', '.join(found.unmeasured)} (what needs the border without "
            "a mechanism is not kept; for claims that are new, make the bank with --ledger)"
        )
    facts: dict[str, Any] = {"condition": CONDITION, "target": found.target}
    if found.best:
        columns += [
            Column("choice", f"worth to the choice ({found.unit})"),
            Column("choice_se", "± worth"),
        ]
        notes.append(
            f"As things are, {found.best} is best; knowing everything would be worth "
            f"{compact(found.perfect.value)} {found.unit}"
        )
        facts |= {"best": found.best, "perfect": found.perfect.value}
    table = Table.of("What to ask", columns, found.table.iloc[:most].to_dict("records"))
    if most is not None and len(found.table) > most:
        notes.append(f"{most} of {len(found.table)} questions: amnok ask ranks all")
    return Sheet(f"{scenario.title}: what to ask next", (table,), tuple(notes), facts=facts)


def _flows(title: str, flows: pd.DataFrame, named: Mapping[str, str]) -> Table:

    def called(label: object) -> str:
        return named.get(str(label), str(label))

    columns = [
        Column("quantity", role="group"),
        Column("axis", "by", role="group" if flows["axis"].any() else "data"),
        Column("label", "", role="" if flows["label"].any() else "data", form=called),
        Column("week", role="" if flows["week"].any() else "data"),
        Column("unit", role="data"),
        Column("naive"),
        Column("mean"),
        *(
            Column(f"low_{level}", f"{level}% from [to]", ends=(f"high_{level}",))
            for level in (50, 80, 95)
        ),
        *(Column(name, role="data") for name in _FOR_PROGRAMS),
    ]
    return Table.of(title, columns, flows[[one.name for one in columns]].to_dict("records"))


_FOR_PROGRAMS = (
    *("naive_low", "naive_high", "high_50", "high_80", "high_95"),
    *("prior_low_80", "prior_high_80"),
)


def _parameters(table: pd.DataFrame) -> Table:
    columns = [
        Column("path", "parameter"),
        Column("prior_mean", "before"),
        Column("prior_sd", "± before"),
        Column("mean", "after [80%]", ends=("low_80", "high_80")),
        Column("sd", "± after"),
        Column("low_80", role="data"),
        Column("high_80", role="data"),
        Column("contraction", "variance gone", form=percent),
    ]
    return Table.of("Parameters that moved most", columns, table.to_dict("records"))


def _series(table: pd.DataFrame) -> Table:
    columns = [
        Column("series"),
        Column("observed"),
        Column("predicted_low_80", "predicted 80% from [to]", ends=("predicted_high_80",)),
        Column("predicted_high_80", role="data"),
        Column("extreme", "how extreme", form=percent),
    ]
    if "without_mean" in table:
        ends = ("without_low_80", "without_high_80")
        columns.append(Column("without_mean", "total without it", ends=ends))
        columns += [Column(name, role="data") for name in ends]
    title = "What was observed, and what the posterior predicts of it"
    return Table.of(title, columns, table.to_dict("records"))


def _lists(table: pd.DataFrame) -> Table:
    cells = [Column(name, role="" if table[name].any() else "data") for name in CELLS]
    columns = [
        Column("series"),
        *cells,
        Column("date_from", "from"),
        Column("date_to", "to"),
        Column("lists"),
        Column("counted", "on any"),
        Column("method"),
        Column("together", "going together", role="" if table["together"].any() else "data"),
        Column("estimate", "all [80%]", ends=("low_80", "high_80")),
        Column("naive"),
        Column("mean", "posterior [80%]", ends=("mean_low_80", "mean_high_80")),
        *(Column(name, role="data") for name in _FOR_PROGRAMS_OF_LISTS),
    ]
    return Table.of("Lists that overlap", columns, table.to_dict("records"))


_FOR_PROGRAMS_OF_LISTS = (
    *("low_80", "high_80", "low_95", "high_95"),
    *("mean_low_80", "mean_high_80"),
)


def _structures(table: pd.DataFrame) -> Table:
    columns = [
        Column("quantity", role="group"),
        Column("axis", "by"),
        Column("label", ""),
        Column("variant", "if the structure is"),
        Column("prior", "before", form=percent),
        Column("chance", "after", form=percent),
        Column("mean", "mean [80%]", ends=("low_80", "high_80")),
        Column("low_80", role="data"),
        Column("high_80", role="data"),
    ]
    if "told_apart" in table:
        columns.append(Column("told_apart", "held-out truths told apart", form=percent))
    ordered = table.sort_values(["quantity", "axis", "label"], ascending=[False, True, True])
    return Table.of("Under each structure", columns, ordered.to_dict("records"))


def _checks(table: pd.DataFrame) -> Table:
    columns = [
        Column("quantity", role="group"),
        Column("axis", "by"),
        Column("label", ""),
        Column("truths"),
        Column("number", "held out"),
        *(Column(f"coverage_{n}", f"within {n}%", form=percent) for n in (50, 80, 95)),
        Column("ranks_p", "p of uniform ranks"),
    ]
    return Table.of("Coverage of truths that were held out", columns, table.to_dict("records"))
