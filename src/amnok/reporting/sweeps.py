"""What sweeps say, as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pandas as pd

from amnok.cells import compact, fixed, percent, significant
from amnok.scenario import Scenario
from amnok.scenario.catalog import first_sentence, parameter_table
from amnok.scenario.loading import builtin_names
from amnok.scenario.measures.plan import BASE
from amnok.scenario.policies import policies
from amnok.studies.sweeps.prim import Box, chosen_box, clear_limits
from amnok.table import Column, Sheet, Table

_MOST = 30  # sets that people see
_WIDE = 0.5  # of an interval of an index that says little
_ROUNDING = 0.05  # beyond 0 or 1, which an estimate may miss by so much


def sensitivity_sheet(
    indices: pd.DataFrame, outcome: str, where: str, scenario: Scenario | None = None
) -> Sheet:
    """Sobol indices, the largest first; with a scenario, what each set is called there."""

    def index(share: float) -> str:
        return fixed(share, 2)

    columns = [Column("set", ""), Column("called", "")]
    for name, label in (("first", "alone (first order)"), ("total", "with others (total)")):
        low, high = f"{name}_low", f"{name}_high"
        columns += [Column(name, label, form=index, ends=(low, high)), Column(low), Column(high)]
    called = called_there(scenario)
    rows = [{**row, "called": called(row["set"])} for row in indices.to_dict(orient="records")]
    more = len(rows) - _MOST
    note: tuple[str, ...] = (f"and {more} more, each with less",) if more > 0 else ()
    rough = rough_indices(indices)
    if rough:
        note += (
            f"Too few draws for {rough} of {len(rows)} sets: an index lies from 0 to 1, and its "
            f"interval should be narrower than {_WIDE}; sweep with more draws (--sobol).",
        )
    return Sheet(
        f"What decides {_named(outcome, where)}: shares of its variance",
        (
            Table.of("", columns, rows[:_MOST], notes=note, only_for="people"),
            Table.of("", columns, rows, name="sets", only_for="programs"),
        ),
        facts={"outcome": outcome, "where": where, "too_few_draws_for": rough},
    )


def rough_indices(indices: pd.DataFrame) -> int:
    """How many sets have an index that too few draws leave open.

    Their index lies outside 0 to 1, by more than rounding, or its interval is wide.
    """
    rough = pd.Series(False, index=indices.index)
    for name in ("first", "total"):
        value, low, high = (indices[f"{name}{end}"] for end in ("", "_low", "_high"))
        rough |= (value < -_ROUNDING) | (value > 1 + _ROUNDING) | (high - low > _WIDE)
    return int(rough.sum())


def called_there(scenario: Scenario | None) -> Callable[[str], str]:
    """What a border calls a parameter, a claim or a policy; nothing of what it does not know."""
    if scenario is None:
        return lambda name: ""
    named = {
        path: one.name for part in scenario.words.values() for path, one in part.levers.items()
    }
    meant = {row.path: first_sentence(row.meaning).rstrip(".") for row in parameter_table(scenario)}
    claimed = {name: claim.text for name, claim in scenario.claims.items()}
    is_known = scenario.name in builtin_names()
    labels = {name: one.label for name, one in policies(scenario.name).items()} if is_known else {}
    known = {**labels, BASE: "as it is", **claimed, **meant, **named}
    return lambda name: known.get(name, "")


def regret_sheet(
    rows: pd.DataFrame,
    flips: pd.DataFrame,
    outcome: str,
    where: str,
    scenario: Scenario | None = None,
) -> Sheet:
    """Regret by policy, and how often two policies change places; labels as above."""
    called = called_there(scenario)
    columns = (
        Column("policy"),
        Column("called", ""),
        Column("mean"),
        Column("expected", "expected regret"),
        Column("high", "95% of draws below"),
        Column("worst"),
        Column("best", "best in", form=percent),
    )
    others = (Column("policy", ""), Column("other", role="across"), Column("chance", form=percent))
    flipped = [
        (str(one), str(other), float(chance))
        for one, row in flips.iterrows()
        for other, chance in row.items()
    ]
    regrets = [{**row, "called": called(row["policy"])} for row in rows.to_dict(orient="records")]
    title = "Chance that two policies rank otherwise than their means do"
    return Sheet(
        f"Regret in {_named(outcome, where)}, over finished draws",
        (
            Table.of("", columns, regrets, name="regret"),
            Table(title, others, tuple(flipped), name="flips"),
        ),
        facts={"outcome": outcome, "where": where},
    )


def discovery_sheet(share: float, boxes: Sequence[Box], scenario: Scenario | None = None) -> Sheet:
    """The box with the best of coverage and density, and the limits that are more than chance."""
    called = called_there(scenario)

    def end(limit: float) -> str:
        return "" if math.isinf(limit) else compact(limit)

    box = chosen_box(boxes)
    clear = clear_limits(box)
    others = len(box.limits) - len(clear)
    columns = (
        Column("parameter", "where"),
        Column("called", ""),
        Column("low", "from", form=end),
        Column("high", "to", form=end),
        Column("chance", "by accident", form=lambda chance: f"{significant(chance, 2):g}"),
    )
    note = (f"and {others} limits that may be an accident",) if others else ()
    rows = [{**one, "called": called(one["parameter"])} for one in clear.to_dict(orient="records")]
    limits = (Table.of("", columns, rows, name="limits", notes=note),)
    return Sheet(
        f"{percent(share)} of the draws are of interest",
        limits,
        (
            f"In {percent(box.mass)} of the prior {percent(box.density)} are: "
            f"{percent(box.coverage)} of all",
        ),
        facts={
            "share": share,
            "mass": box.mass,
            "density": box.density,
            "coverage": box.coverage,
        },
    )


def _named(outcome: str, where: str) -> str:
    return f"{outcome} ({where})" if where else outcome
