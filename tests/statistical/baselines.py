"""What the main job gave when its numbers were last agreed on; `test_baselines.py` compares.

`python -m tests.statistical.baselines`, from the root of the repository, simulates the default
border anew, prints what moved, and writes `baselines/main-job.json`; with `--look` it only prints.
Run it after a change that is meant to change results: a parameter, a rule, a draw. A change that is
not meant to, such as a faster engine, must pass against the old file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from amnok.arguments import DEFAULT_SCENARIO
from amnok.results import run
from amnok.results.ledgers import phases
from amnok.results.manifest import versions
from amnok.scenario import Scenario, load

FILE = Path(__file__).parent / "baselines" / "main-job.json"
COMMAND = "python -m tests.statistical.baselines"
SEEDS = range(1_000, 1_096)  # one replicate each
MONTH = 30  # days; what is rare is counted by the month

# Parts of a scenario that people read and no run does.
_WORDS = {"item", "title", "description", "label", "note", "unit", "inner_town", "outer_town"}
_WORDS |= {"stories", "words"}
_EVIDENCE = {"prior", "source", "inferred", "claims", "reports", "patterns", "references"}


class Baselines(NamedTuple):
    """The outcomes of a scenario: `values` is [seed, outcome]."""

    scenario: dict[str, Any]
    names: list[str]
    values: NDArray[np.float64]


def simulated(scenario: Scenario, seeds: Sequence[int]) -> tuple[list[str], NDArray[np.float64]]:
    """Names of all outcomes, and their values in one replicate of each seed, [seed, outcome]."""

    def one(seed: int) -> dict[str, float]:
        return dict(outcomes(run(scenario, seed=seed, threads=1)))

    first = one(seeds[0])  # compiles
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [first, *pool.map(one, seeds[1:])]
    return list(first), np.array([list(one.values()) for one in found])


def outcomes(dataset: xr.Dataset) -> Iterator[tuple[str, float]]:
    """What a reader of the main job would look at, phase by phase, to six digits.

    So many digits are enough to see any difference, and rounding does not depend on the machine.
    """
    one = dataset.isel(replicate=0)
    for phase in phases(dataset):
        for name, value in _of_phase(phase.of(one)):
            yield f"{phase.name}: {name}", float(f"{float(value):.6g}")


PER_DAY = (
    "crossings",
    "value_crossed",
    "bribes",
    "searches",
    "seen_by_camera",
    "intercepts",
    "items_seized_by_route",
    "no_partner",
    "checking_hours",
)
PER_MONTH = (
    "refused",
    "kept_home",
    "questionings",
    "imprisonments",
    "investigations",
    "guards_removed",
    "sources_traced",
    "official_arrests",
)
BELIEFS = ("belief_search", "belief_loss", "guard_price")


def _of_phase(days: xr.Dataset) -> Iterator[tuple[str, Any]]:
    n_days, end = days.sizes["day"], days.isel(day=-1)
    months = n_days / MONTH

    def total(name: str) -> xr.DataArray:
        return days[name].sum()

    for name in PER_DAY:
        yield f"{name} per day", total(name) / n_days
    for name in PER_MONTH:
        yield f"{name} in {MONTH} days", total(name) / months
    by_agency = days[["arrests", "stops"]].sum(["day", "sector", "size"])
    for agency in ("mss", "border_defence", "mps"):
        arrests = by_agency["arrests"].sel(agency=agency)
        yield f"arrests in {MONTH} days, {agency}", arrests / months
    yield "stops at customs per day", by_agency["stops"].sel(agency="cn_customs") / n_days
    reported = (days["event_day"] >= days["day"][0]) & (days["event_day"] <= days["day"][-1])
    yield f"reports in {MONTH} days", reported.sum() / months

    yield (
        "items checked per export consignment",
        total("export_items_checked") / total("export_attempts"),
    )
    yield "leaks removed by their sender, share", total("leaks_removed") / total("leaks_packed")
    on_river = days["crossings"].where(days["route_channel"] == "river", 0).sum()
    bribes = days["guard_bribes"].where(days["route_channel"] == "river", 0).sum()
    yield "bribe per river crossing", bribes / on_river
    yield "crossings off the river, share", 1 - on_river / total("crossings")

    for side in ("nk", "cn"):
        yield f"price at the end, {side}", np.exp(np.log(end["price"].sel(side=side)).mean())
        prisoners = end["people"].sel(side=side, status="imprisoned").sum()
        yield f"traders in prison at the end, {side}", prisoners
    yield "known to the police at the end", end["known"].sum()
    yield "protected at the end", end["protected"].sum()
    for name in BELIEFS:
        yield f"{name} at the end", end[name].mean()


def parameters(scenario: Scenario) -> dict[str, Any]:
    """All that a run depends on, by dotted path: no texts, no evidence."""
    return dict(_leaves(scenario.model_dump(by_alias=True), ""))


def _leaves(part: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name not in _WORDS | _EVIDENCE:
                yield from _leaves(value, f"{path}.{name}" if path else name)
    else:
        is_plain = part is None or isinstance(part, bool | int | float)
        yield path.removesuffix(".value"), part if is_plain else _text(part)


def _text(part: Any) -> str:
    """A date, a text or a list, which may hold pairs, as one text."""
    return " ".join(map(_text, part)) if isinstance(part, list | tuple) else str(part)


def digest(values: dict[str, Any]) -> str:
    """The SHA-256 of a scenario's parameters."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def saved() -> Baselines:
    """The agreed numbers."""
    content = json.loads(FILE.read_text())
    rows = content["outcomes"]
    values = np.array([row["values"] for row in rows.values()]).T
    return Baselines(content["scenario"], list(rows), values)


def write(scenario: Scenario, names: list[str], values: NDArray[np.float64]) -> None:
    """Write the file, one outcome and one parameter a line."""
    used = parameters(scenario)
    rows = {
        name: {
            "mean": float(f"{column.mean():.6g}"),
            "sd": float(f"{column.std(ddof=1):.6g}"),
            "values": column.tolist(),
        }
        for name, column in zip(names, values.T, strict=True)
    }
    head = {
        "made_by": COMMAND,
        "versions": versions(),
        "seeds": [SEEDS.start, SEEDS.stop - 1],
        "n": len(values),
        "scenario_sha256": digest(used),
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(
        "\n".join(
            [
                "{",
                *lines,
                f'  "outcomes": {_lines(rows)},',
                f'  "scenario": {_lines(used)}',
                "}",
                "",
            ]
        )
    )


def _lines(rows: dict[str, Any]) -> str:
    inside = ",\n".join(f"    {json.dumps(key)}: {json.dumps(row)}" for key, row in rows.items())
    return "{\n" + inside + "\n  }"


def main() -> None:
    parser = argparse.ArgumentParser(description="Agree on the numbers of the main job anew.")
    parser.add_argument("--look", action="store_true", help="print what moved and write nothing")
    only_look = parser.parse_args().look
    scenario = load(DEFAULT_SCENARIO)
    names, values = simulated(scenario, SEEDS)
    if FILE.exists() and saved().names == names and saved().values.shape == values.shape:
        print("\n".join(_moved(names, saved().values, values)) or "nothing moved")
    if not only_look:
        write(scenario, names, values)
        print(f"{FILE}: {len(SEEDS)} replicates")


def _moved(
    names: list[str], before: NDArray[np.float64], after: NDArray[np.float64]
) -> Iterator[str]:
    """Outcomes that differ from the old file; its seeds are the same, so each has a partner."""
    for name, old, new in zip(names, before.T, after.T, strict=True):
        change = new - old
        if change.any():
            error = change.std(ddof=1) / np.sqrt(len(change))
            means = f"{old.mean():.6g} -> {new.mean():.6g}"
            yield f"{name}: {means} (by {change.mean():.3g}, standard error {error:.2g})"


if __name__ == "__main__":
    main()
