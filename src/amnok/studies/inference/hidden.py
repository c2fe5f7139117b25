"""What is really flowing: hidden flows and parameters, given what was observed.

Right if the model is right: the bank's runs are the only worlds that are thought of.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import gamma

from amnok.arguments import verb
from amnok.counts import named
from amnok.disk import Content
from amnok.results.manifest import Kind, versions
from amnok.results.observations import (
    Observations,
    given_observations,
    is_level,
    unit_of,
)
from amnok.results.standing import check_free
from amnok.results.store import Store
from amnok.scenario import load
from amnok.scenario.loading import Given
from amnok.scenario.measures.vocabulary import WEEK
from amnok.scenario.overrides import Sets
from amnok.studies.inference.banks import Bank, check_same, digest_of_model, open_bank
from amnok.studies.inference.checking import LEVELS, checks, held_out, unusual, warnings
from amnok.studies.inference.lists import amounts, lists_of, lists_table
from amnok.studies.inference.observing import Seen, seen
from amnok.studies.inference.posterior import Posterior, weighted_quantile
from amnok.studies.inference.structures import check_enough, mixture, structure_table
from amnok.studies.inference.worlds import VARIANT
from amnok.studies.sweeps.folder import literal, write_parquet
from amnok.studies.sweeps.reading import answer
from amnok.table import Sheet, Shown, Table
from amnok.variables import WHOLE

Array = NDArray[np.float64]
CONDITION = "if the model is right"
POSTERIOR = Kind("posterior", "a posterior", "amnok infer --out", "infer anew", ("flows.csv",))
_DRAWS = "draws.parquet"
_LEADING = ("", "size", "channel")
_NAIVE = ("official_items_seized", "official_value_seized", "official_arrests")


@dataclass(frozen=True, repr=False)
class Inference(Shown):
    """What was inferred; all of it if the model is right.

    Attributes:
        flows: quantity, axis, label, week (its first day; blank for the period), unit; naive (with
            the ends of its 80% interval), mean, low and high at 50, 80 and 95%, the prior's 80%.
        parameters: path, prior mean and sd, mean, sd, the ends of 80%, contraction (share of the
            prior's variance that is gone).
        series: what was observed of each, its posterior predictive (the ends of 80%, and how
            extreme it is, from 0 to 1), and what the total flow would be without the series.
        lists: what lists that overlap say of all cases, as `lists.lists_table` has it; empty if
            there are none.
        structures: of each variant of the border that the bank holds, its prior and its chance, and
            leading quantities if it is the right one (mean, the ends of 80%); empty if there is
            none but the border as it is.
        checks: of leading quantities, for truths held out: coverage at 50, 80 and 95%, by truths of
            all, the lower and the upper half, and the p-value of the ranks; empty if not asked for.
        warnings: why not to trust it.
        naive_of: the series that the naive reading scales up; empty if none was observed.
        distance: share of the bank's runs that look less unusual than what was observed.
        posterior: draws of all quantities; its rows are those of the runs without a policy.
        structure: [draw], the number of the variant that each draw of the posterior is of.
        about: how it was made.
    """

    flows: pd.DataFrame
    parameters: pd.DataFrame
    series: pd.DataFrame
    lists: pd.DataFrame
    structures: pd.DataFrame
    checks: pd.DataFrame
    warnings: list[str]
    naive_of: str
    distance: float
    posterior: Posterior
    structure: NDArray[np.int64]
    about: dict[str, Any]

    def sheet(self) -> Sheet:
        """Flows over the whole period, and why not to trust them."""
        whole = self.flows[self.flows["week"] == ""].drop(columns="week")
        title = f"hidden flows {CONDITION}, from {self.about['runs']:,} runs"
        return Sheet(title, (Table.of_frame("Flows", whole, ".flows"),), notes=(*self.warnings,))


@verb
def infer(
    scenario: Given,
    data: str | os.PathLike[str] | pd.DataFrame | Observations,
    *,
    bank: str | os.PathLike[str] | Bank,
    sets: Sets | None = (),
    check: int = 0,
    shift: float = 0.0,
    seed: int = 1,
    out: str | os.PathLike[str] | None = None,
) -> Inference:
    """Infer hidden flows and parameters from what was observed.

    Args:
        scenario: the border; a name, a path, a saved run, or a `Scenario`.
        data: observations: a file, a data frame, or as read.
        bank: runs of this border, made with `amnok bank`.
        sets: overrides, as for the bank.
        check: so many truths held out recalibrate the posterior and as many others test it, for
            coverage and ranks; each series is left out once. Without, nothing is recalibrated.
        shift: of the mean reliability of graded sources, to see what depends on it.
        seed: the same seed gives the same bits.
        out: folder in which the posterior is saved.

    Raises:
        AmnokError: with every observation that cannot be used; the bank is of another border or
            version, or has too few runs.
    """
    border = load(scenario, sets)
    found = bank if isinstance(bank, Bank) else open_bank(bank)
    check_same(found, border)
    observed = given_observations(data, border)
    if out is not None:
        check_free(out, POSTERIOR)
    runs = found.under("base")
    check_enough(found.structure(runs), found.variants, str(found.folder))
    listed = lists_of(observed)
    known = seen(observed, found, seed, shift=shift)
    targets, lead = _targets(found, runs)
    parameters = found.parameters(runs)
    cases = amounts(listed, found, runs)
    unknowns = pd.concat([targets, cases, parameters], axis=1)
    ready = partial(
        mixture,
        unknowns,
        structure=found.structure(runs),
        variants=found.variants,
        seed=seed,
        lead=lead,
    )
    table = ready(known.runs, held_out=check)
    told = table.given(known.values)
    posterior = told.whole
    distance = unusual(known)
    rng = np.random.default_rng([seed, 32])
    chosen = rng.choice(len(runs), min(check, len(runs)), replace=False)
    ranks, chances = held_out(table, unknowns.to_numpy(), chosen)
    structures = pd.DataFrame()
    if len(found.variants) > 1:
        structures = structure_table(table, told, lead, chosen, chances)
    result = Inference(
        _flow_table(found, targets, posterior, known),
        _parameter_table(parameters, posterior),
        _series_table(known, posterior, partial(_without, ready, known) if check else None),
        lists_table(listed, _naive(known, cases), posterior),
        structures,
        checks(unknowns, lead, chosen, ranks),
        warnings(posterior, distance, known, table, told),
        _naive_series(known),
        distance,
        posterior,
        found.structure(runs)[posterior.rows],
        {
            "bank": str(found.folder),
            "bank_digest": found.digest,
            "runs": len(runs),
            "seed": seed,
            "shift": shift,
            "model": digest_of_model(found.scenario),
            "variants": {name: found.texts.get(name, "") for name in found.variants},
        },
    )
    if out is not None:
        save(result, out)
    return result


def _targets(bank: Bank, runs: NDArray[np.int64]) -> tuple[pd.DataFrame, int]:
    """Hidden quantities of each run, the leading ones first, and how many lead."""
    layout = bank.layout
    leading, others, weekly = dict[str, Array](), dict[str, Array](), dict[str, Array]()
    for at, (quantity, axis, label) in enumerate(layout.hidden, len(layout.seen)):
        values = bank.whole(runs, [at])[:, 0]
        period = values.sum(axis=1)
        if np.ptp(period) > 0.0:
            (leading if axis in _LEADING else others)[_key(quantity, axis, label)] = period
        if not axis:
            for week in range(layout.weeks):
                if np.ptp(values[:, week]) > 0.0:
                    weekly[_key(quantity, axis, label, str(week))] = values[:, week]
    return pd.DataFrame({**leading, **others, **weekly}), len(leading)


def _key(quantity: str, axis: str, label: str, week: str = "") -> str:
    return "|".join((quantity, axis, label, week))


def _flow_table(
    bank: Bank, targets: pd.DataFrame, posterior: Posterior, known: Seen
) -> pd.DataFrame:
    start = pd.Timestamp(bank.scenario.period.start)
    prior_low, prior_high = targets.quantile(0.1), targets.quantile(0.9)
    naive = _naive(known, targets)
    ends = {level: posterior.interval(level) for level in LEVELS}
    rows = []
    means = posterior.mean
    for key in map(str, targets.columns):
        quantity, axis, label, week = key.split("|")
        day = start + pd.Timedelta(days=WEEK * int(week)) if week else None
        row: dict[str, Any] = {
            "quantity": quantity,
            "axis": axis,
            "label": label,
            "week": day.date().isoformat() if day is not None else "",
            "unit": unit_of(quantity, bank.scenario),
            "naive": naive[key][0],
            "naive_low": naive[key][1],
            "naive_high": naive[key][2],
            "mean": means[key],
        }
        for level, table in ends.items():
            percent = round(100 * level)
            row |= {
                f"low_{percent}": table.loc[key, "low"],
                f"high_{percent}": table.loc[key, "high"],
            }
        row |= {"prior_low_80": prior_low[key], "prior_high_80": prior_high[key]}
        rows.append(row)
    return pd.DataFrame(rows)


def _naive_series(known: Seen) -> str:
    """The series that a naive reading scales up: the first of the usual ones that is there, or else
    of all; none where only prices are, as they do not add up."""
    there = [name for name in (*_NAIVE, *known.series) if name in known.series]
    return next((name for name in there if not is_level(name)), "")


def _naive(known: Seen, targets: pd.DataFrame) -> Mapping[str, tuple[float, float, float]]:
    """One rate for all: what was counted, over the share that is counted in the middle run.

    The interval is that of a Poisson count at 80%, as if the rate were known; money, which is no
    count, has none.
    """
    scaled = _naive_series(known)
    mine = [at for at, name in enumerate(known.series) if name == scaled]
    counted, total = known.runs[:, mine].sum(axis=1), float(known.values[mine].sum())
    low, high = gamma.ppf(0.1, total) if total > 0 else 0.0, gamma.ppf(0.9, total + 1.0)
    if mine and named(scaled).unit not in WHOLE:
        low, high = np.nan, np.nan
    found = {}
    for key in targets.columns:
        hidden = targets[key].to_numpy()
        some = hidden > 0.0
        share = float(np.median(counted[some] / hidden[some])) if some.any() else 0.0
        found[str(key)] = (
            (total / share, low / share, high / share) if share > 0.0 else (np.nan,) * 3
        )
    return found


def _parameter_table(parameters: pd.DataFrame, posterior: Posterior) -> pd.DataFrame:
    names = list(parameters.columns)
    prior_sd = parameters.std()
    sd, ends = posterior.sd[names], posterior.interval(0.8).loc[names]
    table = pd.DataFrame(
        {
            "path": names,
            "prior_mean": parameters.mean().to_numpy(),
            "prior_sd": prior_sd.to_numpy(),
            "mean": posterior.mean[names].to_numpy(),
            "sd": sd.to_numpy(),
            "low_80": ends["low"].to_numpy(),
            "high_80": ends["high"].to_numpy(),
            "contraction": 1.0 - (sd / prior_sd).to_numpy() ** 2,
        }
    )
    return table.sort_values("contraction", ascending=False, kind="stable", ignore_index=True)


def _series_table(known: Seen, posterior: Posterior, without: Any) -> pd.DataFrame:
    rows = []
    for name in dict.fromkeys(known.series):
        mine = [at for at, one in enumerate(known.series) if one == name]
        whole = np.mean if is_level(name) else np.sum  # prices do not add up
        total = float(whole(known.values[mine]))
        made = whole(known.runs[posterior.rows][:, mine], axis=1)
        low, high = weighted_quantile(made, posterior.weights, np.array([0.1, 0.9]))
        below = float(posterior.weights @ ((made < total) + 0.5 * (made == total)))
        row: dict[str, Any] = {
            "series": name,
            "observed": total,
            "predicted_low_80": low,
            "predicted_high_80": high,
            "extreme": abs(2.0 * below - 1.0),
        }
        if without is not None:
            row |= without(name)
        rows.append(row)
    return pd.DataFrame(rows)


def _without(ready: Any, known: Seen, series: str) -> dict[str, float]:
    """The first leading quantity, had a series not been observed."""
    rest = known.without(series)
    if not rest.series:
        return {"without_mean": np.nan, "without_low_80": np.nan, "without_high_80": np.nan}
    found = ready(rest.runs, held_out=0).given(rest.values).whole
    low, high = found.interval(0.8).iloc[0]
    return {
        "without_mean": float(found.mean.iloc[0]), "without_low_80": low, "without_high_80": high
    }  # fmt: skip


def save(found: Inference, out: str | os.PathLike[str]) -> None:
    """Save what was inferred in a new folder: tables as CSV, draws as Parquet.

    Raises:
        FolderError: something is there, or it cannot be written.
    """
    draws = found.posterior
    columns = pd.DataFrame(draws.draws, columns=list(draws.names))
    columns.insert(0, VARIANT, found.structure)
    columns.insert(0, "weight", draws.weights)
    columns.insert(0, "run", draws.rows)

    tables = {
        "flows.csv": found.flows,
        "parameters.csv": found.parameters,
        "series.csv": found.series,
        "lists.csv": found.lists,
        "structures.csv": found.structures,
        "checks.csv": found.checks,
    }
    files: dict[str, Content] = {
        name: table.to_csv(index=False).encode() for name, table in tables.items()
    }
    files[_DRAWS] = partial(write_parquet, columns)
    about = {
        **found.about,
        "condition": CONDITION, "warnings": found.warnings,
        "distance": found.distance, "versions": versions(),
    }  # fmt: skip
    Store.create(out, POSTERIOR, about, files, "complete")


def runs_of(folder: str | os.PathLike[str]) -> tuple[NDArray[np.int64], Array, dict[str, Any]]:
    """Rows of the bank that a saved posterior comes from, their weights, and how it was made.

    Raises:
        FolderError: the folder holds no posterior, or is damaged.
    """
    store = Store.open(folder, POSTERIOR)
    table = draws_of(store)
    return table["run"].to_numpy(), table["weight"].to_numpy(), store.manifest.about


def draws_of(store: Store) -> pd.DataFrame:
    """The draws of a saved posterior: run, weight, variant, and a column for each unknown.

    Raises:
        FolderError: any of its tables is missing or changed.
    """
    store.checked(store.manifest.files)
    file = store.path / _DRAWS
    return answer("FROM read_parquet($file) ORDER BY run", file=literal(file))
