"""Compare policies: the same people, the same draws, and what differs is what a policy did."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from amnok.arguments import verb
from amnok.draws import replicate_key
from amnok.engine import Outcome
from amnok.errors import AmnokError, Fault, needs_extra
from amnok.progress import Progress
from amnok.results.arrays import named
from amnok.results.ledgers import side_by_side
from amnok.results.outcomes import Arrays, kinds, labelled, outcomes
from amnok.results.outcomes import names as names_of
from amnok.results.threads import Days, days_of
from amnok.results.weekly import weeks_of
from amnok.scenario import Scenario
from amnok.scenario.dump import acting_digest
from amnok.scenario.loading import Given
from amnok.scenario.measures.plan import BASE
from amnok.scenario.overrides import Sets
from amnok.scenario.policies import chosen, policies, under
from amnok.studies.worlds import Span, Window, beside, mean, pairs, positions, span
from amnok.table import Sheet, Shown, Table

DIFFERENCES = (
    "policy",
    "outcome",
    "unit",
    "where",
    BASE,
    "with_policy",
    "difference",
    "low",
    "high",
    "relative",
    "unpaired",
)


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """A scenario beside itself under some policies.

    Attributes:
        values: outcomes that base has, [policy, replicate, ...], the policy `base` first; each
            variable has `units` and `long_name`. NaN where a policy takes a mechanism away.
        persons: [policy, replicate, side, size, sector, fate], without `base`.
        first_difference: the first day on which anything differs from base, [policy, replicate];
            NaT if nothing does.
        labels: what a policy is called, by name.
        scenario: the base scenario.
        weeks: each arm by weeks (`results.weekly`), `base` first; empty unless asked for.
        drawn: whether each replicate has parameters of its own, from a posterior.
        days: first and last that outcomes count.
        acting: what simulations of each policy depend on (`acting_digest`), by name.
    """

    values: xr.Dataset
    persons: xr.DataArray
    first_difference: xr.DataArray
    labels: Mapping[str, str]
    scenario: Scenario
    weeks: Mapping[str, xr.Dataset] = field(default_factory=dict)
    drawn: bool = False
    days: Span | None = None
    acting: Mapping[str, str] = field(default_factory=dict)

    def spread(self) -> pd.DataFrame:
        """What a policy does in each replicate, where each is another world: one outcome a row.

        Of those that add up, over all their cells.

        Columns: policy, outcome, unit, low and high (80% of the replicates lie between), falls (in
        which share of them the outcome, over all its cells, is lower than without the policy).
        """
        rows, known = [], kinds(self.scenario)
        for name, values in self.values.data_vars.items():
            cells = [dim for dim in values.dims if dim not in ("policy", "replicate")]
            if cells and not known[str(name)].adds_up:
                continue  # prices of several goods make no price
            whole = values.sum(cells, min_count=1)
            for policy in self.labels:
                off = (whole.sel(policy=policy) - whole.sel(policy=BASE)).to_numpy()
                off = off[np.isfinite(off)]
                low, high = np.quantile(off, (0.1, 0.9)) if len(off) else (math.nan, math.nan)
                falls = float((off < 0.0).mean()) if len(off) else math.nan
                rows.append((policy, name, values.attrs["units"], low, high, falls))
        columns = ["policy", "outcome", "unit", "low", "high", "falls"]
        return pd.DataFrame(rows, columns=columns)

    def sheet(self) -> Sheet:
        """The differences that are not told apart by labels."""
        found = self.differences()
        few = found[found["where"] == ""][[*DIFFERENCES[:3], BASE, *DIFFERENCES[5:9]]]
        n = self.values.sizes["replicate"]
        days = f", {self.days[0]} to {self.days[1]}" if self.days else ""
        title = f"{self.scenario.title}, under {', '.join(self.labels)}{days} ({n} replicates)"
        note = "Every difference, also by size, side and way: .differences()"
        return Sheet(title, (Table.of_frame("", few, ".differences()", 40),), notes=(note,))

    def differences(self) -> pd.DataFrame:
        """Paired differences, one number a row.

        Columns: policy, outcome, unit, where (labels along the outcome's dimensions), base and
        with_policy (means), difference (of pairs), low and high (95% interval, NaN for a single
        replicate), relative (difference over base), unpaired: how many replicates in each arm
        would give as narrow an interval if arms did not share their draws.
        """
        rows = []
        for policy in self.labels:
            for name in self.values.data_vars:
                rows += paired(self.values[name], policy)
        return pd.DataFrame(rows, columns=list(DIFFERENCES))


def paired(values: xr.DataArray, policy: str) -> list[tuple[Any, ...]]:
    """The difference a policy makes to an outcome [policy, replicate, ...], a row for each cell.

    The entries of a row are those of `DIFFERENCES`.
    """
    rows = []
    for pair in pairs(values, "policy", BASE, policy):
        base = mean(pair.one)
        difference, low, high = pair.difference
        relative = difference / base if base else math.nan
        head = (policy, values.name, values.attrs["units"], pair.where)
        numbers = (base, mean(pair.two), difference, low, high, relative)
        rows.append((*head, *numbers, unpaired(*pair.complete)))
    return rows


def unpaired(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """Replicates that arms with draws of their own would need for the interval that pairs give.

    `n * (var one + var two) / var(two - one)`; NaN where there is no such number:
    the arms do not vary, or pairs leave no variance at all.

    >>> unpaired(np.array([1.0, 3.0]), np.array([2.0, 5.0]))
    26.0
    >>> unpaired(np.array([1.0, 3.0]), np.array([2.0, 4.0]))
    nan
    """
    if len(one) < 2:
        return math.nan
    apart = float(np.var(one, ddof=1) + np.var(two, ddof=1))
    together = float(np.var(two - one, ddof=1))
    return len(one) * apart / together if apart > 0 and together > 0 else math.nan


@verb
def compare(
    scenario: Given,
    names: str | Sequence[str],
    seed: int = 1,
    replicates: int = 20,
    sets: Sets | None = (),
    files: Sequence[str | Path] = (),
    days: Window = (None, None),
    threads: int | None = None,
    progress: Progress | None = None,
    weeks: bool = False,
    given: str | os.PathLike[str] | None = None,
) -> Comparison:
    """Simulate a scenario as it is and under some policies, and compare outcomes and persons.

    Args:
        scenario: as for `load`: a name, a path, a saved run, or a `Scenario`; the last two have no
            policies of their own.
        names: policies, of the scenario or of `files`.
        seed: 0 to 2**64 - 1.
        replicates: how many, at least 1.
        sets: overrides for all arms, `path=value` or `switch=option`.
        files: YAML files with policies of one's own.
        days: first and last day that outcomes count, as dates; the whole period by default.
            Persons count over the whole period.
        threads: how many to use; all of the machine's by default.
        progress: called now and then with the days simulated so far and in all.
        weeks: also keep each arm by weeks, for charts.
        given: a posterior that `infer` saved: each replicate has parameters, and a structure, drawn
            from it, so that policies are compared given what was observed. Needs the extra `infer`.

    Raises:
        ScenarioError: the scenario, a policy or a file of policies is not valid.
        AmnokError: the machine has not enough memory, no day is left to count, or the posterior is
            of another border.
    """
    if not names:
        raise AmnokError(Fault("no policy is named", "compare needs at least one"))
    asked = chosen(policies(scenario, files), names)
    base, arms = under(scenario, sets, asked)
    counted = span(base, days)
    labels = {policy.name: policy.label for policy in asked}
    days_seen = Days((1 + len(arms)) * replicates * days_of(base), progress)
    at = None
    if given is not None:
        with needs_extra("infer"):
            from amnok.studies.inference.given import drawn

        at = drawn(given, base, arms, replicates, seed)
    window = positions(base, counted)
    found = compare_arms(
        base, arms, labels, seed, replicates, days_seen, window, threads, weeks, at
    )
    acting = {name: acting_digest(arm) for name, arm in arms.items()}
    return replace(found, days=counted, acting=acting)


def compare_arms(
    base: Scenario,
    arms: Mapping[str, Scenario],
    labels: Mapping[str, str],
    seed: int,
    replicates: int,
    days: Days,
    window: slice = slice(None),
    threads: int | None = None,
    weeks: bool = False,
    at: Callable[[int, Scenario], Scenario] | None = None,
) -> Comparison:
    """The same for scenarios that are made already.

    Args:
        base: the arm that the others are compared with.
        arms: the others, by name; of the same places, sizes and days, perhaps without some section.
        labels: what each arm is called, by name.
        seed, replicates, threads, weeks: as for `compare`.
        days: told of simulated days; may stop this.
        window: positions of the days that outcomes count.
        at: the world of a replicate, where each has parameters of its own.

    Raises:
        AmnokError: the machine has not enough memory.
        Stopped: `days` said so.
    """

    def keep(outcome: Outcome, scenario: Scenario) -> tuple[Arrays, xr.Dataset | None]:
        key = replicate_key(seed, outcome.replicate)
        values = _as_in_base(outcomes(outcome, scenario, key, window), scenario, base)
        return values, weeks_of(outcome, scenario, seed) if weeks else None

    kept, others = beside(base, list(arms.values()), keep, seed, replicates, days, threads, at)
    names, worlds = [BASE, *arms], [kept, *(one.kept for one in others)]
    values = {
        name: np.stack([[arrays[name] for arrays, _ in world] for world in worlds])
        for name in kept[0][0]
    }
    found = labelled(values, base, ("policy", "replicate"))
    along = named("policy", np.array(list(arms)))  # texts of fixed width, as in `values`
    return Comparison(
        values=found.assign_coords(policy=names, replicate=range(replicates)),
        persons=xr.concat([one.persons for one in others], along, combine_attrs="override"),
        first_difference=xr.concat([one.first_difference for one in others], along),
        labels=dict(labels),
        scenario=base,
        drawn=at is not None,
        weeks={
            name: side_by_side([part for _, part in world if part is not None])
            for name, world in zip(names, worlds, strict=True)
            if weeks
        },
    )


def _as_in_base(arrays: Arrays, scenario: Scenario, base: Scenario) -> Arrays:
    """Outcomes of an arm where base has them; NaN for what only base has a mechanism for."""
    if scenario.sections == base.sections:
        return arrays
    coordinates, found = names_of(base), labelled(arrays, scenario)
    found = found.reindex({dim: coordinates[str(dim)] for dim in found.dims})
    lengths = {dim: len(labels) for dim, labels in coordinates.items()}
    return {
        name: found[name].to_numpy()
        if name in found
        else np.full([lengths[dim] for dim in kind.dims], np.nan)
        for name, kind in kinds(base).items()
    }
