"""Do plans of agencies survive once traders adapt? Prints the tables of docs/games-in-the-model.md.

Simulates the default border with effort spread evenly, chasing finds, and by either plan: the same
people and draws in each arm. Differences are paired, with 95% intervals over replicates.

    python validation/plans.py [--replicates 20] [--seed 1]
"""

from __future__ import annotations

import argparse

import numpy as np
import xarray as xr
from numpy.typing import NDArray

import amnok
from amnok.games import exploit
from amnok.results.intervals import interval
from amnok.results.ledgers import phases
from amnok.scenario.policies import chosen, policies, under

SCENARIO = "sino-korean-border"
BASE = "even_effort"
OTHERS = ("chase_finds", "stackelberg_plan", "quantal_plan")

Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    arms = chosen(policies(SCENARIO), (BASE, *OTHERS))
    _, scenarios = under(SCENARIO, (), arms)
    found: dict[str, dict[str, dict[str, Floats]]] = {}
    for name, scenario in scenarios.items():
        # A few replicates at a time, as each takes tens of megabytes.
        dataset = amnok.run(scenario, seed=asked.seed, replicates=asked.replicates)
        games = exploit(dataset, scenario)
        found[name] = {
            phase.name: measures(phase.of(dataset), games.sel(phase=phase.name))
            for phase in phases(dataset)
        }
        del dataset
    for phase in found[BASE]:
        print(f"\n### {phase}\n")
        print("| measure | " + " | ".join(found) + " |")
        print("|---|" + "---:|" * len(found))
        for measure, base in found[BASE][phase].items():
            cells = [f"{base.mean():.4g}"]
            cells += [shown(found[name][phase][measure], base) for name in OTHERS]
            print(f"| {measure} | " + " | ".join(cells) + " |")


def measures(run: xr.Dataset, games: xr.Dataset) -> dict[str, Floats]:
    """What each arm is judged by, [replicate]; money in millions."""
    attempts = run["attempts"].sum("day")
    earned = games["realised"] * games["consignments"] / 1e6
    main = [str(name).endswith("-main") for name in run["route"].to_numpy()]
    result = {
        "traders earn, all (million CNY)": earned.sum("size"),
        "of which pedlars": earned.sel(size="pedlar"),
        "worth that crossed, pedlars": run["value_crossed"].sel(size="pedlar") / 1e6,
        "worth that crossed, all": run["value_crossed"] / 1e6,
        "searches": run["searches"],
        "met by patrols": run["intercepts"],
        "consignments seized": run["losses"],
        "arrests, Korean bank": run["arrests"].sel(agency="mss"),
        "arrests by patrols": run["arrests"].sel(agency="border_defence"),
        "pedlars' share on main routes": attempts.sel(size="pedlar", route=main).sum("route")
        / attempts.sel(size="pedlar").sum("route"),
        "pedlars could gain (CNY each)": games["gain"].sel(size="pedlar"),
        "security police could gain (%)": share(games, "mss"),
        "patrols could gain (%)": share(games, "border_defence"),
    }
    return {name: total(values) for name, values in result.items()}


def share(games: xr.Dataset, agency: str) -> xr.DataArray:
    """What an agency would stop more by a best response, in per cent."""
    one = games.sel(agency=agency)
    return 100.0 * one["stop_gain"] / one["stops"]


def total(values: xr.DataArray) -> Floats:
    """Sums over all but replicates, [replicate]."""
    over = [dim for dim in values.dims if dim != "replicate"]
    return values.sum(over).to_numpy().astype(np.float64)


def shown(values: Floats, base: Floats) -> str:
    """An arm's mean, and how far its difference reaches."""
    _, low, high = interval(values - base)
    return f"{values.mean():.4g} ({low:+.3g} to {high:+.3g})"


if __name__ == "__main__":
    main()
